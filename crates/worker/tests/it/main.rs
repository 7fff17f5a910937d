//! The helper program as the node meets it: a process with a pipe at either end.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod bench;
mod tpch;
mod views;

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

/// What the program answers to this request: the line as JSON, and the bytes behind it.
fn answered(arguments: &[&str], request: &[u8]) -> (serde_json::Value, Vec<u8>) {
    let output = ended(arguments, request);
    assert!(output.status.success(), "{output:?}");
    let end = output.stdout.iter().position(|byte| *byte == b'\n').expect("a line");
    let line = serde_json::from_slice(&output.stdout[..end]).expect("a line of JSON");
    (line, output.stdout[end + 1..].to_vec())
}

fn ended(arguments: &[&str], request: &[u8]) -> Output {
    let mut worker = Command::new(env!("CARGO_BIN_EXE_shuqiao-worker"))
        .arg("paper")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut into = worker.stdin.take().unwrap();
    // Who refuses an endless request closes the pipe before its end.
    let _closed = into.write_all(request);
    drop(into);
    worker.wait_with_output().unwrap()
}

fn request(version: u32, text: &str) -> Vec<u8> {
    let blocks = serde_json::json!([
        {"heading": ["甲", "A"]},
        {"paragraph": [text, ""]},
        {"facts": [[["标签", "Label"], "值"]]},
        {"list": ["一", "二"]},
        {"table": {"columns": [["列", "Column"]], "rows": [["格"]]}},
        {"signatures": [{"role": ["负责人", "Head"], "organisation": "甲局", "person": "", "date": "2026-01-05"}]},
    ]);
    let content = serde_json::json!({
        "kind": "receipt_notice", "issuer": "甲局", "addressee": null, "date": "2026-01-05", "blocks": blocks,
    });
    let request = serde_json::json!({
        "v": version, "number": "SLTZ-2026-000001", "verify_url": "https://node.example/verify/SLTZ-2026-000001#00",
        "digest": "00", "content": content,
    });
    serde_json::to_vec(&request).unwrap()
}

fn refused(arguments: &[&str], request: &[u8], code: &str) -> serde_json::Value {
    let (line, rest) = answered(arguments, request);
    assert_eq!((&line["v"], &line["ok"], &line["code"]), (&1.into(), &false.into(), &code.into()), "{line}");
    assert!(rest.is_empty());
    line
}

#[test]
fn a_request_becomes_a_pdf_of_the_announced_length() {
    let (line, pdf) = answered(&[], &request(1, "正文"));
    assert_eq!((&line["v"], &line["ok"]), (&1.into(), &true.into()), "{line}");
    assert_eq!(line["bytes"], pdf.len());
    assert!(pdf.starts_with(b"%PDF-"));
    // In another process with other addresses and another moment the bytes are the same.
    assert_eq!(answered(&[], &request(1, "正文")).1, pdf);
}

#[test]
fn what_cannot_be_read_is_refused() {
    refused(&[], b"", "request_malformed");
    refused(&[], b"{}", "request_malformed");
    refused(&[], &request(2, "正文"), "request_malformed");
    refused(&[], &vec![b' '; 4 * 1024 * 1024 + 1], "request_too_large");
}

#[test]
fn a_font_that_is_not_there_is_told() {
    let line = refused(&["--font", "no/such/font.ttf"], &request(1, "正文"), "font_unreadable");
    assert_eq!(line["params"]["looked"], "no/such/font.ttf");
}

#[test]
fn a_character_that_no_font_has_is_told() {
    let line = refused(&[], &request(1, "甲\u{e000}"), "character_missing");
    assert_eq!(line["params"]["character"], "U+E000");
}

#[test]
fn memory_without_end_is_refused_by_the_kernel() {
    // Less memory than the font alone takes: as if a paper needed more than there is.
    let script = format!("ulimit -v 30000; exec {} paper", env!("CARGO_BIN_EXE_shuqiao-worker"));
    let mut shell = Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _closed = shell.stdin.take().unwrap().write_all(&request(1, "正文"));
    let output = shell.wait_with_output().unwrap();
    assert!(!output.status.success(), "it must not pretend: {output:?}");
    assert!(output.stdout.is_empty());
}
