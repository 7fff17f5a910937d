//! Leaked rows against marked rows: which of them are found in which delivery, and how much the match tells.
//!
//! A leaked row and a delivered row are compared cell by cell, whatever the columns are called and in whichever order
//! they are. Each cell that is in both tells as many bits as the least of: the length of a mark, what a value of its form
//! can tell, and how little the column repeats itself in the file and in the delivery. From the sum goes the number of
//! ways in which the cells could have been paired. Of `r` delivered rows one matches by chance with a probability of at
//! most `r / 2^bits`; that is the row's chance.

use super::{
    chance::{pairings_log2, real},
    frame::{Mark, MarkedRows},
    leak::{Leak, LeakedCell, column_bits},
};
use std::collections::HashMap;

/// Bits by which a match must tell more than the number of delivered rows asks for, so that it counts: a chance of one
/// in sixteen at most. How many rows are found then says the rest.
pub(super) const MARGIN_BITS: f32 = 4.0;
/// A value that more leaked rows than this have leads to none of them.
const LED_TO_MAX: usize = 64;

/// How a leaked row was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Match {
    /// Cells that are in both rows.
    pub(super) cells: u8,
    /// What they tell, in bits.
    pub(super) bits: f32,
}

impl Match {
    /// The probability that one of so many rows matches like this by chance, at most.
    pub(super) fn chance(self, delivered: u64) -> f64 {
        (real(delivered) * f64::from(-self.bits).exp2()).min(1.0)
    }

    /// Whether it counts among so many rows.
    pub(super) fn counts(self, delivered: u64) -> bool {
        self.chance(delivered) <= f64::from(-MARGIN_BITS).exp2()
    }

    fn is_better_than(self, other: &Self) -> bool {
        (self.cells, self.bits) > (other.cells, other.bits)
    }
}

/// The leaked rows, by their values.
pub(super) struct Comparison<'a> {
    leak: &'a Leak,
    by_mark: HashMap<Mark, Vec<u32>>,
}

/// What was found so far, by leaked row.
pub(super) type Matches = HashMap<u32, Match>;

impl<'a> Comparison<'a> {
    pub(super) fn of(leak: &'a Leak) -> Self {
        let mut by_mark: HashMap<Mark, Vec<u32>> = HashMap::new();
        for (at, row) in (0_u32..).zip(&leak.rows) {
            for cell in row {
                let rows = by_mark.entry(cell.mark).or_default();
                if rows.last() != Some(&at) {
                    rows.push(at);
                }
            }
        }
        by_mark.retain(|_, rows| rows.len() <= LED_TO_MAX);
        Self { leak, by_mark }
    }

    /// Compares with rows of a delivery.
    pub(super) fn with(&self, rows: &MarkedRows, matches: &mut Matches) {
        let count = rows.rows().count() as u64;
        let columns: Vec<f32> = rows.columns.iter().map(|column| column_bits(count, column.equal_pairs)).collect();
        let mut led_to: Vec<u32> = Vec::new();
        for delivered in rows.rows() {
            led_to.clear();
            let known = delivered.iter().filter(|mark| **mark != 0).filter_map(|mark| self.by_mark.get(mark));
            known.for_each(|rows| led_to.extend(rows));
            led_to.sort_unstable();
            led_to.dedup();
            for at in &led_to {
                let Some(leaked) = self.leak.rows.get(*at as usize) else { continue };
                let found = matched(leaked, delivered, &columns);
                let best = matches.get(at).is_none_or(|known| found.is_better_than(known));
                if best && found.bits >= MARGIN_BITS {
                    matches.insert(*at, found);
                }
            }
        }
    }
}

