//! A cell's written form out of what a spreadsheet keeps: numbers are floating, dates are serial numbers.

use super::Found;
use crate::source::{
    BadCell,
    tabular::{Cell, Kind},
};
use calamine::ExcelDateTime;
use shuqiao_vocabulary::Date;

/// Whole numbers from here on may have been rounded when they were entered.
const EXACT_BELOW: f64 = 1e15;
/// The last serial number, of 9999-12-31.
const SERIAL_END: f64 = 2_958_466.0;

/// The cell, or why it cannot be told.
pub(super) fn cell(found: Found) -> Result<Cell, BadCell> {
    match found {
        Found::Text(text) => Ok(Cell::new(Kind::Untyped, text)),
        Found::Number(number) => Ok(Cell::new(Kind::Untyped, written(number)?)),
        Found::Boolean(yes) => Ok(Cell::new(Kind::Boolean, yes.to_string())),
        Found::Serial(serial) => serial_cell(serial),
        Found::Bad(bad) => Err(bad),
    }
}

/// A number as the spreadsheet shows it: 15 digits, no point behind a whole number.
fn written(number: f64) -> Result<String, BadCell> {
    if !number.is_finite() {
        return Err(BadCell::NotANumber);
    }
    if number.fract() == 0.0 {
        if number.abs() >= EXACT_BELOW {
            return Err(BadCell::TooManyDigits);
        }
        // Adding zero makes `0` of `-0`.
        return Ok(format!("{:.0}", number + 0.0));
    }
    let shown: f64 = format!("{number:.14e}").parse().map_err(|_| BadCell::NotANumber)?;
    Ok(shown.to_string())
}

fn serial_cell(serial: ExcelDateTime) -> Result<Cell, BadCell> {
    let days = serial.as_f64();
    if !(0.0..SERIAL_END).contains(&days) {
        return Err(BadCell::NotADate);
    }
    let (year, month, day, hour, minute, second, milli) = serial.to_ymd_hms_milli();
    let clock = format!("{hour:02}:{minute:02}:{second:02}");
    let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
    if serial.is_duration() {
        // A span of time: hours may be more than a day's.
        let hours = (days.trunc() as u64) * 24 + u64::from(hour);
        return Ok(Cell::new(Kind::Untyped, format!("{hours:02}:{minute:02}:{second:02}{fraction}")));
    }
    if days < 1.0 {
        // A time of day without a date.
        return Ok(Cell::new(Kind::Untyped, clock + &fraction));
    }
    let small = |number: u8| i8::try_from(number).map_err(|_| BadCell::NotADate);
    let year = i16::try_from(year).map_err(|_| BadCell::NotADate)?;
    let date = Date::new(year, small(month)?, small(day)?).map_err(|_| BadCell::NotADate)?;
    if days.fract() == 0.0 {
        return Ok(Cell::new(Kind::Date, date.to_string()));
    }
    let fraction = fraction.trim_end_matches('0');
    Ok(Cell::new(Kind::DateTime, format!("{date}T{clock}{fraction}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    #[test]
    fn numbers_are_written_as_the_spreadsheet_shows_them() {
        let cases = [
            (4_111_010_001.0, "4111010001"),
            (0.1 + 0.2, "0.3"),
            (-0.0, "0"),
            (0.125, "0.125"),
            (999_999_999_999_999.0, "999999999999999"),
            (-1.5e-7, "-0.00000015"),
        ];
        for (number, expected) in cases {
            assert_eq!(written(number).as_deref(), Ok(expected));
        }
        // 110101199003070015 is what an identity number becomes in a number cell.
        for rounded in [110_101_199_003_070_015.0, 1e15, -1e300] {
            assert_eq!(written(rounded), Err(BadCell::TooManyDigits));
        }
        assert_eq!(written(f64::NAN), Err(BadCell::NotANumber));
    }

    #[test]
    fn serial_numbers_become_dates_times_and_spans() {
        let serial = |days, kind| serial_cell(ExcelDateTime::new(days, kind, false)).map(|cell| (cell.kind, cell.text));
        use ExcelDateTimeType::{DateTime, TimeDelta};
        let cases = [
            (43_467.0, DateTime, Kind::Date, "2019-01-02"),
            (43_467.5, DateTime, Kind::DateTime, "2019-01-02T12:00:00"),
            (36_526.041_672_453_7, DateTime, Kind::DateTime, "2000-01-01T01:00:00.5"),
            (0.75, DateTime, Kind::Untyped, "18:00:00"),
            (1.5, TimeDelta, Kind::Untyped, "36:00:00"),
        ];
        for (days, kind, expected, text) in cases {
            assert_eq!(serial(days, kind), Ok((expected, text.to_owned())), "{days}");
        }
        // There was no 29 February 1900, though spreadsheets count it.
        for bad in [60.0, -1.0, 3e6] {
            assert_eq!(serial(bad, DateTime), Err(BadCell::NotADate), "{bad}");
        }
    }
}
