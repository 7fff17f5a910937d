//! Login, sessions and one-time links. There is no default password; a first login is a one-time link.

use crate::{
    App, AppError, Ctx, Edge,
    attempt::facts,
    view::{Me, Opened, SessionPrincipal},
};
use shuqiao_crypto::{password, secret};
use shuqiao_domain::{
    account::{self, Lock, Person, SESSION_SECONDS},
    case::CaseKind,
    organisation::check_place,
};
use shuqiao_policy::{Action, CaseResource, Permit, Principal, Resource};
use shuqiao_store::RecordActor;
use shuqiao_vocabulary::{Article, Moment};

/// How long a write's idempotency key is remembered, in seconds: a week, longer than any caller repeats itself.
const IDEMPOTENCY_SECONDS: i64 = 7 * 24 * 3_600;
/// Bytes of chance in a session token or a one-time link: 256 bits.
const TOKEN_BYTES: usize = 32;

/// Sessions and failures are facts of the account, not decisions under a policy.
fn door_permit() -> Permit {
    Permit::system("door", "who is let in is decided by the credential, not by a policy")
}

impl App {
    /// Logs a person in. What exactly was wrong is never told; an account with too many failures is locked for a while.
    pub async fn login(&self, edge: &Edge, login: &str, given: &str) -> Result<Opened, AppError> {
        if given.len() > account::PASSWORD_BYTES_MAX {
            return Err(AppError::LoginFailed);
        }
        let known = self.store.begin_read().await?.person_by_login(login).await?;
        let (person, phc, lock) = match known {
            Some((person, credential)) => (Some(person), credential.phc, credential.lock),
            None => (None, None, Lock::default()),
        };
        if lock.holds(edge.now) {
            let until = lock.until.unwrap_or(edge.now);
            self.login_refused(edge, person.as_ref(), "LoginWhileLocked", false).await?;
            return Err(AppError::LoginLocked { until });
        }
        let good = self.password_is_good(given.to_owned(), phc).await?;
        match person {
            Some(person) if good && person.active && !self.engaged(edge, &person).await? => {
                // Told like a wrong password; the record says why.
                self.login_refused(edge, Some(&person), "LoginOutsideEngagement", false).await?;
                Err(AppError::LoginFailed)
            }
            Some(person) if good && person.active => self.session_open(edge, person).await,
            person => {
                self.login_refused(edge, person.as_ref(), "LoginFailed", true).await?;
                Err(AppError::LoginFailed)
            }
        }
    }

    /// Checks a password on a thread of its own; an unknown login costs the same time as a known one.
    async fn password_is_good(&self, given: String, phc: Option<String>) -> Result<bool, AppError> {
        let _turn = self.password_checks.acquire().await.map_err(|e| AppError::Fault(e.to_string()))?;
        let check = move || match phc {
            Some(phc) => password::verify(&given, &phc),
            None => password::verify_absent(&given),
        };
        tokio::task::spawn_blocking(check).await.map_err(|e| AppError::Fault(e.to_string()))
    }

    async fn login_refused(
        &self,
        edge: &Edge,
        person: Option<&Person>,
        event: &str,
        counts: bool,
    ) -> Result<(), AppError> {
        let mut tx = self.store.begin_write().await?;
        let subject = person.map_or_else(|| "node".to_owned(), |person| person.id.to_string());
        if let (Some(person), true) = (person, counts) {
            // Read in this very transaction: guesses made side by side are each counted.
            let lock = tx.credential_fetch(person.id).await?.lock;
            tx.lock_save(person.id, lock.after_failure(edge.now), &door_permit()).await?;
        }
        tx.commit(self.happened(edge, RecordActor::Nobody, event, subject)).await?;
        Ok(())
    }

    async fn session_open(&self, edge: &Edge, person: Person) -> Result<Opened, AppError> {
        let who = self.principal_of(&person).await?;
        let token = secret::random_text(TOKEN_BYTES);
        let expires = edge.now.plus_seconds(SESSION_SECONDS);
        let permit = door_permit();
        let mut tx = self.store.begin_write().await?;
        tx.lock_save(person.id, Lock::default(), &permit).await?;
        tx.session_insert(secret::digest(&token), person.id, expires, &permit).await?;
        let actor = RecordActor::Person { person: person.id, organisation: person.organisation };
        tx.commit(self.happened(edge, actor, "LoginSucceeded", person.id)).await?;
        Ok(Opened { token, seconds: SESSION_SECONDS, who })
    }

