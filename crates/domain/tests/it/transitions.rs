//! The golden tables: what really follows from each verb in each state, by calling the verbs and `apply`. And that the
//! `admits` tables, from which the console takes its buttons, say the same.

use crate::{golden, grants::grants, samples::*};
use shuqiao_domain::{
    Refusal, RefusalCode,
    catalogue::{self, Entry, EntryStateName, EntryVerb},
    grant::{self, Grant, GrantStateName, GrantVerb, RevocationGround},
    request::{self, Decision, Narrowing, Request, RequestStateName, RequestVerb},
};
use shuqiao_vocabulary::Date;

fn entry_state_zh(state: EntryStateName) -> &'static str {
    match state {
        EntryStateName::Draft => "编制中",
        EntryStateName::AwaitingHead => "待部门负责人审批",
        EntryStateName::Filed => "已报送",
        EntryStateName::Published => "已发布",
        EntryStateName::UpdateDraft => "已发布，更新编制中",
        EntryStateName::UpdateAwaitingHead => "已发布，更新待部门负责人审批",
        EntryStateName::UpdateFiled => "已发布，更新已报送",
        EntryStateName::RetirementAwaitingHead => "已发布，撤销待部门负责人审批",
        EntryStateName::RetirementFiled => "已发布，撤销已报送",
        EntryStateName::Retired => "已撤销",
    }
}

fn entry_verb_zh(verb: EntryVerb) -> &'static str {
    match verb {
        EntryVerb::Edit => "修改",
        EntryVerb::Submit => "提交审批",
        EntryVerb::Approve => "审批同意",
        EntryVerb::Return => "退回",
        EntryVerb::Publish => "审核发布",
        EntryVerb::Update => "更新",
        EntryVerb::Discard => "放弃更新",
        EntryVerb::ProposeRetirement => "拟撤销",
        EntryVerb::Retire => "审定撤销",
        EntryVerb::RecordChange => "登记调整变化",
        EntryVerb::AskExtension => "申请延期",
        EntryVerb::DecideExtension => "审定延期",
    }
}

fn request_state_zh(state: RequestStateName) -> &'static str {
    match state {
        RequestStateName::Draft => "拟制中",
        RequestStateName::AwaitingConsent => "待本部门机构负责人同意",
        RequestStateName::Received => "已收到",
        RequestStateName::SupplementAsked => "待补正",
        RequestStateName::Proposed => "待提供部门机构负责人同意",
        RequestStateName::Agreed => "已同意",
        RequestStateName::Refused => "不同意",
        RequestStateName::Withdrawn => "已撤回",
    }
}

fn request_verb_zh(verb: RequestVerb) -> &'static str {
    match verb {
        RequestVerb::Edit => "修改",
        RequestVerb::Submit => "提交",
        RequestVerb::Consent => "同意提出",
        RequestVerb::Decline => "退回经办",
        RequestVerb::Withdraw => "撤回",
        RequestVerb::AskSupplement => "一次性告知补正",
        RequestVerb::Supplement => "补正",
        RequestVerb::Propose => "提出答复意见",
        RequestVerb::ReturnProposal => "退回意见",
        RequestVerb::Decide => "同意答复",
        RequestVerb::AskExtension => "申请延期",
        RequestVerb::GrantExtension => "同意延期",
        RequestVerb::RefuseExtension => "不同意延期",
        RequestVerb::ConfirmDelivery => "确认提供",
        RequestVerb::ReportUndelivered => "反馈无法使用",
    }
}

fn grant_state_zh(state: GrantStateName) -> &'static str {
    match state {
        GrantStateName::Active => "有效",
        GrantStateName::Suspended => "已暂停",
        GrantStateName::Revoked => "已终止",
        GrantStateName::Expired => "已到期",
    }
}

/// One attempt: from where, what, and what came of it.
struct Row<S, V> {
    state: S,
    note: &'static str,
    verb: V,
    result: Result<S, RefusalCode>,
}

