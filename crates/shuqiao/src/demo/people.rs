//! People who do not exist, with identity numbers whose check digits are right (GB 11643).

use super::{chance::Chance, names};
use crate::regions::{Region, Regions};
use anyhow::{Context as _, Result, bail};
use std::collections::HashSet;

/// The city whose register this is: Zunyi (遵义市), Guizhou.
pub(crate) const CITY: &str = "5203";

/// The register is as it was at the end of this year.
pub(crate) const YEAR: i32 = 2024;

/// One row of the register of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) id_number: String,
    pub(crate) name: String,
    pub(crate) sex: &'static str,
    pub(crate) birth_date: String,
    pub(crate) ethnic_group: &'static str,
    pub(crate) county_code: String,
    pub(crate) county_name: &'static str,
    pub(crate) address: String,
    pub(crate) phone: String,
    pub(crate) marital_status: &'static str,
    pub(crate) registered_on: String,
}

/// Makes people one after the other; no two have the same identity number.
#[derive(Debug)]
pub(crate) struct People<'a> {
    regions: &'a Regions,
    home: Vec<Region<'a>>,
    everywhere: Vec<Region<'a>>,
    seed: u64,
    made: u32,
    taken: HashSet<String>,
}

impl<'a> People<'a> {
    pub(crate) fn new(regions: &'a Regions, seed: u64) -> Self {
        let (home, everywhere) = (regions.counties(CITY), regions.counties(""));
        Self { regions, home, everywhere, seed, made: 0, taken: HashSet::new() }
    }

    /// The next person.
    pub(crate) fn make(&mut self) -> Result<Person> {
        let mut chance = Chance::for_record(self.seed, "person", self.made);
        self.made += 1;
        let male = chance.percent(51);
        // The younger of two draws: more people are under fifty than over it.
        let age = chance.between(0, 95).min(chance.between(2, 95));
        let (year, month, day) = (YEAR - age, chance.between(1, 12), chance.between(1, 28));
        let county = *chance.pick(&self.home).context("the city has no counties")?;
        // The number keeps the county of the first registration, also of those who moved in later.
        let moved_in = chance.percent(12);
        let first = if moved_in { *chance.pick(&self.everywhere).context("no counties")? } else { county };
        let id_number = self.id_number(&mut chance, first.code, (year, month, day), male)?;
        let since = if moved_in { chance.between(year.max(1985), YEAR) } else { year };
        Ok(Person {
            id_number,
            name: names::person(&mut chance, male),
            sex: if male { "男" } else { "女" },
            birth_date: format!("{year:04}-{month:02}-{day:02}"),
            ethnic_group: names::ethnic_group(&mut chance),
            county_code: county.code.to_owned(),
            county_name: county.name,
            address: format!("{}{}", self.regions.full_name(county.code), names::place(&mut chance)),
            phone: names::telephone(&mut chance),
            marital_status: marital_status(&mut chance, age),
            registered_on: format!("{since:04}-{:02}-{:02}", month, day.max(15)),
        })
    }

    /// A number that nobody before has. Its last but one digit is odd for a man.
    fn id_number(
        &mut self,
        chance: &mut Chance,
        county: &str,
        (y, m, d): (i32, i32, i32),
        male: bool,
    ) -> Result<String> {
        let start = chance.below(500);
        for step in 0..500 {
            let sequence = (start + step) % 500 * 2 + u32::from(male);
            let first_17 = format!("{county}{y:04}{m:02}{d:02}{sequence:03}");
            let number = format!("{first_17}{}", id_check_digit(&first_17));
            if self.taken.insert(number.clone()) {
                return Ok(number);
            }
        }
        bail!("more people are asked for than there are identity numbers of one county and day")
    }
}

/// The eighteenth character of an identity number (GB 11643-1999, ISO 7064 MOD 11-2).
pub(crate) fn id_check_digit(first_17: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let digits = first_17.chars().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    CHECKS.get((sum % 11) as usize).copied().unwrap_or('X')
}

fn marital_status(chance: &mut Chance, age: i32) -> &'static str {
    match (age, chance.below(100)) {
        (..22, _) | (22..30, 0..55) | (30..45, 0..12) | (45.., 0..3) => "未婚",
        (75.., 3..35) => "丧偶",
        (30.., 90..) => "离异",
        _ => "已婚",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_those_of_the_standard() {
        // The example of GB 11643-1999 itself, and one with the digit X.
        assert_eq!(id_check_digit("11010519491231002"), 'X');
        assert_eq!(id_check_digit("44052418800101001"), '4');
    }

    #[test]
    fn people_are_possible_and_each_is_somebody_else() {
        let regions = Regions::load().unwrap();
        let mut people = People::new(&regions, 1);
        let mut numbers = HashSet::new();
        for _ in 0..5_000 {
            let person = people.make().unwrap();
            let (first_17, check) = person.id_number.split_at(17);
            assert_eq!(check, id_check_digit(first_17).to_string());
            assert_eq!(&person.id_number[6..14], person.birth_date.replace('-', ""));
            assert_eq!(regions.name(&person.county_code), Some(person.county_name));
            assert!(person.county_code.starts_with(CITY) && regions.name(&person.id_number[..6]).is_some());
            let odd = first_17.ends_with(['1', '3', '5', '7', '9']);
            assert_eq!(odd, person.sex == "男");
            assert!(person.registered_on >= person.birth_date, "{person:?}");
            assert!(person.phone.len() == 11 && person.phone.starts_with("154"));
            assert!(numbers.insert(person.id_number));
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_people() {
        let regions = Regions::load().unwrap();
        let first = |seed| People::new(&regions, seed).make().unwrap();
        assert_eq!(first(1), first(1));
        assert_ne!(first(1), first(2));
    }
}
