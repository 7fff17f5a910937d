//! How columns of a database that is known only by its ODBC driver are read and compared: by standard SQL alone.
//!
//! How such a database compares texts is not known. Equality is asked of it, since no order of texts holds equal ones
//! apart, and what came back is compared by bytes afterwards; a range or a prefix, where rows would be missing without
//! anybody noticing, is refused.

use super::{Cast, Digits, Form, PlanColumn};
use crate::source::describe::GenericType;
use shuqiao_vocabulary::ItemType;

/// The column, or `None` when it cannot be read as that type.
pub(super) fn column(name: &str, quoted: &str, native: GenericType, item_type: ItemType) -> Option<PlanColumn> {
    use GenericType as G;
    let plain = |by: Cast, digits: Digits| PlanColumn {
        name: name.to_owned(),
        item_type,
        select: quoted.to_owned(),
        compare: quoted.to_owned(),
        order: quoted.to_owned(),
        order_cast: by.clone(),
        cast: by,
        order_unless_unique: None,
        indexed: None,
        digits,
        ordered: true,
    };
    let cast = |to: &str| Cast::around("CAST(", &format!(" AS {to})"));
    Some(match (item_type, native) {
        (ItemType::Text, G::Text) => PlanColumn { ordered: false, ..plain(Cast::none(), Digits::Any) },
        (ItemType::Integer, G::Integer) | (ItemType::Boolean, G::Bit) => plain(Cast::none(), Digits::Any),
        (ItemType::Decimal, G::Integer | G::Decimal) => {
            plain(cast("DECIMAL(38,10)"), Digits::Places { whole: 28, decimals: 10 })
        }
        (ItemType::Decimal, G::Real) => plain(cast("REAL"), Digits::Significant(6)),
        (ItemType::Decimal, G::Double) => plain(cast("DOUBLE PRECISION"), Digits::Significant(15)),
        (ItemType::Date, G::Date) => plain(cast("DATE"), Digits::Any),
        (ItemType::DateTime, G::Timestamp) => plain(cast("TIMESTAMP").written(Form::BlankDateTime), Digits::Any),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        source::{
            ScanRequest, SourceError, Structure, TablePlan, TableStructure, TypedCondition, TypedTest,
            describe::{Described, FileIdentity, Native, PhysicalColumn, PhysicalTable},
            sql::{Bound, Dialect, RowLimit},
        },
        value::Value,
    };
    use std::{collections::HashMap, sync::Arc};

    const COLUMNS: [(&str, GenericType, ItemType); 3] = [
        ("K", GenericType::Text, ItemType::Text),
        ("N", GenericType::Decimal, ItemType::Decimal),
        ("D", GenericType::Timestamp, ItemType::DateTime),
    ];

    fn described(limit: RowLimit, key: &[&str]) -> Arc<Described> {
        let physical = |(name, native, item_type): (&str, GenericType, ItemType)| {
            let column = PhysicalColumn { quoted: format!("\"{name}\""), native: Native::Generic(native), item_type };
            (name.to_owned(), column)
        };
        let table = PhysicalTable { quoted: "\"T\"".to_owned(), columns: COLUMNS.into_iter().map(physical).collect() };
        let key = key.iter().map(|name| (*name).to_owned()).collect();
        let structure = TableStructure { name: "T".to_owned(), rows_estimate: None, columns: Vec::new(), key };
        Arc::new(Described {
            structure: Structure::of(vec![structure], None),
            tables: HashMap::from([("T".to_owned(), table)]),
            dialect: Dialect { limit, ..Dialect::POSITIONAL },
            edition: 1,
            file: None,
            identity: FileIdentity::default(),
            schema_version: 0,
        })
    }

    fn plan(limit: RowLimit, of_table: &[&str]) -> Result<TablePlan, SourceError> {
        let wanted: Vec<_> = COLUMNS.iter().map(|(name, _, item_type)| ((*name).to_owned(), *item_type)).collect();
        TablePlan::of(&described(limit, of_table), "T", &wanted, &["K".to_owned()])
    }

    #[test]
    fn statements_are_standard_sql_with_every_value_bound() {
        let conditions = [
            TypedCondition { column: 0, test: TypedTest::Equals(Value::Text("x'".to_owned())) },
            TypedCondition {
                column: 1,
                test: TypedTest::Between { from: Some(Value::Decimal("1.5".to_owned())), to: None },
            },
            TypedCondition { column: 2, test: TypedTest::Equals(Value::DateTime(1_500_000)) },
        ];
        let after = [Value::Text("k".to_owned())];
        let rest = "t.\"K\", t.\"N\" FROM \"T\" t WHERE t.\"K\" = ? AND t.\"N\" >= CAST(? AS DECIMAL(38,10)) \
            AND t.\"D\" = CAST(? AS TIMESTAMP) AND (t.\"K\" > ?) ORDER BY t.\"K\"";
        for (limit, wanted) in [
            (RowLimit::FetchFirst, format!("SELECT {rest} FETCH FIRST 8 ROWS ONLY")),
            (RowLimit::Top, format!("SELECT TOP 8 {rest}")),
        ] {
            let plan = plan(limit, &["K"]).unwrap();
            let request = ScanRequest {
                plan: &plan,
                columns: &[0, 1],
                conditions: &conditions,
                after: Some(&after),
                limit: 8,
                whose: None,
            };
            let statement = request.statement().unwrap();
            assert_eq!(statement.sql.split_whitespace().collect::<Vec<_>>().join(" "), wanted);
            let bound = ["x'", "1.5", "1970-01-01 00:00:01.5", "k"].map(|text| Bound::Text(text.to_owned()));
            assert_eq!(statement.values, bound);
        }
    }

    #[test]
    fn what_hangs_on_an_unknown_order_of_texts_is_refused() {
        let plan_by_key = plan(RowLimit::FetchFirst, &["K"]).unwrap();
        for test in [
            TypedTest::StartsWith("x".to_owned()),
            TypedTest::Between { from: None, to: Some(Value::Text("x".to_owned())) },
        ] {
            let conditions = [TypedCondition { column: 0, test }];
            let request = ScanRequest {
                plan: &plan_by_key,
                columns: &[0],
                conditions: &conditions,
                after: None,
                limit: 8,
                whose: None,
            };
            assert_eq!(request.statement().err(), Some(SourceError::LiteralTooFine { column: "K".to_owned() }));
        }
        assert_eq!(plan(RowLimit::FetchFirst, &[]).err(), Some(SourceError::KeyNotUnique));
    }
}
