//! Entries as a workbook in the form of the template, which comes in again by the profile `shuqiao-1` without loss.

use crate::{
    escape,
    fault::Fault,
    limits::EXPORT_ENTRIES_MAX,
    profile::{self, Column, ENTRY_COLUMNS, Field as F, HEAD_GROUPS, ITEM_COLUMNS, Items, OWN, Spelling},
    write::{self, Looks, put, put_as},
};
use rust_xlsxwriter::{Workbook, Worksheet};
use shuqiao_domain::catalogue::{EntryContent, Item};
use shuqiao_vocabulary::{Mask, SharingAttribute};

/// What stands on the first sheet: what this is, with what it was selected, when.
#[derive(Clone, Debug)]
pub struct Cover {
    /// The title.
    pub title: String,
    /// Lines of a name and a value.
    pub lines: Vec<(String, String)>,
}

/// An entry to be written.
#[derive(Clone, Debug)]
pub struct Exported {
    /// Our own id, which ties items to entries.
    pub key: String,
    /// Its number in the catalogue, once published.
    pub number: String,
    /// The provider's name.
    pub provider: String,
    /// What it says.
    pub content: EntryContent,
}

const INSTRUCTION: &str = "由目录系统导出，可修改后用“shuqiao-1”格式再次导入。*号代表必填；列名请勿修改；一格多值用“、”分隔，多条用途各占一行。";

/// The workbook.
///
/// # Errors
/// A [`Fault`] when there are more entries than one file may have, or the file cannot be written.
pub fn export(cover: &Cover, entries: &[Exported]) -> Result<Vec<u8>, Fault> {
    if entries.len() > EXPORT_ENTRIES_MAX {
        return Err(Fault::too_many("entries", EXPORT_ENTRIES_MAX));
    }
    let looks = Looks::new();
    let mut workbook = Workbook::new();
    let first = write::sheet(&mut workbook, "导出说明")?;
    put_as(first, 0, 0, &cover.title, &looks.head)?;
    for (row, (name, value)) in (2_u32..).zip(&cover.lines) {
        put(first, row, 0, name, &looks)?;
        put(first, row, 1, value, &looks)?;
    }
    let name = |names: &'static [&'static str]| names.first().copied().unwrap_or("1");
    let sheet = write::sheet(&mut workbook, name(OWN.entries.names))?;
    entries_sheet(sheet, entries, &looks)?;
    if let Items::Sheet(form) = &OWN.items {
        let sheet = write::sheet(&mut workbook, name(form.names))?;
        items_sheet(sheet, entries, &looks)?;
    }
    write::finished(workbook)
}

