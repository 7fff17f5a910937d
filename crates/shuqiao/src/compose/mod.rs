//! Where workflow and data plane meet: three ports of `app`, answered by the plane of this program; and the fourth, the
//! press, answered by the helper program.
//!
//! Neither half knows the other (INVARIANT plane-holds-no-workflow): this is the only place that turns the words of
//! one into the words of the other.

mod book;
mod desk;
mod ledger;
mod press;

pub(crate) use book::LocalBook;
pub(crate) use desk::LocalDesk;
pub(crate) use ledger::LocalLedger;
pub(crate) use press::{PressSettings, WorkerPress};
