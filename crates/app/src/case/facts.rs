//! What a procedure needs to know, fetched once per operation.

use crate::{App, AppError, Ctx, catalogue::of_entry, grant::of_grant, legal_time::LegalTime, request::of_request};
use shuqiao_domain::{
    account::Person,
    case::{About, AnyCase, CaseKind, CaseMatter, Facts},
    catalogue::Entry,
    grant::Grant,
    organisation::Organisation,
    request::Request,
};
use shuqiao_policy::Action;
use shuqiao_store::{CaseQuery, Conn, GrantQuery, LIST_MAX, StoreError};
use shuqiao_vocabulary::{CatalogueEntryId, OrganisationId, PersonId};
use std::collections::{BTreeMap, BTreeSet};

/// The facts, owned.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) organisations: BTreeMap<OrganisationId, Organisation>,
    entry: Option<Entry>,
    request: Option<Request>,
    grant: Option<Grant>,
    case: Option<AnyCase>,
    people: BTreeMap<PersonId, Person>,
    entries: Vec<Entry>,
    receivers: Vec<OrganisationId>,
    others: Vec<AnyCase>,
}

impl Found {
    /// Whether there is a case of this kind about the same grant.
    pub(super) fn has(&self, kind: CaseKind) -> bool {
        self.others.iter().any(|case| case.kind() == kind)
    }

    /// As a procedure takes them.
    pub(crate) fn facts<'a>(&'a self, held: &'a LegalTime) -> Facts<'a> {
        Facts {
            calendar: &held.calendar,
            rules: &held.rules,
            organisations: &self.organisations,
            entry: self.entry.as_ref(),
            request: self.request.as_ref(),
            grant: self.grant.as_ref(),
            case: self.case.as_ref(),
            people: &self.people,
            entries: self.entries.as_slice(),
            receivers: self.receivers.as_slice(),
            others: self.others.as_slice(),
        }
    }
}

impl Found {
    /// Only what a title needs: the thing itself and its names.
    pub(super) async fn named(tx: &mut Conn, about: About) -> Result<Self, AppError> {
        let mut found = Self::default();
        if let Some(id) = about.case {
            found.case = Some(tx.case_fetch(id).await?.value);
        }
        if let Some(id) = about.grant.or_else(|| found.case.as_ref().and_then(|case| case.about().grant)) {
            found.grant = Some(tx.grant_fetch(id).await?.value);
        }
        if let Some(id) = about.request {
            found.request = Some(tx.request_fetch(id).await?.value);
        }
        if let Some(id) = about.entry.or_else(|| found.request.as_ref().map(|request| request.entry)) {
            found.entry = Some(tx.entry_fetch(id).await?.value);
        }
        Ok(found)
    }
}

impl App {
    /// The facts for somebody who opens a case about these things: who may not see a thing cannot open one about it.
    pub(super) async fn case_facts(&self, ctx: &Ctx, matter: &CaseMatter) -> Result<Found, AppError> {
        let about = matter.about();
        let mut tx = self.store.begin_read().await?;
        if let Some(id) = about.grant {
            let grant = tx.grant_fetch(id).await?.value;
            self.permit(ctx, Action::GrantRead, &of_grant(&grant, ctx.now()))?;
        }
        if let Some(id) = about.request {
            let request = tx.request_fetch(id).await?.value;
            let provider = tx.organisation_fetch(request.provider).await?;
            self.permit(ctx, Action::RequestRead, &of_request(&request, &provider))?;
        }
        if let Some(id) = about.entry {
            let entry = tx.entry_fetch(id).await?.value;
            let provider = tx.organisation_fetch(entry.provider).await?;
            self.permit(ctx, Action::CatalogueRead, &of_entry(&entry, &provider))?;
        }
        if let Some(id) = about.case {
            let case = tx.case_fetch(id).await?.value;
            self.permit(ctx, Action::CaseRead, &super::of_case(&case))?;
        }
        drop(tx);
        let mut found = self.case_facts_unasked(matter).await?;
        self.entries_named(ctx, &matter.entries(), &mut found).await?;
        Ok(found)
    }

    /// The entries that somebody names in a matter or an act, who must be allowed to see them.
    pub(super) async fn entries_named(
        &self,
        ctx: &Ctx,
        entries: &[CatalogueEntryId],
        found: &mut Found,
    ) -> Result<(), AppError> {
        let mut tx = self.store.begin_read().await?;
        for id in entries.iter().collect::<BTreeSet<_>>() {
            let entry = tx.entry_fetch(*id).await?.value;
            let provider = tx.organisation_fetch(entry.provider).await?;
            self.permit(ctx, Action::CatalogueRead, &of_entry(&entry, &provider))?;
            found.entries.push(entry);
        }
        Ok(())
    }

    /// The facts for a case that is already open.
    pub(super) async fn case_facts_unasked(&self, matter: &CaseMatter) -> Result<Found, AppError> {
        let mut tx = self.store.begin_read().await?;
        self.case_facts_within(&mut tx, matter).await
    }

    /// The facts, read in a transaction that is already open.
    pub(crate) async fn case_facts_within(&self, tx: &mut Conn, matter: &CaseMatter) -> Result<Found, AppError> {
        let about = matter.about();
        let organisations = tx.organisation_list().await?.into_iter().map(|o| (o.id, o)).collect();
        let mut found = Found { organisations, ..Found::default() };
        for id in matter.people() {
            // Somebody who is not there is told by the procedure, with the others who may not be named.
            match tx.person_fetch(id).await {
                Ok(person) => drop(found.people.insert(id, person)),
                Err(StoreError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if let Some(id) = about.case {
            found.case = Some(tx.case_fetch(id).await?.value);
        }
        let grant = about.grant.or_else(|| found.case.as_ref().and_then(|case| case.about().grant));
        if let Some(id) = grant {
            found.grant = Some(tx.grant_fetch(id).await?.value);
            let query = CaseQuery { about: About::grant(id), limit: LIST_MAX, ..CaseQuery::default() };
            found.others = tx.case_list(&query).await?.items.into_iter().map(|case| case.value).collect();
        }
        let request = about.request.or_else(|| found.grant.as_ref().map(|grant| grant.request));
        if let Some(id) = request {
            found.request = Some(tx.request_fetch(id).await?.value);
        }
        let entry = about.entry.or_else(|| found.request.as_ref().map(|request| request.entry));
        if let Some(id) = entry {
            found.entry = Some(tx.entry_fetch(id).await?.value);
            found.receivers = self.receivers(tx, id).await?;
        }
        Ok(found)
    }

    /// Departments that received rows of an entry, under whatever grant, also one that has ended.
    async fn receivers(&self, tx: &mut Conn, entry: CatalogueEntryId) -> Result<Vec<OrganisationId>, AppError> {
        let query = GrantQuery { entry: Some(entry), limit: LIST_MAX, ..GrantQuery::default() };
        let mut received = BTreeSet::new();
        for grant in tx.grant_list(&query).await?.items {
            let requester = grant.value.requester;
            if !received.contains(&requester) && self.usage.summary(&grant.value.id).await.rows > 0 {
                received.insert(requester);
            }
        }
        Ok(received.into_iter().collect())
    }
}
