//! The one place where a query meets a grant, and where what came back is held against the grant again.
//!
//! INVARIANT (one-enforcement-point): only [`restrict`] makes a [`RestrictedQuery`], only a `RestrictedQuery` checks
//! rows into [`CheckedRows`], only those are masked, and only masked rows are encoded. The types leave no other way.

use crate::{
    compiled::{CompiledGrant, typed},
    problem::{ProblemCode, Refused},
    query::{ROWS_PER_CALL_MAX, ROWS_PER_PAGE_MAX, TypedQuery},
    source::{ScanRequest, SourceError, TablePlan, TypedCondition, TypedTest},
    value::Value,
};
use serde_json::Value as Json;
use shuqiao_crypto::token::{Caller, Claims};
use shuqiao_vocabulary::{Condition, ItemType, Mask, Moment, SharingMethod};
use std::{cmp::Ordering, sync::Arc};

/// A query cut down to what the grant allows this caller now.
pub(crate) struct RestrictedQuery {
    grant: Arc<CompiledGrant>,
    /// Positions of the granted items that will be delivered, in order.
    items: Vec<usize>,
    /// The grant's conditions and the query's, all of which must hold.
    conditions: Vec<TypedCondition>,
    /// How many of the conditions are the grant's.
    granted_conditions: usize,
    limit: u32,
    /// Rows asked for beyond the limit, to see whether there are more: one, or none.
    beyond: u32,
    /// Whether the keys of the rows are handed out with them.
    keep_keys: bool,
    /// For whom the source works.
    caller: Option<Caller>,
    /// Whether what comes back is held against the conditions again; off only on the floor of a benchmark.
    checked: bool,
}

/// Rows that satisfy the grant, not yet masked.
pub(crate) struct CheckedRows {
    pub(crate) grant: Arc<CompiledGrant>,
    pub(crate) items: Vec<usize>,
    pub(crate) rows: Vec<Vec<Value>>,
    /// Key of the last row, when there are more.
    pub(crate) last_key: Option<Vec<Value>>,
    /// The key of each row, when they were asked for. They may hold what a mask hides and never leave.
    pub(crate) keys: Vec<Vec<Value>>,
}

/// What the caller may have of what was asked, or why not. The only way from a query to a source.
///
/// # Errors
/// The first reason that stands against it, from the caller to the rows.
pub(crate) fn restrict(
    grant: &Arc<CompiledGrant>,
    query: &TypedQuery,
    caller: &Claims,
    method: SharingMethod,
    now: Moment,
) -> Result<RestrictedQuery, Refused> {
    let terms = &grant.terms;
    let ask = |refused: Refused| refused.asking_at(&terms.request_url);
    restrict_caller(grant, &query.purpose, caller, method, now)?;
    let filter = grant.filter.as_ref().ok_or_else(|| Refused::new(ProblemCode::GrantUnusable))?;
    let items = restrict_items(grant, query).map_err(ask)?;
    let mut conditions = filter.clone();
    conditions.extend(restrict_conditions(grant, query)?);
    // In bulk all rows of the grant flow, in pages; what bounds them is the day's count.
    let granted_rows = match method {
        SharingMethod::ServiceInterface => terms.rows_per_call.min(ROWS_PER_CALL_MAX),
        SharingMethod::BatchExchange | SharingMethod::FileDownload => ROWS_PER_PAGE_MAX,
    };
    let limit = query.limit.unwrap_or(granted_rows);
    if limit > granted_rows || granted_rows == 0 {
        return Err(ask(Refused::new(ProblemCode::LimitTooLarge).with("limit", limit).with("granted", granted_rows)));
    }
    Ok(RestrictedQuery {
        grant: grant.clone(),
        items,
        conditions,
        granted_conditions: filter.len(),
        limit,
        beyond: 1,
        keep_keys: false,
        caller: Some(caller.caller),
        checked: true,
    })
}

