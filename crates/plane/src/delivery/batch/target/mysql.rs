//! A MySQL or MariaDB database as target, or another that speaks their protocol. Rows come by statements of many rows with
//! bound values; each chunk is one transaction with its row in the ledger table.
//!
//! A full run loads into a staging table made like the target and takes its place by `RENAME TABLE`, which these databases
//! commit by themselves: how a run finds out whether it was switched over is in [`switch`]. An incremental run brings each
//! chunk into a temporary table, updates and inserts from it by key, and reads the same rows back before it commits.
//! What the server says is never repeated: its messages may hold values.

use super::{
    BatchCode, Entry, Halt, Load, Reached, RowsDigest, Target, TargetLocation, TargetSettings,
    tried::{Failure, Halving},
};
use crate::{
    delivery::{batch::code::BatchProblem, receipt::WrittenRow},
    source::mysql::{SQL_MODE, catalogue_text, login, quote},
    value::Value,
};
use async_trait::async_trait;
use futures_util::StreamExt;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Executor, MySqlConnection, Row,
    mysql::{MySqlDatabaseError, MySqlRow},
};
use std::time::Duration;
use tokio::time::timeout;

mod rights;
mod rows;
mod shape;
mod switch;

use rows::Packet;
use shape::{MysqlShape, key_list, made_columns};

/// Characters of an identifier.
const NAME_CHARACTERS_MAX: usize = 64;
/// Rows that are taken at a time when they are counted.
const ROWS_AT_A_TIME: usize = 256;
/// Seconds that a statement, or an attempt, waits for what another holds.
const LOCK_SECONDS: u32 = 10;

/// The table that a chunk of an incremental run is brought into; only this connection sees it.
const PART: &str = "`shuqiao_batch_part`";

const LEDGER: &str = "
CREATE TABLE IF NOT EXISTS shuqiao_batch_ledger (
    run varchar(64) CHARACTER SET ascii NOT NULL, chunk bigint NOT NULL, `rows` bigint NOT NULL, bad bigint NOT NULL,
    digest varchar(64) CHARACTER SET ascii NOT NULL, place longtext CHARACTER SET utf8mb4 NOT NULL,
    published boolean NOT NULL, at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (run, chunk)) ENGINE = InnoDB";

/// What the server is set to, as far as it matters here; and the collations that keep keys apart, the best last.
const SERVER: &str = "
SELECT DATABASE(), CAST(@@lower_case_table_names AS CHAR), CAST(@@max_allowed_packet AS CHAR),
       (SELECT MAX(COLLATION_NAME) FROM information_schema.COLLATIONS
         WHERE COLLATION_NAME IN ('utf8mb4_bin', 'utf8mb4_nopad_bin')),
       (SELECT MAX(COLLATION_NAME) FROM information_schema.COLLATIONS WHERE COLLATION_NAME = 'utf8mb4_0900_bin')";

pub(super) struct MysqlTarget {
    connection: MySqlConnection,
    answer_timeout: Duration,
    load: Load,
    schema: String,
    table: String,
    /// What the names of tables that are this run's alone end with.
    suffix: String,
    /// How texts are compared in tables that are made here.
    collation: String,
    packet: Packet,
    /// There was no target table when the run began.
    is_new: bool,
    /// The rows have been switched over, and the ledger does not say so yet.
    switched: bool,
}

