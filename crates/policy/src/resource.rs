//! What is acted on. Plain values that the caller has just read in its transaction.

use std::fmt;

use shuqiao_domain::case::CaseKind;
use shuqiao_vocabulary::{
    Level, RegionCode,
    id::{OrganisationId, PersonId},
};

use crate::Action;

/// States of a catalogue entry that the policies know (目录状态).
pub const CATALOGUE_STATES: &[&str] = &[
    "draft",
    "awaiting_head",
    "filed",
    "published",
    "update_draft",
    "update_awaiting_head",
    "update_filed",
    "retirement_awaiting_head",
    "retirement_filed",
    "retired",
];

/// States of a sharing request that the policies know (申请状态).
pub const REQUEST_STATES: &[&str] =
    &["draft", "awaiting_consent", "received", "supplement_asked", "proposed", "agreed", "refused", "withdrawn"];

/// States of a grant that the policies know (授权状态). `expired` is derived from the moment, not stored.
pub const GRANT_STATES: &[&str] = &["active", "suspended", "revoked", "expired"];

/// The thing an action is done to. A state outside the lists above is not an error: no policy that asks for a state
/// matches it, so it is denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// This node, nothing in particular: may the person do such a thing here at all? Used for menus and for creating.
    Node,
    /// A person's account (账号).
    Person {
        /// The organisation the account belongs to.
        organisation: OrganisationId,
        /// Whose account it is.
        id: PersonId,
    },
    /// An organisation (机构).
    Organisation {
        /// Which one.
        id: OrganisationId,
    },
    /// A connected source (数据源).
    Source {
        /// The organisation that connected it.
        provider: OrganisationId,
    },
    /// A catalogue entry (目录).
    CatalogueEntry {
        /// The providing department (提供部门).
        provider: OrganisationId,
        /// Level of the provider's own sharing authority (同级政务数据共享主管部门).
        authority_level: Level,
        /// Its division (行政区划); at the nation's level it says nothing.
        authority_region: RegionCode,
        /// One of [`CATALOGUE_STATES`].
        state: &'static str,
        /// Who drafted what is being decided; `None` only when there is no such person yet.
        drafted_by: Option<PersonId>,
    },
    /// A sharing request (共享申请).
    SharingRequest {
        /// The requesting department (需求部门).
        requester: OrganisationId,
        /// The providing department (提供部门).
        provider: OrganisationId,
        /// One of [`REQUEST_STATES`].
        state: &'static str,
        /// Who drafted it.
        drafted_by: Option<PersonId>,
        /// Which head of the requester's sharing office consented; set once the request has been received.
        consented_by: Option<PersonId>,
        /// Who proposed the reply that is being decided.
        proposed_by: Option<PersonId>,
        /// Who asked for more time.
        extension_asked_by: Option<PersonId>,
        /// Level of the provider's own sharing authority (同级政务数据共享主管部门).
        authority_level: Level,
        /// Its region; says nothing at the nation's level.
        authority_region: RegionCode,
    },
    /// A grant (授权).
    Grant {
        /// The requesting department (需求部门).
        requester: OrganisationId,
        /// The providing department (提供部门).
        provider: OrganisationId,
        /// One of [`GRANT_STATES`].
        state: &'static str,
    },
    /// A department system that calls data services (业务系统).
    System {
        /// The organisation it belongs to.
        organisation: OrganisationId,
    },
    /// A case (案件): a correction, a dispute, a rectification …
    Case(CaseResource),
    /// A sharing authority's evaluation of the departments under it (评价), as its circular shows it.
    Evaluation {
        /// The authority that evaluates (主管部门).
        authority: OrganisationId,
    },
    /// The journal (日志) of this node.
    Journal,
}

/// A case as the policies see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseResource {
    /// Its kind.
    pub kind: CaseKind,
    /// The spelling of its state; before it is opened, the first of its list.
    pub state: &'static str,
    /// The organisation that opened it.
    pub opener: OrganisationId,
    /// Who is asked or held to something.
    pub respondent: Option<OrganisationId>,
    /// The competent sharing authority (有管辖权的主管部门).
    pub authority: Option<OrganisationId>,
    /// Others who may read it.
    pub concerned: Vec<OrganisationId>,
    /// Who opened it; `None` when a detector of the node did.
    pub opened_by: Option<PersonId>,
    /// Who prepared what waits for a decision; `None` before it is opened.
    pub prepared_by: Option<PersonId>,
    /// People whose accounts it names; empty for kinds that name none.
    pub people: Vec<PersonId>,
}

impl Resource {
    /// The action whose permission tells that the caller may know the thing exists; `None` when everybody may.
    pub(crate) const fn read_action(&self) -> Option<Action> {
        match self {
            Self::Node | Self::Journal => None,
            Self::Person { .. } => Some(Action::PersonRead),
            Self::Organisation { .. } => Some(Action::OrganisationRead),
            Self::Source { .. } => Some(Action::SourceRead),
            Self::CatalogueEntry { .. } => Some(Action::CatalogueRead),
            Self::SharingRequest { .. } => Some(Action::RequestRead),
            Self::Grant { .. } => Some(Action::GrantRead),
            Self::System { .. } => Some(Action::SystemRead),
            Self::Case(_) => Some(Action::CaseRead),
            Self::Evaluation { .. } => Some(Action::PaperRead),
        }
    }
}

/// One line for the journal: what was judged, with the facts the judgement rests on.
impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node => f.write_str("node"),
            Self::Person { organisation, id } => write!(f, "person {id} of {organisation}"),
            Self::Organisation { id } => write!(f, "organisation {id}"),
            Self::Source { provider } => write!(f, "source of {provider}"),
            Self::CatalogueEntry { provider, state, .. } => write!(f, "catalogue_entry of {provider} in {state}"),
            Self::SharingRequest { requester, provider, state, .. } => {
                write!(f, "sharing_request of {requester} to {provider} in {state}")
            }
            Self::Grant { requester, provider, state } => write!(f, "grant of {provider} to {requester} in {state}"),
            Self::System { organisation } => write!(f, "system of {organisation}"),
            Self::Case(case) => write!(f, "{} of {} in {}", case.kind, case.opener, case.state),
            Self::Evaluation { authority } => write!(f, "evaluation by {authority}"),
            Self::Journal => f.write_str("journal"),
        }
    }
}