/// Whether there is a row with all these values (核验): nothing of any row is delivered, only yes or no. Items that may
/// only be verified may be asked about here, and nowhere else.
///
/// # Errors
/// The first reason that stands against it, from the caller to the values.
pub(crate) fn restrict_verification(
    grant: &Arc<CompiledGrant>,
    purpose: &str,
    subject: &[Condition],
    caller: &Claims,
    now: Moment,
) -> Result<RestrictedQuery, Refused> {
    restrict_caller(grant, purpose, caller, SharingMethod::ServiceInterface, now)?;
    let filter = grant.filter.as_ref().ok_or_else(|| Refused::new(ProblemCode::GrantUnusable))?;
    let mut conditions = filter.clone();
    for condition in subject {
        conditions.push(restrict_condition(grant, condition, |mask| *mask == Mask::VerifyOnly)?);
    }
    let granted_conditions = filter.len();
    Ok(RestrictedQuery {
        grant: grant.clone(),
        items: Vec::new(),
        conditions,
        granted_conditions,
        limit: 1,
        beyond: 1,
        keep_keys: false,
        caller: Some(caller.caller),
        checked: true,
    })
}

/// What the grant says of caller, period, purpose and way.
fn restrict_caller(
    grant: &CompiledGrant,
    purpose: &str,
    caller: &Claims,
    method: SharingMethod,
    now: Moment,
) -> Result<(), Refused> {
    let terms = &grant.terms;
    let ask = |refused: Refused| refused.asking_at(&terms.request_url);
    let for_other_grant = caller.grant.is_some_and(|only| only != terms.id);
    if caller.organisation != terms.requester || for_other_grant {
        return Err(Refused::new(ProblemCode::GrantMissing));
    }
    if let Caller::System(system) = caller.caller
        && !terms.systems.contains(&system)
    {
        return Err(ask(Refused::new(ProblemCode::SystemNotNamed)));
    }
    if now < terms.valid_from {
        return Err(Refused::new(ProblemCode::GrantNotStarted).with("from", terms.valid_from.to_string()));
    }
    if now > terms.valid_until {
        let refused = Refused::new(ProblemCode::GrantExpired).with("until", terms.valid_until.to_string());
        return Err(ask(refused));
    }
    if purpose != terms.purpose {
        return Err(ask(Refused::new(ProblemCode::PurposeMismatch).with("granted", terms.purpose.as_str())));
    }
    if !terms.methods.contains(&method) {
        return Err(ask(Refused::new(ProblemCode::MethodNotGranted).with("method", method.as_str())));
    }
    Ok(())
}

fn restrict_items(grant: &CompiledGrant, query: &TypedQuery) -> Result<Vec<usize>, Refused> {
    let asked = query.items.iter().chain(query.conditions.iter().map(|condition| &condition.item));
    let mut outside: Vec<Json> = Vec::new();
    for name in asked.filter(|name| grant.item(name).is_none()) {
        let name = Json::from(name.as_str());
        if !outside.contains(&name) {
            outside.push(name);
        }
    }
    if !outside.is_empty() {
        return Err(Refused::new(ProblemCode::ItemNotGranted).with("items", outside));
    }
    let deliverable = |at: &usize| grant.terms.items[*at].mask != Some(Mask::VerifyOnly);
    if query.items.is_empty() {
        let all: Vec<usize> = (0..grant.terms.items.len()).filter(deliverable).collect();
        return if all.is_empty() { Err(Refused::new(ProblemCode::ItemVerifyOnly)) } else { Ok(all) };
    }
    let items: Vec<usize> = query.items.iter().filter_map(|name| grant.item(name)).collect();
    match items.iter().find(|at| !deliverable(at)) {
        Some(at) => Err(Refused::new(ProblemCode::ItemVerifyOnly).with("item", grant.terms.items[*at].name.as_str())),
        None => Ok(items),
    }
}

fn restrict_conditions(grant: &CompiledGrant, query: &TypedQuery) -> Result<Vec<TypedCondition>, Refused> {
    query.conditions.iter().map(|condition| restrict_condition(grant, condition, |_| false)).collect()
}

