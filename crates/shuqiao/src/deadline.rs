//! `shuqiao deadline`: a term in working days, counted as the law counts it.

use crate::cli::DeadlineArguments;
use anyhow::{Context, Result};
use shuqiao_calendar::WorkCalendar;
use shuqiao_domain::{ClockId, law};
use shuqiao_vocabulary::Date;

/// The answer as a line, or as JSON.
pub(crate) fn answer(told: &DeadlineArguments) -> Result<String> {
    let date: Option<Date> = told.start.parse().ok();
    // One spelling: the parser alone would also take `20260214`.
    let start = date
        .filter(|date| date.to_string() == told.start)
        .with_context(|| format!("`{}` is not a date: YYYY-MM-DD is expected", told.start))?;
    let calendar = WorkCalendar::official();
    let clock = told.clock.as_deref().map(str::parse::<ClockId>).transpose()?;
    let term = clock.map(law::term);
    let working_days = term.map_or(told.working_days.unwrap_or_default(), |term| term.days);
    let due = calendar.due_after(start, working_days).context("the deadline cannot be counted")?;
    if told.json {
        let mut answer = serde_json::json!({
            "start": start.to_string(),
            "working_days": working_days,
            "due": due.date.to_string(),
            "calendar": calendar.version(),
            "provisional": due.provisional,
        });
        if let (Some(term), Some(clock)) = (term, clock) {
            answer["clock"] = clock.as_str().into();
            answer["article"] = term.article.to_string().into();
        }
        return Ok(answer.to_string());
    }
    let provisional =
        if due.provisional { " (provisional: a year without a published calendar is involved)" } else { "" };
    let ground = term.map(|term| format!(" (Art. {})", term.article)).unwrap_or_default();
    Ok(format!("{start} + {working_days} working days = {}{ground}{provisional}", due.date))
}
