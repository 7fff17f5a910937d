//! CSV files.
use super::{SourceError, SourceSettings, describe::FileIdentity};
use std::path::PathBuf;

pub(crate) struct Snapshot {
    pub(crate) path: PathBuf,
    pub(crate) encoding: &'static str,
}

pub(crate) async fn snapshot(_settings: &SourceSettings, _identity: &FileIdentity) -> Result<Snapshot, SourceError> {
    Err(SourceError::Failed)
}
