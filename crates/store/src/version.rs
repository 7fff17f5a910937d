//! Versions of catalogue entries that hold no longer, and announcements.

use crate::{
    conn::{Conn, Row, integer},
    entry::one_more,
    error::Result,
    page::{Cursor, Page, limit, page},
    select::Select,
    stored,
    tx::Tx,
};
use shuqiao_domain::{
    Stamp,
    catalogue::{Announcement, Version},
};
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{CatalogueEntryId, Moment};

/// Most versions of one entry that are read at once; an entry that changed every week has 20 years of them.
const VERSIONS_MAX: i64 = 1_000;

impl Conn {
    /// The versions of an entry before the one that holds, the oldest first; of a retired entry, all.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn version_list(&mut self, entry: CatalogueEntryId) -> Result<Vec<Version>> {
        let select =
            sqlx::query("select entry, body from catalogue_version where entry = $1 order by version limit $2")
                .bind(entry.to_string())
                .bind(VERSIONS_MAX);
        self.each(select, |row| stored::version_read(&row.text(0)?, &row.text(1)?)).await
    }

    /// Announcements, the newest first.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn announcement_list(&mut self, rows: u32, after: Option<&Cursor>) -> Result<Page<Announcement>> {
        let mut select = Select::new(
            "select place, number, kind, at, person, organisation, entry, provider, name, catalogue_number, version \
             from announcement where 1 = 1",
        );
        if let Some(after) = after {
            select.push(" and place < ").bind(after.value);
        }
        let rows = limit(rows);
        select.push(" order by place desc limit ").bind(one_more(rows));
        let cursor = |row: &Row| -> Result<Cursor> { Ok(Cursor { value: row.integer(0)?, id: String::new() }) };
        let found = self.each(select.query(), |row| Ok((announcement(row)?, cursor(row)?))).await?;
        Ok(page(found, rows, |(_, cursor)| cursor.clone()).map(|(announcement, _)| announcement))
    }
}

impl Tx {
    /// Keeps a version that holds no longer.
    ///
    /// # Errors
    /// `Taken` (`version`) when it is kept already.
    pub async fn version_insert(&mut self, entry: CatalogueEntryId, version: &Version, permit: &Permit) -> Result<()> {
        let insert =
            sqlx::query("insert into catalogue_version (entry, version, published_at, body) values ($1, $2, $3, $4)")
                .bind(entry.to_string())
                .bind(i64::from(version.version))
                .bind(version.published.at.microseconds())
                .bind(stored::version_text(version)?);
        self.deciding(permit).write(insert, "version").await?;
        Ok(())
    }

    /// Announces; `place` is the announcement's running number.
    ///
    /// # Errors
    /// `Taken` (`announcement`) when there is one of this number.
    pub async fn announcement_insert(&mut self, place: u64, made: &Announcement, permit: &Permit) -> Result<()> {
        let insert = sqlx::query(
            "insert into announcement \
             (place, number, kind, at, person, organisation, entry, provider, name, catalogue_number, version) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(integer(place))
        .bind(made.number.clone())
        .bind(made.kind.as_str())
        .bind(made.by.at.microseconds())
        .bind(made.by.person.to_string())
        .bind(made.by.organisation.to_string())
        .bind(made.entry.to_string())
        .bind(made.provider.to_string())
        // PostgreSQL's texts cannot hold the character NUL.
        .bind(made.name.replace('\0', " "))
        .bind(made.catalogue_number.clone())
        .bind(i64::from(made.version));
        self.deciding(permit).write(insert, "announcement").await?;
        Ok(())
    }
}

fn announcement(row: &Row) -> Result<Announcement> {
    let at: Moment = row.moment(3)?;
    Ok(Announcement {
        number: row.text(1)?,
        kind: row.parsed(2)?,
        by: Stamp { person: row.parsed(4)?, organisation: row.parsed(5)?, at },
        entry: row.parsed(6)?,
        provider: row.parsed(7)?,
        name: row.text(8)?,
        catalogue_number: row.text(9)?,
        version: u32::try_from(row.number(10)?).unwrap_or(u32::MAX),
    })
}
