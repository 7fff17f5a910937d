//! Words of the closed lists on papers. Papers are Chinese documents; their labels are in both languages, their values
//! are as they were entered.

use shuqiao_domain::{
    case::{DisputeOutcome, Document, FindingOutcome, Misuse, RectificationState, Verdict},
    catalogue::{ChangeKind, LegalBasis},
    request::RefusalReasonCode,
};
use shuqiao_vocabulary::{
    Article, BasisRank, Condition, DataFormat, Date, Grade, ItemName, Literal, Mask, Moment, RowFilter,
    SharingAttribute, SharingMethod, Test, UpdateFrequency,
};

pub(super) const fn attribute(attribute: SharingAttribute) -> &'static str {
    match attribute {
        SharingAttribute::Unconditional => "无条件共享",
        SharingAttribute::Conditional => "有条件共享",
        SharingAttribute::NotShared => "不予共享",
    }
}

pub(super) const fn method(method: SharingMethod) -> &'static str {
    match method {
        SharingMethod::ServiceInterface => "服务接口",
        SharingMethod::BatchExchange => "批量交换",
        SharingMethod::FileDownload => "文件下载",
    }
}

pub(super) const fn format(format: DataFormat) -> &'static str {
    match format {
        DataFormat::Database => "数据库",
        DataFormat::Spreadsheet => "电子表格",
        DataFormat::Document => "电子文件",
        DataFormat::Image => "图形图像",
        DataFormat::Stream => "流媒体",
        DataFormat::SelfDescribing => "自描述格式",
        DataFormat::ServiceInterface => "服务接口",
    }
}

pub(super) const fn frequency(frequency: UpdateFrequency) -> &'static str {
    match frequency {
        UpdateFrequency::RealTime => "实时",
        UpdateFrequency::Daily => "每日",
        UpdateFrequency::Weekly => "每周",
        UpdateFrequency::Monthly => "每月",
        UpdateFrequency::Quarterly => "每季度",
        UpdateFrequency::HalfYearly => "每半年",
        UpdateFrequency::Yearly => "每年",
        UpdateFrequency::Irregular => "不定期",
        UpdateFrequency::Never => "不更新",
    }
}

pub(super) const fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::L1 => "一般1级",
        Grade::L2 => "一般2级",
        Grade::L3 => "一般3级",
        Grade::L4 => "一般4级",
        Grade::Important => "重要数据",
        Grade::Core => "核心数据",
    }
}

const fn rank(rank: BasisRank) -> &'static str {
    match rank {
        BasisRank::Law => "法律",
        BasisRank::AdministrativeRegulation => "行政法规",
        BasisRank::StateCouncilDecision => "国务院决定",
        BasisRank::LocalRegulation => "地方性法规",
        BasisRank::Rule => "规章",
        BasisRank::NormativeDocument => "规范性文件或“三定”规定",
    }
}

pub(super) const fn refusal(code: RefusalReasonCode) -> &'static str {
    match code {
        RefusalReasonCode::ConditionNotMet => "不符合已公布的使用条件",
        RefusalReasonCode::NotLawful => "没有履职依据",
        RefusalReasonCode::NotNecessary => "非履职所必需",
        RefusalReasonCode::BeyondScope => "超出共享范围",
        RefusalReasonCode::SafeguardsInsufficient => "安全保障措施不足",
        RefusalReasonCode::SupplementNotGiven => "未按要求补正",
    }
}

pub(super) const fn change(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::LawChanged => "法律、行政法规调整",
        ChangeKind::StateCouncilDecision => "国务院决定调整",
        ChangeKind::DutyChanged => "部门职责变化",
    }
}

pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Corrected => "数据有误，已更正",
        Verdict::Upheld => "数据无误，维持原数据",
    }
}

pub(super) const fn misuse(misuse: Misuse) -> &'static str {
    match misuse {
        Misuse::BeyondScope => "擅自超出使用范围使用政务数据",
        Misuse::OtherPurpose => "擅自超出共享目的使用政务数据",
        Misuse::ThirdParty => "擅自将政务数据提供给第三方",
    }
}

pub(super) const fn rectification(state: RectificationState) -> &'static str {
    match state {
        RectificationState::Ordered => "整改中",
        RectificationState::Reported => "已报送整改报告，待核查",
        RectificationState::Failed => "拒不整改或者整改不到位",
        RectificationState::Accepted => "整改到位",
        RectificationState::Terminated => "已终止共享",
        RectificationState::Withdrawn => "已撤销",
    }
}

pub(super) const fn finding(outcome: FindingOutcome) -> &'static str {
    match outcome {
        FindingOutcome::NoProblem => "未发现问题",
        FindingOutcome::Reminder => "提示改进",
        FindingOutcome::OrderToCorrect => "责令改正",
    }
}

