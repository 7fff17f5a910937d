//! What a request still lacks and where it asks for more than the entry offers: every field at once (Art. 20(2)).

use super::RequestContent;
use crate::{
    Problem, ProblemCode,
    catalogue::{Entry, Item},
    law,
    refusal::TEXT_MAX,
};
use shuqiao_vocabulary::{
    Article, Condition, Date, ItemType, Level, Literal, OrganisationKind, RowFilter, SharingAttribute, Test,
};
use std::{collections::BTreeSet, fmt::Display};

/// Most conditions of a row range.
const ROW_CONDITIONS_MAX: usize = 32;
/// Most values in one list of a condition.
const LIST_VALUES_MAX: usize = 1_000;
/// Longest period of use in one request, in days: a longer need is asked for again, and looked at again.
const PERIOD_DAYS_MAX: i32 = 3 * 366;
/// Most systems of one request.
const SYSTEMS_MAX: usize = 20;

/// Everything that is wrong with the request, on this day.
pub fn problems(content: &RequestContent, entry: &Entry, today: Date) -> Vec<Problem> {
    let mut found = Vec::new();
    statements(content, &mut found);
    asked_items(content, entry, &mut found);
    asked_rows(&content.rows, entry, &mut found);
    asked_service(content, entry, &mut found);
    period(content, today, &mut found);
    found
}

fn text(field: &str, value: &str, max: usize, article: Article, found: &mut Vec<Problem>) {
    let length = value.trim().chars().count();
    if length == 0 {
        found.push(Problem::new(field, ProblemCode::Required, Some(article)));
    } else if length > max {
        found.push(Problem::new(field, ProblemCode::TooLong, Some(article)).with("max", max));
    }
}

/// Basis, scenario, scope, purpose, safeguards, contact, attestation.
fn statements(content: &RequestContent, found: &mut Vec<Problem>) {
    let article = law::REQUEST_CONTENT;
    match &content.basis {
        None => found.push(Problem::new("basis", ProblemCode::Required, Some(article))),
        Some(basis) => {
            text("basis.title", &basis.title, 200, article, found);
            text("basis.article", &basis.article, 200, article, found);
        }
    }
    text("scenario", &content.scenario, TEXT_MAX, article, found);
    text("scope_of_use", &content.scope_of_use, TEXT_MAX, article, found);
    text("purpose", &content.purpose, TEXT_MAX, article, found);
    text("safeguards", &content.safeguards, TEXT_MAX, law::RESPONSIBLE_USE, found);
    text("contact.name", &content.contact_name, 120, article, found);
    text("contact.phone", &content.contact_phone, 40, article, found);
    if !content.attested {
        found.push(Problem::new("attestation", ProblemCode::Required, Some(article)));
    }
}

fn asked_items(content: &RequestContent, entry: &Entry, found: &mut Vec<Problem>) {
    if content.items.is_empty() {
        found.push(Problem::new("items", ProblemCode::Required, Some(law::REQUEST_CONTENT)));
    }
    let mut seen = BTreeSet::new();
    for (position, name) in content.items.iter().enumerate() {
        let field = format!("items[{position}]");
        if !seen.insert(name) {
            found.push(Problem::new(field, ProblemCode::Duplicate, None).with("name", name));
            continue;
        }
        match entry.content.item(name) {
            Some(item) if item.sharing_attribute != Some(SharingAttribute::NotShared) => {}
            Some(_) | None => {
                found.push(
                    Problem::new(field, ProblemCode::NotOffered, Some(law::SHARING_ATTRIBUTES)).with("name", name),
                );
            }
        }
    }
}

/// The rows asked for. To choose rows by a value gives that value away, so nobody asks by an item that is not shared;
/// the provider, when it narrows, may choose by it.
fn asked_rows(rows: &RowFilter, entry: &Entry, found: &mut Vec<Problem>) {
    row_conditions(rows, entry, found);
    for (position, condition) in rows.0.iter().enumerate().take(ROW_CONDITIONS_MAX) {
        let attribute = entry.content.item(&condition.item).and_then(|item| item.sharing_attribute);
        if attribute == Some(SharingAttribute::NotShared) {
            found.push(
                Problem::new(format!("rows[{position}]"), ProblemCode::NotOffered, Some(law::SHARING_ATTRIBUTES))
                    .with("name", &condition.item),
            );
        }
    }
}

