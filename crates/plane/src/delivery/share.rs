//! Delta Sharing (the open protocol of delta.io, parquet format): a granted table in one line of pandas or Spark.
//!
//! share = the providing department, schema = the number of the request, which is the purpose, table = the entry. What is
//! listed is what the caller's department holds by a grant of file delivery; the Parquet is a file of that delivery, made
//! through the same enforcement, recorded and metered once for each query. Predicates and limits that a client sends are
//! hints by the protocol and are not used. File addresses carry a key bound to that file, for some minutes; they fall
//! with the grant.

use crate::{
    compiled::CompiledGrant,
    delivery::file::{DeliveredFile, FileFormat, FileOrder, Manifest},
    enforcement::restrict,
    plane::{Call, Facts, Plane},
    problem::{ProblemCode, Refused},
    query::TypedQuery,
};
use serde_json::{Value, json};
use shuqiao_crypto::token::Claims;
use shuqiao_vocabulary::{ItemType, Mask, Moment, SharingMethod};
use std::sync::Arc;

mod routes;

pub(crate) use routes::routes;

/// A snapshot that was made this lately is handed out again: one client asks several times for what it reads once.
const SNAPSHOT_SECONDS: i64 = 60;
/// Seconds a file's address is good: the protocol's client does not ask for a new one, so it must last for the download.
const ADDRESS_SECONDS: i64 = 3_600;

/// Where a table stands among all that a caller may read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TablePath {
    pub(crate) share: String,
    pub(crate) schema: String,
    pub(crate) table: String,
}

impl TablePath {
    fn of(grant: &CompiledGrant) -> Self {
        let terms = &grant.terms;
        Self {
            share: name(&terms.provider_name, false),
            schema: name(&terms.purpose, true),
            table: name(&terms.entry_name, true),
        }
    }

    /// Names are equal whatever their case, says the protocol.
    fn is(&self, share: &str, schema: &str, table: &str) -> bool {
        let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
        same(&self.share, share) && same(&self.schema, schema) && same(&self.table, table)
    }
}

/// A name that the protocol allows: no space, slash or control character; in schemas and tables no dot.
fn name(text: &str, without_dots: bool) -> String {
    let bad = |c: char| c.is_whitespace() || c.is_control() || c == '/' || (without_dots && c == '.');
    text.chars().map(|c| if bad(c) { '_' } else { c }).take(80).collect()
}

/// A table's schema in Spark's JSON. Masked items are text, decimals too: so they are in the file.
fn schema_string(grant: &CompiledGrant) -> String {
    let fields: Vec<Value> = grant
        .terms
        .items
        .iter()
        .filter(|item| item.mask != Some(Mask::VerifyOnly))
        .map(|item| {
            let shown = if item.mask.is_some() { ItemType::Text } else { item.item_type };
            let of_spark = match shown {
                ItemType::Text | ItemType::Decimal => "string",
                ItemType::Integer => "long",
                ItemType::Date => "date",
                ItemType::DateTime => "timestamp",
                ItemType::Boolean => "boolean",
            };
            json!({ "name": item.name.as_str(), "type": of_spark, "nullable": true, "metadata": {} })
        })
        .collect();
    json!({ "type": "struct", "fields": fields }).to_string()
}

impl Plane {
    /// Every table that this caller may read now, in order of names.
    fn share_tables(&self, claims: &Claims, now: Moment) -> Result<Vec<(TablePath, Arc<CompiledGrant>)>, Refused> {
        self.current(now)?;
        let all =
            TypedQuery { purpose: String::new(), items: Vec::new(), conditions: Vec::new(), limit: None, after: None };
        let may_read = |grant: &&Arc<CompiledGrant>| {
            let query = TypedQuery { purpose: grant.terms.purpose.clone(), ..all.clone() };
            // The protocol's clients cannot sign, so what must be signed is not shared by it.
            grant.terms.requester == claims.organisation
                && !grant.terms.signature_required
                && restrict(grant, &query, claims, SharingMethod::FileDownload, now).is_ok()
        };
        let book = self.book();
        let mut tables: Vec<_> =
            book.grants.values().filter(may_read).map(|grant| (TablePath::of(grant), grant.clone())).collect();
        tables.sort_by(|(a, one), (b, other)| (a, one.terms.id).cmp(&(b, other.terms.id)));
        Ok(tables)
    }

