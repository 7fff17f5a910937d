//! A history of a year's beginning, played through the use cases on a real store: the journal alone gives the same
//! scorecard as the state, and a row that somebody changed behind the node's back does not.

#[expect(dead_code, reason = "the samples serve the tests of the domain, and a few of them serve here")]
#[path = "../../../domain/tests/it/samples.rs"]
mod samples;

use super::{Recomputed, from_journal, from_state};
use crate::{
    App, AppError, Chance, Ctx, Edge, ExtensionAnswer, NewChange, regional,
    request_delivery::tests::{bare, organisation, record},
    view::{CaseView, EntryView, NoticeDays, RequestView},
};
use samples::{agree, content, day, names, noon, person, published, reason, refuse, submitted, unconditional_content};
use shuqiao_domain::{
    account::Person,
    case::{CaseAct, CaseMatter, Correction, CorrectionAct, Dispute, DisputeAct, Verdict},
    catalogue::{ChangeKind, Entry, EntryContent, EntryState},
    organisation::Organisation,
    request::{Narrowing, Proposal, Request, RequestContent, RequestState},
    scorecard::{IndicatorCode, Score},
};
use shuqiao_policy::{Permit, Principal};
use shuqiao_store::JournalQuery;
use shuqiao_vocabulary::{Date, GrantId, Moment, OrganisationKind, Role};
use std::cell::Cell;

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// The people of the history: number, organisation, role.
const PEOPLE: [(u8, u8, Role); 7] = [
    (1, 1, Role::DataOfficer),
    (2, 2, Role::DataOfficer),
    (3, 3, Role::AuthorityOfficer),
    (4, 1, Role::OfficeHead),
    (5, 2, Role::OfficeHead),
    (6, 3, Role::Auditor),
    (7, 1, Role::DepartmentHead),
];

pub(crate) fn house(number: u8) -> Organisation {
    let kind = if number == 3 { OrganisationKind::SharingAuthority } else { OrganisationKind::Department };
    Organisation { kind, ..organisation(number) }
}

pub(crate) struct World {
    pub(crate) app: App,
    acts: Cell<u64>,
    pub(crate) day: Cell<Date>,
}

impl World {
    pub(crate) fn ctx(&self, who: u8) -> Ctx {
        let (_, house_number, role) = PEOPLE[usize::from(who) - 1];
        let house = house(house_number);
        self.acts.set(self.acts.get() + 1);
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.acts.get().to_be_bytes());
        Ctx {
            edge: Edge { now: self.now(), request_id: "test".into(), chance: Chance::from_seed(seed) },
            principal: Principal {
                person: person(who),
                organisation: house.id,
                organisation_kind: house.kind,
                level: house.level,
                region: house.region,
                roles: [role].into(),
            },
            person_name: String::new(),
            idempotency: None,
        }
    }

    pub(crate) fn now(&self) -> Moment {
        noon(self.day.get()).plus_seconds(i64::try_from(self.acts.get() % 10_000).unwrap())
    }

    fn wait(&self, days: u64) {
        for _ in 0..days {
            self.day.set(self.day.get().tomorrow().unwrap());
        }
    }

    /// A request that waits for its office head's consent; every third is for what is shared without conditions.
    async fn waiting(&self, number: u8) -> Request {
        let entry = if number.is_multiple_of(3) { open_entry() } else { held(published(content())) };
        let period = |request: &Request| RequestContent {
            valid_from: Some(self.day.get()),
            valid_until: Some(day("2026-12-31")),
            ..request.content.clone()
        };
        let request = submitted(&entry);
        let request = Request {
            id: format!("req_{number:032x}").parse().unwrap(),
            number: format!("2026-{number:06}"),
            content: period(&request),
            ..request
        };
        self.write(async |tx, permit| drop(tx.request_insert(&request, permit).await.unwrap())).await;
        request
    }

    pub(crate) async fn write(&self, work: impl AsyncFnOnce(&mut shuqiao_store::Tx, &Permit)) {
        let permit = Permit::system("test", "a test writes");
        let mut tx = self.app.store.begin_write().await.unwrap();
        work(&mut tx, &permit).await;
        tx.commit(record()).await.unwrap();
    }

    async fn recomputed(&self, period: &str) -> Recomputed {
        self.app.scorecard_recomputed(&self.ctx(6), None, period.parse().unwrap()).await.unwrap()
    }
}

/// The entry without the samples' changes: they are not in the journal of this history.
fn held(entry: Entry) -> Entry {
    Entry { changes: Vec::new(), reviews: Vec::new(), ..entry }
}

