//! Catalogue entries.

use crate::{
    conn::{Conn, Row, integer},
    error::Result,
    page::{Cursor, Page, Revised, limit, page},
    select::Select,
    stored,
    tx::Tx,
};
use shuqiao_domain::{
    Clock,
    catalogue::{Entry, EntryState, EntryStateName},
};
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{CatalogueEntryId, GuideCode, Id, Moment, OrganisationId, SharingAttribute, id::Kind};

/// Most words of a search; further ones are not looked at.
const TERMS_MAX: usize = 8;

/// Which entries are wanted; what is left out does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryQuery {
    /// Each must stand somewhere in the entry's name, summary, class, items or provider's name, in any case.
    pub terms: Vec<String>,
    /// The provider.
    pub provider: Option<OrganisationId>,
    /// The sharing attribute.
    pub attribute: Option<SharingAttribute>,
    /// The states; empty for any.
    pub states: Vec<EntryStateName>,
    /// Only those for which a clock runs.
    pub clock_runs: bool,
    /// Rows of the page; 0 for the usual number.
    pub limit: u32,
    /// Where the page begins.
    pub after: Option<Cursor>,
}

/// An entry that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryHit {
    /// The entry.
    pub entry: Revised<Entry>,
    /// When it was published.
    pub published_at: Option<Moment>,
}

impl Conn {
    /// The entry of this id.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn entry_fetch(&mut self, id: CatalogueEntryId) -> Result<Revised<Entry>> {
        let select = sqlx::query("select id, revision, body from catalogue_entry where id = $1").bind(id.to_string());
        entry(&self.one(select).await?)
    }

    /// Entries, those first that were moved last: published, approved, submitted, sent back or begun.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn entry_list(&mut self, query: &EntryQuery) -> Result<Page<EntryHit>> {
        let mut select =
            Select::new("select id, revision, body, moved_at, published_at from catalogue_entry where 1 = 1");
        if !query.states.is_empty() {
            select.list(" and state in (", query.states.iter().map(|state| state.as_str().to_owned()), ")");
        }
        if let Some(provider) = query.provider {
            select.push(" and provider = ").bind(provider.to_string());
        }
        if let Some(attribute) = query.attribute {
            select.push(" and attribute = ").bind(attribute.as_str().to_owned());
        }
        if query.clock_runs {
            select.push(" and due is not null");
        }
        for term in query.terms.iter().take(TERMS_MAX) {
            select.push(" and search_text like ").bind(containing(term)).push(" escape '\\'");
        }
        if let Some(after) = &query.after {
            select.push(" and (moved_at, id) < (").bind(after.value).push(", ").bind(after.id.clone()).push(")");
        }
        let rows = limit(query.limit);
        select.push(" order by moved_at desc, id desc limit ").bind(one_more(rows));
        let found = self.each(select.query(), |row| Ok((hit(row)?, cursor(row)?))).await?;
        Ok(page(found, rows, |(_, cursor)| cursor.clone()).map(|(hit, _)| hit))
    }

    /// Entries for which a clock runs, the first of them due by a moment, by id after that one.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn entry_open(&mut self, due_by: Moment, after: &str, limit: u32) -> Result<Vec<Revised<Entry>>> {
        let text = "select id, revision, body from catalogue_entry \
                    where due is not null and due <= $1 and id > $2 order by id limit $3";
        let select = sqlx::query(text).bind(due_by.microseconds()).bind(after.to_owned()).bind(i64::from(limit));
        self.each(select, entry).await
    }

    /// What a search looks into: what holds, and not the work on a next version. The provider's name is part of it: people look for data by who has it.
    async fn search_text(&mut self, entry: &Entry) -> Result<String> {
        let provider = self.organisation_fetch(entry.provider).await?;
        let content = &entry.content;
        let mut words = vec![&*content.name, &content.summary, &content.category, &provider.name, &provider.short_name];
        words.extend(content.code.as_ref().map(GuideCode::as_str));
        for item in &content.items {
            words.extend([&*item.title, item.name.as_str()]);
        }
        Ok(searchable(&words.join("\n")))
    }
}

