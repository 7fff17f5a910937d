//! The law as pure state machines.
//!
//! What it is: one module per aggregate (catalogue entry, sharing request, grant, and the people and systems around
//! them). A verb is a function of values: it takes the aggregate, the facts it needs from elsewhere and a stamp (who,
//! when), and returns an event or a [`Refusal`]. `apply` turns a state and an event into the next state.
//!
//! What it is not: it asks for no time, no chance, no database and no policy; who may do a thing is `policy`'s question.
//! It derives no serialisation: stored forms live in `store`, wire forms in `http`.
//!
//! Where to start: [`law`] holds every statutory number; then [`request`], the heart of the slice.
//!
//! INVARIANT (pure-core): no I/O, no clock, no randomness in this crate.

pub mod account;
pub mod batch_task;
pub mod case;
pub mod catalogue;
pub mod clock;
pub mod element;
pub mod gateway;
pub mod grant;
pub mod law;
pub mod lead;
pub mod organisation;
pub mod paper;
pub mod refusal;
pub mod reminder;
pub mod request;
pub mod responsibility;
pub mod rules;
pub mod scorecard;
pub mod source;
pub mod stamp;
pub mod system;

pub use clock::{Clock, Spent, Timing};
pub use refusal::{Problem, ProblemCode, Refusal, RefusalCode};
pub use rules::{ClockId, Rule, RuleBook, RuleSet};
pub use stamp::{Returned, Stamp};
