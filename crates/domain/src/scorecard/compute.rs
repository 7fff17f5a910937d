//! The formulas.

use super::{
    CaseRef, Counted, DisputeFact, DutyFact, DutyKind, FEW, IndicatorCode, Period, ReplyEnd, ReplyFact, Score,
    ScoreFacts, Standing, Target,
};
use crate::ClockId;
use shuqiao_calendar::WorkCalendar;
use shuqiao_vocabulary::{Moment, OrganisationId};

/// Working days within which an unconditional request goes through by itself (无条件直通).
const STRAIGHT_THROUGH: u32 = 1;

/// The scorecard of a department, or of all of them together, in a period, as it stands now.
pub fn scorecard(
    facts: &ScoreFacts,
    unit: Option<OrganisationId>,
    period: &Period,
    calendar: &WorkCalendar,
    now: Moment,
) -> Vec<Score> {
    let view = View { facts, unit, period, calendar, now };
    IndicatorCode::ALL.iter().map(|code| view.score(*code)).collect()
}

struct View<'a> {
    facts: &'a ScoreFacts,
    unit: Option<OrganisationId>,
    period: &'a Period,
    calendar: &'a WorkCalendar,
    now: Moment,
}

impl View<'_> {
    fn score(&self, code: IndicatorCode) -> Score {
        use IndicatorCode as I;
        match code {
            I::C4 => self.duties(code, DutyKind::CatalogueUpdate),
            I::S1 => self.duties(code, DutyKind::Demand),
            I::S2 => self.replies(code, |_| true, |reply| reply.standing(self.now) == Standing::InTime),
            I::S3Mean | I::S3Median | I::S3P95 => self.days(code),
            I::S4 => {
                let unconditional = |reply: &ReplyFact| reply.clock == Some(ClockId::ReplyUnconditional);
                self.replies(code, unconditional, |reply| self.straight_through(reply))
            }
            I::S5 => self.duties(code, DutyKind::Delivery),
            I::S6 => self.replies(code, |reply| reply.replied().is_some(), refused),
            I::S6Overturned => {
                let disputed = |reply: &ReplyFact| refused(reply) && self.disputes_of(reply).next().is_some();
                self.replies(code, disputed, |reply| self.disputes_of(reply).any(|dispute| dispute.for_requester))
            }
            I::S7 => self.replies(code, |_| true, |reply| reply.extended),
            I::Q4 => self.duties(code, DutyKind::Correction),
            I::R1 => self.flows(code),
            I::D1 => self.disputes(code),
            I::X2 => self.duties(code, DutyKind::Disposal),
        }
    }

    fn own(&self, unit: OrganisationId) -> bool {
        self.unit.is_none_or(|wanted| wanted == unit)
    }

    /// Replies that are due in the period.
    fn due(&self) -> impl Iterator<Item = &ReplyFact> {
        self.facts.replies.iter().filter(|reply| self.own(reply.provider) && self.period.has(reply.due))
    }

    fn replies(
        &self,
        code: IndicatorCode,
        wanted: impl Fn(&ReplyFact) -> bool,
        counts: impl Fn(&ReplyFact) -> bool,
    ) -> Score {
        let (mut cases, mut running) = (Vec::new(), Vec::new());
        for reply in self.due().filter(|reply| wanted(reply)) {
            match reply.standing(self.now) {
                Standing::Excluded => {}
                Standing::Running => running.push(reply.case.clone()),
                Standing::InTime | Standing::Late => cases.push(self.counted(reply, counts(reply))),
            }
        }
        share(code, cases, running)
    }

    fn counted(&self, reply: &ReplyFact, counts: bool) -> Counted {
        let end = reply.end.map_or(self.now, |(_, at)| at);
        let waited = reply.waited.map(|(from, until)| self.working_days(from, until.unwrap_or(end).min(end)));
        Counted {
            case: reply.case.clone(),
            due: Some(reply.due),
            counts,
            working_days: reply.replied().map(|at| self.working_days(reply.received, at)),
            waiting_days: waited.unwrap_or(0),
        }
    }

    fn working_days(&self, from: Moment, until: Moment) -> u32 {
        u32::try_from(self.calendar.working_days_between(from.date(), until.date())).unwrap_or(0)
    }

    fn straight_through(&self, reply: &ReplyFact) -> bool {
        let agreed = reply.end.filter(|(end, _)| *end == ReplyEnd::Agreed).map(|(_, at)| at);
        agreed.is_some_and(|at| self.working_days(reply.received, at) <= STRAIGHT_THROUGH)
    }

    fn disputes_of(&self, reply: &ReplyFact) -> impl Iterator<Item = &DisputeFact> {
        let request = reply.request;
        self.facts.disputes.iter().filter(move |dispute| dispute.request == Some(request))
    }

    /// Working days from receipt to reply, of every reply that was given.
    fn days(&self, code: IndicatorCode) -> Score {
        let replied = self.due().filter(|reply| reply.replied().is_some());
        let cases: Vec<Counted> = replied.map(|reply| self.counted(reply, true)).collect();
        let running = self.due().filter(|reply| reply.end.is_none()).map(|reply| reply.case.clone()).collect();
        let mut days: Vec<u64> = cases.iter().filter_map(|case| case.working_days).map(u64::from).collect();
        days.sort_unstable();
        let found = match code {
            IndicatorCode::S3Median => median(&days),
            IndicatorCode::S3P95 => nearest_rank(&days, 95),
            _ => mean(&days),
        };
        finished(code, found, cases, running)
    }

    fn duties(&self, code: IndicatorCode, kind: DutyKind) -> Score {
        self.done(code, self.facts.duties.iter().filter(|duty| duty.kind == kind))
    }

    fn flows(&self, code: IndicatorCode) -> Score {
        let duties: Vec<DutyFact> = self.facts.flows.iter().flat_map(|flow| flow.duties(self.now.date())).collect();
        self.done(code, duties.iter())
    }

    fn done<'a>(&self, code: IndicatorCode, duties: impl Iterator<Item = &'a DutyFact>) -> Score {
        let (mut cases, mut running) = (Vec::new(), Vec::new());
        for duty in duties.filter(|duty| self.own(duty.unit) && self.period.has(duty.due)) {
            let (case, due) = (duty.case.clone(), Some(duty.due));
            let counted = |counts| Counted { case, due, counts, working_days: None, waiting_days: 0 };
            match duty.standing(self.now) {
                Standing::Excluded => {}
                Standing::Running => running.push(duty.case.clone()),
                Standing::InTime => cases.push(counted(true)),
                Standing::Late => cases.push(counted(false)),
            }
        }
        share(code, cases, running)
    }

    fn disputes(&self, code: IndicatorCode) -> Score {
        let party = |dispute: &DisputeFact| dispute.parties.iter().any(|party| self.own(*party));
        let raised = self.facts.disputes.iter().filter(|one| party(one) && self.period.has(one.raised));
        let counted = |dispute: &DisputeFact| Counted {
            case: dispute.case.clone(),
            due: None,
            counts: dispute.closed,
            working_days: None,
            waiting_days: 0,
        };
        share(code, raised.map(counted).collect(), Vec::new())
    }
}

