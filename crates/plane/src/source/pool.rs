//! The connections of one source: how many calls it may have at a time, which of them lie idle, and what becomes of one
//! that was left midway.

use super::{
    SourceError, SourceSettings,
    sql::ScanRequest,
    turns::{Turn, Turns, Whose},
};
use crate::value::Value;
use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::timeout;

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
    turns: Turns,
    idle: Mutex<Vec<(u64, S)>>,
}

impl<S: Session> Pool<S> {
    /// No connection yet.
    pub(crate) fn new(settings: Arc<SourceSettings>) -> Self {
        Self { turns: Turns::new(settings.calls_max), settings, idle: Mutex::new(Vec::new()) }
    }

    /// Whether the source answers.
    pub(crate) async fn probe(&self, target: &S::Target, edition: u64) -> Result<(), SourceError> {
        let mut lease = self.lease(target, edition, None).await?;
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
        let mut lease = self.lease(target, edition, request.whose).await?;
        let reused = lease.reused;
        let mut answered = self.patiently(lease.session()?.scan(request)).await;
        answered = lease.end(answered);
        if reused && matches!(answered, Err(SourceError::Unreachable)) {
            // The connection had lain idle and its server has gone or restarted since: a new one may do.
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
            let mut lease = self.lease(target, edition, request.whose).await?;
            answered = self.patiently(lease.session()?.scan(request)).await;
            return lease.end(answered);
        }
        answered
    }

    /// A connection for one piece of work. A slow source fills its own permits and nobody else's.
    /// A caller waits for a turn no longer than a query may take.
    pub(crate) async fn lease(
        &self,
        target: &S::Target,
        edition: u64,
        whose: Whose,
    ) -> Result<Lease<'_, S>, SourceError> {
        let turn = self.turns.turn(whose);
        let turn = timeout(self.settings.query_timeout, turn).await.map_err(|_| SourceError::Slow)??;
        let idle = self.idle_session(edition);
        let reused = idle.is_some();
        let mut session = match idle {
            Some(session) => session,
            None => timeout(self.settings.connect_timeout, S::connect(target, &self.settings))
                .await
                .map_err(|_| SourceError::Slow)??,
        };
        session.must_end_within(self.settings.query_timeout);
        Ok(Lease { pool: self, edition, session: Some(session), reused, _turn: turn })
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
    _turn: Turn<'a>,
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

#[cfg(test)]
mod tests {
    use super::*;
    use shuqiao_crypto::token::Caller;
    use std::path::Path;

    struct Fake;

    impl Session for Fake {
        type Target = ();

        async fn connect(_target: &(), _settings: &SourceSettings) -> Result<Self, SourceError> {
            Ok(Self)
        }

        async fn probe(&mut self) -> Result<(), SourceError> {
            Ok(())
        }

        async fn scan(&mut self, _request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
            Ok(Vec::new())
        }
    }

    #[tokio::test]
    async fn who_has_their_share_waits_no_longer_than_a_query_may_take_and_others_do_not_wait() {
        let mut settings = SourceSettings::under(Path::new("/absent"));
        settings.calls_max = 4;
        settings.query_timeout = Duration::from_millis(20);
        let pool = Pool::<Fake>::new(Arc::new(settings));
        let whose = |number: u32| Some(Caller::System(format!("sys_{number:032x}").parse().unwrap()));
        let mut held = Vec::new();
        for _ in 0..3 {
            held.push(pool.lease(&(), 1, whose(1)).await.unwrap());
        }
        assert_eq!(pool.lease(&(), 1, whose(1)).await.err(), Some(SourceError::Slow));
        let other = pool.lease(&(), 1, whose(2)).await.unwrap();
        assert_eq!(pool.lease(&(), 1, whose(3)).await.err(), Some(SourceError::Slow), "no place is left at all");
        other.end(Ok(())).unwrap();
        assert!(pool.lease(&(), 1, whose(3)).await.is_ok());
        held.pop().unwrap().end::<()>(Err(SourceError::Slow)).unwrap_err();
        assert!(pool.lease(&(), 1, whose(1)).await.is_ok());
    }
}
