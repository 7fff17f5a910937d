//! Small workbooks for tests, and problems as text.

use rust_xlsxwriter::Workbook;
use shuqiao_sheets::{Import, RowProblem, profile};

/// A sheet by its name and rows; an empty cell is not written.
pub(crate) type Sheet<'a> = (&'a str, Vec<Vec<&'a str>>);

pub(crate) fn workbook(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0_u32..).zip(rows) {
            for (column, text) in (0_u16..).zip(cells) {
                if !text.is_empty() {
                    sheet.write_string(row, column, *text).unwrap();
                }
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

pub(crate) fn import(bytes: &[u8], name: &str) -> Import {
    shuqiao_sheets::import(bytes, profile::named(name).unwrap()).unwrap()
}

/// `sheet!K8 update_frequency required 13`, with `~` before what is only to be looked at.
pub(crate) fn line(problem: &RowProblem) -> String {
    let article = problem.problem.article.map(|article| format!(" {article}")).unwrap_or_default();
    let params: Vec<String> = problem.problem.params.iter().map(|(name, value)| format!(" {name}={value}")).collect();
    format!(
        "{}{}!{}{} {} {}{article}{}",
        if problem.fatal { "" } else { "~" },
        problem.sheet,
        problem.column.as_deref().unwrap_or_default(),
        problem.row,
        problem.problem.field,
        problem.problem.code,
        params.concat()
    )
}

pub(crate) fn lines(import: &Import) -> Vec<String> {
    import.problems.iter().map(line).collect()
}
