//! Keeping the catalogue up to date (Art. 17): what holds is not touched by work under way; clocks of the department and
//! of the authority over real holidays; no sequence of steps loses one.

use crate::{rules::guizhou, samples::*, transitions::entry_attempt};
use proptest::{prelude::*, sample::select};
use shuqiao_domain::{
    Clock, ClockId, RefusalCode, Timing,
    catalogue::{self, ChangeKind, ChangeState, Entry, EntryState, EntryStateName, EntryVerb},
    law,
    rules::{Policies, UpdateStopPolicy},
};
use shuqiao_vocabulary::{Date, Level, Moment, UpdateFrequency};

fn due(entry: &Entry) -> Vec<Moment> {
    entry.running_clocks().map(|clock| clock.due).collect()
}

fn end(text: &str) -> Moment {
    Moment::end_of_day(day(text))
}

/// A published entry on which a law changed on this day, as recorded some days later.
fn after_change(occurred: &str, recorded: &str) -> Entry {
    let entry = published_plain();
    let event = changed(&entry, "社会救助法公布施行", day(occurred), stamp_on(provider(), 1, day(recorded)));
    moved(entry, event)
}

fn published_plain() -> Entry {
    let mut entry = published(content());
    entry.changes.clear();
    entry
}

/// The next version, filed by the head on this day.
fn filed(entry: Entry, on: Date) -> Entry {
    let by = || stamp_on(provider(), 1, on);
    let begun = catalogue::begin_update(&entry, by());
    let entry = if entry.work.is_none() { moved(entry, begun) } else { entry };
    let entry = moved(entry.clone(), catalogue::submit(&entry, Some(&structure()), by()));
    moved(entry.clone(), catalogue::approve(&entry, &calendar(), by()))
}

fn publish_on(entry: Entry, on: Date) -> Entry {
    let by = stamp_on(authority(), 3, on);
    let event = catalogue::publish(&entry, Some(&structure()), String::new(), announcement(), by);
    moved(entry, event)
}

#[test]
fn the_term_counts_from_the_day_it_happened_over_real_holidays() {
    for (occurred, recorded, last) in [
        ("2025-08-01", "2025-08-05", "2025-08-15"),
        ("2025-09-25", "2025-09-26", "2025-10-15"), // National Day and the Sunday and Saturday worked
        ("2025-09-30", "2025-10-09", "2025-10-21"),
        ("2026-02-13", "2026-02-14", "2026-03-05"), // Spring Festival
        ("2026-09-30", "2026-10-08", "2026-10-20"),
    ] {
        let entry = after_change(occurred, recorded);
        let change = &entry.changes[0];
        assert_eq!(change.clock.due, end(last), "{occurred}");
        assert_eq!(
            (change.clock.started.date(), change.clock.working_days),
            (day(occurred), law::CATALOGUE_UPDATE.days)
        );
    }
}

/// A law changes on the last day before the golden week of 2026; the catalogue follows.
#[test]
fn a_law_changes_before_the_golden_week_and_the_catalogue_follows() {
    let entry = after_change("2026-09-30", "2026-10-08");
    assert_eq!(due(&entry), [end("2026-10-20")]);
    let asked =
        catalogue::ask_extension(&entry, 0, "系统改造。", &calendar(), stamp_on(provider(), 1, day("2026-10-15")));
    let entry = moved(entry, asked);
    let by = stamp_on(authority(), 3, day("2026-10-16"));
    let longer = catalogue::decide_extension(&entry, 0, true, "同意。", &calendar(), by);
    let entry = moved(entry, longer);
    assert_eq!(due(&entry), [end("2026-10-27")], "5 working days more");

    let entry = filed(entry, day("2026-10-26"));
    assert_eq!(entry.changes[0].state, ChangeState::Answered { filed: noon(day("2026-10-26")) });
    assert_eq!(due(&entry), [end("2026-10-28")], "the authority's 2 working days, and nothing else");
    let by = stamp_on(authority(), 3, day("2026-10-27"));
    let entry = moved(entry.clone(), catalogue::send_back(&entry, "请补充依据。", by));
    assert_eq!(due(&entry), [end("2026-10-27")], "sent back: the department's clock runs on");
    assert_eq!(entry.reviews[0].end.as_ref().map(|end| end.published), Some(false));

    let entry = publish_on(filed(entry, day("2026-10-27")), day("2026-10-29"));
    assert_eq!(due(&entry), []);
    assert_eq!(entry.changes[0].state, ChangeState::Settled { stopped: noon(day("2026-10-27")) });
    let ends: Vec<_> = entry.reviews.iter().map(|review| review.end.as_ref().map(|end| end.published)).collect();
    assert_eq!(ends, [Some(false), Some(true)], "clocks stay in the record");
    assert!(matches!(entry.state, EntryState::Published { version: 2, .. }));
}

