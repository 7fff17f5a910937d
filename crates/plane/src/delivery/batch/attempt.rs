//! One attempt of a run, from where the target's ledger stands: chunk by chunk, then the count of both sides, then the
//! switch. Whatever the await at which it is dropped, a chunk and its ledger row are both in the target, or neither is.

use super::{
    Batch, QuarantinedRow,
    ahead::{Ahead, Chunk, Shape},
    code::{BatchCode, BatchProblem, Halt},
    fit::Fit,
    ledger::{Line, LineFile, METHOD, Place},
    lines, note,
    run::{Run, RunPhase},
    target::{self, Entry, Load, Target, TargetLocation},
    task::{BatchMode, BatchTask},
};
use crate::{
    book::{GrantTerms, GrantedItem},
    compiled::CompiledGrant,
    cursor,
    delivery::{
        pages::{BadRow, Order, Pages},
        receipt::RowsDigest,
    },
    plane::Plane,
    problem::ProblemCode,
    query::TypedQuery,
    usage::Outcome,
    value::Value,
};
use shuqiao_crypto::{
    digest,
    mask::keyed_hash,
    token::{Caller, Claims},
};
use shuqiao_vocabulary::{BatchRunId, Condition, ItemName, ItemType, Literal, Mask, Moment, Test};
use std::{cmp::Ordering, sync::Arc};

/// What one attempt works with.
struct Attempt<'a> {
    batch: &'a Batch,
    run: &'a Arc<Run>,
    grant: Arc<CompiledGrant>,
    order: Order,
    items: Vec<ItemName>,
    /// Position of the change item.
    change: Option<usize>,
}

/// Goes on with a run as far as it can.
pub(super) async fn go_on(batch: &Batch, run: &Arc<Run>) -> Result<(), Halt> {
    let phase = run.state().phase.clone();
    match phase {
        RunPhase::Open { .. } => {}
        RunPhase::Failing(_) => return discard(batch, run).await,
        RunPhase::Stopped | RunPhase::Failed(_) | RunPhase::Finished(_) => return Ok(()),
    }
    let plane = &batch.plane;
    let grant = plane.live_grant(&run.task.grant, plane.now())?;
    if terms(&grant) != run.terms {
        return Err(crate::problem::Refused::new(ProblemCode::GrantChanged).into());
    }
    // What stands against the order is said before the target is touched.
    let items = Pages::of(plane, whole_order(&run.task, &grant), None)?.delivered()?;
    let items: Vec<&GrantedItem> = items.iter().map(|at| &grant.terms.items[*at]).collect();
    let load = load(&run.task, &run.id.to_string(), &items, &grant.terms.key)?;
    let change = change(&run.task, &items)?;
    let order = order(batch, run, &grant, change.map(|at| items[at].name.clone()))?;
    let mut target = target::open(&batch.settings.targets, &location(plane, &run.task)?, load).await?;
    let reached = target.begin().await?;
    let columns = grant.terms.key.len();
    let mut place = match &reached.sealed_place {
        Some(sealed) => Place::open(plane.seal(), &run.id.to_string(), sealed, columns)?,
        None => Place::default(),
    };
    let items = items.iter().map(|item| item.name.clone()).collect();
    let attempt = Attempt { batch, run, grant: grant.clone(), order, items, change };
    let mut chunk = reached.chunk;
    if !reached.published {
        if !attempt.chunks(&mut *target, &mut chunk, &mut place, &reached.fits).await? {
            return Ok(());
        }
        if let Some(found) = target.read_back().await?
            && found != place.digest
        {
            let differs = BatchProblem::new(BatchCode::DigestDiffers);
            return Err(Halt::Over(differs.with("sent", place.digest.rows).with("found", found.rows)));
        }
        if !run.goes_on() {
            return Ok(());
        }
        // A grant that ended while the rows were counted is not switched over under.
        plane.live_grant(&run.task.grant, plane.now())?;
        let sealed_place = place.seal(plane.seal(), &run.id.to_string());
        let entry = Entry {
            chunk: chunk + 1,
            digest: place.digest,
            bad: place.bad,
            place: &place,
            sealed_place: &sealed_place,
        };
        target.publish(&entry).await?;
    }
    attempt.finish(&place).await
}

