//! Tasks of batch exchange, and how their runs ended.

use crate::{
    conn::{Conn, Query, Row, integer},
    error::{Result, StoreError},
    page::Revised,
    select::Select,
    tx::Tx,
};
use shuqiao_domain::{
    Stamp,
    batch_task::{BatchMode, BatchRunEnd, BatchSchedule, BatchTask, BatchTaskState, BatchTaskStateName},
};
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{BatchRunId, BatchTaskId, GrantId, Moment};

/// Most tasks that are listed: of a grant, or all that are not over.
const BATCH_TASKS_MAX: i64 = 10_000;

/// What every read of tasks begins with.
const TASK_COLUMNS: &str = "select id, revision, grant_id, requester, set_up_by, set_up_at, change_item, overlap, place, \
                            sealed_target, target_table, schedule, since_at, state, state_by, state_at from batch_task";

impl Conn {
    /// The task of this id.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn batch_task_fetch(&mut self, id: BatchTaskId) -> Result<Revised<BatchTask>> {
        let mut select = Select::new(TASK_COLUMNS);
        select.push(" where id = ").bind(id.to_string());
        task(&self.one(select.query()).await?)
    }

    /// The tasks of a grant, those that are over too, or of all grants those that are not; in the order in which they were
    /// set up.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn batch_task_list(&mut self, grant: Option<GrantId>) -> Result<Vec<Revised<BatchTask>>> {
        let mut select = Select::new(TASK_COLUMNS);
        match grant {
            Some(grant) => select.push(" where grant_id = ").bind(grant.to_string()),
            None => select.push(" where state <> ").bind(BatchTaskStateName::Ended.as_str().to_owned()),
        };
        select.push(" order by id limit ").bind(BATCH_TASKS_MAX);
        self.each(select.query(), task).await
    }

    /// How a run ended; `None` when that has not been recorded.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn batch_run_find(&mut self, id: BatchRunId) -> Result<Option<BatchRunEnd>> {
        let mut select =
            Select::new("select id, task, begun_at, ended_at, row_count, bad_count, digest, code from batch_run");
        select.push(" where id = ").bind(id.to_string());
        self.optional(select.query()).await?.map(|row| run_end(&row)).transpose()
    }
}

