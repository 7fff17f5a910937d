//! Typed ids. An id says what it names: `req_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5`.

use std::{fmt, hash::Hash, marker::PhantomData, str::FromStr};
use uuid::Uuid;

/// A kind of thing that has ids.
pub trait Kind: Copy + Eq + Ord + Hash + fmt::Debug + Send + Sync + 'static {
    /// The spelling in front of the underscore; for ever (invariant 12).
    const PREFIX: &'static str;
}

/// An id of one kind: a UUID version 7 behind the kind's prefix. It does not turn into any other id.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id<K: Kind>(Uuid, PhantomData<K>);

impl<K: Kind> Id<K> {
    /// The id made of these 128 bits. Minting is done at the edge, where time and chance come in.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The 128 bits.
    pub const fn uuid(&self) -> Uuid {
        self.0
    }
}

/// Text that is not an id of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not an id of the form `{prefix}_…`")]
pub struct IdError {
    /// The wanted kind's prefix.
    pub prefix: &'static str,
    /// What was found.
    pub found: String,
}

impl<K: Kind> FromStr for Id<K> {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let wrong = || IdError { prefix: K::PREFIX, found: text.chars().take(64).collect() };
        let hex = text.strip_prefix(K::PREFIX).and_then(|rest| rest.strip_prefix('_')).ok_or_else(wrong)?;
        let lower_case = hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !lower_case {
            return Err(wrong());
        }
        Uuid::try_parse(hex).map(Self::from_uuid).map_err(|_| wrong())
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.0.simple())
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident $id:ident = $prefix:literal),+ $(,)?) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct $kind;
            impl Kind for $kind { const PREFIX: &'static str = $prefix; }
            $(#[$meta])*
            pub type $id = Id<$kind>;
        )+

        /// Every prefix, for the golden file of ids.
        pub const PREFIXES: &[&str] = &[$($prefix),+];
    };
}

kinds! {
    /// A catalogue entry (目录).
    CatalogueEntryKind CatalogueEntryId = "cat",
    /// A department system that calls data services (业务系统).
    SystemKind SystemId = "sys",
    /// A grant (授权).
    GrantKind GrantId = "grt",
    /// An organisation (组织机构).
    OrganisationKind OrganisationId = "org",
    /// A person with an account (人员).
    PersonKind PersonId = "per",
    /// A sharing request (共享申请).
    SharingRequestKind SharingRequestId = "req",
    /// A connected source (数据源).
    SourceKind SourceId = "src",
    /// A case (案件): a correction, a dispute, a rectification …
    CaseKind CaseId = "cas",
    /// A rule set (规则集).
    RuleSetKind RuleSetId = "rul",
    /// A notice of the calendar (放假通知).
    CalendarNoticeKind CalendarNoticeId = "ntc",
    /// A reminder (提醒).
    ReminderKind ReminderId = "rem",
    /// An application for several entries (合并申请).
    CartKind CartId = "app",
    /// A gateway (网关): a data plane that a provider runs in its own network.
    GatewayKind GatewayId = "gtw",
    /// A standing order of batch exchange (批量交换任务).
    BatchTaskKind BatchTaskId = "bat",
    /// One run of such a task (批量交换运行).
    BatchRunKind BatchRunId = "run",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_parse_only_as_what_they_are() {
        let id = GrantId::from_uuid(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse::<GrantId>(), Ok(id));
        assert!(id.to_string().parse::<PersonId>().is_err());
        for bad in ["", "grt_", "grt_7", "GRT_00000000000000000000000000000007", "grt_0000000000000000000000000000000A"]
        {
            assert!(bad.parse::<GrantId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn prefixes_are_for_ever() {
        assert_eq!(
            PREFIXES,
            ["cat", "sys", "grt", "org", "per", "req", "src", "cas", "rul", "ntc", "rem", "app", "gtw", "bat", "run"]
        );
    }
}
