//! The circular of an evaluation: of what it can be made, by whom, and that it prints what was counted.

use super::*;
use crate::{
    port::PressFailure,
    scorecard::tests::{World, house, played, with_room, world},
};
use shuqiao_domain::{RefusalCode, scorecard::IndicatorCode};
use shuqiao_policy::Principal;
use shuqiao_store::Tx;
use shuqiao_vocabulary::{OrganisationKind, Role, paper::Block};

/// The people of the history: an officer of a department, one of the authority, an auditor.
const OFFICER: u8 = 1;
const AUTHORITY: u8 = 3;
const AUDITOR: u8 = 6;

fn evaluation(authority: u8, period: &str) -> PaperSubject {
    PaperSubject::Evaluation { authority: house(authority).id, period: period.parse().unwrap() }
}

impl World {
    async fn issue(&self, ctx: &Ctx, subject: PaperSubject) -> Result<PaperView, AppError> {
        self.app.paper_issue(ctx, PaperKind::EvaluationCircular, subject).await
    }

    /// What the circular of this period would say now, and under which revision.
    async fn circular(&self, period: &str) -> (u64, PaperContent) {
        let ctx = self.ctx(AUTHORITY);
        let (matter, _) = self.app.paper_matter(&ctx, evaluation(3, period), Action::PaperIssue).await.unwrap();
        let (content, issuer) = matter.content(PaperKind::EvaluationCircular, &ctx).unwrap();
        assert_eq!(issuer, house(3).id);
        (matter.revision, content)
    }

    async fn department(&self, number: u8, region: &str) -> Organisation {
        let one = Organisation { region: region.parse().unwrap(), name: format!("{region}第{number}局"), ..house(2) };
        let one = Organisation { id: format!("org_{number:032x}").parse().unwrap(), ..one };
        self.write(async |tx: &mut Tx, permit| tx.organisation_insert(&one, permit).await.unwrap()).await;
        one
    }
}

/// The cells of all tables but the last, which says what the indicators mean.
fn cells(content: &PaperContent) -> Vec<Vec<String>> {
    let tables = content.blocks.iter().filter_map(|block| match block {
        Block::Table { rows, .. } => Some(rows.clone()),
        _ => None,
    });
    let mut tables: Vec<_> = tables.collect();
    tables.pop();
    tables.concat()
}

#[tokio::test]
async fn only_a_quarter_or_a_year_that_is_over_has_a_circular() {
    let (world, _folder) = world().await;
    world.day.set("2026-08-03".parse().unwrap());
    let ctx = world.ctx(AUTHORITY);
    for period in ["2026-Q3", "2026", "2026-07", "2027-Q1"] {
        let refused = world.issue(&ctx, evaluation(3, period)).await;
        let Err(AppError::Refused(refusal)) = refused else { panic!("{period}: {refused:?}") };
        assert_eq!(refusal.code, RefusalCode::PeriodNotEvaluated, "{period}");
        assert_eq!(world.app.paper_list(&ctx, evaluation(3, period)).await.unwrap().kinds, [], "{period}");
    }
    for period in ["2026-Q2", "2025"] {
        let listed = world.app.paper_list(&ctx, evaluation(3, period)).await.unwrap();
        assert_eq!(listed.kinds, [PaperKind::EvaluationCircular], "{period}");
        // It gets as far as the press, which these tests do not have.
        let printed = world.issue(&ctx, evaluation(3, period)).await;
        assert!(matches!(printed, Err(AppError::PressFailed(PressFailure::WorkerMissing))), "{period}: {printed:?}");
    }
    let other = world.app.paper_issue(&ctx, PaperKind::UsageReport, evaluation(3, "2026-Q2")).await;
    assert!(matches!(other, Err(AppError::Refused(refusal)) if refusal.code == RefusalCode::PaperNotFitting));
}

#[tokio::test]
async fn only_the_authoritys_own_officers_have_it_made() {
    let (world, _folder) = world().await;
    world.day.set("2026-08-03".parse().unwrap());
    let circular = evaluation(3, "2026-Q2");
    let officer = world.ctx(AUTHORITY);
    // An authority of another city, which is none of this one's business.
    let principal = Principal {
        organisation: house(9).id,
        organisation_kind: OrganisationKind::SharingAuthority,
        region: "5201".parse().unwrap(),
        roles: [Role::AuthorityOfficer].into(),
        ..officer.principal.clone()
    };
    let foreign = Ctx { principal, ..world.ctx(AUTHORITY) };
    for stranger in [&world.ctx(OFFICER), &foreign] {
        let answers =
            [world.issue(stranger, circular).await.map(drop), world.app.paper_list(stranger, circular).await.map(drop)];
        for answer in answers {
            assert!(matches!(&answer, Err(AppError::Denied(denied)) if !denied.visible), "{answer:?}");
        }
    }
    // Auditors read what was made, and make none.
    let auditor = world.ctx(AUDITOR);
    assert_eq!(world.app.paper_list(&auditor, circular).await.unwrap().kinds, []);
    let answer = world.issue(&auditor, circular).await;
    assert!(matches!(answer, Err(AppError::Denied(_))), "{answer:?}");
    // A department evaluates nobody, whoever asks.
    let answer = world.app.paper_list(&auditor, evaluation(2, "2026-Q2")).await;
    assert!(matches!(answer, Err(AppError::NotFound)), "{answer:?}");
}