impl MysqlTarget {
    pub(super) async fn connect(
        settings: &TargetSettings,
        location: &TargetLocation,
        load: Load,
    ) -> Result<Self, Halt> {
        let TargetLocation::Mysql { host, port, database, user, password, tls } = location else {
            return Err(Halt::over(BatchCode::TargetKind));
        };
        check_names(&load)?;
        let options = login(*tls).host(host).port(*port).database(database).username(user).password(password);
        // One statement for the usual number of rows, and a few beside it.
        let connected = timeout(settings.connect_timeout, options.statement_cache_capacity(16).connect()).await;
        let mut connection = connected.map_err(|_| Halt::again(BatchCode::TargetSlow))?.map_err(halt)?;
        let session = format!(
            "SET SESSION sql_mode = '{SQL_MODE},NO_AUTO_VALUE_ON_ZERO', lock_wait_timeout = {LOCK_SECONDS}, \
             innodb_lock_wait_timeout = {LOCK_SECONDS}, sql_safe_updates = 0"
        );
        // A read sees what others have committed by then, and locks no gaps.
        for statement in [session.as_str(), "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"] {
            connection.execute(AssertSqlSafe(statement.to_owned())).await.map_err(halt)?;
        }
        let server = sqlx::query(SERVER).fetch_one(&mut connection).await.map_err(halt)?;
        let said = |at| catalogue_text(&server, at).map_err(halt);
        let own = said(0)?.unwrap_or_default();
        let folds_names = said(1)?.is_some_and(|setting| setting != "0");
        let packet = said(2)?.and_then(|bytes| bytes.parse().ok()).unwrap_or(1 << 20);
        let collation = said(4)?.or(said(3)?).unwrap_or_else(|| "utf8mb4_bin".to_owned());
        let (schema, table) = load.table.split_once('.').unwrap_or((&own, &load.table));
        let folded = |name: &str| if folds_names { name.to_lowercase() } else { name.to_owned() };
        let (schema, table) = (folded(schema), folded(table));
        let suffix = load.run.rsplit('_').next().unwrap_or_default().to_owned();
        let packet = Packet::of(load.columns.len(), packet);
        let answer_timeout = settings.answer_timeout;
        let (is_new, switched) = (false, false);
        Ok(Self { connection, answer_timeout, load, schema, table, suffix, collation, packet, is_new, switched })
    }

    /// The target table, as it is written in statements.
    fn target(&self) -> String {
        self.named(&self.table)
    }

    /// A table beside the target that is this run's alone.
    fn own_name(&self, role: &str) -> String {
        format!("shuqiao_{role}_{}", self.suffix)
    }

    fn named(&self, table: &str) -> String {
        format!("{}.{}", quote(&self.schema), quote(table))
    }

    fn own(&self, role: &str) -> String {
        self.named(&self.own_name(role))
    }