/// Art. 16 gives no number for a first filing; Art. 17(3) does for every later one.
#[test]
fn only_updates_start_the_authoritys_clock() {
    assert_eq!(entry_in(EntryStateName::Filed, content()).reviews, []);
    for (on, last) in [("2025-09-29", "2025-10-09"), ("2026-04-30", "2026-05-07"), ("2026-03-02", "2026-03-04")] {
        assert_eq!(due(&filed(published_plain(), day(on))), [end(last)], "filed on {on}");
    }
}

#[test]
fn an_extension_is_asked_once_and_in_time() {
    let entry = after_change("2026-03-02", "2026-03-02");
    let by = |on: &str| stamp_on(provider(), 1, day(on));
    let refused = |entry: &Entry, change, on: &str| {
        let refusal = catalogue::ask_extension(entry, change, "另因。", &calendar(), by(on)).unwrap_err();
        (refusal.code, refusal.ground)
    };
    let ground = Some(law::CATALOGUE_UPDATE_EXTENSION.article);
    assert_eq!(refused(&entry, 0, "2026-03-17"), (RefusalCode::ExtensionTooLate, ground));
    assert_eq!(refused(&entry, 7, "2026-03-03"), (RefusalCode::ChangeNotOpen, ground));
    let in_time = catalogue::ask_extension(&entry, 0, "系统改造。", &calendar(), by("2026-03-16"));
    let asked = moved(entry.clone(), in_time);
    assert_eq!(refused(&asked, 0, "2026-03-16"), (RefusalCode::ExtensionAlreadyAsked, ground));
    let decide = |entry: &Entry, consent, on: &str, opinion: &str| {
        catalogue::decide_extension(entry, 0, consent, opinion, &calendar(), stamp_on(authority(), 3, day(on)))
    };
    assert_eq!(decide(&entry, true, "2026-03-03", "").unwrap_err().code, RefusalCode::ExtensionNotAsked);
    assert_eq!(decide(&asked, true, "2026-03-17", "").unwrap_err().code, RefusalCode::ExtensionTooLate);
    assert_eq!(decide(&asked, false, "2026-03-16", " ").unwrap_err().code, RefusalCode::TextRequired);
    let answered = decide(&asked, false, "2026-03-16", "理由不足。");
    let no = moved(asked, answered);
    assert_eq!(due(&no), due(&entry), "without consent the term stays");
    assert_eq!(refused(&no, 0, "2026-03-16"), (RefusalCode::ExtensionAlreadyAsked, ground));
}

#[test]
fn a_change_has_a_title_and_has_happened() {
    let entry = published_plain();
    let code = |title: &str, on| changed(&entry, title, on, by_provider()).unwrap_err().code;
    assert_eq!(code(" ", today()), RefusalCode::TextRequired);
    assert_eq!(code("新法", day("2026-03-03")), RefusalCode::ChangeInFuture);
    let mut full = entry.clone();
    for _ in 0..20 {
        let event = changed(&full, "新法", today(), by_provider());
        full = moved(full, event);
    }
    assert_eq!(changed(&full, "新法", today(), by_provider()).unwrap_err().code, RefusalCode::TooManyChanges);
}

/// The authority may record a change for a department, and that it did is on the record.
#[test]
fn who_recorded_a_change_is_seen() {
    let entry = published_plain();
    let event = changed(&entry, "新法", today(), by_authority());
    assert_eq!(moved(entry, event).changes[0].recorded, by_authority());
}

