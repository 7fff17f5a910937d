//! Stored forms: how aggregates look as JSON in the database.
//!
//! They are types of their own, so that a change of the domain's types cannot silently change what is stored, and
//! conversions go both ways without loss. Field names and spellings stay as they are once released; when a form
//! changes, a migration brings the old rows up to date, so that only one form is ever read.

mod case;
mod common;
mod entry;
mod entry_work;
mod grant;
mod legal_time;
mod record;
mod request;
mod source;
mod system;

use crate::{
    error::{Result, StoreError},
    legal_time::NoticeRow,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, de::Error as _};
use shuqiao_domain::{
    RuleSet,
    catalogue::{Entry, Version},
    grant::Grant,
    request::Request,
    source::Structure,
};
use shuqiao_vocabulary::Role;
use std::{collections::BTreeSet, fmt::Display, str::FromStr};

pub(crate) use case::{case_read, case_text};
pub(crate) use record::{record_body, record_read};
pub(crate) use system::{identity_read, identity_text};

/// A stored form of a value. Both ways are total: what a form can hold, the value can be.
pub(crate) trait Form<T>: Sized {
    /// The form of a value.
    fn of(value: &T) -> Self;
    /// The value of a form.
    fn value(self) -> T;
}

/// A word of the vocabulary, stored by its spelling; another spelling does not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spelled<T>(pub(crate) T);

impl<T: Display> Serialize for Spelled<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Spelled<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

impl<T: Clone> Form<T> for Spelled<T> {
    fn of(value: &T) -> Self {
        Self(value.clone())
    }
    fn value(self) -> T {
        self.0
    }
}

macro_rules! plain {
    ($($plain:ty),+) => {
        $(impl Form<$plain> for $plain {
            fn of(value: &$plain) -> Self {
                value.clone()
            }
            fn value(self) -> $plain {
                self
            }
        })+
    };
}
plain!(String, bool, u8, u16, u32, u64, i64);

impl<T, F: Form<T>> Form<Option<T>> for Option<F> {
    fn of(value: &Option<T>) -> Self {
        value.as_ref().map(F::of)
    }
    fn value(self) -> Option<T> {
        self.map(F::value)
    }
}

impl<T, F: Form<T>> Form<Vec<T>> for Vec<F> {
    fn of(value: &Vec<T>) -> Self {
        value.iter().map(F::of).collect()
    }
    fn value(self) -> Vec<T> {
        self.into_iter().map(F::value).collect()
    }
}

