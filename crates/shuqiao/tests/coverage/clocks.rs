//! The clocks of the running node: a notice that comes late, a rule set, and reminders as the days go by. The node's clock
//! is moved by a file; nobody waits.

use crate::{
    journal::journal,
    play::{Play, correction, play_in, text},
};
use serde_json::{Value, json};
use shuqiao_testkit::{
    node::{Client, Node},
    stage::{Stage, id},
};
use std::{fs, path::PathBuf};
use tempfile::TempDir;

/// A node whose clock stands where the file says.
pub(crate) struct Moved {
    pub(crate) play: Play,
    clock: PathBuf,
}

impl Moved {
    pub(crate) async fn begin(at: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let (clock, data) = (folder.path().join("clock"), folder.path().join("node"));
        fs::write(&clock, at).unwrap();
        let play = play_in(folder, data, &["--clock-file", text(&clock)]);
        for login in ["police.officer", "police.office"] {
            play.stage.person(login).await.unwrap();
        }
        Self { play, clock }
    }

    /// Another day.
    pub(crate) fn on(&self, at: &str) {
        let partial = self.clock.with_extension("partial");
        fs::write(&partial, at).unwrap();
        fs::rename(partial, &self.clock).unwrap();
    }

    /// Another day, on which everybody begins a session of their own: theirs ended as the days went by.
    pub(crate) async fn served_on(&mut self, at: &str) {
        self.on(at);
        let clock = self.clock.clone();
        self.play.serve_again(&["--demo", "--clock-file", text(&clock)]).await;
    }

    /// A request for personal data that the police received today.
    async fn received(&self, from: &str, until: &str) -> Value {
        let grant = self.play.grant().await;
        let entry = grant["entry"].as_str().unwrap();
        let content = Stage::request_content(entry, &["name", "county_code"], &self.play.system, from, until);
        self.play.stage.received(&content).await.unwrap()
    }

    async fn clock_of(&self, request: &Value) -> Value {
        let call = format!("GET /api/v1/requests/{}", id(request).unwrap());
        self.play.stage.act("social.officer", &call, None, None).await.unwrap()["clock"].clone()
    }

    /// What the officer has been told of a case; asked until the node's next turn has told this much of it.
    async fn told(&self, login: &str, request: &Value, kinds: &[&str]) -> Vec<Value> {
        let mut found = Vec::new();
        // Sessions end as the days go by.
        let client = Client::person(self.play.node.base(), login, None).await.unwrap();
        for _ in 0..50_000 {
            let list = client.json("GET", "/api/v1/reminders", &[], None).await.unwrap().json();
            let of_case = |one: &&Value| one["subject"] == request["id"];
            found = list["items"].as_array().unwrap().iter().filter(of_case).cloned().collect();
            if found.len() >= kinds.len() {
                break;
            }
        }
        let told: Vec<&str> = found.iter().rev().map(|one| one["kind"].as_str().unwrap()).collect();
        assert_eq!(told, kinds, "{login}");
        found
    }
}

const NOTICE: &str = "国办发明电〔2026〕9号";

