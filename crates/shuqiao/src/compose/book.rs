//! The grant book: the workflow's grants as the plane's terms, signed and installed.

use async_trait::async_trait;
use shuqiao_app::port::{BookContents, GrantBook};
use shuqiao_crypto::note::SignerKey;
use shuqiao_domain::{
    grant::{Grant, TermsItem},
    source::Source,
};
use shuqiao_plane::{
    book::{Book, GrantTerms, GrantedItem, SourceSpec, SystemCredential},
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
        let terms = |grant: &Grant| sources.get(&grant.terms.resource.source).map(|source| self.terms(grant, source));
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
            provider_name: grant.provider.to_string(),
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
            request_url: format!("{}/catalogue/{}", self.base_url, grant.entry),
        }
    }
}

/// The first second of a legal day.
fn start_of_day(date: Date) -> Moment {
    date.yesterday().map_or(Moment::from_microseconds(0), |before| Moment::end_of_day(before).plus_seconds(1))
}
