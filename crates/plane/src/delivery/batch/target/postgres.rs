//! A PostgreSQL database as target. Rows come by `COPY`; each chunk is one transaction with its row in the ledger table.
//!
//! A full run loads into a staging table made like the target and takes its place by rename, in one transaction. An
//! incremental run brings each chunk into a temporary table, updates the target by key from it, and reads the same rows
//! back before it commits. What the server says is never repeated: its messages may hold values.

use super::{
    BatchCode, Entry, Halt, LEDGER_TABLE, Load, Reached, RowsDigest, Target, TargetLocation, TargetSettings,
    tried::{Failure, Halving},
};
use crate::{
    delivery::batch::{code::BatchProblem, lines},
    source::quote,
    value::Value,
};
use async_trait::async_trait;
use futures_util::StreamExt;
use shuqiao_vocabulary::ItemType;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Executor, PgConnection, Row,
    postgres::{PgConnectOptions, PgSslMode},
};
use std::time::Duration;
use tokio::time::timeout;

mod copied;
mod shape;

use copied::{CopiedRows, ReadAs};
use shape::{PostgresShape, made_type};

/// Bytes of an identifier; PostgreSQL cuts off what is longer.
const NAME_BYTES_MAX: usize = 63;

/// Pieces of a copy that are taken at a time.
const PIECES_AT_A_TIME: usize = 256;

const LEDGER: &str = "
CREATE TABLE IF NOT EXISTS public.shuqiao_batch_ledger (
    run text NOT NULL, chunk bigint NOT NULL, rows bigint NOT NULL, bad bigint NOT NULL, digest text NOT NULL,
    place text NOT NULL, published boolean NOT NULL, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (run, chunk))";

/// The columns that the one table has and the other has not: nothing, while the staging table is still like its target.
const UNLIKE: &str = "
WITH columns AS (SELECT attrelid, attname, atttypid, atttypmod, attnotnull FROM pg_catalog.pg_attribute
                  WHERE attnum > 0 AND NOT attisdropped)
SELECT count(*) FROM (SELECT attname, atttypid, atttypmod, attnotnull FROM columns WHERE attrelid = to_regclass($1)
                      EXCEPT
                      SELECT attname, atttypid, atttypmod, attnotnull FROM columns WHERE attrelid = to_regclass($2)) d";

const PRIVILEGES: &str = "
SELECT format('GRANT %s ON %s TO %s', p.privilege_type, $2::text,
              CASE p.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(p.grantee)) END)
  FROM pg_catalog.pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) p
 WHERE c.oid = to_regclass($1) AND p.grantee <> c.relowner";

/// The staging table's indexes are called after it; as far as the names are free, they get the target's.
const INDEX_NAMES: &str = "
SELECT format('ALTER INDEX %s RENAME TO %I', i.indexrelid::regclass, x.name)
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
 CROSS JOIN LATERAL (SELECT replace(c.relname, $2, $3) AS name) x
 WHERE i.indrelid = to_regclass($1) AND x.name <> c.relname AND octet_length(x.name) <= 63
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_class o WHERE o.relnamespace = c.relnamespace AND o.relname = x.name)";

pub(super) struct PostgresTarget {
    connection: PgConnection,
    answer_timeout: Duration,
    load: Load,
    schema: String,
    /// The target table's own name, and how it is written in statements.
    table: String,
    target: String,
    stage_name: String,
    stage: String,
    /// How the columns are read back.
    read_as: Vec<ReadAs>,
    is_new: bool,
}

impl PostgresTarget {
    pub(super) async fn connect(
        settings: &TargetSettings,
        location: &TargetLocation,
        load: Load,
    ) -> Result<Self, Halt> {
        let TargetLocation::Postgres { host, port, database, user, password, tls } = location else {
            return Err(Halt::over(BatchCode::TargetKind));
        };
        let names = load.columns.iter().map(|(name, _)| name.as_str()).chain(load.table.split('.'));
        if let Some(name) = names.into_iter().find(|name| name.len() > NAME_BYTES_MAX || name.is_empty()) {
            return Err(Halt::Over(BatchProblem::new(BatchCode::TargetNameTooLong).with("name", name)));
        }
        // Without a password file or environment of this program's user: only what the location says.
        let options = PgConnectOptions::new_without_pgpass()
            .host(host)
            .port(*port)
            .database(database)
            .username(user)
            .password(password)
            .ssl_mode(if *tls { PgSslMode::VerifyFull } else { PgSslMode::Disable })
            .application_name("shuqiao batch")
            .options([("TimeZone", "UTC"), ("DateStyle", "ISO"), ("lock_timeout", "10s")])
            .disable_statement_logging();
        let connection = timeout(settings.connect_timeout, options.connect())
            .await
            .map_err(|_| Halt::again(BatchCode::TargetSlow))?
            .map_err(halt)?;
        let (schema, table) = load.table.split_once('.').unwrap_or(("public", &load.table));
        let (schema, table) = (schema.to_owned(), table.to_owned());
        let stage_name = format!("shuqiao_stage_{}", load.run.rsplit('_').next().unwrap_or_default());
        let qualified = |name: &str| format!("{}.{}", quote(&schema), quote(name));
        let (target, stage) = (qualified(&table), qualified(&stage_name));
        let answer_timeout = settings.answer_timeout;
        let read_as = Vec::new();
        Ok(Self { connection, answer_timeout, load, schema, table, target, stage_name, stage, read_as, is_new: false })
    }

