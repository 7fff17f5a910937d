//! Sources that are wrong, slow, gone or changed: a clear word, bounded memory, and everybody else goes on.

use crate::play::{Play, bytes, code, play};
use serde_json::{Value, json};
use shuqiao_testkit::node::{Answer, Client};
use std::{
    fs::File,
    net::TcpListener,
    process::Command,
    sync::{Arc, Mutex},
};

/// What connecting may cost in memory, in bytes.
const GROWTH_MAX: u64 = 200 * 1024 * 1024;

/// The story's grant still answers.
async fn others_go_on(play: &Play) {
    let answer = play.call(&play.caller().await, &play.grant().await, 2).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
}

/// Calls until it is answered so. A file is looked at at most once a second, so that a few calls may still be answered as
/// before; never anything else.
async fn until(play: &Play, caller: &Client, grant: &Value, status: u16) -> Answer {
    let mut before = None;
    for _ in 0..2_000 {
        let answer = play.call(caller, grant, 2).await;
        match answer.status.as_u16() {
            found if found == status => return answer,
            429 => {}
            other => assert_eq!(other, *before.get_or_insert(other), "{}", answer.text),
        }
    }
    panic!("never answered with {status}");
}

#[tokio::test]
async fn files_that_are_wrong_are_refused_with_a_clear_word() {
    let play = play(&[]);
    let header = |n: usize| (0..n).map(|i| format!("c{i}")).collect::<Vec<_>>().join(",");
    let row = |n: usize| vec!["1"; n].join(",");
    let wide = |n: usize| bytes(&[&header(n), &row(n), &row(n), ""]);
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("code,name\n1,甲\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let cases: Vec<(&str, Vec<u8>, u16)> = vec![
        ("wide1000.csv", wide(1_000), 201),
        ("wide1001.csv", wide(1_001), 422),
        ("half.csv", bytes(&["a,b,c", "1,2,3", "4,5", "6,7,8"]), 422),
        ("long.csv", bytes(&["a,b,c", "1,2,3", "4,5,6,7"]), 422),
        ("open quote.csv", bytes(&["a,b", "1,\"2", "3,4"]), 422),
        ("utf16.csv", utf16.clone(), 201),
        ("half a character.csv", [utf16, vec![0x32]].concat(), 422),
        // é and ü of Latin-1, each before an ASCII letter that no Chinese encoding takes after them.
        ("latin1.csv", [b"name,town\nJos\xe9 ,M\xfc \n".as_slice(), b"Ren\xe9!,K\xf6!\n"].concat(), 422),
        ("empty.csv", Vec::new(), 422),
        ("nul.csv", b"a,b\n1,\0\n".to_vec(), 422),
        ("twice.csv", bytes(&["a,a", "1,2"]), 201),
        ("not a database.db", b"this is no database".to_vec(), 422),
        ("two dots..csv", bytes(&["a,b", "1,2"]), 201),
    ];
    for (file, content, expected) in cases {
        std::fs::write(play.intake("police.officer").await.join(file), &content).unwrap();
        let kind = if file.ends_with(".db") { "sqlite" } else { "csv" };
        let body = json!({"kind": kind, "name": file, "file": file});
        let answer = play.stage.ask("police.officer", "POST /api/v1/sources", None, Some(&body)).await.unwrap();
        assert_eq!(answer.status.as_u16(), expected, "{file}: {}", answer.text);
        if expected != 201 {
            assert!(code(&answer).starts_with("source_"), "{file}: {}", answer.text);
        }
    }
    others_go_on(&play).await;
}

#[tokio::test]
async fn absurd_dates_are_text_and_never_a_crash() {
    let play = play(&[]);
    let file = bytes(&["id,day", "1,2026-02-30", "2,9999-99-99", "3,0000-00-00", "4,2026-01-01", "5,-1-1-1", ""]);
    let answer = play.connect_csv("police.officer", "days.csv", &file).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text);
    let columns = answer.json()["structure"]["tables"][0]["columns"].clone();
    let day = columns.as_array().unwrap().iter().find(|column| column["name"] == "day").unwrap();
    assert_eq!(day["item_type"], "text", "days that no calendar has are not dates");
}

#[tokio::test]
async fn files_of_two_gigabytes_cost_no_memory() {
    let play = play(&[]);
    let folder = play.intake("police.officer").await;
    let sparse = |name: &str, head: &[u8], bytes: u64| {
        std::fs::write(folder.join(name), head).unwrap();
        File::options().write(true).open(folder.join(name)).unwrap().set_len(bytes).unwrap();
    };
    const TWO: u64 = 2 * 1024 * 1024 * 1024;
    sparse("over.csv", b"a,b\n1,2\n", TWO + 1);
    sparse("under.csv", b"a,b\n1,2\n", TWO - 1);
    sparse("nothing.csv", b"", TWO - 1);
    let before = play.memory();
    for name in ["over.csv", "under.csv", "nothing.csv"] {
        let body = json!({"kind": "csv", "name": name, "file": name});
        let answer = play.stage.ask("police.officer", "POST /api/v1/sources", None, Some(&body)).await.unwrap();
        assert_eq!(answer.status.as_u16(), 422, "{name}: {}", answer.text);
        assert!(code(&answer).starts_with("source_"), "{name}: {}", answer.text);
        let grown = play.memory().saturating_sub(before);
        assert!(grown < GROWTH_MAX, "{name}: {} MiB more", grown >> 20);
    }
    others_go_on(&play).await;
}

