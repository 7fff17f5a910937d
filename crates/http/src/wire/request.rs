//! The sharing request.

use super::{
    cart::CartName,
    entry::Provider,
    filter::{RowCondition, row_conditions, row_filter},
    list::{ConditionKey, RequestState, RequestVerb, SharingMethod},
    reply::{Decided, decided},
    request_time::{Delivery, Extension, delivery, extension},
    shared::{
        Basis, Clock, FieldProblem, HistoryLine, OrganisationName, SentBack, Signature, person_name, sent_back,
        signature,
    },
    text::{CatalogueEntryId, Date, GrantId, ItemName, MomentText, SharingRequestId, SystemId},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::view;
use shuqiao_domain::request as domain;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Who answers questions about the request.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: String,
}

/// What a request says (Art. 20(2)). A draft may lack anything.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RequestContent {
    /// The entry asked for. It is given when the request is made and stays; later it is not looked at.
    #[schema(required)]
    pub entry: Option<CatalogueEntryId>,
    /// Basis of use: the duty by law (使用依据).
    #[schema(required)]
    pub basis: Option<Basis>,
    /// Scenario (使用场景).
    pub scenario: String,
    /// Scope of use: who uses it, where (使用范围).
    pub scope_of_use: String,
    /// Purpose (用途).
    pub purpose: String,
    /// Items asked for; the least that serves the purpose.
    pub items: Vec<ItemName>,
    /// Rows asked for; empty means every row.
    pub rows: Vec<RowCondition>,
    /// Way of sharing (共享方式).
    #[schema(required)]
    pub method: Option<SharingMethod>,
    /// The systems that will call.
    pub systems: Vec<SystemId>,
    /// Calls per second asked for.
    #[schema(required)]
    pub calls_per_second: Option<u32>,
    /// Rows in one answer asked for.
    #[schema(required)]
    pub rows_per_call: Option<u32>,
    /// Rows in one day asked for.
    #[schema(required)]
    pub rows_per_day: Option<u64>,
    /// First day of use (使用期限).
    #[schema(required)]
    pub valid_from: Option<Date>,
    /// Last day of use.
    #[schema(required)]
    pub valid_until: Option<Date>,
    /// How the data will be kept safe (安全措施).
    pub safeguards: String,
    /// Who answers questions.
    #[schema(required)]
    pub contact: Option<Contact>,
    /// The department answers for truth, lawfulness and necessity.
    pub attestation: bool,
}

impl From<RequestContent> for domain::RequestContent {
    fn from(form: RequestContent) -> Self {
        let contact = form.contact.unwrap_or_default();
        Self {
            basis: form.basis.map(Into::into),
            scenario: form.scenario,
            scope_of_use: form.scope_of_use,
            purpose: form.purpose,
            items: form.items.into_iter().map(Into::into).collect(),
            rows: row_filter(form.rows),
            method: form.method.map(Into::into),
            systems: form.systems.into_iter().map(Into::into).collect(),
            calls_per_second: form.calls_per_second.unwrap_or_default(),
            rows_per_call: form.rows_per_call.unwrap_or_default(),
            rows_per_day: form.rows_per_day.unwrap_or_default(),
            valid_from: form.valid_from.map(Into::into),
            valid_until: form.valid_until.map(Into::into),
            safeguards: form.safeguards,
            contact_name: contact.name,
            contact_phone: contact.phone,
            attested: form.attestation,
        }
    }
}

fn content_form(entry: shuqiao_vocabulary::CatalogueEntryId, content: domain::RequestContent) -> RequestContent {
    RequestContent {
        entry: Some(CatalogueEntryId(entry)),
        basis: content.basis.map(Into::into),
        scenario: content.scenario,
        scope_of_use: content.scope_of_use,
        purpose: content.purpose,
        items: content.items.into_iter().map(ItemName).collect(),
        rows: row_conditions(content.rows),
        method: content.method.map(SharingMethod),
        systems: content.systems.into_iter().map(SystemId).collect(),
        calls_per_second: (content.calls_per_second > 0).then_some(content.calls_per_second),
        rows_per_call: (content.rows_per_call > 0).then_some(content.rows_per_call),
        rows_per_day: (content.rows_per_day > 0).then_some(content.rows_per_day),
        valid_from: content.valid_from.map(Into::into),
        valid_until: content.valid_until.map(Into::into),
        safeguards: content.safeguards,
        contact: Some(Contact { name: content.contact_name, phone: content.contact_phone }),
        attestation: content.attested,
    }
}

/// The one notice of what is missing (一次性告知) and its answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Supplement {
    /// When it was given.
    pub asked_at: MomentText,
    /// By whom.
    pub asked_by_name: String,
    /// Everything that is missing.
    pub missing: Vec<String>,
    /// The last moment to answer; until then nothing is refused.
    #[schema(required)]
    pub answer_by: Option<MomentText>,
    /// When it was answered.
    #[schema(required)]
    pub answered_at: Option<MomentText>,
    /// What was answered.
    #[schema(required)]
    pub answers: Option<String>,
}

