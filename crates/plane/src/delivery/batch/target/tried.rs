//! How a database's refusal of a row is told from everything else that can go wrong, and how that row is found: the chunk
//! is tried whole, and a part that is refused is halved until what is refused is one row.

use super::{BatchCode, Halt};
use std::ops::Range;

/// What an error of the server means.
pub(super) enum Failure {
    /// It lies in a row.
    OfARow,
    Halt(Halt),
}

impl Failure {
    /// The server did not answer in time.
    pub(super) fn slow() -> Self {
        Self::Halt(Halt::again(BatchCode::TargetSlow))
    }

    /// The failure where no single row can be at fault.
    pub(super) fn over(self) -> Halt {
        match self {
            Self::Halt(halt) => halt,
            Self::OfARow => Halt::again(BatchCode::TargetFailed),
        }
    }
}

/// The parts of a chunk that are still to be tried, and the rows that were refused.
pub(super) struct Halving {
    open: Vec<Range<usize>>,
    refused: Vec<usize>,
    refused_max: usize,
}

impl Halving {
    /// All of so many rows, of which so many may be refused.
    pub(super) fn of(rows: usize, refused_max: usize) -> Self {
        Self { open: Vec::from([Range { start: 0, end: rows }]), refused: Vec::new(), refused_max }
    }

    /// The part that is to be tried next, in the order of the rows.
    pub(super) fn next_part(&mut self) -> Option<Range<usize>> {
        std::iter::from_fn(|| self.open.pop()).find(|part| !part.is_empty())
    }

    /// Takes back a part with a row that was refused.
    ///
    /// # Errors
    /// When more rows are refused than may be.
    pub(super) fn refuse(&mut self, part: Range<usize>) -> Result<(), Halt> {
        if part.len() > 1 {
            let middle = part.start + part.len() / 2;
            self.open.extend([middle..part.end, part.start..middle]);
            return Ok(());
        }
        self.refused.extend(part);
        if self.refused.len() > self.refused_max {
            return Err(Halt::over(BatchCode::BadRowsTooMany));
        }
        Ok(())
    }

    /// The positions of the rows that were refused, in order.
    pub(super) fn refused(self) -> Vec<usize> {
        self.refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows that are found when these are bad, and the parts that were tried.
    fn found(rows: usize, bad: &[usize], most: usize) -> Option<(Vec<usize>, usize)> {
        let (mut halving, mut tried, mut taken) = (Halving::of(rows, most), 0, Vec::new());
        while let Some(part) = halving.next_part() {
            tried += 1;
            if bad.iter().any(|row| part.contains(row)) {
                halving.refuse(part).ok()?;
            } else {
                taken.extend(part);
            }
        }
        let refused = halving.refused();
        let mut all = [taken.clone(), refused.clone()].concat();
        assert!(taken.is_sorted());
        all.sort_unstable();
        assert_eq!(all, (0..rows).collect::<Vec<_>>());
        Some((refused, tried))
    }

    #[test]
    fn each_bad_row_is_found_and_every_other_is_taken() {
        assert_eq!(found(0, &[], 0), Some((Vec::new(), 0)));
        assert_eq!(found(100, &[], 0), Some((Vec::new(), 1)));
        assert_eq!(found(1, &[0], 1), Some((vec![0], 1)));
        for bad in [vec![0], vec![99], vec![0, 1, 50, 98, 99]] {
            let (refused, tried) = found(100, &bad, 5).unwrap();
            assert_eq!(refused, bad);
            assert!(tried <= 2 * 8 * bad.len(), "{tried} tries for {bad:?}");
        }
        assert_eq!(found(100, &[3, 4], 1), None);
    }
}
