//! The reconcilers of clocks: after a late notice they are computed anew, and people are told before they run out.

use crate::{
    App, AppError, Ctx, Edge,
    attempt::{facts, task_of},
    clock_holders::{ClockHolder, HOLDERS, OpenClock},
    port::OutsideNotice,
    view::RemindersView,
};
use shuqiao_calendar::WorkCalendar;
use shuqiao_domain::{
    Clock,
    reminder::{Reminder, ReminderKind, told},
};
use shuqiao_policy::{Action, Permit, Resource};
use shuqiao_store::{Record, StoreError, Tx};
use shuqiao_vocabulary::{Moment, ReminderId};
use std::sync::Arc;

/// Cases that one commit looks at.
const PAGE: u32 = 100;
/// Pages that one activation looks at; the next goes on where it ended.
const PAGES_MAX: u32 = 20;
/// Reminders are looked for among cases due within so many seconds: three weeks hold every yellow light, over any holiday.
const HORIZON_SECONDS: i64 = 21 * 86_400;
/// Reminders that can be marked as read at once.
pub const READ_MAX: usize = 100;

/// How far the clocks have been compared with a calendar.
#[derive(Debug, Default)]
pub(crate) struct Recomputing {
    with: Option<Arc<WorkCalendar>>,
    holder: usize,
    after: String,
}

impl App {
    /// Computes open clocks anew when the calendar is another than the last time; each that moves, or becomes certain or
    /// uncertain, is recorded with both ends. Bounded; goes on at its next turn; may run twice. Answers how many moved.
    pub async fn clocks_reconcile(&self, edge: &Edge) -> Result<u32, AppError> {
        let mut at = self.recomputing.lock().await;
        let calendar = self.calendar();
        if !at.with.as_ref().is_some_and(|with| Arc::ptr_eq(with, &calendar)) {
            *at = Recomputing { with: Some(calendar), ..Recomputing::default() };
        }
        let mut moved = 0;
        for _ in 0..PAGES_MAX {
            let Some(holder) = HOLDERS.get(at.holder) else { return Ok(moved) };
            let last = self.clocks_page(edge, *holder, &at.after, &mut moved).await?;
            match last {
                Some(last) => at.after = last,
                None => (at.holder, at.after) = (at.holder + 1, String::new()),
            }
        }
        Ok(moved)
    }

