//! Workbooks and comma-separated tables of catalogues (目录的批量导入导出): read into drafts, with every problem named by sheet,
//! row and column, and written in the same form.
//!
//! What it is: [`import`] reads a file by a named [`Profile`] into drafts and problems; [`export()`] writes entries in the
//! form of the template that departments know, so that the same file comes in again without loss; [`annotated`] gives a
//! file back with a column of remarks. Profiles are data: columns, their rules, and how each value is spelled. The same
//! digit means different things in different forms, so a file never says by itself what it is: the caller names the
//! profile, and a value that the profile does not know is a problem and never a guess.
//!
//! What it is not: it knows no database, no time, no wire form and no policy. It creates nothing: `app` decides what
//! becomes of a draft. It reads no other file than the one it is given, follows no link and runs no formula.
//!
//! Where to start: [`profile`] for the forms, then `import.rs`; what a hostile file may cost stands in [`limits`].

mod annotate;
mod cell;
mod columns;
mod draft;
mod escape;
mod export;
mod fault;
mod grid;
mod head;
mod heuristics;
mod import;
mod items;
pub mod limits;
mod name;
pub mod profile;
mod read_table;
mod read_workbook;
mod row;
mod rules;
mod write;

pub use annotate::{Remark, annotated};
pub use export::{Cover, Exported, export};
pub use fault::{Fault, SheetFault};
pub use import::{Drafted, Import, Note, NoteCode, RowProblem, import};
pub use name::normalised;
pub use profile::Profile;
