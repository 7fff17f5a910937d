//! One data call from token to answer: enforcement, source, check, mask, encode, record - and only then the answer.

use super::{CameFrom, Plane, Sent};
use crate::{
    compiled::{CompiledBook, CompiledGrant},
    cursor,
    encode::{Format, close_json},
    enforcement::{RestrictedQuery, restrict},
    mask::MaskedRows,
    meter::{RateState, ReservedBytes, ReservedRows},
    problem::{ProblemCode, Refused},
    query::TypedQuery,
    usage::{Authentication, NewUsage, Outcome},
};
use shuqiao_crypto::{
    digest,
    token::{Caller, Claims, TokenError},
};
use shuqiao_vocabulary::{
    ItemName, Moment, SharingMethod,
    id::{GrantId, OrganisationId},
};
use std::sync::Arc;

/// A call as it came in.
pub(crate) struct Call<'a> {
    /// The grant, as written in the address.
    pub(crate) grant: &'a str,
    /// The bearer token.
    pub(crate) bearer: Option<&'a str>,
    /// The body; `None` when it was larger than a query may be.
    pub(crate) body: Option<&'a [u8]>,
    /// The accepted form, if there is one.
    pub(crate) format: Option<Format>,
    /// The id for questions.
    pub(crate) request_id: &'a str,
    /// The moment of the call.
    pub(crate) now: Moment,
    /// The way of sharing.
    pub(crate) method: SharingMethod,
    /// How it was sent: address, signature.
    pub(crate) sent: Sent<'a>,
}

/// What a call comes to. Both have been recorded when they exist.
pub(crate) enum Answer {
    /// Data.
    Delivered(Delivery),
    /// A reason why not.
    Refused {
        refused: Refused,
        /// Its place in the usage log; `None` when the refusal is that nothing can be recorded, or of callers that have
        /// proven nothing and come too fast.
        record: Option<u64>,
        rate: Option<RateState>,
    },
}

/// Data that may leave.
pub(crate) struct Delivery {
    pub(crate) bytes: Vec<u8>,
    pub(crate) format: Format,
    pub(crate) next: Option<String>,
    pub(crate) record: Option<u64>,
    pub(crate) rate: Option<RateState>,
}

/// What is known of a call, as far as it got.
#[derive(Default)]
pub(crate) struct Facts {
    claims: Option<Claims>,
    grant: Option<GrantId>,
    provider: Option<OrganisationId>,
    pub(crate) purpose: String,
    pub(crate) items: Vec<ItemName>,
    pub(crate) rate: Option<RateState>,
    authentication: Option<Authentication>,
}

/// An answer that is ready and not yet recorded.
struct Prepared {
    bytes: Vec<u8>,
    format: Format,
    rows: MaskedRows,
    next: Option<String>,
    reserved: ReservedBytes,
}

impl Facts {
    /// Counts the call against the grant's calls a second.
    ///
    /// # Errors
    /// `rate_exceeded`.
    pub(crate) fn count(&mut self, grant: &CompiledGrant) -> Result<(), Refused> {
        let (state, within) = match grant.meter.call() {
            Ok(state) => (state, true),
            Err(state) => (state, false),
        };
        self.rate = Some(state);
        let refused = Refused::new(ProblemCode::RateExceeded).with("limit", state.limit);
        if within { Ok(()) } else { Err(refused.again_after(state.reset_seconds)) }
    }
}

impl Plane {
    /// Answers a data call.
    pub(crate) async fn call(&self, call: &Call<'_>) -> Answer {
        let mut facts = Facts::default();
        match self.deliver(call, &mut facts).await {
            Ok((prepared, rows)) => self.record_delivery(call, facts, prepared, rows).await,
            Err(refused) => self.record_refusal(call, facts, refused).await,
        }
    }

    async fn deliver(&self, call: &Call<'_>, facts: &mut Facts) -> Result<(Prepared, ReservedRows), Refused> {
        let (grant, claims) = self.admit(call, facts)?;
        let format = call.format.ok_or_else(|| Refused::new(ProblemCode::NotAcceptable))?;
        let body = call.body.ok_or_else(|| Refused::new(ProblemCode::BodyTooLarge))?;
        let query = TypedQuery::parse(body)?;
        if query.purpose == grant.terms.purpose {
            facts.purpose = query.purpose.clone();
        }
        facts.items = query.items.iter().filter(|name| grant.item(name).is_some()).cloned().collect();
        let mut restricted = restrict(&grant, &query, &claims, call.method, call.now)?;
        facts.items = restricted.item_names().cloned().collect();
        facts.count(&grant)?;
        let rows = grant.rows_of_day(call.now, u64::from(restricted.limit()))?;
        restricted.limit_to(rows.rows());
        let prepared = self.fetch(&grant, restricted, (query.after.as_deref(), format), call.now).await?;
        Ok((prepared, rows))
    }

