//! 使用情况报告: the law's five parts for one grant and one period, and what was added since (Art. 29(2)). It is the
//! requester's, for the provider and the authority, who may read it.

use super::CaseBeside;
use crate::paper::{
    parts::{fact, heading, paragraph, signed, unsigned},
    words,
};
use shuqiao_domain::{
    case::{Case, UsageRecord, UsageRecordAct},
    law,
};
use shuqiao_vocabulary::{
    Date, PaperKind,
    paper::{Block, PaperContent},
};

/// The report as of this day.
pub(super) fn report(case: &Case<UsageRecord>, beside: &CaseBeside, date: Date) -> Option<PaperContent> {
    let (matter, grant) = (&case.matter, beside.grant.as_ref()?);
    let (requester, provider) = (beside.opener(), beside.respondent()?);
    let text = format!(
        "依照{}，现将“{}”数据的使用情况报告如下：",
        words::law(&law::USAGE_RETENTION.article),
        grant.entry_name
    );
    let facts = vec![
        fact("记录编号", "Case", &case.number),
        fact("授权编号", "Grant", &grant.number),
        fact("数据", "Data", &grant.entry_name),
        fact("提供部门", "Provider", provider),
        fact("用途", "Purpose", &grant.terms.purpose),
        fact("报告期间", "Period", words::period(Some(matter.from), Some(matter.until))),
        fact("记录至少保存至", "Kept at least until", beside.view.kept_until.map(words::day).unwrap_or_default()),
    ];
    let parts = vec![
        fact("使用场景", "Scenario", &matter.scenario),
        fact("使用过程", "Process", &matter.process),
        fact("应用成效", "Effect", &matter.effect),
        fact("存储情况", "Storage", &matter.storage),
        fact("销毁情况", "Destruction", &matter.destruction),
    ];
    let mut blocks = vec![
        paragraph(text, "The using department reports on the use of the data in the five parts of the law."),
        Block::Facts(facts),
        heading("使用情况", "Use"),
        Block::Facts(parts),
    ];
    let added = case.steps.iter().map(|step| {
        let UsageRecordAct::Supplement { text } = &step.act;
        format!("{} {}", words::day_of(step.by.at), words::printable(text))
    });
    let added: Vec<String> = added.collect();
    if !added.is_empty() {
        blocks.extend([heading("补充", "Added since"), Block::List(added)]);
    }
    let filed = case.opened.stamp()?;
    blocks.push(Block::Signatures(vec![
        signed("填报人", "Filed by", requester, filed, &beside.view.people),
        unsigned("共享工作机构负责人", "Head of the sharing office", requester),
    ]));
    Some(PaperContent {
        kind: PaperKind::UsageReport,
        issuer: requester.to_owned(),
        addressee: Some(provider.to_owned()),
        date,
        blocks,
    })
}
