//! How a full run takes the target's place in MySQL, where each statement on tables commits by itself and the ledger's row
//! cannot be in one transaction with it.
//!
//! The tables of a run: `stage` holds its rows. Before the switch an empty table `mark` is made; then one statement,
//! `RENAME TABLE mark TO done, target TO old, stage TO target`, does it all or nothing. So `done` says that the rows are
//! switched over, for a target that is new as well. Then `old` is dropped, the ledger says `published`, `done` is dropped.
//! What is there when the run is killed before …
//!
//! - the rename: `stage`, and `mark` or not. The next attempt counts `stage` again and goes on from `mark`.
//! - `old` is dropped: `done`, `old`. The next attempt compares both again and goes on there.
//! - the ledger says so: `done`. The next attempt notes it; what was read back before the switch stands.
//! - `done` is dropped: the ledger says it, and the next attempt drops `done`.
//!
//! Servers before MySQL 8 and MariaDB 10.6 may themselves die in the midst of the rename. It goes from left to right, so
//! `done` beside `stage` tells: without a target the rest is made up for, with one only `mark` had been renamed.

use super::{BatchCode, Failure, Halt, MysqlTarget};

impl MysqlTarget {
    async fn is_there(&mut self, role: &str) -> Result<bool, Halt> {
        let name = self.own_name(role);
        Ok(self.shape(&name).await?.is_some())
    }

    /// Whether the run's rows stand in the target's place, by what is there.
    pub(super) async fn was_switched(&mut self) -> Result<bool, Halt> {
        if !self.is_there("done").await? {
            return Ok(false);
        }
        if !self.is_there("stage").await? {
            return Ok(true);
        }
        let table = self.table.clone();
        if self.shape(&table).await?.is_none() {
            self.must(&format!("RENAME TABLE {} TO {}", self.own("stage"), self.target())).await?;
            return Ok(true);
        }
        self.must(&format!("DROP TABLE {}", self.own("done"))).await?;
        Ok(false)
    }

    /// Puts the staging table in the target's place, at once.
    pub(super) async fn switch_over(&mut self) -> Result<(), Halt> {
        // Seen now and not when the run began: somebody may have made, changed or dropped the table since.
        let (table, stage) = (self.table.clone(), self.own_name("stage"));
        let (target, staged) = (self.shape(&table).await?, self.shape(&stage).await?);
        let (Some(staged), true) = (staged, target.is_none() == self.is_new) else {
            return Err(Halt::over(BatchCode::TargetChanged));
        };
        if let Some(target) = &target {
            target.fits(&self.load)?;
            if !target.is_like(&staged) {
                return Err(Halt::over(BatchCode::TargetChanged));
            }
        }
        self.must(&format!("CREATE TABLE IF NOT EXISTS {} (`here` boolean) ENGINE = InnoDB", self.own("mark"))).await?;
        let mut renames = vec![format!("{} TO {}", self.own("mark"), self.own("done"))];
        if target.is_some() {
            renames.push(format!("{} TO {}", self.target(), self.own("old")));
        }
        renames.push(format!("{} TO {}", self.own("stage"), self.target()));
        self.must(&format!("RENAME TABLE {}", renames.join(", "))).await
    }

    /// Removes the table of before, once it is sure that nothing of it is lost: nobody alters a table of this name, while
    /// somebody may have altered the target between the look at it and the switch. Else the switch is undone.
    pub(super) async fn settle(&mut self) -> Result<(), Halt> {
        let (table, old) = (self.table.clone(), self.own_name("old"));
        let Some(before) = self.shape(&old).await? else { return Ok(()) };
        let now = self.shape(&table).await?;
        if !now.is_some_and(|now| now.is_like(&before)) {
            return self.undo(BatchCode::TargetChanged).await;
        }
        match self.run(&format!("DROP TABLE {}", self.own("old"))).await {
            Ok(()) => Ok(()),
            // A foreign key of a table that the login cannot see went with it.
            Err(Failure::OfARow | Failure::Halt(Halt::Over(_))) => self.undo(BatchCode::TargetInUse).await,
            Err(Failure::Halt(halt)) => Err(halt),
        }
    }

    async fn undo(&mut self, code: BatchCode) -> Result<(), Halt> {
        let (target, old, stage) = (self.target(), self.own("old"), self.own("stage"));
        let (done, mark) = (self.own("done"), self.own("mark"));
        self.must(&format!("RENAME TABLE {target} TO {stage}, {old} TO {target}, {done} TO {mark}")).await?;
        Err(Halt::over(code))
    }

    /// Removes what a switch that is noted, or a run that is given up, has left.
    pub(super) async fn clear_switch(&mut self) -> Result<(), Halt> {
        for role in ["stage", "mark", "done"] {
            self.must(&format!("DROP TABLE IF EXISTS {}", self.own(role))).await?;
        }
        Ok(())
    }
}
