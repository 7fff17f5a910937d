//! What a table in MySQL or MariaDB looks like: read from `information_schema`, as far as the login may see it.

use super::super::shape::{Column, Native, Shape};
use crate::{
    delivery::batch::{
        code::{BatchCode, BatchProblem, Halt},
        fit::{Fit, Room},
        target::Load,
    },
    source::mysql::{catalogue_text as text, quote},
};
use shuqiao_vocabulary::ItemType;
use sqlx::{MySqlConnection, mysql::MySqlRow};
use std::collections::BTreeSet;

/// The type of a column.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct MysqlType {
    /// `varchar`, `bigint` …
    data_type: String,
    /// As it is declared, in small letters: `bigint(20) unsigned`.
    declared: String,
    charset: Option<String>,
    collation: Option<String>,
    characters: Option<usize>,
    bytes: Option<usize>,
    precision: Option<usize>,
    scale: Option<usize>,
    /// Digits of a second.
    fraction: Option<usize>,
}

/// A table in MySQL or MariaDB.
pub(super) struct MysqlShape {
    shape: Shape<MysqlType>,
    transactional: bool,
}

// A name is compared by bytes beside the collation of the catalogue, which takes `T` and `t` for one.
const TABLE: &str = "
SELECT t.TABLE_TYPE, e.TRANSACTIONS
  FROM information_schema.TABLES t LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
 WHERE t.TABLE_SCHEMA = ? AND t.TABLE_NAME = ? AND CAST(t.TABLE_NAME AS BINARY) = CAST(? AS BINARY)";

const COLUMNS: &str = "
SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, CHARACTER_SET_NAME, COLLATION_NAME,
       CAST(CHARACTER_MAXIMUM_LENGTH AS CHAR), CAST(CHARACTER_OCTET_LENGTH AS CHAR), CAST(NUMERIC_PRECISION AS CHAR),
       CAST(NUMERIC_SCALE AS CHAR), CAST(DATETIME_PRECISION AS CHAR)
  FROM information_schema.COLUMNS
 WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND CAST(TABLE_NAME AS BINARY) = CAST(? AS BINARY)
 ORDER BY ORDINAL_POSITION";

const KEYS: &str = "
SELECT INDEX_NAME, COLUMN_NAME, CAST(SUB_PART AS CHAR)
  FROM information_schema.STATISTICS
 WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND CAST(TABLE_NAME AS BINARY) = CAST(? AS BINARY) AND NON_UNIQUE = 0
 ORDER BY INDEX_NAME, SEQ_IN_INDEX";

/// A view names its table, and goes on with the one that takes the name; these do not.
const HANGERS: &str = "
SELECT 'foreign key' FROM information_schema.KEY_COLUMN_USAGE
 WHERE REFERENCED_TABLE_NAME IS NOT NULL
   AND ((TABLE_SCHEMA = ? AND TABLE_NAME = ?) OR (REFERENCED_TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME = ?))
UNION SELECT 'trigger' FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?";

impl MysqlShape {
    /// The table's shape; `None` when there is no such table, or none that the login may see.
    pub(super) async fn of(
        connection: &mut MySqlConnection,
        schema: &str,
        table: &str,
    ) -> Result<Option<Self>, sqlx::Error> {
        let named = |sql| sqlx::query(sql).bind(schema).bind(table).bind(table);
        let Some(found) = named(TABLE).fetch_optional(&mut *connection).await? else { return Ok(None) };
        let ordinary = text(&found, 0)?.as_deref() == Some("BASE TABLE");
        let transactional = text(&found, 1)?.as_deref() == Some("YES");
        let columns = named(COLUMNS).fetch_all(&mut *connection).await?;
        let columns = columns.iter().map(column).collect::<Result<_, _>>()?;
        let keys = unique_keys(&named(KEYS).fetch_all(&mut *connection).await?)?;
        let query = (0..3).fold(sqlx::query(HANGERS), |query, _| query.bind(schema).bind(table));
        let mut hangers = Vec::new();
        for row in query.fetch_all(&mut *connection).await? {
            hangers.extend(text(&row, 0)?);
        }
        hangers.sort();
        let shape = Shape { columns, keys, hangers, ordinary, owned: true };
        Ok(Some(Self { shape, transactional }))
    }

