//! Return flow (数据回流, Art. 24): data about a lower region that an upper department's systems collect flows back to
//! that region's departments, timely and complete.
//!
//! There is no field for a condition: the law allows none beside those that keep the data safe. The region is computed
//! from the receiver's own division code and never entered, so it cannot be widened.

use super::{About, Case, CaseKind, Facts, Next, Opening, Procedure};
use crate::{
    Problem, ProblemCode, Refusal, RefusalCode, Stamp,
    catalogue::{Entry, EntryState},
    law,
    organisation::is_superior,
    refusal::{optional_text, required_text},
};
use shuqiao_vocabulary::{
    CatalogueEntryId, Condition, Date, ItemName, ItemType, RegionCode, SharingAttribute, Test, UpdateFrequency,
    closed_list,
};
use std::collections::BTreeMap;

/// Items one order may name.
const ITEMS_MAX: usize = 200;
/// Due dates that are looked at for one order: ten years of days.
const DUE_DATES_MAX: usize = 3_660;

/// What is to flow back, and by when (回流订单).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnFlow {
    /// The entry of the upper department.
    pub entry: CatalogueEntryId,
    /// The items needed.
    pub items: Vec<ItemName>,
    /// The item by whose division code the rows of the receiver's region are found.
    pub region_item: ItemName,
    /// For which duty they are needed (履行职责需要).
    pub need: String,
    /// How often (更新频率).
    pub frequency: UpdateFrequency,
    /// The first due date; the others follow by the frequency.
    pub first_due: Date,
    /// The receiver's own division, computed when the order is opened; never entered.
    pub region: Option<RegionCode>,
}

closed_list! {
    /// Where a return flow stands.
    ReturnFlowState {
        /// Ordered; the upper department has not answered yet.
        Ordered = "ordered",
        /// Accepted: the systems are being docked (系统对接).
        Accepted = "accepted",
        /// Rows have come back at least once.
        Running = "running",
        /// The receiver needs it no more.
        Ended = "ended",
    }
}

closed_list! {
    /// What can be done to a return flow. The upper department has no verb to decline or to end it.
    ReturnFlowVerb {
        /// The upper department says how the systems are docked.
        Accept = "accept",
        /// The upper department reports what it returned for a due date.
        ReportRun = "report_run",
        /// The receiver says whether it was usable.
        ConfirmRun = "confirm_run",
        /// The receiver ends it.
        End = "end",
    }
}

/// What is done to a return flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReturnFlowAct {
    /// The upper department accepts.
    Accept {
        /// How the systems are docked.
        docking: String,
    },
    /// It reports what it returned.
    ReportRun {
        /// The due date that the run fills.
        period: Date,
        /// The day on which the rows were returned.
        returned_on: Date,
        /// Rows that its system has for the region.
        rows_expected: u64,
        /// Rows that it returned.
        rows_returned: u64,
    },
    /// The receiver confirms.
    ConfirmRun {
        /// The due date of the run.
        period: Date,
        /// Whether the rows are usable.
        usable: bool,
        /// What was found.
        note: String,
    },
    /// The receiver ends it.
    End {
        /// Why.
        reason: String,
    },
}

/// How complete and how timely the runs are (完整、及时), computed from them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowProgress {
    /// Due dates that are over.
    pub due: u32,
    /// Due dates for which rows came back.
    pub filled: u32,
    /// Of them, after the due date.
    pub late: u32,
    /// Due dates that are over and still wait, the earliest first.
    pub missing: Vec<Date>,
    /// The longest lag in days, of a run or of a due date that still waits.
    pub longest_lag_days: u32,
    /// Rows that the upper department has, over all runs.
    pub rows_expected: u64,
    /// Rows that came back.
    pub rows_returned: u64,
    /// Runs that the receiver found usable.
    pub usable: u32,
    /// Runs that it did not.
    pub unusable: u32,
}

