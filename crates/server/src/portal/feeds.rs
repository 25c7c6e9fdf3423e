//! Feeds of the latest checks: RSS 2.0, Atom, JSON Feed 1.1.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use domain::fact_check::FactCheck;
use serde_json::json;

use super::{limits, markdown, rating};
use crate::app::App;
use crate::error::Failure;
use crate::web::markup::escape;
use crate::web::{Cache, Frame, Language, moment, page};

const TITLE: &str = "Kentongan: cek fakta";
const ABOUT: &str = "Cek fakta terbaru dari redaksi yang bergabung dan arsip terbuka.";
/// The summary of a check in a feed, in characters.
const SUMMARY_CHARS: usize = 600;

/// The feed as RSS.
pub async fn rss(
    State(app): State<App>,
    frame: Frame,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (frame, checks) = latest(&app, frame).await?;
    Ok(answer(
        &headers,
        "application/rss+xml; charset=utf-8",
        &checks,
        rss_text(&frame, &checks),
    ))
}

/// The feed as Atom.
pub async fn atom(
    State(app): State<App>,
    frame: Frame,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (frame, checks) = latest(&app, frame).await?;
    Ok(answer(
        &headers,
        "application/atom+xml; charset=utf-8",
        &checks,
        atom_text(&frame, &checks),
    ))
}

/// The feed as JSON Feed.
pub async fn json(
    State(app): State<App>,
    frame: Frame,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (frame, checks) = latest(&app, frame).await?;
    Ok(answer(
        &headers,
        "application/feed+json; charset=utf-8",
        &checks,
        json_text(&frame, &checks),
    ))
}

/// Feeds speak the language of the checks, whoever fetches them.
async fn latest(app: &App, mut frame: Frame) -> Result<(Frame, Vec<FactCheck>), Failure> {
    frame.language = Language::Indonesian;
    let checks = app
        .store
        .latest_fact_checks(None, limits::FEED_ROWS, None)
        .await?;
    Ok((frame, checks))
}

fn newest(checks: &[FactCheck]) -> Timestamp {
    checks
        .iter()
        .map(|check| check.published_at)
        .max()
        .unwrap_or_default()
}

fn answer(headers: &HeaderMap, kind: &'static str, checks: &[FactCheck], body: String) -> Response {
    let modified = moment::http(newest(checks));
    let same_tag_asked = headers.contains_key(header::IF_NONE_MATCH);
    let same_time = headers
        .get(header::IF_MODIFIED_SINCE)
        .is_some_and(|value| value.as_bytes() == modified.as_bytes());
    let tag = page::entity_tag(body.as_bytes());
    let mut response = if same_time && !same_tag_asked {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body.into_response()
    };
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.insert(header::CACHE_CONTROL, Cache::PublicMinute.header());
    answer.insert(header::ETAG, tag);
    answer.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    if let Ok(modified) = HeaderValue::try_from(modified) {
        answer.insert(header::LAST_MODIFIED, modified);
    }
    response
}

/// One check as feeds show it.
struct Entry {
    title: String,
    summary: String,
    address: String,
}

fn entry(frame: &Frame, check: &FactCheck) -> Entry {
    let word = frame.t(rating::face(check.rating).key);
    let instead = markdown::plain(&check.explanation, SUMMARY_CHARS);
    let label = if check.label.is_empty() {
        String::new()
    } else {
        format!(" (label {}: “{}”)", check.publisher, check.label)
    };
    Entry {
        title: format!("[{word}] {}", check.claim),
        summary: format!("{word}{label}. {instead}").trim_end().to_owned(),
        address: frame.absolute(&format!("/cek-fakta/{}", check.id)),
    }
}

fn rss_text(frame: &Frame, checks: &[FactCheck]) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>{TITLE}</title><link>{}</link>\
         <description>{ABOUT}</description><language>id</language><lastBuildDate>{}</lastBuildDate>\
         <atom:link href=\"{}\" rel=\"self\" type=\"application/rss+xml\"/>\n",
        xml(&frame.absolute("/cek-fakta")),
        moment::http(newest(checks)),
        xml(&frame.absolute("/feeds/fact-checks.rss")),
    );
    for check in checks {
        let entry = entry(frame, check);
        text.extend([format!(
            "<item><title>{}</title><link>{}</link><guid isPermaLink=\"false\">urn:uuid:{}</guid><pubDate>{}</pubDate>\
             <dc:creator>{}</dc:creator><category>{}</category><description>{}</description></item>\n",
            xml(&entry.title),
            xml(&entry.address),
            check.id,
            moment::http(check.published_at),
            xml(&check.publisher),
            check.rating.as_str(),
            xml(&entry.summary),
        )]);
    }
    text.push_str("</channel></rss>\n");
    text
}

