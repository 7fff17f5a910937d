//! A small register as a file, as departments send them: food licences in a CSV table in GB18030.

use super::{
    chance::Chance,
    enterprises::{Enterprises, date},
};
use crate::regions::Regions;
use anyhow::{Context as _, Result, ensure};
use std::path::Path;

const HEADER: &str = "许可证编号,统一社会信用代码,经营者名称,经营场所,主体业态,发证日期,有效期至,行政区划代码,合成数据";

const KINDS: &[&str] = &["食品销售经营者", "餐饮服务经营者", "单位食堂"];

/// Writes licences of the enterprises that the register of the same seed holds, one for every third of them.
pub(crate) fn write_csv(path: &Path, licences: u32, seed: u64) -> Result<()> {
    let text = table(licences, seed)?;
    let (bytes, _, lost) = encoding_rs::GB18030.encode(&text);
    ensure!(!lost, "a licence has a character that GB18030 does not have");
    std::fs::write(path, bytes).with_context(|| path.display().to_string())
}

/// The table with the line ends that such files have.
fn table(licences: u32, seed: u64) -> Result<String> {
    let regions = Regions::load()?;
    let enterprises = Enterprises::new(&regions, seed);
    let mut text = format!("{HEADER}\r\n");
    for number in 0..licences {
        let mut chance = Chance::for_record(seed, "licence", number);
        let enterprise = enterprises.get(number.saturating_mul(3))?;
        let issued = date(&mut chance, 2021);
        let (year, day) = issued.split_at_checked(4).context("a date")?;
        let expires = year.parse::<u32>().context("a year")?.saturating_add(5);
        let kind = chance.pick_common(KINDS);
        let (code, name, place) = (enterprise.credit_code, enterprise.name, enterprise.address);
        let county = enterprise.county_code;
        text.push_str(&format!(
            "JY1{county}{number:07},{code},\"{name}\",\"{place}\",{kind},{issued},{expires}{day},{county},是\r\n"
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_real_gb18030_that_gbk_alone_does_not_hold() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("licences.csv");
        write_csv(&path, 1_000, 1).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert!(std::str::from_utf8(&bytes).is_err());
        let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes).unwrap();
        assert_eq!(text, table(1_000, 1).unwrap());
        // A character of four bytes: 81 to FE, then a digit.
        assert!(text.contains('㙦') && bytes.windows(2).any(|pair| pair[0] >= 0x81 && pair[1].is_ascii_digit()));
    }

    #[test]
    fn every_row_is_whole_and_marked_synthetic() {
        let text = table(50, 1).unwrap();
        let mut lines = text.lines();
        let columns = lines.next().unwrap().split(',').count();
        assert_eq!(lines.clone().count(), 50);
        assert!(lines.all(|line| line.split(',').count() == columns && line.ends_with(",是")));
    }
}
