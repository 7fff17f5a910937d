//! What services show: calls for another purpose, sources that cannot be reached or changed without a filing (Art. 27(3)),
//! quarters without a record of use (Art. 29(2)).

use super::PAGES_MAX;
use crate::{App, AppError};
use shuqiao_domain::{
    case::{About, AnyCase, CaseKind, ServiceChange as Filing, UsageRecord},
    grant::{Grant, GrantStateName},
    lead::{
        Duty, DutyKind, Evidence, EvidenceSort, LeadFacts, ServiceChange, ServiceFact, USAGE_RECORD_WITHIN_DAYS,
        UseFact,
    },
};
use shuqiao_store::{CaseQuery, GrantQuery, JournalQuery, LIST_MAX, StoreError};
use shuqiao_vocabulary::{Date, Moment, SourceId};
use std::collections::BTreeMap;

/// Usage records of a grant that one turn looks at.
const USAGE_MAX: usize = 200;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// Whether a usage record's refusal tells that the provider's service changed.
fn change_of(code: &str) -> Option<ServiceChange> {
    match code {
        "source_unreachable" | "source_slow" | "source_failed" => Some(ServiceChange::Unreachable),
        "source_changed" => Some(ServiceChange::StructureChanged),
        _ => None,
    }
}

/// What the plane answers when the purpose is not the grant's.
const PURPOSE_MISMATCH: &str = "purpose_mismatch";

/// The event of a source whose new structure is held back, and the fact that names the grants that need the old one.
const HELD: (&str, &str) = ("SourceStructureHeld", "grants");

impl App {
    /// What the grants show: those in force by their calls, and each by its record of use.
    pub(super) async fn services_in_question(&self, known: &mut LeadFacts) -> Result<(), AppError> {
        let held = self.held_since().await?;
        let mut query = GrantQuery { limit: LIST_MAX, ..GrantQuery::default() };
        for _ in 0..PAGES_MAX {
            let listed = self.store.begin_read().await?.grant_list(&query).await?;
            for grant in listed.items.into_iter().map(|grant| grant.value) {
                if self.use_unrecorded(&grant, known.now).await? {
                    known.duties.push(record_of_use(&grant, known.now));
                }
                if grant.state_on(known.now) == GrantStateName::Active {
                    self.service_in_question(known, &grant, held.get(&grant.number).copied()).await?;
                }
            }
            match listed.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        Ok(())
    }

    /// Numbers of the grants that hold back a source's new structure, and since when it is known.
    async fn held_since(&self) -> Result<BTreeMap<String, Date>, AppError> {
        let (event, grants) = HELD;
        let mut found = BTreeMap::new();
        let mut looked_at = std::collections::BTreeSet::<SourceId>::new();
        let query =
            JournalQuery { subject: None, actor: None, event: Some(event.to_owned()), limit: LIST_MAX, after: None };
        let mut read = self.store.begin_read().await?;
        // The newest first: of each source the last time it was read says which grants.
        for row in read.journal_list(&query).await?.items {
            let Ok(id) = row.subject.parse::<SourceId>() else { continue };
            if !looked_at.insert(id) {
                continue;
            }
            let held = match read.source_fetch(id).await {
                Ok(source) => source.value.held,
                Err(StoreError::NotFound) => None,
                Err(error) => return Err(error.into()),
            };
            let named = row.facts.get(grants).map(String::as_str).unwrap_or_default();
            let since = held.map(|held| named.split_whitespace().map(move |grant| (grant.to_owned(), held.date())));
            found.extend(since.into_iter().flatten());
        }
        Ok(found)
    }

    /// Calls that were refused because of their purpose, or because the source could not answer as it was granted.
    async fn service_in_question(
        &self,
        known: &mut LeadFacts,
        grant: &Grant,
        held: Option<Date>,
    ) -> Result<(), AppError> {
        let mut purposes = BTreeMap::<Date, Vec<u64>>::new();
        let mut changes = BTreeMap::<(Date, u8), (ServiceChange, Vec<u64>)>::new();
        let structure = |day: Date| (day, u8::from(true));
        if let Some(day) = held {
            changes.insert(structure(day), (ServiceChange::StructureChanged, Vec::new()));
        }
        for line in self.usage.recent(&grant.id, USAGE_MAX).await {
            let Some(code) = line.refused.as_deref() else { continue };
            let day = line.at.date();
            if code == PURPOSE_MISMATCH {
                purposes.entry(day).or_default().push(line.index);
            }
            if let Some(change) = change_of(code) {
                let key = if change == ServiceChange::StructureChanged { structure(day) } else { (day, 0) };
                changes.entry(key).or_insert_with(|| (change, Vec::new())).1.push(line.index);
            }
        }
        known.uses.extend(purposes.into_iter().map(|(day, indexes)| calls(grant, day, indexes)));
        if changes.is_empty() {
            return Ok(());
        }
        let described =
            self.store.begin_read().await?.source_fetch(grant.terms.resource.source).await?.value.described_at;
        let filings = self.filings(grant).await?;
        known.services.extend(changes.into_iter().map(|((day, _), (change, usage_records))| ServiceFact {
            organisation: grant.provider,
            about: About::grant(grant.id),
            number: grant.number.clone(),
            change,
            day,
            filed: filings.iter().any(|case| Filing::excuses(case, day, described)),
            usage_records,
        }));
        Ok(())
    }

    /// The changes of service about a grant.
    async fn filings(&self, grant: &Grant) -> Result<Vec<AnyCase>, AppError> {
        let query = CaseQuery {
            kinds: vec![CaseKind::ServiceChange],
            about: About::grant(grant.id),
            limit: LIST_MAX,
            ..CaseQuery::default()
        };
        let listed = self.store.begin_read().await?.case_list(&query).await?;
        Ok(listed.items.into_iter().map(|case| case.value).collect())
    }
}

/// The record that the last whole quarter lacks.
fn record_of_use(grant: &Grant, now: Moment) -> Duty {
    let (from, until) = UsageRecord::period_before(now.date());
    Duty {
        kind: DutyKind::UsageRecord,
        organisation: grant.requester,
        about: About::grant(grant.id),
        subject: grant.number.clone(),
        began: Moment::end_of_day(from),
        due: Moment::end_of_day(until).plus_seconds(USAGE_RECORD_WITHIN_DAYS * DAY),
        extended_until: None,
        done: None,
        evidence: vec![
            Evidence::new(EvidenceSort::Grant, &grant.number),
            Evidence::new(EvidenceSort::Name, "period").noting(format!("{from} {until}")),
        ],
    }
}

fn calls(grant: &Grant, day: Date, usage_records: Vec<u64>) -> UseFact {
    let (organisation, number) = (grant.requester, grant.number.clone());
    UseFact { organisation, about: About::grant(grant.id), number, day, usage_records }
}
