//! The enrolment file: what a gateway is given, once.

use super::*;

/// What a gateway is given when it is registered. Whoever has it is the gateway.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// Where the node is reached, unless the gateway is told another address.
    pub upstream: String,
    /// The node's name among the names of keys.
    pub node: String,
    /// Verifies the node's books.
    pub book: VerifierKey,
    /// The gateway.
    pub gateway: GatewayId,
    /// The department whose grants it serves.
    pub provider: OrganisationId,
    /// Its secret, as text.
    pub secret: String,
}

/// The stored form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    kind: String,
    upstream: String,
    node: String,
    book_key: String,
    gateway: String,
    provider: String,
    secret: String,
}

const KIND: &str = "shuqiao-gateway-enrolment/1";

impl Enrolment {
    /// The file's text.
    pub fn to_text(&self) -> String {
        let form = Form {
            kind: KIND.to_owned(),
            upstream: self.upstream.clone(),
            node: self.node.clone(),
            book_key: self.book.to_string(),
            gateway: self.gateway.to_string(),
            provider: self.provider.to_string(),
            secret: self.secret.clone(),
        };
        // Strings only: serialising them has no way to fail.
        serde_json::to_string_pretty(&form).unwrap_or_default() + "\n"
    }

    pub(super) fn secret(&self) -> Result<GatewaySecret, FollowError> {
        self.secret.parse().map_err(|_| FollowError::Enrolment("the secret"))
    }

    /// The key that opens what the node seals for this gateway, and with which it seals its cursors.
    ///
    /// # Errors
    /// `Enrolment` when the secret is not one.
    pub fn seal_key(&self) -> Result<shuqiao_crypto::seal::SealKey, FollowError> {
        Ok(self.secret()?.seal_key())
    }
}

/// Reads the file's text.
impl FromStr for Enrolment {
    type Err = FollowError;
    fn from_str(text: &str) -> Result<Self, FollowError> {
        let form: Form = serde_json::from_str(text).map_err(|_| FollowError::Enrolment("its form"))?;
        if form.kind != KIND {
            return Err(FollowError::Enrolment("its kind"));
        }
        let read = Self {
            upstream: form.upstream,
            node: form.node,
            book: form.book_key.parse().map_err(|_| FollowError::Enrolment("the node's key"))?,
            gateway: form.gateway.parse().map_err(|_| FollowError::Enrolment("the gateway's id"))?,
            provider: form.provider.parse().map_err(|_| FollowError::Enrolment("the provider's id"))?,
            secret: form.secret,
        };
        read.secret()?;
        Ok(read)
    }
}
