//! From a file to drafts: read, find the heads, read each row, tie items to entries, check what spans rows.

use crate::{
    draft::{self, EntryRow},
    fault::{Fault, SheetFault},
    grid::{Grid, letters},
    head::Head,
    heuristics, items,
    limits::{FILE_BYTES_MAX, PROBLEMS_MAX},
    name::normalised,
    profile::{Field, Items, Profile, SheetForm},
    read_table, read_workbook,
    row::{self, RowReader},
    rules,
};
use shuqiao_domain::{Problem, ProblemCode, catalogue::EntryContent};
use shuqiao_vocabulary::closed_list;
use std::collections::{BTreeMap, BTreeSet};

/// What a file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The profile by which it was read.
    pub profile: &'static str,
    /// Entries, in the order of the file.
    pub entries: Vec<Drafted>,
    /// What is wrong, by sheet, row and column.
    pub problems: Vec<RowProblem>,
    /// What is remarkable about the file as a whole.
    pub notes: Vec<Note>,
}

/// An entry of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Drafted {
    /// Its sheet.
    pub sheet: String,
    /// Its row.
    pub row: u32,
    /// The name of the department that the file says provides it.
    pub provider: String,
    /// What it says.
    pub content: EntryContent,
    /// Whether something in its rows keeps it from being drafted.
    pub refused: bool,
}

/// Something wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// The sheet; `csv` in a table without sheets.
    pub sheet: String,
    /// The row as a spreadsheet counts them.
    pub row: u32,
    /// The column's letters, when it is in one column.
    pub column: Option<String>,
    /// What is wrong.
    pub problem: Problem,
    /// Whether it keeps the entry from being drafted; else it is only to be looked at.
    pub fatal: bool,
}

closed_list! {
    /// What is remarkable about a file, for ever.
    NoteCode {
        /// A column is checked and not kept: an entry has no place for it.
        ColumnNotKept = "column_not_kept",
        /// The form does not know a column.
        ColumnUnknown = "column_unknown",
        /// Values are the cached results of formulas.
        Formulas = "formulas",
        /// Rows that a person does not see were read.
        HiddenRows = "hidden_rows",
        /// Cells that were merged over rows were read in each of them.
        MergedCells = "merged_cells",
        /// Entries name several departments, or another one than the importing one.
        Providers = "providers",
        /// There are more problems than are named.
        ProblemsCut = "problems_cut",
    }
}

/// Something remarkable about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What.
    pub code: NoteCode,
    /// The sheet.
    pub sheet: String,
    /// Which column or rows, or how many.
    pub detail: String,
}

/// Reads a file by a profile.
///
/// # Errors
/// A [`Fault`] when the file as a whole cannot be read or is of another form.
pub fn import(bytes: &[u8], profile: &'static Profile) -> Result<Import, Fault> {
    let mut grids = grids(bytes, profile)?;
    let entries_at = sheet_of(&grids, &profile.entries)?;
    let entries_head = Head::find(grid_at(&grids, entries_at)?, &profile.entries)?;
    let mut notes = Vec::new();
    let entries_grid = spread(&mut grids, entries_at, entries_head.row, &mut notes)?;
    let mut reading = Reading { profile, problems: Vec::new(), notes };
    reading.remark(&entries_grid, &entries_head);
    let mut entries = reading.entries(&entries_grid, &entries_head);
    match &profile.items {
        Items::Sheet(form) => {
            let at = sheet_of(&grids, form)?;
            let head = Head::find(grid_at(&grids, at)?, form)?;
            let grid = spread(&mut grids, at, head.row, &mut reading.notes)?;
            reading.remark(&grid, &head);
            reading.items(&grid, &head, &mut entries);
        }
        Items::Beside | Items::None => {}
    }
    reading.problems.extend(rules::problems(profile, &entries_grid, &entries_head, &mut entries));
    reading.finish(&entries_grid.name, entries)
}

/// The sheets of the file, when it is of a kind that the profile admits.
fn grids(bytes: &[u8], profile: &Profile) -> Result<Vec<Grid>, Fault> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Fault::new(SheetFault::FileTooLarge).with("max", FILE_BYTES_MAX));
    }
    if read_workbook::is_old(bytes) {
        return Err(Fault::new(SheetFault::OldFormat));
    }
    if read_workbook::is_archive(bytes) {
        return read_workbook::read(bytes);
    }
    if profile.workbook_only || bytes.is_empty() {
        return Err(Fault::new(SheetFault::NotAWorkbook));
    }
    read_table::read(bytes).map(|grid| vec![grid])
}

