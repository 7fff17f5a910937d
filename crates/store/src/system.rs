//! Departments' systems.

use crate::{
    book::BookThing,
    conn::{Conn, Row, integer},
    error::{Result, StoreError},
    page::Revised,
    select::{PARAMETERS_MAX, Select},
    stored,
    tx::Tx,
};
use shuqiao_domain::system::System;
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{OrganisationId, SystemId};

/// Most systems that are listed.
const SYSTEMS_MAX: i64 = 100_000;

/// What every read of systems begins with.
const SYSTEM_COLUMNS: &str =
    "select id, revision, organisation, name, secret_digests, active, identity from department_system";

impl Conn {
    /// The system of this id.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn system_fetch(&mut self, id: SystemId) -> Result<Revised<System>> {
        let mut select = Select::new(SYSTEM_COLUMNS);
        select.push(" where id = ").bind(id.to_string());
        system(&self.one(select.query()).await?)
    }

    /// The systems of an organisation, or of all, in the order in which they were registered.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn system_list(&mut self, organisation: Option<OrganisationId>) -> Result<Vec<System>> {
        let mut select = Select::new(SYSTEM_COLUMNS);
        if let Some(organisation) = organisation {
            select.push(" where organisation = ").bind(organisation.to_string());
        }
        select.push(" order by id limit ").bind(SYSTEMS_MAX);
        self.each(select.query(), |row| Ok(system(row)?.value)).await
    }

    /// The systems of these ids, in the order in which they were registered; an id without a system is left out.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn system_list_by_ids(&mut self, ids: &[SystemId]) -> Result<Vec<System>> {
        let mut systems = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(PARAMETERS_MAX) {
            let mut select = Select::new(SYSTEM_COLUMNS);
            select.list(" where id in (", chunk.iter().map(ToString::to_string), ")");
            systems.extend(self.each(select.query(), |row| Ok(system(row)?.value)).await?);
        }
        systems.sort_by_key(|system| system.id);
        Ok(systems)
    }
}

impl Tx {
    /// Registers a system.
    ///
    /// # Errors
    /// `NotFound` when there is no such organisation.
    pub async fn system_insert(&mut self, system: &System, permit: &Permit) -> Result<Revised<System>> {
        let insert = sqlx::query(
            "insert into department_system (id, revision, organisation, name, secret_digests, active, identity) \
             values ($1, 1, $2, $3, $4, $5, $6)",
        )
        .bind(system.id.to_string())
        .bind(system.organisation.to_string())
        .bind(system.name.clone())
        .bind(stored::digests_text(&system.secret_digests)?)
        .bind(i64::from(system.active))
        .bind(stored::identity_text(&system.identity)?);
        self.changing_book(BookThing::System(system.id), permit).write(insert, "system").await?;
        Ok(Revised { value: system.clone(), revision: 1 })
    }

    /// Saves a system that was seen at this revision.
    ///
    /// # Errors
    /// `Stale`, `NotFound`.
    pub async fn system_save(&mut self, system: &System, seen: u64, permit: &Permit) -> Result<Revised<System>> {
        let update = sqlx::query(
            "update department_system set revision = revision + 1, organisation = $3, name = $4, \
             secret_digests = $5, active = $6, identity = $7 where id = $1 and revision = $2",
        )
        .bind(system.id.to_string())
        .bind(integer(seen))
        .bind(system.organisation.to_string())
        .bind(system.name.clone())
        .bind(stored::digests_text(&system.secret_digests)?)
        .bind(i64::from(system.active))
        .bind(stored::identity_text(&system.identity)?);
        let revision = sqlx::query("select revision from department_system where id = $1").bind(system.id.to_string());
        let revision =
            self.changing_book(BookThing::System(system.id), permit).revise(update, revision, seen, "system").await?;
        Ok(Revised { value: system.clone(), revision })
    }
}

fn system(row: &Row) -> Result<Revised<System>> {
    let id = row.text(0)?;
    let read = || -> Result<System> {
        Ok(System {
            id: row.parsed(0)?,
            organisation: row.parsed(2)?,
            name: row.text(3)?,
            secret_digests: stored::digests_read(&id, &row.text(4)?)?,
            active: row.flag(5)?,
            identity: stored::identity_read(&id, &row.text(6)?)?,
        })
    };
    let value = read().map_err(|error| StoreError::corrupt(format!("department_system {id}: {error}")))?;
    Ok(Revised { value, revision: row.number(1)? })
}
