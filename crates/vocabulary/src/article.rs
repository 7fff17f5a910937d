//! Articles of law, so that a rule can name its ground.

use std::{fmt, str::FromStr};

/// A place in the Regulations on Government Data Sharing (政务数据共享条例, Decree 809): article, paragraph (款), item (项).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Article {
    /// Article number (条), 1 to 44.
    pub number: u8,
    /// Paragraph (款), counted from 1; `None` for the whole article.
    pub paragraph: Option<u8>,
    /// Item (项), counted from 1.
    pub item: Option<u8>,
}

impl Article {
    /// The whole article.
    pub const fn of(number: u8) -> Self {
        Self { number, paragraph: None, item: None }
    }

    /// One paragraph (款) of an article.
    pub const fn paragraph(number: u8, paragraph: u8) -> Self {
        Self { number, paragraph: Some(paragraph), item: None }
    }

    /// One item (项) of a paragraph.
    pub const fn item(number: u8, paragraph: u8, item: u8) -> Self {
        Self { number, paragraph: Some(paragraph), item: Some(item) }
    }

    /// `第二十一条第一款` in the law's own numerals.
    pub fn in_chinese(&self) -> String {
        let mut text = format!("第{}条", chinese_numeral(self.number));
        if let Some(paragraph) = self.paragraph {
            text.push_str(&format!("第{}款", chinese_numeral(paragraph)));
        }
        if let Some(item) = self.item {
            text.push_str(&format!("第{}项", chinese_numeral(item)));
        }
        text
    }
}

/// `21(1)`, `39(1)(4)`: the short form used in codes, papers in English and the law map.
impl fmt::Display for Article {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)?;
        if let Some(paragraph) = self.paragraph {
            write!(f, "({paragraph})")?;
        }
        if let Some(item) = self.item {
            write!(f, "({item})")?;
        }
        Ok(())
    }
}

/// The short form back: `21`, `21(1)` or `11(1)(2)`, within the 44 articles of the Regulations.
impl FromStr for Article {
    type Err = UnknownArticle;
    fn from_str(text: &str) -> Result<Self, UnknownArticle> {
        let unknown = || UnknownArticle { found: text.chars().take(20).collect() };
        let mut parts = text.split('(');
        let number = parts.next().and_then(|part| part.parse::<u8>().ok()).filter(|n| (1..=ARTICLES).contains(n));
        let number = number.ok_or_else(unknown)?;
        let mut inner = || match parts.next() {
            None => Ok(None),
            Some(part) => {
                let digits = part.strip_suffix(')').and_then(|part| part.parse::<u8>().ok());
                digits.filter(|n| *n > 0).map(Some).ok_or_else(unknown)
            }
        };
        let (paragraph, item) = (inner()?, inner()?);
        let article = Self { number, paragraph, item };
        // Only the one spelling: no leading zeros, no third bracket.
        if parts.next().is_none() && article.to_string() == text { Ok(article) } else { Err(unknown()) }
    }
}

/// A text that names no article of the Regulations.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no article of the Regulations")]
pub struct UnknownArticle {
    /// What was found instead.
    pub found: String,
}

/// Articles of the Regulations.
const ARTICLES: u8 = 44;

/// 1 to 99, as laws write them.
fn chinese_numeral(number: u8) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (usize::from(number / 10), usize::from(number % 10));
    match tens {
        0 => DIGITS[ones].to_owned(),
        1 => format!("十{}", DIGITS[ones]),
        _ => format!("{}十{}", DIGITS[tens.min(9)], DIGITS[ones]),
    }
}

#[cfg(test)]
mod tests {
    use super::Article;

    #[test]
    fn articles_print_as_the_law_writes_them() {
        assert_eq!(Article::paragraph(21, 1).to_string(), "21(1)");
        assert_eq!(Article::paragraph(21, 1).in_chinese(), "第二十一条第一款");
        assert_eq!(Article::of(10).in_chinese(), "第十条");
        assert_eq!(Article::item(39, 1, 4).in_chinese(), "第三十九条第一款第四项");
    }

    #[test]
    fn articles_read_as_they_print_and_in_no_other_spelling() {
        for article in [Article::of(44), Article::paragraph(21, 1), Article::item(39, 1, 4)] {
            assert_eq!(article.to_string().parse(), Ok(article));
        }
        for wrong in ["", "0", "45", "021", "21(", "21()", "21(0)", "21(1", "21(1)(2)(3)", "21 (1)", "第二十一条"]
        {
            assert!(wrong.parse::<Article>().is_err(), "{wrong}");
        }
    }
}
