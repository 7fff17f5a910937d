//! Accounts of people: who opens, resets, unlocks and closes them.

use crate::{App, AppError, Ctx, attempt::facts};
use shuqiao_crypto::secret;
use shuqiao_domain::{
    Refusal, RefusalCode,
    account::{self, Lock, Person},
    organisation::Organisation,
};
use shuqiao_policy::{Action, Permit, Resource, role_conflict};
use shuqiao_store::{StoreError, Tx};
use shuqiao_vocabulary::{OrganisationId, PersonId, Role};
use std::collections::BTreeSet;

/// An account to be opened.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Login name.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The roles.
    pub roles: BTreeSet<Role>,
}

/// What an empty node begins with.
#[derive(Clone, Debug)]
pub struct Seed {
    /// Its organisations.
    pub organisations: Vec<Organisation>,
    /// Its people.
    pub people: Vec<NewPerson>,
}

/// The person of a new account: well-formed, and free of roles that are kept apart.
pub(crate) fn opened(id: PersonId, new: &NewPerson) -> Result<Person, Refusal> {
    if let Some((one, other)) = role_conflict(&new.roles) {
        return Err(Refusal::new(RefusalCode::RolesConflict, None).with("one", one).with("other", other));
    }
    account::open(id, &new.login, &new.name, new.organisation, new.roles.clone())
}

fn of_person(person: &Person) -> Resource {
    Resource::Person { organisation: person.organisation, id: person.id }
}

impl App {
    /// The people that the reader may see: of every organisation, or of the own one.
    pub async fn person_list(&self, ctx: &Ctx) -> Result<Vec<Person>, AppError> {
        let own = ctx.principal.organisation;
        let listed = self.store.begin_read().await?.person_list(None).await?;
        let seen = |person: &Person| self.policies.may(&ctx.principal, Action::PersonRead, &of_person(person));
        let visible: Vec<Person> = listed.into_iter().filter(seen).collect();
        if visible.is_empty() {
            let organisation = Resource::Person { organisation: own, id: ctx.principal.person };
            self.attempt(ctx, Action::PersonRead, "node", async {
                self.permit(ctx, Action::PersonRead, &organisation).map(|_| ())
            })
            .await?;
        }
        Ok(visible)
    }

    /// Opens an account; answers the token of its one-time link, shown once.
    pub async fn person_create(&self, ctx: &Ctx, new: NewPerson) -> Result<(Person, String), AppError> {
        if let Some(subject) = self.replayed(ctx).await? {
            return Err(AppError::AlreadyDone { subject });
        }
        self.attempt(ctx, Action::PersonCreate, "node", async {
            let id = ctx.edge.mint();
            let resource = Resource::Person { organisation: new.organisation, id };
            let permit = self.permit(ctx, Action::PersonCreate, &resource)?;
            let person = opened(id, &new)?;
            let mut tx = self.store.begin_write().await?;
            tx.organisation_fetch(new.organisation).await?;
            match tx.person_insert(&person, &permit).await {
                Err(StoreError::Taken { .. }) => {
                    return Err(Refusal::new(RefusalCode::LoginTaken, None).with("login", &person.login).into());
                }
                other => other?,
            }
            let token = self.link_given(ctx, &mut tx, &person, &permit).await?;
            let roles = person.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(" ");
            let mut record = self.done(ctx, &permit, "PersonCreated", person.id);
            record.facts = facts([("organisation", &person.organisation), ("roles", &roles)]);
            tx.commit(record).await?;
            Ok((person, token))
        })
        .await
    }

    async fn link_given(&self, ctx: &Ctx, tx: &mut Tx, person: &Person, permit: &Permit) -> Result<String, AppError> {
        let token = secret::random_text(32);
        let expires = ctx.now().plus_seconds(account::ONE_TIME_LINK_SECONDS);
        tx.link_insert(secret::digest(&token), person.id, expires, permit).await?;
        Ok(token)
    }

    /// Gives a person a new one-time link; the old password still works until the link is used.
    pub async fn person_reset(&self, ctx: &Ctx, id: PersonId) -> Result<String, AppError> {
        if let Some(subject) = self.replayed(ctx).await? {
            return Err(AppError::AlreadyDone { subject });
        }
        self.attempt(ctx, Action::PersonReset, id, async {
            let mut tx = self.store.begin_write().await?;
            let person = tx.person_fetch(id).await?;
            let permit = self.permit(ctx, Action::PersonReset, &of_person(&person))?;
            let token = self.link_given(ctx, &mut tx, &person, &permit).await?;
            tx.commit(self.done(ctx, &permit, "PersonReset", id)).await?;
            Ok(token)
        })
        .await
    }

    /// Unlocks an account.
    pub async fn person_unlock(&self, ctx: &Ctx, id: PersonId) -> Result<Person, AppError> {
        self.attempt(ctx, Action::PersonUnlock, id, async {
            let mut tx = self.store.begin_write().await?;
            let person = tx.person_fetch(id).await?;
            let permit = self.permit(ctx, Action::PersonUnlock, &of_person(&person))?;
            tx.lock_save(id, Lock::default(), &permit).await?;
            tx.commit(self.done(ctx, &permit, "PersonUnlocked", id)).await?;
            Ok(person)
        })
        .await
    }

    /// Closes an account; its sessions end at once.
    pub async fn person_deactivate(&self, ctx: &Ctx, id: PersonId) -> Result<Person, AppError> {
        self.attempt(ctx, Action::PersonDeactivate, id, async {
            let mut tx = self.store.begin_write().await?;
            let mut person = tx.person_fetch(id).await?;
            let permit = self.permit(ctx, Action::PersonDeactivate, &of_person(&person))?;
            if !person.active {
                return Err(Refusal::new(RefusalCode::AlreadyInactive, None).into());
            }
            person.active = false;
            tx.person_save(&person, &permit).await?;
            tx.sessions_delete_of(id, &permit).await?;
            tx.commit(self.done(ctx, &permit, "PersonDeactivated", id)).await?;
            Ok(person)
        })
        .await
    }
}
