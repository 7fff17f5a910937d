//! Cases: of each kind, every act in every state that can be reached, as a table that an official can read.

mod complaint;
mod correction;
mod demand;
mod disposal;
mod dispute;
mod engagement;
mod incident;
mod inspection;
mod lead;
mod papers;
mod rectification;
mod return_flow;
mod service_change;
mod source_designation;
mod usage_record;
mod use_change;

use crate::{golden, grants::revoked, samples::*};
use shuqiao_calendar::WorkCalendar;
use shuqiao_domain::{
    RuleBook, Stamp,
    account::Person,
    case::{AnyCase, Case, CaseKind, Facts, Procedure},
    organisation::Organisation,
};
use shuqiao_vocabulary::{CaseId, Level, OrganisationId, OrganisationKind, PersonId, closed::ClosedList};
use std::collections::{BTreeMap, BTreeSet};

/// What the facts of the tests are borrowed from.
pub(crate) struct World {
    pub(crate) calendar: WorkCalendar,
    pub(crate) rules: RuleBook,
    pub(crate) organisations: BTreeMap<OrganisationId, Organisation>,
    pub(crate) entry: shuqiao_domain::catalogue::Entry,
    pub(crate) grant: shuqiao_domain::grant::Grant,
    pub(crate) request: shuqiao_domain::request::Request,
    pub(crate) entries: Vec<shuqiao_domain::catalogue::Entry>,
    pub(crate) receivers: Vec<OrganisationId>,
    pub(crate) others: Vec<AnyCase>,
    pub(crate) people: BTreeMap<PersonId, Person>,
}

fn organisation(
    id: OrganisationId,
    kind: OrganisationKind,
    level: Level,
    region: &str,
) -> (OrganisationId, Organisation) {
    let name = format!("{level} {kind} {region}");
    (id, Organisation { id, short_name: name.clone(), name, kind, level, region: region.parse().unwrap(), code: None })
}

/// An organisation that is neither party nor authority.
pub(crate) fn other() -> OrganisationId {
    "org_00000000000000000000000000000099".parse().unwrap()
}

impl World {
    /// A city with its authority, the two parties of the grant, and one department more that received the data.
    pub(crate) fn new() -> Self {
        let entry = published(content());
        let (request, grant) = decided(proposed(received(&entry), &entry, agree(Default::default())), &entry);
        let organisations = [
            organisation(provider(), OrganisationKind::Department, Level::City, "5203"),
            organisation(requester(), OrganisationKind::Department, Level::City, "5203"),
            organisation(authority(), OrganisationKind::SharingAuthority, Level::City, "5203"),
            organisation(other(), OrganisationKind::Department, Level::City, "5203"),
        ];
        Self {
            calendar: calendar(),
            rules: RuleBook::decree(),
            organisations: organisations.into(),
            entry,
            grant: grant.unwrap(),
            request,
            entries: Vec::new(),
            receivers: vec![requester(), other()],
            others: Vec::new(),
            people: BTreeMap::new(),
        }
    }

    /// The same world, with this organisation in it or changed.
    pub(crate) fn with(mut self, id: OrganisationId, kind: OrganisationKind, level: Level, region: &str) -> Self {
        self.organisations.extend([organisation(id, kind, level, region)]);
        self
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            calendar: &self.calendar,
            rules: &self.rules,
            organisations: &self.organisations,
            entry: Some(&self.entry),
            request: Some(&self.request),
            grant: Some(&self.grant),
            case: None,
            people: &self.people,
            entries: &self.entries,
            receivers: &self.receivers,
            others: &self.others,
        }
    }
}

impl World {
    /// The same, after the grant has ended.
    pub(crate) fn ended() -> Self {
        Self { grant: revoked(), ..Self::new() }
    }
}

/// A day of the samples' spring, by its number in April.
pub(crate) fn april(number: u8) -> shuqiao_vocabulary::Date {
    day(&format!("2026-04-{number:02}"))
}

pub(crate) fn case_id() -> CaseId {
    "cas_00000000000000000000000000000001".parse().unwrap()
}

