//! Cases of every kind: what was saved is read back, an older revision is not overwritten, lists find what they should.

use crate::{
    databases::{Database, on_both},
    samples::{at, commit, furnish, id, permit, stamp},
};
use shuqiao_domain::{
    Clock,
    case::{About, AnyCase, Case, CaseClock, CaseKind, Procedure, Step},
};
use shuqiao_store::{CaseQuery, Revised, StoreError};
use shuqiao_vocabulary::{Article, closed::ClosedList};

mod kinds;

on_both!(
    cases_read_back_with_every_act_in_every_state,
    a_case_saved_in_between_is_stale,
    cases_are_found_by_party_subject_and_clock,
);

/// A case of this kind with everything filled, in this state.
fn case<P: Procedure>(number: u8, matter: P, acts: Vec<P::Act>, state: P::State) -> Case<P> {
    let clock = Clock {
        started: at(1),
        due: at(100),
        working_days: 10,
        ground: Article::paragraph(26, 2),
        calendar: "CN-2018..2026".into(),
        provisional: true,
        kind: None,
        rule_set: "decree".into(),
        extended_by: 0,
        paused_for: 0,
        counted_from: None,
        region: None,
    };
    Case {
        id: id(number.into()),
        number: format!("{}-2026-{number:06}", P::KIND.prefix()),
        opener: id(1),
        respondent: Some(id(2)),
        authority: Some(id(1)),
        concerned: vec![id(2)],
        opened: stamp(1, 1),
        matter,
        steps: acts.into_iter().map(|act| Step { act, by: stamp(2, 2) }).collect(),
        state,
        clocks: vec![CaseClock { clock: clock.clone(), stopped: Some(at(3)) }, CaseClock { clock, stopped: None }],
    }
}

/// The same case in every state of its kind.
fn in_every_state<P: Procedure>(matter: P, acts: Vec<P::Act>, wrap: fn(Case<P>) -> AnyCase) -> Vec<AnyCase> {
    let verbs: std::collections::BTreeSet<P::Verb> = acts.iter().map(P::verb).collect();
    assert_eq!(verbs.len(), P::Verb::EVERY.len(), "each verb of a {} has a sample", P::KIND);
    // Each kind's sample has an id of its own, so that all kinds stand in one table.
    let number = CaseKind::ALL.iter().position(|kind| *kind == P::KIND).unwrap() as u8 + 1;
    P::State::EVERY.iter().map(|state| wrap(case(number, matter.clone(), acts.clone(), *state))).collect()
}

async fn cases_read_back_with_every_act_in_every_state(db: Database) {
    furnish(&db.store).await;
    for (number, kind) in (1_u64..).zip(CaseKind::ALL) {
        let states = kinds::samples(*kind);
        assert_eq!(states.len(), kind.states().len());
        for (seen, wanted) in states.into_iter().enumerate() {
            let mut tx = db.store.begin_write().await.unwrap();
            let saved = match seen {
                0 => tx.case_insert(&wanted, &permit()).await.unwrap(),
                seen => tx.case_save(&wanted, seen as u64, &permit()).await.unwrap(),
            };
            assert_eq!(saved, Revised { value: wanted, revision: seen as u64 + 1 }, "{kind} {number}");
            commit(tx).await;
            let read = db.store.begin_write().await.unwrap().case_fetch(saved.value.id()).await.unwrap();
            assert_eq!(read, saved);
        }
        let mut tx = db.store.begin_write().await.unwrap();
        assert_eq!(
            tx.case_list(&CaseQuery { kinds: vec![*kind], ..CaseQuery::default() }).await.unwrap().items.len(),
            1
        );
        drop(tx);
    }
}

async fn a_case_saved_in_between_is_stale(db: Database) {
    furnish(&db.store).await;
    let case = kinds::samples(CaseKind::Correction).remove(0);
    let mut tx = db.store.begin_write().await.unwrap();
    tx.case_insert(&case, &permit()).await.unwrap();
    commit(tx).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.case_save(&case, 1, &permit()).await.unwrap();
    let stale = tx.case_save(&case, 1, &permit()).await;
    assert!(matches!(stale, Err(StoreError::Stale { expected: 1, found: 2 })), "{stale:?}");
}

async fn cases_are_found_by_party_subject_and_clock(db: Database) {
    furnish(&db.store).await;
    let case = kinds::samples(CaseKind::Correction).remove(0);
    let mut tx = db.store.begin_write().await.unwrap();
    tx.case_insert(&case, &permit()).await.unwrap();
    let found = |query: CaseQuery| query;
    for (query, count) in [
        (found(CaseQuery { party: Some(id(2)), ..CaseQuery::default() }), 1),
        (found(CaseQuery { about: About::grant(id(1)), ..CaseQuery::default() }), 1),
        (found(CaseQuery { about: About::grant(id(2)), ..CaseQuery::default() }), 0),
        (found(CaseQuery { settled: Some(true), ..CaseQuery::default() }), 0),
    ] {
        assert_eq!(tx.case_list(&query).await.unwrap().items.len(), count, "{query:?}");
    }
    assert_eq!(tx.case_open(at(100), "", 10).await.unwrap().len(), 1);
    assert_eq!(tx.case_open(at(99), "", 10).await.unwrap().len(), 0);
    assert_eq!(tx.case_open(at(100), &case.id().to_string(), 10).await.unwrap().len(), 0);
}
