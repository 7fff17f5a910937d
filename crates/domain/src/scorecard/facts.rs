//! What the indicators are computed from.

use super::FlowFact;
use crate::ClockId;
use shuqiao_vocabulary::{Moment, OrganisationId, SharingRequestId, closed_list};

/// A request or a case, as a list names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseRef {
    /// Its number.
    pub number: String,
    /// Its id.
    pub id: String,
}

/// How the clock of a reply ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyEnd {
    /// The provider agreed.
    Agreed,
    /// The provider refused.
    Refused,
    /// The requester withdrew.
    Withdrawn,
}

/// A reply that a request asks for (Art. 21(1)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyFact {
    /// The request.
    pub case: CaseRef,
    /// Its id, for disputes about it.
    pub request: SharingRequestId,
    /// The department that replies.
    pub provider: OrganisationId,
    /// Which clock: of an unconditional entry, or of a conditional one.
    pub clock: Option<ClockId>,
    /// When it was received.
    pub received: Moment,
    /// The last moment, with an extension that was approved.
    pub due: Moment,
    /// An extension was approved.
    pub extended: bool,
    /// The provider has done what the requester can see: told what is missing, or asked for more time.
    pub acted: bool,
    /// Since when the requester was waited for, and until when.
    pub waited: Option<(Moment, Option<Moment>)>,
    /// How it ended, when.
    pub end: Option<(ReplyEnd, Moment)>,
}

impl ReplyFact {
    /// When the reply came.
    pub fn replied(&self) -> Option<Moment> {
        self.end.filter(|(end, _)| *end != ReplyEnd::Withdrawn).map(|(_, at)| at)
    }

    /// Where it stands.
    pub fn standing(&self, now: Moment) -> Standing {
        let withdrawn = self.end.filter(|(end, _)| *end == ReplyEnd::Withdrawn).map(|(_, at)| at);
        Standing::of(self.due, self.replied(), withdrawn, self.acted, now)
    }
}

closed_list! {
    /// What a duty with a deadline is.
    DutyKind {
        /// The first usable delivery (Art. 22(1)).
        Delivery = "delivery",
        /// The answer to a correction (Art. 26(2)).
        Correction = "correction",
        /// The proof of a disposal (Art. 27(1)).
        Disposal = "disposal",
        /// What meets a demand (Art. 20(1)).
        Demand = "demand",
        /// The update of an entry after a change (Art. 17(2)).
        CatalogueUpdate = "catalogue_update",
        /// What flows back by a due date (Art. 24).
        ReturnFlow = "return_flow",
    }
}

/// A duty with a deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyFact {
    /// What it is.
    pub kind: DutyKind,
    /// The request or the case.
    pub case: CaseRef,
    /// Whose duty it is.
    pub unit: OrganisationId,
    /// The last moment.
    pub due: Moment,
    /// Something was done already that the other side can see.
    pub acted: bool,
    /// When it was done.
    pub done: Option<Moment>,
    /// When it was withdrawn, or nothing was left to do.
    pub withdrawn: Option<Moment>,
}

impl DutyFact {
    /// Where it stands.
    pub fn standing(&self, now: Moment) -> Standing {
        Standing::of(self.due, self.done, self.withdrawn, self.acted, now)
    }
}

/// A dispute (Art. 28). No clock runs, so it counts in the period in which it was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeFact {
    /// The dispute.
    pub case: CaseRef,
    /// The party that raised it, and the other.
    pub parties: Vec<OrganisationId>,
    /// The request it is about.
    pub request: Option<SharingRequestId>,
    /// When it was raised.
    pub raised: Moment,
    /// Nothing is left to do.
    pub closed: bool,
    /// It was decided for the requester.
    pub for_requester: bool,
}

/// Everything that scorecards are computed from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScoreFacts {
    /// Replies.
    pub replies: Vec<ReplyFact>,
    /// Duties with a deadline.
    pub duties: Vec<DutyFact>,
    /// Disputes.
    pub disputes: Vec<DisputeFact>,
    /// Return flows.
    pub flows: Vec<FlowFact>,
}

impl ScoreFacts {
    /// The same in the order of numbers, so that facts from different places can be compared.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.replies.sort_by(|one, other| one.case.cmp(&other.case));
        self.duties.sort_by(|one, other| (one.kind, &one.case).cmp(&(other.kind, &other.case)));
        self.disputes.sort_by(|one, other| one.case.cmp(&other.case));
        self.flows.sort_by(|one, other| one.case.cmp(&other.case));
        self
    }
}

/// Where a duty stands against its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Done in time, or withdrawn in time after the first action.
    InTime,
    /// Done late, not done, or withdrawn when it was overdue already.
    Late,
    /// Neither done nor overdue.
    Running,
    /// Withdrawn before the first action, in time: it does not count.
    Excluded,
}

impl Standing {
    /// Where a duty stands.
    pub fn of(due: Moment, done: Option<Moment>, withdrawn: Option<Moment>, acted: bool, now: Moment) -> Self {
        match (done, withdrawn) {
            (Some(done), _) if done <= due => Self::InTime,
            (Some(_), _) => Self::Late,
            (None, Some(withdrawn)) if withdrawn > due => Self::Late,
            (None, Some(_)) if acted => Self::InTime,
            (None, Some(_)) => Self::Excluded,
            (None, None) if now > due => Self::Late,
            (None, None) => Self::Running,
        }
    }
}
