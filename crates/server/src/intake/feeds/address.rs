//! Which addresses may be fetched: the public web and nothing behind our own doors.
//!
//! An address is checked twice. [`Guard::check`] looks at what is written, before each request
//! and each redirect; [`GuardedResolver`] looks at what a name resolves to at the moment of
//! connecting, and the connection is made to exactly the addresses that passed, so a name that
//! changes its answer in between gains nothing.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Why an address is not fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressRefused {
    /// Not an absolute address.
    #[error("the address cannot be read")]
    Unreadable,
    /// Neither http nor https.
    #[error("only http and https addresses are fetched")]
    Scheme,
    /// A name or password stands before the host.
    #[error("the address carries a user name")]
    UserName,
    /// A port other than 80 and 443.
    #[error("port {0} is not fetched; only 80 and 443 are")]
    Port(u16),
    /// An address of this machine, a private network or none that is routed.
    #[error("the host is not on the public internet")]
    NotPublic,
}

/// The rule. Exceptions are for tests, which serve on this machine.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    exceptions: Vec<SocketAddr>,
}

impl Guard {
    /// Besides the public web, exactly these.
    pub fn with_exceptions(exceptions: Vec<SocketAddr>) -> Self {
        Self { exceptions }
    }

    /// The address as written, before a name in it is resolved.
    pub fn check(&self, address: &Url) -> Result<(), AddressRefused> {
        if !matches!(address.scheme(), "http" | "https") {
            return Err(AddressRefused::Scheme);
        }
        if !address.username().is_empty() || address.password().is_some() {
            return Err(AddressRefused::UserName);
        }
        let port = address
            .port_or_known_default()
            .ok_or(AddressRefused::Scheme)?;
        let literal = match address.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(name)) if is_plausible(name) => None,
            _ => return Err(AddressRefused::NotPublic),
        };
        if let Some(ip) = literal
            && self.exceptions.contains(&SocketAddr::new(ip, port))
        {
            return Ok(());
        }
        let named_exception =
            literal.is_none() && self.exceptions.iter().any(|known| known.port() == port);
        if !matches!(port, 80 | 443) && !named_exception {
            return Err(AddressRefused::Port(port));
        }
        match literal {
            Some(ip) if !is_public(ip) => Err(AddressRefused::NotPublic),
            _ => Ok(()),
        }
    }

    fn lets_through(&self, ip: IpAddr) -> bool {
        is_public(ip) || self.exceptions.iter().any(|known| known.ip() == ip)
    }
}

/// A name of the public web has a dot, plain labels, and does not end in one of the domains that
/// stay at home.
fn is_plausible(name: &str) -> bool {
    const AT_HOME: [&str; 8] = [
        "localhost",
        "local",
        "internal",
        "localdomain",
        "lan",
        "home",
        "corp",
        "onion",
    ];
    let name = name.strip_suffix('.').unwrap_or(name);
    let plain = |label: &str| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    name.contains('.')
        && name.split('.').all(plain)
        && !name.ends_with(".home.arpa")
        && !AT_HOME.contains(&last)
}

/// True for addresses that are routed on the public internet.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, d] = ip.octets();
    let private = match a {
        // This network, private, loopback, multicast, reserved and broadcast.
        0 | 10 | 127 | 224.. => true,
        // Shared address space of carriers.
        100 => (64..128).contains(&b),
        // Link-local, where clouds keep their metadata.
        169 => b == 254,
        172 => (16..32).contains(&b),
        // Protocol assignments, documentation, 6to4 relays, private.
        192 => b == 168 || (b == 0 && (c == 0 || c == 2)) || (b == 88 && c == 99),
        // Benchmarks, documentation.
        198 => b == 18 || b == 19 || (b == 51 && c == 100),
        203 => b == 0 && c == 113,
        // A cloud's metadata outside the link-local range.
        168 => (b, c, d) == (63, 129, 16),
        _ => false,
    };
    !private
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    /// NAT64: what counts is the address inside.
    const NAT64: [u16; 6] = [0x64, 0xff9b, 0, 0, 0, 0];
    if let Some(inner) = ip.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let segments = ip.segments();
    if segments[..6] == NAT64 {
        let [.., high, low] = segments;
        let [[first, second], [third, fourth]] = [high.to_be_bytes(), low.to_be_bytes()];
        return is_public_v4(Ipv4Addr::new(first, second, third, fourth));
    }
    // Only 2000::/3 is given out; of it not the protocol assignments with Teredo, documentation
    // and 6to4.
    let [first, second, ..] = segments;
    let global = first & 0xe000 == 0x2000;
    let protocol = first == 0x2001 && second < 0x200;
    let documentation =
        (first == 0x2001 && second == 0xdb8) || (first == 0x3fff && second < 0x1000);
    let six_to_four = first == 0x2002;
    global && !protocol && !documentation && !six_to_four
}

