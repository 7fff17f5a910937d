//! Gateways.

use super::text::{GatewayId, MomentText};
use serde::{Deserialize, Serialize};
use shuqiao_app::GatewayView;
use utoipa::ToSchema;

/// A gateway to be registered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GatewayNew {
    /// Its name.
    pub name: String,
}

/// A gateway (网关): a data plane in the provider's own network.
#[derive(Debug, Serialize, ToSchema)]
pub struct Gateway {
    /// Its id.
    pub id: GatewayId,
    /// Its name.
    pub name: String,
    /// When it was registered.
    pub registered_at: MomentText,
    /// When it was removed; null while it stands.
    #[schema(required)]
    pub removed_at: Option<MomentText>,
    /// When it last asked, since the node's program started; null when it has not.
    #[schema(required)]
    pub seen_at: Option<MomentText>,
    /// The epoch that it had then.
    #[schema(required)]
    pub epoch: Option<u64>,
    /// Epochs that it was behind.
    #[schema(required)]
    pub lag: Option<u64>,
    /// The name of its usage log, as it reported last.
    #[schema(required)]
    pub log: Option<String>,
    /// Records in it.
    #[schema(required)]
    pub log_size: Option<u64>,
    /// The log's public key.
    #[schema(required)]
    pub log_key: Option<String>,
    /// Its enrolment file; shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub enrolment: Option<String>,
}

impl From<GatewayView> for Gateway {
    fn from(GatewayView { gateway, heard, lag }: GatewayView) -> Self {
        let (log, log_size, log_key) = match heard.log {
            Some((name, size, key)) => (Some(name), Some(size), Some(key)),
            None => (None, None, None),
        };
        Self {
            id: GatewayId(gateway.id),
            name: gateway.name,
            registered_at: MomentText(gateway.registered),
            removed_at: gateway.removed.map(MomentText),
            seen_at: heard.at.map(MomentText),
            epoch: heard.epoch,
            lag,
            log,
            log_size,
            log_key,
            enrolment: None,
        }
    }
}

impl From<(GatewayView, String)> for Gateway {
    fn from((view, enrolment): (GatewayView, String)) -> Self {
        Self { enrolment: Some(enrolment), ..Self::from(view) }
    }
}
