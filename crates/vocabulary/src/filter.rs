//! Row conditions: what a request asks for, a grant fixes, and the plane enforces, in one language.
//!
//! A filter is a conjunction. There is no negation and no disjunction beyond a list of values, so that an official can
//! read it and narrowing is plain to check.

use crate::{Date, ItemName};

/// A value in a condition, typed as its item is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Literal {
    /// Text, and decimals in their written form.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A calendar date.
    Date(Date),
    /// Yes or no.
    Boolean(bool),
}

/// What a row's value must satisfy. An empty value (null) satisfies none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// Equal to the literal (`eq`).
    Equals(Literal),
    /// Equal to one of the literals (`in`); at least one.
    OneOf(Vec<Literal>),
    /// Between the two, both included; a missing end is open (`range`). Text compares by bytes of UTF-8.
    Between {
        /// Lower end, included.
        from: Option<Literal>,
        /// Upper end, included.
        to: Option<Literal>,
    },
    /// Text that starts with this (`prefix`): a region and everything in it.
    StartsWith(String),
}

/// One condition on one item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The item it speaks of.
    pub item: ItemName,
    /// What must hold.
    pub test: Test,
}

/// A conjunction of conditions; empty means every row (行范围).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RowFilter(pub Vec<Condition>);

impl RowFilter {
    /// Every row.
    pub const fn everything() -> Self {
        Self(Vec::new())
    }
}
