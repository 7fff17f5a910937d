//! Lists: filters, search words, pages.

use crate::{
    databases::{Database, on_both},
    samples::{at, commit, entry, entry_states, furnish, grant, id, permit, person, reception, record, request, stamp},
};
use shuqiao_domain::{
    catalogue::{Entry, EntryContent, EntryState, EntryStateName},
    request::{Request, RequestState, RequestStateName},
};
use shuqiao_store::{
    EntryQuery, GrantQuery, JournalQuery, Record, RecordActor, RequestQuery, Statistics, Store, WINDOW,
};
use shuqiao_vocabulary::{CatalogueEntryId, SharingAttribute};

on_both!(
    words_are_found_as_they_are_written,
    entries_are_filtered,
    pages_show_everything_once,
    requests_are_filtered,
    grants_are_filtered,
    the_journal_is_filtered,
    the_journal_is_read_in_windows,
    statistics_count,
    what_is_stored_wrongly_is_named,
);

async fn found(store: &Store, terms: &[&str]) -> Vec<u32> {
    let query = EntryQuery { terms: terms.iter().map(ToString::to_string).collect(), ..EntryQuery::default() };
    let hits = store.begin_read().await.unwrap().entry_list(&query).await.unwrap();
    numbers(hits.items.iter().map(|hit| hit.entry.value.id))
}

/// The numbers that sample ids were made of.
fn numbers(ids: impl Iterator<Item = CatalogueEntryId>) -> Vec<u32> {
    ids.map(|id| u32::try_from(id.uuid().as_u128() & 0xffff_ffff).unwrap()).collect()
}

