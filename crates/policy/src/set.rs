//! The policies, and the one function that judges by them.

use std::collections::BTreeMap;

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision, Entities, EntityUid, Policy, PolicyId, Request, Schema,
    ValidationMode, Validator,
};
use sha2::{Digest, Sha256};
use shuqiao_vocabulary::Article;

use crate::{Action, Actor, Denied, Permit, Principal, Resource, entities::Names};

/// Bytes of stack under which another piece is taken to judge on: Cedar fails to evaluate with less than 100 KiB left, and
/// a failure is a denial, so that a caller deep in its stack would be told that it may not what it may.
const STACK_LEFT: usize = 256 * 1024;
/// Bytes of that piece.
const STACK_NEW: usize = 1024 * 1024;

/// The schema that every policy is validated against.
const SCHEMA: &str = include_str!("../schema.cedarschema");

/// The policies, by file, in alphabetical order.
const POLICIES: &[(&str, &str)] = &[
    ("accounts.cedar", include_str!("../policies/accounts.cedar")),
    ("batch_tasks.cedar", include_str!("../policies/batch_tasks.cedar")),
    ("catalogue.cedar", include_str!("../policies/catalogue.cedar")),
    ("cases.cedar", include_str!("../policies/cases.cedar")),
    ("corrections.cedar", include_str!("../policies/corrections.cedar")),
    ("rectifications.cedar", include_str!("../policies/rectifications.cedar")),
    ("disposals.cedar", include_str!("../policies/disposals.cedar")),
    ("service_changes.cedar", include_str!("../policies/service_changes.cedar")),
    ("use_changes.cedar", include_str!("../policies/use_changes.cedar")),
    ("usage_records.cedar", include_str!("../policies/usage_records.cedar")),
    ("demands.cedar", include_str!("../policies/demands.cedar")),
    ("designations.cedar", include_str!("../policies/designations.cedar")),
    ("disputes.cedar", include_str!("../policies/disputes.cedar")),
    ("gateways.cedar", include_str!("../policies/gateways.cedar")),
    ("grants.cedar", include_str!("../policies/grants.cedar")),
    ("papers.cedar", include_str!("../policies/papers.cedar")),
    ("complaints.cedar", include_str!("../policies/complaints.cedar")),
    ("engagements.cedar", include_str!("../policies/engagements.cedar")),
    ("incidents.cedar", include_str!("../policies/incidents.cedar")),
    ("inspections.cedar", include_str!("../policies/inspections.cedar")),
    ("leads.cedar", include_str!("../policies/leads.cedar")),
    ("requests.cedar", include_str!("../policies/requests.cedar")),
    ("return_flows.cedar", include_str!("../policies/return_flows.cedar")),
    ("scorecards.cedar", include_str!("../policies/scorecards.cedar")),
    ("separation.cedar", include_str!("../policies/separation.cedar")),
    ("sources.cedar", include_str!("../policies/sources.cedar")),
    ("clocks.cedar", include_str!("../policies/clocks.cedar")),
    ("supervision.cedar", include_str!("../policies/supervision.cedar")),
];

/// Why a set of policies is not used. Always a mistake of whoever wrote the policies, found before anything is served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The schema is not one.
    #[error("the policy schema does not parse: {0}")]
    Schema(String),
    /// A file of policies does not parse.
    #[error("{file} does not parse: {text}")]
    Syntax {
        /// The file.
        file: String,
        /// What Cedar says.
        text: String,
    },
    /// A policy without `@id`.
    #[error("a policy in {file} has no @id")]
    Unnamed {
        /// The file.
        file: String,
    },
    /// A policy without a well-formed `@article`.
    #[error("policy {policy} does not name the article it rests on: {found:?}")]
    Groundless {
        /// The policy.
        policy: String,
        /// What its `@article` says.
        found: Option<String>,
    },
    /// A template: it would wait for values that nobody gives it, and so never apply.
    #[error("{file} has a template; only whole policies are used")]
    Template {
        /// The file.
        file: String,
    },
    /// Two policies with one id.
    #[error("the policies do not form a set: {0}")]
    Set(String),
    /// A policy that contradicts the schema, or that can never apply.
    #[error("the policies do not fit their schema: {0}")]
    Invalid(String),
}

