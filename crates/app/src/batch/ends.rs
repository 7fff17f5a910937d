//! What goes on by itself: runs that fall due, runs whose end is to be recorded, tasks whose grant has ended.

use crate::{
    App, AppError, Edge,
    attempt::{facts, task_of},
    port::{BatchRunLine, BatchRunPhase, BatchTasks},
};
use async_trait::async_trait;
use shuqiao_domain::{
    batch_task::{BatchRunEnd, BatchTask, BatchTaskEventName},
    law,
};
use shuqiao_policy::Permit;
use shuqiao_store::StoreError;

/// Most ends of runs that one turn records, and most tasks that it ends.
const PER_TURN_MAX: usize = 100;

#[async_trait]
impl BatchTasks for App {
    async fn batch_tasks(&self) -> Option<Vec<BatchTask>> {
        let listed = async { self.store.begin_read().await?.batch_task_list(None).await };
        match listed.await {
            Ok(tasks) => Some(tasks.into_iter().map(|task| task.value).collect()),
            Err(error) => {
                tracing::error!(%error, "the tasks of batch exchange cannot be read; no run begins or ends by it");
                None
            }
        }
    }
}

impl App {
    /// Sets the runs off that are due, and records those that have ended since; may run twice. How many were recorded.
    pub async fn batch_reconcile(&self, edge: &Edge) -> Result<usize, AppError> {
        self.batch.turn(self).await;
        let mut recorded = self.batch_recorded.lock().await;
        let mut done = 0;
        for line in self.batch.over().await {
            if done >= PER_TURN_MAX {
                break;
            }
            if !recorded.contains(&line.id) {
                done += usize::from(self.batch_run_ended(edge, &line).await?);
                recorded.insert(line.id);
            }
        }
        Ok(done)
    }

    /// Ends the tasks whose grant has ended for good; may run twice. How many.
    pub async fn batch_ends_reconcile(&self, edge: &Edge) -> Result<usize, AppError> {
        let mut read = self.store.begin_read().await?;
        let mut over = Vec::new();
        for task in read.batch_task_list(None).await? {
            let grant = read.grant_fetch(task.value.grant).await?.value;
            if task.value.ends_with(&grant, edge.now) && over.len() < PER_TURN_MAX {
                over.push(task);
            }
        }
        drop(read);
        let permit = Permit::system("batch_ends", law::PURPOSE_ENDED);
        let mut done = 0;
        for task in over {
            let (seen, grant) = (task.revision, task.value.grant);
            let ended = task.value.ended(None, edge.now)?;
            let mut tx = self.store.begin_write().await?;
            match tx.batch_task_save(&ended, seen, &permit).await {
                // Somebody changed it meanwhile: the next turn looks again.
                Err(StoreError::Stale { .. }) => continue,
                saved => saved?,
            };
            let mut record = self.happened(edge, task_of(&permit), BatchTaskEventName::Ended.as_str(), ended.id);
            record.related = vec![grant.to_string()];
            tx.commit(record).await?;
            done += 1;
        }
        Ok(done)
    }

    /// Records how a run ended, if that is not recorded yet.
    async fn batch_run_ended(&self, edge: &Edge, line: &BatchRunLine) -> Result<bool, AppError> {
        let Some(end) = end_of(line) else { return Ok(false) };
        let mut tx = self.store.begin_write().await?;
        if tx.batch_run_find(end.run).await?.is_some() {
            return Ok(false);
        }
        let task: BatchTask = match tx.batch_task_fetch(end.task).await {
            // A run of a task that this database never had: folder and database are of two nodes.
            Err(StoreError::NotFound) => {
                tracing::warn!(run = %end.run, task = %end.task, "a run of an unknown task has ended");
                return Ok(false);
            }
            found => found?.value,
        };
        let permit = Permit::system("batch_runs", "the record says what the planes brought; it decides nothing");
        tx.batch_run_insert(&end, &permit).await?;
        let (event, facts) = match &end.outcome {
            Ok(digest) => {
                let (first, last) = match &line.phase {
                    BatchRunPhase::Finished { records, .. } => records.unwrap_or_default(),
                    _ => (0, 0),
                };
                let told = facts([
                    ("run", &end.run),
                    ("rows", &end.rows),
                    ("put_aside", &end.bad),
                    ("digest", digest),
                    ("first_record", &first),
                    ("last_record", &last),
                ]);
                (BatchTaskEventName::RunFinished, told)
            }
            Err(code) => {
                let told = facts([("run", &end.run), ("rows", &end.rows), ("put_aside", &end.bad), ("code", code)]);
                (BatchTaskEventName::RunFailed, told)
            }
        };
        let mut record = self.happened(edge, task_of(&permit), event.as_str(), end.task);
        record.related = vec![task.grant.to_string()];
        record.facts = facts;
        tx.commit(record).await?;
        Ok(true)
    }
}

/// How a run ended; `None` when it has not.
fn end_of(line: &BatchRunLine) -> Option<BatchRunEnd> {
    let outcome = match &line.phase {
        BatchRunPhase::Finished { digest, .. } => Ok(digest.clone()),
        BatchRunPhase::Failed(failure) => Err(failure.code.clone()),
        BatchRunPhase::Open { .. } | BatchRunPhase::Stopped | BatchRunPhase::Failing(_) => return None,
    };
    Some(BatchRunEnd {
        run: line.id,
        task: line.task,
        begun: line.begun,
        ended: line.updated,
        rows: line.rows,
        bad: line.bad,
        outcome,
    })
}
