//! State, journal and log in one transaction, on SQLite or PostgreSQL
