//! A statutory clock (时限): when it started, when it is due, and by which rule. Every aggregate that the law times
//! carries one; it is computed by the calendar and never edited.
//!
//! What may happen to one: it is extended, moved by a notice of what is missing where a rule set says so, and computed
//! anew when the calendar changes. Each of these answers with another clock; none touches the start.

use crate::{
    Refusal, RefusalCode,
    law::{self, Term},
    rules::{
        ClockId, DECREE, DELIVERY_OBJECTION_WORKING_DAYS, DUE_HOUR_MAX, Rule, RuleBook, SupplementPolicy,
        UpdateStopPolicy,
    },
};
use shuqiao_calendar::WorkCalendar;
use shuqiao_vocabulary::{Article, Date, Level, Moment, RegionCode};

/// In the place of a rule set: a date that somebody set, which no rule and no calendar moves.
pub const ORDER: &str = "order";

/// A clock that runs, or ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// When it started; that day is not counted.
    pub started: Moment,
    /// The last moment.
    pub due: Moment,
    /// The term in working days, without what was added to it.
    pub working_days: u16,
    /// The article that sets it.
    pub ground: Article,
    /// The calendar it was computed with.
    pub calendar: String,
    /// A year without a published calendar was involved.
    pub provisional: bool,
    /// Which clock it is; `None` for one whose term is set case by case.
    pub kind: Option<ClockId>,
    /// The rule set that says how long it is.
    pub rule_set: String,
    /// Working days by which it was extended (延期).
    pub extended_by: u16,
    /// Working days added because it stood while the requester was waited for (暂停).
    pub paused_for: u16,
    /// Since when it is counted, where that is not the start (重新计算).
    pub counted_from: Option<Moment>,
    /// The region whose calendar it is counted by; `None` for the nation's.
    pub region: Option<RegionCode>,
}

/// Working days spent, of a clock that runs or ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// All since the start (毛时长).
    pub gross: u32,
    /// Those among them that the other side was waited for (等待时长).
    pub waiting: u32,
    /// The difference (净时长): what the one whose clock it is has used.
    pub net: u32,
}

/// What a clock is started with: the calendar and the rules, as they hold where it runs.
#[derive(Clone, Copy, Debug)]
pub struct Timing<'a> {
    calendar: &'a WorkCalendar,
    place: Option<(&'a RuleBook, Level, &'a RegionCode)>,
}

impl<'a> Timing<'a> {
    /// The rules of a book for an organisation of this level and region, and the calendar of that region.
    pub const fn at(calendar: &'a WorkCalendar, rules: &'a RuleBook, level: Level, region: &'a RegionCode) -> Self {
        Self { calendar, place: Some((rules, level, region)) }
    }

    /// The calendar.
    pub const fn calendar(&self) -> &'a WorkCalendar {
        self.calendar
    }

    /// The rule of a clock on a day.
    pub fn rule(&self, clock: ClockId, date: Date) -> Rule {
        match self.place {
            Some((rules, level, region)) => rules.resolve(clock, level, region, date),
            None => Rule::of_decree(clock),
        }
    }

    /// Whether a notice of what is missing moves a clock that started on a day.
    pub fn supplement(&self, date: Date) -> SupplementPolicy {
        self.place.map_or(SupplementPolicy::RunOn, |(rules, level, region)| rules.supplement(level, region, date))
    }

    /// What stops the clock of a catalogue update that started on a day.
    pub fn update_stop(&self, date: Date) -> UpdateStopPolicy {
        self.place.map_or(UpdateStopPolicy::Filing, |(rules, level, region)| rules.update_stop(level, region, date))
    }

    /// Working days until a delivery of a day counts as usable, when nobody objects.
    pub fn objection_days(&self, date: Date) -> u16 {
        self.place
            .map_or(DELIVERY_OBJECTION_WORKING_DAYS, |(rules, level, region)| rules.objection_days(level, region, date))
    }

    /// A clock that starts now.
    ///
    /// # Errors
    /// `DeadlineOutOfRange` when the calendar cannot say when the term ends.
    pub fn start(&self, clock: ClockId, started: Moment) -> Result<Clock, Refusal> {
        let clock = Clock::under(&self.rule(clock, started.date()), started, self.calendar)?;
        Ok(Clock { region: self.place.map(|(_, _, region)| region.clone()), ..clock })
    }
}

