//! How columns of SQLite files are read and compared. Text is compared by bytes: `COLLATE BINARY`.

use super::{Cast, Digits, Form, PlanColumn};
use crate::source::describe::Affinity;
use shuqiao_vocabulary::ItemType;

fn numeric() -> Cast {
    Cast::around("CAST(", " AS NUMERIC)")
}

/// The column of a SQLite file, or `None` when it cannot be read as that type.
pub(super) fn column(name: &str, quoted: &str, affinity: Affinity, item_type: ItemType) -> Option<PlanColumn> {
    let plain = |compare: String, cast: Cast, digits: Digits| PlanColumn {
        name: name.to_owned(),
        item_type,
        select: quoted.to_owned(),
        order: compare.clone(),
        compare,
        order_cast: cast.clone(),
        cast,
        order_unless_unique: None,
        indexed: None,
        digits,
        ordered: true,
    };
    Some(match (item_type, affinity) {
        (ItemType::Text, Affinity::Numeric) => {
            let text = format!("CAST({quoted} AS TEXT)");
            PlanColumn { select: text.clone(), ..plain(format!("{text} COLLATE BINARY"), Cast::none(), Digits::Any) }
        }
        (ItemType::Text | ItemType::Date, _) => plain(format!("{quoted} COLLATE BINARY"), Cast::none(), Digits::Any),
        (ItemType::Integer | ItemType::Boolean, Affinity::Numeric | Affinity::Blob) => {
            plain(quoted.to_owned(), Cast::none(), Digits::Any)
        }
        (ItemType::Integer | ItemType::Boolean, Affinity::Text) => return None,
        (ItemType::Decimal, Affinity::Numeric) => plain(quoted.to_owned(), numeric(), Digits::Significant(15)),
        (ItemType::Decimal, _) => plain(format!("CAST({quoted} AS NUMERIC)"), numeric(), Digits::Significant(15)),
        // `T` or blank, with or without `Z` and decimals: brought to one form whose order by bytes is the order in time.
        (ItemType::DateTime, _) => {
            let blank = format!("replace(rtrim({quoted}, 'Z'), 'T', ' ')");
            let one_form = format!("CASE WHEN instr({blank}, '.') THEN rtrim({blank}, '0') ELSE {blank} || '.' END");
            plain(format!("({one_form}) COLLATE BINARY"), Cast::none().written(Form::SqliteDateTime), Digits::Any)
        }
    })
}
