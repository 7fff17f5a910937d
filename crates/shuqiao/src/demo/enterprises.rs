//! Enterprises that do not exist, with credit codes whose check characters are right (GB 32100, GB 11714).

use super::{
    chance::Chance,
    names,
    people::{CITY, YEAR},
};
use crate::regions::{Region, Regions};
use anyhow::{Context as _, Result};
use shuqiao_vocabulary::OrganisationCode;

/// Where the enterprises are registered: mostly in the city, some elsewhere in its province.
const PROVINCE: &str = "52";

/// Industries (GB/T 4754): section, its name, what such an enterprise calls itself.
const INDUSTRIES: &[(&str, &str, &str)] = &[
    ("F", "批发和零售业", "商贸"),
    ("C", "制造业", "食品"),
    ("C", "制造业", "酒业"),
    ("E", "建筑业", "建设工程"),
    ("A", "农、林、牧、渔业", "农业发展"),
    ("H", "住宿和餐饮业", "餐饮管理"),
    ("I", "信息传输、软件和信息技术服务业", "信息技术"),
    ("G", "交通运输、仓储和邮政业", "物流"),
    ("L", "租赁和商务服务业", "企业管理"),
    ("K", "房地产业", "置业"),
    ("R", "文化、体育和娱乐业", "文化传媒"),
    ("Q", "卫生和社会工作", "健康服务"),
];

const STATUSES: &[&str] = &["存续", "存续", "存续", "在业", "注销", "吊销"];

/// One row of the register of enterprises.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Enterprise {
    pub(crate) credit_code: String,
    pub(crate) name: String,
    pub(crate) legal_representative: String,
    /// In 10,000 yuan (万元).
    pub(crate) registered_capital: f64,
    pub(crate) employees: u32,
    pub(crate) established_on: String,
    pub(crate) status: &'static str,
    pub(crate) industry_code: &'static str,
    pub(crate) industry_name: &'static str,
    pub(crate) county_code: String,
    pub(crate) county_name: &'static str,
    pub(crate) address: String,
    pub(crate) phone: String,
}

/// Makes enterprises by their number, so that another register can speak of the same ones.
#[derive(Debug)]
pub(crate) struct Enterprises<'a> {
    regions: &'a Regions,
    city: Vec<Region<'a>>,
    province: Vec<Region<'a>>,
    seed: u64,
}

impl<'a> Enterprises<'a> {
    pub(crate) fn new(regions: &'a Regions, seed: u64) -> Self {
        Self { regions, city: regions.counties(CITY), province: regions.counties(PROVINCE), seed }
    }

    /// The enterprise with this number.
    pub(crate) fn get(&self, number: u32) -> Result<Enterprise> {
        let mut chance = Chance::for_record(self.seed, "enterprise", number);
        let within = if chance.percent(90) { &self.city } else { &self.province };
        let county = chance.pick(within).context("no counties")?;
        let (industry_code, industry_name, calls_itself) = *chance.pick(INDUSTRIES).context("no industries")?;
        let city = self.regions.name(county.code.get(..4).unwrap_or_default()).unwrap_or_default();
        let brand = names::brand(&mut chance);
        let male = chance.percent(70);
        let capital = chance.between(10, 200).min(chance.between(10, 4_000));
        Ok(Enterprise {
            credit_code: credit_code(county.code, number)?,
            name: format!("{}{brand}{calls_itself}有限公司", city.trim_end_matches('市')),
            legal_representative: names::person(&mut chance, male),
            // Some were paid in foreign money long ago and are not round.
            registered_capital: f64::from(capital) + if chance.percent(5) { 0.25 } else { 0.0 },
            employees: chance.below(60).min(chance.below(900)) + 1,
            established_on: date(&mut chance, 1996),
            status: chance.pick_common(STATUSES),
            industry_code,
            industry_name,
            county_code: county.code.to_owned(),
            county_name: county.name,
            address: format!("{}{}", self.regions.full_name(county.code), names::place(&mut chance)),
            phone: names::telephone(&mut chance),
        })
    }
}

/// A day from the first of that year up to the year in which the registers stand still.
pub(crate) fn date(chance: &mut Chance, from_year: i32) -> String {
    format!("{:04}-{:02}-{:02}", chance.between(from_year, YEAR), chance.between(1, 12), chance.between(1, 28))
}

/// `91` (an enterprise), the county, nine characters of the organisation, a check character. The organisation's start
/// `YY` has never been issued, so that no code here is that of an enterprise which exists.
fn credit_code(county: &str, number: u32) -> Result<String> {
    let organisation = format!("YY{number:06}");
    let first_17 = format!("91{county}{organisation}{}", organisation_check(&organisation));
    let check = OrganisationCode::check_character(&first_17).with_context(|| format!("no credit code: {first_17}"))?;
    Ok(format!("{first_17}{check}"))
}

/// The ninth character of an organisation's code (GB 11714-1997).
fn organisation_check(first_8: &str) -> char {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let values = first_8.chars().filter_map(|c| c.to_digit(36));
    let sum: u32 = values.zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    match 11 - sum % 11 {
        11 => '0',
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_organisation_check_is_that_of_the_standard() {
        // The example of GB 11714-1997, and the organisation inside a credit code of the vocabulary's own tests.
        assert_eq!(organisation_check("D2143569"), 'X');
        assert_eq!(organisation_check("M000100Y"), '4');
    }

    #[test]
    fn enterprises_are_possible_and_each_is_another() {
        let regions = Regions::load().unwrap();
        let enterprises = Enterprises::new(&regions, 1);
        let mut codes = HashSet::new();
        for number in 0..5_000 {
            let enterprise = enterprises.get(number).unwrap();
            assert!(enterprise.credit_code.parse::<OrganisationCode>().is_ok(), "{enterprise:?}");
            assert_eq!(&enterprise.credit_code[2..8], enterprise.county_code);
            assert_eq!(regions.name(&enterprise.county_code), Some(enterprise.county_name));
            assert!(enterprise.county_code.starts_with(PROVINCE) && enterprise.registered_capital > 0.0);
            assert!(codes.insert(enterprise.credit_code));
        }
        assert_eq!(enterprises.get(7).unwrap(), enterprises.get(7).unwrap());
    }
}