fn atom_text(frame: &Frame, checks: &[FactCheck]) -> String {
    let home = xml(&frame.absolute("/cek-fakta"));
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"id\">\
         <title>{TITLE}</title><subtitle>{ABOUT}</subtitle><id>{home}</id><updated>{}</updated>\
         <link href=\"{home}\"/><link rel=\"self\" href=\"{}\"/>\n",
        moment::machine(newest(checks)),
        xml(&frame.absolute("/feeds/fact-checks.atom")),
    );
    for check in checks {
        let entry = entry(frame, check);
        let at = moment::machine(check.published_at);
        text.extend([format!(
            "<entry><title>{}</title><id>urn:uuid:{}</id><link href=\"{}\"/><published>{at}</published>\
             <updated>{at}</updated><author><name>{}</name></author><category term=\"{}\"/><summary>{}</summary></entry>\n",
            xml(&entry.title),
            check.id,
            xml(&entry.address),
            xml(&check.publisher),
            check.rating.as_str(),
            xml(&entry.summary),
        )]);
    }
    text.push_str("</feed>\n");
    text
}

fn json_text(frame: &Frame, checks: &[FactCheck]) -> String {
    let items: Vec<_> = checks
        .iter()
        .map(|check| {
            let entry = entry(frame, check);
            json!({
                "id": format!("urn:uuid:{}", check.id),
                "url": entry.address,
                "external_url": check.url,
                "title": entry.title,
                "content_text": entry.summary,
                "date_published": moment::machine(check.published_at),
                "authors": [{ "name": check.publisher }],
                "tags": [check.rating.as_str()],
                "language": "id",
            })
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": TITLE,
        "description": ABOUT,
        "home_page_url": frame.absolute("/cek-fakta"),
        "feed_url": frame.absolute("/feeds/fact-checks.json"),
        "language": "id",
        "items": items,
    });
    feed.to_string()
}

/// `text` for XML: escaped, and without the characters XML 1.0 cannot hold at all.
fn xml(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    escape(&text.chars().filter(allowed).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::answer_card::tests::check;

    fn frame() -> Frame {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("cek.example"));
        Frame::new(&headers, &"/".parse().expect("address"), None, false)
    }

    fn hostile() -> FactCheck {
        let mut check = check();
        check.claim = "]]></title><x> & \"q\" 'a' \u{0}\u{8}\u{ffff}😀".into();
        check.publisher = "<Redaksi>".into();
        check
    }

    /// Reads the feed back with the reader the intake uses for other people's feeds.
    fn read_back(text: &str) -> feed_rs::model::Feed {
        feed_rs::parser::parse(text.as_bytes()).expect("a feed that reads back")
    }

    #[test]
    fn hostile_text_survives_all_three_forms() {
        let checks = [hostile(), check()];
        for text in [
            rss_text(&frame(), &checks),
            atom_text(&frame(), &checks),
            json_text(&frame(), &checks),
        ] {
            let feed = read_back(&text);
            assert_eq!(feed.entries.len(), 2);
            let title = feed.entries[0]
                .title
                .as_ref()
                .expect("title")
                .content
                .clone();
            assert!(
                title.contains("]]></title><x> & \"q\" 'a'") && title.contains('😀'),
                "{title:?}"
            );
            assert_eq!(
                feed.entries[1].links[0].href,
                "https://cek.example/cek-fakta/00000000-0000-0000-0000-000000000007"
            );
        }
    }

    #[test]
    fn a_reader_that_is_up_to_date_gets_nothing() {
        let checks = [check()];
        let mut headers = HeaderMap::new();
        let first = answer(&headers, "text/xml", &checks, "x".into());
        let modified = first.headers()[header::LAST_MODIFIED].clone();
        assert_eq!(modified, "Wed, 02 Jan 2019 12:00:00 GMT");
        headers.insert(header::IF_MODIFIED_SINCE, modified);
        assert_eq!(
            answer(&headers, "text/xml", &checks, "x".into()).status(),
            StatusCode::NOT_MODIFIED
        );
    }

    #[test]
    fn an_empty_feed_is_a_feed() {
        assert!(read_back(&rss_text(&frame(), &[])).entries.is_empty());
        assert!(read_back(&atom_text(&frame(), &[])).entries.is_empty());
    }
}
