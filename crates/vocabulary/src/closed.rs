//! How closed lists are made: one spelling per value, both ways, listed once.

use std::{fmt, str::FromStr};

/// A spelling that is not in a closed list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not one of {list}")]
pub struct UnknownSpelling {
    /// The name of the list.
    pub list: &'static str,
    /// What was found instead of one of its values.
    pub found: String,
}

/// A closed list, for code that serves several of them.
pub trait ClosedList: Copy + Ord + fmt::Debug + fmt::Display + FromStr<Err = UnknownSpelling> + 'static {
    /// Every value, in the order of the list.
    const EVERY: &'static [Self];

    /// The spelling in codes, in the database and on the wire.
    fn spelling(self) -> &'static str;
}

/// Declares a closed list: an enum with one spelling per variant (`as_str`, `FromStr`, `Display`) and `ALL`.
///
/// Spellings are for ever (invariant 12): they stand in the database, on the wire and in the record.
#[macro_export]
macro_rules! closed_list {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $spelling:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The spelling in codes, in the database and on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $spelling),+ }
            }
        }

        impl $crate::closed::ClosedList for $name {
            const EVERY: &'static [Self] = Self::ALL;
            fn spelling(self) -> &'static str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::closed::UnknownSpelling;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($spelling => Ok(Self::$variant),)+
                    _ => Err($crate::closed::UnknownSpelling { list: stringify!($name), found: text.to_owned() }),
                }
            }
        }
    };
}
