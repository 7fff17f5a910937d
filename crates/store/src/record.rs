//! Records: what is handed in with a commit, and what the journal gives back.

use crate::{
    error::{Result, StoreError},
    idempotency::IdempotencyRow,
    stored,
};
use sha2::{Digest as _, Sha256};
use shuqiao_vocabulary::{Moment, OrganisationId, PersonId};
use std::{collections::BTreeMap, fmt::Write as _};

/// Longest body of a record, in bytes.
const BODY_BYTES_MAX: usize = 65_536;

/// What happened, to be written with the commit that makes it so. It holds ids, numbers and codes: never personal data,
/// never a data value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When.
    pub at: Moment,
    /// The event's name, one word.
    pub event: String,
    /// Who did it.
    pub actor: RecordActor,
    /// What it was done to: an id, or `node`.
    pub subject: String,
    /// What else it concerns: ids of the other parties, of the grant that was made.
    pub related: Vec<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// The action asked for, as the policies name it; empty where no policy was asked.
    pub action: String,
    /// The policies that decided.
    pub policies: Vec<String>,
    /// Digest of the whole set of policies; empty where no policy was asked.
    pub policy_digest: String,
    /// Ids, numbers, codes, dates that explain it.
    pub facts: BTreeMap<String, String>,
    /// The request's id, as the caller got it.
    pub request_id: String,
    /// Random bytes that keep the leaf's digest from being guessed at.
    pub salt: [u8; 16],
    /// The idempotency key the write was sent with, kept in the same commit.
    pub idempotency: Option<IdempotencyRow>,
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordActor {
    /// A person.
    Person {
        /// The person.
        person: PersonId,
        /// The organisation the person acted for.
        organisation: OrganisationId,
    },
    /// A task of the system.
    Task(&'static str),
    /// Somebody who is not known, such as a caller whose login failed.
    Nobody,
}

/// Who did it, as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalActor {
    /// A person.
    Person {
        /// The person.
        person: PersonId,
        /// The organisation the person acted for.
        organisation: OrganisationId,
    },
    /// A task of the system, by its name.
    Task(String),
    /// Somebody who is not known.
    Nobody,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// The policy denied it.
    Denied,
    /// The rules refused it.
    Refused {
        /// Why, as a code.
        code: String,
    },
}

/// A row of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRow {
    /// Its index in the journal, which is its index in the log.
    pub index: u64,
    /// When.
    pub at: Moment,
    /// The event's name.
    pub event: String,
    /// Who did it.
    pub actor: JournalActor,
    /// What it was done to.
    pub subject: String,
    /// What else it concerns.
    pub related: Vec<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// The action asked for.
    pub action: String,
    /// The policies that decided.
    pub policies: Vec<String>,
    /// Digest of the whole set of policies.
    pub policy_digest: String,
    /// What explains it.
    pub facts: BTreeMap<String, String>,
    /// The request's id.
    pub request_id: String,
    /// What the leaf's digest covers, exactly: JSON with sorted keys and without spaces.
    pub body: String,
    /// The salt of that digest.
    pub salt: [u8; 16],
    /// The bytes of the leaf.
    pub entry: Vec<u8>,
}

impl JournalRow {
    /// Whether the leaf's bytes are those that the body, the salt and the place in the log make.
    pub fn entry_is_of_body(&self) -> bool {
        self.entry == leaf_entry(self.index, self.at, &self.event, &self.salt, &self.body)
    }
}

/// A record made ready for its place in the log.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) body: String,
    pub(crate) entry: Vec<u8>,
}

/// The body and the leaf of a record at this index.
pub(crate) fn prepare(record: &Record, index: u64) -> Result<Prepared> {
    let one_word = !record.event.is_empty() && record.event.bytes().all(|b| b.is_ascii_graphic());
    if !one_word {
        return Err(StoreError::corrupt("a record's event must be one word"));
    }
    let body = stored::record_body(record, index)?;
    if body.len() > BODY_BYTES_MAX {
        return Err(StoreError::corrupt(format!("a record of {} bytes: {BODY_BYTES_MAX} is the most", body.len())));
    }
    let entry = leaf_entry(index, record.at, &record.event, &record.salt, &body);
    Ok(Prepared { body, entry })
}

/// The bytes of a leaf: no personal data, and nothing that could be guessed back into any.
fn leaf_entry(index: u64, at: Moment, event: &str, salt: &[u8; 16], body: &str) -> Vec<u8> {
    let digest = Sha256::new().chain_update(salt).chain_update(body.as_bytes()).finalize();
    let mut text = format!("shuqiao-journal/1\n{index}\n{}\n{event}\n", at.microseconds());
    for byte in digest {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.push('\n');
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_is_five_lines() {
        let entry = leaf_entry(7, Moment::from_microseconds(1_000_001), "GrantBegun", &[0; 16], "{}");
        // head -c 16 /dev/zero | cat - <(printf '{}') | sha256sum
        let digest = "333b13ff02f57ae18049b82ca66f37592c5a3d8fd54e44e23ae5c7085c24fd2a";
        let expected = format!("shuqiao-journal/1\n7\n1000001\nGrantBegun\n{digest}\n");
        assert_eq!(String::from_utf8_lossy(&entry), expected);
    }
}
