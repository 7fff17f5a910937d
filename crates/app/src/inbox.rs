//! The inbox: what waits for whom, by due moment.

use crate::{
    App, AppError, Ctx,
    case::of_case,
    catalogue::of_entry,
    organisation::known,
    request::{SETTLED, of_request},
    view::{Inbox, InboxItem},
};
use shuqiao_calendar::Light;
use shuqiao_domain::{
    catalogue::{ChangeState, Entry, EntryState, EntryStateName, EntryVerb},
    organisation::Organisation,
    request::{self, Request, RequestState, RequestVerb},
};
use shuqiao_policy::Action;
use shuqiao_store::{CaseQuery, EntryHit, EntryQuery, RequestQuery, Revised};
use shuqiao_vocabulary::{Moment, OrganisationId, closed_list};
use std::collections::BTreeMap;

closed_list! {
    /// The tabs of the inbox.
    InboxTab {
        /// 待办: waits for me
        Todo = "todo",
        /// 在办: waits for somebody else
        Doing = "doing",
        /// 已办: settled
        Done = "done",
        /// 我发起: begun by me
        Started = "started",
        /// 已逾期: overdue
        Overdue = "overdue",
    }
}

/// Cases looked at for one inbox: the newest; older settled ones are found in the lists.
const CASES_MAX: u32 = 500;

/// Verbs that move a request on, the most telling first: one of them is "the step that waits for me".
const REQUEST_STEPS: [RequestVerb; 7] = [
    RequestVerb::GrantExtension,
    RequestVerb::Decide,
    RequestVerb::Propose,
    RequestVerb::Supplement,
    RequestVerb::Consent,
    RequestVerb::Submit,
    RequestVerb::ConfirmDelivery,
];

struct Case {
    item: InboxItem,
    tabs: Vec<InboxTab>,
}

impl App {
    /// The inbox of the reader.
    pub async fn inbox(&self, ctx: &Ctx, tab: InboxTab) -> Result<Inbox, AppError> {
        let organisations = self.organisations().await?;
        let mut cases = self.request_cases(ctx, &organisations).await?;
        cases.extend(self.entry_cases(ctx, &organisations).await?);
        cases.extend(self.open_cases(ctx, &organisations).await?);
        let count = |tab: InboxTab| cases.iter().filter(|case| case.tabs.contains(&tab)).count();
        let counts = InboxTab::ALL.iter().map(|tab| (tab.as_str(), count(*tab))).collect();
        let mut items: Vec<InboxItem> =
            cases.into_iter().filter(|case| case.tabs.contains(&tab)).map(|case| case.item).collect();
        items.sort_by_key(|item| (item.clock.as_ref().map_or(i64::MAX, |c| c.clock.due.microseconds()), item.received));
        Ok(Inbox { items, counts })
    }

    async fn request_cases(
        &self,
        ctx: &Ctx,
        organisations: &BTreeMap<OrganisationId, Organisation>,
    ) -> Result<Vec<Case>, AppError> {
        let query = RequestQuery { limit: CASES_MAX, ..RequestQuery::default() };
        let listed = self.store.begin_read().await?.request_list(&query).await?;
        let mut cases = Vec::new();
        for request in listed.items {
            let provider = known(organisations, request.value.provider)?;
            let resource = of_request(&request.value, &provider);
            // A party's own, and what waits for the authority: an extension.
            let own = [request.value.requester, request.value.provider].contains(&ctx.principal.organisation)
                || request::offers(&request.value, RequestVerb::GrantExtension)
                    && self.policies.may(&ctx.principal, Action::RequestGrantExtension, &resource);
            if !own || !self.policies.may(&ctx.principal, Action::RequestRead, &resource) {
                continue;
            }
            let entry = self.store.begin_read().await?.entry_fetch(request.value.entry).await?;
            let from = known(organisations, request.value.requester)?;
            cases.push(self.request_case(ctx, request, entry.value.content.name, from, &provider));
        }
        Ok(cases)
    }

