//! Departments' systems.

use super::{at, id};
use shuqiao_domain::system::{NationalAccess, NationalService, System, SystemIdentity, SystemKey};

fn system_identity(n: u32) -> SystemIdentity {
    let key = |kid: &str, y: Option<&str>| SystemKey {
        kid: kid.to_owned(),
        kty: "EC".to_owned(),
        crv: "P-256".to_owned(),
        x: "AA".to_owned(),
        y: y.map(str::to_owned),
        thumbprint: "BB".to_owned(),
        not_before: at(n.into()),
        not_after: at(i64::from(n) + 1),
    };
    SystemIdentity {
        keys: vec![key("a", None), key("b", Some("CC"))],
        addresses: vec!["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()],
        signature_required: n.is_multiple_of(2),
        national: n.is_multiple_of(2).then(|| NationalAccess {
            requester_code: "r_1".to_owned(),
            services: vec![NationalService { code: "s_1".to_owned(), grant: id(n) }],
        }),
        appkeys: n.into(),
    }
}

pub(crate) fn system(n: u32) -> System {
    System {
        id: id(n),
        organisation: id(1),
        name: format!("系统{n}"),
        secret_digests: vec![[1; 32], [255; 32]],
        active: true,
        identity: system_identity(n),
    }
}
