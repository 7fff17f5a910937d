//! The terms of a grant: the request, cut down by the agreement, in the entry's own items. Never more than was asked.

use crate::{
    Problem, ProblemCode, Refusal, RefusalCode,
    catalogue::{Entry, Item, Resource, mask_fits},
    law,
    request::{Narrowing, RequestContent, row_conditions},
};
use shuqiao_vocabulary::{Date, Grade, ItemName, ItemType, Mask, RowFilter, SharingMethod, SystemId};

/// An item of a grant, with all that the plane needs to deliver it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsItem {
    /// Name in calls.
    pub name: ItemName,
    /// Title for people.
    pub title: String,
    /// Column in the resource.
    pub column: String,
    /// Type.
    pub item_type: ItemType,
    /// Grade.
    pub grade: Grade,
    /// The mask it is given under.
    pub mask: Option<Mask>,
}

/// What exactly may flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The purpose, in words.
    pub purpose: String,
    /// The table behind it.
    pub resource: Resource,
    /// The items.
    pub items: Vec<TermsItem>,
    /// Items that only the row range speaks of: they select rows and are never delivered.
    pub row_items: Vec<TermsItem>,
    /// The rows.
    pub rows: RowFilter,
    /// The way.
    pub method: SharingMethod,
    /// The systems that may call.
    pub systems: Vec<SystemId>,
    /// Calls per second.
    pub calls_per_second: u32,
    /// Rows in one answer.
    pub rows_per_call: u32,
    /// Rows in one day.
    pub rows_per_day: u64,
    /// First day.
    pub valid_from: Date,
    /// Last day.
    pub valid_until: Date,
}

/// The terms that agreeing with this narrowing gives. Refused when it would widen anything, or leave nothing.
pub fn terms(asked: &RequestContent, entry: &Entry, narrowing: &Narrowing) -> Result<Terms, Refusal> {
    let wider =
        |field: &'static str| Refusal::new(RefusalCode::NotNarrower, Some(law::REPLY_CONSENT)).with("field", field);
    let missing = |field: &'static str| {
        Refusal::new(RefusalCode::RequestIncomplete, Some(law::REQUEST_CONTENT)).with("field", field)
    };
    if narrowing.items.iter().flatten().any(|name| !asked.items.contains(name)) {
        return Err(wider("items"));
    }
    let mut items = Vec::<TermsItem>::new();
    for name in &asked.items {
        let kept = narrowing.items.as_ref().is_none_or(|kept| kept.contains(name));
        if kept && items.iter().all(|item| &item.name != name) {
            items.push(terms_item(entry, name, narrowing)?);
        }
    }
    let mut rows = asked.rows.clone();
    rows.0.extend(narrowing.rows.iter().flat_map(|more| more.0.iter().cloned()));
    let mut found = Vec::new();
    row_conditions(&rows, entry, &mut found);
    masks(asked, &rows, entry, narrowing, &mut found);
    Refusal::unless_fine(RefusalCode::RequestIncomplete, law::REQUEST_CONTENT, found)?;
    let row_items = row_only_items(entry, &rows, &items, narrowing)?;
    let valid_until = asked.valid_until.ok_or_else(|| missing("valid_until"))?;
    let terms = Terms {
        purpose: asked.purpose.trim().to_owned(),
        resource: entry.content.resource.clone().ok_or_else(|| missing("resource"))?,
        items,
        row_items,
        rows,
        method: asked.method.ok_or_else(|| missing("method"))?,
        systems: asked.systems.clone(),
        calls_per_second: at_most(asked.calls_per_second, narrowing.calls_per_second)
            .ok_or_else(|| wider("calls_per_second"))?,
        rows_per_call: at_most(asked.rows_per_call, narrowing.rows_per_call).ok_or_else(|| wider("rows_per_call"))?,
        rows_per_day: at_most(asked.rows_per_day, narrowing.rows_per_day).ok_or_else(|| wider("rows_per_day"))?,
        valid_from: asked.valid_from.ok_or_else(|| missing("valid_from"))?,
        valid_until: at_most(valid_until, narrowing.valid_until).ok_or_else(|| wider("valid_until"))?,
    };
    something_left(&terms)?;
    Ok(terms)
}

