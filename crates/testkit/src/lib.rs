//! Fixtures, scenarios, role clients, throw-away databases, for tests only
