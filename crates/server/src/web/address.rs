//! Addresses a visitor hands us.

/// The longest way back that is kept, in bytes.
const BACK_MAX_BYTES: usize = 2_048;

/// A path of this site to go back to, or `/` where `wanted` could lead anywhere else.
pub fn local(wanted: &str) -> String {
    let mut bytes = wanted.bytes();
    let rooted = bytes.next() == Some(b'/') && !matches!(bytes.next(), Some(b'/' | b'\\'));
    let plain = wanted
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if rooted && plain && wanted.len() <= BACK_MAX_BYTES {
        wanted.to_owned()
    } else {
        "/".to_owned()
    }
}

/// `text` as one value of a query string.
pub fn query_value(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Whether `host`, with or without a port, names this machine itself.
pub fn is_loopback_host(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name == "localhost"
        || name
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_lead_back() {
        for good in [
            "/",
            "/desk",
            "/cek-fakta?kesimpulan=misleading&h=2",
            "/a//b",
        ] {
            assert_eq!(local(good), good);
        }
        for bad in [
            "",
            "desk",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nSet-Cookie: x",
            "/a b",
        ] {
            assert_eq!(local(bad), "/", "{bad:?} was kept");
        }
        assert_eq!(local(&format!("/{}", "a".repeat(BACK_MAX_BYTES))), "/");
    }

    #[test]
    fn loopback_hosts_are_told_from_others() {
        for near in [
            "localhost",
            "localhost:8080",
            "127.0.0.1:1",
            "127.9.9.9",
            "[::1]:8080",
            "[::1]",
        ] {
            assert!(is_loopback_host(near), "{near}");
        }
        for far in [
            "",
            "localhost.example",
            "10.0.0.1:8080",
            "example.org",
            "[::2]:80",
        ] {
            assert!(!is_loopback_host(far), "{far}");
        }
    }
}
