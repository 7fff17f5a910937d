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
    case::{AnyCase, CaseMatter, Effect, ServiceChange},
    grant::{self, Grant, GrantEvent, GrantState},
    request,
};
use shuqiao_policy::Permit;
use shuqiao_store::{Record, Tx};
use shuqiao_vocabulary::{GrantId, PersonId, SharingRequestId};

/// What an effect brought about: the record of it, and the case that opened by it with what follows from its opening.
pub(super) struct Followed {
    /// The record.
    pub(super) record: Record,
    /// The case, and its effects that are not carried out yet.
    pub(super) opened: Option<(AnyCase, Vec<Effect>)>,
}

impl From<Record> for Followed {
    fn from(record: Record) -> Self {
        Self { record, opened: None }
    }
}

impl App {
    /// Carries one effect out; nothing when what it wants to bring about is there already.
    pub(super) async fn carry_out(
        &self,
        hand: &Hand<'_>,
        tx: &mut Tx,
        permit: &Permit,
        case: &AnyCase,
        effect: Effect,
    ) -> Result<Vec<Followed>, AppError> {
        let stamp = || hand.stamp.clone();
        // A grant that has ended meanwhile on another ground neither ends again nor comes back.
        let ended = |found: &Grant| matches!(found.state, GrantState::Revoked { .. });
        let record = match effect {
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
            Effect::OpenCase(matter) => {
                let opened = self.case_opens(hand, tx, permit, *matter, case.id().to_string()).await?;
                return Ok(opened.into_iter().collect());
            }
            Effect::ProposeToOthers(change) => return self.proposed_to_others(hand, tx, permit, case, *change).await,
        };
        Ok(record?.map(Followed::from).into_iter().collect())
    }

    /// Proposes a change of service for every other live grant on the entry, or for none: a grant about which another
    /// change is being negotiated refuses it, by that one's number.
    async fn proposed_to_others(
        &self,
        hand: &Hand<'_>,
        tx: &mut Tx,
        permit: &Permit,
        case: &AnyCase,
        change: ServiceChange,
    ) -> Result<Vec<Followed>, AppError> {
        let named = tx.grant_fetch(change.grant).await?.value;
        let standing = tx.grant_standing(named.provider, hand.now()).await?;
        let others = standing.into_iter().filter(|grant| grant.entry == named.entry && grant.id != named.id);
        let mut opened = Vec::new();
        for grant in others {
            let same = ServiceChange { grant: grant.id, every_grant: false, ..change.clone() };
            let matter = CaseMatter::ServiceChange(same);
            opened.extend(self.case_opens(hand, tx, permit, matter, case.id().to_string()).await?);
        }
        Ok(opened)
    }

    /// Opens a case that follows from something else, and carries out what follows from that; answers the records of it,
    /// none when a disposal is open already: data is disposed of once.
    pub(crate) async fn case_follows(
        &self,
        hand: &Hand<'_>,
        tx: &mut Tx,
        permit: &Permit,
        matter: CaseMatter,
        cause: String,
    ) -> Result<Vec<Record>, AppError> {
        let Some(Followed { mut record, opened }) = self.case_opens(hand, tx, permit, matter, cause).await? else {
            return Ok(Vec::new());
        };
        record.idempotency = None;
        let mut records = vec![record];
        if let Some((opened, effects)) = opened {
            records.extend(self.carried_out(hand, tx, permit, &opened, effects).await?);
        }
        Ok(records)
    }

    async fn case_opens(
        &self,
        hand: &Hand<'_>,
        tx: &mut Tx,
        permit: &Permit,
        matter: CaseMatter,
        cause: String,
    ) -> Result<Option<Followed>, AppError> {
        let found = self.case_facts_within(tx, &matter).await?;
        if matches!(matter, CaseMatter::Disposal(_)) && found.has(matter.kind()) {
            return Ok(None);
        }
        let number = case_number(tx, matter.kind(), hand.now()).await?;
        let held = self.legal_time.get();
        let facts = found.facts(&held);
        let (opened, effects) = AnyCase::open(hand.edge.mint(), number, matter, &facts, hand.stamp.clone())?;
        tx.case_insert(&opened, permit).await?;
        let mut record = self.case_record(hand, permit, &opened, opened.opened_event());
        record.related.push(cause);
        Ok(Some(Followed { record, opened: Some((opened, effects)) }))
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
