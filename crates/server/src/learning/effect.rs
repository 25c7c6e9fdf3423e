//! What other thresholds would have made of the pairs people have judged.

use domain::label::Verdict;
use domain::thresholds::Thresholds;
use matching::answer::Answer;

use super::pairs::Pair;

/// Pairs by what the machine calls them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Called a match.
    pub matched: usize,
    /// Called probable.
    pub probable: usize,
    /// Not called anything.
    pub not_yet: usize,
}

/// A figure before the change and after it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Change<T> {
    /// With the thresholds that hold.
    pub before: T,
    /// With those wished for.
    pub after: T,
}

/// What a change of thresholds does to past labels.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effect {
    /// Pairs that were confirmed.
    pub confirmed: Change<Counts>,
    /// Pairs that were rejected.
    pub rejected: Change<Counts>,
    /// Pairs that readers did not mean; weak.
    pub not_meant: Change<Counts>,
    /// Of the judged pairs called a match, the share that was confirmed; none where none is called so.
    pub precision: Change<Option<f64>>,
    /// Of the confirmed pairs, the share called a match; none without any.
    pub recall: Change<Option<f64>>,
    /// Of the confirmed pairs, the share called a match or probable; none without any.
    pub shown: Change<Option<f64>>,
    /// Numbers of the pairs that are called otherwise afterwards.
    pub moved: Vec<usize>,
}

/// What a pair is called with `thresholds`. Each pair is judged by its own probability, whether or
/// not it would come first.
pub fn called(pair: &Pair, thresholds: Thresholds) -> Answer {
    match pair.probability {
        Some(sure) if sure >= thresholds.match_min() && !pair.contradicted => Answer::Match,
        Some(sure) if sure >= thresholds.probable_min() => Answer::Probable,
        _ => Answer::NotYetChecked,
    }
}

/// What `wished` thresholds make of `pairs` where `holding` ones hold.
pub fn effect(pairs: &[Pair], holding: Thresholds, wished: Thresholds) -> Effect {
    let mut effect = Effect::default();
    for (number, pair) in pairs.iter().enumerate() {
        let counts = match pair.verdict {
            Verdict::Confirmed => &mut effect.confirmed,
            Verdict::Rejected => &mut effect.rejected,
            Verdict::NotMeant => &mut effect.not_meant,
            Verdict::TakenBack => continue,
        };
        let (before, after) = (called(pair, holding), called(pair, wished));
        counts.before.add(before);
        counts.after.add(after);
        if before != after {
            effect.moved.push(number);
        }
    }
    let (yes, no) = (effect.confirmed, effect.rejected);
    let of = |counts: fn(&Counts) -> usize, all: fn(&Counts, &Counts) -> usize| Change {
        before: share(counts(&yes.before), all(&yes.before, &no.before)),
        after: share(counts(&yes.after), all(&yes.after, &no.after)),
    };
    effect.precision = of(|yes| yes.matched, |yes, no| yes.matched + no.matched);
    effect.recall = of(|yes| yes.matched, |yes, _| yes.all());
    effect.shown = of(|yes| yes.matched + yes.probable, |yes, _| yes.all());
    effect
}

impl Counts {
    fn add(&mut self, answer: Answer) {
        match answer {
            Answer::Match => self.matched += 1,
            Answer::Probable => self.probable += 1,
            Answer::NotYetChecked => self.not_yet += 1,
        }
    }

    /// All pairs.
    pub fn all(&self) -> usize {
        self.matched + self.probable + self.not_yet
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use domain::FactCheckId;
    use uuid::Uuid;

    use super::*;

    fn pair(verdict: Verdict, probability: Option<f32>) -> Pair {
        Pair {
            text: Some("teks".to_owned()),
            fact_check: FactCheckId(Uuid::nil()),
            verdict,
            probability,
            contradicted: false,
            is_old: false,
        }
    }

    #[test]
    fn figures_before_and_after_are_those_counted_by_hand() {
        let mut pairs = vec![
            pair(Verdict::Confirmed, Some(0.95)),
            pair(Verdict::Confirmed, Some(0.85)),
            pair(Verdict::Confirmed, Some(0.55)),
            pair(Verdict::Confirmed, None),
            pair(Verdict::Rejected, Some(0.82)),
            pair(Verdict::Rejected, Some(0.92)),
            pair(Verdict::NotMeant, Some(0.81)),
        ];
        pairs[5].contradicted = true;
        let holding = Thresholds::new(0.9, 0.6).expect("thresholds");
        let wished = Thresholds::new(0.8, 0.5).expect("thresholds");
        let effect = effect(&pairs, holding, wished);
        let counts = |matched, probable, not_yet| Counts {
            matched,
            probable,
            not_yet,
        };
        assert_eq!(effect.confirmed.before, counts(1, 1, 2));
        assert_eq!(effect.confirmed.after, counts(2, 1, 1));
        assert_eq!(effect.rejected.before, counts(0, 2, 0));
        assert_eq!(effect.rejected.after, counts(1, 1, 0));
        assert_eq!(effect.not_meant.after, counts(1, 0, 0));
        assert_eq!(effect.precision.before, Some(1.0));
        assert_eq!(effect.precision.after, Some(2.0 / 3.0));
        assert_eq!(effect.recall.before, Some(0.25));
        assert_eq!(effect.recall.after, Some(0.5));
        assert_eq!(effect.shown.after, Some(0.75));
        assert_eq!(effect.moved, [1, 2, 4, 6]);
    }

    #[test]
    fn without_labels_there_is_nothing_to_say() {
        let holding = Thresholds::new(0.9, 0.6).expect("thresholds");
        let empty = effect(&[], holding, holding);
        assert_eq!(empty, Effect::default());
        assert_eq!(empty.precision.before, None);
    }
}
