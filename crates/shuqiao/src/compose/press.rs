//! The press: starts the helper program for each paper and reads what it prints.
//!
//! The helper is a process of its own, so that a paper that takes too much costs that paper and nothing else, and its
//! answer is bounded. The form of the request is
//! described in `crates/worker`.

use super::helper::Helper;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shuqiao_app::port::{PaperOrder, PaperPress, PressFailure};
use shuqiao_vocabulary::{
    Date,
    paper::{Bilingual, Block, Signature},
};
use std::{collections::BTreeMap, ffi::OsStr, io, path::PathBuf, time::Duration};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Version of the protocol.
const VERSION: u32 = 1;
/// How long one paper may take; less than an answer over HTTP may.
const PRINT_WITHIN: Duration = Duration::from_secs(24);
/// Largest answer in bytes: far more than the longest paper.
const ANSWER_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// What the operator says of the press.
#[derive(Clone, Debug, Default)]
pub(crate) struct PressSettings {
    /// The helper program; `None` for the one beside this program.
    pub(crate) worker: Option<PathBuf>,
    /// Fonts to print with; empty for those of the system.
    pub(crate) fonts: Vec<PathBuf>,
}

/// The press of this program.
pub(crate) struct WorkerPress {
    helper: Helper,
    fonts: Vec<PathBuf>,
}

impl WorkerPress {
    /// The press that prints with this helper and these fonts.
    pub(crate) fn new(helper: Helper, fonts: Vec<PathBuf>) -> Self {
        Self { helper, fonts }
    }

    /// Runs the helper; answers what it wrote.
    async fn run(&self, request: Vec<u8>) -> Result<Vec<u8>, PressFailure> {
        let fonts = self.fonts.iter().flat_map(|font| [OsStr::new("--font"), font.as_os_str()]);
        let started = self.helper.start([OsStr::new("paper")].into_iter().chain(fonts), &[]);
        let mut running = started.map_err(|error| {
            tracing::error!(%error, worker = %self.helper.place().display(), "the helper program cannot be started");
            if error.kind() == io::ErrorKind::NotFound {
                PressFailure::WorkerMissing
            } else {
                PressFailure::WorkerFailed
            }
        })?;
        let into = running.into.take();
        let told = async move {
            if let Some(mut into) = into {
                // A helper that refuses early closes its end; what it says then is in its answer.
                let _closed = into.write_all(&request).await;
            }
        };
        let mut answer = Vec::new();
        let mut bounded = (&mut running.out).take(ANSWER_BYTES_MAX);
        let ((), read) = tokio::join!(told, bounded.read_to_end(&mut answer));
        let status = running.ended().await;
        if read.is_err() || !status.as_ref().is_ok_and(std::process::ExitStatus::success) {
            tracing::error!(?status, "the helper program ended without an answer");
            return Err(PressFailure::WorkerFailed);
        }
        Ok(answer)
    }
}

#[async_trait]
impl PaperPress for WorkerPress {
    async fn print(&self, order: PaperOrder) -> Result<Vec<u8>, PressFailure> {
        let request = serde_json::to_vec(&Request::of(&order)).map_err(|_| PressFailure::WorkerFailed)?;
        let answer = tokio::time::timeout(PRINT_WITHIN, self.run(request)).await.map_err(|_| {
            tracing::error!("the helper program did not print in time and was ended");
            PressFailure::WorkerFailed
        })??;
        read(answer)
    }
}

/// The bytes of the answer, or what it says went wrong.
fn read(mut answer: Vec<u8>) -> Result<Vec<u8>, PressFailure> {
    let unreadable = || {
        tracing::error!("the helper program's answer cannot be read");
        PressFailure::WorkerFailed
    };
    let end = answer.iter().position(|byte| *byte == b'\n').ok_or_else(unreadable)?;
    let line: Line = serde_json::from_slice(&answer[..end]).map_err(|_| unreadable())?;
    let file = answer.split_off(end + 1);
    match (line.v == VERSION, line.ok, line.bytes) {
        (true, true, Some(bytes)) if bytes == file.len() && bytes > 0 => Ok(file),
        (true, false, _) => Err(failure(&line.code, line.params)),
        _ => Err(unreadable()),
    }
}

