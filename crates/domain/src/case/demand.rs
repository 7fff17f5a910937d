//! Demand (供需对接, Art. 20(1)): a department needs data that no catalogue has and says so; the authority finds an entry
//! that has it, or the department that should, or says with reasons that nobody has it.

use super::{About, Case, CaseKind, Facts, Next, Opening, Procedure};
use crate::{
    Problem, ProblemCode, Refusal, RefusalCode, Stamp,
    catalogue::{EntryState, LegalBasis},
    law,
    refusal::required_text,
};
use shuqiao_vocabulary::{
    CatalogueEntryId, Date, OrganisationId, OrganisationKind, SharingMethod, UpdateFrequency, closed_list,
};

/// Items one demand may name.
const ITEMS_MAX: usize = 100;
/// Characters of a name.
const NAME_MAX: usize = 120;
/// Days in which who is not satisfied may have it taken up again. The law sets no number; this is the node's own.
const REOPEN_DAYS: i64 = 30;

/// What is needed, for what, by when (需求).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// What the data is called by who needs it.
    pub name: String,
    /// In which scene it is needed (应用场景).
    pub scene: String,
    /// The duty by law for which it is needed.
    pub duty: LegalBasis,
    /// What is to be in it, in words.
    pub items: Vec<String>,
    /// How often it should be up to date.
    pub frequency: UpdateFrequency,
    /// How it is to be shared.
    pub method: SharingMethod,
    /// By when it is needed.
    pub needed_by: Date,
}

closed_list! {
    /// Where a demand stands.
    DemandState {
        /// Registered with the authority.
        Registered = "registered",
        /// An entry has the data: it can be requested.
        Matched = "matched",
        /// With the department that should have the data.
        Dispatched = "dispatched",
        /// That department will catalogue it.
        Accepted = "accepted",
        /// That department has declined, with its reason.
        Declined = "declined",
        /// That department has published an entry with the data.
        Fulfilled = "fulfilled",
        /// Nobody has the data.
        Unmet = "unmet",
        /// Withdrawn.
        Withdrawn = "withdrawn",
    }
}

closed_list! {
    /// What can be done to a demand.
    DemandVerb {
        /// The authority names an entry that has the data.
        Match = "match",
        /// The authority names the department that should have it.
        Dispatch = "dispatch",
        /// That department accepts: it will catalogue the data.
        Accept = "accept",
        /// That department declines.
        Decline = "decline",
        /// That department names the entry that it published.
        Fulfil = "fulfil",
        /// The authority says that nobody has the data.
        Unmet = "unmet",
        /// Who needs it is not satisfied.
        Reopen = "reopen",
        /// Who needed it needs it no more.
        Withdraw = "withdraw",
    }
}

/// What is done to a demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DemandAct {
    /// The authority names an entry.
    Match {
        /// Which; it is requested like any other.
        entry: CatalogueEntryId,
        /// What is to be known.
        note: String,
    },
    /// The authority names a department.
    Dispatch {
        /// Which.
        department: OrganisationId,
        /// Why that one should have the data.
        reason: String,
    },
    /// The department accepts.
    Accept {
        /// By when it will have catalogued the data.
        by_date: Date,
        /// What is to be known.
        note: String,
    },
    /// The department declines.
    Decline {
        /// Why.
        reason: String,
    },
    /// The department names its entry.
    Fulfil {
        /// Which.
        entry: CatalogueEntryId,
        /// What is to be known.
        note: String,
    },
    /// Nobody has the data.
    Unmet {
        /// How the authority knows.
        reason: String,
    },
    /// Who needs it is not satisfied.
    Reopen {
        /// Why.
        reason: String,
    },
    /// It is withdrawn.
    Withdraw {
        /// Why.
        reason: String,
    },
}

