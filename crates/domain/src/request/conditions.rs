//! Published conditions, and conditions of the provider's own making (自设条件, Art. 15, 39(2)).

use super::{ConditionKey, RefusalReason, RefusalReasonCode};
use crate::catalogue::Entry;

/// The conditions that the entry publishes: a refusal relies on these, and on no others.
pub fn published_conditions(entry: &Entry) -> Vec<ConditionKey> {
    let conditions = &entry.content.conditions;
    let set = |key: &ConditionKey| match key {
        ConditionKey::OrganisationKinds => !conditions.organisation_kinds.is_empty(),
        ConditionKey::Levels => !conditions.levels.is_empty(),
        ConditionKey::Purposes => !conditions.purposes.is_empty(),
        ConditionKey::SubjectConsent => conditions.subject_consent_required,
    };
    ConditionKey::ALL.iter().copied().filter(set).collect()
}

/// Conditions that these reasons rely on and the entry does not publish, in the provider's words.
pub(crate) fn self_made(reasons: &[RefusalReason], entry: &Entry) -> Vec<String> {
    let published = published_conditions(entry);
    let mut found = Vec::new();
    for reason in reasons {
        let named = reason.condition.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let own = match named {
            Some(text) if published.iter().any(|key| key.as_str() == text) => None,
            Some(text) => Some(text),
            // It says that a condition is not met, and not which.
            None if reason.code == RefusalReasonCode::ConditionNotMet => Some(reason.text.trim()),
            None => None,
        };
        if let Some(own) = own
            && found.iter().all(|before| before != own)
        {
            found.push(own.to_owned());
        }
    }
    found
}
