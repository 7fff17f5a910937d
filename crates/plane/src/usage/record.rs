//! One usage record: who called under which grant, for what, and what came of it. Never a value of the data.

use crate::value::{date_time, date_time_text};
use serde::{Deserialize, Serialize};
use shuqiao_crypto::token::Caller;
use shuqiao_vocabulary::{
    ItemName, Moment, SharingMethod,
    id::{GrantId, OrganisationId},
};

/// What the log keeps of one call (使用记录).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRecord {
    /// Its place in the usage log.
    pub index: u64,
    /// When the call came in.
    pub at: Moment,
    /// The grant that was named, if it is one.
    pub grant: Option<GrantId>,
    /// Who called, if that was proven.
    pub caller: Option<Caller>,
    /// For which department.
    pub organisation: Option<OrganisationId>,
    /// Whose data.
    pub provider: Option<OrganisationId>,
    /// The purpose, when it was the grant's; otherwise empty, because what else was sent may be anything.
    pub purpose: String,
    /// The way of sharing.
    pub method: SharingMethod,
    /// What came of it.
    pub outcome: Outcome,
    /// The granted items that were asked for.
    pub items: Vec<ItemName>,
    /// The id that the caller was given for questions.
    pub request_id: String,
    /// By what the caller was known; `None` of calls that got no further, and of records older than this word.
    pub authentication: Option<Authentication>,
}

/// By what a caller was known (认证方式). Spellings are for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Authentication {
    /// An access token alone.
    Bearer,
    /// An access token and a message signature (RFC 9421).
    Signed,
    /// The national platform's call signature, which covers neither body nor path.
    LegacySigned,
}

impl Authentication {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Bearer, Self::Signed, Self::LegacySigned];

    /// Its spelling in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Signed => "signed",
            Self::LegacySigned => "legacy_signed",
        }
    }
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Data was delivered.
    Delivered {
        /// Rows.
        rows: u64,
        /// Bytes of the answer.
        bytes: u64,
        /// SHA-256 of the answer in hexadecimal; of JSON, of the answer without its `record` member.
        digest: String,
    },
    /// The receiver of a delivery in bulk has said what it counted.
    Received {
        /// Rows.
        rows: u64,
        /// Their digest, see [`crate::delivery::receipt::RowsDigest`].
        digest: String,
        /// Whether that is what was delivered.
        agrees: bool,
    },
    /// The call was refused.
    Refused {
        /// The problem's code.
        code: String,
    },
}

/// A record on its way to the log, which gives it its index.
#[derive(Clone, Debug)]
pub(crate) struct NewUsage {
    pub(crate) at: Moment,
    pub(crate) grant: Option<GrantId>,
    pub(crate) caller: Option<Caller>,
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) provider: Option<OrganisationId>,
    pub(crate) purpose: String,
    pub(crate) method: SharingMethod,
    pub(crate) outcome: Outcome,
    pub(crate) items: Vec<ItemName>,
    pub(crate) request_id: String,
    pub(crate) authentication: Option<Authentication>,
}

/// The stored form.
#[derive(Serialize, Deserialize)]
struct Form {
    index: u64,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    grant: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    purpose: String,
    method: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivered: Option<DeliveredForm>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    received: Option<ReceivedForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
    items: Vec<String>,
    request_id: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    authentication: Option<String>,
    /// The record before of the same grant, so that its latest records are found without an index in memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct DeliveredForm {
    rows: u64,
    bytes: u64,
    digest: String,
}

#[derive(Serialize, Deserialize)]
struct ReceivedForm {
    rows: u64,
    digest: String,
    agrees: bool,
}

impl NewUsage {
    /// The record at its place.
    pub(crate) fn at_index(self, index: u64) -> UsageRecord {
        UsageRecord {
            index,
            at: self.at,
            grant: self.grant,
            caller: self.caller,
            organisation: self.organisation,
            provider: self.provider,
            purpose: self.purpose,
            method: self.method,
            outcome: self.outcome,
            items: self.items,
            request_id: self.request_id,
            authentication: self.authentication,
        }
    }
}

impl UsageRecord {
    /// The body that the entry's digest covers.
    pub(super) fn to_body(&self, previous: Option<u64>) -> Vec<u8> {
        let (mut delivered, mut received, mut refused) = (None, None, None);
        match &self.outcome {
            Outcome::Delivered { rows, bytes, digest } => {
                delivered = Some(DeliveredForm { rows: *rows, bytes: *bytes, digest: digest.clone() });
            }
            Outcome::Received { rows, digest, agrees } => {
                received = Some(ReceivedForm { rows: *rows, digest: digest.clone(), agrees: *agrees });
            }
            Outcome::Refused { code } => refused = Some(code.clone()),
        }
        let form = Form {
            index: self.index,
            at: date_time_text(self.at.microseconds()),
            grant: self.grant.map(|id| id.to_string()),
            caller: self.caller.map(|caller| match caller {
                Caller::System(id) => id.to_string(),
                Caller::Person(id) => id.to_string(),
            }),
            organisation: self.organisation.map(|id| id.to_string()),
            provider: self.provider.map(|id| id.to_string()),
            purpose: self.purpose.clone(),
            method: self.method.to_string(),
            delivered,
            received,
            refused,
            items: self.items.iter().map(ToString::to_string).collect(),
            request_id: self.request_id.clone(),
            authentication: self.authentication.map(|by| by.as_str().to_owned()),
            previous,
        };
        // Strings, numbers and lists only: serialising them has no way to fail.
        serde_json::to_vec(&form).unwrap_or_default()
    }

    /// Reads a body, and which record of the same grant came before.
    pub(super) fn from_body(body: &[u8]) -> Option<(Self, Option<u64>)> {
        let form: Form = serde_json::from_slice(body).ok()?;
        let outcome = match (form.delivered, form.received, form.refused) {
            (Some(d), None, None) => Outcome::Delivered { rows: d.rows, bytes: d.bytes, digest: d.digest },
            (None, Some(r), None) => Outcome::Received { rows: r.rows, digest: r.digest, agrees: r.agrees },
            (None, None, Some(code)) => Outcome::Refused { code },
            _ => return None,
        };
        let caller = match form.caller {
            None => None,
            Some(text) => Some(match text.parse() {
                Ok(system) => Caller::System(system),
                Err(_) => Caller::Person(text.parse().ok()?),
            }),
        };
        let authentication = match form.authentication {
            None => None,
            Some(text) => Some(Authentication::ALL.into_iter().find(|by| by.as_str() == text)?),
        };
        let record = Self {
            index: form.index,
            at: Moment::from_microseconds(date_time(&form.at)?),
            grant: parsed(form.grant)?,
            caller,
            organisation: parsed(form.organisation)?,
            provider: parsed(form.provider)?,
            purpose: form.purpose,
            method: form.method.parse().ok()?,
            outcome,
            items: form.items.iter().map(|name| name.parse().ok()).collect::<Option<_>>()?,
            request_id: form.request_id,
            authentication,
        };
        Some((record, form.previous))
    }
}

/// `None` for text that is there and does not parse.
fn parsed<T: std::str::FromStr>(text: Option<String>) -> Option<Option<T>> {
    match text {
        None => Some(None),
        Some(text) => text.parse().ok().map(Some),
    }
}
