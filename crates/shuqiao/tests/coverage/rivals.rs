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

async fn one_wins(play: Arc<Play>) {
    // The story leaves one request with the market department, received.
    let hit = play.first("market.officer", "GET /api/v1/requests?box=received&state=received").await;
    let agree = json!({"decision": {"kind": "agree", "narrowing": {}, "opinion": "同意共享。"}});
    all_at_once(&play, "market.officer", &hit, "propose", Some(agree)).await;
    let call = format!("GET /api/v1/requests/{}", id(&hit).unwrap());
    let proposed = play.stage.act("market.office", &call, None, None).await.unwrap();
    assert_eq!(proposed["state"], "proposed");
    all_at_once(&play, "market.office", &proposed, "decide", None).await;
    let agreed = play.stage.act("social.officer", &call, None, None).await.unwrap();
    assert_eq!(agreed["state"], "agreed");
    let grants = play.stage.act("market.officer", "GET /api/v1/grants?side=given", None, None).await.unwrap();
    assert_eq!(grants["items"].as_array().unwrap().len(), 1, "one decision, one grant");
}

async fn all_at_once(play: &Arc<Play>, login: &'static str, seen: &Value, verb: &str, body: Option<Value>) {
    let call = format!("POST /api/v1/requests/{}/{verb}", id(seen).unwrap());
    let revision = seen["revision"].as_u64();
    play.stage.person(login).await.unwrap();
    let rivals: Vec<_> = (0..RIVALS)
        .map(|_| {
            let (play, call, body) = (play.clone(), call.clone(), body.clone());
            tokio::spawn(async move { play.stage.ask(login, &call, revision, body.as_ref()).await.unwrap() })
        })
        .collect();
    let mut answers: Vec<Answer> = Vec::new();
    for rival in rivals {
        answers.push(rival.await.unwrap());
    }
    let won = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
    assert_eq!(won, 1, "{verb}: {:?}", answers.iter().map(|a| (a.status, crate::play::code(a))).collect::<Vec<_>>());
    for lost in answers.iter().filter(|answer| answer.status.as_u16() != 200) {
        let told = (lost.status.as_u16(), crate::play::code(lost));
        assert_eq!(told, (409, "stale_revision".to_owned()), "{verb}: {}", lost.text);
    }
}
