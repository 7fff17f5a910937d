//! Idempotency keys and counters.

use crate::{
    conn::{Conn, storable},
    error::Result,
    tx::Tx,
};
use shuqiao_policy::Permit;
use shuqiao_vocabulary::Moment;

/// A write that was done under an idempotency key, kept in the commit of the write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyRow {
    /// Who sent it: a person's or a system's id.
    pub actor: String,
    /// The key.
    pub key: String,
    /// Digest of what was sent.
    pub fingerprint: [u8; 32],
    /// What it was done to.
    pub subject: String,
}

impl Conn {
    /// The write that this actor did under this key.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn idempotency_find(&mut self, actor: &str, key: &str) -> Result<Option<IdempotencyRow>> {
        if !storable(actor) || !storable(key) {
            return Ok(None);
        }
        let select =
            sqlx::query("select actor, key, fingerprint, subject from idempotency where actor = $1 and key = $2")
                .bind(actor.to_owned())
                .bind(key.to_owned());
        let Some(row) = self.optional(select).await? else { return Ok(None) };
        let (actor, key, fingerprint, subject) = (row.text(0)?, row.text(1)?, row.array(2)?, row.text(3)?);
        Ok(Some(IdempotencyRow { actor, key, fingerprint, subject }))
    }

    pub(crate) async fn idempotency_insert(&mut self, row: &IdempotencyRow, at: Moment) -> Result<()> {
        let insert =
            sqlx::query("insert into idempotency (actor, key, fingerprint, subject, at) values ($1, $2, $3, $4, $5)")
                .bind(row.actor.clone())
                .bind(row.key.clone())
                .bind(row.fingerprint.to_vec())
                .bind(row.subject.clone())
                .bind(at.microseconds());
        self.write(insert, "idempotency_key").await?;
        Ok(())
    }

    /// The next value of a counter: 1 at first.
    pub(crate) async fn counted(&mut self, name: &str) -> Result<u64> {
        let count = sqlx::query(
            "insert into counter (name, value) values ($1, 1) \
             on conflict (name) do update set value = counter.value + 1 returning value",
        )
        .bind(name.to_owned());
        self.one(count).await?.number(0)
    }
}

impl Tx {
    /// The next value of a counter: 1 at first, and no gaps, since it is undone with the transaction.
    ///
    /// # Errors
    /// `Full`, `Unavailable`.
    pub async fn counter_next(&mut self, name: &str) -> Result<u64> {
        self.decided = true;
        self.conn.counted(name).await
    }

    /// Removes what has expired: sessions and one-time links past their end, and idempotency keys from before
    /// `keys_before`. Answers the number of rows. Commit with [`Tx::commit_derived`].
    ///
    /// # Errors
    /// `Full`, `Unavailable`.
    pub async fn expired_delete(&mut self, now: Moment, keys_before: Moment, _permit: &Permit) -> Result<u64> {
        let moments = [
            ("delete from session where expires <= $1", now),
            ("delete from one_time_link where expires <= $1", now),
            ("delete from idempotency where at < $1", keys_before),
        ];
        let mut removed = 0_u64;
        for (text, moment) in moments {
            // It was of no effect any more, so its removal does not count as a decision.
            removed = removed
                .saturating_add(self.conn.write(sqlx::query(text).bind(moment.microseconds()), "expired").await?);
        }
        Ok(removed)
    }
}
