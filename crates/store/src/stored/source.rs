//! The stored form of a source's structure.

use super::{Spelled, common::StoredDigest, stored};
use shuqiao_domain::source::{Column, Structure, SubjectThreshold, Table};
use shuqiao_vocabulary::ItemType;

stored! {
    StoredStructure of Structure {
        tables: Vec<StoredTable>,
        encoding: Option<String>,
        // Structures were kept before there were thresholds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        threshold: Option<StoredThreshold>,
        digest: StoredDigest,
    }
}
stored! {
    StoredThreshold of SubjectThreshold { input: String, column: String, minimum: u32 }
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
