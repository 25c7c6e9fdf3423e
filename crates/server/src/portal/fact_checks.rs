//! The checks themselves: the list and one page for each.

use askama::Template;
use axum::extract::{Path, Query, State};
use domain::fact_check::{FactCheck, Origin, Rating};
use domain::{FactCheckId, Timestamp};
use serde::Deserialize;

use super::{claim_review, limits, markdown, rating};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Markup, Page};

/// One page of the list.
#[derive(Debug, Template)]
#[template(path = "portal/fact_checks.html")]
pub struct ListPage {
    frame: Frame,
    chosen: Option<Rating>,
    checks: Vec<FactCheck>,
    /// The address of the page of older checks, when there are more.
    older: Option<String>,
    is_first: bool,
}

impl Page for ListPage {
    const CACHE: Cache = Cache::PublicMinute;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn canonical(&self) -> Option<String> {
        Some(self.frame.path.clone())
    }
}

/// Which part of the list is wanted.
#[derive(Debug, Deserialize)]
pub struct Part {
    #[serde(default)]
    kesimpulan: String,
    /// `MICROSECONDS.ID` of the last check of the page before.
    #[serde(default)]
    sebelum: String,
}

/// Shows a page of the list.
pub async fn list(
    State(app): State<App>,
    frame: Frame,
    Query(part): Query<Part>,
) -> Result<Html<ListPage>, Failure> {
    let chosen = Rating::parse(&part.kesimpulan);
    let before = read_place(&part.sebelum);
    let mut checks = app
        .store
        .latest_fact_checks(before, limits::LIST_ROWS + 1, chosen)
        .await?;
    let rows = usize::try_from(limits::LIST_ROWS).unwrap_or(usize::MAX);
    let more = checks.len() > rows;
    checks.truncate(rows);
    let older = checks
        .last()
        .filter(|_| more)
        .map(|last| older_address(chosen, last));
    Ok(Html(ListPage {
        frame,
        chosen,
        checks,
        older,
        is_first: before.is_none(),
    }))
}

fn older_address(chosen: Option<Rating>, last: &FactCheck) -> String {
    let rating = chosen.map_or(String::new(), |rating| {
        format!("kesimpulan={}&", rating.as_str())
    });
    format!(
        "/cek-fakta?{rating}sebelum={}.{}",
        last.published_at.0, last.id
    )
}

fn read_place(text: &str) -> Option<(Timestamp, FactCheckId)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp(at.parse().ok()?), FactCheckId::parse(id)?))
}

/// The page of one check.
#[derive(Debug, Template)]
#[template(path = "portal/fact_check.html")]
pub struct CheckPage {
    frame: Frame,
    face: rating::Face,
    explanation: Markup,
    summary: String,
    data_block: Markup,
    check: FactCheck,
}

impl CheckPage {
    fn new(frame: Frame, check: FactCheck) -> Self {
        let face = rating::face(check.rating);
        let address = frame.absolute(&format!("/cek-fakta/{}", check.id));
        Self {
            face,
            explanation: markdown::html(&check.explanation),
            summary: markdown::plain(&check.explanation, SUMMARY_CHARS),
            data_block: claim_review::data_block(&check, &address, &frame.t(face.key)),
            check,
            frame,
        }
    }

    fn is_from_desk(&self) -> bool {
        matches!(self.check.origin, Origin::Desk { .. })
    }

    fn path(&self) -> String {
        format!("/cek-fakta/{}", self.check.id)
    }

    fn evidence(&self) -> impl Iterator<Item = &String> {
        self.check.evidence.iter().take(limits::EVIDENCE_SHOWN)
    }

    fn share_text(&self) -> String {
        let text = format!(
            "{}: {} {}",
            self.frame.t(self.face.key),
            self.check.claim,
            self.frame.absolute(&self.path())
        );
        crate::web::address::query_value(&text)
    }
}

/// A summary for link previews, in characters.
const SUMMARY_CHARS: usize = 200;

impl Page for CheckPage {
    const CACHE: Cache = Cache::PublicFiveMinutes;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn canonical(&self) -> Option<String> {
        Some(self.path())
    }
}

/// Shows one check.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Html<CheckPage>, Failure> {
    let id = FactCheckId::parse(&id).ok_or(Failure::NotFound)?;
    let check = app.store.fact_check(id).await?;
    Ok(Html(CheckPage::new(frame, check)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_in_the_list_reads_back() {
        let check = crate::portal::answer_card::tests::check();
        let address = older_address(Some(Rating::False), &check);
        assert!(
            address.starts_with("/cek-fakta?kesimpulan=false_claim&sebelum="),
            "{address}"
        );
        let place = address.rsplit('=').next().unwrap_or_default();
        assert_eq!(read_place(place), Some((check.published_at, check.id)));
        for bad in [
            "",
            "1",
            "x.y",
            "1.x",
            "99999999999999999999.00000000-0000-0000-0000-000000000007",
        ] {
            assert_eq!(read_place(bad), None, "{bad}");
        }
    }
}
