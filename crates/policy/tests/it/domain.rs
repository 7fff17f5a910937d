//! Policy and domain agree: what the rules of procedure admit in a state, somebody may do there, and nothing else.

use shuqiao_domain::{
    catalogue::{self, EntryStateName, EntryVerb},
    grant::GrantStateName,
    request::{self, RequestStateName, RequestVerb},
};
use shuqiao_policy::{Action, CATALOGUE_STATES, GRANT_STATES, PolicySet, REQUEST_STATES, Resource};
use shuqiao_vocabulary::Role;

use crate::scene::{AUTHORITY, COLLEAGUE, OTHER, PROVIDER, REQUESTER, entry, organisation, person, principal};

/// Whether anybody may: each role of each organisation is asked.
fn somebody_may(set: &PolicySet, action: Action, thing: &Resource) -> bool {
    let homes = [REQUESTER, PROVIDER, AUTHORITY, OTHER];
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
