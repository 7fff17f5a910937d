//! Which grants' calls must be signed: conditional sharing at grade 3 and above.

use crate::AppError;
use shuqiao_domain::grant::Grant;
use shuqiao_store::Conn;
use shuqiao_vocabulary::{Grade, GrantId, SharingAttribute};
use std::collections::{BTreeMap, BTreeSet};

/// From this grade on a token alone does not do: it proves who calls, not what was asked.
const SIGNED_FROM: Grade = Grade::L3;

/// The grants of which each call must be signed. The sharing attribute is the entry's of today.
pub(crate) async fn signed_grants(conn: &mut Conn, grants: &[Grant]) -> Result<BTreeSet<GrantId>, AppError> {
    let (mut signed, mut conditional) = (BTreeSet::new(), BTreeMap::new());
    for grant in grants.iter().filter(|grant| grant.terms.items.iter().any(|item| item.grade >= SIGNED_FROM)) {
        let is_conditional = match conditional.get(&grant.entry) {
            Some(known) => *known,
            None => {
                let entry = conn.entry_fetch(grant.entry).await?.value;
                let is = entry.content.sharing_attribute == Some(SharingAttribute::Conditional);
                conditional.insert(grant.entry, is);
                is
            }
        };
        if is_conditional {
            signed.insert(grant.id);
        }
    }
    Ok(signed)
}
