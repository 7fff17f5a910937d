//! Reading the journal. It is written in the commit, and nowhere else.

use crate::{
    conn::{Conn, Row, integer, storable},
    entry::one_more,
    error::Result,
    page::{Cursor, Page, limit, page},
    record::JournalRow,
    select::Select,
    stored,
};
use shuqiao_vocabulary::PersonId;

/// Most rows of one thing's history.
pub const HISTORY_MAX: u32 = 1_000;

/// Rows that are read at a time by whoever goes through the whole journal.
pub const WINDOW: u64 = 1_000;

/// Which rows are wanted; what is left out does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalQuery {
    /// What it was done to, or what else it concerns.
    pub subject: Option<String>,
    /// Who did it.
    pub actor: Option<PersonId>,
    /// The event's name.
    pub event: Option<String>,
    /// Rows of the page; 0 for the usual number.
    pub limit: u32,
    /// Where the page begins; its value is an index, its id is empty.
    pub after: Option<Cursor>,
}

/// What every read of the journal begins with.
const JOURNAL_COLUMNS: &str = "select journal.log_index, journal.body, journal.salt, log_leaf.entry from journal \
                               join log_leaf on log_leaf.log_index = journal.log_index";

impl Conn {
    /// Rows of the journal, the newest first.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn journal_list(&mut self, query: &JournalQuery) -> Result<Page<JournalRow>> {
        let askable = |text: &Option<String>| text.as_deref().is_none_or(storable);
        if !askable(&query.subject) || !askable(&query.event) {
            return Ok(Page { items: Vec::new(), next: None });
        }
        let mut select = Select::new(JOURNAL_COLUMNS);
        select.push(" where 1 = 1");
        if let Some(subject) = &query.subject {
            select
                .push(" and journal.log_index in (select log_index from journal_related where subject = ")
                .bind(subject.clone())
                .push(")");
        }
        if let Some(actor) = query.actor {
            select.push(" and journal.actor = ").bind(actor.to_string());
        }
        if let Some(event) = &query.event {
            select.push(" and journal.event = ").bind(event.clone());
        }
        if let Some(after) = &query.after {
            select.push(" and journal.log_index < ").bind(after.value);
        }
        let rows = limit(query.limit);
        select.push(" order by journal.log_index desc limit ").bind(one_more(rows));
        let found = self.each(select.query(), journal_row).await?;
        Ok(page(found, rows, |row| Cursor { value: integer(row.index), id: String::new() }))
    }

    /// Rows of these events among the [`WINDOW`] rows from this index on, the oldest first: whoever reads the whole
    /// journal goes through it window by window and keeps no more than one. No events: no rows.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn journal_window(&mut self, events: &[&str], from: u64) -> Result<Vec<JournalRow>> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = Select::new(JOURNAL_COLUMNS);
        select.push(" where journal.log_index >= ").bind(integer(from));
        select.push(" and journal.log_index < ").bind(integer(from.saturating_add(WINDOW)));
        select.list(" and journal.event in (", events.iter().map(|event| (*event).to_owned()), ")");
        select.push(" order by journal.log_index");
        self.each(select.query(), journal_row).await
    }

    /// The row at this index.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn journal_fetch(&mut self, index: u64) -> Result<JournalRow> {
        let mut select = Select::new(JOURNAL_COLUMNS);
        select.push(" where journal.log_index = ").bind(integer(index));
        journal_row(&self.one(select.query()).await?)
    }

    /// What was done to a thing, in order: the first [`HISTORY_MAX`] rows of which it is the subject.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn history(&mut self, subject: &str) -> Result<Vec<JournalRow>> {
        if !storable(subject) {
            return Ok(Vec::new());
        }
        let mut select = Select::new(JOURNAL_COLUMNS);
        select.push(" where journal.subject = ").bind(subject.to_owned());
        select.push(" order by journal.log_index limit ").bind(i64::from(HISTORY_MAX));
        self.each(select.query(), journal_row).await
    }
}

fn journal_row(row: &Row) -> Result<JournalRow> {
    stored::record_read(row.number(0)?, row.text(1)?, row.array(2)?, row.bytes(3)?)
}
