//! Files that an organisation places on the node, to be connected as sources. Each organisation has a folder of its own.

use crate::{App, AppError, Ctx, attempt::facts, view::IntakeFile};
use shuqiao_domain::{Refusal, RefusalCode};
use shuqiao_policy::{Action, Permit, Resource};
use shuqiao_vocabulary::Moment;
use std::path::{Path, PathBuf};
use tokio::{
    fs::{self, File},
    io::AsyncWriteExt,
};

/// Files listed at most.
const FILES_MAX: usize = 1_000;

/// What the name of a file on its way in begins and ends with; no placed file begins so.
const PARTIAL: (&str, &str) = (".", ".partial");

/// A file name that can neither leave the folder nor surprise a person: letters, digits, `.`, `-`, `_`, spaces and
/// round brackets, not starting with a dot, ending in `.csv`, `.db` or `.sqlite`.
pub(crate) fn checked_file_name(name: &str) -> Result<&str, Refusal> {
    let length = name.chars().count();
    let good_characters = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')'));
    let lower = name.to_lowercase();
    let good_end = [".csv", ".db", ".sqlite"].iter().any(|end| lower.ends_with(end) && lower.len() > end.len());
    if (1..=120).contains(&length) && good_characters && good_end && !name.starts_with('.') {
        return Ok(name);
    }
    Err(Refusal::new(RefusalCode::NameRefused, None).with("field", "file").with("max", 120))
}

/// A file on its way in. Dropped before [`App::intake_finish`], it leaves nothing behind.
pub struct IntakeUpload {
    permit: Permit,
    name: String,
    target: PathBuf,
    partial: PathBuf,
    file: File,
    written: u64,
    max: u64,
    finished: bool,
}

impl IntakeUpload {
    /// Writes the next bytes; refused beyond the limit.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        self.written = self.written.saturating_add(bytes.len() as u64);
        if self.written > self.max {
            return Err(AppError::FileTooLarge { max: self.max });
        }
        self.file.write_all(bytes).await.map_err(write_failed)
    }
}

impl Drop for IntakeUpload {
    fn drop(&mut self) {
        if !self.finished {
            // Nothing more can be done about a file that cannot be removed than to leave it under its partial name.
            let _removed = std::fs::remove_file(&self.partial);
        }
    }
}

fn write_failed(error: std::io::Error) -> AppError {
    tracing::error!(error = %error, "a file cannot be placed");
    AppError::Unavailable
}

impl App {
    fn intake_folder(&self, ctx: &Ctx) -> PathBuf {
        self.intake.join(ctx.principal.organisation.to_string())
    }

    /// Removes files that were on their way in when the program was killed; answers how many. For the program's start,
    /// before anybody can place a file.
    pub async fn intake_sweep(&self) -> Result<u64, AppError> {
        swept(&self.intake).await.map_err(|error| AppError::Fault(error.to_string()))
    }

    /// The files placed for the reader's organisation.
    pub async fn intake_list(&self, ctx: &Ctx) -> Result<Vec<IntakeFile>, AppError> {
        self.attempt(ctx, Action::SourceRead, "node", async {
            let provider = ctx.principal.organisation;
            self.permit(ctx, Action::SourceRead, &Resource::Source { provider })?;
            listed(&self.intake_folder(ctx)).await
        })
        .await
    }

    /// Begins to place a file.
    pub async fn intake_begin(&self, ctx: &Ctx, name: &str) -> Result<IntakeUpload, AppError> {
        self.attempt(ctx, Action::IntakeUpload, "node", async {
            let provider = ctx.principal.organisation;
            let permit = self.permit(ctx, Action::IntakeUpload, &Resource::Source { provider })?;
            let name = checked_file_name(name)?.to_owned();
            let folder = self.intake_folder(ctx);
            fs::create_dir_all(&folder).await.map_err(write_failed)?;
            let partial = folder.join(format!("{}{}{}", PARTIAL.0, ctx.edge.request_id, PARTIAL.1));
            let file = File::create(&partial).await.map_err(write_failed)?;
            let target = folder.join(&name);
            let max = self.intake_bytes_max;
            Ok(IntakeUpload { permit, name, target, partial, file, written: 0, max, finished: false })
        })
        .await
    }