    /// What the load's columns find room in.
    ///
    /// # Errors
    /// The first misfit.
    pub(super) fn fits(&self, load: &Load) -> Result<Vec<Fit>, Halt> {
        if self.shape.ordinary && !self.transactional {
            return Err(Halt::over(BatchCode::TargetEngine));
        }
        let fits = self.shape.fits(load)?;
        let is_ambiguous = |at: &&usize| {
            let column = load.columns.get(**at).and_then(|(name, _)| self.shape.column(name));
            let collation = column.and_then(|column| column.native.collation.as_deref());
            collation.is_some_and(|collation| !collation.ends_with("_bin"))
        };
        // Two rows with such keys would become one.
        if let Some(at) = load.key.iter().filter(|_| !load.full).find(is_ambiguous) {
            let problem = BatchProblem::new(BatchCode::TargetCollation);
            return Err(Halt::Over(problem.with("column", load.columns[*at].0.as_str())));
        }
        Ok(fits)
    }

    /// Whether rows of the one fit into the other as they are.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let columns = |shape: &Self| {
            let told = |column: &Column<MysqlType>| (column.name.clone(), column.native.clone(), column.nullable);
            shape.shape.columns.iter().map(told).collect::<Vec<_>>()
        };
        columns(self) == columns(other)
    }

    /// The columns of a table that takes in what the load's columns of this table take in.
    pub(super) fn declared(&self, load: &Load) -> Vec<String> {
        let columns = load.columns.iter().filter_map(|(name, _)| self.shape.column(name));
        let declared = |column: &Column<MysqlType>| {
            let MysqlType { declared, charset, collation, .. } = &column.native;
            let text = charset.as_ref().zip(collation.as_ref());
            let text = text.map(|(charset, collation)| format!(" CHARACTER SET {charset} COLLATE {collation}"));
            format!("{} {declared}{} NULL", quote(&column.name), text.unwrap_or_default())
        };
        columns.map(declared).collect()
    }
}

fn column(row: &MySqlRow) -> Result<Column<MysqlType>, sqlx::Error> {
    let number = |at| Ok::<_, sqlx::Error>(text(row, at)?.and_then(|number| number.parse().ok()));
    let spelling = text(row, 2)?.unwrap_or_default();
    let extra = text(row, 5)?.unwrap_or_default().to_ascii_lowercase();
    Ok(Column {
        name: text(row, 0)?.unwrap_or_default(),
        native: MysqlType {
            data_type: text(row, 1)?.unwrap_or_default().to_ascii_lowercase(),
            declared: spelling.to_ascii_lowercase(),
            charset: text(row, 6)?,
            collation: text(row, 7)?,
            characters: number(8)?,
            bytes: number(9)?,
            precision: number(10)?,
            scale: number(11)?,
            fraction: number(12)?,
        },
        nullable: text(row, 3)?.as_deref() != Some("NO"),
        filled_in: text(row, 4)?.is_some() || extra.contains("auto_increment") || extra.contains("default_generated"),
        // `DEFAULT_GENERATED` is a default that is computed.
        generated: ["virtual", "stored", "persistent"].iter().any(|word| extra.contains(word)),
        spelling,
    })
}

fn unique_keys(rows: &[MySqlRow]) -> Result<Vec<BTreeSet<String>>, sqlx::Error> {
    let mut indexes: Vec<(Option<String>, Option<BTreeSet<String>>)> = Vec::new();
    for row in rows {
        let index = text(row, 0)?;
        if indexes.last().is_none_or(|(last, _)| *last != index) {
            indexes.push((index, Some(BTreeSet::new())));
        }
        // An index over an expression has no column, one over the beginning of a text does not tell texts apart.
        let column = text(row, 1)?.filter(|_| matches!(text(row, 2), Ok(None)));
        if let Some((_, columns)) = indexes.last_mut() {
            *columns = columns.take().zip(column).map(|(mut columns, column)| {
                columns.insert(column);
                columns
            });
        }
    }
    Ok(indexes.into_iter().filter_map(|(_, columns)| columns).collect())
}

