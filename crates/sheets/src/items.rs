//! The row of a data item.

use crate::{
    draft::EntryRow,
    grid::Grid,
    head::Head,
    import::RowProblem,
    profile::{self, Field as F, Openness, Profile},
    row::{RowReader, clipped},
};
use shuqiao_domain::{ProblemCode, catalogue::Item};
use shuqiao_vocabulary::{ItemName, Mask, SharingAttribute};

/// Longest number and longest text that the template admits.
const DIGITS_MAX: u64 = 38;
const CHARACTERS_MAX: u64 = 65_535;

/// An item as far as it was read.
pub(crate) struct ItemRow {
    /// Its sheet.
    pub(crate) sheet: String,
    /// Its row.
    pub(crate) row: u32,
    /// The item, when its name and type could be read.
    pub(crate) item: Option<Item>,
    /// Its own attribute.
    pub(crate) sharing: Option<SharingAttribute>,
    /// Whether it is open to the public.
    pub(crate) open: Option<Openness>,
    /// It says when a row was changed.
    pub(crate) stamp: bool,
}

impl ItemRow {
    /// Whether it has this name.
    pub(crate) fn is_named(&self, name: &ItemName) -> bool {
        self.item.as_ref().is_some_and(|item| &item.name == name)
    }
}

/// The item of a row in a form that has items beside the entry; a row without an item has none.
pub(crate) fn beside(
    grid: &Grid,
    head: &Head,
    profile: &'static Profile,
    row: u32,
    entry: &mut EntryRow,
    problems: &mut Vec<RowProblem>,
) {
    // The entry's own cells in this row were checked with the entry.
    let mut reader = RowReader { grid, head, profile, row, problems: Vec::new() };
    if !reader.text(F::ItemTitle).is_empty() {
        let item = item(&mut reader);
        entry.take(&mut reader, item);
        problems.append(&mut reader.problems);
    }
}

/// The item of a row.
pub(crate) fn item(reader: &mut RowReader<'_>) -> ItemRow {
    let values = reader.profile.values;
    let sharing = reader.listed(F::ItemSharing, values.sharing_attribute);
    let open = reader.listed(F::ItemOpen, values.openness);
    if sharing == Some(SharingAttribute::NotShared)
        && reader.profile.rules.attributes_agree
        && open.is_some_and(|open| open != Openness::Closed)
    {
        let found = reader.text(F::ItemOpen);
        reader.wrong(F::ItemOpen, ProblemCode::Contradiction, &[("found", &clipped(&found))]);
    }
    if reader.text(F::ItemSecret) == "涉密" {
        reader.wrong(F::ItemSecret, ProblemCode::SecretRefused, &[]);
    }
    lengths(reader);
    let stamp = reader.text(F::ItemStamp) == "是";
    ItemRow { sheet: reader.grid.name.clone(), row: reader.row, item: content(reader, sharing), sharing, open, stamp }
}

fn content(reader: &mut RowReader<'_>, sharing_attribute: Option<SharingAttribute>) -> Option<Item> {
    let title = reader.text(F::ItemTitle);
    let technical = reader.text(F::ItemName);
    let (field, named) = if technical.is_empty() { (F::ItemTitle, &title) } else { (F::ItemName, &technical) };
    let name: Option<ItemName> = named.parse().ok();
    if name.is_none() && !named.is_empty() && !reader.is_wrong(field) {
        reader.wrong(field, ProblemCode::Malformed, &[("found", &clipped(named))]);
    }
    let item_type = reader.listed(F::ItemType, reader.profile.values.item_type);
    let column = reader.text(F::ItemColumn);
    let has_column = reader.head.has(F::ItemColumn);
    let grade = reader.listed(F::ItemGrade, reader.profile.values.grade);
    let personal = reader.listed(F::ItemPersonal, profile::YES_NO).unwrap_or(false);
    let sensitive = reader.listed(F::ItemSensitive, profile::YES_NO).unwrap_or(false);
    let mask = mask(reader);
    let description = reader.text(F::ItemDescription);
    let name = name?;
    Some(Item {
        column: if has_column { column } else { name.as_str().to_owned() },
        name,
        title,
        item_type: item_type?,
        grade,
        sharing_attribute,
        personal,
        sensitive,
        mask,
        description,
    })
}

/// A length stands where it means something, as a plain number, without a unit (instruction 6 of the items).
fn lengths(reader: &mut RowReader<'_>) {
    if !reader.profile.rules.lengths || !reader.head.has(F::ItemLength) {
        return;
    }
    let text = reader.text(F::ItemLength);
    let max = match reader.text(F::ItemType).as_str() {
        "高精度型" => DIGITS_MAX,
        "字符型" => CHARACTERS_MAX,
        _ => return,
    };
    if text.is_empty() {
        if max == DIGITS_MAX {
            reader.wrong(F::ItemLength, ProblemCode::Required, &[]);
        }
        return;
    }
    if let Some(length) = reader.whole(F::ItemLength)
        && !(1..=max).contains(&length)
    {
        reader.wrong(F::ItemLength, ProblemCode::TooLarge, &[("max", &max)]);
    }
}

/// A mask by its word and what follows it.
fn mask(reader: &mut RowReader<'_>) -> Option<Mask> {
    let text = reader.text(F::ItemMask);
    if text.is_empty() {
        return None;
    }
    let words = profile::MASKS;
    let numbers = |rest: &str| -> Option<Mask> {
        let (head, tail) = rest.split_once('+')?;
        Some(Mask::KeepEnds { head: head.trim().parse().ok()?, tail: tail.trim().parse().ok()? })
    };
    let found = if let Some(rest) = text.strip_prefix(words.keep_ends) {
        numbers(rest)
    } else if let Some(rest) = text.strip_prefix(words.region_only) {
        rest.trim().parse().ok().map(|digits| Mask::RegionOnly { digits })
    } else {
        let plain = [
            (words.keyed_hash, Mask::KeyedHash),
            (words.year_only, Mask::YearOnly),
            (words.redact, Mask::Redact),
            (words.token, Mask::Token),
            (words.verify_only, Mask::VerifyOnly),
        ];
        plain.into_iter().find(|(word, _)| *word == text).map(|(_, mask)| mask)
    };
    if found.is_none() {
        reader.wrong(F::ItemMask, ProblemCode::NotOffered, &[("found", &clipped(&text))]);
    }
    found
}
