//! The two encodings of the texts of C2SP: standard base64 and plain decimals, each with one spelling per value.

use crate::Hash;
use base64::{Engine, engine::general_purpose::STANDARD};

/// Standard base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes, or `None` unless it is the one base64 spelling of them.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// A hash in base64, 44 characters.
pub(crate) fn hash_from_base64(text: &str) -> Option<Hash> {
    if text.len() != 44 {
        return None;
    }
    from_base64(text)?.try_into().ok()
}

/// An ASCII decimal without sign and without leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_one_spelling() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for bad in ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "１", "18446744073709551616"] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
    }

    #[test]
    fn hashes_have_one_spelling() {
        let text = base64(&[0xff; 32]);
        assert_eq!(hash_from_base64(&text), Some([0xff; 32]));
        // The last character of 32 bytes has two bits that no byte uses: `8` is right, `9` is not.
        assert_eq!(hash_from_base64(&text.replace("8=", "9=")), None);
        assert_eq!(hash_from_base64(text.trim_end_matches('=')), None);
        assert_eq!(hash_from_base64(""), None);
    }
}
