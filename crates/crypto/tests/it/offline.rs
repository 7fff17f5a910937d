//! The offline check: what it accepts, and that everything else is refused with a reason.

use crate::log::{Log, entry};
use proptest::prelude::*;
use shuqiao_crypto::{
    note::{NoteError, SignerKey},
    offline::{Proven, VerifyError, verify_proof},
};
use shuqiao_tlog::{Hash, ProofError, proof::ProofTextError, root};

const ORIGIN: &str = "city.example/record";

fn log() -> (Log, String) {
    let log = Log::of(20, ORIGIN);
    let key = log.key.verifier().to_string();
    (log, key)
}

fn root_of(log: &Log, size: u64) -> Hash {
    root(size, &mut |at| log.read(at)).unwrap()
}

#[test]
fn a_proof_shows_the_entry_it_carries() {
    let (log, key) = log();
    for size in 1..=20 {
        for index in 0..size {
            let proof = log.proof(index, size);
            let root = root_of(&log, size);
            let proven = Proven { origin: ORIGIN.to_owned(), index, size, root, entry: entry(index) };
            assert_eq!(verify_proof(&proof.to_string(), &key, None), Ok(proven.clone()));
            let without = shuqiao_tlog::proof::Proof { extra: None, ..proof };
            assert_eq!(verify_proof(&without.to_string(), &key, Some(&entry(index))), Ok(proven));
            assert_eq!(verify_proof(&without.to_string(), &key, None), Err(VerifyError::NoEntry));
        }
    }
}

#[test]
fn the_given_entry_counts_not_the_one_in_the_file() {
    let (log, key) = log();
    let text = log.proof(3, 20).to_string();
    let refused = verify_proof(&text, &key, Some(b"entry 4")).unwrap_err();
    assert_eq!(refused, VerifyError::Proof(ProofError::RootMismatch));
    assert_eq!(refused.to_string(), "the proof does not lead to the checkpoint's root");
}

#[test]
fn key_files_may_hold_several_keys_and_remarks() {
    let (log, key) = log();
    let text = log.proof(3, 20).to_string();
    let other = SignerKey::generate("city.example/usage", [8; 32]).unwrap().verifier().to_string();
    let accepted = [
        format!("{key}\n"),
        format!("\u{feff}# the city's logs\r\n\r\n{other}\r\n  {key}  \r\n{key}\r\n"),
        // A key of an algorithm that is not known here, as other tools may list it.
        format!("example.com/sm2+1efcdf34+/3NtMg==\n{key}"),
    ];
    for keys in accepted {
        assert!(verify_proof(&text, &keys, None).is_ok(), "{keys}");
    }
    assert_eq!(verify_proof(&text, "", None), Err(VerifyError::NoKey));
    assert_eq!(verify_proof(&text, "# none\n", None), Err(VerifyError::NoKey));
    assert_eq!(verify_proof(&text, &other, None), Err(VerifyError::Signature(NoteError::NotSigned)));
    let mistyped = verify_proof(&text, &format!("\n{}", key.replacen("record", "recorf", 1)), None).unwrap_err();
    assert!(mistyped.to_string().starts_with("line 2 of the key file: "), "{mistyped}");
    assert_eq!(verify_proof(&text, &"\n".repeat(70_000), None), Err(VerifyError::KeysTooLong));
}

#[test]
fn a_key_does_not_vouch_for_another_log() {
    // The key of the usage log signs what calls itself a checkpoint of the record.
    let log = Log::of(5, "city.example/usage");
    let mut proof = log.proof(3, 5);
    let text = log.checkpoint(5).replace("city.example/usage\n5", "city.example/record\n5");
    let text = text.split_once("\n\n").unwrap().0.to_owned() + "\n";
    proof.checkpoint_note = log.key.sign(&text).unwrap();
    let refused = verify_proof(&proof.to_string(), &log.key.verifier().to_string(), None).unwrap_err();
    let (origin, signers) = ("city.example/record".to_owned(), "city.example/usage".to_owned());
    assert_eq!(refused, VerifyError::OtherLog { origin, signers });
}

#[test]
fn a_signed_text_that_is_no_checkpoint_shows_nothing() {
    let (log, key) = log();
    let mut proof = log.proof(3, 20);
    proof.checkpoint_note = log.key.sign("city.example/record\nis well\n").unwrap();
    assert!(matches!(verify_proof(&proof.to_string(), &key, None), Err(VerifyError::Checkpoint(_))));
    assert_eq!(verify_proof("", &key, None), Err(VerifyError::Form(ProofTextError::Header)));
}

#[test]
fn every_changed_bit_and_every_cut_is_refused() {
    let (log, key) = log();
    let text = log.proof(13, 20).to_string();
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let Ok(bent) = String::from_utf8(bytes) else { continue };
            assert!(verify_proof(&bent, &key, None).is_err(), "{bent}");
        }
        if let Some(cut) = text.get(..at) {
            assert!(verify_proof(cut, &key, None).is_err(), "{cut}");
        }
    }
}

#[test]
fn proofs_do_not_stand_in_for_each_other() {
    let (log, key) = log();
    let (one, other) = (log.proof(3, 20), log.proof(4, 20));
    let bent = [
        shuqiao_tlog::proof::Proof { index: 4, ..one.clone() },
        shuqiao_tlog::proof::Proof { hashes: other.hashes.clone(), ..one.clone() },
        shuqiao_tlog::proof::Proof { extra: other.extra.clone(), ..one.clone() },
        shuqiao_tlog::proof::Proof { checkpoint_note: log.checkpoint(19), ..one.clone() },
        shuqiao_tlog::proof::Proof { index: 20, ..one },
    ];
    for proof in bent {
        let refused = verify_proof(&proof.to_string(), &key, None);
        assert!(matches!(refused, Err(VerifyError::Proof(_))), "{refused:?}");
    }
}

proptest! {
    #[test]
    fn nothing_handed_in_stops_the_check(proof in "(?s).{0,200}", keys in "(?s).{0,100}", entry: Vec<u8>) {
        let (log, key) = log();
        let whole = log.proof(13, 20).to_string();
        let with_note = format!("{}\n\n{proof}", whole.split_once("\n\n").unwrap().0);
        prop_assert!(verify_proof(&proof, &keys, Some(&entry)).is_err());
        prop_assert!(verify_proof(&with_note, &key, Some(&entry)).is_err());
        prop_assert!(verify_proof(&whole, &keys, None).is_err());
    }
}