fn table<S: Copy, V: Copy>(
    heading: &str,
    rows: &[Row<S, V>],
    state: impl Fn(S) -> (&'static str, &'static str),
    verb: impl Fn(V) -> (&'static str, &'static str),
) -> String {
    let both = |(code, zh): (&str, &str)| format!("{code} {zh}");
    let mut cells =
        vec![vec!["# 现状 state".to_owned(), "说明 note".to_owned(), "动作 verb".to_owned(), "结果 result".to_owned()]];
    for (at, row) in rows.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &rows[before]);
        if before.is_none_or(|before| state(before.state) != state(row.state) || before.note != row.note) {
            cells.push(Vec::new());
        }
        let result = match row.result {
            Ok(next) => format!("-> {}", both(state(next))),
            Err(code) => format!("x  {code}"),
        };
        cells.push(vec![both(state(row.state)), row.note.to_owned(), both(verb(row.verb)), result]);
    }
    let legend =
        "# -> 后为下一状态；x 后为不予办理的代码。 After ->: the next state; after x: the code of the refusal.\n";
    format!("{heading}{legend}#\n{}", golden::columns(&cells))
}

/// Does this to an entry, with everything the verb asks for.
pub(crate) fn entry_attempt(entry: &Entry, verb: EntryVerb) -> Result<Entry, Refusal> {
    let read = structure();
    let event = match verb {
        EntryVerb::Edit => return catalogue::revise(entry.clone(), content()).map(|(revised, _)| revised),
        EntryVerb::Submit => catalogue::submit(entry, Some(&read), by_provider()),
        EntryVerb::Approve => catalogue::approve(entry, &calendar(), by_provider()),
        EntryVerb::Return => catalogue::send_back(entry, "请补充使用条件。", by_authority()),
        EntryVerb::Publish => {
            catalogue::publish(entry, Some(&read), "520000/000001".into(), announcement(), by_authority())
        }
        EntryVerb::Update => catalogue::begin_update(entry, by_provider()),
        EntryVerb::Discard => catalogue::discard_update(entry, by_provider()),
        EntryVerb::ProposeRetirement => catalogue::propose_retirement(entry, "职责划转。", 0, by_provider()),
        EntryVerb::Retire => catalogue::retire(entry, 0, announcement(), by_authority()),
        EntryVerb::RecordChange => changed(entry, "新法施行", today(), by_authority()),
        // The last two changes are those of `with_changes`.
        EntryVerb::AskExtension => {
            let change = entry.changes.len().saturating_sub(2);
            catalogue::ask_extension(entry, change, "系统改造需要时间。", &calendar(), by_provider())
        }
        EntryVerb::DecideExtension => {
            let change = entry.changes.len().saturating_sub(1);
            catalogue::decide_extension(entry, change, true, "同意。", &calendar(), by_authority())
        }
    }?;
    Ok(entry.clone().apply(&event))
}

/// Does this to a request, with everything the verb asks for.
pub(crate) fn request_attempt(request: &Request, entry: &Entry, verb: RequestVerb) -> Result<Request, Refusal> {
    let event = match verb {
        RequestVerb::Edit => return request::revise(request.clone(), asked()).map(|(revised, _)| revised),
        RequestVerb::Submit => request::submit(request, entry, today(), by_requester()),
        RequestVerb::Consent => request::consent(request, entry, &calendar(), by_requester()),
        RequestVerb::Decline => request::decline(request, "请写明依据条款。", by_requester()),
        RequestVerb::Withdraw => request::withdraw(request, "不再需要。", by_requester()),
        RequestVerb::AskSupplement => request::ask_supplement(request, &["委托书".into()], None, by_provider()),
        RequestVerb::Supplement => request::supplement(request, entry, "委托书见附件。", by_requester()),
        RequestVerb::Propose => request::propose(request, entry, agree(Narrowing::default()), by_provider()),
        RequestVerb::ReturnProposal => request::return_proposal(request, "请核对期限。", by_provider()),
        RequestVerb::AskExtension => {
            request::ask_extension(request, 10, "需向省级系统核对。", &calendar(), by_provider())
        }
        RequestVerb::GrantExtension => request::grant_extension(request, &calendar(), by_authority()),
        RequestVerb::RefuseExtension => request::refuse_extension(request, "理由不充分。", by_authority()),
        RequestVerb::ConfirmDelivery => request::confirm_delivery(request, by_requester()),
        RequestVerb::ReportUndelivered => request::report_undelivered(request, "接口无数据。", by_requester()),
        RequestVerb::Decide => match request::decide(request, entry, grant_id(), &calendar(), by_provider())? {
            Decision::Agreed(event, _) | Decision::Refused(event) => Ok(event),
        },
    }?;
    Ok(request.clone().apply(&event))
}

