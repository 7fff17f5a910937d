//! A plane of its own with a grant on each table, and file delivery on it, over its routes.

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use serde_json::{Value as Json, json};
use shuqiao_crypto::{
    note::SignerKey,
    seal::SealKey,
    secret,
    token::{Caller, Claims, TokenKey},
};
use shuqiao_plane::{
    book::{Book, GrantTerms, GrantedItem, SourceSpec, SystemCredential, SystemIdentity},
    plane::{Plane, PlaneKeys, PlaneSettings},
    routes,
    source::Location,
};
use shuqiao_vocabulary::{
    Condition, Grade, ItemName, ItemType, Literal, Mask, Moment, RowFilter, SharingMethod, SourceType, Test,
    id::{Id, Kind},
};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tower::ServiceExt;

/// The book is confirmed so often that it never grows stale.
const CONFIRM: Duration = Duration::from_secs(1);
const PURPOSE: &str = "2025-000001";
/// Bytes of an answer that tells of a file.
const TOLD_MAX: usize = 1 << 20;

pub(crate) struct Delivery {
    plane: Arc<Plane>,
    router: Router,
    token: Arc<TokenKey>,
}

impl Delivery {
    /// Over the SQLite file `tpch.db` of a folder.
    pub(crate) fn over(folder: &Path) -> Result<Self> {
        let book_key = SignerKey::generate("bench/book", secret::random_bytes())?;
        let seal = Arc::new(SealKey::from_bytes(secret::random_bytes()));
        let token = Arc::new(TokenKey::from_bytes(secret::random_bytes()));
        let keys = PlaneKeys {
            book: book_key.verifier(),
            usage: Arc::new(SignerKey::generate("bench/usage", secret::random_bytes())?),
            seal: seal.clone(),
            token: token.clone(),
            mask_master: secret::random_bytes(),
        };
        let mut settings = PlaneSettings::under(&folder.join("data"), "http://127.0.0.1");
        settings.sources.file_roots = vec![folder.to_owned()];
        let plane = Arc::new(Plane::open(settings, keys, Arc::new(now))?);
        let location = Location::Sqlite { path: folder.join("tpch.db") };
        let system = SystemCredential {
            id: id("sys", 1)?,
            organisation: id("org", 1)?,
            secret_digests: Vec::new(),
            identity: SystemIdentity::default(),
        };
        let book = Book {
            epoch: 1,
            node: "bench".to_owned(),
            grants: vec![lineitem()?, orders()?],
            systems: vec![system],
            sources: vec![SourceSpec {
                id: id("src", 1)?,
                kind: SourceType::Sqlite,
                sealed_location: location.seal(&seal),
            }],
            ..Book::default()
        };
        plane.install(&book.sign(&book_key)?, now())?;
        Ok(Self { router: routes(plane.clone()), plane, token })
    }

    /// Orders the whole of a grant as a file, waits until it can be fetched, and removes it; its rows.
    pub(crate) async fn make(&self, table: &str, format: &str) -> Result<u64> {
        self.plane.confirm(1, now());
        let plane = self.plane.clone();
        let confirming = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(CONFIRM);
            loop {
                ticks.tick().await;
                plane.confirm(1, now());
            }
        });
        let made = self.made(table, format).await;
        confirming.abort();
        made
    }

    async fn made(&self, table: &str, format: &str) -> Result<u64> {
        let grant = Id::<shuqiao_vocabulary::id::GrantKind>::to_string(&id("grt", number(table))?);
        let order = json!({ "purpose": PURPOSE, "format": format });
        let ordered = self.ask("POST", &format!("/data/v1/grants/{grant}/files"), &order.to_string()).await?;
        let path = format!("/data/v1/files/{}", ordered["id"].as_str().with_context(|| ordered.to_string())?);
        loop {
            let told = self.ask("GET", &format!("{path}?wait=30"), "").await?;
            match told["state"].as_str() {
                Some("making") => {}
                Some("ready") => {
                    ensure!(told["receipt"].is_string() && told["record"]["index"].is_u64(), "{told}");
                    let rows = told["rows"].as_u64().context("rows")?;
                    self.ask("DELETE", &path, "").await?;
                    return Ok(rows);
                }
                _ => anyhow::bail!("the file was not made: {told}"),
            }
        }
    }

    async fn ask(&self, method: &str, path: &str, body: &str) -> Result<Json> {
        let claims = Claims {
            caller: Caller::System(id("sys", 1)?),
            organisation: id("org", 1)?,
            grant: None,
            expires: now().plus_seconds(600),
        };
        let bearer = format!("Bearer {}", self.token.mint(&claims));
        let request = Request::builder().method(method).uri(path).header("authorization", bearer);
        let response = self.router.clone().oneshot(request.body(Body::from(body.to_owned()))?).await?;
        let bytes = to_bytes(response.into_body(), TOLD_MAX).await?;
        Ok(if bytes.is_empty() { Json::Null } else { serde_json::from_slice(&bytes)? })
    }
}

