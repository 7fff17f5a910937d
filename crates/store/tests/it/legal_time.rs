//! Rule sets, notices and reminders come back as they went in, on both databases.

use crate::{
    databases::{Database, on_both},
    samples::{at, commit, followed_entries, furnish, id, notice, notice_id, organisation, permit, person, rule_set},
};
use shuqiao_calendar::{Notice, Overlay};
use shuqiao_domain::{
    Clock,
    catalogue::Entry,
    reminder::{Reminder, ReminderKind},
};
use shuqiao_store::{NoticeRow, Revised, StoreError};
use shuqiao_vocabulary::{Moment, Role};
use std::collections::BTreeSet;

on_both!(
    what_was_adopted_comes_back_in_its_order,
    entries_with_open_clocks_are_found,
    a_reminder_is_written_once_and_read_by_each,
);

async fn what_was_adopted_comes_back_in_its_order(db: Database) {
    furnish(&db.store).await;
    let overlay = NoticeRow::Region(Overlay {
        region: "54".parse().unwrap(),
        notice: Notice { number: "藏政办发〔2026〕1号".into(), url: String::new() },
        off: ["2026-02-18".parse().unwrap()].into(),
        work: BTreeSet::new(),
    });
    let mut tx = db.store.begin_write().await.unwrap();
    tx.rule_set_insert(&rule_set(9), &permit()).await.unwrap();
    tx.rule_set_insert(&rule_set(3), &permit()).await.unwrap();
    tx.calendar_notice_insert(notice_id(2), at(6), &overlay, &permit()).await.unwrap();
    commit(tx).await;
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.rule_set_list().await.unwrap(), [rule_set(1), rule_set(9), rule_set(3)]);
    let notices = reader.calendar_notice_list().await.unwrap();
    assert_eq!(notices[0], (notice_id(1), at(5), notice("国办发明电〔2026〕9号")));
    assert_eq!(notices[1], (notice_id(2), at(6), overlay));
    drop(reader);
    let mut tx = db.store.begin_write().await.unwrap();
    let twice = tx.calendar_notice_insert(notice_id(3), at(6), &notice("国办发明电〔2026〕9号"), &permit()).await;
    assert!(matches!(twice, Err(StoreError::Taken { what: "number" })), "{twice:?}");
}

/// An entry's clocks are found by the first of them that is due, until none of them runs.
async fn entries_with_open_clocks_are_found(db: Database) {
    furnish(&db.store).await;
    let mut open = followed_entries(2).remove(0);
    let next = Moment::end_of_day("2025-10-13".parse().unwrap());
    open.changes[0].clock.due = next;
    let (day, found) = (86_400, Revised { value: open.clone(), revision: 1 });
    let mut tx = db.store.begin_write().await.unwrap();
    tx.entry_insert(&open, &permit()).await.unwrap();
    let due = open.running_clocks().map(|clock| clock.due).min().unwrap();
    assert_eq!(tx.entry_open(due, "", 10).await.unwrap(), [found], "the entry without clocks is not among them");
    assert_eq!(tx.entry_open(due.plus_seconds(-1), "", 10).await.unwrap(), []);
    assert_eq!(tx.entry_open(due, &open.id.to_string(), 10).await.unwrap(), []);
    // Saved with another clock it is found by that one; with none that runs, not at all.
    let seen = open.change_clocks().next().unwrap().clone();
    let moved = Clock { due: due.plus_seconds(-day), ..seen.clone() };
    let saved = tx.entry_save(&open.with_change_clock(&seen, moved).unwrap(), 1, &permit()).await.unwrap();
    assert_eq!(tx.entry_open(due.plus_seconds(-day), "", 10).await.unwrap(), std::slice::from_ref(&saved));
    let closed = Entry { changes: Vec::new(), reviews: Vec::new(), ..saved.value };
    tx.entry_save(&closed, 2, &permit()).await.unwrap();
    assert_eq!(tx.entry_open(due, "", 10).await.unwrap(), []);
    commit(tx).await;
}

fn reminder(n: u32, step: u16) -> Reminder {
    Reminder {
        id: id(n),
        kind: ReminderKind::Overdue,
        step,
        subject_kind: "request".into(),
        subject: "req_x".into(),
        number: "2026-000001".into(),
        due: at(40),
        organisation: organisation(1).id,
        role: Role::OfficeHead,
        created: at(50),
    }
}

async fn a_reminder_is_written_once_and_read_by_each(db: Database) {
    furnish(&db.store).await;
    let mut tx = db.store.begin_write().await.unwrap();
    assert!(tx.reminder_insert(&reminder(1, 1), &permit()).await.unwrap());
    assert!(!tx.reminder_insert(&reminder(2, 1), &permit()).await.unwrap(), "the same step of the same case");
    assert!(tx.reminder_insert(&reminder(3, 6), &permit()).await.unwrap());
    // The other clock of the case, which somebody else holds, may be due at the same moment.
    let other = Reminder { subject_kind: "delivery".into(), organisation: organisation(2).id, ..reminder(4, 1) };
    assert!(!tx.reminder_written(&other).await.unwrap());
    assert!(tx.reminder_insert(&other, &permit()).await.unwrap());
    assert!(tx.reminder_written(&other).await.unwrap());
    commit(tx).await;
    let (own, heads) = (organisation(1).id, BTreeSet::from([Role::OfficeHead]));
    let mut reader = db.store.begin_read().await.unwrap();
    let listed = reader.reminder_list(own, &heads, person(1).id).await.unwrap();
    assert_eq!(listed.iter().map(|one| one.reminder.clone()).collect::<Vec<_>>(), [reminder(3, 6), reminder(1, 1)]);
    assert_eq!(reader.reminder_unread(own, &heads, person(1).id).await.unwrap(), 2);
    for roles in [BTreeSet::new(), BTreeSet::from([Role::DataOfficer])] {
        assert_eq!(reader.reminder_list(own, &roles, person(1).id).await.unwrap(), []);
        assert_eq!(reader.reminder_unread(own, &roles, person(1).id).await.unwrap(), 0);
    }
    assert_eq!(reader.reminder_list(organisation(2).id, &heads, person(1).id).await.unwrap().len(), 1);
    assert!(reader.reminder_written(&reminder(9, 6)).await.unwrap());
    assert!(!reader.reminder_written(&reminder(9, 11)).await.unwrap());
    assert_eq!(reader.reminder_undelivered().await.unwrap().len(), 3);
    drop(reader);
    let mut tx = db.store.begin_write().await.unwrap();
    let ids = [reminder(1, 1).id, reminder(3, 6).id];
    assert_eq!(tx.reminder_read(&ids[..1], person(1).id, at(60), &permit()).await.unwrap(), 1);
    assert_eq!(tx.reminder_read(&ids, person(1).id, at(61), &permit()).await.unwrap(), 1, "one of them was read");
    commit(tx).await;
    let mut tx = db.store.begin_write().await.unwrap();
    tx.reminder_delivered(ids[0], at(70), &permit()).await.unwrap();
    tx.commit_derived(&permit()).await.unwrap();
    let mut reader = db.store.begin_read().await.unwrap();
    assert_eq!(reader.reminder_unread(own, &heads, person(1).id).await.unwrap(), 0);
    assert_eq!(reader.reminder_undelivered().await.unwrap(), [reminder(3, 6), other]);
}
