//! Every write that succeeds leaves a record in the journal that names who did it and to what, under the request's id.

use crate::play::{Play, correction, play};
use serde_json::{Value, json};
use shuqiao_http::route_list;
use shuqiao_testkit::{
    node::{Answer, Client, PASSWORD},
    stage::{Stage, id},
};
use std::collections::{BTreeMap, BTreeSet};

/// The whole journal, as the auditor reads it.
pub(crate) async fn journal(play: &Play) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), String::new());
    loop {
        let call = format!("GET /api/v1/journal?limit=100{after}");
        let page = play.stage.act("auditor", &call, None, None).await.unwrap();
        rows.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return rows,
        }
    }
}

/// Writes that were done: by operation, the request's id and the login.
#[derive(Default)]
struct Done(BTreeMap<&'static str, (String, Option<&'static str>)>);

impl Done {
    fn note(&mut self, operation: &'static str, login: Option<&'static str>, answer: &Answer) -> Value {
        assert!(answer.status.is_success(), "{operation}: {} {}", answer.status, answer.text);
        self.0.insert(operation, (answer.headers["x-request-id"].clone(), login));
        answer.json()
    }

    async fn act(
        &mut self,
        operation: &'static str,
        stage: &Stage,
        login: &'static str,
        call: &str,
        body: Option<Value>,
    ) -> Value {
        let answer = stage.ask(login, call, None, body.as_ref()).await.unwrap();
        self.note(operation, Some(login), &answer)
    }

    async fn verb(
        &mut self,
        operation: &'static str,
        stage: &Stage,
        login: &'static str,
        seen: &Value,
        body: Option<Value>,
    ) -> Value {
        let (kind, verb) = operation.split_once('_').unwrap();
        let kind = match kind {
            "catalogue" => "catalogue",
            "person" => "people",
            "request" => "requests",
            "grant" => "grants",
            "source" => "sources",
            "system" => "systems",
            "gateway" => "gateways",
            "cart" => "carts",
            other => panic!("{other}"),
        };
        let call = match verb {
            "revise" => format!("PUT /api/v1/{kind}/{}", id(seen).unwrap()),
            verb => format!("POST /api/v1/{kind}/{}/{verb}", id(seen).unwrap()),
        };
        let answer = stage.ask(login, &call, seen["revision"].as_u64(), body.as_ref()).await.unwrap();
        self.note(operation, Some(login), &answer)
    }
}

#[tokio::test]
async fn every_write_leaves_a_record_with_actor_and_subject() {
    let play = play(&[]);
    let mut done = Done::default();
    accounts(&play, &mut done).await;
    let entry = catalogue(&play, &mut done).await;
    requests(&play, &mut done, &entry).await;
    catalogue_kept_up_to_date(&play, &mut done, &entry).await;
    clocks(&play, &mut done).await;
    batches(&play, &mut done).await;

    let writes: BTreeSet<String> =
        route_list().into_iter().filter(|route| route.writes).map(|route| route.operation).collect();
    let known: BTreeSet<String> = done.0.keys().map(|operation| (*operation).to_owned()).collect();
    assert_eq!(known, writes, "every writing route is done once here");

    let rows = journal(&play).await;
    let indexes: BTreeSet<u64> = rows.iter().map(|row| row["index"].as_u64().unwrap()).collect();
    assert_eq!(indexes, (0..rows.len() as u64).collect(), "the journal has neither gap nor double");
    for (operation, (request, login)) in &done.0 {
        let of_request: Vec<&Value> = rows.iter().filter(|row| row["request_id"] == request.as_str()).collect();
        assert!(!of_request.is_empty(), "{operation} left no record");
        for row in of_request {
            assert_eq!(row["result"], "done", "{operation}: {row}");
            assert!(row["subject"].as_str().is_some_and(|subject| !subject.is_empty()), "{operation}: {row}");
            assert_eq!(row["actor"]["kind"], "person", "{operation}: {row}");
            if let Some(login) = login {
                assert_eq!(row["actor"]["id"], play.person_id(login).await.as_str(), "{operation}: {row}");
            }
        }
    }
}

