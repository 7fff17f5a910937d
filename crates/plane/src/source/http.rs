//! An existing HTTP service that answers in JSON, as one table: proxied under the same grant.
//!
//! The service is asked for as much as it can narrow itself (equality on declared parameters); its pages are fetched
//! within bounds, and conditions, order and limit are applied here, with the comparisons of the enforcement. What does
//! not fit the described structure is refused, and nothing of what the service said is passed on in an error.

mod answer;
mod client;
pub(crate) mod service;

use super::{
    ColumnStructure, SourceError, SourceSettings, Structure, TableStructure,
    describe::{Described, FileIdentity, Native, PhysicalColumn, PhysicalTable},
    kind::Source,
    sql::{Dialect, ScanRequest, TypedTest, quote},
    sqlite::GATHERED_BYTES_MAX,
    tabular::infer,
    turns::{Turns, Whose},
};
use crate::{enforcement::satisfies, value::Value};
use answer::{Answer, Pointer, Reading, read_row, sampled};
use async_trait::async_trait;
use client::{Client, Parameter};
use serde_json::{Value as Json, json, value::RawValue};
use service::{HttpLogin, HttpService, Paging};
use std::{
    cmp::Ordering,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, timeout_at};

/// The service is asked for a sample again after this long.
const SAMPLE_FRESH: Duration = Duration::from_secs(30);

/// Whether the service may be connected: what was said of it can be, and its hosts are on the list.
///
/// # Errors
/// [`SourceError::Misdescribed`], [`SourceError::NotAllowed`].
pub(super) fn allowed(settings: &SourceSettings, service: &HttpService) -> Result<(), SourceError> {
    service.check()?;
    let mut urls = vec![service.url()?];
    if let HttpLogin::ClientCredentials { token_url, .. } = &service.login {
        urls.extend(service::address(token_url));
    }
    let listed = urls.iter().all(|url| client::is_listed(url, &settings.http_hosts));
    if listed { Ok(()) } else { Err(SourceError::NotAllowed) }
}

/// A service.
pub(crate) struct HttpSource {
    service: HttpService,
    settings: Arc<SourceSettings>,
    turns: Turns,
    client: Mutex<Option<Arc<Client>>>,
}

impl HttpSource {
    /// The service; it is not called yet.
    pub(crate) fn new(service: HttpService, settings: Arc<SourceSettings>) -> Self {
        let turns = Turns::new(settings.calls_max);
        Self { service, settings, turns, client: Mutex::new(None) }
    }

