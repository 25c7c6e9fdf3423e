//! What every page is drawn with: the reader's language and zone, who is signed in, where we are.

use std::borrow::Borrow;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use axum_extra::extract::CookieJar;
use domain::Timestamp;
use domain::member::{Member, Zone};
use domain::organisation::Organisation;
use domain::policy::{self, Action};
use fluent_bundle::{FluentArgs, FluentValue};

use super::language::Language;
use super::markup::Markup;
use super::{address, assets, icon, locale, moment, number};
use crate::app::App;

/// The cookie that keeps the chosen language.
pub const LANGUAGE_COOKIE: &str = "bahasa";
/// The cookie that keeps the chosen zone of a reader without an account.
pub const ZONE_COOKIE: &str = "zona";

/// The member on whose behalf a request is made.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The person.
    pub member: Member,
    /// Whom they act for.
    pub organisation: Organisation,
    /// The digest of the session's token.
    pub session: [u8; 32],
}

/// The frame of one page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The reader's language.
    pub language: Language,
    /// The zone times are shown in.
    pub zone: Zone,
    /// Who is signed in.
    pub visitor: Option<Arc<Visitor>>,
    /// Whether this is a demonstration.
    pub demo: bool,
    /// The path of this page with its query, to come back to.
    pub path: String,
    /// Scheme and host as the reader wrote them, for addresses that leave the page.
    pub origin: String,
    /// The moment the page is drawn.
    pub now: Timestamp,
}

impl Frame {
    /// A frame from what the request says, for `visitor`.
    pub fn new(headers: &HeaderMap, uri: &Uri, visitor: Option<Arc<Visitor>>, demo: bool) -> Self {
        let cookies = CookieJar::from_headers(headers);
        let chosen = cookies
            .get(LANGUAGE_COOKIE)
            .and_then(|cookie| Language::parse(cookie.value()));
        let language = chosen
            .unwrap_or_else(|| Language::preferred(text_of(headers, header::ACCEPT_LANGUAGE)));
        let kept_zone = cookies
            .get(ZONE_COOKIE)
            .and_then(|cookie| Zone::parse(cookie.value()));
        let zone = visitor
            .as_ref()
            .map(|visitor| visitor.member.zone)
            .or(kept_zone)
            .unwrap_or_default();
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Self {
            language,
            zone,
            visitor,
            demo,
            path: address::local(path),
            origin: origin(headers),
            now: crate::clock::now(),
        }
    }

    /// The frame of what is written to somebody who asked for no page.
    pub fn for_mail(language: Language, zone: Zone) -> Self {
        Self {
            language,
            zone,
            visitor: None,
            demo: false,
            path: "/".to_owned(),
            origin: String::new(),
            now: crate::clock::now(),
        }
    }

    /// The text of `key`.
    pub fn t(&self, key: &str) -> String {
        locale::text(self.language, key, &FluentArgs::new())
    }

