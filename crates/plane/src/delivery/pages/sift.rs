//! Pages from which the bad rows have been taken out, each with the reason and its key: the source holds a cell of
//! another type, or a mask does not apply. Enforcement refuses a page with such a row as a whole; here the page is halved
//! until the rows at fault stand alone, and the others are kept. Nothing of a bad row leaves this module but its key.

use super::{Pages, Position};
use crate::{
    mask::MaskedRows,
    meter::ReservedRows,
    problem::{ProblemCode, Refused},
    value::Value,
};

/// How often a page is begun anew when rows come and go while it is being halved.
const TRIES_MAX: u32 = 3;

/// A page without its bad rows.
pub(crate) struct Sifted {
    /// The rows that may leave, masked.
    pub(crate) rows: MaskedRows,
    /// The key of each of them, in the same order. They never leave unsealed.
    pub(crate) keys: Vec<Vec<Value>>,
    /// The rows that may not.
    pub(crate) bad: Vec<BadRow>,
    /// The rows of the day set aside for the page.
    pub(crate) reserved: ReservedRows,
    /// The key of the last row, bad or not, when there are more.
    pub(crate) last_key: Option<Vec<Value>>,
}

/// A row that does not leave.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BadRow {
    /// Its key.
    pub(crate) key: Vec<Value>,
    /// The code of the reason.
    pub(crate) code: &'static str,
    /// The item or column at fault, where it is known.
    pub(crate) what: Option<String>,
}

/// What has been gathered of one page.
#[derive(Default)]
struct Gathered {
    rows: Option<MaskedRows>,
    keys: Vec<Vec<Value>>,
    bad: Vec<BadRow>,
}

/// What came of fetching a range of a page.
enum Range {
    /// Its rows are gathered.
    Taken,
    /// A row of it is bad.
    Refused(Refused),
    /// It no longer holds the rows that it held.
    Moved,
}

impl Pages {
    /// The positions, among the granted items, of those that are delivered, in their order.
    ///
    /// # Errors
    /// What stands against the order by now.
    pub(crate) fn delivered(&self) -> Result<Vec<usize>, Refused> {
        let (grant, restricted) = self.restricted(self.plane.now())?;
        Ok(restricted.item_names().filter_map(|name| grant.item(name)).collect())
    }

    /// The next page without its bad rows, of which it may have so many; `None` after the last page.
    ///
    /// # Errors
    /// As [`Pages::next`]; also the reason of the first bad row, when the table has no key to name it by or there are too
    /// many of them.
    pub(crate) async fn next_sifted(&mut self, bad_max: usize) -> Result<Option<Sifted>, Refused> {
        let Position::After(after) = &self.position else {
            return Ok(None);
        };
        let after = after.clone();
        let mut tries = 0;
        let sifted = loop {
            match self.sifted(after.as_deref(), bad_max).await {
                Ok(Some(sifted)) => break sifted,
                Ok(None) if tries < TRIES_MAX => tries += 1,
                Ok(None) => return Err(Refused::new(ProblemCode::SourceChanged).with("what", "rows")),
                Err(refused) if refused.code == ProblemCode::AnswerTooLarge && self.rows_per_page > 1 => {
                    self.rows_per_page = (self.rows_per_page / 4).max(1);
                }
                Err(refused) => return Err(refused),
            }
        };
        self.position = match &sifted.last_key {
            Some(key) => Position::After(Some(key.clone())),
            None => Position::End,
        };
        Ok(Some(sifted))
    }

