//! What an entry says, to and from its wire form.

use super::{
    entry::{
        Classification, Conditions, EntryContent, ImpactAssessment, Item, Limits, NotSharedBasis, PersonalInformation,
        Resource, Secrecy,
    },
    filter::Mask,
    list::{
        BasisRank, DataFormat, Grade, ItemType, Level, OrganisationKind, SharingAttribute, SharingMethod,
        UpdateFrequency,
    },
    text::{GuideCode, ItemName, SourceId},
};
use shuqiao_domain::{catalogue as entry, source::ProposedItem};

impl From<EntryContent> for entry::EntryContent {
    fn from(form: EntryContent) -> Self {
        Self {
            name: form.name,
            code: form.code.map(Into::into),
            summary: form.summary,
            data_format: form.data_format.map(Into::into),
            update_frequency: form.update_frequency.map(Into::into),
            sharing_attribute: form.sharing_attribute.map(Into::into),
            conditions: form.conditions.unwrap_or_default().into(),
            not_shared_basis: form.not_shared_basis.map(Into::into),
            methods: form.methods.into_iter().map(Into::into).collect(),
            category: form.classification.category,
            grade: form.classification.grade.map(Into::into),
            collection_basis: form.collection_basis.map(Into::into),
            secrecy: form.secrecy.map(Into::into),
            personal_information: form.personal_information.contains,
            impact_assessment: form.personal_information.assessment.map(Into::into),
            resource: form.resource.map(|r| entry::Resource { source: r.source.0, table: r.table }),
            limits: form.limits.map(Into::into),
            items: form.items.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<entry::EntryContent> for EntryContent {
    fn from(content: entry::EntryContent) -> Self {
        Self {
            name: content.name,
            code: content.code.map(GuideCode),
            summary: content.summary,
            data_format: content.data_format.map(DataFormat),
            update_frequency: content.update_frequency.map(UpdateFrequency),
            sharing_attribute: content.sharing_attribute.map(SharingAttribute),
            conditions: Some(content.conditions.into()),
            not_shared_basis: content.not_shared_basis.map(Into::into),
            methods: content.methods.into_iter().map(SharingMethod).collect(),
            classification: Classification { category: content.category, grade: content.grade.map(Grade) },
            collection_basis: content.collection_basis.map(Into::into),
            secrecy: content.secrecy.map(Into::into),
            personal_information: PersonalInformation {
                contains: content.personal_information,
                assessment: content.impact_assessment.map(Into::into),
            },
            resource: content.resource.map(|r| Resource { source: SourceId(r.source), table: r.table }),
            limits: content.limits.map(Into::into),
            items: content.items.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Conditions> for entry::Conditions {
    fn from(form: Conditions) -> Self {
        Self {
            organisation_kinds: form.allowed_organisation_kinds.into_iter().map(Into::into).collect(),
            levels: form.allowed_levels.into_iter().map(Into::into).collect(),
            purposes: form.purposes,
            subject_consent_required: form.subject_consent_required,
            note: form.note,
        }
    }
}

impl From<entry::Conditions> for Conditions {
    fn from(conditions: entry::Conditions) -> Self {
        Self {
            allowed_organisation_kinds: conditions.organisation_kinds.into_iter().map(OrganisationKind).collect(),
            allowed_levels: conditions.levels.into_iter().map(Level).collect(),
            purposes: conditions.purposes,
            subject_consent_required: conditions.subject_consent_required,
            note: conditions.note,
        }
    }
}

impl From<NotSharedBasis> for entry::NotSharedBasis {
    fn from(form: NotSharedBasis) -> Self {
        let basis = entry::LegalBasis { rank: form.rank.0, title: form.title, article: form.article };
        Self { basis, reason: form.reason, review_by: form.review_by.map(Into::into) }
    }
}

impl From<entry::NotSharedBasis> for NotSharedBasis {
    fn from(basis: entry::NotSharedBasis) -> Self {
        let entry::LegalBasis { rank, title, article } = basis.basis;
        let review_by = basis.review_by.map(Into::into);
        Self { rank: BasisRank(rank), title, article, reason: basis.reason, review_by }
    }
}

impl From<Secrecy> for entry::SecrecyReview {
    fn from(form: Secrecy) -> Self {
        Self {
            state_secret: form.state_secret,
            work_secret: form.work_secret,
            reviewer: form.reviewer,
            date: form.date.map(Into::into),
            conclusion: form.conclusion,
        }
    }
}

impl From<entry::SecrecyReview> for Secrecy {
    fn from(review: entry::SecrecyReview) -> Self {
        Self {
            state_secret: review.state_secret,
            work_secret: review.work_secret,
            reviewer: review.reviewer,
            date: review.date.map(Into::into),
            conclusion: review.conclusion,
        }
    }
}

impl From<ImpactAssessment> for entry::ImpactAssessment {
    fn from(form: ImpactAssessment) -> Self {
        Self {
            lawful_purpose: form.lawful_purpose,
            impact: form.impact,
            safeguards: form.safeguards,
            assessor: form.assessor,
            date: form.date.map(Into::into),
        }
    }
}

impl From<entry::ImpactAssessment> for ImpactAssessment {
    fn from(assessment: entry::ImpactAssessment) -> Self {
        Self {
            lawful_purpose: assessment.lawful_purpose,
            impact: assessment.impact,
            safeguards: assessment.safeguards,
            assessor: assessment.assessor,
            date: assessment.date.map(Into::into),
        }
    }
}

impl From<Limits> for entry::Limits {
    fn from(form: Limits) -> Self {
        Self {
            calls_per_second: form.calls_per_second_max,
            rows_per_call: form.rows_per_call_max,
            rows_per_day: form.rows_per_day_max,
        }
    }
}

impl From<entry::Limits> for Limits {
    fn from(limits: entry::Limits) -> Self {
        Self {
            calls_per_second_max: limits.calls_per_second,
            rows_per_call_max: limits.rows_per_call,
            rows_per_day_max: limits.rows_per_day,
        }
    }
}

impl From<Item> for entry::Item {
    fn from(form: Item) -> Self {
        Self {
            name: form.name.0,
            title: form.title,
            column: form.column,
            item_type: form.item_type.0,
            grade: form.grade.map(Into::into),
            sharing_attribute: form.sharing_attribute.map(Into::into),
            personal: form.personal,
            sensitive: form.sensitive,
            mask: form.mask.map(Into::into),
            description: form.description,
        }
    }
}

impl From<entry::Item> for Item {
    fn from(item: entry::Item) -> Self {
        Self {
            name: ItemName(item.name),
            title: item.title,
            column: item.column,
            item_type: ItemType(item.item_type),
            grade: item.grade.map(Grade),
            sharing_attribute: item.sharing_attribute.map(SharingAttribute),
            personal: item.personal,
            sensitive: item.sensitive,
            mask: item.mask.map(Mask::from),
            description: item.description,
        }
    }
}

impl From<ProposedItem> for Item {
    fn from(proposed: ProposedItem) -> Self {
        Self {
            name: ItemName(proposed.name),
            title: proposed.title,
            column: proposed.column,
            item_type: ItemType(proposed.item_type),
            grade: None,
            sharing_attribute: None,
            personal: false,
            sensitive: false,
            mask: None,
            description: String::new(),
        }
    }
}
