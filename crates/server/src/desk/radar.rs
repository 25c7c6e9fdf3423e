//! The radar: clusters ranked by growth, reach and lack of an answer, for people who decide what
//! to check next.

use askama::Template;
use axum::extract::{Query, State};
use domain::Timestamp;
use domain::channel::ChannelKind;
use domain::cluster::ClusterAnswer;
use store::limits::SEARCH_CLUSTERS_MAX;
use store::{RadarFilter, RadarTotals};

use super::filter::{Filter, HOURS_OFFERED, RADAR_ROWS, RawFilter, answer_word};
use super::pages::Pages;
use super::row::{Hold, Row};
use super::shell::Shell;
use super::summary::Summary;
use super::words::channel_name;
use crate::access::{May, permission::SeeDesk};
use crate::app::App;
use crate::error::Failure;
use crate::stream::LiveFigures;
use crate::web::{Cache, Fragment, Frame, Html, Page};

/// The four figures over the list.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    posts: String,
    copies: String,
    clusters: String,
    claims: String,
    answered: String,
    rising: String,
    oldest: String,
    alarm: bool,
    /// More clusters live than a search by text looks at.
    is_deep: bool,
}

/// One selection of the filter.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    name: &'static str,
    label: String,
    everything: String,
    options: Vec<Entry>,
}

/// One entry of a selection.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The value that is sent.
    pub value: String,
    /// What the reader sees.
    pub text: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A part of the filter that is in force, with the address without it.
#[derive(Debug, Clone)]
pub(crate) struct Chip {
    text: String,
    address: String,
}

/// What moves on the page.
type Moving = (Figures, Vec<Row>, Pages);

/// The page.
#[derive(Debug, Template)]
#[template(path = "desk/radar.html")]
pub(crate) struct RadarPage {
    frame: Frame,
    shell: Shell,
    figures: Figures,
    choices: Vec<Choice>,
    searched: String,
    chips: Vec<Chip>,
    refresh: String,
    /// How deep a search by text looks, where it does not look at every cluster.
    depth: Option<String>,
    rows: Vec<Row>,
    pages: Pages,
    summary: Option<Summary>,
}

impl Page for RadarPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// The parts of the page that move.
#[derive(Debug, Template)]
#[template(path = "desk/update.html")]
pub(crate) struct Update {
    frame: Frame,
    figures: Figures,
    rows: Vec<Row>,
    pages: Pages,
}

/// `GET /desk`
pub(super) async fn show(
    who: May<SeeDesk>,
    frame: Frame,
    State(app): State<App>,
    Query(raw): Query<RawFilter>,
) -> Result<Html<RadarPage>, Failure> {
    let filter = Filter::from(raw);
    let shell = Shell::load(&app, &frame, &who, "/desk").await?;
    let moving = moving_parts(&app, &frame, &filter).await?;
    let summary = match filter.chosen {
        Some(cluster) => Summary::load(&app, &frame, cluster).await?,
        None => None,
    };
    Ok(Html(RadarPage::new(frame, shell, &filter, moving, summary)))
}

impl RadarPage {
    fn new(
        frame: Frame,
        shell: Shell,
        filter: &Filter,
        moving: Moving,
        summary: Option<Summary>,
    ) -> Self {
        let (figures, rows, pages) = moving;
        Self {
            choices: choices(&frame, filter),
            searched: filter.text.clone().unwrap_or_default(),
            chips: chips(&frame, filter),
            refresh: filter.address(),
            depth: (filter.text.is_some() && figures.is_deep)
                .then(|| frame.n("desk-filter-text-depth", i64::from(SEARCH_CLUSTERS_MAX))),
            frame,
            shell,
            figures,
            rows,
            pages,
            summary,
        }
    }

    /// The page with these rows and no figures, for tests.
    #[cfg(test)]
    pub(super) fn drawn(
        frame: Frame,
        shell: Shell,
        filter: &Filter,
        rows: &[store::RadarRow],
        summary: Option<Summary>,
    ) -> Self {
        let rows: Vec<Row> = rows
            .iter()
            .map(|row| Row::new(&frame, filter, row))
            .collect();
        let figures = figures(&frame, &LiveFigures::default(), &RadarTotals::default());
        let pages = Pages::new(&frame, 1, RADAR_ROWS, rows.len(), false, |_| String::new());
        Self::new(frame, shell, filter, (figures, rows, pages), summary)
    }
}

/// `GET /desk/rows`: the same list without its surroundings.
pub(super) async fn rows(
    _who: May<SeeDesk>,
    frame: Frame,
    State(app): State<App>,
    Query(raw): Query<RawFilter>,
) -> Result<Fragment<Update>, Failure> {
    let filter = Filter::from(raw);
    let (figures, rows, pages) = moving_parts(&app, &frame, &filter).await?;
    Ok(Fragment(Update {
        frame,
        figures,
        rows,
        pages,
    }))
}

