//! What two versions say differently, field by field.

use super::{Conditions, EntryContent, ImpactAssessment, Item, LegalBasis, NotSharedBasis, SecrecyReview};
use shuqiao_vocabulary::Mask;
use std::collections::BTreeMap;
use std::fmt::Display;

/// A field that says something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Path of the field as the wire names it; items by their names, `items[id_number].grade`.
    pub field: String,
    /// What it said; `None` when it was not there.
    pub before: Option<String>,
    /// What it says; `None` when it is no longer there.
    pub after: Option<String>,
}

type Fields = BTreeMap<String, String>;

/// Every field that says something else, in the order of their paths. An item that came or went is one difference.
pub fn differences(before: &EntryContent, after: &EntryContent) -> Vec<Difference> {
    let mut found = compared(&fields(before), &fields(after));
    for item in &before.items {
        match after.item(&item.name) {
            None => found.push(of_item(item, Some(item.title.clone()), None)),
            Some(now) => found.extend(compared(&item_fields(item), &item_fields(now))),
        }
    }
    for item in after.items.iter().filter(|item| before.item(&item.name).is_none()) {
        found.push(of_item(item, None, Some(item.title.clone())));
    }
    found
}

fn of_item(item: &Item, before: Option<String>, after: Option<String>) -> Difference {
    Difference { field: format!("items[{}]", item.name), before, after }
}

fn compared(before: &Fields, after: &Fields) -> Vec<Difference> {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let pairs = names.into_iter().map(|name| (name, before.get(name), after.get(name)));
    pairs
        .filter(|(_, before, after)| before != after)
        .map(|(name, before, after)| Difference { field: name.clone(), before: before.cloned(), after: after.cloned() })
        .collect()
}

/// Puts a field in; an empty one is as good as none.
fn put(fields: &mut Fields, name: &str, value: impl Display) {
    let value = value.to_string();
    if !value.is_empty() {
        fields.insert(name.to_owned(), value);
    }
}

fn put_if<T: Display>(fields: &mut Fields, name: &str, value: Option<T>) {
    if let Some(value) = value {
        put(fields, name, value);
    }
}

fn joined<T: Display>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Every field but the items. Taken apart by name, so that a new field cannot be forgotten here.
fn fields(content: &EntryContent) -> Fields {
    let EntryContent {
        name,
        code,
        summary,
        data_format,
        update_frequency,
        sharing_attribute,
        conditions: conditions_of_use,
        not_shared_basis,
        methods,
        category,
        grade,
        collection_basis,
        secrecy,
        personal_information,
        impact_assessment,
        resource,
        limits,
        items: _,
    } = content;
    let mut found = Fields::new();
    put(&mut found, "name", name);
    put_if(&mut found, "code", code.as_ref());
    put(&mut found, "summary", summary);
    put_if(&mut found, "data_format", data_format.as_ref());
    put_if(&mut found, "update_frequency", update_frequency.as_ref());
    put_if(&mut found, "sharing_attribute", sharing_attribute.as_ref());
    put(&mut found, "methods", joined(methods));
    put(&mut found, "classification.category", category);
    put_if(&mut found, "classification.grade", grade.as_ref());
    put(&mut found, "personal_information.contains", personal_information);
    conditions(conditions_of_use, &mut found);
    if let Some(NotSharedBasis { basis, reason, review_by }) = not_shared_basis {
        legal_basis("not_shared_basis", basis, &mut found);
        put(&mut found, "not_shared_basis.reason", reason);
        put_if(&mut found, "not_shared_basis.review_by", review_by.as_ref());
    }
    if let Some(basis) = collection_basis {
        legal_basis("collection_basis", basis, &mut found);
    }
    assessments(secrecy.as_ref(), impact_assessment.as_ref(), &mut found);
    if let Some(resource) = resource {
        put(&mut found, "resource.source", resource.source);
        put(&mut found, "resource.table", &resource.table);
    }
    if let Some(limits) = limits {
        put(&mut found, "limits.calls_per_second_max", limits.calls_per_second);
        put(&mut found, "limits.rows_per_call_max", limits.rows_per_call);
        put(&mut found, "limits.rows_per_day_max", limits.rows_per_day);
    }
    found
}

fn conditions(conditions: &Conditions, found: &mut Fields) {
    let Conditions { organisation_kinds, levels, purposes, subject_consent_required, note } = conditions;
    put(found, "conditions.allowed_organisation_kinds", joined(organisation_kinds));
    put(found, "conditions.allowed_levels", joined(levels));
    put(found, "conditions.purposes", purposes.join("\n"));
    put(found, "conditions.subject_consent_required", subject_consent_required);
    put(found, "conditions.note", note);
}

fn legal_basis(path: &str, basis: &LegalBasis, found: &mut Fields) {
    let LegalBasis { rank, title, article } = basis;
    put(found, &format!("{path}.rank"), rank);
    put(found, &format!("{path}.title"), title);
    put(found, &format!("{path}.article"), article);
}

fn assessments(secrecy: Option<&SecrecyReview>, impact: Option<&ImpactAssessment>, found: &mut Fields) {
    if let Some(SecrecyReview { state_secret, work_secret, reviewer, date, conclusion }) = secrecy {
        put(found, "secrecy.state_secret", state_secret);
        put(found, "secrecy.work_secret", work_secret);
        put(found, "secrecy.reviewer", reviewer);
        put_if(found, "secrecy.date", date.as_ref());
        put(found, "secrecy.conclusion", conclusion);
    }
    if let Some(ImpactAssessment { lawful_purpose, impact, safeguards, assessor, date }) = impact {
        put(found, "personal_information.assessment.lawful_purpose", lawful_purpose);
        put(found, "personal_information.assessment.impact", impact);
        put(found, "personal_information.assessment.safeguards", safeguards);
        put(found, "personal_information.assessment.assessor", assessor);
        put_if(found, "personal_information.assessment.date", date.as_ref());
    }
}

fn item_fields(item: &Item) -> Fields {
    let Item { name, title, column, item_type, grade, sharing_attribute, personal, sensitive, mask, description } =
        item;
    let field = |part: &str| format!("items[{name}].{part}");
    let mut found = Fields::new();
    put(&mut found, &field("title"), title);
    put(&mut found, &field("column"), column);
    put(&mut found, &field("item_type"), item_type);
    put_if(&mut found, &field("grade"), grade.as_ref());
    put_if(&mut found, &field("sharing_attribute"), sharing_attribute.as_ref());
    put(&mut found, &field("personal"), personal);
    put(&mut found, &field("sensitive"), sensitive);
    put_if(&mut found, &field("mask"), mask.as_ref().map(mask_text));
    put(&mut found, &field("description"), description);
    found
}

fn mask_text(mask: &Mask) -> String {
    match mask {
        Mask::KeepEnds { head, tail } => format!("keep_ends {head} {tail}"),
        Mask::KeyedHash => "keyed_hash".to_owned(),
        Mask::YearOnly => "year_only".to_owned(),
        Mask::RegionOnly { digits } => format!("region_only {digits}"),
        Mask::Redact => "redact".to_owned(),
        Mask::Token => "token".to_owned(),
        Mask::VerifyOnly => "verify_only".to_owned(),
    }
}