    fn request_case(
        &self,
        ctx: &Ctx,
        request: Revised<Request>,
        title: String,
        from: Organisation,
        provider: &Organisation,
    ) -> Case {
        let Revised { value: request, revision } = request;
        let mut allowed = self.request_allowed(ctx, &request, provider);
        // There is nothing to confirm before something was delivered.
        let delivery = request.state.delivery().filter(|delivery| delivery.settled.is_none());
        if delivery.is_some_and(|delivery| delivery.first.is_none()) {
            allowed.retain(|verb| *verb != RequestVerb::ConfirmDelivery);
        }
        let step = REQUEST_STEPS.iter().find(|verb| allowed.contains(verb)).map_or("", |verb| verb.as_str());
        let clock = self.request_clock(&request.state, ctx.now());
        let mut tabs = Vec::new();
        let settled = SETTLED.contains(&request.state.name()) && delivery.is_none();
        tabs.push(match (settled, step) {
            (true, _) => InboxTab::Done,
            (false, "") => InboxTab::Doing,
            (false, _) => InboxTab::Todo,
        });
        if request.drafted_by == ctx.principal.person {
            tabs.push(InboxTab::Started);
        }
        if clock.as_ref().is_some_and(|clock| clock.light == Light::Red) {
            tabs.push(InboxTab::Overdue);
        }
        let item = InboxItem {
            kind: "request",
            id: request.id.to_string(),
            title,
            from,
            step,
            state: request.state.name().as_str(),
            received: received(&request),
            clock,
            revision,
        };
        Case { item, tabs }
    }

    async fn entry_cases(
        &self,
        ctx: &Ctx,
        organisations: &BTreeMap<OrganisationId, Organisation>,
    ) -> Result<Vec<Case>, AppError> {
        let under_way = EntryStateName::ALL.iter().copied();
        let under_way = under_way.filter(|state| ![EntryStateName::Published, EntryStateName::Retired].contains(state));
        let moving = EntryQuery { states: under_way.collect(), limit: CASES_MAX, ..EntryQuery::default() };
        // A published entry that a change waits for, while nobody has begun the next version.
        let waiting = EntryQuery {
            states: vec![EntryStateName::Published],
            clock_runs: true,
            limit: CASES_MAX,
            ..EntryQuery::default()
        };
        let mut tx = self.store.begin_read().await?;
        let mut listed = tx.entry_list(&moving).await?.items;
        listed.extend(tx.entry_list(&waiting).await?.items);
        drop(tx);
        let mut cases = Vec::new();
        for EntryHit { entry, .. } in listed {
            let provider = known(organisations, entry.value.provider)?;
            let resource = of_entry(&entry.value, &provider);
            let may = |action| self.policies.may(&ctx.principal, action, &resource);
            if may(Action::CatalogueWorkRead) || may(Action::CatalogueRecordChange) {
                cases.push(self.entry_case(ctx, entry, provider));
            }
        }
        Ok(cases)
    }

    fn entry_case(&self, ctx: &Ctx, entry: Revised<Entry>, from: Organisation) -> Case {
        let Revised { value: entry, revision } = entry;
        let allowed = self.entry_allowed(ctx, &entry, &from);
        let step = ENTRY_STEPS.iter().find(|verb| allowed.contains(verb) && step_of(&entry, **verb));
        let step = step.map_or("", |verb| verb.as_str());
        let clock = self.entry_clock(&entry, ctx.now());
        let mut tabs = vec![if step.is_empty() { InboxTab::Doing } else { InboxTab::Todo }];
        if entry.drafter() == ctx.principal.person {
            tabs.push(InboxTab::Started);
        }
        if clock.as_ref().is_some_and(|clock| clock.light == Light::Red) {
            tabs.push(InboxTab::Overdue);
        }
        let title = if entry.content.name.is_empty() { entry.id.to_string() } else { entry.content.name.clone() };
        let item = InboxItem {
            kind: "catalogue",
            id: entry.id.to_string(),
            title,
            from,
            step,
            state: entry.state_name().as_str(),
            received: entry_since(&entry),
            clock,
            revision,
        };
        Case { item, tabs }
    }
}