fn sheet_of(grids: &[Grid], form: &SheetForm) -> Result<usize, Fault> {
    let named = |grid: &Grid| form.names.iter().any(|name| normalised(name) == normalised(&grid.name));
    let at = if form.names.is_empty() { (!grids.is_empty()).then_some(0) } else { grids.iter().position(named) };
    let missing = || Fault::new(SheetFault::SheetMissing).with("sheet", form.names.first().copied().unwrap_or("1"));
    at.ok_or_else(missing)
}

fn grid_at(grids: &[Grid], at: usize) -> Result<&Grid, Fault> {
    grids.get(at).ok_or_else(|| Fault::new(SheetFault::SheetMissing))
}

/// Takes a sheet out of the file, with merged cells spread over their rows.
fn spread(grids: &mut [Grid], at: usize, below: u32, notes: &mut Vec<Note>) -> Result<Grid, Fault> {
    let grid = grids.get_mut(at).ok_or_else(|| Fault::new(SheetFault::SheetMissing))?;
    let spread = grid.spread_merged(below);
    if spread > 0 {
        notes.push(Note { code: NoteCode::MergedCells, sheet: grid.name.clone(), detail: spread.to_string() });
    }
    Ok(std::mem::take(grid))
}

/// What is found while reading.
struct Reading {
    profile: &'static Profile,
    problems: Vec<RowProblem>,
    notes: Vec<Note>,
}

impl Reading {
    fn note(&mut self, code: NoteCode, grid: &Grid, detail: String) {
        self.notes.push(Note { code, sheet: grid.name.clone(), detail });
    }

    /// Notes what is remarkable about a sheet.
    fn remark(&mut self, grid: &Grid, head: &Head) {
        let below = |row: &&u32| **row > head.row;
        for placed in head.columns.iter().filter(|placed| !placed.column.field.is_kept()) {
            let filled = grid.rows.range(head.row.saturating_add(1)..).any(|(_, cells)| cells.contains_key(&placed.at));
            if filled {
                let name = placed.column.heads.first().copied().unwrap_or_default();
                self.note(NoteCode::ColumnNotKept, grid, format!("{} {name}", letters(placed.at)));
            }
        }
        for (at, text) in head.unknown.iter().take(20) {
            self.note(NoteCode::ColumnUnknown, grid, format!("{} {}", letters(*at), row::clipped(text)));
        }
        if grid.formulas > 0 {
            self.note(NoteCode::Formulas, grid, grid.formulas.to_string());
        }
        let hidden: Vec<String> = grid.hidden.iter().filter(below).take(20).map(u32::to_string).collect();
        if !hidden.is_empty() {
            self.note(NoteCode::HiddenRows, grid, hidden.join(" "));
        }
    }

    /// Rows below the head that hold something the form knows; empty rows between them are named where the form forbids
    /// them.
    fn data_rows(&mut self, grid: &Grid, head: &Head) -> Vec<u32> {
        let holds = |cells: &BTreeMap<u32, _>| head.columns.iter().any(|placed| cells.contains_key(&placed.at));
        let below = grid.rows.range(head.row.saturating_add(1)..);
        let rows: Vec<u32> = below.filter(|(_, cells)| holds(cells)).map(|(row, _)| *row).collect();
        if self.profile.rules.no_blank_rows {
            let mut before = head.row;
            for row in &rows {
                if *row > before + 1 {
                    let problem = Problem::new("", ProblemCode::BlankRow, None);
                    self.problems.push(row::row_problem(grid, before + 1, None, problem, false));
                }
                before = *row;
            }
        }
        rows
    }

