//! A node's two logs, fetched over HTTP as anybody can, in the eyes of tools that share no code with it.

use serde_json::{Value, json};
use shuqiao_testkit::{
    node::Client,
    outside::{ask, go, python},
    scenario::Player,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// Leaves or nodes in a whole tile.
const TILE: u64 = 256;

/// A log of a node.
struct Log<'a> {
    /// Somebody whom the proofs are for.
    reader: &'a Client,
    /// What stands before `/checkpoint` and `/tile/`.
    at: &'static str,
    /// What stands before the index and `/proof`.
    records: &'static str,
    /// The name of its key among the node's.
    key: &'static str,
}

/// Proofs, checkpoints and tiles of this node's record hold before Go and pymerkle. `early` is a checkpoint from before.
pub(crate) async fn agree_on_record(auditor: &Client, early: &str) {
    let log = Log { reader: auditor, at: "", records: "/api/v1/journal", key: "verifier_key" };
    // Each denial is a record.
    for _ in size(&log.checkpoint().await)..TILE + 44 {
        let denied = auditor.json("POST", "/api/v1/systems", &[], Some(&json!({"name": "x"}))).await.unwrap();
        assert_eq!(denied.status, 403, "{}", denied.text);
    }
    let newest = size(&log.checkpoint().await);
    let near = [0, 1, 2, 127, 128, 255, 256, 257, newest - 2, newest - 1];
    log.agree(early, newest, near.into_iter().chain((0..newest).step_by(17)).collect()).await;
}

/// The same of its usage log, for the system of the story, which has proofs of its own calls and of no others.
pub(crate) async fn agree_on_usage(player: &mut Player<'_>) {
    let system = player.client("system:sys").await.unwrap();
    let log = Log { reader: &system, at: "/data/v1/usage", records: "/data/v1/usage", key: "usage_verifier_key" };
    let [grant, number, delivered] =
        ["grant", "number", "usage_index"].map(|name| player.saved(name).unwrap().to_owned());
    let early = log.checkpoint().await;
    // Each call that is refused is a record. The checkpoint may lag by a second, so there may be a few more.
    let (first, newest) = (size(&early), TILE + 44);
    for _ in first..newest {
        let path = format!("/data/v1/grants/{grant}/query");
        let refused = system.json("POST", &path, &[], Some(&json!({"purpose": number}))).await.unwrap();
        assert_eq!(refused.json()["code"], "grant_revoked", "{}", refused.text);
    }
    let near = [delivered.parse().unwrap(), 127, 128, 255, 256, 257, newest - 2, newest - 1];
    log.agree(&early, newest, near.into_iter().chain((first..newest).step_by(17)).collect()).await;
}

impl Log<'_> {
    async fn checkpoint(&self) -> String {
        fetched(self.reader, &format!("{}/checkpoint", self.at)).await
    }

    /// The outside tools agree about the proofs of these records, of which there are at least `newest`: a whole tile,
    /// so that there is a second level, and more.
    async fn agree(&self, early: &str, newest: u64, indexes: BTreeSet<u64>) {
        assert!(newest >= TILE + 44, "{newest}");
        // A record grows while it is looked at, so proofs come under more than one checkpoint.
        let mut proofs: BTreeMap<String, Vec<String>> = BTreeMap::from([(early.to_owned(), Vec::new())]);
        for index in indexes {
            let proof = fetched(self.reader, &format!("{}/{index}/proof", self.records)).await;
            let (_, note) = proof.split_once("\n\n").unwrap();
            proofs.entry(note.to_owned()).or_default().push(proof);
        }
        let signed = self.checkpoint().await;
        assert!(size(&signed) >= newest, "{signed}");
        proofs.entry(signed).or_default();
        let entries = self.entries(proofs.keys().map(|note| size(note)).max().unwrap()).await;
        if let Some(mut python) = python(env!("CARGO_TARGET_TMPDIR")) {
            let hex: Vec<String> = entries.iter().map(|entry| hex(entry)).collect();
            let all: Vec<&String> = proofs.values().flatten().collect();
            let judged = ask(&mut python, &json!({"entries": hex, "proofs": all})).unwrap();
            assert_eq!(String::from_utf8_lossy(&judged.stdout).trim(), all.len().to_string());
        }
        if let Some(mut go) = go() {
            let keys = self.reader.json("GET", "/.well-known/shuqiao-log", &[], None).await.unwrap().json();
            let texts: Vec<String> = entries.iter().map(|entry| base64(entry)).collect();
            let mut trees = Vec::new();
            for (note, of_note) in &proofs {
                let tiles = self.tiles(size(note)).await;
                trees.push(json!({"note": note, "proofs": of_note, "tiles": tiles}));
            }
            let answer = ask(&mut go, &json!({"public": keys[self.key], "texts": texts, "trees": trees})).unwrap();
            let answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
            assert_eq!(answer["Judged"], json!(proofs.values().map(Vec::len).sum::<usize>()));
        }
    }

    /// Every tile of a tree of this size, in base64 by path.
    async fn tiles(&self, size: u64) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for (level, nodes) in [("0", size), ("1", size / TILE)] {
            for (path, width) in paths(level, nodes) {
                let tile = self.reader.json("GET", &format!("{}/{path}", self.at), &[], None).await.unwrap();
                assert_eq!((tile.status.as_u16(), tile.bytes.len() as u64), (200, width * 32), "{path}");
                found.insert(path, base64(&tile.bytes));
            }
        }
        found
    }

    /// The first so many entries, from the bundles: each entry behind its length in two bytes.
    async fn entries(&self, size: u64) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        for (path, width) in paths("entries", size) {
            let bundle = self.reader.json("GET", &format!("{}/{path}", self.at), &[], None).await.unwrap();
            assert_eq!(bundle.status, 200, "{path}");
            let (before, mut rest) = (found.len() as u64, bundle.bytes.as_slice());
            while let [high, low, behind @ ..] = rest {
                let (entry, next) = behind.split_at(usize::from(u16::from_be_bytes([*high, *low])));
                found.push(entry.to_vec());
                rest = next;
            }
            assert_eq!(found.len() as u64 - before, width, "{path}");
        }
        found
    }
}

async fn fetched(client: &Client, path: &str) -> String {
    let answer = client.json("GET", path, &[], None).await.unwrap();
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.text
}

/// The size that a checkpoint states.
fn size(note: &str) -> u64 {
    note.lines().nth(1).unwrap().parse().unwrap()
}

/// Paths of the tiles of one level, with their widths, when it has so many nodes; as c2sp.org/tlog-tiles names them.
fn paths(level: &str, nodes: u64) -> Vec<(String, u64)> {
    assert!(nodes < 1_000 * TILE, "larger records have longer paths");
    let whole = (0..nodes / TILE).map(|at| (format!("tile/{level}/{at:03}"), TILE));
    let rest = (!nodes.is_multiple_of(TILE))
        .then(|| (format!("tile/{level}/{:03}.p/{}", nodes / TILE, nodes % TILE), nodes % TILE));
    whole.chain(rest).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn base64(bytes: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}
