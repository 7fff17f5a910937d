//! Papers of the running node: made by the helper program, kept, fetched, recognised by everybody; and nothing recorded
//! as made when nothing was made.

use crate::play::{Play, code, play};
use serde_json::{Value, json};
use shuqiao_crypto::digest;
use shuqiao_testkit::{
    node::{Answer, Client},
    stage::id,
};
use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    process::{Command, Stdio},
};

/// The text of a PDF without spaces, as `pdftotext` of poppler-utils reads it.
pub(crate) fn text_of(pdf: &[u8]) -> String {
    let mut reader = Command::new("pdftotext")
        .args(["-raw", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext of the Debian package poppler-utils");
    let mut into = reader.stdin.take().unwrap();
    into.write_all(pdf).unwrap();
    drop(into);
    let read = String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap();
    read.split_whitespace().collect::<String>().replace('\u{200b}', "")
}

pub(crate) async fn issue(play: &Play, login: &str, kind: &str, subject: &str) -> Answer {
    let body = json!({"kind": kind, "subject": subject});
    play.stage.ask(login, "POST /api/v1/papers", None, Some(&body)).await.unwrap()
}

pub(crate) async fn made(play: &Play, login: &str, kind: &str, subject: &str) -> Value {
    let answer = issue(play, login, kind, subject).await;
    assert_eq!(answer.status.as_u16(), 201, "{kind}: {}", answer.text);
    answer.json()
}

pub(crate) async fn file(play: &Play, login: &str, paper: &Value) -> Answer {
    let call = format!("GET /api/v1/papers/{}/file", paper["number"].as_str().unwrap());
    play.stage.ask(login, &call, None, None).await.unwrap()
}

/// What the public page is told about a number.
pub(crate) async fn verified(play: &Play, number: &str) -> Answer {
    let path = format!("/api/v1/verify/papers/{number}");
    Client::anonymous(play.node.base()).json("GET", &path, &[], None).await.unwrap()
}

#[tokio::test]
async fn a_paper_is_made_once_and_everybody_can_recognise_it() {
    let play = play(&[]);
    let grant = play.grant().await;
    let subject = id(&grant).unwrap();
    let paper = made(&play, "social.officer", "authorisation", subject).await;
    let number = paper["number"].as_str().unwrap();
    assert!(number.starts_with("GXSS-20") && number.ends_with("-000001"), "{number}");
    // The same of the same revision is the same paper, whoever of the two sides asks.
    assert_eq!(made(&play, "police.officer", "authorisation", subject).await, paper);

    let answer = file(&play, "social.officer", &paper).await;
    assert_eq!((answer.status.as_u16(), answer.headers["content-type"].as_str()), (200, "application/pdf"));
    assert!(answer.headers["content-disposition"].contains(number));
    let text = text_of(&answer.bytes);
    let provider = grant["provider"]["name"].as_str().unwrap();
    for wanted in
        ["政务数据共享授权书", number, provider, "不得转供第三方", &grant["purpose_text"].as_str().unwrap()[..24]]
    {
        assert!(text.contains(wanted), "lacks {wanted}: {text}");
    }
    // The digest that is printed is the one that is recorded.
    let content = paper["digests"]["content_sm3"].as_str().unwrap();
    assert!(text.contains(content), "lacks {content}: {text}");
    assert!(text.contains(&format!("{}/verify/{number}", play.node.base())));

    let known = verified(&play, number).await;
    assert_eq!(known.status.as_u16(), 200, "{}", known.text);
    let told = known.json();
    assert_eq!(told["digests"], paper["digests"]);
    assert_eq!(told["digests"]["file_sm3"], digest::sm3_hex(&answer.bytes));
    assert_eq!(told["digests"]["file_sha256"], digest::sha256_hex(&answer.bytes));
    assert_eq!((&told["issuer_name"], &told["title"]["zh"]), (&json!(provider), &json!("政务数据共享授权书")));
    let members: Vec<&String> = told.as_object().unwrap().keys().collect();
    assert_eq!(members, ["number", "kind", "title", "issuer_name", "issued_at", "digests", "record_index"]);
    // One bit less, and it is another file.
    let mut altered = answer.bytes.clone();
    *altered.last_mut().unwrap() ^= 1;
    assert_ne!(told["digests"]["file_sha256"], digest::sha256_hex(&altered));
    let unknown = verified(&play, "GXSS-2026-999999").await;
    assert_eq!((unknown.status.as_u16(), code(&unknown).as_str()), (404, "not_found"));

    let index = told["record_index"].as_u64().unwrap();
    let record = play.stage.act("auditor", &format!("GET /api/v1/journal/{index}"), None, None).await.unwrap();
    assert_eq!((&record["event"], &record["subject"]), (&json!("PaperIssued"), &json!(number)));
    let body = record["body"].to_string();
    for recorded in ["content_sm3", "file_sm3", "file_sha256"] {
        assert!(body.contains(recorded), "{body}");
    }
    assert!(body.contains(content) && body.contains(subject), "{body}");
}

#[tokio::test]
async fn strangers_get_no_paper_but_may_check_one() {
    let play = play(&[]);
    let grant = play.grant().await;
    let subject = id(&grant).unwrap();
    let paper = made(&play, "social.officer", "security_commitment", subject).await;
    let list = format!("GET /api/v1/papers?subject={subject}");
    for login in ["market.officer", "admin"] {
        for answer in [
            issue(&play, login, "security_commitment", subject).await,
            file(&play, login, &paper).await,
            play.stage.ask(login, &list, None, None).await.unwrap(),
        ] {
            assert_eq!(
                (answer.status.as_u16(), code(&answer).as_str()),
                (404, "not_found"),
                "{login}: {}",
                answer.text
            );
        }
    }
    assert_eq!(verified(&play, paper["number"].as_str().unwrap()).await.status.as_u16(), 200);
    // Who supervises takes papers along.
    assert_eq!(file(&play, "auditor", &paper).await.status.as_u16(), 200);
}

#[tokio::test]
async fn each_state_has_its_papers_and_no_other() {
    let play = play(&[]);
    let grant = play.grant().await;
    let (request, entry) = (grant["request"].as_str().unwrap(), grant["entry"].as_str().unwrap());
    every_paper(&play, "police.officer", request, &["application_form", "receipt_notice", "review_opinion"]).await;
    every_paper(
        &play,
        "social.officer",
        id(&grant).unwrap(),
        &["authorisation", "sharing_agreement", "security_commitment"],
    )
    .await;
    every_paper(&play, "police.officer", entry, &["catalogue_review"]).await;
    for (kind, subject) in [("refusal_notice", request), ("authorisation", request), ("usage_report", entry)] {
        let answer = issue(&play, "police.officer", kind, subject).await;
        assert_eq!((answer.status.as_u16(), code(&answer).as_str()), (422, "paper_not_fitting"), "{}", answer.text);
    }
    // The form of an entry is not for those to whom the entry is announced.
    assert_eq!(issue(&play, "social.officer", "catalogue_review", entry).await.status.as_u16(), 403);

    let content = play.request_content(&json!({"id": entry}), &["name"]).await;
    let refused = play.stage.received(&content).await.unwrap();
    let reasons = json!([{
        "code": "not_necessary", "text": "已有授权可以满足 #eval(\"1\") *所需*",
        "condition": null, "basis": {"rank": "law", "title": "个人信息保护法第六条"},
    }]);
    let refusal = json!({"decision": {"kind": "refuse", "reasons": reasons, "opinion": "不同意。"}});
    let refused = play.stage.verb("police.officer", "requests", &refused, "propose", Some(&refusal)).await.unwrap();
    let refused = play.stage.verb("police.office", "requests", &refused, "decide", None).await.unwrap();
    let notice = made(&play, "social.officer", "refusal_notice", id(&refused).unwrap()).await;
    let text = text_of(&file(&play, "social.officer", &notice).await.bytes);
    for wanted in
        ["政务数据不予共享告知书", "非履职所必需", "#eval(\"1\")*所需*", "个人信息保护法第六条（法律）", "第二十八条"]
    {
        assert!(text.contains(wanted), "lacks {wanted}: {text}");
    }
}

/// Exactly these kinds are offered; each can be made, and shows its title; afterwards none is offered.
async fn every_paper(play: &Play, login: &str, subject: &str, kinds: &[&str]) {
    let list = format!("GET /api/v1/papers?subject={subject}");
    let offered = play.stage.act(login, &list, None, None).await.unwrap();
    assert_eq!(offered["kinds"], json!(kinds), "{subject}");
    for kind in kinds {
        let paper = made(play, login, kind, subject).await;
        let text = text_of(&file(play, login, &paper).await.bytes);
        assert!(text.contains(paper["title"]["zh"].as_str().unwrap()), "{kind}: {text}");
    }
    let after = play.stage.act(login, &list, None, None).await.unwrap();
    assert_eq!((after["items"].as_array().unwrap().len(), &after["kinds"]), (kinds.len(), &json!([])));
}

#[tokio::test]
async fn without_helper_or_font_nothing_is_recorded_as_made() {
    let mut play = play(&[]);
    let grant = play.grant().await;
    let subject = id(&grant).unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let (missing, killed, silent) =
        (folder.path().join("nothing"), folder.path().join("killed"), folder.path().join("silent"));
    for (path, script) in [(&killed, "#!/bin/sh\nkill -9 $$\n"), (&silent, "#!/bin/sh\nexit 0\n")] {
        fs::write(path, script).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
    }
    for (arguments, told) in [
        (["--worker", missing.to_str().unwrap()], "paper_press_missing"),
        (["--worker", killed.to_str().unwrap()], "paper_press_failed"),
        (["--worker", silent.to_str().unwrap()], "paper_press_failed"),
        (["--font", missing.to_str().unwrap()], "paper_font_missing"),
    ] {
        play.serve_again(&arguments).await;
        let answer = issue(&play, "social.officer", "authorisation", &subject).await;
        assert_eq!((answer.status.as_u16(), code(&answer).as_str()), (503, told), "{}", answer.text);
        let list = format!("GET /api/v1/papers?subject={subject}");
        let list = play.stage.act("social.officer", &list, None, None).await.unwrap();
        assert_eq!((&list["items"], list["kinds"].as_array().unwrap().len()), (&json!([]), 3));
    }
    play.serve_again(&[]).await;
    let paper = made(&play, "social.officer", "authorisation", &subject).await;
    assert!(paper["number"].as_str().unwrap().ends_with("-000001"), "no number was lost: {paper}");
}
