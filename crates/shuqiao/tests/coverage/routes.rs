//! Every route × {anonymous, other department, wrong role}.
//!
//! The rule: who is not logged in gets 401; who may not gets 403 or 404, and 404 in the very words that a made-up id gets.
//! What differs from the rule stands in `exceptions.txt` with its reason, and only that: a line that is not needed fails.
//! INVARIANT (every-route-accounted): a route that [`aims`] does not know fails.

use crate::play::{Play, code, correction, play};
use serde_json::{Value, json};
use shuqiao_http::{Route, route_list};
use shuqiao_testkit::{
    node::{Answer, Client},
    stage::{Stage, access_token, id},
};
use std::collections::{BTreeMap, BTreeSet};

const EXCEPTIONS: &str = include_str!("exceptions.txt");

/// People of a department that has nothing to do with what is aimed at, with the roles that could do it at home.
const OTHERS: &[&str] = &["market.officer", "market.office", "market.head"];
/// People whose role never fits, wherever they work.
const WRONG_ROLES: &[&str] = &["admin", "police.head", "social.developer"];

/// What is aimed at: police's own source and draft, the request and the grant between social and police, social's
/// system, a person of the authority.
struct Aims {
    source: String,
    table: String,
    entry: String,
    request: String,
    grant: String,
    case: String,
    system: String,
    gateway: String,
    /// A task of batch exchange between police and social, its run and its grant.
    batch_task: String,
    batch_run: String,
    batch_grant: String,
    person: String,
    organisation: String,
    /// A draft application of the social department, and its one request.
    cart: String,
    part: String,
    /// Number of a paper of the grant.
    paper: String,
    revision: u64,
    /// The last day of the grant.
    until: String,
}

async fn aims(play: &Play) -> Aims {
    let source = play.first("police.officer", "GET /api/v1/sources").await;
    let mut content = play.stage.entry_content("police", "persons").await.unwrap();
    content["name"] = json!("尚未编制完成的目录");
    let draft = play.stage.act("police.officer", "POST /api/v1/catalogue", None, Some(&content)).await.unwrap();
    let grant = play.grant().await;
    let case = play.stage.act("social.officer", "POST /api/v1/cases", None, Some(&correction(&grant))).await.unwrap();
    let person = json!({
        "login": "spare", "name": "某人", "organisation": play.organisation("auditor").await, "roles": ["auditor"],
    });
    let person = play.stage.act("admin", "POST /api/v1/people", None, Some(&person)).await.unwrap();
    let paper = json!({"kind": "authorisation", "subject": id(&grant).unwrap()});
    let paper = play.stage.act("social.officer", "POST /api/v1/papers", None, Some(&paper)).await.unwrap();
    let published = play.first("social.officer", "GET /api/v1/catalogue?scope=published").await;
    let content = play.request_content(&published, &["name"]).await;
    let cart = crate::play::cart_of(&content);
    let cart = play.stage.act("social.officer", "POST /api/v1/carts", None, Some(&cart)).await.unwrap();
    let gateway = json!({"name": "公安网关"});
    let gateway = play.stage.act("police.officer", "POST /api/v1/gateways", None, Some(&gateway)).await.unwrap();
    let batch_grant = crate::batch::batch_grant_of(play, "police", "persons", &["name", "county_code"]).await;
    let task = crate::batch::folder_task(&batch_grant);
    let task = play.stage.act("social.officer", "POST /api/v1/batch-tasks", None, Some(&task)).await.unwrap();
    let run = play.stage.verb("social.officer", "batch-tasks", &task, "run", None).await.unwrap();
    Aims {
        batch_task: id(&task).unwrap().to_owned(),
        batch_run: id(&run["last_run"]).unwrap().to_owned(),
        batch_grant: id(&batch_grant).unwrap().to_owned(),
        cart: id(&cart).unwrap().to_owned(),
        part: id(&cart["providers"][0]["requests"][0]).unwrap().to_owned(),
        paper: paper["number"].as_str().unwrap().to_owned(),
        source: id(&source).unwrap().to_owned(),
        table: "persons".to_owned(),
        entry: id(&draft).unwrap().to_owned(),
        request: grant["request"].as_str().unwrap().to_owned(),
        grant: id(&grant).unwrap().to_owned(),
        case: id(&case).unwrap().to_owned(),
        system: play.system.clone(),
        gateway: id(&gateway).unwrap().to_owned(),
        person: id(&person).unwrap().to_owned(),
        organisation: play.organisation("market.officer").await,
        revision: 1,
        until: crate::play::days(&grant).1,
    }
}

