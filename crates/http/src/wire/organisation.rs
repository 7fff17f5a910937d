//! Organisations and regions.

use super::{
    list::{Level, OrganisationKind},
    text::{OrganisationCode, OrganisationId, RegionCode},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::NewOrganisation;
use shuqiao_domain::organisation as domain;
use utoipa::ToSchema;

/// An organisation (机构).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its level.
    pub level: Level,
    /// Its region.
    pub region_code: RegionCode,
    /// Unified social credit code, where it is known.
    #[schema(required)]
    pub code: Option<OrganisationCode>,
}

impl From<domain::Organisation> for Organisation {
    fn from(organisation: domain::Organisation) -> Self {
        Self {
            id: OrganisationId(organisation.id),
            name: organisation.name,
            short_name: organisation.short_name,
            kind: OrganisationKind(organisation.kind),
            level: Level(organisation.level),
            region_code: RegionCode(organisation.region),
            code: organisation.code.map(OrganisationCode),
        }
    }
}

/// An organisation to be entered.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationNew {
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its level.
    pub level: Level,
    /// Its region.
    pub region_code: RegionCode,
    /// Unified social credit code, where it is known.
    #[serde(default)]
    pub code: Option<OrganisationCode>,
}

impl From<OrganisationNew> for NewOrganisation {
    fn from(form: OrganisationNew) -> Self {
        Self {
            name: form.name,
            short_name: form.short_name,
            kind: form.kind.0,
            level: form.level.0,
            region: form.region_code.0,
            code: form.code.map(Into::into),
        }
    }
}

/// An administrative division (行政区划).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Region {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

impl From<(String, String)> for Region {
    fn from((code, name): (String, String)) -> Self {
        Self { code, name }
    }
}
