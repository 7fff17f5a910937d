//! What must hold at every step, computed here a second time and from nothing that the program computes with.

use crate::city::City;
use shuqiao_app::view::{ClockView, EntryView, JournalRow, Light, Outcome, RequestView};
use shuqiao_domain::{
    Clock, catalogue,
    request::{self, ExtensionDecision, Request, RequestState},
};
use shuqiao_store::{Conn, GrantQuery, Revised};
use shuqiao_vocabulary::{Date, GrantId, Moment, SharingAttribute};
use std::collections::BTreeSet;

/// Rest and worked weekends as the State Council announced them, typed a second time.
pub(crate) struct Holidays {
    rest: BTreeSet<Date>,
    worked: BTreeSet<Date>,
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

impl Holidays {
    /// 2025 from the autumn on, and 2026 until the spring.
    pub(crate) fn announced() -> Self {
        let span = |from: &str, until: &str| {
            let mut days = Vec::new();
            let mut at = day(from);
            while at <= day(until) {
                days.push(at);
                at = at.tomorrow().unwrap();
            }
            days
        };
        let rest = [
            span("2025-10-01", "2025-10-08"),
            span("2026-01-01", "2026-01-03"),
            span("2026-02-15", "2026-02-23"),
            span("2026-04-04", "2026-04-06"),
        ];
        let worked = ["2025-09-28", "2025-10-11", "2026-01-04", "2026-02-14", "2026-02-28"];
        Self { rest: rest.concat().into_iter().collect(), worked: worked.map(day).into_iter().collect() }
    }

    /// A notice that comes late.
    pub(crate) fn rest_too(&mut self, date: Date) {
        self.rest.insert(date);
    }

    fn works(&self, date: Date) -> bool {
        let weekday = date.weekday().to_monday_one_offset() <= 5;
        self.worked.contains(&date) || (weekday && !self.rest.contains(&date))
    }

    /// Walks day by day: the last second of the day on which so many working days are over.
    pub(crate) fn due(&self, started: Moment, mut days: u16) -> Moment {
        let mut at = started.date();
        while days > 0 {
            at = at.tomorrow().unwrap();
            days -= u16::from(self.works(at));
        }
        Moment::end_of_day(at)
    }

    /// Working days after one day until another; negative the other way round.
    fn between(&self, after: Date, until: Date) -> i32 {
        if until < after {
            return -self.between(until, after);
        }
        let (mut at, mut days) = (after, 0);
        while at < until {
            at = at.tomorrow().unwrap();
            days += i32::from(self.works(at));
        }
        days
    }

    /// The light that a clock must show.
    fn light(&self, today: Date, clock: &Clock, stopped: bool) -> Light {
        let (started, due) = (clock.started.date(), clock.due.date());
        let (left, whole) = (self.between(today, due), self.between(started, due));
        match () {
            () if stopped => Light::Grey,
            () if today > due => Light::Red,
            () if today == due => Light::Orange,
            () if left <= 2 || left * 5 <= whole => Light::Yellow,
            () => Light::Green,
        }
    }
}

/// The law's days, typed a second time (Art. 21(1), 22(1)).
fn reply_days(attribute: SharingAttribute) -> u16 {
    if attribute == SharingAttribute::Unconditional { 1 } else { 10 }
}
const DELIVERY_DAYS: u16 = 20;
const EXTENSION_MAX: u16 = 10;

impl City {
    /// Rows of the journal from this index on: each index is there, and none twice.
    pub(crate) async fn journal_since(&self, start: u64) -> Vec<JournalRow> {
        let mut conn = self.store.begin_read().await.unwrap();
        let mut rows = Vec::new();
        for index in start..conn.log_head().await.unwrap() {
            let row = conn.journal_fetch(index).await.expect("the journal has no gaps");
            assert_eq!(row.index, index);
            assert!(row.entry_is_of_body(), "record {index}");
            rows.push(row);
        }
        rows
    }

    pub(crate) async fn journal_head(&self) -> u64 {
        self.store.begin_read().await.unwrap().log_head().await.unwrap()
    }

