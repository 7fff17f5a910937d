//! Whose turn it is at a source: how many calls it has at a time, and how callers share these.
//!
//! One caller may hold three quarters of the places at most, so that another finds one however many calls the first
//! sends. Who waits is served in turn by caller and not by call: a thousand waiting calls of one are one turn like the
//! single call of another. Whoever stops waiting gives nothing away.

use super::SourceError;
use shuqiao_crypto::token::Caller;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot::{Receiver, Sender, channel};

/// Calls of one caller that may wait at one source; beyond it they are refused at once.
const WAITING_MAX: usize = 1_024;

/// For whom a source works: a caller, or the node itself when it looks at the source.
pub(crate) type Whose = Option<Caller>;

/// The places of one source.
pub(crate) struct Turns {
    state: Mutex<State>,
    /// Places that one caller may hold.
    share: usize,
}

struct State {
    free: usize,
    held: HashMap<Whose, usize>,
    waiting: HashMap<Whose, VecDeque<Sender<()>>>,
    /// Who has calls waiting, in the order of their turns.
    order: VecDeque<Whose>,
}

/// A place, until it is dropped.
pub(crate) struct Turn<'a> {
    turns: &'a Turns,
    whose: Whose,
}

/// A call that waits.
struct Waiting<'a> {
    turns: &'a Turns,
    whose: Whose,
    receiver: Receiver<()>,
}

impl Turns {
    /// So many places.
    pub(crate) fn new(places: usize) -> Self {
        let places = places.max(1);
        let state = State { free: places, held: HashMap::new(), waiting: HashMap::new(), order: VecDeque::new() };
        Self { state: Mutex::new(state), share: (places - places.div_ceil(4)).max(1) }
    }