/// A case that this person opened today.
pub(crate) fn opened<P: Procedure>(matter: P, world: &World, by: Stamp) -> Case<P> {
    let number = format!("{}-2026-000001", P::KIND.prefix());
    Case::open(case_id(), number, matter, &world.facts(), by).expect("the sample matter is in order")
}

/// Walks every act from every state that can be reached, and compares the table with its golden file.
///
/// The walk is the property too: nothing but what the table says is reached, every listed state is reached, a settled
/// state admits nothing that unsettles it, and no clock is lost or moved.
pub(crate) fn walk<P: Procedure>(starts: Vec<Case<P>>, acts: &[(P::Act, Stamp)], world: &World) {
    let verbs: BTreeSet<P::Verb> = acts.iter().map(|(act, _)| P::verb(act)).collect();
    assert_eq!(verbs.len(), P::Verb::EVERY.len(), "each verb of a {} has a sample", P::KIND);
    let (mut found, mut open) = (BTreeMap::<P::State, Case<P>>::new(), starts);
    let mut table = BTreeMap::<P::State, BTreeMap<P::Verb, BTreeSet<String>>>::new();
    while let Some(case) = open.pop() {
        if found.contains_key(&case.state) {
            continue;
        }
        for (act, by) in acts {
            let verb = P::verb(act);
            let outcome = match case.after(act, &world.facts(), by.clone()) {
                Ok(after) => {
                    assert!(P::admits(case.state, verb), "{} {verb}", case.state);
                    kept(&case, &after);
                    let name = after.state.to_string();
                    open.push(after);
                    name
                }
                Err(refusal) => {
                    let not_admitted = refusal.code == shuqiao_domain::RefusalCode::NotInThisState;
                    assert_eq!(not_admitted, !P::admits(case.state, verb), "{} {verb}: {refusal:?}", case.state);
                    if not_admitted { "-".to_owned() } else { format!("refused: {}", refusal.code) }
                }
            };
            table.entry(case.state).or_default().entry(verb).or_default().insert(outcome);
        }
        found.insert(case.state, case);
    }
    let unreached: Vec<_> = P::State::EVERY.iter().filter(|state| !found.contains_key(state)).collect();
    assert!(unreached.is_empty(), "no sequence of the samples reaches {unreached:?} of a {}", P::KIND);
    let mut rows = vec![vec!["state".to_owned(), "verb".to_owned(), "next state".to_owned(), "event".to_owned()]];
    for (state, verbs) in &table {
        for (verb, outcomes) in verbs {
            let outcomes = outcomes.iter().cloned().collect::<Vec<_>>().join(" | ");
            let event = if outcomes == "-" { String::new() } else { P::event(*verb).to_owned() };
            let mark = if P::settled(*state) { " (settled)" } else { "" };
            rows.push(vec![format!("{state}{mark}"), verb.to_string(), outcomes, event]);
        }
    }
    golden::check(&format!("case-{}.txt", P::KIND), &golden::columns(&rows));
}

/// Steps and clocks only grow.
fn kept<P: Procedure>(before: &Case<P>, after: &Case<P>) {
    assert_eq!(after.steps.len(), before.steps.len() + 1);
    assert_eq!(after.steps[..before.steps.len()], before.steps[..]);
    assert!(after.clocks.len() >= before.clocks.len(), "a clock is lost");
    for (old, new) in before.clocks.iter().zip(&after.clocks) {
        assert_eq!(old.clock, new.clock, "a clock was moved");
        assert!(old.stopped.is_none() || old.stopped == new.stopped, "an ended clock runs again");
    }
    if P::settled(after.state) {
        assert_eq!(after.running(), None, "a settled case has a running clock");
    }
}

#[test]
fn prefixes_and_events_are_one_of_a_kind() {
    let prefixes: BTreeSet<_> = CaseKind::ALL.iter().map(|kind| kind.prefix()).collect();
    assert_eq!(prefixes.len(), CaseKind::ALL.len());
    let events: Vec<_> = CaseKind::ALL.iter().flat_map(|kind| kind.events()).collect();
    assert_eq!(events.iter().collect::<BTreeSet<_>>().len(), events.len());
}
