//! Notes, read and written as Go's package does; its own example keys are used.

use super::*;

/// The keys and the note in the documentation of Go's `golang.org/x/mod/sumdb/note`.
const GO_PRIVATE: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const GO_PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                       then you don't know what your problem is.\n";
const GO_LINE: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn key(name: &str, seed: u8) -> SignerKey {
    SignerKey::generate(name, [seed; 32]).expect("a sound name")
}

#[test]
fn the_keys_and_the_note_of_go_are_read_and_written_alike() {
    let signer: SignerKey = GO_PRIVATE.parse().expect("Go's private key");
    let verifier: VerifierKey = GO_PUBLIC.parse().expect("Go's public key");
    assert_eq!(*signer.to_private_text(), GO_PRIVATE);
    assert_eq!(signer.verifier(), verifier);
    assert_eq!(verifier.to_string(), GO_PUBLIC);
    let note = format!("{GO_TEXT}\n{GO_LINE}");
    assert_eq!(signer.sign(GO_TEXT), Ok(note.clone()));
    assert_eq!(verify(&note, &[verifier]), Ok(GO_TEXT.to_owned()));
}

#[test]
fn texts_with_empty_lines_and_chinese_round_trip() {
    let key = key("某市.example/record", 1);
    for text in ["\n", "a\n", "a\n\nb\n", "\n\n\n", "数据共享\n\u{2014} x y\n"] {
        let note = key.sign(text).expect("a sound text");
        assert_eq!(verify(&note, &[key.verifier()]), Ok(text.to_owned()), "{text:?}");
    }
    for text in ["", "a", "a\r\n", "a\tb\n", "a\0\n"] {
        assert_eq!(key.sign(text), Err(NoteError::Text), "{text:?}");
    }
    assert_eq!(key.sign(&"x\n".repeat(NOTE_BYTES_MAX / 2)), Err(NoteError::TooLong));
}

#[test]
fn every_changed_byte_is_refused() {
    let key = key("node/record", 1);
    let note = key.sign("node/record\n5\nroot\n").expect("a sound text");
    for at in 0..note.len() {
        for change in [1, 2, 0x20] {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= change;
            let Ok(bent) = String::from_utf8(bytes) else { continue };
            assert!(verify(&bent, &[key.verifier()]).is_err(), "{bent}");
        }
        if let Some(cut) = note.get(..at) {
            assert!(verify(cut, &[key.verifier()]).is_err(), "{cut}");
        }
    }
}

#[test]
fn signatures_of_others_are_passed_over() {
    let (ours, witness) = (key("node/record", 1), key("witness", 2));
    let text = "a\n";
    let note = ours.sign(text).expect("a sound text");
    let of_witness = witness.sign(text).expect("a sound text").replace("a\n\n", "");
    // A signature in an algorithm of the future, by a key of our name but another hash.
    let of_future = format!("\u{2014} node/record {}\n", encoding::base64(&[7; 5_000]));
    let all = format!("{}{of_witness}{of_witness}{of_future}", note.clone());
    let (our_key, witness_key) = (ours.verifier(), witness.verifier());
    let signers = |note: &str, keys: &[VerifierKey]| open(note, keys).map(|opened| opened.signers);
    assert_eq!(signers(&all, std::slice::from_ref(&our_key)), Ok(vec!["node/record".to_owned()]));
    assert_eq!(signers(&all, std::slice::from_ref(&witness_key)), Ok(vec!["witness".to_owned()]));
    let both = [witness_key.clone(), our_key.clone()];
    assert_eq!(signers(&all, &both), Ok(vec!["node/record".to_owned(), "witness".to_owned()]));
    assert_eq!(signers(&note, &[witness_key]), Err(NoteError::NotSigned));
    assert_eq!(signers(&note, &[]), Err(NoteError::NotSigned));
}

#[test]
fn of_a_known_key_the_first_signature_counts() {
    let key = key("k", 1);
    let (note, other) = (key.sign("a\n").expect("a text"), key.sign("b\n").expect("a text"));
    let line = |note: &str| note.split_once("\n\n").map(|(_, line)| line.to_owned()).unwrap_or_default();
    let right_first = format!("a\n\n{}{}", line(&note), line(&other));
    let wrong_first = format!("a\n\n{}{}", line(&other), line(&note));
    assert_eq!(verify(&right_first, &[key.verifier()]), Ok("a\n".to_owned()));
    assert_eq!(verify(&wrong_first, &[key.verifier()]), Err(NoteError::WrongSignature("k".to_owned())));
    let twice = [key.verifier(), key.verifier()];
    assert_eq!(verify(&note, &twice), Err(NoteError::AmbiguousKey("k".to_owned())));
}

