//! The articles that `law` names say what it says they say: each is held to the words of the Decree itself, which stand
//! beside the checkout.

use shuqiao_domain::law;
use shuqiao_vocabulary::Article;
use std::path::{Path, PathBuf};

/// The Decree's text; `None` (said so, and not under CI) when it is not there.
fn decree() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but the environment")]
    let (named, ci) = (std::env::var_os("SHUQIAO_SHARED"), std::env::var_os("CI").is_some());
    let shared = named.map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let text = std::fs::read_to_string(shared.join("regulation/decree809.zh.md")).ok();
    assert!(text.is_some() || !ci, "the text of the Decree is not there");
    if text.is_none() {
        eprintln!("skipped: ../shared is not there");
    }
    text
}

/// The words of an article, a paragraph or an item. A list of items belongs to the paragraph before it.
fn words(decree: &str, article: Article) -> String {
    let start = format!("{} ", Article::of(article.number).in_chinese());
    let starts_article = |line: &&str| line.starts_with('第') && line.chars().take(7).any(|c| c == '条');
    let lines = decree.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let own: Vec<&str> = lines.skip_while(|line| !line.starts_with(&start)).collect();
    let end = own.iter().skip(1).position(starts_article).map_or(own.len(), |at| at + 1);
    let mut paragraphs = Vec::<Vec<&str>>::new();
    for line in &own[..end] {
        match paragraphs.last_mut() {
            Some(paragraph) if line.starts_with('（') => paragraph.push(line),
            _ => paragraphs.push(vec![line]),
        }
    }
    let nth = |number: u8| usize::from(number) - 1;
    match (article.paragraph, article.item) {
        (None, _) => paragraphs.concat().concat(),
        (Some(paragraph), None) => paragraphs[nth(paragraph)].concat(),
        (Some(paragraph), Some(item)) => paragraphs[nth(paragraph)][usize::from(item)].to_owned(),
    }
}

fn check(decree: &str, article: Article, phrases: &[&str]) {
    let words = words(decree, article);
    for phrase in phrases {
        assert!(words.contains(phrase), "{} does not say {phrase}: {words}", article.in_chinese());
    }
}

#[test]
fn terms_are_those_of_the_decree() {
    let Some(decree) = decree() else { return };
    for (term, phrase) in [
        (
            law::REPLY_UNCONDITIONAL,
            "属于无条件共享类的，政务数据提供部门应当自收到政务数据共享申请之日起{}个工作日内作出答复",
        ),
        (
            law::REPLY_CONDITIONAL,
            "属于有条件共享类的，应当自收到政务数据共享申请之日起{}个工作日内作出是否同意共享的答复",
        ),
        (law::REPLY_EXTENSION, "延长的期限最长不得超过{}个工作日"),
        (law::DELIVERY, "自作出同意共享的答复之日起{}个工作日内共享政务数据"),
        (law::REPLY_EXTENSION, "延长的期限最长不得超过{}个工作日"),
        (law::CATALOGUE_UPDATE, "自调整、变化发生之日起{}个工作日内对政务数据目录完成更新"),
        (law::CATALOGUE_UPDATE_EXTENSION, "经同级政务数据共享主管部门同意，可以延长{}个工作日"),
        (law::CATALOGUE_REVIEW, "自收到更新后的政务数据目录之日起{}个工作日内完成审核并发布"),
        (law::CORRECTION, "自收到政务数据校核申请之日起{}个工作日内予以核实、更正并反馈校核处理结果"),
    ] {
        check(&decree, term.article, &[&phrase.replace("{}", &term.days.to_string())]);
    }
    assert_eq!(law::SUPPLEMENT_NOTICES_MAX, 1, "一次性");
}

#[test]
fn records_of_use_are_kept_as_long_as_the_decree_says() {
    let Some(decree) = decree() else { return };
    let kept = format!("有关记录保存期限不少于{}年", law::USAGE_RETENTION.years);
    let five = "使用场景、使用过程、应用成效、存储情况、销毁情况等进行记录";
    check(&decree, law::USAGE_RETENTION.article, &[five, &kept, "政务数据共享主管部门和政务数据提供部门可以查阅"]);
}

#[test]
fn articles_say_what_they_are_named_for() {
    let Some(decree) = decree() else { return };
    for (article, phrases) in [
        (law::SUPPLEMENT_ONCE, &["应当一次性告知其需要补充的材料，不得直接予以拒绝"][..]),
        (law::REFUSAL_REASONS, &["不同意共享的，应当说明理由"]),
        (
            law::CATALOGUE_CONTENT,
            &[
                "保密风险、个人信息保护影响等评估，并经部门负责人审核同意",
                "数据目录名称、数据项、提供单位、数据格式、数据更新频率以及共享属性、共享方式、使用条件、数据分类分级",
            ],
        ),
        (law::NO_SECRETS, &["不包括属于国家秘密、工作秘密的数据"]),
        (law::BETWEEN_DEPARTMENTS, &["使用其他政府部门的政务数据"]),
        (law::SHARING_ATTRIBUTES, &["无条件共享、有条件共享和不予共享三类"]),
        (
            law::CONDITIONS_LISTED,
            &["不得通过擅自增设条件等方式阻碍、影响政务数据共享", "列明共享范围、使用用途等共享使用条件", "列明理由"],
        ),
        (law::PUBLICATION, &["审核通过后统一向政府部门通告"]),
        (law::COLLECTION_BASIS, &["按照法定的职权、程序和标准规范收集政务数据"]),
        (
            law::REQUEST_CONTENT,
            &[
                "按照统一发布的政务数据目录",
                "经本部门政务数据共享工作机构负责人同意后",
                "明确使用依据、使用场景、使用范围、共享方式、使用时限等",
                "真实性、合法性和必要性",
            ],
        ),
        (law::REPLY_CONSENT, &["经本部门政务数据共享工作机构负责人同意后作出答复"]),
        (law::SHORTER_TERMS, &["优化政务数据共享审核流程，缩短审核和提供共享政务数据的时间"]),
        (law::SHARING_METHODS, &["服务接口、批量交换、文件下载等方式"]),
        (law::NO_WIDENING, &["不得擅自扩大使用范围以及用于或者变相用于其他目的", "提供给第三方"]),
        (law::PURPOSE_ENDED, &["共享目的已实现、无法实现或者为实现共享目的不再必要的", "妥善处置"]),
        (law::MISUSE, &["暂停其政务数据共享权限，并督促限期整改", "拒不整改或者整改不到位的，可以终止共享"]),
        (law::SERVICE_END_FILED, &["协商，并报同级政务数据共享主管部门备案"]),
        (law::RESPONSIBLE_USE, &["谁管理谁负责、谁使用谁负责", "应当承担安全管理责任"]),
        (law::GRADED_MANAGEMENT, &["政务数据分类分级管理要求"]),
        (law::PERSONAL_INFORMATION, &["涉及个人信息", "个人信息保护法"]),
    ] {
        check(&decree, article, phrases);
    }
}

/// The ranks that may forbid sharing are those the Decree lists, and no others.
#[test]
fn ranks_that_forbid_sharing_are_listed() {
    let Some(decree) = decree() else { return };
    check(&decree, Article::item(14, 1, 3), &["法律、行政法规以及国务院决定明确规定不能提供"]);
    check(&decree, Article::paragraph(15, 2), &["相应的法律、行政法规以及国务院决定依据"]);
    let listed: Vec<_> = law::RANKS_THAT_FORBID_SHARING.iter().map(|rank| rank.as_str()).collect();
    assert_eq!(listed, ["law", "administrative_regulation", "state_council_decision"]);
}
