//! SELECT statements whose conditions depend on what is asked.
//!
//! Every piece of text is a `&'static str` of this crate; whatever comes from outside is bound.

use crate::conn::Query;
use sqlx::AssertSqlSafe;
use std::fmt::Write as _;

/// Parameters of one statement; SQLite allows 32,766, PostgreSQL 65,535.
pub(crate) const PARAMETERS_MAX: usize = 500;

/// A value to be bound.
#[derive(Clone, Debug)]
pub(crate) enum Bound {
    Text(String),
    Integer(i64),
    Bytes(Vec<u8>),
}

impl From<String> for Bound {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Bound {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<i64> for Bound {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

/// A statement that is being put together.
#[derive(Debug)]
pub(crate) struct Select {
    text: String,
    bound: Vec<Bound>,
}

impl Select {
    /// Begins with this text, which must end where a condition or a list of values may follow.
    pub(crate) fn new(begin: &'static str) -> Self {
        Self { text: begin.to_owned(), bound: Vec::new() }
    }

    /// Adds text without a value.
    pub(crate) fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a place for this value.
    pub(crate) fn bind(&mut self, value: impl Into<Bound>) -> &mut Self {
        self.bound.push(value.into());
        // Writing to a string does not fail.
        let _ = write!(self.text, "${}", self.bound.len());
        self
    }

    /// Adds `begin $1, $2, … end` for a list that is not empty.
    pub(crate) fn list<T: Into<Bound>>(
        &mut self,
        begin: &'static str,
        values: impl IntoIterator<Item = T>,
        end: &'static str,
    ) -> &mut Self {
        self.push(begin);
        for (position, value) in values.into_iter().enumerate() {
            if position > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self.push(end)
    }

    /// The statement, ready to run.
    pub(crate) fn query(self) -> Query {
        // Safe: the text consists of `&'static str` pieces of this crate and of `$1`, `$2`, …; every value is bound.
        let mut query = sqlx::query(AssertSqlSafe(self.text));
        for value in self.bound {
            query = match value {
                Bound::Text(text) => query.bind(text),
                Bound::Integer(integer) => query.bind(integer),
                Bound::Bytes(bytes) => query.bind(bytes),
            };
        }
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_holds_places_and_never_values() {
        let mut select = Select::new("select 1 from t where true");
        select.push(" and a = ").bind("x' or true --".to_owned());
        select.list(" and b in (", ["y".to_owned(), "z".to_owned()], ")").push(" limit ").bind(3);
        assert_eq!(select.text, "select 1 from t where true and a = $1 and b in ($2, $3) limit $4");
        assert_eq!(select.bound.len(), 4);
    }
}
