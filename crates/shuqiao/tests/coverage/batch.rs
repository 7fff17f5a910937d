//! Batch exchange through the whole program: a task is set up under a grant, its runs bring the rows into the requester's
//! database or folder, and what they came to is in the record. Who may not, and what may not be, is refused.

use crate::{
    journal::journal,
    play::{Play, code, play},
};
use serde_json::{Value, json};
use shuqiao_testkit::{outside::python_running, postgres::PostgresServer, stage::id};
use sqlx::{Connection as _, PgConnection, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::time::Duration;
use tokio::time::{interval, timeout};

/// How long a run may take that needs seconds: it is waited for, and nothing is asserted of the time.
const WITHIN: Duration = Duration::from_secs(60);
/// Enterprises of the demo.
pub(crate) const ROWS: i64 = 300;
pub(crate) const TASKS: &str = "POST /api/v1/batch-tasks";

/// A grant of batch exchange over this department's table, to the social department.
pub(crate) async fn batch_grant_of(play: &Play, department: &str, table: &str, items: &[&str]) -> Value {
    let mut content = play.stage.entry_content(department, table).await.unwrap();
    content["name"] = json!("登记信息（批量）");
    content["methods"] = json!(["service_interface", "batch_exchange"]);
    let entry = play.stage.published(department, &content).await.unwrap();
    let mut request = play.request_content(&entry, items).await;
    request["method"] = json!("batch_exchange");
    play.stage.granted(department, &request).await.unwrap()
}

/// A grant of batch exchange over the enterprises, from the market department to the social one.
pub(crate) async fn batch_grant(play: &Play) -> Value {
    let items = ["credit_code", "name", "registered_capital", "established_on"];
    batch_grant_of(play, "market", "enterprises", &items).await
}

/// A task that brings files, on demand.
pub(crate) fn folder_task(grant: &Value) -> Value {
    json!({
        "grant": id(grant).unwrap(), "target": {"kind": "folder"}, "table": "enterprises", "mode": {"kind": "full"},
        "schedule": {"kind": "manual"},
    })
}

pub(crate) fn postgres_task(grant: &Value, host: &str, port: u16, mode: Value) -> Value {
    let target = json!({
        "kind": "postgres", "host": host, "port": port, "database": "received", "user": "shuqiao", "password": "any",
    });
    let mut task = folder_task(grant);
    task["target"] = target;
    task["mode"] = mode;
    task
}

pub(crate) async fn act(play: &Play, task: &Value, verb: &str) -> Value {
    play.stage.verb("social.officer", "batch-tasks", task, verb, None).await.unwrap()
}

pub(crate) async fn runs(play: &Play, task: &Value) -> Vec<Value> {
    let call = format!("GET /api/v1/batch-tasks/{}/runs", id(task).unwrap());
    let listed = play.stage.act("social.officer", &call, None, None).await.unwrap();
    listed["items"].as_array().unwrap().clone()
}

/// The newest run once it is in this state, and so many there are.
pub(crate) async fn until(play: &Play, task: &Value, count: usize, state: &str) -> Value {
    let asked = async {
        let mut turns = interval(Duration::from_millis(100));
        loop {
            turns.tick().await;
            let runs = runs(play, task).await;
            if runs.len() == count && runs[0]["state"] == state {
                return runs[0].clone();
            }
        }
    };
    match timeout(WITHIN, asked).await {
        Ok(run) => run,
        Err(_) => panic!("never {state}: {:?}", runs(play, task).await),
    }
}

/// The journal's record of this event about the task that names the run, once it is there: who did it, and its body.
async fn recorded(play: &Play, task: &Value, event: &str, run: &Value) -> (Value, String) {
    let asked = async {
        let mut turns = interval(Duration::from_millis(200));
        loop {
            turns.tick().await;
            for row in journal(play).await.iter().filter(|row| row["event"] == event && row["subject"] == task["id"]) {
                let call = format!("GET /api/v1/journal/{}", row["index"]);
                let body = play.stage.act("auditor", &call, None, None).await.unwrap()["body"].to_string();
                if body.contains(id(run).unwrap()) {
                    return (row["actor"].clone(), body);
                }
            }
        }
    };
    timeout(WITHIN, asked).await.expect("the end of the run is never recorded")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_brought_into_a_database_in_full_and_then_what_changed() {
    let server = PostgresServer::start().unwrap();
    let url = server.create_database("received").unwrap();
    let mut play = play(&[]);
    let grant = batch_grant(&play).await;
    for login in ["auditor", "market.office"] {
        play.stage.person(login).await.unwrap();
    }
    play.serve_again(&["--target-host", &format!("127.0.0.1:{}", server.port())]).await;

    let change = json!({"kind": "incremental", "change": "established_on"});
    let mut wanted = postgres_task(&grant, "127.0.0.1", server.port(), change);
    wanted["schedule"] = json!({"kind": "weekly", "weekday": 7, "minute": 1439});
    let task = play.stage.act("social.officer", TASKS, None, Some(&wanted)).await.unwrap();
    assert_eq!((&task["state"], &task["allowed"]), (&json!("standing"), &json!(["run", "pause", "end"])));
    assert_eq!(task["place"], format!("127.0.0.1:{}/received", server.port()));
    assert!(!task.to_string().contains("any"), "no login is given back: {task}");

    act(&play, &task, "run").await;
    let first = until(&play, &task, 1, "finished").await;
    assert_eq!((first["rows"].as_i64(), first["put_aside"].as_i64()), (Some(ROWS), Some(0)), "{first}");
    assert!(first["receipt"].as_str().unwrap().starts_with("shuqiao batch receipt v1\n"), "{first}");
    let mut target = PgConnection::connect(&url).await.unwrap();
    let read = "select count(*), count(distinct credit_code), sum(registered_capital)::text from enterprises";
    let (rows, keys, sum): (i64, i64, String) = sqlx::query_as(read).fetch_one(&mut target).await.unwrap();
    let file = play.data.join("intake").join(play.organisation_of(&grant, "provider")).join("enterprises.db");
    let mut source = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&file)).await.unwrap();
    let there: i64 =
        sqlx::query_scalar("select cast(sum(round(registered_capital * 100)) as integer) from enterprises")
            .fetch_one(&mut source)
            .await
            .unwrap();
    assert_eq!((rows, keys), (ROWS, ROWS));
    assert_eq!(sum.replace('.', "").parse::<i64>().unwrap(), there, "the same sum on both sides");
    let (actor, body) = recorded(&play, &task, "BatchRunFinished", &first).await;
    assert_eq!(actor["kind"], "task", "{actor}");
    assert!(body.contains(first["digest"].as_str().unwrap()) && body.contains("300"), "{body}");

    // What changed since comes with the second run, into the same rows.
    let newest = "update enterprises set name = '改名后的企业', established_on = '2100-01-01' where credit_code = \
                  (select min(credit_code) from enterprises)";
    sqlx::query(newest).execute(&mut source).await.unwrap();
    act(&play, &task, "run").await;
    let second = until(&play, &task, 2, "finished").await;
    assert!((1..ROWS).contains(&second["rows"].as_i64().unwrap()), "only what changed: {second}");
    let renamed = "select (select count(*) from enterprises), count(*) from enterprises where name = '改名后的企业'";
    let row = sqlx::query(renamed).fetch_one(&mut target).await.unwrap();
    assert_eq!((row.get::<i64, _>(0), row.get::<i64, _>(1)), (ROWS, 1));

    // The same folder served again knows its runs, and goes on.
    play.serve_again(&["--target-host", "127.0.0.1"]).await;
    assert_eq!(runs(&play, &task).await.len(), 2);
    act(&play, &task, "run").await;
    until(&play, &task, 3, "finished").await;
    let ends = journal(&play).await.iter().filter(|row| row["event"] == "BatchRunFinished").count();
    assert!((2..=3).contains(&ends), "each end is recorded once: {ends}");

    suspended(&play, &grant, &task).await;
}

