//! The source desk: describes sources through the plane, and seals where they are.

mod service;

use async_trait::async_trait;
use shuqiao_app::port::{Described, NewLocation, NewViewInput, SourceDesk, SourceFailure};
use shuqiao_crypto::seal::SealKey;
use shuqiao_domain::source::{Column, Source, Structure, SubjectThreshold, Table};
use shuqiao_plane::source::{
    self as plane, BadFile, Location, SourceError, Sources,
    view::{self, ViewInput, ViewSpec},
};
use shuqiao_vocabulary::OrganisationId;
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

/// Characters that say what a view reads.
const PLACE_CHARACTERS_MAX: usize = 200;

/// The source desk of this program.
pub(crate) struct LocalDesk {
    /// The plane's sources.
    pub(crate) sources: Arc<Sources>,
    /// Seals locations.
    pub(crate) seal: Arc<SealKey>,
    /// Where organisations place files.
    pub(crate) intake: PathBuf,
}

#[async_trait]
impl SourceDesk for LocalDesk {
    async fn describe(
        &self,
        provider: OrganisationId,
        location: &NewLocation,
        reads: &[Source],
    ) -> Result<Described, SourceFailure> {
        let (location, place) = self.located(provider, location, reads)?;
        let structure = self.sources.describe(&location).await.map_err(failure)?;
        // From now on the service's answers are held against what its sample showed.
        let location = match location {
            Location::Http(service) => Location::Http(Box::new(service.settled(&structure))),
            other => other,
        };
        Ok(Described { structure: structure_of(structure), place, sealed_location: location.seal(&self.seal) })
    }

    async fn describe_again(&self, source: &Source) -> Result<Structure, SourceFailure> {
        let location = self.opened(source)?;
        self.sources.describe(&location).await.map(structure_of).map_err(failure)
    }
}

impl LocalDesk {
    fn opened(&self, source: &Source) -> Result<Location, SourceFailure> {
        Location::open(&self.seal, &source.sealed_location)
            .map_err(|_| SourceFailure { code: "source_sealed".to_owned(), params: BTreeMap::new() })
    }

    /// The location as the plane knows it, and what people may see of it.
    fn located(
        &self,
        provider: OrganisationId,
        location: &NewLocation,
        reads: &[Source],
    ) -> Result<(Location, String), SourceFailure> {
        // A name that could leave the organisation's folder is not a name.
        let in_intake = |file: &str| {
            let plain = !file.is_empty() && !file.starts_with('.') && !file.contains(['/', '\\', '\0']);
            let refused = || SourceFailure { code: "source_not_allowed".to_owned(), params: BTreeMap::new() };
            plain.then(|| self.intake.join(provider.to_string()).join(file)).ok_or_else(refused)
        };
        Ok(match location {
            NewLocation::Sqlite { file } => (Location::Sqlite { path: in_intake(file)? }, file.clone()),
            NewLocation::Csv { file } => (Location::Csv { path: in_intake(file)? }, file.clone()),
            NewLocation::Workbook { file } => (Location::Workbook { path: in_intake(file)? }, file.clone()),
            NewLocation::Parquet { file } => (Location::Parquet { path: in_intake(file)? }, file.clone()),
            NewLocation::JsonLines { file } => (Location::JsonLines { path: in_intake(file)? }, file.clone()),
            NewLocation::Http(new) => {
                let service = service::service_of(new);
                let place = service.place();
                (Location::Http(Box::new(service)), place)
            }
            NewLocation::Postgres { host, port, database, user, password, tls } => {
                let place = format!("{host}:{port}/{database}");
                let location = Location::Postgres {
                    host: host.clone(),
                    port: *port,
                    database: database.clone(),
                    user: user.clone(),
                    password: password.clone(),
                    tls: *tls,
                };
                (location, place)
            }
            NewLocation::Odbc { dsn, user, password } => {
                let location = Location::Odbc { dsn: dsn.clone(), user: user.clone(), password: password.clone() };
                (location, dsn.clone())
            }
            NewLocation::Mysql { host, port, database, user, password, tls } => {
                let place = format!("{host}:{port}/{database}");
                let location = Location::Mysql {
                    host: host.clone(),
                    port: *port,
                    database: database.clone(),
                    user: user.clone(),
                    password: password.clone(),
                    tls: *tls,
                };
                (location, place)
            }
            NewLocation::View { sql, inputs, key, threshold } => {
                let input = |(input, source): (&NewViewInput, &Source)| {
                    let (alias, table) = (input.alias.clone(), input.table.clone());
                    Ok(ViewInput { alias, location: self.opened(source)?, table })
                };
                let inputs = inputs.iter().zip(reads).map(input).collect::<Result<Vec<_>, SourceFailure>>()?;
                // What it reads, as people know it; the SQL may hold values and stays sealed.
                let named: Vec<&str> = reads.iter().map(|source| source.name.as_str()).collect();
                let threshold = threshold.clone().map(|SubjectThreshold { input, column, minimum }| {
                    view::SubjectThreshold { input, column, minimum }
                });
                let view = ViewSpec { sql: sql.clone(), inputs, key: key.clone(), threshold };
                (Location::View(view), named.join(", ").chars().take(PLACE_CHARACTERS_MAX).collect())
            }
        })
    }
}

