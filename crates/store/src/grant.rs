//! Grants, and the epoch of what the plane serves from.

use crate::{
    book::BookThing,
    conn::{Conn, Row, integer},
    entry::one_more,
    error::Result,
    page::{Cursor, Page, Revised, limit, page},
    select::{PARAMETERS_MAX, Select},
    stored,
    tx::Tx,
};
use shuqiao_domain::grant::{Grant, GrantState};
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{CatalogueEntryId, GrantId, Moment, OrganisationId, SharingRequestId};
use std::collections::BTreeSet;

/// Which grants are wanted; what is left out does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantQuery {
    /// Who may use it.
    pub requester: Option<OrganisationId>,
    /// Whose data it is.
    pub provider: Option<OrganisationId>,
    /// A department that is either.
    pub party: Option<OrganisationId>,
    /// The entry it opens.
    pub entry: Option<CatalogueEntryId>,
    /// The request it answers.
    pub request: Option<SharingRequestId>,
    /// Only those that are live at this moment, as [`Conn::grant_live_page`] has it.
    pub live_at: Option<Moment>,
    /// Rows of the page; 0 for the usual number.
    pub limit: u32,
    /// Where the page begins.
    pub after: Option<Cursor>,
}

impl Conn {
    /// The grant of this id.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn grant_fetch(&mut self, id: GrantId) -> Result<Revised<Grant>> {
        let select = sqlx::query("select id, revision, body from sharing_grant where id = $1").bind(id.to_string());
        grant(&self.one(select).await?)
    }

    /// Grants, the newest first.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn grant_list(&mut self, query: &GrantQuery) -> Result<Page<Revised<Grant>>> {
        let mut select = Select::new("select id, revision, body, agreed_at from sharing_grant where 1 = 1");
        if let Some(requester) = query.requester {
            select.push(" and requester = ").bind(requester.to_string());
        }
        if let Some(provider) = query.provider {
            select.push(" and provider = ").bind(provider.to_string());
        }
        if let Some(party) = query.party {
            select.push(" and (requester = ").bind(party.to_string());
            select.push(" or provider = ").bind(party.to_string()).push(")");
        }
        if let Some(entry) = query.entry {
            select.push(" and entry = ").bind(entry.to_string());
        }
        if let Some(request) = query.request {
            select.push(" and request = ").bind(request.to_string());
        }
        if let Some(at) = query.live_at {
            select.push(" and state = 'active' and valid_until >= ").bind(at.date().to_string());
        }
        if let Some(after) = &query.after {
            select.push(" and (agreed_at, id) < (").bind(after.value).push(", ").bind(after.id.clone()).push(")");
        }
        let rows = limit(query.limit);
        select.push(" order by agreed_at desc, id desc limit ").bind(one_more(rows));
        let cursor = |row: &Row| -> Result<Cursor> { Ok(Cursor { value: row.integer(3)?, id: row.text(0)? }) };
        let found = self.each(select.query(), |row| Ok((grant(row)?, cursor(row)?))).await?;
        Ok(page(found, rows, |(_, cursor)| cursor.clone()).map(|(grant, _)| grant))
    }

    /// Grants that are neither revoked nor past their last day, also those whose first day is still to come, of a provider
    /// or of all, in the order of their ids: what planes' books are made of. At most `rows`, behind `after`; a book takes
    /// every page, in one snapshot of the database.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn grant_live_page(
        &mut self,
        at: Moment,
        provider: Option<OrganisationId>,
        after: Option<GrantId>,
        rows: u32,
    ) -> Result<Vec<Grant>> {
        let mut select = Select::new("select id, revision, body from sharing_grant where state = 'active'");
        if let Some(provider) = provider {
            select.push(" and provider = ").bind(provider.to_string());
        }
        if let Some(after) = after {
            select.push(" and id > ").bind(after.to_string());
        }
        select.push(" and valid_until >= ").bind(at.date().to_string());
        select.push(" order by id limit ").bind(i64::from(rows));
        self.each(select.query(), |row| Ok(grant(row)?.value)).await
    }

    /// Those of these grants that are live, as [`Conn::grant_live_page`] has it.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn grant_live_among(&mut self, ids: &[GrantId], at: Moment) -> Result<Vec<Grant>> {
        let mut grants = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(PARAMETERS_MAX - 1) {
            let mut select = Select::new("select id, revision, body from sharing_grant where state = 'active'");
            select.push(" and valid_until >= ").bind(at.date().to_string());
            select.list(" and id in (", chunk.iter().map(ToString::to_string), ")");
            grants.extend(self.each(select.query(), |row| Ok(grant(row)?.value)).await?);
        }
        Ok(grants)
    }

    /// How many live grants open this entry.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn grant_live_count(&mut self, entry: CatalogueEntryId, at: Moment) -> Result<u64> {
        let select = sqlx::query(
            "select count(*) from sharing_grant where entry = $1 and state = 'active' and valid_until >= $2",
        )
        .bind(entry.to_string())
        .bind(at.date().to_string());
        self.one(select).await?.number(0)
    }

    /// A provider's grants that are neither revoked nor past their last day, suspended ones too: what a change of its
    /// services would touch. At most [`crate::LIST_MAX`].
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn grant_standing(&mut self, provider: OrganisationId, at: Moment) -> Result<Vec<Grant>> {
        let select = sqlx::query(
            "select id, revision, body from sharing_grant \
             where provider = $1 and state in ('active', 'suspended') and valid_until >= $2 order by id limit $3",
        )
        .bind(provider.to_string())
        .bind(at.date().to_string())
        .bind(i64::from(crate::LIST_MAX));
        self.each(select, |row| Ok(grant(row)?.value)).await
    }

    /// Grants whose last day is over and whose data nobody has been told what to do with, the oldest first.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn grant_undisposed(&mut self, at: Moment, rows: u32) -> Result<Vec<Grant>> {
        let select = sqlx::query(
            "select id, revision, body from sharing_grant \
             where state in ('active', 'suspended') and valid_until < $1 and not exists \
             (select 1 from sharing_case where subject_grant = sharing_grant.id and kind = 'disposal') \
             order by valid_until, id limit $2",
        )
        .bind(at.date().to_string())
        .bind(i64::from(rows));
        self.each(select, |row| Ok(grant(row)?.value)).await
    }

    /// The entries for which a department holds a live grant.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn grant_entries_live(
        &mut self,
        requester: OrganisationId,
        at: Moment,
    ) -> Result<BTreeSet<CatalogueEntryId>> {
        let select = sqlx::query(
            "select distinct entry from sharing_grant \
             where requester = $1 and state = 'active' and valid_until >= $2",
        )
        .bind(requester.to_string())
        .bind(at.date().to_string());
        Ok(self.each(select, |row| row.parsed(0)).await?.into_iter().collect())
    }

    /// The epoch of what the plane serves from: it moves with every commit that saves a grant, a system or a source.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn grant_epoch(&mut self) -> Result<u64> {
        let select = sqlx::query("select value from counter where name = 'grant_epoch'");
        self.optional(select).await?.map_or(Ok(0), |row| row.number(0))
    }
}

