//! What officials do, lawful and not: each step chooses somebody and an act by chance, and every answer is checked.

use crate::city::{City, entry_content, request_content};
use shuqiao_app::{
    App, AppError, Ctx,
    view::{JournalRow, Outcome, RequestView},
};
use shuqiao_domain::{
    case::{CaseAct, CaseMatter, Correction, CorrectionAct, Verdict},
    catalogue::EntryStateName,
    request::{Narrowing, Proposal, RefusalReason, RefusalReasonCode, RequestContent, RequestState, RequestVerb},
};
use shuqiao_policy::Principal;
use shuqiao_vocabulary::{SharingAttribute, SharingRequestId};

/// An act on a request.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) verb: RequestVerb,
    pub(crate) content: RequestContent,
    /// Decides between ways to do it.
    pub(crate) way: usize,
}

fn proposal(way: usize) -> Proposal {
    let narrowing = Narrowing {
        rows_per_day: (way % 3 == 1).then_some(500),
        // More than was asked for: refused.
        calls_per_second: (way % 16 == 2).then_some(5_000),
        ..Narrowing::default()
    };
    let reason = |text: &str| RefusalReason {
        code: if way % 32 == 4 { RefusalReasonCode::SupplementNotGiven } else { RefusalReasonCode::NotNecessary },
        text: text.into(),
        condition: None,
        basis: None,
    };
    match way % 4 {
        0 if way.is_multiple_of(20) => {
            Proposal::Refuse { reasons: Vec::new(), opinion: "不同意。".into(), self_made: Vec::new() }
        }
        0 => Proposal::Refuse {
            reasons: vec![reason("非履职所必需")],
            opinion: "不同意。".into(),
            self_made: Vec::new(),
        },
        _ => Proposal::Agree { narrowing, opinion: "同意。".into() },
    }
}

/// Does it.
pub(crate) async fn act_on(
    app: &App,
    ctx: &Ctx,
    id: SharingRequestId,
    seen: u64,
    act: &Act,
) -> Result<RequestView, AppError> {
    let reason = if act.way % 9 == 8 { "" } else { "情况有变。" };
    match act.verb {
        RequestVerb::Edit => app.request_revise(ctx, id, seen, act.content.clone()).await,
        RequestVerb::Submit => app.request_submit(ctx, id, seen).await,
        RequestVerb::Consent => app.request_consent(ctx, id, seen).await,
        RequestVerb::Decline => app.request_decline(ctx, id, seen, reason).await,
        RequestVerb::Withdraw => app.request_withdraw(ctx, id, seen, reason).await,
        RequestVerb::AskSupplement => app.request_ask_supplement(ctx, id, seen, &["委托书".to_owned()], None).await,
        RequestVerb::Supplement => app.request_supplement(ctx, id, seen, "见附件。").await,
        RequestVerb::Propose => app.request_propose(ctx, id, seen, proposal(act.way)).await,
        RequestVerb::ReturnProposal => app.request_return_proposal(ctx, id, seen, reason).await,
        RequestVerb::Decide => app.request_decide(ctx, id, seen).await,
        RequestVerb::AskExtension => {
            let days = u16::try_from(act.way % 12).unwrap();
            app.request_ask_extension(ctx, id, seen, days, "需核对。").await
        }
        RequestVerb::GrantExtension => app.request_grant_extension(ctx, id, seen).await,
        RequestVerb::RefuseExtension => app.request_refuse_extension(ctx, id, seen, reason).await,
        RequestVerb::ConfirmDelivery => app.request_confirm_delivery(ctx, id, seen).await,
        RequestVerb::ReportUndelivered => app.request_report_undelivered(ctx, id, seen, reason).await,
    }
}

/// The answer and the journal tell the same: what was done, denied and refused is on record under the operation's own
/// name; what was none of these left nothing.
pub(crate) fn check_record<T>(ctx: &Ctx, answer: &Result<T, AppError>, rows: &[JournalRow]) {
    assert!(rows.iter().all(|row| row.request_id == ctx.edge.request_id), "{rows:?}");
    let outcomes: Vec<&Outcome> = rows.iter().map(|row| &row.outcome).collect();
    match answer {
        Ok(_) => assert!(!rows.is_empty() && outcomes.iter().all(|one| **one == Outcome::Done), "{rows:?}"),
        Err(AppError::Denied(_)) => assert_eq!(outcomes, [&Outcome::Denied]),
        Err(AppError::Refused(refusal)) => {
            assert_eq!(outcomes, [&Outcome::Refused { code: refusal.code.as_str().to_owned() }]);
        }
        Err(AppError::Stale { .. } | AppError::AlreadyDone { .. }) => assert!(rows.is_empty(), "{rows:?}"),
        Err(other) => panic!("no operation may end so: {other}"),
    }
}

