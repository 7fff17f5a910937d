//! Papers of what comes before and after a grant: more time, delivery, and cases. Each is made by the helper program,
//! read by `pdftotext`, and recognised by everybody.

use crate::{
    papers::{file, issue, made, text_of, verified},
    play::{Play, code, correction, days, play},
};
use serde_json::{Value, json};
use shuqiao_testkit::stage::id;

/// A digest of a document that stays elsewhere.
const DIGEST: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// Has the paper made by this person; it must show its title, its number, its digest and these words, must be in the
/// name of this organisation, and the public page must know it.
async fn shows(play: &Play, login: &str, kind: &str, subject: &Value, issuer: &Value, wanted: &[&str]) {
    let paper = made(play, login, kind, id(subject).unwrap()).await;
    assert_eq!(paper["issuer"]["name"], *issuer, "{kind}");
    let text = text_of(&file(play, login, &paper).await.bytes);
    let said = |member: &Value| member.as_str().unwrap().to_owned();
    let always = [said(&paper["title"]["zh"]), said(&paper["number"]), said(&paper["digests"]["content_sm3"])];
    for word in always.iter().map(String::as_str).chain(wanted.iter().copied()) {
        assert!(text.contains(word), "{kind} lacks {word}: {text}");
    }
    let known = verified(play, &always[1]).await.json();
    assert_eq!((&known["digests"], &known["issuer_name"]), (&paper["digests"], issuer), "{kind}");
}

/// The kinds that are offered to this person.
async fn offered(play: &Play, login: &str, subject: &Value) -> Value {
    let list = format!("GET /api/v1/papers?subject={}", id(subject).unwrap());
    play.stage.act(login, &list, None, None).await.unwrap()["kinds"].clone()
}

async fn opened(play: &Play, login: &str, matter: Value) -> Value {
    play.stage.act(login, "POST /api/v1/cases", None, Some(&matter)).await.unwrap()
}

async fn act(play: &Play, login: &str, case: &Value, act: Value) -> Value {
    play.stage.verb(login, "cases", case, "acts", Some(&act)).await.unwrap()
}

#[tokio::test]
async fn a_correction_and_a_report_of_use_have_their_papers() {
    let play = play(&[]);
    let grant = play.grant().await;
    let (requester, provider) = (&grant["requester"]["name"], &grant["provider"]["name"]);
    let number = grant["number"].as_str().unwrap();

    let doubted = opened(&play, "social.officer", correction(&grant)).await;
    let form = ["姓名用字与证件不一致", "待核实", "10个工作日", "第二十六条第二款", number];
    shows(&play, "social.officer", "correction_sheet", &doubted, requester, &form).await;
    let answer =
        json!({"kind": "correction", "verb": "answer", "verdict": "corrected", "finding": "已按证件更正 #emph[x]"});
    let answered = act(&play, "police.officer", &doubted, answer).await;
    // Another revision is another paper, and now it is the provider's.
    let sheet = ["数据有误，已更正", "已按证件更正#emph[x]", answered["number"].as_str().unwrap()];
    shows(&play, "police.officer", "correction_sheet", &answered, provider, &sheet).await;
    let listed = format!("GET /api/v1/papers?subject={}", id(&answered).unwrap());
    let listed = play.stage.act("social.officer", &listed, None, None).await.unwrap();
    assert_eq!((listed["items"].as_array().unwrap().len(), &listed["kinds"]), (2, &json!([])));

    let (from, _) = days(&grant);
    let record = json!({
        "kind": "usage_record", "grant": id(&grant).unwrap(), "from": from, "until": from,
        "scenario": "窗口核验参保人身份。", "process": "核对系统按次调用。", "effect": "核验一百二十人次。",
        "storage": "仅存比对结论。", "destruction": "无副本。",
    });
    let record = opened(&play, "social.officer", record).await;
    let added = json!({"kind": "usage_record", "verb": "supplement", "text": "另有现场核验一人次。"});
    let record = act(&play, "social.officer", &record, added).await;
    let parts = ["窗口核验参保人身份。", "核验一百二十人次。", "另有现场核验一人次。", "第二十九条第二款", number];
    shows(&play, "police.officer", "usage_report", &record, requester, &parts).await;

    // Who may not read the case gets no paper of it; who may, gets none that it does not have.
    for login in ["market.officer", "admin"] {
        let answer = issue(&play, login, "usage_report", id(&record).unwrap()).await;
        assert_eq!((answer.status.as_u16(), code(&answer).as_str()), (404, "not_found"), "{login}: {}", answer.text);
    }
    let other = issue(&play, "social.officer", "destruction_certificate", id(&record).unwrap()).await;
    assert_eq!((other.status.as_u16(), code(&other).as_str()), (422, "paper_not_fitting"), "{}", other.text);
    assert_eq!(offered(&play, "auditor", &record).await, json!([]), "it was made");
}

