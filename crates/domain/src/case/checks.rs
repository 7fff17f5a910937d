//! What several procedures check in the same way: dates that an order sets, digests of documents.

use super::AnyCase;
use crate::{Clock, Problem, ProblemCode, Refusal, RefusalCode, Stamp};
use shuqiao_calendar::WorkCalendar;
use shuqiao_vocabulary::{Article, Date};

/// The furthest day that an order may set, in days from the order. Our limit, not the law's.
const ORDER_DAYS_MAX: i32 = 366;
/// Letters of a SHA-256 digest in hexadecimal.
const DIGEST_LETTERS: usize = 64;

/// One field of a case is wrong.
pub(super) fn wrong(field: &'static str, code: ProblemCode, article: Article) -> Refusal {
    let problems = vec![Problem::new(field, code, Some(article))];
    Refusal { problems, ..Refusal::new(RefusalCode::CaseIncomplete, Some(article)) }
}

/// The clock up to a day that an order sets: later than today, and not so far away that the order means nothing.
pub(super) fn ordered(
    field: &'static str,
    day: Date,
    article: Article,
    by: &Stamp,
    calendar: &WorkCalendar,
) -> Result<Clock, Refusal> {
    ahead(field, day, 1, article, by)?;
    Clock::until(day, article, by.at, calendar)
}

/// A day that lies at least so many days ahead, and not too far.
pub(super) fn ahead(
    field: &'static str,
    day: Date,
    days_min: i32,
    article: Article,
    by: &Stamp,
) -> Result<(), Refusal> {
    let days = by.at.date().until(day).map_or(i32::MAX, |span| span.get_days());
    if (days_min..=ORDER_DAYS_MAX).contains(&days) {
        return Ok(());
    }
    Err(wrong(field, ProblemCode::PeriodWrong, article))
}

/// The digest of a document that stays where it is: SHA-256 in hexadecimal, small letters.
pub(super) fn digest(field: &'static str, text: &str, article: Article) -> Result<(), Refusal> {
    let fine = text.len() == DIGEST_LETTERS && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if fine { Ok(()) } else { Err(wrong(field, ProblemCode::TypeMismatch, article)) }
}

/// What may happen once only is not there already.
pub(super) fn only_one<'a>(mut others: impl Iterator<Item = &'a AnyCase>, article: Article) -> Result<(), Refusal> {
    match others.next() {
        None => Ok(()),
        Some(other) => Err(Refusal::new(RefusalCode::CaseAlreadyThere, Some(article)).with("number", other.number())),
    }
}
