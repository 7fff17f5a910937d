//! The sources of a simulated node: each has the one table.

use async_trait::async_trait;
use shuqiao_app::port::{Described, NewLocation, SourceDesk, SourceFailure};
use shuqiao_domain::source::{Column, Source, Structure, Table};
use shuqiao_vocabulary::{ItemType, OrganisationId};

/// The only table of every source.
pub(crate) const TABLE: &str = "household";
/// Its columns.
pub(crate) const COLUMNS: [(&str, ItemType); 3] =
    [("county_code", ItemType::Text), ("household_size", ItemType::Integer), ("registered_on", ItemType::Date)];

/// A desk that finds it everywhere.
pub(crate) struct OneTable;

fn structure() -> Structure {
    let column = |(name, item_type): (&str, ItemType)| Column {
        name: name.into(),
        item_type,
        nullable: true,
        native_type: item_type.as_str().into(),
    };
    let columns = COLUMNS.into_iter().map(column).collect();
    let table = Table { name: TABLE.into(), rows_estimate: Some(1_000), key: vec!["county_code".into()], columns };
    Structure { tables: vec![table], encoding: None, threshold: None, digest: [7; 32] }
}

#[async_trait]
impl SourceDesk for OneTable {
    async fn describe(&self, _: OrganisationId, _: &NewLocation, _: &[Source]) -> Result<Described, SourceFailure> {
        Ok(Described { structure: structure(), place: "simulated".into(), sealed_location: vec![1] })
    }
    async fn describe_again(&self, _: &Source) -> Result<Structure, SourceFailure> {
        Ok(structure())
    }
}
