//! What the demo ships: the real administrative divisions, and registers of people and enterprises that do not exist.
//!
//! Everything here is a function of its arguments and a seed: no clock and no chance of the machine, so that every demo
//! on every machine holds the same rows. Every record says of itself that it is synthetic.

pub(crate) mod chance;
pub(crate) mod enterprises;
mod entries;
pub(crate) mod licences;
pub(crate) mod names;
pub(crate) mod people;
pub(crate) mod register;
mod story;

use crate::{
    cli::{CallerArguments, DemoArguments, Reach, print_line},
    edge,
    serve::{self, Links, Node},
};
use anyhow::{Context, Result};
use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};
use story::{Cast, Told};

/// The demo's seed file.
const SEED_FILE: &str = include_str!("seed.toml");
/// Food licences in the CSV file.
const LICENCES: u32 = 5_000;

/// Fills a node at its first run, then serves it.
pub(crate) async fn run(told: DemoArguments) -> Result<()> {
    serve::logging();
    if let Some(file) = &told.clock_file {
        edge::move_clock(file)?;
    }
    let listener = serve::listen(told.listen).await?;
    let base_url = serve::base_url(None, &listener)?;
    let node = Node::open(
        &told.data,
        told.database.as_deref(),
        &base_url,
        SEED_FILE,
        Reach::default(),
        told.press.clone().into(),
        callers(),
    )
    .await?;
    let seeded = node.first_run(&base_url).await?;
    let first = !seeded.is_empty();
    let system = if first { begin(&node, &told, &seeded).await? } else { None };
    if !first {
        print_line("==> the demo is there already; passwords still work, and here are new one-time links")?;
    }
    if let Some(Told { system, secret }) = &system {
        print_line(&format!("system {system} {secret}"))?;
    }
    let links = renewed(&node, &base_url).await?;
    for (login, link) in &links {
        print_line(&format!("first-login {login} {link} {}", node.seed.described(login)))?;
    }
    if let Some(path) = &told.links {
        write_links(path, &base_url, &links, system.as_ref())?;
    }
    node.serve(listener, &base_url).await
}

/// New one-time links for everybody: nobody knows the passwords that the story was played with.
async fn renewed(node: &Node, base_url: &str) -> Result<Links> {
    let mut links = Links::new();
    for person in &node.seed.people {
        let token = node.app.first_login_renew(&edge::edge(), &person.login).await?;
        links.push((person.login.clone(), format!("{base_url}/welcome#{token}")));
    }
    Ok(links)
}

/// The links as JSON, for programs. They let people in, so nobody else may read the file.
fn write_links(path: &Path, base_url: &str, links: &Links, system: Option<&Told>) -> Result<()> {
    let links: BTreeMap<&str, &str> = links.iter().map(|(login, link)| (login.as_str(), link.as_str())).collect();
    let secrets: BTreeMap<&str, String> = system
        .map(|told| BTreeMap::from([("system", told.system.to_string()), ("secret", told.secret.clone())]))
        .unwrap_or_default();
    let text = serde_json::json!({"base": base_url, "links": links, "secrets": secrets}).to_string();
    let opened = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    opened
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// The first run: registers, and unless an empty catalogue is wanted, the story.
async fn begin(node: &Node, told: &DemoArguments, links: &Links) -> Result<Option<Told>> {
    let cast = Cast::gather(node.app.clone(), links).await?;
    let police = node.data.intake().join(cast.organisation("police.officer")?);
    let market = node.data.intake().join(cast.organisation("market.officer")?);
    for folder in [&police, &market] {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    registers(&police, &market, told).await?;
    if told.empty {
        return Ok(None);
    }
    print_line("==> playing the main job once, by the seeded people")?;
    cast.play().await.map(Some)
}

/// The demo shows calls with a secret, as most departments begin.
fn callers() -> CallerArguments {
    CallerArguments { unsigned_calls: true, ..CallerArguments::default() }
}

async fn registers(police: &Path, market: &Path, told: &DemoArguments) -> Result<()> {
    let mut progress = |line: &str| {
        // Progress is for people; a closed standard output must not stop the demo.
        let _printed = print_line(&format!("    {line}"));
    };
    print_line(&format!("==> generating {} synthetic persons and {} enterprises", told.persons, told.enterprises))?;
    let seed = register::SEED;
    register::generate(&police.join("persons.db"), told.persons, 0, seed, &mut progress).await?;
    register::generate(&market.join("enterprises.db"), 0, told.enterprises, seed, &mut progress).await?;
    let licences = LICENCES.min(told.enterprises / 3);
    licences::write_csv(&market.join("食品经营许可.csv"), licences, seed)
}
