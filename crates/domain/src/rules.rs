//! Rule sets (规则集): how long each clock is at a place on a day, and how the open points of the law are read there.
//!
//! The Decree is the first rule set and always in force. A level or a region may adopt another that is stricter
//! (Art. 23); none may be longer, and that is found out when the set is adopted, not when a clock runs out. A set is never
//! edited: of two sets for the same place the one that begins later holds, and of two that begin on one day the later.

use crate::{Refusal, RefusalCode, law, law::Term};
use shuqiao_calendar::CalendarError;
use shuqiao_vocabulary::{Date, Level, RegionCode, closed_list};
use std::collections::BTreeMap;

closed_list! {
    /// What the law times (时限), and the longest extensions of it.
    ClockId {
        /// Reply to a request for unconditionally shared data (无条件共享答复, Art. 21(1)).
        ReplyUnconditional = "reply_unconditional",
        /// Reply to a request for conditionally shared data (有条件共享答复, Art. 21(1)).
        ReplyConditional = "reply_conditional",
        /// Longest extension of a reply (答复延期, Art. 21(1)).
        ReplyExtension = "reply_extension",
        /// Delivery after an agreeing reply (提供数据, Art. 22(1)).
        Delivery = "delivery",
        /// The catalogue follows a change (目录更新, Art. 17(2)).
        CatalogueUpdate = "catalogue_update",
        /// Longest extension of that (目录更新延期, Art. 17(2)).
        CatalogueUpdateExtension = "catalogue_update_extension",
        /// The authority reviews and publishes an update (更新审核发布, Art. 17(3)).
        CatalogueReview = "catalogue_review",
        /// A doubted value is verified and answered (校核, Art. 26(2)).
        Correction = "correction",
    }
}

impl ClockId {
    /// Whether it is the longest extension of another clock, which a set may shorten to nothing.
    pub const fn is_extension(self) -> bool {
        matches!(self, Self::ReplyExtension | Self::CatalogueUpdateExtension)
    }
}

closed_list! {
    /// Whether a notice of what is missing (补正告知) moves the reply clock. The Decree is silent (Art. 21(2)).
    SupplementPolicy {
        /// The clock runs on from the first receipt; the days waiting on the requester are counted apart. The default.
        RunOn = "run_on",
        /// The working days waiting on the requester are added.
        Pause = "pause",
        /// The term begins anew when the papers are complete.
        Restart = "restart",
    }
}

closed_list! {
    /// Whether the reply to a request for unconditionally shared data may be extended. The sentence of Art. 21(1) follows
    /// both cases and names neither.
    ExtensionPolicy {
        /// It may, with the authority's consent. The default.
        Allowed = "allowed",
        /// It may not.
        Off = "off",
    }
}

closed_list! {
    /// What stops the department's clock for an update of the catalogue (Art. 17(2): the update is completed *and* filed).
    UpdateStopPolicy {
        /// The filing: both lie inside the term. The default.
        Filing = "filing",
        /// The publication: stricter, for it is in the authority's hands; the clock runs on while the authority reviews.
        Publication = "publication",
    }
}

closed_list! {
    /// Before which common superior authority (共同的上级主管部门) a dispute comes whose parties are of two levels of one
    /// line, such as a province's and its city's department (Art. 28(2)).
    CommonAuthorityPolicy {
        /// The lowest that has both under it, the province's; it may hand the matter on. The default.
        Lowest = "lowest",
        /// The one above both parties' own authorities, where this node has it.
        Above = "above",
    }
}

/// The hour at which a last day ends, when no rule set names an earlier one: midnight.
pub const DUE_HOUR_MAX: u8 = 24;
/// The earliest hour at which a rule set may have a last day end.
pub const DUE_HOUR_MIN: u8 = 12;
/// Name of the Decree as a rule set.
pub const DECREE: &str = "decree_809";
/// Longest title of a rule set, in characters.
pub const TITLE_MAX: usize = 120;
/// Longest number of the paper that a rule set is adopted by, in characters.
pub const NUMBER_MAX: usize = 60;
/// Working days after the first delivery in which the requester may say that it is not usable; then it counts as usable
/// (自动确认). Art. 22(1) does not say when data counts as delivered, so a rule set may name another number.
pub const DELIVERY_OBJECTION_WORKING_DAYS: u16 = 5;
/// Longest time that records of use are kept for by a rule set, in years.
pub const RETENTION_YEARS_MAX: u8 = 100;
/// Most rule sets that one book holds.
pub const RULE_SETS_MAX: usize = 1_000;

