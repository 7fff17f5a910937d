//! Wire forms: what stands in requests and answers, and the conversions to and from what the application speaks.
//!
//! INVARIANT (one-door): JSON field names exist here and nowhere else in the product.

pub mod batch;
pub mod cart;
pub mod case;
pub mod element;
pub mod entry;
mod entry_content;
pub mod entry_update;
pub mod filter;
pub mod gateway;
pub mod grant;
pub mod import;
pub mod inbox;
pub mod leak;
pub mod legal_time;
pub mod list;
pub mod organisation;
pub mod paper;
pub mod people;
pub mod record;
pub mod reminder;
pub mod reply;
pub mod request;
pub mod request_time;
pub mod responsibility;
pub mod scorecard;
pub mod service;
pub mod shared;
pub mod source;
pub mod system;
pub mod text;

/// Bytes in hex, lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

/// A wire form that goes both ways, also inside lists and options.
pub(crate) trait Wire<T> {
    /// The form of a value.
    fn of(value: T) -> Self;
    /// The value of a form.
    fn value(self) -> T;
}

/// A form with both conversions is a [`Wire`].
macro_rules! both_ways {
    ($form:ty, $value:ty) => {
        impl $crate::wire::Wire<$value> for $form {
            fn of(value: $value) -> Self {
                value.into()
            }
            fn value(self) -> $value {
                self.into()
            }
        }
    };
}
pub(crate) use both_ways;

both_ways!(String, String);
both_ways!(bool, bool);
both_ways!(u16, u16);
both_ways!(u32, u32);
both_ways!(u64, u64);

impl<T, W: Wire<T>> Wire<Vec<T>> for Vec<W> {
    fn of(value: Vec<T>) -> Self {
        value.into_iter().map(W::of).collect()
    }
    fn value(self) -> Vec<T> {
        self.into_iter().map(W::value).collect()
    }
}

impl<T, W: Wire<T>> Wire<Option<T>> for Option<W> {
    fn of(value: Option<T>) -> Self {
        value.map(W::of)
    }
    fn value(self) -> Option<T> {
        self.map(W::value)
    }
}