/// The receiver counts its files with the recipe of the docs, and says so; the other side may not, and nonsense is refused.
async fn counted(play: &Play, task: &Value, run: &Value, folder: &std::path::Path) {
    let call = format!("POST /api/v1/batch-tasks/{}/runs/{}/countersign", id(task).unwrap(), id(run).unwrap());
    let digest = run["digest"].as_str().unwrap().to_owned();
    let say = |rows: i64, digest: &str| json!({"rows": rows, "digest": digest});
    let denied = play.stage.ask("market.officer", &call, None, Some(&say(ROWS, &digest))).await.unwrap();
    assert_eq!((denied.status.as_u16(), code(&denied).as_str()), (403, "not_permitted"), "{}", denied.text);
    let stranger = play.stage.ask("police.officer", &call, None, Some(&say(ROWS, &digest))).await.unwrap();
    assert_eq!(stranger.status.as_u16(), 404, "{}", stranger.text);
    let wrong = play.stage.ask("social.officer", &call, None, Some(&say(ROWS, "sm3"))).await.unwrap();
    assert_eq!((wrong.status.as_u16(), code(&wrong).as_str()), (422, "batch_digest_malformed"), "{}", wrong.text);
    let fewer = play.stage.act("social.officer", &call, None, Some(&say(ROWS - 1, &digest))).await.unwrap();
    assert_eq!(fewer["counted"], json!({"rows": ROWS - 1, "digest": digest, "agrees": false}));
    let recipe = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/recipes/batch_digest.py");
    let Some(mut python) = python_running(env!("CARGO_TARGET_TMPDIR"), "hashlib", &recipe) else { return };
    let parts = std::fs::read_dir(folder).unwrap().map(|part| part.unwrap().path());
    let output = python.args(parts.filter(|part| part.extension().is_some_and(|end| end == "csv"))).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout).unwrap();
    let (rows, found) = told.trim().split_once(' ').unwrap();
    let run = play.stage.act("social.officer", &call, None, Some(&say(rows.parse().unwrap(), found))).await.unwrap();
    assert_eq!(run["counted"], json!({"rows": ROWS, "digest": digest, "agrees": true}), "{told}");
    let events = journal(play).await;
    let said = events.iter().filter(|row| row["event"] == "BatchRunCountersigned" && row["subject"] == task["id"]);
    assert_eq!(said.filter(|row| row["actor"]["kind"] == "person").count(), 2);
}