/// The path with the real thing, and with one of the same kind that does not exist; `None` when the route is not known here.
fn paths(route: &Route, aims: &Aims) -> Option<(String, String)> {
    let path = route.path.as_str();
    let kinds = [
        ("/api/v1/sources/{id}", "src_", &aims.source),
        ("/api/v1/catalogue/{id}", "cat_", &aims.entry),
        ("/api/v1/requests/{id}", "req_", &aims.request),
        ("/api/v1/carts/{id}", "app_", &aims.cart),
        ("/api/v1/grants/{id}", "grt_", &aims.grant),
        ("/api/v1/cases/{id}", "cas_", &aims.case),
        ("/api/v1/systems/{id}", "sys_", &aims.system),
        ("/api/v1/gateways/{id}", "gtw_", &aims.gateway),
        ("/api/v1/batch-tasks/{id}", "bat_", &aims.batch_task),
        ("/api/v1/people/{id}", "per_", &aims.person),
    ];
    for (start, prefix, real) in kinds {
        if path == start || path.starts_with(&format!("{start}/")) {
            let filled = |id: &str| {
                path.replace("{id}", id)
                    .replace("{table}", &aims.table)
                    .replace("{kid}", "k1")
                    .replace("{run}", &aims.batch_run)
                    .replace("{change}", "0")
                    .replace("{version}", "1")
            };
            return Some((filled(real), filled(&format!("{prefix}{}", "7".repeat(32)))));
        }
    }
    if route.operation == "batch_task_list" {
        let filled = |grant: &str| format!("{path}?grant={grant}");
        return Some((filled(&aims.batch_grant), filled(&format!("grt_{}", "7".repeat(32)))));
    }
    let of_paper = |subject: &str, number: &str| match route.operation.as_str() {
        "paper_list" => Some(format!("{path}?subject={subject}")),
        "paper_file" => Some(path.replace("{number}", number)),
        _ => None,
    };
    let made_up = (format!("grt_{}", "7".repeat(32)), "GXSS-1999-000001");
    if let (Some(real), Some(none)) = (of_paper(&aims.grant, &aims.paper), of_paper(&made_up.0, made_up.1)) {
        return Some((real, none));
    }
    let filled = match path {
        "/api/v1/verify/papers/{number}" => path.replace("{number}", &aims.paper),
        "/api/v1/intake/{name}" => path.replace("{name}", "new.csv"),
        "/api/v1/journal/{index}" | "/api/v1/journal/{index}/proof" => path.replace("{index}", "0"),
        "/tile/{path}" => path.replace("{path}", "0/000.p/1"),
        "/api/v1/refusals/{request_id}" => path.replace("{request_id}", "unknown"),
        "/api/v1/regions" => format!("{path}?parent=52"),
        "/api/v1/inbox" => format!("{path}?tab=todo"),
        "/api/v1/scorecards" | "/api/v1/scorecards/departments" | "/api/v1/scorecards/recomputed" => {
            format!("{path}?period=2026")
        }
        "/api/v1/deadlines" => format!("{path}?clock=delivery&from=2026-03-02"),
        "/api/v1/catalogue/import" | "/api/v1/catalogue/import/report" => format!("{path}?profile=province-2026"),
        "/api/v1/leaks/trace" => format!("{path}?form=csv"),
        _ if path.contains('{') => return None,
        _ => path.to_owned(),
    };
    Some((filled.clone(), filled))
}

