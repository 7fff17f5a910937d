//! 争议协调意见: what is in dispute, what the authority proposes, who accepts it, and what the people's government decided
//! where it came to that (Art. 28(2)). It is the authority's.

use super::CaseBeside;
use crate::paper::{
    parts::{fact, heading, paragraph, signed},
    words,
};
use shuqiao_domain::{
    Stamp,
    case::{Case, Dispute, DisputeAct},
    law,
};
use shuqiao_vocabulary::{
    Date, PaperKind,
    paper::{Bilingual, Block, PaperContent, both},
};

/// The opinion as of this day; `None` while there is neither a proposal nor a decision.
pub(super) fn opinion(case: &Case<Dispute>, beside: &CaseBeside, date: Date) -> Option<PaperContent> {
    let authority = beside.authority()?;
    let (opener, respondent) = (beside.opener(), beside.respondent()?);
    let text = format!(
        "关于{opener}与{respondent}之间的政务数据共享争议（编号{}），依照{}，处理意见如下：",
        case.number,
        words::law(&law::DISPUTE)
    );
    let english = "On the dispute between the two departments the sharing authority says as follows.";
    let mut blocks = vec![paragraph(text, english), Block::Facts(disputed(case, beside))];
    blocks.extend(heard(case, beside));
    let (proposal, decision) = (proposed(case, beside), decided(case));
    if proposal.is_none() && decision.is_none() {
        return None;
    }
    let mut signatures = Vec::new();
    if let Some((parts, by)) = proposal {
        blocks.extend(parts);
        signatures.push(signed("协调人", "Mediated by", authority, by, &beside.view.people));
    }
    if let Some((parts, by)) = decision {
        blocks.extend(parts);
        signatures.push(signed("决定记录人", "Decision recorded by", authority, by, &beside.view.people));
    }
    blocks.push(Block::Signatures(signatures));
    Some(PaperContent {
        kind: PaperKind::DisputeOpinion,
        issuer: authority.to_owned(),
        addressee: Some(format!("{opener}、{respondent}")),
        date,
        blocks,
    })
}

fn disputed(case: &Case<Dispute>, beside: &CaseBeside) -> Vec<(Bilingual, String)> {
    let mut facts = vec![
        fact("争议编号", "Case", &case.number),
        fact("申请方", "Opened by", beside.opener()),
        fact("相对方", "Other party", beside.respondent().unwrap_or_default()),
        fact("数据", "Data", &beside.view.hit.title),
    ];
    if let Some(request) = &beside.request {
        facts.push(fact("申请编号", "Request", &request.number));
    }
    if let Some(grant) = &beside.grant {
        facts.push(fact("授权编号", "Grant", &grant.number));
    }
    facts.push(fact("申请方主张", "Position", &case.matter.position));
    facts.push(fact("申请方请求", "Demand", &case.matter.demand));
    facts
}

/// What the parties put on record and what the authority heard; nothing when nothing was.
fn heard(case: &Case<Dispute>, beside: &CaseBeside) -> Vec<Block> {
    let row = |act: &DisputeAct, by: &Stamp| {
        let (what, text) = match act {
            DisputeAct::StatePosition { position } => ("陈述主张", position),
            DisputeAct::Apply { reason } => ("申请协调处理", reason),
            DisputeAct::Hear { summary } => ("听取意见", summary),
            DisputeAct::Reject { reason } => ("不接受协调意见", reason),
            _ => return None,
        };
        let by = [words::or_dash(beside.name(by.organisation)), words::day_of(by.at)];
        let [who, when] = by;
        Some(vec![when, who, what.to_owned(), words::or_dash(text)])
    };
    let rows: Vec<_> = case.steps.iter().filter_map(|step| row(&step.act, &step.by)).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = vec![both("日期", "Day"), both("单位", "By"), both("事项", "What"), both("内容", "In words")];
    vec![heading("处理经过", "What happened"), Block::Table { columns, rows }]
}

/// The authority's last proposal and who accepted it.
fn proposed<'a>(case: &'a Case<Dispute>, beside: &CaseBeside) -> Option<(Vec<Block>, &'a Stamp)> {
    let (text, by) = case.proposal()?;
    let accepted: Vec<String> = case
        .acceptances()
        .into_iter()
        .map(|stamp| format!("{}（{}）", beside.name(stamp.organisation), words::day_of(stamp.at)))
        .collect();
    let facts = vec![
        fact("协调意见", "Proposal", text),
        fact("提出日期", "Proposed on", words::day_of(by.at)),
        fact("接受意见的一方", "Accepted by", accepted.join("\n")),
    ];
    Some((vec![heading("协调意见", "Proposal of the authority"), Block::Facts(facts)], by))
}

/// What the people's government decided, and who recorded it.
fn decided(case: &Case<Dispute>) -> Option<(Vec<Block>, &Stamp)> {
    let government = case.steps.iter().rev().find_map(|step| match &step.act {
        DisputeAct::Escalate { government, .. } => Some(government.as_str()),
        _ => None,
    });
    case.steps.iter().rev().find_map(|step| match &step.act {
        DisputeAct::Decide { outcome, date, text, documents } => {
            let mut facts = vec![
                fact("决定机关", "Decided by", government.unwrap_or_default()),
                fact("决定日期", "Decided on", words::day(*date)),
                fact("决定结果", "Outcome", words::decision(*outcome)),
                fact("决定内容", "In words", text),
            ];
            facts.extend(documents.iter().map(|document| fact("决定文书", "Document", words::document(document))));
            Some((
                vec![heading("人民政府的决定", "Decision of the people's government"), Block::Facts(facts)],
                &step.by,
            ))
        }
        _ => None,
    })
}
