//! The grant book: the workflow's grants as the plane's terms, signed and installed.

use async_trait::async_trait;
use shuqiao_app::port::{BookChange, BookContents, GatewayHeard, GrantBook};
use shuqiao_crypto::{note::SignerKey, public_key::PublicKey};
use shuqiao_domain::{
    gateway::Gateway,
    grant::{Grant, TermsItem},
    source::Source,
    system as domain,
};
use shuqiao_plane::{
    book::{
        Book, Change, GatewayCredential, GrantTerms, GrantedItem, NationalCredential, SourceSpec, SystemCredential,
        SystemIdentity, SystemKey,
    },
    gateway::{Enrolment, Upstream},
    plane::Plane,
};
use shuqiao_vocabulary::{Date, GatewayId, GrantId, Moment, OrganisationId, SourceId};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Carries the book to the plane of this program, from which gateways take it.
pub(crate) struct LocalBook {
    /// The plane.
    pub(crate) plane: Arc<Plane>,
    /// What gateways ask.
    pub(crate) upstream: Arc<Upstream>,
    /// Signs the book.
    pub(crate) signer: Arc<SignerKey>,
    /// The node's name in logs.
    pub(crate) node: String,
    /// Where the node is reached, for pointing out where to ask.
    pub(crate) base_url: String,
    /// Takes calls without a signature where one is demanded.
    pub(crate) unsigned_calls: bool,
}

#[async_trait]
impl GrantBook for LocalBook {
    async fn publish(&self, contents: BookContents, now: Moment) -> Result<(), String> {
        let book = self.book(contents);
        let signed = book.sign(&self.signer).map_err(|e| e.to_string())?;
        self.plane.install(&signed, now).map(|_| ()).map_err(|e| e.to_string())
    }

    async fn change(&self, change: BookChange, now: Moment) -> Result<(), String> {
        let change = self.changed(change);
        let signed = change.sign(&self.signer).map_err(|e| e.to_string())?;
        self.plane.change(&signed, now).map(|_| ()).map_err(|e| e.to_string())
    }

    async fn confirm(&self, epoch: u64, now: Moment) {
        if !self.plane.confirm(epoch, now) {
            tracing::error!(epoch, "the plane serves from another book than the newest");
        }
    }

    fn enrolment(&self, gateway: &Gateway) -> String {
        let enrolment = Enrolment {
            upstream: self.base_url.clone(),
            node: self.node.clone(),
            book: self.signer.verifier(),
            gateway: gateway.id,
            provider: gateway.provider,
            secret: self.upstream.secret(&gateway.id).to_text().to_string(),
        };
        enrolment.to_text()
    }

    fn heard(&self, gateway: &GatewayId) -> GatewayHeard {
        let heard = self.upstream.heard(gateway);
        let log = self.upstream.reports().of(gateway).map(|told| (told.origin, told.size, told.key));
        GatewayHeard { at: heard.map(|heard| heard.at), epoch: heard.and_then(|heard| heard.epoch), log }
    }
}

impl LocalBook {
    fn book(&self, contents: BookContents) -> Book {
        Book {
            epoch: contents.epoch,
            node: self.node.clone(),
            grants: self.all_terms(&contents.grants, &contents.sources, &contents.providers, &contents.signed).0,
            systems: contents.systems.iter().map(credential).collect(),
            sources: contents.sources.iter().map(spec).collect(),
            gateways: contents.gateways.iter().map(follower).collect(),
            part: contents.part,
            more: contents.more,
            ..Book::default()
        }
    }

    fn changed(&self, change: BookChange) -> Change {
        let (grants, mut grants_gone) =
            self.all_terms(&change.grants, &change.sources, &change.providers, &change.signed);
        grants_gone.extend(change.grants_gone);
        Change {
            node: self.node.clone(),
            from: change.from,
            to: change.to,
            grants,
            grants_gone,
            systems: change.systems.iter().map(credential).collect(),
            systems_gone: change.systems_gone,
            sources: change.sources.iter().map(spec).collect(),
            gateways: change.gateways.iter().map(follower).collect(),
            gateways_gone: change.gateways_gone,
            ..Change::default()
        }
    }

