//! Spellings that are for ever, and the articles behind the policies.

use shuqiao_domain::case::CaseKind;
use shuqiao_policy::{Action, CATALOGUE_STATES, GRANT_STATES, PolicySet, REQUEST_STATES};
use shuqiao_vocabulary::{Level, OrganisationKind, Role};

use crate::golden;

const SCHEMA: &str = include_str!("../../schema.cedarschema");

#[test]
fn the_spellings_are_for_ever() {
    let list: String = Action::ALL.iter().map(|action| format!("{action}\n")).collect();
    golden::check("actions.txt", &list);
}

#[test]
fn every_policy_rests_on_its_article() {
    let set = PolicySet::load().unwrap();
    let list: String = set
        .policies()
        .map(|(id, article)| format!("{id:34} {:10} {}\n", article.to_string(), article.in_chinese()))
        .collect();
    golden::check("policies.txt", &list);
    assert_eq!(set.ground("requests.decide").unwrap().to_string(), "20(3)");
    assert_eq!(set.ground("requests.no_such"), None);
}

/// The words of `entity … enum […]` in the schema.
fn words(entity: &str) -> Vec<&'static str> {
    let (_, rest) = SCHEMA.split_once(&format!("entity {entity} enum [")).unwrap();
    let (list, _) = rest.split_once(']').unwrap();
    list.split('"').skip(1).step_by(2).collect()
}

#[test]
fn the_schema_and_the_code_have_the_same_lists() {
    assert_eq!(words("Role"), Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>());
    assert_eq!(words("Level"), Level::ALL.iter().map(|level| level.as_str()).collect::<Vec<_>>());
    assert_eq!(words("OrganisationKind"), OrganisationKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>());
    assert_eq!(words("CatalogueState"), CATALOGUE_STATES);
    assert_eq!(words("RequestState"), REQUEST_STATES);
    assert_eq!(words("GrantState"), GRANT_STATES);
    for kind in CaseKind::ALL {
        assert_eq!(words(&format!("{}State", crate::matrix::entity(*kind))), kind.states());
    }
}

#[test]
fn the_digest_names_the_rules() {
    let one = PolicySet::load().unwrap();
    let other = PolicySet::load().unwrap();
    assert_eq!(one.digest(), other.digest());
    assert!(one.digest().len() == 64 && one.digest().bytes().all(|b| b.is_ascii_hexdigit()));
}
