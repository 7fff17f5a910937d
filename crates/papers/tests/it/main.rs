//! Papers as they come out: read back by a PDF reader that we did not write (`pdftotext` of poppler-utils).
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

mod samples;

use samples::{flat, paper, paper_of, text_of};
use shuqiao_papers::{FONT_PLACES, Fonts, Paper, PaperError, render};
use shuqiao_vocabulary::paper::{Block, both};
use std::path::PathBuf;

/// Largest file of a paper of one or two pages: the used glyphs, not the font of tens of megabytes.
const SMALL_BYTES_MAX: usize = 250_000;

fn rendered(paper: &Paper) -> Vec<u8> {
    render(paper, &mut Fonts::find(&[]).unwrap()).unwrap()
}

#[test]
fn a_paper_says_what_it_was_given() {
    let pdf = rendered(&paper());
    assert!(pdf.starts_with(b"%PDF-"));
    assert!(pdf.len() < SMALL_BYTES_MAX, "{} bytes: the font was not cut down", pdf.len());
    let text = text_of(&pdf);
    for wanted in [
        "政务数据共享申请受理通知",
        "Notice of Receipt",
        "滨江市市场监督管理局",
        "滨江市大数据管理局：",
        "编号：SLTZ-2026-000001",
        "收到日期",
        "2026年1月5日",
        "— 1 —",
        "第 1 页 共 1 页",
        "https://node.example/verify/SLTZ-2026-000001",
        "01234567 89abcdef 01234567 89abcdef",
        "（签章）",
    ] {
        assert!(flat(&text).contains(&flat(wanted)), "lacks {wanted:?}:\n{text}");
    }
}

#[test]
fn equal_papers_give_equal_bytes() {
    let first = rendered(&paper());
    // Nothing that was kept from the first time may be what makes them equal.
    typst::comemo::evict(0);
    assert_eq!(first, rendered(&paper()));
    let mut other = paper();
    other.number = "SLTZ-2026-000002".to_owned();
    assert_ne!(first, rendered(&other));
}

#[test]
fn no_text_is_read_as_markup() {
    let nasty = [
        "#import \"@preview/cetz:0.3.0\"",
        "#read(\"/etc/passwd\")",
        "*bold* _em_ `raw`",
        "$x^2$",
        "] #panic() [",
        "\\u{41} \\ \\n",
        "= heading",
        "<label> @reference",
        "// comment /* more */",
        "https://a.example -- ... ~ \"quoted\"",
        "{{1 + 1}} #{1 + 1}",
    ];
    let items = nasty.iter().map(|text| (*text).to_owned()).collect();
    let facts = nasty.iter().map(|text| (both(*text, *text), (*text).to_owned())).collect();
    let cells = nasty.iter().map(|text| vec![(*text).to_owned()]).collect();
    let blocks = vec![
        Block::List(items),
        Block::Facts(facts),
        Block::Paragraph(both(nasty.join(" "), nasty[0])),
        Block::Heading(both(nasty[1], nasty[2])),
        Block::Table { columns: vec![both(nasty[4], nasty[5])], rows: cells },
    ];
    let mut paper = paper_of(blocks);
    paper.content.issuer = nasty[0].to_owned();
    paper.content.addressee = Some(nasty[4].to_owned());
    let text = text_of(&rendered(&paper));
    let found = flat(&text);
    for wanted in nasty {
        assert!(found.matches(&flat(wanted)).count() >= 3, "lacks {wanted:?}:\n{text}");
    }
}

#[test]
fn a_long_table_repeats_its_heading() {
    let rows = (1..=200).map(|n| vec![n.to_string(), format!("数据项第{n}号"), "说明".repeat(12)]).collect();
    let columns = vec![both("序号", "No."), both("数据项", "Item"), both("说明", "Remark")];
    let text = text_of(&rendered(&paper_of(vec![Block::Table { columns, rows }])));
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.len() > 3, "{} pages", pages.len());
    for page in &pages[..pages.len() - 1] {
        assert!(page.contains("Remark"), "a page lacks the heading:\n{page}");
    }
    let found = flat(&text);
    assert!(found.contains("数据项第1号") && found.contains("数据项第200号"));
    assert!(found.contains(&format!("第{0}页共{0}页", pages.len())));
}

#[test]
fn a_character_that_no_font_has_is_named() {
    // One of private use, one that turns the order of reading, one that is not assigned.
    for character in ['\u{e123}', '\u{202e}', '\u{30000}'] {
        let paper = paper_of(vec![Block::List(vec![format!("甲{character}乙")])]);
        let refused = render(&paper, &mut Fonts::find(&[]).unwrap()).unwrap_err();
        assert_eq!(refused, PaperError::CharacterMissing { codepoint: u32::from(character) });
    }
}

#[test]
fn a_named_font_is_the_only_one() {
    // Debian's fonts-wqy-zenhei and fonts-noto-cjk: whichever is there.
    let found = FONT_PLACES.iter().rev().map(PathBuf::from).find(|place| place.is_file()).unwrap();
    let pdf = render(&paper(), &mut Fonts::find(&[found]).unwrap()).unwrap();
    assert!(flat(&text_of(&pdf)).contains("滨江市大数据管理局"));
    let nowhere = PathBuf::from("no/such/font.ttf");
    assert!(matches!(Fonts::find(&[nowhere]), Err(PaperError::FontUnreadable { .. })));
}

#[test]
fn papers_have_limits_and_even_tables() {
    let long = paper_of(vec![Block::Paragraph(both("字".repeat(200_001), ""))]);
    let uneven = paper_of(vec![Block::Table { columns: vec![both("甲", "")], rows: vec![vec![]] }]);
    let many = paper_of(vec![Block::List(vec![String::new(); 5_001])]);
    let mut fonts = Fonts::find(&[]).unwrap();
    let mut code = |paper| render(paper, &mut fonts).unwrap_err().code();
    assert_eq!(code(&long), "paper_too_large");
    assert_eq!(code(&uneven), "table_uneven");
    assert_eq!(code(&many), "paper_too_large");
}
