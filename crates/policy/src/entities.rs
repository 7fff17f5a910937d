//! From our values to Cedar's. Built from values, never from text: building from JSON costs four times the decision.

use std::collections::{BTreeMap, HashMap, HashSet};

use cedar_policy::{Entity, EntityId, EntityTypeName, EntityUid, ParseErrors, RestrictedExpression};
use shuqiao_domain::case::CaseKind;
use shuqiao_vocabulary::id::{OrganisationId, PersonId};

use crate::{Action, PolicyError, Principal, Resource};

/// The names of `schema.cedarschema`, parsed once.
pub(crate) struct Names {
    account: EntityTypeName,
    action: EntityTypeName,
    /// Of each kind of case, its own name and that of its states.
    cases: BTreeMap<CaseKind, (EntityTypeName, EntityTypeName)>,
    catalogue_entry: EntityTypeName,
    catalogue_state: EntityTypeName,
    evaluation: EntityTypeName,
    grant: EntityTypeName,
    grant_state: EntityTypeName,
    journal: EntityTypeName,
    level: EntityTypeName,
    node: EntityTypeName,
    organisation: EntityTypeName,
    organisation_kind: EntityTypeName,
    person: EntityTypeName,
    request_state: EntityTypeName,
    role: EntityTypeName,
    sharing_request: EntityTypeName,
    source: EntityTypeName,
    system: EntityTypeName,
}

/// Things carry no id of their own here: one decision is about one thing.
const THE_ONE: &str = "it";

type Attributes = HashMap<String, RestrictedExpression>;

impl Names {
    pub(crate) fn parse() -> Result<Self, PolicyError> {
        let name = |text: &str| text.parse().map_err(|e: ParseErrors| PolicyError::Schema(e.to_string()));
        Ok(Self {
            account: name("Account")?,
            action: name("Action")?,
            cases: CaseKind::ALL
                .iter()
                .map(|kind| {
                    let entity = entity_name(*kind);
                    Ok((*kind, (name(&entity)?, name(&format!("{entity}State"))?)))
                })
                .collect::<Result<_, PolicyError>>()?,
            catalogue_entry: name("CatalogueEntry")?,
            catalogue_state: name("CatalogueState")?,
            evaluation: name("Evaluation")?,
            grant: name("Grant")?,
            grant_state: name("GrantState")?,
            journal: name("Journal")?,
            level: name("Level")?,
            node: name("Node")?,
            organisation: name("Organisation")?,
            organisation_kind: name("OrganisationKind")?,
            person: name("Person")?,
            request_state: name("RequestState")?,
            role: name("Role")?,
            sharing_request: name("SharingRequest")?,
            source: name("Source")?,
            system: name("System")?,
        })
    }

    pub(crate) fn action(&self, action: Action) -> EntityUid {
        uid(&self.action, action.as_str())
    }

    /// The person who asks. Holding a role is being a child of it.
    pub(crate) fn principal(&self, principal: &Principal) -> Option<Entity> {
        let attributes = HashMap::from([
            ("organisation".to_owned(), self.organisation(principal.organisation)),
            ("organisation_kind".to_owned(), word(&self.organisation_kind, principal.organisation_kind.as_str())),
            ("level".to_owned(), word(&self.level, principal.level.as_str())),
            ("region".to_owned(), RestrictedExpression::new_string(principal.region.as_str().to_owned())),
        ]);
        let roles = principal.roles.iter().map(|role| uid(&self.role, role.as_str())).collect();
        Entity::new(uid(&self.person, &principal.person.to_string()), attributes, roles).ok()
    }

    /// The thing acted on. `None` when Cedar will not have it, which our plain values give no cause for.
    pub(crate) fn resource(&self, resource: &Resource) -> Option<Entity> {
        let mut attributes = Attributes::new();
        let mut has = |name: &str, value: RestrictedExpression| attributes.insert(name.to_owned(), value);
        let kind = match resource {
            Resource::Node => &self.node,
            Resource::Journal => &self.journal,
            Resource::Organisation { id } => {
                return Some(Entity::new_no_attrs(uid(&self.organisation, &id.to_string()), HashSet::new()));
            }
            Resource::Person { organisation, id } => {
                has("organisation", self.organisation(*organisation));
                has("holder", self.person(*id));
                &self.account
            }
            Resource::Evaluation { authority } => {
                has("authority", self.organisation(*authority));
                &self.evaluation
            }
            Resource::Source { provider } => {
                has("provider", self.organisation(*provider));
                &self.source
            }
            Resource::CatalogueEntry { provider, authority_level, authority_region, state, drafted_by } => {
                has("provider", self.organisation(*provider));
                has("authority_level", word(&self.level, authority_level.as_str()));
                has("authority_region", RestrictedExpression::new_string(authority_region.as_str().to_owned()));
                has("state", word(&self.catalogue_state, state));
                drafted_by.map(|person| has("drafted_by", self.person(person)));
                &self.catalogue_entry
            }
            Resource::SharingRequest {
                requester,
                provider,
                state,
                drafted_by,
                consented_by,
                proposed_by,
                extension_asked_by,
                authority_level,
                authority_region,
            } => {
                has("requester", self.organisation(*requester));
                has("provider", self.organisation(*provider));
                has("state", word(&self.request_state, state));
                drafted_by.map(|person| has("drafted_by", self.person(person)));
                consented_by.map(|person| has("consented_by", self.person(person)));
                proposed_by.map(|person| has("proposed_by", self.person(person)));
                extension_asked_by.map(|person| has("extension_asked_by", self.person(person)));
                has("authority_level", word(&self.level, authority_level.as_str()));
                has("authority_region", RestrictedExpression::new_string(authority_region.as_str().to_owned()));
                &self.sharing_request
            }
            Resource::Grant { requester, provider, state } => {
                has("requester", self.organisation(*requester));
                has("provider", self.organisation(*provider));
                has("state", word(&self.grant_state, state));
                &self.grant
            }
            Resource::Case(case) => {
                let (kind, states) = self.cases.get(&case.kind)?;
                has("state", word(states, case.state));
                has("opener", self.organisation(case.opener));
                case.respondent.map(|id| has("respondent", self.organisation(id)));
                case.authority.map(|id| has("authority", self.organisation(id)));
                let concerned = case.concerned.iter().map(|id| self.organisation(*id));
                has("concerned", RestrictedExpression::new_set(concerned));
                case.opened_by.map(|id| has("opened_by", self.person(id)));
                case.prepared_by.map(|id| has("prepared_by", self.person(id)));
                let people = case.people.iter().map(|id| self.person(*id));
                (!case.people.is_empty()).then(|| has("people", RestrictedExpression::new_set(people)));
                kind
            }
            Resource::System { organisation } => {
                has("organisation", self.organisation(*organisation));
                &self.system
            }
        };
        Entity::new(uid(kind, THE_ONE), attributes, HashSet::new()).ok()
    }

    fn organisation(&self, id: OrganisationId) -> RestrictedExpression {
        word(&self.organisation, &id.to_string())
    }

    fn person(&self, id: PersonId) -> RestrictedExpression {
        word(&self.person, &id.to_string())
    }
}

/// The name of a kind of case in the schema: `use_change` is `UseChange`.
fn entity_name(kind: CaseKind) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    kind.as_str().split('_').map(capital).collect()
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

fn word(kind: &EntityTypeName, id: &str) -> RestrictedExpression {
    RestrictedExpression::new_entity_uid(uid(kind, id))
}