    async fn run(&mut self, sql: &str) -> Result<(), Failure> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let answered = timeout(self.answer_timeout, self.connection.execute(statement)).await;
        answered.map_err(|_| Failure::slow())?.map(|_| ()).map_err(failure)
    }

    async fn must(&mut self, sql: &str) -> Result<(), Halt> {
        self.run(sql).await.map_err(Failure::over)
    }

    async fn shape(&mut self, table: &str) -> Result<Option<MysqlShape>, Halt> {
        let found = timeout(self.answer_timeout, MysqlShape::of(&mut self.connection, &self.schema, table)).await;
        found.map_err(|_| Halt::again(BatchCode::TargetSlow))?.map_err(halt)
    }

    /// Waits until the connection of an attempt that was dropped is done with what it was doing: the server finishes a
    /// statement whose sender is gone. Servers that know no such lock go on without.
    async fn hold_run(&mut self) -> Result<(), Halt> {
        let lock = format!("SELECT CAST(GET_LOCK('shuqiao_batch_{}', {LOCK_SECONDS}) AS CHAR)", self.suffix);
        let asked = sqlx::query(AssertSqlSafe(lock)).fetch_one(&mut self.connection);
        match timeout(self.answer_timeout, asked).await.map_err(|_| Halt::again(BatchCode::TargetSlow))? {
            Ok(row) if catalogue_text(&row, 0).map_err(halt)?.as_deref() == Some("0") => {
                Err(Halt::again(BatchCode::TargetSlow))
            }
            Ok(_) | Err(sqlx::Error::Database(_)) => Ok(()),
            Err(error) => Err(halt(error)),
        }
    }

    /// The newest row of the run's ledger.
    async fn reached(&mut self) -> Result<Option<(i64, String, bool)>, Halt> {
        let sql = "SELECT CAST(chunk AS CHAR), place, CAST(published AS CHAR) FROM shuqiao_batch_ledger \
                   WHERE run = ? ORDER BY chunk DESC LIMIT 1";
        let query = sqlx::query(sql).bind(&self.load.run).fetch_optional(&mut self.connection);
        let row = timeout(self.answer_timeout, query).await.map_err(|_| Halt::again(BatchCode::TargetSlow))?;
        let Some(row) = row.map_err(halt)? else { return Ok(None) };
        let text = |at| catalogue_text(&row, at).map_err(halt);
        let chunk = text(0)?.and_then(|chunk| chunk.parse().ok());
        let changed = || Halt::over(BatchCode::TargetChanged);
        Ok(Some((chunk.ok_or_else(changed)?, text(1)?.ok_or_else(changed)?, text(2)?.as_deref() == Some("1"))))
    }

    fn column_list(&self) -> String {
        self.load.columns.iter().map(|(name, _)| quote(name)).collect::<Vec<_>>().join(", ")
    }

    /// `t.k = p.k AND …` over the key.
    fn same_key(&self) -> String {
        let same = |at: &usize| format!("t.{0} = p.{0}", quote(&self.load.columns[*at].0));
        self.load.key.iter().map(same).collect::<Vec<_>>().join(" AND ")
    }

    /// The statement that makes a table for the load.
    fn create(&self, table: &str) -> String {
        let columns = made_columns(&self.load, &self.collation).join(", ");
        format!("CREATE TABLE IF NOT EXISTS {table} ({columns}) ENGINE = InnoDB")
    }

    /// Makes what the run's rows go into.
    async fn make_receiving(&mut self, shape: Option<&MysqlShape>, reached: u64) -> Result<(), Halt> {
        if !self.load.full {
            return match shape {
                Some(_) => Ok(()),
                None if reached > 0 => Err(Halt::over(BatchCode::TargetChanged)),
                None => self.must(&self.create(&self.target())).await,
            };
        }
        let (stage, name) = (self.own("stage"), self.own_name("stage"));
        if reached > 0 && self.shape(&name).await?.is_none() {
            return Err(Halt::over(BatchCode::TargetChanged));
        }
        let sql = match shape {
            Some(_) => format!("CREATE TABLE IF NOT EXISTS {stage} LIKE {}", self.target()),
            None => self.create(&stage),
        };
        self.must(&sql).await
    }

    /// Takes in these rows, all or, when one of them is at fault, none that would stay after a return to the savepoint.
    async fn take_in(&mut self, rows: &[Vec<Value>]) -> Result<(), Failure> {
        if !rows.iter().all(|row| self.packet.takes(row)) {
            return Err(Failure::OfARow);
        }
        let receiving = if self.load.full { self.own("stage") } else { PART.to_owned() };
        let head = format!("INSERT INTO {receiving} ({}) VALUES ", self.column_list());
        let mut at = 0;
        while at < rows.len() {
            let part = self.packet.filled(rows, at);
            at = part.end;
            let sql = head.clone() + &rows::places(part.len(), self.load.columns.len());
            let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(self.packet.is_usual(part.len()));
            for value in rows[part].iter().flatten() {
                query = rows::bind(query, value);
            }
            let done = timeout(self.answer_timeout, query.execute(&mut self.connection)).await;
            done.map_err(|_| Failure::slow())?.map_err(failure)?;
        }
        if self.load.full { Ok(()) } else { self.update().await }
    }

    /// Brings the chunk's own table into the target. Not by `ON DUPLICATE KEY UPDATE`, which would change another row
    /// where another unique key of the table is hit.
    async fn update(&mut self) -> Result<(), Failure> {
        let (target, same) = (self.target(), self.same_key());
        let others = self.load.columns.iter().enumerate().filter(|(at, _)| !self.load.key.contains(at));
        let set: Vec<String> = others.map(|(_, (name, _))| format!("t.{0} = p.{0}", quote(name))).collect();
        if !set.is_empty() {
            self.run(&format!("UPDATE {target} t JOIN {PART} p ON {same} SET {}", set.join(", "))).await?;
        }
        let columns = self.load.columns.iter().map(|(name, _)| format!("p.{}", quote(name)));
        let (from, first) = (columns.collect::<Vec<_>>().join(", "), quote(&self.load.columns[self.load.key[0]].0));
        let sql = format!(
            "INSERT INTO {target} ({}) SELECT {from} FROM {PART} p LEFT JOIN {target} t ON {same} WHERE t.{first} IS NULL",
            self.column_list()
        );
        self.run(&sql).await
    }

    /// Counts the rows of a selection, as they come; memory holds a piece of them. A row is called `t` in it.
    async fn count(&mut self, from: &str) -> Result<RowsDigest, Halt> {
        let columns = self.load.columns.iter().map(|(name, _)| format!("t.{}", quote(name)));
        let sql = format!("SELECT {} FROM {from}", columns.collect::<Vec<_>>().join(", "));
        let (mut found, mut cells) = (RowsDigest::default(), WrittenRow::default());
        let mut rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch(&mut self.connection).ready_chunks(ROWS_AT_A_TIME);
        let slow = |_| Halt::again(BatchCode::TargetSlow);
        while let Some(come) = timeout(self.answer_timeout, rows.next()).await.map_err(slow)? {
            for row in come {
                count_row(&row.map_err(halt)?, &self.load, &mut cells).map_err(halt)?;
                found.add_written(&cells);
            }
        }
        Ok(found)
    }

    async fn note(&mut self, entry: &Entry<'_>, published: bool) -> Result<(), Halt> {
        let sql = "INSERT INTO shuqiao_batch_ledger (run, chunk, `rows`, bad, digest, place, published) \
                   VALUES (?, ?, ?, ?, ?, ?, ?)";
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
}

