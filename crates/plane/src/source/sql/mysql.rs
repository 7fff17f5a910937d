//! How columns of MySQL and MariaDB tables are read and compared.
//!
//! The collations these servers use by default take `a` for `A` and for `a` with blanks behind it. Text is therefore
//! compared as bytes of its UTF-8; the column's own collation only helps an index to find the candidates.

use super::{Cast, Digits, Form, PlanColumn};
use crate::source::describe::{Charset, MysqlType};
use shuqiao_vocabulary::ItemType;

/// The column of a MySQL table, or `None` when it cannot be read as that type.
pub(super) fn column(name: &str, quoted: &str, native: &MysqlType, item_type: ItemType) -> Option<PlanColumn> {
    use MysqlType as M;
    let plain = |select: &str, compare: &str, by: Cast| PlanColumn {
        name: name.to_owned(),
        item_type,
        select: select.to_owned(),
        compare: compare.to_owned(),
        order: compare.to_owned(),
        order_cast: by.clone(),
        cast: by,
        order_unless_unique: None,
        indexed: None,
        digits: Digits::Any,
        ordered: true,
    };
    let text_of = |of: &str| format!("CAST({of} AS CHAR CHARACTER SET utf8mb4)");
    let as_text = text_of(quoted);
    let as_number = format!("({quoted} + 0)");
    let cast = |to: &str| Cast::around("CAST(", &format!(" AS {to})"));
    Some(match (item_type, native) {
        (ItemType::Text | ItemType::Date, M::Text(charset)) => {
            let by_bytes = as_bytes(quoted);
            PlanColumn {
                order: quoted.to_owned(),
                order_unless_unique: Some((by_bytes.clone(), Cast::none())),
                // With a text that has no place in it, a column of another character set is not compared but refused.
                indexed: (*charset == Charset::Utf8).then(|| (quoted.to_owned(), Cast::none())),
                ..plain(&faithful(quoted, charset), &by_bytes, Cast::none())
            }
        }
        (ItemType::Text, M::Binary) => plain(quoted, quoted, Cast::none()),
        // Compared with a number of two digits, a year takes it for one of this or the last century; a sum does not.
        (ItemType::Integer, M::Year) | (ItemType::Integer | ItemType::Boolean, M::Bits) => {
            plain(&text_of(&as_number), &as_number, Cast::none())
        }
        (ItemType::Integer | ItemType::Boolean, M::Integer) => plain(&as_text, quoted, Cast::none()),
        // A number compared with a text becomes a floating one; as an exact number it stays itself.
        (ItemType::Decimal, M::Integer | M::Decimal) => PlanColumn {
            digits: Digits::Places { whole: 35, decimals: 30 },
            ..plain(&as_text, quoted, cast("DECIMAL(65,30)"))
        },
        (ItemType::Decimal, M::Float) => {
            PlanColumn { digits: Digits::Significant(6), ..plain(quoted, quoted, cast("FLOAT")) }
        }
        (ItemType::Decimal, M::Double) => {
            // Older servers know no `CAST(… AS DOUBLE)`.
            let by = Cast::around("(", " + 0e0)");
            PlanColumn { digits: Digits::Significant(15), ..plain(quoted, quoted, by) }
        }
        (ItemType::Date, M::Date) => plain(&as_text, quoted, cast("DATE")),
        (ItemType::DateTime, M::DateTime) => plain(&as_text, quoted, cast("DATETIME(6)").written(Form::BlankDateTime)),
        (ItemType::Text, _) => plain(&as_text, &as_bytes(&as_text), Cast::none()),
        _ => return None,
    })
}

fn as_bytes(text: &str) -> String {
    format!("CAST(CONVERT({text} USING utf8mb4) AS BINARY)")
}

/// The text in UTF-8. A character of an older character set that has no place in Unicode would silently become `?`;
/// it becomes a byte that is no text instead, so that the cell is refused.
fn faithful(quoted: &str, charset: &Charset) -> String {
    match charset {
        Charset::Utf8 | Charset::Unicode => format!("CONVERT({quoted} USING utf8mb4)"),
        Charset::Other(name) => format!(
            "CASE WHEN CAST(CONVERT(CONVERT({quoted} USING utf8mb4) USING {name}) AS BINARY) = CAST({quoted} AS BINARY) \
             OR {quoted} IS NULL THEN {} ELSE x'ff' END",
            as_bytes(quoted)
        ),
    }
}
