//! What no sequence of steps can reach, whoever takes them, with whatever they write.

use crate::{samples::*, transitions::request_steps};
use proptest::{prelude::*, sample::Index};
use shuqiao_domain::{
    Stamp,
    catalogue::Entry,
    grant::{self, Grant, GrantStateName, RevocationGround, Terms, terms},
    law,
    request::{
        self, Decision, Extension, ExtensionDecision, Narrowing, Proposal, Reception, Request, RequestContent,
        RequestEvent, RequestState, RequestStateName, RequestVerb,
    },
};
use shuqiao_vocabulary::{Condition, Date, ItemName, Literal, Mask, RowFilter, SharingMethod, Test};
use std::sync::LazyLock;

static ENTRY: LazyLock<Entry> = LazyLock::new(|| published(content()));
static STEPS: LazyLock<Vec<(RequestStateName, RequestVerb, RequestStateName)>> = LazyLock::new(request_steps);

fn any_item() -> impl Strategy<Value = ItemName> {
    let mut known: Vec<ItemName> = content().items.into_iter().map(|item| item.name).collect();
    known.push(item_name("no_such_item"));
    proptest::sample::select(known)
}

fn any_mask() -> impl Strategy<Value = Mask> {
    prop_oneof![
        (0_u8..8, 0_u8..8).prop_map(|(head, tail)| Mask::KeepEnds { head, tail }),
        Just(Mask::KeyedHash),
        Just(Mask::YearOnly),
        (0_u8..8).prop_map(|digits| Mask::RegionOnly { digits }),
        Just(Mask::Redact),
    ]
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let literal = prop_oneof![
        Just(text_literal("5203")),
        Just(text_literal("")),
        (-3_i64..3).prop_map(Literal::Integer),
        Just(Literal::Date(today())),
        any::<bool>().prop_map(Literal::Boolean),
    ];
    let test = prop_oneof![
        literal.clone().prop_map(Test::Equals),
        prop::collection::vec(literal.clone(), 0..3).prop_map(Test::OneOf),
        (prop::option::of(literal.clone()), prop::option::of(literal))
            .prop_map(|(from, to)| Test::Between { from, to }),
        prop_oneof![Just("52"), Just("5203"), Just("")].prop_map(|prefix| Test::StartsWith(prefix.into())),
    ];
    prop_oneof![
        Just(in_region("5203")),
        Just(in_region("520302")),
        (any_item(), test).prop_map(|(item, test)| Condition { item, test })
    ]
}

/// Days before and after the sample's, over holidays and past the period of use.
fn any_day() -> impl Strategy<Value = shuqiao_vocabulary::Date> {
    prop_oneof![
        Just("2025-12-31"),
        Just("2026-02-14"),
        Just("2026-03-10"),
        Just("2026-09-30"),
        Just("2027-03-09"),
        Just("2027-03-10"),
        Just("2030-01-01"),
    ]
    .prop_map(day)
}

/// A valid request, an aberrant one, or one that asks for somewhat more or less.
fn any_asked() -> impl Strategy<Value = RequestContent> {
    let varied = (
        prop::collection::vec(any_item(), 0..5),
        prop::collection::vec(any_condition(), 0..3),
        (0_u32..60, 0_u32..600, 0_u64..110_000),
        (any_day(), any_day()),
        prop::option::of(proptest::sample::select(SharingMethod::ALL)),
        any::<bool>(),
    )
        .prop_map(|(items, rows, limits, period, method, attested)| RequestContent {
            items,
            rows: RowFilter(rows),
            calls_per_second: limits.0,
            rows_per_call: limits.1,
            rows_per_day: limits.2,
            valid_from: Some(period.0),
            valid_until: Some(period.1),
            method,
            attested,
            ..asked()
        });
    let fewer = (1_usize..4, 1_u32..11).prop_map(|(items, calls_per_second)| {
        let mut content = RequestContent { calls_per_second, ..asked() };
        content.items.truncate(items);
        content
    });
    prop_oneof![3 => Just(asked()), 2 => fewer, 2 => varied]
}

fn any_narrowing() -> impl Strategy<Value = Narrowing> {
    (
        prop::option::weighted(0.3, prop::collection::vec(any_item(), 0..4)),
        prop::option::weighted(0.3, prop::collection::vec(any_condition(), 0..3).prop_map(RowFilter)),
        prop::option::weighted(0.3, 0_u32..15),
        prop::option::weighted(0.3, 0_u32..120),
        prop::option::weighted(0.3, 0_u64..12_000),
        prop::option::weighted(0.3, any_day()),
        prop::collection::vec((any_item(), any_mask()), 0..2),
    )
        .prop_map(|(items, rows, calls_per_second, rows_per_call, rows_per_day, valid_until, masks)| Narrowing {
            items,
            rows,
            calls_per_second,
            rows_per_call,
            rows_per_day,
            valid_until,
            masks,
        })
}

