//! The precheck: leads before a human looks, never a verdict.

use crate::samples::*;
use shuqiao_domain::{
    catalogue::Entry,
    request::{RequestContent, RequesterFacts, Severity, precheck},
};
use shuqiao_vocabulary::{Level, OrganisationKind, RowFilter};

fn facts() -> RequesterFacts {
    RequesterFacts { kind: OrganisationKind::Department, level: Level::City, live_grant: None, open_request: None }
}

fn check(entry: &Entry, content: &RequestContent, facts: &RequesterFacts, expected: &str) {
    let severity = |severity: Severity| match severity {
        Severity::Information => "information",
        Severity::Warning => "warning",
        Severity::Obstacle => "obstacle",
    };
    let lines: Vec<String> = precheck(content, entry, facts)
        .into_iter()
        .map(|finding| {
            let params: String = finding.params.iter().map(|(name, value)| format!(" {name}={value}")).collect();
            format!("{}: {}{params}", severity(finding.severity), finding.code)
        })
        .collect();
    assert_eq!(lines.join("\n"), expected);
}

const SENSITIVE: &str = "warning: sensitive_items items=公民身份号码";

#[test]
fn a_plain_request_has_only_its_sensitive_items_pointed_out() {
    let entry = published(content());
    check(&entry, &asked(), &facts(), SENSITIVE);
    check(&entry, &RequestContent { items: names(&["person_name"]), ..asked() }, &facts(), "");
    // A draft that asks for what does not exist is no reason to fail.
    check(&entry, &RequestContent { items: names(&["nothing"]), ..asked() }, &facts(), "");
}

#[test]
fn published_conditions_are_checked() {
    let mut conditional = content();
    conditional.conditions.organisation_kinds = vec![OrganisationKind::AuthorisedOrganisation];
    conditional.conditions.levels = vec![Level::Province, Level::County];
    conditional.conditions.subject_consent_required = true;
    let entry = published(conditional);
    let asked = RequestContent { items: names(&["person_name"]), ..asked() };
    check(
        &entry,
        &asked,
        &facts(),
        "obstacle: organisation_kind_not_allowed kind=department\n\
         obstacle: level_not_allowed level=city\n\
         warning: subject_consent_required",
    );
    let fitting = RequesterFacts { kind: OrganisationKind::AuthorisedOrganisation, level: Level::County, ..facts() };
    check(&entry, &asked, &fitting, "warning: subject_consent_required");
}

#[test]
fn what_is_already_there_is_told() {
    let facts =
        RequesterFacts { live_grant: Some("2026-000007".into()), open_request: Some("2026-000009".into()), ..facts() };
    let expected =
        format!("warning: already_granted number=2026-000007\nwarning: already_asked number=2026-000009\n{SENSITIVE}");
    check(&published(content()), &asked(), &facts, &expected);
}

#[test]
fn unconditional_data_and_every_row_are_told() {
    let entry = published(unconditional_content());
    let asked = RequestContent { items: names(&["household_size"]), rows: RowFilter::everything(), ..asked() };
    check(&entry, &asked, &facts(), "information: unconditional working_days=1\ninformation: every_row");
}