#[tokio::test]
async fn a_late_notice_moves_open_clocks_and_is_recorded() {
    let moved = Moved::begin("2026-12-24T02:00:00Z").await;
    let stage = &moved.play.stage;
    let open = moved.received("2026-12-24", "2027-06-30").await;
    let before = moved.clock_of(&open).await;
    assert_eq!((&before["due"], &before["provisional"]), (&json!("2027-01-07T15:59:59Z"), &json!(true)), "{before}");
    assert_eq!((&before["kind"], &before["rule_set"]), (&json!("reply_conditional"), &json!("decree_809")));

    // Whoever is not the sharing authority does not move the days.
    let notice = json!({"year": 2027, "number": NOTICE, "off": ["2027-01-01", "2027-01-02", "2027-01-03"]});
    let denied = stage.ask("police.officer", "POST /api/v1/calendar/notices", None, Some(&notice)).await.unwrap();
    assert_eq!(denied.status.as_u16(), 403, "{}", denied.text);
    stage.act("authority", "POST /api/v1/calendar/notices", None, Some(&notice)).await.unwrap();

    let after = moved.clock_of(&open).await;
    assert_eq!((&after["due"], &after["provisional"]), (&json!("2027-01-08T15:59:59Z"), &json!(false)), "{after}");
    assert_eq!(after["started"], before["started"], "a clock never loses its start");
    assert_eq!(after["calendar"], format!("CN-2018..2026+{NOTICE}"));

    let rows = journal(&moved.play).await;
    let of_event = |event: &str| rows.iter().filter(|row| row["event"] == event).collect::<Vec<_>>();
    let mut recomputed = of_event("ClockRecomputed");
    let by_task = |row: &&Value| row["actor"]["kind"] == "task" && row["summary"]["notices"] == NOTICE;
    assert!(recomputed.iter().all(by_task), "{recomputed:?}");
    recomputed.retain(|row| row["subject"] == open["id"]);
    assert_eq!(recomputed.len(), 1, "the open clock moved once: {recomputed:?}");
    let facts = &recomputed[0]["summary"];
    assert_eq!((&facts["due_before"], &facts["due"]), (&before["due"], &after["due"]));
    assert_eq!(facts["notices"], NOTICE);
    let added = of_event("CalendarNoticeAdded");
    assert!(added[0]["summary"]["digest"].as_str().unwrap().starts_with("sha256:"));

    // The same notice again is refused, and so is one that contradicts itself; nothing moves.
    for (wrong, number) in
        [(&notice, NOTICE), (&json!({"year": 2027, "number": "n", "off": ["2027-02-06"], "work": ["2027-02-06"]}), "n")]
    {
        let refused = stage.ask("authority", "POST /api/v1/calendar/notices", None, Some(wrong)).await.unwrap();
        assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (422, &json!("notice_refused")), "{number}");
    }
    let year = stage.act("police.officer", "GET /api/v1/calendar?year=2027", None, None).await.unwrap();
    assert_eq!((&year["announced"], &year["notices"][0]["number"]), (&json!(true), &json!(NOTICE)));
    let counted = "GET /api/v1/deadlines?clock=reply_conditional&from=2026-12-24";
    let deadline = stage.act("police.officer", counted, None, None).await.unwrap();
    assert_eq!((&deadline["due"], &deadline["article"]), (&after["due"], &json!("21(1)")));
    assert_eq!(deadline["days"].as_array().unwrap().last().unwrap()["counted"], 10);
}

/// An entry can hold clocks of both sides at once (Art. 17(2), (3)): each moves with a late notice and each is told of.
#[tokio::test]
async fn the_clocks_of_the_catalogue_move_and_are_told() {
    let moved = Moved::begin("2026-12-30T02:00:00Z").await;
    let stage = &moved.play.stage;
    stage.person("authority").await.unwrap();
    let mut content = stage.entry_content("police", "persons").await.unwrap();
    content["name"] = json!("常住人口信息（时限）");
    let entry = stage.published("police", &content).await.unwrap();
    let entry = stage.verb("police.officer", "catalogue", &entry, "update", None).await.unwrap();
    let entry = stage.verb("police.officer", "catalogue", &entry, "submit", None).await.unwrap();
    let entry = stage.verb("police.head", "catalogue", &entry, "approve", None).await.unwrap();
    let change = json!({"kind": "law_changed", "title": "户口登记条例修订", "occurred": "2026-12-24"});
    let entry = stage.verb("police.officer", "catalogue", &entry, "changes", Some(&change)).await.unwrap();
    let clocks = |entry: &Value| {
        [&entry["changes"][0], &entry["reviews"][0]]
            .map(|one| (one["clock"]["due"].clone(), one["clock"]["provisional"].clone()))
    };
    let ends = |day: &str, provisional: bool| (json!(format!("{day}T15:59:59Z")), json!(provisional));
    assert_eq!(clocks(&entry), [ends("2027-01-07", true), ends("2027-01-01", true)]);
    // The authority is told of its review; the department has time.
    moved.told("authority", &entry, &["due_soon"]).await;
    moved.told("police.officer", &entry, &[]).await;

    let notice = json!({"year": 2027, "number": NOTICE, "off": ["2027-01-01", "2027-01-02", "2027-01-03"]});
    stage.act("authority", "POST /api/v1/calendar/notices", None, Some(&notice)).await.unwrap();
    let call = format!("GET /api/v1/catalogue/{}", id(&entry).unwrap());
    let after = stage.act("police.officer", &call, None, None).await.unwrap();
    assert_eq!(clocks(&after), [ends("2027-01-08", false), ends("2027-01-04", false)]);
    let rows = journal(&moved.play).await;
    let of_entry = |row: &&Value| row["event"] == "ClockRecomputed" && row["subject"] == entry["id"];
    let mut recomputed: Vec<_> = rows
        .iter()
        .filter(of_entry)
        .map(|row| ["of", "due_before", "due"].map(|fact| row["summary"][fact].as_str().unwrap_or_default()))
        .collect();
    recomputed.sort_unstable();
    assert_eq!(
        recomputed,
        [
            ["catalogue", "2027-01-07T15:59:59Z", "2027-01-08T15:59:59Z"],
            ["catalogue_review", "2027-01-01T15:59:59Z", "2027-01-04T15:59:59Z"],
        ]
    );

    // Two working days are left of the term that moved, too.
    moved.told("authority", &entry, &["due_soon", "due_soon"]).await;
    moved.on("2027-01-04T02:00:00Z");
    moved.told("authority", &entry, &["due_soon", "due_soon", "due_today"]).await;
    moved.on("2027-01-06T02:00:00Z");
    let told = moved.told("police.officer", &entry, &["due_soon"]).await;
    assert_eq!((&told[0]["subject_kind"], &told[0]["number"]), (&json!("catalogue"), &entry["catalogue_number"]));
    let told = moved.told("authority", &entry, &["due_soon", "due_soon", "due_today", "overdue"]).await;
    assert!(told.iter().all(|one| one["subject_kind"] == "catalogue_review"), "{told:?}");
    moved.on("2027-01-11T02:00:00Z");
    moved.told("police.office", &entry, &["overdue"]).await;
}