fn any_proposal() -> impl Strategy<Value = Proposal> {
    let reasons = prop::collection::vec(prop_oneof![3 => Just("用途不需要。"), 1 => Just(" ")], 0..3);
    prop_oneof![
        2 => Just(agree(Narrowing::default())),
        2 => any_narrowing().prop_map(agree),
        1 => reasons.prop_map(|texts| refuse(texts.into_iter().map(reason).collect())),
    ]
}

/// One step: a verb that the state admits, or any at all; and what is written with it.
#[derive(Clone, Debug)]
struct Step {
    admitted: bool,
    pick: Index,
    content: RequestContent,
    proposal: Proposal,
    text: &'static str,
    later_days: i64,
    more_days: u16,
    answer_by: Option<Date>,
}

fn any_step() -> impl Strategy<Value = Step> {
    let text = prop_oneof![6 => Just("见说明。"), 1 => Just(" ")];
    let days = prop_oneof![8 => 0_i64..3, 1 => 100_i64..500];
    let answer_by = prop::option::weighted(0.3, any_day());
    let said = (any_asked(), any_proposal(), text);
    (prop::bool::weighted(0.8), any::<Index>(), said, days, 0_u16..12, answer_by).prop_map(
        |(admitted, pick, (content, proposal, text), later_days, more_days, answer_by)| Step {
            admitted,
            pick,
            content,
            proposal,
            text,
            later_days,
            more_days,
            answer_by,
        },
    )
}

/// Withdrawing ends a walk, so it is rarer than what leads on.
fn verb_of(step: &Step, state: RequestStateName) -> RequestVerb {
    let leads_on = |verb: &RequestVerb| *verb != RequestVerb::Withdraw || step.later_days > 2;
    let admitted: Vec<_> =
        RequestVerb::ALL.iter().copied().filter(|verb| request::admits(state, *verb) && leads_on(verb)).collect();
    if step.admitted && !admitted.is_empty() {
        return *step.pick.get(&admitted);
    }
    *step.pick.get(RequestVerb::ALL)
}

/// Takes the step; `None` when the rules say no.
fn take(request: &Request, verb: RequestVerb, step: &Step, by: Stamp) -> Option<(Request, Option<Grant>)> {
    let entry = &*ENTRY;
    let event = match verb {
        RequestVerb::Edit => {
            return request::revise(request.clone(), step.content.clone()).ok().map(|(revised, _)| (revised, None));
        }
        RequestVerb::Decide => {
            let (event, grant) = match request::decide(request, entry, grant_id(), &calendar(), by).ok()? {
                Decision::Agreed(event, grant) => (event, Some(*grant)),
                Decision::Refused(event) => (event, None),
            };
            return Some((request.clone().apply(&event), grant));
        }
        RequestVerb::Submit => request::submit(request, entry, by.at.date(), by),
        RequestVerb::Consent => request::consent(request, entry, &calendar(), by),
        RequestVerb::Decline => request::decline(request, step.text, by),
        RequestVerb::Withdraw => request::withdraw(request, step.text, by),
        RequestVerb::AskSupplement => request::ask_supplement(request, &[step.text.into()], step.answer_by, by),
        RequestVerb::AskExtension => request::ask_extension(request, step.more_days, step.text, &calendar(), by),
        RequestVerb::GrantExtension => request::grant_extension(request, &calendar(), by),
        RequestVerb::RefuseExtension => request::refuse_extension(request, step.text, by),
        RequestVerb::ConfirmDelivery => request::confirm_delivery(request, by),
        RequestVerb::ReportUndelivered => request::report_undelivered(request, step.text, by),
        RequestVerb::Supplement => request::supplement(request, entry, step.text, by),
        RequestVerb::Propose => request::propose(request, entry, step.proposal.clone(), by),
        RequestVerb::ReturnProposal => request::return_proposal(request, step.text, by),
    };
    event.ok().map(|event: RequestEvent| (request.clone().apply(&event), None))
}

