//! What a table in PostgreSQL looks like: read from its catalogue.

use super::{
    super::shape::{Column, Native, Shape},
    copied::ReadAs,
};
use crate::delivery::batch::{fit::Room, target::Load};
use shuqiao_vocabulary::ItemType;
use sqlx::{PgConnection, Row};

/// The type of a column: its name, and what stands in brackets behind it.
pub(super) struct PostgresType {
    base: String,
    modifier: i32,
}

/// A table in PostgreSQL.
pub(super) type PostgresShape = Shape<PostgresType>;

const TABLE: &str = "
SELECT c.oid::int8, c.relkind = 'r', pg_has_role(c.relowner, 'USAGE')
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1 AND c.relname = $2";

const COLUMNS: &str = "
SELECT a.attname::text, t.typname::text, a.atttypmod, NOT a.attnotnull, a.atthasdef OR a.attidentity <> '',
       a.attgenerated <> '' OR a.attidentity = 'a', format_type(a.atttypid, a.atttypmod)
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
 WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum";

const KEYS: &str = "
SELECT array_agg(a.attname::text)
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])
 WHERE i.indrelid = $1::oid AND i.indisunique AND i.indisvalid AND i.indimmediate
   AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts = i.indnatts
 GROUP BY i.indexrelid";

const HANGERS: &str = "
SELECT 'view' FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
 WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refobjid = $1::oid AND r.ev_class <> $1::oid
UNION SELECT 'foreign key' FROM pg_catalog.pg_constraint WHERE contype = 'f' AND $1::oid IN (conrelid, confrelid)
UNION SELECT 'trigger' FROM pg_catalog.pg_trigger WHERE tgrelid = $1::oid AND NOT tgisinternal
UNION SELECT 'row policy' FROM pg_catalog.pg_class WHERE oid = $1::oid AND relrowsecurity
UNION SELECT 'publication' FROM pg_catalog.pg_publication_rel WHERE prrelid = $1::oid
UNION SELECT 'inheritance' FROM pg_catalog.pg_inherits WHERE $1::oid IN (inhrelid, inhparent)
UNION SELECT 'sequence' FROM pg_catalog.pg_depend
 WHERE classid = 'pg_catalog.pg_class'::regclass AND refobjid = $1::oid AND deptype IN ('a', 'i')
   AND objid IN (SELECT oid FROM pg_catalog.pg_class WHERE relkind = 'S')";

impl PostgresShape {
    /// The table's shape; `None` when there is no such table.
    pub(super) async fn of(
        connection: &mut PgConnection,
        schema: &str,
        table: &str,
    ) -> Result<Option<Self>, sqlx::Error> {
        let found = sqlx::query(TABLE).bind(schema).bind(table).fetch_optional(&mut *connection).await?;
        let Some(found) = found else { return Ok(None) };
        let (oid, ordinary, owned): (i64, bool, bool) = (found.try_get(0)?, found.try_get(1)?, found.try_get(2)?);
        let mut columns = Vec::new();
        for row in sqlx::query(COLUMNS).bind(oid).fetch_all(&mut *connection).await? {
            columns.push(Column {
                name: row.try_get(0)?,
                native: PostgresType { base: row.try_get(1)?, modifier: row.try_get(2)? },
                nullable: row.try_get(3)?,
                filled_in: row.try_get(4)?,
                generated: row.try_get(5)?,
                spelling: row.try_get(6)?,
            });
        }
        let mut keys = Vec::new();
        for row in sqlx::query(KEYS).bind(oid).fetch_all(&mut *connection).await? {
            keys.push(row.try_get::<Vec<String>, _>(0)?.into_iter().collect());
        }
        let mut hangers = Vec::new();
        for row in sqlx::query(HANGERS).bind(oid).fetch_all(&mut *connection).await? {
            hangers.push(row.try_get(0)?);
        }
        hangers.sort();
        Ok(Some(Self { columns, keys, hangers, ordinary, owned }))
    }

    /// How each column of the load is read back to be counted.
    pub(super) fn read_as(&self, load: &Load) -> Vec<ReadAs> {
        let base = |name: &String| self.column(name).map(|column| column.native.base.as_str());
        load.columns.iter().map(|(name, _)| ReadAs::of(base(name).unwrap_or_default())).collect()
    }
}

impl Native for PostgresType {
    fn room(&self, item_type: ItemType) -> Option<Room> {
        let modifier = usize::try_from(self.modifier).ok();
        Some(match (item_type, self.base.as_str()) {
            (ItemType::Text, "text") => Room::Text(None),
            (ItemType::Text, "varchar") => Room::Text(modifier.map(|modifier| modifier - 4)),
            (ItemType::Integer, "int2") => Room::Integer(16),
            (ItemType::Integer, "int4") => Room::Integer(32),
            (ItemType::Integer, "int8") => Room::Integer(64),
            (ItemType::Decimal, "numeric") => match modifier.map(|modifier| modifier - 4) {
                None => Room::Decimal(None),
                // Above bit 10 a scale would be negative: such a column rounds before the point.
                Some(digits) if digits & 0x400 == 0 => {
                    let (precision, scale) = (digits >> 16, digits & 0x3ff);
                    Room::Decimal(Some((precision.checked_sub(scale)?, scale)))
                }
                Some(_) => return None,
            },
            (ItemType::Date, "date") => Room::Date,
            (ItemType::DateTime, "timestamp" | "timestamptz") if modifier.is_none_or(|digits| digits >= 6) => {
                Room::DateTime
            }
            (ItemType::Boolean, "bool") => Room::Boolean,
            _ => return None,
        })
    }

    fn same_name(one: &str, other: &str) -> bool {
        one == other
    }
}

/// The type of a column that is made for items of this type.
pub(super) fn made_type(item_type: ItemType) -> &'static str {
    match item_type {
        ItemType::Text => "text",
        ItemType::Integer => "bigint",
        ItemType::Decimal => "numeric",
        ItemType::Date => "date",
        ItemType::DateTime => "timestamptz",
        ItemType::Boolean => "boolean",
    }
}
