//! What permits and denials say.

use shuqiao_policy::{Action, Actor, Denied, Permit, PolicySet, Principal, Resource, role_conflict};
use shuqiao_vocabulary::{Article, Level, Role};

use crate::scene::{
    AUTHORITY, COLLEAGUE, FOREIGN, OTHER, PROVIDER, REQUESTER, SELF, entry, organisation, person, principal,
};

fn request(state: &'static str) -> Resource {
    Resource::SharingRequest {
        requester: organisation(REQUESTER),
        provider: organisation(PROVIDER),
        state,
        drafted_by: Some(person(COLLEAGUE)),
        consented_by: Some(person(COLLEAGUE)),
        proposed_by: Some(person(COLLEAGUE)),
        extension_asked_by: Some(person(COLLEAGUE)),
        authority_level: Level::City,
        authority_region: "5203".parse().unwrap(),
    }
}

fn denied(home: u8, role: Role, action: Action, resource: &Resource) -> Denied {
    PolicySet::load().unwrap().authorize(&principal(home, [role]), action, resource).unwrap_err()
}

#[test]
fn a_permit_names_its_policies_and_their_ground() {
    let set = PolicySet::load().unwrap();
    let head = principal(PROVIDER, [Role::OfficeHead]);
    let permit = set.authorize(&head, Action::RequestDecide, &request("proposed")).unwrap();
    assert_eq!(permit.action(), Some(Action::RequestDecide));
    assert_eq!(permit.actor(), &Actor::Person { person: person(SELF), organisation: organisation(PROVIDER) });
    assert_eq!(permit.determined_by(), ["requests.decide"]);
    assert_eq!(permit.ground(), "20(3)");
    assert_eq!(permit.policy_digest(), Some(set.digest()));
    let (requester, provider) = (organisation(REQUESTER), organisation(PROVIDER));
    assert_eq!(permit.resource(), format!("sharing_request of {requester} to {provider} in proposed"));
}

#[test]
fn little_stack_left_is_no_denial() {
    let set = PolicySet::load().unwrap();
    let head = principal(PROVIDER, [Role::OfficeHead]);
    let judged = |bytes: usize| {
        std::thread::scope(|scope| {
            let judge = || set.may(&head, Action::RequestDecide, &request("proposed"));
            std::thread::Builder::new().stack_size(bytes).spawn_scoped(scope, judge).unwrap().join().unwrap()
        })
    };
    assert!(judged(128 * 1024), "judged on a small stack");
    assert!(judged(8 * 1024 * 1024), "judged on a large one");
}

#[test]
fn several_policies_are_all_named() {
    let set = PolicySet::load().unwrap();
    let both = principal(AUTHORITY, [Role::AuthorityOfficer, Role::Inspector]);
    let permit = set.authorize(&both, Action::RequestRead, &request("received")).unwrap();
    assert_eq!(permit.determined_by(), ["supervision.requests_by_auditors", "supervision.requests_by_authority"]);
    assert_eq!(permit.ground(), "29(1)");
}

#[test]
fn tasks_of_the_system_act_on_a_named_ground() {
    let permit = Permit::system("reply_deadlines", Article::paragraph(21, 1));
    assert_eq!(permit.actor(), &Actor::Task { name: "reply_deadlines" });
    assert_eq!((permit.action(), permit.policy_digest()), (None, None));
    assert_eq!((permit.determined_by(), permit.ground()), (&["task.reply_deadlines".to_owned()][..], "21(1)"));
    assert_eq!(Permit::system("checkpoint", "keeps the log provable").ground(), "keeps the log provable");
}

#[test]
fn a_denial_names_what_forbids() {
    let set = PolicySet::load().unwrap();
    let proposer = Resource::SharingRequest {
        requester: organisation(REQUESTER),
        provider: organisation(PROVIDER),
        state: "proposed",
        drafted_by: Some(person(COLLEAGUE)),
        consented_by: Some(person(COLLEAGUE)),
        proposed_by: Some(person(SELF)),
        extension_asked_by: Some(person(SELF)),
        authority_level: Level::City,
        authority_region: "5203".parse().unwrap(),
    };
    let both = principal(PROVIDER, [Role::DataOfficer, Role::OfficeHead]);
    let denial = set.authorize(&both, Action::RequestDecide, &proposer).unwrap_err();
    assert_eq!(denial.determined_by, ["separation.reply"]);
    assert!(denial.visible);
    assert_eq!(denial.to_string(), "`request_decide` is not permitted");
}