/// A calendar alone: the Decree's own terms.
impl<'a> From<&'a WorkCalendar> for Timing<'a> {
    fn from(calendar: &'a WorkCalendar) -> Self {
        Self { calendar, place: None }
    }
}

impl Clock {
    /// The clock of a term that starts now, under the Decree itself, by the nation's calendar.
    ///
    /// # Errors
    /// `DeadlineOutOfRange` when the calendar cannot say when the term ends.
    pub fn start(term: Term, started: Moment, calendar: &WorkCalendar) -> Result<Self, Refusal> {
        Self::begun(term, started, calendar, None, DECREE, DUE_HOUR_MAX)
    }

    /// The clock of a rule that starts now.
    ///
    /// # Errors
    /// `DeadlineOutOfRange` when the calendar cannot say when the term ends.
    pub fn under(rule: &Rule, started: Moment, calendar: &WorkCalendar) -> Result<Self, Refusal> {
        Self::begun(rule.term, started, calendar, Some(rule.clock), &rule.rule_set, rule.due_hour)
    }

    fn begun(
        term: Term,
        started: Moment,
        calendar: &WorkCalendar,
        kind: Option<ClockId>,
        rule_set: &str,
        due_hour: u8,
    ) -> Result<Self, Refusal> {
        let deadline = calendar
            .end_of_day_after(started.date(), term.days)
            .map_err(|_| Refusal::new(RefusalCode::DeadlineOutOfRange, Some(term.article)))?;
        let early = i64::from(DUE_HOUR_MAX.saturating_sub(due_hour)) * SECONDS_PER_HOUR;
        Ok(Self {
            started,
            due: deadline.due.plus_seconds(-early),
            working_days: term.days,
            ground: term.article,
            calendar: deadline.calendar,
            provisional: deadline.provisional,
            kind,
            rule_set: rule_set.to_owned(),
            extended_by: 0,
            paused_for: 0,
            counted_from: None,
            region: None,
        })
    }

    /// The clock of a date that somebody set (指定期限): it ends with that day, whatever day it is. Nothing about it is
    /// provisional, and no calendar moves it.
    ///
    /// # Errors
    /// `DeadlineOutOfRange` when the day is before the one on which it starts.
    pub fn until(date: Date, ground: Article, started: Moment, calendar: &WorkCalendar) -> Result<Self, Refusal> {
        if date < started.date() {
            return Err(Refusal::new(RefusalCode::DeadlineOutOfRange, Some(ground)));
        }
        let days = calendar.working_days_between(started.date(), date);
        Ok(Self {
            started,
            due: Moment::end_of_day(date),
            working_days: u16::try_from(days).unwrap_or_default(),
            ground,
            calendar: calendar.version().to_owned(),
            provisional: false,
            kind: None,
            rule_set: ORDER.to_owned(),
            extended_by: 0,
            paused_for: 0,
            counted_from: None,
            region: None,
        })
    }

    /// All working days there are from where it is counted to where it is due.
    pub const fn whole(&self) -> u16 {
        self.working_days.saturating_add(self.extended_by).saturating_add(self.paused_for)
    }

    /// The clock, extended by so many working days more, at most by `longest` in all (延期).
    ///
    /// # Errors
    /// `RuleTooLong` with the article that limits extensions; `DeadlineOutOfRange`.
    pub fn extended(&self, by: u16, longest: Term, calendar: &WorkCalendar) -> Result<Self, Refusal> {
        let extended_by = self.extended_by.saturating_add(by);
        if extended_by > longest.days {
            let refusal = Refusal::new(RefusalCode::RuleTooLong, Some(longest.article));
            return Err(refusal.with("days", extended_by).with("max", longest.days));
        }
        Self { extended_by, ..self.clone() }.counted(calendar)
    }

