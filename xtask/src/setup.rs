//! What a fresh machine lacks: Debian packages, Node packages, the console's build, the tests' Python environment.
//!
//! Each thing is looked for first, so that a second run costs nothing.

use crate::{
    step::{read, run, step},
    workspace::{Workspace, files},
};
use anyhow::{Context as _, Result, bail};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A Debian package and the sign by which we see that it, or something as good, is there.
struct Debian {
    package: &'static str,
    why: &'static str,
    there: fn() -> bool,
}

/// Needed to build the console and to run the demo.
const FOR_DEMO: &[Debian] = &[
    Debian { package: "nodejs", why: "builds the console", there: || on_path("node") },
    Debian { package: "npm", why: "brings the console's packages", there: || on_path("npm") },
    Debian { package: "fonts-wqy-zenhei", why: "prints papers", there: has_font_for_papers },
];

/// Needed besides by the tests: servers, a browser and checkers that we did not write.
const FOR_TESTS: &[Debian] = &[
    Debian { package: "postgresql", why: "the database leg of the tests", there: has_postgresql },
    Debian { package: "mariadb-server", why: "the MySQL sources of the tests", there: || on_path("mariadbd") },
    Debian { package: "unixodbc-dev", why: "sources behind ODBC drivers", there: has_odbc },
    Debian { package: "libsqliteodbc", why: "a driver for these", there: || has_library("odbc/libsqlite3odbc.so") },
    Debian { package: "odbc-postgresql", why: "a driver for these", there: || has_library("odbc/psqlodbcw.so") },
    Debian { package: "chromium", why: "the browser test", there: || on_path("chromium") },
    Debian { package: "fonts-noto-cjk", why: "Chinese text in the browser's pictures", there: has_chinese_fonts },
    Debian { package: "poppler-utils", why: "reads printed papers back", there: || on_path("pdftotext") },
    Debian { package: "nginx-light", why: "the bare proxy that benches compare with", there: || on_path("nginx") },
    Debian { package: "golang-go", why: "runs the outside checker of the log", there: || on_path("go") },
    Debian {
        package: "golang-golang-x-mod-dev",
        why: "the outside checker of the log: sumdb/note and sumdb/tlog",
        there: || Path::new("/usr/share/gocode/src/golang.org/x/mod/sumdb").is_dir(),
    },
    Debian { package: "python3", why: "the tests' Python environment", there: || on_path("python3") },
    Debian { package: "python3-venv", why: "the tests' Python environment", there: has_venv },
    Debian {
        package: "default-jdk-headless",
        why: "runs a client of the national call signature, for the tests",
        there: || on_path("java"),
    },
    Debian { package: "openssl", why: "a second opinion on signatures, for the tests", there: || on_path("openssl") },
];

/// Node's oldest version that the console's tools run on: `engines` in `console/package.json`.
const NODE_MIN: (u32, u32) = (20, 19);

pub(crate) fn debian_for_demo() -> Result<()> {
    debian(FOR_DEMO)?;
    node_is_new_enough()
}

pub(crate) fn debian_for_tests() -> Result<()> {
    // One list, so that apt is called once.
    debian(FOR_DEMO.iter().chain(FOR_TESTS))?;
    node_is_new_enough()
}

/// Installs what is missing. As another user than root it says exactly what to type, and fails.
fn debian(wanted: impl IntoIterator<Item = &'static Debian>) -> Result<()> {
    let missing: Vec<&Debian> = wanted.into_iter().filter(|debian| !(debian.there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for debian in &missing {
        println!("    missing: {} ({})", debian.package, debian.why);
    }
    let packages: Vec<&str> = missing.iter().map(|debian| debian.package).collect();
    if !on_path("apt-get") {
        bail!("this machine has no apt-get; install by its own means what is missing: {}", packages.join(" "));
    }
    let root = String::from_utf8_lossy(&read(Command::new("id").arg("-u"))?).trim() == "0";
    if !root {
        let packages = packages.join(" ");
        bail!(
            "Debian packages are missing; type:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends {packages}"
        );
    }
    // RUNLEVEL=1 keeps the packages from starting services: the tests start private instances of their own.
    run(Command::new("apt-get").args(["update", "-q"]))?;
    run(Command::new("apt-get")
        .args(["install", "-q", "-y", "--no-install-recommends"])
        .args(&packages)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("RUNLEVEL", "1"))?;
    let still: Vec<&str> = missing.iter().filter(|debian| !(debian.there)()).map(|debian| debian.package).collect();
    if !still.is_empty() {
        bail!("installed, but still not found: {}", still.join(" "));
    }
    Ok(())
}

fn node_is_new_enough() -> Result<()> {
    let version = String::from_utf8_lossy(&read(Command::new("node").arg("--version"))?).trim().to_owned();
    if node_version(&version).is_some_and(|version| version >= NODE_MIN) {
        return Ok(());
    }
    bail!("Node {version} is too old: the console needs Node {}.{} or newer", NODE_MIN.0, NODE_MIN.1)
}

/// `v20.20.2` is 20 and 20.
fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// Brings the console's packages when they are missing or the lock file changed.
pub(crate) fn node_packages(workspace: &Workspace) -> Result<()> {
    let console = workspace.path("console");
    // The stamp is the lock file itself as it was when the packages were brought: nothing to compute, nothing to forget.
    let stamp = console.join("node_modules/.shuqiao-lock.json");
    let lock = std::fs::read(console.join("package-lock.json")).context("console/package-lock.json")?;
    if std::fs::read(&stamp).is_ok_and(|stamped| stamped == lock) {
        return Ok(());
    }
    step("npm ci: brings the console's packages, as the lock file names them", || {
        run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&console))?;
        std::fs::write(&stamp, &lock).context("the stamp of npm ci")
    })
}

