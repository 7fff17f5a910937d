//! Sources.

use crate::{
    book::BookThing,
    conn::{Conn, Row, integer},
    error::{Result, StoreError},
    page::Revised,
    stored,
    tx::Tx,
};
use shuqiao_domain::source::Source;
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{Moment, OrganisationId, SourceId};

/// Most sources that are listed for a provider.
const SOURCES_MAX: i64 = 5_000;

impl Conn {
    /// The source of this id.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn source_fetch(&mut self, id: SourceId) -> Result<Revised<Source>> {
        let select = sqlx::query(
            "select id, revision, provider, name, source_type, place, sealed_location, structure, described_at, held_at \
             from source where id = $1",
        )
        .bind(id.to_string());
        source(&self.one(select).await?)
    }

    /// A provider's sources, in the order in which they were connected.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn source_list(&mut self, provider: OrganisationId) -> Result<Vec<Revised<Source>>> {
        let select = sqlx::query(
            "select id, revision, provider, name, source_type, place, sealed_location, structure, described_at, held_at \
             from source where provider = $1 order by id limit $2",
        )
        .bind(provider.to_string())
        .bind(SOURCES_MAX);
        self.each(select, source).await
    }
}

impl Tx {
    /// Connects a source.
    ///
    /// # Errors
    /// `Taken` (`name`) when the provider has another source of this name.
    pub async fn source_insert(&mut self, source: &Source, permit: &Permit) -> Result<Revised<Source>> {
        let insert = sqlx::query(
            "insert into source \
             (id, revision, provider, name, source_type, place, sealed_location, structure, described_at, held_at) \
             values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(source.id.to_string())
        .bind(source.provider.to_string())
        .bind(source.name.clone())
        .bind(source.source_type.as_str())
        .bind(source.place.clone())
        .bind(source.sealed_location.clone())
        .bind(stored::structure_text(&source.structure)?)
        .bind(source.described_at.microseconds())
        .bind(source.held.map(Moment::microseconds));
        self.changing_book(BookThing::Source(source.id), permit).write(insert, "name").await?;
        Ok(Revised { value: source.clone(), revision: 1 })
    }

    /// Saves a source that was seen at this revision.
    ///
    /// # Errors
    /// `Stale`, `NotFound`, `Taken` (`name`).
    pub async fn source_save(&mut self, source: &Source, seen: u64, permit: &Permit) -> Result<Revised<Source>> {
        let update = sqlx::query(
            "update source set revision = revision + 1, provider = $3, name = $4, source_type = $5, place = $6, \
             sealed_location = $7, structure = $8, described_at = $9, held_at = $10 where id = $1 and revision = $2",
        )
        .bind(source.id.to_string())
        .bind(integer(seen))
        .bind(source.provider.to_string())
        .bind(source.name.clone())
        .bind(source.source_type.as_str())
        .bind(source.place.clone())
        .bind(source.sealed_location.clone())
        .bind(stored::structure_text(&source.structure)?)
        .bind(source.described_at.microseconds())
        .bind(source.held.map(Moment::microseconds));
        let revision = sqlx::query("select revision from source where id = $1").bind(source.id.to_string());
        let revision =
            self.changing_book(BookThing::Source(source.id), permit).revise(update, revision, seen, "name").await?;
        Ok(Revised { value: source.clone(), revision })
    }
}

fn source(row: &Row) -> Result<Revised<Source>> {
    let id = row.text(0)?;
    let read = || -> Result<Source> {
        Ok(Source {
            id: row.parsed(0)?,
            provider: row.parsed(2)?,
            name: row.text(3)?,
            source_type: row.parsed(4)?,
            place: row.text(5)?,
            sealed_location: row.bytes(6)?,
            structure: stored::structure_read(&id, &row.text(7)?)?,
            described_at: row.moment(8)?,
            held: row.optional_moment(9)?,
        })
    };
    let value = read().map_err(|error| StoreError::corrupt(format!("source {id}: {error}")))?;
    Ok(Revised { value, revision: row.number(1)? })
}
