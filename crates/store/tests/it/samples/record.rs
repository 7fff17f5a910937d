//! Records, and the commits under them.

use super::{at, id};
use shuqiao_store::{Outcome, Record, RecordActor, Tx};
use std::collections::BTreeMap;

/// A record about this subject.
pub(crate) fn record(event: &str, subject: impl ToString) -> Record {
    Record {
        at: at(0),
        event: event.into(),
        actor: RecordActor::Person { person: id(1), organisation: id(1) },
        subject: subject.to_string(),
        related: Vec::new(),
        outcome: Outcome::Done,
        action: "request_submit".into(),
        policies: vec!["requests.submit".into()],
        policy_digest: "00".into(),
        facts: BTreeMap::from([("revision".into(), "1".into())]),
        request_id: "r-1".into(),
        salt: [7; 16],
        idempotency: None,
    }
}

/// Commits a write transaction under some record.
pub(crate) async fn commit(tx: Tx) -> u64 {
    tx.commit(record("Tested", "node")).await.unwrap()
}
