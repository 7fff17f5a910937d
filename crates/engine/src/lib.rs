//! The engine behind views: one SELECT of a provider's officer, checked and run by DataFusion.
//!
//! What it is: [`SqlEngine`] answers the plane's port [`ViewEngine`] over the plane's own scans of tables. The SELECT is
//! parsed, held against a list of what views may say, planned, and its physical plan is refused when a join has no bound.
//! What a caller may have (columns, conditions, order, limit) is put around it as a logical plan, never as text
//! (INVARIANT one-door). Values come out as they would from a table: text compares by bytes, decimals are exact, dates
//! and moments are the plane's.
//!
//! What it deliberately is not: it knows no grant, no mask, no caller. It does not protect the process it runs in: an
//! engine's join cannot be cancelled, so it is linked by the helper program alone (docs/adr/0025), where the kernel
//! holds the limits. A distributed engine can stand behind the same port.
//!
//! Where to start: [`SqlEngine`], then `statement` (what a view may say), `scan` (what is put around it),
//! `threshold` (what is put into it where each row must be of many subjects).

mod bounded;
mod decimal;
mod failure;
mod functions;
mod input;
mod pushdown;
mod scan;
mod session;
mod statement;
mod threshold;
mod types;

use async_trait::async_trait;
use shuqiao_plane::source::{
    Sources,
    view::{Look, RowStream, ViewEngine, ViewLimits, ViewRefusal, ViewScan, ViewSpec, ViewStructure},
};
use std::sync::Arc;

/// The engine of one process.
pub struct SqlEngine {
    sources: Arc<Sources>,
    limits: ViewLimits,
}

impl SqlEngine {
    /// An engine that reads these sources and takes no more than this.
    pub fn new(sources: Arc<Sources>, limits: ViewLimits) -> Self {
        Self { sources, limits }
    }
}

#[async_trait]
impl ViewEngine for SqlEngine {
    async fn describe(&self, view: &ViewSpec, look: Look) -> Result<ViewStructure, ViewRefusal> {
        let statement = statement::checked(view)?;
        let inputs = input::opened(&self.sources, view).await?;
        scan::describe(&self.limits, view, &statement, &inputs, look).await
    }

    async fn scan(&self, view: &ViewSpec, scan: &ViewScan) -> Result<RowStream, ViewRefusal> {
        let statement = statement::checked(view)?;
        let inputs = input::opened(&self.sources, view).await?;
        scan::rows(&self.limits, view, &statement, &inputs, scan).await
    }
}
