//! Tasks of batch exchange: under which grants, what is wrong with one, and its life.

use crate::{
    grants::{grants, suspended},
    samples::{active, by_requester, noon, today},
};
use shuqiao_domain::{
    RefusalCode,
    batch_task::{
        self, BATCH_TASKS_MAX, BatchMode, BatchSchedule, BatchTask, BatchTaskState, BatchTaskVerb, NewTask, admits,
    },
    grant::{Grant, GrantStateName},
};
use shuqiao_vocabulary::{Moment, SharingMethod};

fn batch(grant: Grant) -> Grant {
    let terms = shuqiao_domain::grant::Terms { method: SharingMethod::BatchExchange, ..grant.terms.clone() };
    Grant { terms, ..grant }
}

fn new() -> NewTask {
    NewTask { mode: BatchMode::Full, table: " received ".into(), schedule: BatchSchedule::Daily { minute: 120 } }
}

fn task() -> BatchTask {
    let grant = batch(active());
    BatchTask {
        id: "bat_00000000000000000000000000000001".parse().unwrap(),
        grant: grant.id,
        requester: grant.requester,
        set_up: by_requester(),
        mode: BatchMode::Full,
        place: "db:5432/x".into(),
        sealed_target: vec![1],
        table: "received".into(),
        schedule: BatchSchedule::Manual,
        since: noon(today()),
        state: BatchTaskState::Standing,
    }
}

/// What the rules say to a task: the table's name, or the code with the field or state.
fn said(grant: &Grant, new: &NewTask, standing: usize, moment: Moment) -> String {
    match batch_task::check(grant, new, standing, moment) {
        Ok(table) => table,
        Err(refusal) => {
            let what = refusal.params.iter().find(|(name, _)| ["field", "state", "limit"].contains(*name));
            format!("{} {}", refusal.code.as_str(), what.map_or("", |(_, value)| value))
        }
    }
}

#[test]
fn a_task_is_set_up_under_a_live_grant_of_batch_exchange() {
    let (grant, now) = (batch(active()), noon(today()));
    assert_eq!(said(&grant, &new(), 0, now), "received");
    assert_eq!(said(&active(), &new(), 0, now), "batch_task_refused grant");
    for (name, grant, day) in grants() {
        let expected = match name {
            GrantStateName::Active => "received".to_owned(),
            other => format!("not_in_this_state {}", other.as_str()),
        };
        assert_eq!(said(&batch(grant), &new(), 0, noon(day)), expected);
    }
    assert_eq!(said(&grant, &new(), BATCH_TASKS_MAX, now), format!("too_many_batch_tasks {BATCH_TASKS_MAX}"));
    for table in ["", "  ", "a\nb", &"长".repeat(121)] {
        assert_eq!(said(&grant, &NewTask { table: table.into(), ..new() }, 0, now), "batch_task_refused table");
    }
    for schedule in [
        BatchSchedule::Daily { minute: 1_440 },
        BatchSchedule::Weekly { weekday: 0, minute: 0 },
        BatchSchedule::Weekly { weekday: 8, minute: 0 },
        BatchSchedule::Weekly { weekday: 1, minute: 1_440 },
    ] {
        assert_eq!(said(&grant, &NewTask { schedule, ..new() }, 0, now), "batch_task_refused schedule");
    }
    let change = |name: &str| BatchMode::Incremental { change: name.parse().unwrap(), overlap: 0 };
    let granted = grant.terms.items[0].name.as_str().to_owned();
    assert_eq!(said(&grant, &NewTask { mode: change(&granted), ..new() }, 0, now), "received");
    assert_eq!(said(&grant, &NewTask { mode: change("nothing"), ..new() }, 0, now), "batch_task_refused change");
}

#[test]
fn a_task_runs_pauses_resumes_and_ends() {
    let (grant, now, who) = (batch(active()), noon(today()), by_requester().person);
    let later = now.plus_seconds(60);
    let standing = task();
    assert!(standing.run(&grant, now).is_ok());
    let refusal = standing.run(&batch(suspended()), now).unwrap_err();
    assert_eq!((refusal.code, refusal.params["state"].as_str()), (RefusalCode::NotInThisState, "suspended"));
    let paused = standing.paused(who, now).unwrap();
    assert_eq!(paused.run(&grant, now).unwrap_err().params["state"], "paused");
    assert!(paused.clone().resumed(&batch(suspended()), later).is_err(), "nothing flows under a suspended grant");
    let resumed = paused.clone().resumed(&grant, later).unwrap();
    assert_eq!(
        (resumed.since, &resumed.state),
        (later, &BatchTaskState::Standing),
        "what was missed is not made up for"
    );
    let ended = paused.ended(Some(who), later).unwrap();
    assert_eq!(ended.state, BatchTaskState::Ended { by: Some(who), at: later });
    for verb in BatchTaskVerb::ALL {
        assert!(!admits(ended.state.name(), *verb));
    }
}

#[test]
fn a_task_ends_with_its_grant_and_not_with_a_suspension() {
    for (name, grant, day) in grants() {
        let over = matches!(name, GrantStateName::Revoked | GrantStateName::Expired);
        assert_eq!(task().ends_with(&grant, noon(day)), over, "{}", name.as_str());
        let ended = task().ended(None, noon(day)).unwrap();
        assert!(!ended.ends_with(&grant, noon(day)), "once");
    }
}
