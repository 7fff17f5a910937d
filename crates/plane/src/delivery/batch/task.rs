//! What the requester's officer has set up: a task. The workflow keeps it; the plane learns it through [`BatchDesk`].

use super::schedule::Schedule;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shuqiao_vocabulary::{BatchTaskId, GrantId, Moment, OrganisationId, PersonId};

/// A standing order to bring the rows of a grant into a target (批量交换任务).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchTask {
    /// Its id.
    pub id: BatchTaskId,
    /// The grant it delivers under.
    pub grant: GrantId,
    /// The department that receives.
    pub requester: OrganisationId,
    /// The officer who set it up and answers for it; every page is recorded under their name.
    pub person: PersonId,
    /// What a run brings.
    pub mode: BatchMode,
    /// A [`super::target::TargetLocation`], sealed.
    pub sealed_target: Vec<u8>,
    /// The table in the target; of another schema than `public` as `schema.table`. Of a folder: the subfolder.
    pub table: String,
    /// When runs begin by themselves.
    pub schedule: Schedule,
    /// When it was set up or last changed.
    pub since: Moment,
}

/// What a run brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BatchMode {
    /// All rows, in place of those of before (全量).
    Full,
    /// The rows whose change item is not below that of the last finished run (增量). Rows that were deleted at the source
    /// stay in the target, and a row whose change item is empty comes with the first run only: a full run sets both right.
    Incremental {
        /// The granted, unmasked item that grows with each change.
        change: String,
        /// How far before the last value to begin, for rows that were committed late: seconds of a date and time, days of
        /// a date, steps of a number.
        #[serde(default)]
        overlap: u32,
    },
}

/// Where the plane learns of tasks. The other side is the workflow, which the plane does not know.
#[async_trait]
pub trait BatchDesk: Send + Sync {
    /// Every task there is; `None` when that cannot be said now.
    async fn tasks(&self) -> Option<Vec<BatchTask>>;
}
