//! Providers' gateways.

use crate::{
    book::BookThing,
    conn::{Conn, Row, integer},
    error::{Result, StoreError},
    page::Revised,
    select::Select,
    tx::Tx,
};
use shuqiao_domain::gateway::Gateway;
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{GatewayId, Moment, OrganisationId};

/// Most gateways that are listed.
const GATEWAYS_MAX: i64 = 10_000;

/// What every read of gateways begins with.
const GATEWAY_COLUMNS: &str = "select id, revision, provider, name, registered_at, removed_at from gateway";

impl Conn {
    /// The gateway of this id.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn gateway_fetch(&mut self, id: GatewayId) -> Result<Revised<Gateway>> {
        let mut select = Select::new(GATEWAY_COLUMNS);
        select.push(" where id = ").bind(id.to_string());
        gateway(&self.one(select.query()).await?)
    }

    /// The gateways of a provider, removed ones too, or those of all that are not removed; in the order in which they were
    /// registered.
    ///
    /// # Errors
    /// `Unavailable`, `Corrupt`.
    pub async fn gateway_list(&mut self, provider: Option<OrganisationId>) -> Result<Vec<Gateway>> {
        let mut select = Select::new(GATEWAY_COLUMNS);
        match provider {
            Some(provider) => select.push(" where provider = ").bind(provider.to_string()),
            None => select.push(" where removed_at is null"),
        };
        select.push(" order by id limit ").bind(GATEWAYS_MAX);
        self.each(select.query(), |row| Ok(gateway(row)?.value)).await
    }
}

impl Tx {
    /// Registers a gateway.
    ///
    /// # Errors
    /// `NotFound` when there is no such provider.
    pub async fn gateway_insert(&mut self, gateway: &Gateway, permit: &Permit) -> Result<Revised<Gateway>> {
        let insert = sqlx::query(
            "insert into gateway (id, revision, provider, name, registered_at, removed_at) \
             values ($1, 1, $2, $3, $4, $5)",
        )
        .bind(gateway.id.to_string())
        .bind(gateway.provider.to_string())
        .bind(gateway.name.clone())
        .bind(gateway.registered.microseconds())
        .bind(gateway.removed.map(Moment::microseconds));
        self.changing_book(BookThing::Gateway(gateway.id), permit).write(insert, "gateway").await?;
        Ok(Revised { value: gateway.clone(), revision: 1 })
    }

    /// Saves a gateway that was seen at this revision.
    ///
    /// # Errors
    /// `Stale`, `NotFound`.
    pub async fn gateway_save(&mut self, gateway: &Gateway, seen: u64, permit: &Permit) -> Result<Revised<Gateway>> {
        let update = sqlx::query(
            "update gateway set revision = revision + 1, provider = $3, name = $4, registered_at = $5, \
             removed_at = $6 where id = $1 and revision = $2",
        )
        .bind(gateway.id.to_string())
        .bind(integer(seen))
        .bind(gateway.provider.to_string())
        .bind(gateway.name.clone())
        .bind(gateway.registered.microseconds())
        .bind(gateway.removed.map(Moment::microseconds));
        let revision = sqlx::query("select revision from gateway where id = $1").bind(gateway.id.to_string());
        let changing = self.changing_book(BookThing::Gateway(gateway.id), permit);
        let revision = changing.revise(update, revision, seen, "gateway").await?;
        Ok(Revised { value: gateway.clone(), revision })
    }
}

fn gateway(row: &Row) -> Result<Revised<Gateway>> {
    let id = row.text(0)?;
    let read = || -> Result<Gateway> {
        Ok(Gateway {
            id: row.parsed(0)?,
            provider: row.parsed(2)?,
            name: row.text(3)?,
            registered: row.moment(4)?,
            removed: row.optional_moment(5)?,
        })
    };
    let value = read().map_err(|error| StoreError::corrupt(format!("gateway {id}: {error}")))?;
    Ok(Revised { value, revision: row.number(1)? })
}
