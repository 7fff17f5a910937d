//! Stored forms of rule sets and notices.

use super::{Form, Spelled, stored};
use crate::legal_time::NoticeRow;
use serde::{Deserialize, Serialize};
use shuqiao_calendar::{LateNotice, Notice, Overlay};
use shuqiao_domain::{
    ClockId, RuleSet,
    rules::{CommonAuthorityPolicy, ExtensionPolicy, Policies, SupplementPolicy, UpdateStopPolicy},
};
use shuqiao_vocabulary::{Date, Level, RegionCode};
use std::collections::{BTreeMap, BTreeSet};

impl Form<i16> for i16 {
    fn of(value: &i16) -> Self {
        *value
    }
    fn value(self) -> i16 {
        self
    }
}

impl Form<BTreeSet<Date>> for BTreeSet<Spelled<Date>> {
    fn of(value: &BTreeSet<Date>) -> Self {
        value.iter().copied().map(Spelled).collect()
    }
    fn value(self) -> BTreeSet<Date> {
        self.into_iter().map(|Spelled(date)| date).collect()
    }
}

impl Form<BTreeMap<ClockId, u16>> for BTreeMap<String, u16> {
    fn of(value: &BTreeMap<ClockId, u16>) -> Self {
        value.iter().map(|(clock, days)| (clock.as_str().to_owned(), *days)).collect()
    }
    fn value(self) -> BTreeMap<ClockId, u16> {
        // A spelling that is gone cannot be: spellings are for ever.
        self.into_iter().filter_map(|(clock, days)| Some((clock.parse().ok()?, days))).collect()
    }
}

stored! {
    StoredPolicies of Policies {
        supplement: Option<Spelled<SupplementPolicy>>,
        extension_for_unconditional: Option<Spelled<ExtensionPolicy>>,
        due_hour: Option<u8>,
        // Sets that were adopted before these points could be read otherwise say nothing of them.
        #[serde(default)]
        update_stop: Option<Spelled<UpdateStopPolicy>>,
        #[serde(default)]
        objection_days: Option<u16>,
        #[serde(default)]
        common_authority: Option<Spelled<CommonAuthorityPolicy>>,
        #[serde(default)]
        usage_retention_years: Option<u8>,
    }
}
stored! {
    StoredRuleSet of RuleSet {
        id: String,
        level: Option<Spelled<Level>>,
        region: Option<Spelled<RegionCode>>,
        from: Spelled<Date>,
        terms: BTreeMap<String, u16>,
        policies: StoredPolicies,
        title: String,
        number: String,
    }
}
stored! {
    StoredNotice of Notice { number: String, url: String }
}
stored! {
    StoredLateNotice of LateNotice {
        year: i16,
        notice: StoredNotice,
        off: BTreeSet<Spelled<Date>>,
        work: BTreeSet<Spelled<Date>>,
    }
}
stored! {
    StoredOverlay of Overlay {
        region: Spelled<RegionCode>,
        notice: StoredNotice,
        off: BTreeSet<Spelled<Date>>,
        work: BTreeSet<Spelled<Date>>,
    }
}

/// A notice of the nation or of a region.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredNoticeRow {
    Nation(StoredLateNotice),
    Region(StoredOverlay),
}

impl Form<NoticeRow> for StoredNoticeRow {
    fn of(value: &NoticeRow) -> Self {
        match value {
            NoticeRow::Nation(late) => Self::Nation(Form::of(late)),
            NoticeRow::Region(overlay) => Self::Region(Form::of(overlay)),
        }
    }
    fn value(self) -> NoticeRow {
        match self {
            Self::Nation(late) => NoticeRow::Nation(late.value()),
            Self::Region(overlay) => NoticeRow::Region(overlay.value()),
        }
    }
}
