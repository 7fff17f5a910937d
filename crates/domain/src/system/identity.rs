//! What a system proves itself with beside its secrets: public keys with a time, addresses, whether it must sign.

use super::System;
use crate::refusal::{Refusal, RefusalCode};
use shuqiao_vocabulary::{AddressRange, GrantId, Moment};
use std::collections::BTreeSet;

/// Keys kept of one system, those included whose time is over: a refusal can then say so.
pub const KEYS_MAX: usize = 16;

/// Keys whose time is not over at one time: old and new may overlap, with room for a second machine.
pub const KEYS_LIVE_MAX: usize = 4;

/// Address ranges of one system.
pub const ADDRESSES_MAX: usize = 64;

/// The longest time of a key, in days: what is never exchanged is never known to be still held by its owner.
pub const KEY_DAYS_MAX: i64 = 731;

/// Services of one system with the national platform's call signature.
pub const SERVICES_MAX: usize = 100;

/// The longest code of the national platform.
const CODE_MAX: usize = 64;

/// The longest name of a key.
const KID_MAX: usize = 64;

/// Keys, addresses and habits of a system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemIdentity {
    /// Its public keys, in the order in which they were registered.
    pub keys: Vec<SystemKey>,
    /// From where it may call; empty means from anywhere.
    pub addresses: Vec<AddressRange>,
    /// Whether every data call of it must be signed.
    pub signature_required: bool,
    /// The national platform's call signature, while it may use that.
    pub national: Option<NationalAccess>,
    /// How many `appkey`s it has had: none is given out twice.
    pub appkeys: u64,
}

/// How a system calls with the national platform's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NationalAccess {
    /// The requester's code on the national platform (`gjgxjhpt_rid`).
    pub requester_code: String,
    /// What it may call.
    pub services: Vec<NationalService>,
}

/// A service code (`gjgxjhpt_sid`) and the grant that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NationalService {
    /// The code, such as `s_1200019900000_2024`.
    pub code: String,
    /// The grant.
    pub grant: GrantId,
}

/// A public key as a JSON Web Key has it, and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemKey {
    /// The name that the department gave it.
    pub kid: String,
    /// `kty`: `OKP` or `EC`.
    pub kty: String,
    /// `crv`: `Ed25519`, `P-256` or `SM2`.
    pub crv: String,
    /// `x` in base64url.
    pub x: String,
    /// `y` in base64url, for `EC`.
    pub y: Option<String>,
    /// SHA-256 thumbprint (RFC 7638).
    pub thumbprint: String,
    /// Good from this moment on.
    pub not_before: Moment,
    /// From this moment on no longer.
    pub not_after: Moment,
}

impl SystemKey {
    /// Whether its time is over.
    pub fn is_over(&self, now: Moment) -> bool {
        self.not_after <= now
    }
}

impl System {
    /// The system with one key more.
    ///
    /// # Errors
    /// When its name is not well formed, name or key are taken, its time makes no sense, or there are too many.
    pub fn with_key(mut self, key: SystemKey, now: Moment) -> Result<Self, Refusal> {
        self.must_be_active()?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if key.kid.is_empty() || key.kid.len() > KID_MAX || !key.kid.chars().all(plain) {
            return Err(Refusal::new(RefusalCode::NameRefused, None).with("field", "kid").with("max", KID_MAX));
        }
        let longest = key.not_before.plus_seconds(KEY_DAYS_MAX * 86_400);
        if key.not_after <= key.not_before || key.is_over(now) || key.not_after > longest {
            return Err(Refusal::new(RefusalCode::KeyPeriodRefused, None).with("max_days", KEY_DAYS_MAX));
        }
        // A name is used once: what a refusal said about a key must stay true of that key.
        let keys = &mut self.identity.keys;
        if keys.iter().any(|kept| kept.kid == key.kid || kept.thumbprint == key.thumbprint) {
            return Err(Refusal::new(RefusalCode::KeyTaken, None).with("kid", &key.kid));
        }
        if keys.iter().filter(|kept| !kept.is_over(now)).count() >= KEYS_LIVE_MAX {
            return Err(Refusal::new(RefusalCode::KeysTooMany, None).with("max", KEYS_LIVE_MAX));
        }
        keys.push(key);
        while keys.len() > KEYS_MAX {
            match keys.iter().position(|kept| kept.is_over(now)) {
                Some(oldest) => keys.remove(oldest),
                None => break,
            };
        }
        Ok(self)
    }