    /// One table by its names; what the caller may not read is not there.
    fn share_table(
        &self,
        claims: &Claims,
        names: (&str, &str, &str),
        now: Moment,
    ) -> Result<Arc<CompiledGrant>, Refused> {
        let (share, schema, table) = names;
        let tables = self.share_tables(claims, now)?;
        let found = tables.into_iter().find(|(path, _)| path.is(share, schema, table));
        found.map(|(_, grant)| grant).ok_or_else(|| Refused::new(ProblemCode::TableMissing))
    }

    /// The newest whole snapshot of a grant that this caller has, if it is young enough.
    fn share_snapshot(
        &self,
        grant: &CompiledGrant,
        claims: &Claims,
        now: Moment,
    ) -> Option<(Arc<DeliveredFile>, Arc<Manifest>)> {
        let files = self.files().list(&grant.terms.id, claims.caller);
        let of_now = |file: &Arc<DeliveredFile>| file.whole && file.is_of(&grant.terms);
        let whole = files.into_iter().filter(|file| of_now(file) && file.order.format == FileFormat::Parquet);
        let ready = whole.filter_map(|file| file.ready().map(|manifest| (file, manifest)));
        let young = |(_, manifest): &(_, Arc<Manifest>)| {
            (0..=SNAPSHOT_SECONDS * 1_000_000).contains(&(now.microseconds() - manifest.made.microseconds()))
        };
        ready.max_by_key(|(_, manifest)| manifest.made).filter(young)
    }

    /// The table as one file: the snapshot that is there, recorded and metered anew, or one that is made now.
    async fn share_query(
        self: &Arc<Self>,
        call: &Call<'_>,
        facts: &mut Facts,
        grant: &Arc<CompiledGrant>,
        claims: Claims,
    ) -> Result<(Arc<DeliveredFile>, Arc<Manifest>), Refused> {
        facts.count(grant)?;
        if let Some((file, manifest)) = self.share_snapshot(grant, &claims, call.now) {
            let rows = match manifest.rows {
                0 => None,
                rows => Some(grant.rows_of_day(call.now, rows)?),
            };
            if rows.as_ref().is_some_and(|reserved| reserved.rows() < manifest.rows) {
                return Err(Refused::new(ProblemCode::DailyRowsExceeded).with("limit", grant.terms.rows_per_day));
            }
            let bytes = self.bytes_of_day(grant, call.now, manifest.bytes)?;
            self.file_recorded_again(&file, &manifest, call.request_id, call.now).await?;
            bytes.keep();
            if let Some(reserved) = rows {
                reserved.keep(manifest.rows);
            }
            return Ok((file, manifest));
        }
        let query = TypedQuery {
            purpose: grant.terms.purpose.clone(),
            items: Vec::new(),
            conditions: Vec::new(),
            limit: None,
            after: None,
        };
        let order = FileOrder { grant: grant.terms.id, caller: claims, query, format: FileFormat::Parquet };
        self.file_now(order, call.request_id, call.now).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_such_as_the_protocol_allows() {
        assert_eq!(name("遵义市公安局", false), "遵义市公安局");
        assert_eq!(name("a b/c\t.d", false), "a_b_c_.d");
        assert_eq!(name("人口.基本 信息", true), "人口_基本_信息");
        let path = TablePath { share: "Org".to_owned(), schema: "2026-000001".to_owned(), table: "人口".to_owned() };
        assert!(path.is("ORG", "2026-000001", "人口") && !path.is("ORG", "2026-000001", "人"));
    }
}
