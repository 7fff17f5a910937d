//! The composition root: opens the folder, wires the rooms, listens, and runs the reconcilers.

use crate::{
    cli::{CallerArguments, CheckArguments, Reach, ServeArguments, print_line},
    compose::{
        Helper, LeakDesk, LocalBatch, LocalBook, LocalDesk, LocalLedger, LocalSheets, NoticeFile, PressSettings,
        ViewSettings, WorkerEngine, WorkerPress,
    },
    data_dir::DataDir,
    edge,
    regions::Regions,
    seed::{MINIMAL, SeedFile},
};
use anyhow::{Context, Result, ensure};
use shuqiao_app::{App, AppParts, NodeIdentity};
use shuqiao_calendar::WorkCalendar;
use shuqiao_crypto::keyring::Keyring;
use shuqiao_http::HttpState;
use shuqiao_plane::{
    delivery::batch::{Batch, BatchSettings},
    gateway::Upstream,
    plane::{Plane, PlaneKeys, PlaneSettings},
};
use shuqiao_policy::PolicySet;
use shuqiao_store::Store;
use std::{
    fs,
    net::SocketAddr,
    path::Path,
    sync::{Arc, LazyLock},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinSet, time};

/// Largest file that an organisation may place, in bytes: 2 GiB.
const INTAKE_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// How often the plane is told which book is the newest.
const BOOK_EVERY: Duration = Duration::from_secs(1);
/// How often a new head of the log is signed.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);
/// How often the head of the usage log enters the record.
const ANCHOR_EVERY: Duration = Duration::from_secs(60);
/// How often the planes are asked for first deliveries.
const DELIVERY_EVERY: Duration = Duration::from_secs(60);
/// How often it is looked whether a grant has expired or a filed change of a service takes effect.
const ENDS_EVERY: Duration = Duration::from_secs(60);
/// How often it is looked whether a run of batch exchange is due or has ended.
const BATCH_EVERY: Duration = Duration::from_secs(1);
/// How often what has expired is removed.
const SWEEP_EVERY: Duration = Duration::from_secs(3_600);
/// How soon open clocks follow a notice of the calendar.
const CLOCKS_EVERY: Duration = Duration::from_secs(2);
/// How often it is looked whether somebody must be told that a clock runs out.
const REMINDERS_EVERY: Duration = Duration::from_secs(5);
/// How often the detectors look for leads: nothing of theirs is urgent, and what is, is raised at once.
const LEADS_EVERY: Duration = Duration::from_secs(3_600);
/// A connection whose peer takes nothing for this long is ended: a client that never reads holds nothing for ever.
const UNREAD_MAX: Duration = Duration::from_secs(30);
/// How long answers under way may take when the program is told to stop.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// A node, put together and not yet listening.
pub(crate) struct Node {
    pub(crate) app: Arc<App>,
    pub(crate) data: DataDir,
    pub(crate) seed: SeedFile,
    plane: Arc<Plane>,
    upstream: Arc<Upstream>,
}

/// One-time links of a first run, by login.
pub(crate) type Links = Vec<(String, String)>;

/// Serves until told to stop.
pub(crate) async fn run(told: ServeArguments) -> Result<()> {
    logging();
    if let Some(file) = &told.clock_file {
        ensure!(told.demo, "`--clock-file` moves the clock and is refused without `--demo`");
        edge::move_clock(file)?;
    }
    let listener = listen(told.listen).await?;
    let base_url = base_url(told.public_url.as_deref(), &listener)?;
    let seed = match &told.seed {
        Some(path) => fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?,
        None => MINIMAL.to_owned(),
    };
    let reach = Reach {
        sources: told.reach.checked()?,
        target_hosts: told.target_hosts,
        target_folder: told.target_folder,
        target_chunk_rows: told.target_chunk_rows,
    };
    let (data, database) = (&told.data, told.database.as_deref());
    let node = Node::open(data, database, &base_url, &seed, reach, told.press.into(), told.callers).await?;
    for (login, link) in node.first_run(&base_url).await? {
        print_line(&format!("first-login {login} {link} {}", node.seed.described(&login)))?;
    }
    node.serve(listener, &base_url).await
}

