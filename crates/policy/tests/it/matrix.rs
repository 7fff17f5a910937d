//! The golden matrix: every action by every role, in every relation to the thing and in every state of it.
//!
//! Made by walking the closed lists and the schema, so that nothing is left out: a new role, state or action changes
//! the file, and the change is seen in review.

use std::fmt::Write as _;

use cedar_policy::{EntityTypeName, Schema};
use shuqiao_domain::case::CaseKind;
use shuqiao_policy::{Action, CATALOGUE_STATES, CaseResource, GRANT_STATES, PolicySet, REQUEST_STATES, Resource};
use shuqiao_vocabulary::{Level, Role};

use crate::{
    chinese, golden,
    scene::{
        AUTHORITY, COLLEAGUE, CONCERNED, FOREIGN, OTHER, PROVIDER, REQUESTER, SELF, entry, organisation, person,
        principal,
    },
};

/// Who the person is to the thing: heading, home organisation, and the person who prepared the matter.
type Relation = (&'static str, u8, u8);

/// One kind of thing: its name in the schema, its heading, its states with headings, and how it looks in a state when
/// this person prepared it.
struct Section {
    kind: String,
    heading: String,
    states: Vec<(&'static str, &'static str)>,
    relations: &'static [Relation],
    make: Box<dyn Fn(&'static str, u8) -> Resource>,
}

const ONE_STATE: &str = "-";

const ANYBODY: &[Relation] = &[
    ("Person of a department 部门人员", OTHER, COLLEAGUE),
    ("Person of the sharing authority 主管部门人员", AUTHORITY, COLLEAGUE),
];

const OWNERS: &[Relation] = &[
    ("Person of the own organisation 本单位人员", PROVIDER, COLLEAGUE),
    ("Person of the sharing authority 主管部门人员", AUTHORITY, COLLEAGUE),
    ("Person of another department 其他部门人员", OTHER, COLLEAGUE),
];

const EVALUATION: &[Relation] = &[
    ("Person of the evaluating authority 评价的主管部门人员", AUTHORITY, COLLEAGUE),
    ("Person of another city's authority 他市主管部门人员", FOREIGN, COLLEAGUE),
    ("Person of a department 部门人员", OTHER, COLLEAGUE),
];

const DRAFTED: &[Relation] = &[
    ("Person of the providing department 提供部门人员", PROVIDER, COLLEAGUE),
    ("... who drafted it 提供部门人员(本人拟稿)", PROVIDER, SELF),
    ("Person of the sharing authority 主管部门人员", AUTHORITY, COLLEAGUE),
    ("Person of another city's authority 他市主管部门人员", FOREIGN, COLLEAGUE),
    ("Person of another department 其他部门人员", OTHER, COLLEAGUE),
];

const PARTIES_PREPARED: &[Relation] = &[
    ("Person of the requesting department 需求部门人员", REQUESTER, COLLEAGUE),
    ("... who drafted the request 需求部门人员(本人拟稿)", REQUESTER, SELF),
    ("Person of the providing department 提供部门人员", PROVIDER, COLLEAGUE),
    ("... who proposed the reply 提供部门人员(本人拟办)", PROVIDER, SELF),
    ("Person of the sharing authority 主管部门人员", AUTHORITY, COLLEAGUE),
    ("... of another region 其他地区主管部门人员", FOREIGN, COLLEAGUE),
    ("Person of another department 其他部门人员", OTHER, COLLEAGUE),
];

const PARTIES: &[Relation] = &[
    ("Person of the requesting department 需求部门人员", REQUESTER, COLLEAGUE),
    ("Person of the providing department 提供部门人员", PROVIDER, COLLEAGUE),
    ("Person of the sharing authority 主管部门人员", AUTHORITY, COLLEAGUE),
    ("Person of another department 其他部门人员", OTHER, COLLEAGUE),
];

fn request(state: &'static str, prepared_by: u8) -> Resource {
    let never_received = ["draft", "awaiting_consent", WITHDRAWN_EARLY].contains(&state);
    let proposed = ["proposed", "agreed", "refused"].contains(&state);
    Resource::SharingRequest {
        requester: organisation(REQUESTER),
        provider: organisation(PROVIDER),
        state: if state == WITHDRAWN_EARLY { "withdrawn" } else { state },
        drafted_by: Some(person(prepared_by)),
        consented_by: (!never_received).then(|| person(COLLEAGUE)),
        proposed_by: proposed.then(|| person(prepared_by)),
        extension_asked_by: Some(person(prepared_by)),
        authority_level: Level::City,
        authority_region: "5203".parse().unwrap(),
    }
}

/// Withdrawn before the consent, so that the provider never received it.
pub(crate) const WITHDRAWN_EARLY: &str = "withdrawn (never received)";

const CASE: &[Relation] = &[
    ("Person of the opening organisation 发起单位人员", REQUESTER, COLLEAGUE),
    ("... who prepared it 发起单位人员(本人经办)", REQUESTER, SELF),
    ("Person of the responding organisation 相对单位人员", PROVIDER, COLLEAGUE),
    ("... who prepared it 相对单位人员(本人经办)", PROVIDER, SELF),
    ("Person of the competent authority 主管部门人员", AUTHORITY, COLLEAGUE),
    ("... who prepared it 主管部门人员(本人经办)", AUTHORITY, SELF),
    ("Person of an organisation that it concerns 其他涉及单位人员", CONCERNED, COLLEAGUE),
    ("Person of another department 其他部门人员", OTHER, COLLEAGUE),
];

/// A case of this kind in a state, prepared by this person.
pub(crate) fn case(kind: CaseKind, state: &'static str, prepared_by: u8) -> Resource {
    // What the authority itself opens has no other authority beside it; the relation is the opener's then.
    Resource::Case(CaseResource {
        kind,
        state,
        opener: organisation(REQUESTER),
        respondent: Some(organisation(PROVIDER)),
        authority: Some(organisation(AUTHORITY)),
        concerned: vec![organisation(CONCERNED)],
        opened_by: Some(person(prepared_by)),
        prepared_by: Some(person(prepared_by)),
        people: if kind == CaseKind::Engagement { vec![person(SELF)] } else { Vec::new() },
    })
}

fn states(list: &[&'static str]) -> Vec<(&'static str, &'static str)> {
    list.iter().map(|state| (*state, chinese::state(state))).collect()
}

fn sections() -> Vec<Section> {
    fn section(
        kind: &str,
        heading: &str,
        list: &[&'static str],
        relations: &'static [Relation],
        make: impl Fn(&'static str, u8) -> Resource + 'static,
    ) -> Section {
        let (kind, heading) = (kind.to_owned(), heading.to_owned());
        Section { kind, heading, states: states(list), relations, make: Box::new(make) }
    }
    let one = &[ONE_STATE];
    let request_states: Vec<_> = REQUEST_STATES.iter().copied().chain([WITHDRAWN_EARLY]).collect();
    let cases = CaseKind::ALL.iter().map(|kind| {
        let heading = format!("Case: {kind} {}", chinese::case(*kind));
        section(&entity(*kind), &heading, &kind.states(), CASE, |state, by| case(*kind, state, by))
    });
    let mut sections = vec![
        section("Node", "This node 本节点", one, ANYBODY, |_, _| Resource::Node),
        section("Journal", "Journal 日志", one, ANYBODY, |_, _| Resource::Journal),
        section("Organisation", "Organisation 机构", one, OWNERS, |_, _| Resource::Organisation {
            id: organisation(PROVIDER),
        }),
        section("Account", "Account 账号", one, OWNERS, |_, _| Resource::Person {
            organisation: organisation(PROVIDER),
            id: person(COLLEAGUE),
        }),
        section("Source", "Source 数据源", one, OWNERS, |_, _| Resource::Source {
            provider: organisation(PROVIDER),
        }),
        section("System", "Department system 业务系统", one, OWNERS, |_, _| Resource::System {
            organisation: organisation(PROVIDER),
        }),
        section("Evaluation", "Evaluation 评价", one, EVALUATION, |_, _| Resource::Evaluation {
            authority: organisation(AUTHORITY),
        }),
        section("CatalogueEntry", "Catalogue entry 目录", CATALOGUE_STATES, DRAFTED, |state, by| {
            entry(PROVIDER, state, Some(person(by)))
        }),
        section("SharingRequest", "Sharing request 共享申请", &request_states, PARTIES_PREPARED, request),
        section("Grant", "Grant 授权", GRANT_STATES, PARTIES, |state, _| Resource::Grant {
            requester: organisation(REQUESTER),
            provider: organisation(PROVIDER),
            state,
        }),
    ];
    sections.extend(cases);
    sections
}

/// The kind's name in the schema.
pub(crate) fn entity(kind: CaseKind) -> String {
    let capital = |word: &str| format!("{}{}", word[..1].to_uppercase(), &word[1..]);
    kind.as_str().split('_').map(capital).collect()
}

/// The actions that the schema knows for this kind of thing, in the order of the closed list.
fn actions_for(schema: &Schema, kind: &str) -> Vec<Action> {
    let kind: EntityTypeName = kind.parse().unwrap();
    let known: Vec<String> = schema
        .request_envs()
        .filter(|env| *env.resource() == kind)
        .map(|env| env.action().id().unescaped().to_owned())
        .collect();
    Action::ALL.iter().copied().filter(|action| known.iter().any(|name| name == action.as_str())).collect()
}

const ACTION_WIDTH: usize = 46;
const ROLE_WIDTH: usize = 13;

/// Fills up to this width; a Chinese character is two columns wide.
fn cell(text: &str, width: usize) -> String {
    let columns: usize = text.chars().map(|c| if ('\u{2e80}'..='\u{ffef}').contains(&c) { 2 } else { 1 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(columns)))
}

fn line(first: &str, cells: impl Iterator<Item = String>) -> String {
    let cells: String = cells.map(|text| cell(&text, ROLE_WIDTH)).collect();
    format!("{}{cells}", cell(first, ACTION_WIDTH)).trim_end().to_owned() + "\n"
}

const HEAD: &str = "\
Who may do what 权限矩阵

Made from the policies; do not edit. 由权限规则自动生成，请勿修改。
✔ permitted 允许   · not permitted 不允许   (no role) any logged-in person 任一登录人员
One mark for each state, in the order given for the thing; a single · means in no state.
每个状态一个标记，顺序见各节“states 状态”；仅一个 · 表示任何状态下均不允许。
A person with several roles may do what each of the roles may; but who prepared a matter never consents to it.
一人多岗的，权限取各角色之并集；但经办本事项的人不得审定本事项。

Columns 列:
";

fn short(role: Role) -> String {
    match role {
        Role::SystemAdministrator => "system_admin".to_owned(),
        Role::SecurityAdministrator => "secur_admin".to_owned(),
        Role::AuthorityOfficer => "authority_of".to_owned(),
        Role::DepartmentHead => "dept_head".to_owned(),
        other => other.as_str().to_owned(),
    }
}

#[test]
fn the_matrix_is_as_it_was_reviewed() {
    let set = PolicySet::load().unwrap();
    let (schema, _) = Schema::from_cedarschema_str(include_str!("../../schema.cedarschema")).unwrap();
    let mut text = HEAD.to_owned();
    for role in Role::ALL {
        writeln!(text, "  {}{} {role}", cell(&short(*role), ROLE_WIDTH), chinese::role(*role)).unwrap();
    }
    for section in sections() {
        writeln!(text, "\n== {} ==", section.heading).unwrap();
        if section.states.len() > 1 {
            let list: Vec<_> = section.states.iter().map(|(state, chinese)| format!("{state} {chinese}")).collect();
            writeln!(text, "states 状态: {}", list.join(" | ")).unwrap();
        }
        for (heading, home, prepared_by) in section.relations {
            text.push('\n');
            text += &line(heading, std::iter::empty());
            let columns: Vec<Option<Role>> = Role::ALL.iter().copied().map(Some).chain([None]).collect();
            text += &line("", columns.iter().map(|role| role.map_or("(no role)".to_owned(), short)));
            for action in actions_for(&schema, &section.kind) {
                let marks = |role: &Option<Role>| -> String {
                    let who = principal(*home, *role);
                    let mark = |(state, _): &(&'static str, _)| {
                        let thing = (section.make)(state, *prepared_by);
                        if set.may(&who, action, &thing) { '✔' } else { '·' }
                    };
                    let marks: String = section.states.iter().map(mark).collect();
                    if marks.contains('✔') { marks } else { "·".to_owned() }
                };
                text +=
                    &line(&format!("{:28} {}", action.as_str(), chinese::action(action)), columns.iter().map(marks));
            }
        }
    }
    golden::check("matrix.txt", &text);
}

#[test]
fn every_action_is_in_the_matrix() {
    let (schema, _) = Schema::from_cedarschema_str(include_str!("../../schema.cedarschema")).unwrap();
    let mut shown: Vec<Action> = sections().iter().flat_map(|section| actions_for(&schema, &section.kind)).collect();
    shown.sort_unstable();
    shown.dedup();
    assert_eq!(shown, Action::ALL);
    assert_eq!(schema.actions().count(), Action::ALL.len(), "the schema knows an action that the code does not");
}
