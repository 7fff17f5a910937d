//! The node's side: what a gateway is told.

use super::{
    Confirmation, GatewaySecret, PART_GRANTS_MAX, frames::Frame, gateway_name, question_parts, reports::Reports,
};
use crate::{
    book::{Book, BookError, Change, SourceSpec},
    compiled::{CompiledBook, CompiledGrant, Since},
    plane::Plane,
    problem::{ProblemCode, Refused},
};
use shuqiao_crypto::{note::SignerKey, seal::SealKey};
use shuqiao_vocabulary::{
    Moment,
    id::{GatewayId, OrganisationId, SourceId},
};
use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

/// What gateways ask and report.
pub struct Upstream {
    pub(super) plane: Arc<Plane>,
    signer: Arc<SignerKey>,
    seal: Arc<SealKey>,
    node: String,
    heard: Mutex<HashMap<GatewayId, Heard>>,
    pub(super) reports: Reports,
}

/// When a gateway was last heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// When it last asked.
    pub at: Moment,
    /// The epoch that it had then; `None` when it had none.
    pub epoch: Option<u64>,
}

/// Which gateway asks what.
pub(super) struct Asked<'a> {
    pub(super) gateway: &'a str,
    pub(super) since: &'a str,
    pub(super) nonce: &'a str,
    pub(super) proof: &'a str,
}

/// What was read from the book in one moment, to be signed and sealed afterwards.
struct Cut {
    epoch: u64,
    payload: Payload,
}

enum Payload {
    Nothing,
    Snapshot(Book, Vec<Arc<CompiledGrant>>),
    Change(Change, Vec<Arc<CompiledGrant>>),
}

impl Upstream {
    /// The node's side over this plane. `folder` keeps what gateways reported.
    pub fn new(plane: Arc<Plane>, signer: Arc<SignerKey>, seal: Arc<SealKey>, node: &str, folder: &Path) -> Self {
        let reports = Reports::open(folder);
        Self { plane, signer, seal, node: node.to_owned(), heard: Mutex::default(), reports }
    }