async fn accounts(play: &Play, done: &mut Done) {
    let stage = &play.stage;
    let organisation = json!({
        "name": "遵义市民政局", "short_name": "市民政局", "kind": "department", "level": "city", "region_code": "5203",
    });
    let organisation =
        done.act("organisation_create", stage, "admin", "POST /api/v1/organisations", Some(organisation)).await;
    let person = json!({
        "login": "civil.officer", "name": "何民政", "organisation": id(&organisation).unwrap(), "roles": ["data_officer"],
    });
    let person = done.act("person_create", stage, "admin", "POST /api/v1/people", Some(person)).await;
    let link = done.verb("person_reset", stage, "security", &person, None).await;
    let (_, token) = link["one_time_link"].as_str().unwrap().rsplit_once('#').unwrap();
    let nobody = Client::anonymous(play.node.base());
    let body = json!({"token": token, "password": PASSWORD});
    let answer = nobody.json("POST", "/api/v1/first-login", &[], Some(&body)).await.unwrap();
    done.note("first_login", None, &answer);
    let body = json!({"login": "civil.officer", "password": PASSWORD, "bearer": true});
    let answer = nobody.json("POST", "/api/v1/session", &[], Some(&body)).await.unwrap();
    let session = done.note("session_create", None, &answer);
    let client = nobody.with_bearer(session["token"].as_str().unwrap());
    let answer = client.json("DELETE", "/api/v1/session", &[], None).await.unwrap();
    done.note("session_delete", None, &answer);
    for _ in 0..20 {
        let wrong = json!({"login": "civil.officer", "password": "not the password"});
        let answer = nobody.json("POST", "/api/v1/session", &[], Some(&wrong)).await.unwrap();
        if answer.status.as_u16() == 429 {
            break;
        }
    }
    done.verb("person_unlock", stage, "security", &person, None).await;
    done.verb("person_deactivate", stage, "admin", &person, None).await;
    let system = json!({"name": "社会救助系统"});
    let system = done.act("system_create", stage, "social.developer", "POST /api/v1/systems", Some(system)).await;
    done.verb("system_rotate", stage, "social.developer", &system, None).await;
    let (_, until) = crate::play::days(&play.grant().await);
    let path = |rest: &str| format!("POST /api/v1/systems/{}/{rest}", id(&system).unwrap());
    let key = json!({"kid": "k1", "jwk": crate::play::public_key(), "until": until});
    done.act("system_key_add", stage, "social.developer", &path("keys"), Some(key)).await;
    done.act("system_key_retire", stage, "social.developer", &path("keys/k1/retire"), None).await;
    let calling = json!({"addresses": ["10.0.0.0/8"], "signature_required": true});
    done.act("system_calling_set", stage, "social.developer", &path("calling"), Some(calling)).await;
    let grant = play.grant().await;
    let system_of_grant = format!("POST /api/v1/systems/{}/national", play.system);
    let national = json!({"requester_code": "r_1", "services": [{"code": "s_1", "grant": id(&grant).unwrap()}]});
    done.act("system_national_set", stage, "social.developer", &system_of_grant, Some(national)).await;
    let end = format!("{system_of_grant}/end");
    done.act("system_national_end", stage, "social.developer", &end, None).await;
    done.verb("system_deactivate", stage, "social.developer", &system, None).await;
    let gateway = json!({"name": "公安网关"});
    let gateway = done.act("gateway_create", stage, "police.officer", "POST /api/v1/gateways", Some(gateway)).await;
    done.verb("gateway_remove", stage, "police.officer", &gateway, None).await;
}

async fn catalogue(play: &Play, done: &mut Done) -> Value {
    let stage = &play.stage;
    let officer = stage.person("police.officer").await.unwrap();
    let file = "code,name\n520302,红花岗区\n520303,汇川区\n".to_owned().into_bytes();
    let answer = officer.send("PUT", "/api/v1/intake/areas.csv", &[], Some(file)).await.unwrap();
    done.note("intake_upload", Some("police.officer"), &answer);
    let table = "目录名称,数据更新周期,共享类型,摘要\n流动人口信息,1,1,说明\n".as_bytes().to_vec();
    let call = "/api/v1/catalogue/import?profile=province-2026&check=false";
    let answer = officer.send("POST", call, &[], Some(table)).await.unwrap();
    done.note("catalogue_import", Some("police.officer"), &answer);
    let leaked = "姓名,证件\n某甲,520302195001010011\n".as_bytes().to_vec();
    let auditor = stage.person("auditor").await.unwrap();
    let answer = auditor.send("POST", "/api/v1/leaks/trace?form=csv", &[], Some(leaked)).await.unwrap();
    done.note("leak_trace", Some("auditor"), &answer);
    let source = json!({"kind": "csv", "name": "辖区", "file": "areas.csv"});
    let source = done.act("source_create", stage, "police.officer", "POST /api/v1/sources", Some(source)).await;
    done.verb("source_describe", stage, "police.officer", &source, None).await;

    let mut content = stage.entry_content("police", "persons").await.unwrap();
    content["name"] = json!("人口基础信息（另一版）");
    let entry =
        done.act("catalogue_create", stage, "police.officer", "POST /api/v1/catalogue", Some(content.clone())).await;
    content["summary"] = json!("修改后的摘要，用于各部门依法履职时核验身份和户籍。");
    let entry = done.verb("catalogue_revise", stage, "police.officer", &entry, Some(content)).await;
    let entry = done.verb("catalogue_submit", stage, "police.officer", &entry, None).await;
    let reason = json!({"reason": "请核对数据项名称。"});
    let entry = done.verb("catalogue_return", stage, "police.head", &entry, Some(reason)).await;
    let entry = done.verb("catalogue_submit", stage, "police.officer", &entry, None).await;
    let entry = done.verb("catalogue_approve", stage, "police.head", &entry, None).await;
    done.verb("catalogue_publish", stage, "authority", &entry, None).await
}