impl Demand {
    fn problems(&self, by: &Stamp) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut text = |field: String, text: &str| {
            let length = text.trim().chars().count();
            if length == 0 {
                found.push(Problem::new(field, ProblemCode::Required, Some(law::DEMAND)));
            } else if length > NAME_MAX {
                found.push(Problem::new(field, ProblemCode::TooLong, None).with("max", NAME_MAX));
            }
        };
        text("name".into(), &self.name);
        text("duty.title".into(), &self.duty.title);
        text("duty.article".into(), &self.duty.article);
        for (position, item) in self.items.iter().enumerate().take(ITEMS_MAX) {
            text(format!("items[{position}]"), item);
        }
        if self.items.is_empty() || self.items.len() > ITEMS_MAX {
            found.push(Problem::new("items", ProblemCode::Required, Some(law::DEMAND)).with("max", ITEMS_MAX));
        }
        if self.needed_by < by.at.date() {
            found.push(Problem::new("needed_by", ProblemCode::PeriodWrong, None));
        }
        found
    }
}

/// An entry that is published, and of another department than this one.
fn published(facts: &Facts<'_>, id: CatalogueEntryId, not_of: OrganisationId) -> Result<OrganisationId, Refusal> {
    let entry = facts.entry_named(id)?;
    if !matches!(entry.state, EntryState::Published { .. }) {
        return Err(Refusal::new(RefusalCode::EntryNotPublished, Some(law::DEMAND)));
    }
    if entry.provider == not_of {
        return Err(Refusal::new(RefusalCode::OwnEntry, Some(law::BETWEEN_DEPARTMENTS)));
    }
    Ok(entry.provider)
}

/// A department other than the one that needs the data, and not an authority.
fn dispatched(case: &Case<Demand>, department: OrganisationId, facts: &Facts<'_>) -> Result<(), Refusal> {
    let kind = facts.organisation(department)?.kind;
    let mut problems = Vec::new();
    if department == case.opener || kind == OrganisationKind::SharingAuthority {
        problems.push(Problem::new("department", ProblemCode::NotOffered, Some(law::DEMAND)));
    }
    Refusal::unless_fine(RefusalCode::CaseIncomplete, law::DEMAND, problems)
}

fn accepted(by_date: Date, by: &Stamp) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    if by_date < by.at.date() {
        problems.push(Problem::new("by_date", ProblemCode::PeriodWrong, None));
    }
    Refusal::unless_fine(RefusalCode::CaseIncomplete, law::DEMAND, problems)
}

/// Only for some time after it was settled.
fn reopened(case: &Case<Demand>, by: &Stamp) -> Result<(), Refusal> {
    if by.at > case.moved_at().plus_seconds(REOPEN_DAYS * 86_400) {
        return Err(Refusal::new(RefusalCode::TooLate, Some(law::DEMAND)).with("days", REOPEN_DAYS));
    }
    Ok(())
}

impl Procedure for Demand {
    const KIND: CaseKind = CaseKind::Demand;
    const OPENED: &'static str = "DemandRegistered";
    type State = DemandState;
    type Verb = DemandVerb;
    type Act = DemandAct;

    fn verb(act: &DemandAct) -> DemandVerb {
        match act {
            DemandAct::Match { .. } => DemandVerb::Match,
            DemandAct::Dispatch { .. } => DemandVerb::Dispatch,
            DemandAct::Accept { .. } => DemandVerb::Accept,
            DemandAct::Decline { .. } => DemandVerb::Decline,
            DemandAct::Fulfil { .. } => DemandVerb::Fulfil,
            DemandAct::Unmet { .. } => DemandVerb::Unmet,
            DemandAct::Reopen { .. } => DemandVerb::Reopen,
            DemandAct::Withdraw { .. } => DemandVerb::Withdraw,
        }
    }