    /// Does one piece of work within the time of a query. A slow source fills its own permits and nobody else's.
    async fn patiently<T>(
        &self,
        whose: Whose,
        work: impl Future<Output = Result<T, SourceError>>,
    ) -> Result<T, SourceError> {
        let end = Instant::now() + self.settings.query_timeout;
        let _turn = timeout_at(end, self.turns.turn(whose)).await.map_err(|_| SourceError::Slow)??;
        let answered = timeout_at(end, work).await.unwrap_or(Err(SourceError::Slow));
        if matches!(answered, Err(SourceError::Unreachable)) {
            *self.client.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        answered
    }

    async fn client(&self) -> Result<Arc<Client>, SourceError> {
        let known = self.client.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(client) = known {
            return Ok(client);
        }
        let client = Arc::new(Client::connect(&self.service, &self.settings).await?);
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = Some(client.clone());
        Ok(client)
    }

    /// The table as the sample shows it, held against what was declared.
    async fn sample(&self) -> Result<TableStructure, SourceError> {
        let service = &self.service;
        let mut pages = Pages::new(service, &self.settings, Vec::new())?;
        let client = self.client().await?;
        let body = pages.next(&client).await?.ok_or(SourceError::Failed)?;
        let rows = Answer::of(&body)?.rows(&pages.rows)?;
        let columns = if service.columns.is_empty() { inferred(&rows)? } else { declared(service, &rows)? };
        infer::not_too_wide(&service.table, columns.len())?;
        let known = |name: &String| columns.iter().any(|column| column.name == *name);
        if !service.key.iter().all(known) {
            return Err(SourceError::Misdescribed { field: "key" });
        }
        if !service.parameters.iter().all(|parameter| known(&parameter.column)) {
            return Err(SourceError::Misdescribed { field: "parameters" });
        }
        let (name, key) = (service.table.clone(), service.key.clone());
        Ok(TableStructure { name, rows_estimate: None, columns, key })
    }

    /// Fetches, narrows, orders and cuts.
    async fn fetch(&self, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
        let client = self.client().await?;
        let described = request.plan.described();
        let readings: Vec<Reading> = request
            .columns
            .iter()
            .map(|at| {
                let column = request.plan.columns.get(*at).ok_or(SourceError::Failed)?;
                let changed = || SourceError::Changed { what: column.name.clone() };
                let table = described.structure.table(&self.service.table).ok_or_else(changed)?;
                let found = table.columns.iter().find(|found| found.name == column.name).ok_or_else(changed)?;
                let pointer = Pointer::parse(&found.native_type).ok_or_else(changed)?;
                Ok(Reading { name: column.name.clone(), pointer, item_type: column.item_type })
            })
            .collect::<Result<_, SourceError>>()?;
        let place = |column: usize| request.columns.iter().position(|at| *at == column).ok_or(SourceError::Failed);
        let key: Vec<usize> = request.plan.key.iter().map(|at| place(*at)).collect::<Result<_, _>>()?;
        let tests: Vec<(usize, &TypedTest)> = request
            .conditions
            .iter()
            .map(|condition| Ok((place(condition.column)?, &condition.test)))
            .collect::<Result<_, SourceError>>()?;
        let decides = |at: usize| key.contains(&at) || tests.iter().any(|(tested, _)| *tested == at);
        let mut gathered = Gathered { rows: Vec::new(), weight: 0 };
        let mut pages = Pages::new(&self.service, &self.settings, self.narrowed(request))?;
        while let Some(body) = pages.next(&client).await? {
            for row in pages.rows_of(&body)? {
                let (row, misfit) = read_row(row, &readings)?;
                // Whether the row is wanted at all cannot be told then.
                if let Some(at) = misfit.iter().find(|at| decides(**at)) {
                    return Err(SourceError::CellType { column: readings[*at].name.clone() });
                }
                if !key.is_empty() && key.iter().any(|at| row[*at].is_null()) {
                    return Err(SourceError::KeyNotUnique);
                }
                let is_after = request.after.is_none_or(|after| by_key(&row, &key, after).is_gt());
                if is_after && tests.iter().all(|(at, test)| satisfies(&row[*at], test)) {
                    gathered.take(row, misfit.first().copied())?;
                }
            }
            // Without a key there is no order to wait for.
            if key.is_empty() && gathered.rows.len() >= request.limit as usize {
                break;
            }
        }
        let mut rows = gathered.rows;
        if !key.is_empty() {
            let own = |row: &Vec<Value>| key.iter().map(|at| row[*at].clone()).collect::<Vec<_>>();
            rows.sort_by(|(a, _), (b, _)| by_key(a, &key, &own(b)));
            if rows.windows(2).any(|pair| by_key(&pair[0].0, &key, &own(&pair[1].0)).is_eq()) {
                return Err(SourceError::KeyNotUnique);
            }
        }
        rows.truncate(request.limit as usize);
        // A cell that does not fit is of account only in a row that is asked for.
        match rows.iter().find_map(|(_, misfit)| *misfit) {
            Some(at) => Err(SourceError::CellType { column: readings[at].name.clone() }),
            None => Ok(rows.into_iter().map(|(row, _)| row).collect()),
        }
    }

    /// What the service can narrow itself: equality on columns that it takes as parameters.
    fn narrowed(&self, request: &ScanRequest<'_>) -> Vec<Parameter> {
        let mut narrowed: Vec<Parameter> = Vec::new();
        for condition in request.conditions {
            let value = match &condition.test {
                TypedTest::Equals(value) => value,
                TypedTest::OneOf(values) if values.len() == 1 => &values[0],
                _ => continue,
            };
            let name = &request.plan.columns[condition.column].name;
            let Some(taken) = self.service.parameters.iter().find(|parameter| parameter.column == *name) else {
                continue;
            };
            // Two conditions on one column: the second is left to us, as all of them are in the end.
            if !narrowed.iter().any(|(known, _)| *known == taken.parameter) {
                narrowed.push((taken.parameter.clone(), parameter_value(value)));
            }
        }
        narrowed
    }
}

#[async_trait]
impl Source for HttpSource {
    fn fresh(&self) -> Duration {
        SAMPLE_FRESH
    }