#[test]
fn what_the_caller_may_not_know_is_not_visible() {
    let visible = |home, role, action, resource: &Resource| denied(home, role, action, resource).visible;
    let officer = Role::DataOfficer;
    // A stranger, and the provider before anything was received.
    assert!(!visible(OTHER, officer, Action::RequestRead, &request("received")));
    assert!(!visible(OTHER, officer, Action::RequestPropose, &request("received")));
    assert!(!visible(PROVIDER, officer, Action::RequestPropose, &request("awaiting_consent")));
    assert!(!visible(PROVIDER, Role::SystemAdministrator, Action::RequestRead, &request("received")));
    // A party that may read but not act.
    assert!(visible(PROVIDER, officer, Action::RequestDecide, &request("proposed")));
    assert!(visible(REQUESTER, officer, Action::RequestDecide, &request("proposed")));

    let entry = |state| entry(PROVIDER, state, None);
    assert!(!visible(OTHER, officer, Action::CatalogueRead, &entry("draft")));
    assert!(!visible(AUTHORITY, Role::AuthorityOfficer, Action::CataloguePublish, &entry("draft")));
    assert!(visible(OTHER, officer, Action::CatalogueEdit, &entry("published")));

    let grant =
        Resource::Grant { requester: organisation(REQUESTER), provider: organisation(PROVIDER), state: "active" };
    assert!(!visible(OTHER, officer, Action::GrantTry, &grant));
    assert!(visible(PROVIDER, officer, Action::GrantTry, &grant));
    assert!(!visible(OTHER, officer, Action::SourceDescribe, &Resource::Source { provider: organisation(PROVIDER) }));

    // Nothing is given away where there is nothing yet, or where everybody knows of the thing.
    assert!(visible(OTHER, Role::Auditor, Action::RequestCreate, &request("draft")));
    assert!(visible(OTHER, officer, Action::JournalRead, &Resource::Journal));
    assert!(visible(OTHER, officer, Action::PersonCreate, &Resource::Node));
}

#[test]
fn what_the_schema_does_not_know_is_denied() {
    for (action, resource) in [
        (Action::GrantTry, Resource::Node),
        (Action::RequestRead, Resource::Journal),
        (Action::StatisticsRead, Resource::Organisation { id: organisation(OTHER) }),
        (Action::RequestEdit, request("Draft")),
        (Action::RequestWithdraw, request("")),
    ] {
        for role in Role::ALL {
            let denial = denied(REQUESTER, *role, action, &resource);
            // A contractor is forbidden whatever it is, so that rule is named where the thing could be judged at all.
            let forbidden =
                *role == Role::Contractor && denial.determined_by == ["engagements.contractor_sees_nothing"];
            assert!(denial.determined_by.is_empty() || forbidden, "{role} {action} {resource}");
        }
    }
}

#[test]
fn an_authority_officer_elsewhere_has_no_authority() {
    let filed = entry(PROVIDER, "filed", Some(person(COLLEAGUE)));
    assert!(!denied(OTHER, Role::AuthorityOfficer, Action::CataloguePublish, &filed).visible);
    assert!(!denied(OTHER, Role::AuthorityOfficer, Action::RequestRead, &request("received")).visible);
}

