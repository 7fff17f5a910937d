//! Organisations, people, passwords, sessions, links.

use crate::{
    databases::{Database, on_both},
    samples::{at, commit, furnish, id, organisation, permit, person, read},
};
use shuqiao_domain::account::Lock;
use shuqiao_store::StoreError;
use shuqiao_vocabulary::{Level, OrganisationCode, OrganisationKind};

on_both!(
    organisations_read_back_and_have_one_name,
    a_place_has_one_authority,
    people_read_back_and_have_one_login,
    passwords_and_locks_are_kept_apart_from_people,
    sessions_end,
    links_are_used_once,
    what_has_expired_is_removed,
    texts_that_cannot_be_stored_are_not_found,
);

async fn organisations_read_back_and_have_one_name(db: Database) {
    let mut tx = db.store.begin_write().await.unwrap();
    let code: OrganisationCode = read("91350100M000100Y43");
    let first = shuqiao_domain::organisation::Organisation { code: Some(code), ..organisation(1) };
    tx.organisation_insert(&first, &permit()).await.unwrap();
    tx.organisation_insert(&organisation(2), &permit()).await.unwrap();
    assert_eq!(tx.organisation_list().await.unwrap(), [first.clone(), organisation(2)]);
    commit(tx).await;
    assert_eq!(db.store.begin_read().await.unwrap().organisation_fetch(id(1)).await.unwrap(), first);

    for same in [
        shuqiao_domain::organisation::Organisation { name: first.name.clone(), ..organisation(3) },
        shuqiao_domain::organisation::Organisation { code: first.code, ..organisation(3) },
    ] {
        let mut tx = db.store.begin_write().await.unwrap();
        let taken = tx.organisation_insert(&same, &permit()).await.unwrap_err();
        assert!(matches!(taken, StoreError::Taken { what: "name_or_code" }), "{taken}");
    }
    let missing = db.store.begin_read().await.unwrap().organisation_fetch(id(9)).await.unwrap_err();
    assert!(matches!(missing, StoreError::NotFound), "{missing}");
}

/// Whoever enters the second one at the same moment (Art. 8).
async fn a_place_has_one_authority(db: Database) {
    let at = |n, level, region: &str| shuqiao_domain::organisation::Organisation {
        kind: OrganisationKind::SharingAuthority,
        level,
        region: read(region),
        ..organisation(n)
    };
    let mut tx = db.store.begin_write().await.unwrap();
    let there = [at(1, Level::City, "5203"), at(2, Level::City, "5201"), at(3, Level::County, "520302")];
    for organisation in there.iter().chain([&at(4, Level::Nation, "11"), &organisation(5)]) {
        tx.organisation_insert(organisation, &permit()).await.unwrap();
    }
    commit(tx).await;
    for second in [at(6, Level::City, "5203"), at(7, Level::Nation, "12")] {
        let mut tx = db.store.begin_write().await.unwrap();
        let taken = tx.organisation_insert(&second, &permit()).await.unwrap_err();
        assert!(matches!(taken, StoreError::Taken { .. }), "{taken}");
    }
}

async fn people_read_back_and_have_one_login(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.person_insert(&person(2), &permit()).await.unwrap();
    let left = shuqiao_domain::account::Person { active: false, roles: [].into(), organisation: id(2), ..person(2) };
    tx.person_save(&left, &permit()).await.unwrap();
    assert_eq!(tx.person_fetch(id(2)).await.unwrap(), left);
    commit(tx).await;

    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.person_count().await.unwrap(), 2);
    assert_eq!(reader.person_list(None).await.unwrap(), [person(1), left.clone()]);
    assert_eq!(reader.person_list(Some(id(2))).await.unwrap(), [left]);
    let names = reader.person_names(&[id(1), id(2), id(9)]).await.unwrap();
    assert_eq!(names.values().collect::<Vec<_>>(), ["王1", "王2"]);

    let mut tx = db.store.begin_write().await.unwrap();
    let same = shuqiao_domain::account::Person { login: person(1).login, ..person(3) };
    let taken = tx.person_insert(&same, &permit()).await.unwrap_err();
    assert!(matches!(taken, StoreError::Taken { what: "login" }), "{taken}");
    drop(tx);
    let mut tx = db.store.begin_write().await.unwrap();
    let homeless = shuqiao_domain::account::Person { organisation: id(9), ..person(3) };
    let missing = tx.person_insert(&homeless, &permit()).await.unwrap_err();
    assert!(matches!(missing, StoreError::NotFound), "{missing}");
    drop(tx);
    let missing = db.store.begin_write().await.unwrap().person_save(&person(9), &permit()).await.unwrap_err();
    assert!(matches!(missing, StoreError::NotFound), "{missing}");
}