fn restrict_condition(
    grant: &CompiledGrant,
    condition: &Condition,
    may_ask: impl Fn(&Mask) -> bool,
) -> Result<TypedCondition, Refused> {
    let about = |code| Refused::new(code).with("item", condition.item.as_str());
    let Some(at) = grant.item(&condition.item) else {
        return Err(about(ProblemCode::ItemNotGranted).asking_at(&grant.terms.request_url));
    };
    let item = &grant.terms.items[at];
    // The same column may also be granted under another name without its mask; the item asked about decides.
    if item.mask.as_ref().is_some_and(|mask| !may_ask(mask)) {
        return Err(about(ProblemCode::ConditionOnMaskedItem));
    }
    let test = typed(condition, item.item_type)
        .ok_or_else(|| about(ProblemCode::ConditionTypeMismatch).with("item_type", item.item_type.as_str()))?;
    Ok(TypedCondition { column: grant.item_columns[at], test })
}

impl RestrictedQuery {
    /// The grant with nothing held against it: the floor that a benchmark measures governance by.
    #[cfg(feature = "bench-floor")]
    pub(crate) fn unrestricted(grant: &Arc<CompiledGrant>, query: &TypedQuery) -> Result<Self, Refused> {
        Ok(Self {
            grant: grant.clone(),
            items: restrict_items(grant, query)?,
            conditions: restrict_conditions(grant, query)?,
            granted_conditions: 0,
            limit: query.limit.unwrap_or(ROWS_PER_CALL_MAX),
            beyond: 1,
            keep_keys: false,
            caller: None,
            checked: false,
        })
    }

    /// Rows at most.
    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    /// Cuts the limit down to what is left of the day.
    pub(crate) fn limit_to(&mut self, rows: u64) {
        self.limit = self.limit.min(u32::try_from(rows).unwrap_or(u32::MAX));
    }

    /// Hands out the key of each row with the rows.
    pub(crate) fn keep_keys(&mut self) {
        self.keep_keys = true;
    }

    /// Asks for no row beyond the limit: what is wrong with the next row is then of no account to these.
    pub(crate) fn not_beyond(&mut self) {
        self.beyond = 0;
    }

    /// Asks for no item at all, only for what the conditions and the key need.
    pub(crate) fn without_items(&mut self) {
        self.items.clear();
    }

    /// The query's own conditions, which a cursor is bound to.
    pub(crate) fn own_conditions(&self) -> &[TypedCondition] {
        &self.conditions[self.granted_conditions..]
    }

    /// Names of the items that will be delivered.
    pub(crate) fn item_names(&self) -> impl Iterator<Item = &shuqiao_vocabulary::ItemName> {
        self.items.iter().map(|at| &self.grant.terms.items[*at].name)
    }

    /// The columns to fetch: those of the items first and in order, then what the check and the key need.
    pub(crate) fn columns(&self, plan: &TablePlan) -> Vec<usize> {
        let mut columns: Vec<usize> = self.items.iter().map(|at| self.grant.item_columns[*at]).collect();
        for column in self.conditions.iter().map(|condition| condition.column).chain(plan.key.iter().copied()) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns
    }