    async fn run(&mut self, sql: &str) -> Result<(), Failure> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let answered = timeout(self.answer_timeout, self.connection.execute(statement)).await;
        answered.map_err(|_| Failure::slow())?.map(|_| ()).map_err(failure)
    }

    /// The table that rows are copied into: the staging table, or the chunk's own.
    fn receiving(&self) -> &str {
        if self.load.full { &self.stage } else { "pg_temp.shuqiao_batch_part" }
    }

    fn column_list(&self) -> String {
        self.load.columns.iter().map(|(name, _)| quote(name)).collect::<Vec<_>>().join(", ")
    }

    fn key_list(&self) -> String {
        self.load.key.iter().map(|at| quote(&self.load.columns[*at].0)).collect::<Vec<_>>().join(", ")
    }

    /// The statement that makes a table for the load.
    fn create(&self, table: &str) -> String {
        let column = |(name, item): &(String, ItemType)| format!("{} {}", quote(name), made_type(*item));
        let columns = self.load.columns.iter().map(column).collect::<Vec<_>>().join(", ");
        let key = match self.load.key.is_empty() {
            true => String::new(),
            false => format!(", PRIMARY KEY ({})", self.key_list()),
        };
        format!("CREATE TABLE IF NOT EXISTS {table} ({columns}{key})")
    }

    async fn shape(&mut self, table: &str) -> Result<Option<PostgresShape>, Halt> {
        let found = timeout(self.answer_timeout, PostgresShape::of(&mut self.connection, &self.schema, table)).await;
        found.map_err(|_| Halt::again(BatchCode::TargetSlow))?.map_err(halt)
    }

    async fn check_encoding(&mut self) -> Result<(), Halt> {
        let encoding: String = sqlx::query_scalar("SELECT current_setting('server_encoding')")
            .fetch_one(&mut self.connection)
            .await
            .map_err(halt)?;
        if encoding != "UTF8" {
            return Err(Halt::Over(BatchProblem::new(BatchCode::TargetEncoding).with("encoding", encoding)));
        }
        Ok(())
    }

    async fn has_ledger(&mut self) -> Result<bool, Halt> {
        let query = sqlx::query_scalar("SELECT to_regclass('public.' || $1) IS NOT NULL").bind(LEDGER_TABLE);
        query.fetch_one(&mut self.connection).await.map_err(halt)
    }

    /// The newest row of the run's ledger.
    async fn reached(&mut self) -> Result<Option<(i64, String, bool)>, Halt> {
        let sql = "SELECT chunk, place, published FROM public.shuqiao_batch_ledger WHERE run = $1 \
                   ORDER BY chunk DESC LIMIT 1";
        let query = sqlx::query(sql).bind(&self.load.run).fetch_optional(&mut self.connection);
        let row = timeout(self.answer_timeout, query).await.map_err(|_| Halt::again(BatchCode::TargetSlow))?;
        let Some(row) = row.map_err(halt)? else { return Ok(None) };
        let read = || Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        read().map(Some).map_err(halt)
    }

    async fn copy(&mut self, lines: &[u8]) -> Result<(), Failure> {
        let sql = format!("COPY {} ({}) FROM STDIN (FORMAT csv)", self.receiving(), self.column_list());
        let copied = timeout(self.answer_timeout, async {
            let mut copy = self.connection.copy_in_raw(&sql).await?;
            copy.send(lines).await?;
            copy.finish().await
        });
        copied.await.map_err(|_| Failure::slow())?.map(|_| ()).map_err(failure)?;
        if self.load.full { Ok(()) } else { self.update().await }
    }

    /// Counts the rows of a selection, as they come; memory holds a piece of them. A row is called `t` in it.
    async fn count(&mut self, from: &str) -> Result<RowsDigest, Halt> {
        let columns = self.load.columns.iter().map(|(name, _)| format!("t.{}", quote(name)));
        let sql = format!("COPY (SELECT {} FROM {from}) TO STDOUT", columns.collect::<Vec<_>>().join(", "));
        let slow = |_| Halt::again(BatchCode::TargetSlow);
        let torn = |_| Halt::again(BatchCode::TargetFailed);
        let mut rows = CopiedRows::of(&self.read_as);
        let pieces = timeout(self.answer_timeout, self.connection.copy_out_raw(&sql)).await;
        // A piece is a row: many are taken at a time, as far as they have come.
        let mut pieces = pieces.map_err(slow)?.map_err(halt)?.ready_chunks(PIECES_AT_A_TIME);
        while let Some(come) = timeout(self.answer_timeout, pieces.next()).await.map_err(slow)? {
            for piece in come {
                rows.take(&piece.map_err(halt)?).map_err(torn)?;
            }
        }
        rows.counted().map_err(torn)
    }

    async fn note(&mut self, entry: &Entry<'_>, published: bool) -> Result<(), Halt> {
        let sql = "INSERT INTO public.shuqiao_batch_ledger (run, chunk, rows, bad, digest, place, published) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let query = sqlx::query(sql)
            .bind(&self.load.run)
            .bind(entry.chunk as i64)
            .bind(entry.digest.rows as i64)
            .bind(entry.bad as i64)
            .bind(entry.digest.hex())
            .bind(entry.sealed_place)
            .bind(published)
            .execute(&mut self.connection);
        let noted = timeout(self.answer_timeout, query).await.map_err(|_| Halt::again(BatchCode::TargetSlow))?;
        // A row that is there already is of an attempt whose commit was not heard of: the next attempt reads the ledger.
        noted.map(|_| ()).map_err(halt)
    }

    /// Updates the target from the chunk's own table.
    async fn update(&mut self) -> Result<(), Failure> {
        let (columns, key) = (self.column_list(), self.key_list());
        let is_key = |at: usize| self.load.key.contains(&at);
        let others = self.load.columns.iter().enumerate().filter(|(at, _)| !is_key(*at));
        let set: Vec<String> = others.map(|(_, (name, _))| format!("{0} = EXCLUDED.{0}", quote(name))).collect();
        let action = if set.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", set.join(", ")) };
        let sql = format!(
            "INSERT INTO {} ({columns}) SELECT {columns} FROM {} ON CONFLICT ({key}) DO {action}",
            self.target,
            self.receiving()
        );
        self.run(&sql).await
    }

    /// Counts the chunk's rows as they now stand in the target.
    async fn updated(&mut self) -> Result<RowsDigest, Halt> {
        let key = self.key_list();
        let from = format!("{} t JOIN (SELECT {key} FROM {}) p USING ({key})", self.target, self.receiving());
        self.count(&from).await
    }
}