/// How names are resolved; the system's way except in tests.
pub type Lookup = Arc<dyn Fn(String) -> LookupAnswer + Send + Sync>;
/// The addresses of a name.
pub type LookupAnswer = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// The system's resolver.
pub fn system_lookup() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// Resolves names and lets only public addresses through.
pub struct GuardedResolver {
    guard: Guard,
    lookup: Lookup,
}

impl GuardedResolver {
    /// With a way to resolve names.
    pub fn new(guard: Guard, lookup: Lookup) -> Self {
        Self { guard, lookup }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let found = (self.lookup)(name.as_str().to_owned());
        let guard = self.guard.clone();
        Box::pin(async move {
            let public: Vec<SocketAddr> = found
                .await?
                .into_iter()
                .filter(|ip| guard.lets_through(*ip))
                // Port 0 is filled in from the address that is fetched.
                .map(|ip| SocketAddr::new(ip, 0))
                .collect();
            if public.is_empty() {
                return Err(AddressRefused::NotPublic.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_pass_and_the_edges_of_each_range_are_right() {
        for (ip, public) in [
            ("8.8.8.8", true),
            ("9.255.255.255", true),
            ("10.0.0.0", false),
            ("11.0.0.0", true),
            ("100.63.255.255", true),
            ("100.64.0.0", false),
            ("100.127.255.255", false),
            ("100.128.0.0", true),
            ("126.255.255.255", true),
            ("127.0.0.1", false),
            ("128.0.0.1", true),
            ("168.63.129.16", false),
            ("168.63.129.17", true),
            ("169.253.255.255", true),
            ("169.254.169.254", false),
            ("172.15.255.255", true),
            ("172.16.0.0", false),
            ("172.31.255.255", false),
            ("172.32.0.0", true),
            ("192.0.0.1", false),
            ("192.0.1.1", true),
            ("192.0.2.1", false),
            ("192.88.99.1", false),
            ("192.167.255.255", true),
            ("192.168.0.1", false),
            ("198.17.255.255", true),
            ("198.18.0.0", false),
            ("198.20.0.0", true),
            ("198.51.100.9", false),
            ("203.0.113.9", false),
            ("223.255.255.255", true),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("0.0.0.0", false),
            ("2400:cb00::1", true),
            ("2001:4860:4860::8888", true),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("fc00::1", false),
            ("fdff::1", false),
            ("ff02::1", false),
            ("2001:db8::1", false),
            ("3fff::1", false),
            ("2001::1", false),
            ("2002:7f00:1::", false),
            ("2002:808:808::", false),
            ("::ffff:10.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("::127.0.0.1", false),
            ("64:ff9b::7f00:1", false),
            ("64:ff9b::808:808", true),
            ("64:ff9b:1::1", false),
            ("100::1", false),
            ("5f00::1", false),
        ] {
            assert_eq!(is_public(ip.parse().expect("ip")), public, "{ip}");
        }
    }

    #[test]
    fn an_exception_is_that_address_and_port_alone() {
        let guard = Guard::with_exceptions(vec!["127.0.0.1:4000".parse().expect("address")]);
        let check = |address: &str| guard.check(&Url::parse(address).expect("url"));
        assert_eq!(check("http://127.0.0.1:4000/"), Ok(()));
        assert_eq!(
            check("http://127.0.0.1:4001/"),
            Err(AddressRefused::Port(4001))
        );
        assert_eq!(check("http://127.0.0.1/"), Err(AddressRefused::NotPublic));
        assert_eq!(
            check("http://127.0.0.2:4000/"),
            Err(AddressRefused::Port(4000))
        );
    }
}