    /// The system with this key's time ended now.
    ///
    /// # Errors
    /// When there is no such key, or its time is over.
    pub fn with_key_retired(mut self, kid: &str, now: Moment) -> Result<Self, Refusal> {
        self.must_be_active()?;
        let key = self.identity.keys.iter_mut().find(|key| key.kid == kid && !key.is_over(now));
        let key = key.ok_or_else(|| Refusal::new(RefusalCode::KeyMissing, None))?;
        key.not_after = now;
        // A key that never came into its time must not look as if it would.
        key.not_before = key.not_before.min(now);
        Ok(self)
    }

    /// The system that calls from these addresses, signed or not.
    ///
    /// # Errors
    /// When an address range is not well formed, or there are too many.
    pub fn with_calling(mut self, addresses: &[String], signature_required: bool) -> Result<Self, Refusal> {
        self.must_be_active()?;
        let refused = |what: &str| {
            let what: String = what.chars().take(50).collect();
            Refusal::new(RefusalCode::AddressRefused, None).with("address", what).with("max", ADDRESSES_MAX)
        };
        if addresses.len() > ADDRESSES_MAX {
            return Err(refused(""));
        }
        let parsed = addresses.iter().map(|text| text.trim().parse().map_err(|_| refused(text)));
        self.identity.addresses = parsed.collect::<Result<_, _>>()?;
        self.identity.signature_required = signature_required;
        Ok(self)
    }

    /// The system that may use the national platform's call signature in this way; `new_key` replaces its `appkey`.
    ///
    /// # Errors
    /// When a code is not well formed or stands twice, or there are none or too many.
    pub fn with_national(mut self, access: NationalAccess, new_key: bool) -> Result<Self, Refusal> {
        self.must_be_active()?;
        let plain = |text: &str| {
            (1..=CODE_MAX).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_@.".contains(&b))
        };
        let refused = |field| Err(Refusal::new(RefusalCode::NationalRefused, None).with("field", field));
        let codes: BTreeSet<&str> = access.services.iter().map(|service| service.code.as_str()).collect();
        if !plain(&access.requester_code) {
            return refused("requester_code");
        }
        let count = access.services.len();
        if codes.len() != count || !(1..=SERVICES_MAX).contains(&count) || !codes.into_iter().all(plain) {
            return refused("services");
        }
        if new_key || self.identity.national.is_none() {
            self.identity.appkeys += 1;
        }
        self.identity.national = Some(access);
        Ok(self)
    }

    /// The system that may use the national platform's call signature no more.
    ///
    /// # Errors
    /// When it may not anyway.
    pub fn without_national(mut self) -> Result<Self, Refusal> {
        self.must_be_active()?;
        if self.identity.national.take().is_none() {
            return Err(Refusal::new(RefusalCode::AlreadyInactive, None));
        }
        Ok(self)
    }

