//! One row of the radar as a reader sees it.

use domain::cluster::ClusterAnswer;
use domain::fact_check::Rating;
use domain::policy::Action;
use domain::{ClusterId, MemberId, OrganisationId, Timestamp};
use store::{CaseMark, RadarRow};

use super::filter::Filter;
use super::growth::{self, Counts, Curve};
use super::words::{Tag, filled, headline, place_name, rating_name, rating_tag, short_day};
use crate::web::{Frame, Markup};

/// The narrative of a row, in characters; the cluster page shows all of it.
const NARRATIVE_CHARS: usize = 180;

/// A row, ready to be drawn.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The cluster.
    pub id: ClusterId,
    /// Whether its summary stands beside the list.
    pub chosen: bool,
    /// The address that chooses it.
    pub pick: String,
    /// Its small curve.
    pub spark: Curve,
    /// Whether it rises unanswered: drawn in the colour of alarm.
    pub rising: bool,
    /// Its rate: +312/jam.
    pub rate: String,
    /// Its text, in short.
    pub narrative: String,
    /// Where most of it comes from.
    pub place: String,
    /// When it was first seen.
    pub first_seen: Markup,
    /// Whether it has an answer.
    pub tag: Tag,
    /// Posts, copies included.
    pub posts: String,
    /// Posts beyond the first of each text.
    pub copies: String,
    /// Who holds it.
    pub hold: Hold,
}

/// Who works on a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hold {
    /// Nobody, and this reader may take it.
    Free,
    /// There is a case on it.
    Case(Held),
    /// Nobody, and this reader may not take it.
    Closed,
}

/// A case on a cluster, for a narrow column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    /// The holder's initials; empty while nobody holds it.
    pub initials: String,
    /// The same in words.
    pub label: String,
    /// Whether the reader holds it.
    pub mine: bool,
    /// The case's page, where the reader may see it.
    pub address: Option<String>,
}

/// Posts that repeat a text that is already there: items, copies and distinct texts are three
/// numbers, and the second follows from the other two.
pub(crate) fn copies_of(posts: i64, texts: i64) -> i64 {
    (posts - texts).max(0)
}

/// The tag of an answer; `rating` and `checked_at` belong to the best check.
pub(crate) fn answer_tag(
    frame: &Frame,
    answer: ClusterAnswer,
    best: Option<(Rating, Timestamp)>,
) -> Tag {
    match (answer, best) {
        (ClusterAnswer::Answered, Some((rating, _))) => {
            let text = filled(
                frame,
                "desk-tag-answered",
                &[("rating", &rating_name(frame, rating))],
            );
            Tag {
                text,
                ..rating_tag(frame, rating)
            }
        }
        (ClusterAnswer::Answered, None) => Tag {
            class: "true",
            icon: "circle-check",
            text: frame.t("desk-tag-answered-plain"),
        },
        (ClusterAnswer::Suggested, best) => {
            let text = match best {
                Some((_, at)) => {
                    filled(frame, "desk-tag-maybe", &[("date", &short_day(frame, at))])
                }
                None => frame.t("desk-tag-maybe-plain"),
            };
            Tag {
                class: "misleading",
                icon: "git-compare",
                text,
            }
        }
        (ClusterAnswer::None, _) => Tag {
            class: "unproven",
            icon: "circle-question-mark",
            text: frame.t("desk-tag-none"),
        },
    }
}

/// +312/jam, or that it is quiet.
pub(crate) fn rate_text(frame: &Frame, posts_per_hour: i64) -> String {
    if posts_per_hour > 0 {
        frame.n("desk-per-hour", posts_per_hour)
    } else {
        frame.t("desk-still")
    }
}

impl Row {
    /// The row of `radar` for the reader of `frame` who asked for `filter`.
    pub(crate) fn new(frame: &Frame, filter: &Filter, radar: &RadarRow) -> Self {
        let counts = Counts {
            start: radar.growth.start,
            bucket_us: radar.growth.bucket_us,
            posts: &radar.growth.counts,
        };
        let best = radar
            .best
            .as_ref()
            .map(|best| (best.rating, best.published_at));
        let region = radar
            .region
            .as_ref()
            .map(domain::region::RegionCode::as_str);
        Self {
            id: radar.id,
            chosen: filter.chosen == Some(radar.id),
            pick: filter.choosing(radar.id).address(),
            spark: growth::spark(counts, frame.now),
            rising: radar.answer == ClusterAnswer::None && radar.posts_per_hour > 0,
            rate: rate_text(frame, radar.posts_per_hour),
            narrative: headline(&radar.text, NARRATIVE_CHARS),
            place: place_name(frame, region),
            first_seen: frame.ago(radar.born_at),
            tag: answer_tag(frame, radar.answer, best),
            posts: frame.whole(radar.posts),
            copies: frame.n("desk-copies", copies_of(radar.posts, radar.texts)),
            hold: hold(frame, &radar.cases),
        }
    }
}

fn hold(frame: &Frame, cases: &[CaseMark]) -> Hold {
    let (reader, newsroom) = reader_of(frame);
    let own = cases
        .iter()
        .find(|case| Some(case.organisation) == newsroom);
    let shown = own
        .or_else(|| cases.iter().find(|case| case.holder.is_some()))
        .or(cases.first());
    let Some(case) = shown else {
        return if frame.may(Action::WriteCase) {
            Hold::Free
        } else {
            Hold::Closed
        };
    };
    let name = case.holder.as_ref().map(|(_, name)| name.as_str());
    Hold::Case(Held {
        initials: name.map(initials).unwrap_or_default(),
        label: held_label(frame, case, own.is_some()),
        mine: case
            .holder
            .as_ref()
            .is_some_and(|(holder, _)| Some(*holder) == reader),
        address: (own.is_some() && frame.may(Action::SeeDraft))
            .then(|| format!("/desk/cases/{}", case.id)),
    })
}

/// Who holds a case, or where it is; a foreign newsroom is named.
pub(crate) fn held_label(frame: &Frame, case: &CaseMark, own: bool) -> String {
    let label = match &case.holder {
        Some((_, name)) => filled(frame, "desk-held-by", &[("name", name)]),
        None if case.state == "in_review" => frame.t("desk-in-review"),
        None => frame.t("desk-case-open"),
    };
    if own {
        label
    } else {
        format!("{label}, {}", case.organisation_name)
    }
}

/// Up to two letters of a name.
pub(crate) fn initials(name: &str) -> String {
    let letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().next());
    letters
        .filter(|letter| letter.is_alphanumeric())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

fn reader_of(frame: &Frame) -> (Option<MemberId>, Option<OrganisationId>) {
    let visitor = frame.visitor.as_ref();
    (
        visitor.map(|visitor| visitor.member.id),
        visitor.map(|visitor| visitor.organisation.id),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_posts_beyond_the_distinct_texts() {
        assert_eq!(copies_of(1_284, 182), 1_102);
        assert_eq!(copies_of(1, 1), 0);
        assert_eq!(copies_of(3, 5), 0);
    }

    #[test]
    fn initials_are_two_letters_at_most() {
        assert_eq!(initials("redaktur satu Jambi"), "RS");
        assert_eq!(initials("(peraga)"), "");
    }
}