/// Open point 6b: a rule set may let the clock run until the publication. It is fixed when the change is recorded.
#[test]
fn where_a_rule_set_says_so_the_clock_runs_until_the_publication() {
    let (calendar, city) = (calendar(), "5203".parse().unwrap());
    let book = guizhou(&[], Policies { update_stop: Some(UpdateStopPolicy::Publication), ..Policies::default() });
    let timing = Timing::at(&calendar, &book, Level::City, &city);
    let (plain, by) = (published_plain(), by_provider());
    let event = catalogue::record_change(&plain, ChangeKind::LawChanged, "新法", day("2026-03-02"), timing, by);
    let entry = filed(moved(plain, event), day("2026-03-12"));
    assert_eq!(entry.changes[0].state, ChangeState::Answered { filed: noon(day("2026-03-12")) });
    assert_eq!(due(&entry), [end("2026-03-16"), end("2026-03-16")], "the department's runs on beside the authority's");
    let entry = publish_on(entry, day("2026-03-13"));
    assert_eq!(entry.changes[0].state, ChangeState::Settled { stopped: noon(day("2026-03-13")) });
    assert_eq!(due(&entry), []);
}

/// A rule set that leaves nothing of the extension is told when it is asked for.
#[test]
fn no_extension_is_asked_for_where_a_rule_set_leaves_none() {
    let (calendar, city) = (calendar(), "5203".parse().unwrap());
    let book = guizhou(&[(ClockId::CatalogueUpdate, 7), (ClockId::CatalogueUpdateExtension, 0)], Policies::default());
    let timing = Timing::at(&calendar, &book, Level::City, &city);
    let (plain, by) = (published_plain(), by_provider());
    let event = catalogue::record_change(&plain, ChangeKind::LawChanged, "新法", day("2026-03-02"), timing, by);
    let entry = moved(plain, event);
    assert_eq!(due(&entry), [end("2026-03-11")]);
    let refused = catalogue::ask_extension(&entry, 0, "系统改造。", timing, by_provider()).unwrap_err();
    assert_eq!(refusal_line(&refused), "extension_too_long (17(2)) max=0");
}

/// What a late notice moves: one clock, in its place; one that came to stand meanwhile is left alone.
#[test]
fn a_clock_is_replaced_where_it_was_seen() {
    let mut entry = after_change("2026-03-02", "2026-03-02");
    let event = changed(&entry, "又一部新法", day("2026-03-02"), by_provider());
    entry = moved(entry, event);
    let seen = entry.changes[0].clock.clone();
    assert_eq!(seen, entry.changes[1].clock, "two changes of one day");
    let next = Clock { due: end("2026-03-17"), ..seen.clone() };
    let once = entry.clone().with_change_clock(&seen, next.clone()).unwrap();
    assert_eq!(due(&once), [end("2026-03-17"), end("2026-03-16")]);
    let twice = once.with_change_clock(&seen, next.clone()).unwrap();
    assert_eq!(due(&twice), [end("2026-03-17"), end("2026-03-17")]);
    assert_eq!(twice.with_change_clock(&seen, next.clone()), None, "none is as it was seen");
    let filed = filed(entry, day("2026-03-03"));
    assert_eq!(filed.clone().with_change_clock(&seen, next.clone()), None, "both stand");
    let review = filed.reviews[0].clock.clone();
    let moved_review = filed.clone().with_review_clock(&review, next).unwrap();
    assert_eq!(due(&moved_review), [end("2026-03-17")]);
    assert_eq!(publish_on(filed, day("2026-03-04")).with_review_clock(&review, review.clone()), None);
}

#[test]
fn what_is_recorded_while_a_version_is_filed_waits_for_the_next() {
    let entry = filed(after_change("2026-03-02", "2026-03-02"), day("2026-03-03"));
    let event = changed(&entry, "又一部新法", day("2026-03-03"), stamp_on(provider(), 1, day("2026-03-04")));
    let entry = publish_on(moved(entry, event), day("2026-03-05"));
    assert!(matches!(entry.changes[0].state, ChangeState::Settled { .. }));
    assert_eq!((&entry.changes[1].state, due(&entry)), (&ChangeState::Open, vec![end("2026-03-17")]));
}