fn count_row(row: &MySqlRow, load: &Load, cells: &mut WrittenRow) -> Result<(), sqlx::Error> {
    cells.clear();
    for (at, (_, item_type)) in load.columns.iter().enumerate() {
        let cell = row.try_get_unchecked::<Option<&[u8]>, _>(at)?;
        cells.add(cell.map(|cell| rows::written(cell, *item_type)).as_deref());
    }
    Ok(())
}

fn check_names(load: &Load) -> Result<(), Halt> {
    let about = |code, name: &str| Err(Halt::Over(BatchProblem::new(code).with("name", name)));
    let names = load.columns.iter().map(|(name, _)| name.as_str()).chain(load.table.split('.'));
    let too_long = |name: &&str| name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX;
    if let Some(name) = names.into_iter().find(too_long) {
        return about(BatchCode::TargetNameTooLong, name);
    }
    let mut folded: Vec<String> = load.columns.iter().map(|(name, _)| name.to_lowercase()).collect();
    folded.sort_unstable();
    match folded.windows(2).find(|pair| pair.first() == pair.last()) {
        Some(pair) => about(BatchCode::TargetNamesCollide, pair.concat().get(..pair[0].len()).unwrap_or_default()),
        None => Ok(()),
    }
}

#[async_trait]
impl Target for MysqlTarget {
    async fn check(&mut self) -> Result<(), Halt> {
        self.check_rights().await?;
        let table = self.table.clone();
        match self.shape(&table).await? {
            Some(shape) => shape.fits(&self.load).map(|_| ()),
            None => Ok(()),
        }
    }

    async fn begin(&mut self) -> Result<Reached, Halt> {
        self.hold_run().await?;
        self.must(LEDGER).await?;
        let (chunk, sealed_place, published) = match self.reached().await? {
            Some((chunk, place, published)) => (chunk.unsigned_abs(), Some(place), published),
            None => (0, None, false),
        };
        if chunk == 0 {
            self.check_rights().await?;
        }
        if published {
            self.clear_switch().await?;
        } else {
            self.switched = self.load.full && self.was_switched().await?;
        }
        let table = self.table.clone();
        let mut shape = self.shape(&table).await?;
        self.is_new = shape.is_none();
        if let Some(shape) = &shape {
            shape.fits(&self.load)?;
        }
        if !published && !self.switched {
            self.make_receiving(shape.as_ref(), chunk).await?;
            let name = if self.load.full { self.own_name("stage") } else { table };
            shape = self.shape(&name).await?;
        }
        let shape = shape.ok_or_else(|| Halt::over(BatchCode::TargetChanged))?;
        let fits = shape.fits(&self.load)?;
        if !published && !self.load.full {
            let columns = shape.declared(&self.load).join(", ");
            let key = key_list(&self.load);
            self.must(&format!("CREATE TEMPORARY TABLE {PART} ({columns}, UNIQUE KEY ({key})) ENGINE = InnoDB"))
                .await?;
        }
        Ok(Reached { chunk, sealed_place, published, fits })
    }

