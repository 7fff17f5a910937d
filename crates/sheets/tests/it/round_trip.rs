//! What is exported comes in again as it was, and nothing in it is ever run.

use crate::support::{import, lines};
use proptest::{collection::vec, option, prelude::*};
use shuqiao_domain::catalogue::{
    Conditions, EntryContent, ImpactAssessment, Item, LegalBasis, Limits, NotSharedBasis, Resource, SecrecyReview,
};
use shuqiao_sheets::{Cover, Exported, Remark, annotated, export};
use shuqiao_vocabulary::{
    BasisRank, DataFormat, Date, Grade, ItemType, Level, Mask, OrganisationKind, SharingAttribute, SharingMethod,
    UpdateFrequency,
};
use std::io::{Cursor, Read as _};

fn cover() -> Cover {
    Cover { title: "目录".into(), lines: vec![("检索词".into(), "=1+1".into())] }
}

/// A text as people type it, perhaps one that a spreadsheet would like to run or to change.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z一-鿿，；、\\\\/ =+@\"'<>&_x0-9\n-]{0,30}".prop_map(|text| text.trim().to_owned()),
        1 => prop::sample::select(vec![
            "=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "007", "1e5", "2018-01-01", "TRUE", "_x0041_", "一\n二", "\\n",
        ]).prop_map(str::to_owned),
    ]
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

fn several<T: Copy + PartialEq + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = Vec<T>> {
    prop::sample::subsequence(all, 0..=all.len())
}

