//! Style sheets, scripts and the typeface: compiled in, compressed once, kept for a year under an
//! address that carries the content's hash.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::cache::Cache;
use crate::app::App;
use crate::error::Failure;

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const FONT_FILE: &str = "plus-jakarta-sans.woff2";

/// One file as it is served.
struct Asset {
    address: String,
    kind: &'static str,
    plain: Bytes,
    /// Absent where compressing does not pay.
    gzip: Option<Bytes>,
}

static ASSETS: LazyLock<BTreeMap<&'static str, Asset>> = LazyLock::new(|| {
    let font = asset(
        FONT_FILE,
        "font/woff2",
        include_bytes!("../../assets/plus-jakarta-sans.woff2").to_vec(),
    );
    let tokens = include_str!("../../assets/tokens.css")
        .replace("plus-jakarta-sans-latin-wght-normal.woff2", &font.address);
    let app = style(&[&tokens, include_str!("../../assets/app.css")]);
    let desk = style(&[include_str!("../../assets/desk.css")]);
    BTreeMap::from([
        ("app.css", asset("app.css", CSS, app)),
        ("desk.css", asset("desk.css", CSS, desk)),
        (
            "desk.js",
            asset(
                "desk.js",
                SCRIPT,
                include_bytes!("../../assets/desk.js").to_vec(),
            ),
        ),
        (
            "htmx.js",
            asset(
                "htmx.js",
                SCRIPT,
                include_bytes!("../../assets/vendor/htmx.min.js").to_vec(),
            ),
        ),
        (
            "passkey.js",
            asset(
                "passkey.js",
                SCRIPT,
                include_bytes!("../../assets/passkey.js").to_vec(),
            ),
        ),
        (
            "mark.svg",
            asset(
                "mark.svg",
                "image/svg+xml",
                include_bytes!("../../assets/mark.svg").to_vec(),
            ),
        ),
        (FONT_FILE, font),
    ])
});

/// The address of the asset called `name`; empty where there is none.
pub fn address(name: &str) -> &'static str {
    ASSETS.get(name).map_or("", |asset| asset.address.as_str())
}

/// The routes of the assets.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/aset/{file}", get(serve))
        .route("/favicon.ico", get(favicon))
}

async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let wanted = ASSETS
        .values()
        .find(|asset| asset.address.strip_prefix("/aset/") == Some(file.as_str()));
    wanted
        .map(|asset| asset.answer(&headers, Cache::PublicImmutable))
        .ok_or(Failure::NotFound)
}

async fn favicon(headers: HeaderMap) -> Result<Response, Failure> {
    let mark = ASSETS.get("mark.svg").ok_or(Failure::NotFound)?;
    Ok(mark.answer(&headers, Cache::PublicFiveMinutes))
}

impl Asset {
    fn answer(&self, headers: &HeaderMap, cache: Cache) -> Response {
        let accepts = headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let (body, encoding) = match &self.gzip {
            Some(gzip) if accepts.contains("gzip") => {
                (gzip.clone(), Some(HeaderValue::from_static("gzip")))
            }
            _ => (self.plain.clone(), None),
        };
        let mut response = body.into_response();
        let answer = response.headers_mut();
        answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        answer.insert(header::CACHE_CONTROL, cache.header());
        answer.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        if let Some(encoding) = encoding {
            answer.insert(header::CONTENT_ENCODING, encoding);
        }
        response
    }
}

fn asset(name: &str, kind: &'static str, plain: Vec<u8>) -> Asset {
    let digest = blake3::hash(&plain).to_hex();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
    let gzip = compress(&plain).filter(|gzip| gzip.len() < plain.len() * 9 / 10);
    Asset {
        address: format!("/aset/{stem}.{}.{ending}", &digest[..10]),
        kind,
        plain: Bytes::from(plain),
        gzip: gzip.map(Bytes::from),
    }
}

fn compress(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}

/// The sheets one after the other, without comments and indentation.
fn style(sheets: &[&str]) -> Vec<u8> {
    let mut whole = String::new();
    for sheet in sheets {
        let mut rest = *sheet;
        while let Some((before, after)) = rest.split_once("/*") {
            whole.push_str(before);
            rest = after.split_once("*/").map_or("", |(_, after)| after);
        }
        whole.push_str(rest);
        whole.push('\n');
    }
    let lines = whole.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_names_the_typeface_by_its_hash() {
        let sheet = String::from_utf8(ASSETS["app.css"].plain.to_vec()).expect("text");
        assert!(sheet.contains(&format!("url({})", address(FONT_FILE))));
        assert!(!sheet.contains("/*"));
        let sheet_address = address("app.css");
        let ending = std::path::Path::new(sheet_address).extension();
        assert!(
            sheet_address.starts_with("/aset/app.") && ending.is_some_and(|ending| ending == "css")
        );
        assert_eq!(address("nothing.css"), "");
    }

    #[test]
    fn every_asset_that_is_named_exists() {
        for (path, text) in crate::web::locale::sources() {
            for part in text
                .split("asset(\"")
                .skip(1)
                .filter(|_| path.contains("/templates/"))
            {
                let name = part.split('"').next().unwrap_or_default();
                assert_ne!(address(name), "", "{path} names the asset {name:?}");
            }
        }
    }

    /// What a cold visit to a public page loads besides the page and the typeface, in bytes.
    const PUBLIC_SHEET_MAX_BYTES: usize = 6_000;

    #[test]
    fn the_public_sheet_stays_small() {
        let size = ASSETS["app.css"]
            .gzip
            .as_ref()
            .map_or(usize::MAX, Bytes::len);
        assert!(
            size <= PUBLIC_SHEET_MAX_BYTES,
            "app.css is {size} bytes compressed"
        );
    }
}
