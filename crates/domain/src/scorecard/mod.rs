//! Scorecards (评价指标, Art. 38(2)): how a department does its duties, as shares and working days of one period.
//!
//! The formulas are ours, the duties are the law's. Each indicator is computed from small facts and lists the cases behind
//! its numbers, so that whoever doubts one can look. The same facts come from the rows of the state and, independently,
//! from the journal alone; both must give the same scorecard.
//!
//! Common to all: a case counts in the period in which its deadline falls; withdrawn before the other side's first action
//! it does not count at all; withdrawn after the deadline it stays overdue; days spent waiting for the requester stand
//! beside and are never subtracted; what still runs is listed, and counted once it is over or overdue.

mod compute;
mod facts;
mod flow;
mod period;

pub use compute::scorecard;
pub use facts::{CaseRef, DisputeFact, DutyFact, DutyKind, ReplyEnd, ReplyFact, ScoreFacts, Standing};
pub use flow::{FlowFact, FlowRun};
pub use period::{Period, PeriodPart};

use shuqiao_vocabulary::{Moment, closed_list};

/// Fewer cases than this are never ranked.
pub const FEW: usize = 10;
/// How far below its target a share is still yellow, in hundredths of a point: 5 points.
const YELLOW: u64 = 500;

closed_list! {
    /// The indicators that the node can compute.
    IndicatorCode {
        /// Updates of entries filed in time after a change (目录更新及时率).
        C4 = "C4",
        /// Demands met (共享需求满足率).
        S1 = "S1",
        /// Replies in time, approved extensions included (答复及时率).
        S2 = "S2",
        /// Working days to the reply, on average (平均答复工作日).
        S3Mean = "S3.mean",
        /// Working days to the reply, median (中位答复工作日).
        S3Median = "S3.median",
        /// Working days within which 95 of 100 replies come (95 % 答复工作日).
        S3P95 = "S3.p95",
        /// Unconditional requests agreed to within one working day (无条件直通率).
        S4 = "S4",
        /// Deliveries in time (交付及时率).
        S5 = "S5",
        /// Refusals among the replies (不同意率).
        S6 = "S6",
        /// Refusals decided otherwise among the disputed ones (被推翻率).
        S6Overturned = "S6.overturned",
        /// Extended among the cases (延期率).
        S7 = "S7",
        /// Corrections answered in time (校核纠错及时率).
        Q4 = "Q4",
        /// Due dates of return flows for which usable rows came back in time (回流完成率).
        R1 = "R1",
        /// Disputes closed among those raised (争议办结率).
        D1 = "D1",
        /// Disposals proved in time (销毁证明率).
        X2 = "X2",
    }
}

closed_list! {
    /// The light of an indicator (灯).
    ScoreLight {
        /// The target is met.
        Green = "green",
        /// Missed by 5 points at most.
        Yellow = "yellow",
        /// Missed by more.
        Red = "red",
    }
}

/// What an indicator aims at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// At least this share, in hundredths of a percent.
    AtLeast(u64),
    /// At most this share, in hundredths of a percent.
    AtMost(u64),
    /// At most so many working days, in hundredths of a day.
    Days(u64),
    /// Nothing: it is only watched.
    Watch,
}

impl Target {
    /// The light of a value, exactly: `part` of `whole`. A term in days is kept or not, and is never yellow.
    fn light(self, part: u64, whole: u64) -> Option<ScoreLight> {
        let reached = |share: u64| part.saturating_mul(10_000) >= share.saturating_mul(whole);
        let within = |share: u64| part.saturating_mul(10_000) <= share.saturating_mul(whole);
        let (green, yellow) = match self {
            _ if whole == 0 => return None,
            Self::Watch => return None,
            Self::AtLeast(share) => (reached(share), reached(share.saturating_sub(YELLOW))),
            Self::AtMost(share) => (within(share), within(share.saturating_add(YELLOW))),
            Self::Days(hundredths) => {
                let kept = part.saturating_mul(100) <= hundredths.saturating_mul(whole);
                (kept, kept)
            }
        };
        Some(match (green, yellow) {
            (true, _) => ScoreLight::Green,
            (false, true) => ScoreLight::Yellow,
            (false, false) => ScoreLight::Red,
        })
    }
}

impl IndicatorCode {
    /// What it aims at.
    pub const fn target(self) -> Target {
        match self {
            Self::S2 | Self::D1 | Self::X2 => Target::AtLeast(10_000),
            Self::S4 => Target::AtLeast(9_900),
            Self::C4 | Self::S1 | Self::S5 | Self::Q4 | Self::R1 => Target::AtLeast(9_500),
            Self::S3Mean => Target::Days(500),
            Self::S3Median => Target::Days(300),
            Self::S3P95 => Target::Days(1_000),
            Self::S7 => Target::AtMost(1_000),
            Self::S6 | Self::S6Overturned => Target::Watch,
        }
    }
}

/// A case that an indicator counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Which.
    pub case: CaseRef,
    /// The last day of its term; `None` where no clock runs.
    pub due: Option<Moment>,
    /// Whether it stands in the numerator too; every one stands in the denominator.
    pub counts: bool,
    /// Working days it took, where the indicator asks for them.
    pub working_days: Option<u32>,
    /// Working days among them that the requester was waited for: shown, never subtracted.
    pub waiting_days: u32,
}

/// An indicator of a department in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Which.
    pub code: IndicatorCode,
    /// Hundredths of a percent, or of a working day where the target is in days; `None` without cases.
    pub value: Option<u64>,
    /// Its light; `None` without cases or without a target.
    pub light: Option<ScoreLight>,
    /// Too few cases to be ranked.
    pub few: bool,
    /// The cases it counts, by number.
    pub cases: Vec<Counted>,
    /// Cases of the period that still run and are not counted yet, by number.
    pub running: Vec<CaseRef>,
}

impl Score {
    /// How many cases stand in the numerator.
    pub fn numerator(&self) -> usize {
        self.cases.iter().filter(|counted| counted.counts).count()
    }

    /// How many cases it counts.
    pub fn denominator(&self) -> usize {
        self.cases.len()
    }
}
