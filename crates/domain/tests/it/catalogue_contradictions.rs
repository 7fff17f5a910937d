//! What contradicts itself in an entry, or the law (Art. 3, 14, 15, 37), or the source.

use crate::{
    catalogue_fields::{check, check_of},
    samples::*,
};
use shuqiao_domain::{
    catalogue::{self, NotSharedBasis},
    law,
};
use shuqiao_vocabulary::{BasisRank, Grade, ItemType, Level, Mask, OrganisationKind, SharingAttribute};

#[test]
fn secrets_never_enter() {
    check(|c| c.secrecy.as_mut().unwrap().state_secret = true, "secrecy.state_secret: secret_refused (3)");
    check(|c| c.secrecy.as_mut().unwrap().work_secret = true, "secrecy.work_secret: secret_refused (3)");
    check_of(
        not_shared_content(),
        |c| c.secrecy.as_mut().unwrap().state_secret = true,
        "secrecy.state_secret: secret_refused (3)",
    );
}

#[test]
fn conditions_are_listed_and_mean_something() {
    check(|c| c.conditions = catalogue::Conditions::default(), "conditions: required (15)");
    check(
        |c| {
            c.conditions.purposes.clear();
            c.conditions.note = "另行商定。".into();
        },
        "conditions: required (15)",
    );
    check(|c| c.conditions.purposes = vec![" ".into()], "conditions.purposes[0]: required (15)");
    check(|c| c.conditions.purposes = vec!["无".into()], "conditions.purposes[0]: placeholder (15) found=无");
    let without_purpose = || {
        let mut content = content();
        content.conditions.purposes.clear();
        content
    };
    check_of(without_purpose(), |c| c.conditions.levels.push(Level::City), "");
    check_of(without_purpose(), |c| c.conditions.organisation_kinds.push(OrganisationKind::Department), "");
    check_of(without_purpose(), |c| c.conditions.subject_consent_required = true, "");
}

/// 不得通过擅自增设条件等方式阻碍、影响政务数据共享.
#[test]
fn unconditional_data_has_no_condition() {
    let expected = "conditions: contradiction (15)";
    check_of(unconditional_content(), |c| c.conditions.purposes.push("社会救助".into()), expected);
    check_of(unconditional_content(), |c| c.conditions.levels.push(Level::City), expected);
    check_of(unconditional_content(), |c| c.conditions.subject_consent_required = true, expected);
}

/// 法律、行政法规以及国务院决定明确规定不能提供: a local regulation is not enough, whatever it says.
#[test]
fn only_high_norms_forbid_sharing() {
    for rank in BasisRank::ALL.iter().copied() {
        let expected = match rank {
            BasisRank::Law | BasisRank::AdministrativeRegulation | BasisRank::StateCouncilDecision => String::new(),
            BasisRank::LocalRegulation | BasisRank::Rule | BasisRank::NormativeDocument => {
                format!("not_shared_basis.rank: rank_too_low (14) rank={rank}")
            }
        };
        check_of(not_shared_content(), |c| c.not_shared_basis.as_mut().unwrap().basis.rank = rank, &expected);
        assert_eq!(law::RANKS_THAT_FORBID_SHARING.contains(&rank), expected.is_empty());
    }
}

#[test]
fn not_sharing_has_reason_and_basis() {
    check_of(not_shared_content(), |c| c.not_shared_basis = None, "not_shared_basis: required (15)");
    check_of(
        not_shared_content(),
        |c| {
            let basis = c.not_shared_basis.as_mut().unwrap();
            basis.reason.clear();
            basis.basis.title.clear();
            basis.basis.article = "其他".into();
        },
        "not_shared_basis.reason: required (15)\n\
         not_shared_basis.title: required (15)\n\
         not_shared_basis.article: placeholder (15) found=其他",
    );
    check(
        |c| {
            c.not_shared_basis = Some(NotSharedBasis { basis: basis(), reason: "见法条。".into(), review_by: None })
        },
        "not_shared_basis: contradiction (15)",
    );
}

#[test]
fn core_data_is_not_shared() {
    check(|c| c.grade = Some(Grade::Core), "classification.grade: contradiction (35(1)) grade=core");
    check_of(not_shared_content(), |c| c.grade = Some(Grade::Core), "");
}

