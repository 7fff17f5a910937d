//! What changed since an epoch, snapshots by pages, and gateways.

use crate::{
    databases::{Database, on_both},
    samples::{at, commit, furnish, grant, grant_states, id, organisation, permit, request, source, system},
};
use shuqiao_domain::{
    gateway::Gateway,
    grant::{Grant, GrantState},
};
use shuqiao_store::{BOOK_CHANGES_KEPT, BookThing, Revised, Store, StoreError, Tx};
use std::collections::BTreeSet;

on_both!(
    changes_are_told_by_epoch,
    changes_that_are_not_known_in_full_are_not_told,
    old_changes_are_dropped,
    live_grants_are_read_by_pages,
    gateways_read_back,
    a_gateway_saved_in_between_is_stale,
);

async fn begun(store: &Store) -> Tx {
    store.begin_write().await.unwrap()
}

fn gateway(n: u32) -> Gateway {
    Gateway { id: id(n), provider: id(1), name: format!("网关 {n}"), registered: at(5), removed: None }
}

async fn changes_are_told_by_epoch(db: Database) {
    furnish(&db.store).await;
    let mut tx = begun(&db.store).await;
    tx.source_insert(&source(1), &permit()).await.unwrap();
    tx.system_insert(&system(1), &permit()).await.unwrap();
    commit(tx).await;
    let mut tx = begun(&db.store).await;
    tx.request_insert(&request(1), &permit()).await.unwrap();
    tx.grant_insert(&grant(1), &permit()).await.unwrap();
    commit(tx).await;
    let mut tx = begun(&db.store).await;
    tx.system_save(&system(1), 1, &permit()).await.unwrap();
    tx.gateway_insert(&gateway(1), &permit()).await.unwrap();
    commit(tx).await;
    let mut dropped = begun(&db.store).await;
    dropped.grant_save(&grant(1), 1, &permit()).await.unwrap();
    drop(dropped);
    let mut tx = begun(&db.store).await;
    assert!(matches!(tx.grant_save(&grant(1), 7, &permit()).await, Err(StoreError::Stale { .. })));
    drop(tx);
    let (system, gateway) = (BookThing::System(id(1)), BookThing::Gateway(id(1)));
    let (source, grant) = (BookThing::Source(id(1)), BookThing::Grant(id(1)));
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.grant_epoch().await.unwrap(), 3, "what was not committed is no change");
    for (after, told) in [
        (0, vec![system, source, grant, gateway]),
        (1, vec![system, grant, gateway]),
        (2, vec![system, gateway]),
        (3, vec![]),
    ] {
        let told: BTreeSet<BookThing> = told.into_iter().collect();
        assert_eq!(reader.book_changes(after).await.unwrap(), Some(told), "{after}");
    }
    assert_eq!(reader.book_changes(4).await.unwrap(), None, "an epoch that is still to come");
}

async fn changes_that_are_not_known_in_full_are_not_told(db: Database) {
    furnish(&db.store).await;
    for n in 1..=4 {
        let mut tx = begun(&db.store).await;
        tx.system_insert(&system(n), &permit()).await.unwrap();
        commit(tx).await;
    }
    // As of a node that counted epochs before it noted changes.
    db.tamper("delete from book_change where epoch = 2").await.unwrap();
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.book_changes(1).await.unwrap(), None);
    assert_eq!(reader.book_changes(2).await.unwrap().map(|things| things.len()), Some(2));
}

async fn old_changes_are_dropped(db: Database) {
    furnish(&db.store).await;
    for n in 1..=2 {
        let mut tx = begun(&db.store).await;
        tx.system_insert(&system(n), &permit()).await.unwrap();
        commit(tx).await;
        db.tamper(&format!("update counter set value = value + {} where name = 'grant_epoch'", BOOK_CHANGES_KEPT - 1))
            .await
            .unwrap();
    }
    let mut tx = begun(&db.store).await;
    tx.system_insert(&system(3), &permit()).await.unwrap();
    commit(tx).await;
    let mut reader = db.store.begin_read().await.unwrap();
    let newest = reader.grant_epoch().await.unwrap();
    assert_eq!(newest, 2 * BOOK_CHANGES_KEPT + 1);
    assert_eq!(reader.book_changes(newest - 1).await.unwrap(), Some([BookThing::System(id(3))].into()));
    assert_eq!(reader.book_changes(0).await.unwrap(), None);
    drop(reader);
    let again = db.tamper("insert into book_change (epoch, id) values (1, 'x'), (10001, 'x')").await;
    again.unwrap_or_else(|error| panic!("rows of both old epochs are gone: {error}"));
}

