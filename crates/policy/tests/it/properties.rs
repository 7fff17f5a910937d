//! Properties over random people, things and actions.

use std::sync::LazyLock;

use proptest::{collection::btree_set, option, prelude::*, sample::select};
use shuqiao_policy::{Action, CATALOGUE_STATES, GRANT_STATES, PolicySet, Principal, REQUEST_STATES, Resource};
use shuqiao_vocabulary::{Level, Role, id::PersonId};

use crate::scene::{AUTHORITY, OTHER, PROVIDER, REQUESTER, entry, organisation, person, principal};

static SET: LazyLock<PolicySet> = LazyLock::new(|| PolicySet::load().unwrap());

fn homes() -> impl Strategy<Value = u8> {
    select(&[REQUESTER, PROVIDER, AUTHORITY, OTHER][..])
}

/// Every role that can be held beside another: a contractor is nothing else, which `CONFLICTS` holds.
fn roles() -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| *role != Role::Contractor).collect()
}

fn people() -> impl Strategy<Value = Principal> {
    (homes(), 1_u8..=3, btree_set(select(roles()), 0..=4))
        .prop_map(|(home, number, roles)| Principal { person: person(number), ..principal(home, roles) })
}

fn somebody() -> impl Strategy<Value = Option<PersonId>> {
    option::of((1_u8..=3).prop_map(person))
}

fn requests() -> impl Strategy<Value = Resource> {
    let people = (somebody(), somebody(), somebody(), somebody());
    let places = (select(Level::ALL), select(&["5203", "5201", "52"][..]));
    (homes(), homes(), select(REQUEST_STATES), people, places).prop_map(
        |(requester, provider, state, (drafted_by, consented_by, proposed_by, extension_asked_by), (level, region))| {
            Resource::SharingRequest {
                requester: organisation(requester),
                provider: organisation(provider),
                state,
                drafted_by,
                consented_by,
                proposed_by,
                extension_asked_by,
                authority_level: level,
                authority_region: region.parse().unwrap(),
            }
        },
    )
}

fn entries() -> impl Strategy<Value = Resource> {
    (homes(), select(CATALOGUE_STATES), somebody())
        .prop_map(|(provider, state, drafted_by)| entry(provider, state, drafted_by))
}

fn things() -> impl Strategy<Value = Resource> {
    let simple = (homes(), 1_u8..=3, 0_u8..7).prop_map(|(home, number, which)| match which {
        0 => Resource::Node,
        1 => Resource::Journal,
        2 => Resource::Person { organisation: organisation(home), id: person(number) },
        3 => Resource::Organisation { id: organisation(home) },
        4 => Resource::Evaluation { authority: organisation(home) },
        5 => Resource::Source { provider: organisation(home) },
        _ => Resource::System { organisation: organisation(home) },
    });
    let grants = (homes(), homes(), select(GRANT_STATES)).prop_map(|(requester, provider, state)| Resource::Grant {
        requester: organisation(requester),
        provider: organisation(provider),
        state,
    });
    prop_oneof![simple, entries(), requests(), grants]
}

fn prepared_by(action: Action, resource: &Resource) -> Option<Option<PersonId>> {
    use Action::{
        CatalogueApprove, CataloguePublish, CatalogueRetire, CatalogueReturn, RequestConsent, RequestDecide,
        RequestDecline, RequestGrantExtension, RequestRefuseExtension, RequestReturnProposal,
    };
    match (action, resource) {
        (
            CatalogueApprove | CatalogueReturn | CataloguePublish | CatalogueRetire,
            Resource::CatalogueEntry { drafted_by, .. },
        ) => Some(*drafted_by),
        (RequestConsent | RequestDecline, Resource::SharingRequest { drafted_by, .. }) => Some(*drafted_by),
        (RequestDecide | RequestReturnProposal, Resource::SharingRequest { proposed_by, .. }) => Some(*proposed_by),
        (RequestGrantExtension | RequestRefuseExtension, Resource::SharingRequest { extension_asked_by, .. }) => {
            Some(*extension_asked_by)
        }
        _ => None,
    }
}

