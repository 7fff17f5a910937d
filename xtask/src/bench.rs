//! `cargo xtask bench [NAME]`: programs under `bench/<name>/`, each with a `bench.toml` that says what it shows and how
//! it is started:
//!
//! ```toml
//! about = "the governed call against the same handler without governance"
//! run = "cargo run --release --package bench-call"
//! ```
//!
//! Only these two keys are read. The command runs in the project's root.

use crate::{
    step::{run as must, step},
    workspace::Workspace,
};
use anyhow::{Context as _, Result, bail};
use std::process::Command;

/// What a `bench.toml` says.
#[derive(Debug, PartialEq, Eq)]
struct Bench {
    about: String,
    run: Vec<String>,
}

/// Prints every benchmark with a line on what it shows.
pub(crate) fn list() -> Result<()> {
    let workspace = Workspace::find()?;
    for name in names(&workspace)? {
        println!("{name}: {}", load(&workspace, &name)?.about);
    }
    Ok(())
}

/// Runs one benchmark.
pub(crate) fn run(name: &str) -> Result<()> {
    let workspace = Workspace::find()?;
    let known = names(&workspace)?;
    if !known.iter().any(|known| known == name) {
        bail!("no benchmark `{name}`; there are: {}", known.join(", "));
    }
    let bench = load(&workspace, name)?;
    let (program, arguments) = bench.run.split_first().context("`run` is empty")?;
    step(&format!("bench {name}: {}", bench.about), || {
        must(Command::new(program).args(arguments).current_dir(&workspace.root))
    })
}

fn names(workspace: &Workspace) -> Result<Vec<String>> {
    let mut names = Vec::new();
    if let Ok(folders) = std::fs::read_dir(workspace.path("bench")) {
        for folder in folders {
            let folder = folder?;
            if folder.path().join("bench.toml").is_file() {
                names.extend(folder.file_name().to_str().map(str::to_owned));
            }
        }
    }
    names.sort();
    Ok(names)
}

fn load(workspace: &Workspace, name: &str) -> Result<Bench> {
    let path = workspace.path("bench").join(name).join("bench.toml");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    parse(&text).with_context(|| path.display().to_string())
}

fn parse(text: &str) -> Result<Bench> {
    let value = |key: &str| {
        text.lines()
            .filter_map(|line| line.split_once('='))
            .find(|(name, _)| name.trim() == key)
            .map(|(_, value)| value.trim().trim_matches('"').to_owned())
            .with_context(|| format!("no `{key} = \"...\"`"))
    };
    Ok(Bench { about: value("about")?, run: value("run")?.split_whitespace().map(str::to_owned).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bench_says_what_it_shows_and_how_it_is_started() {
        let bench = parse("# a comment\nabout = \"calls a second\"\nrun = \"cargo run --release\"\n").unwrap();
        assert_eq!(bench.about, "calls a second");
        assert_eq!(bench.run, ["cargo", "run", "--release"]);
        assert!(parse("about = \"no way to start it\"").is_err());
    }
}
