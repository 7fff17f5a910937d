//! Papers: made of what is recorded, kept as they were made, and recognised by everybody.
//!
//! To print another aggregate: a variant of [`PaperSubject`] with its id, its kinds in `domain::paper`, one file here
//! with `content(kind, &view, date)`, one arm in [`App::paper_matter`], and `paper_issue`, `paper_read` in the policy
//! that lets people read the thing. To print another kind of case: its line in `domain::paper::kinds_of_case` and a file
//! in `of_case`.

mod extension;
mod indicators;
mod of_case;
mod of_delivery;
mod of_entry;
mod of_evaluation;
mod of_grant;
mod of_request;
mod parts;
mod words;

use crate::{
    App, AppError, Ctx,
    attempt::facts,
    case::of_case as resource_of_case,
    catalogue::of_entry as resource_of_entry,
    directory::Organisations,
    grant::of_grant as resource_of_grant,
    organisation::known,
    port::PaperOrder,
    request::of_request as resource_of_request,
    view::{PaperFile, PaperView, Papers},
};
use shuqiao_crypto::digest;
use shuqiao_domain::{
    grant::Grant,
    organisation::Organisation,
    paper::{self, Paper, PaperEventName, PaperSubject},
    request::RequestState,
};
use shuqiao_policy::{Action, Resource};
use shuqiao_vocabulary::{Date, OrganisationId, PaperKind, paper::PaperContent};

#[cfg(test)]
mod tests;

/// Everything about a thing that its papers need.
struct Matter {
    /// Its revision.
    revision: u64,
    /// As the policies see it.
    resource: Resource,
    /// Its state, for refusals.
    state: &'static str,
    /// The kinds that it has in this state.
    kinds: Vec<PaperKind>,
    /// The view that papers are made of.
    view: View,
}

/// The views that papers are made of, with what a view does not hold.
enum View {
    /// The grant, once there is one, says what was to be delivered.
    Request(Box<crate::view::RequestView>, Option<Box<of_delivery::Delivered>>, Organisations),
    Grant(Box<crate::view::GrantView>),
    Entry(Box<crate::view::EntryView>, Organisations),
    Case(Box<of_case::CaseBeside>),
    Evaluation(Box<of_evaluation::Evaluation>),
}

impl View {
    fn content(&self, kind: PaperKind, date: Date) -> Option<PaperContent> {
        match (self, kind) {
            (Self::Request(view, _, all), PaperKind::ExtensionApproval) => extension::of_reply(view, all, date),
            (Self::Request(view, delivered, _), PaperKind::DeliveryConfirmation) => {
                of_delivery::confirmation(view, delivered.as_deref()?, date)
            }
            (Self::Request(view, ..), _) => of_request::content(kind, view, date),
            (Self::Grant(view), _) => of_grant::content(kind, view, date),
            (Self::Entry(view, all), PaperKind::ExtensionApproval) => extension::of_update(view, all, date),
            (Self::Entry(view, _), _) => of_entry::content(kind, view, date),
            (Self::Case(beside), _) => of_case::content(kind, beside, date),
            (Self::Evaluation(evaluation), PaperKind::EvaluationCircular) => {
                Some(of_evaluation::circular(evaluation, date))
            }
            (Self::Evaluation(_), _) => None,
        }
    }

    /// Those in whose name a paper of it can be.
    fn issuers(&self) -> Vec<&Organisation> {
        match self {
            Self::Request(view, _, all) => {
                let extension = view.request.value.state.reception().and_then(|reception| reception.extension.as_ref());
                let decided = extension.and_then(|extension| extension.decided_by());
                let authority = decided.and_then(|by| all.get(&by.organisation));
                [&view.provider, &view.requester].into_iter().chain(authority).collect()
            }
            Self::Grant(view) => vec![&view.provider, &view.requester],
            Self::Evaluation(evaluation) => vec![&evaluation.authority],
            Self::Entry(view, all) => {
                let asked = view.entry.value.changes.iter().filter_map(|change| change.extension.as_ref());
                let decided = asked.filter_map(|extension| extension.decision.as_ref());
                let authorities = decided.filter_map(|decision| all.get(&decision.by.organisation));
                std::iter::once(&view.provider).chain(authorities).collect()
            }
            Self::Case(beside) => {
                let hit = &beside.view.hit;
                std::iter::once(&hit.opener).chain(&hit.respondent).chain(&hit.authority).collect()
            }
        }
    }
}

impl Matter {
    /// The paper's content, and in whose name it is.
    fn content(&self, kind: PaperKind, ctx: &Ctx) -> Option<(PaperContent, OrganisationId)> {
        let content = self.view.content(kind, ctx.now().date())?;
        let issuer = self.view.issuers().into_iter().find(|party| party.name == content.issuer)?.id;
        Some((content, issuer))
    }
}

