//! Who answers for what (责任清单, Art. 34(1)): for each link of sharing under a grant, the organisations and the people
//! that are responsible. Nobody enters it: it is read off the request, the grant and the engagements in force.
//!
//! 谁管理谁负责、谁使用谁负责: whoever manages the data answers for it, and whoever uses it.

use crate::{
    case::{Case, Engagement},
    grant::Grant,
    request::{Request, RequestState},
};
use shuqiao_vocabulary::{Date, OrganisationId, PersonId, closed_list};

closed_list! {
    /// A link of sharing (环节).
    Link {
        /// Collecting (收集).
        Collect = "collect",
        /// Storing (存储).
        Store = "store",
        /// Processing (加工).
        Process = "process",
        /// Transferring (传输).
        Transfer = "transfer",
        /// Providing (提供).
        Provide = "provide",
        /// Using (使用).
        Use = "use",
        /// Destroying (销毁).
        Destroy = "destroy",
    }
}

closed_list! {
    /// In what part somebody answers (责任角色).
    Part {
        /// The provider's head of the sharing office, who consented to the reply.
        ProviderHead = "provider_head",
        /// The provider's officer, who proposed it.
        ProviderOfficer = "provider_officer",
        /// Whoever runs this node (平台建设管理单位, Art. 36(2)).
        PlatformOperator = "platform_operator",
        /// The requester's head of the sharing office, who consented to the request.
        RequesterHead = "requester_head",
        /// The requester's officer, who drafted it.
        RequesterOfficer = "requester_officer",
        /// The requester's contact, as the request names one.
        RequesterContact = "requester_contact",
        /// A contractor of the requester under an engagement in force (Art. 36(1)).
        Contractor = "contractor",
    }
}

/// Somebody who answers for a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Responsible {
    /// For which link.
    pub link: Link,
    /// In what part.
    pub part: Part,
    /// Which organisation; a contractor's is the department that engaged it.
    pub organisation: OrganisationId,
    /// Which person, where it has an account here.
    pub person: Option<PersonId>,
    /// The contact's or the contractor's name, where it has no account here.
    pub name: Option<String>,
    /// The engagement's number, of a contractor.
    pub engagement: Option<String>,
}

/// What the matrix is read off.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The grant.
    pub grant: &'a Grant,
    /// The request that it answers.
    pub request: &'a Request,
    /// Whoever runs this node: its sharing authority.
    pub operator: Option<OrganisationId>,
    /// Engagements of the requester.
    pub engagements: &'a [Case<Engagement>],
}

/// Who answers for each link, on a day. The provider collects, stores, processes and provides; the node carries; the
/// requester uses and destroys, and so do those whom it engaged.
pub fn matrix(sources: &Sources<'_>, day: Date) -> Vec<Responsible> {
    let provider = provider(sources);
    let operator: Vec<_> = sources.operator.map(|id| of(Part::PlatformOperator, id, None)).into_iter().collect();
    let requester = requester(sources, day);
    let answering = |link: &Link| {
        let answering = match link {
            Link::Collect | Link::Store | Link::Process | Link::Provide => &provider,
            Link::Transfer => &operator,
            Link::Use | Link::Destroy => &requester,
        };
        answering.iter().map(|one| Responsible { link: *link, ..one.clone() }).collect::<Vec<_>>()
    };
    Link::ALL.iter().flat_map(answering).collect()
}

/// The link is set when it is known.
const fn of(part: Part, organisation: OrganisationId, person: Option<PersonId>) -> Responsible {
    Responsible { link: Link::Collect, part, organisation, person, name: None, engagement: None }
}

fn provider(sources: &Sources<'_>) -> Vec<Responsible> {
    let grant = sources.grant;
    let mut found = vec![of(Part::ProviderHead, grant.provider, Some(grant.agreed.person))];
    if let RequestState::Agreed { proposed, .. } = &sources.request.state {
        found.push(of(Part::ProviderOfficer, grant.provider, Some(proposed.person)));
    }
    found
}

fn requester(sources: &Sources<'_>, day: Date) -> Vec<Responsible> {
    let (request, organisation) = (sources.request, sources.grant.requester);
    let mut found = Vec::new();
    if let Some(reception) = request.state.reception() {
        found.push(of(Part::RequesterHead, organisation, Some(reception.consent.person)));
    }
    found.push(of(Part::RequesterOfficer, organisation, Some(request.drafted_by)));
    let contact = request.content.contact_name.trim();
    if !contact.is_empty() {
        let contact = Some(contact.to_owned());
        found.push(Responsible { name: contact, ..of(Part::RequesterContact, organisation, None) });
    }
    for engagement in sources.engagements.iter().filter(|engagement| engagement.in_force_on(day)) {
        let contractor = |person: &PersonId| Responsible {
            name: Some(engagement.matter.contractor.clone()),
            engagement: Some(engagement.number.clone()),
            ..of(Part::Contractor, engagement.opener, Some(*person))
        };
        found.extend(engagement.matter.people.iter().map(contractor));
    }
    found
}
