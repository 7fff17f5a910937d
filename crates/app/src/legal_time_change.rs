//! Adopting rule sets and adding notices: each is recorded with a digest of what it says, and holds from the next clock on.

use crate::{
    App, AppError, Ctx,
    attempt::facts,
    legal_time::LegalTime,
    view::{AdoptedNotice, AdoptedRules},
};
use sha2::{Digest as _, Sha256};
use shuqiao_calendar::{CalendarError, LateNotice, Overlay, WorkCalendar};
use shuqiao_domain::{RuleBook, RuleSet, rules::notice_refused};
use shuqiao_policy::{Action, Resource};
use shuqiao_store::{Conn, NoticeRow, RuleSetRow};
use shuqiao_vocabulary::{CalendarNoticeId, RuleSetId};
use std::sync::Arc;

impl App {
    /// Reads notices and rule sets of the store; at the start of the program, and after each change.
    pub async fn legal_time_load(&self) -> Result<(), AppError> {
        let held = self.legal_time_held(&mut *self.store.begin_read().await?).await?;
        self.legal_time.set(held);
        Ok(())
    }

    /// What holds according to the store. What was checked when it was adopted is taken as it stands.
    async fn legal_time_held(&self, conn: &mut Conn) -> Result<LegalTime, AppError> {
        let mut calendar = self.calendar_at_start.clone();
        for (_, _, notice) in conn.calendar_notice_list().await? {
            match with_notice(&calendar, &notice) {
                Ok(next) => calendar = next,
                // A newer program has the notice in its own table, or one that says more: it is in already.
                Err(error) => tracing::warn!(number = notice.number(), %error, "a stored notice is not applied"),
            }
        }
        let mut rules = RuleBook::decree();
        for row in conn.rule_set_list().await? {
            match rules.adopt(row.value) {
                Ok(next) => rules = next,
                Err(refusal) => tracing::error!(id = %row.id, %refusal, "a stored rule set is not applied"),
            }
        }
        Ok(LegalTime { calendar: Arc::new(calendar), rules: Arc::new(rules) })
    }

    /// The rule sets that were adopted, in their order, with who adopted each and when in the record.
    pub async fn rule_set_list(&self, ctx: &Ctx) -> Result<Vec<AdoptedRules>, AppError> {
        self.attempt(ctx, Action::CalendarRead, "node", async {
            self.permit(ctx, Action::CalendarRead, &Resource::Node)?;
            let rows = self.store.begin_read().await?.rule_set_list().await?;
            Ok(rows.into_iter().map(|row| AdoptedRules { id: row.id, at: row.at, set: row.value }).collect())
        })
        .await
    }

    /// Adopts a rule set. It is a new one, whatever it supersedes stays on record.
    pub async fn rule_set_adopt(&self, ctx: &Ctx, set: RuleSet) -> Result<AdoptedRules, AppError> {
        if let Some(id) = self.replayed_id::<RuleSetId>(ctx).await? {
            let known = self.rule_set_list(ctx).await?.into_iter().find(|row| row.id == id);
            return known.ok_or(AppError::NotFound);
        }
        self.attempt(ctx, Action::RuleSetAdopt, "node", async {
            let permit = self.permit(ctx, Action::RuleSetAdopt, &Resource::Node)?;
            let mut tx = self.store.begin_write().await?;
            let held = self.legal_time_held(&mut tx).await?;
            let id: RuleSetId = ctx.edge.mint();
            let row = RuleSetRow { id, at: ctx.now(), value: RuleSet { id: id.to_string(), ..set } };
            let rules = held.rules.adopt(row.value.clone())?;
            let body = tx.rule_set_insert(&row, &permit).await?;
            let mut record = self.done(ctx, &permit, "RuleSetAdopted", id);
            let terms = row.value.terms.iter().map(|(clock, days)| format!("{clock}={days}")).collect::<Vec<_>>();
            record.facts = facts([
                ("digest", &digest(&body)),
                ("from", &row.value.from),
                ("number", &row.value.number),
                ("place", &place(&row.value)),
                ("terms", &terms.join(" ")),
            ]);
            tx.commit(record).await?;
            self.legal_time.set(LegalTime { calendar: held.calendar, rules: Arc::new(rules) });
            Ok(AdoptedRules { id, at: row.at, set: row.value })
        })
        .await
    }

