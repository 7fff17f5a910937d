//! The grant book: the workflow's grants as the plane's terms, signed and installed.

use async_trait::async_trait;
use shuqiao_app::port::{BookContents, GrantBook};
use shuqiao_crypto::{note::SignerKey, public_key::PublicKey};
use shuqiao_domain::{
    grant::{Grant, TermsItem},
    source::Source,
    system as domain,
};
use shuqiao_plane::{
    book::{
        Book, GrantTerms, GrantedItem, NationalCredential, SourceSpec, SystemCredential, SystemIdentity, SystemKey,
    },
    plane::Plane,
};
use shuqiao_vocabulary::{Date, Moment, SourceId};
use std::{collections::BTreeMap, sync::Arc};

/// Carries the book to the plane of this program.
pub(crate) struct LocalBook {
    /// The plane.
    pub(crate) plane: Arc<Plane>,
    /// Signs the book.
    pub(crate) signer: SignerKey,
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

    async fn confirm(&self, epoch: u64, now: Moment) {
        if !self.plane.confirm(epoch, now) {
            tracing::error!(epoch, "the plane serves from another book than the newest");
        }
    }
}

impl LocalBook {
    fn book(&self, contents: BookContents) -> Book {
        let sources: BTreeMap<SourceId, &Source> = contents.sources.iter().map(|s| (s.id, s)).collect();
        // A grant whose source is gone is not in the book: it is denied rather than served from something else.
        let terms = |grant: &Grant| {
            let signed = !self.unsigned_calls && contents.signed.contains(&grant.id);
            let terms = |source: &&Source| GrantTerms { signature_required: signed, ..self.terms(grant, source) };
            sources.get(&grant.terms.resource.source).map(terms)
        };
        Book {
            epoch: contents.epoch,
            node: self.node.clone(),
            grants: contents.grants.iter().filter_map(terms).collect(),
            systems: contents
                .systems
                .iter()
                .map(|system| SystemCredential {
                    id: system.id,
                    organisation: system.organisation,
                    secret_digests: system.secret_digests.clone(),
                    identity: identity(&system.identity),
                })
                .collect(),
            sources: contents
                .sources
                .iter()
                .map(|source| SourceSpec {
                    id: source.id,
                    kind: source.source_type,
                    sealed_location: source.sealed_location.clone(),
                })
                .collect(),
        }
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