/// Row conditions speak of the entry's items, with values of their type.
pub(crate) fn row_conditions(rows: &RowFilter, entry: &Entry, found: &mut Vec<Problem>) {
    if rows.0.len() > ROW_CONDITIONS_MAX {
        found.push(Problem::new("rows", ProblemCode::TooLong, None).with("max", ROW_CONDITIONS_MAX));
        return;
    }
    for (position, condition) in rows.0.iter().enumerate() {
        let field = format!("rows[{position}]");
        match entry.content.item(&condition.item) {
            None => found.push(Problem::new(field, ProblemCode::NotOffered, None).with("name", &condition.item)),
            Some(item) => test_fits(&field, condition, item, found),
        }
    }
}

fn test_fits(field: &str, condition: &Condition, item: &Item, found: &mut Vec<Problem>) {
    let mismatch = || Problem::new(field, ProblemCode::TypeMismatch, None).with("type", item.item_type);
    let fits = |literal: &Literal| {
        matches!(
            (literal, item.item_type),
            (Literal::Text(_), ItemType::Text)
                | (Literal::Integer(_), ItemType::Integer | ItemType::Decimal)
                | (Literal::Date(_), ItemType::Date)
                | (Literal::Boolean(_), ItemType::Boolean)
        ) || matches!((literal, item.item_type), (Literal::Text(text), ItemType::Decimal) if is_decimal(text))
    };
    // A condition left without its value would let no row through, which nobody asks for.
    if texts(&condition.test).any(|text| text.trim().is_empty()) {
        found.push(Problem::new(field, ProblemCode::Required, None));
        return;
    }
    if texts(&condition.test).any(|text| text.chars().count() > TEXT_MAX) {
        found.push(Problem::new(field, ProblemCode::TooLong, None).with("max", TEXT_MAX));
        return;
    }
    let fine = match &condition.test {
        Test::Equals(literal) => fits(literal),
        Test::OneOf(list) => !list.is_empty() && list.len() <= LIST_VALUES_MAX && list.iter().all(fits),
        Test::Between { from, to } => {
            let ends: Vec<&Literal> = [from, to].into_iter().flatten().collect();
            let ordered = match (from, to) {
                // The written forms of decimals do not sort as the numbers do; an empty range of them selects nothing.
                (Some(from), Some(to)) => item.item_type == ItemType::Decimal || from <= to,
                _ => true,
            };
            !ends.is_empty() && ordered && ends.into_iter().all(fits)
        }
        Test::StartsWith(prefix) => item.item_type == ItemType::Text && !prefix.is_empty(),
    };
    if !fine {
        found.push(mismatch());
    }
}

/// Every text that a test compares with.
fn texts(test: &Test) -> impl Iterator<Item = &str> {
    let (literals, prefix): (Vec<&Literal>, Option<&str>) = match test {
        Test::Equals(literal) => (vec![literal], None),
        Test::OneOf(list) => (list.iter().collect(), None),
        Test::Between { from, to } => ([from, to].into_iter().flatten().collect(), None),
        Test::StartsWith(prefix) => (Vec::new(), Some(prefix)),
    };
    let written = literals.into_iter().filter_map(|literal| match literal {
        Literal::Text(text) => Some(text.as_str()),
        Literal::Integer(_) | Literal::Date(_) | Literal::Boolean(_) => None,
    });
    written.chain(prefix)
}

/// A decimal in its written form: `-12.50`; no exponent, no thousands, digits on both sides of the point.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let number = text.strip_prefix('-').unwrap_or(text);
    number.split_once('.').map_or_else(|| digits(number), |(whole, fraction)| digits(whole) && digits(fraction))
}

