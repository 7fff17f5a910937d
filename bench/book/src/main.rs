//! What the number of live grants costs: a snapshot of so many grants is installed, then calls and changes are timed, for
//! 1, 1,000 and 1,000,000 grants, or for the numbers given as arguments. To be run in release; prints medians.

#![expect(clippy::print_stdout, reason = "what was measured is what this program is for")]

use axum::{Router, body::Body, http::Request};
use shuqiao_crypto::{
    note::SignerKey,
    seal::SealKey,
    token::{Caller, Claims, TokenKey},
};
use shuqiao_plane::{
    book::{Book, Change, GrantTerms, GrantedItem, SourceSpec, SystemCredential},
    plane::{Plane, PlaneKeys, PlaneSettings},
    routes,
    source::Location,
};
use shuqiao_vocabulary::{
    Grade, ItemType, Moment, RowFilter, SharingMethod, SourceType,
    id::{GrantId, Id, Kind},
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};
use tower::ServiceExt;

type Failure = Box<dyn Error + Send + Sync>;

const PART: u32 = 2_000;
const ROUNDS: u32 = 2_001;
/// The moment of every call: the clock stands.
const NOON: Moment = Moment::from_microseconds(1_754_020_800_000_000);

fn id<K: Kind>(number: u32) -> Result<Id<K>, Failure> {
    // The last byte is spread as that of a minted id is.
    let spread = number.wrapping_mul(2_654_435_761) >> 24;
    Ok(format!("{}_{number:030x}{spread:02x}", K::PREFIX).parse()?)
}

fn terms(number: u32) -> Result<GrantTerms, Failure> {
    let item = |name: &str| {
        Ok::<_, Failure>(GrantedItem {
            name: name.parse()?,
            column: name.to_owned(),
            item_type: ItemType::Text,
            grade: Grade::L2,
            mask: None,
        })
    };
    Ok(GrantTerms {
        id: id(number)?,
        requester: id(1)?,
        provider: id(2)?,
        provider_name: "the provider".to_owned(),
        entry_name: "the entry".to_owned(),
        systems: vec![id(1)?],
        purpose: "2025-000001".to_owned(),
        methods: vec![SharingMethod::ServiceInterface],
        source: id(1)?,
        table: "t".to_owned(),
        items: vec![item("a")?, item("b")?, item("c")?],
        filter_columns: Vec::new(),
        rows: RowFilter::everything(),
        key: vec!["id".to_owned()],
        calls_per_second: 1_000_000,
        rows_per_call: 100,
        rows_per_day: u64::MAX >> 1,
        valid_from: NOON,
        valid_until: NOON.plus_seconds(86_400),
        signature_required: false,
        request_url: String::new(),
    })
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    #[expect(clippy::disallowed_methods, reason = "the edge of this program is where its arguments are read")]
    let told: Vec<u32> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    for grants in if told.is_empty() { vec![1, 1_000, 1_000_000] } else { told } {
        measure(grants.max(1)).await?;
    }
    Ok(())
}

async fn measure(grants: u32) -> Result<(), Failure> {
    let folder = tempfile::tempdir_in(".")?;
    let path = folder.path().canonicalize()?.join("t.db");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut database = SqliteConnection::connect_with(&options).await?;
    sqlx::raw_sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT); INSERT INTO t VALUES (1, 'x', 'y', 'z');",
    )
    .execute(&mut database)
    .await?;
    database.close().await?;
    let (seal, token) = (Arc::new(SealKey::from_bytes([1; 32])), Arc::new(TokenKey::from_bytes([2; 32])));
    let signer = SignerKey::generate("node.example/book", [3; 32])?;
    let mut settings = PlaneSettings::under(folder.path(), "http://127.0.0.1");
    settings.sources.file_roots = vec![folder.path().canonicalize()?];
    let keys = PlaneKeys {
        book: signer.verifier(),
        usage: Arc::new(SignerKey::generate("node.example/usage", [4; 32])?),
        seal: seal.clone(),
        token: token.clone(),
        mask_master: [5; 32],
    };
    let plane = Arc::new(Plane::open(settings, keys, Arc::new(|| NOON))?);
    let source =
        SourceSpec { id: id(1)?, kind: SourceType::Sqlite, sealed_location: Location::Sqlite { path }.seal(&seal) };
    let system =
        SystemCredential { id: id(1)?, organisation: id(1)?, secret_digests: Vec::new(), identity: Default::default() };
    let begun = Instant::now();
    for (part, first) in (0..).zip((0..grants).step_by(PART as usize)) {
        let last = grants.min(first.saturating_add(PART));
        let mut book = Book {
            epoch: 1,
            node: "node.example".to_owned(),
            grants: (first..last).map(terms).collect::<Result<_, _>>()?,
            part,
            more: last < grants,
            ..Book::default()
        };
        if part == 0 {
            (book.sources, book.systems) = (vec![source.clone()], vec![system.clone()]);
        }
        plane.install(&book.sign(&signer)?, NOON)?;
    }
    let snapshot = begun.elapsed();
    let claims =
        Claims { caller: Caller::System(id(1)?), organisation: id(1)?, grant: None, expires: NOON.plus_seconds(600) };
    let bearer = format!("Bearer {}", token.mint(&claims));
    let router = routes(plane.clone());
    let (mut refused, mut delivered, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let number = round.wrapping_mul(7_919) % grants;
        // Without a token nothing is proven and, beyond fifty a second, nothing recorded: the decision alone.
        refused.push(call(&router, number, None).await?);
        delivered.push(call(&router, number, Some(&bearer)).await?);
    }
    for round in 0..ROUNDS {
        let number = round.wrapping_mul(7_919) % grants;
        let epoch = plane.epoch();
        let change = Change { node: "node.example".to_owned(), from: epoch, to: epoch + 1, ..Change::default() };
        let change = match round % 2 {
            0 => Change { grants_gone: vec![id(number)?], ..change },
            _ => Change { grants: vec![terms(round.wrapping_sub(1).wrapping_mul(7_919) % grants)?], ..change },
        };
        let signed = change.sign(&signer)?;
        let begun = Instant::now();
        plane.change(&signed, NOON)?;
        changed.push(begun.elapsed());
    }
    println!(
        "{grants} grants: snapshot {snapshot:?}; medians: refused call {:?}, recorded call {:?}, change {:?}",
        median(refused),
        median(delivered),
        median(changed)
    );
    Ok(())
}

async fn call(router: &Router, number: u32, bearer: Option<&str>) -> Result<Duration, Failure> {
    let grant: GrantId = id(number)?;
    let mut request = Request::post(format!("/data/v1/grants/{grant}/query"));
    if let Some(bearer) = bearer {
        request = request.header("authorization", bearer);
    }
    let request = request.body(Body::from(r#"{"purpose":"2025-000001","limit":1}"#))?;
    let begun = Instant::now();
    let response = router.clone().oneshot(request).await?;
    let took = begun.elapsed();
    if bearer.is_some() && response.status() != 200 {
        return Err(format!("{grant}: {}", response.status()).into());
    }
    Ok(took)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
