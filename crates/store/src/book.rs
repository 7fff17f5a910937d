//! What changed of that which planes serve from, epoch by epoch.

use crate::{
    conn::{Conn, Row, integer},
    error::{Result, StoreError},
    select::{PARAMETERS_MAX, Select},
    tx::Tx,
};
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{CatalogueEntryId, GatewayId, GrantId, Moment, SourceId, SystemId};
use std::{collections::BTreeSet, fmt};

/// Epochs whose changes are kept. Planes that follow are one or two behind; one that is further behind than this takes
/// a snapshot.
pub const BOOK_CHANGES_KEPT: u64 = 10_000;
/// Changes that are told at once; more of them are a snapshot's matter.
const CHANGES_MAX: i64 = 20_000;

/// A thing that planes serve from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BookThing {
    /// A grant.
    Grant(GrantId),
    /// A system.
    System(SystemId),
    /// A source.
    Source(SourceId),
    /// A gateway.
    Gateway(GatewayId),
}

impl fmt::Display for BookThing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grant(id) => id.fmt(f),
            Self::System(id) => id.fmt(f),
            Self::Source(id) => id.fmt(f),
            Self::Gateway(id) => id.fmt(f),
        }
    }
}

/// An id says of what kind it is.
fn thing(text: &str) -> Result<BookThing> {
    let wrong = || StoreError::corrupt(format!("book_change: `{text}` is nothing that planes serve from"));
    match text.split_once('_').map(|(prefix, _)| prefix) {
        Some("grt") => text.parse().map(BookThing::Grant).map_err(|_| wrong()),
        Some("sys") => text.parse().map(BookThing::System).map_err(|_| wrong()),
        Some("src") => text.parse().map(BookThing::Source).map_err(|_| wrong()),
        Some("gtw") => text.parse().map(BookThing::Gateway).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

impl Conn {
    /// What changed after this epoch, up to the newest, each thing once. `None` when that is no longer known in full, or
    /// is too much to be told: then a snapshot is to be taken.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn book_changes(&mut self, after: u64) -> Result<Option<BTreeSet<BookThing>>> {
        let Some(behind) = self.grant_epoch().await?.checked_sub(after) else { return Ok(None) };
        // Every epoch has at least one row, from the first that was noted to the newest.
        let select = sqlx::query("select count(distinct epoch), count(*) from book_change where epoch > $1")
            .bind(integer(after));
        let row = self.one(select).await?;
        if row.number(0)? != behind || row.integer(1)? > CHANGES_MAX {
            return Ok(None);
        }
        let select = sqlx::query("select distinct id from book_change where epoch > $1").bind(integer(after));
        let things = self.each(select, |row: &Row| thing(&row.text(0)?)).await?;
        Ok(Some(things.into_iter().collect()))
    }
}

impl Tx {
    /// Notes that the grants of this entry are to be told to planes anew, because what holds for them has changed with the
    /// entry. Those that are revoked or past their last day are nothing that planes serve from.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn book_entry_changed(&mut self, entry: CatalogueEntryId, at: Moment, permit: &Permit) -> Result<()> {
        let select = sqlx::query(
            "select id from sharing_grant \
             where entry = $1 and state in ('active', 'suspended') and valid_until >= $2",
        )
        .bind(entry.to_string())
        .bind(at.date().to_string());
        let grants: Vec<GrantId> = self.each(select, |row: &Row| row.parsed(0)).await?;
        for grant in grants {
            self.changing_book(BookThing::Grant(grant), permit);
        }
        Ok(())
    }

    /// The grant epoch moves once for the whole transaction, with what changed, and always before the head of the log is
    /// taken, so that two writers cannot wait for each other.
    pub(crate) async fn epoch_moved(&mut self) -> Result<()> {
        if self.book_changed.is_empty() {
            return Ok(());
        }
        let epoch = self.conn.counted("grant_epoch").await?;
        let things: Vec<BookThing> = self.book_changed.iter().copied().collect();
        for chunk in things.chunks(PARAMETERS_MAX / 2) {
            let mut insert = Select::new("insert into book_change (epoch, id) values ");
            for (position, thing) in chunk.iter().enumerate() {
                insert.push(if position > 0 { ", (" } else { "(" });
                insert.bind(integer(epoch)).push(", ").bind(thing.to_string()).push(")");
            }
            self.conn.write(insert.query(), "book_change").await?;
        }
        let old = sqlx::query("delete from book_change where epoch <= $1")
            .bind(integer(epoch.saturating_sub(BOOK_CHANGES_KEPT)));
        self.conn.write(old, "book_change").await?;
        Ok(())
    }
}