/// How the open points are read. What a set leaves out is read as in the next wider set that speaks of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// Whether a notice of what is missing moves the clock.
    pub supplement: Option<SupplementPolicy>,
    /// Whether the one-day reply may be extended.
    pub extension_for_unconditional: Option<ExtensionPolicy>,
    /// The hour at which the last day ends, [`DUE_HOUR_MIN`] to [`DUE_HOUR_MAX`] (下班时间, Civil Code art. 203).
    pub due_hour: Option<u8>,
    /// What stops the clock of a catalogue update.
    pub update_stop: Option<UpdateStopPolicy>,
    /// Working days after which a delivery that nobody objected to counts as usable, 1 to the term of delivery.
    pub objection_days: Option<u16>,
    /// Which common authority a dispute comes before.
    pub common_authority: Option<CommonAuthorityPolicy>,
    /// How many years records of use are kept for after the grant, no fewer than the Decree's 3 (Art. 29(2)).
    pub usage_retention_years: Option<u8>,
}

impl Policies {
    /// How each open point is read where no set speaks of it: the cautious reading.
    pub const DEFAULTS: Self = Self {
        supplement: Some(SupplementPolicy::RunOn),
        extension_for_unconditional: Some(ExtensionPolicy::Allowed),
        due_hour: Some(DUE_HOUR_MAX),
        update_stop: Some(UpdateStopPolicy::Filing),
        objection_days: Some(DELIVERY_OBJECTION_WORKING_DAYS),
        common_authority: Some(CommonAuthorityPolicy::Lowest),
        usage_retention_years: Some(law::USAGE_RETENTION.years),
    };

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A rule set, as adopted (规则集).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSet {
    /// Its id, for ever.
    pub id: String,
    /// Only for organisations of this level; `None` for every level.
    pub level: Option<Level>,
    /// Only for this region and what lies in it; `None` for the whole country.
    pub region: Option<RegionCode>,
    /// The first day on which it holds.
    pub from: Date,
    /// Working days by clock; what is left out is as long as in the next wider set.
    pub terms: BTreeMap<ClockId, u16>,
    /// How open points are read.
    pub policies: Policies,
    /// What it is called.
    pub title: String,
    /// The number of the paper that it is adopted by (发文字号).
    pub number: String,
}

impl RuleSet {
    /// Whether it was made for a place.
    fn fits(&self, level: Level, region: &RegionCode) -> bool {
        self.level.is_none_or(|own| own == level) && self.region.as_ref().is_none_or(|own| own.contains(region))
    }

    /// How narrow a place it was made for: regions count more than levels.
    fn narrowness(&self) -> (usize, bool) {
        (self.region.as_ref().map_or(0, |region| region.as_str().len()), self.level.is_some())
    }

    fn same_place(&self, other: &Self) -> bool {
        self.level == other.level && self.region == other.region
    }
}

/// A rule as it holds at a place on a day: how long a clock is, and by which rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which clock.
    pub clock: ClockId,
    /// Its days, with the article.
    pub term: Term,
    /// The rule set that says so, [`DECREE`] when it is the Decree itself.
    pub rule_set: String,
    /// The hour at which the last day ends.
    pub due_hour: u8,
}

impl Rule {
    /// The rule of the Decree itself.
    pub fn of_decree(clock: ClockId) -> Self {
        Self { clock, term: law::term(clock), rule_set: DECREE.to_owned(), due_hour: DUE_HOUR_MAX }
    }
}

/// Every rule set that was adopted, in the order of adoption, on top of the Decree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleBook {
    sets: Vec<RuleSet>,
}

