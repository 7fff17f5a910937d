//! The grant.

use super::{
    filter::{Mask, RowCondition, row_conditions},
    list::{CaseKind, ConsentKind, Grade, GrantState, GrantVerb, ItemType, RevocationGroundKind, SharingMethod},
    request::SystemName,
    shared::{Clock, OrganisationName, person_name},
    text::{CaseId, CatalogueEntryId, Date, GrantId, ItemName, MomentText, OrganisationId, SharingRequestId},
};
use crate::{row_text, samples};
use serde::{Deserialize, Serialize};
use shuqiao_app::view;
use shuqiao_domain::{case::AnyCase, grant as domain, law::MISUSE};
use utoipa::ToSchema;

/// An item of a grant.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GrantedItem {
    /// Name in calls.
    pub name: ItemName,
    /// Title for people.
    pub title: String,
    /// Type.
    pub item_type: ItemType,
    /// Grade.
    pub grade: Grade,
    /// The mask it is given under.
    #[schema(required)]
    pub mask: Option<Mask>,
}

/// Where something stands in the record.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordPlace {
    /// Its index.
    pub index: u64,
}

/// How to call it. The samples hold no secret: the caller puts its own in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Call {
    /// Where.
    pub url: String,
    /// A body that this grant admits.
    #[schema(value_type = Object)]
    pub example_body: serde_json::Value,
    /// For a shell.
    pub curl: String,
    /// For Java 17, with nothing but its own library.
    pub java: String,
    /// For Python 3, with nothing but its own library.
    pub python: String,
}

/// Counts over the usage records.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageSummary {
    /// Calls answered with data.
    pub calls: u64,
    /// Rows delivered.
    pub rows: u64,
    /// Calls refused.
    pub refused: u64,
    /// The last one.
    #[schema(required)]
    pub last_at: Option<MomentText>,
}

/// Why and by whom a grant was ended before its last day.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revocation {
    /// The kind of ground.
    pub kind: RevocationGroundKind,
    /// In words.
    pub text: String,
    /// The filing's number, when it was negotiated.
    #[schema(required)]
    pub filing_number: Option<String>,
    /// The article it rests on.
    pub article: String,
    /// Who ended it.
    pub by_name: String,
    /// When.
    pub at: MomentText,
}

/// Why and by whom a grant is suspended (暂停, Art. 27(2)).
#[derive(Debug, Serialize, ToSchema)]
pub struct Suspension {
    /// The rectification that it waits for.
    pub case: CaseId,
    /// Why.
    pub reason: String,
    /// The article it rests on.
    pub article: String,
    /// Who suspended it.
    pub by_name: String,
    /// When.
    pub at: MomentText,
}

/// A consent of the provider to another use of the same items and rows (Art. 25(1)).
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantConsent {
    /// To what kind of change.
    pub kind: ConsentKind,
    /// To what exactly, with its conditions.
    pub text: String,
    /// The case in which it was given.
    pub case: CaseId,
    /// That case's number.
    pub number: String,
    /// The day from which.
    pub from: Date,
}

/// An open case about the grant.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantCase {
    /// Its id.
    pub id: CaseId,
    /// Its kind.
    pub kind: CaseKind,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: String,
}

