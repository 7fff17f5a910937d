//! The words of the field as types.
//!
//! What it is: typed ids, organisation and region codes, the closed lists that officials choose from, moments and
//! articles of law. Every other room speaks with these words, so that one concept has one name everywhere.
//!
//! What it is not: it has no I/O, no clock, no chance, no serialisation and no behaviour beyond parsing and printing
//! its own values. It knows neither the database nor the wire; `store` and `http` have their own forms.
//!
//! Where to start: [`id`] for ids, [`list`] for closed lists, [`filter`] for the row conditions that a request asks for,
//! a grant fixes and the plane enforces.

pub mod address;
pub mod article;
pub mod closed;
pub mod code;
pub mod digest;
pub mod filter;
pub mod id;
pub mod list;
pub mod moment;
pub mod paper;
pub mod text;

pub use address::{AddressRange, AddressRangeError};
pub use article::{Article, UnknownArticle};
pub use code::{GuideCode, OrganisationCode, RegionCode};
pub use digest::Sha256;
pub use filter::{Condition, Literal, RowFilter, Test};
pub use id::{
    BatchRunId, BatchTaskId, CalendarNoticeId, CartId, CaseId, CatalogueEntryId, GatewayId, GrantId, Id,
    OrganisationId, PersonId, ReminderId, RuleSetId, SharingRequestId, SourceId, SystemId,
};
pub use list::*;
pub use moment::{Date, Moment};
pub use paper::{PaperContent, PaperKind};
pub use text::ItemName;
