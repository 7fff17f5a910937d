//! Versions of an entry, and the announcements of them (通告, Art. 16).

use super::{Entry, EntryContent, EntryState};
use crate::Stamp;
use shuqiao_vocabulary::{CatalogueEntryId, OrganisationId, closed_list};

/// A version of an entry, as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Which, from 1.
    pub version: u32,
    /// What it says.
    pub content: EntryContent,
    /// The head's approval.
    pub approved: Stamp,
    /// The authority's publication.
    pub published: Stamp,
    /// The announcement's number; what was published before announcements were kept has none.
    pub announcement: Option<String>,
}

closed_list! {
    /// What an announcement makes known.
    AnnouncementKind {
        /// A new entry (新增).
        Published = "published",
        /// A new version of an entry (更新).
        Updated = "updated",
        /// An entry ends (撤销).
        Retired = "retired",
    }
}

/// An announcement to all departments (通告, Art. 16).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Its number.
    pub number: String,
    /// What it makes known.
    pub kind: AnnouncementKind,
    /// Who announced it, and when.
    pub by: Stamp,
    /// The entry.
    pub entry: CatalogueEntryId,
    /// The department whose data it is.
    pub provider: OrganisationId,
    /// The entry's name at that time.
    pub name: String,
    /// The entry's number in the catalogue.
    pub catalogue_number: String,
    /// The version it speaks of.
    pub version: u32,
}

impl Entry {
    /// The version that holds; `None` before the first publication and after retirement.
    pub fn version(&self) -> Option<Version> {
        let EntryState::Published { version, approved, published, announcement, .. } = &self.state else { return None };
        Some(Version {
            version: *version,
            content: self.content.clone(),
            approved: approved.clone(),
            published: published.clone(),
            announcement: announcement.clone(),
        })
    }

    /// The announcement of the state that the entry has just come into; `None` when none was made.
    pub fn announcement(&self) -> Option<Announcement> {
        let (announced, kind, by, catalogue_number, version) = match &self.state {
            EntryState::Published { version, published, number, announcement, .. } => {
                let kind = if *version == 1 { AnnouncementKind::Published } else { AnnouncementKind::Updated };
                (announcement.as_ref()?, kind, published, number, *version)
            }
            EntryState::Retired { version, number, retired, announcement, .. } => {
                (announcement, AnnouncementKind::Retired, retired, number, *version)
            }
            EntryState::Draft { .. } | EntryState::AwaitingHead { .. } | EntryState::Filed { .. } => return None,
        };
        Some(Announcement {
            number: announced.clone(),
            kind,
            by: by.clone(),
            entry: self.id,
            provider: self.provider,
            name: self.content.name.clone(),
            catalogue_number: catalogue_number.clone(),
            version,
        })
    }
}
