//! Papers of a sharing request: application form, notice of receipt, review opinion, notice of refusal.

use super::{
    parts::{fact, heading, paragraph, signed, unsigned},
    words,
};
use crate::view::RequestView;
use shuqiao_domain::{
    catalogue::Entry,
    law,
    request::{Narrowing, Proposal, Reception, RefusalReason, RequestState},
};
use shuqiao_vocabulary::{
    Date, ItemName, PaperKind,
    paper::{Block, PaperContent, both},
};

/// The paper of this kind as of this day; `None` when the request has none in its state.
pub(super) fn content(kind: PaperKind, view: &RequestView, date: Date) -> Option<PaperContent> {
    let reception = view.request.value.state.reception();
    match kind {
        PaperKind::ApplicationForm => Some(application_form(view, date)),
        PaperKind::ReceiptNotice => reception.map(|reception| receipt_notice(view, reception, date)),
        PaperKind::ReviewOpinion => review_opinion(view, date),
        PaperKind::RefusalNotice => refusal_notice(view, date),
        _ => None,
    }
}

/// 政务数据共享申请表 (Art. 20(2)).
fn application_form(view: &RequestView, date: Date) -> PaperContent {
    let (request, asked) = (&view.request.value, &view.request.value.content);
    let systems: Vec<&str> = view.systems.iter().map(|system| system.name.as_str()).collect();
    let mut signatures = match request.state.reception() {
        Some(Reception { consent, .. }) => {
            vec![signed(
                "共享工作机构负责人意见：同意",
                "Head of the sharing office: consents",
                &view.requester.name,
                consent,
                &view.people,
            )]
        }
        None => {
            vec![unsigned("共享工作机构负责人意见", "Opinion of the head of the sharing office", &view.requester.name)]
        }
    };
    signatures.push(unsigned("申请部门", "Requesting department", &view.requester.name));
    let limits = format!(
        "每秒调用不超过{}次；单次不超过{}行；每日不超过{}行",
        asked.calls_per_second, asked.rows_per_call, asked.rows_per_day
    );
    let blocks = vec![
        Block::Facts(vec![
            fact("申请编号", "Request", &request.number),
            fact("需求部门", "Requesting department", &view.requester.name),
            fact("提供部门", "Providing department", &view.provider.name),
            fact("申请数据", "Data asked for", &view.entry.content.name),
            fact("使用依据", "Basis of use", asked.basis.as_ref().map(words::basis).unwrap_or_default()),
            fact("使用场景", "Scenario", &asked.scenario),
            fact("使用范围", "Scope of use", &asked.scope_of_use),
            fact("用途", "Purpose", &asked.purpose),
            fact("行范围", "Rows", words::rows(&asked.rows, |name| title(&view.entry, name))),
            fact("共享方式", "Sharing method", asked.method.map(words::method).unwrap_or_default()),
            fact("业务系统", "Systems", systems.join("、")),
            fact("频率与数量", "Limits", limits),
            fact("使用期限", "Period of use", words::period(asked.valid_from, asked.valid_until)),
            fact("安全措施", "Safeguards", &asked.safeguards),
            fact("联系人", "Contact", format!("{} {}", asked.contact_name, asked.contact_phone)),
        ]),
        heading("申请的数据项", "Items asked for"),
        items_of(&view.entry, &asked.items),
        paragraph(
            "本部门对申请的真实性、合法性、必要性负责。",
            "The department answers for truth, lawfulness and necessity of this application (Art. 20(2)).",
        ),
        Block::Signatures(signatures),
    ];
    PaperContent {
        kind: PaperKind::ApplicationForm,
        issuer: view.requester.name.clone(),
        addressee: Some(view.provider.name.clone()),
        date,
        blocks,
    }
}

