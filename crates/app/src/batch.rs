//! Tasks of batch exchange (批量交换任务): set up under a grant by those who receive, run by the plane, and each run's end
//! recorded. What a run brought is counted on both sides; the record keeps counts, digest and code.

mod countersign;
mod ends;
pub(crate) mod port;

use crate::{
    App, AppError, Ctx,
    attempt::facts,
    grant::of_grant,
    port::{BatchBadRow, BatchFailure, BatchRunLine, NewTarget},
    view::People,
};
use shuqiao_domain::{
    Refusal, RefusalCode,
    batch_task::{
        self, BatchMode, BatchSchedule, BatchTask, BatchTaskEventName, BatchTaskState, BatchTaskVerb, NewTask,
    },
    grant::Grant,
};
use shuqiao_policy::Action;
use shuqiao_store::Revised;
use shuqiao_vocabulary::{BatchRunId, BatchTaskId, GrantId};

/// Most runs that are shown of a task.
const RUNS_MAX: usize = 50;
/// Most rows put aside that are shown of a run.
const PUT_ASIDE_MAX: usize = 1_000;

/// A task with what people need beside it.
#[derive(Clone, Debug)]
pub struct BatchTaskView {
    /// The task.
    pub task: Revised<BatchTask>,
    /// What the reader may do with it now.
    pub verbs: Vec<BatchTaskVerb>,
    /// Its newest run.
    pub last: Option<BatchRunLine>,
    /// Names of people.
    pub people: People,
}

impl From<BatchFailure> for AppError {
    fn from(failure: BatchFailure) -> Self {
        Self::BatchFailed(Box::new(failure))
    }
}

const fn action_of(verb: BatchTaskVerb) -> Action {
    match verb {
        BatchTaskVerb::Run => Action::BatchTaskRun,
        BatchTaskVerb::Pause => Action::BatchTaskPause,
        BatchTaskVerb::Resume => Action::BatchTaskResume,
        BatchTaskVerb::End => Action::BatchTaskEnd,
    }
}

impl App {
    /// The tasks of a grant, those that are over too.
    pub async fn batch_task_list(&self, ctx: &Ctx, grant: GrantId) -> Result<Vec<BatchTaskView>, AppError> {
        self.attempt(ctx, Action::BatchTaskRead, grant, async {
            let mut tx = self.store.begin_read().await?;
            let grant = tx.grant_fetch(grant).await?.value;
            self.permit(ctx, Action::BatchTaskRead, &of_grant(&grant, ctx.now()))?;
            let tasks = tx.batch_task_list(Some(grant.id)).await?;
            drop(tx);
            let mut views = Vec::with_capacity(tasks.len());
            for task in tasks {
                views.push(self.batch_task_view(ctx, &grant, task).await?);
            }
            Ok(views)
        })
        .await
    }

    /// One task.
    pub async fn batch_task_fetch(&self, ctx: &Ctx, id: BatchTaskId) -> Result<BatchTaskView, AppError> {
        self.attempt(ctx, Action::BatchTaskRead, id, async {
            let (grant, task) = self.batch_task_readable(ctx, id).await?;
            self.batch_task_view(ctx, &grant, task).await
        })
        .await
    }

    /// The runs of a task, the newest first.
    pub async fn batch_run_list(&self, ctx: &Ctx, id: BatchTaskId) -> Result<Vec<BatchRunLine>, AppError> {
        self.attempt(ctx, Action::BatchTaskRead, id, async {
            self.batch_task_readable(ctx, id).await?;
            Ok(self.batch.runs(id, RUNS_MAX).await)
        })
        .await
    }

    /// The rows that a run of a task put aside.
    pub async fn batch_run_put_aside(
        &self,
        ctx: &Ctx,
        id: BatchTaskId,
        run: BatchRunId,
    ) -> Result<Vec<BatchBadRow>, AppError> {
        self.attempt(ctx, Action::BatchTaskRead, id, async {
            self.batch_task_readable(ctx, id).await?;
            // A run is known by its task: one of another grant is none of the reader's.
            if !self.batch.runs(id, RUNS_MAX).await.iter().any(|line| line.id == run) {
                return Err(AppError::NotFound);
            }
            Ok(self.batch.put_aside(run, PUT_ASIDE_MAX).await?)
        })
        .await
    }

