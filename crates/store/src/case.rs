//! Cases of every kind, in one table: what differs between kinds is inside the stored form.

use crate::{
    conn::{Conn, Row, integer},
    entry::one_more,
    error::Result,
    page::{Cursor, Page, Revised, limit, page},
    select::Select,
    stored,
    tx::Tx,
};
use shuqiao_domain::case::{About, AnyCase, CaseKind};
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{CaseId, Moment, OrganisationId};
use std::collections::BTreeSet;

/// Which cases are wanted; what is left out does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseQuery {
    /// The kinds; empty for any.
    pub kinds: Vec<CaseKind>,
    /// An organisation that the case concerns in whatever part.
    pub party: Option<OrganisationId>,
    /// What it is about.
    pub about: About,
    /// Only those in which something is left to do, or only those in which nothing is.
    pub settled: Option<bool>,
    /// Rows of the page; 0 for the usual number.
    pub limit: u32,
    /// Where the page begins.
    pub after: Option<Cursor>,
}

impl Conn {
    /// The case of this id.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn case_fetch(&mut self, id: CaseId) -> Result<Revised<AnyCase>> {
        let select =
            sqlx::query("select id, revision, kind, body from sharing_case where id = $1").bind(id.to_string());
        case(&self.one(select).await?)
    }

    /// Cases, those first that were moved last.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn case_list(&mut self, query: &CaseQuery) -> Result<Page<Revised<AnyCase>>> {
        let mut select = Select::new("select id, revision, kind, body, moved_at from sharing_case where 1 = 1");
        if !query.kinds.is_empty() {
            select.list(" and kind in (", query.kinds.iter().map(|kind| kind.as_str().to_owned()), ")");
        }
        if let Some(party) = query.party {
            select.push(" and id in (select case_id from case_party where organisation = ");
            select.bind(party.to_string()).push(")");
        }
        let About { entry, request, grant, case: other } = query.about;
        if let Some(id) = entry {
            select.push(" and subject_entry = ").bind(id.to_string());
        }
        if let Some(id) = request {
            select.push(" and subject_request = ").bind(id.to_string());
        }
        if let Some(id) = grant {
            select.push(" and subject_grant = ").bind(id.to_string());
        }
        if let Some(id) = other {
            select.push(" and subject_case = ").bind(id.to_string());
        }
        if let Some(settled) = query.settled {
            select.push(" and settled = ").bind(i64::from(settled));
        }
        if let Some(after) = &query.after {
            select.push(" and (moved_at, id) < (").bind(after.value).push(", ").bind(after.id.clone()).push(")");
        }
        let rows = limit(query.limit);
        select.push(" order by moved_at desc, id desc limit ").bind(one_more(rows));
        let cursor = |row: &Row| -> Result<Cursor> { Ok(Cursor { value: row.integer(4)?, id: row.text(0)? }) };
        let found = self.each(select.query(), |row| Ok((case(row)?, cursor(row)?))).await?;
        Ok(page(found, rows, |(_, cursor)| cursor.clone()).map(|(case, _)| case))
    }
}

impl Tx {
    /// Opens a case.
    ///
    /// # Errors
    /// `Taken` (`number`); `NotFound` when there is no such organisation.
    pub async fn case_insert(&mut self, case: &AnyCase, permit: &Permit) -> Result<Revised<AnyCase>> {
        let About { entry, request, grant, case: other } = case.about();
        let insert = sqlx::query(
            "insert into sharing_case (id, revision, kind, number, state, settled, subject_entry, subject_request, \
             subject_grant, subject_case, moved_at, due, body) \
             values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(case.id().to_string())
        .bind(case.kind().as_str())
        .bind(case.number().to_owned())
        .bind(case.state())
        .bind(i64::from(case.settled()))
        .bind(entry.map(|id| id.to_string()))
        .bind(request.map(|id| id.to_string()))
        .bind(grant.map(|id| id.to_string()))
        .bind(other.map(|id| id.to_string()))
        .bind(case.moved_at().microseconds())
        .bind(case.running().map(|clock| clock.due.microseconds()))
        .bind(stored::case_text(case)?);
        self.deciding(permit).write(insert, "number").await?;
        self.parties_insert(case, permit).await?;
        Ok(Revised { value: case.clone(), revision: 1 })
    }

    /// Saves a case that was seen at this revision.
    ///
    /// # Errors
    /// `Stale`, `NotFound`.
    pub async fn case_save(&mut self, case: &AnyCase, seen: u64, permit: &Permit) -> Result<Revised<AnyCase>> {
        let update = sqlx::query(
            "update sharing_case set revision = revision + 1, state = $3, settled = $4, moved_at = $5, due = $6, \
             body = $7 where id = $1 and revision = $2",
        )
        .bind(case.id().to_string())
        .bind(integer(seen))
        .bind(case.state())
        .bind(i64::from(case.settled()))
        .bind(case.moved_at().microseconds())
        .bind(case.running().map(|clock| clock.due.microseconds()))
        .bind(stored::case_text(case)?);
        let revision = sqlx::query("select revision from sharing_case where id = $1").bind(case.id().to_string());
        let revision = self.deciding(permit).revise(update, revision, seen, "case").await?;
        self.parties_insert(case, permit).await?;
        Ok(Revised { value: case.clone(), revision })
    }

    /// Once concerned by a case, an organisation stays so: it may have acted in it.
    async fn parties_insert(&mut self, case: &AnyCase, permit: &Permit) -> Result<()> {
        let parties: BTreeSet<OrganisationId> = [case.opener()]
            .into_iter()
            .chain(case.respondent())
            .chain(case.authority())
            .chain(case.concerned().iter().copied())
            .collect();
        let mut insert = Select::new("insert into case_party (organisation, case_id) values ");
        for (position, party) in parties.into_iter().enumerate() {
            insert.push(if position > 0 { ", (" } else { "(" });
            insert.bind(party.to_string()).push(", ").bind(case.id().to_string()).push(")");
        }
        insert.push(" on conflict do nothing");
        self.deciding(permit).write(insert.query(), "case_party").await?;
        Ok(())
    }
}

fn case(row: &Row) -> Result<Revised<AnyCase>> {
    let kind: CaseKind = row.parsed(2)?;
    Ok(Revised { value: stored::case_read(&row.text(0)?, kind, &row.text(3)?)?, revision: row.number(1)? })
}

impl Conn {
    /// Cases whose clock runs and is due by this moment, by id after that one.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn case_open(&mut self, due_by: Moment, after: &str, rows: u32) -> Result<Vec<Revised<AnyCase>>> {
        let select = sqlx::query(
            "select id, revision, kind, body from sharing_case \
             where settled = 0 and due <= $1 and id > $2 order by id limit $3",
        )
        .bind(due_by.microseconds())
        .bind(after.to_owned())
        .bind(i64::from(rows.min(crate::LIST_MAX)));
        self.each(select, case).await
    }
}
