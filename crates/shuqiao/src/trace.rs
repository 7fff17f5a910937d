//! `shuqiao trace`: which deliveries contained the rows of a file that has turned up, asked of a folder without the node.

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use serde_json::json;
use shuqiao_crypto::{keyring, token::Caller};
use shuqiao_plane::trace::{TraceReport, TracedDelivery, Tracer};
use std::{fmt::Write as _, path::PathBuf};

/// Deliveries that are printed; JSON has all of them.
const PRINTED_MAX: usize = 20;

/// What is traced.
#[derive(Args, Clone, Debug)]
pub(crate) struct TraceArguments {
    /// The file that has turned up: CSV, XLSX, XLS, Parquet, JSON or JSON lines, by its ending.
    file: PathBuf,
    /// Folder of the node or gateway that delivered.
    #[arg(long, visible_alias = "data-dir", env = "SHUQIAO_DATA")]
    data: PathBuf,
    /// Answer in this language.
    #[arg(long, value_enum, default_value_t = Language::En, conflicts_with = "json")]
    language: Language,
    /// Answer as JSON.
    #[arg(long)]
    json: bool,
}

/// The language of an answer for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    /// English.
    En,
    /// 中文.
    #[value(name = "zh-CN", alias = "zh")]
    Zh,
}

/// What was found, for people or as JSON.
pub(crate) fn answer(told: &TraceArguments) -> Result<String> {
    let keys = told.data.join("keys");
    ensure!(keys.is_dir(), "{} is no folder of a node or gateway: it has no keys", told.data.display());
    let master = keyring::mask_master(&keys)?;
    ensure!(told.file.is_file(), "{} cannot be opened", told.file.display());
    let found = Tracer::under(&told.data, &master).search(&told.file);
    let report = found.with_context(|| format!("{} cannot be traced", told.file.display()))?;
    Ok(if told.json { as_json(&report).to_string() } else { as_text(&report, told.language) })
}

fn as_json(report: &TraceReport) -> serde_json::Value {
    let deliveries = report.deliveries.iter().map(|found| {
        json!({
            "record": found.record.index,
            "at": found.record.at.to_string(),
            "grant": found.record.grant.map(|id| id.to_string()),
            "system": caller(found),
            "organisation": found.record.organisation.map(|id| id.to_string()),
            "method": found.record.method.as_str(),
            "request_id": found.record.request_id,
            "rows_found": found.found,
            "rows_only_here": found.only_here,
            "rows_delivered": found.delivered,
            "by_chance_log10": found.by_chance_log10,
            "apart_log10": found.apart_log10,
            "weight": found.weight,
        })
    });
    let grants = report.grants.iter().map(|found| {
        json!({
            "grant": found.grant.map(|id| id.to_string()), "deliveries": found.deliveries, "rows_found": found.found,
            "weight": found.weight,
        })
    });
    json!({
        "rows_in_file": report.rows_in_file,
        "rows_compared": report.rows_compared,
        "deliveries_searched": report.searched,
        "rows_searched": report.searched_rows,
        "deliveries_without_fingerprints": report.without,
        "records_without_fingerprints": report.without_first,
        "broken_files": report.broken_files,
        "deliveries": deliveries.collect::<Vec<_>>(),
        "grants": grants.collect::<Vec<_>>(),
    })
}

fn as_text(report: &TraceReport, language: Language) -> String {
    let zh = language == Language::Zh;
    let mut text = if zh {
        format!(
            "文件共 {} 行，比对 {} 行（去重，大文件等距抽取）；检索交付 {} 次，共 {} 行。\n",
            report.rows_in_file, report.rows_compared, report.searched, report.searched_rows
        )
    } else {
        format!(
            "{} rows in the file, {} compared (each once; of a large file evenly spaced); {} deliveries with {} rows searched\n",
            report.rows_in_file, report.rows_compared, report.searched, report.searched_rows
        )
    };
    if report.deliveries.is_empty() {
        text.push_str(if zh {
            "没有哪次交付含有足以认定的行。\n"
        } else {
            "no delivery contained rows that could be recognised\n"
        });
    }
    for (at, found) in (1..).zip(report.deliveries.iter().take(PRINTED_MAX)) {
        delivery(&mut text, at, found, report.rows_compared, zh);
    }
    let more = report.deliveries.len().saturating_sub(PRINTED_MAX);
    if more > 0 {
        line(
            &mut text,
            zh,
            &format!("另有 {more} 次交付，见 --json。"),
            &format!("{more} more deliveries: see --json"),
        );
    }
    for found in &report.grants {
        let grant = found.grant.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let (rows, of, deliveries) = (found.found, report.rows_compared, found.deliveries);
        line(
            &mut text,
            zh,
            &format!("授权 {grant}：{deliveries} 次交付合计命中 {rows}/{of} 行"),
            &format!("grant {grant}: {rows} of {of} rows in {deliveries} deliveries together"),
        );
    }
    if report.without > 0 {
        let first: Vec<String> = report.without_first.iter().map(ToString::to_string).collect();
        let (count, first) = (report.without, first.join(", "));
        line(
            &mut text,
            zh,
            &format!("注意：{count} 次已记录的交付没有指纹（使用记录 {first}…），对其无从判断。"),
            &format!(
                "note: {count} recorded deliveries have no fingerprints (records {first} …); nothing can be said of them"
            ),
        );
    }
    for file in &report.broken_files {
        line(
            &mut text,
            zh,
            &format!("注意：索引文件 {file} 不完整或被改动，其后部分未检索。"),
            &format!("note: the index file {file} is cut short or was changed; what follows there was not searched"),
        );
    }
    text.truncate(text.trim_end().len());
    text
}

fn delivery(text: &mut String, at: usize, found: &TracedDelivery, of: u64, zh: bool) {
    let TracedDelivery { record, found: rows, only_here, delivered, .. } = found;
    let shown = |id: Option<String>| id.unwrap_or_else(|| "-".to_owned());
    let grant = shown(record.grant.map(|id| id.to_string()));
    let (system, organisation) = (shown(caller(found)), shown(record.organisation.map(|id| id.to_string())));
    let (chance, apart) = (probability(found.by_chance_log10), probability(found.apart_log10));
    let (index, moment, method) = (record.index, record.at, record.method.as_str());
    line(
        text,
        zh,
        &format!(
            "{at}. 使用记录 {index}，{moment}，{method}\n   授权 {grant}，调用方 {system}，部门 {organisation}\n   命中 {rows}/{of} 行（{only_here} 行为该授权独有），当次交付 {delivered} 行\n   偶然命中的概率 {chance}；若文件实出自其他授权，概率 {apart}"
        ),
        &format!(
            "{at}. usage record {index}, {moment}, {method}\n   grant {grant}, caller {system}, department {organisation}\n   {rows} of {of} rows found ({only_here} under no other grant), {delivered} rows delivered\n   probability by chance {chance}; if the file came from another grant {apart}"
        ),
    );
}

fn line(text: &mut String, zh: bool, chinese: &str, english: &str) {
    // Writing to a text does not fail.
    let _written = writeln!(text, "{}", if zh { chinese } else { english });
}

fn caller(found: &TracedDelivery) -> Option<String> {
    found.record.caller.map(|caller| match caller {
        Caller::System(id) => id.to_string(),
        Caller::Person(id) => id.to_string(),
    })
}

/// A probability by its decimal logarithm, never said smaller than it is.
fn probability(log10: f64) -> String {
    if log10 > -3.0 { format!("{:.3}", 10_f64.powf(log10)) } else { format!("≤ 10^{}", log10.ceil()) }
}
