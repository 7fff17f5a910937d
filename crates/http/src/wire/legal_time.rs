//! The calendar, the rule sets, and deadlines counted by them.

use super::{
    list::{ClockId, CommonAuthorityPolicy, ExtensionPolicy, Level, SupplementPolicy, UpdateStopPolicy},
    text::{CalendarNoticeId, Date, MomentText, RegionCode, RuleSetId},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::{nation, regional, view};
use shuqiao_domain::{self as domain, rules};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A notice (放假通知): number and address.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeName {
    /// Its number (发文字号).
    pub number: String,
    /// Where it was published.
    pub url: String,
}

/// A day that a notice arranges.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArrangedDay {
    /// The day.
    pub date: Date,
    /// Worked although at a weekend (调休上班); otherwise a day of rest (放假).
    pub works: bool,
}

/// The calendar of a year (工作日历).
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarYear {
    /// The year.
    pub year: i16,
    /// The calendar's version, which names its notices.
    pub version: String,
    /// Whether the year was announced; otherwise everything in it is provisional (暂定).
    pub announced: bool,
    /// The nation's notices for the year.
    pub notices: Vec<NoticeName>,
    /// The region's notices that arrange a day of it.
    pub regional_notices: Vec<NoticeName>,
    /// The days that notices arrange; on all others one works from Monday to Friday.
    pub days: Vec<ArrangedDay>,
    /// Working days of each month.
    pub working_days_by_month: Vec<u16>,
}

/// A notice to be added: of the nation, with its year, or of a region, with its code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarNoticeNew {
    /// The year it speaks of; not together with a region.
    #[serde(default)]
    pub year: Option<i16>,
    /// The region it speaks for; not together with a year.
    #[serde(default)]
    pub region_code: Option<RegionCode>,
    /// Its number.
    pub number: String,
    /// Where it was published.
    #[serde(default)]
    pub url: String,
    /// Days of rest.
    #[serde(default)]
    #[schema(max_items = 120)]
    pub off: Vec<Date>,
    /// Days worked.
    #[serde(default)]
    #[schema(max_items = 120)]
    pub work: Vec<Date>,
}

impl CalendarNoticeNew {
    /// The notice, when it is one of the nation or one of a region.
    pub fn notice(self) -> Result<view::NoticeRow, domain::Refusal> {
        let dates = |dates: Vec<Date>| dates.into_iter().map(Into::into).collect();
        let days = view::NoticeDays { off: dates(self.off), work: dates(self.work) };
        match (self.year, self.region_code) {
            (Some(year), None) => Ok(nation(year, self.number, self.url, days)),
            (None, Some(region)) => Ok(regional(region.0, self.number, self.url, days)),
            _ => Err(domain::Refusal::new(domain::RefusalCode::NoticeRefused, None).with("field", "year")),
        }
    }
}

/// A notice that was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarNotice {
    /// Its id.
    pub id: CalendarNoticeId,
    /// When it was added.
    pub added_at: MomentText,
    /// The year it speaks of; of the nation.
    #[schema(required)]
    pub year: Option<i16>,
    /// The region it speaks for.
    #[schema(required)]
    pub region_code: Option<RegionCode>,
    /// Its number.
    pub number: String,
    /// Where it was published.
    pub url: String,
    /// Days of rest.
    pub off: Vec<Date>,
    /// Days worked.
    pub work: Vec<Date>,
}

impl From<view::AdoptedNotice> for CalendarNotice {
    fn from(adopted: view::AdoptedNotice) -> Self {
        let (year, region, notice, off, work) = match adopted.notice {
            view::NoticeRow::Nation(late) => (Some(late.year), None, late.notice, late.off, late.work),
            view::NoticeRow::Region(own) => (None, Some(RegionCode(own.region)), own.notice, own.off, own.work),
        };
        Self {
            id: CalendarNoticeId(adopted.id),
            added_at: MomentText(adopted.at),
            year,
            region_code: region,
            number: notice.number,
            url: notice.url,
            off: off.into_iter().map(Date::from).collect(),
            work: work.into_iter().map(Date::from).collect(),
        }
    }
}

