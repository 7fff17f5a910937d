//! Tasks of batch exchange and the ends of their runs.

use crate::{
    databases::{Database, on_both},
    samples::{at, commit, furnish, grant, id, permit, request, source, stamp},
};
use shuqiao_domain::batch_task::{BatchMode, BatchRunEnd, BatchSchedule, BatchTask, BatchTaskState};
use shuqiao_store::{Revised, StoreError};

on_both!(
    tasks_read_back_in_every_state,
    a_task_saved_in_between_is_stale,
    only_tasks_that_are_not_over_stand,
    the_end_of_a_run_is_kept_once,
);

fn task(n: u32) -> BatchTask {
    BatchTask {
        id: id(n),
        grant: id(1),
        requester: stamp(1, 5).organisation,
        set_up: stamp(1, 5),
        mode: BatchMode::Full,
        place: "db.example:5432/received".into(),
        sealed_target: vec![0, 1, 255],
        table: "法人".into(),
        schedule: BatchSchedule::Manual,
        since: at(5),
        state: BatchTaskState::Standing,
    }
}

/// A store with the grant that the tasks are of.
async fn granted(db: &Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.source_insert(&source(1), &permit()).await.unwrap();
    tx.request_insert(&request(1), &permit()).await.unwrap();
    tx.grant_insert(&grant(1), &permit()).await.unwrap();
    commit(tx).await;
}

async fn tasks_read_back_in_every_state(db: Database) {
    granted(&db).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.batch_task_insert(&task(1), &permit()).await.unwrap();
    commit(tx).await;
    let change = BatchMode::Incremental { change: "updated".parse().unwrap(), overlap: u32::MAX };
    let others = [
        BatchTask { mode: change, state: BatchTaskState::Paused { by: id(1), at: at(9) }, ..task(1) },
        BatchTask {
            schedule: BatchSchedule::Daily { minute: 1_439 },
            state: BatchTaskState::Ended { by: Some(id(1)), at: at(10) },
            ..task(1)
        },
        BatchTask {
            schedule: BatchSchedule::Weekly { weekday: 7, minute: 0 },
            since: at(77),
            state: BatchTaskState::Ended { by: None, at: at(11) },
            ..task(1)
        },
    ];
    for (seen, wanted) in (1..).zip(others) {
        let mut tx = db.store.begin_write().await.unwrap();
        let saved = tx.batch_task_save(&wanted, seen, &permit()).await.unwrap();
        assert_eq!(saved, Revised { value: wanted, revision: seen + 1 });
        commit(tx).await;
        assert_eq!(db.store.begin_read().await.unwrap().batch_task_fetch(id(1)).await.unwrap(), saved);
    }
    assert!(matches!(db.store.begin_read().await.unwrap().batch_task_fetch(id(2)).await, Err(StoreError::NotFound)));
}

async fn a_task_saved_in_between_is_stale(db: Database) {
    granted(&db).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.batch_task_insert(&task(1), &permit()).await.unwrap();
    tx.batch_task_save(&task(1), 1, &permit()).await.unwrap();
    assert!(matches!(tx.batch_task_save(&task(1), 1, &permit()).await, Err(StoreError::Stale { found: 2, .. })));
}

async fn only_tasks_that_are_not_over_stand(db: Database) {
    granted(&db).await;
    let ended = BatchTask { state: BatchTaskState::Ended { by: None, at: at(9) }, ..task(2) };
    let paused = BatchTask { state: BatchTaskState::Paused { by: id(1), at: at(9) }, ..task(3) };
    let mut tx = db.store.begin_write().await.unwrap();
    for task in [&task(1), &ended, &paused] {
        tx.batch_task_insert(task, &permit()).await.unwrap();
    }
    commit(tx).await;
    let mut read = db.store.begin_read().await.unwrap();
    let mut listed = async |grant| -> Vec<_> {
        read.batch_task_list(grant).await.unwrap().into_iter().map(|task| task.value.id).collect()
    };
    assert_eq!(listed(None).await, [id(1), id(3)]);
    assert_eq!(listed(Some(id(1))).await, [id(1), id(2), id(3)]);
    assert_eq!(listed(Some(id(2))).await, []);
}

async fn the_end_of_a_run_is_kept_once(db: Database) {
    granted(&db).await;
    let end = |n, outcome| BatchRunEnd {
        run: id(n),
        task: id(1),
        begun: at(6),
        ended: at(7),
        rows: 3_000_000_000,
        bad: 7,
        outcome,
    };
    let (good, bad) = (end(1, Ok("ab".repeat(32))), end(2, Err("digest_differs".into())));
    let mut tx = db.store.begin_write().await.unwrap();
    tx.batch_task_insert(&task(1), &permit()).await.unwrap();
    tx.batch_run_insert(&good, &permit()).await.unwrap();
    tx.batch_run_insert(&bad, &permit()).await.unwrap();
    commit(tx).await;
    let mut read = db.store.begin_read().await.unwrap();
    assert_eq!(read.batch_run_find(id(1)).await.unwrap(), Some(good.clone()));
    assert_eq!(read.batch_run_find(id(2)).await.unwrap(), Some(bad));
    assert_eq!(read.batch_run_find(id(3)).await.unwrap(), None);
    drop(read);
    let mut tx = db.store.begin_write().await.unwrap();
    assert!(matches!(tx.batch_run_insert(&good, &permit()).await, Err(StoreError::Taken { .. })));
}
