//! What gateways reported, kept in one file each, so that counts outlive the node's program.

use super::{
    REPORT_SEAL,
    report::{GrantReport, Report, ReportAnswer},
    upstream::Upstream,
};
use crate::{
    problem::{ProblemCode, Refused},
    usage::UsageSummary,
    value,
};
use serde::{Deserialize, Serialize};
use shuqiao_crypto::note::{self, VerifierKey};
use shuqiao_tlog::checkpoint::Checkpoint;
use shuqiao_vocabulary::{
    Date, Moment,
    id::{GatewayId, GrantId},
};
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// What is kept of a gateway's reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// The public key of its usage log: that of its first report, and no other ever.
    pub key: String,
    /// The name of its usage log.
    pub origin: String,
    /// Records in it.
    pub size: u64,
    /// The root over them, in hexadecimal.
    pub root: String,
    day: Option<String>,
    calls_of_day: u64,
    grants: HashMap<String, GrantReport>,
}

/// The reports of all gateways, removed ones too.
pub struct Reports {
    folder: PathBuf,
    kept: Mutex<HashMap<GatewayId, Reported>>,
}

impl Reports {
    /// Reads what was kept in a folder; what cannot be read will be reported anew in full.
    pub(super) fn open(folder: &Path) -> Self {
        let mut kept = HashMap::new();
        for file in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = file.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(".json")).and_then(|id| id.parse().ok());
            let read = fs::read(file.path()).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
            if let (Some(id), Some(read)) = (id, read) {
                kept.insert(id, read);
            }
        }
        Self { folder: folder.to_owned(), kept: Mutex::new(kept) }
    }

    /// What a gateway reported last.
    pub fn of(&self, gateway: &GatewayId) -> Option<Reported> {
        self.kept().get(gateway).cloned()
    }

    /// Counts of a grant over all gateways.
    pub fn summary(&self, grant: &GrantId) -> UsageSummary {
        let id = grant.to_string();
        let mut sum = UsageSummary::default();
        for counted in self.kept().values().filter_map(|reported| reported.grants.get(&id)) {
            sum.calls += counted.calls;
            sum.rows += counted.rows;
            sum.refused += counted.refused;
            sum.last_at = sum.last_at.max(counted.last_at.map(Moment::from_microseconds));
            sum.legacy_calls += counted.legacy_calls;
            sum.legacy_last_at = sum.legacy_last_at.max(counted.legacy_last_at.map(Moment::from_microseconds));
        }
        sum
    }

    /// Calls on that legal day over all gateways.
    pub fn calls_on(&self, day: Date) -> u64 {
        let of_day = |reported: &&Reported| reported.day.as_deref().and_then(value::date) == Some(day);
        self.kept().values().filter(of_day).map(|reported| reported.calls_of_day).sum()
    }

    /// The heads of the gateways' logs that hold records: origin, size, root.
    pub fn heads(&self) -> Vec<(String, u64, [u8; 32])> {
        let head = |reported: &Reported| Some((reported.origin.clone(), reported.size, root(&reported.root)?));
        let mut heads: Vec<_> = self.kept().values().filter(|reported| reported.size > 0).filter_map(head).collect();
        heads.sort();
        heads
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<GatewayId, Reported>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a report: on the disk first, so that what is acknowledged is not lost. A failure is a fault of the node's.
    fn keep(&self, gateway: GatewayId, reported: Reported) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let (new, file) = (self.folder.join(format!("{gateway}.new")), self.folder.join(format!("{gateway}.json")));
        fs::write(&new, serde_json::to_vec(&reported)?)?;
        fs::File::open(&new)?.sync_all()?;
        fs::rename(new, file)?;
        self.kept().insert(gateway, reported);
        Ok(())
    }
}

