//! What a keyed hash and a token of a value are, computed from what is written about them: HMAC (RFC 2104) over SM3, and
//! ten rounds of a Feistel network over digits and letters. Only the hash itself is the program's.

use crate::world::grant_id;
use shuqiao_crypto::digest::sm3;

/// Bytes that SM3 takes at a time.
const BLOCK: usize = 64;
/// The node's key that the key of each grant is made from; the world's.
const MASTER: [u8; 32] = [5; 32];

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let pad = |with: u8| {
        let mut block = [with; BLOCK];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block.to_vec()
    };
    let inner = sm3(&[pad(0x36), message.to_vec()].concat());
    sm3(&[pad(0x5c), inner.to_vec()].concat())
}

/// HMAC of the grant's id under the node's key.
fn key() -> [u8; 32] {
    hmac(&MASTER, &[b"shuqiao mask of grant v1\0".as_slice(), grant_id().uuid().as_bytes()].concat())
}

/// HMAC of the written value, in hexadecimal.
pub(crate) fn keyed_hash(written: &str) -> String {
    hmac(&key(), written.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A character that a token changes: what it counts from, and how many there are of its kind.
fn kind(c: char) -> Option<(char, u64)> {
    match c {
        '0'..='9' => Some(('0', 10)),
        'a'..='z' => Some(('a', 26)),
        'A'..='Z' => Some(('A', 26)),
        _ => None,
    }
}

/// Digits and letters shifted, each half in turn by the HMAC of form, round, place and the other half.
pub(crate) fn token(written: &str) -> String {
    let form: String = written.chars().map(|c| kind(c).map_or(c, |(first, _)| first)).collect();
    let kinds: Vec<(char, u64)> = written.chars().filter_map(kind).collect();
    let mut symbols: Vec<u8> =
        written.chars().filter_map(|c| Some((u32::from(c) - u32::from(kind(c)?.0)) as u8)).collect();
    let half = symbols.len().div_ceil(2);
    for round in 0_u8..10 {
        let (from, to, other) =
            if round % 2 == 0 { (0, half, half..symbols.len()) } else { (half, symbols.len(), 0..half) };
        let kept = symbols[other].to_vec();
        for at in from..to {
            let place = ((at - from) as u32).to_be_bytes();
            let message = [b"shuqiao token v1\0".as_slice(), form.as_bytes(), &[round], &place, &kept].concat();
            let shift = u64::from_be_bytes(hmac(&key(), &message)[..8].try_into().unwrap()) % kinds[at].1;
            symbols[at] = ((u64::from(symbols[at]) + shift) % kinds[at].1) as u8;
        }
    }
    let mut changed = kinds.iter().zip(symbols).map(|((first, _), symbol)| char::from(*first as u8 + symbol));
    written.chars().map(|c| if kind(c).is_some() { changed.next().unwrap() } else { c }).collect()
}
