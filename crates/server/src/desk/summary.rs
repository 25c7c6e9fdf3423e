//! What is enough to decide on a cluster, beside the list.

use askama::Template;
use axum::extract::{Path, State};
use domain::ClusterId;
use domain::claim_match::MatchState;
use domain::policy::Action;
use domain::region::RegionCode;
use store::{ClusterRow, FacetKind, MatchRow, StoreError};

use super::growth::{self, Counts, Curve};
use super::reason::{Reason, Stretch, mark};
use super::row::{answer_tag, rate_text};
use super::words::{Tag, channel_name, filled, headline, place_name};
use crate::access::{May, permission::SeeDesk};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Fragment, Frame};

/// The title of a cluster, in characters.
pub(super) const TITLE_CHARS: usize = 90;
/// Matches beside the list; the cluster page shows all.
const MATCHES_SHOWN: usize = 3;
/// Channels named beside the list.
const CHANNELS_SHOWN: usize = 3;

/// A cluster in short.
#[derive(Debug, Clone)]
pub(crate) struct Summary {
    pub(super) id: ClusterId,
    pub(super) tag: Tag,
    pub(super) title: String,
    pub(super) spark: Curve,
    pub(super) rising: bool,
    pub(super) rate: String,
    pub(super) text: Vec<Stretch>,
    pub(super) channels: String,
    pub(super) place: String,
    pub(super) reach: String,
    pub(super) matches: Vec<ShortMatch>,
    pub(super) case_address: Option<String>,
    pub(super) may_open: bool,
}

/// A match in short.
#[derive(Debug, Clone)]
pub(crate) struct ShortMatch {
    pub(super) claim: String,
    pub(super) state: &'static str,
    pub(super) percent: u32,
    pub(super) reason: String,
}

/// The summary alone.
#[derive(Debug, Template)]
#[template(path = "desk/summary.html")]
pub(crate) struct SummaryPage {
    frame: Frame,
    summary: Option<Summary>,
}

/// `GET /desk/clusters/{id}/summary`
pub(super) async fn show(
    _who: May<SeeDesk>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Fragment<SummaryPage>, Failure> {
    let cluster = ClusterId::parse(&id).ok_or(Failure::NotFound)?;
    let summary = Summary::load(&app, &frame, cluster)
        .await?
        .ok_or(Failure::NotFound)?;
    Ok(Fragment(SummaryPage {
        frame,
        summary: Some(summary),
    }))
}

impl Summary {
    /// The summary of a cluster; `None` when there is no such cluster.
    pub(crate) async fn load(
        app: &App,
        frame: &Frame,
        id: ClusterId,
    ) -> Result<Option<Self>, Failure> {
        let cluster = match app.store.cluster(id).await {
            Ok(cluster) => cluster,
            Err(StoreError::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let matches = app.store.cluster_matches(id).await?;
        let case = match &frame.visitor {
            Some(visitor) if frame.may(Action::SeeDraft) => {
                app.store
                    .case_of_cluster(id, visitor.organisation.id)
                    .await?
            }
            _ => None,
        };
        let case_address = case.map(|case| format!("/desk/cases/{}", case.id));
        Ok(Some(Self::new(frame, &cluster, &matches, case_address)))
    }

    pub(super) fn new(
        frame: &Frame,
        cluster: &ClusterRow,
        matches: &[MatchRow],
        case_address: Option<String>,
    ) -> Self {
        let growth = &cluster.growth;
        let counts = Counts {
            start: growth.start,
            bucket_us: growth.bucket_us,
            posts: &growth.counts,
        };
        let best = best_of(matches);
        let shared = best
            .map(|best| Reason::read(&best.suggestion.reason).shared_words)
            .unwrap_or_default();
        Self {
            id: cluster.id,
            tag: answer_tag(
                frame,
                cluster.answer,
                best.map(|best| (best.fact_check.rating, best.fact_check.published_at)),
            ),
            title: headline(&cluster.text, TITLE_CHARS),
            spark: growth::spark(counts, frame.now),
            rising: rises(cluster),
            rate: rate_text(frame, cluster.posts_per_hour),
            text: mark(&cluster.text, &shared),
            channels: channel_line(frame, cluster),
            place: place_name(frame, cluster.region.as_ref().map(RegionCode::as_str)),
            reach: reach_text(frame, cluster.reach),
            matches: matches
                .iter()
                .take(MATCHES_SHOWN)
                .map(|found| ShortMatch::new(frame, found))
                .collect(),
            may_open: case_address.is_none() && frame.may(Action::OpenCase),
            case_address,
        }
    }
}

impl ShortMatch {
    fn new(frame: &Frame, found: &MatchRow) -> Self {
        Self {
            claim: found.fact_check.claim.clone(),
            state: found.state.as_str(),
            percent: percent_of(found.suggestion.probability),
            reason: reason_text(frame, found),
        }
    }
}

/// Whether a cluster grows without an answer.
pub(super) fn rises(cluster: &ClusterRow) -> bool {
    cluster.answer == domain::cluster::ClusterAnswer::None && cluster.posts_per_hour > 0
}

/// The match that speaks for the cluster: a confirmed one, else the first not rejected.
pub(super) fn best_of(matches: &[MatchRow]) -> Option<&MatchRow> {
    let confirmed = matches
        .iter()
        .find(|found| matches!(found.state, MatchState::Confirmed { .. }));
    confirmed.or_else(|| {
        matches
            .iter()
            .find(|found| matches!(found.state, MatchState::Suggested))
    })
}

/// Closeness, contradictions and shared words of a match, in one line.
pub(super) fn reason_text(frame: &Frame, found: &MatchRow) -> String {
    if !found.suggested {
        return frame.t("desk-match-added");
    }
    let word = frame.t(if found.suggestion.answer_word == "match" {
        "desk-match-match"
    } else {
        "desk-match-probable"
    });
    let share = frame.ratio(f64::from(found.suggestion.probability));
    let closeness = filled(
        frame,
        "desk-match-closeness",
        &[("share", &share), ("word", &word)],
    );
    let reason = Reason::read(&found.suggestion.reason).sentence(frame);
    format!("{closeness} {reason}").trim_end().to_owned()
}

/// A probability as a whole number of percent, 0 to 100.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=100 first"
)]
pub(super) fn percent_of(probability: f32) -> u32 {
    (probability.clamp(0.0, 1.0) * 100.0).round() as u32
}

/// ±96.000 orang, or that it is not known.
pub(super) fn reach_text(frame: &Frame, reach: i64) -> String {
    if reach > 0 {
        frame.n("desk-reach-about", reach)
    } else {
        frame.t("desk-reach-unknown")
    }
}

fn channel_line(frame: &Frame, cluster: &ClusterRow) -> String {
    let mut channels: Vec<(&str, i64)> = cluster
        .facets
        .iter()
        .filter(|facet| facet.kind == FacetKind::Channel)
        .map(|facet| (facet.value.as_str(), facet.posts))
        .collect();
    channels.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let all: i64 = channels.iter().map(|(_, posts)| posts).sum();
    let shares = channels.iter().take(CHANNELS_SHOWN).map(|(value, posts)| {
        format!(
            "{} {}",
            channel_name(frame, value),
            frame.percent(*posts as f64 / all.max(1) as f64)
        )
    });
    shares.collect::<Vec<_>>().join(", ")
}
