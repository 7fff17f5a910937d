//! The circular of an evaluation (评价通报): a sharing authority's word on how the departments under it did their duties in
//! a quarter or a year, with the numbers of the scorecards (Art. 38(2), 29(1)).

use super::{
    Matter, View, indicators,
    parts::{fact, heading, paragraph},
    words,
};
use crate::{App, AppError, Ctx, scorecard::ScorecardTable};
use shuqiao_crypto::digest;
use shuqiao_domain::{
    law,
    organisation::Organisation,
    paper,
    scorecard::{FEW, IndicatorCode, Period, PeriodPart, Score, Target},
};
use shuqiao_policy::{Action, Resource};
use shuqiao_vocabulary::{
    Date, OrganisationId, OrganisationKind, PaperKind,
    paper::{Block, PaperContent, both},
};

/// Indicators beside one another in a table: more do not fit across a page.
const INDICATORS_OF_TABLE: usize = 5;
/// Bits of a digest that a revision takes: numbers of JSON are exact up to 53.
const REVISION_BITS: u32 = 52;

/// An evaluation: who evaluates, and what was counted.
pub(super) struct Evaluation {
    pub(super) authority: Organisation,
    table: ScorecardTable,
}

/// As the policies see it.
pub(super) const fn resource(authority: OrganisationId) -> Resource {
    Resource::Evaluation { authority }
}

impl App {
    /// What a circular is made of, when the reader may do this with it. It is counted now: nothing of a scorecard is stored.
    pub(super) async fn evaluation_matter(
        &self,
        ctx: &Ctx,
        authority: OrganisationId,
        period: Period,
        action: Action,
    ) -> Result<Matter, AppError> {
        let resource = resource(authority);
        self.permit(ctx, action, &resource)?;
        let today = ctx.now().date();
        if action == Action::PaperIssue {
            paper::check_evaluated(&period, today)?;
        }
        let authority = self.store.begin_read().await?.organisation_fetch(authority).await?;
        if authority.kind != OrganisationKind::SharingAuthority {
            return Err(AppError::NotFound);
        }
        let table = self.scorecard_evaluated(&authority, period, ctx.now()).await?;
        let kinds = paper::kinds_of_evaluation(&period, today);
        let state = if kinds.is_empty() { "running" } else { "over" };
        let evaluation = Evaluation { authority, table };
        let revision = evaluation.revision();
        Ok(Matter { revision, resource, state, kinds, view: View::Evaluation(Box::new(evaluation)) })
    }
}

impl Evaluation {
    /// Tells evaluations of one period apart by their numbers: equal ones give the same circular, whenever they are
    /// counted, and a number that changed afterwards gives another one (docs/adr/0013).
    fn revision(&self) -> u64 {
        let content = PaperContent {
            kind: PaperKind::EvaluationCircular,
            issuer: self.authority.name.clone(),
            addressee: None,
            date: self.table.period.last(),
            blocks: self.numbers(),
        };
        let digest = digest::sm3(content.canonical("").as_bytes());
        let head = digest.iter().take(8).fold(0, |head, byte| head << 8 | u64::from(*byte));
        head >> (u64::BITS - REVISION_BITS)
    }

    /// Each department with its indicators, a few indicators in a table.
    fn numbers(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (at, codes) in IndicatorCode::ALL.chunks(INDICATORS_OF_TABLE).enumerate() {
            let department = std::iter::once(both("部门", "Department"));
            let titles = codes.iter().map(|code| {
                let indicator = indicators::of(*code);
                both(format!("{code}\n{}", indicator.zh), indicator.en)
            });
            let first = at * INDICATORS_OF_TABLE;
            let row = |(one, scores): &(Organisation, Vec<Score>)| {
                let cells = scores.iter().skip(first).take(codes.len()).map(cell);
                std::iter::once(words::or_dash(&one.name)).chain(cells).collect()
            };
            let rows = self.table.rows.iter().map(row).collect();
            blocks.push(Block::Table { columns: department.chain(titles).collect(), rows });
        }
        blocks
    }
}