impl App {
    /// The thing that papers speak of, when the reader may do this with its papers.
    async fn paper_matter(
        &self,
        ctx: &Ctx,
        subject: PaperSubject,
        action: Action,
    ) -> Result<(Matter, shuqiao_policy::Permit), AppError> {
        let mut tx = self.store.begin_read().await?;
        let matter = match subject {
            PaperSubject::Request(id) => {
                let found = tx.request_fetch(id).await?;
                let provider = tx.organisation_fetch(found.value.provider).await?;
                let grant = match &found.value.state {
                    RequestState::Agreed { grant, .. } => Some(tx.grant_fetch(*grant).await?.value),
                    _ => None,
                };
                drop(tx);
                let resource = resource_of_request(&found.value, &provider);
                self.permit(ctx, action, &resource)?;
                let state = &found.value.state;
                let (revision, kinds, name) = (found.revision, paper::kinds_of_request(state), state.name().as_str());
                let delivered = match grant {
                    Some(grant) => Some(Box::new(self.delivered(grant).await)),
                    None => None,
                };
                let view = Box::new(self.request_view(ctx, found).await?);
                let view = View::Request(view, delivered, self.organisations().await?);
                Matter { revision, resource, state: name, kinds, view }
            }
            PaperSubject::Grant(id) => {
                let found = tx.grant_fetch(id).await?;
                drop(tx);
                let resource = resource_of_grant(&found.value, ctx.now());
                self.permit(ctx, action, &resource)?;
                let state = found.value.state_on(ctx.now());
                let (revision, kinds) = (found.revision, paper::kinds_of_grant(state));
                let view = View::Grant(Box::new(self.grant_view(ctx, found).await?));
                Matter { revision, resource, state: state.as_str(), kinds, view }
            }
            PaperSubject::Entry(id) => {
                let found = tx.entry_fetch(id).await?;
                let provider = tx.organisation_fetch(found.value.provider).await?;
                drop(tx);
                let resource = resource_of_entry(&found.value, &provider);
                self.permit(ctx, action, &resource)?;
                let (state, kinds) = (found.value.state_name(), paper::kinds_of_entry(&found.value));
                let revision = found.revision;
                let view = Box::new(self.entry_view(ctx, found).await?);
                let view = View::Entry(view, self.organisations().await?);
                Matter { revision, resource, state: state.as_str(), kinds, view }
            }
            PaperSubject::Case(id) => {
                let found = tx.case_fetch(id).await?;
                drop(tx);
                let resource = resource_of_case(&found.value);
                self.permit(ctx, action, &resource)?;
                let (state, kinds) = (found.value.state(), paper::kinds_of_case(&found.value));
                let revision = found.revision;
                let named = self.case_names(found.value.about()).await?;
                let held = self.legal_time.get();
                let facts = named.facts(&held);
                let (grant, request) = (facts.grant.cloned(), facts.request.cloned());
                let view = self.case_view(ctx, found).await?;
                let organisations = self.organisations().await?;
                let view = View::Case(Box::new(of_case::CaseBeside { view, grant, request, organisations }));
                Matter { revision, resource, state, kinds, view }
            }
            PaperSubject::Evaluation { authority, period } => {
                drop(tx);
                self.evaluation_matter(ctx, authority, period, action).await?
            }
        };
        let permit = self.permit(ctx, action, &matter.resource)?;
        Ok((matter, permit))
    }

    /// What was delivered under a grant until now.
    async fn delivered(&self, grant: Grant) -> of_delivery::Delivered {
        of_delivery::Delivered { usage: self.usage.summary(&grant.id).await, grant }
    }

