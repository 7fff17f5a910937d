//! What the private database servers share: who runs them, where they listen, how their programs are called.

use anyhow::{Context as _, Result, bail};
use std::{
    net::TcpListener,
    os::unix::fs::{MetadataExt as _, chown},
    path::Path,
    process::{Command, Stdio},
};

/// Who runs the server in root's place.
#[derive(Debug)]
pub(crate) struct Owner {
    uid: u32,
    gid: u32,
}

/// A database server refuses to run as root; then it runs as the first of these users that the machine has.
pub(crate) fn server_user(names: [&str; 2]) -> Result<Option<Owner>> {
    let ourselves = std::fs::metadata("/proc/self").context("/proc/self")?.uid();
    if ourselves != 0 {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").context("/etc/passwd")?;
    for name in names {
        for fields in users.lines().map(|line| line.split(':').collect::<Vec<_>>()) {
            if let [user, _, uid, gid, ..] = fields.as_slice()
                && *user == name
            {
                return Ok(Some(Owner { uid: uid.parse()?, gid: gid.parse()? }));
            }
        }
    }
    bail!("there is no user to run the server as: {}", names.join(", "))
}

/// The program, run as that user.
pub(crate) fn as_owner(owner: &Option<Owner>, program: &Path) -> Command {
    let mut command = match owner {
        None => Command::new(program),
        Some(owner) => {
            let mut command = Command::new("setpriv");
            command
                .arg(format!("--reuid={}", owner.uid))
                .arg(format!("--regid={}", owner.gid))
                .args(["--clear-groups", "--"])
                .arg(program);
            command
        }
    };
    // Our own folder may be closed to the server's user.
    command.current_dir("/");
    command
}

/// Gives the folder to that user.
pub(crate) fn owner_of(owner: &Option<Owner>, folder: &Path) -> Result<()> {
    match owner {
        Some(owner) => chown(folder, Some(owner.uid), Some(owner.gid)).context("the folder's owner"),
        None => Ok(()),
    }
}

/// A port that nobody listens on at this moment.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("a free port")?;
    Ok(listener.local_addr().context("a free port")?.port())
}

/// Runs a command silently; when it fails, its own words and the server's log are the error.
pub(crate) fn quiet(command: &mut Command, log: Option<&Path>) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("could not start {program}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let logged = log.and_then(|log| std::fs::read_to_string(log).ok()).unwrap_or_default();
    bail!("{program}: {}: {} {}", output.status, said.trim(), logged.trim())
}