    /// A request that an operation answered with, or that was read again.
    pub(crate) async fn check_request(&mut self, view: &RequestView) {
        let (found, now) = (&view.request.value, self.now);
        for verb in &view.allowed {
            assert!(request::admits(found.state.name(), *verb), "{verb} in {}", found.state.name());
        }
        let closed = found.state.closed_at();
        if let Some(clock) = &view.clock {
            self.check_light(clock, closed, now);
        }
        assert_eq!(view.clock.is_some(), found.state.reception().is_some());
        let attribute = view.entry.content.sharing_attribute.unwrap();
        self.check_clocks(found, attribute);
        self.check_duties(found);
        if let RequestState::Agreed { grant, .. } = &found.state {
            let grant =
                self.store.begin_read().await.unwrap().grant_fetch(*grant).await.expect("agreed is granted").value;
            assert_eq!((&grant.number, grant.request), (&found.number, found.id));
            let asked = &found.content;
            assert!(grant.terms.items.iter().all(|item| asked.items.contains(&item.name)), "{}", found.number);
            assert!(grant.terms.items.iter().all(|item| view.entry.content.item(&item.name).is_some()));
            assert!(grant.terms.rows_per_day <= asked.rows_per_day && grant.terms.rows_per_call <= asked.rows_per_call);
            assert!(grant.terms.calls_per_second <= asked.calls_per_second);
            assert!(
                Some(grant.terms.valid_until) <= asked.valid_until && Some(grant.terms.valid_from) >= asked.valid_from
            );
            assert!(asked.rows.0.iter().all(|condition| grant.terms.rows.0.contains(condition)));
            assert_eq!(grant.terms.systems, asked.systems);
        }
    }

    fn check_light(&self, shown: &ClockView, stopped: Option<Moment>, now: Moment) {
        let until = stopped.unwrap_or(now).date();
        let due = shown.clock.due.date();
        assert_eq!(shown.remaining_working_days, self.holidays.between(until, due), "{shown:?} on {until}");
        assert_eq!(shown.light, self.holidays.light(until, &shown.clock, stopped.is_some()), "{shown:?} on {until}");
    }

    /// One reply clock, by the day-walker when it is new, and never another one later.
    fn check_clocks(&self, found: &Request, attribute: SharingAttribute) {
        let before = self.requests.get(&found.id).map(|known| &known.value.state);
        let reception = found.state.reception();
        let earlier = before.and_then(RequestState::reception);
        assert!(earlier.is_none() || reception.is_some(), "the clock of {} is lost", found.number);
        if let Some(now) = reception {
            assert_eq!(now.clock.started, now.consent.at);
            match earlier {
                Some(earlier) => assert_eq!(now.clock, earlier.clock, "the clock of {} has moved", found.number),
                None => {
                    assert_eq!(now.clock.due, self.holidays.due(now.consent.at, reply_days(attribute)), "{found:?}");
                }
            }
            let asked = |reception: &request::Reception| reception.supplement.as_ref().map(|one| one.asked.clone());
            let noticed = earlier.and_then(asked);
            assert!(noticed.is_none() || noticed == asked(now), "{} was asked for more twice", found.number);
            if let Some(extension) = &now.extension {
                assert!((1..=EXTENSION_MAX).contains(&extension.working_days));
                let known = earlier.and_then(|earlier| earlier.extension.as_ref()).and_then(request::Extension::clock);
                match (extension.clock(), known) {
                    (clock, Some(known)) => assert_eq!(clock, Some(known)),
                    (Some(clock), None) => {
                        let days = reply_days(attribute) + extension.working_days;
                        assert_eq!(clock.due, self.holidays.due(now.consent.at, days), "{found:?}");
                    }
                    (None, None) => {}
                }
            }
        }
        let delivery = before.and_then(RequestState::delivery);
        match (found.state.delivery(), delivery) {
            (Some(new), None) => assert_eq!(new.clock.due, self.holidays.due(new.clock.started, DELIVERY_DAYS)),
            (new, Some(old)) => assert_eq!(new.map(|new| &new.clock), Some(&old.clock)),
            (None, None) => {}
        }
    }

    /// Who prepares is not who consents.
    fn check_duties(&self, found: &Request) {
        if let Some(reception) = found.state.reception() {
            assert_ne!(reception.consent.person, found.drafted_by, "{}", found.number);
            assert_eq!(reception.consent.organisation, found.requester);
            if let Some(extension) = &reception.extension
                && let ExtensionDecision::Granted { by, .. } = &extension.decision
            {
                assert_ne!(by.person, extension.asked.person);
                assert_eq!(by.organisation, self.authority.organisation);
            }
        }
        if let RequestState::Agreed { proposed, decided, .. } | RequestState::Refused { proposed, decided, .. } =
            &found.state
        {
            assert_ne!(proposed.person, decided.person, "{}", found.number);
            assert_eq!((proposed.organisation, decided.organisation), (found.provider, found.provider));
        }
        if let RequestState::Refused { proposal, .. } = &found.state {
            assert!(matches!(proposal, request::Proposal::Refuse { reasons, .. } if !reasons.is_empty()));
        }
    }