/// Under a suspended grant nothing is brought.
async fn suspended(play: &Play, grant: &Value, task: &Value) {
    let order = json!({
        "kind": "rectification", "grant": id(grant).unwrap(), "misuse": "other_purpose", "text": "用于其他目的。",
        "evidence": "检查笔录。", "demand": "停止使用。", "due": grant["valid_until"],
    });
    play.stage.act("market.office", "POST /api/v1/cases", None, Some(&order)).await.unwrap();
    let call = format!("POST /api/v1/batch-tasks/{}/run", id(task).unwrap());
    let refused = play.stage.ask("social.officer", &call, None, None).await.unwrap();
    assert_eq!((refused.status.as_u16(), code(&refused).as_str()), (422, "not_in_this_state"), "{}", refused.text);
    assert_eq!(refused.json()["params"]["state"], "suspended");
    let refused = play.stage.ask("social.officer", TASKS, None, Some(&folder_task(grant))).await.unwrap();
    assert_eq!((refused.status.as_u16(), code(&refused).as_str()), (422, "not_in_this_state"), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_brought_into_files_and_a_task_pauses_and_ends() {
    let play = play(&[]);
    let grant = batch_grant(&play).await;
    let task = play.stage.act("social.developer", TASKS, None, Some(&folder_task(&grant))).await.unwrap();
    act(&play, &task, "run").await;
    let run = until(&play, &task, 1, "finished").await;
    let folder = play.data.join("outbox").join(play.organisation_of(&grant, "requester")).join("enterprises");
    let parts: Vec<_> = std::fs::read_dir(folder.join(id(&run).unwrap())).unwrap().map(Result::unwrap).collect();
    assert!(parts.iter().any(|part| part.file_name().to_string_lossy().ends_with(".csv")), "{parts:?}");
    counted(&play, &task, &run, &folder.join(id(&run).unwrap())).await;
    let call = format!("GET /api/v1/batch-tasks/{}/runs/{}/put-aside", id(&task).unwrap(), id(&run).unwrap());
    for login in ["social.officer", "market.officer"] {
        let aside = play.stage.act(login, &call, None, None).await.unwrap();
        assert_eq!(aside["items"], json!([]));
    }

    let paused = act(&play, &task, "pause").await;
    assert_eq!((&paused["state"], &paused["allowed"]), (&json!("paused"), &json!(["resume", "end"])));
    let call = format!("POST /api/v1/batch-tasks/{}/run", id(&task).unwrap());
    let refused = play.stage.ask("social.officer", &call, None, None).await.unwrap();
    assert_eq!(code(&refused), "not_in_this_state", "{}", refused.text);
    let call = format!("POST /api/v1/batch-tasks/{}/pause", id(&task).unwrap());
    let stale = play.stage.ask("social.officer", &call, Some(1), None).await.unwrap();
    assert_eq!((stale.status.as_u16(), code(&stale).as_str()), (409, "stale_revision"), "{}", stale.text);
    let resumed = act(&play, &paused, "resume").await;
    let ended = act(&play, &resumed, "end").await;
    assert_eq!((&ended["state"], &ended["allowed"]), (&json!("ended"), &json!([])));
}

#[tokio::test]
async fn strangers_and_unknown_hosts_are_refused() {
    let play = play(&[]);
    let grant = batch_grant(&play).await;
    let task = play.stage.act("social.officer", TASKS, None, Some(&folder_task(&grant))).await.unwrap();
    let list = format!("GET /api/v1/batch-tasks?grant={}", id(&grant).unwrap());
    let path = |rest: &str| format!("/api/v1/batch-tasks/{}{rest}", id(&task).unwrap());
    for (call, seen) in [
        (list.clone(), None),
        (format!("GET {}", path("")), None),
        (format!("GET {}", path("/runs")), None),
        (format!("POST {}", path("/run")), None),
        (format!("POST {}", path("/pause")), Some(1)),
        (format!("POST {}", path("/end")), Some(1)),
    ] {
        let stranger = play.stage.ask("police.officer", &call, seen, None).await.unwrap();
        assert_eq!(stranger.status.as_u16(), 404, "{call}: {}", stranger.text);
    }
    let stranger = play.stage.ask("police.officer", TASKS, None, Some(&folder_task(&grant))).await.unwrap();
    assert_eq!(stranger.status.as_u16(), 404, "{}", stranger.text);
    // The provider sees the task, and does not run it.
    let seen = play.stage.act("market.officer", &list, None, None).await.unwrap();
    assert_eq!((&seen["items"][0]["id"], &seen["items"][0]["allowed"]), (&task["id"], &json!([])));
    let denied = play.stage.ask("market.officer", &format!("POST {}", path("/run")), None, None).await.unwrap();
    assert_eq!((denied.status.as_u16(), code(&denied).as_str()), (403, "not_permitted"), "{}", denied.text);

    // Hosts that the node may not write to, and tasks that cannot be.
    for host in ["169.254.169.254", "127.0.0.1", "db.example", "/var/run/postgresql", ""] {
        for kind in ["postgres", "mysql"] {
            let mut body = postgres_task(&grant, host, 5432, json!({"kind": "full"}));
            body["target"]["kind"] = json!(kind);
            let refused = play.stage.ask("social.officer", TASKS, None, Some(&body)).await.unwrap();
            let told = (refused.status.as_u16(), code(&refused));
            assert_eq!(told, (422, "target_not_allowed".to_owned()), "{host}: {}", refused.text);
            assert_eq!(refused.json()["title_zh"], "目标不在本节点允许写入的范围内,请管理员加入名单");
        }
    }
    let story = play.grant().await;
    let mut cases = vec![(folder_task(&story), "batch_task_refused")];
    let mut with = |name: &str, value: Value, code: &'static str| {
        let mut body = folder_task(&grant);
        body[name] = value;
        cases.push((body, code));
    };
    with("table", json!(" "), "batch_task_refused");
    with("schedule", json!({"kind": "daily", "minute": 1440}), "batch_task_refused");
    with("mode", json!({"kind": "incremental", "change": "address"}), "batch_task_refused");
    with("mode", json!({"kind": "incremental", "change": "name"}), "change_item_unfit");
    for (body, expected) in cases {
        let refused = play.stage.ask("social.officer", TASKS, None, Some(&body)).await.unwrap();
        assert_eq!((refused.status.as_u16(), code(&refused).as_str()), (422, expected), "{body}: {}", refused.text);
    }
}