impl Native for MysqlType {
    fn room(&self, item_type: ItemType) -> Option<Room> {
        let whole = |bits| if self.declared.contains("unsigned") { Room::Natural(bits) } else { Room::Integer(bits) };
        // `ZEROFILL` writes zeros that were not sent.
        if self.declared.contains("zerofill") {
            return None;
        }
        Some(match (item_type, self.data_type.as_str()) {
            // `CHAR(n)` loses the blanks at the end.
            (ItemType::Text, "varchar") => Room::Text(self.characters),
            (ItemType::Text, "tinytext" | "text" | "mediumtext" | "longtext") => {
                let is_utf8 = self.charset.as_deref().is_some_and(|charset| charset.starts_with("utf8"));
                self.bytes.filter(|_| is_utf8).map_or(Room::Text(None), Room::TextBytes)
            }
            (ItemType::Integer, "tinyint") => whole(8),
            (ItemType::Integer, "smallint") => whole(16),
            (ItemType::Integer, "mediumint") => whole(24),
            (ItemType::Integer, "int") => whole(32),
            (ItemType::Integer, "bigint") => whole(64),
            (ItemType::Decimal, "decimal") => {
                let (precision, scale) = self.precision.zip(self.scale)?;
                Room::Decimal(Some((precision.checked_sub(scale)?, scale)))
            }
            (ItemType::Date, "date") => Room::Date,
            (ItemType::DateTime, "datetime" | "timestamp") if self.fraction == Some(6) => Room::DateTime,
            (ItemType::Boolean, "tinyint") => Room::Boolean,
            _ => return None,
        })
    }

    /// As far as letters of ASCII go; the server has the last word when it makes a table.
    fn same_name(one: &str, other: &str) -> bool {
        one.to_lowercase() == other.to_lowercase()
    }
}

/// Bytes of a key.
const KEY_BYTES_MAX: usize = 3_072;
/// Bytes of a character.
const CHARACTER_BYTES: usize = 4;

/// The columns and the key of a table that is made for the load; texts are compared by this collation.
pub(super) fn made_columns(load: &Load, collation: &str) -> Vec<String> {
    let is_text = |at: &&usize| matches!(load.columns.get(**at), Some((_, ItemType::Text)));
    let texts = load.key.iter().filter(is_text).count().max(1);
    // Numbers and dates in the key have their part of it.
    let longest = ((KEY_BYTES_MAX - 8 * load.key.len().min(16)) / CHARACTER_BYTES / texts).min(255);
    let mut columns: Vec<String> = Vec::new();
    for (at, (name, item_type)) in load.columns.iter().enumerate() {
        let in_key = load.key.contains(&at);
        let made = match item_type {
            ItemType::Text if in_key => format!("varchar({longest}) CHARACTER SET utf8mb4 COLLATE {collation}"),
            ItemType::Text => format!("longtext CHARACTER SET utf8mb4 COLLATE {collation}"),
            ItemType::Integer => "bigint".to_owned(),
            // As many digits as there can be: they are not without end as elsewhere.
            ItemType::Decimal => "decimal(65,30)".to_owned(),
            ItemType::Date => "date".to_owned(),
            ItemType::DateTime => "datetime(6)".to_owned(),
            ItemType::Boolean => "boolean".to_owned(),
        };
        columns.push(format!("{} {made} {}", quote(name), if in_key { "NOT NULL" } else { "NULL" }));
    }
    if !load.key.is_empty() {
        columns.push(format!("PRIMARY KEY ({})", key_list(load)));
    }
    columns
}

/// The names of the key's columns.
pub(super) fn key_list(load: &Load) -> String {
    load.key.iter().map(|at| quote(&load.columns[*at].0)).collect::<Vec<_>>().join(", ")
}