/// What changes a published entry: changes with their clock, a next version, retirement.
async fn catalogue_kept_up_to_date(play: &Play, done: &mut Done, entry: &Value) {
    let stage = &play.stage;
    let (officer, authority) = ("police.officer", "authority");
    let day = entry["published_at"].as_str().unwrap().get(..10);
    let change = json!({"kind": "duty_changed", "title": "职责调整", "occurred": day});
    let reason = json!({"reason": "业务系统改造。"});
    let mut seen = entry.clone();
    for (operation, login, verb, body) in [
        ("catalogue_record_change", officer, "changes", Some(change)),
        ("catalogue_ask_extension", officer, "changes/0/extension", Some(reason.clone())),
        ("catalogue_decide_extension", authority, "changes/0/extension/decision", Some(json!({"consent": true}))),
        ("catalogue_update", officer, "update", None),
        ("catalogue_discard", officer, "discard", None),
        ("catalogue_propose_retirement", officer, "propose_retirement", Some(reason)),
        ("catalogue_approve", "police.head", "approve", None),
        ("catalogue_retire", authority, "retire", None),
    ] {
        let call = format!("POST /api/v1/catalogue/{}/{verb}", id(entry).unwrap());
        let answer = stage.ask(login, &call, seen["revision"].as_u64(), body.as_ref()).await.unwrap();
        seen = done.note(operation, Some(login), &answer);
    }
}

