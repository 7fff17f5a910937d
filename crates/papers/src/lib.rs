//! Printable documents as PDF (文书).
//!
//! What it is: [`render`] turns a [`Paper`] - plain values - into the bytes of a PDF: A4, bilingual labels, the issuer
//! over a red line, tables, places for signatures, and at the foot of each page a QR code and the paper's digest, with
//! which anybody finds out whether the paper is genuine. The used glyphs of a Chinese font are embedded ([`Fonts`]).
//! Equal papers and equal fonts give equal bytes.
//!
//! What it is not: it decides nothing, knows no request and no grant, and asks for no time. It reads no file but fonts
//! and opens no connection; no text of a paper is ever read as markup. It is linked by the helper program alone, because
//! typesetting is heavy and its libraries are many.
//!
//! Where to start: [`Paper`], then `paper.typ`, the one layout.

mod data;
mod error;
mod fonts;
mod paper;
mod qr;
mod world;

pub use error::PaperError;
pub use fonts::{FONT_PLACES, Fonts};
pub use paper::Paper;
pub use world::{prepare, render};