pub(super) const fn decision(outcome: DisputeOutcome) -> &'static str {
    match outcome {
        DisputeOutcome::ForRequester => "支持需求部门",
        DisputeOutcome::AgainstRequester => "不支持需求部门",
    }
}

/// `《政务数据共享条例》第二十七条第二款`.
pub(super) fn law(article: &Article) -> String {
    format!("《政务数据共享条例》{}", article.in_chinese())
}

/// `《某决定》（某政函〔2026〕1号），SHA-256 …`: by which the very file can be recognised.
pub(super) fn document(document: &Document) -> String {
    let number = document.number.trim();
    let number = if number.is_empty() { String::new() } else { format!("（{}）", printable(number)) };
    let title = printable(&document.title);
    format!("《{}》{number}，SHA-256 {}", title.trim_matches(['《', '》']), document.sha256)
}

pub(super) fn mask(mask: Option<&Mask>) -> String {
    match mask {
        None => "不脱敏".to_owned(),
        Some(Mask::KeepEnds { head, tail }) => format!("保留首{head}位、尾{tail}位"),
        Some(Mask::KeyedHash) => "加密散列".to_owned(),
        Some(Mask::YearOnly) => "仅保留年份".to_owned(),
        Some(Mask::RegionOnly { digits }) => format!("仅保留区划前{digits}位"),
        Some(Mask::Redact) => "完全隐藏".to_owned(),
        Some(Mask::Token) => "保形替换".to_owned(),
        Some(Mask::VerifyOnly) => "仅核验，不提供内容".to_owned(),
    }
}

/// `《某法》第三条（法律）`.
pub(super) fn basis(basis: &LegalBasis) -> String {
    cited(basis.rank, &format!("《{}》{}", basis.title.trim_matches(['《', '》']), basis.article))
}

/// A citation and the rank of its norm.
pub(super) fn cited(of: BasisRank, citation: &str) -> String {
    format!("{citation}（{}）", rank(of))
}

/// `县区编码以“5203”开头，且状态等于“在业”`, with the titles that `title` gives.
pub(super) fn rows(rows: &RowFilter, title: impl Fn(&ItemName) -> String) -> String {
    if rows.0.is_empty() {
        return "全部数据".to_owned();
    }
    rows.0.iter().map(|condition| sentence(condition, &title(&condition.item))).collect::<Vec<_>>().join("，且")
}

fn sentence(condition: &Condition, title: &str) -> String {
    match &condition.test {
        Test::Equals(literal) => format!("{title}等于{}", quoted(literal)),
        Test::OneOf(list) => format!("{title}为{}之一", list.iter().map(quoted).collect::<Vec<_>>().join("、")),
        Test::StartsWith(prefix) => format!("{title}以“{prefix}”开头"),
        Test::Between { from: Some(from), to: Some(to) } => {
            format!("{title}介于{}与{}之间（含）", quoted(from), quoted(to))
        }
        Test::Between { from: Some(from), to: None } => format!("{title}不小于{}", quoted(from)),
        Test::Between { from: None, to: Some(to) } => format!("{title}不大于{}", quoted(to)),
        Test::Between { from: None, to: None } => format!("{title}不为空"),
    }
}

fn quoted(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => format!("“{text}”"),
        Literal::Integer(number) => format!("“{number}”"),
        Literal::Date(date) => format!("“{}”", day(*date)),
        Literal::Boolean(true) => "“是”".to_owned(),
        Literal::Boolean(false) => "“否”".to_owned(),
    }
}

/// A day as papers write it.
pub(super) fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// The legal day of a moment.
pub(super) fn day_of(moment: Moment) -> String {
    day(moment.date())
}

/// A moment to the minute, of the legal time.
pub(super) fn minute_of(moment: Moment) -> String {
    let left = Moment::end_of_day(moment.date()).plus_seconds(1).microseconds() - moment.microseconds();
    let minutes = (24 * 60 * 60_000_000 - left) / 60_000_000;
    format!("{} {:02}:{:02}", day_of(moment), minutes / 60, minutes % 60)
}

/// A period of days, both included.
pub(super) fn period(from: Option<Date>, until: Option<Date>) -> String {
    match (from, until) {
        (Some(from), Some(until)) => format!("自{}起至{}止", day(from), day(until)),
        (Some(from), None) => format!("自{}起", day(from)),
        (None, Some(until)) => format!("至{}止", day(until)),
        (None, None) => String::new(),
    }
}

/// A text, or a dash where there is none: an empty cell could be filled in afterwards.
pub(super) fn or_dash(text: &str) -> String {
    if text.trim().is_empty() { "—".to_owned() } else { printable(text) }
}

/// The text without characters that print nothing: line ends stay, tabs become spaces.
pub(super) fn printable(text: &str) -> String {
    text.trim().replace("\r\n", "\n").replace(['\t', '\r'], " ")
}