#[test]
fn it_prints_what_was_counted_and_changed_numbers_are_another_one() {
    with_room(printed_as_counted);
}

async fn printed_as_counted() {
    let (world, _folder) = played(11, 12).await;
    let (inside, outside) = (world.department(21, "520302").await, world.department(22, "5201").await);
    world.day.set("2027-01-05".parse().unwrap());
    let (revision, content) = world.circular("2026").await;
    let rows = cells(&content);
    let lines = |name: &str| rows.iter().filter(|row| row[0] == name).cloned().collect::<Vec<_>>();
    assert_eq!((lines(&inside.name).len(), lines(&outside.name).len()), (3, 0), "of the own region, and no other");
    assert!(lines(&house(3).name).is_empty(), "the authority does not evaluate itself");

    // The same numbers as on the page.
    let table = world.app.scorecard_departments(&world.ctx(AUTHORITY), "2026".parse().unwrap()).await.unwrap();
    let shown = |name: &str| lines(name).iter().flat_map(|row| row[1..].to_vec()).collect::<Vec<_>>();
    for (one, scores) in &table.rows {
        let found = shown(&one.name);
        assert_eq!(found.len(), IndicatorCode::ALL.len(), "{}", one.name);
        for (score, cell) in scores.iter().zip(&found) {
            let counted = format!("（{}/{}）", score.numerator(), score.denominator());
            match score.value {
                None => assert!(cell.starts_with('—'), "{}: {cell}", score.code),
                Some(_) if cell.contains("个工作日") => {
                    assert!(cell.contains(&format!("（{}件）", score.denominator())), "{}: {cell}", score.code);
                }
                Some(_) => assert!(cell.contains(&counted), "{}: {cell} is not {counted}", score.code),
            }
        }
    }
    let replies =
        &shown(&house(1).name)[IndicatorCode::ALL.iter().position(|code| *code == IndicatorCode::S2).unwrap()];
    assert!(replies.contains("%（"), "there is a number to print: {replies}");

    // Counted again another day, nothing is different but the day.
    world.day.set("2027-02-08".parse().unwrap());
    let (again, later) = world.circular("2026").await;
    assert_eq!((again, cells(&later)), (revision, rows.clone()));
    assert_ne!(later.date, content.date);

    let before = move_a_reply(&world).await;
    let (changed, corrected) = world.circular("2026").await;
    assert_ne!(changed, revision);
    assert_ne!(cells(&corrected), rows);
    world.write(async |tx, permit| drop(tx.request_save(&before.0, before.1, permit).await.unwrap())).await;
    assert_eq!(world.circular("2026").await.0, revision, "the numbers are the first ones again");
}

/// Changes when a reply came that did not come on its first day; the request as it was, and its revision now.
async fn move_a_reply(world: &World) -> (shuqiao_domain::request::Request, u64) {
    for number in 1..=12 {
        let id = format!("req_{number:032x}").parse().unwrap();
        let found = world.app.store.begin_read().await.unwrap().request_fetch(id).await.unwrap();
        let mut request = found.value.clone();
        let Some(received) = request.state.reception().map(|reception| reception.consent.at) else { continue };
        let (RequestState::Agreed { decided, .. } | RequestState::Refused { decided, .. }) = &mut request.state else {
            continue;
        };
        if decided.at.date() > received.plus_seconds(14 * 24 * 3_600).date() {
            decided.at = received;
            world
                .write(async |tx, permit| drop(tx.request_save(&request, found.revision, permit).await.unwrap()))
                .await;
            return (found.value, found.revision + 1);
        }
    }
    panic!("nobody took two weeks to reply");
}

#[test]
fn numbers_are_written_without_idle_zeros() {
    for (value, written) in [(10_000, "100"), (9_545, "95.45"), (350, "3.5"), (5, "0.05"), (0, "0")] {
        assert_eq!(of_evaluation::hundredths(value), written);
    }
}
