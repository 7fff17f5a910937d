//! Stories told as data: who does what, and what must come of it.
//!
//! A scenario is a TOML file in `tests/scenarios/`. Each `[[step]]` says in words what happens (`say`), who does it
//! (`as`: a login, `system:<name>`, `bearer:<name of a saved token>` or `nobody`), the call, and what is expected.
//! `${name}` stands for something that an earlier step saved. `If-Match` is filled in from the revision that was last
//! seen of the thing. A step with `at` moves the clock of a node that goes by a file, given as `clock`.

use crate::node::{Answer, Client, Node};
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::Path,
};

/// A story.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is about.
    pub title: String,
    /// What happens.
    pub step: Vec<Step>,
}

/// One thing that happens.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// In words.
    pub say: String,
    /// Who.
    #[serde(rename = "as")]
    pub who: String,
    /// `METHOD /path`.
    pub call: String,
    /// The moment at which it happens and from which the story goes on, in UTC.
    pub at: Option<String>,
    /// JSON body; or `file:<path>` for the bytes of a file.
    pub body: Option<String>,
    /// Headers beside the usual ones.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Leave out `If-Match`, to see what comes of it.
    #[serde(default)]
    pub unconditional: bool,
    /// How often it happens, each time with the same outcome; once when nothing is said.
    #[serde(default = "once")]
    pub times: u32,
    /// The status expected.
    pub status: u16,
    /// Values expected at JSON pointers; a text starting with `~` need only be contained.
    #[serde(default)]
    pub expect: BTreeMap<String, toml::Value>,
    /// How many elements are expected in the lists at JSON pointers.
    #[serde(default)]
    pub count: BTreeMap<String, usize>,
    /// Headers expected to contain these.
    #[serde(default)]
    pub expect_headers: BTreeMap<String, String>,
    /// Text the body must contain.
    #[serde(default)]
    pub contains: Vec<String>,
    /// Text the body must not contain.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// What to save, by name, from JSON pointers; `body` saves the whole text, and a pointer that ends in `#` saves what
    /// stands behind the `#` of a link.
    #[serde(default)]
    pub save: BTreeMap<String, String>,
    /// Keep the whole answer under this name, for what no line of a story can tell.
    pub keep: Option<String>,
}

fn once() -> u32 {
    1
}

/// Plays stories on a node.
pub struct Player<'a> {
    node: &'a Node,
    people: HashMap<String, Client>,
    /// Whose one-time link was used.
    known: HashSet<String>,
    saved: BTreeMap<String, String>,
    kept: HashMap<String, Answer>,
    revisions: HashMap<String, String>,
}

impl Scenario {
    /// Reads a story.
    ///
    /// # Errors
    /// When the file is not one.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }
}

impl<'a> Player<'a> {
    /// Plays on this node; `given` are names saved from the start.
    pub fn new(node: &'a Node, given: &[(&str, &str)]) -> Self {
        let saved = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self {
            node,
            people: HashMap::new(),
            known: HashSet::new(),
            saved,
            kept: HashMap::new(),
            revisions: HashMap::new(),
        }
    }

    /// The answer that a step kept under this name.
    pub fn kept(&self, name: &str) -> Option<&Answer> {
        self.kept.get(name)
    }

    /// What a step saved under this name.
    pub fn saved(&self, name: &str) -> Option<&str> {
        self.saved.get(name).map(String::as_str)
    }

    /// Plays a story to its end.
    ///
    /// # Errors
    /// When a step has another outcome than expected; the error says which.
    pub async fn play(&mut self, scenario: &Scenario) -> Result<()> {
        for (number, step) in scenario.step.iter().enumerate() {
            for _ in 0..step.times {
                self.step(step).await.with_context(|| {
                    format!("{}, step {}: {} ({} as {})", scenario.title, number + 1, step.say, step.call, step.who)
                })?;
            }
        }
        Ok(())
    }

    /// Who does it, logged in when needed.
    ///
    /// # Errors
    /// When the person or system is not let in.
    pub async fn client(&mut self, who: &str) -> Result<Client> {
        if who == "nobody" {
            return Ok(Client::anonymous(self.node.base()));
        }
        if let Some(token) = who.strip_prefix("bearer:") {
            let token = self.saved.get(token).with_context(|| format!("no saved token `{token}`"))?;
            return Ok(Client::anonymous(self.node.base()).with_bearer(token));
        }
        if let Some(known) = self.people.get(who) {
            return Ok(known.clone());
        }
        let client = match who.strip_prefix("system:") {
            Some(system) => {
                let id = self.saved.get(system).with_context(|| format!("no saved id `{system}`"))?;
                let secret = format!("{system}_secret");
                let secret = self.saved.get(&secret).with_context(|| format!("no saved secret `{secret}`"))?;
                Client::system(self.node.base(), id, secret).await?
            }
            None => {
                let first = self.known.insert(who.to_owned());
                let link = self.node.first_logins().get(who).map(String::as_str).filter(|_| first);
                Client::person(self.node.base(), who, link).await?
            }
        };
        self.people.insert(who.to_owned(), client.clone());
        Ok(client)
    }

