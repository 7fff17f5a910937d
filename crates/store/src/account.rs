//! People, their passwords and their lock-outs.

use crate::{
    conn::{Conn, Query, Row, storable},
    error::{Result, StoreError},
    select::{PARAMETERS_MAX, Select},
    stored,
    tx::Tx,
};
use shuqiao_domain::account::{Lock, Person};
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{OrganisationId, PersonId};
use std::{collections::BTreeMap, fmt};

/// Most people that are listed.
const PEOPLE_MAX: i64 = 20_000;

/// What the login knows of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The password's hash as a PHC string; `None` before the first login.
    pub phc: Option<String>,
    /// The lock-out.
    pub lock: Lock,
}

/// Without the hash: it has no place in a log.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("phc", &self.phc.is_some()).field("lock", &self.lock).finish()
    }
}

impl Conn {
    /// The person of this id.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn person_fetch(&mut self, id: PersonId) -> Result<Person> {
        let select = self.locked(
            "select id, login, name, organisation, roles, active from person where id = $1",
            "select id, login, name, organisation, roles, active from person where id = $1 for no key update",
        );
        person(&self.one(select.bind(id.to_string())).await?)
    }

    /// The person with this login, and what the login is checked against.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn person_by_login(&mut self, login: &str) -> Result<Option<(Person, Credential)>> {
        if !storable(login) {
            return Ok(None);
        }
        let select = self.locked(
            "select id, login, name, organisation, roles, active, password, lock_failures, lock_until \
             from person where login = $1",
            "select id, login, name, organisation, roles, active, password, lock_failures, lock_until \
             from person where login = $1 for no key update",
        );
        let Some(row) = self.optional(select.bind(login.to_owned())).await? else { return Ok(None) };
        Ok(Some((person(&row)?, credential(&row, 6)?)))
    }

    /// What a person's login is checked against. In a write transaction nobody else can change it until its end, so
    /// that failures are counted one by one.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn credential_fetch(&mut self, id: PersonId) -> Result<Credential> {
        let select = self.locked(
            "select password, lock_failures, lock_until from person where id = $1",
            "select password, lock_failures, lock_until from person where id = $1 for no key update",
        );
        credential(&self.one(select.bind(id.to_string())).await?, 0)
    }

    /// The people of an organisation, or of all, in the order in which their accounts were opened.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn person_list(&mut self, organisation: Option<OrganisationId>) -> Result<Vec<Person>> {
        let mut select = Select::new("select id, login, name, organisation, roles, active from person");
        if let Some(organisation) = organisation {
            select.push(" where organisation = ").bind(organisation.to_string());
        }
        select.push(" order by id limit ").bind(PEOPLE_MAX);
        self.each(select.query(), person).await
    }

    /// The names of these people. An id without a person has no name.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn person_names(&mut self, ids: &[PersonId]) -> Result<BTreeMap<PersonId, String>> {
        let mut names = BTreeMap::new();
        for chunk in ids.chunks(PARAMETERS_MAX) {
            let mut select = Select::new("select id, name from person where id in ");
            select.list("(", chunk.iter().map(ToString::to_string), ")");
            names.extend(self.each(select.query(), |row| Ok((row.parsed(0)?, row.text(1)?))).await?);
        }
        Ok(names)
    }

    /// How many accounts there are.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn person_count(&mut self) -> Result<u64> {
        self.one(sqlx::query("select count(*) from person")).await?.number(0)
    }

    /// The statement that also locks the row, where that is needed.
    fn locked(&self, plain: &'static str, locking: &'static str) -> Query {
        sqlx::query(if self.locks { locking } else { plain })
    }
}

impl Tx {
    /// Opens an account, without a password.
    ///
    /// # Errors
    /// `Taken` (`login`); `NotFound` when there is no such organisation.
    pub async fn person_insert(&mut self, person: &Person, permit: &Permit) -> Result<()> {
        let insert = sqlx::query(
            "insert into person (id, login, name, organisation, roles, active) values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(person.id.to_string())
        .bind(person.login.clone())
        .bind(person.name.clone())
        .bind(person.organisation.to_string())
        .bind(stored::roles_text(&person.roles)?)
        .bind(i64::from(person.active));
        self.deciding(permit).write(insert, "login").await?;
        Ok(())
    }

    /// Saves a person.
    ///
    /// # Errors
    /// `NotFound`; `Taken` (`login`).
    pub async fn person_save(&mut self, person: &Person, permit: &Permit) -> Result<()> {
        let update = sqlx::query(
            "update person set login = $2, name = $3, organisation = $4, roles = $5, active = $6 where id = $1",
        )
        .bind(person.id.to_string())
        .bind(person.login.clone())
        .bind(person.name.clone())
        .bind(person.organisation.to_string())
        .bind(stored::roles_text(&person.roles)?)
        .bind(i64::from(person.active));
        self.deciding(permit).write_one(update, "login").await
    }

    /// Sets a person's password, given as a PHC string.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn credential_save(&mut self, person: PersonId, phc: &str, permit: &Permit) -> Result<()> {
        let update =
            sqlx::query("update person set password = $2 where id = $1").bind(person.to_string()).bind(phc.to_owned());
        self.deciding(permit).write_one(update, "person").await
    }

    /// Saves a person's lock-out.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn lock_save(&mut self, person: PersonId, lock: Lock, permit: &Permit) -> Result<()> {
        let update = sqlx::query("update person set lock_failures = $2, lock_until = $3 where id = $1")
            .bind(person.to_string())
            .bind(i64::from(lock.failures))
            .bind(lock.until.map(|until| until.microseconds()));
        self.deciding(permit).write_one(update, "person").await
    }
}

fn person(row: &Row) -> Result<Person> {
    let id = row.text(0)?;
    let read = || -> Result<Person> {
        Ok(Person {
            id: row.parsed(0)?,
            login: row.text(1)?,
            name: row.text(2)?,
            organisation: row.parsed(3)?,
            roles: stored::roles_read(&row.text(4)?)?,
            active: row.flag(5)?,
        })
    };
    read().map_err(|error| StoreError::corrupt(format!("person {id}: {error}")))
}

fn credential(row: &Row, from: usize) -> Result<Credential> {
    let failures = row.number(from.saturating_add(1))?;
    let lock = Lock {
        failures: u32::try_from(failures).unwrap_or(u32::MAX),
        until: row.optional_moment(from.saturating_add(2))?,
    };
    Ok(Credential { phc: row.optional_text(from)?, lock })
}
