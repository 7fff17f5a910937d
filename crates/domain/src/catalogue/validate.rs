//! What an entry still lacks, and what contradicts itself: every field at once, each with its article.

use super::{Entry, EntryContent, Item, LIMITS_MAX};
use crate::{Problem, ProblemCode, law, refusal::TEXT_MAX, source::Structure};
use shuqiao_vocabulary::{Article, Date, Grade, ItemType, Mask, SharingAttribute};
use std::collections::BTreeSet;

/// Most items of one entry.
const ITEMS_MAX: usize = 1_000;
/// Words that fill a field and say nothing.
const PLACEHOLDERS: &[&str] = &["无", "其他", "暂无", "待定", "none", "n/a", "test", "tbd", "-", "/"];

/// Everything that is wrong with the entry, as far as it can be seen; `structure` is that of its source, when connected.
pub fn problems(entry: &Entry, structure: Option<&Structure>) -> Vec<Problem> {
    let content = entry.content_in_work();
    let mut found = Vec::new();
    nine_fields(content, &mut found);
    attribute(content, &mut found);
    assessments(content, &mut found);
    limits(content, &mut found);
    items(content, structure, &mut found);
    found
}

/// Data that is not shared is looked at again within a year of being filed: the law that forbids it may have changed. Asked
/// at the filing only, so that a published version does not become wrong by waiting.
pub(super) fn review_date(content: &EntryContent, today: Date, found: &mut Vec<Problem>) {
    if content.sharing_attribute != Some(SharingAttribute::NotShared) {
        return;
    }
    let Some(review_by) = content.not_shared_basis.as_ref().and_then(|basis| basis.review_by) else { return };
    let parts = |date: Date, years: i16| (date.year().saturating_add(years), date.month(), date.day());
    if review_by <= today || parts(review_by, 0) > parts(today, 1) {
        found.push(Problem::new("not_shared_basis.review_by", ProblemCode::PeriodWrong, Some(law::CONDITIONS_LISTED)));
    }
}

/// Whether a text is there; and says more than a placeholder.
fn text(field: &str, value: &str, max: usize, article: Article, found: &mut Vec<Problem>) {
    let trimmed = value.trim();
    if trimmed.is_empty() {
        found.push(Problem::new(field, ProblemCode::Required, Some(article)));
    } else if trimmed.chars().count() > max {
        found.push(Problem::new(field, ProblemCode::TooLong, Some(article)).with("max", max));
    } else if PLACEHOLDERS.contains(&trimmed.to_lowercase().as_str()) {
        found.push(Problem::new(field, ProblemCode::Placeholder, Some(article)).with("found", trimmed));
    }
}

/// Whether a text that may be left out stays within its limit.
fn short(field: &str, value: &str, max: usize, article: Article, found: &mut Vec<Problem>) {
    if value.trim().chars().count() > max {
        found.push(Problem::new(field, ProblemCode::TooLong, Some(article)).with("max", max));
    }
}

fn present<T>(field: &str, value: Option<&T>, article: Article, found: &mut Vec<Problem>) {
    if value.is_none() {
        found.push(Problem::new(field, ProblemCode::Required, Some(article)));
    }
}

/// The nine fields of Art. 13: name, items, provider (given by the entry itself), format, update frequency, sharing
/// attribute, sharing method, conditions of use, class and grade.
fn nine_fields(content: &EntryContent, found: &mut Vec<Problem>) {
    text("name", &content.name, 120, law::CATALOGUE_CONTENT, found);
    text("summary", &content.summary, TEXT_MAX, law::CATALOGUE_CONTENT, found);
    if !content.summary.trim().is_empty() && content.summary.trim() == content.name.trim() {
        found.push(
            Problem::new("summary", ProblemCode::Placeholder, Some(law::CATALOGUE_CONTENT)).with("found", "name"),
        );
    }
    if content.items.is_empty() {
        found.push(Problem::new("items", ProblemCode::Required, Some(law::CATALOGUE_CONTENT)));
    } else if content.items.len() > ITEMS_MAX {
        found.push(Problem::new("items", ProblemCode::TooLong, None).with("max", ITEMS_MAX));
    }
    present("data_format", content.data_format.as_ref(), law::CATALOGUE_CONTENT, found);
    present("update_frequency", content.update_frequency.as_ref(), law::CATALOGUE_CONTENT, found);
    present("sharing_attribute", content.sharing_attribute.as_ref(), law::SHARING_ATTRIBUTES, found);
    text("classification.category", &content.category, 120, law::CATALOGUE_CONTENT, found);
    present("classification.grade", content.grade.as_ref(), law::CATALOGUE_CONTENT, found);
    let shared = content.sharing_attribute != Some(SharingAttribute::NotShared);
    if shared && content.methods.is_empty() {
        found.push(Problem::new("methods", ProblemCode::Required, Some(law::SHARING_METHODS)));
    }
    if shared && content.resource.is_none() {
        found.push(Problem::new("resource", ProblemCode::Required, Some(law::PUBLICATION)));
    }
    match &content.collection_basis {
        None => found.push(Problem::new("collection_basis", ProblemCode::Required, Some(law::COLLECTION_BASIS))),
        Some(basis) => {
            text("collection_basis.title", &basis.title, 200, law::COLLECTION_BASIS, found);
            text("collection_basis.article", &basis.article, 200, law::COLLECTION_BASIS, found);
        }
    }
}

