//! What only the inside can see: bad sets, shapes of entities, slices.

use std::{collections::BTreeSet, str::FromStr};

use shuqiao_vocabulary::{
    Level, OrganisationKind, Role,
    id::{OrganisationId, PersonId},
};

use super::*;

fn organisation(number: u8) -> OrganisationId {
    OrganisationId::from_str(&format!("org_{number:032x}")).unwrap()
}

fn person(number: u8) -> PersonId {
    PersonId::from_str(&format!("per_{number:032x}")).unwrap()
}

/// Every kind of thing in every state, with and without the people who prepared it.
fn things() -> Vec<Resource> {
    let (requester, provider) = (organisation(1), organisation(2));
    let mut things = vec![
        Resource::Node,
        Resource::Journal,
        Resource::Organisation { id: provider },
        Resource::Person { organisation: provider, id: person(2) },
        Resource::Source { provider },
        Resource::System { organisation: provider },
        Resource::Evaluation { authority: provider },
    ];
    for somebody in [None, Some(person(1)), Some(person(2))] {
        for state in crate::CATALOGUE_STATES {
            things.push(Resource::CatalogueEntry {
                provider,
                authority_level: Level::City,
                authority_region: "5203".parse().unwrap(),
                state,
                drafted_by: somebody,
            });
        }
        for state in crate::REQUEST_STATES {
            things.push(Resource::SharingRequest {
                requester,
                provider,
                state,
                drafted_by: somebody,
                consented_by: somebody,
                proposed_by: somebody,
                extension_asked_by: somebody,
                authority_level: Level::City,
                authority_region: "5203".parse().unwrap(),
            });
        }
    }
    for state in crate::GRANT_STATES {
        things.push(Resource::Grant { requester, provider, state });
    }
    things
}

/// One person with all roles, from each side and of each kind and level of organisation.
fn people() -> Vec<Principal> {
    let kinds = OrganisationKind::ALL.iter().zip(Level::ALL.iter().cycle());
    let person_of = |(number, (kind, level)): (u8, (&OrganisationKind, &Level))| Principal {
        person: person(1),
        organisation: organisation(number),
        organisation_kind: *kind,
        level: *level,
        region: "5203".parse().unwrap(),
        roles: Role::ALL.iter().copied().collect::<BTreeSet<_>>(),
    };
    (1..).zip(kinds).map(person_of).collect()
}

#[test]
fn our_values_have_the_shapes_of_the_schema() {
    let set = PolicySet::load().unwrap();
    for level in Level::ALL {
        let who = Principal { level: *level, ..people().remove(0) };
        Entities::from_entities([set.names.principal(&who).unwrap()], Some(&set.schema)).unwrap();
    }
    for who in people() {
        for thing in things() {
            let entities = [set.names.principal(&who).unwrap(), set.names.resource(&thing).unwrap()];
            if let Err(e) = Entities::from_entities(entities, Some(&set.schema)) {
                panic!("{thing}: {e}");
            }
        }
    }
    let misspelt = Resource::Grant { requester: organisation(1), provider: organisation(2), state: "Active" };
    assert!(Entities::from_entities([set.names.resource(&misspelt).unwrap()], Some(&set.schema)).is_err());
}

#[test]
fn the_slice_of_an_action_answers_like_the_whole_set() {
    let set = PolicySet::load().unwrap();
    let policies: Vec<Policy> = POLICIES.iter().flat_map(|(file, text)| named_policies(file, text).unwrap()).collect();
    let whole = cedar_set(policies.iter()).unwrap();
    for who in people() {
        for thing in things() {
            for (action, slice) in &set.slices {
                let entities = [set.names.principal(&who).unwrap(), set.names.resource(&thing).unwrap()];
                let (principal, resource) = (entities[0].uid(), entities[1].uid());
                let request =
                    Request::new(principal, slice.action.clone(), resource, Context::empty(), Some(&set.schema));
                let Ok(request) = request else {
                    assert!(!set.may(&who, *action, &thing));
                    continue;
                };
                let entities = Entities::from_entities(entities, None).unwrap();
                let answer = set.authorizer.is_authorized(&request, &whole, &entities);
                let allowed = answer.decision() == Decision::Allow;
                assert_eq!(allowed, set.may(&who, *action, &thing), "{action} {thing}");
                assert_eq!(answer.diagnostics().errors().count(), 0, "{action} {thing}");
            }
        }
    }
}

fn check(policies: &str, expected: &str) {
    let error = PolicySet::from_texts(SCHEMA, &[("test.cedar", policies)]).err().map(|e| e.to_string());
    let error = error.unwrap_or_default();
    assert!(error.contains(expected), "{error:?} does not say {expected:?}");
}

#[test]
fn bad_policies_are_not_used() {
    let good = r#"@id("a") @article("21(1)") permit (principal, action == Action::"grant_read", resource);"#;
    assert!(PolicySet::from_texts(SCHEMA, &[("test.cedar", good)]).is_ok());
    check("permit (principal", "test.cedar does not parse");
    check(r#"@article("21") permit (principal, action, resource);"#, "a policy in test.cedar has no @id");
    check(r#"@id("") @article("21") permit (principal, action, resource);"#, "has no @id");
    check(r#"@id("a") permit (principal, action, resource);"#, "does not name the article it rests on: None");
    check(r#"@id("a") @article("45") permit (principal, action, resource);"#, "the article it rests on: Some(\"45\")");
    check(r#"@id("a") @article("21") permit (principal == ?principal, action, resource);"#, "has a template");
    check(&format!("{good}\n{good}"), "do not form a set");
    let misspelt_role = r#"@id("a") @article("21") permit (principal in Role::"data_oficer", action, resource);"#;
    check(misspelt_role, "do not fit their schema");
    let misspelt_state = r#"@id("a") @article("21") permit (principal, action, resource is Grant)
        when { resource.state == GrantState::"actif" };"#;
    check(misspelt_state, "do not fit their schema");
    let never = r#"@id("a") @article("21") permit (principal, action == Action::"grant_read", resource is Source);"#;
    check(never, "do not fit their schema");
    assert!(matches!(PolicySet::from_texts("entity", &[]), Err(PolicyError::Schema(_))));
}

#[test]
fn a_set_of_policies_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<PolicySet>();
}
