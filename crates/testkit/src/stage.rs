//! The people of the demo at their work over HTTP, for tests and benchmarks that need a grant in force and do not tell
//! the story themselves.

use crate::node::{Answer, Client, Node};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use tokio::sync::Mutex;

/// The parts of an entry's representation that are its content.
const ENTRY_CONTENT: &[&str] = &[
    "name",
    "summary",
    "data_format",
    "update_frequency",
    "sharing_attribute",
    "conditions",
    "not_shared_basis",
    "methods",
    "classification",
    "collection_basis",
    "secrecy",
    "personal_information",
    "resource",
    "limits",
    "items",
];

/// The demo's people on a running node; each is logged in when first needed.
pub struct Stage {
    base: String,
    links: BTreeMap<String, String>,
    people: Mutex<HashMap<String, Client>>,
}

impl Stage {
    /// The people of this node, with the one-time links that it printed.
    pub fn of(node: &Node) -> Self {
        Self { base: node.base().to_owned(), links: node.first_logins().clone(), people: Mutex::default() }
    }

    /// A person, logged in.
    ///
    /// # Errors
    /// When the node does not let the person in.
    pub async fn person(&self, login: &str) -> Result<Client> {
        let mut people = self.people.lock().await;
        if let Some(known) = people.get(login) {
            return Ok(known.clone());
        }
        let client = Client::person(&self.base, login, self.links.get(login).map(String::as_str)).await?;
        people.insert(login.to_owned(), client.clone());
        Ok(client)
    }

    /// A call of a person, whatever comes of it.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn ask(&self, login: &str, call: &str, revision: Option<u64>, body: Option<&Value>) -> Result<Answer> {
        let (method, path) = call.split_once(' ').context("a call is `METHOD /path`")?;
        let seen = revision.map(|revision| format!("\"{revision}\""));
        let headers: Vec<(&str, &str)> = seen.iter().map(|seen| ("if-match", seen.as_str())).collect();
        self.person(login).await?.json(method, path, &headers, body).await
    }

    /// A call of a person that must succeed; the JSON that was answered.
    ///
    /// # Errors
    /// When it does not succeed.
    pub async fn act(&self, login: &str, call: &str, revision: Option<u64>, body: Option<&Value>) -> Result<Value> {
        let answer = self.ask(login, call, revision, body).await?;
        ensure!(answer.status.is_success(), "{call} as {login}: {} {}", answer.status, answer.text);
        Ok(answer.json())
    }

    /// A verb on a thing as it was seen.
    ///
    /// # Errors
    /// When it does not succeed.
    pub async fn verb(&self, login: &str, kind: &str, seen: &Value, verb: &str, body: Option<&Value>) -> Result<Value> {
        let call = format!("POST /api/v1/{kind}/{}/{verb}", id(seen)?);
        self.act(login, &call, seen["revision"].as_u64(), body).await
    }

    /// The content of the department's first entry whose table this is, to be changed and used for another.
    ///
    /// # Errors
    /// When there is none.
    pub async fn entry_content(&self, department: &str, table: &str) -> Result<Value> {
        let officer = format!("{department}.officer");
        let mine = self.act(&officer, "GET /api/v1/catalogue?scope=mine&limit=100", None, None).await?;
        for hit in mine["items"].as_array().into_iter().flatten() {
            let entry = self.act(&officer, &format!("GET /api/v1/catalogue/{}", id(hit)?), None, None).await?;
            if entry["resource"]["table"] == table {
                let part = |name: &&str| ((*name).to_owned(), entry[*name].clone());
                return Ok(Value::Object(ENTRY_CONTENT.iter().map(part).collect()));
            }
        }
        anyhow::bail!("{department} has no entry over the table {table}")
    }

    /// An entry with this content, published.
    ///
    /// # Errors
    /// When one of the steps does not succeed.
    pub async fn published(&self, department: &str, content: &Value) -> Result<Value> {
        let (officer, head) = (format!("{department}.officer"), format!("{department}.head"));
        let entry = self.act(&officer, "POST /api/v1/catalogue", None, Some(content)).await?;
        let entry = self.verb(&officer, "catalogue", &entry, "submit", None).await?;
        let entry = self.verb(&head, "catalogue", &entry, "approve", None).await?;
        self.verb("authority", "catalogue", &entry, "publish", None).await
    }

    /// What the social department asks for when it asks for these items of this entry; days are `YYYY-MM-DD`.
    pub fn request_content(entry: &str, items: &[&str], system: &str, from: &str, until: &str) -> Value {
        json!({
            "entry": entry,
            "basis": {"rank": "law", "title": "中华人民共和国社会保险法", "article": "第七十四条"},
            "scenario": "城乡居民养老保险待遇资格核验",
            "scope_of_use": "市、县两级社会保险经办机构，仅限待遇核定岗位使用",
            "purpose": "核验参保人身份与户籍，防止重复领取和冒领待遇",
            "items": items, "rows": [], "method": "service_interface", "systems": [system],
            "calls_per_second": 20, "rows_per_call": 100, "rows_per_day": 10_000,
            "valid_from": from, "valid_until": until,
            "safeguards": "系统等保三级；专线访问；最小权限；操作留痕；到期销毁。",
            "contact": {"name": "李娜", "phone": "0851-00000000"}, "attestation": true,
        })
    }

    /// A request with this content, received by the provider.
    ///
    /// # Errors
    /// When one of the steps does not succeed.
    pub async fn received(&self, content: &Value) -> Result<Value> {
        let request = self.act("social.officer", "POST /api/v1/requests", None, Some(content)).await?;
        let request = self.verb("social.officer", "requests", &request, "submit", None).await?;
        self.verb("social.office", "requests", &request, "consent", None).await
    }

    /// The grant that comes of a request with this content, agreed as it was asked for.
    ///
    /// # Errors
    /// When one of the steps does not succeed.
    pub async fn granted(&self, department: &str, content: &Value) -> Result<Value> {
        let (officer, office) = (format!("{department}.officer"), format!("{department}.office"));
        let request = self.received(content).await?;
        let agree = json!({"decision": {"kind": "agree", "narrowing": {}, "opinion": "同意共享。"}});
        let request = self.verb(&officer, "requests", &request, "propose", Some(&agree)).await?;
        let request = self.verb(&office, "requests", &request, "decide", None).await?;
        let grant = request["grant"].as_str().context("the agreed request names no grant")?;
        self.act("social.officer", &format!("GET /api/v1/grants/{grant}"), None, None).await
    }
}

/// The id of a thing that was answered.
///
/// # Errors
/// When it has none.
pub fn id(thing: &Value) -> Result<&str> {
    thing["id"].as_str().with_context(|| format!("no id in {thing}"))
}

/// An access token of a department system.
///
/// # Errors
/// When the token endpoint refuses.
pub async fn access_token(base: &str, system: &str, secret: &str) -> Result<String> {
    let form = format!("grant_type=client_credentials&client_id={system}&client_secret={secret}");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let answer = Client::anonymous(base).send("POST", "/oauth2/token", &headers, Some(form.into_bytes())).await?;
    ensure!(answer.status.is_success(), "token of {system}: {} {}", answer.status, answer.text);
    Ok(answer.json()["access_token"].as_str().context("no access token")?.to_owned())
}