/// The policies that speak of one action. Cedar's cost is linear in the number of policies, so each action has its own.
struct Slice {
    action: EntityUid,
    policies: cedar_policy::PolicySet,
}

/// The policies of this program, validated.
pub struct PolicySet {
    names: Names,
    schema: Schema,
    authorizer: Authorizer,
    slices: BTreeMap<Action, Slice>,
    articles: BTreeMap<String, Article>,
    digest: String,
}

struct Outcome {
    permitted: bool,
    determined_by: Vec<String>,
}

impl Outcome {
    const DENIED: Self = Self { permitted: false, determined_by: Vec::new() };
}

impl PolicySet {
    /// The policies compiled into this program.
    pub fn load() -> Result<Self, PolicyError> {
        Self::from_texts(SCHEMA, POLICIES)
    }

    fn from_texts(schema_text: &str, files: &[(&str, &str)]) -> Result<Self, PolicyError> {
        let (schema, _warnings) =
            Schema::from_cedarschema_str(schema_text).map_err(|e| PolicyError::Schema(e.to_string()))?;
        let mut policies = Vec::new();
        for (file, text) in files {
            policies.extend(named_policies(file, text)?);
        }
        let whole = cedar_set(policies.iter())?;
        // A warning of the validator is "this policy can never apply": as wrong as an error, for a rule of law.
        let validation = Validator::new(schema.clone()).validate(&whole, ValidationMode::Strict);
        if !validation.validation_passed_without_warnings() {
            return Err(PolicyError::Invalid(validation.to_string()));
        }
        let names = Names::parse()?;
        let mut articles = BTreeMap::new();
        for policy in &policies {
            articles.insert(policy.id().to_string(), article_of(policy)?);
        }
        let mut slices = BTreeMap::new();
        for action in Action::ALL {
            let uid = names.action(*action);
            let speaking = cedar_set(policies.iter().filter(|policy| speaks_of(policy, &uid)))?;
            slices.insert(*action, Slice { action: uid, policies: speaking });
        }
        let digest = digest_of(schema_text, files);
        Ok(Self { names, schema, authorizer: Authorizer::new(), slices, articles, digest })
    }

    /// SHA-256 of the text of the schema and the policies, in hex: which rules a decision was made by.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The article that a policy rests on.
    pub fn ground(&self, policy: &str) -> Option<Article> {
        self.articles.get(policy).copied()
    }

    /// Every policy with its article, in alphabetical order of ids.
    pub fn policies(&self) -> impl Iterator<Item = (&str, Article)> {
        self.articles.iter().map(|(id, article)| (id.as_str(), *article))
    }

    /// The permit for one action on one thing, or the denial.
    // INVARIANT (no-write-without-permit): the only place where a person's permit is made.
    pub fn authorize(&self, principal: &Principal, action: Action, resource: &Resource) -> Result<Permit, Denied> {
        let Outcome { permitted, determined_by } = self.judge(principal, action, resource);
        if !permitted {
            let visible = self.visible(principal, action, resource);
            return Err(Denied { action, determined_by, visible });
        }
        let mut articles: Vec<Article> = determined_by.iter().filter_map(|policy| self.ground(policy)).collect();
        articles.sort_unstable();
        articles.dedup();
        let ground = articles.iter().map(Article::to_string).collect::<Vec<_>>().join(", ");
        let actor = Actor::Person { person: principal.person, organisation: principal.organisation };
        Ok(Permit::person(action, actor, resource.to_string(), determined_by, ground, self.digest.clone()))
    }