    /// Source, check, mask, encode.
    async fn fetch(
        &self,
        grant: &Arc<CompiledGrant>,
        restricted: RestrictedQuery,
        (after, format): (Option<&str>, Format),
        now: Moment,
    ) -> Result<Prepared, Refused> {
        drop(self.bytes_of_day(grant, now, 0)?);
        let (source, plan) = grant.plan(&self.sources).await?;
        let context = cursor::context(&grant.terms.id, restricted.own_conditions());
        let after = after.map(|text| cursor::open(&self.keys.seal, &context, text, plan.key.len())).transpose()?;
        let columns = restricted.columns(&plan);
        let found = source.scan(&restricted.request(&plan, &columns, after.as_deref())).await?;
        let checked = restricted.check(&plan, &columns, found)?;
        let next = checked.last_key.as_ref().map(|key| cursor::seal(&self.keys.seal, &context, key));
        let masked = checked.mask()?;
        let bytes = masked.encode(format, next.as_deref())?;
        let reserved = self.bytes_of_day(grant, now, bytes.len() as u64)?;
        Ok(Prepared { bytes, format, rows: masked, next, reserved })
    }

    /// Who calls, and the grant they may speak of.
    pub(crate) fn admit(&self, call: &Call<'_>, facts: &mut Facts) -> Result<(Arc<CompiledGrant>, Claims), Refused> {
        let book = self.book();
        let wanted = call.grant.parse::<GrantId>().ok();
        let grant = wanted.and_then(|id| book.grants.get(&id));
        facts.grant = grant.map(|grant| grant.terms.id);
        facts.provider = grant.map(|grant| grant.terms.provider);
        if let Some(Err(refused)) = &call.sent.national {
            return Err(refused.clone());
        }
        let claims = self.claims((call.bearer, &call.sent.from), &book, call.now)?;
        facts.claims = Some(claims);
        self.current(call.now)?;
        let proven = self.prove(&call.sent, call.body, &claims, &book, call.now)?;
        facts.authentication = Some(proven);
        // A grant of somebody else and no grant at all are answered alike, before anything else of the call is read.
        let missing = || Refused::new(ProblemCode::GrantMissing).asking_at(&self.settings.request_url);
        match grant {
            Some(grant)
                if grant.terms.requester == claims.organisation
                    && claims.grant.is_none_or(|only| only == grant.terms.id) =>
            {
                let by_system = matches!(claims.caller, Caller::System(_));
                if grant.terms.signature_required && by_system && proven != Authentication::Signed {
                    return Err(Refused::new(ProblemCode::SignatureRequired));
                }
                Ok((grant.clone(), claims))
            }
            Some(_) => Err(missing()),
            None => match wanted.and_then(|id| Some((id, book.gone.get(&id)?))) {
                Some((id, holder)) if *holder == claims.organisation => {
                    facts.grant = Some(id);
                    Err(Refused::new(ProblemCode::GrantRevoked).asking_at(&self.settings.request_url))
                }
                _ => Err(missing()),
            },
        }
    }

    /// Whose call it is, with all that the system must prove besides its token; of no grant in particular.
    ///
    /// # Errors
    /// What is not proven.
    pub(crate) fn proven(&self, call: &Call<'_>) -> Result<Claims, Refused> {
        let book = self.book();
        let claims = self.claims((call.bearer, &call.sent.from), &book, call.now)?;
        self.prove(&call.sent, call.body, &claims, &book, call.now)?;
        Ok(claims)
    }

    /// What is to be recorded of a call that is refused for something else: whose it is, and of which grant.
    pub(crate) fn learn(&self, call: &Call<'_>, facts: &mut Facts) {
        let book = self.book();
        facts.claims = self.claims((call.bearer, &call.sent.from), &book, call.now).ok();
        let grant = call.grant.parse().ok().and_then(|id| book.grants.get(&id));
        facts.grant = grant.map(|grant| grant.terms.id);
        facts.provider = grant.map(|grant| grant.terms.provider);
    }

    /// What the token says. A system that has left the book since is nobody.
    pub(crate) fn claims(
        &self,
        (bearer, from): (Option<&str>, &CameFrom),
        book: &CompiledBook,
        now: Moment,
    ) -> Result<Claims, Refused> {
        let token = bearer.ok_or_else(|| Refused::new(ProblemCode::TokenMissing))?;
        let claims = self.keys.token.check(token, now, from.certificate.as_ref()).map_err(|error| match error {
            TokenError::Invalid => Refused::new(ProblemCode::TokenInvalid),
            TokenError::Certificate => Refused::new(ProblemCode::CertificateMismatch),
            TokenError::Expired(at) => Refused::new(ProblemCode::TokenExpired).with("expired", at.to_string()),
        })?;
        // A person only ever tries one grant; whether they still may is seen to where their token is minted.
        let bound = matches!(claims.caller, Caller::System(_)) || claims.grant.is_some();
        if bound && book.knows(&claims) { Ok(claims) } else { Err(Refused::new(ProblemCode::TokenInvalid)) }
    }

