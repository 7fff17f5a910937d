//! Every way by which rows leave a plane, each read back by its receiver's means.

use super::told::{self, Form, Given};
use crate::{
    batch::{settings, task},
    file_delivery::path,
    receiving::Database,
    share::lines,
    world::{Reply, World, grant_id, id},
};
use serde_json::{Value as Json, json};
use shuqiao_plane::{
    book::GrantTerms,
    delivery::batch::{
        Batch, RunPhase, RunReport,
        target::{PartFormat, TargetLocation},
        task::{BatchMode, BatchTask},
    },
};
use std::{
    rc::Rc,
    sync::atomic::{AtomicU32, Ordering},
};

/// A way for rows to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A system's call, in each of its forms.
    Json,
    Csv,
    Arrow,
    /// The trial call by which a person sees what a grant gives.
    Preview,
    /// A file, in each of its forms.
    ParquetFile,
    CsvFile,
    Workbook,
    /// A table of Delta Sharing.
    Share,
    /// Batch exchange into a database of each kind.
    Postgres,
    Mysql,
    /// Batch exchange into a folder, in each form of parts.
    Folder,
    Parts,
}

pub(crate) const CALLS: [Way; 4] = [Way::Json, Way::Csv, Way::Arrow, Way::Preview];
pub(crate) const BULK: [Way; 8] =
    [Way::ParquetFile, Way::CsvFile, Way::Workbook, Way::Share, Way::Postgres, Way::Mysql, Way::Folder, Way::Parts];

impl Way {
    /// Whether the receiver says what it wants of the grant; else it gets the whole.
    pub(crate) fn takes_queries(self) -> bool {
        self != Self::Share && !self.is_batch()
    }

    /// Whether rows that do not fit are put aside.
    pub(crate) fn is_batch(self) -> bool {
        matches!(self, Self::Postgres | Self::Mysql | Self::Folder | Self::Parts)
    }

    /// A table has no order.
    pub(crate) fn keeps_order(self) -> bool {
        !matches!(self, Self::Postgres | Self::Mysql)
    }

    pub(crate) fn form(self) -> Form {
        match self {
            Self::Csv | Self::CsvFile => Form::Csv,
            Self::Workbook => Form::Sheet,
            _ => Form::Exact,
        }
    }
}

/// A plane with all that the ways need.
pub(crate) struct Bench {
    pub(crate) world: World,
    batch: Batch,
    receivers: Option<Rc<[Database; 2]>>,
}

/// A refusal: everything that the receiver can read of it.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) text: String,
}

type Answer = Result<Given, Refusal>;

impl Bench {
    /// The ways of this plane; what is brought into a database goes into these.
    pub(crate) fn of(world: World, receivers: Option<Rc<[Database; 2]>>) -> Self {
        let mut settings = settings(&world);
        settings.rows_per_chunk = 5;
        let batch = Batch::open(world.plane.clone(), settings).unwrap();
        Self { world, batch, receivers }
    }

    /// Makes these the terms, a minute later than what was before: rows that changed are then not served from before.
    pub(crate) fn install(&self, terms: GrantTerms) {
        self.world.pass_seconds(61);
        self.world.install(vec![terms]);
    }

    /// What this way gives for this query; of calls every page with so many rows at most.
    pub(crate) async fn give(&self, way: Way, query: &Json, limit: Option<u32>) -> Answer {
        match way {
            Way::Json | Way::Csv | Way::Arrow | Way::Preview => self.call(way, query, limit).await,
            Way::ParquetFile => self.file("parquet", query, told::parquet).await,
            Way::CsvFile => self.file("csv", query, |body| told::csv(&body)).await,
            Way::Workbook => self.file("xlsx", query, told::workbook).await,
            Way::Share => self.share().await,
            Way::Postgres => self.database(0).await,
            Way::Mysql => self.database(1).await,
            Way::Folder => self.folder(PartFormat::Csv).await,
            Way::Parts => self.folder(PartFormat::Parquet).await,
        }
    }

