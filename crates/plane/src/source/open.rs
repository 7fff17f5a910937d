//! One open source: what was seen of it, and when.

use super::{
    Location, SourceError, SourceSettings, Structure,
    describe::Described,
    kind::{Source, source_at},
    sql::ScanRequest,
};
use crate::value::Value;
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio::time::timeout;

/// What was seen when the source was last looked at.
struct Seen {
    described: Arc<Described>,
    /// `None` when it is to be looked at again, whatever its age.
    at: Option<Instant>,
}

/// One open source.
pub(crate) struct OpenSource {
    source: Box<dyn Source>,
    patience: Duration,
    seen: RwLock<Option<Seen>>,
    looking: tokio::sync::Mutex<()>,
}

impl OpenSource {
    pub(super) fn new(location: Location, settings: Arc<SourceSettings>) -> Self {
        Self::of(source_at(location, settings.clone()), &settings)
    }

    /// A source that was made already.
    pub(super) fn of(source: Box<dyn Source>, settings: &SourceSettings) -> Self {
        Self { patience: settings.query_timeout, source, seen: RwLock::new(None), looking: tokio::sync::Mutex::new(()) }
    }

    /// The structure as it is now, as far as it was looked at lately.
    pub(crate) async fn current(&self) -> Result<Arc<Described>, SourceError> {
        if let Some(described) = self.seen_lately() {
            return Ok(described);
        }
        let _looking = self.looking.lock().await;
        if let Some(described) = self.seen_lately() {
            return Ok(described);
        }
        let known = {
            let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
            seen.as_ref().map(|seen| seen.described.clone())
        };
        let described = self.source.describe(known).await?;
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        *seen = Some(Seen { described: described.clone(), at: Some(Instant::now()) });
        Ok(described)
    }

    /// The same for a call, which does not wait for longer than a query may take. Reading a large file in may take much
    /// longer; it goes on without the caller, and a later call finds it done.
    pub(crate) async fn current_soon(self: &Arc<Self>) -> Result<Arc<Described>, SourceError> {
        if let Some(described) = self.seen_lately() {
            return Ok(described);
        }
        let source = self.clone();
        let looking = tokio::spawn(async move { source.current().await });
        match timeout(self.patience, looking).await {
            Ok(Ok(described)) => described,
            Ok(Err(_)) => Err(SourceError::Failed),
            Err(_) => Err(SourceError::Slow),
        }
    }

    /// Forgets when the source was last looked at, so that the next call looks again.
    pub(crate) fn look_again(&self) {
        if let Some(seen) = self.seen.write().unwrap_or_else(PoisonError::into_inner).as_mut() {
            seen.at = None;
        }
    }

    /// The structure, looked at as closely as an officer wants who connects the source.
    pub(crate) async fn examine(&self) -> Result<Structure, SourceError> {
        let described = self.current().await?;
        self.source.examine(&described).await
    }

    /// Whether the source answers.
    pub(crate) async fn probe(&self) -> Result<(), SourceError> {
        let described = self.current().await?;
        self.source.probe(&described).await
    }

    /// The rows of one restricted query, as many as its limit.
    pub(crate) async fn scan(&self, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
        let answered = self.source.scan(request).await;
        if matches!(answered, Err(SourceError::Changed { .. } | SourceError::Failed)) {
            self.look_again();
        }
        answered
    }

    fn seen_lately(&self) -> Option<Arc<Described>> {
        let fresh = self.source.fresh();
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        let lately = |seen: &&Seen| seen.at.is_some_and(|at| at.elapsed() < fresh);
        seen.as_ref().filter(lately).map(|seen| seen.described.clone())
    }
}
