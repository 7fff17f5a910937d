//! Decimal numbers in their written form against decimals of a fixed scale, exactly.

/// Digits that a decimal of the engine has.
const DIGITS_MAX: usize = 38;

/// A number cut to a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// It has no more decimals: the number times ten to the power of the scale.
    Exact(i128),
    /// It has more decimals: the largest multiple that is less, in the same unit.
    Above(i128),
    /// Too far from zero to be held; `true` when it is positive.
    Beyond(bool),
}

/// The written number, `-?digits(.digits)?(e[+-]?digits)?`, cut to a scale; `None` when it is no number.
pub(crate) fn cut(text: &str, scale: u8) -> Option<Cut> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?.parse::<i64>().ok().filter(|e| e.abs() <= 10_000)?),
        None => (text, 0),
    };
    let (negative, digits) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let well_formed = !whole.is_empty()
        && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
        && (!fraction.is_empty() || !digits.contains('.'));
    if !well_formed {
        return None;
    }
    // The digits stand for themselves times ten to the power of `-decimals`.
    let all: Vec<u8> = whole.bytes().chain(fraction.bytes()).skip_while(|b| *b == b'0').collect();
    if all.is_empty() {
        return Some(Cut::Exact(0));
    }
    let decimals = i64::try_from(fraction.len()).ok()? - exponent;
    let kept = i64::try_from(all.len()).ok()? - decimals + i64::from(scale);
    if kept > DIGITS_MAX as i64 {
        return Some(Cut::Beyond(!negative));
    }
    let kept = usize::try_from(kept.max(0)).ok()?;
    let digit = |at: usize| all.get(at).map_or(0, |b| i128::from(b - b'0'));
    let magnitude = (0..kept).fold(0_i128, |number, at| number * 10 + digit(at));
    let more = all.iter().skip(kept).any(|b| *b != b'0');
    Some(match (more, negative) {
        (false, false) => Cut::Exact(magnitude),
        (false, true) => Cut::Exact(-magnitude),
        (true, false) => Cut::Above(magnitude),
        (true, true) => Cut::Above(-magnitude - 1),
    })
}

/// The written form of a number in units of its scale, without zeros at the end of its decimals.
pub(crate) fn written(units: i128, scale: i8) -> String {
    let negative = units < 0;
    let mut digits = units.unsigned_abs().to_string();
    let sign = if negative { "-" } else { "" };
    let Ok(scale) = usize::try_from(scale) else {
        let zeros = if units == 0 { 0 } else { usize::from(scale.unsigned_abs()) };
        return format!("{sign}{digits}{}", "0".repeat(zeros));
    };
    if digits.len() <= scale {
        digits = format!("{}{digits}", "0".repeat(scale + 1 - digits.len()));
    }
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Digits that carry the value, without zeros at either end.
pub(crate) fn significant_digits(text: &str) -> usize {
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_cut_without_losing_their_side() {
        for (text, scale, wanted) in [
            ("12.34", 2, Some(Cut::Exact(1234))),
            ("12.340", 2, Some(Cut::Exact(1234))),
            ("12.345", 2, Some(Cut::Above(1234))),
            ("-12.345", 2, Some(Cut::Above(-1235))),
            ("-0.001", 2, Some(Cut::Above(-1))),
            ("0.000", 2, Some(Cut::Exact(0))),
            ("1e3", 1, Some(Cut::Exact(10_000))),
            ("12e-4", 2, Some(Cut::Above(0))),
            ("1e40", 0, Some(Cut::Beyond(true))),
            ("-1e40", 0, Some(Cut::Beyond(false))),
            ("99999999999999999999999999999999999999", 0, Some(Cut::Exact(10_i128.pow(38) - 1))),
            ("", 0, None),
            ("1.", 0, None),
            ("NaN", 0, None),
            ("1,000", 0, None),
        ] {
            assert_eq!(cut(text, scale), wanted, "{text}");
        }
    }

    #[test]
    fn numbers_are_written_without_empty_decimals() {
        for (units, scale, text) in [
            (1250, 2, "12.5"),
            (-5, 2, "-0.05"),
            (0, 10, "0"),
            (1200, 2, "12"),
            (7, 0, "7"),
            (7, -2, "700"),
            (-1_000_001, 3, "-1000.001"),
        ] {
            assert_eq!(written(units, scale), text);
        }
        assert_eq!(significant_digits("-0012.3400"), 4);
    }
}