/// The cells that two rows have in common, each of them once.
fn matched(leaked: &[LeakedCell], delivered: &[Mark], columns: &[f32]) -> Match {
    let (mut cells, mut bits, mut used) = (0_u8, 0.0_f32, 0_u64);
    for cell in leaked {
        let equal = |at: &usize| delivered[*at] == cell.mark && used & (1 << at) == 0;
        if let Some(at) = (0..delivered.len().min(64)).find(equal) {
            used |= 1 << at;
            cells += 1;
            bits += cell.bits.min(columns.get(at).copied().unwrap_or(0.0));
        }
    }
    let filled = delivered.iter().filter(|mark| **mark != 0).count() as u64;
    #[expect(clippy::cast_possible_truncation, reason = "the logarithm of a small number")]
    let pairings = pairings_log2(leaked.len() as u64, filled, u64::from(cells)) as f32;
    Match { cells, bits: bits - pairings }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            chance::tail_log10,
            frame::{MarkedColumn, cut},
        },
        *,
    };

    /// Marks of so few bits that chance finds rows often enough to be counted.
    const SHORT: u32 = 16;
    const DELIVERED: u64 = 4_000;
    const CELLS: usize = 4;

    /// Marks of values that all differ: as good as chance (SplitMix64), and the same in every run.
    fn rows(seed: u64, count: u64) -> Vec<Mark> {
        let chance = |at: u64| {
            let mixed = (seed << 32 | at).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        };
        (0..count * CELLS as u64).map(|at| cut(chance(at), SHORT)).collect()
    }

    /// Rows found by chance in one trial, and the chance that was told.
    fn trial(number: u64, leaked: u64) -> (u64, f64) {
        let marks = rows(2 * number, leaked);
        let cell = |mark: &Mark| LeakedCell { mark: *mark, bits: SHORT as f32 };
        let leak =
            Leak { rows: marks.chunks(CELLS).map(|row| row.iter().map(cell).collect()).collect(), ..Leak::default() };
        let columns = (0..4).map(|place| MarkedColumn { place, equal_pairs: 0 }).collect();
        let delivered = MarkedRows { delivery: 0, columns, marks: rows(2 * number + 1, DELIVERED) };
        let mut matches = Matches::new();
        Comparison::of(&leak).with(&delivered, &mut matches);
        let counted: Vec<f64> =
            matches.values().filter(|found| found.counts(DELIVERED)).map(|found| found.chance(DELIVERED)).collect();
        (counted.len() as u64, counted.iter().copied().fold(0.0, f64::max))
    }

    #[test]
    fn the_chance_that_is_told_is_what_a_simulation_finds() {
        let (trials, leaked) = (60_u64, 4_000_u64);
        let found: Vec<(u64, f64)> = (0..trials).map(|number| trial(number, leaked)).collect();
        let total: u64 = found.iter().map(|(rows, _)| rows).sum();
        let each = found.iter().map(|(_, each)| *each).fold(0.0, f64::max);
        let expected = real(trials * leaked) * each;
        // Two cells of four in any of 72 ways, 4,000 rows, 32 bits: 0.000067 a row, 16 rows in all; four deviations.
        assert!((expected - 16.1).abs() < 0.1, "{expected}");
        assert!((real(total) - expected).abs() < 4.0 * expected.sqrt(), "{total} found, {expected} expected");
        // And so is the chance of so many rows of one file.
        for most in 1..=2 {
            let seen = found.iter().filter(|(rows, _)| *rows >= most).count() as f64;
            let told = 10_f64.powf(tail_log10(leaked, most, each)) * real(trials);
            assert!((seen - told).abs() < 4.0 * told.sqrt().max(1.0), "{seen} with {most} rows, {told} told");
        }
    }

    #[test]
    fn columns_may_be_dropped_and_moved_and_what_repeats_tells_little() {
        let cell = |mark, bits| LeakedCell { mark, bits };
        let leak = Leak { rows: vec![vec![cell(33, 9.0), cell(11, 30.0)]], ..Leak::default() };
        let column = |place, equal_pairs| MarkedColumn { place, equal_pairs };
        let delivered = |equal_pairs| MarkedRows {
            delivery: 0,
            columns: vec![column(0, equal_pairs), column(1, 0), column(2, 0)],
            marks: vec![11, 22, 33, 44, 55, 66],
        };
        let mut matches = Matches::new();
        Comparison::of(&leak).with(&delivered(0), &mut matches);
        let found = matches[&0];
        assert_eq!(found.cells, 2);
        // 39 bits, less the six ways to pair two cells with two of three.
        assert!((f64::from(found.bits) - (39.0 - 6_f64.log2())).abs() < 1e-4, "{found:?}");
        let mut matches = Matches::new();
        Comparison::of(&leak).with(&delivered(1), &mut matches);
        assert!(matches[&0].bits < 9.0, "a column with one value in all rows tells nothing: {matches:?}");
    }
}
