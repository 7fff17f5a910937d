//! What leak attribution costs: a table of so many rows is delivered as one file, and the index, its bytes a row and a
//! search for a thousand of the rows are measured; besides, how long one fingerprint takes. To be run in release, with a
//! number of rows as argument (1,000,000 when there is none).

#![expect(clippy::print_stdout, reason = "what was measured is what this program is for")]

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use shuqiao_crypto::{
    fingerprint::FingerprintKey,
    note::SignerKey,
    seal::SealKey,
    token::{Caller, Claims, TokenKey},
};
use shuqiao_plane::{
    book::{Book, GrantTerms, GrantedItem, SourceSpec, SystemCredential},
    plane::{Plane, PlaneKeys, PlaneSettings},
    routes,
    source::Location,
    trace::Tracer,
};
use shuqiao_vocabulary::{
    Grade, ItemType, Mask, Moment, RowFilter, SharingMethod,
    id::{Id, Kind},
};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{error::Error, fmt::Write as _, hint::black_box, path::Path, sync::Arc, time::Instant};
use tower::ServiceExt;

type Failure = Box<dyn Error + Send + Sync>;

const NOON: Moment = Moment::from_microseconds(1_754_020_800_000_000);
const MASTER: [u8; 32] = [5; 32];
const COLUMNS: [&str; 8] = ["card", "name", "phone", "address", "employer", "account", "plate", "mail"];
const VALUES: u32 = 200_000;

fn id<K: Kind>(number: u32) -> Result<Id<K>, Failure> {
    Ok(format!("{}_{number:032x}", K::PREFIX).parse()?)
}

