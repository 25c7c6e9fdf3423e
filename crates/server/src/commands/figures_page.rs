//! The page of `eval lookup --report`: figures, diagrams and wrong answers in one HTML file.

use askama::Template;
use matching::answer::{Answer, Answered};
use matching::evaluate::LabelledQuery;

use crate::learning::figures::{Figures, RankingFigures};
use crate::web::Markup;
use crate::web::plot::Plot;

/// Wrong answers on one page; the number of all stands above them.
const ERRORS_SHOWN: usize = 1_000;

/// Why an answer is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A right check was found, but at this place, from 2.
    RightOneAtPlace(usize),
    /// No right check was among the results.
    RightOneNotFound,
    /// Nothing in the corpus answers the text.
    NothingAnswersIt,
    /// The first result was right, and yet the answer was "not yet checked".
    TooCareful,
}

/// One wrong answer.
#[derive(Debug)]
pub struct WrongAnswer {
    /// Name of the text.
    pub query: String,
    /// Its bucket, or its split.
    pub part: String,
    /// Name of the check that came first.
    pub document: String,
    /// What was answered.
    pub answer: &'static str,
    /// How sure the machine was, 0 to 1.
    pub probability: f32,
    /// What is wrong.
    pub fault: Fault,
    /// Kinds of contradiction that were named.
    pub differences: String,
    /// The text and the claim, where they may be shown.
    pub texts: Option<(String, String)>,
}

impl Fault {
    /// What is wrong with an answer; none where it is right. That a text without an answer is not
    /// yet checked is right, that one with an answer is not is wrong.
    pub fn of(query: &LabelledQuery<'_>, answered: &Answered) -> Option<Self> {
        let place = answered
            .results
            .iter()
            .position(|result| query.relevant.contains(&result.doc));
        let silent = answered.answer == Answer::NotYetChecked;
        Self::judge(!query.relevant.is_empty(), place, silent)
    }

    /// `place` is that of the first right check, from 0; `silent` that nothing was called a match
    /// or probable.
    fn judge(has_answer: bool, place: Option<usize>, silent: bool) -> Option<Self> {
        match (has_answer, place) {
            (false, _) => (!silent).then_some(Self::NothingAnswersIt),
            (true, Some(0)) => silent.then_some(Self::TooCareful),
            (true, Some(place)) => Some(Self::RightOneAtPlace(place + 1)),
            (true, None) => Some(Self::RightOneNotFound),
        }
    }

    /// In words.
    pub fn words(self) -> String {
        match self {
            Self::RightOneAtPlace(place) => format!("a right check stands at place {place}"),
            Self::RightOneNotFound => "no right check among the results".to_owned(),
            Self::NothingAnswersIt => "nothing in the corpus answers it".to_owned(),
            Self::TooCareful => "the first result is right, but was not sure enough".to_owned(),
        }
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "figures.html")]
pub struct FiguresPage<'a> {
    figures: &'a Figures,
    reliability: Markup,
    precision_recall: Markup,
    risk: Markup,
    errors: Vec<WrongAnswer>,
    all_errors: usize,
    with_texts: bool,
}

impl<'a> FiguresPage<'a> {
    /// The page of `figures` with `errors`, the surest first.
    pub fn new(figures: &'a Figures, mut errors: Vec<WrongAnswer>, with_texts: bool) -> Self {
        let all_errors = errors.len();
        errors.truncate(ERRORS_SHOWN);
        let bins = figures.reliability.iter().filter(|bin| bin.count > 0);
        let reliability = Plot {
            label: "Reliability: what was said against what was right, in ten bins",
            across: "probability that was said",
            up: "share that was right",
            dots: bins.map(|bin| (bin.said, bin.right, bin.count)).collect(),
            diagonal: true,
            ..Plot::default()
        };
        let points = figures.operating_points.iter();
        let precision_recall = Plot {
            label: "Precision of the answer match against its recall, by threshold",
            across: "recall of match",
            up: "precision of match",
            line: points
                .filter(|point| point.called > 0)
                .map(|point| (point.recall, point.precision))
                .collect(),
            ..Plot::default()
        };
        let curve = figures.risk_coverage.iter();
        let risk = Plot {
            label: "Share of wrong first results among the surest texts",
            across: "share of texts, the surest first",
            up: "share of wrong first results",
            line: curve.map(|point| (point.coverage, point.risk)).collect(),
            ..Plot::default()
        };
        Self {
            figures,
            reliability: reliability.draw(),
            precision_recall: precision_recall.draw(),
            risk: risk.draw(),
            errors,
            all_errors,
            with_texts,
        }
    }

    /// Rankings with their names, all texts first.
    fn rankings(&self) -> Vec<(&str, &RankingFigures)> {
        let buckets = self.figures.buckets.iter();
        std::iter::once(("all", &self.figures.ranking))
            .chain(buckets.map(|(name, ranking)| (name.as_str(), ranking)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_answer_has_its_reason() {
        for (has_answer, place, silent, fault) in [
            (true, Some(0), false, None),
            (true, Some(0), true, Some(Fault::TooCareful)),
            (true, Some(1), false, Some(Fault::RightOneAtPlace(2))),
            (true, None, true, Some(Fault::RightOneNotFound)),
            (false, None, false, Some(Fault::NothingAnswersIt)),
            (false, None, true, None),
        ] {
            assert_eq!(Fault::judge(has_answer, place, silent), fault);
        }
    }

    #[test]
    fn the_page_needs_nothing_from_outside_and_shows_texts_only_when_told() {
        let figures = Figures::shipped().expect("figures");
        let error = |texts| WrongAnswer {
            query: "q-1".to_owned(),
            part: "hard".to_owned(),
            document: "doc-1".to_owned(),
            answer: "match",
            probability: 0.97,
            fault: Fault::RightOneNotFound,
            differences: "year".to_owned(),
            texts,
        };
        let bare = FiguresPage::new(figures, vec![error(None)], false);
        let bare = bare.render().expect("a page");
        for absent in ["<script", "src=", "href=", "http://", "https://", "@import"] {
            assert!(!bare.contains(absent), "{absent}");
        }
        assert!(
            bare.contains("q-1") && bare.contains("doc-1") && bare.matches("<svg").count() == 3
        );
        assert!(bare.contains("prefers-color-scheme"));
        let texts = Some(("isi <pesan>".to_owned(), "klaim".to_owned()));
        let full = FiguresPage::new(figures, vec![error(texts)], true);
        assert!(
            full.render()
                .expect("a page")
                .contains("isi &#60;pesan&#62;")
        );
    }
}
