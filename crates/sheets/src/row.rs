//! One row of a sheet, read by the columns of a form; what is wrong is noted with its place and reading goes on.

use crate::{
    cell::Cell,
    grid::{Grid, letters},
    head::{Head, Placed},
    import::RowProblem,
    profile::{self, Field, Profile, Spelling},
};
use shuqiao_domain::{Problem, ProblemCode};
use shuqiao_vocabulary::{Article, Date};
use std::{fmt::Display, str::FromStr};

/// Characters of a cell that a problem repeats.
const FOUND_MAX: usize = 40;
/// Between the parts of a cell that lists several values.
const SEPARATORS: &[char] = &['、', '；', ';', '，', ',', '\n'];

/// A row and what is wrong with it.
pub(crate) struct RowReader<'a> {
    pub(crate) grid: &'a Grid,
    pub(crate) head: &'a Head,
    pub(crate) profile: &'static Profile,
    pub(crate) row: u32,
    pub(crate) problems: Vec<RowProblem>,
}

impl<'a> RowReader<'a> {
    /// The row with what is wrong with its cells one by one: empty, too long, wrong characters, not in a plain list.
    pub(crate) fn new(grid: &'a Grid, head: &'a Head, profile: &'static Profile, row: u32) -> Self {
        let mut reader = Self { grid, head, profile, row, problems: Vec::new() };
        for placed in &head.columns {
            reader.check(placed);
        }
        reader
    }

