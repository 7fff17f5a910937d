//! The proof that an act is allowed, and the answer when it is not.

use shuqiao_vocabulary::{
    Article,
    id::{OrganisationId, PersonId},
};

use crate::Action;

/// Who acts under a [`Permit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person of an organisation.
    Person {
        /// The person.
        person: PersonId,
        /// The organisation the person belongs to.
        organisation: OrganisationId,
    },
    /// A task of the system itself, such as a reconciler.
    Task {
        /// The task's name.
        name: &'static str,
    },
}

/// Why a task of the system may act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// An article of the Regulations.
    Article(Article),
    /// Another reason, in words.
    Text(&'static str),
}

impl From<Article> for Ground {
    fn from(article: Article) -> Self {
        Self::Article(article)
    }
}

impl From<&'static str> for Ground {
    fn from(text: &'static str) -> Self {
        Self::Text(text)
    }
}

/// The proof that somebody may do one thing. The store asks for it with every write.
///
/// INVARIANT (no-write-without-permit): the fields are private and the type is neither `Clone` nor `Default`, so a
/// permit comes only from [`PolicySet::authorize`](crate::PolicySet::authorize), or, for tasks of the system, from
/// [`Permit::system`], which carries no action and is easy to search for.
#[derive(Debug, PartialEq, Eq)]
pub struct Permit {
    action: Option<Action>,
    actor: Actor,
    resource: String,
    determined_by: Vec<String>,
    ground: String,
    policy_digest: Option<String>,
}

impl Permit {
    /// The permit of a task of the system: it rests on a ground that is named here, not on a policy.
    pub fn system(task: &'static str, ground: impl Into<Ground>) -> Self {
        let ground = match ground.into() {
            Ground::Article(article) => article.to_string(),
            Ground::Text(text) => text.to_owned(),
        };
        Self {
            action: None,
            actor: Actor::Task { name: task },
            resource: "node".to_owned(),
            determined_by: vec![format!("task.{task}")],
            ground,
            policy_digest: None,
        }
    }

    pub(crate) fn person(
        action: Action,
        actor: Actor,
        resource: String,
        determined_by: Vec<String>,
        ground: String,
        policy_digest: String,
    ) -> Self {
        Self { action: Some(action), actor, resource, determined_by, ground, policy_digest: Some(policy_digest) }
    }

    /// What is permitted; `None` for a task of the system.
    pub const fn action(&self) -> Option<Action> {
        self.action
    }

    /// Who may do it.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What it was judged on, in one line: kind, parties and state, no content.
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The policies that decided, by id, in alphabetical order; never empty. For a task: `task.<name>`.
    pub fn determined_by(&self) -> &[String] {
        &self.determined_by
    }

    /// The articles that those policies rest on, such as `20(2)`, or the ground of the task.
    pub fn ground(&self) -> &str {
        &self.ground
    }

    /// SHA-256 of the text of the policies and their schema, in hex; `None` for a task, which no policy judged.
    pub fn policy_digest(&self) -> Option<&str> {
        self.policy_digest.as_deref()
    }
}

/// The answer when somebody may not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{action}` is not permitted")]
pub struct Denied {
    /// What was wanted.
    pub action: Action,
    /// The policies that forbade it, by id; empty when there is just none that permits it.
    pub determined_by: Vec<String>,
    /// Whether the caller may know that the thing exists: 403 if so, 404 if not.
    pub visible: bool,
}
