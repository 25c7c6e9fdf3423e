//! Proxies that may say for whom they ask.
//!
//! Each proxy appends the address it was asked from to `X-Forwarded-For`, so the list is read from
//! the right, and only as far as trust goes. What stands further left anybody can write.

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::{HeaderMap, HeaderValue};

/// The header in which a proxy names whom it asks for.
pub const FORWARDED_FOR: &str = "x-forwarded-for";

/// Most proxies in a row.
const HOPS_MAX: u8 = 8;

/// Which proxies are believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TrustedProxies {
    /// None: the other end of the connection is the client.
    #[default]
    None,
    /// So many, one behind the other, and nobody reaches us but through all of them.
    Hops(u8),
    /// Those with an address in one of these networks.
    Networks(Vec<Network>),
}

/// Addresses that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    /// How many bits are the same.
    bits: u8,
}

/// The text names neither a number of proxies nor addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a number of proxies nor a list of addresses")]
pub struct ProxiesUnreadable;

impl TrustedProxies {
    /// The client that asks through `peer`, the other end of the connection.
    pub fn client_of(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        let mut named = named_from_the_right(headers);
        match self {
            Self::None => peer,
            // A shorter list came past a proxy: nothing in it is worth more than the connection.
            Self::Hops(hops) => named
                .nth(usize::from(*hops).saturating_sub(1))
                .flatten()
                .unwrap_or(peer),
            Self::Networks(networks) => {
                let is_trusted =
                    |address: IpAddr| networks.iter().any(|network| network.holds(address));
                let mut client = peer;
                for address in named {
                    let (true, Some(address)) = (is_trusted(client), address) else {
                        break;
                    };
                    client = address;
                }
                client
            }
        }
    }
}

impl FromStr for TrustedProxies {
    type Err = ProxiesUnreadable;

    fn from_str(text: &str) -> Result<Self, ProxiesUnreadable> {
        let text = text.trim();
        if let Ok(hops) = text.parse::<u8>() {
            return match hops {
                0 => Ok(Self::None),
                1..=HOPS_MAX => Ok(Self::Hops(hops)),
                _ => Err(ProxiesUnreadable),
            };
        }
        let networks: Result<Vec<Network>, _> =
            text.split(',').map(|part| part.trim().parse()).collect();
        networks.map(Self::Networks)
    }
}

impl Network {
    fn holds(&self, address: IpAddr) -> bool {
        let same = match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                (ours.to_bits() ^ theirs.to_bits()).leading_zeros()
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                (ours.to_bits() ^ theirs.to_bits()).leading_zeros()
            }
            _ => return false,
        };
        same >= u32::from(self.bits)
    }
}

impl FromStr for Network {
    type Err = ProxiesUnreadable;

    fn from_str(text: &str) -> Result<Self, ProxiesUnreadable> {
        let (address, bits) = text
            .split_once('/')
            .map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| ProxiesUnreadable)?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => all,
            Some(bits) => bits.parse().map_err(|_| ProxiesUnreadable)?,
        };
        if bits > all {
            return Err(ProxiesUnreadable);
        }
        Ok(Self { address, bits })
    }
}

/// Whom the proxies named, the nearest first; `None` where a name is no address.
fn named_from_the_right(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let lines: Vec<&HeaderValue> = headers.get_all(FORWARDED_FOR).iter().collect();
    lines.into_iter().rev().flat_map(|line| {
        let names = line.as_bytes().rsplit(|byte| *byte == b',');
        names.map(|name| address_in(std::str::from_utf8(name).ok()?.trim()))
    })
}

/// An address as proxies write it: alone, with a port, or in brackets.
fn address_in(name: &str) -> Option<IpAddr> {
    let bare = match name.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => match name.split_once(':') {
            Some((four, port)) if !port.contains(':') => four,
            _ => name,
        },
    };
    bare.parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("address")
    }

    fn client(proxies: &str, peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).expect("header"));
        }
        let proxies: TrustedProxies = proxies.parse().expect("setting");
        proxies.client_of(address(peer), &headers).to_string()
    }

    #[test]
    fn nobody_is_believed_unless_told() {
        assert_eq!(client("0", "10.0.0.1", &["203.0.113.9"]), "10.0.0.1");
    }

    #[test]
    fn hops_count_from_the_right_and_a_forged_left_end_changes_nothing() {
        let forged = "198.51.100.1, 203.0.113.9";
        assert_eq!(client("1", "127.0.0.1", &[forged]), "203.0.113.9");
        assert_eq!(
            client("2", "127.0.0.1", &["1.1.1.1, 203.0.113.9, 10.0.0.2"]),
            "203.0.113.9"
        );
        // Two header lines are one list.
        assert_eq!(
            client("1", "127.0.0.1", &["198.51.100.1", "203.0.113.9"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn a_list_that_is_too_short_or_unreadable_falls_back_on_the_connection() {
        assert_eq!(client("2", "192.0.2.4", &["203.0.113.9"]), "192.0.2.4");
        assert_eq!(client("1", "192.0.2.4", &[]), "192.0.2.4");
        for unreadable in ["unknown", "_hidden", "", "203.0.113", "[::1", "évil"] {
            assert_eq!(
                client("1", "192.0.2.4", &["203.0.113.9", unreadable]),
                "192.0.2.4",
                "{unreadable:?}"
            );
        }
    }

    #[test]
    fn only_a_trusted_peer_is_asked_whom_it_asks_for() {
        let proxies = "10.1.0.0/16, 127.0.0.1, 2001:db8::/32";
        let two = "198.51.100.1, 203.0.113.9, 10.1.2.3";
        assert_eq!(client(proxies, "127.0.0.1", &[two]), "203.0.113.9");
        assert_eq!(client(proxies, "2001:db8::5", &[two]), "203.0.113.9");
        assert_eq!(client(proxies, "192.0.2.4", &[two]), "192.0.2.4");
        assert_eq!(
            client(proxies, "127.0.0.1", &["203.0.113.9, 10.2.0.1"]),
            "10.2.0.1",
            "a proxy beside the network is a client"
        );
        assert_eq!(
            client(proxies, "127.0.0.1", &["203.0.113.9, unknown, 10.1.0.9"]),
            "10.1.0.9",
            "behind an unreadable name nothing is believed"
        );
        assert_eq!(client(proxies, "127.0.0.1", &["10.1.0.9"]), "10.1.0.9");
    }

    #[test]
    fn addresses_are_read_as_proxies_write_them() {
        for (written, read) in [
            ("203.0.113.9:4711", "203.0.113.9"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("  203.0.113.9\t", "203.0.113.9"),
        ] {
            assert_eq!(client("1", "127.0.0.1", &[written]), read, "{written:?}");
        }
        assert_eq!(
            client("10.0.0.0/8", "::ffff:10.0.0.1", &["203.0.113.9"]),
            "203.0.113.9",
            "an IPv4 proxy on a socket that listens on [::]"
        );
    }

    #[test]
    fn what_is_no_setting_is_refused() {
        for bad in [
            "",
            "9",
            "256",
            "-1",
            "proxy.example",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.1,",
            "10.0.0.1/",
            "10.0.0.0/8 10.1.0.0/16",
        ] {
            assert_eq!(
                bad.parse::<TrustedProxies>(),
                Err(ProxiesUnreadable),
                "{bad:?}"
            );
        }
        assert_eq!("0".parse(), Ok(TrustedProxies::None));
        assert_eq!(" 2 ".parse(), Ok(TrustedProxies::Hops(2)));
    }
}
