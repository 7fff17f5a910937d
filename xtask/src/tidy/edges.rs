//! Who may know whom: the edges between rooms, and the outside libraries that must not enter some of them.

use anyhow::{Context as _, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// INVARIANT (pure-core) and the map of the rooms. A room may know the rooms on its right and no other.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("vocabulary", &[]),
    ("calendar", &["vocabulary"]),
    ("domain", &["calendar", "vocabulary"]),
    ("policy", &["domain", "vocabulary"]),
    ("tlog", &[]),
    // See docs/adr/0010: a stranger's check of a proof file needs the tree and the signature at once.
    ("crypto", &["tlog", "vocabulary"]),
    ("papers", &["vocabulary"]),
    ("sheets", &["domain", "vocabulary"]),
    ("store", &["policy", "domain", "calendar", "tlog", "vocabulary"]),
    ("plane", &["crypto", "tlog", "vocabulary"]),
    ("app", &["store", "policy", "domain", "calendar", "tlog", "crypto", "vocabulary"]),
    // See docs/adr/0011: wire forms are conversions from the domain's values.
    ("http", &["app", "domain", "vocabulary"]),
    (
        "shuqiao",
        &["app", "calendar", "crypto", "domain", "http", "plane", "policy", "sheets", "store", "tlog", "vocabulary"],
    ),
    // What an engine is asked and answers are the plane's words.
    ("engine", &["plane", "vocabulary"]),
    ("worker", &["engine", "papers", "plane", "vocabulary"]),
    ("testkit", &[]),
    ("xtask", &[]),
];

/// For tests only, besides the edges above. `testkit` knows no room, so every room's tests may know it.
const TESTS_MAY_KNOW: &[(&str, &[&str])] = &[("http", &["calendar", "crypto", "policy", "store"])];
const FOR_ALL_TESTS: &str = "testkit";

/// Never, not even by way of another room.
const NEVER: &[(&str, &[&str])] = &[
    ("app", &["http", "plane", "sheets", "shuqiao"]),
    ("plane", &["app", "store", "policy", "domain", "http"]),
    ("domain", &["policy", "store"]),
    ("store", &["app", "http", "plane"]),
    ("http", &["plane", "sheets"]),
    ("sheets", &["app", "store", "policy", "plane", "http"]),
    // See docs/adr/0013 and 0025: typesetting and the query engine are linked by the helper program alone.
    ("shuqiao", &["engine", "papers"]),
];

/// INVARIANT (pure-core), INVARIANT (one-door): rooms that these libraries must not enter, since they would bring in
/// I/O, time, chance, threads, or a stored or wire form.
const PURE: &[&str] = &["vocabulary", "calendar", "domain", "policy", "tlog"];
const IMPURE: &[&str] =
    &["async-trait", "axum", "getrandom", "rand", "reqwest", "serde", "serde_json", "sqlx", "tokio", "tracing"];

/// INVARIANT (one-door) and the like: libraries that live in these rooms and nowhere else.
const LIVES_IN: &[(&str, &[&str])] = &[
    ("aes-gcm", &["crypto"]),
    ("argon2", &["crypto"]),
    ("arrow", &["plane"]),
    // See docs/adr/0021: catalogues' workbooks are read in `sheets`, departments' own in `plane`.
    ("calamine", &["sheets", "plane"]),
    ("cedar-policy", &["policy"]),
    ("datafusion", &["engine"]),
    ("ed25519-dalek", &["crypto"]),
    ("hmac", &["crypto"]),
    ("p256", &["crypto"]),
    ("rust_xlsxwriter", &["sheets", "plane"]),
    ("sm3", &["crypto"]),
    // The demo's generator writes a department's database, not ours: see `crates/shuqiao/src/demo`.
    ("sqlx", &["store", "plane", "shuqiao"]),
    ("typst", &["papers"]),
    ("typst-pdf", &["papers"]),
    ("utoipa", &["http"]),
    ("odbc-api", &["plane"]),
    ("axum", &["http", "plane", "shuqiao"]),
];

/// One package of the workspace and what its manifest names.
pub(super) struct Room {
    name: String,
    /// Rooms and libraries that the product's build of it needs.
    needs: BTreeSet<String>,
    /// Those that only its tests need.
    tests_need: BTreeSet<String>,
}

/// The rooms, from the answer of `cargo metadata --no-deps`.
pub(super) fn rooms(metadata: &Value) -> Result<Vec<Room>> {
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    packages
        .iter()
        .map(|package| {
            let mut room = Room { name: short(&package["name"])?, needs: BTreeSet::new(), tests_need: BTreeSet::new() };
            for dependency in package["dependencies"].as_array().context("a package has no dependencies")? {
                let name = short(&dependency["name"])?;
                if dependency["kind"].as_str() == Some("dev") {
                    room.tests_need.insert(name);
                } else {
                    room.needs.insert(name);
                }
            }
            Ok(room)
        })
        .collect()
}

/// `shuqiao-domain` is the room `domain`; the program's own package is `shuqiao`.
fn short(name: &Value) -> Result<String> {
    let name = name.as_str().context("a package has no name")?;
    Ok(name.strip_prefix("shuqiao-").unwrap_or(name).to_owned())
}

