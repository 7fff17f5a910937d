//! Rule sets and notices.

use super::{at, id};
use shuqiao_calendar::{LateNotice, Notice};
use shuqiao_domain::{
    ClockId, RuleSet,
    rules::{CommonAuthorityPolicy, ExtensionPolicy, Policies, SupplementPolicy, UpdateStopPolicy},
};
use shuqiao_store::{NoticeRow, RuleSetRow};
use shuqiao_vocabulary::{CalendarNoticeId, Level, RuleSetId};

pub(crate) fn rule_set(n: u32) -> RuleSetRow {
    let id: RuleSetId = id(n);
    let value = RuleSet {
        id: id.to_string(),
        level: Some(Level::City),
        region: Some("5203".parse().unwrap()),
        from: "2026-03-01".parse().unwrap(),
        terms: [(ClockId::ReplyConditional, 5), (ClockId::ReplyExtension, 0)].into(),
        policies: Policies {
            supplement: Some(SupplementPolicy::Pause),
            extension_for_unconditional: Some(ExtensionPolicy::Off),
            due_hour: Some(18),
            update_stop: Some(UpdateStopPolicy::Publication),
            objection_days: Some(3),
            common_authority: Some(CommonAuthorityPolicy::Above),
            usage_retention_years: Some(5),
        },
        title: "遵义市规则".into(),
        number: "遵府发〔2026〕1号".into(),
    };
    RuleSetRow { id, at: at(7), value }
}

pub(crate) fn notice_id(n: u32) -> CalendarNoticeId {
    id(n)
}

pub(crate) fn notice(number: &str) -> NoticeRow {
    NoticeRow::Nation(LateNotice {
        year: 2027,
        notice: Notice { number: number.into(), url: "https://www.gov.cn/".into() },
        off: ["2027-01-01".parse().unwrap()].into(),
        work: ["2027-01-02".parse().unwrap()].into(),
    })
}
