//! The keyed hash behind masks: the same value hides as the same text within one grant, and as another text in every
//! other grant, so that two receivers cannot put their deliveries together. Which cells are masked is the plane's matter.

use crate::encoding;
use hmac::{Hmac, KeyInit, Mac};
use shuqiao_vocabulary::id::GrantId;
use sm3::Sm3;
use zeroize::Zeroizing;

/// HMAC-SM3 of the value, as 64 lower-case hexadecimal digits.
pub fn keyed_hash(key: &[u8; 32], value: &[u8]) -> String {
    encoding::hex(&hmac_sm3(key, &[value]))
}

/// Rounds of the Feistel network; the standard for such ciphers (NIST SP 800-38G) has ten.
const ROUNDS: u8 = 10;

/// Another text of the same form: a digit for a digit, a Latin letter for a letter of the same case, all else as it is.
/// Of two texts of one form no two become the same, so what was a key stays one; under another key all is different.
///
/// A Feistel network over the characters that change, each half shifted in turn by HMAC-SM3 of the other: the shape of FF1
/// (NIST SP 800-38G) with another round function and mixed radices. It hides values from a reader, but a short text has
/// few others of its form, and whoever can ask for many tokens can try them all.
pub fn token(key: &[u8; 32], text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let places: Vec<(usize, u8, u8)> = characters
        .iter()
        .enumerate()
        .filter_map(|(at, c)| match c {
            '0'..='9' => Some((at, b'0', 10)),
            'a'..='z' => Some((at, b'a', 26)),
            'A'..='Z' => Some((at, b'A', 26)),
            _ => None,
        })
        .collect();
    // What does not change belongs to the form: texts of two forms are hidden in two ways.
    let form: Vec<u8> = characters
        .iter()
        .map(|c| match c {
            '0'..='9' => '0',
            'a'..='z' => 'a',
            'A'..='Z' => 'A',
            other => *other,
        })
        .collect::<String>()
        .into_bytes();
    let mut symbols: Vec<u8> =
        places.iter().map(|(at, base, _)| characters.get(*at).map_or(0, |c| *c as u8 - base)).collect();
    let half = symbols.len().div_ceil(2);
    for round in 0..ROUNDS {
        let (left, right) = symbols.split_at_mut(half);
        let (changed, kept, first) = if round % 2 == 0 { (left, right, 0) } else { (right, left, half) };
        for (at, symbol) in changed.iter_mut().enumerate() {
            let radix = places.get(first + at).map_or(1, |(_, _, radix)| u64::from(*radix));
            let place = u32::try_from(at).unwrap_or(u32::MAX).to_be_bytes();
            let bytes = hmac_sm3(key, &[b"shuqiao token v1\0", &form, &[round], &place, kept]);
            let shift = bytes.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes)) % radix;
            *symbol = u8::try_from((u64::from(*symbol) + shift) % radix).unwrap_or(0);
        }
    }
    for ((at, base, _), symbol) in places.iter().zip(&symbols) {
        if let Some(character) = characters.get_mut(*at) {
            *character = char::from(base + symbol);
        }
    }
    characters.into_iter().collect()
}

/// The key of one grant: HMAC-SM3 of the grant's id under the node's master key. Not stored; the same for ever, so
/// that a grant's masked values stay comparable from delivery to delivery.
pub fn grant_key(master: &[u8; 32], grant: &GrantId) -> [u8; 32] {
    hmac_sm3(master, &[b"shuqiao mask of grant v1\0", grant.uuid().as_bytes()])
}

pub(crate) fn hmac_sm3(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC fills a key up with zeros to its block of 64 bytes (RFC 2104); done here, the length cannot be wrong.
    let mut block = Zeroizing::new([0; 64]);
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sm3>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_hash_is_hmac_sm3() {
        // Computed with OpenSSL: printf 52030219990101 | openssl dgst -sm3 -mac HMAC -macopt hexkey:0707...07
        let expected = "3172e564cfcedf7d7f51c86f56885964b42f04304c03a6eebec06076c70a2c8f";
        assert_eq!(keyed_hash(&[7; 32], b"52030219990101"), expected);
    }

    #[test]
    fn tokens_keep_the_form_and_are_one_to_one() {
        let shown = token(&[7; 32], "张三 52030219900101123X");
        assert_eq!(shown.len(), "张三 52030219900101123X".len());
        assert!(shown.starts_with("张三 ") && shown.chars().last().is_some_and(|c| c.is_ascii_uppercase()), "{shown}");
        assert!(shown.chars().skip(3).take(17).all(|c| c.is_ascii_digit()), "{shown}");
        assert_eq!(token(&[7; 32], "13812345678"), token(&[7; 32], "13812345678"));
        assert_ne!(token(&[7; 32], "13812345678"), token(&[8; 32], "13812345678"));
        for form in [1, 2, 3] {
            let all: std::collections::BTreeSet<String> = (0..10_usize.pow(form))
                .map(|n| token(&[7; 32], &format!("{n:0width$}", width = form as usize)))
                .collect();
            assert_eq!(all.len(), 10_usize.pow(form), "two became one");
        }
        let letters: std::collections::BTreeSet<String> =
            ('a'..='z').flat_map(|a| ('0'..='9').map(move |b| token(&[7; 32], &format!("{a}-{b}")))).collect();
        assert_eq!(letters.len(), 260);
        assert_eq!(token(&[7; 32], "无一可换。"), "无一可换。");
    }

    #[test]
    fn every_grant_has_a_key_of_its_own() {
        let grant = |n| GrantId::from_uuid(Uuid::from_u128(n));
        assert_eq!(grant_key(&[1; 32], &grant(1)), grant_key(&[1; 32], &grant(1)));
        assert_ne!(grant_key(&[1; 32], &grant(1)), grant_key(&[1; 32], &grant(2)));
        assert_ne!(grant_key(&[1; 32], &grant(1)), grant_key(&[2; 32], &grant(1)));
    }
}