/// Builds the console when its sources changed since the last build.
pub(crate) fn console_build(workspace: &Workspace) -> Result<()> {
    let console = workspace.path("console");
    let stamp = console.join("node_modules/.shuqiao-console-built");
    let sources = console_digest(&console)?;
    let built = console.join("dist/index.html").is_file();
    if built && std::fs::read_to_string(&stamp).is_ok_and(|stamped| stamped == sources) {
        return Ok(());
    }
    step("npm run build: makes the console's pages, which the program serves", || {
        run(Command::new("npm").args(["run", "build"]).current_dir(&console))?;
        std::fs::write(&stamp, &sources).context("the stamp of the console's build")
    })
}

/// A digest of everything that the console's build reads.
fn console_digest(console: &Path) -> Result<String> {
    let mut digest = Fnv::new();
    for name in files(console)?.iter().filter(|name| !name.starts_with("e2e/") && !name.contains(".test.")) {
        digest.write(name.as_bytes());
        digest.write(&std::fs::read(console.join(name)).with_context(|| name.clone())?);
    }
    Ok(format!("{:016x}", digest.0))
}

/// FNV-1a: enough to see that something changed.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().copied().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

/// The tests' Python environment with the pinned packages of outside checkers; hands back its folder.
pub(crate) fn python_environment(workspace: &Workspace) -> Result<PathBuf> {
    let wanted = workspace.path("crates/crypto/tests/outside/python/requirements.txt");
    let requirements = std::fs::read(&wanted).with_context(|| wanted.display().to_string())?;
    let environment = workspace.target.join("test-venv");
    let stamp = environment.join("shuqiao-requirements.txt");
    if std::fs::read(&stamp).is_ok_and(|stamped| stamped == requirements) {
        return Ok(environment);
    }
    step("python3 -m venv: brings checkers of the log that we did not write, for the tests only", || {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        run(Command::new(environment.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(&wanted))?;
        std::fs::write(&stamp, &requirements).context("the stamp of the Python environment")
    })?;
    Ok(environment)
}

/// Whether a program can be found. `/usr/sbin` is looked at too: it is not on every user's path.
fn on_path(program: &str) -> bool {
    #[expect(clippy::disallowed_methods, reason = "looking for programs is what the path is for")]
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]).any(|folder| folder.join(program).is_file())
}

fn has_postgresql() -> bool {
    let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") else { return false };
    versions.flatten().any(|version| version.path().join("bin/initdb").is_file())
}

fn has_odbc() -> bool {
    has_library("libodbc.so")
}

/// Debian keeps the libraries of each architecture in a folder of their own.
fn has_library(path: &str) -> bool {
    let Ok(folders) = std::fs::read_dir("/usr/lib") else { return false };
    folders.flatten().any(|folder| folder.path().join(path).is_file())
}

fn has_chinese_fonts() -> bool {
    let Ok(fonts) = std::fs::read_dir("/usr/share/fonts/opentype/noto") else { return false };
    fonts.flatten().any(|font| font.file_name().to_string_lossy().starts_with("NotoSansCJK"))
}

/// One of the fonts that papers are printed with: the places of `shuqiao_papers::FONT_PLACES`.
fn has_font_for_papers() -> bool {
    let places = [
        "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    ];
    places.iter().any(|place| Path::new(place).is_file())
}

/// Debian ships `venv` without what it needs to make an environment, in a package of its own.
fn has_venv() -> bool {
    let asked = Command::new("python3").args(["-c", "import ensurepip, venv"]).output();
    asked.is_ok_and(|output| output.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node_are_compared_as_numbers() {
        assert_eq!(node_version("v20.20.2"), Some((20, 20)));
        assert_eq!(node_version("20"), None);
        assert!(node_version("v18.19.0") < Some(NODE_MIN) && node_version("v22.0.0") > Some(NODE_MIN));
        assert!(node_version("v20.9.0") < Some(NODE_MIN));
    }

    #[test]
    fn a_digest_sees_a_change_and_a_border() {
        let digest = |parts: &[&str]| {
            let mut digest = Fnv::new();
            parts.iter().for_each(|part| digest.write(part.as_bytes()));
            digest.0
        };
        assert_eq!(digest(&["a", "b"]), digest(&["a", "b"]));
        assert_ne!(digest(&["a", "b"]), digest(&["ab", ""]));
    }
}
