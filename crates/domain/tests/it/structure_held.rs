//! Which changes of a source's structure would break what live grants deliver (Art. 27(3)).

use crate::samples::*;
use shuqiao_domain::source::{Column, Structure, breaks};
use shuqiao_vocabulary::ItemType;

fn check(change: impl FnOnce(&mut Structure), expected: bool) {
    let (before, mut after) = (structure(), structure());
    change(&mut after);
    assert_eq!(breaks(&before, &after, &active().terms), expected);
}

fn column<'a>(structure: &'a mut Structure, name: &str) -> &'a mut Column {
    structure.tables[0].columns.iter_mut().find(|column| column.name == name).unwrap()
}

#[test]
fn what_a_grant_needs_may_not_go_or_change() {
    check(|_| {}, false);
    check(|structure| structure.tables.clear(), true);
    check(|structure| structure.tables[0].name = "family".into(), true);
    check(|structure| column(structure, "person_name").name = "full_name".into(), true);
    check(|structure| column(structure, "household_size").item_type = ItemType::Text, true);
    // Delivered nowhere, but it chooses the rows.
    check(|structure| structure.tables[0].columns.retain(|column| column.name != "county_code"), true);
}

#[test]
fn what_no_grant_needs_may() {
    check(|structure| structure.tables[0].columns.retain(|column| column.name != "case_note"), false);
    check(|structure| column(structure, "monthly_income").item_type = ItemType::Text, false);
    check(|structure| column(structure, "person_name").native_type = "varchar".into(), false);
    check(|structure| column(structure, "person_name").nullable = false, false);
    let more = |structure: &mut Structure| {
        let new = Column { name: "new".into(), ..structure.tables[0].columns[0].clone() };
        structure.tables[0].columns.push(new);
    };
    check(more, false);
}
