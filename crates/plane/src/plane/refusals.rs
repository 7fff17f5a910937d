//! The refusals of late, each with what a caller needs to find out why: bounded, in memory, lost at a restart. What lasts
//! is the usage record, which keeps the code.

use crate::problem::{ProblemCode, Refused};
use serde_json::{Map, Value as Json, json};
use shuqiao_vocabulary::{
    Moment,
    id::{GrantId, OrganisationId},
};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

/// Kept of callers that have proven who they are.
const PROVEN_MAX: usize = 10_000;
/// Kept of all others: whoever has no token cannot push out what others want to read.
const UNPROVEN_MAX: usize = 1_000;

/// A refusal with what may be said of it: names, counts and checks, never a secret and never a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// When.
    pub at: Moment,
    /// The reference that the caller was given.
    pub request_id: String,
    /// Why.
    pub code: ProblemCode,
    /// The details: which component, which item, how many seconds.
    pub params: Map<String, Json>,
    /// The department that is told; `None` when nobody knows whose call it was.
    pub organisation: Option<OrganisationId>,
    /// The grant, when it was the department's.
    pub grant: Option<GrantId>,
}

impl Refusal {
    /// As JSON: both languages, what was refused, what to do next.
    pub fn to_json(&self) -> Json {
        let (title_zh, title_en) = self.code.titles();
        let (next_zh, next_en) = self.code.advice();
        json!({
            "request_id": self.request_id,
            "at": crate::value::date_time_text(self.at.microseconds()),
            "code": self.code.as_str(),
            "status": self.code.status(),
            "params": self.params,
            "grant": self.grant.map(|id| id.to_string()),
            "title_zh": title_zh,
            "title_en": title_en,
            "next_zh": next_zh,
            "next_en": next_en,
        })
    }
}

type Key = (Option<OrganisationId>, String);

#[derive(Default)]
struct Ring {
    by_key: HashMap<Key, Refusal>,
    order: VecDeque<Key>,
}

impl Ring {
    fn keep(&mut self, refusal: Refusal, max: usize) {
        let key = (refusal.organisation, refusal.request_id.clone());
        if self.by_key.insert(key.clone(), refusal).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > max
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_key.remove(&oldest);
        }
    }
}

/// The refusals of late.
#[derive(Default)]
pub(super) struct Refusals {
    proven: Mutex<Ring>,
    unproven: Mutex<Ring>,
}

impl Refusals {
    /// Keeps one. `proven` says whether the caller had proven to be of the department.
    pub(super) fn keep(&self, refusal: Refusal, proven: bool) {
        let (ring, max) = if proven { (&self.proven, PROVEN_MAX) } else { (&self.unproven, UNPROVEN_MAX) };
        ring.lock().unwrap_or_else(PoisonError::into_inner).keep(refusal, max);
    }

    /// The refusal of this reference: the department's own, or one of which nobody knows whose it was.
    pub(super) fn find(&self, organisation: OrganisationId, request_id: &str) -> Option<Refusal> {
        let find = |whose: Option<OrganisationId>| {
            let key = (whose, request_id.to_owned());
            let kept =
                |ring: &Mutex<Ring>| ring.lock().unwrap_or_else(PoisonError::into_inner).by_key.get(&key).cloned();
            kept(&self.proven).or_else(|| kept(&self.unproven))
        };
        find(Some(organisation)).or_else(|| find(None))
    }
}

impl Refused {
    /// The refusal as it is kept for questions.
    pub(super) fn kept(
        &self,
        at: Moment,
        request_id: &str,
        organisation: Option<OrganisationId>,
        grant: Option<GrantId>,
    ) -> Refusal {
        let params = self.params.clone();
        Refusal { at, request_id: request_id.to_owned(), code: self.code, params, organisation, grant }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_sees_its_own_and_no_other() {
        let org = |n: u32| -> OrganisationId { format!("org_{n:032x}").parse().unwrap() };
        let refusals = Refusals::default();
        let kept = |whose, id: &str| {
            Refused::new(ProblemCode::TokenInvalid).kept(Moment::from_microseconds(0), id, whose, None)
        };
        refusals.keep(kept(Some(org(1)), "a"), true);
        refusals.keep(kept(Some(org(2)), "a"), true);
        refusals.keep(kept(Some(org(2)), "b"), false);
        refusals.keep(kept(None, "c"), false);
        assert_eq!(refusals.find(org(1), "a").unwrap().organisation, Some(org(1)));
        assert_eq!(refusals.find(org(1), "b"), None);
        assert!(refusals.find(org(2), "b").is_some());
        assert!(refusals.find(org(1), "c").is_some(), "of nobody known: whoever was given its reference may ask");
        for n in 0..UNPROVEN_MAX {
            refusals.keep(kept(None, &format!("flood {n}")), false);
        }
        assert_eq!(refusals.find(org(2), "b"), None, "what nobody proved gives way");
        assert!(refusals.find(org(1), "a").is_some(), "what was proven does not");
    }
}