fn structure_of(found: plane::Structure) -> Structure {
    let column = |c: plane::ColumnStructure| Column {
        name: c.name,
        item_type: c.item_type,
        nullable: c.nullable,
        native_type: c.native_type,
    };
    let table = |t: plane::TableStructure| Table {
        name: t.name,
        rows_estimate: t.rows_estimate,
        key: t.key,
        columns: t.columns.into_iter().map(column).collect(),
    };
    let threshold = |view::SubjectThreshold { input, column, minimum }| SubjectThreshold { input, column, minimum };
    Structure {
        tables: found.tables.into_iter().map(table).collect(),
        encoding: found.encoding,
        threshold: found.threshold.map(threshold),
        digest: found.digest,
    }
}

/// Codes of the failures, for ever (invariant 12), and what their texts need.
pub(super) fn failure(error: SourceError) -> SourceFailure {
    let params = |pairs: &[(&str, String)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    let (code, params): (_, BTreeMap<String, String>) = match error {
        SourceError::NotAllowed => ("source_not_allowed", BTreeMap::new()),
        SourceError::Unreachable => ("source_unreachable", BTreeMap::new()),
        SourceError::Slow => ("source_slow", BTreeMap::new()),
        SourceError::Changed { what } => ("source_changed", params(&[("what", what)])),
        SourceError::CellType { column } => ("source_cell_type", params(&[("column", column)])),
        SourceError::LiteralTooFine { column } => ("source_literal_too_fine", params(&[("column", column)])),
        SourceError::KeyNotUnique => ("source_key_not_unique", BTreeMap::new()),
        SourceError::KeyMissing => ("source_key_missing", BTreeMap::new()),
        SourceError::TooLarge => ("source_too_large", BTreeMap::new()),
        SourceError::TooMany { name, what, found, limit } => (
            "source_too_many",
            params(&[
                ("name", name),
                ("what", what.to_owned()),
                ("found", found.to_string()),
                ("limit", limit.to_string()),
            ]),
        ),
        SourceError::FileTooLarge { found, limit } => {
            ("source_file_too_large", params(&[("found", found.to_string()), ("limit", limit.to_string())]))
        }
        SourceError::Encoding { found } => ("source_encoding", params(&[("found", found)])),
        SourceError::BadLine { line, what } => {
            ("source_bad_line", params(&[("line", line.to_string()), ("what", what.to_owned())]))
        }
        SourceError::BadCell { table, row, column, what } => (
            "source_bad_cell",
            params(&[
                ("table", table),
                ("row", row.to_string()),
                ("column", column),
                ("what", what.as_str().to_owned()),
            ]),
        ),
        SourceError::BadFile(BadFile::Damaged) => ("source_file_damaged", BTreeMap::new()),
        SourceError::BadFile(BadFile::Protected) => ("source_file_protected", BTreeMap::new()),
        SourceError::BadFile(BadFile::ExpandsTooFar) => ("source_file_expands", BTreeMap::new()),
        SourceError::BadFile(BadFile::ExternalLinks) => ("source_file_linked", BTreeMap::new()),
        SourceError::BadFile(BadFile::Empty) => ("source_file_empty", BTreeMap::new()),
        SourceError::TooManyRows { limit } => ("source_too_many_rows", params(&[("limit", limit.to_string())])),
        SourceError::Misdescribed { field } => ("source_service_misdescribed", params(&[("field", field.to_owned())])),
        SourceError::View(refusal) => (refusal.code.as_str(), refusal.params),
        SourceError::Failed => ("source_failed", BTreeMap::new()),
    };
    SourceFailure { code: code.to_owned(), params }
}