/// A body that the route would take.
fn body(route: &Route, aims: &Aims) -> Option<Value> {
    let decision = json!({"kind": "agree", "narrowing": {}, "opinion": "同意。"});
    Some(match route.operation.as_str() {
        "session_create" => json!({"login": "nobody", "password": "not the password"}),
        "first_login" => json!({"token": "unknown", "password": "correct horse battery"}),
        "first_login_check" => json!({"token": "unknown"}),
        "person_create" => {
            json!({"login": "someone", "name": "某人", "organisation": aims.organisation, "roles": ["developer"]})
        }
        "organisation_create" => json!({
            "name": "遵义市某局", "short_name": "某局", "kind": "department", "level": "city",
            "region_code": "5203",
        }),
        "source_create" | "source_check" => json!({"kind": "sqlite", "name": "x", "file": "nothing.db"}),
        "catalogue_create" | "catalogue_revise" => json!({"name": "x"}),
        "catalogue_record_change" => json!({"kind": "law_changed", "title": "新法", "occurred": "2026-01-05"}),
        "catalogue_ask_extension" | "catalogue_propose_retirement" => json!({"reason": "理由"}),
        "catalogue_decide_extension" => json!({"consent": true}),
        "request_create" | "request_revise" => {
            Stage::request_content(&aims.entry, &["name"], &aims.system, "2026-01-01", "2026-12-31")
        }
        "cart_create" => crate::play::cart_of(&Stage::request_content(
            &aims.entry,
            &["name"],
            &aims.system,
            "2026-01-01",
            "2026-12-31",
        )),
        "cart_submit" | "cart_consent" => json!({"requests": [{"id": aims.part, "revision": 1}]}),
        "request_ask_extension" => json!({"working_days": 5, "reason": "需核对"}),
        "paper_issue" => json!({"kind": "authorisation", "subject": aims.grant}),
        "system_create" => json!({"name": "某系统"}),
        "batch_task_create" => json!({
            "grant": aims.batch_grant, "target": {"kind": "folder"}, "table": "t", "mode": {"kind": "full"},
            "schedule": {"kind": "manual"},
        }),
        "batch_run_countersign" => json!({"rows": 1, "digest": "0"}),
        "gateway_create" => json!({"name": "某网关"}),
        "system_key_add" => json!({"kid": "k1", "jwk": crate::play::public_key(), "until": aims.until}),
        "system_national_set" => {
            json!({"requester_code": "r_1", "services": [{"code": "s_1", "grant": aims.grant}], "new_key": false})
        }
        "system_calling_set" => json!({"addresses": ["10.0.0.0/8"], "signature_required": true}),
        "case_open" => json!({
            "kind": "correction", "grant": aims.grant, "items": ["name"], "rows": "某行", "doubt": "有误", "evidence": "记录",
        }),
        "case_act" => json!({"kind": "correction", "verb": "answer", "verdict": "upheld", "finding": "无误"}),
        "calendar_notice_add" => json!({"year": 2027, "number": "国办发明电〔2026〕9号", "off": ["2027-01-01"]}),
        "rule_set_adopt" => json!({
            "from": "2026-01-01", "terms": {"delivery": 15}, "title": "遵义市规则", "number": "遵府发〔2026〕1号",
        }),
        "reminder_read" => json!({"ids": []}),
        "grant_revoke" => json!({"ground": {"kind": "purpose_ended", "text": "核验工作已完成"}}),
        "request_propose" => json!({"decision": decision}),
        "request_ask_supplement" => json!({"missing": ["依据文件"]}),
        "request_supplement" => json!({"answers": "已补"}),
        operation if operation.ends_with("_return") || operation.ends_with("_proposal") => json!({"reason": "理由"}),
        "request_decline" | "request_withdraw" | "request_refuse_extension" | "request_report_undelivered" => {
            json!({"reason": "理由"})
        }
        _ => return None,
    })
}

async fn send(client: &Client, route: &Route, path: &str, aims: &Aims) -> Answer {
    let seen = format!("\"{}\"", aims.revision);
    let mut headers = Vec::new();
    if route.needs_revision {
        headers.push(("if-match", seen.as_str()));
    }
    if route.operation == "intake_upload" {
        return client.send(route.method, path, &headers, Some(b"a,b\n1,2\n".to_vec())).await.unwrap();
    }
    if route.operation.starts_with("catalogue_import") || route.operation == "leak_trace" {
        let table = "目录名称,数据更新周期,共享类型,摘要\n低保对象,1,1,说明\n".as_bytes().to_vec();
        headers.push(("content-type", "application/octet-stream"));
        return client.send(route.method, path, &headers, Some(table)).await.unwrap();
    }
    // An empty object where no body is asked for: without one, browsers' forms are refused before anything else.
    let body = (route.method != "GET").then(|| body(route, aims).unwrap_or_else(|| json!({})));
    client.json(route.method, path, &headers, body.as_ref()).await.unwrap()
}