async fn table(path: &Path, rows: u64) -> Result<(), Failure> {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let columns = COLUMNS.map(|column| format!("{column} TEXT")).join(", ");
    let sql = format!(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, {columns});
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
         INSERT INTO people SELECT i, printf('52030219900101%08d', i), '张' || (i % 5000), printf('138%08d', i * 104729 % 100000000),
         '遵义市红花岗区第' || (i % 90000) || '号', '第' || (i % 30000) || '公司', printf('62220202%010d', i), '贵C' || (i % 99999),
         'p' || i || '@example.cn' FROM n;"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

fn terms() -> Result<GrantTerms, Failure> {
    let item = |(at, name): (usize, &&str)| {
        let mask = (at == 0).then_some(Mask::KeyedHash);
        let (column, item_type) = ((*name).to_owned(), ItemType::Text);
        Ok::<_, Failure>(GrantedItem { name: name.parse()?, column, item_type, grade: Grade::L2, mask })
    };
    Ok(GrantTerms {
        id: id(1)?,
        requester: id(1)?,
        provider: id(2)?,
        provider_name: "the provider".to_owned(),
        entry_name: "the entry".to_owned(),
        systems: vec![id(1)?],
        purpose: "2025-000001".to_owned(),
        methods: vec![SharingMethod::FileDownload],
        source: id(1)?,
        table: "people".to_owned(),
        items: COLUMNS.iter().enumerate().map(item).collect::<Result<_, _>>()?,
        filter_columns: Vec::new(),
        rows: RowFilter::everything(),
        key: vec!["id".to_owned()],
        calls_per_second: 1_000_000,
        rows_per_call: 10_000,
        rows_per_day: 1_000_000_000,
        valid_from: NOON.plus_seconds(-1),
        valid_until: NOON.plus_seconds(86_400),
        signature_required: false,
        request_url: "https://node.example/requests/new".to_owned(),
    })
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    #[expect(clippy::disallowed_methods, reason = "the edge of this program is where its arguments are read")]
    let rows: u64 = std::env::args().nth(1).map_or(Ok(1_000_000), |told| told.parse())?;
    let key = FingerprintKey::derive(&MASTER);
    let begun = Instant::now();
    for n in 0..VALUES {
        black_box(key.value(&format!("5203021990010{n:05}")));
    }
    println!("one fingerprint: {:.2} µs", begun.elapsed().as_secs_f64() * 1e6 / f64::from(VALUES));

    let folder = tempfile::tempdir()?;
    let path = folder.path().join("people.db");
    table(&path, rows).await?;
    let (seal, token) = (Arc::new(SealKey::from_bytes([1; 32])), Arc::new(TokenKey::from_bytes([2; 32])));
    let signer = SignerKey::generate("node.example/book", [3; 32])?;
    let mut settings = PlaneSettings::under(folder.path(), "http://127.0.0.1");
    settings.sources.file_roots = vec![folder.path().to_owned()];
    let keys = PlaneKeys {
        book: signer.verifier(),
        usage: Arc::new(SignerKey::generate("node.example/usage", [4; 32])?),
        seal: seal.clone(),
        token: token.clone(),
        mask_master: MASTER,
    };
    let plane = Arc::new(Plane::open(settings, keys, Arc::new(|| NOON))?);
    let location = Location::Sqlite { path };
    let system = SystemCredential {
        id: id(1)?,
        organisation: id(1)?,
        secret_digests: Vec::new(),
        identity: shuqiao_plane::book::SystemIdentity::default(),
    };
    let book = Book {
        epoch: 1,
        node: "node.example".to_owned(),
        grants: vec![terms()?],
        systems: vec![system],
        sources: vec![SourceSpec { id: id(1)?, kind: location.source_type(), sealed_location: location.seal(&seal) }],
        ..Book::default()
    };
    plane.install(&book.sign(&signer)?, NOON)?;
    let claims =
        Claims { caller: Caller::System(id(1)?), organisation: id(1)?, grant: None, expires: NOON.plus_seconds(600) };
    let bearer = format!("Bearer {}", token.mint(&claims));
    let router = routes(plane.clone());
    let begun = Instant::now();
    let grant = id::<shuqiao_vocabulary::id::GrantKind>(1)?;
    let order = Request::post(format!("/data/v1/grants/{grant}/files")).header("authorization", &bearer);
    let order = order.body(Body::from(r#"{"purpose":"2025-000001","format":"csv"}"#))?;
    let ordered = to_bytes(router.clone().oneshot(order).await?.into_body(), 1 << 20).await?;
    let file: serde_json::Value = serde_json::from_slice(&ordered)?;
    let file = file["id"].as_str().ok_or("not taken")?.to_owned();
    loop {
        let asked = Request::get(format!("/data/v1/files/{file}?wait=60")).header("authorization", &bearer);
        let told = to_bytes(router.clone().oneshot(asked.body(Body::empty())?).await?.into_body(), 1 << 20).await?;
        let told: serde_json::Value = serde_json::from_slice(&told)?;
        match told["state"].as_str() {
            Some("ready") => break,
            Some("making") => {}
            _ => return Err(format!("{told}").into()),
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let index: u64 = std::fs::read_dir(folder.path().join("trace"))?
        .flatten()
        .filter_map(|file| Some(file.metadata().ok()?.len()))
        .sum();
    println!("{rows} rows of {} columns as a CSV file with fingerprints: {seconds:.1} s", COLUMNS.len());
    println!("index: {index} bytes, {:.1} a row", index as f64 / rows as f64);

    let mut leak = String::from("a,b\n");
    for n in (1..=rows).step_by(usize::try_from(rows / 1_000 + 1)?) {
        writeln!(leak, "p{n}@example.cn,{}", format_args!("138{:08}", n * 104_729 % 100_000_000))?;
    }
    let leaked = folder.path().join("leak.csv");
    std::fs::write(&leaked, leak)?;
    let begun = Instant::now();
    let report = Tracer::under(folder.path(), &MASTER).search(&leaked)?;
    let first = report.deliveries.first().ok_or("not found")?;
    println!(
        "search: {:.1} s; {} of {} rows found, by chance 10^{:.0}",
        begun.elapsed().as_secs_f64(),
        first.found,
        report.rows_compared,
        first.by_chance_log10
    );
    Ok(())
}
