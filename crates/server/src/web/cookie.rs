//! Cookies we set.

use axum::http::{HeaderMap, HeaderValue, header};

use super::{address, frame};

/// The `Set-Cookie` header for `name`, kept for `life_s` seconds; 0 takes it away. Scripts never
/// see it, other sites never send it with a form, and away from this machine it needs HTTPS.
/// `value` may hold letters, digits, `-` and `_` alone; anything else is not set.
pub fn set(headers: &HeaderMap, name: &str, value: &str, life_s: i64) -> HeaderValue {
    let plain = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let value = if plain { value } else { "" };
    let near = address::is_loopback_host(frame::text_of(headers, header::HOST));
    let secure = if near { "" } else { "; Secure" };
    let cookie =
        format!("{name}={value}; Path=/; Max-Age={life_s}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_secure_away_from_this_machine() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("cek.example"));
        assert_eq!(
            set(&headers, "sesi", "t", 60),
            "sesi=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1:8080"));
        assert_eq!(
            set(&headers, "sesi", "t", 60),
            "sesi=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"
        );
        assert_eq!(
            set(&headers, "x", "a; Domain=y", 0),
            "x=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
    }
}