    /// Sets a task up, when a run of it could be begun. The target's login is sealed at once.
    pub async fn batch_task_create(
        &self,
        ctx: &Ctx,
        grant: GrantId,
        new: NewTask,
        target: &NewTarget,
    ) -> Result<BatchTaskView, AppError> {
        if let Some(id) = self.replayed_id(ctx).await? {
            return self.batch_task_fetch(ctx, id).await;
        }
        self.attempt(ctx, Action::BatchTaskCreate, grant, async {
            let mut read = self.store.begin_read().await?;
            let grant = read.grant_fetch(grant).await?.value;
            let permit = self.permit(ctx, Action::BatchTaskCreate, &of_grant(&grant, ctx.now()))?;
            let table =
                batch_task::check(&grant, &new, standing(&read.batch_task_list(Some(grant.id)).await?), ctx.now())?;
            drop(read);
            let sealed = self.batch.seal(grant.requester, target)?;
            let task = BatchTask {
                id: ctx.edge.mint(),
                grant: grant.id,
                requester: grant.requester,
                set_up: ctx.stamp(),
                mode: new.mode.clone(),
                place: sealed.place,
                sealed_target: sealed.sealed,
                table,
                schedule: new.schedule,
                since: ctx.now(),
                state: BatchTaskState::Standing,
            };
            // Outside any transaction: a target may be slow, and others must be able to write meanwhile.
            self.batch.try_task(&task).await?;
            let mut tx = self.store.begin_write().await?;
            // The grant may have ended, and others may have set tasks up, while the target was tried.
            let grant = tx.grant_fetch(grant.id).await?.value;
            batch_task::check(&grant, &new, standing(&tx.batch_task_list(Some(grant.id)).await?), ctx.now())?;
            let saved = tx.batch_task_insert(&task, &permit).await?;
            let mut record = self.done(ctx, &permit, BatchTaskEventName::SetUp.as_str(), task.id);
            record.related = vec![grant.id.to_string()];
            record.facts = facts([
                ("place", &task.place),
                ("table", &task.table),
                ("mode", &mode_word(&task.mode)),
                ("schedule", &schedule_word(task.schedule)),
            ]);
            tx.commit(record).await?;
            self.batch_task_view(ctx, &grant, saved).await
        })
        .await
    }

    /// Begins a run now. That it was asked for is recorded before it begins.
    pub async fn batch_task_run(&self, ctx: &Ctx, id: BatchTaskId) -> Result<BatchTaskView, AppError> {
        if let Some(id) = self.replayed_id(ctx).await? {
            return self.batch_task_fetch(ctx, id).await;
        }
        self.attempt(ctx, Action::BatchTaskRun, id, async {
            let mut tx = self.store.begin_write().await?;
            let task = tx.batch_task_fetch(id).await?;
            let grant = tx.grant_fetch(task.value.grant).await?.value;
            let permit = self.permit(ctx, Action::BatchTaskRun, &of_grant(&grant, ctx.now()))?;
            task.value.run(&grant, ctx.now())?;
            let mut record = self.done(ctx, &permit, BatchTaskEventName::RunAsked.as_str(), id);
            record.related = vec![grant.id.to_string()];
            tx.commit(record).await?;
            if self.batch.begin(&task.value).await?.is_none() {
                return Err(Refusal::new(RefusalCode::BatchRunOpen, None).into());
            }
            self.batch_task_view(ctx, &grant, task).await
        })
        .await
    }

    /// Pauses a task: no run begins, and the one under way waits.
    pub async fn batch_task_pause(&self, ctx: &Ctx, id: BatchTaskId, seen: u64) -> Result<BatchTaskView, AppError> {
        let (verb, event) = (BatchTaskVerb::Pause, BatchTaskEventName::Paused);
        let by = ctx.principal.person;
        self.batch_task_change(ctx, (id, seen), verb, event, |task, _| task.paused(by, ctx.now())).await
    }

