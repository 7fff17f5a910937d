//! Codes that other bodies issue: administrative divisions, unified social credit codes, codes of the catalogue guide.

use std::{fmt, str::FromStr};

/// A code that is not well formed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// GB/T 2260 codes here have 2, 4, 6, 9 or 12 digits.
    #[error("`{0}` is not a division code: 2, 4, 6, 9 or 12 digits are expected")]
    Region(String),
    /// GB 32100 codes have 18 characters of `0-9A-HJ-NPQRTUWXY`, the last a check character.
    #[error("`{0}` is not a unified social credit code: 18 characters with a right check character are expected")]
    Organisation(String),
    /// Codes of the 2017 guide are a class and a running number.
    #[error(
        "`{0}` is not a code of the 2017 guide: a class of 6 digits or more beginning with 1, 2 or 3, `/`, a number"
    )]
    Guide(String),
}

/// Administrative division code (行政区划代码, GB/T 2260): province 2, city 4, county 6, township 9, village 12 digits.
///
/// Always text: leading digits carry the hierarchy, so a county's code starts with its city's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegionCode(String);

impl RegionCode {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this region or lies inside it.
    pub fn contains(&self, other: &RegionCode) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl FromStr for RegionCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let digits_only = text.bytes().all(|b| b.is_ascii_digit());
        if digits_only && matches!(text.len(), 2 | 4 | 6 | 9 | 12) {
            Ok(Self(text.to_owned()))
        } else {
            Err(CodeError::Region(text.to_owned()))
        }
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Unified social credit code (统一社会信用代码, GB 32100-2015) of a department.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrganisationCode(String);

impl OrganisationCode {
    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The check character for the first 17 characters, or `None` when one of them is outside the alphabet.
    /// Weights 3^i mod 31; check = (31 − Σ mod 31) mod 31 (GB 32100-2015).
    pub fn check_character(first_17: &str) -> Option<char> {
        const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
        if first_17.len() != 17 {
            return None;
        }
        let mut weight = 1_u32;
        let mut sum = 0_u32;
        for byte in first_17.bytes() {
            let value = ALPHABET.iter().position(|c| *c == byte)? as u32;
            sum += value * weight;
            weight = weight * 3 % 31;
        }
        ALPHABET.get(((31 - sum % 31) % 31) as usize).map(|b| char::from(*b))
    }
}

impl FromStr for OrganisationCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let wrong = || CodeError::Organisation(text.to_owned());
        let first_17 = text.get(..17).ok_or_else(wrong)?;
        let check = Self::check_character(first_17).ok_or_else(wrong)?;
        if text.len() == 18 && text.ends_with(check) { Ok(Self(text.to_owned())) } else { Err(wrong()) }
    }
}

impl fmt::Display for OrganisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Code of an information resource (信息资源代码) as the 2017 guide (发改高技〔2017〕1272号) writes it: class code, `/`, running
/// number.
///
/// The class code is one digit for the class (类: 1 base, 2 theme, 3 department), two for the group (项), three for the
/// heading (目) and any number for what lies below (细目). It may change when a catalogue is ordered anew, so it stands
/// beside our own id and never in its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GuideCode(String);

impl GuideCode {
    /// The most characters that a code may have.
    pub const CHARACTERS_MAX: usize = 40;

    /// The code as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GuideCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let fits = text.len() <= Self::CHARACTERS_MAX
            && text.split_once('/').is_some_and(|(class, running)| {
                class.starts_with(['1', '2', '3']) && class.len() >= 6 && digits(class) && digits(running)
            });
        if fits { Ok(Self(text.to_owned())) } else { Err(CodeError::Guide(text.chars().take(80).collect())) }
    }
}

impl fmt::Display for GuideCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{GuideCode, OrganisationCode, RegionCode};

    #[test]
    fn guide_codes_are_class_and_number() {
        for good in ["101001/1", "306019000001/20170001", "203004/000001"] {
            assert!(good.parse::<GuideCode>().is_ok(), "{good}");
        }
        let long = format!("1{}/1", "0".repeat(40));
        for bad in
            ["", "10100/1", "401001/1", "101001", "101001/", "101001/a", "101001/1/2", "１01001/1", "-01001/1", &long]
        {
            assert!(bad.parse::<GuideCode>().is_err(), "{bad}");
        }
    }

    #[test]
    fn credit_codes_are_checked() {
        for good in ["91350100M000100Y43", "91110000600037341L", "91230184MA1BUFLT44", "11370000MB284651XL"] {
            assert!(good.parse::<OrganisationCode>().is_ok(), "{good}");
        }
        for bad in ["91350100M000100Y44", "9135", "", "91350100I000100Y43", "统一社会信用代码统一社会"] {
            assert!(bad.parse::<OrganisationCode>().is_err(), "{bad}");
        }
    }

    #[test]
    fn regions_contain_their_parts() {
        let city: RegionCode = "5203".parse().expect("a city code");
        let county: RegionCode = "520302".parse().expect("a county code");
        assert!(city.contains(&county) && !county.contains(&city));
        for bad in ["5", "52030", "52a3", "", "5203021"] {
            assert!(bad.parse::<RegionCode>().is_err(), "{bad}");
        }
    }
}
