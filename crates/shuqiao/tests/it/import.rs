//! Entries that come in by file, as a department meets them: looked at, drafted, sent again, taken out and given back.

use crate::world::World;
use serde_json::Value;
use shuqiao_testkit::{
    node::{Answer, Client},
    shared::shared,
    stage::Stage,
};
use std::fs;

const TABLE: &str = "目录名称,目录代码,数据更新周期,共享类型,摘要\n\
    低保对象信息,306019/000001,6,1,城乡居民最低生活保障对象\n\
    婚姻登记信息,30-6019,6,1,婚姻登记\n\
    殡葬服务信息,,每两年,1,殡葬服务\n";

async fn send(client: &Client, call: &str, file: &[u8]) -> Answer {
    let headers = [("content-type", "application/octet-stream")];
    client.send("POST", &format!("/api/v1/catalogue/{call}"), &headers, Some(file.to_vec())).await.unwrap()
}

async fn imported(client: &Client, call: &str, file: &[u8]) -> Value {
    let answer = send(client, call, file).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

/// `row outcome` of each entry.
fn outcomes(report: &Value) -> Vec<String> {
    let entries = report["entries"].as_array().unwrap().iter();
    entries.map(|entry| format!("{} {}", entry["row"], entry["outcome"].as_str().unwrap())).collect()
}

/// `place field code` of each problem.
fn problems(report: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let problems = report["problems"].as_array().unwrap().iter();
    problems.map(|p| format!("{}{} {} {}", text(&p["column"]), p["row"], text(&p["field"]), text(&p["code"]))).collect()
}

async fn own(client: &Client) -> Vec<Value> {
    let answer = client.send("GET", "/api/v1/catalogue?scope=mine&limit=100", &[], None).await.unwrap();
    answer.json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_file_is_looked_at_drafted_once_and_comes_back_from_its_export() {
    let world = World::new(&[]);
    let stage = Stage::of(&world.node);
    let officer = stage.person("police.officer").await.unwrap();
    let before = own(&officer).await.len();

    let checked = imported(&officer, "import?profile=province-2026", TABLE.as_bytes()).await;
    assert_eq!(problems(&checked), ["B3 code malformed", "C4 update_frequency not_offered"]);
    assert_eq!(checked["problems"][1]["title_en"], "It is not one of what is offered");
    assert_eq!(outcomes(&checked), ["2 ready", "3 refused", "4 refused"]);
    assert!(checked["entries"][0]["lacks"].as_u64().unwrap() > 0, "a draft is not complete: {checked}");
    assert_eq!(own(&officer).await.len(), before, "a check drafts nothing");

    let done = imported(&officer, "import?profile=province-2026&check=false", TABLE.as_bytes()).await;
    assert_eq!(outcomes(&done), ["2 created", "3 refused", "4 refused"]);
    let id = done["entries"][0]["id"].as_str().unwrap();
    let entry = stage.act("police.officer", &format!("GET /api/v1/catalogue/{id}"), None, None).await.unwrap();
    assert_eq!((&entry["code"], &entry["update_frequency"]), (&"306019/000001".into(), &"half_yearly".into()));
    let found = stage.act("auditor", &format!("GET /api/v1/journal?subject={id}"), None, None).await.unwrap();
    let record = &found["items"][0];
    assert_eq!(record["event"], "CatalogueEntryDrafted");
    let facts = &record["summary"];
    assert_eq!((&facts["import"], &facts["row"], &facts["sheet"]), (&done["digest"], &"2".into(), &"csv".into()));

    let again = imported(&officer, "import?profile=province-2026&check=false", TABLE.as_bytes()).await;
    assert_eq!(outcomes(&again), ["2 refused", "3 refused", "4 refused"]);
    let duplicate = again["problems"].as_array().unwrap().iter().find(|p| p["code"] == "duplicate").unwrap();
    assert_eq!((&duplicate["row"], &duplicate["params"]["entry"]), (&2.into(), &id.into()));
    assert_eq!(own(&officer).await.len(), before + 1);

    let report = send(&officer, "import/report?profile=province-2026", TABLE.as_bytes()).await;
    assert_eq!(report.status, 200, "{}", report.text);
    assert!(report.bytes.starts_with(b"PK") && report.headers["content-disposition"].contains("import-report.xlsx"));

    // Out of one department and into another, whose own draft of it says the same.
    let export = officer.send("GET", "/api/v1/catalogue/export?scope=mine", &[], None).await.unwrap();
    assert_eq!(export.status, 200, "{}", export.text);
    let market = stage.person("market.officer").await.unwrap();
    let taken = imported(&market, "import?profile=shuqiao-1&check=false", &export.bytes).await;
    assert!(outcomes(&taken).iter().all(|outcome| outcome.ends_with("created")), "{taken}");
    let copy = taken["entries"].as_array().unwrap().iter().find(|entry| entry["name"] == "低保对象信息").unwrap();
    let call = format!("GET /api/v1/catalogue/{}", copy["id"].as_str().unwrap());
    let copy = stage.act("market.officer", &call, None, None).await.unwrap();
    for field in ["code", "summary", "update_frequency", "sharing_attribute", "classification", "items"] {
        assert_eq!(copy[field], entry[field], "{field}");
    }
}

#[tokio::test]
async fn who_may_not_draft_may_not_import_and_a_file_that_is_none_is_told() {
    let world = World::new(&[]);
    let stage = Stage::of(&world.node);
    let developer = stage.person("social.developer").await.unwrap();
    for call in ["import?profile=province-2026&check=false", "import/report?profile=province-2026"] {
        let denied = send(&developer, call, TABLE.as_bytes()).await;
        assert_eq!((denied.status.as_u16(), &denied.json()["code"]), (403, &"not_permitted".into()), "{call}");
    }
    let officer = stage.person("police.officer").await.unwrap();
    let cases: [(&str, &[u8], u16, &str); 5] = [
        ("import?profile=dsg-2026", b"not a workbook", 422, "sheet_not_a_workbook"),
        ("import?profile=dsg-2026", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 422, "sheet_old_format"),
        ("import?profile=province-2026", b"a,b\n1,2\n", 422, "sheet_head_missing"),
        ("import?profile=unknown", b"a", 422, "sheet_profile_unknown"),
        ("import", b"a", 400, "query_malformed"),
    ];
    for (call, file, status, code) in cases {
        let answer = send(&officer, call, file).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (status, &code.into()), "{call} {}", answer.text);
    }
    let large = send(&officer, "import?profile=dsg-2026", &vec![b'P'; 8 * 1024 * 1024 + 1]).await;
    assert_eq!((large.status.as_u16(), &large.json()["code"]), (413, &"file_too_large".into()));
}

#[tokio::test]
async fn real_workbooks_are_drafted_with_their_rows() {
    let Some(shared) = shared() else { return };
    let file = |name: &str| fs::read(shared.join("data/catalogues").join(name)).unwrap();
    let world = World::new(&[]);
    let stage = Stage::of(&world.node);
    let officer = stage.person("police.officer").await.unwrap();
    let call = "import?profile=dsg-2026&check=false";
    let wrong = imported(&officer, call, &file("workbook_catalogues_6_errors.xlsx")).await;
    assert_eq!(wrong["problems"].as_array().unwrap().len(), 6, "{}", wrong["problems"]);
    let created = |report: &Value| outcomes(report).iter().filter(|outcome| outcome.ends_with("created")).count();
    assert_eq!((outcomes(&wrong).len(), created(&wrong)), (21, 16));
    // The valid workbook begins with the same entries: those 16 are there already, the others are drafted.
    let valid = imported(&officer, call, &file("workbook_catalogues_valid.xlsx")).await;
    assert_eq!((outcomes(&valid).len(), created(&valid)), (50, 34));
    assert!(problems(&valid).iter().all(|problem| problem.ends_with("name duplicate")), "{}", valid["problems"]);
}
