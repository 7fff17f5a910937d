//! 校核纠错单: what was doubted, what verifying came to, and who took note of it (Art. 26(2)). Until the answer it is the
//! applicant's form with room for the provider's; then it is the provider's.

use super::CaseBeside;
use crate::paper::{
    parts::{fact, heading, signed, unsigned},
    words,
};
use shuqiao_domain::{
    Stamp,
    case::{Case, Correction, CorrectionAct, Verdict},
    law,
};
use shuqiao_vocabulary::{
    Date, ItemName, PaperKind,
    paper::{Bilingual, Block, PaperContent, both},
};

/// The sheet as of this day.
pub(super) fn sheet(case: &Case<Correction>, beside: &CaseBeside, date: Date) -> Option<PaperContent> {
    let (applicant, provider) = (beside.opener(), beside.respondent()?);
    let answer = case.steps.iter().find_map(|step| match &step.act {
        CorrectionAct::Answer { verdict, finding } => Some((*verdict, finding.as_str(), &step.by)),
        _ => None,
    });
    let people = &beside.view.people;
    let mut blocks = vec![Block::Facts(doubted(case, beside)?), heading("核实结果", "What verifying came to")];
    blocks.push(Block::Facts(verified(answer)));
    blocks.extend(noted(case, beside));
    let applied = case.opened.stamp()?;
    blocks.push(Block::Signatures(vec![
        signed("校核申请人", "Applied by", applicant, applied, people),
        match answer {
            Some((_, _, by)) => signed("核实反馈人", "Verified by", provider, by, people),
            None => unsigned("核实反馈人", "Verified by", provider),
        },
    ]));
    let (issuer, addressee) = if answer.is_some() { (provider, applicant) } else { (applicant, provider) };
    Some(PaperContent {
        kind: PaperKind::CorrectionSheet,
        issuer: issuer.to_owned(),
        addressee: Some(addressee.to_owned()),
        date,
        blocks,
    })
}

fn doubted(case: &Case<Correction>, beside: &CaseBeside) -> Option<Vec<(Bilingual, String)>> {
    let (matter, grant) = (&case.matter, beside.grant.as_ref()?);
    let title = |name: &ItemName| {
        let item = grant.terms.items.iter().find(|item| item.name == *name);
        item.map_or_else(|| name.to_string(), |item| words::printable(&item.title))
    };
    let clock = &case.clocks.last()?.clock;
    let term = format!("{}个工作日（{}）", clock.working_days, words::law(&law::CORRECTION.article));
    Some(vec![
        fact("校核编号", "Case", &case.number),
        fact("申请部门", "Applicant", beside.opener()),
        fact("提供部门", "Provider", beside.respondent()?),
        fact("数据", "Data", &grant.entry_name),
        fact("授权编号", "Grant", &grant.number),
        fact("存疑的数据项", "Items in doubt", matter.items.iter().map(title).collect::<Vec<_>>().join("、")),
        fact("涉及的数据行", "Rows", &matter.rows),
        fact("存疑内容", "What is wrong", &matter.doubt),
        fact("建议更正为", "What would be right", &matter.proposal),
        fact("佐证", "Evidence", &matter.evidence),
        fact("收到日期", "Received on", words::day_of(clock.started)),
        fact("办理时限", "Term", term),
        fact("办理截止", "Due", format!("{} 24:00", words::day_of(clock.due))),
    ])
}

fn verified(answer: Option<(Verdict, &str, &Stamp)>) -> Vec<(Bilingual, String)> {
    match answer {
        Some((verdict, finding, by)) => vec![
            fact("核实结果", "Verdict", words::verdict(verdict)),
            fact("核实与更正情况", "What was found and done", finding),
            fact("反馈日期", "Answered on", words::day_of(by.at)),
        ],
        None => vec![fact("核实结果", "Verdict", "待核实")],
    }
}

/// Who received the data and took note of the verdict; nothing while nobody did.
fn noted(case: &Case<Correction>, beside: &CaseBeside) -> Vec<Block> {
    let row = |act: &CorrectionAct, by: &Stamp| match act {
        CorrectionAct::Acknowledge { note } => {
            Some(vec![words::or_dash(beside.name(by.organisation)), words::or_dash(note), words::day_of(by.at)])
        }
        _ => None,
    };
    let rows: Vec<_> = case.steps.iter().filter_map(|step| row(&step.act, &step.by)).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = vec![both("单位", "Organisation"), both("处理情况", "What was done there"), both("日期", "Day")];
    vec![heading("接收部门知悉情况", "Who took note"), Block::Table { columns, rows }]
}