/// Checks the record of a folder without serving it.
pub(crate) async fn check(told: CheckArguments) -> Result<()> {
    logging();
    let node = Node::open(
        &told.data,
        told.database.as_deref(),
        "http://localhost",
        MINIMAL,
        Reach::default(),
        PressSettings::default(),
        CallerArguments::default(),
    )
    .await?;
    let size = node.app.log_verify().await.context("the record does not verify")?;
    let usage = node.plane.usage_head().size;
    print_line(&format!("the record verifies: {size} entries; the usage log verifies: {usage} entries"))?;
    Ok(())
}

/// Logs for operators, on standard error, as JSON lines when asked for.
pub(crate) fn logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("SHUQIAO_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,shuqiao=info"));
    // A second call, as in tests, changes nothing.
    let _set = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Listens; a connection that nobody reads from is ended by the kernel.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener> {
    let listener = TcpListener::bind(address).await.with_context(|| format!("{address} cannot be listened on"))?;
    // Accepted sockets inherit it from the listening one.
    socket2::SockRef::from(&listener).set_tcp_user_timeout(Some(UNREAD_MAX)).context("the socket cannot be set up")?;
    Ok(listener)
}

/// Where the node is reached: as told, else where it listens.
pub(crate) fn base_url(told: Option<&str>, listener: &TcpListener) -> Result<String> {
    match told {
        Some(url) => Ok(url.trim_end_matches('/').to_owned()),
        None => Ok(format!("http://{}", listener.local_addr()?)),
    }
}

