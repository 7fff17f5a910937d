//! Names and types of columns. Nothing is claimed that a single cell contradicts.
//!
//! - An empty name becomes `column_<n>`; a name that was there before (letter case aside) gets `_2`, `_3` …
//! - An empty cell is null. A column is `integer`, `decimal`, `date` or `date_time` only if every other cell is one in
//!   canonical form; leading zeros, thousands separators, `+` and blanks make text.
//! - Where the file does not say what is a number and what is text (CSV, workbooks), codes stay text, so that regions
//!   can be asked for by prefix: columns named like a code or number, and columns whose values are all digits of one
//!   width of at least five.

use super::{Cell, Kind};
use crate::{
    source::{COLUMNS_MAX, SourceError},
    value::{self, Number},
};
use shuqiao_vocabulary::ItemType;
use std::collections::HashSet;

/// Characters of a column's name.
pub(crate) const NAME_CHARS_MAX: usize = 256;
const CODE_ENDINGS: [&str; 10] = ["code", "_id", "_no", "码", "号", "证", "电话", "手机", "phone", "number"];

/// One column of a file's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: String,
    /// Its type.
    pub(crate) item_type: ItemType,
}

impl Column {
    /// The type in the snapshot; decimals, dates and times stay text there, as written.
    pub(crate) fn declared(&self) -> &'static str {
        match self.item_type {
            ItemType::Integer => "INTEGER",
            ItemType::Decimal => "TEXT_DECIMAL",
            ItemType::Date => "TEXT_DATE",
            ItemType::DateTime => "TEXT_DATETIME",
            ItemType::Boolean => "BOOLEAN",
            ItemType::Text => "TEXT",
        }
    }

    /// What the snapshot keeps of a cell; the column's affinity makes integers of their text again.
    pub(crate) fn kept(&self, cell: Cell) -> String {
        match (self.item_type, cell.kind) {
            (ItemType::Boolean, _) => if cell.text == "true" { "1" } else { "0" }.to_owned(),
            // Midnight, in a column that has times elsewhere.
            (ItemType::DateTime, Kind::Date) => cell.text + "T00:00:00",
            _ => cell.text,
        }
    }
}

/// What the cells of a column have left possible.
#[derive(Clone, Debug)]
pub(crate) struct Possible {
    seen: u64,
    integer: bool,
    decimal: bool,
    date: bool,
    date_time: bool,
    boolean: bool,
    /// Whether all cells were untyped, so that digits may be a code.
    untyped: bool,
    /// The one width of all values, while they are digits only.
    width: Option<usize>,
}

impl Default for Possible {
    fn default() -> Self {
        Self {
            seen: 0,
            integer: true,
            decimal: true,
            date: true,
            date_time: true,
            boolean: true,
            untyped: true,
            width: None,
        }
    }
}

impl Possible {
    /// Takes one cell into account.
    pub(crate) fn look_at(&mut self, cell: &Cell) {
        let text = cell.text.as_str();
        self.seen += 1;
        let is_number = matches!(cell.kind, Kind::Untyped | Kind::Number);
        self.integer &= is_number && value::integer(text).is_some();
        self.decimal &= is_number && is_plain_decimal(text);
        self.date &= matches!(cell.kind, Kind::Untyped | Kind::Text | Kind::Date) && value::date(text).is_some();
        self.date_time &= match cell.kind {
            Kind::Date => true,
            Kind::Text | Kind::DateTime => value::date_time(text).is_some(),
            Kind::Untyped | Kind::Number | Kind::Boolean => false,
        };
        self.boolean &= cell.kind == Kind::Boolean;
        self.untyped &= cell.kind == Kind::Untyped;
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        self.width = if digits && (self.seen == 1 || self.width == Some(text.len())) { Some(text.len()) } else { None };
    }

    /// The type of a column of this name with these cells.
    pub(crate) fn item_type(&self, name: &str) -> ItemType {
        let name = name.to_lowercase();
        let named_code = name == "id" || CODE_ENDINGS.iter().any(|ending| name.ends_with(ending));
        let shaped_code = self.seen > 1 && self.width.is_some_and(|width| width >= 5);
        if self.seen == 0 {
            ItemType::Text
        } else if self.date {
            ItemType::Date
        } else if self.date_time {
            ItemType::DateTime
        } else if self.boolean {
            ItemType::Boolean
        } else if self.untyped && (named_code || shaped_code) {
            ItemType::Text
        } else if self.integer {
            ItemType::Integer
        } else if self.decimal {
            ItemType::Decimal
        } else {
            ItemType::Text
        }
    }
}

/// `-?` digits without leading zeros, a point and digits if there is a point; no more digits than can be compared.
pub(crate) fn is_plain_decimal(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let whole = digits.split('.').next().unwrap_or("");
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && (whole == "0" || !whole.starts_with('0'));
    plain && Number::parse(cell).is_some_and(|number| number.significant_digits() <= 15)
}

/// Whether a cell of a first row is a value and no name.
pub(crate) fn is_value(cell: &str) -> bool {
    is_plain_decimal(cell) || value::date(cell).is_some()
}

/// The names of columns out of their headings, each of them once; `None` when a heading is longer than a name may be.
pub(crate) fn names<'a>(headings: impl IntoIterator<Item = &'a str>) -> Option<Vec<String>> {
    let (mut names, mut taken) = (Vec::new(), HashSet::new());
    for (at, heading) in headings.into_iter().enumerate() {
        let heading = heading.trim();
        if heading.chars().count() > NAME_CHARS_MAX {
            return None;
        }
        let plain: String = heading.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let wanted = if plain.is_empty() { format!("column_{}", at + 1) } else { plain };
        let (mut name, mut number) = (wanted.clone(), 2);
        while !taken.insert(name.to_lowercase()) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        names.push(name);
    }
    Some(names)
}

/// Refuses a table of more columns than can be served.
///
/// # Errors
/// [`SourceError::TooMany`].
pub(crate) fn not_too_wide(name: &str, columns: usize) -> Result<(), SourceError> {
    if columns > COLUMNS_MAX {
        let name = name.to_owned();
        return Err(SourceError::TooMany { name, what: "columns", found: columns, limit: COLUMNS_MAX });
    }
    Ok(())
}
