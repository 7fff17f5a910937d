//! The stored form of what is under way with a published entry: the next version, changes with their clocks, reviews.

use super::{
    Form, Spelled,
    common::{StoredClock, StoredMoment, StoredReturned, StoredStamp},
    entry::StoredContent,
    stored,
};
use serde::{Deserialize, Serialize};
use shuqiao_domain::{
    catalogue::{Change, ChangeKind, ChangeState, Extension, ExtensionDecision, Review, ReviewEnd, UpdateStep, Work},
    rules::UpdateStopPolicy,
};
use shuqiao_vocabulary::{Date, PersonId};

stored! {
    StoredChange of Change {
        kind: Spelled<ChangeKind>,
        title: String,
        occurred: Spelled<Date>,
        recorded: StoredStamp,
        clock: StoredClock,
        // Before there was a choice, the filing stopped it.
        #[serde(default = "by_filing")]
        stops_with: Spelled<UpdateStopPolicy>,
        extension: Option<StoredExtension>,
        state: StoredChangeState,
    }
}
stored! {
    StoredExtension of Extension { asked: StoredStamp, reason: String, decision: Option<StoredExtensionDecision> }
}
stored! {
    StoredExtensionDecision of ExtensionDecision { by: StoredStamp, consented: bool, opinion: String }
}
stored! {
    StoredReview of Review { clock: StoredClock, end: Option<StoredReviewEnd> }
}
stored! {
    StoredReviewEnd of ReviewEnd { at: StoredMoment, published: bool }
}

const fn by_filing() -> Spelled<UpdateStopPolicy> {
    Spelled(UpdateStopPolicy::Filing)
}

/// Whether the entry follows a change.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredChangeState {
    Open,
    Answered { filed: StoredMoment },
    Settled { stopped: StoredMoment },
}

impl Form<ChangeState> for StoredChangeState {
    fn of(value: &ChangeState) -> Self {
        match value {
            ChangeState::Open => Self::Open,
            ChangeState::Answered { filed } => Self::Answered { filed: Form::of(filed) },
            ChangeState::Settled { stopped } => Self::Settled { stopped: Form::of(stopped) },
        }
    }
    fn value(self) -> ChangeState {
        match self {
            Self::Open => ChangeState::Open,
            Self::Answered { filed } => ChangeState::Answered { filed: filed.value() },
            Self::Settled { stopped } => ChangeState::Settled { stopped: stopped.value() },
        }
    }
}

/// What is under way with a published entry.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredWork {
    Update { content: Box<StoredContent>, drafted_by: Spelled<PersonId>, step: StoredStep },
    Retirement { proposed: StoredStamp, reason: String, approved: Option<StoredStamp> },
}

impl Form<Work> for StoredWork {
    fn of(value: &Work) -> Self {
        match value {
            Work::Update { content, drafted_by, step } => Self::Update {
                content: Box::new(Form::of(&**content)),
                drafted_by: Form::of(drafted_by),
                step: Form::of(step),
            },
            Work::Retirement { proposed, reason, approved } => {
                Self::Retirement { proposed: Form::of(proposed), reason: reason.clone(), approved: Form::of(approved) }
            }
        }
    }
    fn value(self) -> Work {
        match self {
            Self::Update { content, drafted_by, step } => Work::Update {
                content: Box::new((*content).value()),
                drafted_by: drafted_by.value(),
                step: step.value(),
            },
            Self::Retirement { proposed, reason, approved } => {
                Work::Retirement { proposed: proposed.value(), reason, approved: approved.value() }
            }
        }
    }
}

/// How far the next version is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredStep {
    Draft { begun: StoredStamp, returned: Option<StoredReturned> },
    AwaitingHead { begun: StoredStamp, submitted: StoredStamp },
    Filed { begun: StoredStamp, approved: StoredStamp },
}

impl Form<UpdateStep> for StoredStep {
    fn of(value: &UpdateStep) -> Self {
        match value {
            UpdateStep::Draft { begun, returned } => {
                Self::Draft { begun: Form::of(begun), returned: Form::of(returned) }
            }
            UpdateStep::AwaitingHead { begun, submitted } => {
                Self::AwaitingHead { begun: Form::of(begun), submitted: Form::of(submitted) }
            }
            UpdateStep::Filed { begun, approved } => {
                Self::Filed { begun: Form::of(begun), approved: Form::of(approved) }
            }
        }
    }
    fn value(self) -> UpdateStep {
        match self {
            Self::Draft { begun, returned } => UpdateStep::Draft { begun: begun.value(), returned: returned.value() },
            Self::AwaitingHead { begun, submitted } => {
                UpdateStep::AwaitingHead { begun: begun.value(), submitted: submitted.value() }
            }
            Self::Filed { begun, approved } => UpdateStep::Filed { begun: begun.value(), approved: approved.value() },
        }
    }
}
