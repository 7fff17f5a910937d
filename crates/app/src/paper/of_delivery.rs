//! The confirmation of a delivery (交付确认单): when it was due, when it was made, who found it usable, and how much was
//! delivered, for both sides to compare (Art. 22(1)).

use super::{
    of_grant::items,
    parts::{fact, heading, paragraph, signed, unsigned},
    words,
};
use crate::view::{RequestView, UsageSummary};
use shuqiao_domain::{grant::Grant, law, request::DeliverySettled};
use shuqiao_vocabulary::{
    Date, PaperKind,
    paper::{Block, PaperContent},
};

/// What was delivered of what was agreed.
pub(super) struct Delivered {
    /// The grant.
    pub(super) grant: Grant,
    /// Counts over its calls until now.
    pub(super) usage: UsageSummary,
}

/// The paper as of this day; `None` while no delivery was found usable.
pub(super) fn confirmation(view: &RequestView, delivered: &Delivered, date: Date) -> Option<PaperContent> {
    let (request, grant) = (&view.request.value, &delivered.grant);
    let delivery = request.state.delivery()?;
    let stopped = delivery.stopped_at()?;
    let (provider, requester) = (&view.provider.name, &view.requester.name);
    // Who confirms, issues it; where nobody said anything it is the provider who delivered.
    let (how, issuer, addressee, signature) = match delivery.settled.as_ref()? {
        DeliverySettled::Confirmed(by) => (
            "需求部门确认数据可用".to_owned(),
            requester,
            provider,
            signed("需求部门确认人", "Confirmed for the requester", requester, by, &view.people),
        ),
        DeliverySettled::Presumed { at } => (
            format!("首次提供后{}个工作日内需求部门未提出异议，{}视为可用", view.objection_days, words::day_of(*at)),
            provider,
            requester,
            unsigned("需求部门", "Requester", requester),
        ),
        DeliverySettled::Lapsed { .. } => return None,
    };
    let in_time = if stopped <= delivery.clock.due { "按期提供" } else { "逾期提供" };
    let text =
        format!("编号{}的政务数据共享申请获同意后，“{}”数据已经提供，确认如下：", request.number, grant.entry_name);
    let mut facts = vec![
        fact("授权编号", "Grant", &grant.number),
        fact("提供部门", "Providing department", provider),
        fact("需求部门", "Requesting department", requester),
        fact("共享方式", "Sharing method", words::method(grant.terms.method)),
        fact("同意共享日期", "Agreed on", words::day_of(delivery.clock.started)),
        fact(
            "提供期限",
            "Term",
            format!("{}个工作日（{}）", delivery.clock.working_days, words::law(&law::DELIVERY.article)),
        ),
        fact("提供截止", "Delivery due", format!("{} 24:00", words::day_of(delivery.clock.due))),
        fact("首次提供", "First delivery", delivery.first.map(words::day_of).unwrap_or_default()),
        fact("是否按期", "In time", in_time),
        fact("确认方式", "How it was confirmed", how),
    ];
    if let Some(objection) = &delivery.objection {
        let text = format!("{} {}", words::day_of(objection.by.at), words::printable(&objection.reason));
        facts.push(fact("此前的异议", "Objection before", text));
    }
    let usage = &delivered.usage;
    let counts = vec![
        fact("有数据的调用", "Calls answered with data", usage.calls.to_string()),
        fact("提供的行数", "Rows delivered", usage.rows.to_string()),
        fact("拒绝的调用", "Calls refused", usage.refused.to_string()),
        fact("最近一次", "The last one", usage.last_at.map(words::day_of).unwrap_or_default()),
    ];
    let blocks = vec![
        paragraph(text, "The data that was agreed on has been delivered, as follows."),
        Block::Facts(facts),
        heading("提供的数据项", "Items"),
        items(&grant.terms.items),
        heading("对账（截至出具时）", "Counts when this paper was made"),
        Block::Facts(counts),
        Block::Signatures(vec![signature]),
    ];
    Some(PaperContent {
        kind: PaperKind::DeliveryConfirmation,
        issuer: issuer.clone(),
        addressee: Some(addressee.clone()),
        date,
        blocks,
    })
}