/// A case's clock follows the rules of the respondent's place (Art. 23, 26(2)), and says by which set.
#[tokio::test]
async fn a_citys_shorter_term_holds_for_corrections_and_silence() {
    let moved = Moved::begin("2026-03-02T02:00:00Z").await;
    let stage = &moved.play.stage;
    let grant = moved.play.grant().await;
    let doubt = correction(&grant);
    let open = || stage.act("social.officer", "POST /api/v1/cases", None, Some(&doubt));
    let before = open().await.unwrap();
    let set = |policies: Value| {
        json!({"region_code": "5203", "from": "2026-03-01", "terms": {"correction": 6}, "title": "遵义市规则",
               "number": "遵府发〔2026〕2号", "policies": policies})
    };
    for (policies, article) in
        [(json!({"usage_retention_years": 2}), "29(2)"), (json!({"objection_days": 21}), "22(1)")]
    {
        let refused = stage.ask("authority", "POST /api/v1/rules", None, Some(&set(policies))).await.unwrap();
        assert_eq!((refused.status.as_u16(), &refused.json()["ground"]["article"]), (422, &json!(article)));
    }
    let read = json!({"update_stop": "publication", "objection_days": 2, "common_authority": "above", "usage_retention_years": 5});
    let adopted = stage.act("authority", "POST /api/v1/rules", None, Some(&set(read.clone()))).await.unwrap();
    let listed = stage.act("social.officer", "GET /api/v1/rules", None, None).await.unwrap();
    for (name, value) in read.as_object().unwrap() {
        assert_eq!(&listed["items"][0]["policies"][name], value, "{name}");
    }
    assert_eq!(
        (&listed["defaults"]["update_stop"], &listed["defaults"]["objection_days"]),
        (&json!("filing"), &json!(5))
    );
    let after = open().await.unwrap();
    let of = |case: &Value| ["working_days", "rule_set", "due", "paused_for"].map(|name| case["clock"][name].clone());
    assert_eq!(of(&before), [json!(10), json!("decree_809"), json!("2026-03-16T15:59:59Z"), json!(0)]);
    assert_eq!(of(&after), [json!(6), adopted["id"].clone(), json!("2026-03-10T15:59:59Z"), json!(0)]);
    assert_eq!(after["kept_until"], Value::Null);

    // A record of use says until when it is kept: five years here, from the grant's last day.
    let record = json!({
        "kind": "usage_record", "grant": id(&grant).unwrap(), "from": grant["valid_from"], "until": "2026-03-02",
        "scenario": "待遇资格核验", "process": "按次调用", "effect": "核验完成", "storage": "未落库", "destruction": "无",
    });
    let filed = stage.act("social.officer", "POST /api/v1/cases", None, Some(&record)).await.unwrap();
    let (year, rest) = grant["valid_until"].as_str().unwrap().split_once('-').unwrap();
    assert_eq!(filed["kept_until"], format!("{}-{rest}", year.parse::<i32>().unwrap() + 5));
}