#[async_trait]
impl Target for PostgresTarget {
    async fn check(&mut self) -> Result<(), Halt> {
        self.check_encoding().await?;
        let table = self.table.clone();
        if let Some(shape) = self.shape(&table).await? {
            shape.fits(&self.load)?;
        }
        Ok(())
    }

    async fn begin(&mut self) -> Result<Reached, Halt> {
        self.check_encoding().await?;
        if !self.has_ledger().await? {
            // IF NOT EXISTS fails all the same where another run makes it at the same moment.
            let made = self.run(LEDGER).await;
            if !self.has_ledger().await? {
                made.map_err(Failure::over)?;
            }
        }
        let reached = self.reached().await?;
        let (chunk, sealed_place, published) = match reached {
            Some((chunk, place, published)) => (chunk.unsigned_abs(), Some(place), published),
            None => (0, None, false),
        };
        let table = self.table.clone();
        let mut shape = self.shape(&table).await?;
        self.is_new = shape.is_none();
        if let Some(shape) = &shape {
            shape.fits(&self.load)?;
        }
        if !published && (self.load.full || self.is_new) {
            let made = if self.load.full { self.stage.clone() } else { self.target.clone() };
            let stage = self.stage_name.clone();
            let there = self.load.full && self.shape(&stage).await?.is_some();
            if chunk > 0 && !there {
                return Err(Halt::over(BatchCode::TargetChanged));
            }
            let sql = if self.is_new {
                self.create(&made)
            } else {
                format!("CREATE TABLE IF NOT EXISTS {made} (LIKE {} INCLUDING ALL)", self.target)
            };
            self.run(&sql).await.map_err(Failure::over)?;
            shape = self.shape(if self.load.full { &stage } else { &table }).await?;
        }
        let shape = shape.ok_or_else(|| Halt::over(BatchCode::TargetChanged))?;
        let fits = shape.fits(&self.load)?;
        self.read_as = shape.read_as(&self.load);
        Ok(Reached { chunk, sealed_place, published, fits })
    }

