//! Scorecards (评价指标, Art. 38(2)): from the rows of the state, and independently from the journal alone.

mod from_journal;
mod from_state;

use crate::{App, AppError, Ctx, attempt::facts};
use shuqiao_domain::{
    Refusal, RefusalCode,
    case::{AnyCase, CaseKind, ReturnFlowAct},
    organisation::{self, Organisation},
    scorecard::{Period, Score, ScoreFacts, scorecard},
};
use shuqiao_policy::{Action, Principal, Resource};
use shuqiao_vocabulary::{Level, Moment, OrganisationId, OrganisationKind};
use std::collections::BTreeMap;

/// Most requests, cases or entries that one scorecard counts.
const FACTS_MAX: usize = 200_000;

/// Kinds of case that scorecards look at.
const KINDS: [CaseKind; 5] =
    [CaseKind::Correction, CaseKind::Disposal, CaseKind::Demand, CaseKind::Dispute, CaseKind::ReturnFlow];

fn too_many() -> AppError {
    Refusal::new(RefusalCode::ScorecardTooLarge, None).with("max", FACTS_MAX).into()
}

/// A scorecard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScorecardView {
    /// Of which organisation; `None` for all of them together.
    pub unit: Option<OrganisationId>,
    /// In which period.
    pub period: Period,
    /// As of when.
    pub at: Moment,
    /// The version of the calendar that its working days are counted by.
    pub calendar: String,
    /// The indicators, in the order of the list.
    pub scores: Vec<Score>,
}

/// Scorecards of the departments of a region, side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScorecardTable {
    /// In which period.
    pub period: Period,
    /// As of when.
    pub at: Moment,
    /// The version of the calendar that working days are counted by.
    pub calendar: String,
    /// Each department with its indicators, by name.
    pub rows: Vec<(Organisation, Vec<Score>)>,
}

/// A scorecard from the state beside the same from the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recomputed {
    /// As it is shown.
    pub shown: ScorecardView,
    /// As the journal has it.
    pub recomputed: ScorecardView,
}

impl Recomputed {
    /// Each indicator twice, and whether both are the same, case by case.
    pub fn pairs(&self) -> impl Iterator<Item = (&Score, &Score, bool)> {
        let both = self.shown.scores.iter().zip(&self.recomputed.scores);
        both.map(|(shown, recomputed)| (shown, recomputed, shown == recomputed))
    }
}

/// What the record of a case says so that scorecards can be computed from the record alone.
pub(crate) fn case_facts(case: &AnyCase) -> BTreeMap<String, String> {
    let mut found = facts([("opener", &case.opener())]);
    let mut add = |name: &str, value: Option<String>| found.extend(value.map(|value| (name.to_owned(), value)));
    add("respondent", case.respondent().map(|id| id.to_string()));
    add("authority", case.authority().map(|id| id.to_string()));
    if let AnyCase::Dispute(dispute) = case {
        add("request", dispute.matter.request.map(|id| id.to_string()));
    }
    if let AnyCase::Demand(demand) = case {
        add("needed_by", Some(Moment::end_of_day(demand.matter.needed_by).to_string()));
    }
    if let AnyCase::ReturnFlow(flow) = case {
        add("first_due", Some(flow.matter.first_due.to_string()));
        add("frequency", Some(flow.matter.frequency.to_string()));
        match flow.steps.last().map(|step| &step.act) {
            Some(ReturnFlowAct::ReportRun { period, returned_on, rows_expected, rows_returned }) => {
                add("period", Some(period.to_string()));
                add("returned_on", Some(returned_on.to_string()));
                add("rows_expected", Some(rows_expected.to_string()));
                add("rows_returned", Some(rows_returned.to_string()));
            }
            Some(ReturnFlowAct::ConfirmRun { period, usable, .. }) => {
                add("period", Some(period.to_string()));
                add("usable", Some(usable.to_string()));
            }
            _ => {}
        }
    }
    found
}

fn of_unit(unit: Option<OrganisationId>) -> Resource {
    unit.map_or(Resource::Node, |id| Resource::Organisation { id })
}