    async fn describe(&self, known: Option<Arc<Described>>) -> Result<Arc<Described>, SourceError> {
        let table = self.patiently(None, self.sample()).await?;
        let physical = |column: &ColumnStructure| {
            let quoted = quote(&column.name);
            let read = PhysicalColumn { quoted, native: Native::Declared, item_type: column.item_type };
            (column.name.clone(), read)
        };
        let columns = table.columns.iter().map(physical).collect();
        let tables = HashMap::from([(table.name.clone(), PhysicalTable { quoted: quote(&table.name), columns })]);
        let found = Described {
            structure: Structure::of(vec![table], None),
            tables,
            dialect: Dialect::NUMBERED,
            edition: Described::next_edition(known.as_deref()),
            file: None,
            identity: FileIdentity::default(),
            schema_version: 0,
        };
        Ok(known.filter(|known| known.is_as(&found)).unwrap_or_else(|| Arc::new(found)))
    }

    async fn probe(&self, _described: &Described) -> Result<(), SourceError> {
        self.patiently(None, self.sample()).await.map(|_| ())
    }

    async fn scan(&self, request: &ScanRequest<'_>) -> Result<Vec<Vec<Value>>, SourceError> {
        self.patiently(request.whose, self.fetch(request)).await
    }
}

/// Rows that passed, each with the place of a cell that does not fit, if there is one, and their weight.
struct Gathered {
    rows: Vec<(Vec<Value>, Option<usize>)>,
    weight: usize,
}

impl Gathered {
    fn take(&mut self, row: Vec<Value>, misfit: Option<usize>) -> Result<(), SourceError> {
        self.weight += row.iter().map(Value::weight).sum::<usize>();
        if self.weight > GATHERED_BYTES_MAX {
            return Err(SourceError::TooLarge);
        }
        self.rows.push((row, misfit));
        Ok(())
    }
}

/// The pages of one call, one after another, within the bounds.
struct Pages<'a> {
    service: &'a HttpService,
    settings: &'a SourceSettings,
    narrowed: Vec<Parameter>,
    rows: Pointer,
    fetched: u32,
    bytes_left: u64,
    rows_seen: u64,
    /// The word for the next page.
    cursor: Option<String>,
    ended: bool,
}

impl<'a> Pages<'a> {
    fn new(
        service: &'a HttpService,
        settings: &'a SourceSettings,
        narrowed: Vec<Parameter>,
    ) -> Result<Self, SourceError> {
        let rows = Pointer::parse(&service.rows).ok_or(SourceError::Misdescribed { field: "rows" })?;
        let bytes_left = settings.http_bytes_max;
        Ok(Self { service, settings, narrowed, rows, fetched: 0, bytes_left, rows_seen: 0, cursor: None, ended: false })
    }

    /// The next page's body; `None` after the last.
    async fn next(&mut self, client: &Client) -> Result<Option<Vec<u8>>, SourceError> {
        if self.ended {
            return Ok(None);
        }
        if self.fetched == self.settings.http_pages_max {
            return Err(SourceError::TooManyRows { limit: self.rows_seen });
        }
        let mut parameters = self.narrowed.clone();
        match &self.service.paging {
            Paging::None => {}
            Paging::Offset { offset, limit, size } => {
                parameters.extend([(offset.clone(), json!(self.rows_seen)), (limit.clone(), json!(size))]);
            }
            Paging::Page { page, limit, size, first } => {
                let number = u64::from(*first) + u64::from(self.fetched);
                parameters.extend([(page.clone(), json!(number)), (limit.clone(), json!(size))]);
            }
            Paging::Cursor { cursor, .. } => {
                parameters.extend(self.cursor.iter().map(|word| (cursor.clone(), json!(word))));
            }
        }
        let body = client.call(self.service, &parameters, self.bytes_left).await?;
        self.fetched += 1;
        self.bytes_left = self.bytes_left.saturating_sub(body.len() as u64);
        Ok(Some(body))
    }

