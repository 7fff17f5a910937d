//! By whose hand something is done in a case: a person's, or a task's of the node itself.

use crate::{App, Ctx, Edge, attempt::task_of};
use shuqiao_domain::Stamp;
use shuqiao_policy::Permit;
use shuqiao_store::Record;
use shuqiao_vocabulary::Moment;
use std::fmt::Display;

/// Who acts, when, and with which chance.
pub(crate) struct Hand<'a> {
    pub(super) edge: &'a Edge,
    pub(super) stamp: Stamp,
    person: Option<&'a Ctx>,
}

impl<'a> Hand<'a> {
    /// A person who is logged in.
    pub(crate) const fn of(ctx: &'a Ctx) -> Self {
        Self { edge: &ctx.edge, stamp: ctx.stamp(), person: Some(ctx) }
    }

    /// A task of the node, which carries out what this person set going earlier; the record names the task.
    pub(crate) const fn task(edge: &'a Edge, set_going: Stamp) -> Self {
        Self { edge, stamp: Stamp { at: edge.now, ..set_going }, person: None }
    }

    pub(super) const fn now(&self) -> Moment {
        self.edge.now
    }

    /// The record of something done by this hand. The idempotency key stands in the record of the act itself, once.
    pub(super) fn record(&self, app: &App, permit: &Permit, event: &str, subject: impl Display) -> Record {
        match self.person {
            Some(ctx) => app.done(ctx, permit, event, subject),
            None => app.happened(self.edge, task_of(permit), event, subject),
        }
    }
}