    pub(crate) fn check_entry(&self, view: &EntryView) {
        let state = view.entry.value.state_name();
        for verb in &view.allowed {
            assert!(catalogue::admits(state, *verb), "{verb} in {state}");
        }
    }

    /// The node against the model: nothing changed that no operation answered for, one grant for each agreement. Those
    /// whose life is over are looked at only when all are.
    pub(crate) async fn check_all(&mut self, all: bool) {
        let mut conn = self.store.begin_read().await.unwrap();
        let mut agreed = BTreeSet::new();
        let ids = if all { self.requests.keys().copied().collect() } else { self.open.clone() };
        for id in ids {
            let found = conn.request_fetch(id).await.unwrap();
            let known = &self.requests[&id];
            assert_eq!((&found.value, found.revision), (&known.value, known.revision), "changed by nobody");
            if let RequestState::Agreed { grant, .. } = &found.value.state {
                assert!(agreed.insert(*grant), "one grant for one request");
            }
        }
        if all {
            self.check_grants(&mut conn, &agreed).await;
        }
        drop(conn);
        self.app.checkpoint_reconcile(self.now).await.unwrap();
        self.app.log_verify().await.unwrap();
        self.count("whole check");
    }

    /// What the node shows of its departments is what the record alone gives, case by case: of all, and of one.
    pub(crate) async fn check_scorecards(&mut self, period: &str) {
        let (authority, one) = (self.authority.clone(), self.dice.below(self.departments.len()));
        let one = self.departments[one].id;
        for unit in [None, Some(one)] {
            let ctx = self.ctx(&authority);
            let both = self.app.scorecard_recomputed(&ctx, unit, period.parse().unwrap()).await.unwrap();
            for (shown, recomputed, same) in both.pairs() {
                assert!(same, "{} of {unit:?} in {period}: shown {shown:?}, recomputed {recomputed:?}", shown.code);
                if unit.is_none() && shown.denominator() > 0 {
                    let cases = u64::try_from(shown.denominator()).unwrap();
                    self.counts.insert(format!("scorecard {period} {} cases", shown.code), cases);
                }
            }
        }
    }

    async fn check_grants(&self, conn: &mut Conn, agreed: &BTreeSet<GrantId>) {
        let mut query = GrantQuery { limit: 100, ..GrantQuery::default() };
        let mut granted = BTreeSet::new();
        loop {
            let page = conn.grant_list(&query).await.unwrap();
            granted.extend(page.items.iter().map(|grant| grant.value.id));
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        assert_eq!(agreed, &granted, "agreed is granted, and nothing else is");
    }

    /// After a late notice: each open clock is where the day-walker says, each that moved has its record, no other moved.
    pub(crate) async fn take_up_recomputed(&mut self, records: &[JournalRow]) {
        let mut conn = self.store.begin_read().await.unwrap();
        let mut moved = 0;
        for known in self.requests.values_mut() {
            let found = conn.request_fetch(known.value.id).await.unwrap();
            let id = known.value.id.to_string();
            let record = records.iter().find(|row| row.event == "ClockRecomputed" && row.subject == id);
            assert_eq!(record.is_some(), found.value != known.value, "{id}");
            if let Some(record) = record {
                moved += 1;
                let (old, new) = (running(&known.value.state).unwrap(), running(&found.value.state).unwrap());
                assert_eq!(record.outcome, Outcome::Done);
                assert_eq!(record.facts.get("due_before"), Some(&old.due.to_string()));
                assert_eq!(record.facts.get("due"), Some(&new.due.to_string()));
                assert_eq!(old.started, new.started);
            }
            let closed = found.value.state.closed_at().is_some() && found.value.state.delivery().is_none();
            let settled = found.value.state.delivery().is_some_and(|delivery| delivery.settled.is_some());
            if let (Some(clock), false, false) = (running(&found.value.state), closed, settled) {
                assert_eq!(clock.due, self.holidays.due(clock.started, clock.working_days + clock.extended_by), "{id}");
            }
            *known = Revised { value: found.value, revision: found.revision };
        }
        drop(conn);
        *self.counts.entry("clock moved by a late notice".into()).or_default() += moved;
    }
}

/// The clock that runs now.
fn running(state: &RequestState) -> Option<&Clock> {
    match state.delivery() {
        Some(delivery) => Some(&delivery.clock),
        None => state.reception().map(request::Reception::running),
    }
}
