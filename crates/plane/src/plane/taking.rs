//! How a plane takes its book: a snapshot in parts, changes in place, and the word that what it has is the newest.

use super::Plane;
use crate::{
    book::{BOOK_STALE_SECONDS, Book, BookError, Change, SignedBook, SignedChange},
    compiled::{CompiledBook, Maker},
    meter::UsedOfDay,
    problem::{ProblemCode, Refused},
};
use shuqiao_vocabulary::{Moment, id::GrantId};
use std::{
    mem,
    sync::{PoisonError, RwLockReadGuard, atomic::Ordering},
};

impl Plane {
    /// Installs a book, or the next part of one. With the last part the book is in force, alone. The epoch in force.
    ///
    /// # Errors
    /// When its signature does not hold, it is older than the one in force, or it is not the part that was expected.
    pub fn install(&self, signed: &SignedBook, now: Moment) -> Result<u64, BookError> {
        let book = signed.open(&self.keys.book)?;
        let whole = !book.more;
        let epoch = self.take(book)?;
        if whole {
            self.confirmed.store(now.microseconds(), Ordering::Release);
        }
        Ok(epoch)
    }

    /// Applies a change to the book in force. The epoch in force from here on.
    ///
    /// # Errors
    /// When its signature does not hold; `Gap` when it does not begin at the epoch in force: a snapshot is needed.
    pub fn change(&self, signed: &SignedChange, now: Moment) -> Result<u64, BookError> {
        let epoch = self.take_change(signed.open(&self.keys.book)?)?;
        self.confirmed.store(now.microseconds(), Ordering::Release);
        Ok(epoch)
    }

    /// Takes a book whose signature was checked, without believing that it is the newest.
    pub(crate) fn take(&self, mut book: Book) -> Result<u64, BookError> {
        // One at a time, compiled beside the book in force: a large book must not hold up calls.
        let mut taking = self.taking.lock().unwrap_or_else(PoisonError::into_inner);
        let used = self.used();
        let maker = self.maker(&used);
        let wrong = BookError::Part { epoch: book.epoch, part: book.part };
        let more = book.more;
        let mut staged = match (taking.take(), book.part) {
            (_, 0) => CompiledBook::begin(&mut book, &self.book())?,
            (Some((staged, parts)), part) if parts == part && staged.epoch == book.epoch => staged,
            _ => return Err(wrong),
        };
        let parts = book.part.saturating_add(1);
        staged.more(book, &self.book(), &maker);
        if more {
            *taking = Some((staged, parts));
            return Ok(self.epoch());
        }
        staged.complete(&self.book());
        let epoch = staged.epoch;
        let before = mem::replace(&mut *self.book.write().unwrap_or_else(PoisonError::into_inner), staged);
        // Dropped when nobody waits for it any more.
        drop(before);
        Ok(epoch)
    }

    /// As [`Plane::take`], of a change.
    pub(crate) fn take_change(&self, change: Change) -> Result<u64, BookError> {
        let mut taking = self.taking.lock().unwrap_or_else(PoisonError::into_inner);
        // What was begun of a snapshot is older than this change.
        *taking = None;
        let used = self.used();
        let prepared = self.book().prepare(change, &self.maker(&used))?;
        let displaced = {
            let mut book = self.book.write().unwrap_or_else(PoisonError::into_inner);
            book.apply(prepared)
        };
        drop(displaced);
        Ok(self.epoch())
    }

    /// Notes that the book of this epoch is the newest at this moment. Another epoch is not confirmed: `false`, and what is
    /// served from grows stale until the newer book arrives.
    pub fn confirm(&self, epoch: u64, now: Moment) -> bool {
        let book = self.book();
        let current = book.is_there() && book.epoch == epoch;
        if current {
            self.confirmed.store(now.microseconds(), Ordering::Release);
        }
        current
    }

    /// The epoch of the book in force; 0 before the first.
    pub fn epoch(&self) -> u64 {
        self.book().epoch
    }

    /// Whether the book is fresh enough to serve from.
    pub fn is_fresh(&self, now: Moment) -> bool {
        self.age(now).is_some_and(|age| age.abs() <= BOOK_STALE_SECONDS * 1_000_000)
    }

    /// Microseconds since the book was last known to be the newest.
    pub(crate) fn age(&self, now: Moment) -> Option<i64> {
        let confirmed = self.confirmed.load(Ordering::Acquire);
        (confirmed != i64::MIN).then(|| now.microseconds().saturating_sub(confirmed))
    }

    /// Says that this program's clock is too far from the node's, or no longer.
    pub(crate) fn clock_is_off(&self, off: bool) {
        self.clock_off.store(off, Ordering::Release);
    }

    /// Whether anything may be served from the book at this moment.
    pub(crate) fn current(&self, now: Moment) -> Result<(), Refused> {
        if self.clock_off.load(Ordering::Acquire) {
            return Err(Refused::new(ProblemCode::ClockOff).with("limit_seconds", BOOK_STALE_SECONDS).again_after(1));
        }
        if self.is_fresh(now) { Ok(()) } else { Err(Refused::new(ProblemCode::BookStale).again_after(1)) }
    }

    /// The book in force. Held for a few steps only: a change waits for it.
    pub(crate) fn book(&self) -> RwLockReadGuard<'_, CompiledBook> {
        self.book.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn used(&self) -> impl Fn(&GrantId) -> UsedOfDay {
        |grant| self.usage.grant(grant).today
    }

    fn maker<'a>(&'a self, used: &'a dyn Fn(&GrantId) -> UsedOfDay) -> Maker<'a> {
        Maker { seal: &self.keys.seal, mask_master: &self.keys.mask_master, clock: &self.settings.meter_clock, used }
    }
}
