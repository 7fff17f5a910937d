//! Loading, naming, grounds.

use shuqiao_policy::PolicySet;

#[test]
fn the_policies_load_and_name_their_articles() {
    let set = PolicySet::load().unwrap();
    let list: Vec<String> = set.policies().map(|(id, article)| format!("{id} {article}")).collect();
    assert!(list.len() >= 12, "{list:#?}");
    assert_eq!(set.digest().len(), 64);
}
