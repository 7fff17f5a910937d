//! A paper as values of the typesetter. Texts become strings, never markup.

use crate::{
    Paper, PaperError,
    qr::{Qr, qr},
};
use shuqiao_vocabulary::{
    Date,
    paper::{Bilingual, Block, Signature},
};
use typst::{
    foundations::{Array, Dict, IntoValue, Str, Value},
    text::Font,
};

/// The layout's own words. They are data too, so that one check covers every character that is printed.
const GENUINE: &str = "核验本文书真伪请扫描二维码 · To check this paper scan the code";
const DIGEST: &str = "内容摘要 SM3 · Digest of the content";
const PAGE: [&str; 3] = ["第 ", " 页 共 ", " 页"];
const NUMBER: &str = "编号：";
const SEAL: &str = "（签章）";
const COLON: &str = "：";
const STOP: &str = "．";
const DATE_BLANK: &str = "\u{3000}\u{3000}年\u{3000}\u{3000}月\u{3000}\u{3000}日";
/// What dates, page numbers and the number between dashes are written with.
const OTHER: &str = "0123456789年月日— ";

/// Letters that fit into a line of running text and of a table of facts: a longer run without a space may be broken.
const LETTERS_OF_LINE: usize = 44;
/// Letters that fit into a line of a wide table, over all its columns.
const LETTERS_OF_TABLE: usize = 76;
/// Letters that fit beside the code at the foot.
const LETTERS_OF_FOOT: usize = 70;
/// Characters of the digest in a group, and groups in a line.
const GROUP: usize = 8;
const GROUPS: usize = 4;

/// Every word of the layout.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    PAGE.into_iter().chain([GENUINE, DIGEST, NUMBER, SEAL, COLON, STOP, DATE_BLANK, OTHER])
}

/// What the layout reads as `sys.inputs`.
pub(crate) fn inputs(paper: &Paper, fonts: &[Font]) -> Result<Dict, PaperError> {
    let content = &paper.content;
    let title = content.kind.title();
    let words = dict([
        ("genuine", text(GENUINE)),
        ("digest", text(DIGEST)),
        ("page", array(PAGE.iter().map(|part| text(part)))),
        ("number", text(NUMBER)),
        ("seal", text(SEAL)),
        ("sealed", text(&format!("\u{3000}{SEAL}"))),
        ("colon", text(COLON)),
        ("stop", text(STOP)),
    ]);
    let day = dict([
        ("year", i64::from(content.date.year()).into_value()),
        ("month", i64::from(content.date.month()).into_value()),
        ("day", i64::from(content.date.day()).into_value()),
    ]);
    let paper = dict([
        ("fonts", array(fonts.iter().map(|font| text(&font.info().family)))),
        ("words", words),
        ("number", text(&paper.number)),
        ("title", dict([("zh", text(&title.zh)), ("en", text(&title.en))])),
        ("issuer", text(&content.issuer)),
        ("issuer-lines", lines(&content.issuer)),
        ("addressee", content.addressee.as_deref().map_or_else(|| array([]), lines)),
        ("date", text(&written(content.date))),
        ("day", day),
        ("blocks", array(content.blocks.iter().map(block))),
        ("address", lines_of(paper.verify_url.split('#').next().unwrap_or_default(), LETTERS_OF_FOOT)),
        ("digest", array(digest_lines(&paper.digest).iter().map(|line| text(line)))),
        ("qr", drawn(&qr(&paper.verify_url)?)),
    ]);
    Ok([(Str::from("paper"), paper)].into_iter().collect())
}

fn block(block: &Block) -> Value {
    let of = |kind: &str, name: &'static str, value: Value| dict([("kind", text(kind)), (name, value)]);
    match block {
        Block::Heading(heading) => of("heading", "text", both(heading)),
        Block::Paragraph(paragraph) => of("paragraph", "text", both(paragraph)),
        Block::Facts(rows) => {
            let row = |(label, value): &(Bilingual, String)| dict([("label", both(label)), ("value", lines(value))]);
            of("facts", "rows", array(rows.iter().map(row)))
        }
        Block::List(items) => of("list", "items", array(items.iter().map(|item| lines(item)))),
        Block::Table { columns, rows } => {
            let shares = shares(columns, rows);
            let column = |(label, share): (&Bilingual, i64)| {
                dict([("zh", lines(&label.zh)), ("en", text(&label.en)), ("share", share.into_value())])
            };
            let all = shares.iter().sum::<i64>().max(1);
            let letters = |share: &i64| usize::try_from(*share * LETTERS_OF_TABLE as i64 / all).unwrap_or_default();
            let fit: Vec<usize> = shares.iter().map(letters).collect();
            let cell = |(cell, fit): (&String, &usize)| dict([("lines", lines_of(cell, *fit))]);
            dict([
                ("kind", text("table")),
                ("columns", array(columns.iter().zip(shares).map(column))),
                ("rows", array(rows.iter().map(|row| array(row.iter().zip(&fit).map(cell))))),
            ])
        }
        Block::Signatures(list) => of("signatures", "list", array(list.iter().map(signature))),
    }
}