/// How much a finding of the precheck weighs.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Information,
    /// To be looked at before submitting.
    Warning,
    /// It will be refused.
    Obstacle,
}

/// One finding of the precheck (预检): a lead, never a verdict.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Finding {
    /// What was found.
    pub code: String,
    /// Its weight.
    pub severity: Severity,
    /// What the text needs, by name.
    pub params: BTreeMap<String, String>,
}

/// A system by id and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SystemName {
    /// Its id.
    pub id: SystemId,
    /// Its name.
    pub name: String,
}

/// A sharing request (共享申请).
#[derive(Debug, Serialize, ToSchema)]
pub struct SharingRequest {
    /// What it says.
    #[serde(flatten)]
    pub content: RequestContent,
    /// Its id.
    pub id: SharingRequestId,
    /// Its number, `2026-000001`; also the purpose that calls repeat.
    pub number: String,
    /// Its revision, for `If-Match`.
    pub revision: u64,
    /// Where it stands.
    pub state: RequestState,
    /// Who asks.
    pub requester: OrganisationName,
    /// Who is asked.
    pub provider: Provider,
    /// The application it is a part of.
    #[schema(required)]
    pub cart: Option<CartName>,
    /// The entry's name.
    pub entry_name: String,
    /// The conditions that the entry publishes: a refusal may rely on these.
    pub published_conditions: Vec<ConditionKey>,
    /// The systems that will call, by name.
    pub system_names: Vec<SystemName>,
    /// When it was received.
    #[schema(required)]
    pub received_at: Option<MomentText>,
    /// The reply clock, from receipt on.
    #[schema(required)]
    pub clock: Option<Clock>,
    /// The requesting office head's consent.
    #[schema(required)]
    pub consent: Option<Signature>,
    /// The last time the requesting office head sent it back, while it is a draft.
    #[schema(required)]
    pub declined: Option<SentBack>,
    /// The one notice of what is missing.
    #[schema(required)]
    pub supplement: Option<Supplement>,
    /// More time to reply that was asked for.
    #[schema(required)]
    pub extension: Option<Extension>,
    /// The delivery, once agreed.
    #[schema(required)]
    pub delivery: Option<Delivery>,
    /// The proposed reply.
    #[schema(required)]
    pub proposal: Option<Decided>,
    /// The last time the providing office head sent a proposal back.
    #[schema(required)]
    pub proposal_returned: Option<SentBack>,
    /// The effective reply.
    #[schema(required)]
    pub decision: Option<Decided>,
    /// Its withdrawal.
    #[schema(required)]
    pub withdrawn: Option<SentBack>,
    /// The grant, once agreed.
    #[schema(required)]
    pub grant: Option<GrantId>,
    /// What can be told before a human looks at it.
    pub precheck: Vec<Finding>,
    /// What it still lacks.
    pub completeness: super::entry::Completeness,
    /// What happened to it.
    pub history: Vec<HistoryLine>,
    /// What the reader may do to it now.
    pub allowed: Vec<RequestVerb>,
}

/// A sharing request in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct SharingRequestHit {
    /// Its id.
    pub id: SharingRequestId,
    /// Its number.
    pub number: String,
    /// Its revision.
    pub revision: u64,
    /// Where it stands.
    pub state: RequestState,
    /// The entry asked for.
    pub entry: CatalogueEntryId,
    /// The entry's name.
    pub entry_name: String,
    /// Who asks.
    pub requester: OrganisationName,
    /// Who is asked.
    pub provider: OrganisationName,
    /// Purpose (用途).
    pub purpose: String,
    /// When it was received.
    #[schema(required)]
    pub received_at: Option<MomentText>,
    /// The reply clock, from receipt on.
    #[schema(required)]
    pub clock: Option<Clock>,
    /// The grant, once agreed.
    #[schema(required)]
    pub grant: Option<GrantId>,
}

impl From<domain::Finding> for Finding {
    fn from(finding: domain::Finding) -> Self {
        Self {
            code: finding.code.to_owned(),
            severity: match finding.severity {
                domain::Severity::Information => Severity::Information,
                domain::Severity::Warning => Severity::Warning,
                domain::Severity::Obstacle => Severity::Obstacle,
            },
            params: finding.params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        }
    }
}

impl From<&shuqiao_domain::system::System> for SystemName {
    fn from(system: &shuqiao_domain::system::System) -> Self {
        Self { id: SystemId(system.id), name: system.name.clone() }
    }
}

/// What a state carries, beside reception, that the representation shows.
#[derive(Default)]
struct Carried {
    declined: Option<SentBack>,
    proposal: Option<Decided>,
    proposal_returned: Option<SentBack>,
    decision: Option<Decided>,
    withdrawn: Option<SentBack>,
    grant: Option<GrantId>,
}

