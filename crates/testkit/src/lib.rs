//! What tests share: throw-away databases, a running node, scenarios, and the way to the shared test data.
//!
//! What it is: small helpers that several rooms' tests need, so that each is written once and behaves alike: private
//! PostgreSQL and MariaDB servers, the program of a node as a process of its own, stories told as data ([`scenario`]),
//! other people's tools as judges ([`outside`]), and the rule for data that stands beside the checkout.
//!
//! What it is not: no part of the product, and it knows no room of it; only tests depend on it. It holds no test data
//! and starts nothing that a test did not ask for.
//!
//! Where to start: [`postgres::PostgresServer`] and [`shared::shared`].

pub mod demo;
pub mod mariadb;
pub mod node;
pub mod outside;
pub mod postgres;
pub mod scenario;
mod server;
pub mod shared;
pub mod stage;
