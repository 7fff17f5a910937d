//! Where the workflow meets the data plane, workbooks and the press: the ports of `app`, answered by the rooms of this
//! program and by the helper program; and the plane's own port, the engine of views, answered by the helper too.
//!
//! Neither half knows the other (INVARIANT plane-holds-no-workflow): this is the only place that turns the words of
//! one into the words of the other.

mod batch;
mod book;
mod desk;
mod helper;
mod leaks;
mod ledger;
mod notices;
mod press;
mod sheets;
mod view;

pub(crate) use batch::LocalBatch;
pub(crate) use book::LocalBook;
pub(crate) use desk::LocalDesk;
pub(crate) use helper::Helper;
pub(crate) use leaks::LeakDesk;
pub(crate) use ledger::LocalLedger;
pub(crate) use notices::NoticeFile;
pub(crate) use press::{PressSettings, WorkerPress};
pub(crate) use sheets::LocalSheets;
pub(crate) use view::{ViewSettings, WorkerEngine};
