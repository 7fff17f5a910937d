//! The paper of a catalogue entry: its review form.

use super::{
    parts::{fact, heading, signed, unsigned},
    words,
};
use crate::view::EntryView;
use shuqiao_domain::catalogue::{EntryContent, EntryState, Item};
use shuqiao_vocabulary::{
    Date, PaperKind,
    paper::{Bilingual, Block, PaperContent, both},
};

/// The paper of this kind as of this day; `None` when the entry has none in its state.
pub(super) fn content(kind: PaperKind, view: &EntryView, date: Date) -> Option<PaperContent> {
    match kind {
        PaperKind::CatalogueReview => review(view, date),
        _ => None,
    }
}

/// 政务数据目录审核表: what the entry states, its assessments, the head's approval, the authority's review (Art. 13, 16).
fn review(view: &EntryView, date: Date) -> Option<PaperContent> {
    let (approved, published, number) = match &view.entry.value.state {
        EntryState::Filed { approved, .. } => (approved, None, String::new()),
        EntryState::Published { approved, published, number, .. } => (approved, Some(published), number.clone()),
        _ => return None,
    };
    let stated = &view.entry.value.content;
    let authority = match published {
        Some(stamp) => {
            let mut signature = signed("主管部门审核：发布", "Sharing authority: published", "", stamp, &view.people);
            signature.organisation = "政务数据共享主管部门".to_owned();
            signature
        }
        None => unsigned("主管部门审核意见", "Review by the sharing authority", "政务数据共享主管部门"),
    };
    let mut blocks = vec![Block::Facts(facts(view, &number)), heading("数据项", "Items"), items(&stated.items)];
    blocks.push(heading("报送前的评估", "Assessments before filing"));
    blocks.push(Block::Facts(assessments(stated)));
    blocks.push(Block::Signatures(vec![
        signed("部门负责人审核：同意", "Head of the department: approved", &view.provider.name, approved, &view.people),
        authority,
    ]));
    Some(PaperContent {
        kind: PaperKind::CatalogueReview,
        issuer: view.provider.name.clone(),
        addressee: None,
        date,
        blocks,
    })
}

fn facts(view: &EntryView, number: &str) -> Vec<(Bilingual, String)> {
    let stated = &view.entry.value.content;
    let methods: Vec<&str> = stated.methods.iter().map(|method| words::method(*method)).collect();
    let mut facts = vec![
        fact("目录名称", "Name", &stated.name),
        fact("目录编号", "Catalogue number", number),
        fact("提供单位", "Provider", &view.provider.name),
        fact("摘要", "Abstract", &stated.summary),
        fact("数据格式", "Data format", stated.data_format.map(words::format).unwrap_or_default()),
        fact("更新频率", "Update frequency", stated.update_frequency.map(words::frequency).unwrap_or_default()),
        fact("共享属性", "Sharing attribute", stated.sharing_attribute.map(words::attribute).unwrap_or_default()),
        fact("共享方式", "Sharing methods", methods.join("、")),
        fact("使用条件", "Conditions of use", conditions(stated)),
        fact("分类", "Class", &stated.category),
        fact("分级", "Grade", stated.grade.map(words::grade).unwrap_or_default()),
        fact(
            "采集依据",
            "Basis for collecting",
            stated.collection_basis.as_ref().map(words::basis).unwrap_or_default(),
        ),
    ];
    if let Some(forbidden) = &stated.not_shared_basis {
        facts.push(fact("不予共享依据", "Ground for not sharing", words::basis(&forbidden.basis)));
        facts.push(fact("不予共享理由", "Reason for not sharing", &forbidden.reason));
    }
    facts
}

fn conditions(stated: &EntryContent) -> String {
    let conditions = &stated.conditions;
    let mut parts: Vec<String> = Vec::new();
    if !conditions.purposes.is_empty() {
        parts.push(format!("用途限于：{}", conditions.purposes.join("；")));
    }
    if conditions.subject_consent_required {
        parts.push("须经数据主体授权".to_owned());
    }
    if !conditions.note.trim().is_empty() {
        parts.push(conditions.note.clone());
    }
    parts.join("\n")
}

fn assessments(stated: &EntryContent) -> Vec<(Bilingual, String)> {
    let mut facts = Vec::new();
    if let Some(secrecy) = &stated.secrecy {
        let found = match (secrecy.state_secret, secrecy.work_secret) {
            (false, false) => "不涉及国家秘密和工作秘密",
            (true, _) => "涉及国家秘密",
            (false, true) => "涉及工作秘密",
        };
        let by = format!("{} {}", secrecy.reviewer, secrecy.date.map(words::day).unwrap_or_default());
        facts.push(fact("保密风险评估", "Secrecy review", format!("{found}\n{}", secrecy.conclusion)));
        facts.push(fact("评估人", "Reviewed by", by));
    }
    match &stated.impact_assessment {
        Some(assessment) => {
            let by = format!("{} {}", assessment.assessor, assessment.date.map(words::day).unwrap_or_default());
            facts.push(fact("处理目的与方式", "Purpose and way", &assessment.lawful_purpose));
            facts.push(fact("对个人权益的影响", "Impact on persons", &assessment.impact));
            facts.push(fact("保护措施", "Safeguards", &assessment.safeguards));
            facts.push(fact("评估人", "Assessed by", by));
        }
        None => facts.push(fact("个人信息保护影响评估", "Impact assessment", "不含个人信息")),
    }
    facts
}

fn items(items: &[Item]) -> Block {
    let row = |(at, item): (usize, &Item)| {
        let personal = match (item.personal, item.sensitive) {
            (_, true) => "敏感个人信息",
            (true, false) => "个人信息",
            (false, false) => "—",
        };
        vec![
            (at + 1).to_string(),
            words::printable(&item.title),
            item.name.to_string(),
            item.grade.map_or("—", words::grade).to_owned(),
            personal.to_owned(),
            words::mask(item.mask.as_ref()),
        ]
    };
    let columns = vec![
        both("序号", "No."),
        both("数据项", "Item"),
        both("名称", "Name"),
        both("分级", "Grade"),
        both("个人信息", "Personal"),
        both("脱敏", "Mask"),
    ];
    Block::Table { columns, rows: items.iter().enumerate().map(row).collect() }
}
