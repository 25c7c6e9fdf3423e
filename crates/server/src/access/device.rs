//! The device somebody signs in on: a few words for people, and a token by which it is known again.

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use domain::Timestamp;

use super::limits::DEVICE_LIFE_US;
use super::token::{Token, digest_of};
use crate::web::{cookie, frame};

/// The cookie that tells a device from others.
const DEVICE_COOKIE: &str = "perangkat";

/// Programs by a word of their `User-Agent`; the first that fits, since most name others too.
const PROGRAMS: [(&str, &str); 8] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("Firefox/", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];
/// Systems, the same way.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// A few words on the device: "Chrome · Android"; empty where nothing is known.
pub fn words(headers: &HeaderMap) -> String {
    let agent = frame::text_of(headers, header::USER_AGENT);
    let find = |list: &[(&str, &'static str)]| {
        list.iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let parts: Vec<&str> = [find(&PROGRAMS), find(&SYSTEMS)]
        .into_iter()
        .flatten()
        .collect();
    parts.join(" · ")
}

/// The digest of the device's token, and the cookie that keeps it for longer.
pub fn recognise(headers: &HeaderMap) -> ([u8; 32], HeaderValue) {
    let jar = CookieJar::from_headers(headers);
    let kept = jar.get(DEVICE_COOKIE).map(Cookie::value);
    let known = kept.and_then(|text| Some((text.to_owned(), digest_of(text)?)));
    let (token, digest) = known.unwrap_or_else(|| {
        let fresh = Token::fresh();
        (fresh.as_str().to_owned(), fresh.own_digest())
    });
    let life_s = DEVICE_LIFE_US / Timestamp::SECOND_US;
    (digest, cookie::set(headers, DEVICE_COOKIE, &token, life_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(agent: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, HeaderValue::from_static(agent));
        words(&headers)
    }

    #[test]
    fn agents_become_two_words() {
        for (agent, wanted) in [
            ("", ""),
            ("<script>", ""),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
                "Chrome · Android",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Edge · Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari · iPhone",
            ),
            ("curl/8.5.0", "curl"),
        ] {
            assert_eq!(words_of(agent), wanted, "{agent}");
        }
    }

    #[test]
    fn a_device_is_known_by_its_cookie() {
        let (first, cookie) = recognise(&HeaderMap::new());
        let text = cookie.to_str().expect("text");
        let pair = text.split(';').next().expect("a pair").to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, pair.parse().expect("header"));
        assert_eq!(recognise(&headers).0, first);
        assert_ne!(recognise(&HeaderMap::new()).0, first);
        headers.insert(header::COOKIE, HeaderValue::from_static("perangkat=x"));
        assert_ne!(recognise(&headers).0, first);
    }
}
