//! The stored form of a source's structure.

use super::{Spelled, common::StoredDigest, stored};
use shuqiao_domain::source::{Column, Structure, Table};
use shuqiao_vocabulary::ItemType;

stored! {
    StoredStructure of Structure { tables: Vec<StoredTable>, encoding: Option<String>, digest: StoredDigest }
}
stored! {
    StoredTable of Table {
        name: String,
        rows_estimate: Option<u64>,
        key: Vec<String>,
        columns: Vec<StoredColumn>,
    }
}
stored! {
    StoredColumn of Column { name: String, item_type: Spelled<ItemType>, nullable: bool, native_type: String }
}
