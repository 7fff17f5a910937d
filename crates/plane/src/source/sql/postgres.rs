//! How columns of PostgreSQL tables are read and compared. Text is compared by bytes: `COLLATE "C"`.

use super::{Cast, Digits, PlanColumn};
use crate::source::describe::PostgresType;
use shuqiao_vocabulary::ItemType;

/// The column of a PostgreSQL table, or `None` when it cannot be read as that type.
pub(super) fn column(
    name: &str,
    quoted: &str,
    native: PostgresType,
    spelling: &str,
    item_type: ItemType,
) -> Option<PlanColumn> {
    use PostgresType as P;
    let cast = |to: &str| Cast::around("", &format!("::{to}"));
    let column = |select: String, compare: String, by: Cast| PlanColumn {
        name: name.to_owned(),
        item_type,
        select,
        compare,
        order: quoted.to_owned(),
        cast: by,
        order_cast: cast(spelling),
        order_unless_unique: None,
        indexed: None,
        digits: Digits::Any,
        ordered: true,
    };
    let as_text = format!("{quoted}::text");
    let by_bytes = format!("{as_text} COLLATE \"C\"");
    Some(match (item_type, native) {
        (ItemType::Text, P::Text | P::Padded) => PlanColumn {
            indexed: Some((quoted.to_owned(), cast(spelling))),
            ..column(as_text.clone(), by_bytes, Cast::none())
        },
        (ItemType::Text, _) => column(as_text.clone(), by_bytes, Cast::none()),
        (ItemType::Integer, P::Integer) => column(format!("{quoted}::int8"), quoted.to_owned(), Cast::none()),
        (ItemType::Decimal, P::Numeric) => column(as_text.clone(), quoted.to_owned(), cast("numeric")),
        (ItemType::Decimal, P::Integer) => column(as_text.clone(), quoted.to_owned(), cast("numeric")),
        (ItemType::Decimal, P::Float4) => {
            PlanColumn { digits: Digits::Significant(6), ..column(as_text.clone(), quoted.to_owned(), cast("float4")) }
        }
        (ItemType::Decimal, P::Float8) => {
            PlanColumn { digits: Digits::Significant(15), ..column(as_text.clone(), quoted.to_owned(), cast("float8")) }
        }
        // Sessions write dates as ISO does, ours and those of drivers; a year before Christ and infinity are not read.
        (ItemType::Date, P::Date) => column(as_text.clone(), quoted.to_owned(), cast("date")),
        (ItemType::DateTime, P::Timestamp) => column(as_text.clone(), quoted.to_owned(), cast("timestamp")),
        (ItemType::DateTime, P::TimestampTz) => {
            column(format!("({quoted} AT TIME ZONE 'UTC')::text"), quoted.to_owned(), cast("timestamptz"))
        }
        (ItemType::Boolean, P::Boolean) => column(quoted.to_owned(), quoted.to_owned(), Cast::none()),
        // Dates kept as text: read strictly, compared by bytes, which is their order.
        (ItemType::Date, P::Text | P::TextFolded | P::Padded) => column(as_text.clone(), by_bytes, Cast::none()),
        _ => return None,
    })
}
