//! Cases of every kind: what was saved is read back, an older revision is not overwritten, lists find what they should.

use crate::{
    databases::{Database, Kind, on_both},
    samples::{at, commit, furnish, id, permit, stamp},
};
use shuqiao_domain::{
    Clock,
    case::{About, AnyCase, Case, CaseClock, CaseKind, Origin, Procedure, Step},
};
use shuqiao_store::{CaseQuery, Revised, StoreError};
use shuqiao_vocabulary::{Article, closed::ClosedList};

mod kinds;

on_both!(
    cases_read_back_with_every_act_in_every_state,
    a_case_saved_in_between_is_stale,
    what_a_detector_opened_reads_back,
    cases_are_found_by_party_subject_and_clock,
    a_case_stays_whatever_is_tried,
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
        opened: Origin::Person(stamp(1, 1)),
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
    // Each kind has a case of its own id: the list of kinds says which.
    let number = (1_u8..).zip(CaseKind::ALL).find(|(_, kind)| **kind == P::KIND).map_or(0, |(number, _)| number);
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

async fn what_a_detector_opened_reads_back(db: Database) {
    furnish(&db.store).await;
    let AnyCase::Lead(mut lead) = kinds::samples(CaseKind::Lead).remove(0) else { panic!("not a lead") };
    lead.opened = Origin::Detector { task: "leads".into(), organisation: id(1), at: at(7) };
    let wanted = AnyCase::Lead(lead);
    let mut tx = db.store.begin_write().await.unwrap();
    tx.case_insert(&wanted, &permit()).await.unwrap();
    let read = tx.case_fetch(wanted.id()).await.unwrap().value;
    assert_eq!((read.opened().person(), &read), (None, &wanted));
    // Found twice, it is stored once: the id is made of what makes it the same lead.
    commit(tx).await;
    let mut tx = db.store.begin_write().await.unwrap();
    let again = tx.case_insert(&wanted, &permit()).await;
    assert!(matches!(again, Err(StoreError::Taken { .. })), "{again:?}");
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

/// No row of a case is removed or put in the place of another, not even past the store (Art. 29(2)).
async fn a_case_stays_whatever_is_tried(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    for kind in CaseKind::ALL {
        tx.case_insert(&kinds::samples(*kind).remove(0), &permit()).await.unwrap();
    }
    commit(tx).await;
    let mut statements = vec![
        "delete from case_party".to_owned(),
        "delete from sharing_case where kind = 'usage_record'".to_owned(),
        "delete from sharing_case".to_owned(),
        "update sharing_case set number = 'SJ-2020-000001' where kind = 'usage_record'".to_owned(),
        "update sharing_case set kind = 'disposal' where kind = 'usage_record'".to_owned(),
        "update case_party set organisation = organisation".to_owned(),
    ];
    match db.kind {
        Kind::Sqlite => statements.push("insert or replace into sharing_case select * from sharing_case".to_owned()),
        Kind::Postgres => statements.push("truncate sharing_case cascade".to_owned()),
    }
    for statement in statements {
        let refused = db.tamper(&statement).await.unwrap_err();
        assert!(refused.to_string().contains("is append-only"), "{statement}: {refused}");
    }
    let left = db.store.begin_read().await.unwrap().case_list(&CaseQuery::default()).await.unwrap();
    assert_eq!(left.items.len(), CaseKind::ALL.len());
}

/// Nor has the store any words for it.
#[test]
fn no_statement_removes_a_case() {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut read = 0;
    for file in std::fs::read_dir(sources).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
            let removes = ["delete from sharing_case", "delete from case_party", "truncate sharing_case"];
            assert!(removes.iter().all(|words| !text.contains(words)), "{}", path.display());
            read += 1;
        }
    }
    assert!(read > 10, "the sources were looked at");
}
