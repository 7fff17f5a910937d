//! The stories of `tests/scenarios`, and what must hold when they are over.

use crate::{
    outside,
    scorecards::recomputed_equals_shown,
    world::{World, execute, make_sqlite, postgres, run, scenario, scenarios},
};
use arrow::{array::AsArray as _, ipc::reader::StreamReader};
use serde_json::json;
use shuqiao_testkit::{
    node::{Answer, Client},
    scenario::{Player, Scenario},
};
use std::{fs, io::Cursor};

#[tokio::test]
async fn the_main_job_on_sqlite() {
    main_job(&[]).await;
}

#[tokio::test]
async fn the_main_job_on_postgresql() {
    let url = postgres().create_database("node_of_main_job").unwrap();
    main_job(&["--database", &url]).await;
}

#[tokio::test]
async fn refusals_with_their_reasons_on_sqlite() {
    refusals(&[]).await;
}

#[tokio::test]
async fn refusals_with_their_reasons_on_postgresql() {
    let url = postgres().create_database("node_of_refusals").unwrap();
    refusals(&["--database", &url]).await;
}

#[tokio::test]
async fn an_extension_and_a_delivery_on_sqlite() {
    extension(&[]).await;
}

#[tokio::test]
async fn an_extension_and_a_delivery_on_postgresql() {
    let url = postgres().create_database("node_of_extension").unwrap();
    extension(&["--database", &url]).await;
}

async fn extension(more: &[&str]) {
    let world = World::new(more);
    fs::copy(scenarios().join("data/licences.csv"), world.files.join("licences.csv")).unwrap();
    let mut player = world.player(&[]);
    player.play(&scenario("conditional-with-extension.toml")).await.unwrap();
    recomputed_equals_shown(&mut player, &["S2", "S5", "S7"]).await;
}

#[tokio::test]
async fn a_law_changes_and_the_catalogue_follows_on_sqlite() {
    law_changes(&[]).await;
}

#[tokio::test]
async fn a_law_changes_and_the_catalogue_follows_on_postgresql() {
    let url = postgres().create_database("node_of_law_changes").unwrap();
    law_changes(&["--database", &url]).await;
}

/// Over the golden week of 2025.
async fn law_changes(more: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    fs::write(&clock, "2025-09-29T02:00:00Z").unwrap();
    let clock = clock.to_str().unwrap();
    let world = World::new(&[&["--demo", "--clock-file", clock], more].concat());
    let given = [("clock", clock), ("today", "2025-09-29"), ("in_a_year", "2026-09-28")];
    let mut player = world.player(&given);
    player.play(&scenario("law-changes.toml")).await.unwrap();
    recomputed_equals_shown(&mut player, &["C4"]).await;
}

#[tokio::test]
async fn data_in_use_on_sqlite() {
    for (story, behind) in IN_USE {
        in_use(&[], story, behind).await;
    }
}

#[tokio::test]
async fn data_in_use_on_postgresql() {
    for (story, behind) in IN_USE {
        let name = story.trim_end_matches(".toml").replace('-', "_");
        let url = postgres().create_database(&format!("node_of_{name}")).unwrap();
        in_use(&["--database", &url], story, behind).await;
    }
}

/// What becomes of a grant after it was given, each story on a node of its own, and the indicators that it feeds.
const IN_USE: &[(&str, &[&str])] = &[
    ("misuse.toml", &["S2"]),
    ("service-change.toml", &["S2", "S3.mean"]),
    ("correction.toml", &["S5", "Q4"]),
    ("end-of-purpose.toml", &["S5", "X2"]),
];

async fn in_use(more: &[&str], story: &str, behind: &[&str]) {
    let world = World::new(more);
    let persons = fs::read_to_string(scenarios().join("data/persons.sql")).unwrap();
    execute(&world.files.join("persons.db"), &persons).await;
    let changed = persons.replacen("    name TEXT", "    full_name TEXT", 1);
    assert_ne!(changed, persons);
    execute(&world.files.join("changed.db"), &changed).await;
    let mut player = world.player(&[]);
    player.play(&scenario("granted.toml")).await.unwrap();
    player.play(&scenario(story)).await.unwrap();
    recomputed_equals_shown(&mut player, behind).await;
}

async fn refusals(more: &[&str]) {
    let world = World::new(more);
    fs::copy(scenarios().join("data/licences.csv"), world.files.join("licences.csv")).unwrap();
    let mut player = world.player(&[]);
    player.play(&scenario("refused.toml")).await.unwrap();
    one_call_a_second(&mut player).await;
}

/// The stories of cases: file of `tests/scenarios`, the name of its database, and an indicator that it feeds.
const OF_CASES: &[(&str, &str, &[&str])] = &[
    ("dispute.toml", "node_of_dispute", &["S2", "S6", "S6.overturned", "D1"]),
    ("return-flow.toml", "node_of_return_flow", &["R1"]),
    ("demand.toml", "node_of_demand", &["S1"]),
    ("designation.toml", "node_of_designation", &[]),
];