/// 受理通知: received, and when the reply is due (Art. 21(1)).
fn receipt_notice(view: &RequestView, reception: &Reception, date: Date) -> PaperContent {
    let (request, clock) = (&view.request.value, &reception.clock);
    let article = clock.ground.in_chinese();
    let text = format!(
        "你单位关于“{}”的政务数据共享申请（编号{}）已于{}收到。依照《政务数据共享条例》{article}，我单位将在收到申请之日起{}个工作日内，即{}前作出答复。",
        view.entry.content.name,
        request.number,
        words::day_of(clock.started),
        clock.working_days,
        words::day_of(clock.due),
    );
    let english = format!(
        "Your application was received on {} and will be answered by {} (Art. {}).",
        clock.started.date(),
        clock.due.date(),
        clock.ground
    );
    let mut facts = vec![
        fact("申请编号", "Request", &request.number),
        fact("申请数据", "Data asked for", &view.entry.content.name),
        fact("收到日期", "Received on", words::day_of(clock.started)),
        fact("答复时限", "Term", format!("{}个工作日（《政务数据共享条例》{article}）", clock.working_days)),
        fact("答复截止", "Reply due", format!("{} 24:00", words::day_of(clock.due))),
        fact("工作日历", "Calendar", &clock.calendar),
    ];
    if clock.provisional {
        facts.push(fact("说明", "Remark", "截止日期涉及尚未公布放假安排的年度，公布后重新计算。"));
    }
    PaperContent {
        kind: PaperKind::ReceiptNotice,
        issuer: view.provider.name.clone(),
        addressee: Some(view.requester.name.clone()),
        date,
        blocks: vec![paragraph(text, english), Block::Facts(facts)],
    }
}

/// 审核意见书: what the reviewer proposed and the head of the office consented to (Art. 20(3)).
fn review_opinion(view: &RequestView, date: Date) -> Option<PaperContent> {
    let (proposal, proposed, decided, outcome) = match &view.request.value.state {
        RequestState::Agreed { proposal, proposed, decided, .. } => (proposal, proposed, decided, "同意共享"),
        RequestState::Refused { proposal, proposed, decided, .. } => (proposal, proposed, decided, "不同意共享"),
        _ => return None,
    };
    let opinion = match proposal {
        Proposal::Agree { opinion, .. } | Proposal::Refuse { opinion, .. } => opinion,
    };
    let mut blocks = vec![Block::Facts(vec![
        fact("申请编号", "Request", &view.request.value.number),
        fact("需求部门", "Requesting department", &view.requester.name),
        fact("申请数据", "Data asked for", &view.entry.content.name),
        fact("审核结论", "Conclusion", outcome),
        fact("审核意见", "Opinion", opinion),
        fact("答复日期", "Replied on", words::day_of(decided.at)),
    ])];
    match proposal {
        Proposal::Agree { narrowing, .. } => blocks.extend(narrowed(view, narrowing)),
        Proposal::Refuse { reasons, .. } => {
            blocks.push(heading("不同意的理由", "Reasons"));
            blocks.push(Block::List(reasons.iter().map(reason).collect()));
        }
    }
    blocks.push(Block::Signatures(vec![
        signed("审核人", "Reviewer", &view.provider.name, proposed, &view.people),
        signed(
            "共享工作机构负责人：同意",
            "Head of the sharing office: consents",
            &view.provider.name,
            decided,
            &view.people,
        ),
    ]));
    Some(PaperContent {
        kind: PaperKind::ReviewOpinion,
        issuer: view.provider.name.clone(),
        addressee: Some(view.requester.name.clone()),
        date,
        blocks,
    })
}

/// How an agreement is less than what was asked; nothing when it is all of it.
fn narrowed(view: &RequestView, narrowing: &Narrowing) -> Vec<Block> {
    if *narrowing == Narrowing::default() {
        return Vec::new();
    }
    let title = |name: &ItemName| title(&view.entry, name);
    let mut facts = Vec::new();
    if let Some(items) = &narrowing.items {
        facts.push(fact("数据项", "Items", items.iter().map(title).collect::<Vec<_>>().join("、")));
    }
    if let Some(rows) = &narrowing.rows {
        facts.push(fact("另加行范围", "Further row conditions", words::rows(rows, title)));
    }
    for (name, mask) in &narrowing.masks {
        facts.push(fact("脱敏", "Mask", format!("{}：{}", title(name), words::mask(Some(mask)))));
    }
    let number = |value: Option<String>, zh: &str, en: &str| value.map(|value| fact(zh, en, value));
    facts.extend(number(narrowing.calls_per_second.map(|n| n.to_string()), "每秒调用", "Calls per second"));
    facts.extend(number(narrowing.rows_per_call.map(|n| n.to_string()), "单次行数", "Rows per call"));
    facts.extend(number(narrowing.rows_per_day.map(|n| n.to_string()), "每日行数", "Rows per day"));
    facts.extend(number(narrowing.valid_until.map(words::day), "截止日期", "Until"));
    vec![heading("较申请核减的内容", "Less than was asked for"), Block::Facts(facts)]
}

