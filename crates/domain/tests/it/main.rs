//! The law as tables and properties: what follows from each verb in each state, what each field must be, what no
//! sequence of steps can reach.
//!
//! Where to start: the golden tables beside this folder, in `tests/golden`, which an official can read.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod apply_total;
mod batch_tasks;
mod case;
mod catalogue_contradictions;
mod catalogue_fields;
mod catalogue_update;
mod clock;
mod golden;
mod grant_revocation;
mod grant_terms;
mod grants;
mod law_text;
mod leads;
mod names;
mod organisations;
mod papers;
mod precheck;
mod properties;
mod reminders;
mod request_delivery;
mod request_extension;
mod request_fields;
mod request_rules;
mod responsibility;
mod rules;
mod samples;
mod scorecard;
mod structure_held;
mod transitions;
