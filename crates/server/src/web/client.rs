//! Who asks: the other end of the connection, or whom a trusted proxy names.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::{FORWARDED, VIA};
use axum::http::request::Parts;

use super::proxies::{FORWARDED_FOR, TrustedProxies};
use crate::app::App;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// Their address; none where the listener does not tell.
    address: Option<IpAddr>,
    /// Whether somebody in between passed the request on, trusted or not.
    passed_on: bool,
}

impl Client {
    /// The client of a request with these headers that came over a connection from `peer`.
    fn of(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &TrustedProxies) -> Self {
        let marks = [FORWARDED_FOR, FORWARDED.as_str(), VIA.as_str()];
        Self {
            address: peer.map(|peer| proxies.client_of(peer, headers)),
            passed_on: marks.iter().any(|mark| headers.contains_key(*mark)),
        }
    }

    /// Whether a person or a program on this very machine asks, with nobody in between. A proxy
    /// on this machine asks for the whole world.
    pub fn is_this_machine(&self) -> bool {
        !self.passed_on && self.address.is_some_and(|address| address.is_loopback())
    }

    /// What attempts are counted by: the address, or the /64 that an IPv6 household has to itself.
    pub fn network(&self) -> Vec<u8> {
        match self.address {
            Some(IpAddr::V4(four)) => four.octets().to_vec(),
            Some(IpAddr::V6(six)) => six.octets()[..8].to_vec(),
            None => Vec::new(),
        }
    }

    /// The network for people to read, without what tells one household from the next:
    /// 203.0.113.0/24, 2001:db8:1::/48; empty where the listener does not tell.
    pub fn prefix(&self) -> String {
        match self.address.map(|address| address.to_canonical()) {
            Some(IpAddr::V4(four)) => {
                let [a, b, c, _] = four.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            Some(IpAddr::V6(six)) => {
                let [a, b, c, ..] = six.segments();
                format!("{}/48", std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
            }
            None => String::new(),
        }
    }
}

impl FromRequestParts<App> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|info| info.0.ip());
        Ok(Self::of(peer, &parts.headers, &app.config.trusted_proxies))
    }
}

#[cfg(test)]
impl Client {
    /// A client at this address, for tests.
    pub(crate) fn at(address: &str) -> Self {
        Self {
            address: Some(address.parse().expect("address")),
            passed_on: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_household_is_one_client_and_ipv4_households_are_not() {
        let network = |address| Client::at(address).network();
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::2"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        // What a socket that listens on [::] calls an IPv4 address.
        let mapped = |text: &str| {
            let peer: IpAddr = text.parse().expect("address");
            Client::of(Some(peer), &HeaderMap::new(), &TrustedProxies::None)
        };
        assert_ne!(
            mapped("::ffff:203.0.113.7").network(),
            mapped("::ffff:203.0.113.8").network()
        );
    }

    #[test]
    fn a_network_is_shown_without_its_last_part() {
        for (address, shown) in [
            ("203.0.113.77", "203.0.113.0/24"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:1:2::9", "2001:db8:1::/48"),
        ] {
            assert_eq!(Client::at(address).prefix(), shown);
        }
    }

    #[test]
    fn a_proxy_on_this_machine_is_not_this_machine() {
        let here: IpAddr = "127.0.0.1".parse().expect("address");
        let none = TrustedProxies::None;
        assert!(Client::of(Some(here), &HeaderMap::new(), &none).is_this_machine());
        for mark in [FORWARDED_FOR, "forwarded", "via"] {
            let mut headers = HeaderMap::new();
            headers.insert(mark, HeaderValue::from_static("127.0.0.1"));
            for proxies in [none.clone(), TrustedProxies::Hops(1)] {
                assert!(!Client::of(Some(here), &headers, &proxies).is_this_machine());
            }
        }
        assert!(!Client::at("203.0.113.7").is_this_machine());
        assert!(!Client::of(None, &HeaderMap::new(), &none).is_this_machine());
    }
}
