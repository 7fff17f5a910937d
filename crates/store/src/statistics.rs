//! The few numbers of the landing page.

use crate::{conn::Conn, error::Result};
use shuqiao_vocabulary::Moment;

/// Counts at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Published entries.
    pub entries_published: u64,
    /// Requests that were received and not answered yet.
    pub requests_open: u64,
    /// Of those, the ones whose term is over.
    pub requests_overdue: u64,
    /// Grants in force.
    pub grants_active: u64,
}

impl Conn {
    /// Counts at this moment.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn statistics(&mut self, at: Moment) -> Result<Statistics> {
        let entries = sqlx::query("select count(*) from catalogue_entry where published_at is not null");
        let open = sqlx::query("select count(*) from sharing_request where due is not null");
        let overdue = sqlx::query("select count(*) from sharing_request where due < $1").bind(at.microseconds());
        let grants = sqlx::query("select count(*) from sharing_grant where state = 'active' and valid_until >= $1")
            .bind(at.date().to_string());
        Ok(Statistics {
            entries_published: self.one(entries).await?.number(0)?,
            requests_open: self.one(open).await?.number(0)?,
            requests_overdue: self.one(overdue).await?.number(0)?,
            grants_active: self.one(grants).await?.number(0)?,
        })
    }
}