    /// One page of one holder; the id of its last case, or `None` when that was the last page.
    async fn clocks_page(
        &self,
        edge: &Edge,
        holder: &dyn ClockHolder,
        after: &str,
        moved: &mut u32,
    ) -> Result<Option<String>, AppError> {
        let end = Moment::from_microseconds(i64::MAX);
        let open = holder.open_clocks(&mut *self.store.begin_read().await?, end, after, PAGE).await?;
        let last = open.last().map(|case| case.subject.clone());
        let other: Vec<(OpenClock, Clock)> = open
            .into_iter()
            .filter_map(|case| case.clock.recomputed(&self.calendar_of_clock(&case.clock)).map(|next| (case, next)))
            .collect();
        if !other.is_empty() {
            let permit =
                Permit::system("clocks_reconcile", "a notice of the calendar came after the clock had started");
            let mut tx = self.store.begin_write().await?;
            let mut records = Vec::new();
            for (case, next) in other {
                match holder.save_clock(&mut tx, &case, next.clone(), &permit).await {
                    Ok(()) => records.push(self.clock_record(edge, &permit, &case, &next)),
                    // Somebody moved the case meanwhile; it is looked at again with the next calendar, or is closed.
                    Err(StoreError::Stale { .. } | StoreError::NotFound) => {
                        tracing::info!(subject = case.subject, "a clock was not computed anew: its case has moved");
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            *moved = moved.saturating_add(u32::try_from(records.len()).unwrap_or(u32::MAX));
            if !records.is_empty() {
                tx.commit_all(records).await?;
            }
        }
        Ok(last)
    }

    fn clock_record(&self, edge: &Edge, permit: &Permit, case: &OpenClock, next: &Clock) -> Record {
        let before = &case.clock;
        let mut record = self.happened(edge, task_of(permit), "ClockRecomputed", &case.subject);
        record.facts = facts([
            ("number", &case.number),
            ("of", &case.kind),
            ("started", &before.started),
            ("due_before", &before.due),
            ("due", &next.due),
            ("provisional_before", &before.provisional),
            ("provisional", &next.provisional),
            ("calendar_before", &before.calendar),
            ("calendar", &next.calendar),
            ("notices", &new_notices(&before.calendar, &next.calendar)),
        ]);
        record
    }

    /// Writes what is to be told of open clocks today, each once, in one commit with its record. Bounded; may run twice.
    /// Answers how many were written.
    pub async fn reminders_reconcile(&self, edge: &Edge) -> Result<u32, AppError> {
        let mut written = 0_u32;
        for holder in HOLDERS {
            let mut after = String::new();
            for _ in 0..PAGES_MAX {
                let horizon = edge.now.plus_seconds(HORIZON_SECONDS);
                let mut conn = self.store.begin_read().await?;
                let open = holder.open_clocks(&mut conn, horizon, &after, PAGE).await?;
                let Some(last) = open.last() else { break };
                after.clone_from(&last.subject);
                let mut wanted = Vec::new();
                for case in &open {
                    if let Some(one) = self.reminder_of(edge, case)
                        && !conn.reminder_written(&one).await?
                    {
                        wanted.push(one);
                    }
                }
                drop(conn);
                written = written.saturating_add(self.reminders_write(edge, wanted).await?);
            }
        }
        Ok(written)
    }

    fn reminder_of(&self, edge: &Edge, case: &OpenClock) -> Option<Reminder> {
        let (kind, step) = told(&case.clock, edge.now, &self.calendar_of_clock(&case.clock))?;
        // Who is late answers to the head of the office; before that, whoever has the next step is told.
        let role = if kind == ReminderKind::Overdue { case.late } else { case.next };
        Some(Reminder {
            id: edge.mint(),
            kind,
            step,
            subject_kind: case.kind.to_owned(),
            subject: case.subject.clone(),
            number: case.number.clone(),
            due: case.clock.due,
            organisation: case.organisation,
            role,
            created: edge.now,
        })
    }

    async fn reminders_write(&self, edge: &Edge, wanted: Vec<Reminder>) -> Result<u32, AppError> {
        if wanted.is_empty() {
            return Ok(0);
        }
        let permit = Permit::system("reminders_reconcile", shuqiao_domain::law::SHORTER_TERMS);
        let mut tx: Tx = self.store.begin_write().await?;
        let mut records = Vec::new();
        for one in wanted {
            if tx.reminder_insert(&one, &permit).await? {
                let mut record = self.happened(edge, task_of(&permit), "ReminderWritten", one.id);
                record.related = vec![one.subject.clone(), one.organisation.to_string()];
                record.facts = facts([
                    ("kind", &one.kind),
                    ("number", &one.number),
                    ("due", &one.due),
                    ("role", &one.role),
                    ("step", &one.step),
                ]);
                records.push(record);
            }
        }
        let written = u32::try_from(records.len()).unwrap_or(u32::MAX);
        if written > 0 {
            tx.commit_all(records).await?;
        }
        Ok(written)
    }

    /// Hands reminders to the channel outside, oldest first. What fails stays and is tried again; what is delivered twice
    /// says the same twice.
    pub async fn reminders_deliver(&self, now: Moment) -> Result<u32, AppError> {
        let waiting = self.store.begin_read().await?.reminder_undelivered().await?;
        let permit = Permit::system("reminders_deliver", "a reminder was handed to the channel outside");
        let mut delivered = 0;
        for one in waiting {
            let link = format!("{}/inbox", self.node.base_url);
            let notice = OutsideNotice { number: one.number, kind: one.kind.as_str(), due: one.due, link };
            self.notifier.notify(&notice).await.map_err(AppError::Fault)?;
            let mut tx = self.store.begin_write().await?;
            tx.reminder_delivered(one.id, now, &permit).await?;
            tx.commit_derived(&permit).await?;
            delivered += 1;
        }
        Ok(delivered)
    }

    /// The reader's reminders, newest first, and how many of all are not read.
    pub async fn reminder_list(&self, ctx: &Ctx) -> Result<RemindersView, AppError> {
        self.attempt(ctx, Action::ReminderRead, "node", async {
            self.permit(ctx, Action::ReminderRead, &Resource::Node)?;
            let who = &ctx.principal;
            let mut conn = self.store.begin_read().await?;
            let items = conn.reminder_list(who.organisation, &who.roles, who.person).await?;
            let unread = conn.reminder_unread(who.organisation, &who.roles, who.person).await?;
            Ok(RemindersView { items, unread })
        })
        .await
    }

    /// The reader has read these; ids that are not the reader's are passed over. That they were told is on record.
    pub async fn reminder_read(&self, ctx: &Ctx, ids: &[ReminderId]) -> Result<RemindersView, AppError> {
        if self.replayed(ctx).await?.is_some() {
            return self.reminder_list(ctx).await;
        }
        self.attempt(ctx, Action::ReminderRead, "node", async {
            let permit = self.permit(ctx, Action::ReminderRead, &Resource::Node)?;
            let who = &ctx.principal;
            let mut tx = self.store.begin_write().await?;
            let own = tx.reminder_list(who.organisation, &who.roles, who.person).await?;
            let unread = own.into_iter().filter(|one| !one.read && ids.contains(&one.reminder.id));
            let new: Vec<Reminder> = unread.map(|one| one.reminder).take(READ_MAX).collect();
            let ids: Vec<ReminderId> = new.iter().map(|one| one.id).collect();
            let read = tx.reminder_read(&ids, who.person, ctx.now(), &permit).await?;
            let mut record = self.done(ctx, &permit, "RemindersRead", who.person);
            let numbers: Vec<&str> = new.iter().map(|one| one.number.as_str()).collect();
            record.facts = facts([("count", &read), ("numbers", &numbers.join(" "))]);
            tx.commit(record).await?;
            Ok(())
        })
        .await?;
        self.reminder_list(ctx).await
    }
}

/// The numbers that the second version of a calendar names and the first does not.
fn new_notices(before: &str, after: &str) -> String {
    let known: Vec<&str> = before.split('+').collect();
    after.split('+').filter(|part| !known.contains(part)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::new_notices;

    #[test]
    fn the_notices_that_moved_a_clock_are_named() {
        assert_eq!(new_notices("CN-2018..2026", "CN-2018..2026+国办发明电〔2026〕9号"), "国办发明电〔2026〕9号");
        assert_eq!(new_notices("CN+a", "CN+a+b+54:c"), "b 54:c");
        assert_eq!(new_notices("CN+a", "CN+a"), "");
    }
}
