//! Who had the leaked rows: deliveries in the order in which they are to be looked at.

use super::{
    chance::{real, tail_log10},
    compare::{Match, Matches},
};
use crate::usage::UsageRecord;
use shuqiao_vocabulary::id::GrantId;
use std::collections::{BTreeMap, HashMap};

/// A delivery is named when so many matches arise by chance in fewer than one of a thousand searches like this one.
const NAMED_LOG10: f64 = -3.0;

/// What a search has found.
#[derive(Debug, Default)]
pub struct TraceReport {
    /// Rows in the file.
    pub rows_in_file: u64,
    /// Rows that were compared: those that differ and hold something; of a large file a sample, evenly spaced.
    pub rows_compared: u64,
    /// Deliveries with fingerprints that were searched.
    pub searched: u64,
    /// Rows in them.
    pub searched_rows: u64,
    /// Recorded deliveries of rows without fingerprints: nothing can be said of them.
    pub without: u64,
    /// The first of them, by their place in the usage log, ten at most.
    pub without_first: Vec<u64>,
    /// Files of the index that end before their time or hold what this node has not written.
    pub broken_files: Vec<String>,
    /// Deliveries that are named, the likeliest first.
    pub deliveries: Vec<TracedDelivery>,
    /// The same by grant.
    pub grants: Vec<TracedGrant>,
}

/// A delivery that contained leaked rows.
#[derive(Debug)]
pub struct TracedDelivery {
    /// Its record: grant, system, moment, method.
    pub record: UsageRecord,
    /// Leaked rows found in it.
    pub found: u64,
    /// Of these, those that no delivery under another grant matches as well.
    pub only_here: u64,
    /// Rows delivered.
    pub delivered: u64,
    /// Decimal logarithm of the probability that so many rows are found here, or in any other delivery searched, by
    /// chance: fingerprints that collide, values that happen to be alike.
    pub by_chance_log10: f64,
    /// The same, granted that the file came from that other grant which explains most of the matches: 0 when another
    /// explains them all.
    pub apart_log10: f64,
    /// Rows found, each divided by the number of grants that match it as well: what the delivery is ranked by.
    pub weight: f64,
}

/// A grant under which leaked rows were delivered.
#[derive(Debug)]
pub struct TracedGrant {
    /// The grant; `None` of records without one.
    pub grant: Option<GrantId>,
    /// Leaked rows found in all its deliveries together.
    pub found: u64,
    /// Deliveries of it that are named.
    pub deliveries: u64,
    /// The sum of its rows, each divided by the number of grants that match it as well.
    pub weight: f64,
}

/// A delivery as it was searched.
pub(super) struct Searched {
    pub(super) record: UsageRecord,
    pub(super) delivered: u64,
    /// The matches that count.
    pub(super) matches: Matches,
}

impl TraceReport {
    /// Names and ranks.
    pub(super) fn rank(&mut self, all: Vec<Searched>) {
        let trials = real(self.searched.max(1)).log10();
        let by_chance = |found: &Searched| {
            let each = mean(found.matches.values().map(|row| row.chance(found.delivered)));
            (tail_log10(self.rows_compared, found.matches.len() as u64, each) + trials).min(0.0)
        };
        let named: Vec<(f64, Searched)> = all
            .into_iter()
            .map(|found| (by_chance(&found), found))
            .filter(|(log10, found)| *log10 <= NAMED_LOG10 && !found.matches.is_empty())
            .collect();
        let mut by_grant: BTreeMap<Option<GrantId>, (u64, Matches)> = BTreeMap::new();
        for (_, found) in &named {
            let (deliveries, matches) = by_grant.entry(found.record.grant).or_default();
            *deliveries += 1;
            for (at, row) in &found.matches {
                let best = matches.entry(*at).or_insert(*row);
                if row.cells > best.cells {
                    *best = *row;
                }
            }
        }
        // Of each leaked row: the most cells that any grant matches, and how many grants match as many.
        let mut holders: HashMap<u32, (u8, u32)> = HashMap::new();
        for (_, matches) in by_grant.values() {
            for (at, row) in matches {
                let (cells, grants) = holders.entry(*at).or_insert((row.cells, 0));
                match row.cells.cmp(cells) {
                    std::cmp::Ordering::Greater => (*cells, *grants) = (row.cells, 1),
                    std::cmp::Ordering::Equal => *grants += 1,
                    std::cmp::Ordering::Less => {}
                }
            }
        }
        let best = |at: &u32, row: &Match| holders.get(at).filter(|(cells, _)| row.cells >= *cells).map(|(_, n)| *n);
        let weight =
            |rows: &Matches| rows.iter().filter_map(|(at, row)| best(at, row)).map(|n| 1.0 / f64::from(n)).sum();
        for (by_chance_log10, found) in &named {
            let others = by_grant.iter().filter(|(grant, _)| **grant != found.record.grant);
            let apart =
                others.map(|(_, (_, other))| self.apart(found, other) + trials).fold(*by_chance_log10, f64::max);
            self.deliveries.push(TracedDelivery {
                record: found.record.clone(),
                found: found.matches.len() as u64,
                only_here: found.matches.iter().filter(|(at, row)| best(at, row) == Some(1)).count() as u64,
                delivered: found.delivered,
                by_chance_log10: *by_chance_log10,
                apart_log10: apart.min(0.0),
                weight: weight(&found.matches),
            });
        }
        self.deliveries.sort_by(|a, b| {
            let likelier = b.weight.total_cmp(&a.weight).then(a.apart_log10.total_cmp(&b.apart_log10));
            likelier.then(b.found.cmp(&a.found)).then(b.record.index.cmp(&a.record.index))
        });
        self.grants = by_grant
            .into_iter()
            .map(|(grant, (deliveries, matches))| TracedGrant {
                grant,
                found: matches.len() as u64,
                deliveries,
                weight: weight(&matches),
            })
            .collect();
        self.grants.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(b.found.cmp(&a.found)));
    }

    /// The chance of what `found` matches beyond another grant: rows that it has not, cells that it has not.
    fn apart(&self, found: &Searched, other: &Matches) -> f64 {
        let beyond: Vec<f64> = found
            .matches
            .iter()
            .filter_map(|(at, row)| match other.get(at) {
                None => Some(row.chance(found.delivered)),
                Some(known) if row.cells > known.cells => Some(f64::from(known.bits - row.bits).exp2().min(1.0)),
                Some(_) => None,
            })
            .collect();
        tail_log10(self.rows_compared, beyond.len() as u64, mean(beyond.into_iter()))
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_u64), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / real(count) }
}
