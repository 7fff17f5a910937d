//! Other people's tools as judges: of our log Go's checksum database code and pymerkle, of how callers are known Authlib,
//! http-message-signatures and a client in Java.
//!
//! When a tool is not there the test says so and passes, for not every machine has it; on a machine that sets `CI` it
//! fails, so that somewhere these tests do run. The scripts stand in `crates/crypto/tests/outside` and
//! `crates/shuqiao/tests/outside`.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::{
    ffi::OsString,
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Where the distribution puts Go's libraries.
const GO_LIBRARIES: &str = "/usr/share/gocode";

/// Go, ready to run the checker, with the distribution's libraries and nothing from a network.
pub fn go() -> Option<Command> {
    let libraries = surrounding("SHUQIAO_GOPATH").map_or_else(|| PathBuf::from(GO_LIBRARIES), PathBuf::from);
    if !libraries.join("src/golang.org/x/mod/sumdb/note").is_dir() {
        return skipped("Go's x/mod library (golang-golang-x-mod-dev) is not installed");
    }
    let go = surrounding("SHUQIAO_GO").unwrap_or_else(|| "go".into());
    if !Command::new(&go).arg("version").output().is_ok_and(|output| output.status.success()) {
        return skipped("Go is not on the path and SHUQIAO_GO does not name it");
    }
    let mut command = Command::new(go);
    command.env("GO111MODULE", "off").env("GOPATH", libraries).env("GOFLAGS", "").env("GOTOOLCHAIN", "local");
    command.arg("run").arg(script("go/main.go"));
    Some(command)
}

/// Python, ready to run the checker, with what its `requirements.txt` names; `cargo xtask` makes such an environment in
/// the target folder, of which `target_tmp` is the caller's `CARGO_TARGET_TMPDIR`.
pub fn python(target_tmp: &str) -> Option<Command> {
    let mut command = python_with(target_tmp, "pymerkle")?;
    command.arg(script("python/check.py"));
    Some(command)
}

/// Python, ready to be a department's system made with other people's libraries; as [`python`].
pub fn callers(target_tmp: &str) -> Option<Command> {
    let mut command = python_with(target_tmp, "authlib, http_message_signatures")?;
    // The node is on this machine, whatever proxy the surroundings name.
    command.arg(caller("callers.py")).env("NO_PROXY", "127.0.0.1");
    Some(command)
}

/// Java, ready to run a client of one file.
pub fn java(file: &str) -> Option<Command> {
    let java = surrounding("SHUQIAO_JAVA").unwrap_or_else(|| "java".into());
    if !Command::new(&java).arg("-version").output().is_ok_and(|output| output.status.success()) {
        return skipped("Java is not on the path and SHUQIAO_JAVA does not name it");
    }
    let mut command = Command::new(java);
    command.arg(caller(file));
    Some(command)
}

/// Whether OpenSSL is there, as a second opinion on signatures.
pub fn has_openssl() -> bool {
    let there = Command::new("openssl").arg("version").output().is_ok_and(|output| output.status.success());
    there || skipped("openssl is not on the path").is_some()
}

/// The same Python with another script, which needs these modules.
pub fn python_running(target_tmp: &str, modules: &str, script: &Path) -> Option<Command> {
    let mut command = python_with(target_tmp, modules)?;
    command.arg(script);
    Some(command)
}

fn python_with(target_tmp: &str, libraries: &str) -> Option<Command> {
    let in_target = || Path::new(target_tmp).parent().map(|target| target.join("test-venv/bin/python"));
    let python = surrounding("SHUQIAO_TEST_PYTHON").map(PathBuf::from).or_else(in_target)?;
    let ready = Command::new(&python).args(["-c", &format!("import {libraries}")]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        return skipped(&format!(
            "there is no Python with {libraries}: SHUQIAO_TEST_PYTHON names none, nor is it in the target folder"
        ));
    }
    Some(Command::new(python))
}

/// Runs a tool on a question in a file.
///
/// # Errors
/// What the tool says is wrong.
pub fn ask(tool: &mut Command, question: &Value) -> Result<Output> {
    let folder = tempfile::tempdir().context("a folder for the question")?;
    let path = folder.path().join("question.json");
    serde_json::to_writer(File::create(&path)?, question)?;
    let output = tool.arg(&path).output().context("the tool cannot be started")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(output)
}

fn script(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crypto/tests/outside").join(file)
}

fn caller(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shuqiao/tests/outside").join(file)
}

#[expect(clippy::disallowed_methods, reason = "a test finds the outside tools by its surroundings")]
fn surrounding(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

fn skipped(why: &str) -> Option<Command> {
    assert!(surrounding("CI").is_none(), "{why}");
    eprintln!("skipped: {why}");
    None
}
