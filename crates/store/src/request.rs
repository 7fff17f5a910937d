//! Sharing requests.

use crate::{
    conn::{Conn, Row, integer},
    entry::{minted_at, one_more},
    error::Result,
    page::{Cursor, Page, Revised, limit, page},
    select::Select,
    stored,
    tx::Tx,
};
use shuqiao_domain::request::{DeliverySettled, ExtensionDecision, Request, RequestState, RequestStateName};
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{CartId, CatalogueEntryId, Moment, OrganisationId, SharingRequestId};

/// Which requests are wanted; what is left out does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestQuery {
    /// The department that asks.
    pub requester: Option<OrganisationId>,
    /// The department that is asked.
    pub provider: Option<OrganisationId>,
    /// A department that either asks or is asked.
    pub party: Option<OrganisationId>,
    /// The entry asked for.
    pub entry: Option<CatalogueEntryId>,
    /// The application it is a part of.
    pub cart: Option<CartId>,
    /// The states; empty for any.
    pub states: Vec<RequestStateName>,
    /// Rows of the page; 0 for the usual number.
    pub limit: u32,
    /// Where the page begins.
    pub after: Option<Cursor>,
}

impl Conn {
    /// The request of this id.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn request_fetch(&mut self, id: SharingRequestId) -> Result<Revised<Request>> {
        let select = sqlx::query("select id, revision, body from sharing_request where id = $1").bind(id.to_string());
        request(&self.one(select).await?)
    }

    /// Requests, those first that were moved last.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn request_list(&mut self, query: &RequestQuery) -> Result<Page<Revised<Request>>> {
        let mut select = Select::new("select id, revision, body, moved_at from sharing_request where 1 = 1");
        if !query.states.is_empty() {
            select.list(" and state in (", query.states.iter().map(|state| state.as_str().to_owned()), ")");
        }
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
        if let Some(cart) = query.cart {
            select.push(" and cart = ").bind(cart.to_string());
        }
        if let Some(after) = &query.after {
            select.push(" and (moved_at, id) < (").bind(after.value).push(", ").bind(after.id.clone()).push(")");
        }
        let rows = limit(query.limit);
        select.push(" order by moved_at desc, id desc limit ").bind(one_more(rows));
        let cursor = |row: &Row| -> Result<Cursor> { Ok(Cursor { value: row.integer(3)?, id: row.text(0)? }) };
        let found = self.each(select.query(), |row| Ok((request(row)?, cursor(row)?))).await?;
        Ok(page(found, rows, |(_, cursor)| cursor.clone()).map(|(request, _)| request))
    }

    /// Agreed requests whose clock of delivery runs, by id, after this one.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn request_deliveries(
        &mut self,
        after: Option<SharingRequestId>,
        rows: u32,
    ) -> Result<Vec<Revised<Request>>> {
        let select = sqlx::query(
            "select id, revision, body from sharing_request where delivery_due is not null and id > $1 \
             order by id limit $2",
        )
        .bind(after.map(|id| id.to_string()).unwrap_or_default())
        .bind(i64::from(rows));
        self.each(select, request).await
    }
}

impl Conn {
    /// Requests whose clock runs and is due by this moment, by id after that one; with the id of the last, the next page.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn request_open(&mut self, due_by: Moment, after: &str, limit: u32) -> Result<Vec<Revised<Request>>> {
        let text = "select id, revision, body from sharing_request \
                    where due is not null and due <= $1 and id > $2 order by id limit $3";
        let select = sqlx::query(text).bind(due_by.microseconds()).bind(after.to_owned()).bind(i64::from(limit));
        self.each(select, request).await
    }
}

impl Conn {
    /// Agreed requests whose clock of delivery runs and is due by a moment, by id after that one.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn request_delivery_open(
        &mut self,
        due_by: Moment,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Revised<Request>>> {
        let text = "select id, revision, body from sharing_request \
                    where delivery_due is not null and delivery_due <= $1 and id > $2 order by id limit $3";
        let select = sqlx::query(text).bind(due_by.microseconds()).bind(after.to_owned()).bind(i64::from(limit));
        self.each(select, request).await
    }
}