async fn moving_parts(app: &App, frame: &Frame, filter: &Filter) -> Result<Moving, Failure> {
    let wanted = RadarFilter {
        answer: filter.answer,
        channel: filter.channel,
        region: filter.province.clone(),
        seen_after: filter.seen_after(frame.now),
        text: filter.text.clone(),
        search_among: 0,
        limit: RADAR_ROWS + 1,
        offset: filter.offset(),
    };
    let mut found = app.store.radar(&wanted, frame.now).await?;
    let more = found.len() > RADAR_ROWS as usize;
    found.truncate(RADAR_ROWS as usize);
    let since = frame.now.plus_us(-Timestamp::DAY_US);
    let totals = app.totals.of(&app.store, since).await?;
    let live = *app.live.borrow();
    let rows: Vec<Row> = found
        .iter()
        .map(|row| Row::new(frame, filter, row))
        .collect();
    let pages = Pages::new(frame, filter.page, RADAR_ROWS, rows.len(), more, |page| {
        filter.on_page(page).address()
    });
    Ok((figures(frame, &live, &totals), rows, pages))
}

fn figures(frame: &Frame, live: &LiveFigures, totals: &RadarTotals) -> Figures {
    let count = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let share = live.matched_24h as f64 / live.posts_24h.max(1) as f64;
    Figures {
        posts: frame.short(count(live.posts_24h)),
        copies: frame.n("desk-stat-copies", count(live.copies_24h)),
        clusters: frame.whole(totals.active_clusters),
        claims: frame.n("desk-stat-claims", totals.distinct_claims),
        answered: if live.posts_24h == 0 {
            "–".to_owned()
        } else {
            frame.percent(share)
        },
        rising: frame.whole(totals.unanswered_rising),
        oldest: match totals.oldest_unanswered_at {
            Some(at) if totals.unanswered_rising > 0 => {
                frame.t1("desk-stat-oldest", "age", frame.span_since(at))
            }
            _ => frame.t("desk-stat-none-waiting"),
        },
        alarm: totals.unanswered_rising > 0,
        is_deep: totals.active_clusters > i64::from(SEARCH_CLUSTERS_MAX),
    }
}

fn choices(frame: &Frame, filter: &Filter) -> Vec<Choice> {
    let answers = [
        ClusterAnswer::None,
        ClusterAnswer::Suggested,
        ClusterAnswer::Answered,
    ]
    .into_iter()
    .map(|answer| Entry {
        value: answer_word(answer).to_owned(),
        text: frame.t(answer_key(answer)),
        chosen: filter.answer == Some(answer),
    });
    let provinces = crate::regions::provinces().map(|province| Entry {
        value: province.code.clone(),
        text: province.short_name.clone(),
        chosen: filter.province.as_ref() == Some(&province.code),
    });
    let channels = ChannelKind::ALL.iter().map(|kind| Entry {
        value: kind.as_str().to_owned(),
        text: channel_name(frame, kind.as_str()),
        chosen: filter.channel == Some(*kind),
    });
    let hours = HOURS_OFFERED.into_iter().map(|hours| Entry {
        value: hours.to_string(),
        text: frame.n("desk-filter-hours", i64::from(hours)),
        chosen: filter.hours == Some(hours),
    });
    let choice = |name, key: &str, options: Vec<Entry>| Choice {
        name,
        label: frame.t(key),
        everything: frame.t(&format!("{key}-all")),
        options,
    };
    vec![
        choice("jawaban", "desk-filter-answer", answers.collect()),
        choice("wilayah", "desk-filter-place", provinces.collect()),
        choice("kanal", "desk-filter-channel", channels.collect()),
        choice("waktu", "desk-filter-time", hours.collect()),
    ]
}

fn chips(frame: &Frame, filter: &Filter) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut add = |text: String, without: Filter| {
        chips.push(Chip {
            text,
            address: without.on_page(1).address(),
        });
    };
    if let Some(answer) = filter.answer {
        add(
            frame.t(answer_key(answer)),
            Filter {
                answer: None,
                ..filter.clone()
            },
        );
    }
    if let Some(province) = &filter.province {
        add(
            crate::regions::place(province),
            Filter {
                province: None,
                ..filter.clone()
            },
        );
    }
    if let Some(channel) = filter.channel {
        add(
            channel_name(frame, channel.as_str()),
            Filter {
                channel: None,
                ..filter.clone()
            },
        );
    }
    if let Some(hours) = filter.hours {
        add(
            frame.n("desk-filter-hours", i64::from(hours)),
            Filter {
                hours: None,
                ..filter.clone()
            },
        );
    }
    if let Some(text) = &filter.text {
        add(
            format!("“{text}”"),
            Filter {
                text: None,
                ..filter.clone()
            },
        );
    }
    chips
}

fn answer_key(answer: ClusterAnswer) -> &'static str {
    match answer {
        ClusterAnswer::None => "desk-answer-none",
        ClusterAnswer::Suggested => "desk-answer-suggested",
        ClusterAnswer::Answered => "desk-answer-answered",
    }
}
