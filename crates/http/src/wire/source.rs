//! Sources and the files behind them.

use super::{
    list::{ItemType, SourceKind},
    service::ServiceNew,
    text::{MomentText, SourceId},
};
use serde::{Deserialize, Serialize};
use shuqiao_app::{
    NewSource,
    port::{NewLocation, NewViewInput},
    view,
};
use shuqiao_domain::source as domain;
use utoipa::ToSchema;

/// A source to be connected. Login data is sealed at once and never given back.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SourceNew {
    /// A SQLite file in the organisation's intake folder.
    Sqlite {
        /// The source's name.
        name: String,
        /// The file's name.
        file: String,
    },
    /// A CSV file in the organisation's intake folder.
    Csv {
        /// The source's name.
        name: String,
        /// The file's name.
        file: String,
    },
    /// A workbook (`.xlsx`, `.xls`) in the organisation's intake folder; each sheet that holds something is a table.
    Workbook {
        /// The source's name.
        name: String,
        /// The file's name.
        file: String,
    },
    /// A Parquet file in the organisation's intake folder.
    Parquet {
        /// The source's name.
        name: String,
        /// The file's name.
        file: String,
    },
    /// A file of JSON objects, one a line or all in an array, in the organisation's intake folder.
    JsonLines {
        /// The source's name.
        name: String,
        /// The file's name.
        file: String,
    },
    /// An HTTP service that answers in JSON.
    Http {
        /// The source's name.
        name: String,
        /// What it is and how it is called.
        service: Box<ServiceNew>,
    },
    /// A PostgreSQL database.
    Postgres {
        /// The source's name.
        name: String,
        /// Host; it must be on the node's list.
        host: String,
        /// Port.
        port: u16,
        /// Database.
        database: String,
        /// User; one that may only read.
        user: String,
        /// Password.
        password: String,
        /// Whether TLS is demanded.
        #[serde(default)]
        tls: bool,
    },
    /// A MySQL or MariaDB database.
    Mysql {
        /// The source's name.
        name: String,
        /// Host; it must be on the node's list.
        host: String,
        /// Port.
        port: u16,
        /// Database.
        database: String,
        /// User; one that may only read.
        user: String,
        /// Password.
        password: String,
        /// Whether TLS is demanded.
        #[serde(default)]
        tls: bool,
    },
    /// A database behind an ODBC driver; only of a node that was built with ODBC.
    Odbc {
        /// The source's name.
        name: String,
        /// Name of the data source (DSN) as the node's administrator has set it up; it must be on the node's list.
        dsn: String,
        /// User; one that may only read. Empty where the data source has one. Without `;`, `{` and `}`, like the password.
        #[serde(default)]
        user: String,
        /// Password.
        #[serde(default)]
        password: String,
    },
    /// A view over tables of the organisation's other sources.
    View {
        /// The source's name.
        name: String,
        /// One SELECT over the inputs; names are written as the sources have them.
        sql: String,
        /// The tables it reads.
        inputs: Vec<ViewInput>,
        /// The columns that name each of its rows once; none for a view that one call can hold.
        key: Vec<String>,
        /// How many distinct subjects each row must be summed up from; null for a view without a threshold.
        #[serde(default)]
        threshold: Option<SubjectThreshold>,
    },
}

/// A threshold of distinct subjects (主体下限): no row of the view is of fewer, whatever is asked of it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectThreshold {
    /// The input, by its alias, whose rows are about the subjects.
    pub input: String,
    /// The column there that names the subject of a row: a person's identity number, an enterprise's credit code.
    pub column: String,
    /// Distinct subjects at least, 2 to 10,000.
    #[schema(minimum = 2, maximum = 10_000)]
    pub minimum: u32,
}

/// A table that a view reads.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewInput {
    /// What the SELECT calls it.
    pub alias: String,
    /// The source, one of the organisation's own.
    pub source: SourceId,
    /// The table there.
    pub table: String,
}

