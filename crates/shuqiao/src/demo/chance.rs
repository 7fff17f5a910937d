//! A small generator of numbers that look random and are the same everywhere: splitmix64.

/// The generator. Equal seeds give equal rows on every machine and in every version of Rust.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The generator for one record: records do not depend on how many were made before them.
    pub(crate) fn for_record(seed: u64, kind: &str, number: u32) -> Self {
        let kind = kind.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(257).wrapping_add(u64::from(byte)));
        let mut chance = Self(seed ^ kind.rotate_left(32) ^ u64::from(number));
        // The first values of close seeds are alike in nothing but the seeds; one more round costs nothing.
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `bound` − 1; 0 when the bound is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        // The product's upper half: no division, and a bias far below anything a demo shows.
        let product = u128::from(self.next()) * u128::from(bound);
        u32::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        let width = u32::try_from(high.saturating_sub(low).saturating_add(1)).unwrap_or(0);
        low.saturating_add(i32::try_from(self.below(width)).unwrap_or(0))
    }

    /// True in so many of a hundred cases.
    pub(crate) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of the list, each as likely.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let bound = u32::try_from(list.len()).unwrap_or(u32::MAX);
        list.get(usize::try_from(self.below(bound)).unwrap_or(0))
    }

    /// One of the words, the front of the list more often than its end; empty when the list is.
    pub(crate) fn pick_common<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let bound = u32::try_from(words.len()).unwrap_or(u32::MAX);
        let at = self.below(bound).min(self.below(bound));
        words.get(usize::try_from(at).unwrap_or(0)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn equal_seeds_give_equal_numbers_for_ever() {
        let mut chance = Chance(0);
        assert_eq!(chance.next(), 0xe220_a839_7b1d_cdaf, "the first value of splitmix64 for seed 0");
        let numbers = |seed| {
            let mut chance = Chance::for_record(seed, "person", 7);
            (0..4).map(|_| chance.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(1), numbers(1));
        assert_ne!(numbers(1), numbers(2));
    }

    #[test]
    fn bounds_hold() {
        let mut chance = Chance(1);
        assert!((0..10_000).all(|_| chance.below(7) < 7 && (-3..=3).contains(&chance.between(-3, 3))));
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.pick::<u8>(&[]), None);
        assert_eq!(chance.pick_common(&[]), "");
    }
}