impl Node {
    /// Opens the folder and wires the rooms. `seed` is read only when the folder is new.
    pub(crate) async fn open(
        data: &Path,
        database: Option<&str>,
        base_url: &str,
        seed: &str,
        reach: Reach,
        press: PressSettings,
        callers: CallerArguments,
    ) -> Result<Self> {
        let data = DataDir::open(data)?;
        if !data.seed().exists() {
            SeedFile::checked(seed, &edge::edge())?;
            fs::write(data.seed(), seed).with_context(|| format!("{} cannot be written", data.seed().display()))?;
        }
        let seed = SeedFile::parse(&fs::read_to_string(data.seed()).context("node.toml cannot be read")?)?;
        let keyring = Keyring::open_or_create(&data.keys(), &seed.node.log_name)?;
        let (seal, token_key) = (Arc::new(keyring.seal), Arc::new(keyring.token));
        let url = database.map_or_else(|| data.database_url(), str::to_owned);
        let store = Store::open(&url).await.context("the database cannot be opened")?;
        let mut settings = PlaneSettings::under(data.path(), base_url);
        settings.sources.file_roots = vec![data.intake()];
        settings.bytes_per_day = callers.bytes_per_day;
        reach.sources.allow(&mut settings.sources);
        settings.identity.address_header = callers.address_header;
        settings.identity.certificate_header = callers.certificate_header;
        let helper = Helper::named_or_beside(press.worker).context("this program's own place cannot be found")?;
        let engine =
            WorkerEngine::new(helper.clone(), ViewSettings::default(), settings.sources.clone(), &data.views());
        let leaks = LeakDesk::open(&data, &keyring.mask_master)?;
        let keys = PlaneKeys {
            book: keyring.book_signer.verifier(),
            usage: Arc::new(keyring.usage_signer),
            seal: seal.clone(),
            token: token_key.clone(),
            mask_master: *keyring.mask_master,
        };
        let plane = Plane::open(settings, keys, Arc::new(edge::now)).context("the data plane cannot be opened")?;
        let plane = Arc::new(plane);
        let (book_signer, name) = (Arc::new(keyring.book_signer), &seed.node.log_name);
        let told = data.path().join("gateways");
        let upstream = Arc::new(Upstream::new(plane.clone(), book_signer.clone(), seal.clone(), name, &told));
        let mut batch = BatchSettings::under(data.path());
        batch.targets.hosts = reach.target_hosts;
        batch.rows_per_chunk = reach.target_chunk_rows.unwrap_or(batch.rows_per_chunk);
        let outbox = reach.target_folder.unwrap_or_else(|| data.outbox());
        batch.targets.folders = vec![outbox.clone()];
        let batch = Arc::new(Batch::open(plane.clone(), batch).context("the runs of batch exchange cannot be read")?);
        let sources = plane.sources().clone();
        sources.read_views_with(Arc::new(engine));
        let log_origin = format!("{}/record", seed.node.log_name);
        let app = App::new(AppParts {
            store,
            policies: PolicySet::load()?,
            calendar: WorkCalendar::official(),
            node: NodeIdentity {
                name: seed.node.name.clone(),
                level: seed.level()?,
                region: seed.region()?,
                region_name: seed.node.region_name.clone(),
                base_url: base_url.to_owned(),
                log_origin,
            },
            log_signer: keyring.log_signer,
            token_key,
            intake: data.intake(),
            intake_bytes_max: INTAKE_BYTES_MAX,
            batch: Arc::new(LocalBatch { batch, seal: seal.clone(), outbox }),
            source_desk: Arc::new(LocalDesk { sources, seal, intake: data.intake() }),
            sheet_desk: Arc::new(LocalSheets::new()),
            book: Arc::new(LocalBook {
                plane: plane.clone(),
                upstream: upstream.clone(),
                signer: book_signer,
                node: seed.node.log_name.clone(),
                base_url: base_url.to_owned(),
                unsigned_calls: callers.unsigned_calls,
            }),
            usage: Arc::new(LocalLedger { plane: plane.clone(), leaks, upstream: upstream.clone() }),
            notifier: Arc::new(NoticeFile::under(data.path())),
            press: Arc::new(WorkerPress::new(helper, press.fonts)),
        });
        let app = Arc::new(app);
        // A record that does not verify must not grow.
        app.log_verify().await.context("the record does not verify; the node does not start")?;
        app.legal_time_load().await.context("calendar and rule sets cannot be read")?;
        Ok(Self { app, data, seed, plane, upstream })
    }

    /// Fills an empty node with its seed; answers the one-time links.
    pub(crate) async fn first_run(&self, base_url: &str) -> Result<Links> {
        let edge = edge::edge();
        let tokens = self.app.seed(&edge, self.seed.rows(&edge)?).await?;
        Ok(tokens.into_iter().map(|(login, token)| (login, format!("{base_url}/welcome#{token}"))).collect())
    }

    /// Serves on this listener until told to stop.
    pub(crate) async fn serve(self, listener: TcpListener, base_url: &str) -> Result<()> {
        // Files that can be placed matter more than leftovers that cannot be removed.
        if let Err(error) = self.app.intake_sweep().await {
            tracing::error!(error = %error, "unfinished files cannot be removed from the intake");
        }
        self.data.forget_views();
        self.app.book_reconcile(edge::now()).await?;
        let mut tasks = self.reconcilers();
        let state = HttpState {
            app: self.app.clone(),
            clock: Arc::new(edge::now),
            chances: Arc::new(edge::chance),
            regions: parts_of,
        };
        let for_gateways = shuqiao_plane::gateway::routes(self.upstream.clone());
        let plane_routes = shuqiao_plane::routes(self.plane.clone()).merge(for_gateways);
        let plane_routes = shuqiao_http::path_guarded(plane_routes);
        let router = shuqiao_http::routes(state).merge(plane_routes);
        print_line(&format!("listening on {base_url}"))?;
        let stopped = serve_until_told(listener, router).await;
        tasks.shutdown().await;
        self.plane.trace_settled().await;
        stopped
    }

