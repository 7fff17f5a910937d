//! Killed at any moment, nothing that was acknowledged is missing after the restart, the record verifies, and no index was
//! given twice.
//!
//! The moment is chosen by counting acknowledgements, from a seed that is printed: no clock, no sleep.

use crate::play::{PROGRAM, days, play, query_path, text};
use serde_json::{Value, json};
use shuqiao_testkit::{
    node::{Client, Node},
    stage::{Stage, access_token},
};
use std::{
    collections::BTreeSet,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

const ROUNDS: u64 = 12;
/// Chooses the moments; any number is as good.
const SEED: u64 = 20_260_101;
/// Acknowledgements in a round before the kill, at most.
const ACKNOWLEDGED_MAX: u64 = 60;

/// What the node has said is done.
#[derive(Default)]
struct Acknowledged {
    requests: Vec<String>,
    calls: Vec<u64>,
}

/// One round's writers: they write until the node is gone, and kill it when so many writes are acknowledged.
struct Round {
    pid: u32,
    fatal: u64,
    count: AtomicU64,
    acknowledged: Mutex<Acknowledged>,
}

impl Round {
    fn count(&self, note: impl FnOnce(&mut Acknowledged)) {
        note(&mut self.acknowledged.lock().unwrap());
        if self.count.fetch_add(1, Ordering::SeqCst) + 1 == self.fatal {
            let killed = Command::new("kill").args(["-9", &self.pid.to_string()]).status().unwrap();
            assert!(killed.success());
        }
    }

    async fn draft(&self, client: &Client, content: &Value) {
        while let Ok(answer) = client.json("POST", "/api/v1/requests", &[], Some(content)).await {
            assert_eq!(answer.status.as_u16(), 201, "{}", answer.text);
            let id = answer.json()["id"].as_str().unwrap().to_owned();
            self.count(|acknowledged| acknowledged.requests.push(id));
        }
    }

    async fn call(&self, client: &Client, path: &str, purpose: &Value) {
        let body = json!({"purpose": purpose, "limit": 3});
        while let Ok(answer) = client.json("POST", path, &[], Some(&body)).await {
            // Over the rate is refused, and recorded like every other answer.
            assert!(matches!(answer.status.as_u16(), 200 | 429), "{}", answer.text);
            let index = answer.headers["shuqiao-record"].parse().unwrap();
            self.count(|acknowledged| acknowledged.calls.push(index));
        }
    }
}

fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_nothing_acknowledged_is_missing() {
    let mut first = play(&[]);
    let grant = first.grant().await;
    let (from, until) = days(&grant);
    let system = first.system.clone();
    let entry = grant["entry"].as_str().unwrap();
    let content = Stage::request_content(entry, &["name"], &system, &from, &until);
    // From here on everybody logs in by the password.
    for login in ["social.officer", "police.officer", "auditor"] {
        first.stage.person(login).await.unwrap();
    }
    first.node.kill().unwrap();
    let (mut state, mut requests, mut calls) = (SEED, Vec::new(), BTreeSet::new());
    for round in 0..ROUNDS {
        let fatal = 1 + next(&mut state) % ACKNOWLEDGED_MAX;
        let say = format!("seed {SEED}, round {round}, killed at acknowledgement {fatal}");
        let mut node = Node::start(PROGRAM, &first.data, &[]).unwrap();
        let officer = Client::person(node.base(), "social.officer", None).await.unwrap();
        let token = access_token(node.base(), &system, &first.secret).await.unwrap();
        let caller = Client::anonymous(node.base()).with_bearer(&token);
        present(&officer, &caller, &requests, &calls, &say).await;

        let told = Arc::new(Round { pid: node.pid(), fatal, count: AtomicU64::new(0), acknowledged: Mutex::default() });
        let mut writers = tokio::task::JoinSet::new();
        for _ in 0..2 {
            let (drafting, officer, content) = (told.clone(), officer.clone(), content.clone());
            writers.spawn(async move { drafting.draft(&officer, &content).await });
            let (calling, caller, grant) = (told.clone(), caller.clone(), grant.clone());
            writers.spawn(async move { calling.call(&caller, &query_path(&grant), &grant["purpose"]).await });
        }
        while let Some(ended) = writers.join_next().await {
            ended.expect(&say);
        }
        node.kill().unwrap();

        let check = Command::new(PROGRAM).args(["check", "--data", text(&first.data)]).output().unwrap();
        assert!(check.status.success(), "{say}: {}", String::from_utf8_lossy(&check.stderr));
        let acknowledged = std::mem::take(&mut *told.acknowledged.lock().unwrap());
        for index in acknowledged.calls {
            assert!(calls.insert(index), "{say}: the index {index} was given twice");
        }
        requests.extend(acknowledged.requests);
    }
    let node = Node::start(PROGRAM, &first.data, &[]).unwrap();
    let officer = Client::person(node.base(), "social.officer", None).await.unwrap();
    let token = access_token(node.base(), &system, &first.secret).await.unwrap();
    let caller = Client::anonymous(node.base()).with_bearer(&token);
    assert!(requests.len() > 10 && calls.len() > 10, "both kinds of writers were heard");
    present(&officer, &caller, &requests, &calls, "at the end").await;
    let distinct: BTreeSet<&String> = requests.iter().collect();
    assert_eq!(distinct.len(), requests.len(), "no id was given twice");
}

/// Everything acknowledged is there.
async fn present(officer: &Client, caller: &Client, requests: &[String], calls: &BTreeSet<u64>, say: &str) {
    for request in requests {
        let answer = officer.json("GET", &format!("/api/v1/requests/{request}"), &[], None).await.unwrap();
        assert_eq!(answer.status.as_u16(), 200, "{say}: {request} was acknowledged");
    }
    for index in calls {
        let answer = caller.send("GET", &format!("/data/v1/usage/{index}/proof"), &[], None).await.unwrap();
        assert_eq!(answer.status.as_u16(), 200, "{say}: usage {index} was acknowledged: {}", answer.text);
    }
}
