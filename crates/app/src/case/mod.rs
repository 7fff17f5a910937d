//! Cases (案件): opening one, acting in one. The same for every kind: facts, permit, the procedure, what follows from
//! it, one commit.

mod effects;
mod ends;
mod facts;
mod hand;
mod reading;

pub(crate) use hand::Hand;
pub use reading::CaseFind;

use crate::{App, AppError, Ctx, attempt::facts, view::CaseView};
use effects::Followed;
use shuqiao_domain::case::{AnyCase, CaseAct, CaseKind, CaseMatter, Effect};
use shuqiao_policy::{Action, CaseResource, Permit, Resource};
use shuqiao_store::{LIST_MAX, Record, Revised, Tx};
use shuqiao_vocabulary::{CaseId, Moment};
use std::collections::VecDeque;

/// Effects of one act: a change of service that every grant on an entry is told of has the most. More would be a loop.
const EFFECTS_MAX: usize = 2 * LIST_MAX as usize;

/// The case as the policies see it.
pub(crate) fn of_case(case: &AnyCase) -> Resource {
    Resource::Case(CaseResource {
        kind: case.kind(),
        state: case.state(),
        opener: case.opener(),
        respondent: case.respondent(),
        authority: case.authority(),
        concerned: case.concerned().to_vec(),
        opened_by: case.opened().person(),
        prepared_by: case.prepared_by(),
        people: case.people(),
    })
}

/// The same case in another state.
fn in_state(case: &Resource, name: &'static str) -> Resource {
    let mut other = case.clone();
    if let Resource::Case(case) = &mut other {
        case.state = name;
    }
    other
}

/// Every kind and every verb has its action; that the policy knows them is tested there.
fn unknown(kind: CaseKind) -> AppError {
    AppError::Fault(format!("no action for a case of the kind {kind}"))
}

impl App {
    /// Opens a case.
    pub async fn case_open(&self, ctx: &Ctx, matter: CaseMatter) -> Result<CaseView, AppError> {
        if let Some(id) = self.replayed_id(ctx).await? {
            return self.case_fetch(ctx, id).await;
        }
        let action = Action::case_open(matter.kind()).ok_or_else(|| unknown(matter.kind()))?;
        let saved = self
            .attempt(ctx, action, "node", async {
                let found = self.case_facts(ctx, &matter).await?;
                let mut tx = self.store.begin_write().await?;
                let number = case_number(&mut tx, matter.kind(), ctx.now()).await?;
                let (case, effects) =
                    AnyCase::open(ctx.edge.mint(), number, matter, &found.facts(&self.legal_time.get()), ctx.stamp())?;
                let permit = self.permit(ctx, action, &of_case(&case))?;
                let saved = tx.case_insert(&case, &permit).await?;
                let hand = Hand::of(ctx);
                let mut records = vec![self.case_record(&hand, &permit, &case, case.opened_event())];
                records.extend(self.carried_out(&hand, &mut tx, &permit, &case, effects).await?);
                tx.commit_all(records).await?;
                Ok(saved)
            })
            .await?;
        self.book_refresh(ctx.now()).await;
        self.leads_hint(ctx, &saved.value).await;
        self.case_view(ctx, saved).await
    }

    /// Acts in a case.
    pub async fn case_act(&self, ctx: &Ctx, id: CaseId, seen: u64, act: CaseAct) -> Result<CaseView, AppError> {
        if self.replayed(ctx).await?.is_some() {
            return self.case_fetch(ctx, id).await;
        }
        let action = Action::case_act(act.kind(), act.verb()).ok_or_else(|| unknown(act.kind()))?;
        let saved = self
            .attempt(ctx, action, id, async {
                let matter = self.store.begin_read().await?.case_fetch(id).await?.value.matter();
                let mut found = self.case_facts_unasked(&matter).await?;
                self.entries_named(ctx, &act.entries(), &mut found).await?;
                let mut tx = self.store.begin_write().await?;
                let Revised { value: case, revision } = tx.case_fetch(id).await?;
                let resource = of_case(&case);
                // An act of another kind is refused by the rules, once it is known that the caller may see the case.
                let action = if act.kind() == case.kind() { action } else { Action::CaseRead };
                let elsewhere = case.kind().states();
                let elsewhere = elsewhere.iter().map(|other| in_state(&resource, other));
                let permit = self.permit_seen(ctx, action, &resource, elsewhere, (revision, seen))?;
                let (after, effects) = case.after(&act, &found.facts(&self.legal_time.get()), ctx.stamp())?;
                let saved = tx.case_save(&after, seen, &permit).await?;
                let hand = Hand::of(ctx);
                let mut records = vec![self.case_record(&hand, &permit, &after, act.event())];
                records.extend(self.carried_out(&hand, &mut tx, &permit, &after, effects).await?);
                tx.commit_all(records).await?;
                Ok(saved)
            })
            .await?;
        self.book_refresh(ctx.now()).await;
        let saved = self.at_once(&ctx.edge, saved).await;
        self.case_view(ctx, saved).await
    }

    /// The record of something that happened in a case: number, state, clock, and whom it concerns.
    fn case_record(&self, hand: &Hand<'_>, permit: &Permit, case: &AnyCase, event: &str) -> Record {
        let mut record = hand.record(self, permit, event, case.id());
        let about = case.about();
        record.related = [
            about.entry.map(|id| id.to_string()),
            about.request.map(|id| id.to_string()),
            about.grant.map(|id| id.to_string()),
            about.case.map(|id| id.to_string()),
            case.respondent().map(|id| id.to_string()),
            case.authority().map(|id| id.to_string()),
        ]
        .into_iter()
        .flatten()
        .collect();
        record.facts = facts([("kind", &case.kind()), ("number", &case.number()), ("state", &case.state())]);
        record.facts.extend(crate::scorecard::case_facts(case));
        if let Some(clock) = case.running() {
            record.facts.extend(facts([("due", &clock.due), ("ground", &clock.ground), ("calendar", &clock.calendar)]));
        }
        record
    }

    /// Carries out what follows from a case, in its transaction; answers the records of it. What follows from the opening
    /// of a case that opens by this is carried out too: a rectification suspends, whoever ordered it from where.
    async fn carried_out(
        &self,
        hand: &Hand<'_>,
        tx: &mut Tx,
        permit: &Permit,
        case: &AnyCase,
        effects: Vec<Effect>,
    ) -> Result<Vec<Record>, AppError> {
        let mut records = Vec::new();
        let mut causes = vec![case.clone()];
        let mut waiting: VecDeque<(usize, Effect)> = effects.into_iter().map(|effect| (0, effect)).collect();
        while let Some((cause, effect)) = waiting.pop_front() {
            for Followed { mut record, opened } in self.carry_out(hand, tx, permit, &causes[cause], effect).await? {
                if records.len() == EFFECTS_MAX {
                    return Err(AppError::Fault(format!("more than {EFFECTS_MAX} effects of {}", case.number())));
                }
                // The key stands in the record of the case itself; a key is kept once.
                record.idempotency = None;
                records.push(record);
                if let Some((opened, effects)) = opened {
                    waiting.extend(effects.into_iter().map(|effect| (causes.len(), effect)));
                    causes.push(opened);
                }
            }
        }
        Ok(records)
    }
}

/// `JH-2026-000001`: the kind's letters, the year and a running number in it.
pub(crate) async fn case_number(tx: &mut Tx, kind: CaseKind, now: Moment) -> Result<String, AppError> {
    let year = now.date().year();
    let running = tx.counter_next(&format!("case-{kind}-{year}")).await?;
    Ok(format!("{}-{year}-{running:06}", kind.prefix()))
}
