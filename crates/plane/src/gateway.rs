//! Gateways (网关): planes that run alone in a provider's network and follow the book of a node.
//!
//! [`Upstream`] is the node's side: it answers a gateway's question with what changed since, cut to the grants of the
//! gateway's provider, and takes its reports of use. [`Follower`] is the gateway's side; both do no I/O of their own but for
//! the files they keep, so that a test can hold either against the other with a clock that it moves.
//!
//! A question names the epoch that the gateway has and a nonce. The answer is a signed confirmation (node, gateway, epoch,
//! moment, age, nonce), and behind it the sealed parts of a snapshot, or a sealed change. Whoever listens on the way learns
//! no term of a grant and no location; whoever answers in the node's place is not believed; an old answer has another nonce.

use serde::{Deserialize, Serialize};
use shuqiao_crypto::{
    gateway::GatewaySecret,
    note::{self, SignerKey, VerifierKey},
};
use shuqiao_vocabulary::{
    Moment,
    id::{GatewayId, OrganisationId},
};
use std::str::FromStr;

mod enrolment;
mod follow;
mod frames;
mod report;
mod reports;
mod routes;
mod upstream;

pub use enrolment::Enrolment;
pub use follow::{FollowError, Follower, Question};
pub use report::ReportAnswer;
pub use reports::Reported;
pub use routes::routes;
pub use upstream::{Heard, Upstream};

/// Where a gateway asks.
pub const BOOK_PATH: &str = "/gateway/v1/book";
/// Where a gateway reports.
pub const REPORT_PATH: &str = "/gateway/v1/report";
/// Names the gateway in a request.
pub const GATEWAY_HEADER: &str = "shuqiao-gateway";
/// Proves a request.
pub const PROOF_HEADER: &str = "shuqiao-proof";
/// Grants in one part of a snapshot.
pub const PART_GRANTS_MAX: usize = 2_000;
/// Bytes of a report that are taken.
pub const REPORT_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes of an answer that a gateway takes.
pub const ANSWER_BYTES_MAX: usize = 512 * 1024 * 1024;

const BOOK_SEAL: &[u8] = b"shuqiao gateway book v1";
const REPORT_SEAL: &[u8] = b"shuqiao gateway report v1";
const CONFIRMATION_HEADER: &str = "shuqiao grant book confirmation v1";

/// The node's word that an epoch is the newest, for one gateway and one question.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Confirmation {
    node: String,
    gateway: GatewayId,
    epoch: u64,
    /// The node's moment.
    moment: Moment,
    /// Microseconds since the node itself was last sure.
    age: i64,
    nonce: String,
}

impl Confirmation {
    fn sign(&self, signer: &SignerKey) -> Option<String> {
        signer.sign(&self.to_text()).ok()
    }

    fn to_text(&self) -> String {
        let Self { node, gateway, epoch, moment, age, nonce } = self;
        let moment = moment.microseconds();
        format!("{CONFIRMATION_HEADER}\n{node}\n{gateway}\n{epoch}\n{moment}\n{age}\n{nonce}\n")
    }

    /// The confirmation in a note that this key has signed.
    fn open(note: &str, verifier: &VerifierKey) -> Option<Self> {
        let text = note::verify(note, std::slice::from_ref(verifier)).ok()?;
        let lines: Vec<&str> = text.lines().collect();
        let [CONFIRMATION_HEADER, node, gateway, epoch, moment, age, nonce] = lines.as_slice() else { return None };
        Some(Self {
            node: (*node).to_owned(),
            gateway: gateway.parse().ok()?,
            epoch: epoch.parse().ok()?,
            moment: Moment::from_microseconds(moment.parse().ok()?),
            age: age.parse().ok()?,
            nonce: (*nonce).to_owned(),
        })
    }
}

/// The parts of a question that its proof covers.
fn question_parts<'a>(gateway: &'a str, since: &'a str, nonce: &'a str) -> [&'a [u8]; 4] {
    [BOOK_PATH.as_bytes(), gateway.as_bytes(), since.as_bytes(), nonce.as_bytes()]
}

/// The name of a gateway among the names of keys and logs; its usage log's origin is this and `/usage`.
pub fn gateway_name(node: &str, gateway: &GatewayId) -> String {
    format!("{node}/gateway/{gateway}")
}
