//! Sources of a provider: what is connected, and the structure that was read from it.

use crate::grant::Terms;
use shuqiao_vocabulary::{ItemName, ItemType, Moment, OrganisationId, SourceId, SourceType};

/// A connected source (数据源). Where it is and how to log in is sealed; nobody reads it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// The department that holds it.
    pub provider: OrganisationId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub source_type: SourceType,
    /// What people may see of where it is: a file name, or `host:port/database`. Never a credential.
    pub place: String,
    /// The sealed location.
    pub sealed_location: Vec<u8>,
    /// What was read from it.
    pub structure: Structure,
    /// When that was read.
    pub described_at: Moment,
    /// Since when another structure was found and is held back, because live grants need this one (Art. 27(3)).
    pub held: Option<Moment>,
}

/// The structure of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structure {
    /// Its tables; a file has one.
    pub tables: Vec<Table>,
    /// Encoding found in a file.
    pub encoding: Option<String>,
    /// How many distinct subjects each row of a view is summed up from at least.
    pub threshold: Option<SubjectThreshold>,
    /// Digest over tables, columns and the threshold: a change of structure changes it.
    pub digest: [u8; 32],
}

/// A threshold of distinct subjects (主体下限): no row of the view is of fewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectThreshold {
    /// The input of the view, by its alias, whose rows are about the subjects.
    pub input: String,
    /// The column there that names the person or enterprise a row is about.
    pub column: String,
    /// Distinct subjects at least.
    pub minimum: u32,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Name in the source.
    pub name: String,
    /// Rows, as the source estimates them.
    pub rows_estimate: Option<u64>,
    /// Columns that identify a row and order pages.
    pub key: Vec<String>,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in the source.
    pub name: String,
    /// The item type it can be delivered as.
    pub item_type: ItemType,
    /// Whether values may be empty.
    pub nullable: bool,
    /// The type as the source calls it.
    pub native_type: String,
}

/// A data item proposed from a column; the officer completes title, grade and attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedItem {
    /// A usable name: the column's, with what cannot stand in a name replaced by `_`.
    pub name: ItemName,
    /// The column's own name as a first title.
    pub title: String,
    /// The column.
    pub column: String,
    /// Its type.
    pub item_type: ItemType,
}

impl Structure {
    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}

/// Whether another structure would break what a grant delivers: its table or a column of it is gone, or is of another
/// type. What the grant does not need may change at any time.
pub fn breaks(before: &Structure, after: &Structure, terms: &Terms) -> bool {
    let type_in = |structure: &Structure, column: &str| {
        let table = structure.table(&terms.resource.table)?;
        table.columns.iter().find(|found| found.name == column).map(|found| found.item_type)
    };
    let needed = terms.items.iter().chain(&terms.row_items);
    after.table(&terms.resource.table).is_none()
        || needed.into_iter().any(|item| {
            let found = type_in(after, &item.column);
            found.is_none() || found != type_in(before, &item.column).or(found)
        })
}

/// Proposes one data item per column, with names that are unique and usable.
pub fn propose_items(table: &Table) -> Vec<ProposedItem> {
    let mut taken = std::collections::BTreeSet::new();
    let mut proposed = Vec::with_capacity(table.columns.len());
    for (position, column) in table.columns.iter().enumerate() {
        let mut text: String =
            column.name.trim().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).take(56).collect();
        if !text.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            text.insert(0, '_');
        }
        if !taken.insert(text.clone()) {
            text = format!("{text}_{}", position + 1);
            taken.insert(text.clone());
        }
        let Ok(name) = text.parse::<ItemName>() else { continue };
        proposed.push(ProposedItem {
            name,
            title: column.name.clone(),
            column: column.name.clone(),
            item_type: column.item_type,
        });
    }
    proposed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_gets_a_usable_name() {
        let column = |name: &str| Column {
            name: name.into(),
            item_type: ItemType::Text,
            nullable: true,
            native_type: "text".into(),
        };
        let columns = ["企业名称", "距离(公里)", "09:00:06", "a b", "a_b", ""].map(column).to_vec();
        let table = Table { name: "t".into(), rows_estimate: None, key: Vec::new(), columns };
        let names: Vec<String> = propose_items(&table).iter().map(|item| item.name.to_string()).collect();
        assert_eq!(names, ["企业名称", "距离_公里_", "_09_00_06", "a_b", "a_b_5", "_"]);
    }
}
