//! A full disk: whatever cannot be recorded is refused in order, nothing is answered without a record, and when there is
//! space again it goes on.

use crate::play::{PROGRAM, Play, code, play_in, text};
use serde_json::json;
use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// A small file system of its own, gone with the test.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where this machine does not let us mount.
    fn mounted(at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=48m", "tmpfs", text(at)]).output().ok()?;
        mount.status.success().then(|| Self(at.to_owned()))
    }

    /// Takes every byte that is left.
    fn fill(&self) -> PathBuf {
        let path = self.0.join("ballast");
        let mut ballast = File::create(&path).unwrap();
        for size in [1 << 20, 4_096, 64, 1] {
            let piece = vec![0_u8; size];
            while ballast.write_all(&piece).is_ok() {}
        }
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _unmounted = Command::new("umount").args(["--lazy", text(&self.0)]).status();
    }
}

#[tokio::test]
async fn a_full_disk_refuses_in_order_and_goes_on_when_there_is_space() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = SmallDisk::mounted(&folder.path().join("disk")) else {
        println!("skipped: this machine does not let us mount a small file system");
        return;
    };
    let data = disk.0.join("node");
    let mut play = play_in(folder, data, &[]);
    let (grant, caller) = (play.grant().await, play.caller().await);
    let content = {
        let entry = json!({"id": grant["entry"]});
        play.request_content(&entry, &["name"]).await
    };
    assert_eq!(play.call(&caller, &grant, 1).await.status.as_u16(), 200);
    let before = recorded(&play, &caller, &grant).await;

    let ballast = disk.fill();
    let mut calls_refused = 0;
    for _ in 0..400 {
        let answer = play.call(&caller, &grant, 1).await;
        match answer.status.as_u16() {
            // What still fits into the pages that the log already has is recorded like any other.
            200 | 429 => assert!(answer.headers.contains_key("shuqiao-record")),
            503 => {
                assert_eq!(code(&answer), "record_unavailable", "{}", answer.text);
                assert!(answer.json().get("rows").is_none() && !answer.headers.contains_key("shuqiao-record"));
                calls_refused += 1;
            }
            other => panic!("{other}: {}", answer.text),
        }
        if calls_refused == 3 {
            break;
        }
    }
    assert_eq!(calls_refused, 3, "a disk without a free byte still took records");
    let mut drafts_refused = 0;
    for _ in 0..400 {
        let answer = play.stage.ask("social.officer", "POST /api/v1/requests", None, Some(&content)).await.unwrap();
        match answer.status.as_u16() {
            201 => {}
            503 => {
                assert_eq!(code(&answer), "record_unavailable", "{}", answer.text);
                drafts_refused += 1;
            }
            other => panic!("{other}: {}", answer.text),
        }
        if drafts_refused == 3 {
            break;
        }
    }
    assert_eq!(drafts_refused, 3, "a disk without a free byte still took drafts");

    std::fs::remove_file(&ballast).unwrap();
    let after = recorded(&play, &caller, &grant).await;
    assert!(after > before);
    let answer = play.stage.ask("social.officer", "POST /api/v1/requests", None, Some(&content)).await.unwrap();
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text);
    play.node.kill().unwrap();
    let check = Command::new(PROGRAM).args(["check", "--data", text(&play.data)]).output().unwrap();
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
}

/// The index of a call that is let through.
async fn recorded(play: &Play, caller: &shuqiao_testkit::node::Client, grant: &serde_json::Value) -> u64 {
    let answer = play.call(caller, grant, 1).await;
    assert!(matches!(answer.status.as_u16(), 200 | 429), "{} {}", answer.status, answer.text);
    answer.headers["shuqiao-record"].parse().unwrap()
}