    async fn principal_of(&self, person: &Person) -> Result<SessionPrincipal, AppError> {
        let organisation = self.store.begin_read().await?.organisation_fetch(person.organisation).await?;
        let principal = Principal {
            person: person.id,
            organisation: organisation.id,
            organisation_kind: organisation.kind,
            level: organisation.level,
            region: organisation.region,
            roles: person.roles.clone(),
        };
        Ok(SessionPrincipal { principal, person_name: person.name.clone() })
    }

    /// Who a session token belongs to, if it is good now. Roles and organisation are read anew for every operation.
    pub async fn session(&self, edge: &Edge, token: &str) -> Result<SessionPrincipal, AppError> {
        let mut tx = self.store.begin_read().await?;
        let session = tx.session_fetch(secret::digest(token), edge.now).await?.ok_or(AppError::Unauthenticated)?;
        let person = tx.person_fetch(session.person).await?;
        drop(tx);
        if !person.active || !self.engaged(edge, &person).await? {
            return Err(AppError::Unauthenticated);
        }
        self.principal_of(&person).await
    }

    /// Ends a session. An unknown token is no error: the caller wants it gone, and it is.
    pub async fn logout(&self, edge: &Edge, token: &str) -> Result<(), AppError> {
        let digest = secret::digest(token);
        let mut tx = self.store.begin_write().await?;
        let Some(session) = tx.session_fetch(digest, edge.now).await? else { return Ok(()) };
        let person = tx.person_fetch(session.person).await?;
        tx.session_delete(digest, &door_permit()).await?;
        let actor = RecordActor::Person { person: person.id, organisation: person.organisation };
        tx.commit(self.happened(edge, actor, "LoggedOut", person.id)).await?;
        Ok(())
    }

    /// Who I am, and what somebody of my roles may do here at all.
    pub async fn me(&self, ctx: &Ctx) -> Result<Me, AppError> {
        let mut tx = self.store.begin_read().await?;
        let person = tx.person_fetch(ctx.principal.person).await?;
        let organisation = tx.organisation_fetch(ctx.principal.organisation).await?;
        let can = Action::ALL.iter().copied().filter(|action| self.may_at_all(&ctx.principal, *action)).collect();
        Ok(Me { person, organisation, can })
    }

    /// Whether there is a thing of the person's own organisation that it may do this to: for menus.
    fn may_at_all(&self, principal: &Principal, action: Action) -> bool {
        let own = principal.organisation;
        let candidates = [
            Resource::Node,
            Resource::Organisation { id: own },
            Resource::Source { provider: own },
            Resource::System { organisation: own },
            Resource::Journal,
        ];
        candidates.iter().any(|resource| self.policies.may(principal, action, resource))
            || self.may_open_somewhere(principal, action)
    }

    /// Whether the action opens cases of a kind that the person could open about something.
    fn may_open_somewhere(&self, principal: &Principal, action: Action) -> bool {
        let own = principal.organisation;
        let Some(kind) = CaseKind::ALL.iter().copied().find(|kind| Action::case_open(*kind) == Some(action)) else {
            return false;
        };
        kind.states().into_iter().any(|state| {
            let case = CaseResource {
                kind,
                state,
                opener: own,
                respondent: None,
                authority: Some(own),
                concerned: Vec::new(),
                opened_by: Some(principal.person),
                prepared_by: None,
                people: Vec::new(),
            };
            self.policies.may(principal, action, &Resource::Case(case))
        })
    }

    /// Whose one-time link this is: login and name.
    pub async fn first_login_check(&self, edge: &Edge, token: &str) -> Result<(String, String), AppError> {
        let mut tx = self.store.begin_read().await?;
        let link = tx.link_fetch(secret::digest(token), edge.now).await?.ok_or(AppError::LinkInvalid)?;
        let person = tx.person_fetch(link.person).await?;
        Ok((person.login, person.name))
    }

