//! Why a run waits or has ended, and why a row was put aside: one code for each reason, with a sentence that says what
//! to do, in two languages. No code carries a value of the data. Codes are for ever; `tests/golden/batch-codes.txt` only
//! grows. What the plane itself has against a delivery keeps the code that it has there (`problem-codes.txt`).

use crate::problem::{ProblemCode, Refused};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $code:literal $zh:literal $en:literal),+ $(,)?) => {
        /// Why a run waits or has ended, or a row was put aside.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum BatchCode { $($(#[$meta])* $variant),+ }

        impl BatchCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as it is stored and shown.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $code),+ } }

            /// What it means and what to do, in Chinese and in English.
            pub const fn titles(self) -> (&'static str, &'static str) { match self { $(Self::$variant => ($zh, $en)),+ } }
        }
    };
}

codes! {
    /// The host or folder is not among those the node may write to.
    TargetNotAllowed = "target_not_allowed" "目标不在本节点允许写入的范围内,请管理员加入名单" "The node may not write to this target; ask the administrator to list it",
    /// The target cannot be reached, or its login is refused.
    TargetUnreachable = "target_unreachable" "目标无法连接,请检查地址、账号和网络;恢复后自动续传" "The target cannot be reached; check address, login and network. The run goes on by itself when it is back",
    /// The target did not answer in time, or a lock is held on its table.
    TargetSlow = "target_slow" "目标响应超时或目标表被占用,稍后自动续传" "The target did not answer in time or its table is locked; the run goes on by itself",
    /// The login may not do what a run needs.
    TargetNotPermitted = "target_not_permitted" "目标账号权限不足,请授予建表权限并使其拥有目标表" "The target's login lacks permission; let it create tables and own the target table",
    /// The target's encoding is not UTF-8.
    TargetEncoding = "target_encoding" "目标数据库编码不是UTF-8,请改用UTF-8编码的数据库" "The target database is not in UTF-8; use one that is",
    /// Not an ordinary table.
    TargetKind = "target_kind" "目标不是普通表,请改用普通表" "The target is not an ordinary table; name one that is",
    /// A column for a granted item is missing.
    TargetColumnMissing = "target_column_missing" "目标表缺少数据项对应的列,请增加该列或改用新表" "The target table has no column for an item; add it or name a new table",
    /// A column is of another type.
    TargetColumnType = "target_column_type" "目标列类型与数据项类型不符,请修改列类型或改用新表" "A column of the target table has another type than the item; change the column or name a new table",
    /// A column that is not delivered may not be empty.
    TargetColumnRequired = "target_column_required" "目标表有不可为空且不在授权内的列,请允许为空或设默认值" "The target table has a column that may not be empty and is not delivered; let it be empty or give it a default",
    /// No unique key to update by.
    TargetKeyMissing = "target_key_missing" "目标表在这些列上没有唯一键,增量更新需要唯一键,请建立" "The target table has no unique key on these columns; incremental runs need one, create it",
    /// Something hangs on the table that would not survive its replacement.
    TargetInUse = "target_in_use" "目标表上有视图、外键、触发器等依赖,整表替换会丢失;请改用无依赖的表或增量方式" "Something hangs on the target table that replacing it would lose; name a table without it, or run incrementally",
    /// The target's table or staging table changed while the run was on.
    TargetChanged = "target_changed" "运行期间目标表结构发生变化,请重新运行" "The target table changed during the run; run again",
    /// The target answered with an error.
    TargetFailed = "target_failed" "目标返回错误,稍后自动重试" "The target answered with an error; the run tries again by itself",
    /// The target has no room left.
    TargetFull = "target_full" "目标空间不足,请扩容;恢复后自动续传" "The target has no room left; make room, and the run goes on by itself",
    /// A name that the target would cut off.
    TargetNameTooLong = "target_name_too_long" "名称超过目标数据库的长度上限,请缩短或改用文件方式" "A name is longer than the target takes; shorten it or have files delivered",
    /// The key is not delivered, so that rows cannot be updated by it.
    KeyNotGranted = "key_not_granted" "主键不在授权数据项内或已脱敏,无法增量更新;请改用全量,或申请主键" "The key is not among the granted items, or masked; run in full, or ask for the key",
    /// The change item cannot be followed.
    ChangeItemUnfit = "change_item_unfit" "变更数据项须已授权、未脱敏,且为整数、日期或日期时间" "The change item must be granted, not masked, and a whole number, a date or a date and time",
    /// Too many rows were put aside.
    BadRowsTooMany = "bad_rows_too_many" "问题行超过上限,运行已停止;请提供方先处理数据质量" "Too many rows were put aside and the run has ended; the provider has to look into the data first",
    /// The two sides do not hold the same rows.
    DigestDiffers = "digest_differs" "目标读回的行数或摘要与发出的不一致,未切换;请检查目标后重新运行" "What was read back from the target is not what was sent; nothing was switched over. Check the target and run again",
    /// The officer ended it.
    Ended = "ended" "已由经办人终止" "It was ended by the officer",
    /// The task is gone.
    TaskGone = "task_gone" "任务已删除,运行终止" "The task is gone, and the run has ended with it",
    /// The run's own ledger cannot be read or written.
    LedgerFailed = "ledger_failed" "运行台账无法读写,请管理员检查磁盘" "The run's ledger cannot be read or written; the administrator has to look at the disk",
    /// A row: a text with a NUL character.
    TextHasNul = "text_has_nul" "文本含空字符(NUL)" "A text holds a NUL character",
    /// A row: a text longer than its column.
    TextTooLong = "text_too_long" "文本超过目标列长度" "A text is longer than its column",
    /// A row: a number outside its column's range or digits.
    NumberOutOfRange = "number_out_of_range" "数值超出目标列范围或精度" "A number does not fit its column",
    /// A row: empty where the column may not be.
    EmptyNotAllowed = "empty_not_allowed" "目标列不可为空" "A cell is empty where the column may not be",
    /// A row: the target refused it, by a constraint of its own.
    TargetRefused = "target_refused" "目标表的约束拒绝了该行" "The target refused the row by a constraint of its own",
    /// The table's engine knows no transactions.
    TargetEngine = "target_engine" "目标表的存储引擎不支持事务,请改用InnoDB" "The target table's engine knows no transactions; use InnoDB",
    /// Keys that differ are one key to the column's collation.
    TargetCollation = "target_collation" "目标表键列的排序规则会把不同的键视为相同,请改用二进制排序规则(如utf8mb4_bin)" "The collation of the target's key column takes different keys for one; give it a binary one such as utf8mb4_bin",
    /// Two items are one column to the target.
    TargetNamesCollide = "target_names_collide" "两个数据项的名称只有大小写不同,目标数据库视为同一列;请改用其他目标" "The names of two items differ in case only, which is one column to the target; use another target",
}

