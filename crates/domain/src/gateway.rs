//! Gateways (网关): data planes that a provider runs in its own network, beside its data.

use shuqiao_vocabulary::{GatewayId, Moment, OrganisationId};

/// A provider's gateway. What it proves itself with is derived by the node and kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// Its id.
    pub id: GatewayId,
    /// The department whose grants it serves, and no others.
    pub provider: OrganisationId,
    /// Its name.
    pub name: String,
    /// When it was registered.
    pub registered: Moment,
    /// When it was removed; from then on it is told nothing and serves nothing.
    pub removed: Option<Moment>,
}

/// Gateways that one provider may have at a time.
pub const GATEWAYS_MAX: usize = 32;
