//! Applications for several entries (合并申请).

use super::{
    filter::RowCondition,
    list::{RequestVerb, SharingMethod},
    request::{Contact, RequestContent, SharingRequestHit},
    shared::{Basis, OrganisationName, person_name},
    text::{CartId, CatalogueEntryId, Date, ItemName, MomentText, SharingRequestId, SystemId},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::view;
use shuqiao_domain::request as domain;
use utoipa::ToSchema;

/// An application for several entries: what is said of all of them, and what is asked of each.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewCart {
    /// Basis of use: the duty by law (使用依据).
    #[schema(required)]
    pub basis: Option<Basis>,
    /// Scenario (使用场景).
    pub scenario: String,
    /// Scope of use: who uses it, where (使用范围).
    pub scope_of_use: String,
    /// Purpose (用途).
    pub purpose: String,
    /// The systems that will call.
    pub systems: Vec<SystemId>,
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
    /// What is asked of each entry.
    pub entries: Vec<CartEntry>,
}

/// What is asked of one entry.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CartEntry {
    /// The entry.
    pub entry: CatalogueEntryId,
    /// Items asked for.
    #[serde(default)]
    pub items: Vec<ItemName>,
    /// Rows asked for; empty means every row.
    #[serde(default)]
    pub rows: Vec<RowCondition>,
    /// Way of sharing (共享方式).
    #[serde(default)]
    pub method: Option<SharingMethod>,
    /// Calls per second asked for.
    #[serde(default)]
    pub calls_per_second: Option<u32>,
    /// Rows in one answer asked for.
    #[serde(default)]
    pub rows_per_call: Option<u32>,
    /// Rows in one day asked for.
    #[serde(default)]
    pub rows_per_day: Option<u64>,
}

impl NewCart {
    /// What each of its requests says.
    pub fn parts(self) -> Vec<(shuqiao_vocabulary::CatalogueEntryId, domain::RequestContent)> {
        let common = RequestContent {
            basis: self.basis,
            scenario: self.scenario,
            scope_of_use: self.scope_of_use,
            purpose: self.purpose,
            systems: self.systems,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            safeguards: self.safeguards,
            contact: self.contact,
            attestation: self.attestation,
            ..RequestContent::default()
        };
        let part = |part: CartEntry| {
            let content = RequestContent {
                items: part.items,
                rows: part.rows,
                method: part.method,
                calls_per_second: part.calls_per_second,
                rows_per_call: part.rows_per_call,
                rows_per_day: part.rows_per_day,
                ..common.clone()
            };
            (part.entry.0, content.into())
        };
        self.entries.into_iter().map(part).collect()
    }
}

/// A request and the revision of it that was seen.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenRequest {
    /// The request.
    pub id: SharingRequestId,
    /// Its revision.
    pub revision: u64,
}

/// Requests of an application that are done at once.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenRequests {
    /// All of them, or none.
    pub requests: Vec<SeenRequest>,
}

/// Ids and revisions.
pub fn seen_requests(form: SeenRequests) -> Vec<(shuqiao_vocabulary::SharingRequestId, u64)> {
    form.requests.into_iter().map(|seen| (seen.id.0, seen.revision)).collect()
}

/// A request of an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartPart {
    /// The request.
    #[serde(flatten)]
    pub request: SharingRequestHit,
    /// What the reader may do to it now.
    pub allowed: Vec<RequestVerb>,
}

/// Requests of an application to one provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartProvider {
    /// Who is asked.
    pub provider: OrganisationName,
    /// For what.
    pub requests: Vec<CartPart>,
}

/// An application for several entries (合并申请), with its requests grouped by provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cart {
    /// Its id.
    pub id: CartId,
    /// Its number, `2026-A00001`.
    pub number: String,
    /// Who asks.
    pub requester: OrganisationName,
    /// Who put it together.
    pub drafted_by_name: String,
    /// When.
    pub at: MomentText,
    /// Its requests, as far as the reader may see them.
    pub providers: Vec<CartProvider>,
}

impl From<view::CartView> for Cart {
    fn from(view: view::CartView) -> Self {
        let mut providers = Vec::<CartProvider>::new();
        for part in view.parts {
            let provider = OrganisationName::from(&part.hit.provider);
            let allowed = part.allowed.into_iter().map(RequestVerb).collect();
            let part = CartPart { request: part.hit.into(), allowed };
            match providers.iter_mut().find(|group| group.provider.id == provider.id) {
                Some(group) => group.requests.push(part),
                None => providers.push(CartProvider { provider, requests: vec![part] }),
            }
        }
        Self {
            id: CartId(view.cart.id),
            number: view.cart.number,
            requester: OrganisationName::from(&view.requester),
            drafted_by_name: person_name(&view.people, view.cart.drafted_by),
            at: MomentText(view.cart.at),
            providers,
        }
    }
}

/// The application that a request is a part of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CartName {
    /// Its id.
    pub id: CartId,
    /// Its number.
    pub number: String,
}

impl From<&domain::Cart> for CartName {
    fn from(cart: &domain::Cart) -> Self {
        Self { id: CartId(cart.id), number: cart.number.clone() }
    }
}