async fn live_grants_are_read_by_pages(db: Database) {
    furnish(&db.store).await;
    let mut tx = begun(&db.store).await;
    tx.organisation_insert(&organisation(3), &permit()).await.unwrap();
    let revoked = grant_states().pop().unwrap();
    for n in 1..=5 {
        tx.request_insert(&request(n), &permit()).await.unwrap();
        let state = if n == 3 { revoked.clone() } else { GrantState::Active };
        let provider = if n == 5 { id(3) } else { grant(n).provider };
        tx.grant_insert(&Grant { state, provider, ..grant(n) }, &permit()).await.unwrap();
    }
    commit(tx).await;
    let mut reader = db.store.begin_read().await.unwrap();
    let (mut after, mut pages) = (None, Vec::new());
    loop {
        let page = reader.grant_live_page(at(0), None, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        pages.push(page.iter().map(|grant| grant.id).collect::<Vec<_>>());
    }
    assert_eq!(pages, [vec![id(1), id(2)], vec![id(4), id(5)]]);
    let of_one = reader.grant_live_page(at(0), Some(id(3)), None, 10).await.unwrap();
    assert_eq!(of_one.iter().map(|grant| grant.id).collect::<Vec<_>>(), [id(5)]);
    let among = reader.grant_live_among(&[id(2), id(3), id(5), id(9)], at(0)).await.unwrap();
    let among: BTreeSet<_> = among.into_iter().map(|grant| grant.id).collect();
    assert_eq!(among, [id(2), id(5)].into(), "the revoked one and the one that is not are left out");
}

async fn gateways_read_back(db: Database) {
    furnish(&db.store).await;
    let mut tx = begun(&db.store).await;
    for n in 1..=2 {
        let saved = tx.gateway_insert(&gateway(n), &permit()).await.unwrap();
        assert_eq!(saved, Revised { value: gateway(n), revision: 1 });
    }
    let removed = Gateway { removed: Some(at(9)), ..gateway(1) };
    tx.gateway_save(&removed, 1, &permit()).await.unwrap();
    commit(tx).await;
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.gateway_fetch(id(1)).await.unwrap(), Revised { value: removed.clone(), revision: 2 });
    assert_eq!(reader.gateway_list(Some(id(1))).await.unwrap(), [removed, gateway(2)]);
    assert_eq!(reader.gateway_list(Some(id(2))).await.unwrap(), []);
    assert_eq!(reader.gateway_list(None).await.unwrap(), [gateway(2)], "those that stand");
    assert!(matches!(reader.gateway_fetch(id(7)).await, Err(StoreError::NotFound)));
    drop(reader);
    let mut tx = begun(&db.store).await;
    let homeless = Gateway { provider: id(77), ..gateway(3) };
    assert!(matches!(tx.gateway_insert(&homeless, &permit()).await, Err(StoreError::NotFound)));
}

async fn a_gateway_saved_in_between_is_stale(db: Database) {
    furnish(&db.store).await;
    let mut tx = begun(&db.store).await;
    tx.gateway_insert(&gateway(1), &permit()).await.unwrap();
    commit(tx).await;
    let mut tx = begun(&db.store).await;
    tx.gateway_save(&gateway(1), 1, &permit()).await.unwrap();
    commit(tx).await;
    let mut tx = begun(&db.store).await;
    let stale = tx.gateway_save(&gateway(1), 1, &permit()).await;
    assert!(matches!(stale, Err(StoreError::Stale { expected: 1, found: 2 })), "{stale:?}");
    let missing = tx.gateway_save(&gateway(2), 1, &permit()).await;
    assert!(matches!(missing, Err(StoreError::NotFound)), "{missing:?}");
}