/// Declares the stored form of a struct: each field with its own stored form. Leaving out a field of the struct does
/// not compile.
macro_rules! stored {
    ($(#[$meta:meta])* $form:ident of $value:path { $($(#[$fmeta:meta])* $field:ident: $stored:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, serde::Serialize, serde::Deserialize)]
        pub(crate) struct $form { $($(#[$fmeta])* $field: $stored),+ }

        impl $crate::stored::Form<$value> for $form {
            fn of(value: &$value) -> Self {
                Self { $($field: $crate::stored::Form::of(&value.$field)),+ }
            }
            fn value(self) -> $value {
                $value { $($field: $crate::stored::Form::value(self.$field)),+ }
            }
        }
    };
}
pub(crate) use stored;

/// Declares the stored form of an enum whose variants have named fields, or none. Leaving out a variant or a field does
/// not compile.
macro_rules! stored_acts {
    ($(#[$meta:meta])* $form:ident of $value:path {
        $($variant:ident $({ $($field:ident: $stored:ty),+ $(,)? })?),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $form { $($variant $({ $($field: $stored),+ })?),+ }

        impl $crate::stored::Form<$value> for $form {
            fn of(value: &$value) -> Self {
                use $value as Value;
                match value {
                    $(Value::$variant $({ $($field),+ })? =>
                        Self::$variant $({ $($field: $crate::stored::Form::of($field)),+ })?),+
                }
            }
            fn value(self) -> $value {
                use $value as Value;
                match self {
                    $(Self::$variant $({ $($field),+ })? =>
                        Value::$variant $({ $($field: $crate::stored::Form::value($field)),+ })?),+
                }
            }
        }
    };
}
pub(crate) use stored_acts;

/// JSON of a form; `what` names the row in the error.
fn write<T, F: Form<T> + Serialize>(value: &T, what: &dyn Display) -> Result<String> {
    serde_json::to_string(&F::of(value)).map_err(|error| StoreError::corrupt(format!("{what}: {error}")))
}

/// A value out of the JSON of its form; `what` names the row in the error.
fn read<T, F: Form<T> + DeserializeOwned>(text: &str, what: &dyn Display) -> Result<T> {
    // The library's message tells line and column, and may repeat a value: line and column are enough.
    let unreadable = |error: serde_json::Error| {
        StoreError::corrupt(format!("{what}: line {} column {} of its stored form", error.line(), error.column()))
    };
    serde_json::from_str::<F>(text).map(F::value).map_err(unreadable)
}

/// The stored text of a catalogue entry.
pub(crate) fn entry_text(value: &Entry) -> Result<String> {
    write::<_, entry::StoredEntry>(value, &value.id)
}

/// A catalogue entry out of its stored text.
pub(crate) fn entry_read(id: &str, text: &str) -> Result<Entry> {
    read::<_, entry::StoredEntry>(text, &format_args!("catalogue_entry {id}"))
}

/// The stored text of a version of a catalogue entry.
pub(crate) fn version_text(value: &Version) -> Result<String> {
    write::<_, entry::StoredVersion>(value, &"catalogue_version")
}

/// A version of a catalogue entry out of its stored text.
pub(crate) fn version_read(id: &str, text: &str) -> Result<Version> {
    read::<_, entry::StoredVersion>(text, &format_args!("catalogue_version of {id}"))
}

/// The stored text of a request.
pub(crate) fn request_text(value: &Request) -> Result<String> {
    write::<_, request::StoredRequest>(value, &value.id)
}

/// A request out of its stored text.
pub(crate) fn request_read(id: &str, text: &str) -> Result<Request> {
    read::<_, request::StoredRequest>(text, &format_args!("sharing_request {id}"))
}

/// The stored text of a grant.
pub(crate) fn grant_text(value: &Grant) -> Result<String> {
    write::<_, grant::StoredGrant>(value, &value.id)
}

/// A grant out of its stored text.
pub(crate) fn grant_read(id: &str, text: &str) -> Result<Grant> {
    read::<_, grant::StoredGrant>(text, &format_args!("sharing_grant {id}"))
}

/// The stored text of a rule set.
pub(crate) fn rule_set_text(value: &RuleSet) -> Result<String> {
    write::<_, legal_time::StoredRuleSet>(value, &"rule_set")
}

/// A rule set out of its stored text.
pub(crate) fn rule_set_read(id: &str, text: &str) -> Result<RuleSet> {
    read::<_, legal_time::StoredRuleSet>(text, &format_args!("rule_set {id}"))
}

/// The stored text of a notice of the calendar.
pub(crate) fn notice_text(value: &NoticeRow) -> Result<String> {
    write::<_, legal_time::StoredNoticeRow>(value, &"calendar_notice")
}

/// A notice of the calendar out of its stored text.
pub(crate) fn notice_read(id: &str, text: &str) -> Result<NoticeRow> {
    read::<_, legal_time::StoredNoticeRow>(text, &format_args!("calendar_notice {id}"))
}

/// The stored text of a source's structure.
pub(crate) fn structure_text(value: &Structure) -> Result<String> {
    write::<_, source::StoredStructure>(value, &"source")
}

/// A source's structure out of its stored text.
pub(crate) fn structure_read(id: &str, text: &str) -> Result<Structure> {
    read::<_, source::StoredStructure>(text, &format_args!("source {id}"))
}

/// The stored text of a system's secret digests.
pub(crate) fn digests_text(value: &Vec<[u8; 32]>) -> Result<String> {
    write::<_, Vec<common::StoredDigest>>(value, &"department_system")
}

/// A system's secret digests out of their stored text.
pub(crate) fn digests_read(id: &str, text: &str) -> Result<Vec<[u8; 32]>> {
    read::<_, Vec<common::StoredDigest>>(text, &format_args!("department_system {id}"))
}

/// The stored text of a person's roles.
pub(crate) fn roles_text(roles: &BTreeSet<Role>) -> Result<String> {
    write::<_, Vec<Spelled<Role>>>(&roles.iter().copied().collect::<Vec<_>>(), &"person")
}

/// A person's roles out of their stored text.
pub(crate) fn roles_read(text: &str) -> Result<BTreeSet<Role>> {
    Ok(read::<_, Vec<Spelled<Role>>>(text, &"roles")?.into_iter().collect())
}
