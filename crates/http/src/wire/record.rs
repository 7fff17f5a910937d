//! The record: journal, checkpoint, keys, and the landing page's numbers.

use super::{
    hex,
    text::{MomentText, OrganisationId, PersonId},
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use shuqiao_app::view::{self, JournalActor, Outcome};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = JournalActor)]
pub enum JournalActorForm {
    /// A person.
    Person {
        /// The person's id.
        id: PersonId,
        /// The person's name.
        #[schema(required)]
        name: Option<String>,
        /// The organisation the person acted for.
        organisation: OrganisationId,
        /// Its name.
        #[schema(required)]
        organisation_name: Option<String>,
    },
    /// A task of the system.
    Task {
        /// Its name.
        name: String,
    },
    /// Somebody who is not known, such as a caller whose login failed.
    Nobody {},
}

/// How it ended.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JournalResult {
    /// Done.
    Done,
    /// The policy denied it.
    Denied,
    /// The rules refused it.
    Refused,
}

/// One record of the journal.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalItem {
    /// Its index in the journal, which is its index in the log.
    pub index: u64,
    /// When.
    pub at: MomentText,
    /// The event's name.
    pub event: String,
    /// Who did it.
    pub actor: JournalActorForm,
    /// What it was done to: an id, or `node`.
    pub subject: String,
    /// What else it concerns.
    pub related: Vec<String>,
    /// How it ended.
    pub result: JournalResult,
    /// The code of a refusal.
    #[schema(required)]
    pub refused: Option<String>,
    /// The action asked for.
    pub action: String,
    /// The policies that decided.
    pub policies: Vec<String>,
    /// What explains it: ids, numbers, codes.
    pub summary: BTreeMap<String, String>,
    /// The request's id.
    pub request_id: String,
    /// The leaf's hash in the log, in hex.
    pub leaf_hash: String,
}

/// One record with what proves it.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalEntry {
    /// The record.
    #[serde(flatten)]
    pub item: JournalItem,
    /// The exact bytes of the leaf, which are text.
    pub entry: String,
    /// What the leaf's digest covers, exactly.
    pub body: String,
    /// The salt of that digest, in hex.
    pub salt: String,
}

impl From<view::JournalView> for JournalItem {
    fn from(view: view::JournalView) -> Self {
        let view::JournalView { row, person_name, organisation_name, .. } = view;
        let actor = match row.actor {
            JournalActor::Person { person, organisation } => JournalActorForm::Person {
                id: PersonId(person),
                name: person_name,
                organisation: OrganisationId(organisation),
                organisation_name,
            },
            JournalActor::Task(name) => JournalActorForm::Task { name },
            JournalActor::Nobody => JournalActorForm::Nobody {},
        };
        let (result, refused) = match row.outcome {
            Outcome::Done => (JournalResult::Done, None),
            Outcome::Denied => (JournalResult::Denied, None),
            Outcome::Refused { code } => (JournalResult::Refused, Some(code)),
        };
        Self {
            index: row.index,
            at: MomentText(row.at),
            event: row.event,
            actor,
            subject: row.subject,
            related: row.related,
            result,
            refused,
            action: row.action,
            policies: row.policies,
            summary: row.facts,
            request_id: row.request_id,
            // RFC 6962: a leaf is hashed behind a zero byte.
            leaf_hash: hex(&Sha256::new().chain_update([0]).chain_update(&row.entry).finalize()),
        }
    }
}

impl From<view::JournalView> for JournalEntry {
    fn from(view: view::JournalView) -> Self {
        let entry = String::from_utf8_lossy(&view.row.entry).into_owned();
        let (body, salt) = (view.row.body.clone(), hex(&view.row.salt));
        Self { item: view.into(), entry, body, salt }
    }
}

/// The head of the log, signed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Checkpoint {
    /// Origin of the log.
    pub origin: String,
    /// Its size.
    pub size: u64,
    /// Its root hash, in hex.
    pub root: String,
    /// The signed note.
    pub note: String,
    /// The key to verify it with.
    pub verifier_key: String,
}

impl From<view::CheckpointView> for Checkpoint {
    fn from(view: view::CheckpointView) -> Self {
        Self {
            origin: view.origin,
            size: view.size,
            root: hex(&view.root),
            note: view.note,
            verifier_key: view.verifier_key,
        }
    }
}

/// Keys of the node's two logs.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogKeys {
    /// Origin of the record.
    pub origin: String,
    /// Its verifier key.
    pub verifier_key: String,
    /// Origin of the plane's usage log.
    pub usage_origin: String,
    /// Its verifier key.
    pub usage_verifier_key: String,
}

impl From<view::LogKeys> for LogKeys {
    fn from(keys: view::LogKeys) -> Self {
        Self {
            origin: keys.origin,
            verifier_key: keys.verifier_key,
            usage_origin: keys.usage_origin,
            usage_verifier_key: keys.usage_verifier_key,
        }
    }
}

/// The few numbers of the landing page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Statistics {
    /// Published entries.
    pub entries_published: u64,
    /// Requests whose clock runs.
    pub requests_open: u64,
    /// Grants in force.
    pub grants_active: u64,
    /// Calls on this legal day.
    pub calls_today: u64,
    /// Requests whose reply is overdue.
    pub overdue: u64,
}

impl From<view::Statistics> for Statistics {
    fn from(numbers: view::Statistics) -> Self {
        Self {
            entries_published: numbers.entries_published,
            requests_open: numbers.requests_open,
            grants_active: numbers.grants_active,
            calls_today: numbers.calls_today,
            overdue: numbers.overdue,
        }
    }
}
