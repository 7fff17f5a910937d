//! `shuqiao deadline`: a term in working days, counted as the law counts it.

use crate::cli::DeadlineArguments;
use anyhow::{Context, Result};
use shuqiao_calendar::WorkCalendar;
use shuqiao_vocabulary::Date;

/// The answer as a line, or as JSON.
pub(crate) fn answer(told: &DeadlineArguments) -> Result<String> {
    let date: Option<Date> = told.start.parse().ok();
    // One spelling: the parser alone would also take `20260214`.
    let start = date
        .filter(|date| date.to_string() == told.start)
        .with_context(|| format!("`{}` is not a date: YYYY-MM-DD is expected", told.start))?;
    let calendar = WorkCalendar::official();
    let due = calendar.due_after(start, told.working_days).context("the deadline cannot be counted")?;
    if told.json {
        let answer = serde_json::json!({
            "start": start.to_string(),
            "working_days": told.working_days,
            "due": due.date.to_string(),
            "calendar": calendar.version(),
            "provisional": due.provisional,
        });
        return Ok(answer.to_string());
    }
    let provisional =
        if due.provisional { " (provisional: a year without a published calendar is involved)" } else { "" };
    Ok(format!("{start} + {} working days = {}{provisional}", told.working_days, due.date))
}
