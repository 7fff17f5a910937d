//! What several representations share.

use super::{
    list::{BasisRank, Light, ProblemCode},
    text::{MomentText, OrganisationId},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::view;
use shuqiao_domain::{self as domain, Stamp, catalogue::LegalBasis};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A page of a list. Where `next` is not null, the next page is had with `after` set to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Where the next page begins; opaque.
    #[schema(required)]
    pub next: Option<String>,
}

/// A list that is given whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct Items<T> {
    /// The items.
    pub items: Vec<T>,
}

impl<T> Items<T> {
    /// The wire forms of these.
    pub fn of<V>(values: impl IntoIterator<Item = V>) -> Self
    where
        T: From<V>,
    {
        Self { items: values.into_iter().map(T::from).collect() }
    }
}

/// An organisation by id and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrganisationName {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
}

impl From<&domain::organisation::Organisation> for OrganisationName {
    fn from(organisation: &domain::organisation::Organisation) -> Self {
        Self { id: OrganisationId(organisation.id), name: organisation.name.clone() }
    }
}

/// A citation of law (依据).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The norm's rank.
    pub rank: BasisRank,
    /// The norm's title.
    pub title: String,
    /// The article cited.
    #[serde(default)]
    pub article: String,
}

impl From<Basis> for LegalBasis {
    fn from(form: Basis) -> Self {
        Self { rank: form.rank.0, title: form.title, article: form.article }
    }
}

impl From<LegalBasis> for Basis {
    fn from(basis: LegalBasis) -> Self {
        Self { rank: BasisRank(basis.rank), title: basis.title, article: basis.article }
    }
}

super::both_ways!(Basis, LegalBasis);

/// One thing that is wrong with one field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Path of the field, `items[2].grade`.
    pub field: String,
    /// What is wrong.
    pub code: ProblemCode,
    /// What the text needs, by name.
    pub params: BTreeMap<String, String>,
    /// The article that asks for the field, `13`.
    #[schema(required)]
    pub article: Option<String>,
}

impl From<domain::Problem> for FieldProblem {
    fn from(problem: domain::Problem) -> Self {
        Self {
            field: problem.field,
            code: ProblemCode(problem.code),
            params: problem.params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            article: problem.article.map(|article| article.to_string()),
        }
    }
}

/// A decision's author and moment (署名).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Signature {
    /// The person's name.
    pub name: String,
    /// When.
    pub at: MomentText,
}

/// Something sent back, with the reason (退回).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SentBack {
    /// Why.
    pub reason: String,
    /// The name of who sent it back.
    pub by_name: String,
    /// When.
    pub at: MomentText,
}

/// The name of a person, as far as the view knows it; a person whose account is gone keeps the id.
pub fn person_name(people: &view::People, person: shuqiao_vocabulary::PersonId) -> String {
    people.get(&person).cloned().unwrap_or_else(|| person.to_string())
}

/// The wire form of a stamp.
pub fn signature(people: &view::People, stamp: &Stamp) -> Signature {
    Signature { name: person_name(people, stamp.person), at: MomentText(stamp.at) }
}

/// The wire form of something sent back.
pub fn sent_back(people: &view::People, returned: &domain::Returned) -> SentBack {
    SentBack {
        reason: returned.reason.clone(),
        by_name: person_name(people, returned.by.person),
        at: MomentText(returned.by.at),
    }
}

/// One line of a thing's history.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HistoryLine {
    /// Index in the record.
    pub index: u64,
    /// When.
    pub at: MomentText,
    /// What happened, by the event's name.
    pub event: String,
    /// Who did it.
    #[schema(required)]
    pub person_name: Option<String>,
    /// For whom.
    #[schema(required)]
    pub organisation_name: Option<String>,
    /// Reason or opinion.
    #[schema(required)]
    pub note: Option<String>,
}

impl From<view::HistoryLine> for HistoryLine {
    fn from(line: view::HistoryLine) -> Self {
        Self {
            index: line.index,
            at: MomentText(line.at),
            event: line.event,
            person_name: line.person_name,
            organisation_name: line.organisation_name,
            note: line.note,
        }
    }
}

/// A reply clock as it stands now; the console shows it and computes nothing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Clock {
    /// When it started.
    pub started: MomentText,
    /// The last moment for the reply.
    pub due: MomentText,
    /// The term in working days.
    pub working_days: u16,
    /// The article that sets it.
    pub article: String,
    /// Working days left; negative when overdue.
    pub remaining_working_days: i32,
    /// How it stands.
    pub light: Light,
    /// A year without a published calendar is involved, so the day may still move.
    pub provisional: bool,
    /// The calendar it was computed with.
    pub calendar: String,
    /// Working days spent waiting on the requester; shown beside, never subtracted.
    pub waiting_on_requester_days: u32,
    /// Working days since the start, until now or until it was closed (毛时长).
    pub gross_working_days: u32,
    /// Those among them in which nobody was waited for (净时长).
    pub net_working_days: u32,
    /// Which clock of the law it is; absent where the term was set case by case.
    #[schema(required)]
    pub kind: Option<super::list::ClockId>,
    /// The rule set that says how long it is; `decree_809` is the Decree itself.
    pub rule_set: String,
    /// Working days by which it was extended.
    pub extended_by: u16,
    /// Working days added because it stood while the requester was waited for.
    pub paused_for: u16,
    /// Since when it is counted, where a rule set let it begin anew with the completed papers.
    #[schema(required)]
    pub counted_from: Option<MomentText>,
}

impl From<view::ClockView> for Clock {
    fn from(view: view::ClockView) -> Self {
        let domain::Clock {
            started,
            due,
            working_days,
            ground,
            calendar,
            provisional,
            kind,
            rule_set,
            extended_by,
            paused_for,
            counted_from,
            region: _,
        } = view.clock;
        Self {
            started: MomentText(started),
            due: MomentText(due),
            working_days,
            article: ground.to_string(),
            remaining_working_days: view.remaining_working_days,
            light: Light(view.light),
            provisional,
            calendar,
            waiting_on_requester_days: view.spent.waiting,
            gross_working_days: view.spent.gross,
            net_working_days: view.spent.net,
            kind: kind.map(super::list::ClockId),
            rule_set,
            extended_by,
            paused_for,
            counted_from: counted_from.map(MomentText),
        }
    }
}

/// A reason in words.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Why.
    #[serde(default)]
    pub reason: String,
}
