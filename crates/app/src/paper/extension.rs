//! The approval of an extension (延期审批单): of the reply to a request (Art. 21(1)), or of the update of an entry
//! (Art. 17(2)). It is the authority's.

use super::{
    parts::{fact, heading, paragraph, signed},
    words,
};
use crate::{
    directory::Organisations,
    view::{EntryView, People, RequestView},
};
use shuqiao_domain::{
    Stamp,
    catalogue::Change,
    law,
    organisation::Organisation,
    request::{ExtensionDecision, Reception},
};
use shuqiao_vocabulary::{
    Date, PaperKind,
    paper::{Block, PaperContent, Signature},
};

/// The approval of a longer term to reply; `None` while none was decided.
pub(super) fn of_reply(view: &RequestView, all: &Organisations, date: Date) -> Option<PaperContent> {
    let request = &view.request.value;
    let Reception { clock, extension, .. } = request.state.reception()?;
    let extension = extension.as_ref()?;
    let (by, conclusion, opinion, due, told) = match &extension.decision {
        ExtensionDecision::Awaited => return None,
        ExtensionDecision::Granted { by, clock, notified } => (by, true, "", clock.due, notified),
        ExtensionDecision::Refused { returned, notified } => {
            (&returned.by, false, returned.reason.as_str(), clock.due, notified)
        }
    };
    let authority = &all.get(&by.organisation)?.name;
    let text = format!(
        "关于编号{}的政务数据共享申请，{}因特殊原因申请延长答复期限。依照{}，审批如下：",
        request.number,
        view.provider.name,
        words::law(&law::REPLY_EXTENSION.article)
    );
    let facts = vec![
        fact("申请编号", "Request", &request.number),
        fact("申请数据", "Data asked for", &view.entry.content.name),
        fact("需求部门", "Requesting department", &view.requester.name),
        fact("提供部门", "Providing department", &view.provider.name),
        fact("原答复截止", "Reply was due", words::day_of(clock.due)),
        fact("申请延长", "Asked for", format!("{}个工作日", extension.working_days)),
        fact("特殊原因", "Special reason", &extension.reason),
        fact("申请日期", "Asked on", words::day_of(extension.asked.at)),
        fact("审批结论", "Decision", concluded(conclusion)),
        fact("审批意见", "Opinion", opinion),
        fact("答复截止", "Reply due", format!("{} 24:00", words::day_of(due))),
        fact("告知需求部门", "Requester told on", words::day_of(*told)),
    ];
    let signatures = signatures(&view.provider.name, &extension.asked, authority, by, &view.people);
    let english = "On the provider's application for more time to reply, the sharing authority decides as follows.";
    let blocks = vec![paragraph(text, english), Block::Facts(facts), Block::Signatures(signatures)];
    Some(approval(authority, &view.provider.name, date, blocks))
}

/// The approvals of longer terms to update an entry, all that were decided; `None` while none was.
pub(super) fn of_update(view: &EntryView, all: &Organisations, date: Date) -> Option<PaperContent> {
    let name = &view.entry.value.content.name;
    let text = format!(
        "{}因特殊原因申请延长“{name}”目录的更新期限。依照{}，审批如下：",
        view.provider.name,
        words::law(&law::CATALOGUE_UPDATE_EXTENSION.article)
    );
    let english = "On the provider's application for more time to update, the sharing authority decides as follows.";
    let (mut blocks, mut authority) = (vec![paragraph(text, english)], None);
    for change in &view.entry.value.changes {
        let Some((facts, signed_by, decided_by)) = of_change(view, change, all) else { continue };
        blocks.extend([heading("需要更新的事项", "What the entry must follow"), facts, signed_by]);
        authority = Some(decided_by);
    }
    Some(approval(&authority?.name, &view.provider.name, date, blocks))
}

/// One decided extension: facts, signatures, and whose decision it was.
fn of_change<'a>(
    view: &EntryView,
    change: &Change,
    all: &'a Organisations,
) -> Option<(Block, Block, &'a Organisation)> {
    let extension = change.extension.as_ref()?;
    let decision = extension.decision.as_ref()?;
    let authority = all.get(&decision.by.organisation)?;
    let mut facts = vec![
        fact("目录名称", "Entry", &view.entry.value.content.name),
        fact("变化种类", "What changed", words::change(change.kind)),
        fact("变化事项", "In words", &change.title),
        fact("发生日期", "Happened on", words::day(change.occurred)),
        fact("更新期限", "Term", format!("{}个工作日", change.clock.working_days)),
        fact("特殊原因", "Special reason", &extension.reason),
        fact("申请日期", "Asked on", words::day_of(extension.asked.at)),
        fact("审批结论", "Decision", concluded(decision.consented)),
        fact("审批意见", "Opinion", &decision.opinion),
    ];
    if decision.consented {
        facts.push(fact("延长", "Extended by", format!("{}个工作日", change.clock.extended_by)));
    }
    facts.push(fact("更新截止", "Update due", format!("{} 24:00", words::day_of(change.clock.due))));
    let signatures = signatures(&view.provider.name, &extension.asked, &authority.name, &decision.by, &view.people);
    Some((Block::Facts(facts), Block::Signatures(signatures), authority))
}

const fn concluded(consented: bool) -> &'static str {
    if consented { "同意延期" } else { "不同意延期" }
}

fn signatures(provider: &str, asked: &Stamp, authority: &str, decided: &Stamp, people: &People) -> Vec<Signature> {
    vec![
        signed("申请人", "Asked by", provider, asked, people),
        signed("主管部门审批人", "Decided for the sharing authority", authority, decided, people),
    ]
}

fn approval(authority: &str, provider: &str, date: Date, blocks: Vec<Block>) -> PaperContent {
    let addressee = Some(provider.to_owned());
    PaperContent { kind: PaperKind::ExtensionApproval, issuer: authority.to_owned(), addressee, date, blocks }
}
