//! A plane of its own with one grant, and batch exchange on it.

use anyhow::{Context, Result, bail, ensure};
use shuqiao_crypto::{note::SignerKey, seal::SealKey, secret, token::TokenKey};
use shuqiao_plane::{
    book::{Book, GrantTerms, GrantedItem, SourceSpec},
    delivery::batch::{
        Batch, BatchSettings, RunPhase,
        schedule::Schedule,
        target::TargetLocation,
        task::{BatchMode, BatchTask},
    },
    plane::{Plane, PlaneKeys, PlaneSettings},
    source::Location,
};
use shuqiao_testkit::postgres::PostgresServer;
use shuqiao_vocabulary::{
    BatchRunId, Grade, ItemType, Mask, Moment, RowFilter, SharingMethod, SourceType,
    id::{Id, Kind},
};
use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The book is confirmed so often that it never grows stale.
const CONFIRM: Duration = Duration::from_secs(1);

/// Attempts at one run.
const ATTEMPTS_MAX: u32 = 5;

pub(crate) struct Exchange {
    plane: Arc<Plane>,
    batch: Batch,
    task: BatchTask,
    /// Goes when the benchmark ends.
    _folder: tempfile::TempDir,
}

impl Exchange {
    /// From `source` to `target` on one server.
    pub(crate) fn between(server: &PostgresServer) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("shuqiao-bench-").tempdir()?;
        let book_key = SignerKey::generate("bench/book", secret::random_bytes())?;
        let seal = Arc::new(SealKey::from_bytes(secret::random_bytes()));
        let keys = PlaneKeys {
            book: book_key.verifier(),
            usage: Arc::new(SignerKey::generate("bench/usage", secret::random_bytes())?),
            seal: seal.clone(),
            token: Arc::new(TokenKey::from_bytes(secret::random_bytes())),
            mask_master: secret::random_bytes(),
        };
        let mut settings = PlaneSettings::under(folder.path(), "http://127.0.0.1");
        settings.sources.database_hosts = vec!["127.0.0.1".to_owned()];
        let plane = Arc::new(Plane::open(settings, keys, Arc::new(now))?);
        let (host, user) = ("127.0.0.1".to_owned(), server.user().to_owned());
        let location = Location::Postgres {
            host: host.clone(),
            port: server.port(),
            database: "source".to_owned(),
            user: user.clone(),
            password: String::new(),
            tls: false,
        };
        let grant = grant()?;
        let book = Book {
            epoch: 1,
            node: "bench".to_owned(),
            grants: vec![grant.clone()],
            systems: Vec::new(),
            sources: vec![SourceSpec {
                id: grant.source,
                kind: SourceType::Postgres,
                sealed_location: location.seal(&seal),
            }],
            ..Book::default()
        };
        plane.install(&book.sign(&book_key)?, now())?;
        let mut settings = BatchSettings::under(folder.path());
        settings.targets.hosts = vec![host.clone()];
        let batch = Batch::open(plane.clone(), settings)?;
        let target = TargetLocation::Postgres {
            host,
            port: server.port(),
            database: "target".to_owned(),
            user,
            password: String::new(),
            tls: false,
        };
        let task = BatchTask {
            id: id("bat")?,
            grant: grant.id,
            requester: grant.requester,
            person: id("per")?,
            mode: BatchMode::Full,
            sealed_target: target.seal(&seal),
            table: "received".to_owned(),
            schedule: Schedule::Manual,
            since: now(),
        };
        Ok(Self { plane, batch, task, _folder: folder })
    }

    /// One run of so many rows.
    pub(crate) async fn run(&self, rows: u64) -> Result<()> {
        self.plane.confirm(1, now());
        let run = self.batch.begin(&self.task).await?;
        let plane = self.plane.clone();
        let confirming = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(CONFIRM);
            loop {
                ticks.tick().await;
                plane.confirm(1, now());
            }
        });
        let phase = self.finished(run).await;
        confirming.abort();
        match phase? {
            RunPhase::Finished(result) => ensure!(result.rows == rows, "{} rows arrived", result.rows),
            other => bail!("the run did not finish: {other:?}"),
        }
        Ok(())
    }

    /// Goes on with a run as a node does, but at once; what made it wait is told, and counts in its time.
    async fn finished(&self, run: BatchRunId) -> Result<RunPhase> {
        let mut phase = self.batch.attempt(run).await?.phase;
        for _ in 1..ATTEMPTS_MAX {
            let RunPhase::Open { problem: Some(problem), .. } = &phase else { break };
            println!("the run had to be gone on with: {}", problem.code);
            phase = self.batch.attempt(run).await?.phase;
        }
        Ok(phase)
    }
}

fn grant() -> Result<GrantTerms> {
    let item = |name: &str, item_type, mask| -> Result<GrantedItem> {
        let parsed = name.parse().map_err(|_| anyhow::anyhow!("an item's name"))?;
        Ok(GrantedItem { name: parsed, column: name.to_owned(), item_type, grade: Grade::L2, mask })
    };
    Ok(GrantTerms {
        id: id("grt")?,
        requester: id("org")?,
        provider: id("org")?,
        provider_name: String::new(),
        entry_name: String::new(),
        systems: Vec::new(),
        purpose: "2025-000001".to_owned(),
        signature_required: false,
        methods: vec![SharingMethod::BatchExchange],
        source: id("src")?,
        table: "t".to_owned(),
        items: vec![
            item("id", ItemType::Integer, None)?,
            item("name", ItemType::Text, Some(Mask::KeepEnds { head: 2, tail: 2 }))?,
            item("amount", ItemType::Decimal, None)?,
            item("day", ItemType::Date, None)?,
            item("at", ItemType::DateTime, None)?,
        ],
        filter_columns: Vec::new(),
        rows: RowFilter::everything(),
        key: vec!["id".to_owned()],
        calls_per_second: 1,
        rows_per_call: 1,
        rows_per_day: u64::MAX,
        valid_from: Moment::from_microseconds(0),
        valid_until: Moment::from_microseconds(i64::MAX),
        request_url: String::new(),
    })
}

fn id<K: Kind>(prefix: &str) -> Result<Id<K>> {
    format!("{prefix}_{:032x}", 1).parse().ok().context("an id")
}

#[expect(clippy::disallowed_methods, reason = "the program's edge: here the time enters")]
fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_microseconds(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