/// 评价通报: what was evaluated, the numbers, what they mean, and what was not counted.
pub(super) fn circular(evaluation: &Evaluation, date: Date) -> PaperContent {
    let (authority, table) = (&evaluation.authority.name, &evaluation.table);
    let (period, name) = (&table.period, named(&table.period));
    let text = format!(
        "依照{}、{}，{authority}对本行政区域各部门{name}政务数据共享工作的时效和质量进行了评价，现将各项指标通报如下。",
        words::law(&law::SUPERVISION),
        law::INSPECTION.in_chinese()
    );
    let english = "How the departments of the region did their duties of sharing in the period, as it was counted.";
    let facts = vec![
        fact("评价单位", "Evaluated by", authority),
        fact("评价期", "Period", &name),
        fact("起止日期", "From, until", words::period(Some(period.first()), Some(period.last()))),
        fact("计算时间", "Counted at", words::minute_of(table.at)),
        fact("工作日日历", "Calendar", &table.calendar),
        fact("被评价部门", "Departments", format!("{}个", table.rows.len())),
    ];
    let mut blocks = vec![paragraph(text, english), Block::Facts(facts), heading("各部门指标", "Indicators")];
    blocks.extend(evaluation.numbers());
    blocks.push(paragraph(
        format!(
            "表中为指标值，括号内为“计入件数／应计件数”或者件数；“—”表示评价期内没有应计的申请、事项。期限届满日在评价期内的\
             计入本期，争议按提出日计入。应计件数不足{FEW}件的，不作比较。"
        ),
        "Each value stands before what it counts; a dash means that there was nothing to count.",
    ));
    blocks.extend([heading("指标口径", "How it is counted"), meanings(), heading("未计算的指标", "Not computed")]);
    blocks.push(Block::List(indicators::NOT_COMPUTED.iter().map(|line| (*line).to_owned()).collect()));
    let kind = PaperKind::EvaluationCircular;
    PaperContent { kind, issuer: authority.clone(), addressee: None, date, blocks }
}

/// Each indicator: its formula and its target.
fn meanings() -> Block {
    let row = |code: &IndicatorCode| {
        let indicator = indicators::of(*code);
        vec![format!("{code}\n{}", indicator.zh), indicator.how.to_owned(), target(code.target())]
    };
    let columns = vec![both("指标", "Indicator"), both("口径", "Formula"), both("目标", "Target")];
    Block::Table { columns, rows: IndicatorCode::ALL.iter().map(row).collect() }
}

/// `95.45%（21/22）`; cases that still run are told under it.
fn cell(score: &Score) -> String {
    let counted = match (score.value, score.code.target()) {
        (None, _) => "—".to_owned(),
        (Some(value), Target::Days(_)) => format!("{}个工作日（{}件）", hundredths(value), score.denominator()),
        (Some(value), _) => format!("{}%（{}/{}）", hundredths(value), score.numerator(), score.denominator()),
    };
    if score.running.is_empty() { counted } else { format!("{counted}\n在办{}件", score.running.len()) }
}

fn target(target: Target) -> String {
    match target {
        Target::AtLeast(share) => format!("不低于{}%", hundredths(share)),
        Target::AtMost(share) => format!("不高于{}%", hundredths(share)),
        Target::Days(days) => format!("不超过{}个工作日", hundredths(days)),
        Target::Watch => "仅监测".to_owned(),
    }
}

/// `95.45`, `3.5`, `100`.
pub(super) fn hundredths(value: u64) -> String {
    match (value / 100, value % 100) {
        (whole, 0) => whole.to_string(),
        (whole, part) if part % 10 == 0 => format!("{whole}.{}", part / 10),
        (whole, part) => format!("{whole}.{part:02}"),
    }
}

/// `2026年第3季度`.
fn named(period: &Period) -> String {
    let year = period.first().year();
    match period.part() {
        PeriodPart::Month(month) => format!("{year}年{month}月"),
        PeriodPart::Quarter(quarter) => format!("{year}年第{quarter}季度"),
        PeriodPart::Year => format!("{year}年度"),
    }
}
