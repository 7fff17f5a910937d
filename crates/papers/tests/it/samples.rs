//! A paper to print, and a reader of what was printed.

use shuqiao_papers::Paper;
use shuqiao_vocabulary::paper::{Block, PaperContent, PaperKind, Signature, both};
use std::{
    io::Write as _,
    process::{Command, Stdio},
};

pub(crate) fn paper_of(blocks: Vec<Block>) -> Paper {
    let number = "SLTZ-2026-000001".to_owned();
    let digest = "0123456789abcdef".repeat(4);
    Paper {
        verify_url: format!("https://node.example/verify/{number}#{digest}"),
        number,
        content: PaperContent {
            kind: PaperKind::ReceiptNotice,
            issuer: "滨江市市场监督管理局".to_owned(),
            addressee: Some("滨江市大数据管理局".to_owned()),
            date: "2026-01-05".parse().unwrap(),
            blocks,
        },
        digest,
    }
}

pub(crate) fn paper() -> Paper {
    let text = "你单位提出的政务数据共享申请收悉。根据《政务数据共享条例》第二十一条，我单位将在期限内答复。";
    paper_of(vec![
        Block::Paragraph(both(text, "Your application was received and will be answered in time.")),
        Block::Facts(vec![
            (both("收到日期", "Received on"), "2026-01-04".to_owned()),
            (both("申请数据", "Data"), "企业登记信息\nunified_social_credit_code".to_owned()),
        ]),
        Block::Signatures(vec![Signature {
            role: both("共享工作机构负责人", "Head of the sharing office"),
            organisation: "滨江市市场监督管理局".to_owned(),
            person: "王海".to_owned(),
            date: None,
        }]),
    ])
}

/// The text of a PDF, as `pdftotext` of poppler-utils reads it.
pub(crate) fn text_of(pdf: &[u8]) -> String {
    let mut reader = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext of the Debian package poppler-utils");
    let mut into = reader.stdin.take().unwrap();
    into.write_all(pdf).unwrap();
    drop(into);
    let read = reader.wait_with_output().unwrap();
    assert!(read.status.success(), "pdftotext cannot read it");
    String::from_utf8(read.stdout).unwrap()
}

/// The text without spaces: where a line was broken, and how far letters stand apart, is the layout's business.
pub(crate) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<String>().replace('\u{200b}', "")
}
