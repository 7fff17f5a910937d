//! The data plane: it delivers what was granted, and nothing else.
//!
//! What it is: sources, typed queries, the one enforcement point, masks, encoders, meter, tokens, the usage log and the
//! routes under `/data/v1` and `/oauth2`. It serves from a signed book of grants held in memory and can run inside the
//! node's program or alone beside the data.
//!
//! What it deliberately is not: it knows no request, no catalogue, no person's role and no deadline; it reads no table
//! of the workflow and decides nothing about who should have what (INVARIANT plane-holds-no-workflow). It accepts no
//! SQL from anybody. Not one value of the data appears in its log lines, errors or addresses.
//!
//! Where to start: [`book`] is what comes in, [`plane::Plane`] is what serves, `enforcement` is the one place where a
//! query meets a grant, [`usage`] is what is left behind as proof.

pub mod book;
mod compiled;
mod cursor;
pub mod delivery;
pub mod encode;
mod enforcement;
mod explain;
pub mod gateway;
mod mask;
pub mod meter;
pub mod plane;
pub mod problem;
pub mod query;
mod routes;
pub mod source;
pub mod trace;
pub mod usage;
pub mod value;

pub use routes::routes;
