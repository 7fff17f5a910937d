//! Which of the Chinese encodings a file is in that is not UTF-8 and bears no mark.
//!
//! GB18030 and Big5 share their bytes: nearly every text in one of them can be read as another text in the other, and
//! so can Western text of the Macintosh or of Windows. A wrong character in a name is a wrong person, so a file is read
//! only where one reading is sure:
//!
//! - Of the two-byte characters at most one in five has a second byte below `0x80`: GB18030. In it such characters are
//!   the rare ones that GB2312 lacks; in Big5 they are four in ten, in Western text nearly all.
//! - Else, of at least thirty two-byte characters nineteen in twenty are signs or frequent characters of Big5 (`0xA140`
//!   to `0xC67E`): Big5. As GB18030 the same bytes would be a text of rare characters.
//! - Else nothing is sure, and the file is refused (`source_encoding`).

use super::text;
use crate::source::SourceError;
use std::{fs::File, io::Read, path::Path};

const CHUNK: usize = 64 * 1024;
/// Fewer characters do not make Big5 sure.
const BIG5_SURE_FROM: u64 = 30;

/// Characters counted by the shape of their bytes.
#[derive(Default)]
struct Shapes {
    two_byte: u64,
    low_second: u64,
    frequent_in_big5: u64,
}

/// The encoding, if one is sure.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn sure(path: &Path) -> Result<Option<&'static str>, SourceError> {
    let mut file = File::open(path).map_err(|_| SourceError::Unreachable)?;
    let (mut shapes, mut buffer, mut lead) = (Shapes::default(), vec![0; CHUNK], None);
    loop {
        let read = file.read(&mut buffer).map_err(|_| SourceError::Unreachable)?;
        if read == 0 {
            return Ok(shapes.encoding());
        }
        for byte in &buffer[..read] {
            lead = match lead {
                None => (*byte >= 0x81).then_some(*byte),
                // The first half of a character of four bytes, which only GB18030 has; its second half looks the same.
                Some(_) if byte.is_ascii_digit() => None,
                Some(lead) => {
                    shapes.take(lead, *byte);
                    None
                }
            };
        }
    }
}

impl Shapes {
    fn take(&mut self, lead: u8, second: u8) {
        self.two_byte += 1;
        self.low_second += u64::from(second < 0x80);
        let in_big5 = (0x40..=0x7e).contains(&second) || (0xa1..=0xfe).contains(&second);
        let frequent = (0xa1..=0xc5).contains(&lead) || (lead == 0xc6 && second <= 0x7e);
        self.frequent_in_big5 += u64::from(in_big5 && frequent);
    }

    fn encoding(&self) -> Option<&'static str> {
        if self.low_second * 5 <= self.two_byte {
            Some(text::GB18030)
        } else if self.two_byte >= BIG5_SURE_FROM && self.frequent_in_big5 * 20 >= self.two_byte * 19 {
            Some(text::BIG5)
        } else {
            None
        }
    }
}
