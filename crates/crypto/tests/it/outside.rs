//! Other people's tools as judges: Go's checksum database code, and pymerkle.
//!
//! When a tool is not there the test says so and passes, for not every machine has it; on a machine that sets `CI` it
//! fails, so that somewhere these tests do run.
#![expect(clippy::disallowed_methods, reason = "a test finds the outside tools by its surroundings")]

use crate::log::{Log, entry};
use serde_json::{Value, json};
use shuqiao_crypto::{
    digest::hex,
    note::{SignerKey, VerifierKey, open, verify},
};
use std::{
    env,
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const ORIGIN: &str = "city.example/record";

/// Where the distribution puts Go's libraries.
const GO_LIBRARIES: &str = "/usr/share/gocode";

#[test]
fn go_agrees_about_notes_proofs_and_tiles() {
    let Some(mut go) = go() else { return };
    let log = Log::of(70_000, ORIGIN);
    let sizes = (1..=66).chain([255, 256, 257, 300, 511, 512, 513, 600, 65_536, 65_537, 70_000]);
    let trees: Vec<Value> = sizes.map(|size| tree(&log, size)).collect();
    let question = json!({
        "public": log.key.verifier().to_string(),
        "private": *log.key.to_private_text(),
        "entries": 70_000,
        "trees": trees,
    });
    let answer: Value = serde_json::from_slice(&ask(&mut go, &question).stdout).unwrap();
    assert!(answer["Judged"].as_u64() > Some(1_000), "{}", answer["Judged"]);

    // The other way round: what Go makes, we read.
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    let (of_go, ours) = (text("Public").parse::<VerifierKey>().unwrap(), log.key.verifier());
    assert_eq!(of_go.to_string(), text("Public"));
    let private: SignerKey = text("Private").parse().unwrap();
    assert_eq!((private.verifier(), private.to_private_text().as_str()), (of_go.clone(), text("Private").as_str()));
    assert_eq!(verify(&text("Note"), std::slice::from_ref(&of_go)), Ok("a note\n\nwith an empty line\n".to_owned()));
    assert_eq!(private.sign("a note\n\nwith an empty line\n"), Ok(text("Note")));
    assert_eq!(text("Again"), log.checkpoint(1), "the same key signs the same text alike");
    let cosigned = open(&text("Cosigned"), &[ours, of_go]).unwrap();
    assert_eq!(cosigned.signers, [ORIGIN, "go.example/witness"]);
}

#[test]
fn pymerkle_agrees_about_roots_and_inclusion() {
    let Some(mut python) = python() else { return };
    let log = Log::of(600, ORIGIN);
    let sizes = (1..=66).chain([255, 256, 257, 300, 511, 512, 513, 600]);
    let proofs: Vec<String> = sizes
        .flat_map(|size| some_indexes(size).map(move |index| (index, size)))
        .map(|(index, size)| log.proof(index, size).to_string())
        .collect();
    let entries: Vec<String> = (0..600).map(|index| hex(&entry(index))).collect();
    let output = ask(&mut python, &json!({ "entries": entries, "proofs": proofs }));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), proofs.len().to_string());
}

/// Everything we say about the tree of one size.
fn tree(log: &Log, size: u64) -> Value {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let proofs: Vec<String> = some_indexes(size).map(|index| log.proof(index, size).to_string()).collect();
    // Go knows no proof for the empty tree, and needs none.
    let consistency: Vec<Value> = some_indexes(size)
        .map(|index| index + 1)
        .map(|old| (old, log.consistency(old, size).iter().map(|hash| STANDARD.encode(hash)).collect::<Vec<_>>()))
        .map(|(old, hashes)| json!({ "old": old, "hashes": hashes }))
        .collect();
    let tiles: serde_json::Map<String, Value> =
        log.tiles(size).iter().map(|(tile, bytes)| (tile.path(), STANDARD.encode(bytes).into())).collect();
    json!({ "note": log.checkpoint(size), "proofs": proofs, "consistency": consistency, "tiles": tiles })
}

/// All indexes of a small tree, and those of a large one where something changes.
fn some_indexes(size: u64) -> impl Iterator<Item = u64> {
    let near = [0, 1, 2, 127, 255, 256, 257, 511, 512, 65_535, 65_536];
    let chosen =
        move |index: &u64| size <= 66 || near.contains(index) || index + 3 > size || index.is_multiple_of(9_973);
    (0..size).filter(chosen)
}

/// Runs a tool on a question in a file.
fn ask(tool: &mut Command, question: &Value) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("question.json");
    serde_json::to_writer(File::create(&path).unwrap(), question).unwrap();
    let output = tool.arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Go with the distribution's libraries and nothing from a network.
fn go() -> Option<Command> {
    let libraries = env::var_os("SHUQIAO_GOPATH").map_or_else(|| PathBuf::from(GO_LIBRARIES), PathBuf::from);
    if !libraries.join("src/golang.org/x/mod/sumdb/note").is_dir() {
        return skipped("Go's x/mod library (golang-golang-x-mod-dev) is not installed");
    }
    let go = env::var_os("SHUQIAO_GO").unwrap_or_else(|| "go".into());
    if !Command::new(&go).arg("version").output().is_ok_and(|output| output.status.success()) {
        return skipped("Go is not on the path and SHUQIAO_GO does not name it");
    }
    let mut command = Command::new(go);
    command.env("GO111MODULE", "off").env("GOPATH", libraries).env("GOFLAGS", "").env("GOTOOLCHAIN", "local");
    command.arg("run").arg(outside("go/main.go"));
    Some(command)
}

/// Python with what `requirements.txt` names; `cargo xtask` makes such an environment in the target folder.
fn python() -> Option<Command> {
    let in_target =
        || Path::new(env!("CARGO_TARGET_TMPDIR")).parent().map(|target| target.join("test-venv/bin/python"));
    let python = env::var_os("SHUQIAO_TEST_PYTHON").map(PathBuf::from).or_else(in_target)?;
    let ready = Command::new(&python).args(["-c", "import pymerkle"]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        return skipped(
            "there is no Python with pymerkle: SHUQIAO_TEST_PYTHON names none, nor is it in the target folder",
        );
    }
    let mut command = Command::new(python);
    command.arg(outside("python/check.py"));
    Some(command)
}

fn outside(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outside").join(file)
}

fn skipped(why: &str) -> Option<Command> {
    assert!(env::var_os("CI").is_none(), "{why}");
    eprintln!("skipped: {why}");
    None
}
