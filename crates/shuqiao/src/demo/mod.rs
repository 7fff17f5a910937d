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
    cli::{DemoArguments, print_line},
    edge,
    serve::{self, Links, Node},
};
use anyhow::{Context, Result};
use std::{collections::BTreeMap, fs, path::Path};
use story::Cast;

/// The demo's seed file.
const SEED_FILE: &str = include_str!("seed.toml");
/// Food licences in the CSV file.
const LICENCES: u32 = 5_000;

/// Fills a node at its first run, then serves it.
pub(crate) async fn run(told: DemoArguments) -> Result<()> {
    serve::logging();
    let listener = serve::listen(told.listen).await?;
    let base_url = serve::base_url(None, &listener)?;
    let node = Node::open(&told.data, told.database.as_deref(), &base_url, SEED_FILE, Vec::new()).await?;
    let links = node.first_run(&base_url).await?;
    if links.is_empty() {
        print_line("==> the demo is there already; passwords still work, and here are new one-time links")?;
        for person in &node.seed.people {
            let token = node.app.first_login_renew(&edge::edge(), &person.login).await?;
            print_line(&format!("first-login {} {base_url}/welcome#{token}", person.login))?;
        }
    } else {
        begin(&node, &told, links, &base_url).await?;
    }
    node.serve(listener, &base_url).await
}

/// The first run: registers, and unless an empty catalogue is wanted, the story.
async fn begin(node: &Node, told: &DemoArguments, links: Links, base_url: &str) -> Result<()> {
    let cast = Cast::gather(node.app.clone(), &links).await?;
    let police = node.data.intake().join(cast.organisation("police.officer")?);
    let market = node.data.intake().join(cast.organisation("market.officer")?);
    for folder in [&police, &market] {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    registers(&police, &market, told).await?;
    let mut secrets = BTreeMap::new();
    if !told.empty {
        print_line("==> playing the main job once, by the seeded people")?;
        let story = cast.play().await?;
        print_line(&format!("system {} {}", story.system, story.secret))?;
        secrets.insert("system", story.system.to_string());
        secrets.insert("secret", story.secret);
    }
    let links = cast.links(base_url).await?;
    for (login, link) in &links {
        print_line(&format!("first-login {login} {link}"))?;
    }
    if let Some(path) = &told.links {
        let links: BTreeMap<&str, &str> = links.iter().map(|(login, link)| (login.as_str(), link.as_str())).collect();
        let text = serde_json::json!({"base": base_url, "links": links, "secrets": secrets}).to_string();
        fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
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