fn number(table: &str) -> u32 {
    if table == "lineitem" { 1 } else { 2 }
}

/// What the peer's script writes too.
fn lineitem() -> Result<GrantTerms> {
    let items = vec![
        item("l_orderkey", ItemType::Integer, None)?,
        item("l_linenumber", ItemType::Integer, None)?,
        item("l_quantity", ItemType::Decimal, None)?,
        item("l_extendedprice", ItemType::Decimal, None)?,
        item("l_shipdate", ItemType::Date, None)?,
        item("l_shipmode", ItemType::Text, None)?,
        item("l_comment", ItemType::Text, Some(Mask::KeepEnds { head: 2, tail: 2 }))?,
    ];
    grant("lineitem", items, "l_shipdate", &["l_orderkey", "l_linenumber"])
}

fn orders() -> Result<GrantTerms> {
    let items = vec![
        item("o_orderkey", ItemType::Integer, None)?,
        item("o_totalprice", ItemType::Decimal, None)?,
        item("o_orderdate", ItemType::Date, None)?,
        item("o_orderpriority", ItemType::Text, None)?,
        item("o_clerk", ItemType::Text, Some(Mask::KeepEnds { head: 6, tail: 0 }))?,
    ];
    grant("orders", items, "o_orderdate", &["o_orderkey"])
}

/// The rows of three years of seven, by this column.
fn grant(table: &str, items: Vec<GrantedItem>, day: &str, key: &[&str]) -> Result<GrantTerms> {
    let date = |text: &str| text.parse().ok().map(Literal::Date).context("a date");
    let test = Test::Between { from: Some(date("1994-01-01")?), to: Some(date("1996-12-31")?) };
    Ok(GrantTerms {
        id: id("grt", number(table))?,
        requester: id("org", 1)?,
        provider: id("org", 2)?,
        provider_name: String::new(),
        entry_name: String::new(),
        systems: vec![id("sys", 1)?],
        purpose: PURPOSE.to_owned(),
        signature_required: false,
        methods: vec![SharingMethod::FileDownload],
        source: id("src", 1)?,
        table: table.to_owned(),
        items,
        filter_columns: vec![(named(day)?, day.to_owned(), ItemType::Date)],
        rows: RowFilter(vec![Condition { item: named(day)?, test }]),
        key: key.iter().map(|column| (*column).to_owned()).collect(),
        calls_per_second: 1_000,
        rows_per_call: 1,
        rows_per_day: u64::MAX,
        valid_from: Moment::from_microseconds(0),
        valid_until: Moment::from_microseconds(i64::MAX),
        request_url: String::new(),
    })
}

fn item(name: &str, item_type: ItemType, mask: Option<Mask>) -> Result<GrantedItem> {
    Ok(GrantedItem { name: named(name)?, column: name.to_owned(), item_type, grade: Grade::L2, mask })
}

fn named(text: &str) -> Result<ItemName> {
    text.parse().ok().context("an item's name")
}

fn id<K: Kind>(prefix: &str, number: u32) -> Result<Id<K>> {
    format!("{prefix}_{number:032x}").parse().ok().context("an id")
}

#[expect(clippy::disallowed_methods, reason = "the program's edge: here the time enters")]
fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_microseconds(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