/// Another entry, with an id and a number of its own.
fn numbered(digit: u8, content: EntryContent) -> Entry {
    let mut entry = held(published(content));
    entry.id = format!("cat_{digit:032x}").parse().unwrap();
    if let EntryState::Published { number, .. } = &mut entry.state {
        number.push_str(&digit.to_string());
    }
    entry
}

/// An entry that is shared without conditions.
fn open_entry() -> Entry {
    numbered(2, unconditional_content())
}

/// An entry that nobody asks for, and that changes.
fn changing_entry() -> Entry {
    numbered(3, content())
}

pub(crate) async fn world() -> (World, tempfile::TempDir) {
    let (app, _, folder) = bare().await;
    let world = World { app, acts: Cell::new(0), day: Cell::new(day("2026-01-05")) };
    world
        .write(async |tx, permit| {
            for number in 1..=3 {
                tx.organisation_insert(&house(number), permit).await.unwrap();
            }
            for (number, at, role) in PEOPLE {
                let person = Person {
                    id: person(number),
                    login: format!("person{number}"),
                    name: format!("甲{number}"),
                    organisation: house(at).id,
                    roles: [role].into(),
                    active: true,
                };
                tx.person_insert(&person, permit).await.unwrap();
            }
            for entry in [held(published(content())), open_entry(), changing_entry()] {
                tx.entry_insert(&entry, permit).await.unwrap();
            }
        })
        .await;
    (world, folder)
}

/// One request's life, as the dice fall.
async fn live(world: &World, dice: &mut Dice, number: u8) -> Result<(), AppError> {
    let (app, request) = (&world.app, world.waiting(number).await);
    let id = request.id;
    let seen = |view: &RequestView| view.request.revision;
    let mut view = app.request_consent(&world.ctx(5), id, 1).await?;
    world.wait(dice.throw(4));
    let asks = dice.throw(3) == 0;
    // What is over is not made longer.
    let runs = view.clock.as_ref().is_some_and(|shown| world.ctx(1).now() <= shown.clock.due);
    if dice.throw(3) == 0 && runs {
        view = app.request_ask_extension(&world.ctx(1), id, seen(&view), 5, "需向省级系统核对。").await?;
        view = match dice.throw(2) {
            0 => app.request_grant_extension(&world.ctx(3), id, seen(&view)).await?,
            _ => app.request_refuse_extension(&world.ctx(3), id, seen(&view), "理由不充分。").await?,
        };
    }
    if asks {
        let missing = ["委托书".to_owned()];
        view = app.request_ask_supplement(&world.ctx(1), id, seen(&view), &missing, None).await?;
        world.wait(dice.throw(5));
        view = app.request_supplement(&world.ctx(2), id, seen(&view), "见附件。").await?;
    }
    world.wait(dice.throw(14));
    let proposal = match dice.throw(6) {
        0 => return Ok(()),
        1 => return app.request_withdraw(&world.ctx(2), id, seen(&view), "不再需要。").await.map(drop),
        2 => refuse(vec![reason("超出职责范围。")]),
        _ => agree(Narrowing::default()),
    };
    let refuses = matches!(proposal, Proposal::Refuse { .. });
    view = app.request_propose(&world.ctx(1), id, seen(&view), proposal).await?;
    if dice.throw(4) == 0 {
        view = app.request_return_proposal(&world.ctx(4), id, seen(&view), "请复核。").await?;
        let again = if refuses { refuse(vec![reason("超出职责范围。")]) } else { agree(Narrowing::default()) };
        view = app.request_propose(&world.ctx(1), id, seen(&view), again).await?;
    }
    view = app.request_decide(&world.ctx(4), id, seen(&view)).await?;
    if refuses { disputed(world, dice, &view).await } else { delivered(world, dice, view).await }
}

async fn delivered(world: &World, dice: &mut Dice, mut view: RequestView) -> Result<(), AppError> {
    let (app, id) = (&world.app, view.request.value.id);
    let RequestState::Agreed { grant, .. } = view.request.value.state.clone() else { panic!("{view:?}") };
    world.wait(dice.throw(36));
    if dice.throw(4) == 0 {
        let seen = view.request.revision;
        view = app.request_report_undelivered(&world.ctx(2), id, seen, "无数据。").await?;
    }
    if dice.throw(4) > 0 {
        app.request_confirm_delivery(&world.ctx(2), id, view.request.revision).await?;
    }
    if dice.throw(2) == 0 { corrected(world, dice, grant).await } else { Ok(()) }
}

