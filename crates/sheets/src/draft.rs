//! The row of an entry, as the content of a draft. A draft may lack anything; what the file says and we cannot place is
//! named and never guessed.

use crate::{
    cell::date_of,
    escape, heuristics,
    items::ItemRow,
    name::normalised,
    profile::{self, Field as F, Openness},
    row::{RowReader, clipped},
};
use shuqiao_domain::{
    ProblemCode,
    catalogue::{
        Conditions, EntryContent, ImpactAssessment, LegalBasis, Limits, NotSharedBasis, Resource, SecrecyReview,
    },
};
use shuqiao_vocabulary::{DataFormat, SharingAttribute};

/// An entry as far as it was read.
pub(crate) struct EntryRow {
    /// Its row.
    pub(crate) row: u32,
    /// Its name, as the items name it.
    pub(crate) name: String,
    /// Ties items to it, when the file has keys.
    pub(crate) key: String,
    /// Tells apart entries that may have the same name.
    pub(crate) scope: String,
    /// Who provides it, says the file.
    pub(crate) provider: String,
    /// Whether it is open to the public.
    pub(crate) open: Option<Openness>,
    /// Fields about which something is already wrong: what follows from that is not told again.
    pub(crate) wrong: Vec<String>,
    /// Its items.
    pub(crate) items: Vec<ItemRow>,
    content: EntryContent,
}

impl EntryRow {
    /// Takes an item in, unless it has one of the same name.
    pub(crate) fn take(&mut self, reader: &mut RowReader<'_>, item: ItemRow) {
        let name = item.item.as_ref().map(|item| item.name.clone());
        let twice = name.as_ref().is_some_and(|name| self.items.iter().any(|other| other.is_named(name)));
        if let Some(name) = name.filter(|_| twice) {
            reader.wrong(F::ItemName, ProblemCode::Duplicate, &[("name", &name)]);
        }
        if item.stamp && self.items.iter().any(|other| other.stamp) {
            reader.wrong(F::ItemStamp, ProblemCode::Contradiction, &[]);
        }
        self.items.push(item);
    }

    /// What it says.
    pub(crate) fn attribute(&self) -> Option<SharingAttribute> {
        self.content.sharing_attribute
    }

    /// What it says, with its items. Where the form lets an item be more open than its entry (`narrowed`), the item
    /// follows the entry: that opens nothing, and an item of ours is never more open than its entry.
    pub(crate) fn into_content(mut self, narrowed: bool) -> EntryContent {
        let own = self.content.sharing_attribute;
        self.content.items = self.items.into_iter().filter_map(|item| item.item).collect();
        for item in self.content.items.iter_mut().filter(|item| narrowed && item.sharing_attribute < own) {
            item.sharing_attribute = None;
        }
        self.content
    }
}

/// The entry of a row.
pub(crate) fn entry(reader: &mut RowReader<'_>) -> EntryRow {
    let name = reader.text(F::Name);
    let provider = reader.text(F::Provider);
    name_and_provider(reader, &name, &provider);
    let open = reader.listed(F::OpenAttribute, reader.profile.values.openness);
    let content = content(reader, &name);
    attributes_agree(reader, &content, open);
    time_span(reader);
    business_objects(reader);
    let scope = [F::Region, F::ForeignDepartment].map(|field| reader.text(field)).join("|");
    let key = reader.text(F::Key);
    let wrong = reader.problems.iter().filter(|p| p.fatal).map(|p| p.problem.field.clone()).collect();
    EntryRow { row: reader.row, name, key, scope, provider, open, wrong, items: Vec::new(), content }
}

fn name_and_provider(reader: &mut RowReader<'_>, name: &str, provider: &str) {
    if heuristics::names_a_system(name, &reader.text(F::System)) {
        reader.odd(F::Name, ProblemCode::SystemName, &[("found", &clipped(name))]);
    }
    if heuristics::is_withdrawn(name) {
        reader.odd(F::Name, ProblemCode::Withdrawn, &[("found", &clipped(name))]);
    }
    if heuristics::is_trial(name) {
        reader.odd(F::Name, ProblemCode::Placeholder, &[("found", &clipped(name))]);
    }
    if reader.profile.rules.provider_named && provider.is_empty() && !reader.is_wrong(F::Provider) {
        reader.odd(F::Provider, ProblemCode::Required, &[]);
    }
    if reader.profile.rules.credit_marks {
        let code = reader.text(F::ForeignCode);
        let fits = code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if !fits {
            reader.odd(F::ForeignCode, ProblemCode::Malformed, &[("found", &clipped(&code))]);
        }
    }
}