    /// Has a paper made. The same kind of the same revision is the same paper: it is made once and has one number.
    pub async fn paper_issue(&self, ctx: &Ctx, kind: PaperKind, subject: PaperSubject) -> Result<PaperView, AppError> {
        if let Some(number) = self.replayed(ctx).await? {
            return self.paper_read(ctx, &number).await;
        }
        let made = self
            .attempt(ctx, Action::PaperIssue, subject, async {
                let (matter, permit) = self.paper_matter(ctx, subject, Action::PaperIssue).await?;
                paper::fitting(kind, &matter.kinds, matter.state)?;
                // One at a time: numbers have no gaps, and typesetting takes a core.
                let _turn = self.printing.lock().await;
                let mut read = self.store.begin_read().await?;
                if let Some(made) = read.paper_find(kind, subject, matter.revision).await? {
                    return Ok(made);
                }
                let counter = format!("paper-{}-{}", kind.prefix(), ctx.now().date().year());
                let running = read.counter_value(&counter).await? + 1;
                drop(read);
                let number = paper::number(kind, ctx.now(), running);
                let nothing = || AppError::Fault(format!("a {kind} of {subject} has no content"));
                let (content, issuer) = matter.content(kind, ctx).ok_or_else(nothing)?;
                let canonical = content.canonical(&number);
                let content_digest = digest::sm3(canonical.as_bytes());
                let digest_hex = digest::hex(&content_digest);
                let verify_url = format!("{}/verify/{number}#{digest_hex}", self.node.base_url);
                let order = PaperOrder { number: number.clone(), content, verify_url, digest: digest_hex };
                let file = self.press.print(order).await.map_err(AppError::PressFailed)?;
                let paper = Paper {
                    number,
                    kind,
                    subject,
                    subject_revision: matter.revision,
                    issuer,
                    issued: ctx.stamp(),
                    content_digest,
                    file_digest: digest::sm3(&file),
                    file_sha256: digest::sha256(&file),
                };
                let mut tx = self.store.begin_write().await?;
                if tx.counter_next(&counter).await? != running {
                    // Another program on this database was faster.
                    return Err(AppError::Unavailable);
                }
                tx.paper_insert(&paper, &canonical, &file, &permit).await?;
                let mut record = self.done(ctx, &permit, PaperEventName::Issued.as_str(), &paper.number);
                record.related = vec![subject.to_string()];
                record.facts = facts([
                    ("kind", &kind),
                    ("number", &paper.number),
                    ("issuer", &issuer),
                    ("revision", &paper.subject_revision),
                    ("content_sm3", &digest::hex(&paper.content_digest)),
                    ("file_sm3", &digest::hex(&paper.file_digest)),
                    ("file_sha256", &digest::hex(&paper.file_sha256)),
                ]);
                tx.commit(record).await?;
                Ok(paper)
            })
            .await?;
        self.paper_view(made).await
    }

    /// The papers of a thing, and the kinds that can be made of it now.
    pub async fn paper_list(&self, ctx: &Ctx, subject: PaperSubject) -> Result<Papers, AppError> {
        self.attempt(ctx, Action::PaperRead, subject, async {
            let (matter, _) = self.paper_matter(ctx, subject, Action::PaperRead).await?;
            let made = self.store.begin_read().await?.paper_list(subject).await?;
            let current = |kind: &PaperKind| {
                made.iter().any(|paper| paper.kind == *kind && paper.subject_revision == matter.revision)
            };
            let may = self.policies.may(&ctx.principal, Action::PaperIssue, &matter.resource);
            let kinds = matter.kinds.iter().copied().filter(|kind| may && !current(kind)).collect();
            let mut papers = Vec::with_capacity(made.len());
            for paper in made {
                papers.push(self.paper_view(paper).await?);
            }
            Ok(Papers { papers, kinds })
        })
        .await
    }

    /// The file of a paper.
    pub async fn paper_file(&self, ctx: &Ctx, number: &str) -> Result<PaperFile, AppError> {
        let view = self.paper_read(ctx, number).await?;
        let file = self.store.begin_read().await?.paper_file(number).await?;
        if digest::sm3(&file) != view.paper.file_digest {
            return Err(AppError::Fault(format!("the file of {number} is not the one that was recorded")));
        }
        Ok(PaperFile { number: view.paper.number, file })
    }

    /// One paper, as those may see it who may see the thing it speaks of.
    async fn paper_read(&self, ctx: &Ctx, number: &str) -> Result<PaperView, AppError> {
        let paper = self.store.begin_read().await?.paper_fetch(number).await?;
        let subject = paper.subject;
        self.attempt(ctx, Action::PaperRead, subject, async {
            match subject {
                // Who may read it does not depend on what would be counted today.
                PaperSubject::Evaluation { authority, .. } => {
                    self.permit(ctx, Action::PaperRead, &of_evaluation::resource(authority))?;
                }
                _ => drop(self.paper_matter(ctx, subject, Action::PaperRead).await?),
            }
            self.paper_view(paper).await
        })
        .await
    }

    /// Whether there is a paper of this number, and by what it is recognised; for everybody, and nothing about anybody.
    pub async fn paper_check(&self, number: &str) -> Result<PaperView, AppError> {
        let paper = self.store.begin_read().await?.paper_fetch(number).await?;
        self.paper_view(paper).await
    }

    async fn paper_view(&self, paper: Paper) -> Result<PaperView, AppError> {
        let organisations = self.organisations().await?;
        let issuer_name = known(&organisations, paper.issuer)?.name;
        let rows = self.store.begin_read().await?.history(&paper.number).await?;
        let issued = rows.iter().find(|row| row.event == PaperEventName::Issued.as_str());
        Ok(PaperView { record_index: issued.map(|row| row.index), issuer_name, paper })
    }
}
