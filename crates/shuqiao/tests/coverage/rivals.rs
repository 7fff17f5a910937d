//! Two reviewers at once: one wins, the others are told that they saw an old revision. On both databases.

use crate::play::{Play, play};
use serde_json::{Value, json};
use shuqiao_testkit::{node::Answer, postgres::PostgresServer, stage::id};
use std::sync::Arc;

/// How many act at the same time.
const RIVALS: usize = 8;

#[tokio::test]
async fn of_two_reviewers_at_once_one_wins_on_sqlite() {
    one_wins(Arc::new(play(&[]))).await;
}

#[tokio::test]
async fn of_two_reviewers_at_once_one_wins_on_postgresql() {
    let server = PostgresServer::start().unwrap();
    let url = server.create_database("rivals").unwrap();
    one_wins(Arc::new(play(&["--database", &url]))).await;
}

/// What one of the rivals does.
type Act = (&'static str, &'static str, Option<Value>);

async fn one_wins(play: Arc<Play>) {
    // The story leaves one request with the market department, received.
    let hit = play.first("market.officer", "GET /api/v1/requests?box=received&state=received").await;
    let more = json!({"working_days": 3, "reason": "需核对。"});
    let agree = json!({"decision": {"kind": "agree", "narrowing": {}, "opinion": "同意共享。"}});
    let mixed =
        |one: Act, other: Act| (0..RIVALS).map(|n| if n % 2 == 0 { one.clone() } else { other.clone() }).collect();
    all_at_once(&play, &hit, vec![("market.officer", "ask_extension", Some(more)); RIVALS]).await;
    let call = format!("GET /api/v1/requests/{}", id(&hit).unwrap());
    let asked = play.stage.act("market.officer", &call, None, None).await.unwrap();
    all_at_once(&play, &asked, vec![("market.officer", "propose", Some(agree)); RIVALS]).await;
    let proposed = play.stage.act("market.office", &call, None, None).await.unwrap();
    assert_eq!(proposed["state"], "proposed");
    // The office head replies while the authority consents to more time.
    let both = mixed(("market.office", "decide", None), ("authority", "grant_extension", None));
    all_at_once(&play, &proposed, both).await;
    let mut agreed = play.stage.act("market.office", &call, None, None).await.unwrap();
    let extended = agreed["extension"]["granted"].is_object();
    assert_eq!(extended, agreed["state"] == "proposed", "one of the two, never both: {agreed}");
    if extended {
        all_at_once(&play, &agreed, vec![("market.office", "decide", None); RIVALS]).await;
        agreed = play.stage.act("social.officer", &call, None, None).await.unwrap();
    }
    assert_eq!(agreed["state"], "agreed");
    let grants = play.stage.act("market.officer", "GET /api/v1/grants?side=given", None, None).await.unwrap();
    let of_it = grants["items"].as_array().unwrap().iter().filter(|grant| grant["request"] == agreed["id"]);
    assert_eq!(of_it.count(), 1, "one decision, one grant");
    // One officer confirms the delivery while another reports that it cannot be used.
    let unusable = Some(json!({"reason": "接口无数据。"}));
    let both = mixed(("social.officer", "confirm_delivery", None), ("social.officer", "report_undelivered", unusable));
    all_at_once(&play, &agreed, both).await;
    let told = play.stage.act("social.officer", &call, None, None).await.unwrap();
    let confirmed = told["delivery"]["settled"] == "confirmed";
    assert_eq!(confirmed, told["delivery"]["objection"].is_null(), "one of the two, never both: {told}");
    accepted_or_terminated(&play).await;
}

/// The head of the provider's office finds that misuse was put right, the authority ends the sharing: at the same time.
async fn accepted_or_terminated(play: &Arc<Play>) {
    let grant = play.grant().await;
    let order = json!({
        "kind": "rectification", "grant": id(&grant).unwrap(), "misuse": "other_purpose", "text": "用于其他目的。",
        "evidence": "检查笔录。", "demand": "停止使用。", "due": grant["valid_until"],
    });
    let order = play.stage.act("police.office", "POST /api/v1/cases", None, Some(&order)).await.unwrap();
    let refuse = json!({"kind": "rectification", "verb": "refuse", "reason": "不认可。"});
    let failed = play.stage.verb("social.office", "cases", &order, "acts", Some(&refuse)).await.unwrap();
    assert_eq!(failed["state"], "failed");
    let call = format!("POST /api/v1/cases/{}/acts", id(&failed).unwrap());
    let accept = json!({"kind": "rectification", "verb": "accept", "finding": "已整改到位。"});
    let terminate = json!({"kind": "rectification", "verb": "terminate", "reason": "拒不整改。"});
    let officials = [("police.office", accept), ("authority", terminate)];
    for (login, _) in &officials {
        play.stage.person(login).await.unwrap();
    }
    let rivals: Vec<_> = (0..RIVALS)
        .map(|turn| {
            // Ending the sharing is tried once: who has ended it is told on a second try that it may not, not that it is late.
            let (login, body) = officials[usize::from(turn == 0)].clone();
            let (play, call, revision) = (play.clone(), call.clone(), failed["revision"].as_u64());
            tokio::spawn(async move { play.stage.ask(login, &call, revision, Some(&body)).await.unwrap() })
        })
        .collect();
    let mut won = Vec::new();
    for rival in rivals {
        let answer = rival.await.unwrap();
        match answer.status.as_u16() {
            200 => won.push(answer.json()["state"].as_str().unwrap().to_owned()),
            409 => assert_eq!(crate::play::code(&answer), "stale_revision"),
            status => panic!("{status}: {}", answer.text),
        }
    }
    let [state] = &won[..] else { panic!("they won: {won:?}") };
    let expected = if state == "accepted" { "active" } else { "revoked" };
    let path = format!("GET /api/v1/grants/{}", id(&grant).unwrap());
    let after = play.stage.act("social.officer", &path, None, None).await.unwrap();
    assert_eq!(after["state"], expected, "{state}");
}

async fn all_at_once(play: &Arc<Play>, seen: &Value, acts: Vec<Act>) {
    let revision = seen["revision"].as_u64();
    for (login, ..) in &acts {
        play.stage.person(login).await.unwrap();
    }
    let rivals: Vec<_> = acts
        .into_iter()
        .map(|(login, verb, body)| {
            let (play, call) = (play.clone(), format!("POST /api/v1/requests/{}/{verb}", id(seen).unwrap()));
            tokio::spawn(async move { play.stage.ask(login, &call, revision, body.as_ref()).await.unwrap() })
        })
        .collect();
    let mut answers: Vec<Answer> = Vec::new();
    for rival in rivals {
        answers.push(rival.await.unwrap());
    }
    let won = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
    assert_eq!(won, 1, "{:?}", answers.iter().map(|a| (a.status, crate::play::code(a))).collect::<Vec<_>>());
    for lost in answers.iter().filter(|answer| answer.status.as_u16() != 200) {
        let told = (lost.status.as_u16(), crate::play::code(lost));
        assert_eq!(told, (409, "stale_revision".to_owned()), "{}", lost.text);
    }
}
