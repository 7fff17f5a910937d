//! A plane over a small SQLite table on loopback, governed and with governance off, for a load generator to compare:
//! `POST /data/v1/grants/<grant>/query` against `POST /bench/floor/<grant>/query`. Prints what it needs on stderr.

use shuqiao_crypto::{
    note::SignerKey,
    seal::SealKey,
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
};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{error::Error, path::Path, sync::Arc, time::Duration};

type Failure = Box<dyn Error + Send + Sync>;

#[expect(clippy::disallowed_methods, reason = "the edge of this program is where the time is read")]
fn now() -> Moment {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Moment::from_microseconds(since.as_micros() as i64)
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir_in(".")?;
    let path = folder.path().join("intake").join("people.db");
    std::fs::create_dir_all(folder.path().join("intake"))?;
    table(&path).await?;
    let seal = Arc::new(SealKey::from_bytes([1; 32]));
    let token = Arc::new(TokenKey::from_bytes([2; 32]));
    let signer = SignerKey::generate("node.example/book", [3; 32])?;
    let mut settings = PlaneSettings::under(folder.path(), "http://127.0.0.1:8099");
    settings.sources.file_roots = vec![folder.path().join("intake")];
    let keys = PlaneKeys {
        book: signer.verifier(),
        usage: Arc::new(SignerKey::generate("node.example/usage", [4; 32])?),
        seal: seal.clone(),
        token: token.clone(),
        mask_master: [5; 32],
    };
    let plane = Arc::new(Plane::open(settings, keys, Arc::new(now))?);
    let terms = terms()?;
    let claims = Claims {
        caller: Caller::System(terms.systems[0]),
        organisation: terms.requester,
        grant: None,
        expires: now().plus_seconds(86_400),
    };
    let credential = SystemCredential {
        id: terms.systems[0],
        organisation: terms.requester,
        secret_digests: Vec::new(),
        identity: SystemIdentity::default(),
    };
    let location = Location::Sqlite { path: path.canonicalize()? };
    let source = SourceSpec { id: terms.source, kind: SourceType::Sqlite, sealed_location: location.seal(&seal) };
    eprintln!("grant {}\ntoken {}", terms.id, token.mint(&claims));
    let book = Book {
        epoch: 1,
        node: "node.example".to_owned(),
        grants: vec![terms],
        systems: vec![credential],
        sources: vec![source],
        ..Book::default()
    };
    plane.install(&book.sign(&signer)?, now())?;
    let confirmed = plane.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_secs(1));
        loop {
            ticks.tick().await;
            confirmed.confirm(1, now());
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8099").await?;
    eprintln!("listening on 127.0.0.1:8099");
    axum::serve(listener, routes(plane)).await?;
    Ok(())
}

/// 20,000 people in 200 counties.
async fn table(path: &Path) -> Result<(), Failure> {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let statements = "
        CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, id_number TEXT, county TEXT, born DATE, income INTEGER);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        INSERT INTO people SELECT i, '张三' || i, printf('52%04d19900101%04d', i % 200, i % 10000),
            printf('52%04d', i % 200), '1990-01-01', i * 7 FROM n;
        CREATE INDEX people_county ON people (county, id);";
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

fn terms() -> Result<GrantTerms, Failure> {
    let item = |name: &str, item_type, mask| -> Result<GrantedItem, Failure> {
        Ok(GrantedItem { name: name.parse()?, column: name.to_owned(), item_type, grade: Grade::L2, mask })
    };
    let county: ItemName = "county".parse()?;
    let hidden = Mask::KeepEnds { head: 6, tail: 2 };
    let number = "00000000000000000000000000000001";
    Ok(GrantTerms {
        id: format!("grt_{number}").parse()?,
        requester: format!("org_{number}").parse()?,
        provider: "org_00000000000000000000000000000002".parse()?,
        provider_name: "the provider".to_owned(),
        entry_name: "the entry".to_owned(),
        systems: vec![format!("sys_{number}").parse()?],
        purpose: "2025-000001".to_owned(),
        methods: vec![SharingMethod::ServiceInterface],
        source: format!("src_{number}").parse()?,
        table: "people".to_owned(),
        items: vec![
            item("name", ItemType::Text, None)?,
            item("id_number", ItemType::Text, Some(hidden))?,
            item("county", ItemType::Text, None)?,
            item("born", ItemType::Date, None)?,
            item("income", ItemType::Integer, None)?,
        ],
        filter_columns: vec![(county.clone(), "county".to_owned(), ItemType::Text)],
        rows: RowFilter(vec![Condition {
            item: county,
            test: Test::Between { from: Some(Literal::Text("52".to_owned())), to: None },
        }]),
        key: vec!["id".to_owned()],
        calls_per_second: 10_000_000,
        rows_per_call: 1_000,
        rows_per_day: u64::MAX / 2,
        valid_from: Moment::from_microseconds(0),
        valid_until: Moment::from_microseconds(i64::MAX),
        signature_required: false,
        request_url: "http://127.0.0.1:8099/requests".to_owned(),
    })
}
