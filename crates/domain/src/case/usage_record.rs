//! Record of use (使用记录, Art. 29(2)): the requester writes down where, how and with what effect shared data was used, how
//! it is stored and what was destroyed. It is added to and never changed; the provider and the authority may read it.

use super::{About, AnyCase, Case, CaseKind, Facts, Next, Opening, Procedure, checks};
use crate::{ProblemCode, Refusal, RefusalCode, Stamp, law, refusal::required_text};
use shuqiao_vocabulary::{Date, GrantId, closed_list};

/// The law's five parts, for one grant and one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRecord {
    /// The grant.
    pub grant: GrantId,
    /// First day of the period.
    pub from: Date,
    /// Last day of the period.
    pub until: Date,
    /// Where it was used (使用场景).
    pub scenario: String,
    /// How (使用过程).
    pub process: String,
    /// With what effect (应用成效).
    pub effect: String,
    /// How it is stored (存储情况).
    pub storage: String,
    /// What was destroyed (销毁情况).
    pub destruction: String,
}

closed_list! {
    /// Where a record of use stands.
    UsageRecordState {
        /// It is filed; it can be added to.
        Filed = "filed",
    }
}

closed_list! {
    /// What can be done to a record of use.
    UsageRecordVerb {
        /// Something is added.
        Supplement = "supplement",
    }
}

/// What is done to a record of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UsageRecordAct {
    /// Something is added.
    Supplement {
        /// What.
        text: String,
    },
}

impl UsageRecord {
    /// The day until which it is kept at least (留存期限, Art. 29(2)); nothing removes it afterwards either. The Decree does
    /// not say from when the years count: from the end of the grant, or of the period where that is later. A rule set
    /// may name more years, and never fewer than the Decree.
    pub fn kept_until(&self, grant_ends: Date, retention: law::Retention) -> Date {
        let from = self.until.max(grant_ends);
        let year = from.year().saturating_add(i16::from(retention.years.max(law::USAGE_RETENTION.years)));
        // Three years after a 29 February there is none.
        Date::new(year, from.month(), from.day()).or_else(|_| Date::new(year, 3, 1)).unwrap_or(Date::MAX)
    }

    /// The period that should be recorded by now: the last whole quarter before a day. The law says that use is recorded,
    /// not how often; the quarter is ours.
    pub fn period_before(day: Date) -> (Date, Date) {
        let (year, this) = (day.year(), (day.month() - 1) / 3);
        let first = match this {
            0 => Date::new(year - 1, 10, 1),
            quarter => Date::new(year, quarter * 3 - 2, 1),
        };
        let begun = Date::new(year, this * 3 + 1, 1).unwrap_or(day);
        (first.unwrap_or(Date::MIN), begun.yesterday().unwrap_or(day))
    }

    /// Whether a record of this grant speaks of some day between these two.
    pub fn speaks_of(case: &AnyCase, from: Date, until: Date) -> bool {
        matches!(case, AnyCase::UsageRecord(case) if case.matter.from <= until && case.matter.until >= from)
    }
}

impl Procedure for UsageRecord {
    const KIND: CaseKind = CaseKind::UsageRecord;
    const OPENED: &'static str = "UsageRecordFiled";
    type State = UsageRecordState;
    type Verb = UsageRecordVerb;
    type Act = UsageRecordAct;

    fn verb(act: &UsageRecordAct) -> UsageRecordVerb {
        match act {
            UsageRecordAct::Supplement { .. } => UsageRecordVerb::Supplement,
        }
    }

    fn event(verb: UsageRecordVerb) -> &'static str {
        match verb {
            UsageRecordVerb::Supplement => "UsageRecordSupplemented",
        }
    }

    fn admits(_state: UsageRecordState, _verb: UsageRecordVerb) -> bool {
        true
    }

    fn settled(_state: UsageRecordState) -> bool {
        true
    }

    fn about(&self) -> About {
        About::grant(self.grant)
    }

    fn title(&self, facts: &Facts<'_>) -> String {
        let name = facts.grant.map(|grant| grant.entry_name.clone()).unwrap_or_default();
        format!("{name} {} – {}", self.from, self.until)
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<UsageRecordState>, Refusal> {
        let grant = facts.grant()?;
        let article = law::USAGE_RETENTION.article;
        if grant.requester != by.organisation {
            return Err(Refusal::new(RefusalCode::NotAParty, Some(article)));
        }
        // A period that is over or running, not one that the grant had not begun in.
        let begun = grant.agreed.at.date().min(grant.terms.valid_from);
        if self.from > self.until || self.from > by.at.date() || self.until > by.at.date() || self.until < begun {
            return Err(checks::wrong("until", ProblemCode::PeriodWrong, article));
        }
        for (field, text) in [
            ("scenario", &self.scenario),
            ("process", &self.process),
            ("effect", &self.effect),
            ("storage", &self.storage),
            ("destruction", &self.destruction),
        ] {
            required_text(field, text)?;
        }
        let same = facts.others.iter().filter(|case| Self::speaks_of(case, self.from, self.until));
        checks::only_one(same, article)?;
        Ok(Opening::against(UsageRecordState::Filed, grant.provider).before(facts.authority_of(grant.requester)))
    }

    fn decide(
        _case: &Case<Self>,
        act: &UsageRecordAct,
        _facts: &Facts<'_>,
        _by: &Stamp,
    ) -> Result<Next<UsageRecordState>, Refusal> {
        let UsageRecordAct::Supplement { text } = act;
        required_text("text", text)?;
        Ok(Next::to(UsageRecordState::Filed))
    }
}
