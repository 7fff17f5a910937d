//! The desk on which a file that has turned up lies while its rows are looked for among what was delivered.

use super::{desk, ledger::caller};
use crate::data_dir::DataDir;
use anyhow::{Context, Result};
use shuqiao_app::{
    port::LeakFailure,
    view::{LeakDelivery, LeakForm, LeakFound, LeakGrant},
};
use shuqiao_plane::{
    source::{BadFile, SourceError},
    trace::{TraceError, TraceReport, TracedDelivery, TracedGrant, Tracer},
};
use std::{
    fs::{self, DirBuilder},
    io::{self, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::PathBuf,
    sync::Arc,
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Searches at one time: each reads all of the index and takes a core.
const AT_ONCE_MAX: usize = 1;

/// The desk of this program.
pub(crate) struct LeakDesk {
    tracer: Arc<Tracer>,
    folder: PathBuf,
    turns: Arc<Semaphore>,
}

impl LeakDesk {
    /// An empty desk: what lay on it when the program was killed is removed.
    pub(crate) fn open(data: &DataDir, mask_master: &[u8; 32]) -> Result<Self> {
        let folder = data.leaks();
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{} cannot be emptied", folder.display()));
            }
            _ => {}
        }
        let made = DirBuilder::new().mode(0o700).create(&folder);
        made.with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        let tracer = Arc::new(Tracer::under(data.path(), mask_master));
        Ok(Self { tracer, folder, turns: Arc::new(Semaphore::new(AT_ONCE_MAX)) })
    }

    /// Looks for the rows of a file, one file after the other; it is removed when that is done.
    pub(crate) async fn trace(&self, form: LeakForm, bytes: Vec<u8>) -> Result<LeakFound, LeakFailure> {
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| LeakFailure::Unavailable)?;
        let (tracer, folder) = (self.tracer.clone(), self.folder.clone());
        let search = move || {
            // With the work, so that who does not wait for the end begins no second search beside it.
            let _turn = turn;
            let mut file = tempfile::Builder::new().suffix(&format!(".{form}")).tempfile_in(folder)?;
            file.write_all(&bytes)?;
            drop(bytes);
            tracer.search(file.path())
        };
        // A library that panics on a hostile file ends the search, not the node: the file is damaged.
        let damaged = || failure(TraceError::File(SourceError::BadFile(BadFile::Damaged)));
        spawn_blocking(search).await.map_err(|_| damaged())?.map(found).map_err(failure)
    }
}

fn failure(error: TraceError) -> LeakFailure {
    match error {
        TraceError::File(error) => LeakFailure::File(desk::failure(error)),
        TraceError::Empty => LeakFailure::File(desk::failure(SourceError::BadFile(BadFile::Empty))),
        TraceError::Io(error) => {
            tracing::error!(%error, "a file that has turned up cannot be traced");
            LeakFailure::Unavailable
        }
    }
}

fn found(report: TraceReport) -> LeakFound {
    LeakFound {
        rows_in_file: report.rows_in_file,
        rows_compared: report.rows_compared,
        searched: report.searched,
        searched_rows: report.searched_rows,
        without: report.without,
        without_first: report.without_first,
        broken_files: report.broken_files,
        deliveries: report.deliveries.into_iter().map(delivery).collect(),
        grants: report
            .grants
            .into_iter()
            .map(|TracedGrant { grant, found, deliveries, weight: _ }| LeakGrant { grant, found, deliveries })
            .collect(),
    }
}

fn delivery(traced: TracedDelivery) -> LeakDelivery {
    LeakDelivery {
        record: traced.record.index,
        at: traced.record.at,
        grant: traced.record.grant,
        caller: traced.record.caller.map(caller).unwrap_or_default(),
        organisation: traced.record.organisation,
        method: traced.record.method,
        found: traced.found,
        only_here: traced.only_here,
        delivered: traced.delivered,
        by_chance_log10: traced.by_chance_log10,
        apart_log10: traced.apart_log10,
    }
}
