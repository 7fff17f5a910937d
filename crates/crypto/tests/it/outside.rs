//! Other people's tools as judges: Go's checksum database code, and pymerkle.

use crate::log::{Log, entry};
use serde_json::{Value, json};
use shuqiao_crypto::{
    digest::hex,
    note::{SignerKey, VerifierKey, open, verify},
};
use shuqiao_testkit::outside::{ask, go, python};

const ORIGIN: &str = "city.example/record";

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
    let answer: Value = serde_json::from_slice(&ask(&mut go, &question).unwrap().stdout).unwrap();
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
    let Some(mut python) = python(env!("CARGO_TARGET_TMPDIR")) else { return };
    let log = Log::of(600, ORIGIN);
    let sizes = (1..=66).chain([255, 256, 257, 300, 511, 512, 513, 600]);
    let proofs: Vec<String> = sizes
        .flat_map(|size| some_indexes(size).map(move |index| (index, size)))
        .map(|(index, size)| log.proof(index, size).to_string())
        .collect();
    let entries: Vec<String> = (0..600).map(|index| hex(&entry(index))).collect();
    let output = ask(&mut python, &json!({ "entries": entries, "proofs": proofs })).unwrap();
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