/// The body without what differs from request to request.
fn words(answer: &Answer) -> Value {
    let mut body = answer.json();
    if let Some(members) = body.as_object_mut() {
        members.remove("request_id");
    }
    body
}

/// Exceptions by `persona operation`, with the status they allow.
fn exceptions() -> BTreeMap<String, u16> {
    let lines = EXCEPTIONS.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (rule, reason) = line.split_once('#').expect("an exception has a reason");
            let words: Vec<&str> = rule.split_whitespace().collect();
            let [persona, operation, status] = words[..] else { panic!("not an exception: {line}") };
            assert!(!reason.trim().is_empty(), "no reason: {line}");
            (format!("{persona} {operation}"), status.parse().unwrap())
        })
        .collect()
}

/// What was found against the rule, and which exceptions were needed.
#[derive(Default)]
struct Findings {
    wrong: Vec<String>,
    used: BTreeSet<String>,
    /// Denials of logged-in people: request id, actor, operation.
    denied: Vec<(String, String, String)>,
}

impl Findings {
    fn hold(&mut self, exceptions: &BTreeMap<String, u16>, key: &str, answer: &Answer, follows_rule: bool) {
        let status = answer.status.as_u16();
        let anybody = format!("* {}", key.split_once(' ').map_or(key, |(_, operation)| operation));
        let excepted = [key, &anybody].into_iter().find(|key| exceptions.get(*key) == Some(&status));
        match excepted {
            _ if follows_rule => {}
            Some(key) => {
                self.used.insert(key.to_owned());
            }
            None => self.wrong.push(format!("{key} {status} # {}", answer.text.chars().take(160).collect::<String>())),
        }
        assert!(status < 500, "{key}: {status} {}", answer.text);
    }
}

#[tokio::test]
async fn every_route_denies_who_may_not() {
    let play = play(&[]);
    let (aims, exceptions, mut found) = (aims(&play).await, exceptions(), Findings::default());
    let nobody = Client::anonymous(play.node.base());
    for route in route_list() {
        let Some((path, made_up)) = paths(&route, &aims) else {
            found.wrong.push(format!("{} {} is in no table", route.method, route.path));
            continue;
        };
        let answer = send(&nobody, &route, &path, &aims).await;
        let missing = answer.status.as_u16() == 401 && code(&answer) == "session_missing";
        found.hold(&exceptions, &format!("anonymous {}", route.operation), &answer, missing);
        // Who logs out is logged out, which is not what is tested here.
        if !route.needs_login {
            continue;
        }
        for login in OTHERS.iter().chain(WRONG_ROLES) {
            let client = play.stage.person(login).await.unwrap();
            let answer = send(&client, &route, &path, &aims).await;
            let status = answer.status.as_u16();
            let follows = match status {
                403 => code(&answer) == "not_permitted",
                404 => {
                    let unknown = send(&client, &route, &made_up, &aims).await;
                    path == made_up || (unknown.status == answer.status && words(&unknown) == words(&answer))
                }
                _ => false,
            };
            let is_other = OTHERS.contains(login) && path != made_up;
            // Of what another department has, not even that it exists.
            let key = format!("{login} {}", route.operation);
            // A 404 that is no denial is an exception with its reason.
            let follows = follows && !(is_other && status == 403) && exceptions.get(&key) != Some(&status);
            found.hold(&exceptions, &key, &answer, follows);
            if matches!(status, 403 | 404) && follows {
                let request = answer.headers["x-request-id"].clone();
                found.denied.push((request, (*login).to_owned(), route.operation.clone()));
            }
        }
    }
    found
        .wrong
        .extend(exceptions.keys().filter(|key| !found.used.contains(*key)).map(|key| format!("not needed: {key}")));
    assert!(found.wrong.is_empty(), "against the rule:\n{}", found.wrong.join("\n"));
    denials_are_in_the_journal(&play, &found.denied).await;
}

