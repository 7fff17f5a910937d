//! State, journal and log in one transaction, on SQLite or PostgreSQL.
//!
//! What it is: the one door to the node's database. [`Store`] begins transactions; a [`ReadTx`] and a [`Tx`] can read
//! (both are a [`Conn`]), a [`Tx`] can also write, and ends with [`Tx::commit`], which puts the state rows, the journal
//! rows and the log's leaves and nodes into one commit. Aggregates are stored as JSON in forms of this room's own
//! (`stored`), beside the columns that are searched or sorted by.
//!
//! What it is not: it decides nothing. It does not know who may do what (it asks for a `Permit` and looks no further),
//! which verb a state admits, or what a record should say; it takes no time and makes no ids. It signs nothing:
//! checkpoints are handed in. It is concrete, not a port: there is one implementation, with one SQL text for both
//! databases.
//!
//! Where to start: [`Store`], [`Tx::commit`], then `request.rs` as an example of an aggregate.
//!
//! INVARIANT (one-door): SQL and the names of our tables stand only in this crate, and `sqlx` types never leave it.
//! INVARIANT (no-write-without-permit): every write takes a `&Permit`, which only `policy` can make.
//! INVARIANT (no-commit-without-record): see [`Tx::commit`].
//! INVARIANT (everything-has-a-limit): lists have pages, waits have ends, statements a bounded number of values.

mod account;
mod batch_task;
mod book;
mod cart;
mod case;
mod commit;
mod conn;
mod connect;
mod entry;
mod error;
mod gateway;
mod grant;
mod idempotency;
mod journal;
mod legal_time;
mod log;
mod migrations;
mod organisation;
mod page;
mod paper;
mod record;
mod reminder;
mod request;
mod select;
mod session;
mod source;
mod statistics;
mod store;
mod stored;
mod system;
mod tx;
mod version;

pub use account::Credential;
pub use book::{BOOK_CHANGES_KEPT, BookThing};
pub use case::CaseQuery;
pub use conn::{Conn, ReadTx};
pub use entry::{EntryHit, EntryQuery};
pub use error::StoreError;
pub use grant::GrantQuery;
pub use idempotency::IdempotencyRow;
pub use journal::{HISTORY_MAX, JournalQuery, WINDOW};
pub use legal_time::{NoticeRow, RuleSetRow};
pub use log::CheckpointRow;
pub use page::{Cursor, CursorError, LIST_DEFAULT, LIST_MAX, Page, Revised};
pub use record::{JournalActor, JournalRow, Outcome, Record, RecordActor};
pub use reminder::{Reminded, Undelivered};
pub use request::RequestQuery;
pub use session::{OneTimeLink, Session};
pub use statistics::Statistics;
pub use store::Store;
pub use tx::Tx;