fn word<T>(answer: &Result<T, AppError>) -> &'static str {
    match answer {
        Ok(_) => "done",
        Err(AppError::Denied(_)) => "denied",
        Err(AppError::Refused(_)) => "refused",
        Err(AppError::Stale { .. }) => "stale",
        Err(_) => "other",
    }
}

impl City {
    /// An entry is begun, or an entry on its way goes on.
    pub(crate) async fn entry_step(&mut self) {
        let place = self.dice.below(self.departments.len());
        if self.drafts.is_empty() || self.dice.once_in(4) {
            let attribute =
                if self.dice.once_in(2) { SharingAttribute::Unconditional } else { SharingAttribute::Conditional };
            let source = self.departments[place].source.unwrap();
            let name = format!("家庭信息{}", self.drafts.len() + self.published.len());
            let content = entry_content(name, attribute, source, self.now.date());
            let ctx = self.ctx(&self.departments[place].officer.clone());
            let start = self.journal_head().await;
            let answer = self.app.entry_create(&ctx, content).await;
            check_record(&ctx, &answer, &self.journal_since(start).await);
            let view = answer.unwrap();
            self.check_entry(&view);
            self.drafts.push((view.entry.value.id, view.entry.revision));
            return;
        }
        let position = self.dice.below(self.drafts.len());
        let (id, seen) = self.drafts[position];
        let entry = self.store.begin_read().await.unwrap().entry_fetch(id).await.unwrap();
        assert_eq!(entry.revision, seen, "changed by nobody");
        let state = entry.value.state_name();
        let own = self.department(entry.value.provider);
        let lawful = match state {
            EntryStateName::Draft => own.officer.clone(),
            EntryStateName::AwaitingHead => own.chief.clone(),
            _ => self.authority.clone(),
        };
        let who = if self.dice.once_in(8) { self.anybody() } else { lawful };
        let ctx = self.ctx(&who);
        let start = self.journal_head().await;
        let back = self.dice.once_in(10);
        let answer = match state {
            EntryStateName::Draft => self.app.entry_submit(&ctx, id, seen).await,
            _ if back => self.app.entry_return(&ctx, id, seen, "请补充说明。").await,
            EntryStateName::AwaitingHead => self.app.entry_approve(&ctx, id, seen).await,
            _ => self.app.entry_publish(&ctx, id, seen).await,
        };
        check_record(&ctx, &answer, &self.journal_since(start).await);
        self.count(format!("entry {}", word(&answer)));
        let Ok(view) = answer else {
            let found = self.store.begin_read().await.unwrap().entry_fetch(id).await.unwrap();
            assert_eq!((found.value, found.revision), (entry.value, entry.revision), "a no changes nothing");
            return;
        };
        self.check_entry(&view);
        self.drafts[position].1 = view.entry.revision;
        if view.entry.value.state_name() == EntryStateName::Published {
            self.drafts.swap_remove(position);
            let provider = self.departments.iter().position(|one| one.id == view.entry.value.provider).unwrap();
            self.published.push((id, view.entry.value.content.sharing_attribute.unwrap(), provider));
        }
    }

    /// Somebody who has most likely nothing to do with it.
    pub(crate) fn anybody(&mut self) -> Principal {
        let place = self.dice.below(self.departments.len());
        let one = &self.departments[place];
        let people =
            [one.officer.clone(), one.both.clone(), one.head.clone(), one.chief.clone(), self.authority.clone()];
        people[self.dice.below(people.len())].clone()
    }

