//! What cases show: corrections, disposals and return flows that are late, departments that do not cooperate, disputes that
//! wait, incidents where shared data is used.

use super::PAGES_MAX;
use crate::{App, AppError};
use shuqiao_domain::{
    case::{
        About, AnyCase, Case, CaseKind, Correction, Disposal, Dispute, Incident, Procedure, ReturnFlow,
        SourceDesignation,
    },
    lead::{COOPERATION_WAITS_DAYS, DisputeFact, Duty, DutyKind, Evidence, EvidenceSort, IncidentFact, LeadFacts},
};
use shuqiao_store::{CaseQuery, LIST_MAX};
use shuqiao_vocabulary::{Date, Moment, OrganisationId};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The kinds of case that show something.
const KINDS: &[CaseKind] = &[
    CaseKind::Correction,
    CaseKind::Disposal,
    CaseKind::ReturnFlow,
    CaseKind::SourceDesignation,
    CaseKind::Dispute,
    CaseKind::Incident,
];

impl App {
    /// What the cases show, settled ones too: what was done too late was late.
    pub(super) async fn cases_in_question(&self, known: &mut LeadFacts) -> Result<(), AppError> {
        let mut query = CaseQuery { kinds: KINDS.to_vec(), limit: LIST_MAX, ..CaseQuery::default() };
        for _ in 0..PAGES_MAX {
            let listed = self.store.begin_read().await?.case_list(&query).await?;
            for case in listed.items {
                self.case_in_question(known, &case.value).await?;
            }
            match listed.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        Ok(())
    }

    async fn case_in_question(&self, known: &mut LeadFacts, case: &AnyCase) -> Result<(), AppError> {
        match case {
            AnyCase::Correction(case) => known.duties.extend(corrections(case)),
            AnyCase::Disposal(case) => known.duties.extend(disposals(case)),
            AnyCase::ReturnFlow(case) => known.duties.extend(returns(case, known.now.date())),
            AnyCase::SourceDesignation(case) => known.duties.extend(cooperation(case)),
            AnyCase::Dispute(case) => known.disputes.extend(waiting(case)),
            AnyCase::Incident(case) => known.incidents.extend(self.incident_fact(case).await?),
            _ => {}
        }
        Ok(())
    }

    pub(super) async fn incident_fact(&self, incident: &Case<Incident>) -> Result<Option<IncidentFact>, AppError> {
        let Some(grant) = incident.matter.grant else { return Ok(None) };
        let grant = self.store.begin_read().await?.grant_fetch(grant).await?.value;
        Ok(Some(IncidentFact {
            organisation: incident.matter.organisation,
            requester: grant.requester,
            about: About { grant: Some(grant.id), case: Some(incident.id), ..About::NOTHING },
            number: incident.number.clone(),
            found_on: incident.matter.found_on,
        }))
    }
}

/// What the clocks of a case asked of its respondent, each with when it ended.
fn clocks<P: Procedure>(case: &Case<P>, kind: DutyKind) -> Vec<Duty> {
    let Some(organisation) = case.respondent else { return Vec::new() };
    let duty = |began: Moment, due: Moment, done: Option<Moment>| Duty {
        kind,
        organisation,
        about: About { case: Some(case.id), ..case.matter.about() },
        subject: case.number.clone(),
        began,
        due,
        extended_until: None,
        done,
        evidence: vec![Evidence::new(EvidenceSort::Case, &case.number)],
    };
    case.clocks.iter().map(|timed| duty(timed.clock.started, timed.clock.due, timed.stopped)).collect()
}

/// The feedback that a correction asks for, by the clock of Art. 26(2).
fn corrections(case: &Case<Correction>) -> Vec<Duty> {
    clocks(case, DutyKind::Correction)
}

/// What the provider's instruction asks of the requester, and each new one after it (Art. 27(1)).
fn disposals(case: &Case<Disposal>) -> Vec<Duty> {
    clocks(case, DutyKind::Disposal)
}

/// Due dates of a return flow that were not kept (Art. 24), each row of them as one.
fn returns(case: &Case<ReturnFlow>, today: Date) -> Vec<Duty> {
    let Some(organisation) = case.respondent else { return Vec::new() };
    let gaps = case.gaps(today).into_iter();
    gaps.map(|gap| Duty {
        kind: DutyKind::ReturnFlow,
        organisation,
        about: About { case: Some(case.id), ..case.matter.about() },
        subject: case.number.clone(),
        began: Moment::end_of_day(gap.first),
        due: Moment::end_of_day(gap.first),
        extended_until: None,
        done: gap.returned_on.map(Moment::end_of_day),
        evidence: vec![
            Evidence::new(EvidenceSort::Case, &case.number),
            Evidence::new(EvidenceSort::Name, "due_dates").noting(gap.dates),
        ],
    })
    .collect()
}

/// Departments that the source department says do not cooperate, and that have not answered (Art. 19(2)).
fn cooperation(case: &Case<SourceDesignation>) -> Vec<Duty> {
    let reported = case.not_cooperating_since().into_iter();
    reported
        .map(|(department, since): (OrganisationId, Moment)| Duty {
            kind: DutyKind::Cooperation,
            organisation: department,
            about: About::case(case.id),
            subject: case.number.clone(),
            began: since,
            due: since.plus_seconds(COOPERATION_WAITS_DAYS * DAY),
            extended_until: None,
            done: None,
            evidence: vec![
                Evidence::new(EvidenceSort::Case, &case.number),
                Evidence::new(EvidenceSort::Moment, since).noting("reported"),
            ],
        })
        .collect()
}

/// A dispute that an authority has.
fn waiting(case: &Case<Dispute>) -> Option<DisputeFact> {
    Some(DisputeFact {
        authority: case.authority?,
        about: About { case: Some(case.id), ..case.matter.about() },
        number: case.number.clone(),
        since: case.before_authority_since()?.date(),
        settled: false,
    })
}
