//! Where a request came from, as far as caps count it: the network address that the gateway saw, as a pseudonym.

use std::net::IpAddr;

use ticket::{AddressHash, Pepper};

/// The pseudonym of a network address; none if the gateway named none.
///
/// Of an IPv6 address the first 64 bits: one subscriber has them all. The text is hashed with the pepper, because a network
/// address is personal data too.
pub(crate) fn of(source_ip: &str, pepper: &Pepper) -> Option<AddressHash> {
    let place = match source_ip.parse().ok()? {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            if let Some(address) = address.to_ipv4_mapped() {
                address.to_string()
            } else {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        }
    };
    Some(AddressHash::of(pepper, &place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_subscriber_is_one_place_and_nothing_else_is() {
        let pepper = Pepper::new("pepper");
        let of = |text| of(text, &pepper);
        assert_eq!(of("2001:db8::1"), of("2001:db8:0:0:ffff::9"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("192.0.2.1"), of("::ffff:192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        for nothing in ["", "unknown", "192.0.2.1, 192.0.2.2"] {
            assert_eq!(of(nothing), None, "{nothing}");
        }
    }
}
