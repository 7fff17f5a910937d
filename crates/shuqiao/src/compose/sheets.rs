//! The sheet desk: workbooks of entries, read and written away from the threads that answer.

use async_trait::async_trait;
use shuqiao_app::port::{SheetCover, SheetDesk, SheetEntry, SheetFailure, SheetImport, SheetProblem, SheetRow};
use shuqiao_sheets::{Cover, Exported, Fault, Remark, SheetFault, limits, profile};
use shuqiao_vocabulary::SharingAttribute;
use std::collections::BTreeMap;
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Files at one time: each may take some hundred megabytes while it is read.
const AT_ONCE_MAX: usize = 1;

/// The sheet desk of this program.
pub(crate) struct LocalSheets {
    turns: Semaphore,
}

impl LocalSheets {
    /// A desk with nothing on it.
    pub(crate) fn new() -> Self {
        Self { turns: Semaphore::new(AT_ONCE_MAX) }
    }

    /// Runs work on a file apart from everything else. A library that panics on a hostile file ends the work, not the
    /// node: the file is damaged.
    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, SheetFailure> {
        let damaged = || failure(Fault::new(SheetFault::Damaged));
        let _turn = self.turns.acquire().await.map_err(|_| damaged())?;
        spawn_blocking(work).await.map_err(|_| damaged())?.map_err(failure)
    }
}

#[async_trait]
impl SheetDesk for LocalSheets {
    fn bytes_max(&self) -> u64 {
        limits::FILE_BYTES_MAX as u64
    }

    fn rows_max(&self) -> usize {
        limits::EXPORT_ENTRIES_MAX
    }

    fn name_key(&self, name: &str) -> String {
        shuqiao_sheets::normalised(name)
    }

    async fn read(&self, name: &str, bytes: Vec<u8>) -> Result<SheetImport, SheetFailure> {
        let unknown = || failure(Fault::new(SheetFault::ProfileUnknown).with("profile", name.escape_debug()));
        let profile = profile::named(name).ok_or_else(unknown)?;
        let found = self.apart(move || shuqiao_sheets::import(&bytes, profile)).await?;
        Ok(SheetImport {
            entries: found
                .entries
                .into_iter()
                .map(|e| SheetEntry { sheet: e.sheet, row: e.row, content: e.content, refused: e.refused })
                .collect(),
            problems: found
                .problems
                .into_iter()
                .map(|p| SheetProblem {
                    sheet: p.sheet,
                    row: p.row,
                    column: p.column,
                    problem: p.problem,
                    fatal: p.fatal,
                })
                .collect(),
            notes: found.notes.into_iter().map(|note| (note.code.as_str(), note.sheet, note.detail)).collect(),
        })
    }

    async fn remarked(&self, bytes: Vec<u8>, remarks: Vec<(String, u32, String)>) -> Result<Vec<u8>, SheetFailure> {
        let remarks: Vec<Remark> = remarks.into_iter().map(|(sheet, row, text)| Remark { sheet, row, text }).collect();
        self.apart(move || shuqiao_sheets::annotated(&bytes, "问题 Problems", &remarks)).await
    }

    async fn write(&self, cover: SheetCover, rows: Vec<SheetRow>) -> Result<Vec<u8>, SheetFailure> {
        let exported =
            |row: SheetRow| Exported { key: row.id, number: row.number, provider: row.provider, content: row.content };
        let rows: Vec<Exported> = rows.into_iter().map(exported).collect();
        let cover = Cover { title: "政务数据目录".to_owned(), lines: lines(cover, rows.len()) };
        self.apart(move || shuqiao_sheets::export(&cover, &rows)).await
    }
}

/// What the export was selected by, and when.
fn lines(cover: SheetCover, entries: usize) -> Vec<(String, String)> {
    let any = || "不限".to_owned();
    let attribute = cover.attribute.map(|attribute| match attribute {
        SharingAttribute::Unconditional => "无条件共享",
        SharingAttribute::Conditional => "有条件共享",
        SharingAttribute::NotShared => "不予共享",
    });
    let count =
        if cover.more { format!("{entries}（已达上限，另有目录未导出）") } else { entries.to_string() };
    let lines = [
        ("节点", cover.node),
        ("导出日期", cover.day.to_string()),
        ("检索词", if cover.q.is_empty() { any() } else { cover.q }),
        ("共享属性", attribute.map_or_else(any, str::to_owned)),
        ("提供方", cover.provider.unwrap_or_else(any)),
        ("目录数量", count),
        ("导入格式", profile::OWN.name.to_owned()),
    ];
    lines.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn failure(fault: Fault) -> SheetFailure {
    let params: BTreeMap<String, String> =
        fault.params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    SheetFailure { code: fault.code.as_str().to_owned(), params }
}

#[cfg(test)]
mod tests {
    use shuqiao_sheets::{SheetFault, profile};

    #[test]
    fn every_fault_of_a_file_has_its_words() {
        let titled = shuqiao_http::error_codes();
        for fault in SheetFault::ALL {
            assert!(titled.contains(&fault.as_str()), "{fault}");
        }
    }

    #[test]
    fn the_profiles_on_the_wire_are_those_of_the_forms() {
        let known: Vec<&str> = profile::ALL.iter().map(|profile| profile.name).collect();
        assert_eq!(shuqiao_http::import_profiles(), known);
    }
}