    fn check(&mut self, placed: &Placed) {
        let (field, at) = (placed.column.field, placed.at);
        let cell = self.grid.cell(self.row, at);
        if matches!(cell, Some(Cell::Broken)) {
            self.add(at, field, ProblemCode::Malformed, &[]);
            return;
        }
        let text = cell.map(Cell::text).unwrap_or_default();
        if text.is_empty() {
            if placed.is_required() {
                self.add(at, field, ProblemCode::Required, &[]);
            }
            return;
        }
        let max = placed.column.characters_max;
        if max > 0 && text.chars().count() > max {
            self.add(at, field, ProblemCode::TooLong, &[("max", &max)]);
        }
        if placed.column.words_only && !text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
            self.add(at, field, ProblemCode::Malformed, &[("found", &clipped(&text))]);
        }
        let plain = self.profile.values.plain.iter().find(|(known, _)| *known == field);
        if let Some((_, list)) = plain
            && !list.iter().any(|known| crate::name::normalised(known) == crate::name::normalised(&text))
        {
            self.add(at, field, ProblemCode::NotOffered, &[("found", &clipped(&text))]);
        }
    }

    /// Notes a problem that keeps the entry from being drafted.
    pub(crate) fn add(&mut self, at: u32, field: Field, code: ProblemCode, params: &[(&'static str, &dyn Display)]) {
        self.push(Some(at), field, code, params, true);
    }

    /// Notes a problem of a field, wherever its column is.
    pub(crate) fn wrong(&mut self, field: Field, code: ProblemCode, params: &[(&'static str, &dyn Display)]) {
        let at = self.head.of(field).next().map(|placed| placed.at);
        self.push(at, field, code, params, true);
    }

    /// Notes what somebody should look at, and that keeps nothing from being drafted.
    pub(crate) fn odd(&mut self, field: Field, code: ProblemCode, params: &[(&'static str, &dyn Display)]) {
        let at = self.head.of(field).next().map(|placed| placed.at);
        self.push(at, field, code, params, false);
    }

    fn push(
        &mut self,
        at: Option<u32>,
        field: Field,
        code: ProblemCode,
        params: &[(&'static str, &dyn Display)],
        fatal: bool,
    ) {
        self.problems.push(row_problem(self.grid, self.row, at, problem(field, code, field.article(), params), fatal));
    }

    /// Whether something is already wrong with this field here.
    pub(crate) fn is_wrong(&self, field: Field) -> bool {
        self.problems.iter().any(|problem| problem.problem.field == field.as_str())
    }

    /// The cell.
    pub(crate) fn cell(&self, field: Field) -> Option<&'a Cell> {
        let (grid, row) = (self.grid, self.row);
        self.head.of(field).find_map(|placed| grid.cell(row, placed.at))
    }

    /// Its text; empty when the cell is.
    pub(crate) fn text(&self, field: Field) -> String {
        self.cell(field).map(Cell::text).unwrap_or_default()
    }

    /// The texts of all columns of this field that are not empty.
    pub(crate) fn texts(&self, field: Field) -> Vec<String> {
        let cells = self.head.of(field).filter_map(|placed| self.grid.cell(self.row, placed.at));
        cells.map(Cell::text).filter(|text| !text.is_empty()).collect()
    }

    /// A value of a list. What the form does not know is wrong; what it knows and we have no word for is left empty and
    /// named.
    pub(crate) fn listed<T: Copy>(&mut self, field: Field, list: Spelling<T>) -> Option<T> {
        let text = self.text(field);
        if text.is_empty() { None } else { self.one_of(field, list, &text) }
    }

    fn one_of<T: Copy>(&mut self, field: Field, list: Spelling<T>, text: &str) -> Option<T> {
        match profile::spelled(list, text) {
            Some(Some(value)) => return Some(value),
            // A way of the platform is what every way of the decree is; which one, the officer says when the draft is done.
            Some(None) if field == Field::Methods => {}
            Some(None) => self.odd(field, ProblemCode::Placeholder, &[("found", &clipped(text))]),
            None => self.wrong(field, ProblemCode::NotOffered, &[("found", &clipped(text))]),
        }
        None
    }

    /// Values of a list, several in one cell.
    pub(crate) fn several<T: Copy + PartialEq>(&mut self, field: Field, list: Spelling<T>) -> Vec<T> {
        let text = self.text(field);
        let mut values = Vec::new();
        for part in text.split(SEPARATORS).map(str::trim).filter(|part| !part.is_empty()) {
            if let Some(value) = self.one_of(field, list, part)
                && !values.contains(&value)
            {
                values.push(value);
            }
        }
        values
    }

    /// A value that parses itself.
    pub(crate) fn parsed<T: FromStr>(&mut self, field: Field) -> Option<T> {
        let text = self.text(field);
        if text.is_empty() {
            return None;
        }
        let value = text.parse().ok();
        if value.is_none() {
            self.wrong(field, ProblemCode::Malformed, &[("found", &clipped(&text))]);
        }
        value
    }

    /// A date.
    pub(crate) fn date(&mut self, field: Field) -> Option<Date> {
        let cell = self.cell(field)?;
        let date = cell.date();
        if date.is_none() {
            self.wrong(field, ProblemCode::Malformed, &[("found", &clipped(&cell.text()))]);
        }
        date
    }

    /// A whole number.
    pub(crate) fn whole(&mut self, field: Field) -> Option<u64> {
        let cell = self.cell(field)?;
        let number = cell.whole();
        if number.is_none() {
            self.wrong(field, ProblemCode::Malformed, &[("found", &clipped(&cell.text()))]);
        }
        number
    }
}

/// A problem of a field with its parameters.
pub(crate) fn problem(
    field: Field,
    code: ProblemCode,
    article: Option<Article>,
    params: &[(&'static str, &dyn Display)],
) -> Problem {
    params.iter().fold(Problem::new(field.as_str(), code, article), |problem, (name, value)| problem.with(name, value))
}

/// A problem with its place.
pub(crate) fn row_problem(grid: &Grid, row: u32, at: Option<u32>, problem: Problem, fatal: bool) -> RowProblem {
    RowProblem { sheet: grid.name.clone(), row, column: at.map(letters), problem, fatal }
}

/// The beginning of what was found.
pub(crate) fn clipped(text: &str) -> String {
    text.chars().take(FOUND_MAX).collect()
}