/// Verbs that move an entry on, the most telling first.
const ENTRY_STEPS: [EntryVerb; 6] = [
    EntryVerb::DecideExtension,
    EntryVerb::Publish,
    EntryVerb::Retire,
    EntryVerb::Approve,
    EntryVerb::Submit,
    EntryVerb::Update,
];

/// Whether the verb is what the entry waits for: a next version is, only when a change asks for one.
fn step_of(entry: &Entry, verb: EntryVerb) -> bool {
    verb != EntryVerb::Update || entry.changes.iter().any(|change| change.state == ChangeState::Open)
}

impl App {
    /// Cases that concern the reader's organisation, the newest; settled ones too, for the tab of what is done.
    async fn open_cases(
        &self,
        ctx: &Ctx,
        organisations: &BTreeMap<OrganisationId, Organisation>,
    ) -> Result<Vec<Case>, AppError> {
        let party = Some(ctx.principal.organisation);
        let query = CaseQuery { party, limit: CASES_MAX, ..CaseQuery::default() };
        let listed = self.store.begin_read().await?.case_list(&query).await?;
        let mut cases = Vec::new();
        for case in listed.items {
            if !self.policies.may(&ctx.principal, Action::CaseRead, &of_case(&case.value)) {
                continue;
            }
            let hit = self.case_hit(ctx, case, organisations).await?;
            let case = &hit.case.value;
            let step = hit.allowed.first().copied().unwrap_or_default();
            let mut tabs = vec![match (case.settled(), step) {
                (true, _) => InboxTab::Done,
                (false, "") => InboxTab::Doing,
                (false, _) => InboxTab::Todo,
            }];
            if case.opened().person() == Some(ctx.principal.person) {
                tabs.push(InboxTab::Started);
            }
            if hit.clock.as_ref().is_some_and(|clock| clock.light == Light::Red) {
                tabs.push(InboxTab::Overdue);
            }
            let item = InboxItem {
                kind: case.kind().as_str(),
                id: case.id().to_string(),
                title: if hit.title.is_empty() { case.number().to_owned() } else { hit.title },
                from: hit.opener,
                step,
                state: case.state(),
                received: case.moved_at(),
                clock: hit.clock,
                revision: hit.case.revision,
            };
            cases.push(Case { item, tabs });
        }
        Ok(cases)
    }
}

/// Since when a request is where it is, as far as its state says.
fn received(request: &Request) -> Moment {
    match &request.state {
        RequestState::AwaitingConsent { submitted } => submitted.at,
        RequestState::Draft { declined: Some(returned) } => returned.by.at,
        RequestState::Draft { declined: None } => Moment::from_microseconds(0),
        RequestState::Proposed { by, .. } => by.at,
        RequestState::Agreed { decided, .. } => decided.at,
        state => state.reception().map_or(Moment::from_microseconds(0), |reception| reception.clock.started),
    }
}

/// Since when an entry is where it is; of one that a change waits for, since that was recorded.
fn entry_since(entry: &Entry) -> Moment {
    match (&entry.state, &entry.work) {
        (EntryState::Draft { returned: Some(returned) }, _) => returned.by.at,
        (EntryState::Draft { returned: None }, _) => Moment::from_microseconds(0),
        (EntryState::AwaitingHead { submitted }, _) => submitted.at,
        (EntryState::Filed { approved, .. }, _) => approved.at,
        (EntryState::Published { .. }, Some(work)) => work.moved().at,
        (EntryState::Published { published, .. }, None) => {
            let open = entry.changes.iter().filter(|change| change.state == ChangeState::Open);
            open.map(|change| change.recorded.at).min().unwrap_or(published.at)
        }
        (EntryState::Retired { retired, .. }, _) => retired.at,
    }
}
