//! Steps: what is done and why, how long it took, and a clear word when it failed.

use anyhow::{Context as _, Result, bail};
use std::{io::Write as _, process::Command, time::Instant};

/// Does one long thing. Says before what and why, and afterwards how long it took.
pub(crate) fn step<T>(what_and_why: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {what_and_why}");
    flush();
    let started = Instant::now();
    let done = work();
    let word = if done.is_ok() { "done" } else { "FAILED" };
    println!("    {word} after {:.1} s: {}", started.elapsed().as_secs_f64(), head(what_and_why));
    flush();
    done
}

/// Runs a command with its output going straight to the person; fails with its full text when it does not succeed.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let text = text(command);
    let status = command.status().with_context(|| format!("could not start `{text}`"))?;
    if !status.success() {
        bail!("`{text}` ended with {status}");
    }
    Ok(())
}

/// Runs a command and hands back what it wrote to its standard output.
pub(crate) fn read(command: &mut Command) -> Result<Vec<u8>> {
    let text = text(command);
    let output = command.output().with_context(|| format!("could not start `{text}`"))?;
    if !output.status.success() {
        bail!("`{text}` ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}

fn text(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn head(what_and_why: &str) -> &str {
    what_and_why.split(':').next().unwrap_or(what_and_why)
}

/// A pipe buffers; a person who waits should see the line now.
fn flush() {
    if std::io::stdout().flush().is_err() {
        eprintln!("standard output is closed");
    }
}