fn content(reader: &mut RowReader<'_>, name: &str) -> EntryContent {
    let values = reader.profile.values;
    let sharing_attribute = reader.listed(F::SharingAttribute, values.sharing_attribute);
    let data_format = data_format(reader);
    let methods = reader.several(F::Methods, values.methods);
    if let Some(format) = data_format
        && let Some(method) = methods.iter().find(|method| !heuristics::carries(format, **method))
    {
        let (format, method): (&dyn std::fmt::Display, &dyn std::fmt::Display) = (&format, method);
        reader.odd(F::Methods, ProblemCode::Contradiction, &[("format", format), ("method", method)]);
    }
    let not_shared_basis = not_shared_basis(reader);
    let conditions = conditions(reader, sharing_attribute);
    EntryContent {
        name: name.to_owned(),
        code: reader.parsed(F::Code),
        summary: reader.text(F::Summary),
        data_format,
        update_frequency: reader.listed(F::UpdateFrequency, values.update_frequency),
        sharing_attribute,
        conditions,
        not_shared_basis,
        methods,
        category: reader.texts(F::Category).join("/"),
        grade: reader.listed(F::Grade, values.grade),
        collection_basis: basis(reader, F::CollectionRank, F::CollectionTitle, F::CollectionArticle),
        secrecy: secrecy(reader),
        personal_information: yes(reader, F::Personal),
        impact_assessment: assessment(reader),
        resource: resource(reader),
        limits: limits(reader),
        items: Vec::new(),
    }
}

/// The class and the format in it, when a form has both in one cell (`电子表格/xlsx`) or in two, must agree.
fn data_format(reader: &mut RowReader<'_>) -> Option<DataFormat> {
    let mut found = reader.profile.rules.data_format;
    for cell in reader.texts(F::DataFormat) {
        for part in cell.split(['/', '、', '，', ',', '：', ':']).map(str::trim).filter(|part| !part.is_empty()) {
            match (profile::spelled(reader.profile.values.data_format, part), found) {
                (Some(Some(format)), Some(before)) if format != before => {
                    reader.wrong(F::DataFormat, ProblemCode::Contradiction, &[("found", &clipped(&cell))]);
                }
                (Some(format), _) => found = format.or(found),
                (None, _) => reader.wrong(F::DataFormat, ProblemCode::NotOffered, &[("found", &clipped(part))]),
            }
        }
    }
    found.filter(|_| !reader.is_wrong(F::DataFormat))
}

/// Conditions by their own columns, or the words of the template's one column: a condition in words is a purpose that a
/// reviewer may rely on. A basis in words is kept as a note, since its rank is not told and decides whether it holds
/// (Art. 14).
fn conditions(reader: &mut RowReader<'_>, attribute: Option<SharingAttribute>) -> Conditions {
    let words = reader.text(F::ConditionText);
    let mut conditions = Conditions {
        organisation_kinds: reader.several(F::ConditionKinds, profile::ORGANISATION_KINDS),
        levels: reader.several(F::ConditionLevels, profile::LEVELS),
        purposes: escape::split(&reader.text(F::Purposes)),
        subject_consent_required: yes(reader, F::SubjectConsent),
        note: reader.text(F::ConditionNote),
    };
    if !words.is_empty() {
        if attribute == Some(SharingAttribute::Conditional) {
            conditions.purposes.push(words);
        } else {
            conditions.note = words;
        }
    }
    conditions
}

fn yes(reader: &mut RowReader<'_>, field: F) -> bool {
    reader.listed(field, profile::YES_NO).unwrap_or(false)
}

fn basis(reader: &mut RowReader<'_>, rank: F, title: F, article: F) -> Option<LegalBasis> {
    let (title, article) = (reader.text(title), reader.text(article));
    match reader.listed(rank, profile::RANKS) {
        Some(rank) => Some(LegalBasis { rank, title, article }),
        None => {
            if !title.is_empty() && !reader.is_wrong(rank) {
                reader.wrong(rank, ProblemCode::Required, &[]);
            }
            None
        }
    }
}

fn not_shared_basis(reader: &mut RowReader<'_>) -> Option<NotSharedBasis> {
    let basis = basis(reader, F::NotSharedRank, F::NotSharedTitle, F::NotSharedArticle)?;
    // No form has a day of review; the officer adds it before filing.
    Some(NotSharedBasis { basis, reason: reader.text(F::NotSharedReason), review_by: None })
}