impl From<view::Notice> for NoticeName {
    fn from(notice: view::Notice) -> Self {
        Self { number: notice.number, url: notice.url }
    }
}

impl From<view::CalendarView> for CalendarYear {
    fn from(view: view::CalendarView) -> Self {
        let day = |day: view::CalendarDay| ArrangedDay { date: Date::from(day.date), works: day.works };
        Self {
            year: view.year,
            version: view.version,
            announced: view.announced,
            notices: view.notices.into_iter().map(Into::into).collect(),
            regional_notices: view.regional_notices.into_iter().map(Into::into).collect(),
            days: view.days.into_iter().map(day).collect(),
            working_days_by_month: view.working_days_by_month,
        }
    }
}

/// How open points of the law are read; what is null is read as in the next wider set.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RulePolicies {
    /// Whether a notice of what is missing moves the reply clock.
    #[serde(default)]
    pub supplement: Option<SupplementPolicy>,
    /// Whether the one-day reply may be extended.
    #[serde(default)]
    pub extension_for_unconditional: Option<ExtensionPolicy>,
    /// The hour at which the last day ends, 12 to 24.
    #[serde(default)]
    pub due_hour: Option<u8>,
    /// What stops the clock of a catalogue update.
    #[serde(default)]
    pub update_stop: Option<UpdateStopPolicy>,
    /// Working days after which a delivery that nobody objected to counts as usable, 1 to 20.
    #[serde(default)]
    pub objection_days: Option<u16>,
    /// Before which common authority a dispute between two levels comes.
    #[serde(default)]
    pub common_authority: Option<CommonAuthorityPolicy>,
    /// How many years records of use are kept for after the grant, 3 or more.
    #[serde(default)]
    pub usage_retention_years: Option<u8>,
}

impl From<RulePolicies> for rules::Policies {
    fn from(form: RulePolicies) -> Self {
        Self {
            supplement: form.supplement.map(Into::into),
            extension_for_unconditional: form.extension_for_unconditional.map(Into::into),
            due_hour: form.due_hour,
            update_stop: form.update_stop.map(Into::into),
            objection_days: form.objection_days,
            common_authority: form.common_authority.map(Into::into),
            usage_retention_years: form.usage_retention_years,
        }
    }
}

impl From<rules::Policies> for RulePolicies {
    fn from(policies: rules::Policies) -> Self {
        Self {
            supplement: policies.supplement.map(Into::into),
            extension_for_unconditional: policies.extension_for_unconditional.map(Into::into),
            due_hour: policies.due_hour,
            update_stop: policies.update_stop.map(Into::into),
            objection_days: policies.objection_days,
            common_authority: policies.common_authority.map(Into::into),
            usage_retention_years: policies.usage_retention_years,
        }
    }
}

/// A rule set to be adopted (规则集).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSetNew {
    /// Only for organisations of this level.
    #[serde(default)]
    pub level: Option<Level>,
    /// Only for this region and what lies in it.
    #[serde(default)]
    pub region_code: Option<RegionCode>,
    /// The first day on which it holds.
    pub from: Date,
    /// Working days by clock, fewer than the Decree's.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, u16>)]
    pub terms: BTreeMap<ClockId, u16>,
    /// How open points are read.
    #[serde(default)]
    pub policies: RulePolicies,
    /// What it is called.
    pub title: String,
    /// The number of the paper that it is adopted by.
    pub number: String,
}

impl From<RuleSetNew> for domain::RuleSet {
    fn from(form: RuleSetNew) -> Self {
        Self {
            // The application gives it its id.
            id: String::new(),
            level: form.level.map(Into::into),
            region: form.region_code.map(Into::into),
            from: form.from.into(),
            terms: form.terms.into_iter().map(|(clock, days)| (clock.0, days)).collect(),
            policies: form.policies.into(),
            title: form.title,
            number: form.number,
        }
    }
}

