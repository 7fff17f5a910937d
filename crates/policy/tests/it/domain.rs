//! Policy and domain agree: what the rules of procedure admit in a state, somebody may do there, and nothing else.

use shuqiao_domain::{
    case::CaseKind,
    catalogue::{self, EntryStateName, EntryVerb},
    grant::GrantStateName,
    request::{self, RequestStateName, RequestVerb},
};
use shuqiao_policy::{Action, CATALOGUE_STATES, GRANT_STATES, PolicySet, REQUEST_STATES, Resource};
use shuqiao_vocabulary::{Level, Role};

use crate::matrix::case;
use crate::scene::{
    AUTHORITY, COLLEAGUE, CONCERNED, OTHER, PROVIDER, REQUESTER, entry, organisation, person, principal,
};

/// Whether anybody may: each role of each organisation is asked.
fn somebody_may(set: &PolicySet, action: Action, thing: &Resource) -> bool {
    let homes = [REQUESTER, PROVIDER, AUTHORITY, OTHER, CONCERNED];
    homes.iter().any(|home| Role::ALL.iter().any(|role| set.may(&principal(*home, [*role]), action, thing)))
}

#[test]
fn states_are_spelt_alike() {
    assert_eq!(CATALOGUE_STATES, EntryStateName::ALL.iter().map(|state| state.as_str()).collect::<Vec<_>>());
    assert_eq!(REQUEST_STATES, RequestStateName::ALL.iter().map(|state| state.as_str()).collect::<Vec<_>>());
    assert_eq!(GRANT_STATES, GrantStateName::ALL.iter().map(|state| state.as_str()).collect::<Vec<_>>());
}

#[test]
fn every_verb_on_a_request_has_its_people() {
    let set = PolicySet::load().unwrap();
    for state in RequestStateName::ALL {
        let thing = Resource::SharingRequest {
            requester: organisation(REQUESTER),
            provider: organisation(PROVIDER),
            state: state.as_str(),
            drafted_by: Some(person(COLLEAGUE)),
            consented_by: Some(person(COLLEAGUE)),
            proposed_by: Some(person(COLLEAGUE)),
            extension_asked_by: Some(person(COLLEAGUE)),
            authority_level: Level::City,
            authority_region: "5203".parse().unwrap(),
        };
        for verb in RequestVerb::ALL {
            let action: Action = format!("request_{verb}").parse().unwrap();
            assert_eq!(somebody_may(&set, action, &thing), request::admits(*state, *verb), "{state} {verb}");
        }
    }
}

#[test]
fn every_verb_on_an_entry_has_its_people() {
    let set = PolicySet::load().unwrap();
    for state in EntryStateName::ALL {
        let thing = entry(PROVIDER, state.as_str(), Some(person(COLLEAGUE)));
        for verb in EntryVerb::ALL {
            let action: Action = format!("catalogue_{verb}").parse().unwrap();
            assert_eq!(somebody_may(&set, action, &thing), catalogue::admits(*state, *verb), "{state} {verb}");
        }
    }
}

#[test]
fn every_verb_of_a_case_has_its_people_and_every_kind_its_openers() {
    let set = PolicySet::load().unwrap();
    for kind in CaseKind::ALL {
        let open = Action::case_open(*kind).unwrap_or_else(|| panic!("no action opens a {kind}"));
        let states = kind.states();
        let opened = states.iter().any(|state| somebody_may(&set, open, &case(*kind, state, COLLEAGUE)));
        assert!(opened, "nobody may open a {kind}");
        for state in states {
            for verb in kind.verbs() {
                let action = Action::case_act(*kind, verb).unwrap_or_else(|| panic!("no action for {kind} {verb}"));
                let admitted = kind.admits(state, verb).unwrap();
                assert_eq!(
                    somebody_may(&set, action, &case(*kind, state, COLLEAGUE)),
                    admitted,
                    "{kind} {state} {verb}"
                );
            }
        }
    }
}