impl Tx {
    /// Begins an entry.
    ///
    /// # Errors
    /// `NotFound` when there is no such provider.
    pub async fn entry_insert(&mut self, entry: &Entry, permit: &Permit) -> Result<Revised<Entry>> {
        let insert = sqlx::query(
            "insert into catalogue_entry \
             (id, revision, provider, state, attribute, moved_at, published_at, number, search_text, body, due) \
             values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(entry.id.to_string())
        .bind(entry.provider.to_string())
        .bind(entry.state_name().as_str())
        .bind(entry.content.sharing_attribute.map(SharingAttribute::as_str))
        .bind(moved_at(entry).microseconds())
        .bind(published_at(entry).map(Moment::microseconds))
        .bind(entry.number().map(str::to_owned))
        .bind(self.search_text(entry).await?)
        .bind(stored::entry_text(entry)?)
        .bind(due(entry).map(Moment::microseconds));
        self.deciding(permit).write(insert, "catalogue_number").await?;
        Ok(Revised { value: entry.clone(), revision: 1 })
    }

    /// Saves an entry that was seen at this revision.
    ///
    /// # Errors
    /// `Stale`, `NotFound`; `Taken` (`catalogue_number`) when another entry has its number.
    pub async fn entry_save(&mut self, entry: &Entry, seen: u64, permit: &Permit) -> Result<Revised<Entry>> {
        let update = sqlx::query(
            "update catalogue_entry set revision = revision + 1, provider = $3, state = $4, attribute = $5, \
             moved_at = $6, published_at = $7, number = $8, search_text = $9, body = $10, \
             due = $11 \
             where id = $1 and revision = $2",
        )
        .bind(entry.id.to_string())
        .bind(integer(seen))
        .bind(entry.provider.to_string())
        .bind(entry.state_name().as_str())
        .bind(entry.content.sharing_attribute.map(SharingAttribute::as_str))
        .bind(moved_at(entry).microseconds())
        .bind(published_at(entry).map(Moment::microseconds))
        .bind(entry.number().map(str::to_owned))
        .bind(self.search_text(entry).await?)
        .bind(stored::entry_text(entry)?)
        .bind(due(entry).map(Moment::microseconds));
        let revision = sqlx::query("select revision from catalogue_entry where id = $1").bind(entry.id.to_string());
        let revision = self.deciding(permit).revise(update, revision, seen, "catalogue_number").await?;
        Ok(Revised { value: entry.clone(), revision })
    }
}

fn entry(row: &Row) -> Result<Revised<Entry>> {
    Ok(Revised { value: stored::entry_read(&row.text(0)?, &row.text(2)?)?, revision: row.number(1)? })
}

fn hit(row: &Row) -> Result<EntryHit> {
    Ok(EntryHit { entry: entry(row)?, published_at: row.optional_moment(4)? })
}

fn cursor(row: &Row) -> Result<Cursor> {
    Ok(Cursor { value: row.integer(3)?, id: row.text(0)? })
}

/// The number of rows to ask for, to see whether more follow.
pub(crate) fn one_more(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX).saturating_add(1)
}

/// When an id was minted: the first 48 bits of a UUID version 7 are milliseconds.
pub(crate) fn minted_at<K: Kind>(id: &Id<K>) -> Moment {
    let milliseconds = i64::try_from(id.uuid().as_u128() >> 80).unwrap_or(0);
    Moment::from_microseconds(milliseconds.saturating_mul(1_000))
}

/// When somebody last moved it.
fn moved_at(entry: &Entry) -> Moment {
    match &entry.state {
        EntryState::Draft { returned: None } => minted_at(&entry.id),
        EntryState::Draft { returned: Some(returned) } => returned.by.at,
        EntryState::AwaitingHead { submitted } => submitted.at,
        EntryState::Filed { approved, .. } => approved.at,
        // What is under way with a published entry moves it in nobody's list: that would tell of it.
        EntryState::Published { published, .. } => published.at,
        EntryState::Retired { retired, .. } => retired.at,
    }
}

/// When the version that holds was published.
fn published_at(entry: &Entry) -> Option<Moment> {
    match &entry.state {
        EntryState::Published { published, .. } => Some(published.at),
        EntryState::Draft { .. }
        | EntryState::AwaitingHead { .. }
        | EntryState::Filed { .. }
        | EntryState::Retired { .. } => None,
    }
}

/// When the first of the clocks that run is due.
fn due(entry: &Entry) -> Option<Moment> {
    entry.running_clocks().map(|Clock { due, .. }| *due).min()
}

/// Text as it is searched: lower case, and without the character NUL, which PostgreSQL cannot hold.
fn searchable(text: &str) -> String {
    text.to_lowercase().replace('\0', " ")
}

/// The pattern for a text that contains this one, whatever characters it has.
fn containing(term: &str) -> String {
    let mut pattern = String::from("%");
    for character in searchable(term).chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_characters_and_not_wildcards() {
        assert_eq!(containing(r"5%_\A"), r"%5\%\_\\a%");
    }

    #[test]
    fn ids_tell_when_they_were_minted() {
        let id: CatalogueEntryId = "cat_0192f0c1a2b37c5d8e9fa0b1c2d3e4f5".parse().expect("an id");
        assert_eq!(minted_at(&id).microseconds(), 0x0192_f0c1_a2b3 * 1_000);
    }
}
