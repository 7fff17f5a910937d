//! The circular of an evaluation on the running node: a quarter passes by the clock's file, the numbers are printed by the
//! helper program and read by `pdftotext`; the same numbers are the same paper, a number that changes is another one.

use crate::{
    clocks::Moved,
    papers::{file, issue, made, text_of, verified},
    play::code,
};
use serde_json::{Value, json};
use shuqiao_testkit::stage::id;

#[tokio::test]
async fn a_quarter_that_is_over_has_a_circular_of_its_numbers() {
    let mut moved = Moved::begin("2026-02-10T02:00:00Z").await;
    let play = &moved.play;
    for login in ["authority", "auditor", "social.officer", "social.office", "market.officer"] {
        play.stage.person(login).await.unwrap();
    }
    let grant = play.grant().await;
    let dispute = json!({
        "kind": "dispute", "grant": id(&grant).unwrap(), "position": "每日行数不足。", "demand": "请提高每日行数。",
    });
    let dispute = play.stage.act("social.officer", "POST /api/v1/cases", None, Some(&dispute)).await.unwrap();
    let authority = play.organisation("authority").await;
    let of = |period: &str| format!("sco_{}_{period}", authority.strip_prefix("org_").unwrap());
    let running = issue(play, "authority", "evaluation_circular", &of("2026-Q1")).await;
    assert_eq!((running.status.as_u16(), code(&running).as_str()), (422, "period_not_evaluated"), "{}", running.text);

    moved.served_on("2026-04-02T02:00:00Z").await;
    let play = &moved.play;
    let quarter = of("2026-Q1");
    let offered = format!("GET /api/v1/papers?subject={quarter}");
    let offered = async |login: &str| play.stage.act(login, &offered, None, None).await.unwrap();
    assert_eq!(offered("authority").await["kinds"], json!(["evaluation_circular"]));
    assert_eq!(offered("auditor").await["kinds"], json!([]), "auditors read");

    let paper = made(play, "authority", "evaluation_circular", &quarter).await;
    let number = paper["number"].as_str().unwrap();
    assert_eq!((number, &paper["subject"]), ("PJTB-2026-000001", &json!(quarter)));
    let answer = file(play, "auditor", &paper).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    let text = text_of(&answer.bytes);
    let digest = paper["digests"]["content_sm3"].as_str().unwrap();
    let issuer = paper["issuer"]["name"].as_str().unwrap();
    let said = ["政务数据共享评价通报", "2026年第1季度", "自2026年1月1日起至2026年3月31日止", "2026年4月2日10:00"];
    let law = ["第三十八条第二款", "第二十九条第一款", "CN-2018..2026", "未计算的指标"];
    for word in said.into_iter().chain(law).chain([number, digest, issuer]) {
        assert!(text.contains(word), "lacks {word}: {text}");
    }
    // The numbers of the page are the numbers of the paper.
    let page = "GET /api/v1/scorecards/departments?period=2026-Q1";
    let page = play.stage.act("authority", page, None, None).await.unwrap();
    let rows = page["rows"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| text.contains(row["name"].as_str().unwrap())), "{text}");
    let scores = rows.iter().flat_map(|row| row["scores"].as_array().unwrap());
    let wanted = |score: &&Value| ["S2", "D1"].contains(&score["code"].as_str().unwrap()) && score["denominator"] != 0;
    let counted: Vec<&Value> = scores.filter(wanted).collect();
    assert!(counted.len() >= 2, "the story gives replies and a dispute to count: {page}");
    for score in counted {
        let share = score["value"].as_f64().unwrap() / 100.0;
        let printed = format!("{share}%（{}/{}）", score["numerator"], score["denominator"]);
        assert!(text.contains(&printed), "lacks {printed} of {score}: {text}");
    }

    let known = verified(play, number).await.json();
    assert_eq!((&known["digests"], &known["issuer_name"]), (&paper["digests"], &paper["issuer"]["name"]));
    assert_eq!(known["title"]["zh"], "政务数据共享评价通报");

    // The same numbers are the same paper, whenever it is asked for; a dispute that is settled afterwards changes them.
    moved.on("2026-04-02T02:05:00Z");
    assert_eq!(made(play, "authority", "evaluation_circular", &quarter).await, paper);
    let withdraw = json!({"kind": "dispute", "verb": "withdraw", "reason": "已协商一致。"});
    play.stage.verb("social.office", "cases", &dispute, "acts", Some(&withdraw)).await.unwrap();
    let second = made(play, "authority", "evaluation_circular", &quarter).await;
    assert_eq!(second["number"], "PJTB-2026-000002");
    assert_eq!(offered("auditor").await["items"].as_array().unwrap().len(), 2, "the first stays");
    assert_eq!(verified(play, number).await.status.as_u16(), 200);

    for (login, period, status, told) in [
        ("authority", "2026-Q2", 422, "period_not_evaluated"),
        ("authority", "2026-03", 422, "period_not_evaluated"),
        ("auditor", "2026-Q1", 403, "not_permitted"),
        ("police.officer", "2026-Q1", 404, "not_found"),
        ("market.officer", "2026-Q1", 404, "not_found"),
    ] {
        let answer = issue(play, login, "evaluation_circular", &of(period)).await;
        assert_eq!((answer.status.as_u16(), code(&answer).as_str()), (status, told), "{login}: {}", answer.text);
    }
    let stranger = file(play, "market.officer", &paper).await;
    assert_eq!(stranger.status.as_u16(), 404, "{}", stranger.text);
}