    /// The clock after a notice of what is missing was answered, as the rule set reads the law (Art. 21(2)).
    ///
    /// # Errors
    /// `DeadlineOutOfRange`.
    pub fn supplemented(
        &self,
        policy: SupplementPolicy,
        (asked, answered): (Moment, Moment),
        calendar: &WorkCalendar,
    ) -> Result<Self, Refusal> {
        match policy {
            SupplementPolicy::RunOn => Ok(self.clone()),
            SupplementPolicy::Pause => {
                let waited = calendar.working_days_between(asked.date(), answered.date()).max(0);
                let paused_for = self.paused_for.saturating_add(u16::try_from(waited).unwrap_or(u16::MAX));
                Self { paused_for, ..self.clone() }.counted(calendar)
            }
            SupplementPolicy::Restart => Self { counted_from: Some(answered), ..self.clone() }.counted(calendar),
        }
    }

    /// The clock as another calendar has it, when that moves its end or makes it certain or uncertain; `None` when it
    /// stays as it is. Doing it twice changes nothing more, and the start never moves.
    pub fn recomputed(&self, calendar: &WorkCalendar) -> Option<Self> {
        // A date that was set stays the date that was set.
        if self.rule_set == ORDER {
            return None;
        }
        let other = self.clone().counted(calendar).ok()?;
        let same = (other.due, other.provisional) == (self.due, self.provisional);
        (!same).then_some(other)
    }

    /// The same with its end counted by this calendar; the hour of the end stays.
    fn counted(mut self, calendar: &WorkCalendar) -> Result<Self, Refusal> {
        let from = self.counted_from.unwrap_or(self.started).date();
        let deadline = calendar
            .end_of_day_after(from, self.whole())
            .map_err(|_| Refusal::new(RefusalCode::DeadlineOutOfRange, Some(self.ground)))?;
        let early = Moment::end_of_day(self.due.date()).microseconds() - self.due.microseconds();
        self.due = deadline.due.plus_seconds(-early / MICROSECONDS_PER_SECOND);
        self.provisional = deadline.provisional;
        self.calendar = deadline.calendar;
        Ok(self)
    }

    /// Working days spent until now, or until it was closed. `waiting` are the spans in which the other side was waited
    /// for: from a day, which is not counted, to a day, which is; what they overlap counts once, what lies outside the
    /// clock not at all.
    pub fn time(&self, until: Moment, waiting: &[(Moment, Moment)], calendar: &WorkCalendar) -> Spent {
        let (from, until) = (self.started.date(), until.date());
        let between = |a: Date, b: Date| calendar.working_days_between(a, b).max(0).unsigned_abs();
        let mut spans: Vec<(Date, Date)> =
            waiting.iter().map(|(a, b)| (a.date().max(from), b.date().min(until))).filter(|(a, b)| a < b).collect();
        spans.sort_unstable();
        let (mut waited, mut counted_to) = (0, from);
        for (begin, end) in spans {
            let begin = begin.max(counted_to);
            if begin < end {
                waited += between(begin, end);
                counted_to = end;
            }
        }
        let gross = between(from, until);
        Spent { gross, waiting: waited, net: gross.saturating_sub(waited) }
    }
}

/// The longest that a reply may be extended by: nothing, where a rule set says that the one-day reply is not extended.
pub fn longest_extension(clock: ClockId, timing: &Timing<'_>, date: Date) -> Option<Term> {
    let extension = match clock {
        ClockId::ReplyUnconditional | ClockId::ReplyConditional => ClockId::ReplyExtension,
        ClockId::CatalogueUpdate => ClockId::CatalogueUpdateExtension,
        // Delivery, review and correction: the Decree knows no extension.
        _ => return None,
    };
    let off = clock == ClockId::ReplyUnconditional
        && timing.place.is_some_and(|(rules, level, region)| {
            rules.extension_for_unconditional(level, region, date) == crate::rules::ExtensionPolicy::Off
        });
    let longest = timing.rule(extension, date).term;
    Some(if off { Term { days: 0, article: law::REPLY_EXTENSION.article } } else { longest })
}

const SECONDS_PER_HOUR: i64 = 3_600;
const MICROSECONDS_PER_SECOND: i64 = 1_000_000;
