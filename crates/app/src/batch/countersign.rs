//! The receiver's own count of what a run brought (需求方核对): the second of the two sides.

use super::RUNS_MAX;
use crate::{
    App, AppError, Ctx,
    attempt::facts,
    grant::of_grant,
    port::{BatchRunLine, BatchRunPhase},
};
use shuqiao_domain::{Refusal, RefusalCode, batch_task::BatchTaskEventName};
use shuqiao_policy::Action;
use shuqiao_vocabulary::{BatchRunId, BatchTaskId};

/// Hexadecimal digits of a digest of rows.
const DIGEST_DIGITS: usize = 64;

impl App {
    /// Keeps what the receiver counted of a finished run, and answers the run, which says whether both sides agree. It may
    /// be said again, after another count; the record keeps each. A run stays as it is, whatever is said of it.
    pub async fn batch_run_countersign(
        &self,
        ctx: &Ctx,
        (id, run): (BatchTaskId, BatchRunId),
        rows: u64,
        digest: &str,
    ) -> Result<BatchRunLine, AppError> {
        let again = self.replayed(ctx).await?.is_some();
        self.attempt(ctx, Action::BatchRunCountersign, id, async {
            let mut tx = self.store.begin_write().await?;
            let task = tx.batch_task_fetch(id).await?;
            let grant = tx.grant_fetch(task.value.grant).await?.value;
            let permit = self.permit(ctx, Action::BatchRunCountersign, &of_grant(&grant, ctx.now()))?;
            // A run is known by its task: one of another grant is none of the reader's.
            let found = self.batch.runs(id, RUNS_MAX).await.into_iter().find(|line| line.id == run);
            let found = found.ok_or(AppError::NotFound)?;
            if again {
                return Ok(found);
            }
            let BatchRunPhase::Finished { digest: delivered, .. } = &found.phase else {
                return Err(Refusal::new(RefusalCode::BatchRunUnfinished, None).into());
            };
            let digest = digest.trim().to_ascii_lowercase();
            if digest.len() != DIGEST_DIGITS || !digest.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return Err(Refusal::new(RefusalCode::BatchDigestMalformed, None).into());
            }
            let agrees = found.rows == rows && *delivered == digest;
            let mut record = self.done(ctx, &permit, BatchTaskEventName::RunCountersigned.as_str(), id);
            record.related = vec![grant.id.to_string()];
            record.facts = facts([("run", &run), ("rows", &rows), ("digest", &digest), ("agrees", &agrees)]);
            tx.commit(record).await?;
            self.batch.countersign(run, rows, &digest, ctx.principal.person).await?;
            let now = self.batch.runs(id, RUNS_MAX).await.into_iter().find(|line| line.id == run);
            now.ok_or(AppError::NotFound)
        })
        .await
    }
}