/// Every denied attempt of somebody who is known is in the journal, with who it was.
async fn denials_are_in_the_journal(play: &Play, denied: &[(String, String, String)]) {
    let journal = crate::journal::journal(play).await;
    let mut missing = Vec::new();
    for (request, login, operation) in denied {
        let person = play.person_id(login).await;
        let there = journal.iter().any(|row| {
            row["request_id"] == *request && row["event"] == "ActionDenied" && row["actor"]["id"] == person.as_str()
        });
        if !there {
            missing.push(format!("{operation} by {login}"));
        }
    }
    assert!(missing.is_empty(), "denied, and not in the journal:\n{}", missing.join("\n"));
}

/// The routes of the data plane, as they stand in its own table: method, path.
const PLANE: &[(&str, &str)] = &[
    ("POST", "/oauth2/token"),
    ("GET", "/oauth2/jwks"),
    ("GET", "/data/v1/refusals/{request_id}"),
    ("POST", "/data/v1/national/secret"),
    ("POST", "/data/v1/national/call"),
    ("GET", "/data/v1/problems/{code}"),
    ("GET", "/.well-known/oauth-authorization-server"),
    ("POST", "/data/v1/grants/{grant_id}/query"),
    ("POST", "/data/v1/grants/{grant_id}/verify"),
    ("GET", "/data/v1/usage/checkpoint"),
    ("GET", "/data/v1/usage/tile/{*path}"),
    ("GET", "/data/v1/usage/{index}/proof"),
    ("POST", "/data/v1/grants/{grant_id}/files"),
    ("GET", "/data/v1/files/{file_id}"),
    ("GET", "/data/v1/files/{file_id}/content"),
    ("POST", "/data/v1/files/{file_id}/receipt"),
    ("GET", "/delta-sharing/profile"),
    ("GET", "/delta-sharing/shares"),
    ("GET", "/delta-sharing/shares/{share}"),
    ("GET", "/delta-sharing/shares/{share}/schemas"),
    ("GET", "/delta-sharing/shares/{share}/schemas/{schema}/tables"),
    ("GET", "/delta-sharing/shares/{share}/all-tables"),
    ("GET", "/delta-sharing/shares/{share}/schemas/{schema}/tables/{table}/version"),
    ("GET", "/delta-sharing/shares/{share}/schemas/{schema}/tables/{table}/metadata"),
    ("POST", "/delta-sharing/shares/{share}/schemas/{schema}/tables/{table}/query"),
];

/// Those of them that anybody may ask: they give away nothing of anybody's.
const PLANE_PUBLIC: &[&str] = &[
    "/oauth2/token",
    "/.well-known/oauth-authorization-server",
    "/oauth2/jwks",
    "/data/v1/problems/{code}",
    "/data/v1/usage/checkpoint",
    "/data/v1/usage/tile/{*path}",
    // Refuses in its clients' own form, which is told apart below.
    NATIONAL_SECRET,
];
const NATIONAL_SECRET: &str = "/data/v1/national/secret";

#[test]
fn every_route_of_the_plane_is_known_here() {
    let tables = [
        include_str!("../../../plane/src/routes.rs"),
        include_str!("../../../plane/src/routes/identity.rs"),
        include_str!("../../../plane/src/routes/national.rs"),
        include_str!("../../../plane/src/delivery/file/routes.rs"),
        include_str!("../../../plane/src/delivery/share/routes.rs"),
    ];
    let served: BTreeSet<&str> = tables
        .iter()
        .flat_map(|table| table.split(".route(").skip(1))
        .filter_map(|rest| rest.split('"').nth(1))
        // Compiled only for `bench/call`.
        .filter(|path| !path.starts_with("/bench/"))
        .collect();
    assert_eq!(served, PLANE.iter().map(|(_, path)| *path).collect::<BTreeSet<_>>());
}

