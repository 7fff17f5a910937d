//! A write transaction.

use crate::{book::BookThing, conn::Conn};
use shuqiao_policy::Permit;
use std::{
    collections::BTreeSet,
    ops::{Deref, DerefMut},
};

/// A write transaction. It ends with [`Tx::commit`]; dropping it undoes everything.
///
/// It can read whatever a [`ReadTx`](crate::ReadTx) can. After any error but `NotFound` and `Stale` it cannot be
/// committed any more: drop it, and begin another one for the record of the refusal.
#[derive(Debug)]
pub struct Tx {
    pub(crate) conn: Conn,
    /// Something was written that a record must account for.
    pub(crate) decided: bool,
    /// What has changed of that which planes serve from: when it is not empty, the grant epoch moves in the commit.
    pub(crate) book_changed: BTreeSet<BookThing>,
}

impl Tx {
    pub(crate) fn new(conn: Conn) -> Self {
        Self { conn, decided: false, book_changed: BTreeSet::new() }
    }

    /// Every write passes here, so that [`Tx::commit_derived`] can refuse to commit a decision.
    ///
    /// INVARIANT (no-write-without-permit): the permit is asked for and nothing of it is needed; that one exists is
    /// the proof.
    pub(crate) fn deciding(&mut self, _permit: &Permit) -> &mut Conn {
        self.decided = true;
        &mut self.conn
    }

    /// As [`Tx::deciding`], for what planes serve from; the commit notes the change under its epoch.
    pub(crate) fn changing_book(&mut self, thing: BookThing, permit: &Permit) -> &mut Conn {
        self.book_changed.insert(thing);
        self.deciding(permit)
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