/// How wide each column is: by the longest text in it, within bounds, so that a number's column does not take as much
/// room as a sentence's.
fn shares(columns: &[Bilingual], rows: &[Vec<String>]) -> Vec<i64> {
    let wide = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<i64>();
    let of = |(at, column): (usize, &Bilingual)| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| wide(cell)).max().unwrap_or_default();
        // Room for the padding of the cell.
        cells.max(wide(&column.zh)).clamp(4, 36) + 4
    };
    columns.iter().enumerate().map(of).collect()
}

fn signature(signature: &Signature) -> Value {
    dict([
        ("role", both(&signature.role)),
        ("organisation", lines(&signature.organisation)),
        ("person", if signature.person.is_empty() { array([]) } else { lines(&signature.person) }),
        ("date", text(&signature.date.map_or_else(|| DATE_BLANK.to_owned(), written))),
    ])
}

fn drawn(code: &Qr) -> Value {
    let run = |run: &[i64; 3]| array(run.iter().map(|number| number.into_value()));
    dict([("size", code.size.into_value()), ("runs", array(code.runs.iter().map(run)))])
}

/// A day as papers write it.
fn written(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

fn both(both: &Bilingual) -> Value {
    dict([("zh", lines(&both.zh)), ("en", text(&both.en))])
}

/// The lines of a value.
fn lines(value: &str) -> Value {
    lines_of(value, LETTERS_OF_LINE)
}

/// The lines of a value, in which runs that would stick out of their place may be broken.
fn lines_of(value: &str, fit: usize) -> Value {
    array(value.lines().map(|line| text(&breakable(line, fit.max(4)))))
}

/// The text with places at which the typesetter may break runs that are longer than what fits.
fn breakable(line: &str, fit: usize) -> String {
    let mut out = String::with_capacity(line.len());
    for (at, word) in line.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let long = word.chars().filter(char::is_ascii).count() > fit;
        let mut since = 0;
        for character in word.chars() {
            out.push(character);
            since = if character.is_ascii() { since + 1 } else { 0 };
            let seam = character.is_ascii_punctuation() && since > 3;
            if long && (seam || since >= fit) {
                out.push('\u{200b}');
                since = 0;
            }
        }
    }
    out
}

fn digest_lines(digest: &str) -> Vec<String> {
    let characters: Vec<char> = digest.chars().collect();
    let groups: Vec<String> = characters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    groups.chunks(GROUPS).map(|line| line.join(" ")).collect()
}

fn text(text: &str) -> Value {
    Value::Str(Str::from(text))
}

fn array(items: impl IntoIterator<Item = Value>) -> Value {
    Value::Array(items.into_iter().collect::<Array>())
}

fn dict<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::Dict(pairs.into_iter().map(|(name, value)| (Str::from(name), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::{breakable, digest_lines};

    #[test]
    fn long_runs_may_be_broken_and_short_ones_may_not() {
        assert_eq!(breakable("unified_code 企业名称", 12), "unified_code 企业名称");
        let long = breakable("unified_social_credit_code", 12);
        assert_eq!(long.replace('\u{200b}', ""), "unified_social_credit_code");
        assert!(long.split('\u{200b}').all(|part| part.len() <= 12) && long.contains('\u{200b}'), "{long:?}");
    }

    #[test]
    fn digests_stand_in_groups() {
        let lines = digest_lines(&"0123456789abcdef".repeat(4));
        assert_eq!(lines[0], "01234567 89abcdef 01234567 89abcdef");
        assert_eq!(lines.len(), 2);
    }
}
