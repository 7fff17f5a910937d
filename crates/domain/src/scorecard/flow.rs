//! Return flows as scorecards see them: every due date of an order is a duty of its own.

use super::{CaseRef, DutyFact, DutyKind};
use crate::case::due_dates;
use shuqiao_vocabulary::{Date, Moment, OrganisationId, UpdateFrequency};
use std::collections::BTreeMap;

/// What was reported for a due date, last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowRun {
    /// The day on which the rows were returned.
    pub returned_on: Date,
    /// As many rows were returned as the upper department has (完整).
    pub complete: bool,
    /// What the receiver said of it, if it did.
    pub usable: Option<bool>,
}

/// An order of data that flows back (Art. 24).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowFact {
    /// The order.
    pub case: CaseRef,
    /// The upper department, whose duty it is.
    pub unit: OrganisationId,
    /// The first due date.
    pub first_due: Date,
    /// How often.
    pub frequency: UpdateFrequency,
    /// What was reported, by due date.
    pub runs: BTreeMap<Date, FlowRun>,
    /// The day on which the receiver ended it; from then on nothing is due.
    pub ended: Option<Date>,
}

impl FlowFact {
    /// The due dates up to this day, each as a duty. A run that is incomplete, or that the receiver could not use, does
    /// not fulfil it; a receiver that says nothing does not hold it open.
    pub fn duties(&self, today: Date) -> Vec<DutyFact> {
        let planned = due_dates(self.first_due, self.frequency, today).into_iter();
        let planned = planned.filter(|due| self.ended.is_none_or(|ended| *due < ended));
        planned.map(|due| self.duty(due)).collect()
    }

    fn duty(&self, due: Date) -> DutyFact {
        let run = self.runs.get(&due).filter(|run| run.complete && run.usable != Some(false));
        DutyFact {
            kind: DutyKind::ReturnFlow,
            case: self.case.clone(),
            unit: self.unit,
            due: Moment::end_of_day(due),
            acted: false,
            done: run.map(|run| Moment::end_of_day(run.returned_on)),
            withdrawn: None,
        }
    }
}