impl From<SourceNew> for NewSource {
    fn from(form: SourceNew) -> Self {
        match form {
            SourceNew::Sqlite { name, file } => Self { name, location: NewLocation::Sqlite { file } },
            SourceNew::Csv { name, file } => Self { name, location: NewLocation::Csv { file } },
            SourceNew::Workbook { name, file } => Self { name, location: NewLocation::Workbook { file } },
            SourceNew::Parquet { name, file } => Self { name, location: NewLocation::Parquet { file } },
            SourceNew::JsonLines { name, file } => Self { name, location: NewLocation::JsonLines { file } },
            SourceNew::Http { name, service } => {
                Self { name, location: NewLocation::Http(Box::new((*service).into())) }
            }
            SourceNew::Postgres { name, host, port, database, user, password, tls } => {
                Self { name, location: NewLocation::Postgres { host, port, database, user, password, tls } }
            }
            SourceNew::Mysql { name, host, port, database, user, password, tls } => {
                Self { name, location: NewLocation::Mysql { host, port, database, user, password, tls } }
            }
            SourceNew::Odbc { name, dsn, user, password } => {
                Self { name, location: NewLocation::Odbc { dsn, user, password } }
            }
            SourceNew::View { name, sql, inputs, key, threshold } => {
                let input = |ViewInput { alias, source, table }| NewViewInput { alias, source: source.0, table };
                let inputs = inputs.into_iter().map(input).collect();
                Self { name, location: NewLocation::View { sql, inputs, key, threshold: threshold.map(Into::into) } }
            }
        }
    }
}

/// One column of a source.
#[derive(Debug, Serialize, ToSchema)]
pub struct Column {
    /// Name in the source.
    pub name: String,
    /// The item type it can be delivered as.
    pub item_type: ItemType,
    /// Whether values may be empty.
    pub nullable: bool,
    /// The type as the source calls it.
    pub native_type: String,
}

/// One table of a source.
#[derive(Debug, Serialize, ToSchema)]
pub struct Table {
    /// Name in the source.
    pub name: String,
    /// Rows, as the source estimates them.
    #[schema(required)]
    pub rows_estimate: Option<u64>,
    /// Columns that identify a row and order pages.
    pub key: Vec<String>,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// The structure of a source.
#[derive(Debug, Serialize, ToSchema)]
pub struct Structure {
    /// Its tables.
    pub tables: Vec<Table>,
    /// The threshold of distinct subjects, of a view that has one.
    #[schema(required)]
    pub threshold: Option<SubjectThreshold>,
    /// Digest over tables, columns and the threshold, in hex.
    pub digest: String,
}

/// A connected source (数据源).
#[derive(Debug, Serialize, ToSchema)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// Its revision, for `If-Match`.
    pub revision: u64,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: SourceKind,
    /// Where it is, as people may see it: a file name, `host:port/database`, or an address.
    pub location: String,
    /// Encoding found in a file.
    #[schema(required)]
    pub encoding: Option<String>,
    /// What was read from it.
    pub structure: Structure,
    /// When that was read.
    pub described_at: MomentText,
    /// Since when another structure was found and is held back, because live grants need this one (Art. 27(3)).
    #[schema(required)]
    pub held_at: Option<MomentText>,
}

impl From<domain::Structure> for Structure {
    fn from(structure: domain::Structure) -> Self {
        let tables = structure.tables.into_iter().map(Into::into).collect();
        let threshold = structure.threshold.map(Into::into);
        Self { tables, threshold, digest: super::hex(&structure.digest) }
    }
}

impl From<domain::SubjectThreshold> for SubjectThreshold {
    fn from(domain::SubjectThreshold { input, column, minimum }: domain::SubjectThreshold) -> Self {
        Self { input, column, minimum }
    }
}

impl From<SubjectThreshold> for domain::SubjectThreshold {
    fn from(SubjectThreshold { input, column, minimum }: SubjectThreshold) -> Self {
        Self { input, column, minimum }
    }
}

impl From<view::SourceView> for Source {
    fn from(view: view::SourceView) -> Self {
        let (revision, source) = (view.revision, view.value);
        Self {
            id: SourceId(source.id),
            revision,
            name: source.name,
            kind: SourceKind(source.source_type),
            location: source.place,
            encoding: source.structure.encoding.clone(),
            structure: source.structure.into(),
            described_at: MomentText(source.described_at),
            held_at: source.held.map(MomentText),
        }
    }
}

impl From<domain::Table> for Table {
    fn from(table: domain::Table) -> Self {
        let column = |column: domain::Column| Column {
            name: column.name,
            item_type: ItemType(column.item_type),
            nullable: column.nullable,
            native_type: column.native_type,
        };
        Self {
            name: table.name,
            rows_estimate: table.rows_estimate,
            key: table.key,
            columns: table.columns.into_iter().map(column).collect(),
        }
    }
}

/// A file placed for an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntakeFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was last changed.
    pub modified: MomentText,
}

impl From<view::IntakeFile> for IntakeFile {
    fn from(file: view::IntakeFile) -> Self {
        Self { name: file.name, bytes: file.bytes, modified: MomentText(file.modified) }
    }
}