/// Attribute, conditions and basis agree with each other (Art. 14, 15).
fn attribute(content: &EntryContent, found: &mut Vec<Problem>) {
    let conditions = &content.conditions;
    let any_condition = !conditions.organisation_kinds.is_empty()
        || !conditions.levels.is_empty()
        || !conditions.purposes.is_empty()
        || conditions.subject_consent_required;
    for (position, purpose) in conditions.purposes.iter().enumerate() {
        text(&format!("conditions.purposes[{position}]"), purpose, TEXT_MAX, law::CONDITIONS_LISTED, found);
    }
    short("conditions.note", &conditions.note, TEXT_MAX, law::CONDITIONS_LISTED, found);
    let contradiction = |field: &str| Problem::new(field, ProblemCode::Contradiction, Some(law::CONDITIONS_LISTED));
    match content.sharing_attribute {
        Some(SharingAttribute::Conditional) if !any_condition => {
            found.push(Problem::new("conditions", ProblemCode::Required, Some(law::CONDITIONS_LISTED)));
        }
        Some(SharingAttribute::Unconditional) if any_condition => found.push(contradiction("conditions")),
        _ => {}
    }
    match (content.sharing_attribute, &content.not_shared_basis) {
        (Some(SharingAttribute::NotShared), None) => {
            found.push(Problem::new("not_shared_basis", ProblemCode::Required, Some(law::CONDITIONS_LISTED)));
        }
        (Some(SharingAttribute::NotShared), Some(basis)) => {
            text("not_shared_basis.reason", &basis.reason, TEXT_MAX, law::CONDITIONS_LISTED, found);
            text("not_shared_basis.title", &basis.basis.title, 200, law::CONDITIONS_LISTED, found);
            text("not_shared_basis.article", &basis.basis.article, 200, law::CONDITIONS_LISTED, found);
            present("not_shared_basis.review_by", basis.review_by.as_ref(), law::CONDITIONS_LISTED, found);
            if !law::RANKS_THAT_FORBID_SHARING.contains(&basis.basis.rank) {
                found.push(
                    Problem::new("not_shared_basis.rank", ProblemCode::RankTooLow, Some(law::SHARING_ATTRIBUTES))
                        .with("rank", basis.basis.rank),
                );
            }
        }
        (Some(_), Some(_)) => found.push(contradiction("not_shared_basis")),
        (_, None) | (None, _) => {}
    }
    if content.grade == Some(Grade::Core) && content.sharing_attribute != Some(SharingAttribute::NotShared) {
        found.push(
            Problem::new("classification.grade", ProblemCode::Contradiction, Some(law::GRADED_MANAGEMENT))
                .with("grade", Grade::Core),
        );
    }
}

/// Secrecy review and personal information assessment (Art. 3, 13; PIPL 56).
fn assessments(content: &EntryContent, found: &mut Vec<Problem>) {
    match &content.secrecy {
        None => found.push(Problem::new("secrecy", ProblemCode::Required, Some(law::CATALOGUE_CONTENT))),
        Some(review) => {
            for (field, secret) in
                [("secrecy.state_secret", review.state_secret), ("secrecy.work_secret", review.work_secret)]
            {
                if secret {
                    found.push(Problem::new(field, ProblemCode::SecretRefused, Some(law::NO_SECRETS)));
                }
            }
            text("secrecy.reviewer", &review.reviewer, 120, law::CATALOGUE_CONTENT, found);
            text("secrecy.conclusion", &review.conclusion, TEXT_MAX, law::CATALOGUE_CONTENT, found);
            present("secrecy.date", review.date.as_ref(), law::CATALOGUE_CONTENT, found);
        }
    }
    if !content.personal_information {
        if content.items.iter().any(|item| item.personal || item.sensitive) {
            found.push(Problem::new(
                "personal_information.contains",
                ProblemCode::Contradiction,
                Some(law::PERSONAL_INFORMATION),
            ));
        }
        return;
    }
    let Some(assessment) = &content.impact_assessment else {
        found.push(Problem::new(
            "personal_information.assessment",
            ProblemCode::Required,
            Some(law::CATALOGUE_CONTENT),
        ));
        return;
    };
    let field = |name: &str| format!("personal_information.assessment.{name}");
    text(&field("lawful_purpose"), &assessment.lawful_purpose, TEXT_MAX, law::CATALOGUE_CONTENT, found);
    text(&field("impact"), &assessment.impact, TEXT_MAX, law::CATALOGUE_CONTENT, found);
    text(&field("safeguards"), &assessment.safeguards, TEXT_MAX, law::CATALOGUE_CONTENT, found);
    text(&field("assessor"), &assessment.assessor, 120, law::CATALOGUE_CONTENT, found);
    present(&field("date"), assessment.date.as_ref(), law::CATALOGUE_CONTENT, found);
}