    /// The reconcilers: no input, by timer, may run twice. A failure is logged; the next turn tries again.
    fn reconcilers(&self) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        let app = self.app.clone();
        tasks.spawn(every(BOOK_EVERY, move || {
            let app = app.clone();
            async move { report("book", app.book_reconcile(edge::now()).await) }
        }));
        let app = self.app.clone();
        tasks.spawn(every(CHECKPOINT_EVERY, move || {
            let app = app.clone();
            async move { report("checkpoint", app.checkpoint_reconcile(edge::now()).await) }
        }));
        let app = self.app.clone();
        tasks.spawn(every(ANCHOR_EVERY, move || {
            let app = app.clone();
            async move { report("usage_anchor", app.usage_anchor(&edge::edge()).await) }
        }));
        let app = self.app.clone();
        tasks.spawn(every(DELIVERY_EVERY, move || {
            let app = app.clone();
            async move { report("delivery", app.delivery_reconcile(&edge::edge()).await) }
        }));
        let app = self.app.clone();
        tasks.spawn(every(ENDS_EVERY, move || {
            let app = app.clone();
            async move {
                report("ends", app.ends_reconcile(&edge::edge()).await);
                report("batch_ends", app.batch_ends_reconcile(&edge::edge()).await);
            }
        }));
        let app = self.app.clone();
        tasks.spawn(every(BATCH_EVERY, move || {
            let app = app.clone();
            async move { report("batch", app.batch_reconcile(&edge::edge()).await) }
        }));
        let app = self.app.clone();
        tasks.spawn(every(SWEEP_EVERY, move || {
            let app = app.clone();
            async move { report("expired_sweep", app.expired_sweep(edge::now()).await) }
        }));
        let plane = self.plane.clone();
        tasks.spawn(every(SWEEP_EVERY, move || {
            let plane = plane.clone();
            async move { plane.files_sweep(edge::now()) }
        }));
        let app = self.app.clone();
        tasks.spawn(every(CLOCKS_EVERY, move || {
            let app = app.clone();
            async move { report("clocks", app.clocks_reconcile(&edge::edge()).await) }
        }));
        let app = self.app.clone();
        tasks.spawn(every(REMINDERS_EVERY, move || {
            let app = app.clone();
            async move {
                report("reminders", app.reminders_reconcile(&edge::edge()).await);
                report("reminders_deliver", app.reminders_deliver(edge::now()).await);
            }
        }));
        let app = self.app.clone();
        tasks.spawn(every(LEADS_EVERY, move || {
            let app = app.clone();
            async move { report("leads", app.leads_reconcile(&edge::edge()).await) }
        }));
        tasks
    }
}

/// The divisions just below a code: what a person picks from.
fn parts_of(parent: &str) -> Vec<(String, String)> {
    static REGIONS: LazyLock<Option<Regions>> = LazyLock::new(|| Regions::load().ok());
    REGIONS.as_ref().map(|regions| regions.parts(parent)).unwrap_or_default()
}

fn report<T>(task: &str, result: Result<T, shuqiao_app::AppError>) {
    if let Err(error) = result {
        tracing::error!(task, error = %error, "a reconciler failed; its next turn tries again");
    }
}

pub(crate) async fn every<F: Future<Output = ()>>(period: Duration, mut work: impl FnMut() -> F) {
    let mut timer = time::interval(period);
    timer.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    loop {
        timer.tick().await;
        work().await;
    }
}

/// Serves until told to stop, and then until answers under way have had their time.
pub(crate) async fn serve_until_told(listener: TcpListener, router: axum::Router) -> Result<()> {
    let stopped = tokio::select! {
        ended = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(told_to_stop()) => ended,
        () = too_long_after_stop() => Ok(()),
    };
    stopped.context("serving ended")
}

async fn told_to_stop() {
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// Resolves when answers under way have had their time after the program was told to stop.
async fn too_long_after_stop() {
    told_to_stop().await;
    #[expect(clippy::disallowed_methods, reason = "the program waits for its last answers, and no longer than this")]
    time::sleep(STOP_WITHIN).await;
}
