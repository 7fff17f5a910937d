//! The request for a paper as JSON. The node writes the same form: `crates/shuqiao/src/compose/press.rs`.

use crate::answer::VERSION;
use serde::Deserialize;
use shuqiao_papers::Paper;
use shuqiao_vocabulary::{
    Date,
    paper::{self, Bilingual, PaperContent},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    v: u32,
    number: String,
    verify_url: String,
    digest: String,
    content: Content,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    kind: String,
    issuer: String,
    addressee: Option<String>,
    date: String,
    blocks: Vec<Block>,
}

/// Chinese and English.
#[derive(Deserialize)]
struct Both(String, String);

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Block {
    Heading(Both),
    Paragraph(Both),
    Facts(Vec<(Both, String)>),
    List(Vec<String>),
    Table { columns: Vec<Both>, rows: Vec<Vec<String>> },
    Signatures(Vec<Signature>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    role: Both,
    organisation: String,
    person: String,
    date: Option<String>,
}

/// The paper that a request asks for; `None` when it cannot be read.
pub(crate) fn paper(request: &[u8]) -> Option<Paper> {
    let request: Request = serde_json::from_slice(request).ok().filter(|request: &Request| request.v == VERSION)?;
    let content = request.content;
    let content = PaperContent {
        kind: content.kind.parse().ok()?,
        issuer: content.issuer,
        addressee: content.addressee,
        date: day(&content.date)?,
        blocks: content.blocks.into_iter().map(block).collect::<Option<_>>()?,
    };
    Some(Paper { number: request.number, content, verify_url: request.verify_url, digest: request.digest })
}

fn block(block: Block) -> Option<paper::Block> {
    Some(match block {
        Block::Heading(heading) => paper::Block::Heading(both(heading)),
        Block::Paragraph(paragraph) => paper::Block::Paragraph(both(paragraph)),
        Block::Facts(rows) => {
            paper::Block::Facts(rows.into_iter().map(|(label, value)| (both(label), value)).collect())
        }
        Block::List(items) => paper::Block::List(items),
        Block::Table { columns, rows } => {
            paper::Block::Table { columns: columns.into_iter().map(both).collect(), rows }
        }
        Block::Signatures(list) => paper::Block::Signatures(list.into_iter().map(signature).collect::<Option<_>>()?),
    })
}

fn signature(signature: Signature) -> Option<paper::Signature> {
    Some(paper::Signature {
        role: both(signature.role),
        organisation: signature.organisation,
        person: signature.person,
        date: match signature.date {
            Some(date) => Some(day(&date)?),
            None => None,
        },
    })
}

fn both(Both(zh, en): Both) -> Bilingual {
    paper::both(zh, en)
}

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}
