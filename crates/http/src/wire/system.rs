//! Department systems.

use super::{people::Activity, text::SystemId};
use serde::{Deserialize, Serialize};
use shuqiao_domain::system as domain;
use utoipa::ToSchema;

/// A system to be registered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemNew {
    /// Its name.
    pub name: String,
}

/// A department's system (业务系统).
#[derive(Debug, Serialize, ToSchema)]
pub struct System {
    /// Its id, which is its OAuth2 client id.
    pub id: SystemId,
    /// Its name.
    pub name: String,
    /// Whether it may call.
    pub state: Activity,
    /// Its secret; shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub client_secret: Option<String>,
}

impl From<domain::System> for System {
    fn from(system: domain::System) -> Self {
        Self { id: SystemId(system.id), name: system.name, state: system.active.into(), client_secret: None }
    }
}

impl From<(domain::System, String)> for System {
    fn from((system, secret): (domain::System, String)) -> Self {
        Self { client_secret: Some(secret), ..Self::from(system) }
    }
}