#[test]
fn what_is_not_a_note_is_refused() {
    let key = key("k", 1);
    let note = key.sign("a\n").expect("a text");
    let line = note.trim_start_matches("a\n\n");
    let cases = [
        (String::new(), NoteError::Malformed),
        ("a\n".to_owned(), NoteError::Malformed),
        ("a\n\n".to_owned(), NoteError::Malformed),
        ("a\n\n\n".to_owned(), NoteError::Malformed),
        (note.trim_end().to_owned(), NoteError::Malformed),
        (note.replace('\u{2014}', "-"), NoteError::Malformed),
        (format!("{note}\n"), NoteError::Malformed),
        (format!("{note}x\n"), NoteError::Malformed),
        (format!("a\n\n\u{2014} k AAAAAA==\n{line}"), NoteError::Malformed),
        (format!("a\n\n\u{2014} k+ AAAAAAA=\n{line}"), NoteError::Malformed),
        (format!("a\n\n\u{2014}  AAAAAAA=\n{line}"), NoteError::Malformed),
        (note.replace("a\n\n", "a\r\n\n"), NoteError::Malformed),
        (format!("a\n\n{}", line.repeat(SIGNATURES_MAX + 1)), NoteError::Malformed),
        ("x".repeat(NOTE_BYTES_MAX + 1), NoteError::TooLong),
    ];
    for (bent, error) in cases {
        assert_eq!(verify(&bent, &[key.verifier()]), Err(error), "{bent:.60}");
    }
    assert_eq!(verify(&format!("a\n\n{}", line.repeat(SIGNATURES_MAX)), &[key.verifier()]), Ok("a\n".to_owned()));
}

#[test]
fn what_is_not_a_key_is_named() {
    let weak = {
        let mut key = [0; 32];
        key[0] = 1; // The neutral element: it accepts a signature of zeros for some texts.
        let hash = key_hash("k", ED25519, &key);
        format!("k+{hash:08x}+{}", encoding::base64(&[&[ED25519][..], &key].concat()))
    };
    let of_future = format!("k+{:08x}+{}", key_hash("k", 0xff, b"sm2"), encoding::base64(b"\xffsm2"));
    let cases = [
        ("", KeyError::PublicForm),
        ("k", KeyError::PublicForm),
        ("k+c74f20a3", KeyError::PublicForm),
        ("k+c74f20a3+", KeyError::PublicForm),
        ("PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::PublicForm),
        ("PeterNeumann++74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::PublicForm),
        ("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::PublicForm),
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX", KeyError::Hash),
        ("PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::Hash),
        (GO_PRIVATE, KeyError::PublicForm),
        (of_future.as_str(), KeyError::Algorithm),
        (weak.as_str(), KeyError::Unsound),
    ];
    for (text, error) in cases {
        assert_eq!(text.parse::<VerifierKey>(), Err(error), "{text}");
    }
    let private = |text: &str| text.parse::<SignerKey>().err();
    assert_eq!(private(GO_PUBLIC), Some(KeyError::PrivateForm));
    assert_eq!(private(&GO_PRIVATE.replace("KDFz", "KDF")), Some(KeyError::PrivateForm));
    assert_eq!(private(&GO_PRIVATE.replace("KDFz", "KDFx")), Some(KeyError::Hash));
    assert_eq!(private(&GO_PRIVATE.replace("+AYE", "+AoE")), Some(KeyError::Algorithm));
    let long = "x".repeat(KEY_NAME_BYTES_MAX + 1);
    for name in ["", "a b", "a+b", "a\nb", "a\u{3000}b", "a\u{7f}", long.as_str()] {
        assert_eq!(SignerKey::generate(name, [1; 32]).err(), Some(KeyError::Name), "{name:?}");
    }
}

#[test]
fn private_keys_do_not_print() {
    assert_eq!(format!("{:?}", key("k", 1)), "SignerKey(k, …)");
}