    fn entries(&mut self, grid: &Grid, head: &Head) -> Vec<EntryRow> {
        let mut rows = self.data_rows(grid, head);
        self.problems.extend(heuristics::drag_filled(grid, head, &rows));
        let beside = matches!(self.profile.items, Items::Beside);
        let mut entries: Vec<EntryRow> = Vec::new();
        rows.retain(|row| *row > head.row);
        for row in rows {
            let name = head.of(Field::Name).next().and_then(|placed| grid.cell(row, placed.at)).map(|cell| cell.text());
            let continues = beside && entries.last().is_some_and(|last| name.as_ref().is_none_or(|n| *n == last.name));
            if !continues && entries.len() >= self.profile.entries_max {
                let max = self.profile.entries_max;
                let problem = Problem::new("entries", ProblemCode::TooLarge, None).with("max", max);
                self.problems.push(row::row_problem(grid, row, None, problem, true));
                break;
            }
            if !continues {
                let mut reader = RowReader::new(grid, head, self.profile, row);
                let entry = draft::entry(&mut reader);
                self.problems.append(&mut reader.problems);
                entries.push(entry);
            }
            if let Some(last) = entries.last_mut().filter(|_| beside) {
                items::beside(grid, head, self.profile, row, last, &mut self.problems);
            }
        }
        entries
    }

    fn items(&mut self, grid: &Grid, head: &Head, entries: &mut [EntryRow]) {
        let rows = self.data_rows(grid, head);
        let by_key: BTreeMap<String, usize> =
            entries.iter().enumerate().filter(|(_, e)| !e.key.is_empty()).map(|(at, e)| (e.key.clone(), at)).collect();
        let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
        let mut nearly: BTreeMap<String, String> = BTreeMap::new();
        for (at, entry) in entries.iter().enumerate() {
            by_name.entry(entry.name.clone()).or_insert(at);
            nearly.entry(normalised(&entry.name)).or_insert_with(|| entry.name.clone());
        }
        for row in rows {
            let mut reader = RowReader::new(grid, head, self.profile, row);
            let (key, name) = (reader.text(Field::ItemKey), reader.text(Field::ItemEntry));
            let owner = by_key.get(&key).or_else(|| by_name.get(&name).filter(|_| !name.is_empty())).copied();
            let item = items::item(&mut reader);
            match owner.and_then(|at| entries.get_mut(at)) {
                Some(entry) => entry.take(&mut reader, item),
                None if name.is_empty() => {}
                None => {
                    let nearest = nearly.get(&normalised(&name)).cloned().unwrap_or_default();
                    let name = row::clipped(&name);
                    reader.wrong(
                        Field::ItemEntry,
                        ProblemCode::EntryUnknown,
                        &[("name", &name), ("nearest", &nearest)],
                    );
                }
            }
            self.problems.append(&mut reader.problems);
        }
    }

    fn finish(mut self, sheet: &str, entries: Vec<EntryRow>) -> Result<Import, Fault> {
        let refused: BTreeSet<(&str, u32)> =
            self.problems.iter().filter(|p| p.fatal).map(|p| (p.sheet.as_str(), p.row)).collect();
        let narrowed = self.profile.rules.attributes_follow_items;
        let drafted = |entry: EntryRow| {
            let own = refused.contains(&(sheet, entry.row));
            let items = entry.items.iter().any(|item| refused.contains(&(item.sheet.as_str(), item.row)));
            let (row, provider, refused) = (entry.row, entry.provider.clone(), own || items);
            Drafted { sheet: sheet.to_owned(), row, provider, content: entry.into_content(narrowed), refused }
        };
        let entries: Vec<Drafted> = entries.into_iter().map(drafted).collect();
        let providers: BTreeSet<&str> = entries.iter().map(|e| e.provider.as_str()).filter(|p| !p.is_empty()).collect();
        if !providers.is_empty() {
            let detail = providers.iter().take(20).copied().collect::<Vec<_>>().join("、");
            self.notes.push(Note { code: NoteCode::Providers, sheet: sheet.to_owned(), detail });
        }
        if self.problems.len() > PROBLEMS_MAX {
            let detail = self.problems.len().to_string();
            self.notes.push(Note { code: NoteCode::ProblemsCut, sheet: sheet.to_owned(), detail });
        }
        self.problems
            .sort_by(|a, b| ((a.sheet != sheet), a.row, &a.column).cmp(&((b.sheet != sheet), b.row, &b.column)));
        self.problems.truncate(PROBLEMS_MAX);
        Ok(Import { profile: self.profile.name, entries, problems: self.problems, notes: self.notes })
    }
}