fn carried(people: &view::People, state: &domain::RequestState) -> Carried {
    use domain::RequestState as State;
    let none = Carried::default();
    match state {
        State::Draft { declined } => {
            Carried { declined: declined.as_ref().map(|returned| sent_back(people, returned)), ..none }
        }
        State::AwaitingConsent { .. } | State::SupplementAsked { .. } => none,
        State::Received { returned, .. } => {
            Carried { proposal_returned: returned.as_ref().map(|r| sent_back(people, r)), ..none }
        }
        State::Proposed { proposal, by, .. } => {
            Carried { proposal: Some(decided(people, proposal.clone(), by)), ..none }
        }
        State::Agreed { proposal, proposed, decided: by, grant, .. } => Carried {
            proposal: Some(decided(people, proposal.clone(), proposed)),
            decision: Some(decided(people, proposal.clone(), by)),
            grant: Some(GrantId(*grant)),
            ..none
        },
        State::Refused { proposal, proposed, decided: by, .. } => Carried {
            proposal: Some(decided(people, proposal.clone(), proposed)),
            decision: Some(decided(people, proposal.clone(), by)),
            ..none
        },
        State::Withdrawn { withdrawn, .. } => Carried { withdrawn: Some(sent_back(people, withdrawn)), ..none },
    }
}

fn supplement(people: &view::People, supplement: &domain::Supplement) -> Supplement {
    let answer = supplement.answered.as_ref();
    Supplement {
        asked_at: MomentText(supplement.asked.at),
        asked_by_name: person_name(people, supplement.asked.person),
        missing: supplement.missing.clone(),
        answer_by: supplement.answer_by.map(MomentText),
        answered_at: answer.map(|answer| MomentText(answer.by.at)),
        answers: answer.map(|answer| answer.answers.clone()),
    }
}

impl From<view::RequestView> for SharingRequest {
    fn from(view: view::RequestView) -> Self {
        let (revision, request) = (view.request.revision, view.request.value);
        let reception = request.state.reception();
        let Carried { declined, proposal, proposal_returned, decision, withdrawn, grant } =
            carried(&view.people, &request.state);
        Self {
            id: SharingRequestId(request.id),
            number: request.number,
            revision,
            state: RequestState(request.state.name()),
            requester: OrganisationName::from(&view.requester),
            provider: Provider::from(&view.provider),
            cart: view.cart.as_ref().map(CartName::from),
            published_conditions: domain::published_conditions(&view.entry).into_iter().map(ConditionKey).collect(),
            entry_name: view.entry.content.name,
            system_names: view.systems.iter().map(SystemName::from).collect(),
            received_at: reception.map(|reception| MomentText(reception.consent.at)),
            clock: view.clock.map(Clock::from),
            consent: reception.map(|reception| signature(&view.people, &reception.consent)),
            declined,
            supplement: reception.and_then(|r| r.supplement.as_ref()).map(|s| supplement(&view.people, s)),
            extension: reception.and_then(|reception| extension(&view.people, reception)),
            delivery: request
                .state
                .delivery()
                .zip(view.delivery)
                .map(|(d, clock)| delivery(&view.people, d, clock, view.objection_days)),
            proposal,
            proposal_returned,
            decision,
            withdrawn,
            grant,
            precheck: view.precheck.into_iter().map(Into::into).collect(),
            completeness: super::entry::Completeness {
                problems: view.problems.into_iter().map(FieldProblem::from).collect(),
            },
            history: view.history.into_iter().map(Into::into).collect(),
            allowed: view.allowed.into_iter().map(RequestVerb).collect(),
            content: content_form(request.entry, request.content),
        }
    }
}

impl From<view::RequestHit> for SharingRequestHit {
    fn from(hit: view::RequestHit) -> Self {
        let (revision, request) = (hit.request.revision, hit.request.value);
        let grant = match &request.state {
            domain::RequestState::Agreed { grant, .. } => Some(GrantId(*grant)),
            _ => None,
        };
        Self {
            id: SharingRequestId(request.id),
            number: request.number,
            revision,
            state: RequestState(request.state.name()),
            entry: CatalogueEntryId(request.entry),
            entry_name: hit.entry_name,
            requester: OrganisationName::from(&hit.requester),
            provider: OrganisationName::from(&hit.provider),
            purpose: request.content.purpose,
            received_at: request.state.reception().map(|reception| MomentText(reception.consent.at)),
            clock: hit.clock.map(Clock::from),
            grant,
        }
    }
}

/// Everything that is missing, told once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// The points.
    pub missing: Vec<String>,
    /// The last day to answer, within the reply's term.
    #[serde(default)]
    pub answer_by: Option<Date>,
}

/// The answer to a notice of what is missing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// What is answered.
    #[serde(default)]
    pub answers: String,
}
