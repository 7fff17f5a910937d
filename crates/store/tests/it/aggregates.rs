//! Every aggregate in every state: what was saved is read back, and an older revision is not overwritten.

use crate::{
    databases::{Database, on_both},
    samples::{
        at, commit, entry, entry_states, followed_entries, furnish, grant, grant_states, id, organisation, permit,
        request, request_states, source, system,
    },
};
use shuqiao_domain::{
    catalogue::{Announcement, Entry, EntryContent, EntryStateName},
    grant::{Grant, GrantState},
    request::{Request, RequestContent, RequestStateName},
    source::Source,
    system::System,
};
use shuqiao_store::{EntryQuery, GrantQuery, Revised, Store, StoreError, Tx};
use shuqiao_vocabulary::Moment;
use std::{collections::BTreeSet, fmt::Debug};

on_both!(
    entries_read_back_in_every_state,
    entries_read_back_with_what_is_under_way,
    entries_from_before_versions_read_as_the_first,
    versions_and_announcements_are_kept,
    requests_read_back_in_every_state,
    grants_read_back_in_every_state,
    sources_read_back,
    systems_read_back,
    an_entry_saved_in_between_is_stale,
    a_request_saved_in_between_is_stale,
    a_grant_saved_in_between_is_stale,
    a_source_saved_in_between_is_stale,
    a_system_saved_in_between_is_stale,
    what_must_be_alone_is_taken,
    the_epoch_moves_with_what_the_plane_serves_from,
    live_grants_are_those_of_the_day,
);

async fn begun(store: &Store) -> Tx {
    store.begin_write().await.unwrap()
}

async fn entries_read_back_in_every_state(db: Database) {
    furnish(&db.store).await;
    let states = entry_states();
    for (seen, state) in (1..).zip(states) {
        let wanted = Entry { state, ..entry(1) };
        let mut tx = begun(&db.store).await;
        let saved = tx.entry_save(&wanted, seen, &permit()).await.unwrap();
        assert_eq!(saved, Revised { value: wanted, revision: seen + 1 });
        commit(tx).await;
        assert_eq!(begun(&db.store).await.entry_fetch(id(1)).await.unwrap(), saved);
    }
    let empty = Entry { content: EntryContent::default(), ..entry(2) };
    let mut tx = begun(&db.store).await;
    let saved = tx.entry_insert(&empty, &permit()).await.unwrap();
    assert_eq!(tx.entry_fetch(id(2)).await.unwrap(), saved);
    assert!(matches!(tx.entry_fetch(id(3)).await, Err(StoreError::NotFound)));
}

async fn entries_read_back_with_what_is_under_way(db: Database) {
    furnish(&db.store).await;
    let entries = followed_entries(1);
    let mut names: BTreeSet<_> = entries.iter().map(Entry::state_name).collect();
    names.extend(entry_states().into_iter().map(|state| Entry { state, ..entry(1) }.state_name()));
    assert_eq!(names.len(), EntryStateName::ALL.len());
    for (seen, wanted) in (1..).zip(entries) {
        let mut tx = begun(&db.store).await;
        let saved = tx.entry_save(&wanted, seen, &permit()).await.unwrap();
        commit(tx).await;
        assert_eq!(begun(&db.store).await.entry_fetch(id(1)).await.unwrap(), saved);
        assert_eq!(saved.value, wanted);
        let query = EntryQuery { clock_runs: true, ..EntryQuery::default() };
        let running = db.store.begin_read().await.unwrap().entry_list(&query).await.unwrap();
        assert_eq!(running.items.len(), 1, "a clock runs: {}", wanted.state_name());
    }
}