impl RuleBook {
    /// The Decree and nothing else.
    pub const fn decree() -> Self {
        Self { sets: Vec::new() }
    }

    /// The sets, in the order of adoption.
    pub fn sets(&self) -> &[RuleSet] {
        &self.sets
    }

    /// The book with one more set (Art. 23: shorter is encouraged, longer is not lawful).
    ///
    /// # Errors
    /// `RuleTooLong` with the article when a term is longer than the Decree's; `RuleRefused` when the set repeats the
    /// Decree, says nothing, or is not well formed. A set that says nothing is taken where it ends an earlier one.
    pub fn adopt(&self, set: RuleSet) -> Result<Self, Refusal> {
        check_form(&set)?;
        check_policies(&set.policies)?;
        for (clock, days) in &set.terms {
            check_term(*clock, *days)?;
        }
        let ends_another = self.sets.iter().any(|old| old.same_place(&set));
        if set.terms.is_empty() && set.policies.is_empty() && !ends_another {
            return Err(refused("terms"));
        }
        if self.sets.iter().any(|old| old.id == set.id) || self.sets.len() >= RULE_SETS_MAX {
            return Err(refused("id"));
        }
        let mut sets = self.sets.clone();
        sets.push(set);
        Ok(Self { sets })
    }

    /// The sets in force at a place on a day, the narrowest first; one for each place.
    pub fn in_force(&self, level: Level, region: &RegionCode, date: Date) -> Vec<&RuleSet> {
        let fitting = self.sets.iter().filter(|set| set.from <= date && set.fits(level, region));
        let mut newest: Vec<&RuleSet> = Vec::new();
        for set in fitting {
            match newest.iter_mut().find(|old| old.same_place(set)) {
                Some(old) if set.from >= old.from => *old = set,
                Some(_) => {}
                None => newest.push(set),
            }
        }
        newest.sort_by_key(|set| std::cmp::Reverse(set.narrowness()));
        newest
    }

    /// How long a clock is at a place on a day: as the narrowest set in force says that speaks of it, else the Decree.
    pub fn resolve(&self, clock: ClockId, level: Level, region: &RegionCode, date: Date) -> Rule {
        let sets = self.in_force(level, region, date);
        let mut rule = Rule::of_decree(clock);
        if let Some((days, set)) = sets.iter().find_map(|set| Some((*set.terms.get(&clock)?, set))) {
            rule.term.days = days;
            rule.rule_set.clone_from(&set.id);
        }
        if let Some((hour, set)) = sets.iter().find_map(|set| Some((set.policies.due_hour?, set))) {
            rule.due_hour = hour;
            if rule.rule_set == DECREE {
                rule.rule_set.clone_from(&set.id);
            }
        }
        rule
    }

    /// How one open point is read at a place on a day: as the narrowest set in force says that speaks of it.
    fn told<T>(
        &self,
        (level, region, date): (Level, &RegionCode, Date),
        of: impl Fn(&Policies) -> Option<T>,
    ) -> Option<T> {
        self.in_force(level, region, date).iter().find_map(|set| of(&set.policies))
    }

    /// Whether a notice of what is missing moves the clock.
    pub fn supplement(&self, level: Level, region: &RegionCode, date: Date) -> SupplementPolicy {
        self.told((level, region, date), |policies| policies.supplement).unwrap_or(SupplementPolicy::RunOn)
    }

    /// Whether the reply to a request for unconditionally shared data may be extended.
    pub fn extension_for_unconditional(&self, level: Level, region: &RegionCode, date: Date) -> ExtensionPolicy {
        let told = self.told((level, region, date), |policies| policies.extension_for_unconditional);
        told.unwrap_or(ExtensionPolicy::Allowed)
    }

    /// What stops the department's clock for an update of the catalogue.
    pub fn update_stop(&self, level: Level, region: &RegionCode, date: Date) -> UpdateStopPolicy {
        self.told((level, region, date), |policies| policies.update_stop).unwrap_or(UpdateStopPolicy::Filing)
    }