proptest! {
    #[test]
    fn no_permission_without_a_policy_and_its_ground(
        who in people(), action in select(Action::ALL), thing in things(),
    ) {
        let answer = SET.authorize(&who, action, &thing);
        prop_assert_eq!(answer.is_ok(), SET.may(&who, action, &thing));
        if let Ok(permit) = answer {
            prop_assert!(!permit.determined_by().is_empty() && !permit.ground().is_empty());
            for policy in permit.determined_by() {
                prop_assert!(SET.ground(policy).is_some());
            }
        }
    }

    #[test]
    fn who_prepares_does_not_consent(
        who in people(), action in select(Action::ALL), thing in prop_oneof![entries(), requests()],
    ) {
        if let (true, Some(preparer)) = (SET.may(&who, action, &thing), prepared_by(action, &thing)) {
            prop_assert!(preparer.is_some_and(|preparer| preparer != who.person));
        }
    }

    /// One person who does a whole chain alone, holding every role of both departments in turn, gets stuck at each
    /// consent; see the golden matrix for who may go on.
    #[test]
    fn the_consenter_is_another_than_the_proposer(roles in btree_set(select(roles()), 1..=9), number in 1_u8..=3) {
        let alone = |home| Principal { person: person(number), ..principal(home, roles.clone()) };
        let thing = |state| Resource::SharingRequest {
            requester: organisation(REQUESTER),
            provider: organisation(PROVIDER),
            state,
            drafted_by: Some(person(number)),
            consented_by: Some(person(number)),
            proposed_by: Some(person(number)),
            extension_asked_by: Some(person(number)),
            authority_level: Level::City,
            authority_region: "5203".parse().unwrap(),
        };
        prop_assert!(!SET.may(&alone(REQUESTER), Action::RequestConsent, &thing("awaiting_consent")));
        prop_assert!(!SET.may(&alone(PROVIDER), Action::RequestDecide, &thing("proposed")));
    }

    #[test]
    fn several_roles_are_the_union_of_each(who in people(), action in select(Action::ALL), thing in things()) {
        let alone = |role: Option<Role>| Principal { roles: role.into_iter().collect(), ..who.clone() };
        let each = who.roles.iter().copied().map(Some).chain([None]);
        let any = each.map(alone).any(|who| SET.may(&who, action, &thing));
        prop_assert_eq!(SET.may(&who, action, &thing), any);
    }

    /// Whatever the other roles would permit: whoever is a contractor may do nothing to anything but a case.
    #[test]
    fn a_contractor_sees_and_does_nothing(who in people(), action in select(Action::ALL), thing in things()) {
        let mut contractor = who;
        contractor.roles.insert(Role::Contractor);
        prop_assert!(!SET.may(&contractor, action, &thing), "{} {}", action, thing);
    }

    #[test]
    fn administrators_see_no_data(
        home in homes(),
        administrator in select(&[Role::SystemAdministrator, Role::SecurityAdministrator][..]),
        thing in things(),
    ) {
        let who = principal(home, [administrator]);
        for action in [
            Action::RequestRead, Action::GrantRead, Action::GrantTry, Action::UsageRead, Action::SourceRead,
            Action::JournalRead, Action::LeakTraceRead, Action::IntakeUpload,
        ] {
            prop_assert!(!SET.may(&who, action, &thing), "{} {} {}", administrator, action, thing);
        }
    }

    #[test]
    fn auditors_and_inspectors_only_read(
        home in homes(), role in select(&[Role::Auditor, Role::Inspector][..]), action in select(Action::ALL), thing in things(),
    ) {
        // A paper shows what may be read, and decides nothing (docs/adr/0013).
        let reads = action.as_str().ends_with("_read") || action == Action::PaperIssue;
        prop_assert!(reads || !SET.may(&principal(home, [role]), action, &thing), "{} {} {}", role, action, thing);
    }

    #[test]
    fn who_may_act_may_also_know(who in people(), action in select(Action::ALL), thing in things()) {
        let read = match &thing {
            Resource::CatalogueEntry { .. } => Action::CatalogueRead,
            Resource::SharingRequest { .. } => Action::RequestRead,
            Resource::Grant { .. } => Action::GrantRead,
            Resource::Source { .. } => Action::SourceRead,
            Resource::System { .. } => Action::SystemRead,
            Resource::Evaluation { .. } => Action::PaperRead,
            _ => return Ok(()),
        };
        prop_assert!(!SET.may(&who, action, &thing) || SET.may(&who, read, &thing), "{} {}", action, thing);
    }
}
