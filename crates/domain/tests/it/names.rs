//! Names that outlive us: events, refusals, problems (invariant 12, codes-are-forever).

use crate::golden;
use shuqiao_domain::{
    ProblemCode, RefusalCode, batch_task::BatchTaskEventName, case::CaseKind, catalogue::EntryEventName,
    grant::GrantEventName, request::RequestEventName,
};

fn all<T: Copy>(list: &[T], spelling: fn(T) -> &'static str) -> Vec<&'static str> {
    list.iter().map(|value| spelling(*value)).collect()
}

#[test]
fn event_names_are_for_ever() {
    golden::check_append_only(
        "event-names.txt",
        "# 事件名称，永不改变，只可增加 Names of events: for ever, append only\n",
        &[
            ("catalogue entry 目录", all(EntryEventName::ALL, EntryEventName::as_str)),
            ("sharing request 共享申请", all(RequestEventName::ALL, RequestEventName::as_str)),
            ("grant 授权", all(GrantEventName::ALL, GrantEventName::as_str)),
            ("case 案件", CaseKind::ALL.iter().flat_map(|kind| kind.events()).collect()),
            ("batch task 批量交换任务", all(BatchTaskEventName::ALL, BatchTaskEventName::as_str)),
        ],
    );
}

#[test]
fn refusal_codes_are_for_ever() {
    golden::check_append_only(
        "refusal-codes.txt",
        "# 不予办理的代码，永不改变，只可增加 Codes of refusals: for ever, append only\n",
        &[("refusal 不予办理", all(RefusalCode::ALL, RefusalCode::as_str))],
    );
}

#[test]
fn spellings_of_cases_are_for_ever() {
    let parts: Vec<(String, Vec<&'static str>)> = CaseKind::ALL
        .iter()
        .flat_map(|kind| {
            let prefix = vec![kind.as_str(), kind.prefix()];
            [
                (format!("{kind}"), prefix),
                (format!("{kind} states"), kind.states()),
                (format!("{kind} verbs"), kind.verbs()),
            ]
        })
        .collect();
    let parts: Vec<(&str, Vec<&'static str>)> =
        parts.iter().map(|(part, list)| (part.as_str(), list.clone())).collect();
    golden::check_append_only(
        "case-spellings.txt",
        "# 案件的种类、状态、操作，永不改变，只可增加 Kinds, states and verbs of cases: for ever, append only\n",
        &parts,
    );
}

#[test]
fn problem_codes_are_for_ever() {
    golden::check_append_only(
        "problem-codes.txt",
        "# 字段问题的代码，永不改变，只可增加 Codes of what is wrong with a field: for ever, append only\n",
        &[("problem 字段问题", all(ProblemCode::ALL, ProblemCode::as_str))],
    );
}
