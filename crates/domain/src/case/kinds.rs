//! The kinds of case, listed once. What is written here for one kind is written for all of them.

use super::{
    About, Case, CaseClock, Complaint, Correction, Demand, Disposal, Dispute, Effect, Engagement, Facts, Incident,
    Inspection, Lead, Origin, Procedure, Rectification, ReturnFlow, ServiceChange, SourceDesignation, UsageRecord,
    UseChange,
};
use crate::{Clock, Refusal, RefusalCode, Stamp};
use shuqiao_vocabulary::{CaseId, CatalogueEntryId, Moment, OrganisationId, PersonId, closed::ClosedList, closed_list};

macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident = $spelling:literal, $prefix:literal;)+) => {
        closed_list! {
            /// The kinds of case.
            CaseKind { $($(#[$meta])* $kind = $spelling),+ }
        }

        impl CaseKind {
            /// What its numbers begin with; for ever (invariant 12).
            pub const fn prefix(self) -> &'static str {
                match self { $(Self::$kind => $prefix),+ }
            }

            /// Spellings of its states, in the order of the list.
            pub fn states(self) -> Vec<&'static str> {
                match self { $(Self::$kind => spellings::<<$kind as Procedure>::State>()),+ }
            }

            /// Spellings of its verbs, in the order of the list.
            pub fn verbs(self) -> Vec<&'static str> {
                match self { $(Self::$kind => spellings::<<$kind as Procedure>::Verb>()),+ }
            }

            /// Whether a state admits a verb, by their spellings; `None` for a spelling it does not have.
            pub fn admits(self, state: &str, verb: &str) -> Option<bool> {
                match self { $(Self::$kind => {
                    Some($kind::admits(state.parse().ok()?, verb.parse().ok()?))
                }),+ }
            }

            /// Whether nothing is left to do in a state, by its spelling.
            pub fn settled(self, state: &str) -> Option<bool> {
                match self { $(Self::$kind => Some($kind::settled(state.parse().ok()?))),+ }
            }

            /// The events of this kind: of opening, then of each verb.
            pub fn events(self) -> Vec<&'static str> {
                match self { $(Self::$kind => {
                    let verbs = <$kind as Procedure>::Verb::EVERY.iter().map(|verb| $kind::event(*verb));
                    std::iter::once($kind::OPENED).chain(verbs).collect()
                }),+ }
            }
        }

        /// What a case of any kind is about.
        #[derive(Clone, Debug, PartialEq)]
        pub enum CaseMatter { $($(#[$meta])* $kind($kind)),+ }

        impl CaseMatter {
            /// Its kind.
            pub const fn kind(&self) -> CaseKind {
                match self { $(Self::$kind(_) => CaseKind::$kind),+ }
            }

            /// What it is about.
            pub fn about(&self) -> About {
                match self { $(Self::$kind(matter) => matter.about()),+ }
            }

            /// People whose accounts it names.
            pub fn people(&self) -> Vec<PersonId> {
                match self { $(Self::$kind(matter) => matter.people()),+ }
            }

            /// Further catalogue entries that it names.
            pub fn entries(&self) -> Vec<CatalogueEntryId> {
                match self { $(Self::$kind(matter) => matter.entries()),+ }
            }
        }

        /// An act in a case of any kind.
        #[derive(Clone, Debug, PartialEq)]
        pub enum CaseAct { $($(#[$meta])* $kind(<$kind as Procedure>::Act)),+ }

        impl CaseAct {
            /// The kind of case it is meant for.
            pub const fn kind(&self) -> CaseKind {
                match self { $(Self::$kind(_) => CaseKind::$kind),+ }
            }

            /// The spelling of its verb.
            pub fn verb(&self) -> &'static str {
                match self { $(Self::$kind(act) => $kind::verb(act).spelling()),+ }
            }

            /// Catalogue entries that it names.
            pub fn entries(&self) -> Vec<CatalogueEntryId> {
                match self { $(Self::$kind(act) => $kind::entries_of_act(act)),+ }
            }

            /// The event it is, once done.
            pub fn event(&self) -> &'static str {
                match self { $(Self::$kind(act) => $kind::event($kind::verb(act))),+ }
            }
        }

        /// A case of any kind.
        #[derive(Clone, Debug, PartialEq)]
        pub enum AnyCase { $($(#[$meta])* $kind(Case<$kind>)),+ }

        impl AnyCase {
            /// Opens a case; answers what follows from that too.
            ///
            /// # Errors
            /// As [`Procedure::open`].
            pub fn open(
                id: CaseId,
                number: String,
                matter: CaseMatter,
                facts: &Facts<'_>,
                by: Stamp,
            ) -> Result<(Self, Vec<Effect>), Refusal> {
                Ok(match matter { $(CaseMatter::$kind(matter) => {
                    let case = Case::open(id, number, matter, facts, by)?;
                    let effects = $kind::effects_of_opening(&case);
                    (Self::$kind(case), effects)
                }),+ })
            }

            /// The case after an act, and what follows from it.
            ///
            /// # Errors
            /// `CaseKindMismatch` when the act is meant for another kind; else as [`Case::after`].
            pub fn after(&self, act: &CaseAct, facts: &Facts<'_>, by: Stamp) -> Result<(Self, Vec<Effect>), Refusal> {
                match (self, act) {
                    $((Self::$kind(case), CaseAct::$kind(act)) => {
                        let after = case.after(act, facts, by)?;
                        let effects = $kind::effects_of_act(&after, act);
                        Ok((Self::$kind(after), effects))
                    })+
                    _ => Err(Refusal::new(RefusalCode::CaseKindMismatch, None)
                        .with("kind", self.kind())
                        .with("found", act.kind())),
                }
            }

            /// Its kind.
            pub const fn kind(&self) -> CaseKind {
                match self { $(Self::$kind(_) => CaseKind::$kind),+ }
            }

            /// The event of opening it.
            pub const fn opened_event(&self) -> &'static str {
                match self { $(Self::$kind(_) => $kind::OPENED),+ }
            }

            /// Its id.
            pub const fn id(&self) -> CaseId {
                match self { $(Self::$kind(case) => case.id),+ }
            }

            /// Its number.
            pub fn number(&self) -> &str {
                match self { $(Self::$kind(case) => &case.number),+ }
            }

            /// The organisation that opened it.
            pub const fn opener(&self) -> OrganisationId {
                match self { $(Self::$kind(case) => case.opener),+ }
            }

            /// Who is asked or held to something.
            pub const fn respondent(&self) -> Option<OrganisationId> {
                match self { $(Self::$kind(case) => case.respondent),+ }
            }

            /// The competent authority.
            pub const fn authority(&self) -> Option<OrganisationId> {
                match self { $(Self::$kind(case) => case.authority),+ }
            }

            /// Others who may read it.
            pub fn concerned(&self) -> &[OrganisationId] {
                match self { $(Self::$kind(case) => &case.concerned),+ }
            }

            /// Who opened it, when.
            pub const fn opened(&self) -> &Origin {
                match self { $(Self::$kind(case) => &case.opened),+ }
            }

            /// Who prepared what waits for a decision.
            pub fn prepared_by(&self) -> Option<PersonId> {
                match self { $(Self::$kind(case) => $kind::prepared_by(case)),+ }
            }

            /// The spelling of its state.
            pub fn state(&self) -> &'static str {
                match self { $(Self::$kind(case) => case.state.spelling()),+ }
            }

            /// Whether nothing is left to do.
            pub fn settled(&self) -> bool {
                match self { $(Self::$kind(case) => $kind::settled(case.state)),+ }
            }

            /// Spellings of the verbs that its state admits.
            pub fn admitted(&self) -> Vec<&'static str> {
                match self { $(Self::$kind(case) => {
                    let every = <$kind as Procedure>::Verb::EVERY.iter().copied();
                    every.filter(|verb| $kind::admits(case.state, *verb)).map(ClosedList::spelling).collect()
                }),+ }
            }

            /// What it is about.
            pub fn about(&self) -> About {
                match self { $(Self::$kind(case) => case.matter.about()),+ }
            }

            /// People whose accounts it names.
            pub fn people(&self) -> Vec<PersonId> {
                match self { $(Self::$kind(case) => case.matter.people()),+ }
            }

            /// Its matter.
            pub fn matter(&self) -> CaseMatter {
                match self { $(Self::$kind(case) => CaseMatter::$kind(case.matter.clone())),+ }
            }

            /// Its steps, in order.
            pub fn steps(&self) -> Vec<(CaseAct, Stamp)> {
                match self { $(Self::$kind(case) => {
                    case.steps.iter().map(|step| (CaseAct::$kind(step.act.clone()), step.by.clone())).collect()
                }),+ }
            }

            /// Its title in lists.
            pub fn title(&self, facts: &Facts<'_>) -> String {
                match self { $(Self::$kind(case) => case.matter.title(facts)),+ }
            }

            /// Its clocks, the newest last.
            pub fn clocks(&self) -> &[CaseClock] {
                match self { $(Self::$kind(case) => &case.clocks),+ }
            }

            /// Its clocks, to be recomputed when a calendar changes.
            pub fn clocks_mut(&mut self) -> &mut Vec<CaseClock> {
                match self { $(Self::$kind(case) => &mut case.clocks),+ }
            }

            /// The clock that runs.
            pub fn running(&self) -> Option<&Clock> {
                match self { $(Self::$kind(case) => case.running()),+ }
            }

            /// When somebody last moved it.
            pub fn moved_at(&self) -> Moment {
                match self { $(Self::$kind(case) => case.moved_at()),+ }
            }
        }
    };
}

fn spellings<L: ClosedList>() -> Vec<&'static str> {
    L::EVERY.iter().map(|value| value.spelling()).collect()
}

kinds! {
    /// Verification and correction (校核纠错, Art. 26).
    Correction = "correction", "JH";
    /// Rectification after misuse (限期整改, Art. 27(2)).
    Rectification = "rectification", "ZG";
    /// Disposal of received data (妥善处置, Art. 27(1)).
    Disposal = "disposal", "CZ";
    /// Change or end of a service (变更、终止共享服务, Art. 27(3)).
    ServiceChange = "service_change", "BG";
    /// Change of use (变更使用, Art. 25(1)).
    UseChange = "use_change", "YT";
    /// Record of use (使用记录, Art. 29(2)).
    UsageRecord = "usage_record", "JL";
    /// Supervision and inspection (监督检查, Art. 29(1)).
    Inspection = "inspection", "JC";
    /// Complaints and reports (投诉举报, Art. 37(2)).
    Complaint = "complaint", "TS";
    /// Data security incidents (数据安全事件, Art. 35(3)).
    Incident = "incident", "SJ";
    /// Engagements of contractors (委托, Art. 36(1)).
    Engagement = "engagement", "WT";
    /// Leads (线索, Art. 39-41).
    Lead = "lead", "XS";
    /// Dispute (共享争议, Art. 28).
    Dispute = "dispute", "ZY";
    /// Return flow to a lower level (数据回流, Art. 24).
    ReturnFlow = "return_flow", "HL";
    /// Designation of a source department (数源部门认定, Art. 19(2)).
    SourceDesignation = "source_designation", "SY";
    /// Demand for data that no catalogue has (供需对接, Art. 20(1)).
    Demand = "demand", "XQ";
}
