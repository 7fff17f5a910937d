//! The real templates, the workbook filled from real entries, the one with seeded errors, and 719 real entries.

use crate::support::{import, lines};
use shuqiao_sheets::{SheetFault, profile};
use shuqiao_testkit::shared::shared;
use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

fn read(shared: &Path, name: &str) -> Vec<u8> {
    fs::read(shared.join("data/catalogues").join(name)).unwrap()
}

/// The key's own words for what went wrong, by our field and code: the mapping belongs to the key, not to the product.
fn key_code(field: &str, code: &str) -> &'static str {
    match (field, code) {
        ("conditions", "required") => "cond_without_condition",
        ("open_attribute", "contradiction") => "noshare_but_open",
        ("name", "duplicate") => "duplicate_name",
        ("items.entry", "entry_unknown") => "item_without_catalogue",
        ("items.item_type", "not_offered") => "bad_type",
        (_, "required") => "missing_mandatory",
        _ => "not in the key",
    }
}

#[test]
fn the_workbook_with_seeded_errors_gives_exactly_the_rows_of_its_key() {
    let Some(shared) = shared() else { return };
    let found = import(&read(&shared, "workbook_catalogues_6_errors.xlsx"), "dsg-2026");
    let key: serde_json::Value =
        serde_json::from_slice(&read(&shared, "workbook_catalogues_6_errors.expected.json")).unwrap();
    let text = |value: &serde_json::Value, name: &str| value[name].as_str().unwrap().to_owned();
    let mut expected: Vec<(String, u64, String)> = key
        .as_array()
        .unwrap()
        .iter()
        .map(|each| (text(each, "sheet"), each["row"].as_u64().unwrap(), text(each, "code")))
        .collect();
    expected.sort();
    let told = |p: &shuqiao_sheets::RowProblem| {
        (p.sheet.clone(), u64::from(p.row), key_code(&p.problem.field, p.problem.code.as_str()).to_owned())
    };
    let mut found_rows: Vec<_> = found.problems.iter().map(told).collect();
    found_rows.sort();
    assert_eq!(found_rows, expected, "{:#?}", lines(&found));
    assert!(found.problems.iter().all(|problem| problem.fatal && problem.column.is_some()));
    // The entries whose own rows or whose items' rows are wrong: 8, 10, 13, 24 and 16, which has the item in row 149.
    let refused: Vec<u32> = found.entries.iter().filter(|entry| entry.refused).map(|entry| entry.row).collect();
    assert_eq!(refused, [8, 10, 13, 16, 24]);
    assert_eq!(found.entries.len(), 21);
}

#[test]
fn the_valid_workbook_imports_clean() {
    let Some(shared) = shared() else { return };
    let found = import(&read(&shared, "workbook_catalogues_valid.xlsx"), "dsg-2026");
    assert_eq!(lines(&found), [""; 0]);
    assert_eq!(found.entries.len(), 50);
    assert_eq!(found.entries.iter().map(|entry| entry.content.items.len()).sum::<usize>(), 668);
    assert!(found.entries.iter().all(|entry| !entry.refused && !entry.provider.is_empty()));
    let first = &found.entries[0];
    assert_eq!((first.row, first.content.name.as_str()), (4, "驰名商标企业著名商标信息"));
    assert_eq!(first.content.category, "基础信息资源/信用");
    assert_eq!(first.content.conditions.purposes, ["仅限行政依据、业务协同，使用方须为政府部门"]);
    assert_eq!(first.content.items[0].name.as_str(), "name");
    // No item is more open than its entry.
    let open = found.entries.iter().flat_map(|e| e.content.items.iter().map(move |i| (e, i)));
    assert_eq!(
        open.filter(|(e, i)| i.sharing_attribute.is_some() && i.sharing_attribute < e.content.sharing_attribute)
            .count(),
        0
    );
}

#[test]
fn real_templates_are_recognised_as_empty() {
    let Some(shared) = shared() else { return };
    for (file, profile) in
        [("template_catalogue_import_dsg.xlsx", "dsg-2026"), ("template_info_catalogue_dsg.xlsx", "dsg-info-2026")]
    {
        let found = import(&read(&shared, file), profile);
        assert_eq!((found.entries.len(), lines(&found).len()), (0, 0), "{file}");
    }
    for file in ["template_code_table_dsg.xlsx", "template_data_element_dsg.xlsx", "template_e_licence_dsg.xlsx"] {
        let fault = shuqiao_sheets::import(&read(&shared, file), profile::named("dsg-2026").unwrap()).unwrap_err();
        assert_eq!(fault.code, SheetFault::SheetMissing, "{file}");
    }
}

#[test]
fn real_entries_import_with_their_problems_named() {
    let Some(shared) = shared() else { return };
    let found = import(&read(&shared, "cn_credit_catalogues.csv"), "credit-719");
    assert_eq!(found.entries.len(), 719);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for problem in &found.problems {
        let kind = if problem.fatal { "refuses" } else { "look at" };
        *counts.entry(format!("{kind} {} {}", problem.problem.field, problem.problem.code)).or_default() += 1;
    }
    let mut text = String::from("# What is wrong with 719 real entries of credit platforms, by field and code\n\n");
    for (kind, count) in &counts {
        writeln!(text, "{count:>4} {kind}").unwrap();
    }
    let refused = found.entries.iter().filter(|entry| entry.refused).count();
    writeln!(text, "\n{:>4} entries\n{refused:>4} of them refused", found.entries.len()).unwrap();
    text.push_str("\n# All of them but missing departments\n\n");
    for line in lines(&found).iter().filter(|line| !line.ends_with("provider required 13")) {
        writeln!(text, "{line}").unwrap();
    }
    golden("credit-719.txt", &text);
}

#[test]
fn the_lists_of_running_platforms_are_known() {
    let Some(shared) = shared() else { return };
    let lists: serde_json::Value = serde_json::from_slice(&read(&shared, "cn_platform_enumerations.json")).unwrap();
    let known = profile::named("dsg-2026").unwrap().values.update_frequency;
    for list in ["更新周期", "dsg更新周期"] {
        let words = lists[list].as_array().unwrap();
        assert!(words.len() >= 7, "{list}");
        for word in words {
            assert!(known.iter().any(|(spelling, _)| Some(*spelling) == word.as_str()), "{list}: {word}");
        }
    }
}

fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but the environment")]
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    if update {
        fs::write(&path, text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(&path).unwrap_or_default(), "{name}");
}
