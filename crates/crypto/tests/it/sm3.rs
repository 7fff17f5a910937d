//! SM3 against the vectors of its publisher.

use shuqiao_crypto::digest::sm3_hex;
use std::{fs, path::PathBuf};

#[test]
#[expect(clippy::disallowed_methods, reason = "a test finds the shared data by its surroundings")]
fn the_vectors_of_the_publisher() {
    let shared = std::env::var_os("SHUQIAO_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    if !shared.is_dir() {
        assert!(std::env::var_os("CI").is_none(), "../shared is not there");
        println!("skipped: ../shared is not there");
        return;
    }
    let vectors = fs::read_to_string(shared.join("data/crypto/sm3_oscca.txt")).unwrap();
    let mut message = Vec::new();
    let mut length = 0;
    let mut judged = 0;
    for (key, value) in vectors.lines().filter_map(|line| line.split_once(" = ")) {
        match key {
            "Len" => length = value.parse::<usize>().unwrap() / 8,
            // A message of no bytes is written as `00`.
            "Msg" => message = (0..length).map(|n| u8::from_str_radix(&value[2 * n..2 * n + 2], 16).unwrap()).collect(),
            "MD" => {
                assert_eq!(sm3_hex(&message), value);
                judged += 1;
            }
            _ => {}
        }
    }
    assert!(judged >= 5, "the file has vectors");
}