impl Tx {
    /// Begins a request.
    ///
    /// # Errors
    /// `Taken` (`number`); `NotFound` when there is no such entry or department.
    pub async fn request_insert(&mut self, request: &Request, permit: &Permit) -> Result<Revised<Request>> {
        let insert = sqlx::query(
            "insert into sharing_request \
             (id, revision, number, entry, requester, provider, state, moved_at, due, body, cart, delivery_due) \
             values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(request.id.to_string())
        .bind(request.number.clone())
        .bind(request.entry.to_string())
        .bind(request.requester.to_string())
        .bind(request.provider.to_string())
        .bind(request.state.name().as_str())
        .bind(moved_at(request).microseconds())
        .bind(due(request).map(Moment::microseconds))
        .bind(stored::request_text(request)?)
        .bind(request.cart.map(|cart| cart.to_string()))
        .bind(delivery_due(request).map(Moment::microseconds));
        self.deciding(permit).write(insert, "number").await?;
        Ok(Revised { value: request.clone(), revision: 1 })
    }

    /// Saves a request that was seen at this revision.
    ///
    /// # Errors
    /// `Stale`, `NotFound`, `Taken` (`number`).
    pub async fn request_save(&mut self, request: &Request, seen: u64, permit: &Permit) -> Result<Revised<Request>> {
        let update = sqlx::query(
            "update sharing_request set revision = revision + 1, number = $3, entry = $4, requester = $5, \
             provider = $6, state = $7, moved_at = $8, due = $9, body = $10, delivery_due = $11 where id = $1 and revision = $2",
        )
        .bind(request.id.to_string())
        .bind(integer(seen))
        .bind(request.number.clone())
        .bind(request.entry.to_string())
        .bind(request.requester.to_string())
        .bind(request.provider.to_string())
        .bind(request.state.name().as_str())
        .bind(moved_at(request).microseconds())
        .bind(due(request).map(Moment::microseconds))
        .bind(stored::request_text(request)?)
        .bind(delivery_due(request).map(Moment::microseconds));
        let revision = sqlx::query("select revision from sharing_request where id = $1").bind(request.id.to_string());
        let revision = self.deciding(permit).revise(update, revision, seen, "number").await?;
        Ok(Revised { value: request.clone(), revision })
    }
}

fn request(row: &Row) -> Result<Revised<Request>> {
    Ok(Revised { value: stored::request_read(&row.text(0)?, &row.text(2)?)?, revision: row.number(1)? })
}

/// When somebody last moved it.
fn moved_at(request: &Request) -> Moment {
    let state = match &request.state {
        RequestState::Draft { declined: None } => minted_at(&request.id),
        RequestState::Draft { declined: Some(returned) } => returned.by.at,
        RequestState::AwaitingConsent { submitted } => submitted.at,
        RequestState::Received { reception, returned } => {
            let answered = reception.supplement.as_ref().and_then(|supplement| supplement.answered.as_ref());
            let later = [returned.as_ref().map(|returned| returned.by.at), answered.map(|answer| answer.by.at)];
            later.into_iter().flatten().fold(reception.consent.at, Moment::max)
        }
        RequestState::SupplementAsked { reception } => {
            reception.supplement.as_ref().map_or(reception.consent.at, |supplement| supplement.asked.at)
        }
        RequestState::Proposed { by, .. } => by.at,
        RequestState::Agreed { decided, .. } | RequestState::Refused { decided, .. } => decided.at,
        RequestState::Withdrawn { withdrawn, .. } => withdrawn.by.at,
    };
    state.max(extended_at(request).unwrap_or(state)).max(delivery_at(request).unwrap_or(state))
}

/// When more time was asked for, or that was decided.
fn extended_at(request: &Request) -> Option<Moment> {
    let extension = request.state.reception()?.extension.as_ref()?;
    Some(match &extension.decision {
        ExtensionDecision::Awaited => extension.asked.at,
        ExtensionDecision::Granted { notified, .. } | ExtensionDecision::Refused { notified, .. } => *notified,
    })
}

/// When something last came of the delivery.
fn delivery_at(request: &Request) -> Option<Moment> {
    let delivery = request.state.delivery()?;
    let settled = delivery.settled.as_ref().map(|settled| match settled {
        DeliverySettled::Confirmed(by) => by.at,
        DeliverySettled::Presumed { at } | DeliverySettled::Lapsed { at } => *at,
    });
    settled.max(delivery.first).max(delivery.objection.as_ref().map(|objection| objection.by.at))
}

/// When the reply is due, while its clock runs.
fn due(request: &Request) -> Option<Moment> {
    let running = request.state.closed_at().is_none();
    request.state.reception().filter(|_| running).map(|reception| reception.running().due)
}

/// When the delivery is due, while its clock runs.
fn delivery_due(request: &Request) -> Option<Moment> {
    request.state.delivery().filter(|delivery| delivery.settled.is_none()).map(|delivery| delivery.clock.due)
}
