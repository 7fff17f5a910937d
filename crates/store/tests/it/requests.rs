//! Applications, deliveries that are due, and rows from before either was known.

use crate::{
    databases::{Database, on_both},
    samples::{at, commit, furnish, id, permit, request, request_states, stamp},
};
use shuqiao_domain::request::{Cart, DeliverySettled, Request, RequestState, RequestStateName};
use shuqiao_store::{RequestQuery, StoreError};

on_both!(
    applications_read_back_with_their_requests,
    deliveries_are_found_while_their_clock_runs,
    rows_from_before_extensions_and_deliveries_read,
);

async fn applications_read_back_with_their_requests(db: Database) {
    furnish(&db.store).await;
    let cart = Cart { id: id(7), number: "2026-A00001".into(), requester: id(2), drafted_by: id(1), at: at(3) };
    let mut tx = db.store.begin_write().await.unwrap();
    tx.cart_insert(&cart, &permit()).await.unwrap();
    for n in 1..=3 {
        let part = Request { cart: (n < 3).then_some(cart.id), ..request(n) };
        tx.request_insert(&part, &permit()).await.unwrap();
    }
    commit(tx).await;
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.cart_fetch(cart.id).await.unwrap(), cart);
    assert!(matches!(reader.cart_fetch(id(8)).await, Err(StoreError::NotFound)));
    let parts = reader.request_list(&RequestQuery { cart: Some(cart.id), ..RequestQuery::default() }).await.unwrap();
    let parts: Vec<_> = parts.items.into_iter().map(|part| (part.value.number, part.value.cart)).collect();
    assert_eq!(parts, [("2026-000002".into(), Some(cart.id)), ("2026-000001".into(), Some(cart.id))]);
    drop(reader);
    let mut tx = db.store.begin_write().await.unwrap();
    let again = tx.cart_insert(&Cart { id: id(8), ..cart }, &permit()).await;
    assert!(matches!(again, Err(StoreError::Taken { what: "number" })), "{again:?}");
}

async fn deliveries_are_found_while_their_clock_runs(db: Database) {
    furnish(&db.store).await;
    let agreed: Vec<RequestState> =
        request_states().into_iter().filter(|state| state.name() == RequestStateName::Agreed).collect();
    let runs = |state: &RequestState| state.delivery().is_some_and(|delivery| delivery.settled.is_none());
    let running: Vec<u32> = (1..).zip(&agreed).filter(|(_, state)| runs(state)).map(|(n, _)| n).collect();
    let mut tx = db.store.begin_write().await.unwrap();
    for (n, state) in (1..).zip(agreed.clone()) {
        tx.request_insert(&Request { state, ..request(n) }, &permit()).await.unwrap();
    }
    commit(tx).await;
    let mut tx = db.store.begin_write().await.unwrap();
    let found = tx.request_deliveries(None, 100).await.unwrap();
    assert_eq!(
        found.iter().map(|f| f.value.id).collect::<Vec<_>>(),
        running.iter().map(|n| id(*n)).collect::<Vec<_>>()
    );
    let rest = tx.request_deliveries(Some(found[0].value.id), 100).await.unwrap();
    assert_eq!(rest[..], found[1..], "it goes on behind the one before");
    // What has stopped is not looked at again.
    let mut stopped = found[0].value.clone();
    if let RequestState::Agreed { delivery: Some(delivery), .. } = &mut stopped.state {
        delivery.settled = Some(DeliverySettled::Confirmed(stamp(2, 80)));
    }
    tx.request_save(&stopped, 1, &permit()).await.unwrap();
    assert_eq!(tx.request_deliveries(None, 100).await.unwrap(), found[1..]);
}

async fn rows_from_before_extensions_and_deliveries_read(db: Database) {
    furnish(&db.store).await;
    let names = ["cart", "extension", "delivery", "answer_by", "self_made"];
    let old = |state: RequestState| {
        let state = match state {
            RequestState::Agreed { reception, proposal, proposed, decided, grant, .. } => {
                RequestState::Agreed { reception, proposal, proposed, decided, grant, delivery: None }
            }
            other => other,
        };
        Request { state, ..request(1) }
    };
    let agreed = request_states().into_iter().find(|state| state.name() == RequestStateName::Agreed).unwrap();
    let received = request_states().into_iter().find(|state| state.name() == RequestStateName::Received).unwrap();
    let mut tx = db.store.begin_write().await.unwrap();
    tx.request_insert(&old(agreed), &permit()).await.unwrap();
    tx.request_insert(&Request { number: "2".into(), id: id(2), ..old(received) }, &permit()).await.unwrap();
    commit(tx).await;
    let before = db.store.begin_read().await.unwrap().request_fetch(id(1)).await.unwrap();
    for name in names {
        for form in [format!(",\"{name}\":null"), format!("\"{name}\":null,")] {
            db.tamper(&format!("update sharing_request set body = replace(body, '{form}', '')")).await.unwrap();
        }
    }
    let after = db.store.begin_read().await.unwrap().request_fetch(id(1)).await.unwrap();
    assert_eq!(after, before);
    assert!(after.value.state.delivery().is_none());
    let received = db.store.begin_read().await.unwrap().request_fetch(id(2)).await.unwrap();
    assert!(received.value.state.reception().unwrap().extension.is_none());
}
