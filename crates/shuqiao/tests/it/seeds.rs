//! What a node refuses to begin from: seeds with mistakes, and folders that others can look into.

use crate::world::run;
use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

const SEED: &str = include_str!("../../src/demo/seed.toml");

fn serve(data: &Path, seed: &Path) -> crate::world::Ended {
    run(&["serve", "--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0", "--seed", seed.to_str().unwrap()])
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
        ("log_name = \"zunyi.demo\"", "log_name = \"遵义\"", "log_name"),
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
    for mode in [0o755, 0o750, 0o701] {
        fs::set_permissions(&data, Permissions::from_mode(mode)).unwrap();
        serve(&data, &seed).failed_saying("chmod 700");
    }
    assert_eq!(fs::read_dir(&data).unwrap().count(), 0, "nothing was put into it");
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (data, seed) = (folder.path().join("data"), written(folder.path(), SEED));
    drop(shuqiao_testkit::node::Node::start(crate::world::PROGRAM, &data, &["--seed", seed.to_str().unwrap()]).unwrap());
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

#[test]
fn a_record_that_was_tampered_with_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let (data, seed) = (folder.path().join("data"), written(folder.path(), SEED));
    drop(shuqiao_testkit::node::Node::start(crate::world::PROGRAM, &data, &["--seed", seed.to_str().unwrap()]).unwrap());
    let checked = run(&["check", "--data", data.to_str().unwrap()]);
    assert_eq!((checked.code, checked.complaint.as_str()), (Some(0), ""));
    assert_eq!(checked.out, "the record verifies: 17 entries; the usage log verifies: 0 entries\n");
}
