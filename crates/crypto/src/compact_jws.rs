//! Signed tokens of others in compact form (RFC 7515 section 3.1), taken apart. What header and claims say is for the
//! caller to read and judge; here are only bytes, and no choice of algorithms.

use crate::encoding;

/// The longest token that is looked at, in characters.
pub const JWS_CHARS_MAX: usize = 4_096;

/// A token's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompactJws<'a> {
    /// What is signed, as it was sent: `header.payload`.
    pub signed: &'a str,
    /// The protected header: JSON, if it is what it should be.
    pub header: Vec<u8>,
    /// The payload: JSON claims, if it is what it should be.
    pub payload: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl<'a> CompactJws<'a> {
    /// The parts; `None` when it is not three parts in base64url, or too long.
    pub fn parse(text: &'a str) -> Option<Self> {
        if text.len() > JWS_CHARS_MAX {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        Some(Self {
            signed,
            header: encoding::from_base64url(header)?,
            payload: encoding::from_base64url(payload)?,
            signature: encoding::from_base64url(signature)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_parts_and_nothing_else() {
        let token = CompactJws::parse("e30.W10.AAE").unwrap();
        assert_eq!((token.signed, &*token.header, &*token.payload), ("e30.W10", &b"{}"[..], &b"[]"[..]));
        assert_eq!(token.signature, [0, 1]);
        for bad in [
            "",
            "e30",
            "e30.e30",
            "e30.e30.e30.AA",
            "e30=.e30.AA",
            "e30.e30.A",
            &format!("e30.{}.AA", "A".repeat(4_096)),
        ] {
            assert_eq!(CompactJws::parse(bad), None, "{bad}");
        }
        assert_eq!(CompactJws::parse("e30.W10.").unwrap().signature, [0; 0], "unsigned, for the caller to refuse");
    }
}