/// 同级: of the provider's level and region, and none else.
#[test]
fn only_the_own_authority_decides_on_more_time() {
    let set = PolicySet::load().unwrap();
    let officer = |home| principal(home, [Role::AuthorityOfficer]);
    for action in [Action::RequestGrantExtension, Action::RequestRefuseExtension] {
        for state in ["received", "supplement_asked", "proposed"] {
            assert!(set.may(&officer(AUTHORITY), action, &request(state)), "{action} {state}");
            // The authority of another city, of another level, an authority's other people, a department's officer.
            let denial = set.authorize(&officer(FOREIGN), action, &request(state)).unwrap_err();
            assert!(denial.visible, "it supervises, so it may know");
            for level in Level::ALL.iter().copied().filter(|level| *level != Level::City) {
                let other = Principal { level, ..officer(AUTHORITY) };
                assert!(!set.may(&other, action, &request(state)), "{action} {state} {level}");
            }
            assert!(!set.may(&principal(AUTHORITY, [Role::OfficeHead]), action, &request(state)));
            assert!(!set.may(&officer(OTHER), action, &request(state)));
        }
        assert!(!set.may(&officer(AUTHORITY), action, &request("agreed")));
    }
    // The nation has one authority, whatever its region says.
    let Resource::SharingRequest { requester, provider, state, drafted_by, consented_by, proposed_by, .. } =
        request("received")
    else {
        unreachable!("a request")
    };
    let of_a_ministry = Resource::SharingRequest {
        requester,
        provider,
        state,
        drafted_by,
        consented_by,
        proposed_by,
        extension_asked_by: Some(person(COLLEAGUE)),
        authority_level: Level::Nation,
        authority_region: "11".parse().unwrap(),
    };
    let nation = Principal { level: Level::Nation, ..officer(FOREIGN) };
    assert!(set.may(&nation, Action::RequestGrantExtension, &of_a_ministry));
    assert!(!set.may(&officer(FOREIGN), Action::RequestGrantExtension, &of_a_ministry));
    // It also reviews and publishes what the ministries file.
    let filed = Resource::CatalogueEntry {
        provider,
        authority_level: Level::Nation,
        authority_region: "11".parse().unwrap(),
        state: "filed",
        drafted_by: Some(person(COLLEAGUE)),
    };
    assert!(set.may(&nation, Action::CataloguePublish, &filed));
    assert!(!set.may(&officer(FOREIGN), Action::CataloguePublish, &filed));
}

/// Who asked for more time does not consent to it, even where the provider is the authority itself.
#[test]
fn who_asks_for_more_time_does_not_consent_to_it() {
    let set = PolicySet::load().unwrap();
    let of = |asker: Option<u8>| Resource::SharingRequest {
        requester: organisation(REQUESTER),
        provider: organisation(AUTHORITY),
        state: "received",
        drafted_by: None,
        consented_by: Some(person(COLLEAGUE)),
        proposed_by: None,
        extension_asked_by: asker.map(person),
        authority_level: Level::City,
        authority_region: "5203".parse().unwrap(),
    };
    let both = principal(AUTHORITY, [Role::DataOfficer, Role::AuthorityOfficer]);
    assert!(set.may(&both, Action::RequestAskExtension, &of(None)));
    for asker in [Some(SELF), None] {
        let denial = set.authorize(&both, Action::RequestGrantExtension, &of(asker)).unwrap_err();
        assert_eq!(denial.determined_by, ["separation.extension"]);
    }
    assert!(set.may(&both, Action::RequestGrantExtension, &of(Some(COLLEAGUE))));
}

/// What a department only thinks of asking is its own: supervision begins with receipt.
#[test]
fn drafts_are_read_by_nobody_else() {
    let set = PolicySet::load().unwrap();
    for (home, role) in [
        (AUTHORITY, Role::AuthorityOfficer),
        (AUTHORITY, Role::Inspector),
        (OTHER, Role::Auditor),
        (PROVIDER, Role::DataOfficer),
    ] {
        let who = principal(home, [role]);
        for state in ["draft", "awaiting_consent"] {
            assert!(!set.may(&who, Action::RequestRead, &request(state)), "{role} {state}");
        }
        assert!(set.may(&who, Action::RequestRead, &request("received")), "{role}");
    }
}