    /// Ends placing a file: it is durable, then recorded, then there under its name.
    pub async fn intake_finish(&self, ctx: &Ctx, mut upload: IntakeUpload) -> Result<IntakeFile, AppError> {
        upload.file.flush().await.map_err(write_failed)?;
        upload.file.sync_all().await.map_err(write_failed)?;
        let mut record = self.done(ctx, &upload.permit, "IntakeFilePlaced", ctx.principal.organisation);
        record.facts = facts([("file", &upload.name), ("bytes", &upload.written)]);
        self.store.begin_write().await?.commit(record).await?;
        fs::rename(&upload.partial, &upload.target).await.map_err(write_failed)?;
        upload.finished = true;
        Ok(IntakeFile { name: upload.name.clone(), bytes: upload.written, modified: ctx.now() })
    }
}

/// Removes unfinished files from the folders in this one; follows no links.
async fn swept(intake: &Path) -> std::io::Result<u64> {
    let mut removed = 0;
    let mut folders = fs::read_dir(intake).await?;
    while let Some(folder) = folders.next_entry().await? {
        if !folder.file_type().await?.is_dir() {
            continue;
        }
        let mut files = fs::read_dir(folder.path()).await?;
        while let Some(file) = files.next_entry().await? {
            let name = file.file_name();
            let name = name.as_encoded_bytes();
            let partial = name.starts_with(PARTIAL.0.as_bytes()) && name.ends_with(PARTIAL.1.as_bytes());
            if partial && file.file_type().await?.is_file() {
                fs::remove_file(file.path()).await?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

async fn listed(folder: &Path) -> Result<Vec<IntakeFile>, AppError> {
    let mut files = Vec::new();
    let mut entries = match fs::read_dir(folder).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(files),
        Err(error) => return Err(AppError::Fault(error.to_string())),
    };
    let fault = |error: std::io::Error| AppError::Fault(error.to_string());
    while let Some(entry) = entries.next_entry().await.map_err(fault)? {
        let name = entry.file_name().to_string_lossy().into_owned();
        let metadata = entry.metadata().await.map_err(fault)?;
        if metadata.is_file() && checked_file_name(&name).is_ok() && files.len() < FILES_MAX {
            let since_1970 = metadata.modified().ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
            let microseconds = since_1970.map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX));
            files.push(IntakeFile { name, bytes: metadata.len(), modified: Moment::from_microseconds(microseconds) });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::{checked_file_name, swept};
    use std::fs;

    #[tokio::test]
    async fn only_unfinished_files_are_swept() {
        let intake = tempfile::tempdir().unwrap();
        let folder = intake.path().join("org");
        fs::create_dir_all(folder.join(".folder.partial")).unwrap();
        let kept = ["people.db", "a.partial", ".partial.csv", ".hidden", ".folder.partial/.x.partial"];
        let unfinished = [".0f3a.partial", ".b.partial"];
        for name in kept.iter().chain(&unfinished) {
            fs::write(folder.join(name), "1").unwrap();
        }
        fs::write(intake.path().join(".beside.partial"), "1").unwrap();
        assert_eq!(swept(intake.path()).await.unwrap(), 2);
        assert!(kept.iter().all(|name| folder.join(name).exists()), "nothing else goes");
        assert!(intake.path().join(".beside.partial").exists(), "it is in no organisation's folder");
        assert!(unfinished.iter().all(|name| !folder.join(name).exists()));
        assert_eq!(swept(intake.path()).await.unwrap(), 0);
    }

    #[test]
    fn file_names_stay_in_their_folder() {
        for good in ["people.db", "企业 2019(1).csv", "a.CSV", "x-y_z.sqlite"] {
            assert!(checked_file_name(good).is_ok(), "{good}");
        }
        let bad =
            ["", ".csv", "../a.csv", "a/b.csv", "a\\b.csv", "a.csv\0", ".hidden.csv", "a.exe", "a%2e.csv", "a\n.csv"];
        for name in bad {
            assert!(checked_file_name(name).is_err(), "{name:?}");
        }
    }
}