#[tokio::test]
async fn the_plane_denies_who_may_not() {
    let play = play(&[]);
    let grant = play.grant().await;
    let query = crate::play::query_path(&grant);
    let made_up = "/data/v1/grants/grt_77777777777777777777777777777777/query";
    let body = json!({"purpose": grant["purpose"], "limit": 1});
    let nobody = Client::anonymous(play.node.base());
    // Public by design: what anybody may check.
    for path in [
        "/.well-known/oauth-authorization-server",
        "/oauth2/jwks",
        "/data/v1/problems/token_missing",
        "/data/v1/usage/checkpoint",
    ] {
        assert_eq!(nobody.send("GET", path, &[], None).await.unwrap().status.as_u16(), 200, "{path}");
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let token = nobody.send("POST", "/oauth2/token", &form, Some(b"grant_type=client_credentials".to_vec())).await;
    assert!(matches!(token.unwrap().status.as_u16(), 400 | 401));
    let told = nobody.json("POST", &query, &[], Some(&body)).await.unwrap();
    assert_eq!((told.status.as_u16(), code(&told).as_str()), (401, "token_missing"));
    for (method, path) in PLANE.iter().filter(|(_, path)| !PLANE_PUBLIC.contains(path)) {
        let path = path.replace("{grant_id}", id(&grant).unwrap()).replace(['{', '}'], "");
        let told = nobody.json(method, &path, &[], (*method == "POST").then_some(&body)).await.unwrap();
        assert_eq!(told.status.as_u16(), 401, "{method} {path}: {}", told.text);
    }
    let national = nobody.json("POST", NATIONAL_SECRET, &[], Some(&body)).await.unwrap().json();
    assert_eq!(national["code"], "-1");
    assert_eq!(national.get("data"), None);
    // A session of the workflow is not a token of the plane.
    let person = play.stage.person("social.officer").await.unwrap();
    let told = person.json("POST", &query, &[], Some(&body)).await.unwrap();
    assert_eq!((told.status.as_u16(), code(&told).as_str()), (401, "token_invalid"));
    // A system of another department hears of a real grant what it hears of none.
    let new = json!({"name": "另一部门的系统"});
    let system = play.stage.act("market.officer", "POST /api/v1/systems", None, Some(&new)).await.unwrap();
    let secret = system["client_secret"].as_str().unwrap();
    let token = access_token(play.node.base(), id(&system).unwrap(), secret).await.unwrap();
    let other = nobody.with_bearer(&token);
    let real = other.json("POST", &query, &[], Some(&body)).await.unwrap();
    let none = other.json("POST", made_up, &[], Some(&body)).await.unwrap();
    assert_eq!((real.status.as_u16(), code(&real).as_str()), (403, "grant_missing"));
    assert_eq!((real.status, words(&real)), (none.status, words(&none)));
    // Nor does it find a file or a table of theirs.
    for path in ["/data/v1/files/none", "/data/v1/files/none/content", "/delta-sharing/shares/none"] {
        assert_eq!(other.send("GET", path, &[], None).await.unwrap().status.as_u16(), 404, "{path}");
    }
    let listed = other.send("GET", "/delta-sharing/shares", &[], None).await.unwrap();
    assert_eq!((listed.status.as_u16(), listed.json()), (200, json!({"items": []})));
    // Proofs are for the two parties of the record.
    let ours = play.call(&play.caller().await, &grant, 1).await;
    let proof = format!("/data/v1/usage/{}/proof", ours.headers["shuqiao-record"]);
    assert_eq!(nobody.send("GET", &proof, &[], None).await.unwrap().status.as_u16(), 401);
    let real = other.send("GET", &proof, &[], None).await.unwrap();
    let none = other.send("GET", "/data/v1/usage/99999999/proof", &[], None).await.unwrap();
    assert_eq!(real.status.as_u16(), 404, "{}", real.text);
    assert_eq!(words(&real), words(&none));
    // A trial token is good for its grant only, and a developer's colleague of another department gets none.
    let call = format!("POST /api/v1/grants/{}/trial_token", id(&grant).unwrap());
    let trial = play.stage.act("social.developer", &call, None, None).await.unwrap();
    let trial = nobody.with_bearer(trial["access_token"].as_str().unwrap());
    assert_eq!(trial.json("POST", &query, &[], Some(&body)).await.unwrap().status.as_u16(), 200);
    assert_eq!(trial.json("POST", made_up, &[], Some(&body)).await.unwrap().status.as_u16(), 403);
}