fn date() -> impl Strategy<Value = Date> {
    (2000_i16..2100, 1_i8..13, 1_i8..29).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn basis() -> impl Strategy<Value = LegalBasis> {
    (one_of(BasisRank::ALL), text(), text()).prop_map(|(rank, title, article)| LegalBasis { rank, title, article })
}

fn mask() -> impl Strategy<Value = Mask> {
    prop_oneof![
        (any::<u8>(), any::<u8>()).prop_map(|(head, tail)| Mask::KeepEnds { head, tail }),
        any::<u8>().prop_map(|digits| Mask::RegionOnly { digits }),
        prop::sample::select(vec![Mask::KeyedHash, Mask::YearOnly, Mask::Redact]),
    ]
}

prop_compose! {
    fn item()(
        title in text(), column in text(), item_type in one_of(ItemType::ALL),
        grade in option::of(one_of(Grade::ALL)), sharing_attribute in option::of(one_of(SharingAttribute::ALL)),
        personal in any::<bool>(), sensitive in any::<bool>(), mask in option::of(mask()), description in text(),
    ) -> Item {
        let name = "x".parse().unwrap();
        Item { name, title, column, item_type, grade, sharing_attribute, personal, sensitive, mask, description }
    }
}

prop_compose! {
    fn conditions()(
        organisation_kinds in several(OrganisationKind::ALL), levels in several(Level::ALL),
        purposes in vec(text().prop_filter("said", |text| !text.is_empty()), 0..3),
        subject_consent_required in any::<bool>(), note in text(),
    ) -> Conditions {
        Conditions { organisation_kinds, levels, purposes, subject_consent_required, note }
    }
}

prop_compose! {
    fn reviews()(
        secrecy in option::of((any::<bool>(), any::<bool>(), text(), option::of(date()), text())),
        assessment in option::of((text(), text(), text(), text(), option::of(date()))),
    ) -> (Option<SecrecyReview>, Option<ImpactAssessment>) {
        let secrecy = secrecy.map(|(state_secret, work_secret, reviewer, date, conclusion)| {
            SecrecyReview { state_secret, work_secret, reviewer, date, conclusion }
        });
        let assessment = assessment.map(|(lawful_purpose, impact, safeguards, assessor, date)| {
            ImpactAssessment { lawful_purpose, impact, safeguards, assessor, date }
        });
        (secrecy, assessment)
    }
}

prop_compose! {
    fn content()(
        (summary, category, code) in (text(), text(), option::of("[123][0-9]{5,9}/[0-9]{1,6}")),
        (data_format, update_frequency) in (option::of(one_of(DataFormat::ALL)), option::of(one_of(UpdateFrequency::ALL))),
        (sharing_attribute, grade) in (option::of(one_of(SharingAttribute::ALL)), option::of(one_of(Grade::ALL))),
        (conditions, methods) in (conditions(), several(SharingMethod::ALL)),
        (collection_basis, not_shared) in (option::of(basis()), option::of((basis(), text()))),
        (secrecy, impact_assessment) in reviews(),
        (personal_information, table) in (any::<bool>(), option::of(text())),
        limits in option::of((any::<u32>(), any::<u32>(), 0_u64..1_000_000_000_000)),
        items in vec(item(), 0..4),
    ) -> EntryContent {
        let source = || "src_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5".parse().unwrap();
        let numbered = |(at, item): (usize, Item)| Item { name: format!("x{at}").parse().unwrap(), ..item };
        EntryContent {
            name: "填空".into(),
            code: code.map(|code| code.parse().unwrap()),
            summary, data_format, update_frequency, sharing_attribute, conditions,
            not_shared_basis: not_shared.map(|(basis, reason)| NotSharedBasis { basis, reason, review_by: None }),
            methods, category, grade, collection_basis, secrecy, personal_information, impact_assessment,
            resource: table.map(|table| Resource { source: source(), table }),
            limits: limits.map(|(calls_per_second, rows_per_call, rows_per_day)| {
                Limits { calls_per_second, rows_per_call, rows_per_day }
            }),
            items: items.into_iter().enumerate().map(numbered).collect(),
        }
    }
}

fn exported(contents: Vec<EntryContent>) -> Vec<Exported> {
    let numbered = |(at, content): (usize, EntryContent)| Exported {
        key: format!("cat_{at}"),
        number: String::new(),
        provider: "市民政局".into(),
        content: EntryContent { name: format!("目录{at}"), ..content },
    };
    contents.into_iter().enumerate().map(numbered).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_exported_comes_in_again_without_loss(contents in vec(content(), 0..5)) {
        let entries = exported(contents);
        let found = import(&export(&cover(), &entries).unwrap(), "shuqiao-1");
        // What the content itself says against itself is looked at elsewhere; nothing may keep it from coming in.
        prop_assert!(found.problems.iter().all(|problem| !problem.fatal), "{:?}", lines(&found));
        let before: Vec<&EntryContent> = entries.iter().map(|entry| &entry.content).collect();
        let after: Vec<&EntryContent> = found.entries.iter().map(|entry| &entry.content).collect();
        prop_assert_eq!(before, after);
    }
}

/// Every part of a workbook, as text.
fn parts(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for index in 0..archive.len() {
        archive.by_index(index).unwrap().read_to_string(&mut all).unwrap();
    }
    all
}

#[test]
fn nothing_in_an_export_is_a_formula_or_a_link() {
    let hostile = ["=HYPERLINK(\"http://x\")", "+1", "-1", "@a", "http://x.example/", "\t=1"];
    let contents =
        hostile.map(|text| EntryContent { summary: text.into(), category: text.into(), ..EntryContent::default() });
    let bytes = export(&cover(), &exported(contents.to_vec())).unwrap();
    let all = parts(&bytes);
    assert!(!all.contains("<f>") && !all.contains("<hyperlink"), "no formula, no link");
    assert!(all.contains("quotePrefix=\"1\""), "and it stays text when somebody edits the cell");
    let remarked =
        annotated(&bytes, "=1", &[Remark { sheet: "数据资源目录导入".into(), row: 4, text: "=2".into() }]).unwrap();
    assert!(!parts(&remarked).contains("<f>"));
}

#[test]
fn remarks_stand_beside_the_rows_they_are_about() {
    let table = "目录名称,数据更新周期,共享类型,摘要\n低保对象,10,1,说明\n婚姻登记,1,1,说明\n";
    let remarks = [
        Remark { sheet: "csv".into(), row: 2, text: "一".into() },
        Remark { sheet: "csv".into(), row: 2, text: "二".into() },
    ];
    let bytes = annotated(table.as_bytes(), "问题", &remarks).unwrap();
    let mut again = calamine::open_workbook_from_rs::<calamine::Xlsx<_>, _>(Cursor::new(bytes)).unwrap();
    let range = calamine::Reader::worksheet_range(&mut again, "csv").unwrap();
    let cell = |row, column| range.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    assert_eq!([cell(0, 4), cell(1, 4), cell(2, 4)], ["问题", "一\n二", ""]);
    assert_eq!([cell(0, 0), cell(1, 0), cell(2, 0)], ["目录名称", "低保对象", "婚姻登记"]);
}
