//! The ports of a node that has nothing outside: sources are not there, nothing is sent or printed, no call was made.
//! Taken in by path by tests of this room and of the interface, which put in the place of one what they are about.

use async_trait::async_trait;
use shuqiao_app::{
    port::{
        BatchBadRow, BatchFailure, BatchRunLine, BatchRunner, BatchTasks, BookChange, BookContents, Described,
        GatewayHeard, GrantBook, NewLocation, NewTarget, Notifier, OutsideNotice, PaperOrder, PaperPress, PressFailure,
        SealedTarget, SheetCover, SheetDesk, SheetFailure, SheetImport, SheetRow, SourceDesk, SourceFailure,
        UsageLedger,
    },
    view::{UsageLine, UsageSummary},
};
use shuqiao_domain::{
    batch_task::BatchTask,
    gateway::Gateway,
    source::{Source, Structure},
};
use shuqiao_vocabulary::{BatchRunId, BatchTaskId, GatewayId, GrantId, Moment, OrganisationId, PersonId};
use std::collections::BTreeMap;

/// Every port of a node, with nothing behind it.
pub(crate) struct Nothing;

#[async_trait]
impl SourceDesk for Nothing {
    async fn describe(&self, _: OrganisationId, _: &NewLocation, _: &[Source]) -> Result<Described, SourceFailure> {
        Err(SourceFailure { code: "source_unreachable".into(), params: BTreeMap::new() })
    }

    async fn describe_again(&self, _: &Source) -> Result<Structure, SourceFailure> {
        Err(SourceFailure { code: "source_unreachable".into(), params: BTreeMap::new() })
    }
}

#[async_trait]
impl SheetDesk for Nothing {
    fn bytes_max(&self) -> u64 {
        1_000
    }

    fn rows_max(&self) -> usize {
        1
    }

    fn name_key(&self, name: &str) -> String {
        name.to_owned()
    }

    async fn read(&self, _: &str, _: Vec<u8>) -> Result<SheetImport, SheetFailure> {
        Err(SheetFailure { code: "sheet_not_a_workbook".into(), params: BTreeMap::new() })
    }

    async fn remarked(&self, _: Vec<u8>, _: Vec<(String, u32, String)>) -> Result<Vec<u8>, SheetFailure> {
        Ok(Vec::new())
    }

    async fn write(&self, _: SheetCover, _: Vec<SheetRow>) -> Result<Vec<u8>, SheetFailure> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl PaperPress for Nothing {
    async fn print(&self, _: PaperOrder) -> Result<Vec<u8>, PressFailure> {
        Err(PressFailure::WorkerMissing)
    }
}

#[async_trait]
impl GrantBook for Nothing {
    async fn publish(&self, _: BookContents, _: Moment) -> Result<(), String> {
        Ok(())
    }

    async fn change(&self, _: BookChange, _: Moment) -> Result<(), String> {
        Ok(())
    }

    async fn confirm(&self, _: u64, _: Moment) {}

    fn enrolment(&self, _: &Gateway) -> String {
        "{}".into()
    }

    fn heard(&self, _: &GatewayId) -> GatewayHeard {
        GatewayHeard::default()
    }
}

#[async_trait]
impl Notifier for Nothing {
    async fn notify(&self, _: &OutsideNotice) -> Result<(), String> {
        Ok(())
    }
}

#[async_trait]
impl UsageLedger for Nothing {
    async fn recent(&self, _: &GrantId, _: usize) -> Vec<UsageLine> {
        Vec::new()
    }

    async fn summary(&self, _: &GrantId) -> UsageSummary {
        UsageSummary::default()
    }

    async fn calls_today(&self, _: Moment) -> u64 {
        0
    }

    async fn heads(&self) -> Vec<(String, u64, [u8; 32])> {
        Vec::new()
    }

    fn verifier_key(&self) -> (String, String) {
        ("test/usage".into(), "test/usage+0+0".into())
    }
}

#[async_trait]
impl BatchRunner for Nothing {
    fn seal(&self, _: OrganisationId, _: &NewTarget) -> Result<SealedTarget, BatchFailure> {
        Ok(SealedTarget { place: "nowhere".into(), sealed: Vec::new() })
    }

    async fn try_task(&self, _: &BatchTask) -> Result<(), BatchFailure> {
        Ok(())
    }

    async fn begin(&self, _: &BatchTask) -> Result<Option<BatchRunId>, BatchFailure> {
        Ok(None)
    }

    async fn runs(&self, _: BatchTaskId, _: usize) -> Vec<BatchRunLine> {
        Vec::new()
    }

    async fn put_aside(&self, _: BatchRunId, _: usize) -> Result<Vec<BatchBadRow>, BatchFailure> {
        Ok(Vec::new())
    }

    async fn countersign(&self, _: BatchRunId, _: u64, _: &str, _: PersonId) -> Result<bool, BatchFailure> {
        Ok(false)
    }

    async fn over(&self) -> Vec<BatchRunLine> {
        Vec::new()
    }

    async fn turn(&self, _: &dyn BatchTasks) {}
}
