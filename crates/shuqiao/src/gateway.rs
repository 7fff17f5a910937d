//! `shuqiao gateway`: the data plane alone, in a provider's network. No store, no console, no workflow: it follows the
//! node's book, serves what that grants, and reports what it served.

use crate::{
    cli::{GatewayArguments, print_line},
    compose::{Helper, ViewSettings, WorkerEngine},
    data_dir::DataDir,
    edge, serve,
};
use anyhow::{Context, Result, ensure};
use shuqiao_crypto::keyring::Keyring;
use shuqiao_plane::{
    gateway::{ANSWER_BYTES_MAX, Enrolment, Follower, REPORT_PATH, ReportAnswer, gateway_name},
    plane::{Plane, PlaneKeys, PlaneSettings},
};
use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc, time::Duration};
use tokio::{net::TcpListener, task::JoinSet};

/// How often the node is asked whether the book is still the newest. Five questions fit into the time after which a book
/// that nobody confirmed denies.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// A question that is not answered by then is asked again.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);
/// A snapshot, of which there may be much, is waited for longer.
const SNAPSHOT_WITHIN: Duration = Duration::from_secs(120);
/// How often use is reported.
const REPORT_EVERY: Duration = Duration::from_secs(5);

/// Serves as a gateway until told to stop.
pub(crate) async fn run(told: GatewayArguments) -> Result<()> {
    serve::logging();
    if let Some(file) = &told.clock_file {
        ensure!(told.demo, "`--clock-file` moves the clock and is refused without `--demo`");
        edge::move_clock(file)?;
    }
    let listener = serve::listen(told.listen).await?;
    let base_url = serve::base_url(told.public_url.as_deref(), &listener)?;
    let gateway = Gateway::open(&told, &base_url)?;
    gateway.serve(listener, &base_url).await
}

struct Gateway {
    plane: Arc<Plane>,
    link: Arc<Link>,
}

/// The way to the node.
struct Link {
    follower: Arc<Follower>,
    http: reqwest::Client,
    upstream: String,
}

impl Gateway {
    fn open(told: &GatewayArguments, base_url: &str) -> Result<Self> {
        let enrolment = enrolment(&told.enrolment)?;
        let upstream = told.upstream.as_deref().unwrap_or(&enrolment.upstream).trim_end_matches('/').to_owned();
        ensure!(
            upstream.starts_with("http://"),
            "`{upstream}` is not an address that a gateway can ask: http:// is expected; what passes is signed and sealed"
        );
        let data = DataDir::open(&told.data)?;
        let keyring = Keyring::open_or_create(&data.keys(), &gateway_name(&enrolment.node, &enrolment.gateway))
            .context("the folder holds the keys of another gateway, or damaged ones")?;
        let mut settings = PlaneSettings::under(data.path(), base_url);
        // Whoever has no grant asks at the node, where there is a catalogue.
        settings.request_url = format!("{}/catalogue", enrolment.upstream);
        settings.sources.file_roots = told.source_folders.clone();
        settings.bytes_per_day = told.bytes_per_day;
        told.reach.clone().checked()?.allow(&mut settings.sources);
        let reached = settings.sources.clone();
        let keys = PlaneKeys {
            book: enrolment.book.clone(),
            usage: Arc::new(keyring.usage_signer),
            seal: Arc::new(enrolment.seal_key()?),
            token: Arc::new(keyring.token),
            mask_master: *keyring.mask_master,
        };
        let plane = Plane::open(settings, keys, Arc::new(edge::now)).context("the data plane cannot be opened")?;
        let plane = Arc::new(plane);
        data.forget_views();
        let helper =
            Helper::named_or_beside(told.worker.clone()).context("this program's own place cannot be found")?;
        let engine = WorkerEngine::new(helper, ViewSettings::default(), reached, &data.views());
        plane.sources().read_views_with(Arc::new(engine));
        let follower = Arc::new(Follower::open(plane.clone(), enrolment, data.path())?);
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let http = http.connect_timeout(ANSWER_WITHIN).build().context("the client of the node cannot be made")?;
        Ok(Self { plane, link: Arc::new(Link { follower, http, upstream }) })
    }