fn place(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn heads(sheet: &mut Worksheet, row: u32, columns: &[Column], looks: &Looks) -> Result<(), Fault> {
    for (at, column) in columns.iter().enumerate() {
        put_as(sheet, row, place(at), column.heads.first().copied().unwrap_or_default(), &looks.head)?;
    }
    Ok(())
}

fn entries_sheet(sheet: &mut Worksheet, entries: &[Exported], looks: &Looks) -> Result<(), Fault> {
    put_as(sheet, 0, 0, INSTRUCTION, &looks.instruction)?;
    for (title, first, last) in HEAD_GROUPS {
        let merged = sheet.merge_range(1, *first, 1, *last, title, &looks.head);
        merged.map_err(|error| write::fault(&error))?;
    }
    heads(sheet, 2, ENTRY_COLUMNS, looks)?;
    for (row, entry) in (3_u32..).zip(entries) {
        for (at, column) in ENTRY_COLUMNS.iter().enumerate() {
            put(sheet, row, place(at), &entry_cell(entry, column), looks)?;
        }
    }
    Ok(())
}

fn items_sheet(sheet: &mut Worksheet, entries: &[Exported], looks: &Looks) -> Result<(), Fault> {
    put_as(sheet, 0, 0, INSTRUCTION, &looks.instruction)?;
    heads(sheet, 1, ITEM_COLUMNS, looks)?;
    let items = entries.iter().flat_map(|entry| entry.content.items.iter().map(move |item| (entry, item)));
    for (row, (entry, item)) in (2_u32..).zip(items) {
        for (at, column) in ITEM_COLUMNS.iter().enumerate() {
            put(sheet, row, place(at), &item_cell(entry, item, column.field), looks)?;
        }
    }
    Ok(())
}

fn word<T: Copy + PartialEq>(list: Spelling<T>, value: Option<T>) -> String {
    value.map(|value| profile::spelling(list, value).to_owned()).unwrap_or_default()
}

fn words<T: Copy + PartialEq>(list: Spelling<T>, values: &[T]) -> String {
    values.iter().map(|value| profile::spelling(list, *value)).collect::<Vec<_>>().join("、")
}

fn yes_no(value: bool) -> String {
    word(profile::YES_NO, Some(value))
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// What the template's columns have, and what the columns beside them add.
fn entry_cell(entry: &Exported, column: &Column) -> String {
    let content = &entry.content;
    let values = OWN.values;
    match column.field {
        F::Key => entry.key.clone(),
        F::Name => content.name.clone(),
        F::Provider => entry.provider.clone(),
        F::Code => text(content.code.as_ref()),
        F::Summary => content.summary.clone(),
        F::UpdateFrequency => word(values.update_frequency, content.update_frequency),
        F::Grade => word(values.grade, content.grade),
        F::Category => content.category.clone(),
        F::SharingAttribute => word(values.sharing_attribute, content.sharing_attribute),
        F::Methods => words(values.methods, &content.methods),
        F::DataFormat => word(values.data_format, content.data_format),
        F::ResourceTable => text(content.resource.as_ref().map(|resource| &resource.table)),
        F::ResourceSource => text(content.resource.as_ref().map(|resource| resource.source)),
        F::CallsPerSecond => text(content.limits.map(|limits| limits.calls_per_second)),
        F::RowsPerCall => text(content.limits.map(|limits| limits.rows_per_call)),
        F::RowsPerDay => text(content.limits.map(|limits| limits.rows_per_day)),
        F::Unkept if column.heads.contains(&"目录编号") => entry.number.clone(),
        F::Unkept if column.heads.contains(&"共享条件/不予共享依据") => ground(content),
        field => rules_cell(content, field).or_else(|| review_cell(content, field)).unwrap_or_default(),
    }
}

/// Condition or basis in words, for people: what comes in again stands in columns of its own.
fn ground(content: &EntryContent) -> String {
    match (content.sharing_attribute, &content.not_shared_basis) {
        (Some(SharingAttribute::NotShared), Some(basis)) => format!("{} {}", basis.basis.title, basis.basis.article),
        _ => content.conditions.purposes.join("；"),
    }
}

/// Conditions and bases.
fn rules_cell(content: &EntryContent, field: F) -> Option<String> {
    let conditions = &content.conditions;
    let not_shared = content.not_shared_basis.as_ref();
    let collection = content.collection_basis.as_ref();
    Some(match field {
        F::ConditionKinds => words(profile::ORGANISATION_KINDS, &conditions.organisation_kinds),
        F::ConditionLevels => words(profile::LEVELS, &conditions.levels),
        F::Purposes => escape::joined(&conditions.purposes),
        F::SubjectConsent => yes_no(conditions.subject_consent_required),
        F::ConditionNote => conditions.note.clone(),
        F::NotSharedRank => word(profile::RANKS, not_shared.map(|basis| basis.basis.rank)),
        F::NotSharedTitle => text(not_shared.map(|basis| &basis.basis.title)),
        F::NotSharedArticle => text(not_shared.map(|basis| &basis.basis.article)),
        F::NotSharedReason => text(not_shared.map(|basis| &basis.reason)),
        F::CollectionRank => word(profile::RANKS, collection.map(|basis| basis.rank)),
        F::CollectionTitle => text(collection.map(|basis| &basis.title)),
        F::CollectionArticle => text(collection.map(|basis| &basis.article)),
        _ => return None,
    })
}

/// Reviews and assessments.
fn review_cell(content: &EntryContent, field: F) -> Option<String> {
    let secrecy = content.secrecy.as_ref();
    let assessment = content.impact_assessment.as_ref();
    Some(match field {
        F::StateSecret => secrecy.map(|review| yes_no(review.state_secret)).unwrap_or_default(),
        F::WorkSecret => secrecy.map(|review| yes_no(review.work_secret)).unwrap_or_default(),
        F::SecrecyReviewer => text(secrecy.map(|review| &review.reviewer)),
        F::SecrecyDate => text(secrecy.and_then(|review| review.date)),
        F::SecrecyConclusion => text(secrecy.map(|review| &review.conclusion)),
        F::Personal => yes_no(content.personal_information),
        F::Assessed => yes_no(assessment.is_some()),
        F::AssessedPurpose => text(assessment.map(|found| &found.lawful_purpose)),
        F::AssessedImpact => text(assessment.map(|found| &found.impact)),
        F::AssessedSafeguards => text(assessment.map(|found| &found.safeguards)),
        F::Assessor => text(assessment.map(|found| &found.assessor)),
        F::AssessedDate => text(assessment.and_then(|found| found.date)),
        _ => return None,
    })
}

fn item_cell(entry: &Exported, item: &Item, field: F) -> String {
    let values = OWN.values;
    match field {
        F::ItemKey => entry.key.clone(),
        F::ItemEntry => entry.content.name.clone(),
        F::ItemTitle => item.title.clone(),
        F::ItemName => item.name.to_string(),
        F::ItemColumn => item.column.clone(),
        F::ItemType => word(values.item_type, Some(item.item_type)),
        F::ItemSharing => word(values.sharing_attribute, item.sharing_attribute),
        F::ItemGrade => word(values.grade, item.grade),
        F::ItemPersonal => yes_no(item.personal),
        F::ItemSensitive => yes_no(item.sensitive),
        F::ItemMask => item.mask.as_ref().map(mask).unwrap_or_default(),
        F::ItemDescription => item.description.clone(),
        _ => String::new(),
    }
}

fn mask(mask: &Mask) -> String {
    let words = profile::MASKS;
    match mask {
        Mask::KeepEnds { head, tail } => format!("{}{head}+{tail}", words.keep_ends),
        Mask::KeyedHash => words.keyed_hash.to_owned(),
        Mask::YearOnly => words.year_only.to_owned(),
        Mask::RegionOnly { digits } => format!("{}{digits}", words.region_only),
        Mask::Redact => words.redact.to_owned(),
        Mask::Token => words.token.to_owned(),
        Mask::VerifyOnly => words.verify_only.to_owned(),
    }
}
