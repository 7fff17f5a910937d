//! Path tricks on every room of the node: nothing passes that would not pass when written plainly, and nothing crashes.

use crate::play::{Play, play, query_path};
use shuqiao_testkit::stage::id;
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

/// Ways to write a slash-separated path so that it may be read as another one. `{}` stands for what is aimed at, without
/// its first slash.
const TRICKS: &[&str] = &[
    "//{}",
    "/./{}",
    "/x/../{}",
    "/%2e%2e/{}",
    "/%2e/{}",
    "/..;/{}",
    "/;x/{}",
    "/.%2e/{}",
    "/%252e%252e/{}",
    "/%c0%ae%c0%ae/{}",
    "/%ef%bc%8e%ef%bc%8e/{}",
    "/healthz/../{}",
    "/healthz/%2e%2e/{}",
    "/assets/../{}",
    "/assets/..%2f{}",
    "/assets/%2e%2e/{}",
    "/tile/../{}",
    "/tile/..%2f{}",
    "/.well-known/../{}",
    "/oauth2/token/../../{}",
    "\\{}",
    "/{}%00",
    "/{}%00.js",
    "/{}%0a",
    "/{};x=1",
    "/{}/.",
    "/{}/..",
    "/{}%2f",
    "/{}/",
    "/{}%20",
    "/{}\\",
];

/// Status line, and whether the connection answered at all. The path goes out exactly as it is written.
fn raw(play: &Play, method: &str, path: &str, more: &str) -> (u16, String) {
    let host = play.node.base().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let request =
        format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n{more}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    (status, answer)
}

/// Whether what was answered is the console's page, which every path of its own gets and which holds no data.
fn is_page(answer: &str) -> bool {
    answer.to_ascii_lowercase().contains("content-type: text/html")
}

#[tokio::test]
async fn tricks_with_paths_never_pass() {
    let play = play(&[]);
    let grant = play.grant().await;
    let (grant_path, query) = (format!("api/v1/grants/{}", id(&grant).unwrap()), query_path(&grant));
    let aims = [
        ("GET", "api/v1/session"),
        ("GET", "api/v1/journal"),
        ("GET", grant_path.as_str()),
        ("POST", query.trim_start_matches('/')),
        ("GET", "data/v1/usage/0/proof"),
        ("GET", "etc/passwd"),
        ("GET", "keys/seal"),
        ("GET", "node.db"),
    ];
    for (method, aim) in aims {
        for trick in TRICKS {
            let path = trick.replace("{}", aim);
            let (status, answer) = raw(&play, method, &path, "");
            let refused = matches!(status, 400 | 401 | 403 | 404 | 405);
            assert!(refused || (status == 200 && is_page(&answer)), "{method} {path}: {status} {answer}");
            // Whatever it was taken for, it was not taken for the thing aimed at by somebody who may see it.
            for secret in ["root:", "SQLite format", "PRIVATE", "\"rows\"", "\"items\""] {
                assert!(!answer.contains(secret), "{method} {path}: {answer}");
            }
        }
    }
    still_there(&play).await;
}

#[tokio::test]
async fn letters_of_another_case_are_another_path() {
    let play = play(&[]);
    let session = play.stage.person("social.officer").await.unwrap();
    for path in
        ["/API/v1/session", "/api/V1/session", "/api/v1/SESSION", "/api/v1/sess%69on/x", "/Data/v1/usage/checkpoint"]
    {
        let answer = session.send("GET", path, &[], None).await.unwrap();
        assert_eq!(answer.status.as_u16(), 404, "{path}: {}", answer.text);
    }
    // An escaped letter is the same letter, or names nothing; never a way around the check of who asks.
    let (status, answer) = raw(&play, "GET", "/api/v1/sess%69on", "");
    assert!(matches!(status, 401 | 404), "{answer}");
}

#[tokio::test]
async fn tiles_and_files_stay_in_their_places() {
    let play = play(&[]);
    for path in [
        "/tile/../keys/seal",
        "/tile/0/../../node.db",
        "/tile/0/%2e%2e%2fnode.db",
        "/tile/0/x000/000",
        "/tile/99/000",
        "/tile/-1/000",
        "/tile/0/000.p/0",
        "/tile/0/000.p/257",
        "/tile/0/999999999999999999999999999",
        "/tile/entries/x999/x999/999",
        "/tile/0/\u{ff10}00",
        "/data/v1/usage/tile/../../../healthz",
        "/data/v1/usage/tile/0/x999/x999/x999/x999/x999/x999/999",
        "/data/v1/usage/tile/0/%2e%2e/offsets",
        "/data/v1/usage/18446744073709551616/proof",
        "/data/v1/usage/-1/proof",
        "/assets/../../Cargo.toml",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/assets/nothing.js",
        "/.well-known/../keys/seal",
        "/.git/config",
    ] {
        let (status, answer) = raw(&play, "GET", path, "");
        let page = status == 200 && is_page(&answer);
        assert!(page || matches!(status, 400 | 401 | 404), "{path}: {status} {answer}");
    }
    let long = format!("/{}", "a/".repeat(40_000));
    let (status, _) = raw(&play, "GET", &long, "");
    assert!(matches!(status, 400 | 404 | 414 | 431), "a long path: {status}");
    still_there(&play).await;
}

async fn still_there(play: &Play) {
    play.stage.act("social.officer", "GET /api/v1/session", None, None).await.unwrap();
    let caller = play.caller().await;
    let grant = play.grant().await;
    assert_eq!(play.call(&caller, &grant, 3).await.status.as_u16(), 200);
}