pub(super) fn problems(rooms: &[Room]) -> Vec<String> {
    let mut problems = Vec::new();
    let names: BTreeSet<&str> = rooms.iter().map(|room| room.name.as_str()).collect();
    for room in rooms {
        // A benchmark may know everybody; that nobody knows it follows from the list.
        if room.name.starts_with("bench-") {
            continue;
        }
        let Some(allowed) = look_up(MAY_KNOW, &room.name) else {
            problems.push(format!("{}: a room that is not on the map; add it to xtask/src/tidy/edges.rs", room.name));
            continue;
        };
        for needed in room.needs.iter().filter(|needed| names.contains(needed.as_str())) {
            if !allowed.contains(&needed.as_str()) {
                problems.push(format!("{} must not know {needed}", room.name));
            }
        }
        let for_tests = look_up(TESTS_MAY_KNOW, &room.name).unwrap_or_default();
        for needed in room.tests_need.iter().filter(|needed| names.contains(needed.as_str())) {
            let known = [allowed, for_tests].concat().contains(&needed.as_str()) || needed == FOR_ALL_TESTS;
            if !known {
                problems.push(format!("the tests of {} must not know {needed}", room.name));
            }
        }
        problems.extend(libraries(room));
    }
    problems.extend(ways(rooms));
    problems
}

fn libraries(room: &Room) -> Vec<String> {
    let mut problems = Vec::new();
    if PURE.contains(&room.name.as_str()) {
        for library in IMPURE.iter().filter(|library| room.needs.contains(**library)) {
            problems.push(format!("{} is pure and must not use {library}", room.name));
        }
    }
    for (library, homes) in LIVES_IN {
        if room.needs.contains(*library) && !homes.contains(&room.name.as_str()) {
            problems.push(format!("{} must not use {library}: it lives in {}", room.name, homes.join(", ")));
        }
    }
    problems
}

/// Forbidden ways through other rooms.
fn ways(rooms: &[Room]) -> Vec<String> {
    let needs: BTreeMap<&str, &BTreeSet<String>> = rooms.iter().map(|room| (room.name.as_str(), &room.needs)).collect();
    let mut problems = Vec::new();
    for (from, forbidden) in NEVER {
        let mut reached = BTreeSet::new();
        let mut ahead = vec![*from];
        while let Some(room) = ahead.pop() {
            for next in needs.get(room).into_iter().flat_map(|needs| needs.iter()) {
                if reached.insert(next.as_str()) {
                    ahead.push(next);
                }
            }
        }
        let found = forbidden.iter().filter(|room| reached.contains(**room));
        problems.extend(found.map(|room| format!("{from} must never reach {room}, not even by way of another room")));
    }
    problems
}

fn look_up(list: &[(&str, &'static [&'static str])], name: &str) -> Option<&'static [&'static str]> {
    list.iter().find(|(room, _)| *room == name).map(|(_, rooms)| *rooms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(name: &str, needs: &[&str], tests_need: &[&str]) -> Room {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Room { name: name.to_owned(), needs: set(needs), tests_need: set(tests_need) }
    }

    fn check(rooms: &[Room], expected: &[&str]) {
        let mut house: Vec<Room> = Vec::new();
        for (name, _) in MAY_KNOW {
            if !rooms.iter().any(|room| room.name == *name) {
                house.push(room(name, &[], &[]));
            }
        }
        house.extend(rooms.iter().map(|r| Room {
            name: r.name.clone(),
            needs: r.needs.clone(),
            tests_need: r.tests_need.clone(),
        }));
        assert_eq!(problems(&house), expected);
    }

    #[test]
    fn the_map_is_kept() {
        check(&[room("domain", &["calendar", "thiserror"], &["proptest"])], &[]);
        check(&[room("shuqiao", &["http"], &["testkit"])], &[]);
        check(&[room("bench-call", &["plane", "store"], &[])], &[]);
        check(&[room("http", &["store"], &[])], &["http must not know store"]);
        check(&[room("shuqiao", &["testkit"], &[])], &["shuqiao must not know testkit"]);
        check(&[room("domain", &[], &["store"])], &["the tests of domain must not know store"]);
        check(
            &[room("plane", &["bench-call"], &[]), room("bench-call", &[], &[])],
            &["plane must not know bench-call"],
        );
        check(
            &[room("search", &[], &[])],
            &["search: a room that is not on the map; add it to xtask/src/tidy/edges.rs"],
        );
    }

    #[test]
    fn pure_rooms_stay_pure_and_libraries_at_home() {
        check(&[room("tlog", &["tokio"], &[])], &["tlog is pure and must not use tokio"]);
        check(&[room("app", &["argon2"], &[])], &["app must not use argon2: it lives in crypto"]);
    }

    #[test]
    fn forbidden_ways_through_other_rooms_are_found() {
        let found =
            problems(&[room("plane", &["crypto"], &[]), room("crypto", &["store"], &[]), room("store", &[], &[])]);
        assert_eq!(
            found,
            ["crypto must not know store", "plane must never reach store, not even by way of another room"]
        );
    }

    #[test]
    fn rooms_are_read_from_cargo() {
        let metadata = serde_json::json!({"packages": [{"name": "shuqiao-app", "dependencies": [
            {"name": "shuqiao-store", "kind": null}, {"name": "tempfile", "kind": "dev"}]}]});
        let rooms = rooms(&metadata).unwrap();
        assert_eq!(rooms[0].name, "app");
        assert!(rooms[0].needs.contains("store") && rooms[0].tests_need.contains("tempfile"));
    }
}