    /// A place, when it is this caller's turn.
    ///
    /// # Errors
    /// `Slow` when too many calls of this caller wait already.
    pub(crate) async fn turn(&self, whose: Whose) -> Result<Turn<'_>, SourceError> {
        let mut waiting = {
            let mut state = self.state();
            if state.free > 0 && state.held(whose) < self.share {
                state.take(whose);
                return Ok(Turn { turns: self, whose });
            }
            let (sender, receiver) = channel();
            let queue = state.waiting.entry(whose).or_default();
            if queue.len() >= WAITING_MAX {
                return Err(SourceError::Slow);
            }
            queue.push_back(sender);
            if queue.len() == 1 {
                state.order.push_back(whose);
            }
            Waiting { turns: self, whose, receiver }
        };
        (&mut waiting.receiver).await.map_err(|_| SourceError::Failed)?;
        Ok(Turn { turns: self, whose })
    }

    fn give_back(&self, whose: Whose) {
        let mut state = self.state();
        state.free += 1;
        match state.held.get_mut(&whose) {
            Some(held) if *held > 1 => *held -= 1,
            _ => drop(state.held.remove(&whose)),
        }
        while state.free > 0 {
            let next = state.order.iter().position(|whose| state.held(*whose) < self.share);
            let Some(whose) = next.and_then(|at| state.order.remove(at)) else { break };
            let queue = state.waiting.entry(whose).or_default();
            // Who has stopped waiting does not take the sender's word.
            let taken = std::iter::from_fn(|| queue.pop_front()).any(|sender| sender.send(()).is_ok());
            if queue.is_empty() {
                state.waiting.remove(&whose);
            } else {
                state.order.push_back(whose);
            }
            if taken {
                state.take(whose);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn held(&self, whose: Whose) -> usize {
        self.held.get(&whose).copied().unwrap_or(0)
    }

    fn take(&mut self, whose: Whose) {
        self.free -= 1;
        *self.held.entry(whose).or_default() += 1;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.give_back(self.whose);
    }
}

impl Drop for Waiting<'_> {
    /// A place that was given to a call which no longer waits goes to the next; one that stopped before it was given leaves
    /// its place in the queue too, so that what is counted as waiting does wait.
    fn drop(&mut self) {
        self.receiver.close();
        match self.receiver.try_recv() {
            Ok(()) => self.turns.give_back(self.whose),
            Err(_) => {
                let mut state = self.turns.state();
                let Some(queue) = state.waiting.get_mut(&self.whose) else { return };
                queue.retain(|sender| !sender.is_closed());
                if queue.is_empty() {
                    state.waiting.remove(&self.whose);
                    state.order.retain(|waits| *waits != self.whose);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::{future::Future, pin::Pin, task::Poll};

    fn system(number: u32) -> Whose {
        Some(Caller::System(format!("sys_{number:032x}").parse().unwrap()))
    }

    type Asked<'a> = Pin<Box<dyn Future<Output = Result<Turn<'a>, SourceError>> + 'a>>;

    fn ask(turns: &Turns, number: u32) -> Asked<'_> {
        Box::pin(turns.turn(system(number)))
    }

    fn given<'a>(asked: &mut Asked<'a>) -> Option<Turn<'a>> {
        asked.now_or_never().map(Result::unwrap)
    }

    #[test]
    fn one_caller_with_many_calls_leaves_places_to_others() {
        let turns = Turns::new(8);
        let mut many: Vec<_> = (0..50).map(|_| ask(&turns, 1)).collect();
        let held: Vec<_> = many.iter_mut().filter_map(given).collect();
        assert_eq!(held.len(), 6, "three quarters of the places");
        let others: Vec<_> = (2..4).map(|number| given(&mut ask(&turns, number)).unwrap()).collect();
        assert!(given(&mut ask(&turns, 4)).is_none(), "all places are taken");
        drop(others);
        assert!(given(&mut ask(&turns, 4)).is_some());
    }

    #[test]
    fn who_waits_is_served_by_caller_and_not_by_call() {
        let turns = Turns::new(1);
        let first = given(&mut ask(&turns, 9)).unwrap();
        // Ten calls of one, then one each of two others.
        let order = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3];
        let mut waiting: Vec<_> = order.iter().map(|number| (*number, ask(&turns, *number))).collect();
        assert!(waiting.iter_mut().all(|(_, asked)| given(asked).is_none()));
        let (mut held, mut served) = (Some(first), Vec::new());
        for _ in 0..order.len() {
            drop(held.take());
            let at = waiting.iter_mut().position(|(_, asked)| {
                held = given(asked);
                held.is_some()
            });
            served.push(waiting.remove(at.unwrap()).0);
        }
        assert_eq!(served, [1, 2, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    }

    #[test]
    fn who_stops_waiting_gives_the_place_to_the_next() {
        let turns = Turns::new(1);
        let held = given(&mut ask(&turns, 1)).unwrap();
        let (mut gone, mut given_up, mut last) = (ask(&turns, 2), ask(&turns, 3), ask(&turns, 4));
        for asked in [&mut gone, &mut given_up, &mut last] {
            assert!(given(asked).is_none());
        }
        drop(gone);
        drop(held);
        // The place is the third's by now, who leaves without having taken it.
        drop(given_up);
        assert!(given(&mut last).is_some());
        assert!(given(&mut ask(&turns, 5)).is_some(), "no place was lost");
        let state = turns.state();
        assert_eq!((state.free, state.held.len(), state.waiting.len(), state.order.len()), (1, 0, 0, 0));
    }

    #[test]
    fn only_so_many_calls_of_one_caller_wait() {
        let turns = Turns::new(1);
        let _held = given(&mut ask(&turns, 1)).unwrap();
        let mut waiting: Vec<_> = (0..WAITING_MAX).map(|_| ask(&turns, 1)).collect();
        assert!(waiting.iter_mut().all(|asked| given(asked).is_none()));
        let refused = |number| ask(&turns, number).now_or_never().map(|turn| turn.err());
        assert_eq!(refused(1), Some(Some(SourceError::Slow)));
        assert_eq!(refused(2), None, "another may wait");
        waiting.truncate(WAITING_MAX - 1);
        assert_eq!(refused(1), None);
    }

    /// Whatever is asked, given back and given up in whatever order: no place is lost, none is given twice, nobody holds
    /// more than a share, and nobody waits while there is a place for them.
    #[test]
    fn places_are_neither_lost_nor_doubled() {
        let turns = Turns::new(5);
        let (mut waiting, mut held) = (Vec::new(), Vec::new());
        let mut chance = 12_345_u64;
        for _ in 0..20_000 {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let pick = (chance >> 33) as usize;
            match pick % 4 {
                0 | 1 => waiting.push((pick as u32 % 3, ask(&turns, pick as u32 % 3))),
                2 if !held.is_empty() => drop(held.swap_remove(pick % held.len())),
                3 if !waiting.is_empty() => drop(waiting.swap_remove(pick % waiting.len())),
                _ => {}
            }
            let mut still = Vec::new();
            for (number, mut asked) in waiting.drain(..) {
                match poll(&mut asked) {
                    Poll::Ready(turn) => held.push((number, turn)),
                    Poll::Pending => still.push((number, asked)),
                }
            }
            waiting = still;
            assert!(held.len() <= 5 && turns.state().free + held.len() == 5);
            for number in 0..3 {
                let of = |list: &[u32]| list.iter().filter(|n| **n == number).count();
                let holds = of(&held.iter().map(|(n, _)| *n).collect::<Vec<_>>());
                let waits = of(&waiting.iter().map(|(n, _)| *n).collect::<Vec<_>>());
                assert!(holds <= 3 && (waits == 0 || holds == 3 || held.len() == 5));
            }
        }
    }

    fn poll<'a>(asked: &mut Asked<'a>) -> Poll<Turn<'a>> {
        given(asked).map_or(Poll::Pending, Poll::Ready)
    }
}
