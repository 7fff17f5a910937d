//! The sample grant in every state.

use crate::samples::{active, by_provider, day, today};
use shuqiao_domain::grant::{self, Grant, GrantStateName, RevocationGround};
use shuqiao_vocabulary::Date;

pub(crate) fn misuse() -> RevocationGround {
    RevocationGround::Misuse { text: "擅自提供给第三方。".into() }
}

pub(crate) fn revoked() -> Grant {
    let grant = active();
    grant.clone().apply(&grant::end(&grant, misuse(), by_provider()).unwrap())
}

pub(crate) fn suspended() -> Grant {
    let grant = active();
    let case = "cas_00000000000000000000000000000001".parse().unwrap();
    grant.clone().apply(&grant::suspend(&grant, case, "疑似转给第三方", by_provider()).unwrap())
}

/// A grant as it stands, and the day on which it is looked at.
pub(crate) fn grants() -> Vec<(GrantStateName, Grant, Date)> {
    vec![
        (GrantStateName::Active, active(), today()),
        (GrantStateName::Suspended, suspended(), today()),
        (GrantStateName::Revoked, revoked(), today()),
        (GrantStateName::Expired, active(), day("2027-03-10")),
    ]
}
