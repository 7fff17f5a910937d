//! Organisations.

use crate::{
    conn::{Conn, Row, parse},
    error::{Result, StoreError},
    tx::Tx,
};
use shuqiao_domain::organisation::Organisation;
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{OrganisationId, RegionCode};

/// Most organisations of a node.
const ORGANISATIONS_MAX: i64 = 20_000;

impl Conn {
    /// The organisation of this id.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn organisation_fetch(&mut self, id: OrganisationId) -> Result<Organisation> {
        let select =
            sqlx::query("select id, name, short_name, kind, level, region, code from organisation where id = $1")
                .bind(id.to_string());
        organisation(&self.one(select).await?)
    }

    /// Every organisation, in the order in which they were entered.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn organisation_list(&mut self) -> Result<Vec<Organisation>> {
        let select = sqlx::query(
            "select id, name, short_name, kind, level, region, code from organisation order by id limit $1",
        )
        .bind(ORGANISATIONS_MAX);
        self.each(select, organisation).await
    }

    /// How many organisations there are.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn organisation_count(&mut self) -> Result<u64> {
        self.one(sqlx::query("select count(*) from organisation")).await?.number(0)
    }
}

impl Tx {
    /// Enters an organisation.
    ///
    /// # Errors
    /// `Taken` (`name_or_code`) when another one has its name or its code.
    pub async fn organisation_insert(&mut self, organisation: &Organisation, permit: &Permit) -> Result<()> {
        let insert = sqlx::query(
            "insert into organisation (id, name, short_name, kind, level, region, code) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(organisation.id.to_string())
        .bind(organisation.name.clone())
        .bind(organisation.short_name.clone())
        .bind(organisation.kind.as_str())
        .bind(organisation.level.as_str())
        .bind(organisation.region.as_str().to_owned())
        .bind(organisation.code.as_ref().map(|code| code.as_str().to_owned()));
        self.deciding(permit).write(insert, "name_or_code").await?;
        Ok(())
    }
}

fn organisation(row: &Row) -> Result<Organisation> {
    let id = row.text(0)?;
    let read = || -> Result<Organisation> {
        Ok(Organisation {
            id: row.parsed(0)?,
            name: row.text(1)?,
            short_name: row.text(2)?,
            kind: row.parsed(3)?,
            level: row.parsed(4)?,
            region: row.parsed::<RegionCode>(5)?,
            code: row.optional_text(6)?.as_deref().map(parse).transpose()?,
        })
    };
    read().map_err(|error| StoreError::corrupt(format!("organisation {id}: {error}")))
}