/// A rule set that was adopted.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleSet {
    /// Its id.
    pub id: RuleSetId,
    /// When it was adopted.
    pub adopted_at: MomentText,
    /// Only for organisations of this level.
    #[schema(required)]
    pub level: Option<Level>,
    /// Only for this region and what lies in it.
    #[schema(required)]
    pub region_code: Option<RegionCode>,
    /// The first day on which it holds.
    pub from: Date,
    /// Working days by clock.
    pub terms: BTreeMap<String, u16>,
    /// How open points are read.
    pub policies: RulePolicies,
    /// What it is called.
    pub title: String,
    /// The number of the paper that it is adopted by.
    pub number: String,
}

impl From<view::AdoptedRules> for RuleSet {
    fn from(adopted: view::AdoptedRules) -> Self {
        let set = adopted.set;
        Self {
            id: RuleSetId(adopted.id),
            adopted_at: MomentText(adopted.at),
            level: set.level.map(Level),
            region_code: set.region.map(RegionCode),
            from: Date::from(set.from),
            terms: set.terms.iter().map(|(clock, days)| (clock.as_str().to_owned(), *days)).collect(),
            policies: set.policies.into(),
            title: set.title,
            number: set.number,
        }
    }
}

/// The rule sets, and what the Decree itself says.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleSets {
    /// What the Decree says of each clock; no set may be longer.
    pub decree: Vec<DecreeTerm>,
    /// How the open points of the law are read where no set says otherwise.
    pub defaults: RulePolicies,
    /// The sets, in the order of adoption.
    pub items: Vec<RuleSet>,
}

/// What the Decree says of a clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecreeTerm {
    /// The clock.
    pub clock: ClockId,
    /// Working days.
    pub working_days: u16,
    /// The article.
    pub article: String,
}

impl From<Vec<view::AdoptedRules>> for RuleSets {
    fn from(adopted: Vec<view::AdoptedRules>) -> Self {
        let decree = domain::ClockId::ALL.iter().map(|clock| {
            let term = domain::law::term(*clock);
            DecreeTerm { clock: ClockId(*clock), working_days: term.days, article: term.article.to_string() }
        });
        let defaults = rules::Policies::DEFAULTS.into();
        Self { decree: decree.collect(), defaults, items: adopted.into_iter().map(Into::into).collect() }
    }
}

/// A day walked over while a deadline is counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct WalkedDay {
    /// The day.
    pub date: Date,
    /// Whether one works on it.
    pub works: bool,
    /// No notice for it is known yet (暂定).
    pub provisional: bool,
    /// Working days counted so far, this one with them.
    pub counted: u16,
}

/// A deadline, counted day by day.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deadline {
    /// The clock.
    pub clock: ClockId,
    /// The term in working days.
    pub working_days: u16,
    /// The article that sets it.
    pub article: String,
    /// The rule set that says how long it is; `decree_809` is the Decree itself.
    pub rule_set: String,
    /// The last moment.
    pub due: MomentText,
    /// A day without a notice was counted, so the end may still move.
    pub provisional: bool,
    /// The calendar's version.
    pub calendar: String,
    /// The days from the one after the start to the one it is due.
    pub days: Vec<WalkedDay>,
}

impl From<view::DeadlineView> for Deadline {
    fn from(view: view::DeadlineView) -> Self {
        let day = |step: view::DeadlineStep| WalkedDay {
            date: Date::from(step.date),
            works: step.works,
            provisional: step.provisional,
            counted: step.counted,
        };
        Self {
            clock: ClockId(view.rule.clock),
            working_days: view.rule.term.days,
            article: view.rule.term.article.to_string(),
            rule_set: view.rule.rule_set,
            due: MomentText(view.due),
            provisional: view.provisional,
            calendar: view.calendar,
            days: view.days.into_iter().map(day).collect(),
        }
    }
}
