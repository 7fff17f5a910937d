//! Files of catalogue entries: what became of one.

use super::{list::ProblemCode, text::CatalogueEntryId};
use crate::problem_titles;
use serde::{Deserialize, Serialize};
use shuqiao_app::{port, view};
use shuqiao_vocabulary::closed_list;
use std::collections::BTreeMap;
use utoipa::ToSchema;

closed_list! {
    /// Forms in which entries come in. The same value means different things in different forms, so the caller names it.
    /// For ever (invariant 12).
    Profile {
        /// What this system exports.
        Own = "shuqiao-1",
        /// The template of a running platform for data resources.
        Dsg = "dsg-2026",
        /// Its template for information resources.
        DsgInfo = "dsg-info-2026",
        /// Core metadata of the 2017 guide.
        Guide = "guide-2017",
        /// A provincial form of 2026.
        Province = "province-2026",
        /// The table of credit platforms.
        Credit = "credit-719",
    }
}

/// What became of an entry of a file.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    /// It can be drafted; nothing was.
    Ready,
    /// It was drafted.
    Created,
    /// Its rows are wrong, or the department has it already.
    Refused,
}

/// An entry of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedEntry {
    /// Its sheet.
    pub sheet: String,
    /// Its row, as a spreadsheet counts them.
    pub row: u32,
    /// Its name.
    pub name: String,
    /// Data items.
    pub items: usize,
    /// What became of it.
    pub outcome: ImportOutcome,
    /// The draft, once there is one.
    #[schema(required)]
    pub id: Option<CatalogueEntryId>,
    /// How much the draft still lacks until it can be submitted (Art. 13).
    pub lacks: usize,
}

/// Something wrong with a row of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportProblem {
    /// The sheet; `csv` in a table without sheets.
    pub sheet: String,
    /// The row, as a spreadsheet counts them.
    pub row: u32,
    /// The column's letters, when it is in one column.
    #[schema(required)]
    pub column: Option<String>,
    /// Path of the field.
    pub field: String,
    /// What is wrong.
    pub code: ProblemCode,
    /// What the text needs, by name.
    pub params: BTreeMap<String, String>,
    /// The article that asks for it.
    #[schema(required)]
    pub article: Option<String>,
    /// Whether it keeps the entry from being drafted; else it is only to be looked at.
    pub fatal: bool,
    /// In Chinese.
    pub title_zh: String,
    /// In English.
    pub title_en: String,
}

/// Something remarkable about a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportNote {
    /// What: `column_not_kept`, `column_unknown`, `formulas`, `hidden_rows`, `merged_cells`, `providers`, `problems_cut`.
    pub code: String,
    /// The sheet.
    pub sheet: String,
    /// Which columns or rows, or how many.
    pub detail: String,
}

/// What became of a file of entries, or would become of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportReport {
    /// The form by which it was read.
    pub profile: String,
    /// SHA-256 of the file, in hexadecimal, as the record names it.
    pub digest: String,
    /// Its entries.
    pub entries: Vec<ImportedEntry>,
    /// What is wrong, by row.
    pub problems: Vec<ImportProblem>,
    /// What is remarkable about the file as a whole.
    pub notes: Vec<ImportNote>,
}

impl From<view::ImportView> for ImportReport {
    fn from(view: view::ImportView) -> Self {
        let note = |(code, sheet, detail): (&str, String, String)| ImportNote { code: code.to_owned(), sheet, detail };
        Self {
            profile: view.profile,
            digest: view.digest,
            entries: view.entries.into_iter().map(Into::into).collect(),
            problems: view.problems.into_iter().map(Into::into).collect(),
            notes: view.notes.into_iter().map(note).collect(),
        }
    }
}

impl From<view::ImportedEntry> for ImportedEntry {
    fn from(entry: view::ImportedEntry) -> Self {
        let view::ImportedEntry { sheet, row, name, items, outcome, lacks } = entry;
        let (outcome, id) = match outcome {
            view::ImportOutcome::Ready => (ImportOutcome::Ready, None),
            view::ImportOutcome::Created(id) => (ImportOutcome::Created, Some(CatalogueEntryId(id))),
            view::ImportOutcome::Refused => (ImportOutcome::Refused, None),
        };
        Self { sheet, row, name, items, outcome, id, lacks }
    }
}

impl From<port::SheetProblem> for ImportProblem {
    fn from(found: port::SheetProblem) -> Self {
        let port::SheetProblem { sheet, row, column, problem, fatal } = found;
        let (zh, en) = problem_titles::title(problem.code.as_str()).unwrap_or_default();
        Self {
            sheet,
            row,
            column,
            field: problem.field,
            code: ProblemCode(problem.code),
            params: problem.params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            article: problem.article.map(|article| article.to_string()),
            fatal,
            title_zh: zh.to_owned(),
            title_en: en.to_owned(),
        }
    }
}

impl ImportProblem {
    /// The problem as a remark beside its row: `K 必填 / It must be given (13)`.
    pub(crate) fn remark(&self) -> String {
        let column = self.column.as_deref().unwrap_or_default();
        let article = self.article.as_ref().map(|article| format!(" ({article})")).unwrap_or_default();
        let found = self.params.iter().map(|(name, value)| format!(" {name}={value}")).collect::<String>();
        format!("{column} {} / {}{article}{found}", self.title_zh, self.title_en).trim().to_owned()
    }
}
