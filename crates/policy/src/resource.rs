//! What is acted on. Plain values that the caller has just read in its transaction.

use std::fmt;

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
pub const GRANT_STATES: &[&str] = &["active", "revoked", "expired"];

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
        /// The provider's level (层级).
        provider_level: Level,
        /// The provider's division (行政区划).
        provider_region: RegionCode,
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
    /// The journal (日志) of this node.
    Journal,
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
            Self::Journal => f.write_str("journal"),
        }
    }
}