#[test]
fn an_entry_with_grants_in_force_is_not_retired() {
    let entry = published_plain();
    let refusal = catalogue::propose_retirement(&entry, "职责划转。", 3, by_provider()).unwrap_err();
    assert_eq!(refusal_line(&refusal), "live_grants (27(3)) grants=3");
    let filed = entry_in(EntryStateName::RetirementFiled, content());
    assert_eq!(catalogue::retire(&filed, 1, announcement(), by_authority()).unwrap_err().code, RefusalCode::LiveGrants);
    let retired = entry_in(EntryStateName::Retired, content());
    assert_eq!((retired.version(), retired.running_clocks().count()), (None, 0));
    assert_eq!(retired.announcement().map(|made| made.kind), Some(catalogue::AnnouncementKind::Retired));
    let code = shuqiao_domain::request::submit(&request_draft(&entry), &retired, today(), by_requester());
    assert_eq!(code.unwrap_err().code, RefusalCode::EntryNotPublished);
}

#[test]
fn differences_name_each_field_and_each_item() {
    let before = content();
    let mut after = before.clone();
    assert_eq!(catalogue::differences(&before, &after), []);
    after.name = "低保家庭信息".into();
    after.items[0].title = "户主姓名".into();
    after.items.remove(6);
    after.update_frequency = Some(UpdateFrequency::Monthly);
    after.not_shared_basis = not_shared_content().not_shared_basis;
    let told = |found: Vec<catalogue::Difference>| {
        let text = |value: Option<String>| value.unwrap_or_else(|| "-".into());
        let line = |d: catalogue::Difference| format!("{}: {} -> {}", d.field, text(d.before), text(d.after));
        found.into_iter().map(line).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(told(catalogue::differences(&before, &after)), @"
    name: 低收入家庭信息 -> 低保家庭信息
    not_shared_basis.article: - -> 第七十四条
    not_shared_basis.rank: - -> law
    not_shared_basis.reason: - -> 法律规定应当保密。
    not_shared_basis.review_by: - -> 2027-03-02
    not_shared_basis.title: - -> 中华人民共和国社会保险法
    update_frequency: daily -> monthly
    items[person_name].title: 姓名 -> 户主姓名
    items[in_dispute]: 存在争议 -> -
    ");
}

/// C5 of the indicators: what is not shared is looked at again within a year.
#[test]
fn not_sharing_is_looked_at_again_within_a_year() {
    let told = |review_by: Option<Date>| {
        let mut content = not_shared_content();
        content.not_shared_basis.as_mut().unwrap().review_by = review_by;
        let submitted = catalogue::submit(&entry_draft(content), None, by_provider());
        submitted.err().map(|refusal| lines(&refusal.problems)).unwrap_or_default()
    };
    assert_eq!(told(Some(day("2027-03-02"))), "");
    assert_eq!(told(None), "not_shared_basis.review_by: required (15)");
    for wrong in ["2027-03-03", "2026-03-02"] {
        assert_eq!(told(Some(day(wrong))), "not_shared_basis.review_by: period_wrong (15)");
    }
}

proptest! {
    /// Whatever is done in whatever order: only listed steps happen, no clock is lost, and what holds changes only by a
    /// publication.
    #[test]
    fn no_sequence_loses_a_clock_or_touches_what_holds(
        verbs in prop::collection::vec(select(EntryVerb::ALL), 0..40), start in select(EntryStateName::ALL),
    ) {
        let mut entry = entry_in(start, content());
        for verb in verbs {
            let before = entry.clone();
            let state = before.state_name();
            match entry_attempt(&before, verb) {
                Ok(next) => {
                    prop_assert!(catalogue::admits(state, verb), "{} {}", state, verb);
                    entry = next;
                }
                Err(_) => continue,
            }
            if state.holds() && verb != EntryVerb::Publish {
                prop_assert_eq!(&entry.content, &before.content);
            }
            prop_assert!(entry.changes.len() >= before.changes.len() && entry.reviews.len() >= before.reviews.len());
            for (now, then) in entry.changes.iter().zip(&before.changes) {
                prop_assert!(now.clock.due >= then.clock.due && now.clock.started == then.clock.started);
                let settled = matches!(then.state, ChangeState::Settled { .. });
                prop_assert!(!settled || now == then, "what is settled stays");
            }
            for (now, then) in entry.reviews.iter().zip(&before.reviews) {
                prop_assert!(now.clock == then.clock && (then.end.is_none() || now.end == then.end));
            }
            let with_authority = matches!(entry.state_name(), EntryStateName::UpdateFiled | EntryStateName::RetirementFiled);
            let open = entry.reviews.iter().filter(|review| review.end.is_none()).count();
            prop_assert_eq!(open, usize::from(with_authority), "the authority's clock runs while it has the update");
        }
    }
}
