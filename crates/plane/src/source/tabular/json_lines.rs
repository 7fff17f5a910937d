//! JSON lines: an object a line, or one array of objects; UTF-8. Members that hold objects or lists are no columns.

use super::{
    Cell, Column, FileTable, Row, TabularFile, counted,
    infer::{self, Possible},
    json::{self, Json, Record},
};
use crate::source::{BadFile, SourceError};
use serde::{
    Deserializer as _,
    de::{Error as _, SeqAccess, Visitor},
};
use serde_json::{Deserializer, error::Category, value::RawValue};
use std::{
    cell::Cell as Shared,
    collections::HashMap,
    fmt,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

/// Bytes of one object.
const RECORD_BYTES_MAX: usize = 4 * 1024 * 1024;
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A file of objects whose members were found.
pub(crate) struct JsonLines {
    path: PathBuf,
    places: HashMap<String, usize>,
    table: [FileTable; 1],
}

#[derive(Default)]
struct Member {
    name: String,
    possible: Possible,
    nested: bool,
}

impl JsonLines {
    /// Reads the whole file and finds out.
    ///
    /// # Errors
    /// What is wrong, by line; more columns or rows than there may be.
    pub(crate) fn of(path: &Path) -> Result<Self, SourceError> {
        let (mut members, mut known, mut rows) = (Vec::<Member>::new(), HashMap::new(), 0);
        each_record(path, &mut |record| {
            counted(&mut rows)?;
            for (name, raw) in &record.0 {
                let at = match known.get(name.as_ref()) {
                    Some(at) => *at,
                    None => {
                        infer::not_too_wide("table", members.len() + 1)?;
                        known.insert(name.clone().into_owned(), members.len());
                        members.push(Member { name: name.clone().into_owned(), ..Member::default() });
                        members.len() - 1
                    }
                };
                match json::read(raw) {
                    Json::Null => {}
                    Json::Plain(cell) => members[at].possible.look_at(&cell),
                    Json::Nested => members[at].nested = true,
                }
            }
            Ok(())
        })?;
        members.retain(|member| !member.nested);
        if members.is_empty() {
            return Err(SourceError::BadFile(BadFile::Empty));
        }
        let headings = members.iter().map(|member| member.name.as_str());
        let too_long = SourceError::BadLine { line: 1, what: "a name longer than 256 characters" };
        let names = infer::names(headings).ok_or(too_long)?;
        let places = members.iter().enumerate().map(|(at, member)| (member.name.clone(), at)).collect();
        let columns = names
            .into_iter()
            .zip(&members)
            .map(|(name, member)| Column { item_type: member.possible.item_type(&name), name });
        let table = [FileTable { name: None, columns: columns.collect() }];
        Ok(Self { path: path.to_owned(), places, table })
    }
}

impl TabularFile for JsonLines {
    fn tables(&self) -> &[FileTable] {
        &self.table
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-8")
    }

    fn each_row(&self, _table: usize, take: &mut dyn FnMut(Row) -> Result<(), SourceError>) -> Result<(), SourceError> {
        each_record(&self.path, &mut |record| {
            let mut row: Vec<Option<Cell>> = vec![None; self.places.len()];
            for (name, raw) in &record.0 {
                if let (Some(at), Json::Plain(cell)) = (self.places.get(name.as_ref()), json::read(raw)) {
                    row[*at] = Some(cell);
                }
            }
            take(row)
        })
    }
}

type TakeRecord<'a> = &'a mut dyn FnMut(&Record<'_>) -> Result<(), SourceError>;

/// Every object of the file.
fn each_record(path: &Path, take: TakeRecord<'_>) -> Result<(), SourceError> {
    let mut file = BufReader::new(File::open(path).map_err(|_| SourceError::Unreachable)?);
    let start = file.fill_buf().map_err(|_| SourceError::Unreachable)?;
    let mark = if start.starts_with(MARK) { MARK.len() } else { 0 };
    let is_list = start[mark..].iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    file.consume(mark);
    let (left, lines) = (Shared::new(RECORD_BYTES_MAX), Shared::new(1));
    let bounded = Bounded { file, left: &left, lines: &lines };
    let mut taking = Taking { take, left: &left, stopped: None };
    let mut deserializer = Deserializer::from_reader(bounded);
    let read = if is_list {
        deserializer.deserialize_seq(&mut taking).and_then(|()| deserializer.end())
    } else {
        let mut records = deserializer.into_iter::<Box<RawValue>>();
        records.try_for_each(|record| taking.one(&record?))
    };
    let stopped = taking.stopped.take();
    read.map_err(|error| stopped.unwrap_or_else(|| failed(&error, lines.get(), left.get() == 0)))
}

/// Hands objects on, and keeps why that stopped.
struct Taking<'a> {
    take: TakeRecord<'a>,
    left: &'a Shared<usize>,
    stopped: Option<SourceError>,
}

impl Taking<'_> {
    fn one(&mut self, raw: &RawValue) -> Result<(), serde_json::Error> {
        self.left.set(RECORD_BYTES_MAX);
        let record = Record::of(raw).ok_or_else(|| serde_json::Error::custom("no object"))?;
        (self.take)(&record).map_err(|error| {
            self.stopped = Some(error);
            serde_json::Error::custom("stopped")
        })
    }
}

impl<'de> Visitor<'de> for &mut Taking<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(raw) = list.next_element::<Box<RawValue>>()? {
            self.one(&raw).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

/// Ends a file inside an object that is larger than any may be.
struct Bounded<'a, R> {
    file: R,
    left: &'a Shared<usize>,
    /// The line being read, from 1.
    lines: &'a Shared<u64>,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        let left = self.left.get().saturating_sub(read);
        self.left.set(left);
        self.lines.set(self.lines.get() + buffer[..read].iter().filter(|byte| **byte == b'\n').count() as u64);
        if left == 0 { Err(io::Error::from(io::ErrorKind::FileTooLarge)) } else { Ok(read) }
    }
}

fn failed(error: &serde_json::Error, line: u64, too_long: bool) -> SourceError {
    let what = match error.classify() {
        _ if too_long => "an object longer than 4 MiB",
        Category::Io => return SourceError::Unreachable,
        Category::Syntax => "not readable as JSON in UTF-8",
        Category::Eof => "the file ends in the middle of an object",
        Category::Data => "not an object that names each member once",
    };
    SourceError::BadLine { line, what }
}
