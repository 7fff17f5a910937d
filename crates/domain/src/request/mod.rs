//! The sharing request (共享申请, Art. 20-22): asked with the office head's consent, answered within the term, once asked
//! for what is missing at most; agreeing is granting, and starts the clock of delivery.

mod apply;
mod cart;
mod conditions;
mod content;
mod delivery;
mod extension;
mod state;
mod transitions;
mod validate;

pub use cart::*;
pub use conditions::published_conditions;
pub use content::*;
pub use delivery::*;
pub use extension::*;
pub use state::*;
use transitions::guard;
pub use transitions::*;
pub(crate) use validate::row_conditions;
pub use validate::{Finding, RequesterFacts, Severity, precheck, problems};

use crate::{Refusal, Timing};
use shuqiao_vocabulary::{CartId, CatalogueEntryId, OrganisationId, PersonId, SharingRequestId};

/// A sharing request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: SharingRequestId,
    /// Its number, `2026-000001`; also the purpose code that calls repeat.
    pub number: String,
    /// The application it is a part of, when several entries were asked for together.
    pub cart: Option<CartId>,
    /// The entry asked for.
    pub entry: CatalogueEntryId,
    /// The department that asks.
    pub requester: OrganisationId,
    /// The department that is asked.
    pub provider: OrganisationId,
    /// Who drafted it.
    pub drafted_by: PersonId,
    /// What it says.
    pub content: RequestContent,
    /// Where it stands.
    pub state: RequestState,
}

impl Request {
    /// The request with its clock moved by the notice of what is missing, where a rule set reads the law so.
    ///
    /// # Errors
    /// `DeadlineOutOfRange`.
    pub fn with_supplemented_clock(mut self, timing: Timing<'_>) -> Result<Self, Refusal> {
        if let Some(clock) = self.state.supplemented_clock(&timing)?
            && let Some(state) = self.state.with_clock(clock)
        {
            self.state = state;
        }
        Ok(self)
    }
}