#[tokio::test]
async fn an_order_to_put_right_and_a_destruction_have_their_papers() {
    let play = play(&[]);
    let grant = play.grant().await;
    let (requester, provider) = (&grant["requester"]["name"], &grant["provider"]["name"]);
    let number = grant["number"].as_str().unwrap();

    let order = json!({
        "kind": "rectification", "grant": id(&grant).unwrap(), "misuse": "third_party", "text": "将共享数据提供给某公司比对。",
        "evidence": "检查笔录。", "demand": "收回已提供的数据。", "due": grant["valid_until"],
    });
    let order = opened(&play, "police.office", order).await;
    let said = ["擅自将政务数据提供给第三方", "第二十七条第二款", "收回已提供的数据。", "可以终止共享", number];
    shows(&play, "social.officer", "rectification_notice", &order, provider, &said).await;
    let report = json!({"kind": "rectification", "verb": "report", "done": "已收回。"});
    let reported = act(&play, "social.officer", &order, report).await;
    assert_eq!(offered(&play, "authority", &reported).await, json!(["rectification_notice"]));
    let accept = json!({"kind": "rectification", "verb": "accept", "finding": "已整改到位。"});
    let accepted = act(&play, "police.office", &reported, accept).await;
    assert_eq!(offered(&play, "police.office", &accepted).await, json!([]), "the order holds no more");

    let ended = json!({"ground": {"kind": "purpose_ended", "text": "核验工作已完成。"}});
    let ended = play.stage.verb("social.office", "grants", &play.grant().await, "revoke", Some(&ended)).await.unwrap();
    let disposal = format!("GET /api/v1/cases/{}", ended["open_cases"][0]["id"].as_str().unwrap());
    let disposal = play.stage.act("police.office", &disposal, None, None).await.unwrap();
    let instruct = json!({
        "kind": "disposal", "verb": "instruct", "manner": "delete", "text": "删除全部副本，含备份。", "due": grant["valid_until"],
    });
    let disposal = act(&play, "police.office", &disposal, instruct).await;
    let (today, _) = days(&grant);
    let prove = json!({
        "kind": "disposal", "verb": "prove", "done": "已删除并覆写。", "on": today, "office": "信息科", "document": DIGEST,
    });
    let disposal = act(&play, "social.officer", &disposal, prove).await;
    assert_eq!(offered(&play, "social.officer", &disposal).await, json!([]), "nobody has verified it yet");
    let verify = json!({"kind": "disposal", "verb": "verify", "finding": "现场核验无留存。"});
    let disposal = act(&play, "police.officer", &disposal, verify).await;
    let said = ["特此证明", "删除全部副本，含备份。", "信息科", DIGEST, "现场核验无留存。", "第二十七条第一款", number];
    shows(&play, "police.officer", "destruction_certificate", &disposal, requester, &said).await;
}

#[tokio::test]
async fn a_dispute_and_an_inspection_have_their_papers() {
    let play = play(&[]);
    let grant = play.grant().await;
    let session = play.stage.act("authority", "GET /api/v1/session", None, None).await.unwrap();
    let authority = &session["person"]["organisation"]["name"];
    let acts = |verb: &str, more: Value| {
        let mut act = json!({"kind": "dispute", "verb": verb});
        act.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        act
    };
    let matter = json!({
        "kind": "dispute", "grant": id(&grant).unwrap(), "position": "每日行数不足。", "demand": "请提高每日行数。",
    });
    let case = opened(&play, "social.officer", matter).await;
    let case = act(&play, "social.office", &case, acts("apply", json!({"reason": "协商未达成一致"}))).await;
    let case = act(&play, "authority", &case, acts("hear", json!({"summary": "双方对行数意见不一"}))).await;
    assert_eq!(offered(&play, "authority", &case).await, json!([]));
    let case = act(&play, "authority", &case, acts("propose", json!({"text": "每日行数提高一倍"}))).await;
    let said = ["每日行数不足。", "双方对行数意见不一", "每日行数提高一倍", "第二十八条第二款"];
    shows(&play, "police.officer", "dispute_opinion", &case, authority, &said).await;
    let report = json!({"government": "遵义市人民政府", "report": "协调未达成一致", "documents": []});
    let case = act(&play, "authority", &case, acts("escalate", report)).await;
    let decided = json!({
        "outcome": "for_requester", "date": days(&grant).0, "text": "市公安局应当提高每日行数",
        "documents": [{"title": "遵义市人民政府的决定", "number": "遵府函〔2026〕12号", "sha256": DIGEST}],
    });
    let case = act(&play, "authority", &case, acts("decide", decided)).await;
    let said = ["人民政府的决定", "支持需求部门", "市公安局应当提高每日行数", "遵府函〔2026〕12号", DIGEST];
    shows(&play, "social.officer", "dispute_opinion", &case, authority, &said).await;

    let (from, until) = days(&grant);
    let plan = json!({
        "kind": "inspection", "department": play.organisation("police.officer").await, "subject": "答复时限检查",
        "period_from": from, "period_until": until, "scope": "全部共享申请",
    });
    let case = opened(&play, "authority", plan).await;
    let find = json!({
        "kind": "inspection", "verb": "find", "article": "39(1)(4)", "text": "三件申请逾期答复", "records": [1, 2],
        "cases": ["2026-000001"], "outcome": "order_to_correct",
    });
    let case = act(&play, "authority", &case, find).await;
    let notify = json!({
        "kind": "inspection", "verb": "notify", "number": "数监〔2026〕3号", "text": "逐件答复并说明原因", "due": until,
    });
    let case = act(&play, "authority", &case, notify).await;
    let said =
        ["数监〔2026〕3号", "责令你单位限期改正", "三件申请逾期答复", "第三十九条第一款第四项", "逐件答复并说明原因"];
    shows(&play, "police.officer", "rectification_notice", &case, authority, &said).await;
}

