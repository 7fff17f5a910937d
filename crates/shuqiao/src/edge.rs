//! The edge: the one place where the time and chance of the machine come in (INVARIANT time-enters-once).

use shuqiao_app::{Chance, Edge};
use shuqiao_crypto::{digest, secret};
use shuqiao_vocabulary::Moment;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, as the machine's clock says.
#[expect(clippy::disallowed_methods, reason = "this is the edge at which the time enters")]
pub(crate) fn now() -> Moment {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_microseconds(i64::try_from(since_1970.as_micros()).unwrap_or(i64::MAX))
}

/// Chance of the machine.
pub(crate) fn chance() -> Chance {
    Chance::from_seed(secret::random_bytes())
}

/// A new operation that nobody asked for over HTTP.
pub(crate) fn edge() -> Edge {
    Edge { now: now(), request_id: digest::hex(&secret::random_bytes::<16>()), chance: chance() }
}