async fn corrected(world: &World, dice: &mut Dice, grant: GrantId) -> Result<(), AppError> {
    let matter = Correction {
        grant,
        items: names(&["person_name"]),
        rows: "证件号尾号 1234 的记录".into(),
        doubt: "姓名用字不一致".into(),
        proposal: String::new(),
        evidence: "窗口核验记录".into(),
    };
    let case = world.app.case_open(&world.ctx(2), CaseMatter::Correction(matter)).await?;
    world.wait(dice.throw(20));
    let (who, act) = match dice.throw(4) {
        0 => return Ok(()),
        1 => (2, CorrectionAct::Withdraw { reason: "已核实。".into() }),
        _ => (1, CorrectionAct::Answer { verdict: Verdict::Corrected, finding: "已更正。".into() }),
    };
    act_in(world, &case, who, CaseAct::Correction(act)).await
}

async fn disputed(world: &World, dice: &mut Dice, view: &RequestView) -> Result<(), AppError> {
    if dice.throw(3) == 0 {
        return Ok(());
    }
    let matter = Dispute {
        request: Some(view.request.value.id),
        grant: None,
        position: "依法履职所需。".into(),
        demand: "请予共享。".into(),
    };
    let case = world.app.case_open(&world.ctx(5), CaseMatter::Dispute(matter)).await?;
    if dice.throw(2) == 0 {
        return Ok(());
    }
    act_in(world, &case, 5, CaseAct::Dispute(DisputeAct::Withdraw { reason: "已协商。".into() })).await
}

async fn act_in(world: &World, case: &CaseView, who: u8, act: CaseAct) -> Result<(), AppError> {
    let found = &case.hit.case;
    world.app.case_act(&world.ctx(who), found.value.id(), found.revision, act).await.map(drop)
}

/// Changes that an entry must follow, with an extension as the dice fall; the last is answered, sent back, filed again and
/// retired.
async fn changes(world: &World, dice: &mut Dice) -> Result<(), AppError> {
    let (app, entry) = (&world.app, changing_entry().id);
    let mut view = app.entry_fetch(&world.ctx(1), entry).await?;
    let seen = |view: &EntryView| view.entry.revision;
    for place in 0..4 {
        let occurred = world.day.get();
        world.wait(dice.throw(3));
        let new = NewChange { kind: ChangeKind::LawChanged, title: "社会救助法修订".into(), occurred };
        view = app.entry_record_change(&world.ctx(1), entry, seen(&view), new).await?;
        if dice.throw(2) == 0 {
            view = app.entry_ask_extension(&world.ctx(1), entry, seen(&view), place, "涉及多个系统。").await?;
            let answer = ExtensionAnswer { consent: dice.throw(3) > 0, opinion: "已核。".into() };
            view = app.entry_decide_extension(&world.ctx(3), entry, seen(&view), place, &answer).await?;
        }
        world.wait(dice.throw(6));
    }
    for returned in [true, false] {
        view = app.entry_propose_retirement(&world.ctx(1), entry, seen(&view), "职责已划转。").await?;
        world.wait(dice.throw(9));
        view = app.entry_approve(&world.ctx(7), entry, seen(&view)).await?;
        if returned {
            view = app.entry_return(&world.ctx(3), entry, seen(&view), "请说明去向。").await?;
        }
    }
    app.entry_retire(&world.ctx(3), entry, seen(&view)).await.map(drop)
}

/// A notice that comes late: the next five days are off in the region, and open clocks follow.
async fn late_notice(world: &World, number: u8) {
    let mut date = world.day.get();
    let mut off = Vec::new();
    for _ in 0..5 {
        date = date.tomorrow().unwrap();
        off.push(date);
    }
    let days = NoticeDays { off: off.into_iter().collect(), work: std::collections::BTreeSet::new() };
    let notice = regional("5203".parse().unwrap(), format!("遵府办函〔2026〕{number}号"), String::new(), days);
    world.app.calendar_notice_add(&world.ctx(3), notice).await.unwrap();
}

/// A history of so many requests from this seed.
pub(crate) async fn played(seed: u64, requests: u8) -> (World, tempfile::TempDir) {
    let (world, folder) = world().await;
    let mut dice = Dice(seed);
    for number in 1..=requests {
        // They overlap: each begins a few days after the one before began.
        let begun = world.day.get();
        live(&world, &mut dice, number).await.unwrap();
        world.day.set(begun);
        if number.is_multiple_of(7) {
            late_notice(&world, number).await;
        }
        world.wait(dice.throw(6));
    }
    changes(&world, &mut dice).await.unwrap();
    world.day.set(day("2026-08-03"));
    (world, folder)
}