#[tokio::test]
async fn more_time_and_a_delivery_have_their_papers() {
    let play = play(&[]);
    let grant = play.grant().await;
    let (requester, provider) = (&grant["requester"]["name"], &grant["provider"]["name"]);
    let session = play.stage.act("authority", "GET /api/v1/session", None, None).await.unwrap();
    let authority = &session["person"]["organisation"]["name"];

    let content = play.request_content(&json!({"id": grant["entry"]}), &["name"]).await;
    let request = play.stage.received(&content).await.unwrap();
    let verb = async |login: &str, seen: &Value, verb: &str, body: Option<Value>| {
        play.stage.verb(login, "requests", seen, verb, body.as_ref()).await.unwrap()
    };
    let ask = json!({"working_days": 5, "reason": "需向省级系统核对。"});
    let request = verb("police.officer", &request, "ask_extension", Some(ask)).await;
    assert_eq!(offered(&play, "police.officer", &request).await, json!(["application_form", "receipt_notice"]));
    let request = verb("authority", &request, "grant_extension", None).await;
    let said = ["同意延期", "需向省级系统核对。", "5个工作日", "第二十一条第一款", request["number"].as_str().unwrap()];
    for login in ["social.officer", "authority"] {
        shows(&play, login, "extension_approval", &request, authority, &said).await;
    }
    let agree = json!({"decision": {"kind": "agree", "narrowing": {}, "opinion": "同意共享。"}});
    let request = verb("police.officer", &request, "propose", Some(agree)).await;
    let request = verb("police.office", &request, "decide", None).await;
    let unusable = json!({"reason": "接口尚未开通。"});
    let request = verb("social.officer", &request, "report_undelivered", Some(unusable)).await;
    let request = verb("social.officer", &request, "confirm_delivery", None).await;
    let said = ["需求部门确认数据可用", "按期提供", "20个工作日", "第二十二条第一款", "接口尚未开通。", "对账"];
    shows(&play, "police.officer", "delivery_confirmation", &request, requester, &said).await;

    let agreement = ["甲方", "乙方", "20个工作日", "不少于3年", "第二十八条第二款", grant["number"].as_str().unwrap()];
    shows(&play, "police.officer", "sharing_agreement", &grant, provider, &agreement).await;

    let path = format!("/api/v1/catalogue/{}", grant["entry"].as_str().unwrap());
    let change = json!({"kind": "law_changed", "title": "户口登记条例修订施行", "occurred": days(&grant).0});
    let entry = play.stage.act("police.officer", &format!("GET {path}"), None, None).await.unwrap();
    let call = async |login: &str, seen: &Value, under: &str, body: Value| {
        let call = format!("POST {path}/{under}");
        play.stage.act(login, &call, seen["revision"].as_u64(), Some(&body)).await.unwrap()
    };
    let entry = call("police.officer", &entry, "changes", change).await;
    let reason = json!({"reason": "业务系统改造需要时间。"});
    let entry = call("police.officer", &entry, "changes/0/extension", reason).await;
    let decision = json!({"consent": false, "opinion": "应当按期更新。"});
    let entry = call("authority", &entry, "changes/0/extension/decision", decision).await;
    let said = ["不同意延期", "户口登记条例修订施行", "应当按期更新。", "第十七条第二款"];
    shows(&play, "police.officer", "extension_approval", &entry, authority, &said).await;
    let entry = play.stage.verb("police.officer", "catalogue", &entry, "update", None).await.unwrap();
    assert_eq!(offered(&play, "authority", &entry).await, json!(["extension_approval"]), "while the update is written");
}
