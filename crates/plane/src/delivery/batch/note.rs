//! The receipt of a run: a note signed with the usage log's key, so that anybody who has the node's public key can hold
//! the receiver's table against it.

use super::{ledger::Place, run::Run};
use crate::plane::Plane;

const HEADER: &str = "shuqiao batch receipt v1";

/// The receipt of a run that is switched over; `None` when it cannot be signed.
pub(super) fn receipt(plane: &Plane, run: &Run, place: &Place, read_back: &str, at: &str) -> Option<String> {
    let (first, last) = place.records.unwrap_or_default();
    plane.sign_note(&format!(
        "{HEADER}\n\
         log {}\nrun {}\ntask {}\ngrant {}\nreceiver {}\nat {at}\n\
         rows {}\ndigest sm3-sum:{}\nread-back sm3-sum:{read_back}\nput-aside {}\nrecords {first} {last}\n",
        plane.usage_origin(),
        run.id,
        run.task.id,
        run.task.grant,
        run.task.requester,
        place.digest.rows,
        place.digest.hex(),
        place.bad,
    ))
}