impl Attempt<'_> {
    /// Takes chunks until there are no more; `false` when somebody stopped the run.
    async fn chunks(
        &self,
        target: &mut dyn Target,
        chunk: &mut u64,
        place: &mut Place,
        fits: &[Fit],
    ) -> Result<bool, Halt> {
        if place.end {
            return Ok(true);
        }
        let failed = |_| Halt::again(BatchCode::LedgerFailed);
        let quarantine = self.run.quarantine_after(*chunk).map_err(failed)?;
        let pages = Pages::of(&self.batch.plane, self.order.clone(), place.key.clone())?;
        let pages = pages.of_rows(self.batch.settings.rows_per_chunk);
        let shape = Shape { items: self.items.clone(), fits: fits.to_vec() };
        let mut ahead = Ahead::of(pages, shape, self.bad_left(place, &[])?, self.batch.room.clone());
        while self.run.goes_on() {
            let ready = ahead.next().await?;
            *chunk += 1;
            self.one_chunk(target, *chunk, place, ready, &quarantine).await?;
            if place.end {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn one_chunk(
        &self,
        target: &mut dyn Target,
        chunk: u64,
        place: &mut Place,
        ready: Chunk,
        quarantine: &LineFile,
    ) -> Result<(), Halt> {
        let Chunk { rows, mut keys, mut bad, lines, lines_digest, mut digest, reserved, last_key, room: _room } = ready;
        let bad_left = self.bad_left(place, &bad)?;
        let plane = &self.batch.plane;
        // The book of now, not that of when the page was read, says whether it may leave.
        self.order.allowed(plane, &self.grant, plane.now())?;
        // INVARIANT (record-before-answer): the target gets nothing before the log has given back an index.
        let (count, length) = (rows.len() as u64, lines.len() as u64);
        let outcome = Outcome::Delivered { rows: count, bytes: length, digest: lines_digest };
        let delivery = self.run.id.to_string();
        let bytes = plane.bytes_of_day(&self.grant, plane.now(), length)?;
        let record = plane.record_part(&self.order, &self.grant, outcome, self.items.clone(), &delivery).await?;
        reserved.keep(count);
        bytes.keep();
        let rows = Arc::new(rows);
        let ((), refused) = tokio::join!(plane.trace().sent(record, rows.clone()), target.put(&rows, &lines, bad_left));
        let refused = refused?;
        let mut kept = Arc::unwrap_or_clone(rows);
        for at in refused.iter().rev() {
            kept.remove(*at);
            bad.push(BadRow { key: keys.remove(*at), code: BatchCode::TargetRefused.as_str(), what: None });
        }
        if !refused.is_empty() {
            digest = RowsDigest::default();
            digest.add_all(&kept);
        }
        self.bad_left(place, &bad)?;
        place.digest.join(&digest);
        place.bad += bad.len() as u64;
        place.end = last_key.is_none();
        place.key = last_key;
        place.records = Some((place.records.map_or(record, |(first, _)| first), record));
        if let Some(at) = self.change {
            let greatest = kept.iter().map(|row| &row[at]).filter(|value| !value.is_null());
            for value in greatest {
                if place.watermark.as_ref().is_none_or(|known| value.compare(known) == Some(Ordering::Greater)) {
                    place.watermark = Some(value.clone());
                }
            }
        }
        let bad: Vec<QuarantinedRow> = bad.iter().map(|row| self.put_aside(chunk, row)).collect();
        if !bad.is_empty() {
            quarantine.add(&bad).map_err(|_| Halt::again(BatchCode::LedgerFailed))?;
        }
        let sealed_place = place.seal(plane.seal(), &delivery);
        let entry = Entry { chunk, digest, bad: bad.len() as u64, place, sealed_place: &sealed_place };
        target.commit(&entry).await?;
        let at = plane.now().to_string();
        self.run.record(Line::Chunk { at, chunk, rows: place.digest.rows, bad: place.bad }).await
    }

    /// How many rows may still be put aside after these.
    fn bad_left(&self, place: &Place, bad: &[BadRow]) -> Result<usize, Halt> {
        let limit = self.batch.settings.bad_rows_max;
        let left = limit.checked_sub(place.bad + bad.len() as u64);
        left.map(|left| left as usize).ok_or_else(|| {
            let problem = BatchProblem::new(BatchCode::BadRowsTooMany).with("limit", limit);
            let first = bad.first().map_or("", |row| row.code);
            Halt::Over(problem.with("first", first))
        })
    }

    fn put_aside(&self, chunk: u64, row: &BadRow) -> QuarantinedRow {
        let key = String::from_utf8(lines::encode(std::slice::from_ref(&row.key))).unwrap_or_default();
        let key_digest = keyed_hash(&self.grant.mask_key, key.trim_end_matches('\n').as_bytes());
        QuarantinedRow { chunk, key_digest, code: row.code.to_owned(), item: row.what.clone() }
    }

    async fn finish(&self, place: &Place) -> Result<(), Halt> {
        let plane = &self.batch.plane;
        let at = plane.now().to_string();
        let digest = place.digest.hex();
        // It was switched over, so what was read back is what was sent.
        let receipt = note::receipt(plane, self.run, place, &digest, &at);
        let receipt = receipt.ok_or_else(|| Halt::again(BatchCode::LedgerFailed))?;
        let id = self.run.id;
        let watermark = match (&place.watermark, self.change) {
            (Some(value), Some(_)) => Some(seal_watermark(plane, id, value)),
            // Nothing new came: the next run begins where this one did.
            (None, Some(_)) => self.run.since.clone(),
            (_, None) => None,
        };
        let line = Line::Finished {
            at,
            rows: place.digest.rows,
            digest,
            bad: place.bad,
            records: place.records,
            watermark,
            receipt,
        };
        self.run.record(line).await
    }
}

/// Removes what a run that is over has left in its target.
async fn discard(batch: &Batch, run: &Arc<Run>) -> Result<(), Halt> {
    let full = run.task.mode == BatchMode::Full;
    let (run_id, table) = (run.id.to_string(), run.task.table.clone());
    let load = Load { run: run_id, table, columns: Vec::new(), key: Vec::new(), full };
    let mut target = target::open(&batch.settings.targets, &location(&batch.plane, &run.task)?, load).await?;
    target.discard().await?;
    run.record(Line::Failed { at: batch.plane.now().to_string() }).await
}

fn location(plane: &Plane, task: &BatchTask) -> Result<TargetLocation, Halt> {
    TargetLocation::open(plane.seal(), &task.sealed_target).map_err(|_| Halt::over(BatchCode::TargetNotAllowed))
}

/// SHA-256 over the terms, to know them again. Where refused callers are sent is none: it follows the node's address, which
/// may be another after a restart.
pub(super) fn terms(grant: &CompiledGrant) -> String {
    let terms = GrantTerms { request_url: String::new(), ..grant.terms.clone() };
    digest::sha256_hex(format!("{terms:?}").as_bytes())
}

/// About how many rows the grant's table has, as its source says.
pub(super) async fn estimate(plane: &Plane, grant: &CompiledGrant) -> Option<u64> {
    let (source, _) = grant.plan(plane.sources()).await.ok()?;
    let described = source.current_soon().await.ok()?;
    described.structure.table(&grant.terms.table)?.rows_estimate
}

fn load(task: &BatchTask, run: &str, items: &[&GrantedItem], key: &[String]) -> Result<Load, Halt> {
    let delivered = |mask: &Option<Mask>, item: ItemType| if mask.is_some() { ItemType::Text } else { item };
    let columns: Vec<_> =
        items.iter().map(|item| (item.name.as_str().to_owned(), delivered(&item.mask, item.item_type))).collect();
    // A keyed hash and a token name a row as well as the key does; other masks bring rows together.
    let names_rows = |mask: &Option<Mask>| matches!(mask, None | Some(Mask::KeyedHash | Mask::Token));
    let place = |column: &String| items.iter().position(|item| item.column == *column && names_rows(&item.mask));
    let key: Option<Vec<usize>> = key.iter().map(place).collect();
    let full = task.mode == BatchMode::Full;
    let key = key.unwrap_or_default();
    if !full && key.is_empty() {
        return Err(Halt::over(BatchCode::KeyNotGranted));
    }
    Ok(Load { run: run.to_owned(), table: task.table.clone(), columns, key, full })
}

/// The position of the change item, when there is one to follow.
fn change(task: &BatchTask, items: &[&GrantedItem]) -> Result<Option<usize>, Halt> {
    let BatchMode::Incremental { change, .. } = &task.mode else { return Ok(None) };
    let followed = |item_type| matches!(item_type, ItemType::Integer | ItemType::Date | ItemType::DateTime);
    let at = items.iter().position(|item| item.name.as_str() == change);
    let fit = at.filter(|at| items[*at].mask.is_none() && followed(items[*at].item_type));
    let unfit = || BatchProblem::new(BatchCode::ChangeItemUnfit).with("item", change.as_str());
    fit.map(Some).ok_or_else(|| Halt::Over(unfit()))
}

fn order(batch: &Batch, run: &Run, grant: &CompiledGrant, change: Option<ItemName>) -> Result<Order, Halt> {
    let mut order = whole_order(&run.task, grant);
    if let (Some(item), BatchMode::Incremental { overlap, .. }, Some(sealed)) = (change, &run.task.mode, &run.since) {
        let since = open_watermark(&batch.plane, run.id, sealed)?;
        if let Some(from) = before(&since, *overlap) {
            let test = Test::Between { from: Some(from), to: None };
            order.query.conditions.push(Condition { item, test });
        }
    }
    Ok(order)
}

/// All rows of the grant, for the officer who set the task up.
fn whole_order(task: &BatchTask, grant: &CompiledGrant) -> Order {
    let purpose = grant.terms.purpose.clone();
    let query = TypedQuery { purpose, items: Vec::new(), conditions: Vec::new(), limit: None, after: None };
    let caller = Claims {
        caller: Caller::Person(task.person),
        organisation: task.requester,
        grant: Some(task.grant),
        expires: Moment::from_microseconds(i64::MAX),
    };
    Order { grant: task.grant, query, caller, method: METHOD }
}

/// Whether a run of the task could be begun, as far as can be seen without taking a row or making anything.
pub(super) async fn try_task(batch: &Batch, task: &BatchTask) -> Result<(), Halt> {
    let plane = &batch.plane;
    let grant = plane.live_grant(&task.grant, plane.now())?;
    let items = Pages::of(plane, whole_order(task, &grant), None)?.delivered()?;
    let items: Vec<&GrantedItem> = items.iter().map(|at| &grant.terms.items[*at]).collect();
    let load = load(task, "", &items, &grant.terms.key)?;
    change(task, &items)?;
    target::open(&batch.settings.targets, &location(plane, task)?, load).await?.check().await
}

/// The value so many steps before.
fn before(value: &Value, overlap: u32) -> Option<Literal> {
    Some(match value {
        Value::Integer(number) => Literal::Integer(number.saturating_sub(i64::from(overlap))),
        Value::Date(date) => Literal::Date((0..overlap.min(36_500)).try_fold(*date, |date, _| date.yesterday().ok())?),
        Value::DateTime(microseconds) => {
            let moved = Value::DateTime(microseconds.saturating_sub(i64::from(overlap).saturating_mul(1_000_000)));
            Literal::Text(moved.written()?)
        }
        _ => return None,
    })
}

fn watermark_context(run: BatchRunId) -> Vec<u8> {
    format!("shuqiao batch watermark v1 {run}").into_bytes()
}

fn seal_watermark(plane: &Plane, run: BatchRunId, value: &Value) -> String {
    cursor::seal(plane.seal(), &watermark_context(run), std::slice::from_ref(value))
}

fn open_watermark(plane: &Plane, run: BatchRunId, sealed: &str) -> Result<Value, Halt> {
    let unreadable = || Halt::over(BatchCode::LedgerFailed);
    let values = cursor::open(plane.seal(), &watermark_context(run), sealed, 1).map_err(|_| unreadable())?;
    values.into_iter().next().ok_or_else(unreadable)
}

/// Where the run before had got to, sealed for the run that comes.
pub(super) fn since(plane: &Plane, before: &Run, next: BatchRunId) -> Result<Option<String>, Halt> {
    let sealed = before.state().watermark.clone();
    let Some(sealed) = sealed else { return Ok(None) };
    let value = open_watermark(plane, before.id, &sealed)?;
    Ok(Some(seal_watermark(plane, next, &value)))
}