fn refused(reply: &ReplyFact) -> bool {
    matches!(reply.end, Some((ReplyEnd::Refused, _)))
}

/// A value as a fraction.
type Fraction = (u64, u64);

fn mean(days: &[u64]) -> Fraction {
    (days.iter().sum(), count(days.len()))
}

fn median(days: &[u64]) -> Fraction {
    let half = days.len() / 2;
    let at = |index: usize| days.get(index).copied().unwrap_or(0);
    match days.len() {
        0 => (0, 0),
        length if length % 2 == 1 => (at(half), 1),
        _ => (at(half.saturating_sub(1)).saturating_add(at(half)), 2),
    }
}

/// The smallest value that so many of a hundred do not exceed.
fn nearest_rank(days: &[u64], percent: usize) -> Fraction {
    let rank = days.len().saturating_mul(percent).div_ceil(100);
    days.get(rank.saturating_sub(1)).map_or((0, 0), |found| (*found, 1))
}

fn count(found: usize) -> u64 {
    u64::try_from(found).unwrap_or(u64::MAX)
}

fn share(code: IndicatorCode, cases: Vec<Counted>, running: Vec<CaseRef>) -> Score {
    let part = cases.iter().filter(|case| case.counts).count();
    let whole = cases.len();
    finished(code, (count(part), count(whole)), cases, running)
}

fn finished(code: IndicatorCode, (part, whole): Fraction, mut cases: Vec<Counted>, mut running: Vec<CaseRef>) -> Score {
    cases.sort_by(|one, other| (&one.case, one.due).cmp(&(&other.case, other.due)));
    running.sort();
    let unit = if matches!(code.target(), Target::Days(_)) { 100 } else { 10_000 };
    Score {
        code,
        value: part.saturating_mul(unit).checked_div(whole),
        light: code.target().light(part, whole),
        few: cases.len() < FEW,
        cases,
        running,
    }
}