    /// One page; `None` when rows came or went while it was halved.
    async fn sifted(&self, after: Option<&[Value]>, bad_max: usize) -> Result<Option<Sifted>, Refused> {
        let now = self.plane.now();
        let (grant, mut restricted) = self.restricted(now)?;
        drop(self.plane.bytes_of_day(&grant, now, 0)?);
        let reserved = grant.rows_of_day(now, u64::from(restricted.limit()))?;
        restricted.limit_to(reserved.rows());
        let limit = restricted.limit();
        restricted.keep_keys();
        let refused = match self.checked(&grant, restricted, after).await {
            Ok(mut checked) => {
                let (keys, last_key) = (std::mem::take(&mut checked.keys), checked.last_key.take());
                match checked.mask() {
                    Ok(rows) => return Ok(Some(Sifted { rows, keys, bad: Vec::new(), reserved, last_key })),
                    Err(refused) => refused,
                }
            }
            Err(refused) => refused,
        };
        if !is_of_a_row(&refused) || grant.terms.key.is_empty() {
            return Err(refused);
        }
        let (grant, mut keys_only) = self.restricted(now)?;
        keys_only.limit_to(u64::from(limit));
        keys_only.without_items();
        keys_only.keep_keys();
        let found = self.checked(&grant, keys_only, after).await?;
        let (keys, last_key) = (found.keys, found.last_key);
        let mut gathered = Gathered::default();
        // Ranges of the page still to be fetched, the first one on top.
        let mut open = vec![(0, keys.len())];
        while let Some((from, to)) = open.pop() {
            if from == to {
                continue;
            }
            let before = if from == 0 { after } else { keys.get(from - 1).map(Vec::as_slice) };
            match self.range(before, &keys[from..to], &mut gathered).await? {
                Range::Moved => return Ok(None),
                Range::Taken => {}
                Range::Refused(reason) if to - from == 1 => {
                    let what = reason.params.get("item").or(reason.params.get("column"));
                    let what = what.and_then(|what| what.as_str()).map(str::to_owned);
                    gathered.bad.push(BadRow { key: keys[from].clone(), code: reason.code.as_str(), what });
                    if gathered.bad.len() > bad_max {
                        return Err(reason);
                    }
                }
                Range::Refused(_) => {
                    let middle = from + (to - from) / 2;
                    open.push((middle, to));
                    open.push((from, middle));
                }
            }
        }
        let rows = match gathered.rows {
            Some(rows) => rows,
            // Not one row was good: a page without rows still has its columns.
            None => self.nothing(after).await?,
        };
        Ok(Some(Sifted { rows, keys: gathered.keys, bad: gathered.bad, reserved, last_key }))
    }

    /// The rows with exactly these keys, added to what is gathered.
    async fn range(
        &self,
        after: Option<&[Value]>,
        keys: &[Vec<Value>],
        gathered: &mut Gathered,
    ) -> Result<Range, Refused> {
        let (grant, mut restricted) = self.restricted(self.plane.now())?;
        restricted.limit_to(keys.len() as u64);
        restricted.not_beyond();
        restricted.keep_keys();
        let masked = match self.checked(&grant, restricted, after).await {
            Ok(checked) if checked.keys != keys => return Ok(Range::Moved),
            Ok(checked) => checked.mask(),
            Err(refused) => Err(refused),
        };
        match masked {
            Ok(rows) => {
                gathered.keys.extend_from_slice(keys);
                match &mut gathered.rows {
                    Some(all) => all.rows.extend(rows.rows),
                    none => *none = Some(rows),
                }
                Ok(Range::Taken)
            }
            Err(refused) if is_of_a_row(&refused) => Ok(Range::Refused(refused)),
            Err(refused) => Err(refused),
        }
    }

    /// No rows, with the columns of the order.
    async fn nothing(&self, after: Option<&[Value]>) -> Result<MaskedRows, Refused> {
        let (grant, mut restricted) = self.restricted(self.plane.now())?;
        restricted.limit_to(0);
        restricted.not_beyond();
        self.checked(&grant, restricted, after).await?.mask()
    }
}

/// Whether a page was refused for what stands in one of its rows.
fn is_of_a_row(refused: &Refused) -> bool {
    match refused.code {
        ProblemCode::CellTypeMismatch | ProblemCode::MaskNotApplicable => true,
        ProblemCode::AnswerCheckFailed => refused.params.get("what").is_some_and(|what| what == "types"),
        _ => false,
    }
}
