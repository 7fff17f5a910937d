//! Ranges of network addresses (CIDR): from where a system may call.

use std::{fmt, net::IpAddr, str::FromStr};

/// A range of IPv4 or IPv6 addresses, such as `10.20.0.0/16`; a single address is a range of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AddressRange {
    network: IpAddr,
    /// Bits that must agree.
    prefix: u8,
}

/// Text that is not a range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an address range: `10.20.0.0/16`, `2001:db8::/32` or a single address is expected, and no bits after the prefix"
)]
pub struct AddressRangeError;

impl AddressRange {
    /// Whether the address is in the range. An IPv4 address that came in IPv6 clothes counts as what it is.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (network, address) = (self.network, address.to_canonical());
        if network.is_ipv4() != address.is_ipv4() {
            return false;
        }
        let shift = width(network) - u32::from(self.prefix);
        bits(network).checked_shr(shift).unwrap_or(0) == bits(address).checked_shr(shift).unwrap_or(0)
    }
}

const fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

impl FromStr for AddressRange {
    type Err = AddressRangeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let network: IpAddr = address.parse().map_err(|_| AddressRangeError)?;
        let widest = width(network);
        let prefix = match prefix {
            None => widest,
            Some(digits) if digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit()) => {
                digits.parse().map_err(|_| AddressRangeError)?
            }
            Some(_) => return Err(AddressRangeError),
        };
        if prefix > widest {
            return Err(AddressRangeError);
        }
        let rest = widest - prefix;
        // Bits behind the prefix are a slip: somebody meant another range than they wrote.
        let low = if rest == 128 { u128::MAX } else { (1_u128 << rest) - 1 };
        let prefix = u8::try_from(prefix).map_err(|_| AddressRangeError)?;
        if bits(network) & low == 0 { Ok(Self { network, prefix }) } else { Err(AddressRangeError) }
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_read_print_and_contain() {
        for (range, printed, inside, outside) in [
            ("10.20.0.0/16", "10.20.0.0/16", "10.20.255.1", "10.21.0.0"),
            ("10.20.0.1", "10.20.0.1/32", "::ffff:10.20.0.1", "10.20.0.2"),
            ("0.0.0.0/0", "0.0.0.0/0", "255.255.255.255", "::1"),
            ("2001:db8::/32", "2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::/0", "::/0", "2001::1", "10.0.0.1"),
        ] {
            let range: AddressRange = range.parse().unwrap();
            assert_eq!(range.to_string(), printed);
            assert!(range.contains(inside.parse().unwrap()), "{printed} {inside}");
            assert!(!range.contains(outside.parse().unwrap()), "{printed} {outside}");
        }
        for bad in [
            "",
            "10.20.0.1/16",
            "10.20.0.0/33",
            "10.20.0.0/-1",
            "10.20.0.0/",
            "10.20/16",
            "x",
            "::1/64",
            "::/129",
            "1.2.3.0/+24",
        ] {
            assert_eq!(bad.parse::<AddressRange>(), Err(AddressRangeError), "{bad}");
        }
    }
}