    /// The notices that were added to the program's own table.
    pub async fn calendar_notice_list(&self, ctx: &Ctx) -> Result<Vec<AdoptedNotice>, AppError> {
        self.attempt(ctx, Action::CalendarRead, "node", async {
            self.permit(ctx, Action::CalendarRead, &Resource::Node)?;
            let rows = self.store.begin_read().await?.calendar_notice_list().await?;
            Ok(rows.into_iter().map(|(id, at, notice)| AdoptedNotice { id, at, notice }).collect())
        })
        .await
    }

    /// Adds a notice. Open clocks follow: the reconciler computes them anew and records each that moves.
    pub async fn calendar_notice_add(&self, ctx: &Ctx, notice: NoticeRow) -> Result<AdoptedNotice, AppError> {
        if let Some(id) = self.replayed_id::<CalendarNoticeId>(ctx).await? {
            let known = self.calendar_notice_list(ctx).await?.into_iter().find(|row| row.id == id);
            return known.ok_or(AppError::NotFound);
        }
        let added = self
            .attempt(ctx, Action::CalendarNoticeAdd, "node", async {
                let permit = self.permit(ctx, Action::CalendarNoticeAdd, &Resource::Node)?;
                let mut tx = self.store.begin_write().await?;
                let held = self.legal_time_held(&mut tx).await?;
                let next = with_notice(&held.calendar, &notice).map_err(|error| notice_refused(&error))?;
                let id: CalendarNoticeId = ctx.edge.mint();
                let body = tx.calendar_notice_insert(id, ctx.now(), &notice, &permit).await?;
                let mut record = self.done(ctx, &permit, "CalendarNoticeAdded", id);
                let whose = match &notice {
                    NoticeRow::Nation(late) => late.year.to_string(),
                    NoticeRow::Region(overlay) => overlay.region.to_string(),
                };
                record.facts = facts([
                    ("digest", &digest(&body)),
                    ("number", &notice.number()),
                    ("arranges", &whose),
                    ("calendar", &next.version()),
                ]);
                tx.commit(record).await?;
                self.legal_time.set(LegalTime { calendar: Arc::new(next), rules: held.rules });
                Ok(AdoptedNotice { id, at: ctx.now(), notice })
            })
            .await?;
        // What is done and recorded does not fail because what follows from it does: the reconciler's next turn goes on.
        if let Err(error) = self.clocks_reconcile(&ctx.edge).await {
            tracing::error!(%error, "open clocks could not be computed anew after a notice");
        }
        Ok(added)
    }
}

fn with_notice(calendar: &WorkCalendar, notice: &NoticeRow) -> Result<WorkCalendar, CalendarError> {
    match notice {
        NoticeRow::Nation(late) => calendar.with_notice(late),
        NoticeRow::Region(overlay) => calendar.with_overlay(overlay.clone()),
    }
}

/// A notice of the nation as a value, for callers that know no calendar.
pub fn nation(year: i16, number: String, url: String, days: crate::view::NoticeDays) -> NoticeRow {
    let notice = shuqiao_calendar::Notice { number, url };
    NoticeRow::Nation(LateNotice { year, notice, off: days.off, work: days.work })
}

/// A notice of a region as a value.
pub fn regional(
    region: shuqiao_vocabulary::RegionCode,
    number: String,
    url: String,
    days: crate::view::NoticeDays,
) -> NoticeRow {
    let notice = shuqiao_calendar::Notice { number, url };
    NoticeRow::Region(Overlay { region, notice, off: days.off, work: days.work })
}

/// `sha256:` and the digest of the stored text, so that what was adopted can be proved from the record.
fn digest(body: &str) -> String {
    let bytes: [u8; 32] = Sha256::digest(body.as_bytes()).into();
    bytes.iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

fn place(set: &RuleSet) -> String {
    let level = set.level.map_or("", |level| level.as_str());
    let region = set.region.as_ref().map_or("", |region| region.as_str());
    format!("{region} {level}").trim().to_owned()
}
