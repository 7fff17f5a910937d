//! 整改通知书 after an inspection: what was found, under which article, and what is asked for by which day (Art. 29(1)).
//! It is the authority's.

use super::CaseBeside;
use crate::paper::{
    parts::{fact, heading, paragraph, signed},
    words,
};
use shuqiao_domain::{
    case::{Case, FindingOutcome, Inspection, InspectionAct},
    law,
};
use shuqiao_vocabulary::{
    Date, PaperKind,
    paper::{Block, PaperContent, both},
};

/// The notice as of this day; `None` before notice was given.
pub(super) fn notice(case: &Case<Inspection>, beside: &CaseBeside, date: Date) -> Option<PaperContent> {
    let (number, asked, by) = case.steps.iter().rev().find_map(|step| match &step.act {
        InspectionAct::Notify { number, text, .. } => Some((number, text, &step.by)),
        _ => None,
    })?;
    let (authority, department) = (beside.name(by.organisation), beside.respondent()?);
    let rows = findings(case);
    let article = words::law(&law::INSPECTION);
    // Only a finding that says so is an order; the others are asked to be improved.
    let text = if ordered(case) {
        format!("经监督检查，你单位存在下列问题。依照{article}，责令你单位限期改正：")
    } else {
        format!("依照{article}对你单位开展监督检查，现将有关情况通知如下，请限期改进：")
    };
    let matter = &case.matter;
    let due = case.clocks.last().map(|clock| words::day_of(clock.clock.due)).unwrap_or_default();
    let facts = vec![
        fact("通知文号", "Notice", number),
        fact("检查编号", "Case", &case.number),
        fact("检查事项", "Subject", &matter.subject),
        fact("检查期间", "Period", words::period(Some(matter.period_from), Some(matter.period_until))),
        fact("检查范围", "Scope", &matter.scope),
        fact("整改要求", "To be put right", asked),
        fact("整改期限", "By", due),
    ];
    let mut blocks = vec![
        paragraph(text, "After an inspection, what is named below is to be put right in time."),
        Block::Facts(facts),
    ];
    if !rows.is_empty() {
        let columns = vec![
            both("序号", "No."),
            both("条款", "Article"),
            both("发现的问题", "Finding"),
            both("处理", "Outcome"),
            both("证据", "Evidence"),
        ];
        blocks.extend([heading("检查发现", "Findings"), Block::Table { columns, rows }]);
    }
    blocks.extend(again(case));
    blocks.push(Block::Signatures(vec![signed(
        "签发人",
        "Signed for the authority",
        authority,
        by,
        &beside.view.people,
    )]));
    Some(PaperContent {
        kind: PaperKind::RectificationNotice,
        issuer: authority.to_owned(),
        addressee: Some(department.to_owned()),
        date,
        blocks,
    })
}

fn ordered(case: &Case<Inspection>) -> bool {
    let order =
        |act: &InspectionAct| matches!(act, InspectionAct::Find { outcome: FindingOutcome::OrderToCorrect, .. });
    case.steps.iter().any(|step| order(&step.act))
}

/// Findings that something is wrong, as rows of a table.
fn findings(case: &Case<Inspection>) -> Vec<Vec<String>> {
    let wrong = case.steps.iter().filter_map(|step| match &step.act {
        InspectionAct::Find { article, text, records, cases, outcome } if *outcome != FindingOutcome::NoProblem => {
            let recorded = records.iter().map(|index| format!("记录{index}"));
            let evidence: Vec<String> = recorded.chain(cases.iter().map(|number| words::printable(number))).collect();
            Some([
                article.in_chinese(),
                words::or_dash(text),
                words::finding(*outcome).to_owned(),
                words::or_dash(&evidence.join("、")),
            ])
        }
        _ => None,
    });
    wrong.enumerate().map(|(at, row)| std::iter::once((at + 1).to_string()).chain(row).collect()).collect()
}

/// What verifying found to be missing still.
fn again(case: &Case<Inspection>) -> Vec<Block> {
    let missing: Vec<String> = case
        .steps
        .iter()
        .filter_map(|step| match &step.act {
            InspectionAct::Verify { accepted: false, text, .. } => {
                Some(format!("{} {}", words::day_of(step.by.at), words::printable(text)))
            }
            _ => None,
        })
        .collect();
    if missing.is_empty() {
        return Vec::new();
    }
    vec![heading("复查情况", "What was found since"), Block::List(missing)]
}