    /// A department asks another one; sometimes itself, or for what it may not name.
    pub(crate) async fn ask(&mut self) {
        let (entry, _, provider) = self.published[self.dice.below(self.published.len())];
        let place = self.dice.below(self.departments.len());
        let (items, days) = (1 + self.dice.below(3), i64::try_from(1 + self.dice.below(3)).unwrap());
        let system = if self.dice.once_in(30) { provider } else { place };
        let content = request_content(items, self.departments[system].system.unwrap(), self.now.date(), days);
        let drafter =
            if self.dice.once_in(3) { &self.departments[place].both } else { &self.departments[place].officer };
        let ctx = self.ctx(&drafter.clone());
        let start = self.journal_head().await;
        let answer = self.app.request_create(&ctx, entry, content).await;
        check_record(&ctx, &answer, &self.journal_since(start).await);
        self.count(format!("create {}", word(&answer)));
        assert!(place != provider || answer.is_err(), "sharing is between departments");
        let Ok(view) = answer else { return };
        self.check_request(&view).await;
        self.open.push(view.request.value.id);
        self.requests.insert(view.request.value.id, view.request);
    }

    /// A request whose life is not over: mostly one of the newest, so that most come to an end, and old ones too.
    pub(crate) fn some_open(&mut self) -> SharingRequestId {
        let newest = if self.dice.once_in(5) { self.open.len() } else { self.open.len().min(8) };
        self.open[self.open.len() - 1 - self.dice.below(newest)]
    }

    /// Who would do this lawfully; one of those who could.
    pub(crate) fn lawful(&mut self, id: SharingRequestId, verb: RequestVerb) -> Principal {
        use RequestVerb as V;
        let request = &self.requests[&id].value;
        let (asking, asked) = (request.requester, request.provider);
        let tempted = self.dice.once_in(3);
        let of = |organisation, head: bool| {
            let one = self.department(organisation);
            if tempted {
                one.both.clone()
            } else if head {
                one.head.clone()
            } else {
                one.officer.clone()
            }
        };
        match verb {
            V::Edit | V::Submit | V::Withdraw | V::Supplement | V::ConfirmDelivery | V::ReportUndelivered => {
                of(asking, false)
            }
            V::Consent | V::Decline => of(asking, true),
            V::AskSupplement | V::Propose | V::AskExtension => of(asked, false),
            V::ReturnProposal | V::Decide => of(asked, true),
            V::GrantExtension | V::RefuseExtension => self.authority.clone(),
        }
    }

    /// An act that moves the request on most of the time, and any act at all sometimes.
    pub(crate) fn next_act(&mut self, id: SharingRequestId) -> Act {
        use RequestVerb as V;
        let request = self.requests[&id].value.clone();
        let today = self.now.date();
        let over = request.content.valid_until.is_some_and(|until| until < today);
        let usual: &[V] = match &request.state {
            RequestState::Draft { .. } if over => &[V::Edit, V::Edit, V::Withdraw],
            RequestState::Draft { .. } => &[V::Submit, V::Submit, V::Submit, V::Edit],
            RequestState::AwaitingConsent { .. } if over => &[V::Consent, V::Decline, V::Withdraw],
            RequestState::AwaitingConsent { .. } => &[V::Consent, V::Consent, V::Consent, V::Consent, V::Decline],
            RequestState::Received { .. } if over => &[V::Propose, V::Withdraw],
            RequestState::Received { .. } => &[
                V::Propose,
                V::Propose,
                V::Propose,
                V::AskSupplement,
                V::AskExtension,
                V::GrantExtension,
                V::RefuseExtension,
            ],
            RequestState::SupplementAsked { .. } => &[V::Supplement, V::Supplement, V::Propose, V::Edit],
            RequestState::Proposed { .. } => &[V::Decide, V::Decide, V::Decide, V::Decide, V::ReturnProposal],
            RequestState::Agreed { .. } => &[V::ConfirmDelivery, V::ConfirmDelivery, V::ReportUndelivered],
            RequestState::Refused { .. } | RequestState::Withdrawn { .. } => &[V::Decide],
        };
        let any = self.dice.once_in(15);
        let verbs = if any { V::ALL } else { usual };
        let verb = verbs[self.dice.below(verbs.len())];
        let content = match &request.state {
            RequestState::Draft { .. } => {
                let days = i64::try_from(1 + self.dice.below(3)).unwrap();
                request_content(1 + self.dice.below(3), request.content.systems[0], today, days)
            }
            // Narrower, as long as the period is left alone.
            _ => RequestContent { rows_per_day: request.content.rows_per_day / 2, ..request.content },
        };
        Act { verb, content, way: self.dice.below(1_000) }
    }