    /// When this gateway was last heard of, since the node started.
    pub fn heard(&self, gateway: &GatewayId) -> Option<Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).get(gateway).copied()
    }

    /// The gateways' reports.
    pub fn reports(&self) -> &Reports {
        &self.reports
    }

    /// The secret of a gateway, for its enrolment file.
    pub fn secret(&self, gateway: &GatewayId) -> GatewaySecret {
        GatewaySecret::derive(&self.seal, gateway)
    }

    /// The name of a gateway's log.
    pub(super) fn origin(&self, gateway: &GatewayId) -> String {
        format!("{}/usage", gateway_name(&self.node, gateway))
    }

    /// The gateway, with its provider, when the book knows it.
    pub(super) fn known(&self, gateway: &str) -> Result<(GatewayId, OrganisationId), Refused> {
        let unknown = || Refused::new(ProblemCode::GatewayUnknown);
        let id: GatewayId = gateway.parse().map_err(|_| unknown())?;
        let provider = self.plane.book().gateways.get(&id).copied().ok_or_else(unknown)?;
        Ok((id, provider))
    }

    /// The answer to a gateway's question.
    pub(super) fn answer(&self, asked: &Asked<'_>, now: Moment) -> Result<Vec<u8>, Refused> {
        let unknown = || Refused::new(ProblemCode::GatewayUnknown);
        let (gateway, provider) = self.known(asked.gateway)?;
        let secret = self.secret(&gateway);
        if !secret.proves(&question_parts(asked.gateway, asked.since, asked.nonce), asked.proof) {
            return Err(unknown());
        }
        // A node that is not sure itself confirms nothing: its gateways deny as it does.
        self.plane.current(now)?;
        let age = self.plane.age(now).unwrap_or_default().max(0);
        let since = asked.since.parse::<u64>().ok();
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).insert(gateway, Heard { at: now, epoch: since });
        let Cut { epoch, payload } = self.cut(provider, since);
        let failed = |error: BookError| {
            tracing::error!(%error, "a gateway cannot be answered");
            Refused::new(ProblemCode::BookStale).again_after(1)
        };
        let confirmation =
            Confirmation { node: self.node.clone(), gateway, epoch, moment: now, age, nonce: asked.nonce.to_owned() };
        let note = confirmation.sign(&self.signer).ok_or_else(unknown)?;
        let mut answer = (note.len() as u32).to_be_bytes().to_vec();
        answer.extend_from_slice(note.as_bytes());
        let key = secret.seal_key();
        self.frames(payload, &key, &mut answer).map_err(failed)?;
        Ok(answer)
    }

    /// What the gateway does not have yet, read in one moment.
    fn cut(&self, provider: OrganisationId, since: Option<u64>) -> Cut {
        let book = self.plane.book();
        let epoch = book.epoch;
        let payload = match since {
            Some(since) if since == epoch => Payload::Nothing,
            Some(since) => match book.since(since) {
                Some(changed) => change(&book, provider, since, &changed),
                None => snapshot(&book, provider),
            },
            None => snapshot(&book, provider),
        };
        Cut { epoch, payload }
    }

    fn frames(&self, payload: Payload, key: &SealKey, to: &mut Vec<u8>) -> Result<(), BookError> {
        let terms = |grants: &[Arc<CompiledGrant>]| grants.iter().map(|grant| grant.terms.clone()).collect::<Vec<_>>();
        let keys = |grants: &[Arc<CompiledGrant>]| {
            grants.iter().map(|grant| (grant.terms.id, grant.mask_key)).collect::<Vec<_>>()
        };
        match payload {
            Payload::Nothing => {}
            Payload::Snapshot(mut first, grants) => {
                self.resealed(&mut first.sources, key);
                let mut parts: Vec<&[Arc<CompiledGrant>]> = grants.chunks(PART_GRANTS_MAX).collect();
                if parts.is_empty() {
                    parts.push(&[]);
                }
                let last = parts.len().saturating_sub(1);
                for (number, part) in parts.into_iter().enumerate() {
                    let empty = Book { epoch: first.epoch, node: first.node.clone(), ..Book::default() };
                    let mut book = std::mem::replace(&mut first, empty);
                    book.grants = terms(part);
                    book.mask_keys = keys(part);
                    book.part = u32::try_from(number).unwrap_or(u32::MAX);
                    book.more = number < last;
                    Frame::Part(book.sign(&self.signer)?).write(key, to);
                }
            }
            Payload::Change(mut change, grants) => {
                self.resealed(&mut change.sources, key);
                change.grants = terms(&grants);
                change.mask_keys = keys(&grants);
                Frame::Change(change.sign(&self.signer)?).write(key, to);
            }
        }
        Ok(())
    }

    /// The locations under the gateway's key in place of the node's. One that the node cannot open is left as it is, and
    /// opens for nobody.
    fn resealed(&self, sources: &mut [SourceSpec], key: &SealKey) {
        for source in sources {
            if let Ok(location) = crate::source::Location::open(&self.seal, &source.sealed_location) {
                source.sealed_location = location.seal(key);
            }
        }
    }
}

fn snapshot(book: &CompiledBook, provider: OrganisationId) -> Payload {
    let grants: Vec<_> = book.grants.values().filter(|grant| grant.terms.provider == provider).cloned().collect();
    let wanted: BTreeSet<SourceId> = grants.iter().map(|grant| grant.terms.source).collect();
    let first = Book {
        epoch: book.epoch,
        node: book.node.clone(),
        systems: book.systems.values().cloned().collect(),
        sources: wanted.iter().filter_map(|id| Some(book.sources.get(id)?.spec.clone())).collect(),
        ..Book::default()
    };
    Payload::Snapshot(first, grants)
}

fn change(book: &CompiledBook, provider: OrganisationId, from: u64, since: &Since) -> Payload {
    let mut change = Change { node: book.node.clone(), from, to: book.epoch, ..Change::default() };
    let mut grants = Vec::new();
    for (id, _) in since.grants.iter().filter(|(_, of)| *of == provider) {
        match book.grants.get(id) {
            Some(grant) if grant.terms.provider == provider => grants.push(grant.clone()),
            _ => change.grants_gone.push(*id),
        }
    }
    for id in &since.systems {
        match book.systems.get(id) {
            Some(system) => change.systems.push(system.clone()),
            None => change.systems_gone.push(*id),
        }
    }
    // Those of the grants told here, and those that were moved: whose they are, the grants on them say.
    let mut wanted: BTreeSet<SourceId> = grants.iter().map(|grant| grant.terms.source).collect();
    if !since.sources.is_empty() {
        let of_provider = book.grants.values().filter(|grant| grant.terms.provider == provider);
        wanted.extend(of_provider.map(|grant| grant.terms.source).filter(|id| since.sources.contains(id)));
    }
    change.sources = wanted.iter().filter_map(|id| Some(book.sources.get(id)?.spec.clone())).collect();
    Payload::Change(change, grants)
}