fn asked_service(content: &RequestContent, entry: &Entry, found: &mut Vec<Problem>) {
    match content.method {
        None => found.push(Problem::new("method", ProblemCode::Required, Some(law::REQUEST_CONTENT))),
        Some(method) if !entry.content.methods.contains(&method) => {
            found.push(
                Problem::new("method", ProblemCode::NotOffered, Some(law::SHARING_METHODS)).with("method", method),
            );
        }
        Some(_) => {}
    }
    if content.systems.is_empty() {
        found.push(Problem::new("systems", ProblemCode::Required, Some(law::RESPONSIBLE_USE)));
    } else if content.systems.len() > SYSTEMS_MAX {
        found.push(Problem::new("systems", ProblemCode::TooLong, None).with("max", SYSTEMS_MAX));
    }
    for (position, system) in content.systems.iter().enumerate().take(SYSTEMS_MAX) {
        if content.systems[..position].contains(system) {
            found.push(Problem::new(format!("systems[{position}]"), ProblemCode::Duplicate, None));
        }
    }
    let Some(limits) = entry.content.limits else { return };
    let asked = [
        ("calls_per_second", u64::from(content.calls_per_second), u64::from(limits.calls_per_second)),
        ("rows_per_call", u64::from(content.rows_per_call), u64::from(limits.rows_per_call)),
        ("rows_per_day", content.rows_per_day, limits.rows_per_day),
    ];
    for (field, asked, offered) in asked {
        if asked == 0 {
            found.push(Problem::new(field, ProblemCode::Required, None));
        } else if asked > offered {
            found.push(Problem::new(field, ProblemCode::TooLarge, None).with("max", offered));
        }
    }
}

fn period(content: &RequestContent, today: Date, found: &mut Vec<Problem>) {
    let article = Some(law::REQUEST_CONTENT);
    let (Some(from), Some(until)) = (content.valid_from, content.valid_until) else {
        for (field, value) in [("valid_from", content.valid_from), ("valid_until", content.valid_until)] {
            if value.is_none() {
                found.push(Problem::new(field, ProblemCode::Required, article));
            }
        }
        return;
    };
    let days = from.until(until).map_or(i32::MAX, |span| span.get_days());
    if until < from || until < today || days > PERIOD_DAYS_MAX {
        found.push(Problem::new("valid_until", ProblemCode::PeriodWrong, article).with("max_days", PERIOD_DAYS_MAX));
    }
}

/// How much a finding of the precheck weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Good to know.
    Information,
    /// To be looked at before submitting.
    Warning,
    /// It will be refused.
    Obstacle,
}

/// One finding of the precheck (预检): told to the requester before, and to the reviewer after submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Spelling on the wire.
    pub code: &'static str,
    /// Its weight.
    pub severity: Severity,
    /// What the text needs, by name.
    pub params: Vec<(&'static str, String)>,
}

/// Who asks, and what the department already holds of this entry.
#[derive(Clone, Debug)]
pub struct RequesterFacts {
    /// Kind of the asking organisation.
    pub kind: OrganisationKind,
    /// Its level.
    pub level: Level,
    /// Number of a live grant on the same entry.
    pub live_grant: Option<String>,
    /// Number of another open request on the same entry.
    pub open_request: Option<String>,
}

/// What can be told before a human looks at it: conditions that can be checked, what is already granted or under way,
/// sensitive items asked for. It gives leads, never a verdict.
pub fn precheck(content: &RequestContent, entry: &Entry, facts: &RequesterFacts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |code, severity, params: Vec<(&'static str, &dyn Display)>| {
        let params = params.into_iter().map(|(name, value)| (name, value.to_string())).collect();
        findings.push(Finding { code, severity, params });
    };
    let conditions = &entry.content.conditions;
    if !conditions.organisation_kinds.is_empty() && !conditions.organisation_kinds.contains(&facts.kind) {
        add("organisation_kind_not_allowed", Severity::Obstacle, vec![("kind", &facts.kind)]);
    }
    if !conditions.levels.is_empty() && !conditions.levels.contains(&facts.level) {
        add("level_not_allowed", Severity::Obstacle, vec![("level", &facts.level)]);
    }
    if conditions.subject_consent_required {
        add("subject_consent_required", Severity::Warning, Vec::new());
    }
    if let Some(number) = &facts.live_grant {
        add("already_granted", Severity::Warning, vec![("number", number)]);
    }
    if let Some(number) = &facts.open_request {
        add("already_asked", Severity::Warning, vec![("number", number)]);
    }
    if entry.content.sharing_attribute == Some(SharingAttribute::Unconditional) {
        add("unconditional", Severity::Information, vec![("working_days", &law::REPLY_UNCONDITIONAL.days)]);
    }
    let sensitive = content.items.iter().filter_map(|name| entry.content.item(name)).filter(|item| item.sensitive);
    let sensitive = sensitive.map(|item| item.title.as_str()).collect::<Vec<_>>().join("、");
    if !sensitive.is_empty() {
        add("sensitive_items", Severity::Warning, vec![("items", &sensitive)]);
    }
    if content.rows.0.is_empty() {
        add("every_row", Severity::Information, Vec::new());
    }
    findings
}
