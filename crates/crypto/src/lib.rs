//! Keys and what is done with them.
//!
//! What it is: the one room that touches key material. Signed notes ([`note`]), sealed bytes ([`seal`]), passwords
//! ([`password`]), access tokens ([`token`]), callers' public
//! keys ([`public_key`]), their signed tokens ([`compact_jws`]) and signed messages ([`message`]), the
//! national platform's call signature ([`national`]), secrets and chance ([`secret`]), keyed hashes for masks ([`mask`]),
//! keyed fingerprints of what was delivered ([`fingerprint`]),
//! digests ([`digest`]), the files the keys live in ([`keyring`]), and the check of a proof file by a stranger who has
//! nothing but a public key ([`offline`]).
//!
//! What it is not: it decides nothing about people, grants or requests, and knows no database and no network. It does
//! not ask for the time; where time matters, the caller says what time it is. It is not a certified cryptographic
//! product.
//!
//! Every type that holds a key wipes it when dropped and prints as a placeholder. What a stranger can hand in is bounded
//! and refused with a reason, never with a panic.
//!
//! Where to start: [`keyring::Keyring`], which a node opens once at its start.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice))]

pub mod compact_jws;
pub mod digest;
mod encoding;
pub mod fingerprint;
pub mod gateway;
pub mod keyring;
pub mod mask;
pub mod message;
pub mod national;
pub mod note;
pub mod offline;
pub mod password;
pub mod public_key;
pub mod seal;
pub mod secret;
pub mod token;
