//! Keys in files: made once, kept for ever, refused when anything about them is odd.

use super::*;
use std::os::unix::fs::PermissionsExt;

const FILES: [&str; 6] = ["book.key", "mask.key", "record.key", "seal.key", "token.key", "usage.key"];

fn folder() -> (tempfile::TempDir, PathBuf) {
    let data = tempfile::tempdir().expect("a folder");
    let dir = data.path().join("data").join("keys");
    (data, dir)
}

fn open(dir: &Path) -> Result<Keyring, KeyringError> {
    Keyring::open_or_create(dir, "city.example")
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("our own file");
}

#[test]
fn keys_are_made_once_and_found_again() {
    let (_data, dir) = folder();
    let (first, second) = (open(&dir).expect("new keys"), open(&dir).expect("the same keys"));
    assert_eq!(first.log_signer.name(), "city.example/record");
    assert_eq!(first.usage_signer.name(), "city.example/usage");
    assert_eq!(first.log_signer.verifier(), second.log_signer.verifier());
    assert_ne!(first.log_signer.verifier().to_string(), first.usage_signer.verifier().to_string());
    assert_eq!(second.seal.open(b"", &first.seal.seal(b"", b"plain")), Ok(b"plain".to_vec()));
    assert_eq!(first.mask_master, second.mask_master);
    let mut files: Vec<_> =
        fs::read_dir(&dir).expect("a folder").map(|file| file.expect("a file").file_name()).collect();
    files.sort();
    assert_eq!(files, FILES);
    for name in FILES {
        assert_eq!(fs::metadata(dir.join(name)).expect("a file").mode() & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::read_dir(dir.parent().expect("data")).expect("a folder").count(), 1, "nothing is left beside");
}

#[test]
fn an_empty_folder_is_filled() {
    let (_data, dir) = folder();
    fs::create_dir_all(&dir).expect("a folder");
    assert!(open(&dir).is_ok());
}

#[test]
fn makers_at_the_same_time_end_with_the_same_keys() {
    let (_data, dir) = folder();
    let public = |keys: &Keyring| keys.log_signer.verifier().to_string();
    let made: Vec<_> = std::thread::scope(|scope| {
        let makers: Vec<_> = (0..8).map(|_| scope.spawn(|| open(&dir).map(|keys| public(&keys)))).collect();
        makers.into_iter().map(|maker| maker.join().expect("no panic").expect("keys")).collect()
    });
    assert!(made.iter().all(|key| Some(key) == made.first()), "{made:?}");
}

#[test]
fn a_cut_file_is_named_and_not_replaced() {
    let (_data, dir) = folder();
    open(&dir).expect("new keys");
    for name in FILES {
        let path = dir.join(name);
        let whole = fs::read_to_string(&path).expect("a key file");
        for length in 0..whole.len() - 1 {
            fs::write(&path, &whole[..length]).expect("our own file");
            let error = open(&dir).expect_err("cut short").to_string();
            assert!(error.contains(name) && error.contains("cut short"), "{error}");
        }
        fs::write(&path, vec![b'x'; 5_000]).expect("our own file");
        assert!(matches!(open(&dir), Err(KeyringError::Damaged(_))), "{name}");
        fs::write(&path, b"\xff\xfe").expect("our own file");
        assert!(matches!(open(&dir), Err(KeyringError::Damaged(_))), "{name}");
        fs::write(&path, whole).expect("our own file");
    }
    assert!(open(&dir).is_ok());
}

#[test]
fn a_missing_file_is_named_and_not_made_anew() {
    let (_data, dir) = folder();
    open(&dir).expect("new keys");
    for name in FILES {
        let (path, aside) = (dir.join(name), dir.join("aside"));
        fs::rename(&path, &aside).expect("our own file");
        let error = open(&dir).expect_err("missing").to_string();
        assert!(error.contains(name) && error.contains("restore it from the backup"), "{error}");
        assert!(!path.exists());
        fs::rename(&aside, &path).expect("our own file");
    }
}

#[test]
fn files_in_each_others_place_are_noticed() {
    let (_data, dir) = folder();
    open(&dir).expect("new keys");
    fs::copy(dir.join("seal.key"), dir.join("token.key")).expect("our own file");
    assert!(matches!(open(&dir), Err(KeyringError::Damaged(path)) if path.ends_with("token.key")));
    fs::copy(dir.join("usage.key"), dir.join("record.key")).expect("our own file");
    assert!(matches!(open(&dir), Err(KeyringError::OtherNode { .. })));
}

#[test]
fn files_that_others_may_read_are_refused() {
    let (_data, dir) = folder();
    open(&dir).expect("new keys");
    for mode in [0o640, 0o604, 0o620, 0o666] {
        set_mode(&dir.join("seal.key"), mode);
        let error = open(&dir).expect_err("exposed").to_string();
        assert!(error.contains("seal.key") && error.contains("chmod 600"), "{error}");
    }
    set_mode(&dir.join("seal.key"), 0o400);
    assert!(open(&dir).is_ok(), "read-only for the owner is stricter");
    set_mode(&dir, 0o770);
    let error = open(&dir).expect_err("others could put their keys here").to_string();
    assert!(error.contains("chmod 700"), "{error}");
}

#[test]
fn a_node_keeps_its_name() {
    let (_data, dir) = folder();
    open(&dir).expect("new keys");
    let error = Keyring::open_or_create(&dir, "town.example").expect_err("another node").to_string();
    assert!(error.contains("`city.example/record`") && error.contains("`town.example/record`"), "{error}");
    let (_data, dir) = folder();
    assert!(matches!(Keyring::open_or_create(&dir, "a b"), Err(KeyringError::Node { .. })));
    assert!(!dir.exists(), "nothing is left of a refusal");
}

#[test]
fn keys_do_not_print() {
    let (_data, dir) = folder();
    let keys = format!("{:?}", open(&dir).expect("new keys"));
    assert!(keys.starts_with("Keyring(SignerKey(city.example/record, …)") && !keys.contains("KEY+"), "{keys}");
}
