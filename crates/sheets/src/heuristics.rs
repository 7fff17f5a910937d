//! What officials get wrong again and again when they fill such forms: named, and never put right by guessing.

use crate::{grid::Grid, head::Head, import::RowProblem, name::normalised, row};
use shuqiao_domain::ProblemCode;
use shuqiao_vocabulary::{DataFormat, SharingMethod};

/// Rows in which a number must grow one by one until it is taken for dragged.
const RUN_MIN: usize = 3;

/// Endings of the names of systems.
const SYSTEM_ENDINGS: &[&str] = &["系统", "平台", "app", "小程序", "网站"];

/// Whether a name is that of a system and not that of its data (系统名称当作目录名称).
pub(crate) fn names_a_system(name: &str, system: &str) -> bool {
    let name = normalised(name);
    let same = !system.is_empty() && normalised(system) == name;
    same || SYSTEM_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether an entry is marked as withdrawn or replaced (作废, 旧版).
pub(crate) fn is_withdrawn(name: &str) -> bool {
    let mark = |part: &str| ["作废", "已废止", "停用", "旧", "旧版"].contains(&part);
    name.contains("作废") || name.split(['(', ')', '（', '）']).any(mark)
}

/// Whether a name says that it is no real data (测试, 演示).
pub(crate) fn is_trial(name: &str) -> bool {
    let name = normalised(name);
    ["演示", "测试", "test"].iter().any(|mark| name.starts_with(mark))
}

/// Whether this way of sharing cannot carry this format: files go as files, a database as tables or by an interface
/// (文件资源标为库表共享).
pub(crate) fn carries(format: DataFormat, method: SharingMethod) -> bool {
    match format {
        DataFormat::Spreadsheet | DataFormat::Document | DataFormat::Image | DataFormat::Stream => {
            method != SharingMethod::BatchExchange
        }
        DataFormat::Database => method != SharingMethod::FileDownload,
        DataFormat::SelfDescribing | DataFormat::ServiceInterface => true,
    }
}

/// Numbers that grow by one from row to row where the same text was meant, as when a cell was dragged down (拖动填充):
/// `国办发〔2016〕51号`, `国办发〔2016〕52号`. The first row of a run is right, the others are named.
pub(crate) fn drag_filled(grid: &Grid, head: &Head, rows: &[u32]) -> Vec<RowProblem> {
    let mut found = Vec::new();
    for placed in head.columns.iter().filter(|placed| placed.column.steady) {
        let numbered: Vec<Option<Numbered>> =
            rows.iter().map(|row| Numbered::of(&grid.cell(*row, placed.at)?.text())).collect();
        let mut start = 0;
        while start < rows.len() {
            let mut end = start + 1;
            while end < rows.len() && follows(&numbered[end - 1], &numbered[end]) {
                end += 1;
            }
            if end - start >= RUN_MIN {
                for row in rows.get(start + 1..end).unwrap_or_default() {
                    let field = placed.column.field;
                    let first: &dyn std::fmt::Display = &rows[start];
                    let problem =
                        row::problem(field, ProblemCode::DragFilled, field.article(), &[("first_row", first)]);
                    found.push(row::row_problem(grid, *row, Some(placed.at), problem, false));
                }
            }
            start = end;
        }
    }
    found
}

fn follows(before: &Option<Numbered>, after: &Option<Numbered>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => {
            (&before.head, &before.tail) == (&after.head, &after.tail)
                && before.number.checked_add(1) == Some(after.number)
        }
        _ => false,
    }
}

/// A text around its last number.
struct Numbered {
    head: String,
    number: u64,
    tail: String,
}

impl Numbered {
    fn of(text: &str) -> Option<Self> {
        let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
        let start = text
            .get(..end)?
            .rfind(|c: char| !c.is_ascii_digit())
            .map_or(0, |at| at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
        let number = text.get(start..end)?.parse().ok()?;
        Some(Self { head: text.get(..start)?.to_owned(), number, tail: text.get(end..)?.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_not_data() {
        for bad in ["行政审批系统", "信用信息平台", "办事APP", "户籍 管理系统 "] {
            assert!(names_a_system(bad, ""), "{bad}");
        }
        assert!(names_a_system("金税三期", "金税三期"));
        for good in ["系统工程师名单", "平台企业信息", "人口基础信息"] {
            assert!(!names_a_system(good, "金税三期"), "{good}");
        }
    }

    #[test]
    fn withdrawn_entries_say_so() {
        for bad in ["企业基本信息（旧）", "行政处罚公示信息(旧版)", "失信名单(作废)", "作废-失信名单"]
        {
            assert!(is_withdrawn(bad), "{bad}");
        }
        for good in ["旧城改造信息", "废旧物资回收企业", "老旧小区（旧城）信息"] {
            assert!(!is_withdrawn(good), "{good}");
        }
    }

    #[test]
    fn the_last_number_of_a_text_is_found() {
        let found = Numbered::of("国办发〔2016〕51号").unwrap();
        assert_eq!((found.head.as_str(), found.number, found.tail.as_str()), ("国办发〔2016〕", 51, "号"));
        assert!(Numbered::of("无数字").is_none());
        assert_eq!(Numbered::of("7").unwrap().number, 7);
    }
}