    // INVARIANT (record-before-answer): the answer is made only from the index that the log has given back.
    async fn record_delivery(
        &self,
        call: &Call<'_>,
        facts: Facts,
        mut prepared: Prepared,
        reserved: ReservedRows,
    ) -> Answer {
        if prepared.format == Format::Json {
            prepared.bytes.push(b'}');
        }
        let digest = digest::sha256_hex(&prepared.bytes);
        let (rows, rate) = (prepared.rows.rows.len() as u64, facts.rate);
        let outcome = Outcome::Delivered { rows, bytes: prepared.bytes.len() as u64, digest };
        let Ok(index) = self.usage.append(new_usage(call, facts, outcome)).await else {
            return unrecorded();
        };
        reserved.keep(rows);
        if prepared.format == Format::Json {
            prepared.bytes.pop();
            close_json(&mut prepared.bytes, index, self.usage.origin());
        }
        let Prepared { bytes, format, next, rows, reserved } = prepared;
        reserved.keep();
        self.trace.answered(index, rows).await;
        Answer::Delivered(Delivery { bytes, format, next, record: Some(index), rate })
    }

    pub(crate) async fn record_refusal(&self, call: &Call<'_>, facts: Facts, refused: Refused) -> Answer {
        let rate = facts.rate;
        // An expired token still says whose it was, if it was ours.
        let expired = || call.bearer.and_then(|token| self.keys.token.authentic(token));
        let claims = facts.claims.or_else(expired);
        // Of another department's grant nothing is said, not even that it is one.
        let held = |id: &GrantId| self.book().grants.get(id).map(|grant| grant.terms.requester);
        let grant = facts.grant.filter(|id| claims.is_some_and(|claims| held(id) == Some(claims.organisation)));
        let whose = (claims.map(|claims| claims.organisation), claims.is_some());
        // Of a national call it is kept already, for the department that was named.
        if !matches!(call.sent.national, Some(Err(_))) {
            self.keep_refusal(&refused, call.now, call.request_id, whose, grant);
        }
        if facts.claims.is_none() && self.unproven.check().is_err() {
            return Answer::Refused { refused, record: None, rate };
        }
        let outcome = Outcome::Refused { code: refused.code.as_str().to_owned() };
        match self.usage.append(new_usage(call, facts, outcome)).await {
            Ok(index) => Answer::Refused { refused, record: Some(index), rate },
            Err(_) => unrecorded(),
        }
    }

    /// The same call with governance switched off: no token, no grant's terms, no check, no mask, no meter, no record.
    /// The floor that a benchmark measures the rest by; never compiled into the product.
    #[cfg(feature = "bench-floor")]
    pub(crate) async fn call_floor(&self, call: &Call<'_>) -> Result<Delivery, Refused> {
        let format = call.format.ok_or_else(|| Refused::new(ProblemCode::NotAcceptable))?;
        let query = TypedQuery::parse(call.body.unwrap_or_default())?;
        let grant = call.grant.parse::<GrantId>().ok().and_then(|id| self.book().grants.get(&id).cloned());
        let grant = &grant.ok_or_else(|| Refused::new(ProblemCode::GrantMissing))?;
        let restricted = RestrictedQuery::unrestricted(grant, &query)?;
        let (source, plan) = grant.plan(&self.sources).await?;
        let columns = restricted.columns(&plan);
        let found = source.scan(&restricted.request(&plan, &columns, None)).await?;
        let rows = restricted.check(&plan, &columns, found)?.unmasked();
        let mut bytes = rows.encode(format, None)?;
        if format == Format::Json {
            bytes.push(b'}');
        }
        Ok(Delivery { bytes, format, next: None, record: None, rate: None })
    }
}

fn unrecorded() -> Answer {
    let refused = Refused::new(ProblemCode::RecordUnavailable).again_after(1);
    Answer::Refused { refused, record: None, rate: None }
}

pub(super) fn new_usage(call: &Call<'_>, facts: Facts, outcome: Outcome) -> NewUsage {
    NewUsage {
        at: call.now,
        grant: facts.grant,
        caller: facts.claims.map(|claims| claims.caller),
        organisation: facts.claims.map(|claims| claims.organisation),
        provider: facts.provider,
        purpose: facts.purpose,
        method: call.method,
        outcome,
        items: facts.items,
        request_id: call.request_id.to_owned(),
        authentication: facts.authentication,
    }
}
