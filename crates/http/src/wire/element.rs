//! Data elements on the wire.

use super::{
    case::Carrier,
    shared::{Basis, OrganisationName},
    text::{CaseId, CatalogueEntryId, ItemName, MomentText},
};
use serde::Serialize;
use shuqiao_app::view;
use utoipa::ToSchema;

/// A data element with its collectors and its source department.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DataElement {
    /// Its name.
    pub element: String,
    /// What it is.
    pub definition: String,
    /// The case in which the source department is designated.
    pub case: CaseId,
    /// The case's number.
    pub number: String,
    /// The departments that collect it.
    pub collectors: Vec<OrganisationName>,
    /// Where it stands in the catalogue.
    pub carriers: Vec<Carrier>,
    /// The designated source department; null while there is none.
    #[schema(required)]
    pub source: Option<OrganisationName>,
    /// When it was designated.
    #[schema(required)]
    pub designated_at: Option<MomentText>,
    /// Collectors that the source department says do not cooperate.
    pub not_cooperating: Vec<OrganisationName>,
}

impl From<view::ElementView> for DataElement {
    fn from(view: view::ElementView) -> Self {
        Self {
            element: view.element,
            definition: view.definition,
            case: view.case.into(),
            number: view.number,
            collectors: view.collectors.iter().map(OrganisationName::from).collect(),
            carriers: view.carriers.into_iter().map(Carrier::from).collect(),
            source: view.source.as_ref().map(OrganisationName::from),
            designated_at: view.designated_at.map(MomentText),
            not_cooperating: view.not_cooperating.iter().map(OrganisationName::from).collect(),
        }
    }
}

/// One item that carries an element that several departments collect.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RepeatedItem {
    /// The entry.
    pub entry: CatalogueEntryId,
    /// The entry's name.
    pub entry_name: String,
    /// Whose it is.
    pub provider: OrganisationName,
    /// The item's name in calls.
    pub item: ItemName,
    /// The item's title.
    pub title: String,
    /// Whether it is personal information.
    pub personal: bool,
    /// The basis on which the department says that it collects.
    pub basis: Basis,
}

/// An element that several departments state they collect (疑似重复收集): a lead, never a verdict.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RepeatedElement {
    /// Its name without what writers do differently.
    pub element: String,
    /// Where it stands.
    pub items: Vec<RepeatedItem>,
    /// The designated source department; null when there is none.
    #[schema(required)]
    pub source: Option<OrganisationName>,
}

impl From<view::RepeatView> for RepeatedElement {
    fn from(view: view::RepeatView) -> Self {
        let item = |repeated: view::RepeatedItem| RepeatedItem {
            entry: repeated.carried.entry.into(),
            entry_name: repeated.carried.entry_name,
            provider: OrganisationName::from(&repeated.provider),
            item: repeated.carried.item.into(),
            title: repeated.carried.title,
            personal: repeated.carried.personal,
            basis: repeated.carried.basis.into(),
        };
        Self {
            element: view.key,
            items: view.items.into_iter().map(item).collect(),
            source: view.source.as_ref().map(OrganisationName::from),
        }
    }
}
