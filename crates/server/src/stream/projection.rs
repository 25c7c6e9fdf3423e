//! From live clusters to rows of the radar. Values are absolute: writing them twice changes
//! nothing, so reading the log again counts nothing twice.

use domain::Timestamp;
use domain::cluster::{ClusterAnswer, ClusterState, heat};
use domain::region::RegionCode;
use store::{ClusterRow, Example, Facet, FacetKind, Growth, StreamHour, Suggestion};

use super::engine::Engine;
use super::group::{Group, Rich, Sample, Suggested};
use super::growth::FINE_US;
use super::limits;

/// What one projection writes.
#[derive(Debug, Default)]
pub struct Projection {
    /// Rows of clusters that changed.
    pub rows: Vec<ClusterRow>,
    /// Totals by hour.
    pub hours: Vec<StreamHour>,
    /// Oldest receipt among the changes: how late the radar is.
    pub oldest_change: Option<Timestamp>,
}

/// Whoever can explain why a check fits a text.
pub trait Explainer {
    /// The best checks with reasons, at most [`limits::SUGGESTIONS_PER_CLUSTER`].
    fn explain(&self, text: &str) -> Vec<Suggested>;
}

impl Engine {
    /// Takes up to [`limits::PROJECTION_ROWS`] changed clusters, oldest change first.
    pub fn project(&mut self, now: Timestamp, explainer: &impl Explainer) -> Projection {
        let mut projection = Projection::default();
        for group in std::mem::take(&mut self.ended) {
            projection
                .rows
                .extend(self.row(&group, ClusterState::Closed, now));
        }
        while projection.rows.len() < limits::PROJECTION_ROWS {
            let Some(number) = self.dirty.pop_front() else {
                break;
            };
            self.explain(number, explainer);
            let Some(Some(group)) = self.groups.get_mut(number as usize) else {
                continue;
            };
            let Some(rich) = group.rich.as_mut().filter(|rich| rich.dirty) else {
                continue;
            };
            rich.dirty = false;
            rich.shown_rate = rich.growth.last_hour(now);
            self.fading.follow(number, rich, now);
            let changed = group.touched_at;
            let oldest = projection.oldest_change.get_or_insert(changed);
            *oldest = (*oldest).min(changed);
            if let Some(group) = self.group(number) {
                projection
                    .rows
                    .extend(self.row(group, group.state(now), now));
            }
        }
        projection.hours = self
            .hours
            .iter()
            .map(|(hour, totals)| StreamHour {
                hour: *hour,
                posts: signed(totals.posts),
                copies: signed(totals.copies),
                matched: signed(totals.matched),
            })
            .collect();
        projection
    }

    /// True while changes wait for a projection.
    pub fn has_changes(&self) -> bool {
        !self.dirty.is_empty() || !self.ended.is_empty()
    }

    /// Queues clusters whose growth has faded since they were last shown, so many that one
    /// projection takes them.
    pub fn fade(&mut self, now: Timestamp) {
        let newest = now.0.div_euclid(FINE_US);
        while self.dirty.len() < limits::PROJECTION_ROWS {
            let Some((number, bucket)) = self.fading.take_due(newest) else {
                return;
            };
            let group = self
                .groups
                .get_mut(number as usize)
                .and_then(Option::as_mut);
            let rich = group.and_then(|group| group.rich.as_mut());
            // It has been shown since with another rate, or is about to be.
            let Some(rich) = rich.filter(|rich| rich.fades_at == Some(bucket)) else {
                continue;
            };
            rich.fades_at = None;
            if rich.growth.last_hour(now) == rich.shown_rate {
                self.fading.follow(number, rich, now);
            } else {
                self.mark(number);
            }
        }
    }

    fn explain(&mut self, number: u32, explainer: &impl Explainer) {
        let Some(group) = self.group(number) else {
            return;
        };
        let Some(rich) = group
            .rich
            .as_ref()
            .filter(|rich| rich.suggestions.is_none())
        else {
            return;
        };
        let suggested = if group.best().is_some() {
            explainer.explain(representative(rich))
        } else {
            Vec::new()
        };
        if let Some(Some(group)) = self.groups.get_mut(number as usize)
            && let Some(rich) = &mut group.rich
        {
            rich.suggestions = Some(suggested);
        }
    }

    fn row(&self, group: &Group, state: ClusterState, now: Timestamp) -> Option<ClusterRow> {
        let rich = group.rich.as_deref()?;
        let rate = if state == ClusterState::Closed {
            0
        } else {
            rich.growth.last_hour(now)
        };
        let (bucket_us, start, counts) = rich.growth.curve(group.born_at, now);
        let suggestions: Vec<Suggestion> =
            rich.suggestions.iter().flatten().map(suggestion).collect();
        Some(ClusterRow {
            id: group.id(),
            state,
            born_at: group.born_at,
            last_seen_at: rich.last_seen_at,
            text: representative(rich).to_owned(),
            posts: i64::from(rich.posts),
            texts: i64::from(rich.texts),
            reach: signed(rich.reach),
            posts_per_hour: signed(rate),
            heat: heat(rate, rich.reach, group.answer),
            answer: shown_answer(group, &suggestions),
            suggestions,
            growth: Growth {
                bucket_us,
                start,
                counts,
            },
            facets: self.facets(rich),
            examples: rich
                .examples
                .iter()
                .map(|sample| self.example(sample))
                .collect(),
            region: self.dominant_region(rich),
            lang: None,
        })
    }

    fn facets(&self, rich: &Rich) -> Vec<Facet> {
        let channels = rich.channels.iter().map(|(kind, posts)| Facet {
            kind: FacetKind::Channel,
            value: kind.as_str().to_owned(),
            posts: i64::from(*posts),
        });
        let regions = rich.regions.iter().map(|(number, posts)| Facet {
            kind: FacetKind::Region,
            value: self.region_code(*number).to_owned(),
            posts: i64::from(*posts),
        });
        channels.chain(regions).collect()
    }

    fn dominant_region(&self, rich: &Rich) -> Option<RegionCode> {
        let (number, _) = rich
            .regions
            .iter()
            .max_by_key(|(number, posts)| (*posts, std::cmp::Reverse(*number)))?;
        RegionCode::parse(self.region_code(*number)).ok()
    }

    fn example(&self, sample: &Sample) -> Example {
        Example {
            text: sample.text.to_string(),
            channel_kind: sample.channel,
            account: sample.account.to_string(),
            url: sample.url.as_ref().map(ToString::to_string),
            published_at: sample.published_at,
            received_at: sample.received_at,
            region: RegionCode::parse(self.region_code(sample.region)).ok(),
            reach: signed(sample.reach),
            resemblance: sample.resemblance,
            posts: i64::from(sample.posts),
        }
    }
}

/// The text that stands for the cluster on the desk: the one most often posted, as written.
fn representative(rich: &Rich) -> &str {
    let most = rich
        .examples
        .iter()
        .enumerate()
        .max_by_key(|(place, sample)| (sample.posts, std::cmp::Reverse(*place)));
    most.map_or("", |(_, sample)| &sample.text)
}

fn shown_answer(group: &Group, suggestions: &[Suggestion]) -> ClusterAnswer {
    match group.answer {
        ClusterAnswer::Suggested if suggestions.is_empty() => ClusterAnswer::None,
        answer => answer,
    }
}

fn suggestion(suggested: &Suggested) -> Suggestion {
    Suggestion {
        fact_check: suggested.fact_check,
        probability: suggested.probability,
        answer_word: if suggested.is_match {
            "match"
        } else {
            "probable"
        },
        reason: suggested.reason.to_string(),
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