/// The due date that is so many steps after the first; `None` when there is none.
fn due_date(first: Date, frequency: UpdateFrequency, steps: usize) -> Option<Date> {
    let days = |each: u64| {
        let seconds = each.checked_mul(u64::try_from(steps).ok()?)?.checked_mul(86_400)?;
        first.checked_add(std::time::Duration::from_secs(seconds)).ok()
    };
    match frequency {
        UpdateFrequency::RealTime | UpdateFrequency::Daily => days(1),
        UpdateFrequency::Weekly => days(7),
        UpdateFrequency::Monthly => months_after(first, steps),
        UpdateFrequency::Quarterly => months_after(first, steps.checked_mul(3)?),
        UpdateFrequency::HalfYearly => months_after(first, steps.checked_mul(6)?),
        UpdateFrequency::Yearly => months_after(first, steps.checked_mul(12)?),
        UpdateFrequency::Irregular | UpdateFrequency::Never => None,
    }
}

/// The due dates of a return flow up to a day, the first included.
pub fn due_dates(first: Date, frequency: UpdateFrequency, until: Date) -> Vec<Date> {
    let dates = (0..DUE_DATES_MAX).map_while(|steps| due_date(first, frequency, steps));
    dates.take_while(|date| *date <= until).collect()
}

/// The same day so many months later; of a shorter month its last day.
fn months_after(first: Date, months: usize) -> Option<Date> {
    let month = usize::try_from(first.month()).ok()?.checked_sub(1)?.checked_add(months)?;
    let year = first.year().checked_add(i16::try_from(month / 12).ok()?)?;
    let start = Date::new(year, i8::try_from(month % 12 + 1).ok()?, 1).ok()?;
    let day = first.day().min(start.last_of_month().day());
    Date::new(start.year(), start.month(), day).ok()
}

/// Days from one date to a later one; 0 when it is not later.
fn days_late(due: Date, on: Date) -> u32 {
    due.until(on).ok().and_then(|span| u32::try_from(span.get_days()).ok()).unwrap_or(0)
}

impl ReturnFlow {
    /// The rows that flow back: those of the receiver's own region (本行政区域内).
    pub fn rows(&self) -> Option<Condition> {
        let prefix = self.region.as_ref()?.as_str().to_owned();
        Some(Condition { item: self.region_item.clone(), test: Test::StartsWith(prefix) })
    }

    /// The due dates up to this day, the first included.
    pub fn due_dates(&self, until: Date) -> Vec<Date> {
        due_dates(self.first_due, self.frequency, until)
    }

    fn problems(&self, entry: &Entry, by: &Stamp) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.items.is_empty() || self.items.len() > ITEMS_MAX {
            found.push(Problem::new("items", ProblemCode::Required, None).with("max", ITEMS_MAX));
        }
        let offered = |name: &ItemName| {
            // What a law forbids to share does not flow back either.
            entry.content.item(name).filter(|item| item.sharing_attribute != Some(SharingAttribute::NotShared))
        };
        for (position, name) in self.items.iter().enumerate().take(ITEMS_MAX) {
            let field = format!("items[{position}]");
            if self.items[..position].contains(name) {
                found.push(Problem::new(field, ProblemCode::Duplicate, None).with("name", name));
            } else if offered(name).is_none() {
                found.push(Problem::new(field, ProblemCode::NotOffered, None).with("name", name));
            }
        }
        match offered(&self.region_item) {
            None => found.push(
                Problem::new("region_item", ProblemCode::NotOffered, Some(law::RETURN_FLOW))
                    .with("name", &self.region_item),
            ),
            Some(item) if item.item_type != ItemType::Text => {
                found.push(Problem::new("region_item", ProblemCode::TypeMismatch, None).with("type", item.item_type));
            }
            Some(_) => {}
        }
        if due_date(self.first_due, self.frequency, 0).is_none() {
            found.push(Problem::new("frequency", ProblemCode::NotOffered, Some(law::RETURN_FLOW)));
        }
        if self.first_due < by.at.date() {
            found.push(Problem::new("first_due", ProblemCode::PeriodWrong, None));
        }
        found
    }
}

impl Case<ReturnFlow> {
    /// The last report of each due date: date of return, rows expected, rows returned, and what the receiver said.
    fn runs(&self) -> BTreeMap<Date, (Date, u64, u64, Option<bool>)> {
        let mut runs = BTreeMap::new();
        for step in &self.steps {
            match &step.act {
                ReturnFlowAct::ReportRun { period, returned_on, rows_expected, rows_returned } => {
                    runs.insert(*period, (*returned_on, *rows_expected, *rows_returned, None));
                }
                ReturnFlowAct::ConfirmRun { period, usable, .. } => {
                    if let Some(run) = runs.get_mut(period) {
                        run.3 = Some(*usable);
                    }
                }
                ReturnFlowAct::Accept { .. } | ReturnFlowAct::End { .. } => {}
            }
        }
        runs
    }