/// Nothing in the terms is more than was asked, or more open than the entry gives it.
fn assert_within(terms: &Terms, asked: &RequestContent) {
    assert!(!terms.items.is_empty());
    for (at, item) in terms.items.iter().enumerate() {
        assert!(asked.items.contains(&item.name), "{} was not asked for", item.name);
        assert!(terms.items[..at].iter().all(|before| before.name != item.name), "{} stands twice", item.name);
    }
    for item in terms.items.iter().chain(&terms.row_items) {
        let own = ENTRY.content.item(&item.name).expect("an item of the entry").mask.clone();
        assert!(own.is_none() || own == item.mask || item.mask == Some(Mask::Redact), "{} lost its mask", item.name);
    }
    assert!(asked.rows.0.iter().all(|condition| terms.rows.0.contains(condition)), "a row condition was lost");
    assert!(
        terms
            .rows
            .0
            .iter()
            .all(|condition| { terms.items.iter().chain(&terms.row_items).any(|item| item.name == condition.item) })
    );
    assert!((1..=asked.calls_per_second).contains(&terms.calls_per_second));
    assert!((1..=asked.rows_per_call).contains(&terms.rows_per_call));
    assert!((1..=asked.rows_per_day).contains(&terms.rows_per_day));
    assert!(Some(terms.valid_from) == asked.valid_from && terms.valid_from <= terms.valid_until);
    assert!(Some(terms.valid_until) <= asked.valid_until);
    assert!(Some(terms.method) == asked.method && terms.systems == asked.systems);
}

/// What one walk has seen so far.
#[derive(Default)]
struct Walk {
    receipt: Option<(Reception, RequestContent)>,
    notices: usize,
    granted: usize,
}

impl Walk {
    fn look(&mut self, before: &Request, verb: RequestVerb, after: &Request, grant: Option<&Grant>) {
        let step = (before.state.name(), verb, after.state.name());
        assert!(STEPS.contains(&step), "{step:?} is not in the golden table");
        // To report the same twice at the same moment says nothing new.
        let says_again = [RequestVerb::Edit, RequestVerb::ReportUndelivered].contains(&verb);
        assert!(says_again || before.state != after.state, "{step:?} was allowed and changed nothing");
        self.look_at_extension(before, verb, after);
        look_at_delivery(before, verb, after);
        if let RequestState::Proposed { proposal: Proposal::Agree { .. }, by, .. } = &after.state {
            let found = request::problems(&after.content, &ENTRY, by.at.date());
            assert!(found.is_empty(), "to be agreed to although incomplete: {}", lines(&found));
        }
        if verb == RequestVerb::AskSupplement {
            self.notices += 1;
        }
        assert!(self.notices <= 1, "a second notice of what is missing");
        if let (None, Some(reception)) = (&self.receipt, after.state.reception()) {
            self.receipt = Some((reception.clone(), after.content.clone()));
        }
        if let Some((at_receipt, _)) = &self.receipt {
            let now = after.state.reception().expect("the reception is never lost");
            let bytes = |reception: &Reception| format!("{:?} {:?}", reception.clock, reception.consent);
            assert_eq!(bytes(now), bytes(at_receipt), "clock and consent stay as they were at receipt");
        }
        let agreed_now =
            (before.state.name(), after.state.name()) == (RequestStateName::Proposed, RequestStateName::Agreed);
        assert_eq!(grant.is_some(), agreed_now, "agreeing is granting");
        self.look_at_decision(after, grant);
    }

    /// Granted once, in time, by ten days at most; and the extended clock is never lost.
    fn look_at_extension(&mut self, before: &Request, verb: RequestVerb, after: &Request) {
        if verb == RequestVerb::GrantExtension {
            self.granted += 1;
        }
        assert!(self.granted <= 1, "extended twice");
        let (Some(before), Some(after)) = (before.state.reception(), after.state.reception()) else { return };
        assert!(after.running().due >= before.running().due, "an extended clock is never shortened");
        assert!(after.running().working_days <= after.clock.working_days + law::REPLY_EXTENSION.days);
        assert_eq!(after.running().started, after.clock.started);
        if let Some(Extension { decision: ExtensionDecision::Granted { by, clock, notified }, .. }) = &after.extension {
            assert!(
                by.at <= after.clock.due && after.clock.due < clock.due && *notified == by.at,
                "the requester is told with the decision"
            );
        }
    }