/// `None`: to try a call is no verb of the domain; the plane answers it.
fn grant_attempt(grant: &Grant, verb: GrantVerb, on: Date) -> Option<Result<Grant, Refusal>> {
    let ground = RevocationGround::PurposeEnded { text: "救助已结束。".into() };
    match verb {
        GrantVerb::Revoke => {
            let event = grant::revoke(grant, ground, stamp_on(provider(), 1, on));
            Some(event.map(|event| grant.clone().apply(&event)))
        }
        GrantVerb::Try => None,
    }
}

fn entry_rows() -> Vec<Row<EntryStateName, EntryVerb>> {
    let mut rows = Vec::new();
    for state in EntryStateName::ALL.iter().copied() {
        let entry = entry_in(state, content());
        for verb in EntryVerb::ALL.iter().copied() {
            let result = entry_attempt(&entry, verb).map(|next| next.state_name()).map_err(|refusal| refusal.code);
            rows.push(Row { state: entry.state_name(), note: "", verb, result });
        }
    }
    rows
}

fn request_rows() -> Vec<Row<RequestStateName, RequestVerb>> {
    let entry = published(content());
    let mut rows = Vec::new();
    for (state, note, request) in requests(&entry) {
        assert_eq!(request.state.name(), state, "the sample is what it says");
        for verb in RequestVerb::ALL.iter().copied() {
            let next = request_attempt(&request, &entry, verb);
            let result = next.map(|next| next.state.name()).map_err(|refusal| refusal.code);
            rows.push(Row { state, note, verb, result });
        }
    }
    rows
}

/// Every step a request can take: state, verb, next state.
pub(crate) fn request_steps() -> Vec<(RequestStateName, RequestVerb, RequestStateName)> {
    request_rows().into_iter().filter_map(|row| row.result.ok().map(|next| (row.state, row.verb, next))).collect()
}

#[test]
fn catalogue_transitions_are_the_golden_table() {
    let rows = entry_rows();
    let heading = "# 政务数据目录：各状态下各动作的结果（条例第十三条、第十六条、第十七条）\n\
                   # Catalogue entry: what follows from each verb in each state (Art. 13, 16, 17)\n";
    let text = table(
        heading,
        &rows,
        |state| (state.as_str(), entry_state_zh(state)),
        |verb| (verb.as_str(), entry_verb_zh(verb)),
    );
    golden::check("catalogue-transitions.txt", &text);
}

#[test]
fn request_transitions_are_the_golden_table() {
    let rows = request_rows();
    let heading = "# 共享申请：各状态下各动作的结果（条例第二十条至第二十二条）\n\
                   # Sharing request: what follows from each verb in each state (Art. 20-22)\n";
    let text = table(
        heading,
        &rows,
        |state| (state.as_str(), request_state_zh(state)),
        |verb| (verb.as_str(), request_verb_zh(verb)),
    );
    golden::check("request-transitions.txt", &text);
}