#[tokio::test]
async fn the_stories_of_cases_on_sqlite() {
    for (file, _, behind) in OF_CASES {
        of_case(file, &[], behind).await;
    }
}

#[tokio::test]
async fn the_stories_of_cases_on_postgresql() {
    for (file, database, behind) in OF_CASES {
        let url = postgres().create_database(database).unwrap();
        of_case(file, &["--database", &url], behind).await;
    }
}

async fn of_case(file: &str, more: &[&str], behind: &[&str]) {
    let world = World::new(more);
    fs::copy(scenarios().join("data/licences.csv"), world.files.join("licences.csv")).unwrap();
    let mut player = world.player(&[]);
    player.play(&scenario(file)).await.unwrap();
    recomputed_equals_shown(&mut player, behind).await;
}

#[tokio::test]
async fn an_inspection_from_its_plan_to_a_circulated_notice() {
    World::new(&[]).player(&[]).play(&scenario("inspection.toml")).await.unwrap();
}

#[tokio::test]
async fn an_unconditional_case_is_easy() {
    after_a_grant("unconditional.toml").await;
}

#[tokio::test]
async fn a_complaint_finds_its_department_and_an_incident_is_contained() {
    after_a_grant("incident-and-complaint.toml").await;
}

#[tokio::test]
async fn a_contractor_comes_sees_no_data_and_leaves() {
    after_a_grant("contractor-leaves.toml").await;
}

#[tokio::test]
async fn leads_are_raised_by_the_node_and_decided_by_people() {
    after_a_grant("leads.toml").await;
}

/// A story that goes on from a grant in force.
async fn after_a_grant(story: &str) {
    let world = World::new(&[]);
    fs::copy(scenarios().join("data/licences.csv"), world.files.join("licences.csv")).unwrap();
    let mut player = world.player(&[]);
    player.play(&scenario("a-grant.toml")).await.unwrap();
    player.play(&scenario(story)).await.unwrap();
}

#[tokio::test]
async fn a_story_that_goes_otherwise_is_told() {
    let world = World::new(&[]);
    for wrong in [
        "status = 204",
        "status = 200\nexpect = { \"/status\" = \"ill\" }",
        "status = 200\nexpect = { \"/absent\" = \"~\" }",
        "status = 200\ncount = { \"/status\" = 1 }",
        "status = 200\nexpect_headers = { x-absent = \"\" }",
        "status = 200\ncontains = [\"ill\"]",
        "status = 200\nlacks = [\"ok\"]",
        "status = 200\nsave = { x = \"/absent\" }",
    ] {
        let step = format!(
            "title = \"t\"\n[[step]]\nsay = \"is it well\"\nas = \"nobody\"\ncall = \"GET /healthz\"\n{wrong}\n"
        );
        let story: Scenario = toml::from_str(&step).unwrap();
        let told = world.player(&[]).play(&story).await.unwrap_err();
        assert!(
            format!("{told:#}").starts_with("t, step 1: is it well (GET /healthz as nobody): "),
            "{wrong}: {told:#}"
        );
    }
}

async fn main_job(more: &[&str]) {
    let mut world = World::new(more);
    fs::copy(scenarios().join("data/licences.csv"), world.files.join("licences.csv")).unwrap();
    make_sqlite(&world.files.join("persons.db"), &scenarios().join("data/persons.sql")).await;
    let early = Client::anonymous(world.node.base()).json("GET", "/checkpoint", &[], None).await.unwrap().text;
    let mut player = world.player(&[]);
    player.play(&scenario("main-job.toml")).await.unwrap();
    arrow_holds_the_same(player.kept("arrow").unwrap());
    csv_says_where_to_go_on(player.kept("csv").unwrap());
    proofs_verify_offline(&world, &player);
    let auditor = player.client("auditor").await.unwrap();
    outside::agree_on_record(&auditor, &early).await;
    outside::agree_on_usage(&mut player).await;

    let saved = ["proof", "key", "grant", "number"].map(|name| player.saved(name).unwrap().to_owned());
    drop(player);
    nothing_is_lost_by_a_power_cut(&mut world, more, &saved).await;
}

/// Rows under masks, as columns of the types that were announced.
fn arrow_holds_the_same(answer: &Answer) {
    let batches: Vec<_> =
        StreamReader::try_new(Cursor::new(&answer.bytes), None).unwrap().map(Result::unwrap).collect();
    let columns: Vec<String> = batches[0].schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(columns, ["name", "birth_date"]);
    let rows: Vec<(&str, &str)> = batches
        .iter()
        .flat_map(|batch| {
            let text = |at: usize| batch.column(at).as_string::<i32>().iter().map(Option::unwrap);
            text(0).zip(text(1))
        })
        .collect();
    assert_eq!(rows, [("赵*", "1960"), ("钱*", "1964"), ("孙*", "1968")]);
}