/// Art. 16, 17: the authority is the one of the same level, and of the same region.
#[test]
fn only_the_authority_of_the_same_level_and_region_decides() {
    let set = PolicySet::load().unwrap();
    let own = principal(AUTHORITY, [Role::AuthorityOfficer]);
    let of = |level, region: &str| Principal { level, region: region.parse().unwrap(), ..own.clone() };
    let others =
        [of(Level::City, "5201"), of(Level::Province, "52"), of(Level::County, "520302"), of(Level::Province, "5203")];
    for (action, state) in [
        (Action::CataloguePublish, "filed"),
        (Action::CataloguePublish, "update_filed"),
        (Action::CatalogueReturn, "filed"),
        (Action::CatalogueReturn, "update_filed"),
        (Action::CatalogueReturn, "retirement_filed"),
        (Action::CatalogueRetire, "retirement_filed"),
        (Action::CatalogueWorkRead, "update_filed"),
        (Action::CatalogueRecordChange, "published"),
        (Action::CatalogueDecideExtension, "published"),
    ] {
        let thing = entry(PROVIDER, state, Some(person(COLLEAGUE)));
        assert!(set.may(&own, action, &thing), "{action} {state}");
        for other in &others {
            assert!(!set.may(other, action, &thing), "{action} {state} by {} {}", other.level, other.region);
        }
    }
    // A first version that is filed elsewhere is not even known there; what is published is.
    let known = |state| set.may(&others[0], Action::CatalogueRead, &entry(PROVIDER, state, Some(person(COLLEAGUE))));
    assert!(!known("filed") && known("update_filed") && known("retired"));
}

#[test]
fn a_department_does_not_ask_itself() {
    let own = Resource::SharingRequest {
        requester: organisation(PROVIDER),
        provider: organisation(PROVIDER),
        state: "draft",
        drafted_by: Some(person(SELF)),
        consented_by: None,
        proposed_by: None,
        extension_asked_by: None,
        authority_level: Level::City,
        authority_region: "5203".parse().unwrap(),
    };
    for action in [Action::RequestCreate, Action::RequestEdit, Action::RequestSubmit] {
        denied(PROVIDER, Role::DataOfficer, action, &own);
    }
}

#[test]
fn who_prepared_a_matter_must_be_known() {
    let unknown = |state| Resource::SharingRequest {
        requester: organisation(REQUESTER),
        provider: organisation(PROVIDER),
        state,
        drafted_by: None,
        consented_by: None,
        proposed_by: None,
        extension_asked_by: None,
        authority_level: Level::City,
        authority_region: "5203".parse().unwrap(),
    };
    let consent = denied(REQUESTER, Role::OfficeHead, Action::RequestConsent, &unknown("awaiting_consent"));
    assert_eq!(consent.determined_by, ["separation.consent"]);
    let decision = denied(PROVIDER, Role::OfficeHead, Action::RequestDecide, &unknown("proposed"));
    assert_eq!(decision.determined_by, ["separation.reply"]);
    let entry = entry(PROVIDER, "filed", None);
    let publication = denied(AUTHORITY, Role::AuthorityOfficer, Action::CataloguePublish, &entry);
    assert_eq!(publication.determined_by, ["separation.catalogue"]);
}

#[test]
fn some_roles_exclude_each_other() {
    use Role::{Auditor, DataOfficer, DepartmentHead, OfficeHead, SecurityAdministrator, SystemAdministrator};
    let conflict = |roles: &[Role]| role_conflict(&roles.iter().copied().collect());
    assert_eq!(conflict(&[]), None);
    assert_eq!(conflict(&[DataOfficer, OfficeHead, DepartmentHead]), None);
    assert_eq!(conflict(&[DataOfficer, SystemAdministrator]), None);
    assert_eq!(conflict(&[Auditor, SystemAdministrator]), Some((SystemAdministrator, Auditor)));
    assert_eq!(conflict(&[Auditor, SecurityAdministrator]), Some((SecurityAdministrator, Auditor)));
    assert_eq!(
        conflict(&[SecurityAdministrator, SystemAdministrator]),
        Some((SystemAdministrator, SecurityAdministrator))
    );
    assert_eq!(conflict(&[Auditor, OfficeHead]), Some((OfficeHead, Auditor)));
    assert_eq!(conflict(&[Auditor, DepartmentHead]), Some((DepartmentHead, Auditor)));
}