    /// The terms of grants, and those whose source is gone: they are denied rather than served from something else.
    fn all_terms(
        &self,
        grants: &[Grant],
        sources: &[Source],
        providers: &BTreeMap<OrganisationId, String>,
        signed: &BTreeSet<GrantId>,
    ) -> (Vec<GrantTerms>, Vec<GrantId>) {
        let sources: BTreeMap<SourceId, &Source> = sources.iter().map(|s| (s.id, s)).collect();
        let (mut terms, mut gone) = (Vec::with_capacity(grants.len()), Vec::new());
        for grant in grants {
            match sources.get(&grant.terms.resource.source) {
                Some(source) => {
                    let provider_name = providers.get(&grant.provider).cloned().unwrap_or_default();
                    let signature_required = !self.unsigned_calls && signed.contains(&grant.id);
                    terms.push(GrantTerms { provider_name, signature_required, ..self.terms(grant, source) });
                }
                None => gone.push(grant.id),
            }
        }
        (terms, gone)
    }

    fn terms(&self, grant: &Grant, source: &Source) -> GrantTerms {
        let terms = &grant.terms;
        let item = |item: &TermsItem| GrantedItem {
            name: item.name.clone(),
            column: item.column.clone(),
            item_type: item.item_type,
            grade: item.grade,
            mask: item.mask.clone(),
        };
        let spoken_of = |item: &&TermsItem| terms.rows.0.iter().any(|condition| condition.item == item.name);
        GrantTerms {
            id: grant.id,
            requester: grant.requester,
            provider: grant.provider,
            provider_name: String::new(),
            entry_name: grant.entry_name.clone(),
            systems: terms.systems.clone(),
            purpose: grant.number.clone(),
            methods: vec![terms.method],
            source: terms.resource.source,
            table: terms.resource.table.clone(),
            items: terms.items.iter().map(item).collect(),
            filter_columns: terms
                .items
                .iter()
                .chain(&terms.row_items)
                .filter(spoken_of)
                .map(|item| (item.name.clone(), item.column.clone(), item.item_type))
                .collect(),
            rows: terms.rows.clone(),
            key: source.structure.table(&terms.resource.table).map(|t| t.key.clone()).unwrap_or_default(),
            calls_per_second: terms.calls_per_second,
            rows_per_call: terms.rows_per_call,
            rows_per_day: terms.rows_per_day,
            valid_from: start_of_day(terms.valid_from),
            valid_until: Moment::end_of_day(terms.valid_until),
            signature_required: false,
            request_url: format!("{}/catalogue/{}", self.base_url, grant.entry),
        }
    }
}

fn credential(system: &domain::System) -> SystemCredential {
    SystemCredential {
        id: system.id,
        organisation: system.organisation,
        secret_digests: system.secret_digests.clone(),
        identity: identity(&system.identity),
    }
}

fn spec(source: &Source) -> SourceSpec {
    SourceSpec { id: source.id, kind: source.source_type, sealed_location: source.sealed_location.clone() }
}

fn follower(gateway: &Gateway) -> GatewayCredential {
    GatewayCredential { id: gateway.id, provider: gateway.provider }
}

/// Keys and addresses as the plane has them. A key that does not read any more is left out: it verifies nothing.
fn identity(identity: &domain::SystemIdentity) -> SystemIdentity {
    let key = |key: &domain::SystemKey| {
        Some(SystemKey {
            kid: key.kid.clone(),
            key: PublicKey::from_jwk(&key.kty, &key.crv, &key.x, key.y.as_deref()).ok()?,
            not_before: key.not_before,
            not_after: key.not_after,
        })
    };
    SystemIdentity {
        keys: identity.keys.iter().filter_map(key).collect(),
        addresses: identity.addresses.clone(),
        signature_required: identity.signature_required,
        national: identity.national.as_ref().map(|national| NationalCredential {
            requester_code: national.requester_code.clone(),
            serial: identity.appkeys,
            services: national.services.iter().map(|service| (service.code.clone(), service.grant)).collect(),
        }),
    }
}

/// The first second of a legal day.
fn start_of_day(date: Date) -> Moment {
    date.yesterday().map_or(Moment::from_microseconds(0), |before| Moment::end_of_day(before).plus_seconds(1))
}