async fn requests(play: &Play, done: &mut Done, entry: &Value) {
    let stage = &play.stage;
    let (officer, office) = ("social.officer", "social.office");
    let mut content = play.request_content(entry, &["name", "county_code"]).await;
    let reason = |text: &str| Some(json!({"reason": text}));
    let request = done.act("request_create", stage, officer, "POST /api/v1/requests", Some(content.clone())).await;
    content["scenario"] = json!("城乡居民养老保险待遇资格核验（修改）");
    let request = done.verb("request_revise", stage, officer, &request, Some(content.clone())).await;
    let request = done.verb("request_submit", stage, officer, &request, None).await;
    let request = done.verb("request_decline", stage, office, &request, reason("请补充使用范围。")).await;
    let request = done.verb("request_submit", stage, officer, &request, None).await;
    let request = done.verb("request_consent", stage, office, &request, None).await;
    let more = || Some(json!({"working_days": 5, "reason": "需向省级系统核对。"}));
    let request = done.verb("request_ask_extension", stage, "police.officer", &request, more()).await;
    let request = done.verb("request_refuse_extension", stage, "authority", &request, reason("理由不充分。")).await;
    let request = done.verb("request_ask_extension", stage, "police.officer", &request, more()).await;
    let request = done.verb("request_grant_extension", stage, "authority", &request, None).await;
    let paper = Some(json!({"kind": "application_form", "subject": id(&request).unwrap()}));
    done.act("paper_issue", stage, officer, "POST /api/v1/papers", paper).await;
    let missing = Some(json!({"missing": ["使用依据的文件"]}));
    let request = done.verb("request_ask_supplement", stage, "police.officer", &request, missing).await;
    let answers = Some(json!({"answers": "文件名称：社会保险法第七十四条。"}));
    let request = done.verb("request_supplement", stage, officer, &request, answers).await;
    let agree = json!({"decision": {"kind": "agree", "narrowing": {}, "opinion": "同意共享。"}});
    let request = done.verb("request_propose", stage, "police.officer", &request, Some(agree.clone())).await;
    let request = done.verb("request_return_proposal", stage, "police.office", &request, reason("请复核。")).await;
    let request = done.verb("request_propose", stage, "police.officer", &request, Some(agree)).await;
    let request = done.verb("request_decide", stage, "police.office", &request, None).await;
    let unusable = reason("接口无数据。");
    let request = done.verb("request_report_undelivered", stage, officer, &request, unusable).await;
    let request = done.verb("request_confirm_delivery", stage, officer, &request, None).await;
    let grant = format!("GET /api/v1/grants/{}", request["grant"].as_str().unwrap());
    let grant = stage.act(officer, &grant, None, None).await.unwrap();
    let case = done.act("case_open", stage, officer, "POST /api/v1/cases", Some(correction(&grant))).await;
    let answer = json!({"kind": "correction", "verb": "answer", "verdict": "corrected", "finding": "已更正。"});
    let call = format!("POST /api/v1/cases/{}/acts", id(&case).unwrap());
    let answer = stage.ask("police.officer", &call, case["revision"].as_u64(), Some(&answer)).await.unwrap();
    done.note("case_act", Some("police.officer"), &answer);
    done.verb("grant_trial_token", stage, "social.developer", &grant, None).await;
    let ground = Some(json!({"ground": {"kind": "purpose_ended", "text": "使用目的已实现。"}}));
    done.verb("grant_revoke", stage, "police.office", &grant, ground).await;
    let cart = crate::play::cart_of(&content);
    let cart = done.act("cart_create", stage, officer, "POST /api/v1/carts", Some(cart)).await;
    let seen = |cart: &Value| {
        let part = &cart["providers"][0]["requests"][0];
        Some(json!({"requests": [{"id": part["id"], "revision": part["revision"]}]}))
    };
    let cart = done.verb("cart_submit", stage, officer, &cart, seen(&cart)).await;
    done.verb("cart_consent", stage, office, &cart, seen(&cart)).await;
    let other = stage.act(officer, "POST /api/v1/requests", None, Some(&content)).await.unwrap();
    done.verb("request_withdraw", stage, officer, &other, reason("不再需要。")).await;
}

async fn batches(play: &Play, done: &mut Done) {
    let (stage, officer) = (&play.stage, "social.officer");
    let grant = crate::batch::batch_grant_of(play, "police", "persons", &["name", "county_code"]).await;
    let task = crate::batch::folder_task(&grant);
    let mut seen = done.act("batch_task_create", stage, officer, "POST /api/v1/batch-tasks", Some(task)).await;
    for (operation, verb) in [
        ("batch_task_run", "run"),
        ("batch_task_pause", "pause"),
        ("batch_task_resume", "resume"),
        ("batch_task_end", "end"),
    ] {
        let call = format!("POST /api/v1/batch-tasks/{}/{verb}", id(&seen).unwrap());
        let answer = stage.ask(officer, &call, seen["revision"].as_u64(), None).await.unwrap();
        seen = done.note(operation, Some(officer), &answer);
        if operation == "batch_task_run" {
            let run = crate::batch::until(play, &seen, 1, "finished").await;
            let count = json!({"rows": run["rows"], "digest": run["digest"]});
            let call =
                format!("POST /api/v1/batch-tasks/{}/runs/{}/countersign", id(&seen).unwrap(), id(&run).unwrap());
            let answer = stage.ask(officer, &call, None, Some(&count)).await.unwrap();
            done.note("batch_run_countersign", Some(officer), &answer);
        }
    }
}

async fn clocks(play: &Play, done: &mut Done) {
    let stage = &play.stage;
    let notice = json!({"region_code": "54", "number": "藏政办发〔2026〕1号", "off": ["2026-02-24"]});
    done.act("calendar_notice_add", stage, "authority", "POST /api/v1/calendar/notices", Some(notice)).await;
    let rules = json!({
        "region_code": "5203", "from": "2026-01-01", "terms": {"delivery": 15}, "title": "遵义市规则", "number": "1号",
    });
    done.act("rule_set_adopt", stage, "authority", "POST /api/v1/rules", Some(rules)).await;
    let none = Some(json!({"ids": []}));
    done.act("reminder_read", stage, "police.officer", "POST /api/v1/reminders/read", none).await;
}