fn csv_says_where_to_go_on(answer: &Answer) {
    assert!(!answer.headers["shuqiao-next"].is_empty());
    assert!(answer.headers["shuqiao-record"].parse::<u64>().is_ok());
}

/// `shuqiao verify`: with the right key, with a wrong one, and with every so many bytes of the file bent.
fn proofs_verify_offline(world: &World, player: &Player<'_>) {
    let saved = |name: &str| player.saved(name).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = world.path(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let key = write("record.vkey", saved("key").as_bytes());
    let usage_key = write("usage.vkey", saved("usage_key").as_bytes());
    let proof = write("grant.tlog-proof", saved("proof").as_bytes());
    let usage = write("usage.tlog-proof", saved("usage_proof").as_bytes());

    let proved = run(&["verify", &proof, "--key", &key]);
    assert_eq!(proved.code, Some(0), "{}{}", proved.out, proved.complaint);
    assert!(proved.out.starts_with("proved: entry ") && proved.out.contains("zunyi.demo/record"), "{}", proved.out);
    let told: serde_json::Value = serde_json::from_str(&run(&["verify", &proof, "--key", &key, "--json"]).out).unwrap();
    assert_eq!((&told["proved"], &told["origin"]), (&json!(true), &json!("zunyi.demo/record")));
    assert_eq!(run(&["verify", &usage, "--key", &usage_key]).code, Some(0));

    let wrong = run(&["verify", &proof, "--key", &usage_key]);
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.out.starts_with("not proved: "), "{}", wrong.out);
    for at in (0..saved("proof").len()).step_by(53) {
        let mut bytes = saved("proof").as_bytes().to_vec();
        bytes[at] ^= 1;
        let bent = run(&["verify", &write("bent.tlog-proof", &bytes), "--key", &key]);
        assert_eq!(bent.code, Some(1), "a proof with byte {at} bent is taken: {}", bent.out);
        assert!(bent.out.starts_with("not proved: ") || bent.complaint.contains("is not text"), "{}", bent.complaint);
    }
}

/// What was acknowledged is there after the node was killed, and its record verifies.
async fn nothing_is_lost_by_a_power_cut(world: &mut World, more: &[&str], saved: &[String; 4]) {
    let [proof, key, grant, number] = saved;
    let usage = |text: &str| text.lines().nth(1).unwrap().parse::<u64>().unwrap();
    let checkpoint = "/data/v1/usage/checkpoint";
    let before = Client::anonymous(world.node.base()).json("GET", checkpoint, &[], None).await.unwrap().text;
    world.interrupted(|world| {
        let data = world.data();
        let checked = run(&[&["check", "--data", data.to_str().unwrap()], more].concat());
        assert_eq!(checked.code, Some(0), "{}", checked.complaint);
        let said = format!("the usage log verifies: {} entries", usage(&before));
        assert!(checked.out.contains("the record verifies") && checked.out.contains(&said), "{}", checked.out);
    });
    assert!(world.node.first_logins().is_empty(), "a second start makes no accounts");
    let anonymous = Client::anonymous(world.node.base());
    let after = anonymous.json("GET", checkpoint, &[], None).await.unwrap().text;
    assert_eq!(usage(&after), usage(&before));
    let keys = anonymous.json("GET", "/.well-known/shuqiao-log", &[], None).await.unwrap().json();
    assert_eq!(keys["verifier_key"], json!(key));
    let officer = Client::person(world.node.base(), "social.officer", None).await.unwrap();
    let again = officer.json("GET", &format!("/api/v1/grants/{grant}/proof"), &[], None).await.unwrap();
    let entry = |proof: &str| proof.lines().take(3).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(entry(&again.text), entry(proof), "the same entry stands at the same place");
    let view = officer.json("GET", &format!("/api/v1/grants/{grant}"), &[], None).await.unwrap().json();
    assert_eq!(
        (&view["state"], &view["number"], &view["usage"]["rows"]),
        (&json!("revoked"), &json!(number), &json!(45))
    );
}

/// A grant of one call a second: sooner or later one comes too early and is told when to come again.
async fn one_call_a_second(player: &mut Player<'_>) {
    let (grant, number) = ["grant", "third_number"].map(|name| player.saved(name).unwrap().to_owned()).into();
    let system = player.client("system:sys").await.unwrap();
    let (path, query) = (format!("/data/v1/grants/{grant}/query"), json!({"purpose": number, "limit": 1}));
    for _ in 0..200 {
        let answer = system.json("POST", &path, &[], Some(&query)).await.unwrap();
        if answer.status == 429 {
            assert_eq!(answer.json()["code"], "rate_exceeded");
            assert_eq!(
                (answer.headers["retry-after"].as_str(), answer.headers["ratelimit-remaining"].as_str()),
                ("1", "0")
            );
            return;
        }
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    unreachable!("200 calls, none of them too early");
}