fn limits(content: &EntryContent, found: &mut Vec<Problem>) {
    if content.sharing_attribute == Some(SharingAttribute::NotShared) {
        return;
    }
    let Some(limits) = content.limits else {
        found.push(Problem::new("limits", ProblemCode::Required, None));
        return;
    };
    let bounds = [
        ("limits.calls_per_second_max", u64::from(limits.calls_per_second), u64::from(LIMITS_MAX.calls_per_second)),
        ("limits.rows_per_call_max", u64::from(limits.rows_per_call), u64::from(LIMITS_MAX.rows_per_call)),
        ("limits.rows_per_day_max", limits.rows_per_day, LIMITS_MAX.rows_per_day),
    ];
    for (field, value, max) in bounds {
        if value == 0 {
            found.push(Problem::new(field, ProblemCode::Required, None));
        } else if value > max {
            found.push(Problem::new(field, ProblemCode::TooLarge, None).with("max", max));
        }
    }
}

fn items(content: &EntryContent, structure: Option<&Structure>, found: &mut Vec<Problem>) {
    let table = content.resource.as_ref().and_then(|r| structure.and_then(|s| s.table(&r.table)));
    if let (Some(resource), Some(_), None) = (&content.resource, structure, table) {
        found.push(Problem::new("resource.table", ProblemCode::NotInSource, None).with("table", &resource.table));
    }
    let mut names = BTreeSet::new();
    for (position, item) in content.items.iter().enumerate().take(ITEMS_MAX) {
        let field = |name: &str| format!("items[{position}].{name}");
        if !names.insert(&item.name) {
            found.push(Problem::new(field("name"), ProblemCode::Duplicate, None).with("name", &item.name));
        }
        text(&field("title"), &item.title, 120, law::CATALOGUE_CONTENT, found);
        short(&field("description"), &item.description, TEXT_MAX, law::CATALOGUE_CONTENT, found);
        present(&field("grade"), item.grade.as_ref(), law::CATALOGUE_CONTENT, found);
        item_fits_entry(content, item, &field, found);
        match table.map(|t| t.columns.iter().find(|c| c.name == item.column)) {
            Some(None) => {
                found.push(Problem::new(field("column"), ProblemCode::NotInSource, None).with("column", &item.column));
            }
            Some(Some(column)) if column.item_type != item.item_type && item.item_type != ItemType::Text => {
                found.push(
                    Problem::new(field("item_type"), ProblemCode::TypeMismatch, None).with("column", column.item_type),
                );
            }
            _ => {}
        }
    }
}

/// An item is never more open than its entry, and the entry's grade is the highest of its items (就高从严).
fn item_fits_entry(content: &EntryContent, item: &Item, field: &dyn Fn(&str) -> String, found: &mut Vec<Problem>) {
    if let (Some(own), Some(entry)) = (item.sharing_attribute, content.sharing_attribute)
        && own < entry
    {
        found.push(
            Problem::new(field("sharing_attribute"), ProblemCode::Contradiction, Some(law::SHARING_ATTRIBUTES))
                .with("entry", entry),
        );
    }
    if let (Some(own), Some(entry)) = (item.grade, content.grade)
        && own > entry
    {
        found.push(
            Problem::new(field("grade"), ProblemCode::Contradiction, Some(law::CATALOGUE_CONTENT)).with("entry", entry),
        );
    }
    // Sensitive personal information is personal information first (PIPL Art. 28).
    if item.sensitive && !item.personal {
        found.push(Problem::new(field("sensitive"), ProblemCode::Contradiction, Some(law::PERSONAL_INFORMATION)));
    }
    if !item.mask.as_ref().is_none_or(|mask| mask_fits(mask, item.item_type)) {
        found.push(Problem::new(field("mask"), ProblemCode::TypeMismatch, None).with("type", item.item_type));
    }
}

/// Whether values of this type can be given under this mask.
pub(crate) fn mask_fits(mask: &Mask, item_type: ItemType) -> bool {
    match mask {
        Mask::YearOnly => matches!(item_type, ItemType::Date | ItemType::DateTime | ItemType::Text),
        Mask::KeepEnds { .. } | Mask::Token => item_type == ItemType::Text,
        Mask::RegionOnly { digits } => item_type == ItemType::Text && matches!(digits, 2 | 4 | 6),
        Mask::KeyedHash | Mask::Redact | Mask::VerifyOnly => true,
    }
}
