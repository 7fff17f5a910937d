//! Accounts of people: passwords, one-time links, lock-out.

use crate::{Refusal, RefusalCode, organisation::checked_name};
use shuqiao_vocabulary::{Moment, OrganisationId, PersonId, Role};
use std::collections::BTreeSet;

/// Failures in a row after which an account is locked for a while.
pub const LOGIN_FAILURES_MAX: u32 = 5;
/// How long it is locked, in seconds.
pub const LOCK_SECONDS: i64 = 15 * 60;
/// Shortest password, in characters.
pub const PASSWORD_CHARACTERS_MIN: usize = 12;
/// Longest password, in bytes: more only costs hashing time.
pub const PASSWORD_BYTES_MAX: usize = 256;
/// How long a one-time link is good, in seconds.
pub const ONE_TIME_LINK_SECONDS: i64 = 72 * 3_600;
/// How long a session lasts, in seconds.
pub const SESSION_SECONDS: i64 = 12 * 3_600;

/// A person with an account on this node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// Login name: lower-case letters, digits, `.`, `-`, `_`.
    pub login: String,
    /// The person's name, as it stands under decisions.
    pub name: String,
    /// The organisation the person acts for.
    pub organisation: OrganisationId,
    /// What the person is.
    pub roles: BTreeSet<Role>,
    /// Whether the account is open.
    pub active: bool,
}

/// What the lock-out knows of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Failures since the last success.
    pub failures: u32,
    /// Locked until this moment.
    pub until: Option<Moment>,
}

impl Lock {
    /// Whether it is locked at this moment.
    pub fn holds(&self, at: Moment) -> bool {
        self.until.is_some_and(|until| at < until)
    }

    /// After one more failure at this moment.
    #[must_use]
    pub fn after_failure(self, at: Moment) -> Self {
        let failures = self.failures.saturating_add(1);
        let until = (failures >= LOGIN_FAILURES_MAX).then(|| at.plus_seconds(LOCK_SECONDS));
        Self { failures: if until.is_some() { 0 } else { failures }, until }
    }
}

/// A login name as it is stored: 2 to 64 of `a-z0-9._-`, starting with a letter.
pub fn checked_login(login: &str) -> Result<String, Refusal> {
    let fits = (2..=64).contains(&login.len())
        && login.starts_with(|c: char| c.is_ascii_lowercase())
        && login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'));
    if fits {
        return Ok(login.to_owned());
    }
    Err(Refusal::new(RefusalCode::NameRefused, None).with("field", "login").with("max", 64))
}

/// A password that may be set for this login: long enough, not the login, not one character over and over.
pub fn check_password(login: &str, password: &str) -> Result<(), Refusal> {
    let distinct = password.chars().collect::<BTreeSet<_>>().len();
    let weak = password.chars().count() < PASSWORD_CHARACTERS_MIN
        || password.len() > PASSWORD_BYTES_MAX
        || distinct < 5
        || password.to_lowercase().contains(&login.to_lowercase());
    if weak {
        return Err(Refusal::new(RefusalCode::PasswordWeak, None)
            .with("min", PASSWORD_CHARACTERS_MIN)
            .with("max", PASSWORD_BYTES_MAX));
    }
    Ok(())
}

/// A new person; the roles must already be free of conflict.
pub fn open(
    id: PersonId,
    login: &str,
    name: &str,
    organisation: OrganisationId,
    roles: BTreeSet<Role>,
) -> Result<Person, Refusal> {
    if roles.is_empty() {
        return Err(Refusal::new(RefusalCode::NameRefused, None).with("field", "roles"));
    }
    let login = checked_login(login)?;
    let name = checked_name("name", name)?;
    Ok(Person { id, login, name, organisation, roles, active: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_lock_for_a_quarter_of_an_hour() {
        let at = Moment::from_microseconds(1_000_000);
        let mut lock = Lock::default();
        for _ in 0..4 {
            lock = lock.after_failure(at);
            assert!(!lock.holds(at));
        }
        lock = lock.after_failure(at);
        assert!(lock.holds(at) && lock.holds(at.plus_seconds(LOCK_SECONDS - 1)));
        assert!(!lock.holds(at.plus_seconds(LOCK_SECONDS)));
    }

    #[test]
    fn weak_passwords_are_refused() {
        for weak in ["short", "aaaaaaaaaaaaaaaa", "wang.li-2026-x", ""] {
            assert!(check_password("wang.li", weak).is_err(), "{weak}");
        }
        assert!(check_password("wang.li", "correct horse battery").is_ok());
        for login in ["Wang", "1a", "a", "a b", "王"] {
            assert!(checked_login(login).is_err(), "{login}");
        }
    }
}
