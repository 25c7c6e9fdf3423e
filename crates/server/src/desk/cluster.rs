//! The page of one cluster: what circulates, where, how it grew, and what may answer it.

use askama::Template;
use axum::extract::{Path, Query, State};
use domain::ClusterId;
use domain::case::Case;
use domain::policy::Action;
use serde::Deserialize;
use store::{ClusterRow, FacetKind, MatchRow};

use super::growth::{self, Counts, Curve};
use super::matches::MatchView;
use super::reason::{Reason, Stretch, mark};
use super::row::{answer_tag, copies_of, rate_text};
use super::shell::Shell;
use super::summary::{TITLE_CHARS, best_of, percent_of, reach_text, rises};
use super::variants::{Shown, Variant, variants};
use super::words::{Tag, case_tag, channel_name, clock, cluster_state_name, filled, headline};
use crate::access::{May, permission::SeeDesk};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Markup, Page};

/// Regions listed; the rest is in the archive.
const REGIONS_SHOWN: usize = 12;

/// A cluster in full.
#[derive(Debug)]
struct ClusterView {
    id: ClusterId,
    title: String,
    tag: Tag,
    text: Vec<Stretch>,
    has_marks: bool,
    posts: String,
    copies: String,
    texts: String,
    rate: String,
    rising: bool,
    reach: String,
    reach_short: String,
    state: String,
    first_seen: Markup,
    last_seen: Markup,
    case_address: Option<String>,
    held: Option<String>,
    may_open: bool,
}

/// The growth chart with its words.
#[derive(Debug)]
struct ChartView {
    label: String,
    curve: Curve,
    count_marks: Vec<(String, String)>,
    time_marks: Vec<(String, String)>,
    hours: Vec<(String, String)>,
}

/// One place's share of the posts.
#[derive(Debug)]
struct Share {
    name: String,
    posts: String,
    percent: String,
    width: u32,
}

#[derive(Debug, Template)]
#[template(path = "desk/cluster.html")]
pub(crate) struct ClusterPage {
    frame: Frame,
    shell: Shell,
    cluster: ClusterView,
    chart: ChartView,
    variants: Vec<Variant>,
    shown: String,
    matches: Vec<MatchView>,
    may_decide: bool,
    channels: Vec<Share>,
    regions: Vec<Share>,
    notice: Option<String>,
}

impl Page for ClusterPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What the page has to say besides the cluster.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    kabar: String,
}

/// `GET /desk/clusters/{id}`
pub(super) async fn show(
    who: May<SeeDesk>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(said): Query<Said>,
) -> Result<Html<ClusterPage>, Failure> {
    let id = ClusterId::parse(&id).ok_or(Failure::NotFound)?;
    let cluster = app.store.cluster(id).await?;
    let matches = app.store.cluster_matches(id).await?;
    let case = if frame.may(Action::SeeDraft) {
        app.store.case_of_cluster(id, who.organisation().id).await?
    } else {
        None
    };
    let shell = Shell::load(&app, &frame, &who, "/desk").await?;
    let mut page = ClusterPage::drawn(frame, shell, &cluster, &matches, case.as_ref());
    if said.kabar == "tidak-ada" {
        page.notice = Some(page.frame.t("desk-match-add-unknown"));
    }
    Ok(Html(page))
}

impl ClusterPage {
    /// The page of `cluster` with what may answer it and the reader's own case on it.
    pub(super) fn drawn(
        frame: Frame,
        shell: Shell,
        cluster: &ClusterRow,
        matches: &[MatchRow],
        case: Option<&Case>,
    ) -> Self {
        let variants = variants(&frame, cluster);
        let shown = i64::try_from(variants.len()).unwrap_or(i64::MAX);
        Self {
            cluster: ClusterView::new(&frame, cluster, matches, case),
            chart: ChartView::new(&frame, cluster),
            shown: frame.n("desk-variants-bounded", shown),
            matches: matches
                .iter()
                .map(|found| MatchView::new(&frame, found))
                .collect(),
            may_decide: frame.may(Action::DecideMatch),
            channels: shares(cluster, FacetKind::Channel, &frame, |value| {
                channel_name(&frame, value)
            }),
            regions: shares(cluster, FacetKind::Region, &frame, super::words::place),
            notice: None,
            variants,
            frame,
            shell,
        }
    }
}