    /// How complete and timely it is on a day.
    pub fn progress(&self, today: Date) -> FlowProgress {
        let until = self.runs_until(today);
        let (dates, runs) = (self.matter.due_dates(until), self.runs());
        let over: Vec<Date> = dates.into_iter().filter(|date| *date < until).collect();
        let missing: Vec<Date> = over.iter().copied().filter(|date| !runs.contains_key(date)).collect();
        let lags = runs.iter().map(|(period, run)| days_late(*period, run.0));
        let waiting = missing.iter().map(|date| days_late(*date, until));
        let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
        let said = |wanted: bool| count(runs.values().filter(|run| run.3 == Some(wanted)).count());
        FlowProgress {
            due: count(over.len()),
            filled: count(runs.len()),
            late: count(runs.iter().filter(|(period, run)| run.0 > **period).count()),
            longest_lag_days: lags.chain(waiting).max().unwrap_or(0),
            rows_expected: runs.values().fold(0, |sum, run| sum.saturating_add(run.1)),
            rows_returned: runs.values().fold(0, |sum, run| sum.saturating_add(run.2)),
            usable: said(true),
            unusable: said(false),
            missing,
        }
    }
}

/// Due dates in a row of which none was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowGap {
    /// The first of them.
    pub first: Date,
    /// How many.
    pub dates: u32,
    /// When the rows of the first came back, where they did: too late.
    pub returned_on: Option<Date>,
}

impl Case<ReturnFlow> {
    /// The due dates that are over and were not kept, in rows: a flow that stands still is one thing to look at, however
    /// often it would have been due. Of several reports about one due date the earliest return counts, so that a better
    /// report later does not make a kept date late.
    pub fn gaps(&self, today: Date) -> Vec<FlowGap> {
        let mut returned = BTreeMap::<Date, Date>::new();
        for step in &self.steps {
            if let ReturnFlowAct::ReportRun { period, returned_on, .. } = &step.act {
                let earliest = returned.entry(*period).or_insert(*returned_on);
                *earliest = (*earliest).min(*returned_on);
            }
        }
        let mut gaps: Vec<FlowGap> = Vec::new();
        let mut kept_before = true;
        let until = self.runs_until(today);
        for date in self.matter.due_dates(until).into_iter().filter(|date| *date < until) {
            let returned_on = returned.get(&date).copied();
            let kept = returned_on.is_some_and(|day| day <= date);
            match gaps.last_mut().filter(|_| !kept_before) {
                _ if kept => {}
                Some(gap) => gap.dates += 1,
                None => gaps.push(FlowGap { first: date, dates: 1, returned_on }),
            }
            kept_before = kept;
        }
        gaps
    }

    /// The day up to which due dates count: an ended flow owes nothing after its end.
    fn runs_until(&self, today: Date) -> Date {
        let ended = self.steps.iter().find(|step| matches!(step.act, ReturnFlowAct::End { .. }));
        ended.map_or(today, |step| step.by.at.date())
    }
}

/// What is wrong with a report.
fn run_problems(
    case: &Case<ReturnFlow>,
    (period, returned_on): (Date, Date),
    (expected, returned): (u64, u64),
    by: &Stamp,
) -> Vec<Problem> {
    let mut found = Vec::new();
    if !case.matter.due_dates(period).contains(&period) {
        found.push(Problem::new("period", ProblemCode::NotOffered, None).with("first_due", case.matter.first_due));
    }
    if returned_on > by.at.date() || returned_on < case.opened.at().date() {
        found.push(Problem::new("returned_on", ProblemCode::PeriodWrong, None));
    }
    if returned > expected {
        found.push(Problem::new("rows_returned", ProblemCode::TooLarge, None).with("max", expected));
    }
    found
}

impl Procedure for ReturnFlow {
    const KIND: CaseKind = CaseKind::ReturnFlow;
    const OPENED: &'static str = "ReturnFlowOrdered";
    type State = ReturnFlowState;
    type Verb = ReturnFlowVerb;
    type Act = ReturnFlowAct;