    async fn call(&self, way: Way, query: &Json, limit: Option<u32>) -> Answer {
        let accept = match way {
            Way::Csv => "text/csv",
            Way::Arrow => "application/vnd.apache.arrow.stream",
            _ => "application/json",
        };
        let bearer = if way == Way::Preview { self.world.trial(7, grant_id()) } else { self.world.bearer() };
        let (mut all, mut query) = (Given::default(), query.clone());
        if let Some(limit) = limit {
            query["limit"] = json!(limit);
        }
        loop {
            let reply = self.world.query_as(Some(&bearer), &grant_id().to_string(), accept, &query).await;
            if reply.status != 200 {
                return Err(refusal(&reply));
            }
            let page = match way {
                Way::Csv => told::csv(&reply.body),
                Way::Arrow => told::arrow(&reply.body),
                _ => told::json(&reply.body),
            };
            assert!(limit.is_none_or(|limit| page.rows.len() <= limit as usize));
            all.columns = page.columns;
            all.rows.extend(page.rows);
            match reply.header("shuqiao-next") {
                Some(next) => query["after"] = json!(next),
                None => return Ok(all),
            }
        }
    }

    async fn file(&self, format: &str, query: &Json, read: fn(Vec<u8>) -> Given) -> Answer {
        let mut order = query.clone();
        order["format"] = json!(format);
        let ordered = self.world.order(order).await;
        if ordered.status != 202 {
            return Err(refusal(&ordered));
        }
        let one = format!("/data/v1/files/{}", ordered.json()["id"].as_str().unwrap());
        let made = self.world.get(&format!("{one}?wait=60"), Some(&self.world.bearer())).await;
        let file = made.json();
        if file["state"] != "ready" {
            let content = self.world.get(&format!("{one}/content"), Some(&self.world.bearer())).await;
            let text = format!("{} {}", text(&made), refusal(&content).text);
            return Err(Refusal { code: file["code"].as_str().unwrap().to_owned(), text });
        }
        let content = self.world.get(&path(&file, "content_url"), Some(&self.world.bearer())).await;
        assert_eq!((content.status, content.body.len() as u64), (200, file["bytes"].as_u64().unwrap()));
        self.world.delete(&one).await;
        let mut given = read(content.body);
        let rows = usize::try_from(file["rows"].as_u64().unwrap()).unwrap();
        if format == "xlsx" && given.rows.len() < rows {
            // At its end a sheet cannot show rows with nothing in them; the order says how many there are.
            given.rows.resize(rows, vec![None; given.columns.len()]);
        }
        assert_eq!(given.rows.len(), rows);
        Ok(given)
    }

