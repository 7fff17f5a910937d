//! What follows from a case for other things, each sort in one place.

use super::{case_number, hand::Hand};
use crate::{
    App, AppError,
    attempt::facts,
    grant::{grant_event_facts, of_grant},
    request::request_number,
};
use shuqiao_domain::{
    Refusal,
    case::{AnyCase, CaseMatter, Effect},
    grant::{self, Grant, GrantEvent, GrantState},
    request,
};
use shuqiao_policy::Permit;
use shuqiao_store::{Record, Tx};
use shuqiao_vocabulary::{GrantId, PersonId, SharingRequestId};

impl App {
    /// Carries one effect out; `None` when what it wants to bring about is there already.
    pub(super) async fn carry_out(
        &self,
        hand: &Hand<'_>,
        tx: &mut Tx,
        permit: &Permit,
        case: &AnyCase,
        effect: Effect,
    ) -> Result<Option<Record>, AppError> {
        let stamp = || hand.stamp.clone();
        // A grant that has ended meanwhile on another ground neither ends again nor comes back.
        let ended = |found: &Grant| matches!(found.state, GrantState::Revoked { .. });
        match effect {
            Effect::SuspendGrant { grant, reason } => {
                let suspend = |found: &Grant| grant::suspend(found, case.id(), &reason, stamp()).map(Some);
                self.grant_follows(hand, tx, permit, case, grant, suspend).await
            }
            Effect::ResumeGrant { grant } => {
                let resume = |found: &Grant| (!ended(found)).then(|| grant::resume(found, stamp())).transpose();
                self.grant_follows(hand, tx, permit, case, grant, resume).await
            }
            Effect::EndGrant { grant, ground } => {
                let end = |found: &Grant| (!ended(found)).then(|| grant::end(found, ground, stamp())).transpose();
                self.grant_follows(hand, tx, permit, case, grant, end).await
            }
            Effect::RecordConsent { grant, consent } => {
                let consent = |found: &Grant| grant::consent(found, consent, &hand.stamp).map(Some);
                self.grant_follows(hand, tx, permit, case, grant, consent).await
            }
            Effect::AskAnew { request } => self.ask_anew(hand, tx, permit, case, request).await.map(Some),
            Effect::DeactivatePerson { person } => self.person_follows(hand, tx, permit, case, person).await,
            Effect::OpenCase(matter) => self.case_follows(hand, tx, permit, *matter, case.id().to_string()).await,
        }
    }

    /// Opens a case that follows from something else; `None` when a disposal is open already: data is disposed of once.
    pub(crate) async fn case_follows(
        &self,
        hand: &Hand<'_>,
        tx: &mut Tx,
        permit: &Permit,
        matter: CaseMatter,
        cause: String,
    ) -> Result<Option<Record>, AppError> {
        let found = self.case_facts_within(tx, &matter).await?;
        if matches!(matter, CaseMatter::Disposal(_)) && found.has(matter.kind()) {
            return Ok(None);
        }
        let number = case_number(tx, matter.kind(), hand.now()).await?;
        let held = self.legal_time.get();
        let facts = found.facts(&held);
        let (opened, _) = AnyCase::open(hand.edge.mint(), number, matter, &facts, hand.stamp.clone())?;
        tx.case_insert(&opened, permit).await?;
        let mut record = self.case_record(hand, permit, &opened, opened.opened_event());
        record.related.push(cause);
        Ok(Some(record))
    }

    /// An account that is closed because of a case; its sessions end at once. Closed already, there is nothing to say.
    async fn person_follows(
        &self,
        hand: &Hand<'_>,
        tx: &mut Tx,
        permit: &Permit,
        case: &AnyCase,
        id: PersonId,
    ) -> Result<Option<Record>, AppError> {
        let mut person = tx.person_fetch(id).await?;
        if !person.active {
            return Ok(None);
        }
        person.active = false;
        tx.person_save(&person, permit).await?;
        tx.sessions_delete_of(id, permit).await?;
        let mut record = hand.record(self, permit, "PersonDeactivated", id);
        record.related.push(case.id().to_string());
        record.facts = facts([("case", &case.number())]);
        Ok(Some(record))
    }

    /// A draft with the content of a refused request, on the ground of the decision in this case. It goes the ordinary
    /// way from there: the draft can be changed, the head of the office consents, a clock of its own starts.
    async fn ask_anew(
        &self,
        hand: &Hand<'_>,
        tx: &mut Tx,
        permit: &Permit,
        case: &AnyCase,
        refused: SharingRequestId,
    ) -> Result<Record, AppError> {
        let refused = tx.request_fetch(refused).await?.value;
        let entry = tx.entry_fetch(refused.entry).await?.value;
        let number = request_number(tx, hand.now()).await?;
        let (request, event) = request::draft(hand.edge.mint(), number, &entry, refused.content.clone(), &hand.stamp)?;
        tx.request_insert(&request, permit).await?;
        let mut record = hand.record(self, permit, event.name().as_str(), request.id);
        record.related = vec![case.id().to_string(), refused.id.to_string()];
        record.facts = facts([
            ("case", &case.number()),
            ("entry", &request.entry),
            ("number", &request.number),
            ("refused", &refused.number),
        ]);
        Ok(record)
    }

    /// A grant's own event that follows from a case.
    async fn grant_follows(
        &self,
        hand: &Hand<'_>,
        tx: &mut Tx,
        permit: &Permit,
        case: &AnyCase,
        id: GrantId,
        decide: impl FnOnce(&Grant) -> Result<Option<GrantEvent>, Refusal>,
    ) -> Result<Option<Record>, AppError> {
        let found = tx.grant_fetch(id).await?;
        let Some(event) = decide(&found.value)? else { return Ok(None) };
        let after = found.value.apply(&event);
        tx.grant_save(&after, found.revision, permit).await?;
        let mut record = hand.record(self, permit, event.name().as_str(), id);
        record.related = vec![case.id().to_string(), after.request.to_string()];
        record.facts = grant_event_facts(&event);
        record.facts.extend(facts([("case", &case.number()), ("now", &of_grant(&after, hand.now()))]));
        Ok(Some(record))
    }
}
