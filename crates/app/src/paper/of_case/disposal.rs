//! 数据销毁证明: the requester says that received data was deleted as the provider asked, and the provider has verified it
//! (Art. 27(1)).

use super::CaseBeside;
use crate::paper::{
    parts::{fact, paragraph, signed},
    words,
};
use shuqiao_domain::{
    case::{Case, Disposal, DisposalAct},
    law,
};
use shuqiao_vocabulary::{
    Date, PaperKind,
    paper::{Block, PaperContent},
};

/// The certificate as of this day; `None` before the provider has verified.
pub(super) fn certificate(case: &Case<Disposal>, beside: &CaseBeside, date: Date) -> Option<PaperContent> {
    let (grant, asked) = (beside.grant.as_ref()?, case.instruction()?);
    let (provider, requester) = (beside.opener(), beside.respondent()?);
    // The last proof is the one that was verified; those before it were rejected.
    let (done, on, office, document, proved) = case.steps.iter().rev().find_map(|step| match &step.act {
        DisposalAct::Prove { done, on, office, document } => Some((done, *on, office, document, &step.by)),
        _ => None,
    })?;
    let (finding, verified) = case.steps.iter().rev().find_map(|step| match &step.act {
        DisposalAct::Verify { finding } => Some((finding, &step.by)),
        _ => None,
    })?;
    let text = format!(
        "依照{}，我单位已按照贵单位的处置要求，将依编号{}授权取得的“{}”数据销毁，特此证明。",
        words::law(&law::PURPOSE_ENDED),
        grant.number,
        grant.entry_name
    );
    let facts = vec![
        fact("处置编号", "Case", &case.number),
        fact("授权编号", "Grant", &grant.number),
        fact("数据", "Data", &grant.entry_name),
        fact("授权期限", "Period", words::period(Some(grant.terms.valid_from), Some(grant.terms.valid_until))),
        fact("处置要求", "What was asked", asked.text),
        fact("要求日期", "Asked on", words::day_of(asked.by.at)),
        fact("销毁情况", "What was done", done),
        fact("销毁日期", "Done on", words::day(on)),
        fact("经办机构", "Office", office),
        fact("证明材料", "Document", format!("SHA-256 {document}")),
        fact("核验情况", "What verifying found", finding),
        fact("核验日期", "Verified on", words::day_of(verified.at)),
    ];
    let blocks = vec![
        paragraph(text, "The data that was received has been destroyed, as the provider asked."),
        Block::Facts(facts),
        Block::Signatures(vec![
            signed("证明人", "Certified by", requester, proved, &beside.view.people),
            signed("提供部门核验人", "Verified for the provider", provider, verified, &beside.view.people),
        ]),
    ];
    Some(PaperContent {
        kind: PaperKind::DestructionCertificate,
        issuer: requester.to_owned(),
        addressee: Some(provider.to_owned()),
        date,
        blocks,
    })
}
