//! The calendar of a year, and the counting of a deadline day by day: what officials check by finger on paper.

use crate::{
    App, AppError, Ctx,
    view::{CalendarDay, CalendarView, DeadlineStep, DeadlineView},
};
use shuqiao_calendar::{DayKind, Overlay, YEARS};
use shuqiao_domain::{ClockId, Refusal, RefusalCode};
use shuqiao_policy::{Action, Resource};
use shuqiao_vocabulary::{Date, Level, Moment, RegionCode};

impl App {
    /// The calendar of a year as it holds in a region.
    pub async fn calendar_year(
        &self,
        ctx: &Ctx,
        year: i16,
        region: Option<RegionCode>,
    ) -> Result<CalendarView, AppError> {
        self.attempt(ctx, Action::CalendarRead, "node", async {
            self.permit(ctx, Action::CalendarRead, &Resource::Node)?;
            let calendar = self.calendar_of(region.as_ref());
            let first = Date::new(year, 1, 1).ok().filter(|_| YEARS.contains(&year));
            let first = first.ok_or_else(|| Refusal::new(RefusalCode::DeadlineOutOfRange, None).with("year", year))?;
            let plan = calendar.years().get(&year);
            let of_year = |overlay: &&Overlay| overlay.off.iter().chain(&overlay.work).any(|date| date.year() == year);
            let local = calendar.applying().into_iter().filter(of_year).map(|overlay| overlay.notice.clone());
            let mut working_days_by_month = vec![0_u16; 12];
            let mut days = Vec::new();
            let arranged: std::collections::BTreeSet<Date> =
                calendar.special_days(year).map(|(date, _)| date).collect();
            let next = |date: &Date| date.tomorrow().ok().filter(|next| next.year() == year);
            for date in std::iter::successors(Some(first), next) {
                let day = calendar.is_working_day(date);
                let works = day.kind == DayKind::Working;
                if let Some(month) = working_days_by_month.get_mut(usize::from(date.month().unsigned_abs()) - 1) {
                    *month += u16::from(works);
                }
                if arranged.contains(&date) {
                    days.push(CalendarDay { date, works });
                }
            }
            Ok(CalendarView {
                year,
                version: calendar.version().to_owned(),
                announced: plan.is_some(),
                notices: plan.map(|plan| plan.notices.clone()).unwrap_or_default(),
                regional_notices: local.collect(),
                days,
                working_days_by_month,
            })
        })
        .await
    }

    /// When a clock of the law that starts on a day is due, counted by the rules and the calendar of a place.
    pub async fn deadline(
        &self,
        ctx: &Ctx,
        clock: ClockId,
        from: Date,
        place: (Option<Level>, Option<RegionCode>),
    ) -> Result<DeadlineView, AppError> {
        self.attempt(ctx, Action::CalendarRead, "node", async {
            self.permit(ctx, Action::CalendarRead, &Resource::Node)?;
            let level = place.0.unwrap_or(self.node.level);
            let region = place.1.unwrap_or_else(|| self.node.region.clone());
            let calendar = self.calendar_of(Some(&region));
            let rule = self.rules().resolve(clock, level, &region, from);
            let out = || Refusal::new(RefusalCode::DeadlineOutOfRange, Some(rule.term.article));
            let walked = calendar.days_walked(from, rule.term.days).map_err(|_| out())?;
            let started = shuqiao_domain::Clock::under(&rule, Moment::end_of_day(from), &calendar)?;
            let days = walked.into_iter().map(|step| DeadlineStep {
                date: step.date,
                works: step.day.kind == DayKind::Working,
                provisional: step.day.provisional,
                counted: step.counted,
            });
            Ok(DeadlineView {
                due: started.due,
                provisional: started.provisional,
                rule,
                days: days.collect(),
                calendar: started.calendar,
            })
        })
        .await
    }
}