    /// The text of `key` with `value` in the place of `name`.
    pub fn t1<'a>(&self, key: &str, name: &'a str, value: impl Into<FluentValue<'a>>) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set(name, value);
        locale::text(self.language, key, &arguments)
    }

    /// The text of `key` for `count` things: `$n` chooses the form, `$count` is the number as read.
    pub fn n(&self, key: &str, count: i64) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("n", count);
        arguments.set("count", number::whole(self.language, count));
        locale::text(self.language, key, &arguments)
    }

    /// `value` in full: 1.284.
    pub fn whole(&self, value: i64) -> String {
        number::whole(self.language, value)
    }

    /// `value` in few characters: 3,9 juta.
    pub fn short(&self, value: i64) -> String {
        number::short(self.language, value)
    }

    /// `value` with two decimals: 0,58.
    pub fn ratio(&self, value: f64) -> String {
        number::ratio(self.language, value)
    }

    /// `value` with three decimals, for a threshold: 0,943.
    pub fn fine(&self, value: impl Into<f64>) -> String {
        number::decimals(self.language, value.into(), 3)
    }

    /// A share of one: 82%.
    pub fn percent(&self, share: f64) -> String {
        number::percent(share)
    }

    /// `<time>`: 12 mnt lalu.
    pub fn ago(&self, at: impl Borrow<Timestamp>) -> Markup {
        moment::ago(self.language, self.zone, self.now, *at.borrow())
    }

    /// `<time>`: 22 November 2026.
    pub fn day(&self, at: impl Borrow<Timestamp>) -> Markup {
        moment::day(self.language, self.zone, *at.borrow())
    }

    /// 22 November 2026 08.05 WIB.
    pub fn exact(&self, at: impl Borrow<Timestamp>) -> String {
        moment::exact(self.language, self.zone, *at.borrow())
    }

    /// How long ago `at` is, as a bare length: 41 mnt.
    pub fn span_since(&self, at: impl Borrow<Timestamp>) -> String {
        moment::span(self.language, self.now.since_us(*at.borrow()))
    }

    /// The icon called `name`.
    pub fn icon(&self, name: &str) -> Markup {
        icon::icon(name)
    }

    /// The address of the asset called `name`.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::address(name)
    }

    /// Whether the signed-in member may do `action`; for showing or hiding a control, never
    /// instead of the access value of the handler behind it.
    pub fn may(&self, action: Action) -> bool {
        self.visitor.as_ref().is_some_and(|visitor| {
            policy::allows(visitor.organisation.kind, visitor.member.role, action)
        })
    }

    /// Whether the signed-in member may see the desk.
    pub fn may_see_desk(&self) -> bool {
        self.may(Action::SeeDesk)
    }

    /// Whether the signed-in member may administer.
    pub fn may_administer(&self) -> bool {
        self.may(Action::Administer)
    }

    /// Whether the signed-in member may say who co-signs the ledger.
    pub fn may_keep_witnesses(&self) -> bool {
        self.may(Action::KeepWitnesses)
    }

    /// The path without its query.
    pub fn bare_path(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }

    /// ` aria-current="page"` where this page stands at or below `path`.
    pub fn current(&self, path: &str) -> Markup {
        let here = self.bare_path();
        let below = here
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        Markup::from_safe(if below { r#" aria-current="page""# } else { "" })
    }

    /// The address that turns this page into the other language.
    pub fn other_language_address(&self) -> String {
        format!(
            "/lang/{}?kembali={}",
            self.language.other().code(),
            address::query_value(&self.path)
        )
    }

    /// The addresses that show times in each zone, with the name of the zone and whether it is shown now.
    pub fn zone_addresses(&self) -> Vec<(String, &'static str, bool)> {
        let back = address::query_value(&self.path);
        Zone::ALL
            .iter()
            .map(|zone| {
                let name = zone.as_str();
                (
                    format!("/zona/{}?kembali={back}", name.to_lowercase()),
                    name,
                    *zone == self.zone,
                )
            })
            .collect()
    }

    /// `path` as a whole address.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

impl FromRequestParts<App> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let visitor = crate::access::session::visitor(parts, app).await;
        let uri = parts
            .extensions
            .get::<axum::extract::OriginalUri>()
            .map_or(&parts.uri, |original| &original.0);
        Ok(Self::new(&parts.headers, uri, visitor, app.config.demo))
    }
}

/// Scheme and host of the request; a host with odd characters is not repeated.
fn origin(headers: &HeaderMap) -> String {
    let host = text_of(headers, header::HOST);
    let plain = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    let host = if plain && !host.is_empty() {
        host
    } else {
        "localhost"
    };
    let scheme = if address::is_loopback_host(host) {
        "http"
    } else {
        "https"
    };
    format!("{scheme}://{host}")
}

/// The header called `name` as text, empty where there is none.
pub fn text_of(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(headers: &[(&'static str, &'static str)], uri: &str) -> Frame {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().expect("header"));
        }
        Frame::new(&map, &uri.parse().expect("address"), None, false)
    }

    #[test]
    fn a_cookie_beats_the_browser() {
        assert_eq!(frame(&[], "/").language, Language::Indonesian);
        assert_eq!(
            frame(&[("accept-language", "en")], "/").language,
            Language::English
        );
        let chosen = frame(
            &[
                ("accept-language", "en"),
                ("cookie", "bahasa=id; zona=WITA"),
            ],
            "/",
        );
        assert_eq!(
            (chosen.language, chosen.zone),
            (Language::Indonesian, Zone::Wita)
        );
        assert_eq!(
            frame(&[("cookie", "bahasa=<x>; zona=9")], "/").zone,
            Zone::Wib
        );
    }

    #[test]
    fn the_other_language_leads_back_here() {
        let frame = frame(&[], "/cek-fakta?kesimpulan=misleading&h=2");
        assert_eq!(
            frame.other_language_address(),
            "/lang/en?kembali=%2Fcek-fakta%3Fkesimpulan%3Dmisleading%26h%3D2"
        );
        assert_eq!(
            frame.current("/cek-fakta").as_str(),
            " aria-current=\"page\""
        );
        assert_eq!(frame.current("/cek").as_str(), "");
    }

    #[test]
    fn a_host_with_odd_characters_is_not_repeated() {
        assert_eq!(
            frame(&[("host", "127.0.0.1:8080")], "/").origin,
            "http://127.0.0.1:8080"
        );
        assert_eq!(
            frame(&[("host", "cek.example")], "/").origin,
            "https://cek.example"
        );
        assert_eq!(
            frame(&[("host", "a\"><script>")], "/").origin,
            "http://localhost"
        );
    }
}
