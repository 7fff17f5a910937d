//! Verification (核验): whether values go together in one row, yes or no, and nothing else of the row.

use super::{Call, Facts, Plane};
use crate::{
    enforcement::restrict_verification,
    meter::RateState,
    problem::{ProblemCode, Refused},
    query::Verification,
    usage::Outcome,
};
use shuqiao_crypto::digest;
use shuqiao_vocabulary::ItemName;
use std::collections::BTreeSet;

/// Answers that may leave: they have been recorded.
pub(crate) struct Verified {
    /// One for each subject, in order.
    pub(crate) answers: Vec<bool>,
    /// The place in the usage log.
    pub(crate) record: u64,
    pub(crate) rate: Option<RateState>,
}

impl Plane {
    /// Answers a verification. Each subject counts as a row of the day.
    ///
    /// # Errors
    /// Why not, to be recorded with what is known of the call.
    pub(crate) async fn verify(&self, call: &Call<'_>, facts: &mut Facts) -> Result<Verified, Refused> {
        let (grant, claims) = self.admit(call, facts)?;
        let body = call.body.ok_or_else(|| Refused::new(ProblemCode::BodyTooLarge))?;
        let asked = Verification::parse(body)?;
        if asked.purpose == grant.terms.purpose {
            facts.purpose = asked.purpose.clone();
        }
        let restricted = asked
            .subjects
            .iter()
            .map(|subject| restrict_verification(&grant, &asked.purpose, subject, &claims, call.now))
            .collect::<Result<Vec<_>, _>>()?;
        let items: BTreeSet<&ItemName> = asked.subjects.iter().flatten().map(|condition| &condition.item).collect();
        facts.items = items.into_iter().cloned().collect();
        facts.count(&grant)?;
        let subjects = restricted.len() as u64;
        let reserved = grant.rows_of_day(call.now, subjects)?;
        if reserved.rows() < subjects {
            return Err(Refused::new(ProblemCode::DailyRowsExceeded).with("limit", grant.terms.rows_per_day));
        }
        let (source, plan) = grant.plan(self.sources()).await?;
        let mut answers = Vec::with_capacity(restricted.len());
        for query in &restricted {
            let columns = query.columns(&plan);
            let rows = source.scan(&query.request(&plan, &columns, None)).await?;
            answers.push(query.found(&plan, &columns, &rows)?);
        }
        // What the record vouches for: the answers in order, as one character each.
        let told: String = answers.iter().map(|yes| if *yes { '1' } else { '0' }).collect();
        let outcome = Outcome::Delivered {
            rows: subjects,
            bytes: told.len() as u64,
            digest: digest::sha256_hex(told.as_bytes()),
        };
        let rate = facts.rate;
        let record = self.record(super::call::new_usage(call, std::mem::take(facts), outcome)).await?;
        reserved.keep(subjects);
        Ok(Verified { answers, record, rate })
    }
}
