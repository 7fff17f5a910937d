//! Scorecards at the end of a story: the record alone gives what the node shows.

use serde_json::Value;
use shuqiao_testkit::scenario::Player;
use std::collections::BTreeMap;

/// The scorecard of all departments, computed anew from the journal, equals the one that is shown; `behind` are the
/// indicators that this story must have given something to count, finished or still running.
///
/// A term that begins in December ends in the next year, so both years are looked at.
pub(crate) async fn recomputed_equals_shown(player: &mut Player<'_>, behind: &[&str]) {
    let year: u16 = player.saved("today").unwrap()[..4].parse().unwrap();
    let mut found = BTreeMap::new();
    for period in [year, year + 1] {
        let recomputed = fetch(player, &format!("/api/v1/scorecards/recomputed?period={period}")).await;
        for agreement in recomputed["agreements"].as_array().unwrap() {
            assert_eq!(agreement["agrees"], true, "{recomputed:#}");
        }
        assert_eq!(recomputed["shown"]["scores"], recomputed["recomputed"]["scores"]);
        let shown = fetch(player, &format!("/api/v1/scorecards?period={period}")).await;
        assert_eq!(numbers(&shown), numbers(&recomputed["recomputed"]));
        for score in shown["scores"].as_array().unwrap() {
            let cases = score["cases"].as_array().unwrap().len() + score["running"].as_array().unwrap().len();
            *found.entry(score["code"].as_str().unwrap().to_owned()).or_insert(0) += cases;
        }
    }
    for code in behind {
        assert!(found[*code] > 0, "{code} has no case behind it: {found:?}");
    }
}

/// Code, value, numerator and denominator of each indicator.
fn numbers(scorecard: &Value) -> Vec<[Value; 4]> {
    let scores = scorecard["scores"].as_array().unwrap();
    scores.iter().map(|one| ["code", "value", "numerator", "denominator"].map(|name| one[name].clone())).collect()
}

async fn fetch(player: &mut Player<'_>, path: &str) -> Value {
    let auditor = player.client("auditor").await.unwrap();
    let answer = auditor.json("GET", path, &[], None).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}