/// The review, when any of its columns says something.
fn secrecy(reader: &mut RowReader<'_>) -> Option<SecrecyReview> {
    let fields = [F::StateSecret, F::WorkSecret, F::SecrecyReviewer, F::SecrecyDate, F::SecrecyConclusion];
    if fields.iter().all(|field| reader.text(*field).is_empty()) {
        return None;
    }
    Some(SecrecyReview {
        state_secret: yes(reader, F::StateSecret),
        work_secret: yes(reader, F::WorkSecret),
        reviewer: reader.text(F::SecrecyReviewer),
        date: reader.date(F::SecrecyDate),
        conclusion: reader.text(F::SecrecyConclusion),
    })
}

fn assessment(reader: &mut RowReader<'_>) -> Option<ImpactAssessment> {
    yes(reader, F::Assessed).then(|| ImpactAssessment {
        lawful_purpose: reader.text(F::AssessedPurpose),
        impact: reader.text(F::AssessedImpact),
        safeguards: reader.text(F::AssessedSafeguards),
        assessor: reader.text(F::Assessor),
        date: reader.date(F::AssessedDate),
    })
}

/// The table behind it, when the file names the source by its id: a table's name alone does not say where it is.
fn resource(reader: &mut RowReader<'_>) -> Option<Resource> {
    let table = reader.text(F::ResourceTable);
    Some(Resource { source: reader.parsed(F::ResourceSource)?, table })
}

fn limits(reader: &mut RowReader<'_>) -> Option<Limits> {
    let (calls, rows, day) =
        (reader.whole(F::CallsPerSecond), reader.whole(F::RowsPerCall), reader.whole(F::RowsPerDay));
    let (calls, rows, rows_per_day) = (calls?, rows?, day?);
    let mut small = |field: F, number: u64| {
        let found = u32::try_from(number).ok();
        if found.is_none() {
            reader.wrong(field, ProblemCode::TooLarge, &[("max", &u32::MAX)]);
        }
        found
    };
    let (calls, rows) = (small(F::CallsPerSecond, calls), small(F::RowsPerCall, rows));
    Some(Limits { calls_per_second: calls?, rows_per_call: rows?, rows_per_day })
}

/// What the template's instruction says of one row: what is conditional names its condition, what is not shared its
/// basis, and it is not open either (instructions 16 and 19; Art. 15).
fn attributes_agree(reader: &mut RowReader<'_>, content: &EntryContent, open: Option<Openness>) {
    if !reader.profile.rules.attributes_agree {
        return;
    }
    let words = reader.text(F::ConditionText).is_empty();
    match content.sharing_attribute {
        Some(SharingAttribute::Conditional) if words => reader.wrong(F::ConditionText, ProblemCode::Required, &[]),
        Some(SharingAttribute::NotShared) => {
            if words {
                reader.wrong(F::ConditionText, ProblemCode::Required, &[]);
            }
            if open.is_some_and(|open| open != Openness::Closed) {
                let found = reader.text(F::OpenAttribute);
                reader.wrong(F::OpenAttribute, ProblemCode::Contradiction, &[("found", &clipped(&found))]);
            }
        }
        _ => {}
    }
    if open == Some(Openness::Conditional)
        && reader.head.has(F::OpenCondition)
        && reader.text(F::OpenCondition).is_empty()
    {
        reader.wrong(F::OpenCondition, ProblemCode::Required, &[]);
    }
}

/// `2025/04/27-2026/01/01`, or without an end (instruction 10).
fn time_span(reader: &mut RowReader<'_>) {
    let text = reader.text(F::TimeSpan);
    if text.is_empty() {
        return;
    }
    let mark = if text.contains(['/', '.', '年']) { '-' } else { '至' };
    let (start, end) = text.split_once(mark).unwrap_or((&text, ""));
    let end = end.trim();
    let fits = match (date_of(start), date_of(end)) {
        (Some(start), Some(end)) => start <= end,
        (Some(_), None) => end.is_empty() || end == "至今" || end == "今",
        (None, _) => false,
    };
    if !fits {
        reader.wrong(F::TimeSpan, ProblemCode::Malformed, &[("found", &clipped(&text))]);
    }
}

/// Whoever says 其他 (other) says nothing beside it (instruction 6).
fn business_objects(reader: &mut RowReader<'_>) {
    let text = reader.text(F::BusinessObject);
    let objects: Vec<String> = text.split(['；', ';']).map(normalised).filter(|part| !part.is_empty()).collect();
    if objects.len() > 1 && objects.iter().any(|object| object == "其他") {
        reader.wrong(F::BusinessObject, ProblemCode::Contradiction, &[("found", &clipped(&text))]);
    }
}