/// A row as it was written before there were versions: neither work nor changes, and the state without its version.
async fn entries_from_before_versions_read_as_the_first(db: Database) {
    furnish(&db.store).await;
    let state = entry_states().pop().unwrap();
    let wanted = Entry { state, ..entry(1) };
    let mut tx = begun(&db.store).await;
    tx.entry_save(&wanted, 1, &permit()).await.unwrap();
    commit(tx).await;
    for part in [
        r#","work":null"#,
        r#","changes":[]"#,
        r#","reviews":[]"#,
        r#""version":1,"#,
        r#","announcement":null"#,
        r#","review_by":"2026-10-01""#,
    ] {
        db.tamper(&format!("update catalogue_entry set body = replace(body, '{part}', '')")).await.unwrap();
    }
    let mut old = wanted;
    if let Some(basis) = &mut old.content.not_shared_basis {
        basis.review_by = None;
    }
    let read = begun(&db.store).await.entry_fetch(id(1)).await.unwrap().value;
    assert_eq!(read, old);
    assert_eq!(read.version().map(|version| version.version), Some(1));
}

async fn versions_and_announcements_are_kept(db: Database) {
    furnish(&db.store).await;
    let state = entry_states().pop().unwrap();
    let held = Entry { state, ..entry(1) }.version().unwrap();
    let retired = followed_entries(1).pop().unwrap();
    let announced = retired.announcement().unwrap();
    let mut tx = begun(&db.store).await;
    tx.organisation_insert(&organisation(3), &permit()).await.unwrap();
    tx.version_insert(id(1), &held, &permit()).await.unwrap();
    for place in 1..=3_u64 {
        let made = Announcement { number: format!("TG-{place}"), ..announced.clone() };
        tx.announcement_insert(place, &made, &permit()).await.unwrap();
    }
    commit(tx).await;
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.version_list(id(1)).await.unwrap(), std::slice::from_ref(&held));
    assert!(reader.version_list(id(2)).await.unwrap().is_empty());
    let page = reader.announcement_list(2, None).await.unwrap();
    let numbers: Vec<_> = page.items.iter().map(|made| made.number.as_str()).collect();
    assert_eq!(numbers, ["TG-3", "TG-2"]);
    let rest = reader.announcement_list(2, page.next.as_ref()).await.unwrap();
    assert_eq!(rest.items, [Announcement { number: "TG-1".into(), ..announced }]);
    drop(reader);
    let again = begun(&db.store).await.version_insert(id(1), &held, &permit()).await;
    assert!(again.is_err(), "{again:?}");
    for table in ["catalogue_version", "announcement"] {
        assert!(db.tamper(&format!("update {table} set version = 9")).await.is_err(), "{table}");
        assert!(db.tamper(&format!("delete from {table}")).await.is_err(), "{table}");
    }
}

async fn requests_read_back_in_every_state(db: Database) {
    furnish(&db.store).await;
    let states = request_states();
    let names: BTreeSet<_> = states.iter().map(shuqiao_domain::request::RequestState::name).collect();
    assert_eq!(names.len(), RequestStateName::ALL.len());
    let mut tx = begun(&db.store).await;
    tx.request_insert(&request(1), &permit()).await.unwrap();
    commit(tx).await;
    for (seen, state) in (1..).zip(states) {
        let wanted = Request { state, ..request(1) };
        let mut tx = begun(&db.store).await;
        let saved = tx.request_save(&wanted, seen, &permit()).await.unwrap();
        assert_eq!(saved, Revised { value: wanted, revision: seen + 1 });
        commit(tx).await;
        assert_eq!(begun(&db.store).await.request_fetch(id(1)).await.unwrap(), saved);
    }
    let empty = Request { content: RequestContent::default(), ..request(2) };
    let mut tx = begun(&db.store).await;
    let saved = tx.request_insert(&empty, &permit()).await.unwrap();
    assert_eq!(tx.request_fetch(id(2)).await.unwrap(), saved);
}

async fn grants_read_back_in_every_state(db: Database) {
    furnish(&db.store).await;
    let mut tx = begun(&db.store).await;
    tx.request_insert(&request(1), &permit()).await.unwrap();
    tx.grant_insert(&grant(1), &permit()).await.unwrap();
    commit(tx).await;
    for (seen, state) in (1..).zip(grant_states()) {
        let wanted = Grant { state, ..grant(1) };
        let mut tx = begun(&db.store).await;
        let saved = tx.grant_save(&wanted, seen, &permit()).await.unwrap();
        assert_eq!(saved, Revised { value: wanted, revision: seen + 1 });
        commit(tx).await;
        assert_eq!(begun(&db.store).await.grant_fetch(id(1)).await.unwrap(), saved);
    }
}

