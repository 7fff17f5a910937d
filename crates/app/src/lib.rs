//! Use cases and reconcilers: the only place where policy, domain and store meet.
//!
//! What it is: one method of [`App`] per thing that people do, named noun first. Each takes a [`Ctx`] (who, when, chance),
//! fetches, asks the policy for a permit, lets the domain decide, saves and commits with a record. Denials and refusals
//! are recorded too. Reconcilers ([`App::book_reconcile`], [`App::checkpoint_reconcile`], [`App::usage_anchor`],
//! [`App::expired_sweep`], [`App::leads_reconcile`], [`App::clocks_reconcile`], [`App::reminders_reconcile`],
//! [`App::reminders_deliver`], [`App::ends_reconcile`]) take no
//! input and may run twice.
//! [`App::delivery_reconcile`], [`App::expired_sweep`]) take no input and may run twice.
//!
//! What it is not: it knows no HTTP, no JSON, no SQL and no data plane. The plane is reached through three of the ports
//! ([`port`]), because a network may stand between.
//!
//! Where to start: `request.rs`, the life of a sharing request.

mod attempt;
mod batch;
mod book;
mod book_signatures;
mod case;
mod catalogue;
mod catalogue_reading;
mod catalogue_sheets;
mod catalogue_update;
mod clock_holders;
mod clocks;
mod directory;
mod edge;
mod element;
mod engagement;
mod error;
mod gateway;
mod grant;
mod health;
mod inbox;
mod intake;
mod leads;
mod leak;
mod legal_time;
mod legal_time_change;
mod legal_time_reading;
mod organisation;
mod paper;
mod parts;
mod people;
pub mod port;
mod record;
mod request;
mod request_cart;
mod request_delivery;
mod request_facts;
mod request_reading;
mod responsibility;
mod scorecard;
mod service;
mod session;
mod source;
mod structure_hold;
mod system;
mod system_identity;
pub mod view;

// Its integration tests and those of the interface take in the same ports, and call this room by its name.
#[cfg(test)]
extern crate self as shuqiao_app;
#[cfg(test)]
#[path = "../tests/ports/nothing.rs"]
mod nothing;

pub use batch::BatchTaskView;
pub use case::CaseFind;
pub use catalogue_reading::{EntryFind, Scope};
pub use catalogue_update::{ExtensionAnswer, NewChange};
pub use clocks::READ_MAX;
pub use edge::{Chance, Ctx, Edge, Idempotency};
pub use error::AppError;
pub use gateway::GatewayView;
pub use grant::GrantSide;
pub use inbox::InboxTab;
pub use intake::IntakeUpload;
pub use leak::LEAK_BYTES_MAX;
pub use legal_time_change::{nation, regional};
pub use organisation::NewOrganisation;
pub use parts::{App, AppParts, NodeIdentity};
pub use people::{NewPerson, Seed};
pub use record::JournalFind;
pub use request_reading::{RequestBox, RequestFind};
pub use scorecard::{Recomputed, ScorecardTable, ScorecardView};
pub use source::NewSource;
pub use system_identity::NewSystemKey;
