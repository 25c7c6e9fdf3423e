//! How often each answer is wrong, with the figures and the diagram they come from.

use askama::Template;

use crate::answers::{model_digest, weights};
use crate::learning::figures::Figures;
use crate::web::plot::Plot;
use crate::web::{Cache, Frame, Html, Markup, Page};

/// One answer with how often it is wrong.
#[derive(Debug)]
struct Answer {
    icon: &'static str,
    name: String,
    means: String,
    wrong: String,
}

/// One bin of the diagram, as a row.
#[derive(Debug)]
struct Row {
    said: String,
    right: String,
    texts: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "portal/methodology.html")]
pub struct MethodologyPage {
    frame: Frame,
    measured: Option<Measured>,
}

/// What was measured.
#[derive(Debug)]
struct Measured {
    answers: Vec<Answer>,
    lead: String,
    diagram: Markup,
    rows: Vec<Row>,
    made_on: String,
    command: String,
    model: String,
    /// Whether the program answers with other weights or thresholds than those measured.
    outdated: bool,
}

impl Page for MethodologyPage {
    const CACHE: Cache = Cache::PublicFiveMinutes;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn canonical(&self) -> Option<String> {
        Some("/metodologi".to_owned())
    }
}

/// Shows how the answers are made and how often they are wrong.
pub async fn show(frame: Frame) -> Html<MethodologyPage> {
    let measured = Figures::shipped().map(|figures| Measured::new(&frame, figures));
    Html(MethodologyPage { frame, measured })
}

impl Measured {
    fn new(frame: &Frame, figures: &Figures) -> Self {
        let given = figures.given;
        let answer = |icon, name: &str, means: &str, wrong: &str, share: f64| Answer {
            icon,
            name: frame.t(name),
            means: frame.t(means),
            wrong: frame.t1(wrong, "share", frame.percent(share)),
        };
        // Of all texts that have an answer: how many have none differs from place to place.
        let not_found = given.not_yet_checked.given - given.not_yet_checked.right;
        let missed = not_found as f64 / figures.ranking.queries.max(1) as f64;
        let texts = count(figures.ranking.queries + figures.unanswerable);
        let parts = [
            ("texts", &*frame.whole(texts)),
            ("checks", &*frame.whole(count(figures.documents))),
        ];
        Self {
            answers: vec![
                answer(
                    "circle-check",
                    "method-match",
                    "methodology-match",
                    "methodology-match-wrong",
                    given.matched.wrong_share(),
                ),
                answer(
                    "circle-question-mark",
                    "method-probable",
                    "methodology-probable",
                    "methodology-probable-wrong",
                    given.probable.wrong_share(),
                ),
                answer(
                    "clock",
                    "method-none",
                    "methodology-none",
                    "methodology-none-wrong",
                    missed,
                ),
            ],
            lead: crate::desk::filled(frame, "methodology-measured", &parts),
            diagram: diagram(frame, figures),
            rows: rows(frame, figures),
            made_on: day(frame, &figures.made_on),
            command: figures.command.clone(),
            model: figures.model.clone(),
            outdated: figures.model != model_digest() || weights::shipped().is_none(),
        }
    }
}

fn diagram(frame: &Frame, figures: &Figures) -> Markup {
    let bins = figures.reliability.iter().filter(|bin| bin.count > 0);
    let plot = Plot {
        label: &frame.t("methodology-diagram"),
        across: &frame.t("methodology-said"),
        up: &frame.t("methodology-right"),
        dots: bins.map(|bin| (bin.said, bin.right, bin.count)).collect(),
        diagonal: true,
        ..Plot::default()
    };
    plot.draw()
}

fn rows(frame: &Frame, figures: &Figures) -> Vec<Row> {
    let bins = figures.reliability.iter().filter(|bin| bin.count > 0);
    bins.map(|bin| Row {
        said: frame.percent(bin.said),
        right: frame.percent(bin.right),
        texts: frame.whole(count(bin.count)),
    })
    .collect()
}

/// The day in the reader's words; as it stands where it is none.
fn day(frame: &Frame, made_on: &str) -> String {
    let date = made_on.parse::<jiff::civil::Date>().ok();
    let noon = date.and_then(|date| {
        let noon = date.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
        noon.ok().map(|at| at.timestamp().as_microsecond())
    });
    noon.map_or_else(
        || made_on.to_owned(),
        |at| crate::web::moment::date(frame.language, frame.zone, domain::Timestamp(at)),
    )
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