    fn must_be_active(&self) -> Result<(), Refusal> {
        if self.active { Ok(()) } else { Err(Refusal::new(RefusalCode::AlreadyInactive, None)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment::from_microseconds(1_000_000_000);

    fn system() -> System {
        System {
            id: "sys_00000000000000000000000000000001".parse().unwrap(),
            organisation: "org_00000000000000000000000000000001".parse().unwrap(),
            name: "系统".to_owned(),
            secret_digests: Vec::new(),
            active: true,
            identity: SystemIdentity::default(),
        }
    }

    fn key(kid: &str, from: i64, until: i64) -> SystemKey {
        let text = || kid.to_owned();
        SystemKey {
            kid: text(),
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x: text(),
            y: None,
            thumbprint: text(),
            not_before: NOW.plus_seconds(from),
            not_after: NOW.plus_seconds(until),
        }
    }

    fn code(result: Result<System, Refusal>) -> RefusalCode {
        result.map(|_| ()).unwrap_err().code
    }

    #[test]
    fn keys_overlap_and_end() {
        let two = system().with_key(key("a", -10, 10), NOW).unwrap().with_key(key("b", 0, 100), NOW).unwrap();
        assert!(two.identity.keys.iter().all(|key| !key.is_over(NOW)));
        let one = two.clone().with_key_retired("a", NOW).unwrap();
        assert!(one.identity.keys[0].is_over(NOW) && !one.identity.keys[1].is_over(NOW));
        assert_eq!(code(one.with_key_retired("a", NOW)), RefusalCode::KeyMissing);
        assert_eq!(code(two.clone().with_key(key("a", 0, 5), NOW)), RefusalCode::KeyTaken);
        let four = two.with_key(key("c", 0, 5), NOW).unwrap().with_key(key("d", 0, 5), NOW).unwrap();
        assert_eq!(code(four.clone().with_key(key("e", 0, 5), NOW)), RefusalCode::KeysTooMany);
        let closed = System { active: false, ..four };
        assert_eq!(code(closed.with_key(key("e", 0, 5), NOW)), RefusalCode::AlreadyInactive);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for kid in ["", "a b", "密钥", &"a".repeat(65)] {
            assert_eq!(code(system().with_key(key(kid, 0, 5), NOW)), RefusalCode::NameRefused, "{kid}");
        }
        for (from, until) in [(5, 5), (-10, 0), (0, KEY_DAYS_MAX * 86_400 + 1)] {
            assert_eq!(code(system().with_key(key("a", from, until), NOW)), RefusalCode::KeyPeriodRefused);
        }
        let calling = |addresses: &[&str]| {
            let addresses: Vec<String> = addresses.iter().map(|text| (*text).to_owned()).collect();
            system().with_calling(&addresses, true)
        };
        let called = calling(&["10.0.0.0/8", " ::1 "]).unwrap().identity;
        assert!(called.signature_required && called.addresses.len() == 2);
        assert_eq!(code(calling(&["10.0.0.1/8"])), RefusalCode::AddressRefused);
        assert_eq!(code(calling(&["::1"; 65])), RefusalCode::AddressRefused);
    }

    #[test]
    fn an_appkey_is_never_given_out_twice() {
        let access = |code: &str| NationalAccess {
            requester_code: "r_1".to_owned(),
            services: vec![NationalService {
                code: code.to_owned(),
                grant: "grt_00000000000000000000000000000001".parse().unwrap(),
            }],
        };
        let on = system().with_national(access("s_1"), false).unwrap();
        assert_eq!(on.identity.appkeys, 1);
        let changed = on.with_national(access("s_2"), false).unwrap();
        assert_eq!(changed.identity.appkeys, 1, "another service, the same key");
        let off = changed.with_national(access("s_2"), true).unwrap().without_national().unwrap();
        assert_eq!((off.identity.appkeys, &off.identity.national), (2, &None));
        assert_eq!(code(off.clone().without_national()), RefusalCode::AlreadyInactive);
        assert_eq!(off.with_national(access("s_1"), false).unwrap().identity.appkeys, 3);
        for bad in ["", "s 1", "服务"] {
            assert_eq!(code(system().with_national(access(bad), false)), RefusalCode::NationalRefused);
        }
    }

    #[test]
    fn the_oldest_key_that_is_over_gives_way() {
        let mut system = system();
        for n in 0..20 {
            system = system.with_key(key(&format!("k{n}"), 0, 5), NOW).unwrap();
            system = system.with_key_retired(&format!("k{n}"), NOW).unwrap();
        }
        assert_eq!(system.identity.keys.len(), KEYS_MAX);
        assert_eq!(system.identity.keys[0].kid, "k4");
    }
}