    /// What the source is asked: as a rule one row more than the limit, to see whether there are more.
    pub(crate) fn request<'a>(
        &'a self,
        plan: &'a TablePlan,
        columns: &'a [usize],
        after: Option<&'a [Value]>,
    ) -> ScanRequest<'a> {
        ScanRequest {
            plan,
            columns,
            conditions: &self.conditions,
            after,
            limit: self.limit.saturating_add(self.beyond),
            whose: self.caller,
        }
    }

    /// Holds what the source answered against the grant once more: width, types, every condition, the key, the count.
    /// A source, its driver or the building of the statement may be wrong; what does not pass does not leave.
    ///
    /// # Errors
    /// `answer_check_failed`, or what is wrong with the key.
    pub(crate) fn check(
        self,
        plan: &TablePlan,
        columns: &[usize],
        mut rows: Vec<Vec<Value>>,
    ) -> Result<CheckedRows, Refused> {
        let key = self.held(plan, columns, &rows)?;
        let more = rows.len() > self.limit as usize;
        if more && key.is_empty() {
            return Err(SourceError::KeyMissing.into());
        }
        rows.truncate(self.limit as usize);
        let key_of = |row: &Vec<Value>| -> Vec<Value> { key.iter().map(|at| row[*at].clone()).collect() };
        let last_key = rows.last().filter(|_| more).map(key_of);
        let keys = if self.keep_keys { rows.iter().map(key_of).collect() } else { Vec::new() };
        for row in &mut rows {
            row.truncate(self.items.len());
        }
        Ok(CheckedRows { grant: self.grant, items: self.items, rows, last_key, keys })
    }

    /// Whether the source has found a row, once what it answered has been held against the grant like every answer.
    ///
    /// # Errors
    /// As [`RestrictedQuery::check`].
    pub(crate) fn found(&self, plan: &TablePlan, columns: &[usize], rows: &[Vec<Value>]) -> Result<bool, Refused> {
        self.held(plan, columns, rows).map(|_| !rows.is_empty())
    }

    /// Holds rows against the grant; the places of the key in them.
    fn held(&self, plan: &TablePlan, columns: &[usize], rows: &[Vec<Value>]) -> Result<Vec<usize>, Refused> {
        let failed = |what: &str| Refused::new(ProblemCode::AnswerCheckFailed).with("what", what);
        let place = |column: &usize| columns.iter().position(|fetched| fetched == column);
        let key: Option<Vec<usize>> = plan.key.iter().map(place).collect();
        let tests: Option<Vec<(usize, &TypedTest)>> =
            self.conditions.iter().map(|c| Some((place(&c.column)?, &c.test))).collect();
        let (Some(key), Some(tests)) = (key, tests) else {
            return Err(failed("columns"));
        };
        if rows.len() > self.limit as usize + 1 {
            return Err(failed("rows"));
        }
        if self.checked {
            let types: Vec<ItemType> = columns.iter().map(|at| plan.columns[*at].item_type).collect();
            for row in rows {
                if row.len() != types.len() || row.iter().zip(&types).any(|(value, wanted)| !value.fits(*wanted)) {
                    return Err(failed("types"));
                }
                if !tests.iter().all(|(at, test)| satisfies(&row[*at], test)) {
                    return Err(failed("conditions"));
                }
            }
            check_key(rows, &key)?;
        }
        Ok(key)
    }
}

/// Paging by a key that is empty or names two rows would lose rows without anybody noticing.
fn check_key(rows: &[Vec<Value>], key: &[usize]) -> Result<(), Refused> {
    if key.is_empty() {
        return Ok(());
    }
    let empty = rows.iter().any(|row| key.iter().any(|at| row[*at].is_null()));
    let double = rows.windows(2).any(|pair| key.iter().all(|at| pair[0][*at] == pair[1][*at]));
    if empty || double { Err(SourceError::KeyNotUnique.into()) } else { Ok(()) }
}

/// Whether a value satisfies a test. Null satisfies none.
pub(crate) fn satisfies(value: &Value, test: &TypedTest) -> bool {
    let compared = |other: &Value| value.compare(other);
    match test {
        TypedTest::Equals(wanted) => compared(wanted) == Some(Ordering::Equal),
        TypedTest::OneOf(wanted) => wanted.iter().any(|wanted| compared(wanted) == Some(Ordering::Equal)),
        TypedTest::Between { from, to } => {
            let above = from.as_ref().is_none_or(|from| compared(from).is_some_and(Ordering::is_ge));
            let below = to.as_ref().is_none_or(|to| compared(to).is_some_and(Ordering::is_le));
            !value.is_null() && above && below
        }
        TypedTest::StartsWith(prefix) => matches!(value, Value::Text(text) if text.starts_with(prefix.as_str())),
    }
}