/// 不予共享告知书: reasons and legal ground (Art. 21(2)), and where to turn (Art. 28).
fn refusal_notice(view: &RequestView, date: Date) -> Option<PaperContent> {
    let RequestState::Refused { proposal: Proposal::Refuse { reasons, .. }, decided, .. } = &view.request.value.state
    else {
        return None;
    };
    let request = &view.request.value;
    let text = format!(
        "你单位关于“{}”的政务数据共享申请（编号{}），经审核不同意共享。依照《政务数据共享条例》{}，现将理由告知如下：",
        view.entry.content.name,
        request.number,
        law::REFUSAL_REASONS.in_chinese(),
    );
    let english = format!("Your application is refused, for the reasons below (Art. {}).", law::REFUSAL_REASONS);
    let row = |(at, reason): (usize, &RefusalReason)| {
        vec![
            (at + 1).to_string(),
            words::refusal(reason.code).to_owned(),
            words::or_dash(&reason.text),
            words::or_dash(reason.condition.as_deref().unwrap_or_default()),
            reason
                .basis
                .as_ref()
                .map_or_else(|| "—".to_owned(), |(rank, text)| words::cited(*rank, &words::printable(text))),
        ]
    };
    let columns = vec![
        both("序号", "No."),
        both("理由", "Reason"),
        both("说明", "In words"),
        both("所依据的使用条件", "Published condition"),
        both("法律依据", "Legal ground"),
    ];
    let dispute = "对本告知有争议的，可以与我单位协商；协商不成的，可以依照《政务数据共享条例》第二十八条向政务数据共享主管部门申请协调处理。";
    let blocks = vec![
        paragraph(text, english),
        Block::Table { columns, rows: reasons.iter().enumerate().map(row).collect() },
        paragraph(dispute, "In case of dispute: negotiate, then turn to the sharing authority (Art. 28)."),
        Block::Signatures(vec![signed(
            "共享工作机构负责人",
            "Head of the sharing office",
            &view.provider.name,
            decided,
            &view.people,
        )]),
    ];
    Some(PaperContent {
        kind: PaperKind::RefusalNotice,
        issuer: view.provider.name.clone(),
        addressee: Some(view.requester.name.clone()),
        date,
        blocks,
    })
}

fn reason(reason: &RefusalReason) -> String {
    let mut text = format!("{}：{}", words::refusal(reason.code), words::printable(&reason.text));
    if let Some(condition) = &reason.condition {
        text.push_str(&format!("（使用条件：{}）", words::printable(condition)));
    }
    if let Some((rank, citation)) = &reason.basis {
        text.push_str(&format!("（依据：{}）", words::cited(*rank, &words::printable(citation))));
    }
    text
}

/// The item's title for people; its name when the entry has it no more.
fn title(entry: &Entry, name: &ItemName) -> String {
    entry.content.item(name).map_or_else(|| name.to_string(), |item| words::printable(&item.title))
}

fn items_of(entry: &Entry, names: &[ItemName]) -> Block {
    let row = |(at, name): (usize, &ItemName)| {
        let item = entry.content.item(name);
        vec![
            (at + 1).to_string(),
            title(entry, name),
            name.to_string(),
            item.and_then(|item| item.grade).map_or("—", words::grade).to_owned(),
        ]
    };
    let columns = vec![both("序号", "No."), both("数据项", "Item"), both("名称", "Name"), both("分级", "Grade")];
    Block::Table { columns, rows: names.iter().enumerate().map(row).collect() }
}
