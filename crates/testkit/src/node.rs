//! The program of a node, run as a process of its own, and people and systems that talk to it over HTTP.

use anyhow::{Context, Result, ensure};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// The password that everybody in tests chooses at the first login.
pub const PASSWORD: &str = "correct horse battery";

/// A running node. It is killed when dropped.
pub struct Node {
    child: Child,
    base: String,
    first_logins: BTreeMap<String, String>,
}

impl Node {
    /// Starts `program serve` on a free port and waits until it says that it listens.
    ///
    /// # Errors
    /// When the program ends before it listens.
    pub fn start(program: &str, data: &Path, more: &[&str]) -> Result<Self> {
        let data = data.to_str().context("the data folder is not Unicode")?;
        // Most tests are about something else than signatures.
        let mut arguments = vec!["serve", "--data", data, "--listen", "127.0.0.1:0", "--unsigned-calls"];
        arguments.extend(more);
        Self::run(program, &arguments)
    }

    /// Runs the program with these arguments and waits until it says that it listens.
    ///
    /// # Errors
    /// When the program ends before it listens.
    pub fn run(program: &str, arguments: &[&str]) -> Result<Self> {
        let mut child = Command::new(program)
            .args(arguments)
            // A line for each request of each node would bury what the tests say.
            .env("SHUQIAO_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{program} cannot be started"))?;
        let stdout = child.stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        let (mut base, mut first_logins) = (None, BTreeMap::new());
        for line in &mut lines {
            let line = line?;
            if let Some(rest) = line.strip_prefix("first-login ") {
                let mut words = rest.split_whitespace();
                if let (Some(login), Some(link)) = (words.next(), words.next()) {
                    first_logins.insert(login.to_owned(), link.to_owned());
                }
            } else if let Some(url) = line.strip_prefix("listening on ") {
                base = Some(url.trim().to_owned());
                break;
            }
        }
        let Some(base) = base else {
            let status = child.wait()?;
            anyhow::bail!("the node ended before it listened: {status}");
        };
        // Whatever it prints later must not fill the pipe and stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, base, first_logins })
    }

    /// Where it listens, `http://127.0.0.1:port`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// One-time links by login, as the first run printed them.
    pub fn first_logins(&self) -> &BTreeMap<String, String> {
        &self.first_logins
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it at once, as a power cut would.
    ///
    /// # Errors
    /// When the process cannot be killed.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// What a call was answered with.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers, lower-case names.
    pub headers: BTreeMap<String, String>,
    /// The body as text, when it is text.
    pub text: String,
    /// The body's bytes.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }
}

/// Somebody who talks to a node.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    bearer: Option<String>,
}

impl Client {
    /// Somebody who is not logged in.
    pub fn anonymous(base: &str) -> Self {
        // One provider of cryptography for all clients of a process; a second time says so and changes nothing.
        let _there = rustls::crypto::ring::default_provider().install_default();
        Self { http: reqwest::Client::new(), base: base.to_owned(), bearer: None }
    }

    /// Somebody with this token.
    #[must_use]
    pub fn with_bearer(&self, token: &str) -> Self {
        Self { bearer: Some(token.to_owned()), ..self.clone() }
    }

    /// A person, logged in; sets the password by the one-time link when there is one.
    ///
    /// # Errors
    /// When the node does not let the person in.
    pub async fn person(base: &str, login: &str, link: Option<&str>) -> Result<Self> {
        let anonymous = Self::anonymous(base);
        if let Some(link) = link {
            let token = link.rsplit_once('#').map_or(link, |(_, token)| token);
            let body = json!({"token": token, "password": PASSWORD});
            let answer = anonymous.json("POST", "/api/v1/first-login", &[], Some(&body)).await?;
            ensure!(answer.status == StatusCode::NO_CONTENT, "first login of {login}: {}", answer.text);
        }
        let body = json!({"login": login, "password": PASSWORD, "bearer": true});
        let answer = anonymous.json("POST", "/api/v1/session", &[], Some(&body)).await?;
        ensure!(answer.status.is_success(), "login of {login}: {} {}", answer.status, answer.text);
        let token = answer.json()["token"].as_str().context("no token in the session")?.to_owned();
        Ok(anonymous.with_bearer(&token))
    }

    /// A department system, with an access token of its own.
    ///
    /// # Errors
    /// When the token endpoint refuses.
    pub async fn system(base: &str, id: &str, secret: &str) -> Result<Self> {
        let anonymous = Self::anonymous(base);
        let response = anonymous
            .http
            .post(format!("{base}/oauth2/token"))
            .basic_auth(id, Some(secret))
            .header("content-type", "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials")
            .send()
            .await?;
        let status = response.status();
        let text = response.text().await?;
        ensure!(status.is_success(), "token of {id}: {status} {text}");
        let body: Value = serde_json::from_str(&text)?;
        Ok(anonymous.with_bearer(body["access_token"].as_str().context("no access token")?))
    }

    /// A call with a JSON body, or none.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn json(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer> {
        let bytes = body.map(|body| body.to_string().into_bytes());
        let mut all = headers.to_vec();
        if bytes.is_some() {
            all.push(("content-type", "application/json"));
        }
        self.send(method, path, &all, bytes).await
    }

    /// A call with any body.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Answer> {
        let method: Method = method.parse()?;
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.bearer {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await?;
        let status = response.status();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let bytes = response.bytes().await?.to_vec();
        Ok(Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes })
    }
}