/// A grant (授权): what exactly may flow, to whom, for what, until when.
#[derive(Debug, Serialize, ToSchema)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The number of the request it answers.
    pub number: String,
    /// Its revision, for `If-Match`.
    pub revision: u64,
    /// Where it stands today.
    pub state: GrantState,
    /// Who may use it.
    pub requester: OrganisationName,
    /// Whose data it is.
    pub provider: OrganisationName,
    /// The entry it opens.
    pub entry: CatalogueEntryId,
    /// The entry's name at the time.
    pub entry_name: String,
    /// The request it answers.
    pub request: SharingRequestId,
    /// The purpose that calls repeat: the request's number.
    pub purpose: String,
    /// The purpose in words.
    pub purpose_text: String,
    /// The items.
    pub items: Vec<GrantedItem>,
    /// The rows; empty means every row.
    pub rows: Vec<RowCondition>,
    /// The rows in words, in Chinese.
    pub row_text_zh: String,
    /// The rows in words, in English.
    pub row_text_en: String,
    /// Ways of sharing.
    pub methods: Vec<SharingMethod>,
    /// The systems that may call.
    pub systems: Vec<SystemName>,
    /// Calls per second.
    pub calls_per_second: u32,
    /// Rows in one answer.
    pub rows_per_call: u32,
    /// Rows in one day.
    pub rows_per_day: u64,
    /// First day.
    pub valid_from: Date,
    /// Last day.
    pub valid_until: Date,
    /// When it was agreed.
    pub agreed_at: MomentText,
    /// By whom.
    pub agreed_by: String,
    /// Its suspension, while it is suspended.
    #[schema(required)]
    pub suspension: Option<Suspension>,
    /// What the provider consented to besides, in order.
    pub consents: Vec<GrantConsent>,
    /// Cases about it in which something is left to do and that the reader may see.
    pub open_cases: Vec<GrantCase>,
    /// Its end before the last day, if it came.
    #[schema(required)]
    pub revocation: Option<Revocation>,
    /// Where its beginning stands in the record.
    #[schema(required)]
    pub record: Option<RecordPlace>,
    /// How to call it.
    pub call: Call,
    /// The clock of its delivery; `null` on agreements from before deliveries were timed.
    #[schema(required)]
    pub delivery: Option<Clock>,
    /// What was delivered.
    pub usage: UsageSummary,
    /// What the reader may do to it now.
    pub allowed: Vec<GrantVerb>,
}

impl From<domain::TermsItem> for GrantedItem {
    fn from(item: domain::TermsItem) -> Self {
        Self {
            name: ItemName(item.name),
            title: item.title,
            item_type: ItemType(item.item_type),
            grade: Grade(item.grade),
            mask: item.mask.map(Mask::from),
        }
    }
}

impl From<view::UsageSummary> for UsageSummary {
    fn from(usage: view::UsageSummary) -> Self {
        Self { calls: usage.calls, rows: usage.rows, refused: usage.refused, last_at: usage.last_at.map(MomentText) }
    }
}

impl From<domain::Consent> for GrantConsent {
    fn from(consent: domain::Consent) -> Self {
        let domain::Consent { kind, text, case, number, from } = consent;
        Self { kind: ConsentKind(kind), text, case: CaseId(case), number, from: from.into() }
    }
}

impl From<&AnyCase> for GrantCase {
    fn from(case: &AnyCase) -> Self {
        Self {
            id: CaseId(case.id()),
            kind: CaseKind(case.kind()),
            number: case.number().to_owned(),
            state: case.state().to_owned(),
        }
    }
}

fn suspension(people: &view::People, state: &domain::GrantState) -> Option<Suspension> {
    let domain::GrantState::Suspended { by, case, reason } = state else { return None };
    Some(Suspension {
        case: CaseId(*case),
        reason: reason.clone(),
        article: MISUSE.to_string(),
        by_name: person_name(people, by.person),
        at: MomentText(by.at),
    })
}

fn revocation(people: &view::People, state: &domain::GrantState) -> Option<Revocation> {
    let domain::GrantState::Revoked { by, ground } = state else { return None };
    let filing_number = match ground {
        domain::RevocationGround::Negotiated { filing_number, .. } => Some(filing_number.clone()),
        domain::RevocationGround::Misuse { .. } | domain::RevocationGround::PurposeEnded { .. } => None,
    };
    Some(Revocation {
        kind: RevocationGroundKind(ground.name()),
        text: ground.text().to_owned(),
        filing_number,
        article: ground.article().to_string(),
        by_name: person_name(people, by.person),
        at: MomentText(by.at),
    })
}

