//! Changes of the book: they apply where they begin, at once, and to nothing else.

use crate::world::{World, grant_id, id, item, source_id, system, terms};
use serde_json::json;
use shuqiao_plane::book::{Book, BookError, Change, GrantTerms, SignedChange, SystemCredential};
use shuqiao_vocabulary::ItemType;

const TABLE: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO t VALUES (1, 'x', 'y');";

fn granted() -> GrantTerms {
    terms("t", vec![item("a", ItemType::Text), item("b", ItemType::Text)], &["id"])
}

async fn world() -> World {
    let world = World::sqlite(TABLE).await;
    world.install(vec![granted()]);
    world
}

fn change(from: u64, to: u64) -> Change {
    Change { node: "node.example".to_owned(), from, to, ..Change::default() }
}

fn apply(world: &World, change: &Change) -> Result<u64, BookError> {
    world.plane.change(&change.sign(world.signer()).unwrap(), world.moment())
}

#[tokio::test]
async fn a_change_takes_effect_with_the_next_call() {
    let world = world().await;
    assert_eq!(world.query(json!({})).await.rows().len(), 1);
    let narrowed = GrantTerms { items: vec![item("a", ItemType::Text)], ..granted() };
    assert_eq!(apply(&world, &Change { grants: vec![narrowed], ..change(1, 2) }).unwrap(), 2);
    assert_eq!(world.query(json!({"items": ["b"]})).await.code(), "item_not_granted");
    assert_eq!(apply(&world, &Change { grants_gone: vec![grant_id()], ..change(2, 5) }).unwrap(), 5);
    assert_eq!(world.query(json!({})).await.code(), "grant_revoked");
    apply(&world, &Change { grants: vec![granted()], ..change(5, 6) }).unwrap();
    assert_eq!(world.query(json!({})).await.status, 200);
    apply(&world, &Change { systems_gone: vec![system()], ..change(6, 7) }).unwrap();
    assert_eq!(world.query(json!({})).await.code(), "token_invalid");
    let (id, organisation) = (system(), crate::world::requester());
    let back = SystemCredential { id, organisation, secret_digests: Vec::new(), identity: Default::default() };
    apply(&world, &Change { systems: vec![back], ..change(7, 8) }).unwrap();
    assert_eq!(world.query(json!({})).await.status, 200);
}

#[tokio::test]
async fn a_change_applies_only_where_it_begins_and_only_signed() {
    let world = world().await;
    for (from, to) in [(0, 2), (2, 3), (7, 8)] {
        let wrong = apply(&world, &change(from, to)).unwrap_err();
        assert!(matches!(wrong, BookError::Gap { installed: 1, from: told } if told == from), "{wrong}");
    }
    for (from, to) in [(1, 1), (1, 0)] {
        assert!(matches!(apply(&world, &change(from, to)), Err(BookError::Malformed(_))));
    }
    let other_node = Change { node: "other.example".to_owned(), ..change(1, 2) };
    assert!(matches!(apply(&world, &other_node), Err(BookError::Value(_))));
    let revoking = Change { grants_gone: vec![grant_id()], ..change(1, 2) }.sign(world.signer()).unwrap();
    let mut bytes = revoking.as_bytes().to_vec();
    for at in 0..bytes.len() {
        bytes[at] ^= 1;
        let forged = SignedChange::from_bytes(bytes.clone());
        assert!(world.plane.change(&forged, world.moment()).is_err(), "{at}");
        bytes[at] ^= 1;
    }
    let book = world.book(vec![]).sign(world.signer()).unwrap();
    let disguised = SignedChange::from_bytes(book.as_bytes().to_vec());
    assert!(world.plane.change(&disguised, world.moment()).is_err(), "a book is no change");
    assert_eq!(world.query(json!({})).await.status, 200);
    assert_eq!(world.plane.change(&revoking, world.moment()).unwrap(), 2);
    assert!(matches!(world.plane.change(&revoking, world.moment()), Err(BookError::Gap { .. })), "once");
    let empty = World::sqlite(TABLE).await;
    assert!(apply(&empty, &change(0, 1)).is_err(), "no book, nothing to change");
}

#[tokio::test]
async fn meters_go_on_through_changes() {
    let world = World::sqlite(TABLE).await;
    world.install(vec![GrantTerms { rows_per_day: 2, calls_per_second: 2, ..granted() }]);
    assert_eq!(world.query(json!({})).await.status, 200);
    let other = GrantTerms { id: id("grt", 2), ..granted() };
    apply(&world, &Change { grants: vec![other], ..change(1, 2) }).unwrap();
    assert_eq!(world.query(json!({})).await.header("ratelimit-remaining"), Some("0"), "the second call of two");
    let renewed = GrantTerms { rows_per_day: 2, calls_per_second: 5, ..granted() };
    apply(&world, &Change { grants: vec![renewed], ..change(2, 3) }).unwrap();
    assert_eq!(world.query(json!({})).await.code(), "daily_rows_exceeded");
}

#[tokio::test]
async fn a_source_that_moves_is_followed_by_the_grants_on_it() {
    let world = world().await;
    assert_eq!(world.query(json!({})).await.rows()[0][0], json!("x"));
    let path = world.intake("elsewhere.db");
    crate::world::sqlite_file(&path, &TABLE.replace("'x'", "'moved'")).await;
    let location = shuqiao_plane::source::Location::Sqlite { path };
    let mut source = world.book(vec![]).sources.remove(0);
    assert_eq!(source.id, source_id());
    source.sealed_location = location.seal(&world.seal);
    apply(&world, &Change { sources: vec![source], ..change(1, 2) }).unwrap();
    assert_eq!(world.query(json!({})).await.rows()[0][0], json!("moved"));
}

#[tokio::test]
async fn a_book_in_parts_is_served_from_when_it_is_whole() {
    let world = world().await;
    let whole = world.book(vec![]);
    let part = |part, more, grants| {
        let book = match part {
            0 => Book { part, more, grants, ..whole.clone() },
            _ => Book { epoch: whole.epoch, node: whole.node.clone(), part, more, grants, ..Book::default() },
        };
        world.plane.install(&book.sign(world.signer()).unwrap(), world.moment())
    };
    let (first, second) = (GrantTerms { id: id("grt", 7), ..granted() }, granted());
    assert!(matches!(part(1, false, vec![]), Err(BookError::Part { part: 1, .. })), "no beginning");
    assert_eq!(part(0, true, vec![first.clone()]).unwrap(), 1, "the one before is in force");
    assert_eq!(world.query(json!({})).await.status, 200);
    assert!(matches!(part(2, false, vec![]), Err(BookError::Part { part: 2, .. })), "a part is missing");
    assert!(matches!(part(1, false, vec![]), Err(BookError::Part { part: 1, .. })), "what was begun is given up");
    part(0, true, vec![first]).unwrap();
    assert_eq!(part(1, false, vec![second]).unwrap(), 2);
    assert_eq!(world.query(json!({})).await.status, 200);
    part(0, false, vec![]).unwrap();
    assert_eq!(world.query(json!({})).await.code(), "grant_revoked", "of the same epoch, and whole by itself");
}