async fn sources_read_back(db: Database) {
    furnish(&db.store).await;
    let mut tx = begun(&db.store).await;
    let first = tx.source_insert(&source(1), &permit()).await.unwrap();
    let second = tx.source_insert(&source(2), &permit()).await.unwrap();
    assert_eq!(tx.source_list(id(1)).await.unwrap(), [first.clone(), second]);
    assert!(tx.source_list(id(2)).await.unwrap().is_empty());
    let again = Source { described_at: at(99), ..source(1) };
    let saved = tx.source_save(&again, first.revision, &permit()).await.unwrap();
    assert_eq!(saved, Revised { value: again, revision: 2 });
    commit(tx).await;
    assert_eq!(begun(&db.store).await.source_fetch(id(1)).await.unwrap(), saved);
}

async fn systems_read_back(db: Database) {
    furnish(&db.store).await;
    let mut tx = begun(&db.store).await;
    tx.system_insert(&system(1), &permit()).await.unwrap();
    let other = System { organisation: id(2), secret_digests: Vec::new(), active: false, ..system(2) };
    tx.system_insert(&other, &permit()).await.unwrap();
    assert_eq!(tx.system_list(None).await.unwrap(), [system(1), other.clone()]);
    assert_eq!(tx.system_list(Some(id(2))).await.unwrap(), std::slice::from_ref(&other));
    assert_eq!(tx.system_list_by_ids(&[id(9), id(2)]).await.unwrap(), [other]);
    let off = System { active: false, ..system(1) };
    let saved = tx.system_save(&off, 1, &permit()).await.unwrap();
    commit(tx).await;
    assert_eq!(begun(&db.store).await.system_fetch(id(1)).await.unwrap(), saved);
}

fn assert_stale<T: Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::Stale { expected: 1, found: 2 })), "{outcome:?}");
}

fn assert_missing<T: Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::NotFound)), "{outcome:?}");
}

async fn an_entry_saved_in_between_is_stale(db: Database) {
    furnish(&db.store).await;
    let mut tx = begun(&db.store).await;
    tx.entry_save(&entry(1), 1, &permit()).await.unwrap();
    assert_stale(tx.entry_save(&entry(1), 1, &permit()).await);
    assert_missing(tx.entry_save(&entry(9), 1, &permit()).await);
    commit(tx).await;
}

async fn a_request_saved_in_between_is_stale(db: Database) {
    furnish(&db.store).await;
    let mut tx = begun(&db.store).await;
    tx.request_insert(&request(1), &permit()).await.unwrap();
    tx.request_save(&request(1), 1, &permit()).await.unwrap();
    assert_stale(tx.request_save(&request(1), 1, &permit()).await);
    assert_missing(tx.request_save(&request(9), 1, &permit()).await);
    commit(tx).await;
}

async fn a_grant_saved_in_between_is_stale(db: Database) {
    furnish(&db.store).await;
    let mut tx = begun(&db.store).await;
    tx.request_insert(&request(1), &permit()).await.unwrap();
    tx.grant_insert(&grant(1), &permit()).await.unwrap();
    tx.grant_save(&grant(1), 1, &permit()).await.unwrap();
    assert_stale(tx.grant_save(&grant(1), 1, &permit()).await);
    assert_missing(tx.grant_save(&grant(9), 1, &permit()).await);
    commit(tx).await;
}

async fn a_source_saved_in_between_is_stale(db: Database) {
    furnish(&db.store).await;
    let mut tx = begun(&db.store).await;
    tx.source_insert(&source(1), &permit()).await.unwrap();
    tx.source_save(&source(1), 1, &permit()).await.unwrap();
    assert_stale(tx.source_save(&source(1), 1, &permit()).await);
    assert_missing(tx.source_save(&source(9), 1, &permit()).await);
    commit(tx).await;
}

async fn a_system_saved_in_between_is_stale(db: Database) {
    furnish(&db.store).await;
    let mut tx = begun(&db.store).await;
    tx.system_insert(&system(1), &permit()).await.unwrap();
    tx.system_save(&system(1), 1, &permit()).await.unwrap();
    assert_stale(tx.system_save(&system(1), 1, &permit()).await);
    assert_missing(tx.system_save(&system(9), 1, &permit()).await);
    commit(tx).await;
}

