//! What a case brings about for other things, in the same commit: as values, so that it can be tested without a
//! database, and so that the application carries each sort out in one place.

use super::{CaseMatter, ServiceChange};
use crate::grant::{Consent, RevocationGround};
use shuqiao_vocabulary::{GrantId, PersonId, SharingRequestId};

/// Something that follows from a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// The right of sharing is suspended at once (暂停共享权限, Art. 27(2)).
    SuspendGrant {
        /// Which grant.
        grant: GrantId,
        /// Why.
        reason: String,
    },
    /// A suspended grant delivers again.
    ResumeGrant {
        /// Which grant.
        grant: GrantId,
    },
    /// A grant ends.
    EndGrant {
        /// Which grant.
        grant: GrantId,
        /// On which ground.
        ground: RevocationGround,
    },
    /// The provider's consent to another use stands on the grant (Art. 25(1)).
    RecordConsent {
        /// Which grant.
        grant: GrantId,
        /// The consent.
        consent: Consent,
    },
    /// An account is closed, and its sessions end at once; one that is closed already stays so.
    DeactivatePerson {
        /// Whose.
        person: PersonId,
    },
    /// A refused request is asked anew, on the ground of the decision in this case: a draft with the same content, in
    /// the name of the person who acted. What was refused stays refused in the record.
    AskAnew {
        /// The refused request.
        request: SharingRequestId,
    },
    /// The same change of service is proposed for every other live grant on the entry, each in a case of its own
    /// (Art. 27(3)).
    ProposeToOthers(Box<ServiceChange>),
    /// Another case opens, in the name of the person who acted.
    OpenCase(Box<CaseMatter>),
}
