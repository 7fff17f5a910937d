//! Sessions and one-time links. Both are found by a digest of their token; the token itself is nowhere.

use crate::{conn::Conn, error::Result, tx::Tx};
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{Moment, PersonId};

/// A session that is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose it is.
    pub person: PersonId,
    /// When it ends.
    pub expires: Moment,
}

/// A one-time link that is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneTimeLink {
    /// Whose first login it opens.
    pub person: PersonId,
    /// When it ends.
    pub expires: Moment,
}

impl Conn {
    /// The session of this token, unless it is over.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn session_fetch(&mut self, token_digest: [u8; 32], now: Moment) -> Result<Option<Session>> {
        let select = sqlx::query("select person, expires from session where token_digest = $1 and expires > $2")
            .bind(token_digest.to_vec())
            .bind(now.microseconds());
        let Some(row) = self.optional(select).await? else { return Ok(None) };
        Ok(Some(Session { person: row.parsed(0)?, expires: row.moment(1)? }))
    }

    /// The one-time link of this token, unless it is over or used.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn link_fetch(&mut self, token_digest: [u8; 32], now: Moment) -> Result<Option<OneTimeLink>> {
        let select = sqlx::query("select person, expires from one_time_link where token_digest = $1 and expires > $2")
            .bind(token_digest.to_vec())
            .bind(now.microseconds());
        let Some(row) = self.optional(select).await? else { return Ok(None) };
        Ok(Some(OneTimeLink { person: row.parsed(0)?, expires: row.moment(1)? }))
    }
}

impl Tx {
    /// Opens a session.
    ///
    /// # Errors
    /// `NotFound` when there is no such person.
    pub async fn session_insert(
        &mut self,
        token_digest: [u8; 32],
        person: PersonId,
        expires: Moment,
        permit: &Permit,
    ) -> Result<()> {
        let insert = sqlx::query("insert into session (token_digest, person, expires) values ($1, $2, $3)")
            .bind(token_digest.to_vec())
            .bind(person.to_string())
            .bind(expires.microseconds());
        self.deciding(permit).write(insert, "session").await?;
        Ok(())
    }

    /// Ends a session. That there is none is no error.
    ///
    /// # Errors
    /// `Full`, `Unavailable`.
    pub async fn session_delete(&mut self, token_digest: [u8; 32], permit: &Permit) -> Result<()> {
        let delete = sqlx::query("delete from session where token_digest = $1").bind(token_digest.to_vec());
        self.deciding(permit).write(delete, "session").await?;
        Ok(())
    }

    /// Ends every session of a person; answers how many there were.
    ///
    /// # Errors
    /// `Full`, `Unavailable`.
    pub async fn sessions_delete_of(&mut self, person: PersonId, permit: &Permit) -> Result<u64> {
        let delete = sqlx::query("delete from session where person = $1").bind(person.to_string());
        self.deciding(permit).write(delete, "session").await
    }

    /// Makes a one-time link; one that the person had before ends.
    ///
    /// # Errors
    /// `NotFound` when there is no such person.
    pub async fn link_insert(
        &mut self,
        token_digest: [u8; 32],
        person: PersonId,
        expires: Moment,
        permit: &Permit,
    ) -> Result<()> {
        let upsert = sqlx::query(
            "insert into one_time_link (token_digest, person, expires) values ($1, $2, $3) \
             on conflict (person) do update set token_digest = excluded.token_digest, expires = excluded.expires",
        )
        .bind(token_digest.to_vec())
        .bind(person.to_string())
        .bind(expires.microseconds());
        self.deciding(permit).write(upsert, "one_time_link").await?;
        Ok(())
    }

    /// Uses a one-time link up. Of two who try at once, one gets `NotFound`.
    ///
    /// # Errors
    /// `NotFound` when it is used already, or was replaced.
    pub async fn link_use(&mut self, token_digest: [u8; 32], permit: &Permit) -> Result<()> {
        let delete = sqlx::query("delete from one_time_link where token_digest = $1").bind(token_digest.to_vec());
        self.deciding(permit).write_one(delete, "one_time_link").await
    }
}
