//! The administrative divisions (行政区划) of the whole country, down to the county.

use anyhow::{Context as _, Result, ensure};
use std::collections::BTreeMap;

/// The facts, in a compact form that its own header explains.
const TABLE: &str = include_str!("regions.txt");

/// What stands for a missing level: not a place that an address would name.
const STAND_INS: &[&str] = &["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"];

/// A division: a province (2 digits), a city (4) or a county (6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region<'a> {
    /// Its code; a part's code starts with that of its whole.
    pub(crate) code: &'a str,
    /// Its name as the table gives it.
    pub(crate) name: &'static str,
}

/// All divisions by code.
#[derive(Debug)]
pub(crate) struct Regions(BTreeMap<String, &'static str>);

impl Regions {
    /// Reads the table that the program carries.
    pub(crate) fn load() -> Result<Self> {
        let mut regions = BTreeMap::new();
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ');
            let (code, name) = words.next().zip(words.next()).with_context(|| format!("regions.txt: `{line}`"))?;
            ensure!(matches!(code.len(), 2 | 4), "regions.txt: `{code}` is neither a province nor a city");
            regions.insert(code.to_owned(), name);
            for county in words {
                let (end, name) = county.split_at_checked(2).with_context(|| format!("regions.txt: `{county}`"))?;
                regions.insert(format!("{code}{end}"), name);
            }
        }
        Ok(Self(regions))
    }

    /// Every division, in the order of the codes: a whole comes before its parts.
    pub(crate) fn all(&self) -> impl Iterator<Item = Region<'_>> {
        self.0.iter().map(|(code, name)| Region { code, name })
    }

    /// The counties inside a province or city; all counties of the country for the empty code.
    pub(crate) fn counties(&self, within: &str) -> Vec<Region<'_>> {
        self.all().filter(|region| region.code.len() == 6 && region.code.starts_with(within)).collect()
    }

    /// The divisions just below one, by code and name; the provinces below the empty code.
    pub(crate) fn parts(&self, parent: &str) -> Vec<(String, String)> {
        let below = |code: &&str| code.len() == parent.len() + 2 && code.starts_with(parent);
        self.all().filter(|region| below(&region.code)).map(|r| (r.code.to_owned(), r.name.to_owned())).collect()
    }

    /// The name of one division.
    pub(crate) fn name(&self, code: &str) -> Option<&'static str> {
        self.0.get(code).copied()
    }

    /// `贵州省遵义市红花岗区`: what an address starts with.
    pub(crate) fn full_name(&self, code: &str) -> String {
        let mut full = String::new();
        for digits in [2, 4, 6] {
            let name = code.get(..digits).and_then(|code| self.name(code)).unwrap_or_default();
            // A city without districts is its own county: it is named once.
            if !STAND_INS.contains(&name) && !full.ends_with(name) {
                full.push_str(name);
            }
        }
        full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let regions = Regions::load().unwrap();
        let of_length = |digits| regions.all().filter(|region| region.code.len() == digits).count();
        assert_eq!(of_length(2), 34);
        // 2,844 county-level divisions at the end of 2023, and four cities without districts.
        assert_eq!(of_length(6), 2844 + 4);
        for region in regions.all() {
            let parsed = region.code.parse::<shuqiao_vocabulary::RegionCode>();
            assert!(parsed.is_ok() && !region.name.is_empty(), "{region:?}");
            let whole = region.code.get(..region.code.len() - 2).unwrap_or_default();
            assert!(region.code.len() == 2 || regions.name(whole).is_some(), "{region:?} is part of nothing");
        }
    }

    #[test]
    fn addresses_start_as_people_write_them() {
        let regions = Regions::load().unwrap();
        for (code, name) in [
            ("520302", "贵州省遵义市红花岗区"),
            ("110101", "北京市东城区"),
            ("441900", "广东省东莞市"),
            ("659001", "新疆维吾尔自治区石河子市"),
            ("5203", "贵州省遵义市"),
        ] {
            assert_eq!(regions.full_name(code), name);
        }
        assert_eq!(regions.counties("5203").len(), 14);
    }
}
