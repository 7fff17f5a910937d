//! Papers that were made, with their files. They are written once and never change.

use crate::{
    conn::{Conn, Query, Row, integer, storable},
    error::Result,
    select::Select,
    tx::Tx,
};
use shuqiao_domain::{
    Stamp,
    paper::{Paper, PaperSubject},
};
use shuqiao_policy::Permit;
use shuqiao_vocabulary::PaperKind;

/// Most papers of one thing that are listed, the newest ones.
const LISTED_MAX: i64 = 100;

/// Everything of a paper but its text and its file.
const PAPER: &str = "select number, kind, subject, subject_revision, issuer, issued_by, issued_for, issued_at, \
                     content_digest, file_digest, file_sha256 from paper where ";

impl Conn {
    /// The paper of this number.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn paper_fetch(&mut self, number: &str) -> Result<Paper> {
        paper(&self.one(by_number(PAPER, number)).await?)
    }

    /// The file of the paper of this number.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn paper_file(&mut self, number: &str) -> Result<Vec<u8>> {
        self.one(by_number("select file from paper where ", number)).await?.bytes(0)
    }

    /// The canonical text of the paper of this number, which its content digest is of.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn paper_content(&mut self, number: &str) -> Result<String> {
        self.one(by_number("select content from paper where ", number)).await?.text(0)
    }

    /// The paper of this kind that shows this revision of a thing, when it was made.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn paper_find(&mut self, kind: PaperKind, subject: PaperSubject, revision: u64) -> Result<Option<Paper>> {
        let mut select = Select::new(PAPER);
        select.push("subject = ").bind(subject.to_string());
        select.push(" and kind = ").bind(kind.as_str().to_owned());
        select.push(" and subject_revision = ").bind(integer(revision));
        self.optional(select.query()).await?.map(|row| paper(&row)).transpose()
    }

    /// The papers of a thing, the newest first.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn paper_list(&mut self, subject: PaperSubject) -> Result<Vec<Paper>> {
        let mut select = Select::new(PAPER);
        select.push("subject = ").bind(subject.to_string());
        select.push(" order by issued_at desc, number desc limit ").bind(LISTED_MAX);
        self.each(select.query(), paper).await
    }

    /// What a counter stands at; 0 when it was never counted.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn counter_value(&mut self, name: &str) -> Result<u64> {
        let select = sqlx::query("select value from counter where name = $1").bind(name.to_owned());
        self.optional(select).await?.map_or(Ok(0), |row| row.number(0))
    }
}

impl Tx {
    /// Enters a paper with the text that its digest is of, and its file.
    ///
    /// # Errors
    /// `Taken` (`paper`) when this revision already has one of this kind, or somebody took the number.
    pub async fn paper_insert(&mut self, paper: &Paper, content: &str, file: &[u8], permit: &Permit) -> Result<()> {
        let insert = sqlx::query(
            "insert into paper (number, kind, subject, subject_revision, issuer, issued_by, issued_for, issued_at, \
             content_digest, file_digest, file_sha256, content, file) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind(paper.number.clone())
        .bind(paper.kind.as_str())
        .bind(paper.subject.to_string())
        .bind(integer(paper.subject_revision))
        .bind(paper.issuer.to_string())
        .bind(paper.issued.person.to_string())
        .bind(paper.issued.organisation.to_string())
        .bind(paper.issued.at.microseconds())
        .bind(paper.content_digest.to_vec())
        .bind(paper.file_digest.to_vec())
        .bind(paper.file_sha256.to_vec())
        .bind(content.to_owned())
        .bind(file.to_vec());
        self.deciding(permit).write(insert, "paper").await?;
        Ok(())
    }
}

/// One paper. A number from outside that no database can hold is the number of none.
fn by_number(begin: &'static str, number: &str) -> Query {
    let number = if storable(number) { number.to_owned() } else { String::new() };
    let mut select = Select::new(begin);
    select.push("number = ").bind(number);
    select.query()
}

fn paper(row: &Row) -> Result<Paper> {
    Ok(Paper {
        number: row.text(0)?,
        kind: row.parsed(1)?,
        subject: row.parsed(2)?,
        subject_revision: row.number(3)?,
        issuer: row.parsed(4)?,
        issued: Stamp { person: row.parsed(5)?, organisation: row.parsed(6)?, at: row.moment(7)? },
        content_digest: row.array(8)?,
        file_digest: row.array(9)?,
        file_sha256: row.array(10)?,
    })
}
