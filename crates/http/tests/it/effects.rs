//! What follows from a case is carried out in its commit, and so is what follows from the opening of a case that follows.

use crate::leads::{AUTHORITY, PROVIDER, REQUESTER, THIRD, World, id, permit, services::granted};
use shuqiao_app::{AppError, Chance, Ctx, Edge};
use shuqiao_domain::{
    RefusalCode,
    case::{
        AnyCase, CaseAct, CaseKind, CaseMatter, Incident, IncidentAct, IncidentKind, IncidentState, Misuse,
        ServiceChange, ServiceChangeKind,
    },
    grant::{Grant, GrantStateName},
    request::Request,
};
use shuqiao_policy::Principal;
use shuqiao_store::CaseQuery;
use shuqiao_vocabulary::{CaseId, GrantId, Level, OrganisationId, OrganisationKind, Role};
use std::collections::BTreeSet;

impl World {
    /// The head of an office, who does something for the first, second … time.
    fn head(&self, organisation: u8, time: u8) -> Ctx {
        let principal = Principal {
            person: self.person,
            organisation: id(organisation),
            organisation_kind: OrganisationKind::Department,
            level: Level::City,
            region: "5203".parse().unwrap(),
            roles: BTreeSet::from([Role::OfficeHead]),
        };
        let edge = Edge { now: self.at(1), request_id: "effects".into(), chance: Chance::from_seed([time; 32]) };
        Ctx { edge, principal, person_name: "李".into(), idempotency: None }
    }

    async fn cases(&self, kind: CaseKind) -> Vec<AnyCase> {
        let query = CaseQuery { kinds: vec![kind], ..CaseQuery::default() };
        let listed = self.store.begin_read().await.unwrap().case_list(&query).await.unwrap();
        listed.items.into_iter().map(|case| case.value).collect()
    }

    /// Further grants on the same entry, to these organisations.
    async fn granted_too(&self, first: &Grant, receivers: &[(u8, u8)]) {
        let request = self.store.begin_read().await.unwrap().request_fetch(first.request).await.unwrap().value;
        for (number, requester) in receivers.iter().copied() {
            let name = format!("2026-{number:06}");
            let request = Request { id: id(number), number: name.clone(), requester: id(requester), ..request.clone() };
            let grant =
                Grant { id: id(number), number: name, request: request.id, requester: id(requester), ..first.clone() };
            self.write(async |tx| {
                tx.request_insert(&request, &permit()).await.unwrap();
                tx.grant_insert(&grant, &permit()).await.unwrap();
            })
            .await;
        }
    }
}

fn change(every_grant: bool, world: &World) -> CaseMatter {
    CaseMatter::ServiceChange(ServiceChange {
        grant: id(1),
        change: ServiceChangeKind::Change,
        reason: "系统改造，原表停止维护。".into(),
        what: "改表".into(),
        from: world.day(10),
        every_grant,
    })
}

#[tokio::test]
async fn a_change_of_service_is_negotiated_with_every_receiver_of_the_entry() {
    let world = World::new().await;
    let grant = granted(&world).await;
    world.granted_too(&grant, &[(2, REQUESTER), (3, THIRD)]).await;
    world.node.app.case_open(&world.head(PROVIDER, 1), change(true, &world)).await.unwrap();
    let mut told: Vec<(Option<GrantId>, Option<OrganisationId>, Option<OrganisationId>)> = Vec::new();
    for case in world.cases(CaseKind::ServiceChange).await {
        assert_eq!((case.state(), case.opener()), ("negotiating", id(PROVIDER)));
        told.push((case.about().grant, case.respondent(), case.authority()));
    }
    told.sort_unstable();
    let each = |grant, receiver| (Some(id(grant)), Some(id(receiver)), Some(id(AUTHORITY)));
    assert_eq!(told, [each(1, REQUESTER), each(2, REQUESTER), each(3, THIRD)]);
}

#[tokio::test]
async fn it_is_proposed_to_all_or_to_nobody() {
    let world = World::new().await;
    let grant = granted(&world).await;
    world.granted_too(&grant, &[(2, THIRD)]).await;
    let CaseMatter::ServiceChange(alone) = change(false, &world) else { unreachable!("a change") };
    let alone = CaseMatter::ServiceChange(ServiceChange { grant: id(2), ..alone });
    world.node.app.case_open(&world.head(PROVIDER, 1), alone).await.unwrap();
    let refused = world.node.app.case_open(&world.head(PROVIDER, 2), change(true, &world)).await.unwrap_err();
    let AppError::Refused(refused) = refused else { panic!("{refused:?}") };
    assert_eq!(refused.code, RefusalCode::CaseAlreadyThere, "the third department negotiates about another change");
    assert_eq!(world.cases(CaseKind::ServiceChange).await.len(), 1);
}

#[tokio::test]
async fn a_rectification_that_an_incident_orders_suspends_as_any_other() {
    let world = World::new().await;
    granted(&world).await;
    let matter = Incident {
        organisation: id(REQUESTER),
        what: IncidentKind::Leaked,
        grant: Some(id(1)),
        entry: None,
        also: Vec::new(),
        found_on: world.day(0),
        account: "终端遗失".into(),
    };
    let incident = world.case(1, matter, IncidentState::Responding);
    let incident =
        shuqiao_domain::case::Case { respondent: Some(id(REQUESTER)), concerned: vec![id(PROVIDER)], ..incident };
    let incident_id: CaseId = incident.id;
    world.insert(AnyCase::Incident(incident)).await;
    let order = IncidentAct::OrderRectification {
        misuse: Misuse::BeyondScope,
        text: "存于移动终端".into(),
        evidence: "检查记录".into(),
        demand: "清理终端".into(),
        due: world.day(30),
    };
    let act = CaseAct::Incident(order);
    world.node.app.case_act(&world.head(PROVIDER, 1), incident_id, 1, act).await.unwrap();
    let [AnyCase::Rectification(rectification)] = &world.cases(CaseKind::Rectification).await[..] else {
        panic!("one rectification")
    };
    assert_eq!((rectification.opener, rectification.respondent), (id(PROVIDER), Some(id(REQUESTER))));
    let grant = world.store.begin_read().await.unwrap().grant_fetch(id(1)).await.unwrap().value;
    assert_eq!(grant.state_on(world.at(1)), GrantStateName::Suspended, "what follows from its opening happened too");
}