    /// Lets a paused task stand again; a run that waited goes on.
    pub async fn batch_task_resume(&self, ctx: &Ctx, id: BatchTaskId, seen: u64) -> Result<BatchTaskView, AppError> {
        let (verb, event) = (BatchTaskVerb::Resume, BatchTaskEventName::Resumed);
        self.batch_task_change(ctx, (id, seen), verb, event, |task, grant| task.resumed(grant, ctx.now())).await
    }

    /// Ends a task; a run under way is given up, and what it left in the target is removed.
    pub async fn batch_task_end(&self, ctx: &Ctx, id: BatchTaskId, seen: u64) -> Result<BatchTaskView, AppError> {
        let (verb, event) = (BatchTaskVerb::End, BatchTaskEventName::Ended);
        let by = ctx.principal.person;
        self.batch_task_change(ctx, (id, seen), verb, event, |task, _| task.ended(Some(by), ctx.now())).await
    }

    async fn batch_task_change(
        &self,
        ctx: &Ctx,
        (id, seen): (BatchTaskId, u64),
        verb: BatchTaskVerb,
        event: BatchTaskEventName,
        change: impl FnOnce(BatchTask, &Grant) -> Result<BatchTask, Refusal>,
    ) -> Result<BatchTaskView, AppError> {
        if let Some(id) = self.replayed_id(ctx).await? {
            return self.batch_task_fetch(ctx, id).await;
        }
        let action = action_of(verb);
        self.attempt(ctx, action, id, async {
            let mut tx = self.store.begin_write().await?;
            let task = tx.batch_task_fetch(id).await?;
            let grant = tx.grant_fetch(task.value.grant).await?.value;
            let permit = self.permit(ctx, action, &of_grant(&grant, ctx.now()))?;
            // Who saw an older revision is told so, and not that the newer state does not admit it.
            if task.revision != seen {
                return Err(AppError::Stale { found: task.revision });
            }
            let saved = tx.batch_task_save(&change(task.value, &grant)?, seen, &permit).await?;
            let mut record = self.done(ctx, &permit, event.as_str(), id);
            record.related = vec![grant.id.to_string()];
            tx.commit(record).await?;
            self.batch_task_view(ctx, &grant, saved).await
        })
        .await
    }

    async fn batch_task_readable(&self, ctx: &Ctx, id: BatchTaskId) -> Result<(Grant, Revised<BatchTask>), AppError> {
        let mut tx = self.store.begin_read().await?;
        let task = tx.batch_task_fetch(id).await?;
        let grant = tx.grant_fetch(task.value.grant).await?.value;
        self.permit(ctx, Action::BatchTaskRead, &of_grant(&grant, ctx.now()))?;
        Ok((grant, task))
    }

    async fn batch_task_view(
        &self,
        ctx: &Ctx,
        grant: &Grant,
        task: Revised<BatchTask>,
    ) -> Result<BatchTaskView, AppError> {
        let (state, resource) = (task.value.state.name(), of_grant(grant, ctx.now()));
        let may = |verb: &BatchTaskVerb| self.policies.may(&ctx.principal, action_of(*verb), &resource);
        let admitted = |verb: &BatchTaskVerb| batch_task::admits(state, *verb);
        let verbs = BatchTaskVerb::ALL.iter().copied().filter(admitted).filter(may).collect();
        let last = self.batch.runs(task.value.id, 1).await.into_iter().next();
        Ok(BatchTaskView { task, verbs, last, people: self.people().await? })
    }
}

/// How many of these are not over.
fn standing(tasks: &[Revised<BatchTask>]) -> usize {
    tasks.iter().filter(|task| !matches!(task.value.state, BatchTaskState::Ended { .. })).count()
}

fn mode_word(mode: &BatchMode) -> String {
    match mode {
        BatchMode::Full => "full".to_owned(),
        BatchMode::Incremental { change, overlap } => format!("incremental {change} {overlap}"),
    }
}

fn schedule_word(schedule: BatchSchedule) -> String {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    match schedule {
        BatchSchedule::Manual => "manual".to_owned(),
        BatchSchedule::Daily { minute } => format!("daily {}", clock(minute)),
        BatchSchedule::Weekly { weekday, minute } => format!("weekly {weekday} {}", clock(minute)),
    }
}