#[test]
fn grant_transitions_are_the_golden_table() {
    let mut rows = Vec::new();
    for (state, grant, on) in grants() {
        let result = grant_attempt(&grant, GrantVerb::Revoke, on).expect("revoking is a verb of the domain");
        let result = result.map(|next| next.state_on(noon(on))).map_err(|refusal| refusal.code);
        rows.push(Row { state, note: "", verb: GrantVerb::Revoke, result });
    }
    let heading = "# 授权：各状态下各动作的结果（条例第二十七条）；试用不改变状态，由数据面答复\n\
                   # Grant: what follows from each verb in each state (Art. 27); to try a call changes no state\n";
    let text = table(
        heading,
        &rows,
        |state| (state.as_str(), grant_state_zh(state)),
        |verb| match verb {
            GrantVerb::Revoke => (verb.as_str(), "终止"),
            GrantVerb::Try => (verb.as_str(), "试用"),
        },
    );
    golden::check("grant-transitions.txt", &text);
}

/// A state that admits a verb never refuses it for its state; one that does not, always does.
fn agrees(admitted: bool, refusal: Option<&Refusal>, pair: &str) {
    let for_its_state = refusal.is_some_and(|refusal| refusal.code == RefusalCode::NotInThisState);
    assert_eq!(admitted, !for_its_state, "{pair}: admits says {admitted}, the verb says {refusal:?}");
}

#[test]
fn entry_admits_what_the_verbs_do() {
    for row in entry_rows() {
        assert_eq!(
            catalogue::admits(row.state, row.verb),
            row.result.is_ok(),
            "{} × {}: {:?}",
            row.state,
            row.verb,
            row.result
        );
    }
}

#[test]
fn request_admits_what_the_verbs_do() {
    let entry = published(content());
    for state in RequestStateName::ALL.iter().copied() {
        for verb in RequestVerb::ALL.iter().copied() {
            let admitted = request::admits(state, verb);
            let mut succeeded = false;
            for (_, note, request) in requests(&entry).into_iter().filter(|(of, ..)| *of == state) {
                let result = request_attempt(&request, &entry, verb);
                agrees(admitted, result.as_ref().err(), &format!("{state} ({note}) × {verb}"));
                succeeded |= result.is_ok();
            }
            assert_eq!(admitted, succeeded, "{state} × {verb} is admitted and never succeeds, or the other way round");
        }
    }
}

/// What is offered succeeds for the sample, and what is not offered is refused: no button that can only fail.
#[test]
fn a_request_offers_what_can_be_done() {
    let entry = published(content());
    for (state, note, request) in requests(&entry) {
        for verb in RequestVerb::ALL.iter().copied() {
            let done = request_attempt(&request, &entry, verb);
            assert_eq!(request::offers(&request, verb), done.is_ok(), "{state} ({note}) × {verb}: {done:?}");
        }
    }
}

#[test]
fn grant_admits_what_the_verbs_do() {
    let states: Vec<_> = grants().into_iter().map(|(state, ..)| state).collect();
    assert_eq!(states, GrantStateName::ALL, "a sample for every state");
    for (state, grant, on) in grants() {
        assert_eq!(grant.state_on(noon(on)), state);
        for verb in GrantVerb::ALL.iter().copied() {
            let Some(result) = grant_attempt(&grant, verb, on) else { continue };
            agrees(grant::admits(state, verb), result.as_ref().err(), &format!("{state} × {verb}"));
        }
        assert_eq!(grant::admits(state, GrantVerb::Try), state == GrantStateName::Active, "only a live grant is tried");
    }
}

#[test]
fn a_refusal_for_the_state_names_verb_and_state() {
    let entry = published(content());
    for (state, _, request) in requests(&entry) {
        for verb in RequestVerb::ALL.iter().copied().filter(|verb| !request::admits(state, *verb)) {
            let refusal = request_attempt(&request, &entry, verb).expect_err("the state does not admit it");
            assert_eq!(refusal_line(&refusal), format!("not_in_this_state state={state} verb={verb}"));
        }
    }
}
