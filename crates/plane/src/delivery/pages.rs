//! All rows that a grant gives for one query, page by page in the order of the key.
//!
//! Every page goes through the one enforcement point anew (INVARIANT one-enforcement-point), with the book as it is by
//! then: a grant that is revoked, changed or expired in the midst of a long delivery ends it, and a plane without a
//! fresh book delivers no further page. Memory holds one page.

use crate::{
    compiled::CompiledGrant,
    enforcement::{CheckedRows, RestrictedQuery, restrict},
    mask::MaskedRows,
    meter::ReservedRows,
    plane::Plane,
    problem::{ProblemCode, Refused},
    query::{ROWS_PER_PAGE_MAX, TypedQuery},
    source::SourceError,
    value::Value,
};
use shuqiao_crypto::token::Claims;
use shuqiao_vocabulary::{Moment, SharingMethod, id::GrantId};
use std::sync::Arc;

mod sift;

pub(crate) use sift::{BadRow, Sifted};

/// What is delivered in bulk, to whom, in which way.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// Under which grant.
    pub(crate) grant: GrantId,
    /// What of it; without limit and cursor.
    pub(crate) query: TypedQuery,
    /// For whom.
    pub(crate) caller: Claims,
    /// The way of sharing, which the grant must allow.
    pub(crate) method: SharingMethod,
}

impl Order {
    /// The order as the book of now allows it, and the grant in that book.
    ///
    /// # Errors
    /// What stands against it by now; `grant_changed` when the grant is no longer the one that the delivery was begun with.
    pub(crate) fn allowed(
        &self,
        plane: &Plane,
        begun_with: &Arc<CompiledGrant>,
        now: Moment,
    ) -> Result<(Arc<CompiledGrant>, RestrictedQuery), Refused> {
        let grant = plane.live_grant(&self.grant, now)?;
        if !Arc::ptr_eq(&grant, begun_with) && grant.terms != begun_with.terms {
            return Err(Refused::new(ProblemCode::GrantChanged));
        }
        let restricted = restrict(&grant, &self.query, &self.caller, self.method, now)?;
        Ok((grant, restricted))
    }
}

/// The pages of an order.
pub(crate) struct Pages {
    plane: Arc<Plane>,
    order: Order,
    /// The grant as it was at the beginning: one delivery is not made under two versions of it.
    grant: Arc<CompiledGrant>,
    position: Position,
    rows_per_page: u32,
}

enum Position {
    /// Before the first row, or after the row with this key.
    After(Option<Vec<Value>>),
    End,
}

/// One page, ready to leave once it is recorded.
pub(crate) struct Page {
    /// Its rows, masked.
    pub(crate) rows: MaskedRows,
    /// The rows of the day set aside for it; given back unless they are kept.
    pub(crate) reserved: ReservedRows,
    /// The key of its last row, when there are more. It may hold what a mask hides: it never leaves unsealed.
    pub(crate) last_key: Option<Vec<Value>>,
}

impl Pages {
    /// The pages of an order from its beginning, or after the row with this key.
    ///
    /// # Errors
    /// What stands against the order already now.
    pub(crate) fn of(plane: &Arc<Plane>, order: Order, after: Option<Vec<Value>>) -> Result<Self, Refused> {
        let grant = plane.live_grant(&order.grant, plane.now())?;
        restrict(&grant, &order.query, &order.caller, order.method, plane.now())?;
        Ok(Self {
            plane: plane.clone(),
            order,
            grant,
            position: Position::After(after),
            rows_per_page: ROWS_PER_PAGE_MAX,
        })
    }

    /// At most this many rows a page.
    #[must_use]
    pub(crate) fn of_rows(mut self, rows: u32) -> Self {
        self.rows_per_page = rows.clamp(1, ROWS_PER_PAGE_MAX);
        self
    }

    /// The grant that is delivered under.
    pub(crate) fn grant(&self) -> &Arc<CompiledGrant> {
        &self.grant
    }

    /// The next page; `None` after the last. Of an order without rows there is one page, and it is empty.
    ///
    /// # Errors
    /// What stands against it by now, or what is wrong with the source. Asked again, the same page is tried again.
    pub(crate) async fn next(&mut self) -> Result<Option<Page>, Refused> {
        let Position::After(after) = &self.position else {
            return Ok(None);
        };
        let after = after.clone();
        loop {
            match self.page(after.as_deref()).await {
                Err(refused) if refused.code == ProblemCode::AnswerTooLarge && self.rows_per_page > 1 => {
                    // Wide rows: fewer of them fit into memory at a time.
                    self.rows_per_page /= 4;
                    self.rows_per_page = self.rows_per_page.max(1);
                }
                Err(refused) => return Err(refused),
                Ok(page) => {
                    self.position = match &page.last_key {
                        Some(key) => Position::After(Some(key.clone())),
                        None => Position::End,
                    };
                    return Ok(Some(page));
                }
            }
        }
    }

    async fn page(&self, after: Option<&[Value]>) -> Result<Page, Refused> {
        let now = self.plane.now();
        let (grant, mut restricted) = self.restricted(now)?;
        // What bytes a page comes to is known when it is written; with none left it is not fetched.
        drop(self.plane.bytes_of_day(&grant, now, 0)?);
        let reserved = grant.rows_of_day(now, u64::from(restricted.limit()))?;
        restricted.limit_to(reserved.rows());
        let checked = self.checked(&grant, restricted, after).await?;
        let last_key = checked.last_key.clone();
        Ok(Page { rows: checked.mask()?, reserved, last_key })
    }

    /// The order as the book of now allows it, for one page, and the grant in that book.
    fn restricted(&self, now: Moment) -> Result<(Arc<CompiledGrant>, RestrictedQuery), Refused> {
        let (grant, mut restricted) = self.order.allowed(&self.plane, &self.grant, now)?;
        restricted.limit_to(u64::from(self.rows_per_page));
        Ok((grant, restricted))
    }

    /// What the source gives for it, held against the grant.
    async fn checked(
        &self,
        grant: &CompiledGrant,
        restricted: RestrictedQuery,
        after: Option<&[Value]>,
    ) -> Result<CheckedRows, Refused> {
        let (source, plan) = grant.plan(self.plane.sources()).await?;
        if plan.key.is_empty() && after.is_some() {
            return Err(SourceError::KeyMissing.into());
        }
        let columns = restricted.columns(&plan);
        let found = source.scan(&restricted.request(&plan, &columns, after)).await?;
        restricted.check(&plan, &columns, found)
    }
}

impl CompiledGrant {
    /// Sets aside up to this many of the rows that the grant allows on the legal day.
    ///
    /// # Errors
    /// `daily_rows_exceeded`, with the seconds until the day ends.
    pub(crate) fn rows_of_day(&self, now: Moment, wanted: u64) -> Result<ReservedRows, Refused> {
        let per_day = self.terms.rows_per_day;
        self.meter.reserve(now.date(), wanted, per_day).ok_or_else(|| {
            Refused::new(ProblemCode::DailyRowsExceeded).with("limit", per_day).again_after(seconds_left(now))
        })
    }
}

/// Seconds until the legal day is over.
pub(crate) fn seconds_left(now: Moment) -> u64 {
    let end = Moment::end_of_day(now.date());
    ((end.microseconds() - now.microseconds()) / 1_000_000 + 1).unsigned_abs()
}
