//! The task `view`: one job in, frames out.
//!
//! The job holds opened locations, logins among them: it is read from a pipe and repeated nowhere.

use crate::limits;
use futures_util::TryStreamExt as _;
use shuqiao_engine::SqlEngine;
use shuqiao_plane::source::{
    Sources,
    view::{Frame, JOB_BYTES_MAX, ViewCode, ViewEngine as _, ViewJob, ViewRefusal, ViewTask},
};
use std::{
    io::{Error, Read as _, Result, Write as _},
    sync::Arc,
};

/// Threads that the engine computes with.
const THREADS: usize = 2;
/// Rows of one frame.
const FRAME_ROWS: usize = 1_024;

/// Reads the job and answers it; an error only when nothing can be written.
pub(crate) fn answered() -> Result<()> {
    // The node has changed its mind, or is gone.
    let Some(body) = job()? else {
        return Ok(());
    };
    let end = match ViewJob::from_body(&body) {
        Some(job) => worked(job)?,
        None => Frame::Refused(ViewRefusal::new(ViewCode::Failed).with("what", "job")),
    };
    write(&end)
}

/// The body of the job that comes in; `None` when none comes.
fn job() -> Result<Option<Vec<u8>>> {
    let mut input = std::io::stdin().lock();
    let mut length = [0; 4];
    if input.read_exact(&mut length).is_err() {
        return Ok(None);
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > JOB_BYTES_MAX {
        return Err(Error::other("a job larger than any"));
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body)?;
    Ok(Some(body))
}

fn worked(job: ViewJob) -> Result<Frame> {
    let limits = &job.limits;
    if limits::set_for_engine(limits.memory_bytes, limits.temp_bytes, limits.cpu_seconds).is_err() {
        return Ok(Frame::Refused(ViewRefusal::new(ViewCode::Failed).with("what", "limits")));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
    let end = runtime.block_on(frames(job));
    // Whatever an engine still computes ends with the process.
    runtime.shutdown_background();
    end
}

/// Writes all frames but the last and answers that one.
async fn frames(job: ViewJob) -> Result<Frame> {
    let engine = SqlEngine::new(Arc::new(Sources::new(job.sources)), job.limits);
    let scan = match job.task {
        ViewTask::Describe(look) => {
            return Ok(match engine.describe(&job.view, look).await {
                Ok(structure) => {
                    write(&Frame::Structure(structure))?;
                    Frame::Done
                }
                Err(refusal) => Frame::Refused(refusal),
            });
        }
        ViewTask::Scan(scan) => scan,
    };
    let mut pages = match engine.scan(&job.view, &scan).await {
        Ok(pages) => pages,
        Err(refusal) => return Ok(Frame::Refused(refusal)),
    };
    loop {
        match pages.try_next().await {
            Ok(Some(mut page)) => {
                while !page.is_empty() {
                    let rest = page.split_off(page.len().min(FRAME_ROWS));
                    write(&Frame::Rows(page))?;
                    page = rest;
                }
            }
            Ok(None) => return Ok(Frame::Done),
            Err(refusal) => return Ok(Frame::Refused(refusal)),
        }
    }
}

fn write(frame: &Frame) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(&frame.to_bytes())?;
    out.flush()
}