    /// The page's rows; finds out whether more follow.
    fn rows_of<'b>(&mut self, body: &'b [u8]) -> Result<Vec<&'b RawValue>, SourceError> {
        let answer = Answer::of(body)?;
        let rows = answer.rows(&self.rows)?;
        self.rows_seen += rows.len() as u64;
        if self.rows_seen > self.settings.http_rows_max {
            return Err(SourceError::TooManyRows { limit: self.settings.http_rows_max });
        }
        self.ended = match &self.service.paging {
            Paging::None => true,
            // A short page proves nothing: a service may give out fewer rows than were asked for.
            Paging::Offset { .. } | Paging::Page { .. } => rows.is_empty(),
            Paging::Cursor { next, .. } => {
                let next = Pointer::parse(next).ok_or(SourceError::Misdescribed { field: "paging" })?;
                let word = answer.next(&next)?;
                // The same word again would go round for ever.
                if word.is_some() && word == self.cursor {
                    return Err(SourceError::Changed { what: "cursor".to_owned() });
                }
                self.cursor = word;
                self.cursor.is_none()
            }
        };
        Ok(rows)
    }
}

/// The order of a row by its key, against key values. No key value is null here.
fn by_key(row: &[Value], key: &[usize], other: &[Value]) -> Ordering {
    let orders = key.iter().zip(other).map(|(at, other)| row[*at].compare(other).unwrap_or(Ordering::Equal));
    orders.fold(Ordering::Equal, Ordering::then)
}

fn parameter_value(value: &Value) -> Json {
    match value {
        Value::Integer(number) => json!(number),
        Value::Boolean(yes) => json!(yes),
        other => json!(other.written().unwrap_or_default()),
    }
}

/// The columns of a sample.
fn inferred(rows: &[&RawValue]) -> Result<Vec<ColumnStructure>, SourceError> {
    let members = sampled(rows)?;
    let nothing = SourceError::Misdescribed { field: "columns" };
    let names = infer::names(members.iter().map(|(name, _)| name.as_str())).ok_or(nothing.clone())?;
    let column = |(name, (member, item_type)): (String, &(String, _))| ColumnStructure {
        name,
        item_type: *item_type,
        nullable: true,
        native_type: Pointer::to_member(member),
    };
    let columns: Vec<_> = names.into_iter().zip(&members).map(column).collect();
    if columns.is_empty() { Err(nothing) } else { Ok(columns) }
}

/// The columns as they were declared, and the sample's rows fit them.
fn declared(service: &HttpService, rows: &[&RawValue]) -> Result<Vec<ColumnStructure>, SourceError> {
    let wrong = || SourceError::Misdescribed { field: "columns" };
    let (mut columns, mut readings) = (Vec::new(), Vec::new());
    for column in &service.columns {
        let item_type = column.item_type.parse().map_err(|_| wrong())?;
        let (name, native_type) = (column.name.clone(), column.pointer.clone());
        let pointer = Pointer::parse(&native_type).ok_or_else(wrong)?;
        readings.push(Reading { name: name.clone(), pointer, item_type });
        columns.push(ColumnStructure { name, item_type, nullable: !service.key.contains(&column.name), native_type });
    }
    let mut found = vec![rows.is_empty(); readings.len()];
    for row in rows {
        for (found, reading) in found.iter_mut().zip(&readings) {
            *found |= answer::has(row, reading);
        }
        if let Some(at) = read_row(row, &readings)?.1.first() {
            return Err(SourceError::CellType { column: readings[*at].name.clone() });
        }
    }
    // A member that no row has any more was renamed or taken away; an empty value would say something else.
    match found.iter().position(|found| !found) {
        Some(gone) => Err(SourceError::Changed { what: readings[gone].name.clone() }),
        None => Ok(columns),
    }
}
