//! Calls with the national platform's signature (`gjgxjhpt_*`), for clients that cannot be changed. Off unless a system
//! has it; each such call says so in its usage record, and none is taken where a message signature is demanded.

use super::{Plane, identity::check_address, replay::Taken};
use crate::{
    book::{NationalCredential, SystemCredential},
    compiled::CompiledBook,
    problem::{ProblemCode, Refused},
};
use shuqiao_crypto::{
    national::{self, NationalCall, WrappedSecret},
    token::{Caller, Claims},
};
use shuqiao_vocabulary::{Moment, id::GrantId};
use std::net::IpAddr;

/// How far `gjgxjhpt_rtime` may be from our clock, in milliseconds: five minutes.
const WINDOW_MILLISECONDS: i64 = 300_000;

/// The four fields of a call, as they were sent.
#[derive(Default)]
pub(crate) struct NationalFields {
    pub(crate) requester: String,
    pub(crate) service: String,
    pub(crate) time: String,
    pub(crate) signature: String,
}

/// A call that was known by its national signature.
pub(crate) struct NationalAdmission {
    /// The grant that the service code stands for.
    pub(crate) grant: GrantId,
    /// A token for this one call.
    pub(crate) bearer: String,
    /// The purpose of the grant, for a client that knows of none.
    pub(crate) purpose: String,
}

impl Plane {
    /// Who calls what, by the four fields.
    ///
    /// # Errors
    /// When the call is not known, not of this time, signed wrongly, or was sent before.
    pub(crate) fn national_admit(
        &self,
        fields: &NationalFields,
        address: Option<IpAddr>,
        now: Moment,
    ) -> Result<NationalAdmission, Refused> {
        let book = self.book();
        let (system, credential) = self.national_system(&book, fields, now)?;
        check_address(&system.identity.addresses, address)?;
        let appkey = national::appkey(&self.keys.token, system.id, credential.serial);
        if !call(fields).is_signed_by(&appkey, now) {
            return Err(Refused::new(ProblemCode::NationalSignatureInvalid).with("signed_with", "appsecret"));
        }
        self.national_once(system, fields, now)?;
        let grant = credential.services.iter().find(|(code, _)| *code == fields.service).map(|(_, grant)| *grant);
        let grant = grant.ok_or_else(|| Refused::new(ProblemCode::NationalNotEnabled))?;
        let purpose = book.grants.get(&grant).map(|grant| grant.terms.purpose.clone()).unwrap_or_default();
        let claims = Claims {
            caller: Caller::System(system.id),
            organisation: system.organisation,
            grant: Some(grant),
            expires: now.plus_seconds(1),
        };
        Ok(NationalAdmission { grant, bearer: self.keys.token.mint(&claims), purpose })
    }

    /// The secret for the next hours, for a request that was signed with the `appkey`.
    ///
    /// # Errors
    /// As [`Plane::national_admit`].
    pub(crate) fn national_secret(
        &self,
        fields: &NationalFields,
        address: Option<IpAddr>,
        now: Moment,
    ) -> Result<WrappedSecret, Refused> {
        let book = self.book();
        let (system, credential) = self.national_system(&book, fields, now)?;
        check_address(&system.identity.addresses, address)?;
        let appkey = national::appkey(&self.keys.token, system.id, credential.serial);
        if !call(fields).is_signed_with(&appkey) {
            return Err(Refused::new(ProblemCode::NationalSignatureInvalid).with("signed_with", "appkey"));
        }
        self.national_once(system, fields, now)?;
        Ok(national::wrapped_secret(&appkey, now))
    }

    /// Keeps a refusal for questions of the department whose code was named.
    pub(crate) fn national_refused(&self, fields: &NationalFields, refused: &Refused, now: Moment, request_id: &str) {
        let book = self.book();
        let named = book.national().find(|system| {
            system.identity.national.as_ref().is_some_and(|national| national.requester_code == fields.requester)
        });
        self.keep_refusal(refused, now, request_id, (named.map(|system| system.organisation), false), None);
    }

    /// The system of this requester that may call this service; before anything secret is computed.
    fn national_system<'a>(
        &self,
        book: &'a CompiledBook,
        fields: &NationalFields,
        now: Moment,
    ) -> Result<(&'a SystemCredential, &'a NationalCredential), Refused> {
        self.current(now)?;
        let time: i64 = fields.time.parse().map_err(|_| Refused::new(ProblemCode::NationalOutOfTime))?;
        let off = now.microseconds().div_euclid(1_000).saturating_sub(time);
        if off.saturating_abs() > WINDOW_MILLISECONDS {
            return Err(Refused::new(ProblemCode::NationalOutOfTime).with("seconds", off / 1_000));
        }
        if time.div_euclid(1_000) < self.identity.started {
            // What this plane's last run has taken is forgotten.
            return Err(Refused::new(ProblemCode::NationalOutOfTime).with("check", "before_the_node_started"));
        }
        let of_service = |national: &NationalCredential| {
            national.requester_code == fields.requester
                && national.services.iter().any(|(code, _)| *code == fields.service)
        };
        let found = book.national().find_map(|system| {
            system.identity.national.as_ref().filter(|national| of_service(national)).map(|national| (system, national))
        });
        found.ok_or_else(|| Refused::new(ProblemCode::NationalNotEnabled))
    }

    fn national_once(&self, system: &SystemCredential, fields: &NationalFields, now: Moment) -> Result<(), Refused> {
        let end = now.plus_seconds(2 * WINDOW_MILLISECONDS / 1_000);
        let signed = format!("{} {} {}", fields.service, fields.time, fields.signature);
        match self.identity.replays.take(system.id, "national", &signed, end, now) {
            Taken::First => Ok(()),
            Taken::Again => Err(Refused::new(ProblemCode::NationalReplayed)),
            Taken::Full => Err(Refused::new(ProblemCode::ReplayMemoryFull).again_after(60)),
        }
    }
}

fn call(fields: &NationalFields) -> NationalCall<'_> {
    NationalCall {
        requester: &fields.requester,
        service: &fields.service,
        time: &fields.time,
        signature: &fields.signature,
    }
}
