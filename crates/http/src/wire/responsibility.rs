//! Who answers for what under a grant (责任清单).

use super::{
    list::{ResponsiblePart, SharingLink},
    shared::OrganisationName,
};
use serde::Serialize;
use shuqiao_app::view;
use utoipa::ToSchema;

/// Somebody who answers for a link of sharing (Art. 34(1)).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Responsible {
    /// For which link.
    pub link: SharingLink,
    /// In what part.
    pub part: ResponsiblePart,
    /// Which organisation; a contractor's is the department that engaged it.
    pub organisation: OrganisationName,
    /// Which person: of an account here, or the contact as the request names one.
    #[schema(required)]
    pub person_name: Option<String>,
    /// The contractor's name.
    #[schema(required)]
    pub contractor: Option<String>,
    /// The number of the contractor's engagement.
    #[schema(required)]
    pub engagement: Option<String>,
}

impl From<view::ResponsibleView> for Responsible {
    fn from(view: view::ResponsibleView) -> Self {
        let view::ResponsibleView { responsible, organisation, person_name } = view;
        // A name without an account is the contact's, unless it is a contractor's.
        let (contact, contractor) =
            if responsible.engagement.is_some() { (None, responsible.name) } else { (responsible.name, None) };
        Self {
            link: responsible.link.into(),
            part: responsible.part.into(),
            organisation: OrganisationName::from(&organisation),
            person_name: person_name.or(contact),
            contractor,
            engagement: responsible.engagement,
        }
    }
}
