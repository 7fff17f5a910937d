//! What permits and denials say.

use shuqiao_policy::{Action, Actor, Denied, Permit, PolicySet, Principal, Resource, role_conflict};
use shuqiao_vocabulary::{Article, Level, Role};

use crate::scene::{AUTHORITY, COLLEAGUE, OTHER, PROVIDER, REQUESTER, SELF, entry, organisation, person, principal};

fn request(state: &'static str) -> Resource {
    Resource::SharingRequest {
        requester: organisation(REQUESTER),
        provider: organisation(PROVIDER),
        state,
        drafted_by: Some(person(COLLEAGUE)),
        consented_by: Some(person(COLLEAGUE)),
        proposed_by: Some(person(COLLEAGUE)),
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
fn several_policies_are_all_named() {
    let set = PolicySet::load().unwrap();
    let both = principal(AUTHORITY, [Role::AuthorityOfficer, Role::Inspector]);
    let permit = set.authorize(&both, Action::RequestRead, &request("received")).unwrap();
    assert_eq!(permit.determined_by(), ["supervision.read_by_auditors", "supervision.read_by_authority"]);
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
            assert!(denial.determined_by.is_empty(), "{role} {action} {resource}");
        }
    }
}

#[test]
fn an_authority_officer_elsewhere_has_no_authority() {
    let filed = entry(PROVIDER, "filed", Some(person(COLLEAGUE)));
    assert!(!denied(OTHER, Role::AuthorityOfficer, Action::CataloguePublish, &filed).visible);
    assert!(!denied(OTHER, Role::AuthorityOfficer, Action::RequestRead, &request("received")).visible);
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
