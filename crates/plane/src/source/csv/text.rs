//! The text of a file as UTF-8, strictly: a byte that does not belong is an error with its line, never a `?`.

use crate::source::SourceError;
use encoding_rs::{Decoder, DecoderResult, Encoding};
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

pub(super) const UTF_8: &str = "utf-8";
pub(super) const GB18030: &str = "gb18030";
pub(super) const UTF_16LE: &str = "utf-16le";
pub(super) const UTF_16BE: &str = "utf-16be";
pub(super) const BIG5: &str = "big5";

/// The encoding that a byte order mark tells of, and the length of the mark. What has none is not taken for UTF-16.
fn marked(start: &[u8]) -> Option<(&'static str, usize)> {
    match start {
        [0xef, 0xbb, 0xbf, ..] => Some((UTF_8, 3)),
        [0xff, 0xfe, ..] => Some((UTF_16LE, 2)),
        [0xfe, 0xff, ..] => Some((UTF_16BE, 2)),
        _ => None,
    }
}

fn decoder(encoding: &str) -> Decoder {
    let chosen: &'static Encoding = match encoding {
        GB18030 => encoding_rs::GB18030,
        BIG5 => encoding_rs::BIG5,
        UTF_16LE => encoding_rs::UTF_16LE,
        UTF_16BE => encoding_rs::UTF_16BE,
        _ => encoding_rs::UTF_8,
    };
    chosen.new_decoder_without_bom_handling()
}

/// Bytes of one record; a quotation mark that is never closed would otherwise swallow the file.
pub(super) const RECORD_BYTES_MAX: u64 = 4 * 1024 * 1024;

const CHUNK: usize = 64 * 1024;

/// What stopped the reading.
#[derive(Clone, Debug)]
pub(super) enum Stop {
    Io,
    BadByte,
    Nul,
    RecordTooLong,
}

/// A file, decoded as it is read.
pub(super) struct DecodedFile {
    file: File,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    decoded: Vec<u8>,
    decoded_at: usize,
    ended: bool,
    /// Line ends given out so far.
    pub(super) lines: u64,
    /// Quotation marks given out so far.
    pub(super) quotes: u64,
    /// Bytes given out since the last record was complete.
    pub(super) since_record: u64,
    pub(super) stop: Option<Stop>,
    pub(super) last_byte: u8,
}

impl DecodedFile {
    /// Opens a file in this encoding; a byte order mark is passed over.
    pub(super) fn open(path: &Path, encoding: &str) -> Result<Self, SourceError> {
        let mut file = File::open(path).map_err(|_| SourceError::Unreachable)?;
        let mut raw = vec![0; CHUNK];
        let mut read = 0;
        while read < 4 {
            match file.read(&mut raw[read..]) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(_) => return Err(SourceError::Unreachable),
            }
        }
        raw.truncate(read);
        let raw_at = marked(&raw).map_or(0, |(_, length)| length);
        Ok(Self {
            file,
            decoder: decoder(encoding),
            raw,
            raw_at,
            decoded: Vec::new(),
            decoded_at: 0,
            ended: false,
            lines: 0,
            quotes: 0,
            since_record: 0,
            stop: None,
            last_byte: b'\n',
        })
    }

    /// The encoding of UTF-16 that the file's mark tells of.
    pub(super) fn utf_16(path: &Path) -> Result<Option<&'static str>, SourceError> {
        let file = Self::open(path, UTF_8)?;
        Ok(marked(&file.raw).map(|(encoding, _)| encoding).filter(|encoding| *encoding != UTF_8))
    }

    /// Decodes more; `false` at the end of the file.
    fn fill(&mut self) -> Result<bool, Stop> {
        while self.decoded_at == self.decoded.len() {
            if self.ended {
                return Ok(false);
            }
            if self.raw_at == self.raw.len() {
                self.raw.resize(CHUNK, 0);
                let read = self.file.read(&mut self.raw).map_err(|_| Stop::Io)?;
                self.raw.truncate(read);
                self.raw_at = 0;
                self.ended = read == 0;
            }
            self.decoded.resize(CHUNK * 3, 0);
            let source = &self.raw[self.raw_at..];
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(source, &mut self.decoded, self.ended);
            self.raw_at += read;
            self.decoded.truncate(written);
            self.decoded_at = 0;
            if let DecoderResult::Malformed(..) = result {
                self.lines += self.decoded.iter().filter(|b| **b == b'\n').count() as u64;
                return Err(Stop::BadByte);
            }
            if let Some(nul) = self.decoded.iter().position(|b| *b == 0) {
                self.lines += self.decoded[..nul].iter().filter(|b| **b == b'\n').count() as u64;
                return Err(Stop::Nul);
            }
        }
        Ok(true)
    }

    fn read_some(&mut self, buffer: &mut [u8]) -> Result<usize, Stop> {
        if !self.fill()? {
            return Ok(0);
        }
        let ready = &self.decoded[self.decoded_at..];
        let count = ready.len().min(buffer.len());
        let (given, _) = ready.split_at(count);
        buffer[..count].copy_from_slice(given);
        self.lines += given.iter().filter(|b| **b == b'\n').count() as u64;
        self.quotes += given.iter().filter(|b| **b == b'"').count() as u64;
        self.last_byte = given.last().copied().unwrap_or(self.last_byte);
        self.decoded_at += count;
        self.since_record += count as u64;
        if self.since_record > RECORD_BYTES_MAX { Err(Stop::RecordTooLong) } else { Ok(count) }
    }
}

impl Read for DecodedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.read_some(buffer).map_err(|stop| {
            self.stop = Some(stop);
            io::Error::from(io::ErrorKind::InvalidData)
        })
    }
}
