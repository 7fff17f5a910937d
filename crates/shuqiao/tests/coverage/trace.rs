//! `shuqiao trace` on the folder of a node that serves: what it delivered is found again, a file of others is not.

use crate::play::{PROGRAM, Play, play, text};
use serde_json::Value;
use std::{path::Path, process::Command};

fn trace(data: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let ended = Command::new(PROGRAM).arg("trace").args(["--data", text(data)]).args(more).output().unwrap();
    let words = |bytes| String::from_utf8(bytes).unwrap();
    (ended.status.code(), words(ended.stdout), words(ended.stderr))
}

#[tokio::test]
async fn a_leaked_file_is_traced_to_the_call_it_came_from() {
    let play = play(&[]);
    let (grant, caller) = (play.grant().await, play.caller().await);
    let answer = play.call(&caller, &grant, 100).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    let record: u64 = answer.headers["shuqiao-record"].parse().unwrap();
    let rows: Vec<Vec<Value>> = serde_json::from_value(answer.json()["rows"].clone()).unwrap();
    let leak = |rows: &mut dyn Iterator<Item = &Vec<Value>>| {
        let line = |row: &Vec<Value>| {
            let cells = row.iter().rev().map(|cell| cell.as_str().map_or_else(|| cell.to_string(), str::to_owned));
            cells.collect::<Vec<_>>().join(",")
        };
        let head = (0..rows_wide(&answer.json())).map(|at| format!("列{at}")).collect::<Vec<_>>().join(",");
        std::iter::once(head).chain(rows.map(line)).collect::<Vec<_>>().join("\n")
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("leak.csv");
    std::fs::write(&file, leak(&mut rows.iter().skip(20).step_by(2).take(40))).unwrap();
    // The fingerprints are written after the answer has left: asked until they are there.
    let report = (0..200).find_map(|_| {
        let (code, out, complaint) = trace(&play.data, &[text(&file), "--json"]);
        assert_eq!((code, complaint.as_str()), (Some(0), ""), "{out}");
        let report: Value = serde_json::from_str(&out).unwrap();
        (report["deliveries"][0]["record"].as_u64() == Some(record)).then_some(report)
    });
    let report = report.unwrap_or_else(|| panic!("{:?}", trace(&play.data, &[text(&file), "--json"])));
    let first = &report["deliveries"][0];
    assert_eq!(first["grant"], grant["id"], "{report}");
    assert_eq!(first["system"], play.system.as_str(), "{report}");
    assert_eq!((first["rows_delivered"].as_u64(), first["method"].as_str()), (Some(100), Some("service_interface")));
    assert_eq!(first["rows_found"], report["rows_compared"], "{report}");
    assert!(first["by_chance_log10"].as_f64().unwrap() < -20.0, "{report}");

    let (code, words, _) = trace(&play.data, &[text(&file)]);
    let told = format!("1. usage record {record}, ");
    assert!(code == Some(0) && words.contains(&told) && words.contains("probability by chance ≤ 10^-"), "{words}");
    let (_, words, _) = trace(&play.data, &[text(&file), "--language", "zh-CN"]);
    assert!(words.contains(&format!("1. 使用记录 {record}，")) && words.contains("偶然命中的概率"), "{words}");

    the_console_names_the_same(&play, &file, &report).await;

    // Nobody of the register.
    let others: String = (0..300).map(|n| format!("某甲{n},99000019{n:010},{n}\n")).collect();
    std::fs::write(&file, format!("姓名,证件,序号\n{others}")).unwrap();
    let (code, words, _) = trace(&play.data, &[text(&file)]);
    assert!(code == Some(0) && words.contains("no delivery contained"), "{words}");

    for (data, file, said) in
        [(folder.path(), text(&file), "has no keys"), (play.data.as_path(), "absent.csv", "cannot be opened")]
    {
        let (code, out, complaint) = trace(data, &[file]);
        assert!(code == Some(1) && out.is_empty() && complaint.contains(said), "{complaint}");
    }
    std::fs::write(&file, "").unwrap();
    let (code, _, complaint) = trace(&play.data, &[text(&file)]);
    assert!(code == Some(1) && complaint.contains("cannot be traced"), "{complaint}");
}

/// What the program prints and what the console is told come from one search; who asked is on record.
async fn the_console_names_the_same(play: &Play, file: &Path, printed: &Value) {
    let grant = printed["deliveries"][0]["grant"].as_str().unwrap();
    let bytes = std::fs::read(file).unwrap();
    let ask = async |login: &str, form: &str, bytes: Vec<u8>| {
        let person = play.stage.person(login).await.unwrap();
        person.send("POST", &format!("/api/v1/leaks/trace?form={form}"), &[], Some(bytes)).await.unwrap()
    };
    for login in ["auditor", "authority"] {
        let answer = ask(login, "csv", bytes.clone()).await;
        assert_eq!(answer.status.as_u16(), 200, "{login}: {}", answer.text);
        let told = answer.json();
        let common = [
            "record",
            "at",
            "grant",
            "organisation",
            "method",
            "rows_found",
            "rows_only_here",
            "rows_delivered",
            "by_chance_log10",
            "apart_log10",
        ];
        for name in common {
            assert_eq!(told["deliveries"][0][name], printed["deliveries"][0][name], "{name}");
        }
        assert_eq!(told["deliveries"][0]["caller"], play.system.as_str());
        assert!(told["deliveries"][0]["caller_name"].is_string() && told["grants"][0]["number"].is_string(), "{told}");
        let (rows, compared) = (&told["rows_in_file"], &told["rows_compared"]);
        assert_eq!((rows, compared), (&printed["rows_in_file"], &printed["rows_compared"]));
        let entry = format!("GET /api/v1/journal/{}", told["record_index"]);
        let recorded = play.stage.act("auditor", &entry, None, None).await.unwrap();
        assert_eq!((recorded["event"].as_str(), recorded["result"].as_str()), (Some("LeakTraced"), Some("done")));
        assert!(recorded["related"].as_array().unwrap().contains(&grant.into()), "{recorded}");
        assert_eq!(recorded["summary"]["digest"], told["digest"], "{recorded}");
        assert_eq!(recorded["actor"]["id"], play.person_id(login).await.as_str());
    }
    // Nothing of the file is left; who delivers and who receives may not look into what others were given.
    assert_eq!(std::fs::read_dir(play.data.join("leaks")).unwrap().count(), 0);
    for login in ["police.officer", "social.officer", "admin"] {
        let answer = ask(login, "csv", bytes.clone()).await;
        assert_eq!(answer.status.as_u16(), 403, "{login}: {}", answer.text);
    }
    let refused: [(&str, &[u8], u16, &str); 5] = [
        ("xlsx", b"not a workbook", 422, "source_file_damaged"),
        ("parquet", b"PAR1", 422, "source_file_damaged"),
        ("csv", b"", 422, "source_bad_line"),
        ("csv", "姓名,证件\n".as_bytes(), 422, "source_file_empty"),
        ("exe", b"a,b", 400, "query_malformed"),
    ];
    for (form, bytes, status, code) in refused {
        let answer = ask("auditor", form, bytes.to_vec()).await;
        let told = (answer.status.as_u16(), answer.json()["code"].clone());
        assert_eq!(told, (status, code.into()), "{form}: {}", answer.text);
    }
    let large = vec![b'x'; usize::try_from(shuqiao_app::LEAK_BYTES_MAX).unwrap() + 1];
    let answer = ask("auditor", "csv", large).await;
    assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (413, Some("file_too_large")));
    assert_eq!(std::fs::read_dir(play.data.join("leaks")).unwrap().count(), 0);
}

fn rows_wide(answer: &Value) -> usize {
    answer["items"].as_array().map_or(0, Vec::len)
}
