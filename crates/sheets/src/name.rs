//! Names that differ only by punctuation and blanks are the same name.

use crate::cell::half_width;

/// A name without what people vary: blanks, punctuation, full and half width, upper and lower case.
///
/// What is left out is only what carries no meaning; brackets go and what stands in them stays, because `(法人)` and
/// `(自然人)` are different catalogues.
pub fn normalised(name: &str) -> String {
    name.chars().map(half_width).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn punctuation_and_blanks_do_not_make_another_name() {
        let same = [
            "产品通过“绿色之星”产品认证名单",
            "产品通过绿色之星产品认证名单",
            " 产品通过 绿色之星产品-认证名单",
            "产品通过（绿色之星）产品认证名单",
        ];
        for name in same {
            assert_eq!(normalised(name), normalised(same[0]), "{name}");
        }
        assert_ne!(normalised("纳税信息（法人）"), normalised("纳税信息（自然人）"));
        assert_eq!(normalised("Ａ级纳税人信息"), normalised("a级纳税人信息"));
        assert_eq!(normalised("——"), "");
    }
}