#[tokio::test]
async fn a_source_that_vanishes_or_changes_is_told_and_the_others_go_on() {
    let play = play(&[]);
    let caller = play.caller().await;
    // A second grant, over a file of the market department.
    let mut content = play.stage.entry_content("market", "enterprises").await.unwrap();
    content["name"] = json!("企业登记基本信息（另一版）");
    let entry = play.stage.published("market", &content).await.unwrap();
    let request = play.request_content(&entry, &["name", "county_code"]).await;
    let grant = play.stage.granted("market", &request).await.unwrap();
    assert_eq!(play.call(&caller, &grant, 2).await.status.as_u16(), 200);

    let file = play.intake("market.officer").await.join("enterprises.db");
    let aside = file.with_extension("aside");
    std::fs::rename(&file, &aside).unwrap();
    let gone = until(&play, &caller, &grant, 502).await;
    assert_eq!((gone.status.as_u16(), code(&gone).as_str()), (502, "source_unreachable"), "{}", gone.text);
    assert!(gone.headers.contains_key("shuqiao-record"), "a call that fails is recorded");
    others_go_on(&play).await;

    std::fs::rename(&aside, &file).unwrap();
    until(&play, &caller, &grant, 200).await;

    let alter = "ALTER TABLE enterprises RENAME COLUMN county_code TO other_code";
    let altered = Command::new("sqlite3").arg(&file).arg(alter).output().expect("sqlite3 of Debian");
    assert!(altered.status.success(), "{}", String::from_utf8_lossy(&altered.stderr));
    let changed = until(&play, &caller, &grant, 502).await;
    assert_eq!(code(&changed), "source_changed", "{}", changed.text);
    std::fs::write(&file, b"no database any more").unwrap();
    let broken = until(&play, &caller, &grant, 502).await;
    assert!(!broken.text.contains("enterprises.db"), "where a source is, is not told: {}", broken.text);
    others_go_on(&play).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_never_answers_is_given_up_and_the_others_go_on() {
    // Takes every connection and says nothing, as long as the test lasts.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let held = Arc::new(Mutex::new(Vec::new()));
    let holding = held.clone();
    std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| holding.lock().unwrap().push(stream)));
    let mut play = play(&[]);
    let hosts = format!("127.0.0.1:{port}");
    play.serve_again(&["--source-host", &hosts]).await;
    for kind in ["postgres", "mysql"] {
        let body = json!({
            "kind": kind, "name": "慢", "host": "127.0.0.1", "port": port, "database": "d", "user": "u",
            "password": "p",
        });
        let slow = play.stage.ask("police.officer", "POST /api/v1/sources", None, Some(&body));
        let quick = async {
            for _ in 0..5 {
                others_go_on(&play).await;
            }
        };
        let (answer, ()) = tokio::join!(slow, quick);
        let answer = answer.unwrap();
        assert!((400..=504).contains(&answer.status.as_u16()) && answer.status.as_u16() != 500, "{}", answer.text);
        assert!(code(&answer).starts_with("source_"), "{} {}", answer.status, answer.text);
        assert!(!std::mem::take(&mut *held.lock().unwrap()).is_empty(), "the {kind} source was asked");
        // A host that is not on the list is not even asked.
        let other = json!({
            "kind": kind, "name": "别处", "host": "169.254.169.254", "port": 80, "database": "d", "user": "u",
            "password": "p",
        });
        let answer = play.stage.ask("police.officer", "POST /api/v1/sources", None, Some(&other)).await.unwrap();
        assert_eq!((answer.status.as_u16(), code(&answer).as_str()), (422, "source_not_allowed"), "{}", answer.text);
    }
}

/// A file name that leaves the folder is no file name, whatever is behind it.
#[tokio::test]
async fn files_outside_the_own_folder_are_nobodys_source() {
    let play = play(&[]);
    let others = play.organisation("market.officer").await;
    std::os::unix::fs::symlink("/etc/passwd", play.intake("police.officer").await.join("link.csv")).unwrap();
    for (kind, file) in [
        ("sqlite", format!("../{others}/enterprises.db")),
        ("sqlite", "../../node.db".to_owned()),
        ("csv", "/etc/passwd".to_owned()),
        ("csv", "..".to_owned()),
        ("csv", "link.csv".to_owned()),
        ("csv", "a\u{0}b.csv".to_owned()),
        ("sqlite", "\u{ff0e}\u{ff0e}/node.db".to_owned()),
    ] {
        let body = json!({"kind": kind, "name": "x", "file": file});
        let answer = play.stage.ask("police.officer", "POST /api/v1/sources", None, Some(&body)).await.unwrap();
        assert_eq!(answer.status.as_u16(), 422, "{file}: {}", answer.text);
        assert!(!answer.text.contains("root:"), "{file}: {}", answer.text);
    }
}
