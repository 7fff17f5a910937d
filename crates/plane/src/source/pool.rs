//! The connections of one source: how many calls it may have at a time, which of them lie idle, and what becomes of one
//! that was left midway.

use super::{SourceError, SourceSettings, sql::ScanRequest};
use crate::value::Value;
use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// One connection of a kind of source.
pub(crate) trait Session: Sized + Send {
    /// What is connected to: a file, or a location with its login.
    type Target: ?Sized + Sync;

    /// Whether a connection is of one edition of the structure only, as that of a file that was replaced is.
    const OF_ONE_EDITION: bool = false;

    /// Connects, read-only.
    fn connect(
        target: &Self::Target,
        settings: &SourceSettings,
    ) -> impl Future<Output = Result<Self, SourceError>> + Send;

    /// Whether the source answers.
    fn probe(&mut self) -> impl Future<Output = Result<(), SourceError>> + Send;

    /// The rows of one restricted query.
    fn scan(&mut self, request: &ScanRequest<'_>) -> impl Future<Output = Result<Vec<Vec<Value>>, SourceError>> + Send;

    /// What runs from now on must end within this time, for kinds that go on after the caller has left.
    fn must_end_within(&mut self, _patience: Duration) {}
}

/// The connections of one source.
pub(crate) struct Pool<S> {
    settings: Arc<SourceSettings>,
    permits: Semaphore,
    idle: Mutex<Vec<(u64, S)>>,
}

impl<S: Session> Pool<S> {
    /// No connection yet.
    pub(crate) fn new(settings: Arc<SourceSettings>) -> Self {
        Self { permits: Semaphore::new(settings.calls_max.max(1)), settings, idle: Mutex::new(Vec::new()) }
    }

    /// Whether the source answers.
    pub(crate) async fn probe(&self, target: &S::Target, edition: u64) -> Result<(), SourceError> {
        let mut lease = self.lease(target, edition).await?;
        let answered = self.patiently(lease.session()?.probe()).await;
        lease.end(answered)
    }

    /// The rows of one restricted query.
    pub(crate) async fn scan(
        &self,
        target: &S::Target,
        edition: u64,
        request: &ScanRequest<'_>,
    ) -> Result<Vec<Vec<Value>>, SourceError> {
        let mut lease = self.lease(target, edition).await?;
        let reused = lease.reused;
        let mut answered = self.patiently(lease.session()?.scan(request)).await;
        answered = lease.end(answered);
        if reused && matches!(answered, Err(SourceError::Unreachable)) {
            // The connection had lain idle and its server has gone or restarted since: a new one may do.
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
            let mut lease = self.lease(target, edition).await?;
            answered = self.patiently(lease.session()?.scan(request)).await;
            return lease.end(answered);
        }
        answered
    }

    /// A connection for one piece of work. A slow source fills its own permits and nobody else's.
    pub(crate) async fn lease(&self, target: &S::Target, edition: u64) -> Result<Lease<'_, S>, SourceError> {
        let permit = match timeout(self.settings.query_timeout, self.permits.acquire()).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(SourceError::Failed),
            Err(_) => return Err(SourceError::Slow),
        };
        let idle = self.idle_session(edition);
        let reused = idle.is_some();
        let mut session = match idle {
            Some(session) => session,
            None => timeout(self.settings.connect_timeout, S::connect(target, &self.settings))
                .await
                .map_err(|_| SourceError::Slow)??,
        };
        session.must_end_within(self.settings.query_timeout);
        Ok(Lease { pool: self, edition, session: Some(session), reused, _permit: permit })
    }

    /// Gives work on a connection as long as a query may take.
    pub(crate) async fn patiently<T>(
        &self,
        work: impl Future<Output = Result<T, SourceError>>,
    ) -> Result<T, SourceError> {
        timeout(self.settings.query_timeout, work).await.unwrap_or(Err(SourceError::Slow))
    }

    fn idle_session(&self, edition: u64) -> Option<S> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((of_edition, session)) = idle.pop() {
            if of_edition == edition || !S::OF_ONE_EDITION {
                return Some(session);
            }
        }
        None
    }
}

/// A connection while one piece of work is done on it. Dropped midway, it is closed and never given to the next call.
pub(crate) struct Lease<'a, S> {
    pool: &'a Pool<S>,
    edition: u64,
    session: Option<S>,
    reused: bool,
    _permit: SemaphorePermit<'a>,
}

impl<S> Lease<'_, S> {
    /// The connection.
    pub(crate) fn session(&mut self) -> Result<&mut S, SourceError> {
        self.session.as_mut().ok_or(SourceError::Failed)
    }

    /// Gives the connection back if it is in a known state.
    pub(crate) fn end<T>(mut self, answered: Result<T, SourceError>) -> Result<T, SourceError> {
        let clean = answered.is_ok();
        if let Some(session) = self.session.take().filter(|_| clean) {
            let mut idle = self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < self.pool.settings.calls_max {
                idle.push((self.edition, session));
            }
        }
        answered
    }
}