    async fn put(&mut self, rows: &[Vec<Value>], lines: &[u8], refused_max: usize) -> Result<Vec<usize>, Halt> {
        self.run("BEGIN").await.map_err(Failure::over)?;
        if !self.load.full {
            let (columns, target) = (self.column_list(), self.target.clone());
            let sql = format!(
                "CREATE TEMP TABLE shuqiao_batch_part ON COMMIT DROP AS SELECT {columns} FROM {target} WITH NO DATA"
            );
            self.run(&sql).await.map_err(Failure::over)?;
        }
        let mut halving = Halving::of(rows.len(), refused_max);
        while let Some(part) = halving.next_part() {
            self.run("SAVEPOINT shuqiao").await.map_err(Failure::over)?;
            let copied = match part.len() {
                all if all == rows.len() => self.copy(lines).await,
                _ => self.copy(&lines::encode(&rows[part.clone()])).await,
            };
            match copied {
                Ok(()) => {}
                Err(Failure::Halt(halt)) => return Err(halt),
                Err(Failure::OfARow) => {
                    self.run("ROLLBACK TO SAVEPOINT shuqiao").await.map_err(Failure::over)?;
                    halving.refuse(part)?;
                }
            }
        }
        Ok(halving.refused())
    }

    async fn commit(&mut self, entry: &Entry<'_>) -> Result<(), Halt> {
        if !self.load.full && self.updated().await? != entry.digest {
            return Err(Halt::over(BatchCode::DigestDiffers));
        }
        self.note(entry, false).await?;
        self.run("COMMIT").await.map_err(Failure::over)
    }

    async fn read_back(&mut self) -> Result<Option<RowsDigest>, Halt> {
        if !self.load.full {
            return Ok(None);
        }
        let from = format!("{} t", self.stage);
        self.count(&from).await.map(Some)
    }

    async fn publish(&mut self, entry: &Entry<'_>) -> Result<(), Halt> {
        self.run("BEGIN").await.map_err(Failure::over)?;
        if self.load.full {
            if !self.is_new {
                self.run(&format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", self.target))
                    .await
                    .map_err(Failure::over)?;
                for (one, other) in [(&self.target, &self.stage), (&self.stage, &self.target)] {
                    let query = sqlx::query_scalar(UNLIKE).bind(one).bind(other);
                    let unlike: i64 = query.fetch_one(&mut self.connection).await.map_err(halt)?;
                    if unlike > 0 {
                        return Err(Halt::over(BatchCode::TargetChanged));
                    }
                }
                let query = sqlx::query_scalar(PRIVILEGES).bind(&self.target).bind(&self.stage);
                let grants: Vec<String> = query.fetch_all(&mut self.connection).await.map_err(halt)?;
                for grant in grants {
                    self.run(&grant).await.map_err(Failure::over)?;
                }
                self.run(&format!("DROP TABLE {}", self.target)).await.map_err(Failure::over)?;
            }
            let query = sqlx::query_scalar(INDEX_NAMES).bind(&self.stage).bind(&self.stage_name).bind(&self.table);
            let renames: Vec<String> = query.fetch_all(&mut self.connection).await.map_err(halt)?;
            for rename in renames {
                self.run(&rename).await.map_err(Failure::over)?;
            }
            let rename = format!("ALTER TABLE {} RENAME TO {}", self.stage, quote(&self.table));
            self.run(&rename).await.map_err(Failure::over)?;
        }
        self.note(entry, true).await?;
        self.run("COMMIT").await.map_err(Failure::over)
    }

    async fn discard(&mut self) -> Result<(), Halt> {
        // After a failed statement the transaction is still open.
        self.run("ROLLBACK").await.map_err(Failure::over)?;
        self.run(&format!("DROP TABLE IF EXISTS {}", self.stage)).await.map_err(Failure::over)
    }
}

fn halt(error: sqlx::Error) -> Halt {
    failure(error).over()
}

fn failure(error: sqlx::Error) -> Failure {
    let code = match &error {
        sqlx::Error::Database(database) => match database.code().as_deref() {
            Some("57014" | "55P03" | "40P01" | "40001") => BatchCode::TargetSlow,
            Some("53100" | "54000") => BatchCode::TargetFull,
            Some("42P01" | "42703" | "42P07" | "42804") => return Failure::Halt(Halt::over(BatchCode::TargetChanged)),
            Some("2BP01") => return Failure::Halt(Halt::over(BatchCode::TargetInUse)),
            Some("42501" | "25006") => return Failure::Halt(Halt::over(BatchCode::TargetNotPermitted)),
            // Data exceptions and broken constraints.
            Some(code) if code.starts_with("22") || code.starts_with("23") => return Failure::OfARow,
            Some(code) if ["08", "28", "3D", "53", "57"].iter().any(|class| code.starts_with(class)) => {
                BatchCode::TargetUnreachable
            }
            _ => BatchCode::TargetFailed,
        },
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => BatchCode::TargetUnreachable,
        _ => BatchCode::TargetFailed,
    };
    Failure::Halt(Halt::again(code))
}
