//! A demo's node with small registers, and what the tests here need of it.

use serde_json::{Value, json};
use shuqiao_testkit::{
    demo::Demo,
    node::{Answer, Client, Node},
    stage::{Stage, access_token, id},
};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_shuqiao");

/// A running node with the demo's story behind it.
pub(crate) struct Play {
    pub(crate) node: Node,
    pub(crate) stage: Stage,
    _folder: TempDir,
    pub(crate) data: PathBuf,
    /// The social department's system.
    pub(crate) system: String,
    pub(crate) secret: String,
}

/// Starts a demo in a new folder.
pub(crate) fn play(more: &[&str]) -> Play {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("node");
    play_in(folder, data, more)
}

/// Starts a demo in this folder.
pub(crate) fn play_in(folder: TempDir, data: PathBuf, more: &[&str]) -> Play {
    let few = ["--persons", "2000", "--enterprises", "300"];
    let Demo { node, data, system, secret } =
        Demo::start(PROGRAM, folder.path(), data, &[&few[..], more].concat()).unwrap();
    Play { stage: Stage::of(&node), system, secret, node, _folder: folder, data }
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A file to be placed, as bytes.
pub(crate) fn bytes(lines: &[&str]) -> Vec<u8> {
    lines.join("\n").into_bytes()
}

impl Play {
    /// Serves the same folder with these arguments. The people who are needed set their passwords before.
    pub(crate) async fn serve_again(&mut self, more: &[&str]) {
        for login in ["police.officer", "social.officer"] {
            self.stage.person(login).await.unwrap();
        }
        self.node.kill().unwrap();
        self.node = Node::start(PROGRAM, &self.data, more).unwrap();
        self.stage = Stage::of(&self.node);
    }

    /// The one grant of the story, as the requester sees it.
    pub(crate) async fn grant(&self) -> Value {
        let list = self.stage.act("social.officer", "GET /api/v1/grants", None, None).await.unwrap();
        // The newest comes first.
        list["items"].as_array().and_then(|grants| grants.last()).unwrap().clone()
    }

    /// The first of a list.
    pub(crate) async fn first(&self, login: &str, call: &str) -> Value {
        let list = self.stage.act(login, call, None, None).await.unwrap();
        assert!(list["items"][0].is_object(), "{call}: nothing in {list}");
        list["items"][0].clone()
    }

    /// The social department's system, with a token.
    pub(crate) async fn caller(&self) -> Client {
        let token = access_token(self.node.base(), &self.system, &self.secret).await.unwrap();
        Client::anonymous(self.node.base()).with_bearer(&token)
    }

    /// The id of a person.
    pub(crate) async fn person_id(&self, login: &str) -> String {
        let session = self.stage.act(login, "GET /api/v1/session", None, None).await.unwrap();
        session["person"]["id"].as_str().unwrap().to_owned()
    }

    /// The id of a person's organisation.
    pub(crate) async fn organisation(&self, login: &str) -> String {
        let session = self.stage.act(login, "GET /api/v1/session", None, None).await.unwrap();
        session["person"]["organisation"]["id"].as_str().unwrap().to_owned()
    }

    /// The id of a party of a grant: `requester` or `provider`.
    pub(crate) fn organisation_of(&self, grant: &Value, party: &str) -> String {
        id(&grant[party]).unwrap().to_owned()
    }

    /// The folder in which the person's organisation places files.
    pub(crate) async fn intake(&self, login: &str) -> PathBuf {
        let folder = self.data.join("intake").join(self.organisation(login).await);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Places a file and connects it; whatever comes of it.
    pub(crate) async fn connect_csv(&self, login: &str, file: &str, content: &[u8]) -> Answer {
        std::fs::write(self.intake(login).await.join(file), content).unwrap();
        let body = json!({"kind": "csv", "name": file, "file": file});
        self.stage.ask(login, "POST /api/v1/sources", None, Some(&body)).await.unwrap()
    }

    /// The content of a request of the social department, from the day of the story on.
    pub(crate) async fn request_content(&self, entry: &Value, items: &[&str]) -> Value {
        let (from, until) = days(&self.grant().await);
        Stage::request_content(id(entry).unwrap(), items, &self.system, &from, &until)
    }

    /// A data call under a grant, for so many rows.
    pub(crate) async fn call(&self, client: &Client, grant: &Value, limit: u32) -> Answer {
        let body = json!({"purpose": grant["purpose"], "limit": limit});
        client.json("POST", &query_path(grant), &[], Some(&body)).await.unwrap()
    }

    /// Memory of the node, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.node.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }
}

/// The days of the story's grant: from, until.
pub(crate) fn days(grant: &Value) -> (String, String) {
    (grant["valid_from"].as_str().unwrap().to_owned(), grant["valid_until"].as_str().unwrap().to_owned())
}

/// Doubt about the names delivered under a grant.
pub(crate) fn correction(grant: &Value) -> Value {
    json!({
        "kind": "correction", "grant": id(grant).unwrap(), "items": ["name"], "rows": "证件号尾号 1234 的记录",
        "doubt": "姓名用字与证件不一致", "evidence": "窗口核验记录",
    })
}

/// Where a grant is called.
pub(crate) fn query_path(grant: &Value) -> String {
    format!("/data/v1/grants/{}/query", id(grant).unwrap())
}

/// The code of a problem.
pub(crate) fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or_default().to_owned()
}

/// An application for the one entry of this request.
pub(crate) fn cart_of(content: &Value) -> Value {
    let mut common = content.clone();
    let fields = common.as_object_mut().unwrap();
    let own = ["entry", "items", "rows", "method", "calls_per_second", "rows_per_call", "rows_per_day"];
    let part: serde_json::Map<String, Value> =
        own.into_iter().filter_map(|name| fields.remove(name).map(|value| (name.to_owned(), value))).collect();
    common["entries"] = json!([part]);
    common
}

/// A public key of a system, as JSON Web Key: that of RFC 8037 appendix A.
pub(crate) fn public_key() -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
}