    fn verb(act: &ReturnFlowAct) -> ReturnFlowVerb {
        match act {
            ReturnFlowAct::Accept { .. } => ReturnFlowVerb::Accept,
            ReturnFlowAct::ReportRun { .. } => ReturnFlowVerb::ReportRun,
            ReturnFlowAct::ConfirmRun { .. } => ReturnFlowVerb::ConfirmRun,
            ReturnFlowAct::End { .. } => ReturnFlowVerb::End,
        }
    }

    fn event(verb: ReturnFlowVerb) -> &'static str {
        match verb {
            ReturnFlowVerb::Accept => "ReturnFlowAccepted",
            ReturnFlowVerb::ReportRun => "ReturnFlowRunReported",
            ReturnFlowVerb::ConfirmRun => "ReturnFlowRunConfirmed",
            ReturnFlowVerb::End => "ReturnFlowEnded",
        }
    }

    fn admits(state: ReturnFlowState, verb: ReturnFlowVerb) -> bool {
        use ReturnFlowVerb as V;
        match state {
            ReturnFlowState::Ordered => matches!(verb, V::Accept | V::End),
            ReturnFlowState::Accepted => matches!(verb, V::ReportRun | V::End),
            ReturnFlowState::Running => matches!(verb, V::ReportRun | V::ConfirmRun | V::End),
            ReturnFlowState::Ended => false,
        }
    }

    fn settled(state: ReturnFlowState) -> bool {
        state == ReturnFlowState::Ended
    }

    fn about(&self) -> About {
        About::entry(self.entry)
    }

    fn title(&self, facts: &Facts<'_>) -> String {
        facts.entry.map(|entry| entry.content.name.clone()).unwrap_or_default()
    }

    fn completed(self, facts: &Facts<'_>, by: &Stamp) -> Result<Self, Refusal> {
        let region = facts.organisation(by.organisation)?.region.clone();
        Ok(Self { region: Some(region), ..self })
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<ReturnFlowState>, Refusal> {
        let entry = facts.entry()?;
        if !matches!(entry.state, EntryState::Published { .. }) {
            return Err(Refusal::new(RefusalCode::EntryNotPublished, Some(law::RETURN_FLOW)));
        }
        if entry.content.sharing_attribute == Some(SharingAttribute::NotShared) {
            return Err(Refusal::new(RefusalCode::EntryNotShared, Some(law::SHARING_ATTRIBUTES)));
        }
        let (upper, lower) = (facts.organisation(entry.provider)?, facts.organisation(by.organisation)?);
        if !is_superior(upper, lower) {
            return Err(Refusal::new(RefusalCode::NotSuperior, Some(law::RETURN_FLOW))
                .with("upper", &upper.name)
                .with("lower", &lower.name));
        }
        Refusal::unless_fine(RefusalCode::CaseIncomplete, law::RETURN_FLOW, self.problems(entry, by))?;
        required_text("need", &self.need)?;
        Ok(Opening::against(ReturnFlowState::Ordered, entry.provider).before(facts.authority_of(entry.provider)))
    }

    fn decide(
        case: &Case<Self>,
        act: &ReturnFlowAct,
        _facts: &Facts<'_>,
        by: &Stamp,
    ) -> Result<Next<ReturnFlowState>, Refusal> {
        Ok(Next::to(match act {
            ReturnFlowAct::Accept { docking } => {
                required_text("docking", docking)?;
                ReturnFlowState::Accepted
            }
            ReturnFlowAct::ReportRun { period, returned_on, rows_expected, rows_returned } => {
                let problems = run_problems(case, (*period, *returned_on), (*rows_expected, *rows_returned), by);
                Refusal::unless_fine(RefusalCode::CaseIncomplete, law::RETURN_FLOW, problems)?;
                ReturnFlowState::Running
            }
            ReturnFlowAct::ConfirmRun { period, usable, note } => {
                let mut problems = Vec::new();
                if case.runs().get(period).is_none_or(|run| run.3.is_some()) {
                    problems.push(Problem::new("period", ProblemCode::NotOffered, None));
                }
                Refusal::unless_fine(RefusalCode::CaseIncomplete, law::RETURN_FLOW, problems)?;
                // What is not usable is said in words, so that it can be put right.
                if *usable {
                    optional_text("note", note)?
                } else {
                    required_text("note", note).map(|_| ())?
                }
                ReturnFlowState::Running
            }
            ReturnFlowAct::End { reason } => {
                required_text("reason", reason)?;
                ReturnFlowState::Ended
            }
        }))
    }
}