    /// Sets the first password by a one-time link, which is used up; every session of the account ends.
    pub async fn first_login(&self, edge: &Edge, token: &str, chosen: &str) -> Result<(), AppError> {
        let (login, _) = self.first_login_check(edge, token).await?;
        account::check_password(&login, chosen)?;
        let phc = self.password_hashed(chosen.to_owned()).await?;
        let digest = secret::digest(token);
        let mut tx = self.store.begin_write().await?;
        // Looked up again: another may have used the link while the password was hashed.
        let link = tx.link_fetch(digest, edge.now).await?.ok_or(AppError::LinkInvalid)?;
        let person = tx.person_fetch(link.person).await?;
        let permit = door_permit();
        tx.link_use(digest, &permit).await?;
        tx.credential_save(person.id, &phc, &permit).await?;
        tx.lock_save(person.id, Lock::default(), &permit).await?;
        tx.sessions_delete_of(person.id, &permit).await?;
        let actor = RecordActor::Person { person: person.id, organisation: person.organisation };
        tx.commit(self.happened(edge, actor, "PasswordSet", person.id)).await?;
        Ok(())
    }

    async fn password_hashed(&self, chosen: String) -> Result<String, AppError> {
        let _turn = self.password_checks.acquire().await.map_err(|e| AppError::Fault(e.to_string()))?;
        tokio::task::spawn_blocking(move || password::hash(&chosen))
            .await
            .map_err(|e| AppError::Fault(e.to_string()))?
            .map_err(|e| AppError::Fault(e.to_string()))
    }

    /// A new one-time token for this login, for whoever runs the program on the node's own machine; the old password
    /// still works until it is used. It is recorded, so that nobody comes in this way unseen.
    pub async fn first_login_renew(&self, edge: &Edge, login: &str) -> Result<String, AppError> {
        let permit =
            Permit::system("operator", "whoever holds the node's folder can let people in, and it is recorded");
        let mut tx = self.store.begin_write().await?;
        let (person, _) = tx.person_by_login(login).await?.ok_or(AppError::NotFound)?;
        let token = secret::random_text(TOKEN_BYTES);
        let expires = edge.now.plus_seconds(account::ONE_TIME_LINK_SECONDS);
        tx.link_insert(secret::digest(&token), person.id, expires, &permit).await?;
        tx.commit(self.happened(edge, crate::attempt::task_of(&permit), "FirstLoginRenewed", person.id)).await?;
        Ok(token)
    }

    /// Removes sessions and one-time links that are over, and idempotency keys that no caller repeats any more. A
    /// reconciler: by timer, may run twice. Answers how many rows went.
    // INVARIANT (everything-has-a-limit): what is of no effect any more does not stay.
    pub async fn expired_sweep(&self, now: Moment) -> Result<u64, AppError> {
        let permit = Permit::system("expired_sweep", "what has expired has no effect; removing it decides nothing");
        let mut tx = self.store.begin_write().await?;
        let removed = tx.expired_delete(now, now.plus_seconds(-IDEMPOTENCY_SECONDS), &permit).await?;
        tx.commit_derived(&permit).await?;
        Ok(removed)
    }

    /// Makes the first account of an empty node, by a one-time link: first the seed's organisations and people.
    /// Answers the one-time tokens by login; empty when the node has people already.
    pub async fn seed(&self, edge: &Edge, seed: crate::Seed) -> Result<Vec<(String, String)>, AppError> {
        let permit = Permit::system("seed", Article::of(11));
        let mut tx = self.store.begin_write().await?;
        if tx.person_count().await? > 0 {
            return Ok(Vec::new());
        }
        let mut records = Vec::new();
        for (place, organisation) in seed.organisations.iter().enumerate() {
            check_place(organisation, seed.organisations.iter().take(place))?;
            tx.organisation_insert(organisation, &permit).await?;
            let record = self.happened(edge, crate::attempt::task_of(&permit), "OrganisationCreated", organisation.id);
            records.push(record);
        }
        let mut links = Vec::new();
        for new in &seed.people {
            let person = crate::people::opened(edge.mint(), new)?;
            let token = secret::random_text(TOKEN_BYTES);
            let expires = edge.now.plus_seconds(account::ONE_TIME_LINK_SECONDS);
            tx.person_insert(&person, &permit).await?;
            tx.link_insert(secret::digest(&token), person.id, expires, &permit).await?;
            let mut record = self.happened(edge, crate::attempt::task_of(&permit), "PersonCreated", person.id);
            record.facts = facts([("organisation", &person.organisation)]);
            records.push(record);
            links.push((person.login, token));
        }
        tx.commit_all(records).await?;
        Ok(links)
    }
}