impl Tx {
    /// Enters a grant.
    ///
    /// # Errors
    /// `Taken` (`grant`) when its request already has one.
    pub async fn grant_insert(&mut self, grant: &Grant, permit: &Permit) -> Result<Revised<Grant>> {
        let insert = sqlx::query(
            "insert into sharing_grant \
             (id, revision, request, entry, requester, provider, state, valid_until, agreed_at, body) \
             values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(grant.id.to_string())
        .bind(grant.request.to_string())
        .bind(grant.entry.to_string())
        .bind(grant.requester.to_string())
        .bind(grant.provider.to_string())
        .bind(state(grant))
        .bind(grant.terms.valid_until.to_string())
        .bind(grant.agreed.at.microseconds())
        .bind(stored::grant_text(grant)?);
        self.changing_book(BookThing::Grant(grant.id), permit).write(insert, "grant").await?;
        Ok(Revised { value: grant.clone(), revision: 1 })
    }

    /// Saves a grant that was seen at this revision.
    ///
    /// # Errors
    /// `Stale`, `NotFound`.
    pub async fn grant_save(&mut self, grant: &Grant, seen: u64, permit: &Permit) -> Result<Revised<Grant>> {
        let update = sqlx::query(
            "update sharing_grant set revision = revision + 1, request = $3, entry = $4, requester = $5, \
             provider = $6, state = $7, valid_until = $8, agreed_at = $9, body = $10 \
             where id = $1 and revision = $2",
        )
        .bind(grant.id.to_string())
        .bind(integer(seen))
        .bind(grant.request.to_string())
        .bind(grant.entry.to_string())
        .bind(grant.requester.to_string())
        .bind(grant.provider.to_string())
        .bind(state(grant))
        .bind(grant.terms.valid_until.to_string())
        .bind(grant.agreed.at.microseconds())
        .bind(stored::grant_text(grant)?);
        let revision = sqlx::query("select revision from sharing_grant where id = $1").bind(grant.id.to_string());
        let revision =
            self.changing_book(BookThing::Grant(grant.id), permit).revise(update, revision, seen, "grant").await?;
        Ok(Revised { value: grant.clone(), revision })
    }
}

fn grant(row: &Row) -> Result<Revised<Grant>> {
    Ok(Revised { value: stored::grant_read(&row.text(0)?, &row.text(2)?)?, revision: row.number(1)? })
}

/// As the column has it. That the last day is over is seen from the date.
fn state(grant: &Grant) -> &'static str {
    match grant.state {
        GrantState::Active => "active",
        GrantState::Suspended { .. } => "suspended",
        GrantState::Revoked { .. } => "revoked",
    }
}
