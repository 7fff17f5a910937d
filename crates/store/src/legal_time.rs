//! Rule sets and notices of the calendar. Rows are added and never changed; the database refuses it too.

use crate::{conn::Conn, conn::integer, error::Result, stored, tx::Tx};
use shuqiao_calendar::{LateNotice, Overlay};
use shuqiao_domain::RuleSet;
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{CalendarNoticeId, Moment, RuleSetId};

/// A rule set as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetRow {
    /// Its id.
    pub id: RuleSetId,
    /// When it was adopted.
    pub at: Moment,
    /// What it says.
    pub value: RuleSet,
}

/// A notice: of the nation, or of a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeRow {
    /// Of the nation.
    Nation(LateNotice),
    /// Of a region.
    Region(Overlay),
}

impl NoticeRow {
    /// Its number.
    pub fn number(&self) -> &str {
        match self {
            Self::Nation(late) => &late.notice.number,
            Self::Region(overlay) => &overlay.notice.number,
        }
    }
}

impl Conn {
    /// Every rule set, in the order of adoption.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn rule_set_list(&mut self) -> Result<Vec<RuleSetRow>> {
        let select = sqlx::query("select id, at, body from rule_set order by position");
        self.each(select, |row| {
            let id: RuleSetId = row.parsed(0)?;
            Ok(RuleSetRow { id, at: row.moment(1)?, value: stored::rule_set_read(&row.text(0)?, &row.text(2)?)? })
        })
        .await
    }

    /// Every notice with its id and when it was added, in the order in which they came.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn calendar_notice_list(&mut self) -> Result<Vec<(CalendarNoticeId, Moment, NoticeRow)>> {
        let select = sqlx::query("select id, at, body from calendar_notice order by position");
        self.each(select, |row| {
            Ok((row.parsed(0)?, row.moment(1)?, stored::notice_read(&row.text(0)?, &row.text(2)?)?))
        })
        .await
    }
}

impl Tx {
    /// Adds a rule set; answers the text that is stored, for its digest.
    ///
    /// # Errors
    /// `Unavailable`, `Full`.
    pub async fn rule_set_insert(&mut self, row: &RuleSetRow, permit: &Permit) -> Result<String> {
        let position = self.counter_next("rule_set").await?;
        let body = stored::rule_set_text(&row.value)?;
        let insert = sqlx::query("insert into rule_set (id, position, at, body) values ($1, $2, $3, $4)")
            .bind(row.id.to_string())
            .bind(integer(position))
            .bind(row.at.microseconds())
            .bind(body.clone());
        self.deciding(permit).write(insert, "id").await?;
        Ok(body)
    }

    /// Adds a notice; answers the text that is stored, for its digest.
    ///
    /// # Errors
    /// `Taken` (`number`); `Unavailable`, `Full`.
    pub async fn calendar_notice_insert(
        &mut self,
        id: CalendarNoticeId,
        at: Moment,
        notice: &NoticeRow,
        permit: &Permit,
    ) -> Result<String> {
        let position = self.counter_next("calendar_notice").await?;
        let body = stored::notice_text(notice)?;
        let text = "insert into calendar_notice (id, position, number, at, body) values ($1, $2, $3, $4, $5)";
        let insert = sqlx::query(text)
            .bind(id.to_string())
            .bind(integer(position))
            .bind(notice.number().to_owned())
            .bind(at.microseconds())
            .bind(body.clone());
        self.deciding(permit).write(insert, "number").await?;
        Ok(body)
    }
}