impl Tx {
    /// Sets a task up.
    ///
    /// # Errors
    /// `NotFound` when there is no such grant.
    pub async fn batch_task_insert(&mut self, task: &BatchTask, permit: &Permit) -> Result<Revised<BatchTask>> {
        let insert = sqlx::query(
            "insert into batch_task (id, revision, grant_id, requester, set_up_by, set_up_at, change_item, overlap, \
             place, sealed_target, target_table, schedule, since_at, state, state_by, state_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        );
        self.deciding(permit).write(bound(insert, task, 1), "batch_task").await?;
        Ok(Revised { value: task.clone(), revision: 1 })
    }

    /// Saves a task that was seen at this revision.
    ///
    /// # Errors
    /// `Stale`, `NotFound`.
    pub async fn batch_task_save(
        &mut self,
        task: &BatchTask,
        seen: u64,
        permit: &Permit,
    ) -> Result<Revised<BatchTask>> {
        let update = sqlx::query(
            "update batch_task set revision = revision + 1, grant_id = $3, requester = $4, set_up_by = $5, \
             set_up_at = $6, change_item = $7, overlap = $8, place = $9, sealed_target = $10, target_table = $11, \
             schedule = $12, since_at = $13, state = $14, state_by = $15, state_at = $16 \
             where id = $1 and revision = $2",
        );
        let revision = sqlx::query("select revision from batch_task where id = $1").bind(task.id.to_string());
        let update = bound(update, task, seen);
        let revision = self.deciding(permit).revise(update, revision, seen, "batch_task").await?;
        Ok(Revised { value: task.clone(), revision })
    }

    /// Keeps how a run ended.
    ///
    /// # Errors
    /// `Taken` when it is kept already; `NotFound` when there is no such task.
    pub async fn batch_run_insert(&mut self, end: &BatchRunEnd, permit: &Permit) -> Result<()> {
        let (digest, code) = match &end.outcome {
            Ok(digest) => (Some(digest.clone()), None),
            Err(code) => (None, Some(code.clone())),
        };
        let insert = sqlx::query(
            "insert into batch_run (id, task, begun_at, ended_at, row_count, bad_count, digest, code) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(end.run.to_string())
        .bind(end.task.to_string())
        .bind(end.begun.microseconds())
        .bind(end.ended.microseconds())
        .bind(integer(end.rows))
        .bind(integer(end.bad))
        .bind(digest)
        .bind(code);
        self.deciding(permit).write(insert, "batch_run").await?;
        Ok(())
    }
}

/// The columns in their order; the second is the revision, new or seen.
fn bound(query: Query, task: &BatchTask, revision: u64) -> Query {
    let (change, overlap) = match &task.mode {
        BatchMode::Full => (None, 0),
        BatchMode::Incremental { change, overlap } => (Some(change.as_str().to_owned()), *overlap),
    };
    let (by, at) = match &task.state {
        BatchTaskState::Standing => (None, None),
        BatchTaskState::Paused { by, at } => (Some(*by), Some(*at)),
        BatchTaskState::Ended { by, at } => (*by, Some(*at)),
    };
    query
        .bind(task.id.to_string())
        .bind(integer(revision))
        .bind(task.grant.to_string())
        .bind(task.requester.to_string())
        .bind(task.set_up.person.to_string())
        .bind(task.set_up.at.microseconds())
        .bind(change)
        .bind(i64::from(overlap))
        .bind(task.place.clone())
        .bind(task.sealed_target.clone())
        .bind(task.table.clone())
        .bind(schedule_text(task.schedule))
        .bind(task.since.microseconds())
        .bind(task.state.name().as_str())
        .bind(by.map(|by| by.to_string()))
        .bind(at.map(Moment::microseconds))
}

fn task(row: &Row) -> Result<Revised<BatchTask>> {
    let id = row.text(0)?;
    let read = || -> Result<BatchTask> {
        let overlap = u32::try_from(row.integer(7)?).map_err(|_| StoreError::corrupt("overlap"))?;
        let mode = match row.optional_text(6)? {
            None => BatchMode::Full,
            Some(change) => BatchMode::Incremental { change: crate::conn::parse(&change)?, overlap },
        };
        let by = row.optional_text(14)?.as_deref().map(crate::conn::parse).transpose()?;
        let state = match (row.parsed(13)?, by, row.optional_moment(15)?) {
            (BatchTaskStateName::Standing, None, None) => BatchTaskState::Standing,
            (BatchTaskStateName::Paused, Some(by), Some(at)) => BatchTaskState::Paused { by, at },
            (BatchTaskStateName::Ended, by, Some(at)) => BatchTaskState::Ended { by, at },
            _ => return Err(StoreError::corrupt("state without its author or moment")),
        };
        let requester = row.parsed(3)?;
        Ok(BatchTask {
            id: row.parsed(0)?,
            grant: row.parsed(2)?,
            requester,
            set_up: Stamp { person: row.parsed(4)?, organisation: requester, at: row.moment(5)? },
            mode,
            place: row.text(8)?,
            sealed_target: row.bytes(9)?,
            table: row.text(10)?,
            schedule: schedule_read(&row.text(11)?)?,
            since: row.moment(12)?,
            state,
        })
    };
    let value = read().map_err(|error| StoreError::corrupt(format!("batch_task {id}: {error}")))?;
    Ok(Revised { value, revision: row.number(1)? })
}

fn run_end(row: &Row) -> Result<BatchRunEnd> {
    let outcome = match (row.optional_text(6)?, row.optional_text(7)?) {
        (Some(digest), None) => Ok(digest),
        (None, Some(code)) => Err(code),
        _ => return Err(StoreError::corrupt(format!("batch_run {}: neither digest nor code, or both", row.text(0)?))),
    };
    Ok(BatchRunEnd {
        run: row.parsed(0)?,
        task: row.parsed(1)?,
        begun: row.moment(2)?,
        ended: row.moment(3)?,
        rows: row.number(4)?,
        bad: row.number(5)?,
        outcome,
    })
}

/// `manual`, `daily MINUTE`, `weekly WEEKDAY MINUTE`.
fn schedule_text(schedule: BatchSchedule) -> String {
    match schedule {
        BatchSchedule::Manual => "manual".to_owned(),
        BatchSchedule::Daily { minute } => format!("daily {minute}"),
        BatchSchedule::Weekly { weekday, minute } => format!("weekly {weekday} {minute}"),
    }
}

fn schedule_read(text: &str) -> Result<BatchSchedule> {
    let words: Vec<&str> = text.split(' ').collect();
    Ok(match words[..] {
        ["manual"] => BatchSchedule::Manual,
        ["daily", minute] => BatchSchedule::Daily { minute: crate::conn::parse(minute)? },
        ["weekly", weekday, minute] => {
            BatchSchedule::Weekly { weekday: crate::conn::parse(weekday)?, minute: crate::conn::parse(minute)? }
        }
        _ => return Err(StoreError::corrupt(format!("not a schedule: {text}"))),
    })
}
