//! Papers of a grant: authorisation, sharing agreement, security commitment.

use super::{
    parts::{fact, heading, paragraph, signed, unsigned},
    words,
};
use crate::view::GrantView;
use shuqiao_domain::{grant::TermsItem, law};
use shuqiao_vocabulary::{
    Date, ItemName, PaperKind,
    paper::{Bilingual, Block, PaperContent, both},
};

/// The paper of this kind as of this day; `None` when a grant has no such paper.
pub(super) fn content(kind: PaperKind, view: &GrantView, date: Date) -> Option<PaperContent> {
    match kind {
        PaperKind::Authorisation => Some(authorisation(view, date)),
        PaperKind::SharingAgreement => Some(sharing_agreement(view, date)),
        PaperKind::SecurityCommitment => Some(security_commitment(view, date)),
        _ => None,
    }
}

/// 授权书: purpose, items, rows, period, no onward use (Art. 25(1)).
fn authorisation(view: &GrantView, date: Date) -> PaperContent {
    let (grant, terms) = (&view.grant.value, &view.grant.value.terms);
    let text = format!(
        "根据你单位编号{}的政务数据共享申请，我单位同意按下列内容向你单位共享“{}”数据。",
        grant.number, grant.entry_name
    );
    let mut facts = vec![
        fact("授权编号", "Grant", &grant.number),
        fact("被授权部门", "Authorised department", &view.requester.name),
    ];
    facts.extend(shared(view));
    let blocks = vec![
        paragraph(text, "The data below may be shared with your department on these terms."),
        Block::Facts(facts),
        heading("授权的数据项", "Items"),
        items(&terms.items),
        heading("使用要求", "Rules of use"),
        Block::List(rules()),
        Block::Signatures(vec![signed(
            "共享工作机构负责人",
            "Head of the sharing office",
            &view.provider.name,
            &grant.agreed,
            &view.people,
        )]),
    ];
    PaperContent {
        kind: PaperKind::Authorisation,
        issuer: view.provider.name.clone(),
        addressee: Some(view.requester.name.clone()),
        date,
        blocks,
    }
}

/// What may flow, for what, how and how long.
fn shared(view: &GrantView) -> Vec<(Bilingual, String)> {
    let terms = &view.grant.value.terms;
    let systems: Vec<&str> = view.systems.iter().map(|system| system.name.as_str()).collect();
    let limits = format!(
        "每秒调用不超过{}次；单次不超过{}行；每日不超过{}行",
        terms.calls_per_second, terms.rows_per_call, terms.rows_per_day
    );
    vec![
        fact("用途", "Purpose", &terms.purpose),
        fact("行范围", "Rows", words::rows(&terms.rows, |name| title(view, name))),
        fact("共享方式", "Sharing method", words::method(terms.method)),
        fact("业务系统", "Systems", systems.join("、")),
        fact("频率与数量", "Limits", limits),
        fact("授权期限", "Period", words::period(Some(terms.valid_from), Some(terms.valid_until))),
    ]
}

/// 数据共享协议: what both sides owe each other, by the law and the grant (Art. 22, 25-29, 34). It adds no condition.
fn sharing_agreement(view: &GrantView, date: Date) -> PaperContent {
    let grant = &view.grant.value;
    let (provider, requester) = (&view.provider.name, &view.requester.name);
    let text = format!(
        "{provider}（提供部门，以下称甲方）与{requester}（需求部门，以下称乙方）就“{}”数据的共享，依照《政务数据共享条例》达成如下协议。",
        grant.entry_name
    );
    let mut facts = vec![
        fact("授权编号", "Grant", &grant.number),
        fact("甲方", "Providing department", provider),
        fact("乙方", "Requesting department", requester),
    ];
    facts.extend(shared(view));
    let owed_by_provider = vec![
        format!(
            "自作出同意共享的答复之日起{}个工作日内提供数据（{}）。",
            law::DELIVERY.days,
            law::DELIVERY.article.in_chinese()
        ),
        format!(
            "收到校核申请之日起{}个工作日内核实、更正并反馈（{}）。",
            law::CORRECTION.days,
            law::CORRECTION.article.in_chinese()
        ),
        format!(
            "无正当理由不终止、不变更共享服务；确需终止或者变更的，与乙方协商，并报同级政务数据共享主管部门备案（{}）。",
            law::SERVICE_END_FILED.in_chinese()
        ),
    ];
    let mut owed_by_requester = rules();
    owed_by_requester.push(format!(
        "记录使用场景、使用过程、应用成效、存储情况、销毁情况，记录保存不少于{}年，供甲方和主管部门查阅（{}）。",
        law::USAGE_RETENTION.years,
        law::USAGE_RETENTION.article.in_chinese()
    ));
    let disputes = format!(
        "发生争议的，双方协商解决；协商不成的，申请政务数据共享主管部门协调处理（{}）。",
        words::law(&law::DISPUTE)
    );
    let blocks = vec![
        paragraph(text, "The two departments agree on the sharing of the data below, as the Regulations say."),
        heading("共享的内容", "What is shared"),
        Block::Facts(facts),
        items(&grant.terms.items),
        heading("甲方的责任", "Duties of the provider"),
        Block::List(owed_by_provider),
        heading("乙方的责任", "Duties of the requester"),
        Block::List(owed_by_requester),
        heading("争议的解决", "Disputes"),
        paragraph(disputes, "Disputes are negotiated, then brought before the sharing authority."),
        Block::Signatures(vec![unsigned("甲方", "Provider", provider), unsigned("乙方", "Requester", requester)]),
    ];
    let (issuer, addressee) = (provider.clone(), Some(requester.clone()));
    PaperContent { kind: PaperKind::SharingAgreement, issuer, addressee, date, blocks }
}