    /// What an act answered; a no has changed nothing.
    pub(crate) async fn take_up(
        &mut self,
        id: SharingRequestId,
        verb: RequestVerb,
        answer: Result<RequestView, AppError>,
    ) {
        self.count(format!("{verb} {}", word(&answer)));
        let Ok(view) = answer else {
            let found = self.store.begin_read().await.unwrap().request_fetch(id).await.unwrap();
            let known = &self.requests[&id];
            assert_eq!((&found.value, found.revision), (&known.value, known.revision), "a no changes nothing");
            return;
        };
        self.check_request(&view).await;
        if let RequestState::Agreed { grant, .. } = &view.request.value.state
            && verb == RequestVerb::Decide
        {
            self.grants.push(*grant);
        }
        let over = match &view.request.value.state {
            RequestState::Agreed { delivery, .. } => delivery.as_ref().is_none_or(|one| one.settled.is_some()),
            RequestState::Refused { .. } | RequestState::Withdrawn { .. } => true,
            _ => false,
        };
        if over {
            self.open.retain(|other| *other != id);
        }
        self.requests.insert(id, view.request);
    }

    /// One act on one request, with the record it leaves.
    pub(crate) async fn request_step(&mut self) {
        let id = self.some_open();
        let act = self.next_act(id);
        let who = if self.dice.once_in(12) { self.anybody() } else { self.lawful(id, act.verb) };
        let seen = self.requests[&id].revision;
        let ctx = self.ctx(&who);
        let start = self.journal_head().await;
        let answer = act_on(&self.app.clone(), &ctx, id, seen, &act).await;
        check_record(&ctx, &answer, &self.journal_since(start).await);
        assert!(!matches!(answer, Err(AppError::Stale { .. })), "nobody else wrote");
        let done = answer.is_ok();
        self.take_up(id, act.verb, answer).await;
        if done && self.dice.once_in(6) {
            self.send_again(&ctx, id, seen, &act).await;
        }
    }

    /// A receiver doubts a value, the provider answers; the receiver takes note, or takes the doubt back.
    pub(crate) async fn case_step(&mut self) {
        let start = self.journal_head().await;
        if self.cases.is_empty() || self.dice.once_in(2) {
            let Some(grant) = self.grants.last().copied() else { return };
            let found = self.store.begin_read().await.unwrap().grant_fetch(grant).await.unwrap().value;
            let who = self.department(found.requester).officer.clone();
            let matter = Correction {
                grant,
                items: vec![found.terms.items[0].name.clone()],
                rows: "县代码为空的行".into(),
                doubt: "与登记不符。".into(),
                proposal: String::new(),
                evidence: "登记表。".into(),
            };
            let ctx = self.ctx(&who);
            let answer = self.app.case_open(&ctx, CaseMatter::Correction(matter)).await;
            check_record(&ctx, &answer, &self.journal_since(start).await);
            self.count(format!("correction {}", word(&answer)));
            if let Ok(view) = answer {
                let case = &view.hit.case.value;
                let clock = case.running().expect("a correction is timed");
                assert_eq!(clock.due, self.holidays.due(self.now, 10));
                self.cases.push((case.id(), view.hit.case.revision));
            }
            return;
        }
        let position = self.dice.below(self.cases.len());
        let (id, seen) = self.cases[position];
        let case = self.store.begin_read().await.unwrap().case_fetch(id).await.unwrap().value;
        let act = match self.dice.below(3) {
            0 => CorrectionAct::Answer { verdict: Verdict::Corrected, finding: "已更正。".into() },
            1 => CorrectionAct::Acknowledge { note: "已知悉。".into() },
            _ => CorrectionAct::Withdraw { reason: "误报。".into() },
        };
        let party =
            if matches!(act, CorrectionAct::Answer { .. }) { case.respondent().unwrap() } else { case.opener() };
        let who = if self.dice.once_in(8) { self.anybody() } else { self.department(party).officer.clone() };
        let ctx = self.ctx(&who);
        let answer = self.app.case_act(&ctx, id, seen, CaseAct::Correction(act)).await;
        check_record(&ctx, &answer, &self.journal_since(start).await);
        self.count(format!("correction act {}", word(&answer)));
        if let Ok(view) = answer {
            let case = &view.hit.case.value;
            assert!(case.kind().states().contains(&case.state()));
            assert!(view.hit.allowed.iter().all(|verb| case.admitted().contains(verb)));
            self.cases[position].1 = view.hit.case.revision;
        }
    }
}
