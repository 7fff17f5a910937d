//! A source's new structure is held while live grants need the old one (Art. 27(3)): a service is not changed without
//! being negotiated and filed.

use crate::{App, AppError};
use shuqiao_domain::{
    Refusal, RefusalCode,
    case::{About, CaseKind, ServiceChange},
    law,
    source::{Source, Structure, breaks},
};
use shuqiao_store::{CaseQuery, Conn, LIST_MAX};
use shuqiao_vocabulary::Moment;

/// Grants that an answer names.
const NAMED_MAX: usize = 20;

impl App {
    /// Numbers of the live grants that a structure would break and whose change of service is not filed yet.
    pub(crate) async fn grants_holding(
        &self,
        tx: &mut Conn,
        source: &Source,
        found: &Structure,
        now: Moment,
    ) -> Result<Vec<String>, AppError> {
        let mut holding = Vec::new();
        for grant in tx.grant_standing(source.provider, now).await? {
            let touched = grant.terms.resource.source == source.id;
            if !touched || !breaks(&source.structure, found, &grant.terms) {
                continue;
            }
            let query = CaseQuery {
                kinds: vec![CaseKind::ServiceChange],
                about: About::grant(grant.id),
                limit: LIST_MAX,
                ..CaseQuery::default()
            };
            let filed = tx.case_list(&query).await?.items.into_iter();
            if !filed.map(|case| case.value).any(|case| ServiceChange::permits_change(&case, source.described_at)) {
                holding.push(grant.number);
            }
        }
        Ok(holding)
    }
}

/// The answer that names the grants.
pub(crate) fn held(grants: &[String]) -> Refusal {
    let named = grants.iter().take(NAMED_MAX).map(String::as_str).collect::<Vec<_>>().join(" ");
    Refusal::new(RefusalCode::StructureHeld, Some(law::SERVICE_END_FILED))
        .with("count", grants.len())
        .with("grants", named)
}
