//! Tasks of batch exchange (批量交换任务): a standing order of the requester to bring the rows of a grant into its own
//! database or folder. The task says what, where and when; runs are the plane's, and what they came to is recorded.

use crate::{
    Refusal, RefusalCode, Stamp,
    grant::{Grant, GrantStateName},
    law,
};
use shuqiao_vocabulary::{
    BatchRunId, BatchTaskId, GrantId, ItemName, Moment, OrganisationId, PersonId, SharingMethod, closed_list,
};

/// A standing order to bring the rows of a grant into a target of the requester.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchTask {
    /// Its id.
    pub id: BatchTaskId,
    /// The grant it delivers under.
    pub grant: GrantId,
    /// The department that receives.
    pub requester: OrganisationId,
    /// Who set it up and answers for it, and when.
    pub set_up: Stamp,
    /// What a run brings.
    pub mode: BatchMode,
    /// What people may see of where it goes: never a login.
    pub place: String,
    /// Where it goes and how one gets in, sealed.
    pub sealed_target: Vec<u8>,
    /// The table in the target; of another schema than the usual one as `schema.table`. Of a folder: the subfolder.
    pub table: String,
    /// When runs begin by themselves.
    pub schedule: BatchSchedule,
    /// From when on the schedule's moments count: when it was set up, or last resumed.
    pub since: Moment,
    /// Where it stands.
    pub state: BatchTaskState,
}

/// What a run brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchMode {
    /// All rows, in place of those of before (全量).
    Full,
    /// The rows whose change item is not below that of the last finished run (增量); a row is updated by the key.
    Incremental {
        /// The item that grows with each change.
        change: ItemName,
        /// How far before the last value to begin, for rows that were committed late: seconds of a date and time, days
        /// of a date, steps of a number.
        overlap: u32,
    },
}

/// When runs begin by themselves, in legal time (Asia/Shanghai).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchSchedule {
    /// Only when somebody says so.
    Manual,
    /// Every day at this minute, 0 to 1439.
    Daily {
        /// Minutes after midnight.
        minute: u16,
    },
    /// Every week at this minute of this day.
    Weekly {
        /// 1 is Monday, 7 Sunday.
        weekday: u8,
        /// Minutes after midnight.
        minute: u16,
    },
}

/// Minutes of a day.
const MINUTES_OF_A_DAY: u16 = 24 * 60;

impl BatchSchedule {
    /// Whether there is such a moment.
    pub const fn is_sound(self) -> bool {
        match self {
            Self::Manual => true,
            Self::Daily { minute } => minute < MINUTES_OF_A_DAY,
            Self::Weekly { weekday, minute } => weekday >= 1 && weekday <= 7 && minute < MINUTES_OF_A_DAY,
        }
    }
}

/// Where a task stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchTaskState {
    /// Runs begin by its schedule, or when somebody says so.
    Standing,
    /// No run begins, and one that was under way waits.
    Paused {
        /// By whom.
        by: PersonId,
        /// When.
        at: Moment,
    },
    /// It is over; a run that was under way is given up and what it left in the target is removed.
    Ended {
        /// By whom; `None` when its grant ended.
        by: Option<PersonId>,
        /// When.
        at: Moment,
    },
}

closed_list! {
    /// The names of the states.
    BatchTaskStateName {
        /// It stands.
        Standing = "standing",
        /// It is paused.
        Paused = "paused",
        /// It is over.
        Ended = "ended",
    }
}

closed_list! {
    /// What can be done to a task.
    BatchTaskVerb {
        /// Begin a run now.
        Run = "run",
        /// Let no run begin, and the one under way wait.
        Pause = "pause",
        /// Let it stand again.
        Resume = "resume",
        /// End it.
        End = "end",
    }
}

closed_list! {
    /// Names of a task's events; for ever (invariant 12).
    BatchTaskEventName {
        /// It was set up.
        SetUp = "BatchTaskSetUp",
        /// Somebody asked for a run.
        RunAsked = "BatchRunAsked",
        /// It was paused.
        Paused = "BatchTaskPaused",
        /// It stands again.
        Resumed = "BatchTaskResumed",
        /// It was ended.
        Ended = "BatchTaskEnded",
        /// A run brought its rows.
        RunFinished = "BatchRunFinished",
        /// A run ended without bringing them.
        RunFailed = "BatchRunFailed",
        /// The receiver said what it counted of a run.
        RunCountersigned = "BatchRunCountersigned",
    }
}

impl BatchTaskState {
    /// The name.
    pub const fn name(&self) -> BatchTaskStateName {
        match self {
            Self::Standing => BatchTaskStateName::Standing,
            Self::Paused { .. } => BatchTaskStateName::Paused,
            Self::Ended { .. } => BatchTaskStateName::Ended,
        }
    }
}

/// Whether a state admits a verb.
pub const fn admits(state: BatchTaskStateName, verb: BatchTaskVerb) -> bool {
    use BatchTaskStateName as S;
    use BatchTaskVerb as V;
    match (state, verb) {
        (S::Standing, V::Run | V::Pause | V::End) | (S::Paused, V::Resume | V::End) => true,
        (S::Standing, V::Resume) | (S::Paused, V::Run | V::Pause) | (S::Ended, _) => false,
    }
}

