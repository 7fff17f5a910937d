//! What the login may do, as far as the server tells it: a run that could not switch over at its end is refused at its
//! beginning.

use super::{BatchCode, BatchProblem, Halt, MysqlTarget, halt};
use crate::source::mysql::catalogue_text;
use std::collections::BTreeSet;
use tokio::time::timeout;

/// To make a table, fill it and put it in the target's place. Without `TRIGGER` the server hides the triggers that would
/// be lost with the table of before.
const TO_REPLACE: [&str; 6] = ["SELECT", "INSERT", "CREATE", "ALTER", "DROP", "TRIGGER"];
/// To bring rows into a table by way of one that only the session sees.
const TO_UPDATE: [&str; 5] = ["SELECT", "INSERT", "UPDATE", "CREATE", "CREATE TEMPORARY TABLES"];

const RIGHTS: &str = "
SELECT p.PRIVILEGE_TYPE
  FROM (SELECT GRANTEE, PRIVILEGE_TYPE, NULL AS db, NULL AS tbl FROM information_schema.USER_PRIVILEGES
        UNION SELECT GRANTEE, PRIVILEGE_TYPE, TABLE_SCHEMA, NULL FROM information_schema.SCHEMA_PRIVILEGES
        UNION SELECT GRANTEE, PRIVILEGE_TYPE, TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLE_PRIVILEGES) p
 WHERE p.GRANTEE = CONCAT('''', LEFT(CURRENT_USER(), CHAR_LENGTH(CURRENT_USER()) - 1
                                     - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1))),
                          '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')
   AND (p.db IS NULL OR ? LIKE p.db) AND (p.tbl IS NULL OR p.tbl = ?)";

impl MysqlTarget {
    /// Whether the login has what the run needs. Rights that come by a role are not told apart here; then, as where the
    /// server has no such tables, it shows when they are used.
    pub(super) async fn check_rights(&mut self) -> Result<(), Halt> {
        let roles = sqlx::query("SELECT 1 FROM information_schema.APPLICABLE_ROLES LIMIT 1");
        if let Ok(Some(_)) = roles.fetch_optional(&mut self.connection).await {
            return Ok(());
        }
        let asked = sqlx::query(RIGHTS).bind(&self.schema).bind(&self.table).fetch_all(&mut self.connection);
        let rows = match timeout(self.answer_timeout, asked).await.map_err(|_| Halt::again(BatchCode::TargetSlow))? {
            Ok(rows) => rows,
            Err(sqlx::Error::Database(_)) => return Ok(()),
            Err(error) => return Err(halt(error)),
        };
        let mut held = BTreeSet::new();
        for row in &rows {
            held.extend(catalogue_text(row, 0).map_err(halt)?);
        }
        let wanted: &[&str] = if self.load.full { &TO_REPLACE } else { &TO_UPDATE };
        let lacking: Vec<&str> = wanted.iter().copied().filter(|right| !held.contains(*right)).collect();
        if held.is_empty() || lacking.is_empty() {
            return Ok(());
        }
        Err(Halt::Over(BatchProblem::new(BatchCode::TargetNotPermitted).with("lacking", lacking)))
    }
}