    fn event(verb: DemandVerb) -> &'static str {
        match verb {
            DemandVerb::Match => "DemandMatched",
            DemandVerb::Dispatch => "DemandDispatched",
            DemandVerb::Accept => "DemandAccepted",
            DemandVerb::Decline => "DemandDeclined",
            DemandVerb::Fulfil => "DemandFulfilled",
            DemandVerb::Unmet => "DemandFoundUnmet",
            DemandVerb::Reopen => "DemandReopened",
            DemandVerb::Withdraw => "DemandWithdrawn",
        }
    }

    fn admits(state: DemandState, verb: DemandVerb) -> bool {
        use DemandVerb as V;
        match state {
            DemandState::Registered | DemandState::Declined => {
                matches!(verb, V::Match | V::Dispatch | V::Unmet | V::Withdraw)
            }
            DemandState::Dispatched => matches!(verb, V::Accept | V::Decline | V::Dispatch | V::Withdraw),
            DemandState::Accepted => matches!(verb, V::Fulfil | V::Dispatch | V::Withdraw),
            DemandState::Matched | DemandState::Fulfilled | DemandState::Unmet => verb == V::Reopen,
            DemandState::Withdrawn => false,
        }
    }

    fn settled(state: DemandState) -> bool {
        matches!(state, DemandState::Matched | DemandState::Fulfilled | DemandState::Unmet | DemandState::Withdrawn)
    }

    fn about(&self) -> About {
        About::NOTHING
    }

    fn entries_of_act(act: &DemandAct) -> Vec<CatalogueEntryId> {
        match act {
            DemandAct::Match { entry, .. } | DemandAct::Fulfil { entry, .. } => vec![*entry],
            _ => Vec::new(),
        }
    }

    fn title(&self, _facts: &Facts<'_>) -> String {
        self.name.clone()
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<DemandState>, Refusal> {
        Refusal::unless_fine(RefusalCode::CaseIncomplete, law::DEMAND, self.problems(by))?;
        required_text("scene", &self.scene)?;
        let authority = facts.authority_of(by.organisation);
        let authority = authority.ok_or_else(|| Refusal::new(RefusalCode::NoCompetentAuthority, Some(law::DEMAND)))?;
        Ok(Opening::alone(DemandState::Registered).before(Some(authority)))
    }

    fn decide(case: &Case<Self>, act: &DemandAct, facts: &Facts<'_>, by: &Stamp) -> Result<Next<DemandState>, Refusal> {
        let (field, text) = match act {
            DemandAct::Match { note, .. } | DemandAct::Accept { note, .. } | DemandAct::Fulfil { note, .. } => {
                ("note", note)
            }
            DemandAct::Dispatch { reason, .. }
            | DemandAct::Decline { reason }
            | DemandAct::Unmet { reason }
            | DemandAct::Reopen { reason }
            | DemandAct::Withdraw { reason } => ("reason", reason),
        };
        required_text(field, text)?;
        Ok(match act {
            DemandAct::Match { entry, .. } => {
                let provider = published(facts, *entry, case.opener)?;
                Next::to(DemandState::Matched).with_respondent(provider)
            }
            DemandAct::Dispatch { department, .. } => {
                dispatched(case, *department, facts)?;
                Next::to(DemandState::Dispatched).with_respondent(*department)
            }
            DemandAct::Accept { by_date, .. } => {
                accepted(*by_date, by)?;
                Next::to(DemandState::Accepted)
            }
            DemandAct::Decline { .. } => Next::to(DemandState::Declined),
            DemandAct::Fulfil { entry, .. } => {
                // Checked to be that department's: it answers for what it promised, with its own entry.
                let provider = published(facts, *entry, case.opener)?;
                let mut problems = Vec::new();
                if case.respondent != Some(provider) {
                    problems.push(Problem::new("entry", ProblemCode::NotOffered, Some(law::DEMAND)));
                }
                Refusal::unless_fine(RefusalCode::CaseIncomplete, law::DEMAND, problems)?;
                Next::to(DemandState::Fulfilled)
            }
            DemandAct::Unmet { .. } => Next::to(DemandState::Unmet),
            DemandAct::Reopen { .. } => {
                reopened(case, by)?;
                Next::to(DemandState::Registered)
            }
            DemandAct::Withdraw { .. } => Next::to(DemandState::Withdrawn),
        })
    }
}
