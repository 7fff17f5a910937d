//! Reminders on their way outside: one line each in a file of the node's folder, for whatever carries them on.

use async_trait::async_trait;
use shuqiao_app::port::{Notifier, OutsideNotice};
use std::{
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
};

/// `notices.jsonl` in the node's folder, one JSON object a line: number, kind, due, link. No name, no title, no data.
pub(crate) struct NoticeFile(PathBuf);

impl NoticeFile {
    pub(crate) fn under(folder: &Path) -> Self {
        Self(folder.join("notices.jsonl"))
    }
}

#[async_trait]
impl Notifier for NoticeFile {
    async fn notify(&self, notice: &OutsideNotice) -> Result<(), String> {
        let line = serde_json::json!({
            "number": notice.number, "kind": notice.kind, "due": notice.due.to_string(), "link": notice.link,
        });
        let path = self.0.clone();
        let append = move || {
            let mut file = OpenOptions::new().create(true).append(true).open(path)?;
            file.write_all(format!("{line}\n").as_bytes())
        };
        let written = tokio::task::spawn_blocking(append).await.map_err(|error| error.to_string())?;
        written.map_err(|error| format!("the file of notices cannot be written: {error}"))
    }
}