/// What the law asks of everybody who uses shared data.
fn rules() -> Vec<String> {
    vec![
        format!(
            "不得超出使用范围、不得用于其他目的、不得转供第三方；确需改变的，须经提供部门同意（《政务数据共享条例》{}）。",
            law::NO_WIDENING.in_chinese()
        ),
        format!(
            "使用目的已实现、无法实现或者不再必要的，按照提供部门的要求妥善处置数据（{}）。",
            law::PURPOSE_ENDED.in_chinese()
        ),
        format!(
            "谁使用谁负责；使用过程中发生篡改、破坏、泄露或者非法利用的，由使用部门承担责任（{}）。",
            law::RESPONSIBLE_USE.in_chinese()
        ),
        format!("违规使用的，立即暂停共享；拒不整改或者整改不到位的，可以终止共享（{}）。", law::MISUSE.in_chinese()),
    ]
}

/// 安全责任书: what the requester answers for (Art. 34, 35).
fn security_commitment(view: &GrantView, date: Date) -> PaperContent {
    let (grant, terms) = (&view.grant.value, &view.grant.value.terms);
    let text = format!(
        "我单位经授权（编号{}）使用贵单位共享的“{}”数据，现就数据安全承诺如下：",
        grant.number, grant.entry_name
    );
    let mut commitments = vec![
        format!("仅为“{}”使用数据，不扩大范围，不挪作他用，不转供第三方。", words::printable(&terms.purpose)),
        "建立数据安全管理制度，按照分类分级要求采取技术措施，指定每个环节的责任人。".to_owned(),
        "如实记录使用场景、过程、成效、存储和销毁情况，接受提供部门和主管部门查阅。".to_owned(),
        "发现风险立即处置，发生泄露、篡改、丢失的，按照规定报告。".to_owned(),
        "目的实现或者授权终止后，按照贵单位的要求处置数据并提供证明。".to_owned(),
        "委托他人建设、维护系统的，履行批准手续并监督受托方，受托方不得擅自访问、留存、使用数据。".to_owned(),
    ];
    if terms.items.iter().any(|item| item.grade >= shuqiao_vocabulary::Grade::Important) {
        commitments.push("涉及重要数据、核心数据的，执行国家有关加强保护的规定。".to_owned());
    }
    let blocks = vec![
        paragraph(text, "The using department commits itself as follows (Art. 25, 27, 29, 34, 35, 36)."),
        Block::List(commitments),
        Block::Facts(vec![
            fact("数据", "Data", &grant.entry_name),
            fact("最高分级", "Highest grade", terms.items.iter().map(|item| item.grade).max().map_or("", words::grade)),
            fact("使用期限", "Period", words::period(Some(terms.valid_from), Some(terms.valid_until))),
        ]),
        Block::Signatures(vec![
            unsigned("部门负责人", "Head of the department", &view.requester.name),
            unsigned("数据安全责任人", "Responsible for data security", &view.requester.name),
        ]),
    ];
    PaperContent {
        kind: PaperKind::SecurityCommitment,
        issuer: view.requester.name.clone(),
        addressee: Some(view.provider.name.clone()),
        date,
        blocks,
    }
}

fn title(view: &GrantView, name: &ItemName) -> String {
    let terms = &view.grant.value.terms;
    let found = terms.items.iter().chain(&terms.row_items).find(|item| item.name == *name);
    found.map_or_else(|| name.to_string(), |item| words::printable(&item.title))
}

/// The items of a grant.
pub(super) fn items(items: &[TermsItem]) -> Block {
    let row = |(at, item): (usize, &TermsItem)| {
        vec![
            (at + 1).to_string(),
            words::printable(&item.title),
            item.name.to_string(),
            words::grade(item.grade).to_owned(),
            words::mask(item.mask.as_ref()),
        ]
    };
    let columns = vec![
        both("序号", "No."),
        both("数据项", "Item"),
        both("名称", "Name"),
        both("分级", "Grade"),
        both("脱敏", "Mask"),
    ];
    Block::Table { columns, rows: items.iter().enumerate().map(row).collect() }
}
