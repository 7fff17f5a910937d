//! The command line is a contract: scripts depend on its words, its JSON and its exit codes.

use crate::world::run;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn deadline(start: &str, working_days: u16, due: &str) {
    let days = working_days.to_string();
    let ended = run(&["deadline", "--start", start, "--working-days", &days, "--json"]);
    assert_eq!((ended.code, ended.complaint.as_str()), (Some(0), ""), "{start} +{days}");
    let answer: Value = serde_json::from_str(&ended.out).unwrap();
    let keys: BTreeSet<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys.into_iter().collect::<Vec<_>>(), ["calendar", "due", "provisional", "start", "working_days"]);
    assert_eq!((&answer["start"], &answer["working_days"]), (&json!(start), &json!(working_days)));
    assert_eq!((&answer["due"], &answer["provisional"]), (&json!(due), &json!(false)), "{start} +{days}");
    assert!(answer["calendar"].as_str().is_some_and(|name| !name.is_empty()));
}

#[test]
fn a_clock_of_the_law_is_as_long_as_the_law_says() {
    let ended = run(&["deadline", "--start", "2025-09-30", "--clock", "reply_conditional", "--json"]);
    let answer: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!((&answer["due"], &answer["working_days"]), (&json!("2025-10-21"), &json!(10)));
    assert_eq!((&answer["clock"], &answer["article"]), (&json!("reply_conditional"), &json!("21(1)")));
    for wrong in [&["--clock", "forever"][..], &["--clock", "delivery", "--working-days", "3"], &[]] {
        let ended = run(&[&["deadline", "--start", "2025-09-30"], wrong].concat());
        assert!(ended.code != Some(0) && ended.out.is_empty(), "{wrong:?}");
    }
}

#[test]
fn deadlines_are_counted_as_the_law_counts() {
    deadline("2025-08-01", 1, "2025-08-04");
    deadline("2025-08-01", 10, "2025-08-15");
    deadline("2025-08-01", 20, "2025-08-29");
    deadline("2025-09-26", 1, "2025-09-28");
    deadline("2025-09-27", 1, "2025-09-28");
    deadline("2025-09-30", 1, "2025-10-09");
    deadline("2025-09-30", 10, "2025-10-21");
    deadline("2025-09-30", 20, "2025-11-04");
    deadline("2025-10-10", 1, "2025-10-11");
    deadline("2025-12-31", 1, "2026-01-04");
    deadline("2025-12-31", 10, "2026-01-15");
    deadline("2026-01-30", 10, "2026-02-13");
    deadline("2026-02-13", 1, "2026-02-14");
    deadline("2026-02-14", 1, "2026-02-24");
    deadline("2026-02-14", 10, "2026-03-06");
    deadline("2026-02-14", 20, "2026-03-20");
    deadline("2026-04-30", 1, "2026-05-06");
    deadline("2026-04-30", 10, "2026-05-18");
    deadline("2026-05-08", 1, "2026-05-09");
    deadline("2026-09-18", 2, "2026-09-21");
    deadline("2026-09-24", 1, "2026-09-28");
    deadline("2026-09-30", 10, "2026-10-20");
    deadline("2026-09-30", 20, "2026-11-03");
    deadline("2024-02-09", 1, "2024-02-18");
    deadline("2024-09-30", 5, "2024-10-12");
}

#[test]
fn a_year_without_a_published_calendar_is_provisional() {
    let ended = run(&["deadline", "--start", "2027-03-01", "--working-days", "5", "--json"]);
    let answer: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!((&answer["due"], &answer["provisional"]), (&json!("2027-03-08"), &json!(true)));
    let across = run(&["deadline", "--start", "2026-12-31", "--working-days", "1", "--json"]);
    let answer: Value = serde_json::from_str(&across.out).unwrap();
    assert_eq!(answer["provisional"], json!(true), "{}", across.out);
    let words = run(&["deadline", "--start", "2027-03-01", "--working-days", "5"]);
    assert!(words.out.starts_with("2027-03-01 + 5 working days = 2027-03-08 (provisional"), "{}", words.out);
    let words = run(&["deadline", "--start", "2026-02-14", "--working-days", "1"]);
    assert_eq!(words.out, "2026-02-14 + 1 working days = 2026-02-24\n");
}

#[test]
fn wrong_dates_and_numbers_are_told() {
    for wrong in ["2026-02-30", "yesterday", "", "20260214", "2026-2-14"] {
        run(&["deadline", "--start", wrong, "--working-days", "1"]).failed_saying("is not a date");
    }
    run(&["deadline", "--start", "9999-12-30", "--working-days", "20"]).failed_saying("cannot be counted");
    for wrong in ["-1", "65536", "ten"] {
        let ended = run(&["deadline", "--start", "2026-02-14", "--working-days", wrong]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{wrong}");
    }
}

#[test]
fn the_description_is_printed() {
    let ended = run(&["openapi"]);
    assert_eq!((ended.code, ended.complaint.as_str()), (Some(0), ""));
    let document: Value = serde_json::from_str(&ended.out).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for path in ["/api/v1/requests/{id}/decide", "/data/v1/grants/{id}/query", "/oauth2/token", "/checkpoint"] {
        assert!(document["paths"][path].is_object(), "{path}");
    }
}

#[test]
fn unknown_words_are_refused_with_code_2() {
    for wrong in
        [&["serve", "--data", "x", "--no-such-flag"][..], &["no-such-command"], &["serve", "--listen", "x"], &[]]
    {
        let ended = run(wrong);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(!ended.complaint.is_empty());
    }
    assert_eq!(run(&["--version"]).code, Some(0));
}

#[test]
fn what_cannot_be_verified_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let absent = folder.path().join("absent").to_str().unwrap().to_owned();
    let (proof, key) = (path("proof", "no proof\n"), path("key", "no key\n"));
    run(&["verify", &absent, "--key", &key]).failed_saying("cannot be opened");
    run(&["verify", &proof, "--key", &absent]).failed_saying("cannot be opened");
    let ended = run(&["verify", &proof, "--key", &key, "--json"]);
    assert_eq!(ended.code, Some(1));
    let answer: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(answer["proved"], json!(false));
    assert!(answer["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
}
