//! One written form for a value, whatever file it has been through since it was delivered, and how much such a value can
//! tell at most.

use std::borrow::Cow;

/// Bits that a date can tell: some sixty years of days.
const DATE_BITS: f32 = 12.0;
/// Bits that a date with a time can tell.
const DATE_TIME_BITS: f32 = 20.0;

/// The canonical form of a written value; `None` when nothing is there.
///
/// Blanks and the mark that spreadsheets put before text go, full-width letters become plain, letters small; numbers lose
/// what says nothing (`1,234.50` is `1234.5`), dates and times have one form, and midnight is the date alone. Leading
/// zeros stay: `007` is a code.
pub(super) fn canonical(written: &str) -> Option<Cow<'_, str>> {
    // Codes and numbers of nothing but digits are as they should be, and half of what is delivered.
    let canonical = if !written.is_empty() && written.bytes().all(|b| b.is_ascii_digit()) {
        Cow::Borrowed(written)
    } else if let Some(moment) = canonical_moment(written) {
        Cow::Borrowed(moment)
    } else {
        let tidy = tidy(written);
        if tidy.is_empty() {
            return None;
        }
        // Neither a name nor a masked value begins as a number or a date.
        let numeric = tidy.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
        match if numeric { moment(&tidy).or_else(|| number(&tidy)) } else { None } {
            Some(canonical) => Cow::Owned(canonical),
            None => tidy,
        }
    };
    Some(canonical)
}

/// The canonical form of what is written as the plane writes dates and moments, without a byte copied: most cells of most
/// deliveries pass here or are as they should be.
fn canonical_moment(written: &str) -> Option<&str> {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let bytes = written.as_bytes();
    let (shape, rest) = match bytes.len() {
        10 => (SHAPE.get(..10)?, &[][..]),
        _ => (SHAPE, bytes.get(SHAPE.len()..)?.strip_suffix(b"Z")?),
    };
    let shaped = |(at, wanted): (usize, &u8)| match wanted {
        b'0' => bytes.get(at).is_some_and(u8::is_ascii_digit),
        mark => bytes.get(at) == Some(mark),
    };
    let below = |at: usize, end: u8| {
        let digit = |at: usize| bytes.get(at).map_or(0, |digit| digit.wrapping_sub(b'0'));
        digit(at) * 10 + digit(at + 1) < end
    };
    let is_zero = |at: usize| written.get(at..at + 2) == Some("00");
    if !shape.iter().enumerate().all(shaped) || is_zero(5) || is_zero(8) || !below(5, 13) || !below(8, 32) {
        return None;
    }
    if shape.len() == 10 {
        return Some(written);
    }
    let decimals = match rest.split_first() {
        None => rest,
        Some((b'.', decimals)) if decimals.iter().all(u8::is_ascii_digit) => decimals,
        Some(_) => return None,
    };
    if !below(11, 24) || !below(14, 60) || !below(17, 60) || rest == b"." || decimals.ends_with(b"0") {
        return None;
    }
    let midnight = rest.is_empty() && written.get(11..19) == Some("00:00:00");
    written.get(..if midnight { 10 } else { written.len() - 1 })
}

/// Without blanks around it, control characters, full-width and capital letters.
fn tidy(written: &str) -> Cow<'_, str> {
    let as_it_is =
        |c: char| is_han(c) || narrow(c) == c && !c.is_control() && c != '\u{feff}' && c.to_lowercase().eq([c]);
    if written.chars().all(as_it_is) {
        return Cow::Borrowed(written.trim().trim_start_matches('\''));
    }
    let plain: String = written.chars().map(narrow).filter(|c| !c.is_control() && *c != '\u{feff}').collect();
    Cow::Owned(plain.trim().trim_start_matches('\'').to_lowercase())
}

/// How many bits a value of this form can tell at most, before anything is known of how often it occurs. Low on purpose:
/// digits follow rules, and words are taken from few.
pub(super) fn form_bits(canonical: &str) -> f32 {
    if matches!(canonical, "true" | "false") {
        return 1.0;
    }
    if !canonical.starts_with(|c: char| c.is_ascii_digit()) {
        return characters_bits(canonical);
    }
    if split_date(canonical).is_some_and(|(_, rest)| rest.is_empty()) {
        return DATE_BITS;
    }
    if moment(canonical).is_some() {
        return DATE_TIME_BITS;
    }
    characters_bits(canonical)
}

fn characters_bits(canonical: &str) -> f32 {
    canonical
        .chars()
        .map(|c| {
            if c.is_ascii_digit() {
                2.5
            } else if is_han(c) || c.is_alphabetic() {
                3.0
            } else {
                0.0
            }
        })
        .sum()
}

/// The ideographs that nearly all names are written in; the tables of Unicode are slow to ask for each of them.
fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// A full-width form as its plain one.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\t' | '\u{a0}' => ' ',
        other => other,
    }
}

/// A plain number without separators of thousands, `+` and zeros at its end; `None` where there is nothing to take away.
fn number(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (first, rest) = whole.split_once(',').map_or((whole, None), |(first, rest)| (first, Some(rest)));
    let in_threes =
        |rest: &str| (1..=3).contains(&first.len()) && rest.split(',').all(|part| part.len() == 3 && all_digits(part));
    if first.is_empty() || !all_digits(first) || !all_digits(decimals) || !rest.is_none_or(in_threes) {
        return None;
    }
    let kept = decimals.trim_end_matches('0');
    if rest.is_none() && !text.starts_with('+') && kept == decimals && (kept.is_empty() != digits.contains('.')) {
        return None;
    }
    let mut number = format!("{sign}{first}{}", rest.unwrap_or_default().replace(',', ""));
    if !kept.is_empty() {
        number.push('.');
        number.push_str(kept);
    }
    Some(number)
}

