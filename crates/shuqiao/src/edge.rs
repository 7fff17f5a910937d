//! The edge: the one place where the time and chance of the machine come in (INVARIANT time-enters-once).

use anyhow::{Context, Result, anyhow};
use shuqiao_app::{Chance, Edge};
use shuqiao_crypto::{digest, secret};
use shuqiao_vocabulary::Moment;
use std::{
    fs::read_to_string,
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

/// A clock that is moved by a file, for demonstrations and tests: nobody waits ten working days.
struct MovedClock {
    file: PathBuf,
    /// What the file said last, the moment it named, and what the machine's clock said when it was read.
    read: Mutex<(String, Moment, Moment)>,
}

static MOVED: OnceLock<MovedClock> = OnceLock::new();

/// From now on the time is what this file says (RFC 3339), and runs on from there until the file says something else.
pub(crate) fn move_clock(file: &Path) -> Result<()> {
    let text = read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let begin = moment(&text).with_context(|| format!("{} holds no moment (RFC 3339)", file.display()))?;
    let read = Mutex::new((text, begin, machine()));
    MOVED.set(MovedClock { file: file.to_owned(), read }).map_err(|_| anyhow!("the clock is moved already"))
}

fn moment(text: &str) -> Option<Moment> {
    let timestamp: jiff::Timestamp = text.trim().parse().ok()?;
    Some(Moment::from_microseconds(timestamp.as_microsecond()))
}

impl MovedClock {
    fn now(&self) -> Moment {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        // A file that is just being written is read the next time.
        if let Ok(text) = read_to_string(&self.file)
            && text != read.0
            && let Some(begin) = moment(&text)
        {
            *read = (text, begin, machine());
        }
        let passed = machine().microseconds() - read.2.microseconds();
        Moment::from_microseconds(read.1.microseconds().saturating_add(passed))
    }
}

/// Now: as the machine's clock says, unless it was moved.
pub(crate) fn now() -> Moment {
    MOVED.get().map_or_else(machine, MovedClock::now)
}

#[expect(clippy::disallowed_methods, reason = "this is the edge at which the time enters")]
fn machine() -> Moment {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_microseconds(i64::try_from(since_1970.as_micros()).unwrap_or(i64::MAX))
}

/// Chance of the machine.
pub(crate) fn chance() -> Chance {
    Chance::from_seed(secret::random_bytes())
}

/// A new operation that nobody asked for over HTTP.
pub(crate) fn edge() -> Edge {
    Edge { now: now(), request_id: digest::hex(&secret::random_bytes::<16>()), chance: chance() }
}
