//! What tests share: throw-away databases and the way to the shared test data.
//!
//! What it is: small helpers that several rooms' tests need, so that each is written once and behaves alike: a private
//! PostgreSQL server, and the rule for data that stands beside the checkout.
//!
//! What it is not: no part of the product, and it knows no room of it; only tests depend on it. It holds no test data
//! and starts nothing that a test did not ask for.
//!
//! Where to start: [`postgres::PostgresServer`] and [`shared::shared`].

pub mod postgres;
pub mod shared;
