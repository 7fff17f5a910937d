//! People, sessions and first logins.

use super::{
    list::{Action, Level, OrganisationKind, Role},
    shared::OrganisationName,
    text::{OrganisationId, PersonId, RegionCode},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::{NewPerson, NodeIdentity, view};
use shuqiao_domain::account as domain;
use utoipa::ToSchema;

/// A login.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Login name.
    pub login: String,
    /// Password.
    pub password: String,
    /// Whether the session's token is wanted in the answer, for programs, instead of a cookie.
    #[serde(default)]
    pub bearer: bool,
}

/// The token of a one-time link: what stands behind `#` in it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstLoginToken {
    /// The token.
    pub token: String,
}

/// A first password, or a new one after a reset.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstLogin {
    /// The token of the one-time link.
    pub token: String,
    /// The password: at least 12 characters, not containing the login.
    pub password: String,
}

/// Whose one-time link it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct FirstLoginPerson {
    /// Login name.
    pub login: String,
    /// The person's name.
    pub name: String,
}

/// The organisation of who is logged in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionOrganisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its level.
    pub level: Level,
    /// Its region.
    pub region_code: RegionCode,
}

/// Who is logged in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionPerson {
    /// The person's id.
    pub id: PersonId,
    /// Login name.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What the person is.
    pub roles: Vec<Role>,
    /// The organisation the person acts for.
    pub organisation: SessionOrganisation,
}

/// What this node is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Its level.
    pub level: Level,
    /// Its region.
    pub region_code: RegionCode,
    /// Its region's name.
    pub region_name: String,
}

/// A session: who, where, and what such a person may do at all.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Who is logged in.
    pub person: SessionPerson,
    /// Where.
    pub node: Node,
    /// Actions that somebody of these roles may do at all, for menus; what exactly depends on the thing.
    pub can: Vec<Action>,
    /// The session's token; given once, when `bearer` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub token: Option<String>,
}

impl Session {
    /// The session of this person on this node.
    pub fn of(me: view::Me, node: &NodeIdentity, token: Option<String>) -> Self {
        let view::Me { person, organisation, can } = me;
        let organisation = SessionOrganisation {
            id: OrganisationId(organisation.id),
            name: organisation.name,
            kind: OrganisationKind(organisation.kind),
            level: Level(organisation.level),
            region_code: RegionCode(organisation.region),
        };
        Self {
            person: SessionPerson {
                id: PersonId(person.id),
                login: person.login,
                name: person.name,
                roles: person.roles.into_iter().map(Role).collect(),
                organisation,
            },
            node: Node {
                name: node.name.clone(),
                level: Level(node.level),
                region_code: RegionCode(node.region.clone()),
                region_name: node.region_name.clone(),
            },
            can: can.into_iter().map(Action).collect(),
            token,
        }
    }
}

/// Whether an account or a system may be used.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// It may be used.
    Active,
    /// It is closed.
    Inactive,
}

impl From<bool> for Activity {
    fn from(active: bool) -> Self {
        if active { Self::Active } else { Self::Inactive }
    }
}

/// A person with an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Person {
    /// The person's id.
    pub id: PersonId,
    /// Login name.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What the person is.
    pub roles: Vec<Role>,
    /// The organisation the person acts for.
    pub organisation: OrganisationName,
    /// Whether the account may be used.
    pub state: Activity,
    /// The link for the first login; shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub one_time_link: Option<String>,
}

impl Person {
    /// The wire form of a person, with the name of the organisation from this list.
    pub fn of(person: domain::Person, organisations: &[shuqiao_domain::organisation::Organisation]) -> Self {
        let named = organisations.iter().find(|organisation| organisation.id == person.organisation);
        let name = named.map_or_else(|| person.organisation.to_string(), |organisation| organisation.name.clone());
        Self {
            id: PersonId(person.id),
            login: person.login,
            name: person.name,
            roles: person.roles.into_iter().map(Role).collect(),
            organisation: OrganisationName { id: OrganisationId(person.organisation), name },
            state: person.active.into(),
            one_time_link: None,
        }
    }

    /// With the link for the first login.
    #[must_use]
    pub fn with_link(self, node: &NodeIdentity, token: &str) -> Self {
        Self { one_time_link: Some(one_time_link(node, token)), ..self }
    }
}

/// The link that opens the console's welcome page. The token stands behind `#`, so that no server logs it.
fn one_time_link(node: &NodeIdentity, token: &str) -> String {
    format!("{}/welcome#{token}", node.base_url)
}

/// A new link for a person's first login; shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneTimeLink {
    /// The link.
    pub one_time_link: String,
}

impl OneTimeLink {
    /// The link with this token.
    pub fn of(node: &NodeIdentity, token: &str) -> Self {
        Self { one_time_link: one_time_link(node, token) }
    }
}

/// An account to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonNew {
    /// Login name: 2 to 64 of `a-z0-9._-`, starting with a letter.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The organisation the person acts for.
    pub organisation: OrganisationId,
    /// What the person is.
    pub roles: Vec<Role>,
}

impl From<PersonNew> for NewPerson {
    fn from(form: PersonNew) -> Self {
        Self {
            login: form.login,
            name: form.name,
            organisation: form.organisation.0,
            roles: form.roles.into_iter().map(Into::into).collect(),
        }
    }
}
