//! Forms of files, as data: which columns a form has, what is demanded of each, and how it spells each value.
//!
//! A profile is named for ever: the record says by which profile a draft came in.

mod credit;
mod dsg;
mod guide;
mod own;
mod province;
mod spelling;

pub use crate::columns::Field;
pub(crate) use own::{ENTRY_COLUMNS, HEAD_GROUPS, ITEM_COLUMNS};
pub(crate) use spelling::{LEVELS, MASKS, ORGANISATION_KINDS, RANKS, YES_NO};

use crate::name::normalised;
use shuqiao_vocabulary::{DataFormat, Grade, ItemType, SharingAttribute, SharingMethod, UpdateFrequency};

/// A form of a file.
#[derive(Debug)]
pub struct Profile {
    /// Its name, for ever.
    pub name: &'static str,
    /// What people call it, in Chinese.
    pub title_zh: &'static str,
    /// In English.
    pub title_en: &'static str,
    /// Whether it is a workbook only; else it may also be a table (.csv).
    pub workbook_only: bool,
    /// The most entries of one file, when the form sets one.
    pub entries_max: usize,
    /// The sheet of entries.
    pub entries: SheetForm,
    /// Where the items are.
    pub items: Items,
    /// How it spells values.
    pub values: Values,
    /// What it demands across cells and rows.
    pub rules: Rules,
}

/// Where the items of an entry are.
#[derive(Debug)]
pub enum Items {
    /// On a sheet of their own, each naming its entry.
    Sheet(SheetForm),
    /// Beside the entry: one row per item, the entry's cells merged or left empty below the first.
    Beside,
    /// The form has none.
    None,
}

/// A sheet of a form.
#[derive(Debug)]
pub struct SheetForm {
    /// Its names; none for the first sheet of the file, whatever its name.
    pub names: &'static [&'static str],
    /// Its columns.
    pub columns: &'static [Column],
}

/// A column of a form.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// What it holds.
    pub field: Field,
    /// What its head may say; a star and blanks do not matter.
    pub heads: &'static [&'static str],
    /// Whether it must be filled; a head that a file marks with a star demands it too.
    pub required: bool,
    /// Whether the form is another one when the head is missing.
    pub marks: bool,
    /// The most characters, when the form sets one.
    pub characters_max: usize,
    /// Whether only letters, digits, `_` and `-` are admitted.
    pub words_only: bool,
    /// Whether the same text is expected in row after row, so that a growing number is suspicious.
    pub steady: bool,
}

/// A column of this field under these heads, of which nothing is demanded.
pub(crate) const fn column(field: Field, heads: &'static [&'static str]) -> Column {
    Column { field, heads, required: false, marks: false, characters_max: 0, words_only: false, steady: false }
}

impl Column {
    /// It must be filled.
    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// A file without it is of another form.
    pub(crate) const fn marks(mut self) -> Self {
        self.marks = true;
        self
    }

    /// At most so many characters.
    pub(crate) const fn most(mut self, characters: usize) -> Self {
        self.characters_max = characters;
        self
    }

    /// Only letters, digits, `_` and `-`.
    pub(crate) const fn words(mut self) -> Self {
        self.words_only = true;
        self
    }

    /// The same text is expected row after row.
    pub(crate) const fn steady(mut self) -> Self {
        self.steady = true;
        self
    }
}

/// How a form spells the values of a list. `None` is a spelling that the form knows and that says nothing we have a word
/// for: it leaves the field empty and is named, and is not guessed.
pub type Spelling<T> = &'static [(&'static str, Option<T>)];

/// Whether data is open to the public (开放属性): checked against the sharing attribute, not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Openness {
    /// 无条件开放
    Unconditional,
    /// 有条件开放
    Conditional,
    /// 不予开放
    Closed,
}

/// How a form spells values.
#[derive(Clone, Copy, Debug)]
pub struct Values {
    /// Update frequency.
    pub update_frequency: Spelling<UpdateFrequency>,
    /// Sharing attribute.
    pub sharing_attribute: Spelling<SharingAttribute>,
    /// Openness.
    pub openness: Spelling<Openness>,
    /// Way of sharing.
    pub methods: Spelling<SharingMethod>,
    /// Data format: classes and the formats in them.
    pub data_format: Spelling<DataFormat>,
    /// Grade.
    pub grade: Spelling<Grade>,
    /// Item type.
    pub item_type: Spelling<ItemType>,
    /// Lists that are checked and not kept.
    pub plain: &'static [(Field, &'static [&'static str])],
}

/// What a form demands across cells and rows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// The entry's attributes follow from those of its items, as the template's instruction says.
    pub attributes_follow_items: bool,
    /// Each entry has items in the file.
    pub items_required: bool,
    /// What is not shared is not open either, and says why; what is conditional names the condition.
    pub attributes_agree: bool,
    /// Lengths of numbers and texts are checked.
    pub lengths: bool,
    /// No row between others may be empty.
    pub no_blank_rows: bool,
    /// The provider must be named, though what it names is not kept.
    pub provider_named: bool,
    /// Codes and names of credit platforms: test data, replaced entries.
    pub credit_marks: bool,
    /// What every entry of the form is, because the form admits nothing else.
    pub data_format: Option<DataFormat>,
}

/// Every profile, in the order in which they are offered.
pub const ALL: &[&Profile] =
    &[&own::OWN, &dsg::DSG, &dsg::DSG_INFO, &guide::GUIDE, &province::PROVINCE, &credit::CREDIT];

/// The profile of our own export.
pub const OWN: &Profile = &own::OWN;

/// The profile of this name.
pub fn named(name: &str) -> Option<&'static Profile> {
    ALL.iter().find(|profile| profile.name == name).copied()
}

/// The value of a spelling: `None` when the form does not know it, `Some(None)` when it knows it and it says nothing.
#[expect(clippy::option_option, reason = "not known and known to say nothing are told apart")]
pub(crate) fn spelled<T: Copy>(list: Spelling<T>, text: &str) -> Option<Option<T>> {
    let wanted = normalised(text);
    list.iter().find(|(spelling, _)| normalised(spelling) == wanted).map(|(_, value)| *value)
}

/// The first spelling of a value: the one that is written.
pub(crate) fn spelling<T: Copy + PartialEq>(list: Spelling<T>, value: T) -> &'static str {
    list.iter().find(|(_, found)| *found == Some(value)).map_or("", |(text, _)| text)
}