impl Upstream {
    /// Takes a sealed report. That it opens proves from which gateway it is.
    pub(super) fn take_report(&self, gateway: &str, sealed: &[u8]) -> Result<ReportAnswer, Refused> {
        let (gateway, provider) = self.known(gateway)?;
        let plain = self.secret(&gateway).seal_key().open(REPORT_SEAL, sealed);
        let plain = plain.map_err(|_| Refused::new(ProblemCode::GatewayUnknown))?;
        let refused = |what: &str| Refused::new(ProblemCode::GatewayReportRefused).with("what", what);
        let report: Report = serde_json::from_slice(&plain).map_err(|_| refused("form"))?;
        let origin = self.origin(&gateway);
        let key: VerifierKey = report.key.parse().map_err(|_| refused("key"))?;
        let text = note::verify(&report.checkpoint, std::slice::from_ref(&key)).map_err(|_| refused("checkpoint"))?;
        let head = Checkpoint::parse(&text).map_err(|_| refused("checkpoint"))?;
        if key.name() != origin || head.origin != origin || head.size != report.size {
            return Err(refused("checkpoint"));
        }
        let root = shuqiao_crypto::digest::hex(&head.root);
        // One report after the other, each seen by the next.
        let before = self.reports.of(&gateway);
        if let Some(before) = &before {
            if before.key != report.key {
                return Err(refused("key"));
            }
            if head.size < before.size || (head.size == before.size && root != before.root) {
                return Err(refused("log"));
            }
            if report.after != 0 && report.after != before.size {
                return Ok(ReportAnswer { taken: false, size: before.size });
            }
        } else if report.after != 0 {
            return Ok(ReportAnswer { taken: false, size: 0 });
        }
        let mut grants = before.map(|before| before.grants).unwrap_or_default();
        {
            let book = self.plane.book();
            for counted in report.grants {
                // Of grants of its own provider; of those that have left the book, when they were counted before.
                let ours = counted.grant.parse().ok().and_then(|id| book.grants.get(&id));
                let ours = ours.map(|grant| grant.terms.provider == provider);
                if ours.unwrap_or_else(|| grants.contains_key(&counted.grant)) {
                    grants.insert(counted.grant.clone(), counted);
                }
            }
        }
        let (key, size) = (report.key, head.size);
        let (day, calls_of_day) = (report.day, report.calls_of_day);
        let reported = Reported { key, origin, size, root, day, calls_of_day, grants };
        self.reports.keep(gateway, reported).map_err(|error| {
            tracing::error!(%error, "a gateway's report cannot be kept");
            Refused::new(ProblemCode::RecordUnavailable).again_after(1)
        })?;
        Ok(ReportAnswer { taken: true, size })
    }
}

fn root(hex: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = hex.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn calls_with_the_national_signature_are_summed_over_gateways() {
        let folder = tempfile::tempdir().unwrap();
        let grant: GrantId = "grt_01890000000070008000000000000001".parse().unwrap();
        // As a gateway of before the word reports, and one of after it.
        let old = json!({"grant": grant.to_string(), "calls": 2, "rows": 2, "refused": 0, "last_at": 5});
        let new = json!({"grant": grant.to_string(), "calls": 3, "rows": 3, "refused": 1, "last_at": 9,
            "legacy_calls": 4, "legacy_last_at": 8});
        for (at, told) in [(1, &old), (2, &new)] {
            let reported = json!({"key": "", "origin": "", "size": 4, "root": "", "day": null, "calls_of_day": 0,
                "grants": {grant.to_string(): told}});
            let gateway: GatewayId = format!("gtw_0189000000007000800000000000000{at}").parse().unwrap();
            fs::write(folder.path().join(format!("{gateway}.json")), reported.to_string()).unwrap();
        }
        let sum = Reports::open(folder.path()).summary(&grant);
        assert_eq!((sum.calls, sum.legacy_calls), (5, 4));
        assert_eq!(sum.legacy_last_at, Some(Moment::from_microseconds(8)));
        // Without such calls the report has the form that older nodes take.
        let read: GrantReport = serde_json::from_value(old.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), old);
    }
}