    fn look_at_decision(&self, after: &Request, grant: Option<&Grant>) {
        if let Some(grant) = grant {
            let (_, consented) = self.receipt.as_ref().expect("only what was received is agreed to");
            assert_within(&grant.terms, &after.content);
            assert_within(
                &grant.terms,
                &RequestContent {
                    systems: grant.terms.systems.clone(),
                    valid_from: Some(grant.terms.valid_from),
                    ..consented.clone()
                },
            );
            assert!(consented.valid_from <= Some(grant.terms.valid_from), "earlier than was consented to");
            assert!(grant.terms.systems.iter().all(|system| consented.systems.contains(system)));
            let shared = |item: &grant::TermsItem| {
                request::problems(&RequestContent { items: vec![item.name.clone()], ..asked() }, &ENTRY, today())
            };
            assert!(grant.terms.items.iter().all(|item| shared(item).is_empty()), "an item that is not shared");
            assert!(grant.agreed.at.date() <= grant.terms.valid_until, "over before it begins");
        }
        if let RequestState::Refused { proposal, .. } = &after.state {
            let Proposal::Refuse { reasons, .. } = proposal else { panic!("refused by a proposal to agree") };
            assert!(!reasons.is_empty() && reasons.iter().all(|reason| !reason.text.trim().is_empty()));
        }
    }
}

/// From the agreement on its clock is there, as it was set; a stopped one stays stopped.
fn look_at_delivery(before: &Request, verb: RequestVerb, after: &Request) {
    let delivery = after.state.delivery();
    assert_eq!(delivery.is_some(), after.state.name() == RequestStateName::Agreed, "no agreement without its clock");
    if let (Some(before), Some(after)) = (before.state.delivery(), delivery) {
        assert_eq!(before.clock, after.clock, "the clock of delivery stays as it was set");
        assert!(before.settled.is_none(), "{verb} after the clock had stopped");
        assert_eq!(after.settled.is_some(), verb == RequestVerb::ConfirmDelivery);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_walk_leaves_the_table_or_loses_a_clock(steps in prop::collection::vec(any_step(), 1..40)) {
        let mut request = request_draft(&ENTRY);
        let mut walk = Walk::default();
        let mut at = noon(today());
        for step in &steps {
            at = at.plus_seconds(step.later_days * 86_400);
            let verb = verb_of(step, request.state.name());
            let by = Stamp { at, ..by_provider() };
            if let Some((next, grant)) = take(&request, verb, step, by) {
                walk.look(&request, verb, &next, grant.as_ref());
                request = next;
            }
        }
    }

    #[test]
    fn narrowing_never_widens(asked in any_asked(), narrowing in any_narrowing()) {
        if let Ok(narrow) = terms(&asked, &ENTRY, &narrowing) {
            assert_within(&narrow, &asked);
            if let Ok(whole) = terms(&asked, &ENTRY, &Narrowing::default()) {
                assert!(narrow.items.len() <= whole.items.len() && narrow.rows.0.len() >= whole.rows.0.len());
                assert!(narrow.rows_per_day <= whole.rows_per_day && narrow.valid_until <= whole.valid_until);
            }
        }
    }

    #[test]
    fn a_grant_never_leaves_revoked(
        steps in prop::collection::vec((0_usize..3, prop_oneof![Just("见说明。"), Just("")], 0_i64..200), 1..12),
    ) {
        let mut grant = active();
        let terms = grant.terms.clone();
        let mut at = noon(today());
        for (kind, text, later_days) in steps {
            at = at.plus_seconds(later_days * 86_400);
            let text = text.to_owned();
            let ground = match kind {
                0 => RevocationGround::Misuse { text },
                1 => RevocationGround::PurposeEnded { text },
                _ => RevocationGround::Negotiated { text: "已协商。".into(), filing_number: text },
            };
            let before = (grant.state_on(at), grant.state.clone());
            if let Ok(event) = grant::end(&grant, ground, Stamp { at, ..by_provider() }) {
                assert_ne!(before.0, GrantStateName::Revoked, "what has ended ends no second time");
                grant = grant.apply(&event);
                assert_eq!(grant.state_on(at), GrantStateName::Revoked);
            }
            if before.0 == GrantStateName::Revoked {
                assert_eq!(before.1, grant.state, "by whom and why stays");
            }
        }
        assert_eq!(grant.terms, terms, "ending changes no terms");
    }
}

/// The walks really get somewhere: otherwise the properties above would hold of nothing.
#[test]
fn walks_reach_every_state() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let strategy = prop::collection::vec(any_step(), 1..40);
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..400 {
        let steps = strategy.new_tree(&mut runner).unwrap().current();
        let mut request = request_draft(&ENTRY);
        for step in &steps {
            reached.insert(request.state.name());
            let verb = verb_of(step, request.state.name());
            if let Some((next, _)) = take(&request, verb, step, by_provider()) {
                request = next;
            }
        }
        reached.insert(request.state.name());
    }
    assert!(reached.iter().eq(RequestStateName::ALL), "{reached:?}");
}
