//! Scorecards on the wire.

use super::{
    list::{IndicatorCode, ScoreLight},
    text::{MomentText, OrganisationId, PeriodText},
};
use serde::Serialize;
use shuqiao_app as app;
use shuqiao_domain::{
    organisation::Organisation,
    scorecard::{self, CaseRef, Counted, Target},
};
use utoipa::ToSchema;

/// What a value is measured in.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScoreMeasure {
    /// Hundredths of a percent.
    Share,
    /// Hundredths of a working day.
    WorkingDays,
}

/// What an indicator aims at.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScoreAim {
    /// At least the target.
    AtLeast,
    /// At most the target.
    AtMost,
    /// Nothing: it is watched.
    Watch,
}

/// A request or a case behind a number.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreCase {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// The last moment of its term; null where no clock runs.
    #[schema(required)]
    pub due: Option<MomentText>,
    /// Whether it stands in the numerator too.
    pub counts: bool,
    /// Working days it took, where the indicator asks for them.
    #[schema(required)]
    pub working_days: Option<u32>,
    /// Working days among them that the requester was waited for; never subtracted.
    pub waiting_days: u32,
}

/// A request or a case that still runs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreRunning {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
}

/// An indicator (评价指标).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Score {
    /// Which.
    pub code: IndicatorCode,
    /// What its value is measured in.
    pub measure: ScoreMeasure,
    /// The value in hundredths; null without cases.
    #[schema(required)]
    pub value: Option<u64>,
    /// What it aims at.
    pub aim: ScoreAim,
    /// The target in hundredths; null where it is only watched.
    #[schema(required)]
    pub target: Option<u64>,
    /// Its light; null without cases or without a target.
    #[schema(required)]
    pub light: Option<ScoreLight>,
    /// Too few cases to be ranked.
    pub few: bool,
    /// How many cases stand in the numerator.
    pub numerator: usize,
    /// How many cases it counts.
    pub denominator: usize,
    /// Those cases, by number.
    pub cases: Vec<ScoreCase>,
    /// Cases of the period that still run and are not counted yet.
    pub running: Vec<ScoreRunning>,
}

/// A scorecard.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Scorecard {
    /// Of which organisation; null for all of them together.
    #[schema(required)]
    pub unit: Option<OrganisationId>,
    /// In which period.
    pub period: PeriodText,
    /// As of when.
    pub at: MomentText,
    /// The calendar that its working days are counted by.
    pub calendar: String,
    /// The indicators.
    pub scores: Vec<Score>,
}

/// An indicator as a column of a table.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreColumn {
    /// Which.
    pub code: IndicatorCode,
    /// What its values are measured in.
    pub measure: ScoreMeasure,
    /// What it aims at.
    pub aim: ScoreAim,
    /// The target in hundredths; null where it is only watched.
    #[schema(required)]
    pub target: Option<u64>,
}

/// An indicator of a department, without its cases.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreCell {
    /// Which.
    pub code: IndicatorCode,
    /// The value in hundredths; null without cases.
    #[schema(required)]
    pub value: Option<u64>,
    /// Its light; null without cases or without a target.
    #[schema(required)]
    pub light: Option<ScoreLight>,
    /// Too few cases to be ranked.
    pub few: bool,
    /// How many cases stand in the numerator.
    pub numerator: usize,
    /// How many cases it counts.
    pub denominator: usize,
    /// How many cases of the period still run.
    pub running: usize,
}

/// A department's indicators.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreRow {
    /// The department.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its indicators, in the order of the columns.
    pub scores: Vec<ScoreCell>,
}

/// Scorecards of departments, side by side.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScorecardTable {
    /// In which period.
    pub period: PeriodText,
    /// As of when.
    pub at: MomentText,
    /// The calendar that working days are counted by.
    pub calendar: String,
    /// The indicators.
    pub columns: Vec<ScoreColumn>,
    /// The departments, by name.
    pub rows: Vec<ScoreRow>,
}

/// Whether an indicator is the same from the state and from the journal.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreAgreement {
    /// Which.
    pub code: IndicatorCode,
    /// Whether value, light and every case are the same.
    pub agrees: bool,
}

/// A scorecard beside the same from the journal alone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecomputedScorecard {
    /// As it is shown.
    pub shown: Scorecard,
    /// As the journal has it.
    pub recomputed: Scorecard,
    /// Whether they agree, indicator by indicator.
    pub agreements: Vec<ScoreAgreement>,
}

impl From<Counted> for ScoreCase {
    fn from(counted: Counted) -> Self {
        let CaseRef { number, id } = counted.case;
        let Counted { due, counts, working_days, waiting_days, .. } = counted;
        Self { id, number, due: due.map(MomentText), counts, working_days, waiting_days }
    }
}

impl From<scorecard::IndicatorCode> for ScoreColumn {
    fn from(code: scorecard::IndicatorCode) -> Self {
        let (measure, aim, target) = match code.target() {
            Target::AtLeast(share) => (ScoreMeasure::Share, ScoreAim::AtLeast, Some(share)),
            Target::AtMost(share) => (ScoreMeasure::Share, ScoreAim::AtMost, Some(share)),
            Target::Days(days) => (ScoreMeasure::WorkingDays, ScoreAim::AtMost, Some(days)),
            Target::Watch => (ScoreMeasure::Share, ScoreAim::Watch, None),
        };
        Self { code: code.into(), measure, aim, target }
    }
}

impl From<&scorecard::Score> for ScoreCell {
    fn from(score: &scorecard::Score) -> Self {
        Self {
            code: score.code.into(),
            value: score.value,
            light: score.light.map(Into::into),
            few: score.few,
            numerator: score.numerator(),
            denominator: score.denominator(),
            running: score.running.len(),
        }
    }
}

impl From<scorecard::Score> for Score {
    fn from(score: scorecard::Score) -> Self {
        let ScoreColumn { measure, aim, target, .. } = score.code.into();
        Self {
            code: score.code.into(),
            measure,
            value: score.value,
            aim,
            target,
            light: score.light.map(Into::into),
            few: score.few,
            numerator: score.numerator(),
            denominator: score.denominator(),
            cases: score.cases.into_iter().map(Into::into).collect(),
            running: score.running.into_iter().map(|case| ScoreRunning { id: case.id, number: case.number }).collect(),
        }
    }
}

impl From<app::ScorecardView> for Scorecard {
    fn from(view: app::ScorecardView) -> Self {
        Self {
            unit: view.unit.map(Into::into),
            period: view.period.into(),
            at: MomentText(view.at),
            calendar: view.calendar,
            scores: view.scores.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<app::ScorecardTable> for ScorecardTable {
    fn from(table: app::ScorecardTable) -> Self {
        let row = |(one, scores): (Organisation, Vec<scorecard::Score>)| ScoreRow {
            organisation: one.id.into(),
            name: one.name,
            scores: scores.iter().map(Into::into).collect(),
        };
        Self {
            period: table.period.into(),
            at: MomentText(table.at),
            calendar: table.calendar,
            columns: scorecard::IndicatorCode::ALL.iter().map(|code| (*code).into()).collect(),
            rows: table.rows.into_iter().map(row).collect(),
        }
    }
}

impl From<app::Recomputed> for RecomputedScorecard {
    fn from(both: app::Recomputed) -> Self {
        let agreement =
            |(shown, _, agrees): (&scorecard::Score, _, bool)| ScoreAgreement { code: shown.code.into(), agrees };
        let agreements = both.pairs().map(agreement).collect();
        Self { agreements, shown: both.shown.into(), recomputed: both.recomputed.into() }
    }
}
