//! The helper program `shuqiao-worker`: heavy work beside the node, started on demand, one piece of work and the end.
//!
//! What it is: `shuqiao-worker paper` reads one request as JSON from standard input, makes the paper and writes one answer
//! to standard output: a line of JSON, then the bytes that the line announces. Before it reads anything it bounds its own
//! memory and time, and before it works it gives up the right to open files and sockets. Whatever goes wrong in it, the
//! node goes on.
//!
//! `shuqiao-worker view` reads one job from standard input, runs a provider's view and writes frames to standard output; the
//! node may start it before there is a job, to have one at hand. It opens the sources that the job names and nothing else.
//!
//! What it is not: it knows no store, no policy and no key, keeps nothing, and is told everything it needs.
//!
//! The protocol of views: `shuqiao_plane::source::view`, a job in, frames out, the last of which says how it ended. That
//! of papers, version 1. In: `{"v":1,"number":…,"verify_url":…,"digest":…,"content":{…}}`, see `form.rs`. Out:
//! `{"v":1,"ok":true,"bytes":N}`, a line feed and N bytes, or `{"v":1,"ok":false,"code":"…","params":{…}}` and a line
//! feed. Exit 0 when an answer was written, whichever it is. No answer at all means that a limit struck.
//!
//! Where to start: `paper.rs`.

mod answer;
mod form;
mod limits;
mod paper;
mod view;

use clap::{Args, Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// 数桥 Shuqiao: the node's helper program. The node starts it by itself.
#[derive(Debug, Parser)]
#[command(name = "shuqiao-worker", version, about)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Make a paper as PDF; the request comes in on standard input.
    Paper(PaperArguments),
    /// Read a provider's view; the job comes in on standard input.
    View,
}

/// What the printing of papers is told.
#[derive(Args, Debug)]
pub(crate) struct PaperArguments {
    /// Font to print with, in place of those of the system; may be given several times.
    #[arg(long = "font")]
    pub(crate) fonts: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let written = match arguments.task {
        Task::View => view::answered(),
        Task::Paper(told) => answer::write(match limits::set() {
            Ok(()) => paper::made(&told),
            Err(_) => Err(answer::Failure::plain("limits_refused")),
        }),
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