    /// Whether the permit would be given: for menus and for the verbs that a representation lists.
    pub fn may(&self, principal: &Principal, action: Action, resource: &Resource) -> bool {
        self.judge(principal, action, resource).permitted
    }

    /// Whether somebody who was denied `action` may know that the thing exists.
    fn visible(&self, principal: &Principal, action: Action, resource: &Resource) -> bool {
        match resource.read_action() {
            None => true,
            Some(_) if action.makes_new() => true,
            Some(read) => read != action && self.may(principal, read, resource),
        }
    }

    /// Every doubt is a denial: a request that the schema does not know, a thing that cannot be built, a policy that
    /// fails to evaluate (Cedar itself would skip it, even one that forbids), a permission that no policy gave.
    fn judge(&self, principal: &Principal, action: Action, resource: &Resource) -> Outcome {
        stacker::maybe_grow(STACK_LEFT, STACK_NEW, || self.judge_here(principal, action, resource))
    }

    fn judge_here(&self, principal: &Principal, action: Action, resource: &Resource) -> Outcome {
        let Some(slice) = self.slices.get(&action) else { return Outcome::DENIED };
        let (Some(who), Some(what)) = (self.names.principal(principal), self.names.resource(resource)) else {
            return Outcome::DENIED;
        };
        let request = Request::new(who.uid(), slice.action.clone(), what.uid(), Context::empty(), Some(&self.schema));
        let (Ok(request), Ok(entities)) = (request, Entities::from_entities([who, what], None)) else {
            return Outcome::DENIED;
        };
        let response = self.authorizer.is_authorized(&request, &slice.policies, &entities);
        if response.diagnostics().errors().next().is_some() {
            return Outcome::DENIED;
        }
        let mut determined_by: Vec<String> = response.diagnostics().reason().map(PolicyId::to_string).collect();
        determined_by.sort_unstable();
        let permitted = response.decision() == Decision::Allow && !determined_by.is_empty();
        Outcome { permitted, determined_by }
    }
}

fn named_policies(file: &str, text: &str) -> Result<Vec<Policy>, PolicyError> {
    let syntax = |e: cedar_policy::ParseErrors| PolicyError::Syntax { file: file.to_owned(), text: e.to_string() };
    let parsed: cedar_policy::PolicySet = text.parse().map_err(syntax)?;
    if parsed.templates().next().is_some() {
        return Err(PolicyError::Template { file: file.to_owned() });
    }
    let name = |policy: &Policy| match policy.annotation("id") {
        Some(id) if !id.is_empty() => Ok(policy.new_id(PolicyId::new(id))),
        _ => Err(PolicyError::Unnamed { file: file.to_owned() }),
    };
    parsed.policies().map(name).collect()
}

fn cedar_set<'a>(policies: impl Iterator<Item = &'a Policy>) -> Result<cedar_policy::PolicySet, PolicyError> {
    cedar_policy::PolicySet::from_policies(policies.cloned()).map_err(|e| PolicyError::Set(e.to_string()))
}

/// Whether the policy's head leaves room for this action. The schema has no groups of actions, so `in` is `==`.
fn speaks_of(policy: &Policy, action: &EntityUid) -> bool {
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::In(actions) => actions.contains(action),
        ActionConstraint::Eq(one) => one == *action,
    }
}

fn article_of(policy: &Policy) -> Result<Article, PolicyError> {
    let found = policy.annotation("article");
    found
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| PolicyError::Groundless { policy: policy.id().to_string(), found: found.map(str::to_owned) })
}

/// Each text with its name and length in front, so that no two different sets of files have one digest.
fn digest_of(schema: &str, files: &[(&str, &str)]) -> String {
    let mut hasher = Sha256::new();
    for (name, text) in [("schema.cedarschema", schema)].iter().chain(files) {
        hasher.update(format!("{name}\n{}\n", text.len()));
        hasher.update(text);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
