//! A paper: its content under its number and digest.

use crate::PaperError;
use shuqiao_vocabulary::paper::{Bilingual, Block, PaperContent};

/// Most characters of a paper.
const CHARACTERS_MAX: usize = 200_000;
/// Most rows, items and blocks of a paper.
const ROWS_MAX: usize = 5_000;
/// Most columns of a table and signatures in a row.
const COLUMNS_MAX: usize = 10;

/// All that is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Its number.
    pub number: String,
    /// What it says.
    pub content: PaperContent,
    /// Where it is found out whether it is genuine; the QR code leads there.
    pub verify_url: String,
    /// Digest of its content under its number, in hexadecimal.
    pub digest: String,
}

impl Paper {
    /// Every text that is printed.
    pub(crate) fn texts(&self) -> Vec<&str> {
        let mut found = vec![self.number.as_str(), &self.verify_url, &self.digest, &self.content.issuer];
        found.extend(self.content.addressee.as_deref());
        for block in &self.content.blocks {
            match block {
                Block::Heading(both) | Block::Paragraph(both) => found.extend(both_of(both)),
                Block::Facts(rows) => {
                    for (label, value) in rows {
                        found.extend(both_of(label));
                        found.push(value);
                    }
                }
                Block::List(items) => found.extend(items.iter().map(String::as_str)),
                Block::Table { columns, rows } => {
                    found.extend(columns.iter().flat_map(both_of));
                    found.extend(rows.iter().flatten().map(String::as_str));
                }
                Block::Signatures(list) => {
                    for signature in list {
                        found.extend(both_of(&signature.role));
                        found.extend([signature.organisation.as_str(), &signature.person]);
                    }
                }
            }
        }
        found
    }

    /// Refuses what no paper has: more than the limits, uneven tables.
    pub(crate) fn check(&self) -> Result<(), PaperError> {
        let characters: usize = self.texts().iter().map(|text| text.chars().count()).sum();
        limit("characters", characters, CHARACTERS_MAX)?;
        limit("blocks", self.content.blocks.len(), ROWS_MAX)?;
        let mut rows_of_all = 0;
        for block in &self.content.blocks {
            match block {
                Block::Facts(rows) => rows_of_all += rows.len(),
                Block::List(items) => rows_of_all += items.len(),
                Block::Table { columns, rows } => {
                    limit("columns", columns.len(), COLUMNS_MAX)?;
                    if columns.is_empty() || rows.iter().any(|row| row.len() != columns.len()) {
                        return Err(PaperError::TableUneven);
                    }
                    rows_of_all += rows.len();
                }
                Block::Signatures(list) => limit("signatures", list.len(), COLUMNS_MAX)?,
                Block::Heading(_) | Block::Paragraph(_) => {}
            }
        }
        limit("rows", rows_of_all, ROWS_MAX)
    }
}

fn both_of(both: &Bilingual) -> [&str; 2] {
    [&both.zh, &both.en]
}

fn limit(what: &'static str, found: usize, max: usize) -> Result<(), PaperError> {
    if found > max { Err(PaperError::TooLarge { what, max }) } else { Ok(()) }
}
