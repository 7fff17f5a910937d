//! Names that people give to things and machines use.

use std::{fmt, str::FromStr};

/// The name of a data item (数据项) as callers use it: 1 to 64 letters (Chinese included), digits and `_`, not starting
/// with a digit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemName(String);

/// Text that cannot name a data item.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` cannot name a data item: 1 to 64 letters, digits or `_`, not starting with a digit")]
pub struct ItemNameError(pub String);

impl ItemName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ItemName {
    type Err = ItemNameError;
    fn from_str(text: &str) -> Result<Self, ItemNameError> {
        let length = text.chars().take(65).count();
        let starts_well = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
        if (1..=64).contains(&length) && starts_well && text.chars().all(|c| c.is_alphanumeric() || c == '_') {
            Ok(Self(text.to_owned()))
        } else {
            Err(ItemNameError(text.chars().take(80).collect()))
        }
    }
}

impl fmt::Display for ItemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::ItemName;

    #[test]
    fn item_names_are_words() {
        for good in ["person_name", "姓名", "_x", "企业名称2"] {
            assert!(good.parse::<ItemName>().is_ok(), "{good}");
        }
        let long = "x".repeat(65);
        for bad in ["", "1a", "a b", "a\"b", "a-b", "a;drop", long.as_str()] {
            assert!(bad.parse::<ItemName>().is_err(), "{bad}");
        }
    }
}
