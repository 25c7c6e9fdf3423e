//! What other thresholds would have done to past labels, as the page of thresholds shows it.

use domain::FactCheckId;
use domain::fact_check::FactCheck;
use domain::label::Verdict;
use domain::thresholds::Thresholds;
use matching::answer::Answer;

use crate::app::App;
use crate::desk::headline;
use crate::error::Failure;
use crate::learning::effect::{self, Change, Counts, called};
use crate::learning::pairs::{self, Pair};
use crate::web::Frame;

/// Examples that would be called otherwise.
const EXAMPLES_SHOWN: usize = 20;
/// An example's text, in characters.
const EXAMPLE_CHARS: usize = 160;

/// One line of the table of counts.
#[derive(Debug)]
pub(super) struct CountRow {
    pub name: String,
    pub cells: [(String, String, bool); 3],
}

/// One figure before and after.
#[derive(Debug)]
pub(super) struct ShareRow {
    pub name: String,
    pub before: String,
    pub after: String,
}

/// A pair that would be called otherwise.
#[derive(Debug)]
pub(super) struct Example {
    pub text: String,
    pub claim: String,
    pub check: FactCheckId,
    pub verdict: String,
    pub sure: String,
    pub before: String,
    pub after: String,
}

/// What a change does to past labels.
#[derive(Debug)]
pub(super) struct EffectView {
    pub wished: Thresholds,
    pub pairs: String,
    pub counts: Vec<CountRow>,
    pub shares: Vec<ShareRow>,
    pub moved: String,
    pub examples: Vec<Example>,
}

/// What `wished` in place of `holding` would have done to the newest labels.
pub(super) async fn effect_of(
    app: &App,
    frame: &Frame,
    holding: Thresholds,
    wished: Thresholds,
) -> Result<EffectView, Failure> {
    let pairs = pairs::load(app).await?;
    let effect = effect::effect(&pairs, holding, wished);
    let shown: Vec<&Pair> = effect
        .moved
        .iter()
        .filter_map(|number| pairs.get(*number))
        .take(EXAMPLES_SHOWN)
        .collect();
    let ids: Vec<FactCheckId> = shown.iter().map(|pair| pair.fact_check).collect();
    let checks = app.store.fact_checks_by_ids(&ids).await?;
    let examples = shown
        .iter()
        .map(|pair| example(frame, pair, &checks, holding, wished));
    let counts = |key: &str, change: Change<Counts>| count_row(frame, frame.t(key), change);
    let share = |key: &str, change: Change<Option<f64>>| ShareRow {
        name: frame.t(key),
        before: share_words(frame, change.before),
        after: share_words(frame, change.after),
    };
    Ok(EffectView {
        wished,
        pairs: frame.n("thresholds-pairs", count(pairs.len())),
        counts: vec![
            counts("label-confirmed", effect.confirmed),
            counts("label-rejected", effect.rejected),
            counts("label-not_meant", effect.not_meant),
        ],
        shares: vec![
            share("thresholds-precision", effect.precision),
            share("thresholds-recall", effect.recall),
            share("thresholds-shown", effect.shown),
        ],
        moved: frame.n("thresholds-moved", count(effect.moved.len())),
        examples: examples.collect(),
    })
}

fn count_row(frame: &Frame, name: String, change: Change<Counts>) -> CountRow {
    let cell = |of: fn(&Counts) -> usize| {
        let (before, after) = (of(&change.before), of(&change.after));
        let told = |number| frame.whole(count(number));
        (told(before), told(after), before != after)
    };
    CountRow {
        name,
        cells: [
            cell(|counts| counts.matched),
            cell(|counts| counts.probable),
            cell(|counts| counts.not_yet),
        ],
    }
}

fn example(
    frame: &Frame,
    pair: &Pair,
    checks: &[FactCheck],
    holding: Thresholds,
    wished: Thresholds,
) -> Example {
    let check = checks.iter().find(|check| check.id == pair.fact_check);
    let text = pair.text.as_deref();
    Example {
        text: text.map_or_else(
            || frame.t("thresholds-no-text"),
            |text| headline(text, EXAMPLE_CHARS),
        ),
        claim: check.map(|check| check.claim.clone()).unwrap_or_default(),
        check: pair.fact_check,
        verdict: verdict_words(frame, pair.verdict),
        sure: pair
            .probability
            .map_or_else(String::new, |sure| frame.fine(sure)),
        before: answer_words(frame, called(pair, holding)),
        after: answer_words(frame, called(pair, wished)),
    }
}

fn verdict_words(frame: &Frame, verdict: Verdict) -> String {
    frame.t(&format!("label-{}", verdict.as_str()))
}

fn answer_words(frame: &Frame, answer: Answer) -> String {
    frame.t(match answer {
        Answer::Match => "method-match",
        Answer::Probable => "method-probable",
        Answer::NotYetChecked => "method-none",
    })
}

fn share_words(frame: &Frame, share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| frame.percent(share))
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
