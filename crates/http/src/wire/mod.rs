//! Wire forms: what stands in requests and answers, and the conversions to and from what the application speaks.
//!
//! INVARIANT (one-door): JSON field names exist here and nowhere else in the product.

pub mod entry;
mod entry_content;
pub mod entry_update;
pub mod filter;
pub mod grant;
pub mod inbox;
pub mod list;
pub mod organisation;
pub mod people;
pub mod record;
pub mod reply;
pub mod request;
pub mod shared;
pub mod source;
pub mod system;
pub mod text;

/// Bytes in hex, lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}