/// Runs a history on a stack with room: unoptimised futures within futures take most of a test's own, and Cedar denies
/// rather than to run out of it.
pub(crate) fn with_room<F: Future<Output = ()>>(history: impl FnOnce() -> F + Send + 'static) {
    let run = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(history());
    std::thread::Builder::new().stack_size(64 << 20).spawn(run).unwrap().join().unwrap();
}

fn of(scores: &[Score], code: IndicatorCode) -> &Score {
    scores.iter().find(|score| score.code == code).unwrap()
}

#[test]
fn the_journal_alone_gives_the_same_scorecard() {
    with_room(journal_and_state_agree);
}

async fn journal_and_state_agree() {
    for seed in [11, 2_026, 809_809] {
        let (world, _folder) = played(seed, 30).await;
        let mut conn = world.app.store.begin_read().await.unwrap();
        let moved = JournalQuery { event: Some("ClockRecomputed".to_owned()), ..JournalQuery::default() };
        assert!(!conn.journal_list(&moved).await.unwrap().items.is_empty(), "seed {seed}: the notice moved no clock");
        let state = from_state::facts(&mut conn, None).await.unwrap();
        let journal = from_journal::facts(&mut conn).await.unwrap();
        drop(conn);
        assert_eq!(state, journal, "seed {seed}");
        assert_eq!(state.replies.len(), 30, "seed {seed}");
        for period in ["2026", "2026-Q1", "2026-02"] {
            let both = world.recomputed(period).await;
            assert_eq!(both.shown, both.recomputed, "seed {seed} {period}");
            assert!(both.pairs().all(|(_, _, agrees)| agrees));
        }
        let year = world.recomputed("2026").await.shown;
        use IndicatorCode as I;
        for code in [I::C4, I::S2, I::S3Mean, I::S4, I::S5, I::S6, I::S7, I::Q4] {
            assert!(of(&year.scores, code).denominator() > 0, "seed {seed}: {code} counts nothing");
        }
    }
}

#[test]
fn a_row_changed_behind_the_nodes_back_does_not_agree() {
    with_room(a_changed_row_differs);
}

async fn a_changed_row_differs() {
    let (world, _folder) = played(11, 30).await;
    let year = world.recomputed("2026").await.shown;
    let late =
        of(&year.scores, IndicatorCode::S2).cases.iter().find(|case| !case.counts && case.working_days.is_some());
    let id = late.expect("somebody replied late").case.id.parse().unwrap();
    let found = world.app.store.begin_read().await.unwrap().request_fetch(id).await.unwrap();
    let mut request = found.value;
    let received = request.state.reception().unwrap().consent.at;
    match &mut request.state {
        RequestState::Agreed { decided, .. } | RequestState::Refused { decided, .. } => decided.at = received,
        other => panic!("{other:?}"),
    }
    world.write(async |tx, permit| drop(tx.request_save(&request, found.revision, permit).await.unwrap())).await;
    let both = world.recomputed("2026").await;
    let differ: Vec<_> = both.pairs().filter(|(_, _, agrees)| !agrees).map(|(shown, _, _)| shown.code).collect();
    assert!(differ.contains(&IndicatorCode::S2), "{differ:?}");
    assert!(!differ.contains(&IndicatorCode::Q4), "{differ:?}");
    let (shown, recomputed, _) = both.pairs().find(|(shown, _, _)| shown.code == IndicatorCode::S2).unwrap();
    assert_eq!(shown.numerator(), recomputed.numerator() + 1);
}

#[tokio::test]
async fn a_department_sees_its_own_and_recomputes_nothing() {
    let (world, _folder) = world().await;
    let period = || "2026".parse().unwrap();
    let (own, other) = (Some(house(1).id), Some(house(2).id));
    world.app.scorecard(&world.ctx(1), own, period()).await.unwrap();
    for unit in [other, None] {
        let answer = world.app.scorecard(&world.ctx(1), unit, period()).await;
        assert!(matches!(answer, Err(AppError::Denied(_))), "{answer:?}");
    }
    let answer = world.app.scorecard_recomputed(&world.ctx(1), own, period()).await;
    assert!(matches!(answer, Err(AppError::Denied(_))), "{answer:?}");
    for who in [3, 6] {
        world.app.scorecard(&world.ctx(who), other, period()).await.unwrap();
        world.app.scorecard_recomputed(&world.ctx(who), None, period()).await.unwrap();
    }
}
