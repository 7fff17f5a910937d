//! Applications for several entries.

use crate::{
    conn::Conn,
    error::{Result, StoreError},
    tx::Tx,
};
use shuqiao_domain::request::Cart;
use shuqiao_policy::Permit;
use shuqiao_vocabulary::{CartId, Moment};

impl Conn {
    /// The application of this id.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`, `Corrupt`.
    pub async fn cart_fetch(&mut self, id: CartId) -> Result<Cart> {
        let select = sqlx::query("select id, number, requester, drafted_by, at from application_cart where id = $1")
            .bind(id.to_string());
        let row = self.one(select).await?;
        let read = || -> Result<Cart> {
            Ok(Cart {
                id: row.parsed(0)?,
                number: row.text(1)?,
                requester: row.parsed(2)?,
                drafted_by: row.parsed(3)?,
                at: Moment::from_microseconds(row.integer(4)?),
            })
        };
        read().map_err(|error| StoreError::corrupt(format!("application_cart {id}: {error}")))
    }
}

impl Tx {
    /// Begins an application. It never changes: its requests do.
    ///
    /// # Errors
    /// `Taken` (`number`); `NotFound` when there is no such department or person.
    pub async fn cart_insert(&mut self, cart: &Cart, permit: &Permit) -> Result<()> {
        let insert = sqlx::query(
            "insert into application_cart (id, number, requester, drafted_by, at) values ($1, $2, $3, $4, $5)",
        )
        .bind(cart.id.to_string())
        .bind(cart.number.clone())
        .bind(cart.requester.to_string())
        .bind(cart.drafted_by.to_string())
        .bind(cart.at.microseconds());
        self.deciding(permit).write(insert, "number").await?;
        Ok(())
    }
}