async fn passwords_and_locks_are_kept_apart_from_people(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    let (_, credential) = tx.person_by_login("person-1").await.unwrap().unwrap();
    assert_eq!((credential.phc, credential.lock), (None, Lock::default()));
    tx.credential_save(id(1), "$argon2id$…", &permit()).await.unwrap();
    let lock = Lock { failures: 3, until: Some(at(900)) };
    tx.lock_save(id(1), lock, &permit()).await.unwrap();
    tx.person_save(&person(1), &permit()).await.unwrap();
    commit(tx).await;

    let mut reader = db.store.begin_read().await.unwrap();
    let (found, credential) = reader.person_by_login("person-1").await.unwrap().unwrap();
    assert_eq!((found, credential.phc.as_deref(), credential.lock), (person(1), Some("$argon2id$…"), lock));
    assert_eq!(reader.credential_fetch(id(1)).await.unwrap().lock, lock);
    assert!(!format!("{:?}", reader.credential_fetch(id(1)).await.unwrap()).contains("argon2"));
    assert_eq!(reader.person_by_login("nobody").await.unwrap(), None);
    drop(reader);
    let mut tx = db.store.begin_write().await.unwrap();
    assert!(matches!(tx.lock_save(id(9), lock, &permit()).await, Err(StoreError::NotFound)));
    assert!(matches!(tx.credential_save(id(9), "x", &permit()).await, Err(StoreError::NotFound)));
}

async fn sessions_end(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    for n in 1..=3 {
        tx.session_insert([n; 32], id(1), at(10), &permit()).await.unwrap();
    }
    assert_eq!(tx.session_fetch([1; 32], at(9)).await.unwrap().unwrap().person, id(1));
    assert_eq!(tx.session_fetch([1; 32], at(10)).await.unwrap(), None);
    assert_eq!(tx.session_fetch([9; 32], at(0)).await.unwrap(), None);
    tx.session_delete([1; 32], &permit()).await.unwrap();
    tx.session_delete([1; 32], &permit()).await.unwrap();
    assert_eq!(tx.session_fetch([1; 32], at(0)).await.unwrap(), None);
    assert_eq!(tx.sessions_delete_of(id(1), &permit()).await.unwrap(), 2);
    assert_eq!(tx.session_fetch([2; 32], at(0)).await.unwrap(), None);
    commit(tx).await;
}

async fn links_are_used_once(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.link_insert([1; 32], id(1), at(10), &permit()).await.unwrap();
    tx.link_insert([2; 32], id(1), at(20), &permit()).await.unwrap();
    assert_eq!(tx.link_fetch([1; 32], at(0)).await.unwrap(), None, "a new link ends the old one");
    let link = tx.link_fetch([2; 32], at(19)).await.unwrap().unwrap();
    assert_eq!((link.person, link.expires), (id(1), at(20)));
    assert_eq!(tx.link_fetch([2; 32], at(20)).await.unwrap(), None);
    tx.link_use([2; 32], &permit()).await.unwrap();
    assert!(matches!(tx.link_use([2; 32], &permit()).await, Err(StoreError::NotFound)));
    commit(tx).await;
}

async fn what_has_expired_is_removed(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.session_insert([1; 32], id(1), at(10), &permit()).await.unwrap();
    tx.session_insert([2; 32], id(1), at(11), &permit()).await.unwrap();
    tx.link_insert([1; 32], id(1), at(10), &permit()).await.unwrap();
    commit(tx).await;

    let mut tx = db.store.begin_write().await.unwrap();
    assert_eq!(tx.expired_delete(at(10), at(0), &permit()).await.unwrap(), 2);
    tx.commit_derived(&permit()).await.unwrap();
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.session_fetch([1; 32], at(0)).await.unwrap(), None);
    assert!(reader.session_fetch([2; 32], at(0)).await.unwrap().is_some(), "it is still good");
}

async fn texts_that_cannot_be_stored_are_not_found(db: Database) {
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.person_by_login("a\0b").await.unwrap(), None);
    assert_eq!(reader.idempotency_find("a\0b", "k").await.unwrap(), None);
    assert!(reader.history("a\0b").await.unwrap().is_empty());
}