    async fn serve(self, listener: TcpListener, base_url: &str) -> Result<()> {
        // The first question before the first call: who starts with its node there serves at once.
        self.link.ask_or_say().await;
        let mut tasks = JoinSet::new();
        let link = self.link.clone();
        tasks.spawn(serve::every(ASK_EVERY, move || {
            let link = link.clone();
            async move { link.ask_or_say().await }
        }));
        let link = self.link.clone();
        tasks.spawn(serve::every(REPORT_EVERY, move || {
            let link = link.clone();
            async move { link.report_or_say().await }
        }));
        let router = shuqiao_http::path_guarded(shuqiao_plane::routes(self.plane.clone()));
        print_line(&format!("listening on {base_url}"))?;
        let stopped = serve::serve_until_told(listener, router).await;
        tasks.shutdown().await;
        self.plane.trace_settled().await;
        stopped
    }
}

impl Link {
    async fn ask_or_say(&self) {
        if let Err(error) = self.ask().await {
            tracing::error!(
                error = format!("{error:#}"),
                "the node did not confirm the book; after five seconds every call is denied"
            );
        }
    }

    async fn ask(&self) -> Result<()> {
        let question = self.follower.question(edge::now());
        let mut request = self.http.get(format!("{}{}", self.upstream, question.path));
        for (name, value) in &question.headers {
            request = request.header(*name, value);
        }
        let within = if question.is_for_snapshot() { SNAPSHOT_WITHIN } else { ANSWER_WITHIN };
        let answer = bytes(request.timeout(within).send().await?).await?;
        let follower = self.follower.clone();
        let taken = move || follower.answered(&question, &answer, edge::now());
        tokio::task::spawn_blocking(taken).await.context("the answer was not taken")??;
        Ok(())
    }

    async fn report_or_say(&self) {
        if let Err(error) = self.report().await {
            tracing::warn!(error = format!("{error:#}"), "use was not reported; the next turn tries again");
        }
    }

    async fn report(&self) -> Result<()> {
        let Some(report) = self.follower.report() else { return Ok(()) };
        let (name, value) = self.follower.name_header();
        let request = self.http.post(format!("{}{REPORT_PATH}", self.upstream)).header(name, value).body(report);
        let answer = bytes(request.timeout(ANSWER_WITHIN).send().await?).await?;
        let answer: ReportAnswer = serde_json::from_slice(&answer).context("the node's answer is not one")?;
        self.follower.reported(answer);
        Ok(())
    }
}

/// The body of an answer that says yes, up to a limit.
async fn bytes(mut answer: reqwest::Response) -> Result<Vec<u8>> {
    let (status, mut bytes) = (answer.status(), Vec::new());
    while let Some(chunk) = answer.chunk().await? {
        ensure!(
            bytes.len() + chunk.len() <= ANSWER_BYTES_MAX,
            "the node's answer is longer than {ANSWER_BYTES_MAX} bytes"
        );
        bytes.extend_from_slice(&chunk);
    }
    if status.is_success() {
        return Ok(bytes);
    }
    let told = serde_json::from_slice::<serde_json::Value>(&bytes).unwrap_or_default();
    anyhow::bail!("the node answered {status} {}", told["code"].as_str().unwrap_or_default())
}

/// The enrolment file. It holds a secret, so nobody else may read it.
fn enrolment(file: &Path) -> Result<Enrolment> {
    let metadata = fs::metadata(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mode = metadata.permissions().mode() & 0o777;
    ensure!(
        mode & 0o077 == 0,
        "{} is open to other accounts (mode {mode:03o}): take their rights away with chmod 600",
        file.display()
    );
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    text.parse().with_context(|| format!("{} cannot be used", file.display()))
}
