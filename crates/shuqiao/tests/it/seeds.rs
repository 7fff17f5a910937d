//! What a node refuses to begin from: seeds with mistakes, and folders that others can look into.

use crate::world::{Ended, PROGRAM, execute, run};
use shuqiao_testkit::node::Node;
use std::{
    fs::{self, Permissions},
    io::{BufRead as _, BufReader, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const SEED: &str = include_str!("../../src/demo/seed.toml");

/// Runs `serve`, which is expected to end by itself; one that listens is ended and told.
fn serve(data: &Path, seed: &Path) -> Ended {
    let mut child = Command::new(PROGRAM)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .arg("--seed")
        .arg(seed)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut out, mut listens) = (String::new(), false);
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap) {
        listens = line.starts_with("listening on ");
        out += &line;
        if listens {
            child.kill().unwrap();
            break;
        }
    }
    let mut complaint = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
    let code = child.wait().unwrap().code();
    assert!(!listens, "the node begins from {}", fs::read_to_string(seed).unwrap_or_default());
    Ended { code, out, complaint }
}

fn written(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("seed.toml");
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn mistakes_of_a_seed_are_told_in_a_line_and_leave_nothing_behind() {
    for (right, wrong, said) in [
        ("[node]", "[node", "the seed file cannot be read"),
        ("log_name = \"zunyi.demo\"", "log_nam = \"x\"", "unknown field `log_nam`"),
        ("log_name = \"zunyi.demo\"", "log_name = \"a/b c\"", "log_name"),
        ("level = \"city\"", "level = \"galaxy\"", "galaxy"),
        ("region = \"5203\"", "region = \"52x3\"", "52x3"),
        ("code = \"11520300MB0000001D\"", "code = \"11520300MB00000010\"", "[[organisation]] authority"),
        ("roles = [\"auditor\"]", "roles = [\"root\"]", "[[person]] auditor"),
        ("roles = [\"auditor\"]", "roles = [\"auditor\", \"office_head\"]", "[[person]] auditor"),
        ("login = \"admin\"", "login = \"Admin\"", "[[person]] Admin"),
        ("login = \"admin\"", "login = \"auditor\"", "[[person]] auditor"),
        ("organisation = \"police\"", "organisation = \"nobody\"", "no organisation `nobody`"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let text = SEED.replacen(right, wrong, 1);
        assert_ne!(text, SEED, "{right}");
        serve(&data, &written(folder.path(), &text)).failed_saying(said);
        assert!(!data.join("node.toml").exists(), "{wrong}: the next start must not begin from the mistake");
    }
}

#[test]
fn a_seed_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    serve(&folder.path().join("data"), &folder.path().join("absent.toml")).failed_saying("absent.toml cannot be read");
}

#[test]
fn a_folder_that_others_can_look_into_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (data, seed) = (folder.path().join("data"), written(folder.path(), SEED));
    fs::create_dir(&data).unwrap();
    fs::write(data.join("somebody's"), "file").unwrap();
    for mode in [0o755, 0o750, 0o701] {
        fs::set_permissions(&data, Permissions::from_mode(mode)).unwrap();
        serve(&data, &seed).failed_saying("chmod 700");
    }
    assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "nothing was put into it");
}

#[test]
fn an_empty_folder_is_closed_to_others() {
    let folder = tempfile::tempdir().unwrap();
    let (data, seed) = (folder.path().join("data"), written(folder.path(), SEED));
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    drop(Node::start(PROGRAM, &data, &["--seed", seed.to_str().unwrap()]).unwrap());
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (data, seed) = (folder.path().join("data"), written(folder.path(), SEED));
    drop(Node::start(PROGRAM, &data, &["--seed", seed.to_str().unwrap()]).unwrap());
    let key = fs::read_dir(data.join("keys")).unwrap().next().unwrap().unwrap().path();
    fs::set_permissions(&key, Permissions::from_mode(0o640)).unwrap();
    serve(&data, &seed).failed_saying(key.file_name().unwrap().to_str().unwrap());
}

#[test]
fn an_address_that_is_taken_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = folder.path().join("data");
    run(&["serve", "--data", data.to_str().unwrap(), "--listen", &address]).failed_saying("cannot be listened on");
}

#[tokio::test]
async fn a_record_that_was_tampered_with_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let (data, seed) = (folder.path().join("data"), written(folder.path(), SEED));
    drop(Node::start(PROGRAM, &data, &["--seed", seed.to_str().unwrap()]).unwrap());
    let check = || run(&["check", "--data", data.to_str().unwrap()]);
    let checked = check();
    assert_eq!((checked.code, checked.complaint.as_str()), (Some(0), ""));
    assert_eq!(checked.out, "the record verifies: 17 entries; the usage log verifies: 0 entries\n");

    // Somebody with the file in hand is stopped by no trigger, but is found out.
    let database = data.join("node.db");
    execute(&database, "drop trigger journal_no_update; update journal set body = body || ' ' where log_index = 3")
        .await;
    let found = "record 3 is not what the log says";
    check().failed_saying(found);
    serve(&data, &seed).failed_saying(found);
}