impl ClusterView {
    fn new(frame: &Frame, cluster: &ClusterRow, matches: &[MatchRow], case: Option<&Case>) -> Self {
        let best = best_of(matches);
        let shared = best
            .map(|best| Reason::read(&best.suggestion.reason).shared_words)
            .unwrap_or_default();
        let text = mark(&cluster.text, &shared);
        Self {
            id: cluster.id,
            title: headline(&cluster.text, TITLE_CHARS),
            tag: answer_tag(
                frame,
                cluster.answer,
                best.map(|best| (best.fact_check.rating, best.fact_check.published_at)),
            ),
            has_marks: text.iter().any(|stretch| stretch.marked),
            text,
            posts: frame.whole(cluster.posts),
            copies: frame.whole(copies_of(cluster.posts, cluster.texts)),
            texts: frame.whole(cluster.texts),
            rate: rate_text(frame, cluster.posts_per_hour),
            rising: rises(cluster),
            reach: reach_text(frame, cluster.reach),
            reach_short: frame.short(cluster.reach),
            state: cluster_state_name(frame, cluster.state),
            first_seen: frame.ago(cluster.born_at),
            last_seen: frame.ago(cluster.last_seen_at),
            case_address: case.map(|case| format!("/desk/cases/{}", case.id)),
            held: case.map(|case| case_tag(frame, &case.state).text),
            may_open: case.is_none() && frame.may(Action::OpenCase),
        }
    }
}

impl ChartView {
    fn new(frame: &Frame, cluster: &ClusterRow) -> Self {
        let growth = &cluster.growth;
        let counts = Counts {
            start: growth.start,
            bucket_us: growth.bucket_us,
            posts: &growth.counts,
        };
        let drawn = growth::chart(counts, frame.now);
        let minutes = frame.whole(drawn.bucket_us / domain::Timestamp::MINUTE_US);
        let parts = [
            ("minutes", minutes.as_str()),
            ("until", &clock(frame, frame.now)),
        ];
        Self {
            label: filled(frame, "desk-growth-label", &parts),
            curve: drawn.curve,
            count_marks: drawn
                .count_marks
                .iter()
                .map(|mark| {
                    (
                        format!("{:.1}", mark.at),
                        frame.whole(i64::from(mark.value)),
                    )
                })
                .collect(),
            time_marks: drawn
                .time_marks
                .iter()
                .map(|mark| {
                    let time = crate::web::moment::clock(frame.language, frame.zone, mark.value);
                    (format!("{:.1}", mark.at), time)
                })
                .collect(),
            hours: drawn
                .hours
                .iter()
                .map(|(hour, posts)| (clock(frame, *hour), frame.whole(i64::from(*posts))))
                .collect(),
        }
    }
}

fn shares(
    cluster: &ClusterRow,
    kind: FacetKind,
    frame: &Frame,
    name: impl Fn(&str) -> String,
) -> Vec<Share> {
    let mut facets: Vec<_> = cluster
        .facets
        .iter()
        .filter(|facet| facet.kind == kind)
        .collect();
    facets.sort_by(|a, b| b.posts.cmp(&a.posts).then(a.value.cmp(&b.value)));
    let all: i64 = facets.iter().map(|facet| facet.posts).sum();
    facets
        .iter()
        .take(REGIONS_SHOWN)
        .map(|facet| {
            let share = facet.posts as f64 / all.max(1) as f64;
            Share {
                name: name(&facet.value),
                posts: frame.whole(facet.posts),
                percent: frame.percent(share),
                width: share_width(share),
            }
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a share of one fits")]
fn share_width(share: f64) -> u32 {
    percent_of(share as f32)
}
