//! Clients that ask and never read: what they hold is bounded, and the others go on.

use crate::play::{play, query_path};
use serde_json::json;
use shuqiao_testkit::stage::access_token;
use std::{
    io::{ErrorKind, Write as _},
    net::TcpStream,
};

/// Connections of them.
const CLIENTS: usize = 40;
/// What all of them together may cost, in bytes.
const GROWTH_MAX: u64 = 150 * 1024 * 1024;

#[tokio::test]
async fn clients_that_never_read_hold_up_nobody() {
    let play = play(&[]);
    let (grant, caller) = (play.grant().await, play.caller().await);
    let token = access_token(play.node.base(), &play.system, &play.secret).await.unwrap();
    let body = json!({"purpose": grant["purpose"], "limit": 100}).to_string();
    let host = play.node.base().trim_start_matches("http://");
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        query_path(&grant),
        body.len()
    );
    let files = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
    let before = play.memory();
    let mut held = Vec::new();
    for client in 0..CLIENTS {
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_nonblocking(true).unwrap();
        // As many requests as the connection takes without our reading anything, or more than anybody sends.
        let asked = if client % 2 == 0 { request.as_bytes() } else { files.as_bytes() };
        for _ in 0..200 {
            match stream.write(asked) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => panic!("{error}"),
            }
        }
        held.push(stream);
    }
    // The reading client of the same system shares its rate with those above: a refusal for the rate is an answer too.
    for _ in 0..20 {
        let answer = play.call(&caller, &grant, 1).await;
        assert!(matches!(answer.status.as_u16(), 200 | 429), "{}", answer.text);
        play.stage.act("social.officer", "GET /api/v1/session", None, None).await.unwrap();
    }
    let grown = play.memory().saturating_sub(before);
    assert!(grown < GROWTH_MAX, "{CLIENTS} clients that never read cost {} MiB", grown >> 20);
    drop(held);
}

/// Half a request, and then nothing: a slot that is held for a while, and nothing else.
#[tokio::test]
async fn half_requests_hold_up_nobody() {
    let play = play(&[]);
    let host = play.node.base().trim_start_matches("http://").to_owned();
    let mut held = Vec::new();
    for part in ["POST /api/v1/session HT", "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"]
    {
        for _ in 0..CLIENTS {
            let mut stream = TcpStream::connect(&host).unwrap();
            stream.write_all(part.as_bytes()).unwrap();
            held.push(stream);
        }
    }
    let (grant, caller) = (play.grant().await, play.caller().await);
    assert_eq!(play.call(&caller, &grant, 1).await.status.as_u16(), 200);
    drop(held);
}