/// Whether somebody of this place looks at the departments of that one.
fn overseen(principal: &Principal, one: &Organisation) -> bool {
    matches!(principal.level, Level::Nation | Level::Ministry) || principal.region.contains(&one.region)
}

fn subject(unit: Option<OrganisationId>) -> String {
    unit.map_or_else(|| "node".to_owned(), |id| id.to_string())
}

impl App {
    /// The scorecard of an organisation, or of all of them together, in a period.
    pub async fn scorecard(
        &self,
        ctx: &Ctx,
        unit: Option<OrganisationId>,
        period: Period,
    ) -> Result<ScorecardView, AppError> {
        self.attempt(ctx, Action::ScorecardRead, subject(unit), async {
            self.permit(ctx, Action::ScorecardRead, &of_unit(unit))?;
            let mut conn = self.store.begin_read().await?;
            let known = from_state::facts(&mut conn, unit).await?;
            Ok(self.scored(&known, unit, period, ctx.now()))
        })
        .await
    }

    /// The scorecards of every department of the caller's region, beside one another. Who comes from an organisation of
    /// the whole nation sees those of every region.
    pub async fn scorecard_departments(&self, ctx: &Ctx, period: Period) -> Result<ScorecardTable, AppError> {
        self.attempt(ctx, Action::ScorecardRead, subject(None), async {
            self.permit(ctx, Action::ScorecardRead, &of_unit(None))?;
            self.scorecard_table(period, ctx.now(), |one| overseen(&ctx.principal, one)).await
        })
        .await
    }

    /// The scorecards of the departments that a sharing authority has under it, for its circular. The caller has asked
    /// whether they may be seen.
    pub(crate) async fn scorecard_evaluated(
        &self,
        authority: &Organisation,
        period: Period,
        now: Moment,
    ) -> Result<ScorecardTable, AppError> {
        self.scorecard_table(period, now, |one| organisation::covers(authority, one)).await
    }

    async fn scorecard_table(
        &self,
        period: Period,
        now: Moment,
        wanted: impl Fn(&Organisation) -> bool,
    ) -> Result<ScorecardTable, AppError> {
        let mut conn = self.store.begin_read().await?;
        let known = from_state::facts(&mut conn, None).await?;
        let mut listed = conn.organisation_list().await?;
        listed.retain(|one| one.kind != OrganisationKind::SharingAuthority && wanted(one));
        listed.sort_by(|one, other| one.name.cmp(&other.name));
        let calendar = self.calendar();
        let scores = |one: &Organisation| scorecard(&known, Some(one.id), &period, &calendar, now);
        let rows = listed.into_iter().map(|one| (scores(&one), one)).map(|(scores, one)| (one, scores)).collect();
        Ok(ScorecardTable { at: now, calendar: calendar.version().to_owned(), rows, period })
    }

    /// The same, beside what the journal alone gives.
    pub async fn scorecard_recomputed(
        &self,
        ctx: &Ctx,
        unit: Option<OrganisationId>,
        period: Period,
    ) -> Result<Recomputed, AppError> {
        self.attempt(ctx, Action::ScorecardRecomputedRead, subject(unit), async {
            self.permit(ctx, Action::ScorecardRecomputedRead, &of_unit(unit))?;
            let mut conn = self.store.begin_read().await?;
            let state = from_state::facts(&mut conn, unit).await?;
            let journal = from_journal::facts(&mut conn).await?;
            Ok(Recomputed {
                shown: self.scored(&state, unit, period, ctx.now()),
                recomputed: self.scored(&journal, unit, period, ctx.now()),
            })
        })
        .await
    }

    fn scored(&self, known: &ScoreFacts, unit: Option<OrganisationId>, period: Period, now: Moment) -> ScorecardView {
        let calendar = self.calendar();
        let scores = scorecard(known, unit, &period, &calendar, now);
        ScorecardView { unit, period, at: now, calendar: calendar.version().to_owned(), scores }
    }
}

#[cfg(test)]
pub(crate) mod tests;