impl Grant {
    /// The wire form of a grant that is called under this address.
    pub fn of(view: view::GrantView, base_url: &str) -> Self {
        let (revision, grant) = (view.grant.revision, view.grant.value);
        let domain::Terms { purpose, items, rows, method, valid_from, valid_until, .. } = grant.terms.clone();
        Self {
            id: GrantId(grant.id),
            revision,
            state: GrantState(view.state),
            requester: OrganisationName::from(&view.requester),
            provider: OrganisationName::from(&view.provider),
            entry: CatalogueEntryId(grant.entry),
            entry_name: grant.entry_name.clone(),
            request: SharingRequestId(grant.request),
            purpose: grant.number.clone(),
            purpose_text: purpose,
            items: items.into_iter().map(Into::into).collect(),
            row_text_zh: row_text::in_chinese(&grant.terms),
            row_text_en: row_text::in_english(&grant.terms),
            rows: row_conditions(rows),
            methods: vec![SharingMethod(method)],
            systems: view.systems.iter().map(SystemName::from).collect(),
            calls_per_second: grant.terms.calls_per_second,
            rows_per_call: grant.terms.rows_per_call,
            rows_per_day: grant.terms.rows_per_day,
            valid_from: valid_from.into(),
            valid_until: valid_until.into(),
            agreed_at: MomentText(grant.agreed.at),
            agreed_by: person_name(&view.people, grant.agreed.person),
            suspension: suspension(&view.people, &grant.state),
            consents: grant.consents.iter().cloned().map(Into::into).collect(),
            open_cases: view.open_cases.iter().map(GrantCase::from).collect(),
            revocation: revocation(&view.people, &grant.state),
            record: view.record_index.map(|index| RecordPlace { index }),
            call: samples::call(base_url, &grant),
            delivery: view.delivery.map(Clock::from),
            usage: view.usage.into(),
            allowed: view.allowed.into_iter().map(GrantVerb).collect(),
            number: grant.number,
        }
    }
}

/// The end of a grant before its last day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// On what ground.
    pub ground: RevocationGround,
}

/// Why a grant ends before its last day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum RevocationGround {
    /// The requester misused the data (Art. 27(2)): refused here, for it is first to be put right (`rectification`).
    Misuse {
        /// What happened.
        text: String,
    },
    /// The purpose is fulfilled, impossible, or no longer needed (Art. 27(1)).
    PurposeEnded {
        /// Which.
        text: String,
    },
    /// Negotiated with the requester and filed with the authority (Art. 27(3)): refused here, for that has a procedure
    /// of its own (`service_change`).
    Negotiated {
        /// The outcome.
        text: String,
        /// The filing's number.
        #[serde(default)]
        filing_number: Option<String>,
    },
}

impl From<RevocationGround> for domain::RevocationGround {
    fn from(form: RevocationGround) -> Self {
        match form {
            RevocationGround::Misuse { text } => Self::Misuse { text },
            RevocationGround::PurposeEnded { text } => Self::PurposeEnded { text },
            RevocationGround::Negotiated { text, filing_number } => {
                Self::Negotiated { text, filing_number: filing_number.unwrap_or_default() }
            }
        }
    }
}

/// A token for a few trial calls by this person under this grant.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrialToken {
    /// The token.
    pub access_token: String,
    /// Seconds that it lasts.
    pub expires_in: i64,
}

impl From<view::TrialToken> for TrialToken {
    fn from(token: view::TrialToken) -> Self {
        Self { access_token: token.access_token, expires_in: token.seconds }
    }
}

/// What came of a call.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UsageOutcome {
    /// Data was delivered.
    Delivered {
        /// Rows.
        rows: u64,
        /// Bytes.
        bytes: u64,
    },
    /// It was refused.
    Refused {
        /// Why.
        code: String,
    },
}

/// One usage record (使用记录). It holds no data value.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageRecord {
    /// Its index in the plane's log.
    pub index: u64,
    /// When.
    pub at: MomentText,
    /// The system or person that called.
    pub caller: String,
    /// For which organisation.
    #[schema(required)]
    pub organisation: Option<OrganisationId>,
    /// The purpose given.
    pub purpose: String,
    /// What came of it.
    pub outcome: UsageOutcome,
    /// The items delivered or asked for.
    pub items: Vec<ItemName>,
}

impl From<view::UsageLine> for UsageRecord {
    fn from(line: view::UsageLine) -> Self {
        let view::UsageLine { index, at, caller, organisation, purpose, rows, bytes, refused, items } = line;
        let outcome = match refused {
            Some(code) => UsageOutcome::Refused { code },
            None => UsageOutcome::Delivered { rows, bytes },
        };
        Self {
            index,
            at: MomentText(at),
            caller,
            organisation: organisation.map(OrganisationId),
            purpose,
            outcome,
            items: items.into_iter().map(ItemName).collect(),
        }
    }
}