#[tokio::test]
async fn a_rule_set_makes_the_next_clock_shorter_and_never_longer() {
    let moved = Moved::begin("2026-03-02T02:00:00Z").await;
    let stage = &moved.play.stage;
    let earlier = moved.received("2026-03-02", "2026-12-31").await;
    let rules = |terms: Value| {
        json!({"region_code": "5203", "from": "2026-03-01", "terms": terms, "title": "遵义市规则", "number": "遵府发〔2026〕1号",
               "policies": {"due_hour": 18}})
    };
    let longer = rules(json!({"delivery": 21}));
    let refused = stage.ask("authority", "POST /api/v1/rules", None, Some(&longer)).await.unwrap().json();
    assert_eq!(
        (&refused["code"], &refused["ground"]["article"]),
        (&json!("rule_too_long"), &json!("22(1)")),
        "{refused}"
    );
    let shorter = rules(json!({"reply_conditional": 5}));
    let denied = stage.ask("police.office", "POST /api/v1/rules", None, Some(&shorter)).await.unwrap();
    assert_eq!(denied.status.as_u16(), 403, "{}", denied.text);
    let set = stage.act("authority", "POST /api/v1/rules", None, Some(&shorter)).await.unwrap();
    let later = moved.received("2026-03-02", "2026-12-31").await;
    let (before, after) = (moved.clock_of(&earlier).await, moved.clock_of(&later).await);
    assert_eq!((&before["due"], &before["rule_set"]), (&json!("2026-03-16T15:59:59Z"), &json!("decree_809")));
    assert_eq!((&after["due"], &after["rule_set"]), (&json!("2026-03-09T09:59:59Z"), &set["id"]));
    let listed = stage.act("police.officer", "GET /api/v1/rules", None, None).await.unwrap();
    assert_eq!((&listed["items"][0], listed["decree"].as_array().unwrap().len()), (&set, 8));
}

#[tokio::test]
async fn people_are_told_once_before_a_clock_runs_out_and_after() {
    let moved = Moved::begin("2026-03-02T02:00:00Z").await;
    let open = moved.received("2026-03-02", "2026-12-31").await;
    moved.told("police.officer", &open, &[]).await;
    moved.on("2026-03-12T02:00:00Z");
    moved.told("police.officer", &open, &["due_soon"]).await;
    moved.on("2026-03-16T02:00:00Z");
    let told = moved.told("police.officer", &open, &["due_soon", "due_today"]).await;
    moved.told("police.office", &open, &[]).await;
    moved.on("2026-03-25T02:00:00Z");
    let head = moved.told("police.office", &open, &["overdue"]).await;
    assert_eq!(head[0]["step"], 6, "seven working days over: the second telling, and the first is not made up for");

    let officer = Client::person(moved.play.node.base(), "police.officer", None).await.unwrap();
    let ids: Vec<&Value> = told.iter().map(|one| &one["id"]).collect();
    let body = json!({"ids": ids});
    let read = officer.json("POST", "/api/v1/reminders/read", &[], Some(&body)).await.unwrap().json();
    assert!(
        read["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["subject"] == open["id"])
            .all(|one| one["read"] == true)
    );
    // Somebody else's are not marked, whatever is sent.
    let other = json!({"ids": [head[0]["id"]]});
    officer.json("POST", "/api/v1/reminders/read", &[], Some(&other)).await.unwrap();
    assert_eq!(moved.told("police.office", &open, &["overdue"]).await[0]["read"], false);
    // What leaves the node names the case by its number, and nobody.
    let outside = fs::read_to_string(moved.play.data.join("notices.jsonl")).unwrap();
    let first: Value = serde_json::from_str(outside.lines().next().unwrap()).unwrap();
    let mut names: Vec<&str> = first.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["due", "kind", "link", "number"]);
}

#[test]
fn the_clock_of_a_node_that_serves_is_not_moved() {
    let folder = TempDir::new().unwrap();
    let clock = folder.path().join("clock");
    fs::write(&clock, "2026-03-02T02:00:00Z").unwrap();
    let refused = Node::start(crate::play::PROGRAM, &folder.path().join("node"), &["--clock-file", text(&clock)]);
    assert!(refused.is_err());
    assert!(!folder.path().join("node").exists(), "refused before anything is made");
}