#[test]
fn an_item_is_never_more_open_than_its_entry() {
    check(
        |c| c.items[2].sharing_attribute = Some(SharingAttribute::Unconditional),
        "items[2].sharing_attribute: contradiction (14) entry=conditional",
    );
    check_of(
        not_shared_content(),
        |c| c.items[0].sharing_attribute = Some(SharingAttribute::Conditional),
        "items[0].sharing_attribute: contradiction (14) entry=not_shared",
    );
    check(|c| c.items[2].sharing_attribute = Some(SharingAttribute::NotShared), "");
    check(|c| c.items[2].sharing_attribute = None, "");
}

/// 就高从严: the entry's grade is at least that of its highest item.
#[test]
fn the_entry_has_the_grade_of_its_highest_item() {
    check(
        |c| c.grade = Some(Grade::L2),
        "items[1].grade: contradiction (13) entry=l2\nitems[8].grade: contradiction (13) entry=l2",
    );
    check(|c| c.items[0].grade = Some(Grade::Important), "items[0].grade: contradiction (13) entry=l3");
    check(|c| c.grade = Some(Grade::Important), "");
    check(|c| c.items[0].grade = None, "items[0].grade: required (13)");
}

#[test]
fn personal_information_is_declared_as_such() {
    check(
        |c| {
            c.personal_information = false;
            c.impact_assessment = None;
        },
        "personal_information.contains: contradiction (37)",
    );
    check(|c| c.items[2].sensitive = true, "items[2].sensitive: contradiction (37)");
}

#[test]
fn items_have_names_of_their_own() {
    check(|c| c.items[2].name = item_name("person_name"), "items[2].name: duplicate name=person_name");
    check(
        |c| c.items = vec![c.items[0].clone(), c.items[0].clone(), c.items[0].clone()],
        "items[1].name: duplicate name=person_name\nitems[2].name: duplicate name=person_name",
    );
}

#[test]
fn an_entry_has_a_thousand_items_at_most() {
    let many = |count: usize| {
        let one = content().items[2].clone();
        (0..count)
            .map(|at| catalogue::Item { name: item_name(&format!("item_{at}")), ..one.clone() })
            .collect::<Vec<_>>()
    };
    check(|c| c.items = many(1_000), "");
    check(|c| c.items = many(1_001), "items: too_long max=1000");
    // However many there are, no more than a thousand are looked at.
    let mut content = content();
    content.items = many(5_000);
    content.items.iter_mut().for_each(|item| item.title.clear());
    let found = catalogue::problems(&entry_draft(content), Some(&structure()));
    assert_eq!(found.len(), 1 + 1_000);
}

#[test]
fn items_are_in_the_source() {
    check(|c| c.resource.as_mut().unwrap().table = "people".into(), "resource.table: not_in_source table=people");
    check(|c| c.items[0].column = "xm".into(), "items[0].column: not_in_source column=xm");
    check(|c| c.items[0].column.clear(), "items[0].column: not_in_source column=");
    check(|c| c.items[3].item_type = ItemType::Date, "items[3].item_type: type_mismatch column=integer");
    // Everything can be given as text.
    check(|c| c.items[3].item_type = ItemType::Text, "");
    // Without a source nothing can be said of it.
    let mut unconnected = content();
    unconnected.items[0].column = "xm".into();
    assert_eq!(lines(&catalogue::problems(&entry_draft(unconnected), None)), "");
}

#[test]
fn masks_fit_the_type() {
    let keep = || Mask::KeepEnds { head: 1, tail: 1 };
    let region = |digits| Mask::RegionOnly { digits };
    let mismatch = |at: usize, item_type: &str| format!("items[{at}].mask: type_mismatch type={item_type}");
    for (at, item_type, mask, fits) in [
        (0, "text", keep(), true),
        (3, "integer", keep(), false),
        (5, "date", keep(), false),
        (0, "text", Mask::YearOnly, true),
        (5, "date", Mask::YearOnly, true),
        (7, "date_time", Mask::YearOnly, true),
        (3, "integer", Mask::YearOnly, false),
        (2, "text", region(2), true),
        (2, "text", region(4), true),
        (2, "text", region(6), true),
        (2, "text", region(3), false),
        (2, "text", region(0), false),
        (3, "integer", region(2), false),
        (4, "decimal", Mask::KeyedHash, true),
        (6, "boolean", Mask::Redact, true),
    ] {
        let expected = if fits { String::new() } else { mismatch(at, item_type) };
        check(|c| c.items[at].mask = Some(mask), &expected);
    }
}
