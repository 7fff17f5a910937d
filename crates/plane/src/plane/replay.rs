//! What was sent once and must not be taken twice: nonces, token ids, national call signatures. Bounded; when it is
//! full, nothing more is taken rather than something forgotten.
//!
//! Kept in memory only. What was signed before this plane started is refused for its age (see `Identity::started`), so a
//! restart opens no door.

use shuqiao_crypto::digest;
use shuqiao_vocabulary::{Moment, id::SystemId};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Mutex, PoisonError},
};

/// Remembered for one system at once: five minutes of a thousand calls a second.
const PER_SYSTEM_MAX: usize = 300_000;
/// Remembered for all systems at once.
const MAX: usize = 3_000_000;

/// Half a SHA-256: no two things are found that have one in common.
type Mark = [u8; 16];

#[derive(Default)]
struct Seen {
    marks: HashSet<Mark>,
    ends: BTreeSet<(i64, Mark)>,
}

impl Seen {
    fn forget_ended(&mut self, now: i64) -> usize {
        let mut forgotten = 0;
        while let Some((end, mark)) = self.ends.first().copied().filter(|(end, _)| *end < now) {
            self.ends.remove(&(end, mark));
            self.marks.remove(&mark);
            forgotten += 1;
        }
        forgotten
    }
}

/// What has been seen.
#[derive(Default)]
pub(super) struct Replays {
    seen: Mutex<(HashMap<SystemId, Seen>, usize)>,
}

/// What became of something sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Seen for the first time; remembered until its end.
    First,
    /// Seen before.
    Again,
    /// There is no room to remember it.
    Full,
}

impl Replays {
    /// Takes something of a system that is worth nothing after `end`.
    pub(super) fn take(&self, system: SystemId, kind: &str, what: &str, end: Moment, now: Moment) -> Taken {
        let digest = digest::sha256(format!("{kind}\0{what}").as_bytes());
        let mut mark: Mark = [0; 16];
        mark.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        let mut guard = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (systems, total) = &mut *guard;
        if *total >= MAX {
            *total -= systems.values_mut().map(|seen| seen.forget_ended(now.microseconds())).sum::<usize>();
            systems.retain(|_, seen| !seen.marks.is_empty());
        }
        let seen = systems.entry(system).or_default();
        *total -= seen.forget_ended(now.microseconds());
        if seen.marks.contains(&mark) {
            return Taken::Again;
        }
        if seen.marks.len() >= PER_SYSTEM_MAX || *total >= MAX {
            return Taken::Full;
        }
        seen.marks.insert(mark);
        seen.ends.insert((end.microseconds(), mark));
        *total += 1;
        Taken::First
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shuqiao_vocabulary::id::Id;

    #[test]
    fn once_until_its_end_and_each_system_for_itself() {
        let system = |n: u32| -> SystemId { format!("sys_{n:032x}").parse::<Id<_>>().unwrap() };
        let at = Moment::from_microseconds;
        let replays = Replays::default();
        assert_eq!(replays.take(system(1), "nonce", "a", at(10), at(0)), Taken::First);
        assert_eq!(replays.take(system(1), "nonce", "a", at(10), at(10)), Taken::Again);
        assert_eq!(replays.take(system(1), "jti", "a", at(10), at(0)), Taken::First, "another kind");
        assert_eq!(replays.take(system(2), "nonce", "a", at(10), at(0)), Taken::First, "another system");
        assert_eq!(replays.take(system(1), "nonce", "a", at(20), at(11)), Taken::First, "forgotten after its end");
        assert_eq!(replays.seen.lock().unwrap().1, 2);
    }

    #[test]
    fn a_full_memory_takes_nothing_more_of_that_system() {
        let replays = Replays::default();
        let (one, other): (SystemId, SystemId) =
            (format!("sys_{:032x}", 1).parse().unwrap(), format!("sys_{:032x}", 2).parse().unwrap());
        let (now, end) = (Moment::from_microseconds(0), Moment::from_microseconds(10));
        for n in 0..PER_SYSTEM_MAX {
            assert_eq!(replays.take(one, "nonce", &n.to_string(), end, now), Taken::First);
        }
        assert_eq!(replays.take(one, "nonce", "one more", end, now), Taken::Full);
        assert_eq!(replays.take(other, "nonce", "one more", end, now), Taken::First);
        assert_eq!(replays.take(one, "nonce", "one more", end, Moment::from_microseconds(11)), Taken::First);
    }
}
