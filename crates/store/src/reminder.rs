//! The outbox of reminders: written once, read by people, delivered outside when there is a way.

use crate::{
    conn::{Conn, Row, integer},
    error::Result,
    select::Select,
    tx::Tx,
};
use shuqiao_domain::reminder::Reminder;
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{Moment, OrganisationId, PersonId, ReminderId, Role};
use std::collections::BTreeSet;

/// Reminders of one answer.
const REMINDERS_MAX: i64 = 100;

/// A reminder, and whether somebody has read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminded {
    /// The reminder.
    pub reminder: Reminder,
    /// Whether the reader has read it.
    pub read: bool,
}

/// A reminder that has not left the node.
pub type Undelivered = Reminder;

const COLUMNS: &str = "select outbox.id, kind, step, subject_kind, subject, number, due, organisation, role, created";

impl Conn {
    /// The newest reminders for somebody of an organisation in these roles, and whether this person has read them.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn reminder_list(
        &mut self,
        organisation: OrganisationId,
        roles: &BTreeSet<Role>,
        person: PersonId,
    ) -> Result<Vec<Reminded>> {
        if roles.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = Select::new(COLUMNS);
        select.push(
            ", case when outbox_read.at is null then 0 else 1 end from outbox left join outbox_read \
             on outbox_read.reminder = outbox.id and outbox_read.person = ",
        );
        select.bind(person.to_string()).push(" where organisation = ").bind(organisation.to_string());
        select.list(" and role in (", roles.iter().map(|role| role.as_str().to_owned()), ")");
        select.push(" order by created desc, outbox.id desc limit ").bind(REMINDERS_MAX);
        self.each(select.query(), |row| Ok(Reminded { reminder: reminder(row)?, read: row.flag(10)? })).await
    }

    /// How many reminders somebody has not read.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn reminder_unread(
        &mut self,
        organisation: OrganisationId,
        roles: &BTreeSet<Role>,
        person: PersonId,
    ) -> Result<u64> {
        if roles.is_empty() {
            return Ok(0);
        }
        let mut select = Select::new("select count(*) from outbox where organisation = ");
        select.bind(organisation.to_string());
        select.list(" and role in (", roles.iter().map(|role| role.as_str().to_owned()), ")");
        select.push(" and not exists (select 1 from outbox_read where reminder = outbox.id and person = ");
        select.bind(person.to_string()).push(")");
        self.one(select.query()).await?.number(0)
    }

    /// Whether a reminder of this clock of the case, due moment, kind and step was written.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn reminder_written(&mut self, like: &Reminder) -> Result<bool> {
        let text = "select count(*) from outbox \
                    where subject_kind = $5 and subject = $1 and due = $2 and kind = $3 and step = $4";
        let select = sqlx::query(text)
            .bind(like.subject.clone())
            .bind(like.due.microseconds())
            .bind(like.kind.as_str())
            .bind(i64::from(like.step))
            .bind(like.subject_kind.clone());
        Ok(self.one(select).await?.integer(0)? > 0)
    }

    /// The oldest reminders that have not left the node.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn reminder_undelivered(&mut self) -> Result<Vec<Undelivered>> {
        let mut select = Select::new(COLUMNS);
        select.push(" from outbox where delivered is null order by created, id limit ").bind(REMINDERS_MAX);
        self.each(select.query(), reminder).await
    }
}

impl Tx {
    /// Writes a reminder, once; answers whether it was not there yet.
    ///
    /// # Errors
    /// `NotFound` when there is no such organisation; `Unavailable`, `Full`.
    pub async fn reminder_insert(&mut self, one: &Reminder, permit: &Permit) -> Result<bool> {
        let insert = sqlx::query(
            "insert into outbox \
             (id, kind, step, subject_kind, subject, number, due, organisation, role, created) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             on conflict (subject_kind, subject, due, kind, step) do nothing",
        )
        .bind(one.id.to_string())
        .bind(one.kind.as_str())
        .bind(i64::from(one.step))
        .bind(one.subject_kind.clone())
        .bind(one.subject.clone())
        .bind(one.number.clone())
        .bind(one.due.microseconds())
        .bind(one.organisation.to_string())
        .bind(one.role.as_str())
        .bind(one.created.microseconds());
        Ok(self.deciding(permit).write(insert, "outbox_once").await? > 0)
    }

    /// Somebody has read these of the reminders that are theirs; answers how many were new to them.
    ///
    /// # Errors
    /// `Unavailable`, `Full`.
    pub async fn reminder_read(
        &mut self,
        ids: &[ReminderId],
        person: PersonId,
        at: Moment,
        permit: &Permit,
    ) -> Result<u64> {
        let mut read = 0_u64;
        for id in ids {
            let text = "insert into outbox_read (reminder, person, at) values ($1, $2, $3) on conflict do nothing";
            let insert = sqlx::query(text).bind(id.to_string()).bind(person.to_string()).bind(at.microseconds());
            read = read.saturating_add(self.deciding(permit).write(insert, "outbox_read").await?);
        }
        Ok(read)
    }

    /// A reminder has left the node. That decides nothing: commit with [`Tx::commit_derived`].
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Full`.
    pub async fn reminder_delivered(&mut self, id: ReminderId, at: Moment, _permit: &Permit) -> Result<()> {
        let update = sqlx::query("update outbox set delivered = $2 where id = $1")
            .bind(id.to_string())
            .bind(integer(u64::try_from(at.microseconds()).unwrap_or(0)));
        self.conn.write_one(update, "outbox").await
    }
}

fn reminder(row: &Row) -> Result<Reminder> {
    Ok(Reminder {
        id: row.parsed(0)?,
        kind: row.parsed(1)?,
        step: u16::try_from(row.integer(2)?).unwrap_or(u16::MAX),
        subject_kind: row.text(3)?,
        subject: row.text(4)?,
        number: row.text(5)?,
        due: row.moment(6)?,
        organisation: row.parsed(7)?,
        role: row.parsed(8)?,
        created: row.moment(9)?,
    })
}
