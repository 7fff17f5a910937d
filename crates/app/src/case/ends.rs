//! What comes by itself on its day: a grant whose last day is over is disposed of, a filed change of service takes effect.

use super::hand::Hand;
use crate::{App, AppError, Edge};
use shuqiao_domain::{
    case::{AnyCase, CaseAct, CaseKind, CaseMatter, Disposal, Origin, ServiceChangeAct},
    grant::Grant,
    law,
};
use shuqiao_policy::Permit;
use shuqiao_store::{CaseQuery, LIST_MAX, Revised};
use shuqiao_vocabulary::{CaseId, Moment};

/// Grants that one turn looks at.
const ENDS_MAX: u32 = 100;

impl App {
    /// Opens the disposal of grants that have expired (Art. 27(1)) and carries out changes of service whose day has come
    /// (Art. 27(3)). A reconciler: by timer, bounded, may run twice. Answers how much was done; what fails alone waits
    /// for the next turn.
    pub async fn ends_reconcile(&self, edge: &Edge) -> Result<usize, AppError> {
        let mut done = 0;
        let expired = self.store.begin_read().await?.grant_undisposed(edge.now, ENDS_MAX).await?;
        for grant in expired {
            done += counted("disposal", self.expired(edge, &grant).await);
        }
        for id in self.changes_ready(edge.now).await? {
            done += counted("service_change", self.takes_effect(edge, id).await);
        }
        if done > 0 {
            self.book_refresh(edge.now).await;
        }
        Ok(done)
    }

    /// What was filed for today or an earlier day takes effect without waiting for the reconciler's next turn.
    pub(super) async fn at_once(&self, edge: &Edge, saved: Revised<AnyCase>) -> Revised<AnyCase> {
        let id = match &saved.value {
            AnyCase::ServiceChange(change) if change.ready(edge.now) => change.id,
            _ => return saved,
        };
        if counted("service_change", self.takes_effect(edge, id).await) == 0 {
            return saved;
        }
        self.book_refresh(edge.now).await;
        match self.store.begin_read().await {
            Ok(mut tx) => tx.case_fetch(id).await.unwrap_or(saved),
            Err(_) => saved,
        }
    }

    /// The head who agreed to the grant set its last day, so it is in that name.
    async fn expired(&self, edge: &Edge, grant: &Grant) -> Result<bool, AppError> {
        let permit = Permit::system("grant_expired", law::PURPOSE_ENDED);
        let hand = Hand::task(edge, grant.agreed.clone());
        let mut tx = self.store.begin_write().await?;
        let matter = CaseMatter::Disposal(Disposal { grant: grant.id });
        let cause = grant.request.to_string();
        let records = self.case_follows(&hand, &mut tx, &permit, matter, cause).await?;
        if records.is_empty() {
            return Ok(false);
        }
        tx.commit_all(records).await?;
        Ok(true)
    }

    async fn changes_ready(&self, now: Moment) -> Result<Vec<CaseId>, AppError> {
        let mut query = CaseQuery {
            kinds: vec![CaseKind::ServiceChange],
            settled: Some(false),
            limit: LIST_MAX,
            ..CaseQuery::default()
        };
        let mut tx = self.store.begin_read().await?;
        let mut ready = Vec::new();
        loop {
            let page = tx.case_list(&query).await?;
            ready.extend(page.items.iter().filter_map(|case| match &case.value {
                AnyCase::ServiceChange(change) if change.ready(now) => Some(change.id),
                _ => None,
            }));
            match page.next {
                Some(next) if ready.is_empty() => query.after = Some(next),
                _ => return Ok(ready),
            }
        }
    }

    /// In the name of who proposed it, on the day that was filed.
    async fn takes_effect(&self, edge: &Edge, id: CaseId) -> Result<bool, AppError> {
        let permit = Permit::system("service_change", law::SERVICE_END_FILED);
        let mut tx = self.store.begin_write().await?;
        let case = tx.case_fetch(id).await?;
        let found = self.case_facts_within(&mut tx, &case.value.matter()).await?;
        let Origin::Person(proposed) = case.value.opened().clone() else { return Ok(false) };
        let hand = Hand::task(edge, proposed);
        let act = CaseAct::ServiceChange(ServiceChangeAct::TakeEffect);
        let (after, effects) = case.value.after(&act, &found.facts(&self.legal_time.get()), hand.stamp.clone())?;
        tx.case_save(&after, case.revision, &permit).await?;
        let mut records = vec![self.case_record(&hand, &permit, &after, act.event())];
        records.extend(self.carried_out(&hand, &mut tx, &permit, &after, effects).await?);
        tx.commit_all(records).await?;
        Ok(true)
    }
}

/// One that fails does not hold up the others; the next turn tries it again.
fn counted(what: &'static str, result: Result<bool, AppError>) -> usize {
    match result {
        Ok(done) => usize::from(done),
        Err(error) => {
            tracing::error!(what, error = %error, "what was due today could not be carried out");
            0
        }
    }
}
