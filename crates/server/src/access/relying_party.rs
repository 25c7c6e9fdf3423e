//! Who this site is to a device that keeps passkeys: the host of its address. A passkey made for one
//! host works at no other; that is what makes it safe from imitations.

use std::time::Duration;

use url::{Host, Url};
use webauthn_rs::prelude::{Webauthn, WebauthnBuilder};

use super::letters;
use super::limits::PASSKEY_WAIT_US;
use crate::app::App;
use crate::config::IdentitySettings;
use crate::web::Frame;

/// The name a device shows beside the host.
const NAME: &str = "Kentongan";

/// Why no passkey can be made for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nobody has said under which address members reach the site.
    #[error("no address is set under which members reach the site")]
    NoAddress,
    /// The host is an IP address; passkeys hang on names.
    #[error("passkeys hang on a name, and the address has an IP address")]
    IpAddress,
    /// Browsers offer passkeys only over HTTPS, but for a site on the same machine.
    #[error("browsers offer passkeys only over https")]
    NotSecure,
}

impl Unfit {
    /// The key of the sentence that says so.
    pub fn key(self) -> &'static str {
        match self {
            Self::NoAddress => "passkey-unfit-address",
            Self::IpAddress => "passkey-unfit-ip",
            Self::NotSecure => "passkey-unfit-https",
        }
    }
}

/// This site as devices know it, and its scheme and host.
#[derive(Debug)]
pub struct RelyingParty {
    /// What makes and checks ceremonies.
    pub webauthn: Webauthn,
    /// Scheme and host, as a browser writes them.
    pub origin: String,
}

/// This site as devices know it.
pub fn of_site(app: &App, frame: &Frame) -> Result<RelyingParty, Unfit> {
    let site = letters::site(app, frame).ok_or(Unfit::NoAddress)?;
    at(&site)
}

/// Says in the log when the address that is set allows no passkeys.
pub fn warn_where_unfit(settings: &IdentitySettings) {
    if let Some(origin) = &settings.origin
        && let Err(unfit) = at(origin)
    {
        tracing::warn!(%origin, reason = %unfit, "members cannot use passkeys here");
    }
}

/// The site at this scheme and host, as devices know it.
pub fn at(site: &str) -> Result<RelyingParty, Unfit> {
    let url = Url::parse(site).map_err(|_| Unfit::NoAddress)?;
    let host = match url.host() {
        Some(Host::Domain(host)) => host,
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => return Err(Unfit::IpAddress),
        None => return Err(Unfit::NoAddress),
    };
    let near = host == "localhost" || host.ends_with(".localhost");
    if url.scheme() != "https" && !near {
        return Err(Unfit::NotSecure);
    }
    let wait = Duration::from_micros(PASSKEY_WAIT_US.unsigned_abs());
    let built = WebauthnBuilder::new(host, &url)
        .and_then(|builder| builder.rp_name(NAME).timeout(wait).build());
    Ok(RelyingParty {
        webauthn: built.map_err(|_| Unfit::NoAddress)?,
        origin: url.origin().ascii_serialization(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_over_https_will_do_and_an_ip_address_will_not() {
        for (site, wanted) in [
            ("https://cek.example", Ok("https://cek.example")),
            ("https://cek.example:8443", Ok("https://cek.example:8443")),
            ("http://localhost:8080", Ok("http://localhost:8080")),
            ("http://cek.example", Err(Unfit::NotSecure)),
            ("https://203.0.113.5", Err(Unfit::IpAddress)),
            ("http://127.0.0.1:8080", Err(Unfit::IpAddress)),
            ("http://[::1]:8080", Err(Unfit::IpAddress)),
            ("cek.example", Err(Unfit::NoAddress)),
            ("", Err(Unfit::NoAddress)),
        ] {
            let found = at(site).map(|party| party.origin);
            assert_eq!(found.as_deref().map_err(|unfit| *unfit), wanted, "{site}");
        }
    }
}
