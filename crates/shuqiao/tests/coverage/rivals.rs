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
    assert_eq!(grants["items"].as_array().unwrap().len(), 1, "one decision, one grant");
    // One officer confirms the delivery while another reports that it cannot be used.
    let unusable = Some(json!({"reason": "接口无数据。"}));
    let both = mixed(("social.officer", "confirm_delivery", None), ("social.officer", "report_undelivered", unusable));
    all_at_once(&play, &agreed, both).await;
    let told = play.stage.act("social.officer", &call, None, None).await.unwrap();
    let confirmed = told["delivery"]["settled"] == "confirmed";
    assert_eq!(confirmed, told["delivery"]["objection"].is_null(), "one of the two, never both: {told}");
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
