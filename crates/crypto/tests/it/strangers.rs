//! What comes from outside is judged without a panic, and what we wrote ourselves reads back.

use proptest::prelude::*;
use shuqiao_crypto::{
    note::{SignerKey, VerifierKey, open, verify},
    password,
    seal::SealKey,
    token::TokenKey,
};
use shuqiao_vocabulary::Moment;

proptest! {
    #[test]
    fn any_text_without_control_characters_can_be_signed(text in "([^\\x00-\\x1f]|\n){0,80}", seed: [u8; 32]) {
        let key = SignerKey::generate("log.example/a", seed).unwrap();
        let text = format!("{text}\n");
        let note = key.sign(&text).unwrap();
        prop_assert_eq!(verify(&note, &[key.verifier()]), Ok(text));
        let read: VerifierKey = key.verifier().to_string().parse().unwrap();
        prop_assert_eq!(read, key.verifier());
        let read: SignerKey = key.to_private_text().parse().unwrap();
        prop_assert_eq!(read.verifier(), key.verifier());
    }

    #[test]
    fn any_bytes_can_be_sealed(key: [u8; 32], context: Vec<u8>, plain: Vec<u8>) {
        let key = SealKey::from_bytes(key);
        let sealed = key.seal(&context, &plain);
        prop_assert_eq!(key.open(&context, &sealed), Ok(plain));
    }

    #[test]
    fn nothing_handed_in_stops_the_judges(text in "(?s).{0,300}", bytes: Vec<u8>) {
        let key = SignerKey::generate("log.example/a", [1; 32]).unwrap();
        prop_assert!(open(&text, &[key.verifier()]).is_err());
        let signed = format!("a\n\n\u{2014} {text}\n");
        prop_assert!(open(&signed, &[key.verifier()]).is_err());
        prop_assert!(text.parse::<VerifierKey>().is_err());
        prop_assert!(text.parse::<SignerKey>().is_err());
        prop_assert!(SealKey::from_bytes([1; 32]).open(b"", &bytes).is_err());
        prop_assert!(TokenKey::from_bytes([1; 32]).check(&text, Moment::from_microseconds(0), None).is_err());
        prop_assert!(!password::verify(&text, &text));
    }
}