fn failure(code: &str, mut params: BTreeMap<String, String>) -> PressFailure {
    let looked = params.get("looked").map_or("", String::as_str);
    match code {
        "character_missing" => {
            PressFailure::CharacterMissing { character: params.remove("character").unwrap_or_default() }
        }
        "font_missing" | "font_unreadable" => {
            tracing::error!(
                code,
                looked,
                "no font to print with: install fonts-wqy-zenhei or fonts-noto-cjk, or name one with --font (SHUQIAO_FONT)"
            );
            PressFailure::FontMissing
        }
        "paper_too_large" | "request_too_large" => PressFailure::TooLarge,
        code => {
            let reason = params.get("reason").map_or("", String::as_str);
            tracing::error!(code, reason, "the helper program could not print");
            PressFailure::WorkerFailed
        }
    }
}

/// The first line of an answer.
#[derive(Deserialize)]
struct Line {
    v: u32,
    ok: bool,
    bytes: Option<usize>,
    #[serde(default)]
    code: String,
    #[serde(default)]
    params: BTreeMap<String, String>,
}

/// The request as the helper reads it: `crates/worker/src/form.rs`.
#[derive(Serialize)]
struct Request<'a> {
    v: u32,
    number: &'a str,
    verify_url: &'a str,
    digest: &'a str,
    content: ContentForm<'a>,
}

#[derive(Serialize)]
struct ContentForm<'a> {
    kind: &'static str,
    issuer: &'a str,
    addressee: Option<&'a str>,
    date: String,
    blocks: Vec<BlockForm<'a>>,
}

/// Chinese and English.
#[derive(Serialize)]
struct Both<'a>(&'a str, &'a str);

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum BlockForm<'a> {
    Heading(Both<'a>),
    Paragraph(Both<'a>),
    Facts(Vec<(Both<'a>, &'a str)>),
    List(&'a [String]),
    Table { columns: Vec<Both<'a>>, rows: &'a [Vec<String>] },
    Signatures(Vec<SignatureForm<'a>>),
}

#[derive(Serialize)]
struct SignatureForm<'a> {
    role: Both<'a>,
    organisation: &'a str,
    person: &'a str,
    date: Option<String>,
}

impl<'a> Request<'a> {
    fn of(order: &'a PaperOrder) -> Self {
        let content = &order.content;
        let content = ContentForm {
            kind: content.kind.as_str(),
            issuer: &content.issuer,
            addressee: content.addressee.as_deref(),
            date: content.date.to_string(),
            blocks: content.blocks.iter().map(block).collect(),
        };
        Self { v: VERSION, number: &order.number, verify_url: &order.verify_url, digest: &order.digest, content }
    }
}

fn both(both: &Bilingual) -> Both<'_> {
    Both(&both.zh, &both.en)
}

fn block(block: &Block) -> BlockForm<'_> {
    match block {
        Block::Heading(heading) => BlockForm::Heading(both(heading)),
        Block::Paragraph(paragraph) => BlockForm::Paragraph(both(paragraph)),
        Block::Facts(rows) => {
            BlockForm::Facts(rows.iter().map(|(label, value)| (both(label), value.as_str())).collect())
        }
        Block::List(items) => BlockForm::List(items),
        Block::Table { columns, rows } => BlockForm::Table { columns: columns.iter().map(both).collect(), rows },
        Block::Signatures(list) => BlockForm::Signatures(list.iter().map(signature).collect()),
    }
}

fn signature(signature: &Signature) -> SignatureForm<'_> {
    SignatureForm {
        role: both(&signature.role),
        organisation: &signature.organisation,
        person: &signature.person,
        date: signature.date.as_ref().map(Date::to_string),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_as_long_as_it_says() {
        let answer = |line: &str, rest: &str| read(format!("{line}\n{rest}").into_bytes());
        assert_eq!(answer(r#"{"v":1,"ok":true,"bytes":3}"#, "abc"), Ok(b"abc".to_vec()));
        for (line, rest) in [
            (r#"{"v":1,"ok":true,"bytes":4}"#, "abc"),
            (r#"{"v":1,"ok":true,"bytes":2}"#, "abc"),
            (r#"{"v":1,"ok":true,"bytes":0}"#, ""),
            (r#"{"v":2,"ok":true,"bytes":3}"#, "abc"),
            (r#"{"v":1,"ok":true}"#, "abc"),
            ("abc", ""),
            (r#"{"v":1,"ok":false,"code":"something_new"}"#, ""),
        ] {
            assert_eq!(answer(line, rest), Err(PressFailure::WorkerFailed), "{line}");
        }
        let missing = r#"{"v":1,"ok":false,"code":"character_missing","params":{"character":"U+E000"}}"#;
        assert_eq!(answer(missing, ""), Err(PressFailure::CharacterMissing { character: "U+E000".to_owned() }));
        assert_eq!(read(Vec::new()), Err(PressFailure::WorkerFailed));
    }
}
