//! What a finished file is: counts, digests, columns, receipt. Stored beside the content and shown to whoever may fetch it.

use super::{DeliveredFile, FileFormat, FileOrder, FileState, writer::Finished};
use crate::{delivery::receipt::ReceivedRows, mask::AnswerColumn, query::TypedQuery};
use serde::{Deserialize, Serialize};
use shuqiao_crypto::token::{Caller, Claims};
use shuqiao_vocabulary::{ItemName, ItemType, Moment};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};
use tokio::sync::watch;

/// One column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileColumn {
    pub(crate) name: ItemName,
    pub(crate) item_type: ItemType,
    pub(crate) masked: bool,
}

impl FileColumn {
    pub(super) fn of(column: &AnswerColumn) -> Self {
        Self { name: column.name.clone(), item_type: column.item_type, masked: column.masked }
    }
}

/// What is told of a finished file.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    pub(crate) columns: Vec<FileColumn>,
    pub(crate) rows: u64,
    /// See [`crate::delivery::receipt::RowsDigest`].
    pub(crate) rows_digest: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
    pub(crate) sm3: String,
    /// Its place in the usage log.
    pub(crate) record: u64,
    /// The signed note.
    pub(crate) receipt: String,
    pub(crate) made: Moment,
    /// It can be fetched until then.
    pub(crate) expires: Moment,
    /// What the receiver has said of it.
    pub(crate) received: Option<Received>,
}

/// What the receiver counted.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) rows: ReceivedRows,
    pub(crate) agrees: bool,
    pub(crate) at: Moment,
    /// The record of it in the usage log.
    pub(crate) record: u64,
}

/// The stored form.
#[derive(Serialize, Deserialize)]
struct Form {
    id: String,
    request_id: String,
    grant: String,
    caller: String,
    organisation: String,
    purpose: String,
    format: String,
    ordered: i64,
    whole: bool,
    /// A file from before it was noted is of no grant of now.
    #[serde(default)]
    scope: String,
    columns: Vec<(String, String, bool)>,
    rows: u64,
    rows_digest: String,
    bytes: u64,
    sha256: String,
    sm3: String,
    record: u64,
    receipt: String,
    made: i64,
    expires: i64,
    received: Option<ReceivedForm>,
}

#[derive(Serialize, Deserialize)]
struct ReceivedForm {
    rows: u64,
    rows_digest: String,
    agrees: bool,
    at: i64,
    record: u64,
}

impl Manifest {
    pub(super) fn new(finished: Finished, record: u64, receipt: String, made: Moment, expires: Moment) -> Self {
        Self {
            columns: finished.columns,
            rows: finished.digest.rows,
            rows_digest: finished.digest.hex(),
            bytes: finished.bytes,
            sha256: finished.sha256,
            sm3: finished.sm3,
            record,
            receipt,
            made,
            expires,
            received: None,
        }
    }

    /// With what the receiver counted.
    pub(super) fn confirmed(&self, rows: ReceivedRows, agrees: bool, at: Moment, record: u64) -> Self {
        Self { received: Some(Received { rows, agrees, at, record }), ..self.clone() }
    }

    /// Writes it beside the content, whole or not at all.
    pub(super) fn write(&self, folder: &Path, file: &DeliveredFile) -> io::Result<()> {
        let claims = &file.order.caller;
        let form = Form {
            id: file.id.clone(),
            request_id: file.request_id.clone(),
            grant: file.order.grant.to_string(),
            caller: match claims.caller {
                Caller::System(id) => id.to_string(),
                Caller::Person(id) => id.to_string(),
            },
            organisation: claims.organisation.to_string(),
            purpose: file.order.query.purpose.clone(),
            format: file.order.format.as_str().to_owned(),
            ordered: file.ordered.microseconds(),
            whole: file.whole,
            scope: file.scope.clone(),
            columns: self
                .columns
                .iter()
                .map(|column| (column.name.to_string(), column.item_type.to_string(), column.masked))
                .collect(),
            rows: self.rows,
            rows_digest: self.rows_digest.clone(),
            bytes: self.bytes,
            sha256: self.sha256.clone(),
            sm3: self.sm3.clone(),
            record: self.record,
            receipt: self.receipt.clone(),
            made: self.made.microseconds(),
            expires: self.expires.microseconds(),
            received: self.received.as_ref().map(|received| ReceivedForm {
                rows: received.rows.rows,
                rows_digest: received.rows.rows_digest.clone(),
                agrees: received.agrees,
                at: received.at.microseconds(),
                record: received.record,
            }),
        };
        let unfinished = folder.join("manifest.unfinished");
        let mut written = File::create(&unfinished)?;
        written.write_all(&serde_json::to_vec(&form)?)?;
        written.sync_all()?;
        fs::rename(&unfinished, folder.join("manifest.json"))?;
        File::open(folder)?.sync_all()
    }

    /// The finished file of a folder; `None` when there is none, or its content has another length.
    pub(super) fn read(folder: &Path) -> Option<(DeliveredFile, Self)> {
        let form: Form = serde_json::from_slice(&fs::read(folder.join("manifest.json")).ok()?).ok()?;
        if fs::metadata(folder.join("content")).ok()?.len() != form.bytes {
            return None;
        }
        let caller = match form.caller.parse() {
            Ok(system) => Caller::System(system),
            Err(_) => Caller::Person(form.caller.parse().ok()?),
        };
        let moment = Moment::from_microseconds;
        let grant = form.grant.parse().ok()?;
        let order = FileOrder {
            grant,
            // A file is fetched with a token of its own; the one it was ordered with is long over.
            caller: Claims {
                caller,
                organisation: form.organisation.parse().ok()?,
                grant: None,
                expires: moment(form.ordered),
            },
            query: TypedQuery {
                purpose: form.purpose,
                items: Vec::new(),
                conditions: Vec::new(),
                limit: None,
                after: None,
            },
            format: form.format.parse::<FileFormat>().ok()?,
        };
        let column = |(name, item_type, masked): (String, String, bool)| {
            Some(FileColumn { name: name.parse().ok()?, item_type: item_type.parse().ok()?, masked })
        };
        let manifest = Self {
            columns: form.columns.into_iter().map(column).collect::<Option<_>>()?,
            rows: form.rows,
            rows_digest: form.rows_digest,
            bytes: form.bytes,
            sha256: form.sha256,
            sm3: form.sm3,
            record: form.record,
            receipt: form.receipt,
            made: moment(form.made),
            expires: moment(form.expires),
            received: form.received.map(|received| Received {
                rows: ReceivedRows { rows: received.rows, rows_digest: received.rows_digest },
                agrees: received.agrees,
                at: moment(received.at),
                record: received.record,
            }),
        };
        let file = DeliveredFile {
            id: form.id,
            order,
            ordered: moment(form.ordered),
            request_id: form.request_id,
            whole: form.whole,
            scope: form.scope,
            state: watch::Sender::new(FileState::Making(0)),
        };
        Some((file, manifest))
    }
}