/// Tasks that one grant may have at a time: for each department's table one or two.
pub const BATCH_TASKS_MAX: usize = 20;
/// Longest name of a table or subfolder, in characters.
pub const TABLE_MAX: usize = 120;

/// What an officer says of a task, beside where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// What a run brings.
    pub mode: BatchMode,
    /// The table, or the subfolder.
    pub table: String,
    /// When.
    pub schedule: BatchSchedule,
}

/// Whether a task can be set up under this grant as it stands, among so many others; the table's name, trimmed.
///
/// # Errors
/// `NotInThisState` when the grant does not deliver now; `BatchTaskRefused` with the field that is wrong: `grant` when it
/// is of another way of sharing (Art. 22(2)), `table`, `schedule`, `change`; `TooManyBatchTasks`.
pub fn check(grant: &Grant, new: &NewTask, standing: usize, at: Moment) -> Result<String, Refusal> {
    deliverable(grant, "set_up", at)?;
    let wrong = |field: &'static str| {
        Refusal::new(RefusalCode::BatchTaskRefused, Some(law::SHARING_METHODS)).with("field", field)
    };
    if grant.terms.method != SharingMethod::BatchExchange {
        return Err(wrong("grant").with("method", grant.terms.method));
    }
    let table = new.table.trim();
    let length = table.chars().count();
    if length == 0 || length > TABLE_MAX || table.chars().any(char::is_control) {
        return Err(wrong("table").with("max", TABLE_MAX));
    }
    if !new.schedule.is_sound() {
        return Err(wrong("schedule"));
    }
    if let BatchMode::Incremental { change, .. } = &new.mode
        && !grant.terms.items.iter().any(|item| item.name == *change)
    {
        return Err(wrong("change").with("item", change));
    }
    if standing >= BATCH_TASKS_MAX {
        return Err(Refusal::new(RefusalCode::TooManyBatchTasks, None).with("limit", BATCH_TASKS_MAX));
    }
    Ok(table.to_owned())
}

/// Whether rows may flow under the grant now: a suspended or ended one has no runs.
///
/// # Errors
/// `NotInThisState` with the grant's state.
pub fn deliverable(grant: &Grant, verb: &'static str, at: Moment) -> Result<(), Refusal> {
    match grant.state_on(at) {
        GrantStateName::Active => Ok(()),
        state => Err(Refusal::not_in_this_state(verb, state.as_str())),
    }
}

impl BatchTask {
    /// Whether a run may be begun now.
    ///
    /// # Errors
    /// `NotInThisState`, of the task or of its grant.
    pub fn run(&self, grant: &Grant, at: Moment) -> Result<(), Refusal> {
        self.admit(BatchTaskVerb::Run)?;
        deliverable(grant, BatchTaskVerb::Run.as_str(), at)
    }

    /// Paused.
    ///
    /// # Errors
    /// `NotInThisState`.
    pub fn paused(self, by: PersonId, at: Moment) -> Result<Self, Refusal> {
        self.admit(BatchTaskVerb::Pause)?;
        Ok(Self { state: BatchTaskState::Paused { by, at }, ..self })
    }

    /// Standing again; moments of the schedule that went by meanwhile are not made up for.
    ///
    /// # Errors
    /// `NotInThisState`, of the task or of its grant.
    pub fn resumed(self, grant: &Grant, at: Moment) -> Result<Self, Refusal> {
        self.admit(BatchTaskVerb::Resume)?;
        deliverable(grant, BatchTaskVerb::Resume.as_str(), at)?;
        Ok(Self { state: BatchTaskState::Standing, since: at, ..self })
    }

    /// Ended; by nobody when its grant ended.
    ///
    /// # Errors
    /// `NotInThisState`.
    pub fn ended(self, by: Option<PersonId>, at: Moment) -> Result<Self, Refusal> {
        self.admit(BatchTaskVerb::End)?;
        Ok(Self { state: BatchTaskState::Ended { by, at }, ..self })
    }

    /// Whether it ends because its grant has ended for good; a suspension is none.
    pub fn ends_with(&self, grant: &Grant, at: Moment) -> bool {
        let over = matches!(grant.state_on(at), GrantStateName::Revoked | GrantStateName::Expired);
        over && !matches!(self.state, BatchTaskState::Ended { .. })
    }

    fn admit(&self, verb: BatchTaskVerb) -> Result<(), Refusal> {
        let state = self.state.name();
        if admits(state, verb) { Ok(()) } else { Err(Refusal::not_in_this_state(verb.as_str(), state.as_str())) }
    }
}

/// What a run came to, as the record keeps it: counts and codes, never a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRunEnd {
    /// The run.
    pub run: BatchRunId,
    /// Its task.
    pub task: BatchTaskId,
    /// When it was begun.
    pub begun: Moment,
    /// When it ended.
    pub ended: Moment,
    /// Rows in the target.
    pub rows: u64,
    /// Rows put aside.
    pub bad: u64,
    /// The digest of the rows, when it brought them; otherwise why it did not.
    pub outcome: Result<String, String>,
}