async fn words_are_found_as_they_are_written(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    for (n, name) in (2..).zip(["50% of a_b", r"C:\data", "500 axb", "社会保险", "it's \"x\"", "İÜ"]) {
        let content = EntryContent { name: name.into(), ..EntryContent::default() };
        tx.entry_insert(&Entry { content, ..entry(n) }, &permit()).await.unwrap();
    }
    commit(tx).await;
    let cases: [(&[&str], &[u32]); 16] = [
        (&["%"], &[2, 1]),
        (&["50%"], &[2]),
        (&["_"], &[2, 1]),
        (&["a_b"], &[2]),
        (&[r"\"], &[3]),
        (&[r"c:\D"], &[3]),
        (&["保险"], &[5]),
        (&["'s"], &[6]),
        (&["\"X\""], &[6]),
        (&["ü"], &[7]),
        (&["registered", "GUIZHOU"], &[1]),
        (&["registered", "保险"], &[]),
        (&["数据项3"], &[1]),
        (&["item_2"], &[1]),
        (&["1局", "axb"], &[4]),
        (&["a\0b"], &[]),
    ];
    for (terms, expected) in cases {
        assert_eq!(found(&db.store, terms).await, expected, "{terms:?}");
    }
    assert_eq!(found(&db.store, &["遵义市第1局"]).await.len(), 7, "by the provider's name");
}

async fn entries_are_filtered(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    for (n, state) in (2..).zip(entry_states()) {
        let attribute = if n % 2 == 0 { SharingAttribute::Unconditional } else { SharingAttribute::NotShared };
        let content = EntryContent { sharing_attribute: Some(attribute), ..EntryContent::default() };
        let provider = if n < 4 { id(2) } else { id(1) };
        tx.entry_insert(&Entry { provider, content, state, ..entry(n) }, &permit()).await.unwrap();
    }
    commit(tx).await;
    let mut reader = db.store.begin_read().await.unwrap();
    let cases = [
        (EntryQuery::default(), vec![6, 3, 5, 4, 2, 1]),
        (EntryQuery { states: vec![EntryStateName::Published], ..EntryQuery::default() }, vec![6]),
        (
            EntryQuery { states: vec![EntryStateName::Draft, EntryStateName::Filed], ..EntryQuery::default() },
            vec![3, 5, 2, 1],
        ),
        (EntryQuery { provider: Some(id(2)), ..EntryQuery::default() }, vec![3, 2]),
        (EntryQuery { attribute: Some(SharingAttribute::Unconditional), ..EntryQuery::default() }, vec![6, 4, 2]),
    ];
    for (query, expected) in cases {
        let page = reader.entry_list(&query).await.unwrap();
        assert_eq!(numbers(page.items.iter().map(|hit| hit.entry.value.id)), expected, "{query:?}");
        for hit in page.items {
            let published = matches!(hit.entry.value.state, EntryState::Published { .. });
            assert_eq!(hit.published_at, published.then(|| at(4)));
        }
    }
}

/// The items of every page of a list.
macro_rules! walked {
    ($reader:ident.$list:ident($query:ident, $limit:literal)) => {{
        let (mut items, mut after) = (Vec::new(), None);
        loop {
            let page = $reader.$list(&$query { limit: $limit, after, ..$query::default() }).await.unwrap();
            assert!(page.items.len() <= $limit);
            items.extend(page.items);
            after = page.next;
            if after.is_none() {
                break items;
            }
        }
    }};
}

async fn pages_show_everything_once(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    for n in 2..=9 {
        // Moved in the same second by threes: the id decides.
        let state = EntryState::AwaitingHead { submitted: stamp(1, i64::from(n / 3)) };
        tx.entry_insert(&Entry { state, ..entry(n) }, &permit()).await.unwrap();
        tx.request_insert(&request(n), &permit()).await.unwrap();
        tx.grant_insert(&grant(n), &permit()).await.unwrap();
    }
    tx.commit_all((0..9).map(|_| record("E", "node")).collect()).await.unwrap();

    let mut reader = db.store.begin_read().await.unwrap();
    let entries = walked!(reader.entry_list(EntryQuery, 4));
    let requests = walked!(reader.request_list(RequestQuery, 3));
    let grants = walked!(reader.grant_list(GrantQuery, 3));
    let journal = walked!(reader.journal_list(JournalQuery, 4));
    assert_eq!(numbers(entries.iter().map(|hit| hit.entry.value.id)), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    let requests: Vec<String> = requests.into_iter().map(|request| request.value.number).collect();
    let grants: Vec<String> = grants.into_iter().map(|grant| grant.value.number).collect();
    let journal: Vec<u64> = journal.into_iter().map(|row| row.index).collect();
    let expected: Vec<String> = (2..=9).rev().map(|n| format!("2026-{n:06}")).collect();
    assert_eq!((requests, grants), (expected.clone(), expected));
    assert_eq!(journal, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
}

async fn requests_are_filtered(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.entry_insert(&entry(2), &permit()).await.unwrap();
    tx.request_insert(&request(1), &permit()).await.unwrap();
    let received = RequestState::Received { reception: reception(100), returned: None };
    tx.request_insert(&Request { state: received, entry: id(2), ..request(2) }, &permit()).await.unwrap();
    tx.request_insert(&Request { requester: id(1), provider: id(2), ..request(3) }, &permit()).await.unwrap();
    commit(tx).await;
    let mut reader = db.store.begin_read().await.unwrap();
    let any = RequestQuery::default;
    let cases = [
        (any(), vec![2, 3, 1]),
        (RequestQuery { requester: Some(id(2)), ..any() }, vec![2, 1]),
        (RequestQuery { provider: Some(id(2)), ..any() }, vec![3]),
        (RequestQuery { party: Some(id(2)), ..any() }, vec![2, 3, 1]),
        (RequestQuery { party: Some(id(2)), states: vec![RequestStateName::Draft], ..any() }, vec![3, 1]),
        (RequestQuery { entry: Some(id(2)), ..any() }, vec![2]),
        (RequestQuery { requester: Some(id(1)), entry: Some(id(2)), ..any() }, vec![]),
    ];
    for (query, expected) in cases {
        let page = reader.request_list(&query).await.unwrap();
        let found: Vec<String> = page.items.into_iter().map(|request| request.value.number).collect();
        let expected: Vec<String> = expected.into_iter().map(|n: u32| format!("2026-{n:06}")).collect();
        assert_eq!(found, expected, "{query:?}");
    }
}

async fn grants_are_filtered(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    for n in 1..=2 {
        tx.request_insert(&request(n), &permit()).await.unwrap();
        tx.grant_insert(&grant(n), &permit()).await.unwrap();
    }
    commit(tx).await;
    let mut reader = db.store.begin_read().await.unwrap();
    let any = GrantQuery::default;
    let cases = [
        (any(), 2),
        (GrantQuery { requester: Some(id(2)), ..any() }, 2),
        (GrantQuery { requester: Some(id(1)), ..any() }, 0),
        (GrantQuery { provider: Some(id(1)), entry: Some(id(1)), ..any() }, 2),
        (GrantQuery { party: Some(id(1)), ..any() }, 2),
        (GrantQuery { request: Some(id(2)), ..any() }, 1),
    ];
    for (query, expected) in cases {
        assert_eq!(reader.grant_list(&query).await.unwrap().items.len(), expected, "{query:?}");
    }
}

async fn the_journal_is_filtered(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.person_insert(&person(2), &permit()).await.unwrap();
    let actor = RecordActor::Person { person: id(2), organisation: id(1) };
    let records = vec![
        Record { related: vec!["grt_1".into(), "req_1".into()], ..record("RequestAgreed", "req_1") },
        Record { related: vec!["req_1".into()], actor, ..record("GrantBegun", "grt_1") },
    ];
    tx.commit_all(records).await.unwrap();
    let mut reader = db.store.begin_read().await.unwrap();
    let any = JournalQuery::default;
    let cases: [(JournalQuery, &[u64]); 6] = [
        (any(), &[2, 1, 0]),
        (JournalQuery { subject: Some("req_1".into()), ..any() }, &[2, 1]),
        (JournalQuery { subject: Some("node".into()), ..any() }, &[0]),
        (JournalQuery { actor: Some(id(2)), ..any() }, &[2]),
        (JournalQuery { event: Some("RequestAgreed".into()), ..any() }, &[1]),
        (JournalQuery { event: Some("a\0b".into()), ..any() }, &[]),
    ];
    for (query, expected) in cases {
        let page = reader.journal_list(&query).await.unwrap();
        assert_eq!(page.items.iter().map(|row| row.index).collect::<Vec<_>>(), expected, "{query:?}");
    }
    let history = reader.history("req_1").await.unwrap();
    assert_eq!(history.len(), 1, "only what was done to it");
}

async fn the_journal_is_read_in_windows(db: Database) {
    let names = |n: u64| if n.is_multiple_of(3) { "A" } else { "B" };
    let tx = db.store.begin_write().await.unwrap();
    tx.commit_all((0..WINDOW + 5).map(|n| record(names(n), "node")).collect()).await.unwrap();
    let mut reader = db.store.begin_read().await.unwrap();
    let first = reader.journal_window(&["A", "C"], 0).await.unwrap();
    let second = reader.journal_window(&["A", "C"], WINDOW).await.unwrap();
    let indexes: Vec<u64> = first.iter().chain(&second).map(|row| row.index).collect();
    assert_eq!(indexes, (0..WINDOW + 5).filter(|n| n % 3 == 0).collect::<Vec<_>>(), "each once, the oldest first");
    assert!(first.iter().all(|row| row.index < WINDOW));
    assert_eq!(reader.journal_window(&["A", "B"], WINDOW).await.unwrap().len(), 5);
    assert!(reader.journal_window(&[], 0).await.unwrap().is_empty(), "no events, no rows");
}

async fn statistics_count(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.entry_insert(&Entry { state: entry_states().pop().unwrap(), ..entry(2) }, &permit()).await.unwrap();
    for (n, due) in [(1, 100), (2, 200)] {
        let state = RequestState::Received { reception: reception(due), returned: None };
        tx.request_insert(&Request { state, ..request(n) }, &permit()).await.unwrap();
    }
    tx.request_insert(&request(3), &permit()).await.unwrap();
    commit(tx).await;
    let counts = db.store.begin_read().await.unwrap().statistics(at(150)).await.unwrap();
    let expected = Statistics { entries_published: 1, requests_open: 2, requests_overdue: 1, grants_active: 0 };
    assert_eq!(counts, expected);
}

async fn what_is_stored_wrongly_is_named(db: Database) {
    furnish(&db.store).await;
    db.tamper("update catalogue_entry set body = replace(body, 'draft', 'drift')").await.unwrap();
    let wrong = db.store.begin_read().await.unwrap().entry_fetch(id(1)).await.unwrap_err();
    let text = wrong.to_string();
    assert!(text.contains("catalogue_entry cat_00000000000170008000000000000001"), "{text}");
    db.tamper("update person set roles = '[\"root\"]'").await.unwrap();
    let wrong = db.store.begin_read().await.unwrap().person_fetch(id(1)).await.unwrap_err();
    assert!(wrong.to_string().contains("person per_00000000000170008000000000000001"), "{wrong}");
}