async fn what_must_be_alone_is_taken(db: Database) {
    furnish(&db.store).await;
    let published = entry_states().pop().unwrap();
    let mut tx = begun(&db.store).await;
    tx.entry_save(&Entry { state: published.clone(), ..entry(1) }, 1, &permit()).await.unwrap();
    tx.source_insert(&source(1), &permit()).await.unwrap();
    tx.request_insert(&request(1), &permit()).await.unwrap();
    tx.grant_insert(&grant(1), &permit()).await.unwrap();
    commit(tx).await;

    let mut taken = Vec::new();
    let mut note = |outcome: Result<(), StoreError>| match outcome {
        Err(StoreError::Taken { what }) => taken.push(what),
        other => panic!("{other:?}"),
    };
    let entry = Entry { state: published, ..entry(2) };
    note(begun(&db.store).await.entry_insert(&entry, &permit()).await.map(drop));
    let source = Source { name: source(1).name, ..source(2) };
    note(begun(&db.store).await.source_insert(&source, &permit()).await.map(drop));
    let request = Request { number: request(1).number, ..request(2) };
    note(begun(&db.store).await.request_insert(&request, &permit()).await.map(drop));
    let grant = Grant { request: id(1), ..grant(2) };
    note(begun(&db.store).await.grant_insert(&grant, &permit()).await.map(drop));
    assert_eq!(taken, ["catalogue_number", "name", "number", "grant"]);
}

async fn the_epoch_moves_with_what_the_plane_serves_from(db: Database) {
    furnish(&db.store).await;
    let epoch = async || db.store.begin_read().await.unwrap().grant_epoch().await.unwrap();
    assert_eq!(epoch().await, 0);
    let mut tx = begun(&db.store).await;
    tx.source_insert(&source(1), &permit()).await.unwrap();
    tx.system_insert(&system(1), &permit()).await.unwrap();
    commit(tx).await;
    assert_eq!(epoch().await, 1, "once for a commit");
    let mut tx = begun(&db.store).await;
    tx.request_insert(&request(1), &permit()).await.unwrap();
    commit(tx).await;
    assert_eq!(epoch().await, 1, "not for what the plane does not know");
    let mut tx = begun(&db.store).await;
    tx.grant_insert(&grant(1), &permit()).await.unwrap();
    drop(tx);
    assert_eq!(epoch().await, 1, "not without a commit");
    let mut tx = begun(&db.store).await;
    tx.grant_insert(&grant(1), &permit()).await.unwrap();
    commit(tx).await;
    assert_eq!(epoch().await, 2);
}

async fn live_grants_are_those_of_the_day(db: Database) {
    furnish(&db.store).await;
    let mut tx = begun(&db.store).await;
    tx.organisation_insert(&organisation(3), &permit()).await.unwrap();
    let revoked = grant_states().pop().unwrap();
    for n in 1..=3 {
        tx.request_insert(&request(n), &permit()).await.unwrap();
        let state = if n == 3 { revoked.clone() } else { GrantState::Active };
        tx.grant_insert(&Grant { state, ..grant(n) }, &permit()).await.unwrap();
    }
    commit(tx).await;
    let mut reader = db.store.begin_read().await.unwrap();
    // The last second of 31 October 2025 in Asia/Shanghai, and the next.
    let last = Moment::from_microseconds(1_761_926_399_999_999);
    for (at, live) in [(last, 2), (Moment::from_microseconds(last.microseconds() + 1), 0)] {
        assert_eq!(reader.grant_live_page(at, None, None, 10).await.unwrap().len(), live);
        let query = GrantQuery { live_at: Some(at), ..GrantQuery::default() };
        assert_eq!(reader.grant_list(&query).await.unwrap().items.len(), live);
        assert_eq!(reader.statistics(at).await.unwrap().grants_active, live as u64);
        assert_eq!(reader.grant_entries_live(id(2), at).await.unwrap().len(), live.min(1));
        assert!(reader.grant_entries_live(id(3), at).await.unwrap().is_empty());
    }
}