    async fn step(&mut self, step: &Step) -> Result<()> {
        if let Some(moment) = &step.at {
            self.move_clock(moment).await?;
        }
        let answer = self.call(step).await?;
        ensure!(answer.status.as_u16() == step.status, "status {} with {}", answer.status, answer.text);
        let json = answer.json();
        self.remember(&json);
        self.check(step, &answer, &json)?;
        for (name, pointer) in &step.save {
            let value = if pointer == "body" { answer.text.clone() } else { picked(&json, pointer)? };
            self.saved.insert(name.clone(), value);
        }
        if let Some(name) = &step.keep {
            self.kept.insert(name.clone(), answer);
        }
        Ok(())
    }

    /// Another moment. Sessions and one-time links are over by then: everybody uses the link before, and logs in again after.
    async fn move_clock(&mut self, moment: &str) -> Result<()> {
        let unused: Vec<String> =
            self.node.first_logins().keys().filter(|login| !self.known.contains(*login)).cloned().collect();
        for login in unused {
            self.client(&login).await?;
        }
        let clock = Path::new(self.saved.get("clock").context("no `clock` is given")?);
        let partial = clock.with_extension("partial");
        std::fs::write(&partial, moment)?;
        std::fs::rename(partial, clock)?;
        self.people.clear();
        Ok(())
    }

    async fn call(&mut self, step: &Step) -> Result<Answer> {
        let (method, path) = step.call.split_once(' ').context("a call is `METHOD /path`")?;
        let path = self.filled(path)?;
        let body = match &step.body {
            None => None,
            Some(text) => Some(match text.strip_prefix("file:") {
                Some(file) => std::fs::read(self.filled(file)?)?,
                None => self.filled(text)?.into_bytes(),
            }),
        };
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in &step.headers {
            headers.push((name.to_lowercase(), self.filled(value)?));
        }
        let named = |name: &str| headers.iter().any(|(known, _)| known == name);
        let json_missing = !named("content-type") && body.is_some();
        let match_missing = !step.unconditional && !named("if-match") && method != "GET";
        if json_missing {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        let seen = path.split('/').find_map(|part| self.revisions.get(part)).filter(|_| match_missing);
        if let Some(revision) = seen {
            headers.push(("if-match".to_owned(), format!("\"{revision}\"")));
        }
        let borrowed: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.client(&step.who).await?.send(method, &path, &borrowed, body).await
    }

    fn check(&self, step: &Step, answer: &Answer, json: &Value) -> Result<()> {
        for (pointer, expected) in &step.expect {
            let found = json.pointer(pointer).with_context(|| format!("nothing at {pointer} of {json}"))?;
            self.compare(pointer, expected, found)?;
        }
        for (pointer, expected) in &step.count {
            let found = json.pointer(pointer).and_then(Value::as_array).map(Vec::len);
            ensure!(found == Some(*expected), "{found:?} elements at {pointer}, expected {expected}: {json}");
        }
        for (name, part) in &step.expect_headers {
            let found = answer.headers.get(&name.to_lowercase()).with_context(|| format!("no header {name}"))?;
            ensure!(found.contains(&self.filled(part)?), "header {name} is {found}");
        }
        for part in &step.contains {
            ensure!(answer.text.contains(&self.filled(part)?), "`{part}` is not in {}", answer.text);
        }
        for part in &step.lacks {
            ensure!(!answer.text.contains(&self.filled(part)?), "`{part}` is in {}", answer.text);
        }
        Ok(())
    }

    /// Remembers the newest revision of a thing that was answered.
    fn remember(&mut self, json: &Value) {
        if let (Some(id), Some(revision)) = (json["id"].as_str(), json["revision"].as_u64()) {
            self.revisions.insert(id.to_owned(), revision.to_string());
        }
    }

    fn compare(&self, pointer: &str, expected: &toml::Value, found: &Value) -> Result<()> {
        let same = match expected {
            toml::Value::String(text) => {
                let text = self.filled(text)?;
                match (text.strip_prefix('~'), found) {
                    (Some(part), Value::String(found)) => found.contains(part),
                    (Some(part), found) => found.to_string().contains(part),
                    (None, found) => found.as_str() == Some(&text),
                }
            }
            toml::Value::Integer(number) => found.as_i64() == Some(*number),
            toml::Value::Boolean(yes) => found.as_bool() == Some(*yes),
            other => serde_json::to_value(other)? == *found,
        };
        ensure!(same, "{pointer} is {found}, expected {expected}");
        Ok(())
    }

    /// The text with every `${name}` filled in.
    fn filled(&self, text: &str) -> Result<String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').context("`${` without `}`")?;
            filled.push_str(before);
            filled.push_str(self.saved.get(name).with_context(|| format!("nothing is saved as `{name}`"))?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// The value at a JSON pointer, as text; with `#` at the pointer's end, what stands behind the `#` of that text.
fn picked(json: &Value, pointer: &str) -> Result<String> {
    let (place, after_hash) = pointer.strip_suffix('#').map_or((pointer, false), |place| (place, true));
    let text = match json.pointer(place) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => bail!("nothing at {place} of {json}"),
    };
    if !after_hash {
        return Ok(text);
    }
    text.split_once('#').map(|(_, rest)| rest.to_owned()).with_context(|| format!("no `#` in {text}"))
}