    async fn put(&mut self, rows: &[Vec<Value>], _lines: &[u8], refused_max: usize) -> Result<Vec<usize>, Halt> {
        self.must("START TRANSACTION").await?;
        if !self.load.full {
            self.must(&format!("DELETE FROM {PART}")).await?;
        }
        let mut halving = Halving::of(rows.len(), refused_max);
        while let Some(part) = halving.next_part() {
            self.must("SAVEPOINT shuqiao").await?;
            match self.take_in(&rows[part.clone()]).await {
                Ok(()) => {}
                Err(Failure::Halt(halt)) => return Err(halt),
                Err(Failure::OfARow) => {
                    self.must("ROLLBACK TO SAVEPOINT shuqiao").await?;
                    halving.refuse(part)?;
                }
            }
        }
        Ok(halving.refused())
    }

    async fn commit(&mut self, entry: &Entry<'_>) -> Result<(), Halt> {
        if !self.load.full {
            let from = format!("{PART} p JOIN {} t ON {}", self.target(), self.same_key());
            if self.count(&from).await? != entry.digest {
                return Err(Halt::over(BatchCode::DigestDiffers));
            }
        }
        self.note(entry, false).await?;
        self.must("COMMIT").await
    }

    async fn read_back(&mut self) -> Result<Option<RowsDigest>, Halt> {
        // What has been switched over was read back before, and is its readers' by now.
        if !self.load.full || self.switched {
            return Ok(None);
        }
        let from = format!("{} t", self.own("stage"));
        self.count(&from).await.map(Some)
    }

    async fn publish(&mut self, entry: &Entry<'_>) -> Result<(), Halt> {
        if !self.load.full {
            return self.note(entry, true).await;
        }
        if !self.switched {
            self.switch_over().await?;
        }
        self.settle().await?;
        self.note(entry, true).await?;
        self.clear_switch().await
    }

    async fn discard(&mut self) -> Result<(), Halt> {
        self.hold_run().await?;
        if self.load.full {
            // What readers see already stays.
            if self.was_switched().await? {
                self.settle().await?;
            }
            self.clear_switch().await?;
        }
        Ok(())
    }
}

fn halt(error: sqlx::Error) -> Halt {
    failure(error).over()
}

/// What an error of the server means. Numbers are those of MySQL and MariaDB alike unless it says otherwise.
fn failure(error: sqlx::Error) -> Failure {
    let code = match &error {
        sqlx::Error::Database(database) => {
            let number = database.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number);
            match number.unwrap_or_default() {
                // Waiting for a lock, a deadlock, interrupted, out of time (MySQL, MariaDB).
                1205 | 1213 | 1317 | 3024 | 1969 => BatchCode::TargetSlow,
                // Disk, table, temporary space.
                1021 | 1114 | 1041 => BatchCode::TargetFull,
                // Table, column or its default gone, or a table in the way.
                1146 | 1054 | 1051 | 1050 | 1136 | 1364 => return Failure::Halt(Halt::over(BatchCode::TargetChanged)),
                // Other tables refer to it.
                3730 => return Failure::Halt(Halt::over(BatchCode::TargetInUse)),
                // No right on database, table or column; a server that is read only.
                1044 | 1142 | 1143 | 1227 | 1290 | 1836 => {
                    return Failure::Halt(Halt::over(BatchCode::TargetNotPermitted));
                }
                // Too many connections, shutting down, killed, a login or database that is not known.
                1040 | 1053 | 1077 | 1203 | 1226 | 1927 | 1045 | 1049 => BatchCode::TargetUnreachable,
                // Characters without a place in the column, a check (MySQL), a trigger's objection, no partition.
                1366 | 3819 | 1644 | 1526 => return Failure::OfARow,
                _ => match database.code().as_deref() {
                    // Data exceptions and broken constraints.
                    Some(code) if code.starts_with("22") || code.starts_with("23") => return Failure::OfARow,
                    _ => BatchCode::TargetFailed,
                },
            }
        }
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => BatchCode::TargetUnreachable,
        _ => BatchCode::TargetFailed,
    };
    Failure::Halt(Halt::again(code))
}