/// `YYYY-MM-DD`, or that with `THH:MM:SS` and decimals, of the ways in which programs write it.
fn moment(text: &str) -> Option<String> {
    let (date, rest) = split_date(text)?;
    let rest = rest.trim_start_matches(['t', ' ']).trim_end_matches('z');
    if rest.is_empty() {
        return Some(date);
    }
    let mut parts = rest.split(':');
    let (hour, minute) = (two_digits(parts.next()?)?, two_digits(parts.next()?)?);
    let (second, decimals) = match parts.next() {
        None => (0, ""),
        Some(second) => {
            let (whole, decimals) = second.split_once('.').unwrap_or((second, ""));
            (two_digits(whole)?, decimals.trim_end_matches('0'))
        }
    };
    let shaped = parts.next().is_none() && hour < 24 && minute < 60 && second < 60;
    if !shaped || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(match (hour, minute, second, decimals) {
        (0, 0, 0, "") => date,
        (_, _, _, "") => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}.{decimals}"),
    })
}

/// The date at the beginning, `2020-1-2`, `2020/01/02`, `2020年1月2日`, in its one form, and what follows it.
fn split_date(text: &str) -> Option<(String, &str)> {
    let year = text.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit()))?;
    let (month, rest) = part(text.get(4..)?, &['-', '/', '年'])?;
    let (day, rest) = part(rest, &['-', '/', '月'])?;
    let rest = rest.strip_prefix('日').unwrap_or(rest);
    let ends = rest.is_empty() || rest.starts_with(['t', 'T', ' ']);
    (ends && (1..=12).contains(&month) && (1..=31).contains(&day))
        .then(|| (format!("{year}-{month:02}-{day:02}"), rest))
}

/// A separator, one or two digits, and what follows.
fn part<'a>(text: &'a str, separators: &[char]) -> Option<(u32, &'a str)> {
    let rest = text.strip_prefix(separators)?;
    let length = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = rest.split_at_checked(length)?;
    Some((digits.parse().ok()?, rest))
}

fn two_digits(text: &str) -> Option<u32> {
    (text.len() <= 2 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_value_has_one_form() {
        for (written, expected) in [
            ("张三", "张三"),
            ("　ＡＢ１２ ", "ab12"),
            ("'52030219900101123X", "52030219900101123x"),
            ("007", "007"),
            ("1,234.50", "1234.5"),
            ("12.00", "12"),
            ("-0.5", "-0.5"),
            ("1,23", "1,23"),
            ("12,345,678", "12345678"),
            ("2020/1/2", "2020-01-02"),
            ("2020年1月2日", "2020-01-02"),
            ("2020-01-02 00:00:00", "2020-01-02"),
            ("2020-01-02 08:05", "2020-01-02T08:05:00"),
            ("2020-01-02T08:05:00.500Z", "2020-01-02T08:05:00.5"),
            ("2020-01-02T00:00:00Z", "2020-01-02"),
            ("2020-01-02T23:59:59.25Z", "2020-01-02T23:59:59.25"),
            ("2020-01-02T24:00:00Z", "2020-01-02t24:00:00z"),
            ("2020-01-32", "2020-01-32"),
            ("2020-00-02", "2020-00-02"),
            ("2020-13-02", "2020-13-02"),
            ("5.", "5"),
            ("+7", "7"),
            ("北京ＣＢＤ", "北京cbd"),
            ("北京市", "北京市"),
            ("2020-01-02 noon", "2020-01-02 noon"),
            ("1.2.3", "1.2.3"),
            ("138****5678", "138****5678"),
        ] {
            assert_eq!(canonical(written).as_deref(), Some(expected), "{written}");
            assert_eq!(canonical(expected).as_deref(), Some(expected), "{expected} is its own form");
            if let Some(short) = canonical_moment(written) {
                assert_eq!(moment(&tidy(written)).as_deref(), Some(short), "{written} is the same on the short way");
            }
        }
        for nothing in ["", " ", "\u{feff}", "\t", "'"] {
            assert_eq!(canonical(nothing), None, "{nothing:?}");
        }
    }

    /// The long way, which needs no look at how a text begins.
    fn long(written: &str) -> Option<String> {
        let tidy = tidy(written);
        let found = moment(&tidy).or_else(|| number(&tidy)).unwrap_or_else(|| tidy.into_owned());
        (!found.is_empty()).then_some(found)
    }

    proptest! {
        #[test]
        fn how_a_text_begins_is_a_short_cut_only(written in prop_oneof!["[-+0-9.,]{0,12}", "\\PC{0,12}", "'?[0-9]{1,4}[-/年][0-9]{1,2}[-/月][0-9]{1,2}日?.{0,3}"]) {
            let (short, long) = (canonical(&written), long(&written));
            prop_assert_eq!(short.as_deref(), long.as_deref(), "{}", written);
        }

        #[test]
        fn the_short_way_ends_where_the_long_one_does(
            date in "[0-9]{4}-[01][0-9]-[0-3][0-9]",
            time in prop_oneof![Just(String::new()), Just("T00:00:00Z".to_owned()), "T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,3})?Z?"],
        ) {
            let written = date + &time;
            if let Some(short) = canonical_moment(&written) {
                let long = moment(&tidy(&written));
                prop_assert_eq!(long.as_deref(), Some(short), "{}", written);
            }
        }
    }

    #[test]
    fn a_number_of_a_person_tells_more_than_a_name_and_a_mask_tells_nothing() {
        assert!(form_bits("52030219900101123x") > 40.0);
        assert!(form_bits("王立") < 10.0);
        assert!(form_bits("1990-01-01") < form_bits("13812345678"));
        assert!(form_bits("***") < 0.1);
    }
}