    /// Working days after the first delivery until it counts as usable when nobody objects.
    pub fn objection_days(&self, level: Level, region: &RegionCode, date: Date) -> u16 {
        let told = self.told((level, region, date), |policies| policies.objection_days);
        told.unwrap_or(DELIVERY_OBJECTION_WORKING_DAYS)
    }

    /// Which common authority a dispute between two levels comes before.
    pub fn common_authority(&self, level: Level, region: &RegionCode, date: Date) -> CommonAuthorityPolicy {
        let told = self.told((level, region, date), |policies| policies.common_authority);
        told.unwrap_or(CommonAuthorityPolicy::Lowest)
    }

    /// How long records of use are kept after the grant's end: the Decree's time, or longer.
    pub fn usage_retention(&self, level: Level, region: &RegionCode, date: Date) -> law::Retention {
        let told = self.told((level, region, date), |policies| policies.usage_retention_years);
        law::Retention { years: told.unwrap_or(law::USAGE_RETENTION.years), ..law::USAGE_RETENTION }
    }
}

/// Why a notice is not taken, as a refusal.
pub fn notice_refused(error: &CalendarError) -> Refusal {
    let refusal = Refusal::new(RefusalCode::NoticeRefused, None).with("reason", error);
    match error {
        CalendarError::Contradiction { date }
        | CalendarError::OutsideTheYear { date, .. }
        | CalendarError::OutOfRange { date }
        | CalendarError::AlreadyWorking { date } => refusal.with("date", date),
        CalendarError::NoticeKnown { number } => refusal.with("number", number),
        _ => refusal,
    }
}

fn check_form(set: &RuleSet) -> Result<(), Refusal> {
    let within = |text: &str, max: usize| {
        let length = text.chars().count();
        (1..=max).contains(&length) && text.trim() == text && !text.chars().any(char::is_control)
    };
    let wrong = [
        ("id", !within(&set.id, NUMBER_MAX) || set.id == DECREE),
        ("title", !within(&set.title, TITLE_MAX)),
        ("number", !within(&set.number, NUMBER_MAX)),
        ("due_hour", set.policies.due_hour.is_some_and(|hour| !(DUE_HOUR_MIN..=DUE_HOUR_MAX).contains(&hour))),
    ];
    wrong.iter().find(|(_, wrong)| *wrong).map_or(Ok(()), |(field, _)| Err(refused(field)))
}

/// No policy gives anybody more time than the Decree, and none keeps records for less.
fn check_policies(policies: &Policies) -> Result<(), Refusal> {
    let told = |code, ground, field: &str| Refusal::new(code, Some(ground)).with("field", field);
    if let Some(days) = policies.objection_days {
        let Term { days: max, article } = law::DELIVERY;
        if !(1..=max).contains(&days) {
            let code = if days > max { RefusalCode::RuleTooLong } else { RefusalCode::RuleRefused };
            return Err(told(code, article, "objection_days").with("days", days).with("max", max));
        }
    }
    if let Some(years) = policies.usage_retention_years {
        let law::Retention { years: min, article } = law::USAGE_RETENTION;
        if years < min || years > RETENTION_YEARS_MAX {
            return Err(told(RefusalCode::RuleRefused, article, "usage_retention_years").with("min", min));
        }
    }
    Ok(())
}

fn check_term(clock: ClockId, days: u16) -> Result<(), Refusal> {
    let longest = law::term(clock);
    let told = |code, ground| Refusal::new(code, Some(ground)).with("clock", clock).with("days", days);
    if days > longest.days {
        return Err(told(RefusalCode::RuleTooLong, longest.article).with("max", longest.days));
    }
    // What repeats the Decree would make a clock name another ground than the law's for nothing.
    if days == longest.days || (days == 0 && !clock.is_extension()) {
        return Err(told(RefusalCode::RuleRefused, law::SHORTER_TERMS).with("field", "terms"));
    }
    Ok(())
}

fn refused(field: &str) -> Refusal {
    Refusal::new(RefusalCode::RuleRefused, Some(law::SHORTER_TERMS)).with("field", field)
}
