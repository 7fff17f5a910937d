//! The body of a journal row: what its leaf's digest covers.

use crate::{
    error::{Result, StoreError},
    record::{JournalActor, JournalRow, Outcome, Record, RecordActor},
};
use serde::{Deserialize, Serialize};
use shuqiao_vocabulary::Moment;
use std::collections::BTreeMap;

/// The fields stand in the order of their names, so that the text is the one canonical form of its content: JSON
/// without spaces, keys sorted. Checkers outside recompute the digest over it, so it never changes.
#[derive(Debug, Serialize, Deserialize)]
struct StoredRecord {
    action: String,
    /// A person's id, `task:<name>`, or `nobody`.
    actor: String,
    /// Microseconds.
    at: i64,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    event: String,
    facts: BTreeMap<String, String>,
    index: u64,
    /// The organisation that the person acted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    organisation: Option<String>,
    /// `done`, `denied` or `refused`.
    outcome: String,
    policies: Vec<String>,
    policy_digest: String,
    related: Vec<String>,
    request_id: String,
    subject: String,
}

/// The body of a record at its index.
pub(crate) fn record_body(record: &Record, index: u64) -> Result<String> {
    let (actor, organisation) = match &record.actor {
        RecordActor::Person { person, organisation } => (person.to_string(), Some(organisation.to_string())),
        RecordActor::Task(name) => (format!("task:{name}"), None),
        RecordActor::Nobody => ("nobody".to_owned(), None),
    };
    let (outcome, code) = match &record.outcome {
        Outcome::Done => ("done", None),
        Outcome::Denied => ("denied", None),
        Outcome::Refused { code } => ("refused", Some(code.clone())),
    };
    let stored = StoredRecord {
        action: record.action.clone(),
        actor,
        at: record.at.microseconds(),
        code,
        event: record.event.clone(),
        facts: record.facts.clone(),
        index,
        organisation,
        outcome: outcome.to_owned(),
        policies: record.policies.clone(),
        policy_digest: record.policy_digest.clone(),
        related: record.related.clone(),
        request_id: record.request_id.clone(),
        subject: record.subject.clone(),
    };
    serde_json::to_string(&stored).map_err(|error| StoreError::corrupt(format!("journal {index}: {error}")))
}

/// A journal row out of its body.
pub(crate) fn record_read(index: u64, body: String, salt: [u8; 16], entry: Vec<u8>) -> Result<JournalRow> {
    let unreadable = || StoreError::corrupt(format!("journal {index}: its body"));
    let stored: StoredRecord = serde_json::from_str(&body).map_err(|_| unreadable())?;
    let actor = match (stored.actor.as_str(), &stored.organisation) {
        ("nobody", None) => JournalActor::Nobody,
        (person, Some(organisation)) => JournalActor::Person {
            person: person.parse().map_err(|_| unreadable())?,
            organisation: organisation.parse().map_err(|_| unreadable())?,
        },
        (task, None) => JournalActor::Task(task.strip_prefix("task:").ok_or_else(unreadable)?.to_owned()),
    };
    let outcome = match (stored.outcome.as_str(), stored.code) {
        ("done", None) => Outcome::Done,
        ("denied", None) => Outcome::Denied,
        ("refused", Some(code)) => Outcome::Refused { code },
        _ => return Err(unreadable()),
    };
    if stored.index != index {
        return Err(unreadable());
    }
    Ok(JournalRow {
        index,
        at: Moment::from_microseconds(stored.at),
        event: stored.event,
        actor,
        subject: stored.subject,
        related: stored.related,
        outcome,
        action: stored.action,
        policies: stored.policies,
        policy_digest: stored.policy_digest,
        facts: stored.facts,
        request_id: stored.request_id,
        body,
        salt,
        entry,
    })
}