/// To agree to nothing would be to refuse without saying why (Art. 21(2)).
fn something_left(terms: &Terms) -> Result<(), Refusal> {
    let nothing = [
        ("items", terms.items.is_empty()),
        ("calls_per_second", terms.calls_per_second == 0),
        ("rows_per_call", terms.rows_per_call == 0),
        ("rows_per_day", terms.rows_per_day == 0),
        ("valid_until", terms.valid_until < terms.valid_from),
    ];
    match nothing.into_iter().find(|(_, nothing)| *nothing) {
        None => Ok(()),
        Some((field, _)) => {
            Err(Refusal::new(RefusalCode::NothingGranted, Some(law::REFUSAL_REASONS)).with("field", field))
        }
    }
}

/// Each mask is for an item that was asked for, or that chooses rows; it stands once, and it fits the item's type. A
/// mask that cannot be carried out would otherwise be found only when data is to flow.
fn masks(asked: &RequestContent, rows: &RowFilter, entry: &Entry, narrowing: &Narrowing, found: &mut Vec<Problem>) {
    for (position, (name, mask)) in narrowing.masks.iter().enumerate() {
        let spoken_of = asked.items.contains(name) || rows.0.iter().any(|condition| &condition.item == name);
        let code = match entry.content.item(name).filter(|_| spoken_of) {
            None => ProblemCode::NotOffered,
            Some(_) if narrowing.masks[..position].iter().any(|(before, _)| before == name) => ProblemCode::Duplicate,
            Some(item) if !mask_fits(mask, item.item_type) => {
                found.push(
                    Problem::new(format!("masks.{name}"), ProblemCode::TypeMismatch, None).with("type", item.item_type),
                );
                continue;
            }
            Some(_) => continue,
        };
        found.push(Problem::new(format!("masks.{name}"), code, None));
    }
}

/// The narrowed value; `None` when it is larger than what was asked.
fn at_most<T: Ord + Copy>(asked: T, narrowed: Option<T>) -> Option<T> {
    match narrowed {
        None => Some(asked),
        Some(less) if less <= asked => Some(less),
        Some(_) => None,
    }
}

fn terms_item(entry: &Entry, name: &ItemName, narrowing: &Narrowing) -> Result<TermsItem, Refusal> {
    let item = entry.content.item(name).ok_or_else(|| {
        Refusal::new(RefusalCode::NotNarrower, Some(law::REPLY_CONSENT)).with("field", "items").with("name", name)
    })?;
    let asked_mask = narrowing.masks.iter().find(|(of, _)| of == name).map(|(_, mask)| mask.clone());
    let mask = match (item.mask.clone(), asked_mask) {
        (own, None) => own,
        (None, Some(added)) => Some(added),
        // Between two partial masks no order is plain to see, so only hiding the value whole counts as narrower.
        (Some(own), Some(added)) if own == added || added == Mask::Redact => Some(added),
        (Some(_), Some(_)) => {
            return Err(Refusal::new(RefusalCode::NotNarrower, Some(law::REPLY_CONSENT))
                .with("field", "masks")
                .with("name", name));
        }
    };
    Ok(as_terms_item(item, mask))
}

fn as_terms_item(item: &Item, mask: Option<Mask>) -> TermsItem {
    TermsItem {
        name: item.name.clone(),
        title: item.title.clone(),
        column: item.column.clone(),
        item_type: item.item_type,
        // Published entries have every grade; were one missing, the strictest is assumed.
        grade: item.grade.unwrap_or(Grade::Core),
        mask,
    }
}

fn row_only_items(
    entry: &Entry,
    rows: &RowFilter,
    items: &[TermsItem],
    narrowing: &Narrowing,
) -> Result<Vec<TermsItem>, Refusal> {
    let mut only = Vec::<TermsItem>::new();
    for condition in &rows.0 {
        let known = items.iter().chain(&only).any(|item| item.name == condition.item);
        if !known {
            only.push(terms_item(entry, &condition.item, narrowing)?);
        }
    }
    Ok(only)
}
