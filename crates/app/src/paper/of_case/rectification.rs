//! 整改通知书 after misuse: the right of sharing is suspended, and what is to be put right by which day (Art. 27(2)). It is
//! in the name of who ordered it, provider or authority.

use super::CaseBeside;
use crate::paper::{
    parts::{fact, heading, paragraph, signed},
    words,
};
use shuqiao_domain::{
    Stamp,
    case::{Case, Rectification, RectificationAct},
    law,
};
use shuqiao_vocabulary::{
    Date, PaperKind,
    paper::{Block, PaperContent},
};

/// The notice as of this day.
pub(super) fn notice(case: &Case<Rectification>, beside: &CaseBeside, date: Date) -> Option<PaperContent> {
    let (matter, grant) = (&case.matter, beside.grant.as_ref()?);
    let (issuer, addressee) = (beside.opener(), beside.respondent()?);
    let text = format!(
        "经查，你单位使用编号{}授权的“{}”数据，存在{}的情形。依照{}，现暂停你单位的该项政务数据共享权限，要求限期整改：",
        grant.number,
        grant.entry_name,
        words::misuse(matter.misuse),
        words::law(&law::MISUSE)
    );
    let due = case.clocks.last().map(|clock| words::day_of(clock.clock.due)).unwrap_or_default();
    let facts = vec![
        fact("案件编号", "Case", &case.number),
        fact("授权编号", "Grant", &grant.number),
        fact("数据", "Data", &grant.entry_name),
        fact("违规情形", "Rule that was broken", words::misuse(matter.misuse)),
        fact("基本情况", "What happened", &matter.text),
        fact("证据", "Evidence", &matter.evidence),
        fact("整改要求", "To be put right", &matter.demand),
        fact("整改期限", "By", due),
        fact("办理情况", "State", words::rectification(case.state)),
    ];
    let mut blocks = vec![
        paragraph(text, "Your right to this data is suspended; what is named below is to be put right in time."),
        Block::Facts(facts),
    ];
    let found = |act: &RectificationAct, by: &Stamp| match act {
        RectificationAct::Reject { finding, due } => {
            Some(format!("{} {}；整改期限延至{}。", words::day_of(by.at), words::printable(finding), words::day(*due)))
        }
        RectificationAct::Fail { finding } => Some(format!("{} {}", words::day_of(by.at), words::printable(finding))),
        _ => None,
    };
    let checks: Vec<String> = case.steps.iter().filter_map(|step| found(&step.act, &step.by)).collect();
    if !checks.is_empty() {
        blocks.extend([heading("核查情况", "What was found since"), Block::List(checks)]);
    }
    let ordered = case.opened.stamp()?;
    blocks.extend([
        paragraph(
            "拒不整改或者整改不到位的，可以终止共享。",
            "If it is refused or not enough, the sharing may be ended.",
        ),
        Block::Signatures(vec![signed("签发人", "Ordered by", issuer, ordered, &beside.view.people)]),
    ]);
    Some(PaperContent {
        kind: PaperKind::RectificationNotice,
        issuer: issuer.to_owned(),
        addressee: Some(addressee.to_owned()),
        date,
        blocks,
    })
}