    async fn share(&self) -> Answer {
        let reply = self.world.share_query("{}").await;
        if reply.status != 200 {
            return Err(refusal(&reply));
        }
        let lines = lines(&reply);
        let url = lines[2]["file"]["url"].as_str().unwrap().strip_prefix("https://node.example").unwrap().to_owned();
        let content = self.world.get(&url, None).await;
        assert_eq!(content.status, 200);
        let given = told::parquet(content.body);
        let schema: Json = serde_json::from_str(lines[1]["metaData"]["schemaString"].as_str().unwrap()).unwrap();
        let fields = schema["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap());
        assert!(fields.eq(given.columns.iter().map(String::as_str)), "{schema}");
        self.world.delete(url.split_once("/content").unwrap().0).await;
        Ok(given)
    }

    /// One run of batch exchange to this target.
    async fn run(&self, target: &TargetLocation) -> Result<RunReport, Refusal> {
        let mut task = task(target, BatchMode::Full);
        task.id = id("bat", next_number());
        self.run_of(&task).await
    }

    async fn run_of(&self, task: &BatchTask) -> Result<RunReport, Refusal> {
        let said =
            |code: &str, report: &dyn std::fmt::Debug| Refusal { code: code.to_owned(), text: format!("{report:?}") };
        let run = self.batch.begin(task).await.map_err(|error| said("not begun", &error))?;
        let report = self.batch.attempt(run).await.unwrap();
        match &report.phase {
            RunPhase::Finished(_) => Ok(report),
            RunPhase::Failed(problem) => Err(said(&problem.code, &(&report, problem.titles()))),
            other => panic!("{other:?}"),
        }
    }

    /// How many databases receive.
    pub(crate) fn receivers(&self) -> usize {
        self.receivers.as_ref().map_or(0, |receivers| receivers.len())
    }

    /// The first run, into a table that is made, of a task of this number that brings what changed.
    pub(crate) async fn follow(&self, at: usize, number: u32) -> Answer {
        self.receivers.as_ref().unwrap()[at].texts("DROP TABLE IF EXISTS followed").await;
        self.follow_on(at, number).await
    }

    /// The next run of that task, and all that the table then holds.
    pub(crate) async fn follow_on(&self, at: usize, number: u32) -> Answer {
        let database = &self.receivers.as_ref().unwrap()[at];
        let mode = BatchMode::Incremental { change: "item_k".to_owned(), overlap: 0 };
        let mut task = task(&database.target(), mode);
        task.id = id("bat", number);
        task.table = "followed".to_owned();
        let report = self.run_of(&task).await?;
        let (columns, rows) = database.written("followed").await;
        Ok(Given { columns, rows, aside: self.aside(&report) })
    }

    /// The codes of what a run put aside, which is as many rows as it says.
    fn aside(&self, report: &RunReport) -> Vec<String> {
        let mut aside: Vec<String> =
            self.batch.quarantine(report.id).unwrap().into_iter().map(|row| row.code).collect();
        assert_eq!(report.bad, aside.len() as u64);
        aside.sort();
        aside
    }

    async fn database(&self, at: usize) -> Answer {
        let database = &self.receivers.as_ref().unwrap()[at];
        // Into a table that is made, each time.
        database.texts("DROP TABLE IF EXISTS received").await;
        let report = self.run(&database.target()).await?;
        let (columns, rows) = database.written("received").await;
        Ok(Given { columns, rows, aside: self.aside(&report) })
    }

    async fn folder(&self, format: PartFormat) -> Answer {
        let out = self.world.folder.path().join("out");
        let report = self.run(&TargetLocation::Folder { path: out.clone(), format }).await?;
        let folder = out.join("received").join(report.id.to_string());
        let manifest: Json = serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
        let column = |column: &Json| column["name"].as_str().unwrap().to_owned();
        let mut all = Given {
            columns: manifest["columns"].as_array().unwrap().iter().map(column).collect(),
            rows: Vec::new(),
            aside: self.aside(&report),
        };
        for part in manifest["parts"].as_array().unwrap() {
            let name = part["file"].as_str().unwrap();
            let bytes = std::fs::read(folder.join(name)).unwrap();
            let part = match format {
                PartFormat::Csv => told::part(std::str::from_utf8(&bytes).unwrap()),
                PartFormat::Parquet => told::parquet(bytes),
            };
            assert_eq!(part.columns, all.columns);
            all.rows.extend(part.rows);
        }
        std::fs::remove_dir_all(folder).unwrap();
        Ok(all)
    }
}

/// The number of a task that there was not before.
pub(crate) fn next_number() -> u32 {
    static COUNT: AtomicU32 = AtomicU32::new(100);
    COUNT.fetch_add(1, Ordering::SeqCst)
}

fn text(reply: &Reply) -> String {
    format!("{:?} {}", reply.headers, String::from_utf8_lossy(&reply.body))
}

fn refusal(reply: &Reply) -> Refusal {
    let body = reply.json();
    let code = body["code"].as_str().or(body["errorCode"].as_str());
    Refusal { code: code.unwrap().to_owned(), text: text(reply) }
}