/// A reason with what its sentence needs: names, counts, types; never a value of the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchProblem {
    /// One of [`BatchCode`] or of [`ProblemCode`].
    pub code: String,
    /// Names, counts, types.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub params: Map<String, Json>,
}

impl BatchProblem {
    /// A reason without parameters.
    pub(super) fn new(code: BatchCode) -> Self {
        Self { code: code.as_str().to_owned(), params: Map::new() }
    }

    /// With one parameter more.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// What it means and what to do, in Chinese and in English; of a code that is no longer known, the code.
    pub fn titles(&self) -> (&str, &str) {
        let batch = BatchCode::ALL.iter().find(|code| code.as_str() == self.code).map(|code| code.titles());
        let plane = || ProblemCode::ALL.iter().find(|code| code.as_str() == self.code).map(|code| code.titles());
        batch.or_else(plane).unwrap_or((&self.code, &self.code))
    }
}

/// What stops an attempt.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Halt {
    /// It may go on later: after so many seconds, or after the usual wait, which grows from try to try.
    Again {
        /// Why.
        problem: BatchProblem,
        /// Seconds, when they are known; such a wait is not counted as a failed try.
        seconds: Option<u64>,
    },
    /// The run is over.
    Over(BatchProblem),
}

impl Halt {
    /// To be tried again after the usual wait.
    pub(super) fn again(code: BatchCode) -> Self {
        Self::Again { problem: BatchProblem::new(code), seconds: None }
    }

    /// The run is over.
    pub(super) fn over(code: BatchCode) -> Self {
        Self::Over(BatchProblem::new(code))
    }
}

impl From<Refused> for Halt {
    fn from(refused: Refused) -> Self {
        use ProblemCode as P;
        let problem = BatchProblem { code: refused.code.as_str().to_owned(), params: refused.params };
        match refused.code {
            // The day's count and the node's own book: known waits.
            P::DailyRowsExceeded | P::DailyBytesExceeded | P::BookStale | P::RecordUnavailable => {
                Self::Again { problem, seconds: Some(refused.retry_after.unwrap_or(1)) }
            }
            P::SourceUnreachable | P::SourceSlow | P::SourceChanged => Self::Again { problem, seconds: None },
            _ => Self::Over(problem),
        }
    }
}
