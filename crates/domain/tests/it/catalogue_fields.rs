//! Every field an entry must state (Art. 13), one by one: what is told when it is missing, a placeholder, or too long.

use crate::samples::*;
use shuqiao_domain::{
    ProblemCode, RefusalCode,
    catalogue::{self, EntryContent, ImpactAssessment, LegalBasis, Limits, SecrecyReview},
    law,
};
use shuqiao_vocabulary::BasisRank;

/// The sample entry, changed like this, has these problems and no others.
pub(crate) fn check(change: impl FnOnce(&mut EntryContent), expected: &str) {
    check_of(content(), change, expected);
}

pub(crate) fn check_of(mut content: EntryContent, change: impl FnOnce(&mut EntryContent), expected: &str) {
    change(&mut content);
    let found = catalogue::problems(&entry_draft(content), Some(&structure()));
    assert_eq!(lines(&found), expected);
}

#[test]
fn complete_entries_have_no_problem() {
    check(|_| (), "");
    check_of(unconditional_content(), |_| (), "");
    check_of(not_shared_content(), |_| (), "");
    check(
        |c| {
            c.personal_information = false;
            c.impact_assessment = None;
            c.items.retain(|item| !item.personal);
        },
        "",
    );
}

/// 目录名称、数据项、(提供单位)、数据格式、数据更新频率、共享属性、共享方式、使用条件、数据分类分级. The provider is the
/// entry's own, so it cannot be missing.
#[test]
fn each_of_the_nine_fields_is_asked_for() {
    check(|c| c.name = "  ".into(), "name: required (13)");
    check(|c| c.items.clear(), "items: required (13)");
    check(|c| c.data_format = None, "data_format: required (13)");
    check(|c| c.update_frequency = None, "update_frequency: required (13)");
    check(|c| c.sharing_attribute = None, "sharing_attribute: required (14)");
    check(|c| c.methods.clear(), "methods: required (22(2))");
    check(|c| c.conditions.purposes.clear(), "conditions: required (15)");
    check(|c| c.category.clear(), "classification.category: required (13)");
    check(|c| c.grade = None, "classification.grade: required (13)");
}

#[test]
fn what_else_filing_asks_for() {
    check(|c| c.summary.clear(), "summary: required (13)");
    check(|c| c.resource = None, "resource: required (16)");
    check(|c| c.collection_basis = None, "collection_basis: required (19(1))");
    check(
        |c| {
            c.collection_basis =
                Some(LegalBasis { rank: BasisRank::Rule, title: String::new(), article: "无".into() });
        },
        "collection_basis.title: required (19(1))\ncollection_basis.article: placeholder (19(1)) found=无",
    );
    check(|c| c.secrecy = None, "secrecy: required (13)");
    check(
        |c| c.secrecy = Some(SecrecyReview::default()),
        "secrecy.reviewer: required (13)\nsecrecy.conclusion: required (13)\nsecrecy.date: required (13)",
    );
    check(|c| c.impact_assessment = None, "personal_information.assessment: required (13)");
    check(
        |c| c.impact_assessment = Some(ImpactAssessment::default()),
        "personal_information.assessment.lawful_purpose: required (13)\n\
         personal_information.assessment.impact: required (13)\n\
         personal_information.assessment.safeguards: required (13)\n\
         personal_information.assessment.assessor: required (13)\n\
         personal_information.assessment.date: required (13)",
    );
    check(|c| c.limits = None, "limits: required");
    check(
        |c| c.limits = Some(Limits { calls_per_second: 0, rows_per_call: 0, rows_per_day: 0 }),
        "limits.calls_per_second_max: required\n\
         limits.rows_per_call_max: required\n\
         limits.rows_per_day_max: required",
    );
    check(
        |c| c.limits = Some(Limits { calls_per_second: 5_001, rows_per_call: 10_001, rows_per_day: 1_000_000_001 }),
        "limits.calls_per_second_max: too_large max=5000\n\
         limits.rows_per_call_max: too_large max=10000\n\
         limits.rows_per_day_max: too_large max=1000000000",
    );
}

#[test]
fn an_empty_draft_is_told_everything_at_once() {
    let found = catalogue::problems(&entry_draft(EntryContent::default()), None);
    insta::assert_snapshot!(lines(&found), @r"
    name: required (13)
    summary: required (13)
    items: required (13)
    data_format: required (13)
    update_frequency: required (13)
    sharing_attribute: required (14)
    classification.category: required (13)
    classification.grade: required (13)
    methods: required (22(2))
    resource: required (16)
    collection_basis: required (19(1))
    secrecy: required (13)
    limits: required
    ");
}

#[test]
fn placeholders_are_not_answers() {
    for word in ["无", "其他", "暂无", "待定", "None", "N/A", "TEST", "tbd", "-", "/", "  无 "] {
        let found = word.trim();
        check(|c| c.name = word.into(), &format!("name: placeholder (13) found={found}"));
        check(|c| c.summary = word.into(), &format!("summary: placeholder (13) found={found}"));
        check(|c| c.items[0].title = word.into(), &format!("items[0].title: placeholder (13) found={found}"));
    }
    check(|c| c.summary = format!(" {}", c.name), "summary: placeholder (13) found=name");
    check(|c| c.name = "无障碍设施信息".into(), "");
}

#[test]
fn texts_have_an_end() {
    check(|c| c.name = "名".repeat(121), "name: too_long (13) max=120");
    check(|c| c.name = "名".repeat(120), "");
    check(|c| c.summary = "要".repeat(2_001), "summary: too_long (13) max=2000");
    check(|c| c.category = "类".repeat(121), "classification.category: too_long (13) max=120");
    check(|c| c.items[2].title = "题".repeat(121), "items[2].title: too_long (13) max=120");
    check(|c| c.items[2].description = "释".repeat(2_001), "items[2].description: too_long (13) max=2000");
    check(|c| c.conditions.note = "注".repeat(2_001), "conditions.note: too_long (15) max=2000");
    check(|c| c.conditions.purposes.push("用".repeat(2_001)), "conditions.purposes[1]: too_long (15) max=2000");
}

#[test]
fn submitting_and_publishing_ask_the_same() {
    let mut incomplete = content();
    incomplete.name.clear();
    let draft = entry_draft(incomplete.clone());
    let refusal = catalogue::submit(&draft, Some(&structure()), by_provider()).expect_err("it has no name");
    assert_eq!(refusal_line(&refusal), "entry_incomplete (13)\nname: required (13)");

    let mut filed = entry_in(catalogue::EntryStateName::Filed, content());
    filed.content = incomplete;
    let publish = catalogue::publish(&filed, Some(&structure()), "1".into(), announcement(), by_authority());
    let refusal = publish.expect_err("it lost its name meanwhile");
    assert_eq!(refusal_line(&refusal), "entry_incomplete (16)\nname: required (13)");
    assert_eq!((refusal.code, refusal.ground), (RefusalCode::EntryIncomplete, Some(law::PUBLICATION)));
    assert_eq!(refusal.problems[0].code, ProblemCode::Required);
}

#[test]
fn sending_back_gives_a_reason() {
    for state in [catalogue::EntryStateName::AwaitingHead, catalogue::EntryStateName::Filed] {
        let entry = entry_in(state, content());
        for (reason, expected) in [
            ("  ".to_owned(), "text_required field=reason max=2000"),
            ("长".repeat(2_001), "text_required field=reason max=2000"),
        ] {
            let refusal = catalogue::send_back(&entry, &reason, by_authority()).expect_err("no usable reason");
            assert_eq!(refusal_line(&refusal), expected);
        }
    }
}
