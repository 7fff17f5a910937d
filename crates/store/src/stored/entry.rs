//! The stored form of a catalogue entry.

use super::{
    Form, Spelled,
    common::{StoredLegalBasis, StoredMask, StoredResource, StoredReturned, StoredStamp},
    entry_work::{StoredChange, StoredReview, StoredWork},
    stored,
};
use serde::{Deserialize, Serialize};
use shuqiao_domain::catalogue::{
    Conditions, Entry, EntryContent, EntryState, ImpactAssessment, Item, Limits, NotSharedBasis, SecrecyReview, Version,
};
use shuqiao_vocabulary::{
    CatalogueEntryId, DataFormat, Date, Grade, GuideCode, ItemName, ItemType, Level, OrganisationId, OrganisationKind,
    PersonId, SharingAttribute, SharingMethod, UpdateFrequency,
};

stored! {
    StoredEntry of Entry {
        id: Spelled<CatalogueEntryId>,
        provider: Spelled<OrganisationId>,
        drafted_by: Spelled<PersonId>,
        content: StoredContent,
        state: StoredState,
        // Entries from before versions were kept have none of these.
        #[serde(default)]
        work: Option<StoredWork>,
        #[serde(default)]
        changes: Vec<StoredChange>,
        #[serde(default)]
        reviews: Vec<StoredReview>,
    }
}
stored! {
    StoredVersion of Version {
        version: u32,
        content: StoredContent,
        approved: StoredStamp,
        published: StoredStamp,
        announcement: Option<String>,
    }
}
stored! {
    StoredContent of EntryContent {
        name: String,
        // Entries that were stored before there was a code lack this field; `None` is what they mean.
        code: Option<Spelled<GuideCode>>,
        summary: String,
        data_format: Option<Spelled<DataFormat>>,
        update_frequency: Option<Spelled<UpdateFrequency>>,
        sharing_attribute: Option<Spelled<SharingAttribute>>,
        conditions: StoredConditions,
        not_shared_basis: Option<StoredNotSharedBasis>,
        methods: Vec<Spelled<SharingMethod>>,
        category: String,
        grade: Option<Spelled<Grade>>,
        collection_basis: Option<StoredLegalBasis>,
        secrecy: Option<StoredSecrecy>,
        personal_information: bool,
        impact_assessment: Option<StoredAssessment>,
        resource: Option<StoredResource>,
        limits: Option<StoredLimits>,
        items: Vec<StoredItem>,
    }
}
stored! {
    StoredConditions of Conditions {
        organisation_kinds: Vec<Spelled<OrganisationKind>>,
        levels: Vec<Spelled<Level>>,
        purposes: Vec<String>,
        subject_consent_required: bool,
        note: String,
    }
}
stored! {
    StoredNotSharedBasis of NotSharedBasis {
        basis: StoredLegalBasis,
        reason: String,
        #[serde(default)]
        review_by: Option<Spelled<Date>>,
    }
}
stored! {
    StoredSecrecy of SecrecyReview {
        state_secret: bool,
        work_secret: bool,
        reviewer: String,
        date: Option<Spelled<Date>>,
        conclusion: String,
    }
}
stored! {
    StoredAssessment of ImpactAssessment {
        lawful_purpose: String,
        impact: String,
        safeguards: String,
        assessor: String,
        date: Option<Spelled<Date>>,
    }
}
stored! {
    StoredLimits of Limits { calls_per_second: u32, rows_per_call: u32, rows_per_day: u64 }
}
stored! {
    StoredItem of Item {
        name: Spelled<ItemName>,
        title: String,
        column: String,
        item_type: Spelled<ItemType>,
        grade: Option<Spelled<Grade>>,
        sharing_attribute: Option<Spelled<SharingAttribute>>,
        personal: bool,
        sensitive: bool,
        mask: Option<StoredMask>,
        description: String,
    }
}

/// Where an entry stands.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredState {
    Draft {
        returned: Option<StoredReturned>,
    },
    AwaitingHead {
        submitted: StoredStamp,
    },
    Filed {
        submitted: StoredStamp,
        approved: StoredStamp,
    },
    Published {
        // The first one, where it was published before versions were kept.
        #[serde(default = "first_version")]
        version: u32,
        approved: StoredStamp,
        published: StoredStamp,
        number: String,
        #[serde(default)]
        announcement: Option<String>,
    },
    Retired {
        version: u32,
        number: String,
        reason: String,
        approved: StoredStamp,
        retired: StoredStamp,
        announcement: String,
    },
}

const fn first_version() -> u32 {
    1
}

impl Form<EntryState> for StoredState {
    fn of(value: &EntryState) -> Self {
        match value {
            EntryState::Draft { returned } => Self::Draft { returned: Form::of(returned) },
            EntryState::AwaitingHead { submitted } => Self::AwaitingHead { submitted: Form::of(submitted) },
            EntryState::Filed { submitted, approved } => {
                Self::Filed { submitted: Form::of(submitted), approved: Form::of(approved) }
            }
            EntryState::Published { version, approved, published, number, announcement } => Self::Published {
                version: *version,
                approved: Form::of(approved),
                published: Form::of(published),
                number: number.clone(),
                announcement: announcement.clone(),
            },
            EntryState::Retired { version, number, reason, approved, retired, announcement } => Self::Retired {
                version: *version,
                number: number.clone(),
                reason: reason.clone(),
                approved: Form::of(approved),
                retired: Form::of(retired),
                announcement: announcement.clone(),
            },
        }
    }
    fn value(self) -> EntryState {
        match self {
            Self::Draft { returned } => EntryState::Draft { returned: returned.value() },
            Self::AwaitingHead { submitted } => EntryState::AwaitingHead { submitted: submitted.value() },
            Self::Filed { submitted, approved } => {
                EntryState::Filed { submitted: submitted.value(), approved: approved.value() }
            }
            Self::Published { version, approved, published, number, announcement } => EntryState::Published {
                version,
                approved: approved.value(),
                published: published.value(),
                number,
                announcement,
            },
            Self::Retired { version, number, reason, approved, retired, announcement } => EntryState::Retired {
                version,
                number,
                reason,
                approved: approved.value(),
                retired: retired.value(),
                announcement,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_that_were_stored_before_there_were_codes_still_read() {
        let content = EntryContent { name: "低保对象".into(), ..EntryContent::default() };
        let mut form = serde_json::to_value(StoredContent::of(&content)).unwrap();
        assert!(form.as_object_mut().unwrap().remove("code").is_some());
        let read: StoredContent = serde_json::from_value(form).unwrap();
        assert_eq!(read.value(), content);
    }
}
