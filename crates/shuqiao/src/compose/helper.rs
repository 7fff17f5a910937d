//! The helper program: where it is, and how a piece of work for it is started.
//!
//! It gets no environment but what it is told here, and is killed when nobody waits for it any more.

use std::{
    ffi::OsStr,
    io,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Where the helper program is.
#[derive(Clone, Debug)]
pub(crate) struct Helper(PathBuf);

/// One running helper.
pub(crate) struct Running {
    child: Child,
    /// Where its work goes in; `None` once that is all said.
    pub(crate) into: Option<ChildStdin>,
    /// Where its answer comes out.
    pub(crate) out: ChildStdout,
}

impl Helper {
    /// The named program, else the one beside this program. That it is there is found out when it is needed: a node
    /// without it does everything else.
    pub(crate) fn named_or_beside(named: Option<PathBuf>) -> io::Result<Self> {
        match named {
            Some(named) => Ok(Self(named)),
            None => Ok(Self(std::env::current_exe()?.with_file_name("shuqiao-worker"))),
        }
    }

    /// Where it is, for log lines.
    pub(crate) fn place(&self) -> &Path {
        &self.0
    }

    /// Starts it with these arguments and settings of its runtime.
    pub(crate) fn start<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        environment: &[(&str, &str)],
    ) -> io::Result<Running> {
        let mut command = Command::new(&self.0);
        command.args(arguments).env_clear().envs(environment.iter().copied()).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (into @ Some(_), Some(out)) => Ok(Running { child, into, out }),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

impl Running {
    /// How it ended.
    pub(crate) async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Whether it still runs, as far as can be told without waiting.
    pub(crate) fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}
