//! The ports of a simulated node: a source that has one table, a ledger that saw nothing, and a book that goes nowhere.

use async_trait::async_trait;
use shuqiao_app::{
    port::{
        BookContents, Described, GrantBook, NewLocation, Notifier, OutsideNotice, PaperOrder, PaperPress, PressFailure,
        SheetCover, SheetDesk, SheetFailure, SheetImport, SheetRow, SourceDesk, SourceFailure, UsageLedger,
    },
    view::{UsageLine, UsageSummary},
};
use shuqiao_domain::source::{Column, Source, Structure, Table};
use shuqiao_vocabulary::{GrantId, ItemType, Moment, OrganisationId};
use std::collections::BTreeMap;

/// The only table of every source.
pub(crate) const TABLE: &str = "household";
/// Its columns.
pub(crate) const COLUMNS: [(&str, ItemType); 3] =
    [("county_code", ItemType::Text), ("household_size", ItemType::Integer), ("registered_on", ItemType::Date)];

/// All ports in one.
pub(crate) struct Nothing;

fn structure() -> Structure {
    let column = |(name, item_type): (&str, ItemType)| Column {
        name: name.into(),
        item_type,
        nullable: true,
        native_type: item_type.as_str().into(),
    };
    let columns = COLUMNS.into_iter().map(column).collect();
    let table = Table { name: TABLE.into(), rows_estimate: Some(1_000), key: vec!["county_code".into()], columns };
    Structure { tables: vec![table], encoding: None, digest: [7; 32] }
}

#[async_trait]
impl SourceDesk for Nothing {
    async fn describe(&self, _: OrganisationId, _: &NewLocation) -> Result<Described, SourceFailure> {
        Ok(Described { structure: structure(), place: "simulated".into(), sealed_location: vec![1] })
    }
    async fn describe_again(&self, _: &Source) -> Result<Structure, SourceFailure> {
        Ok(structure())
    }
}

#[async_trait]
impl SheetDesk for Nothing {
    fn bytes_max(&self) -> u64 {
        1_000
    }
    fn rows_max(&self) -> usize {
        1
    }
    fn name_key(&self, name: &str) -> String {
        name.to_owned()
    }
    async fn read(&self, _: &str, _: Vec<u8>) -> Result<SheetImport, SheetFailure> {
        Err(SheetFailure { code: "sheet_not_a_workbook".into(), params: BTreeMap::new() })
    }
    async fn remarked(&self, _: Vec<u8>, _: Vec<(String, u32, String)>) -> Result<Vec<u8>, SheetFailure> {
        Ok(Vec::new())
    }
    async fn write(&self, _: SheetCover, _: Vec<SheetRow>) -> Result<Vec<u8>, SheetFailure> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl PaperPress for Nothing {
    async fn print(&self, _: PaperOrder) -> Result<Vec<u8>, PressFailure> {
        Err(PressFailure::WorkerMissing)
    }
}

#[async_trait]
impl GrantBook for Nothing {
    async fn publish(&self, _: BookContents, _: Moment) -> Result<(), String> {
        Ok(())
    }
    async fn confirm(&self, _: u64, _: Moment) {}
}

#[async_trait]
impl Notifier for Nothing {
    async fn notify(&self, _: &OutsideNotice) -> Result<(), String> {
        Ok(())
    }
}

#[async_trait]
impl UsageLedger for Nothing {
    async fn recent(&self, _: &GrantId, _: usize) -> Vec<UsageLine> {
        Vec::new()
    }
    async fn summary(&self, _: &GrantId) -> UsageSummary {
        UsageSummary::default()
    }
    async fn calls_today(&self, _: Moment) -> u64 {
        0
    }
    async fn head(&self) -> Option<(String, u64, [u8; 32])> {
        None
    }
    fn verifier_key(&self) -> (String, String) {
        ("sim/usage".into(), "sim/usage+0+0".into())
    }
}
