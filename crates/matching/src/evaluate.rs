//! How good are the answers? The numbers of `eval lookup` and `eval copies`.

use crate::answer::{Answer, Answered, answer};
use crate::claims::{ClaimIndex, DocId, Scratch};
use crate::copies::is_copy;

/// A query with what would answer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledQuery<'a> {
    /// The text as it circulated.
    pub text: &'a str,
    /// Checks in the index that answer it; empty where none does.
    pub relevant: Vec<DocId>,
    /// Name of a part that is also reported on its own.
    pub bucket: Option<&'a str>,
}

/// Ranking quality over queries that have an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Ranking {
    /// Queries counted.
    pub queries: usize,
    /// Share with a right check first.
    pub success_at_1: f64,
    /// Share with a right check among the first five.
    pub success_at_5: f64,
    /// Share with a right check among the first ten.
    pub success_at_10: f64,
    /// Mean of one over the rank of the first right check, 0 beyond ten.
    pub mrr_at_10: f64,
}

/// Quality of the three answers.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Answers {
    /// Of the queries answered "match", the share whose first result is right.
    pub match_precision: f64,
    /// Of the queries that have an answer, the share answered "match" and right.
    pub match_recall: f64,
    /// Of the queries without an answer, the share answered "not yet checked".
    pub true_negative_rate: f64,
    /// Of the queries without an answer, the share not answered "match".
    pub no_false_match_rate: f64,
    /// Area under the curve of the first probability: answerable against not.
    pub auc: f64,
}

/// All numbers of one run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluation {
    /// Over all answerable queries.
    pub ranking: Ranking,
    /// By bucket, in the order of first appearance.
    pub by_bucket: Vec<(String, Ranking)>,
    /// Over all queries.
    pub answers: Answers,
}

/// Sums that the numbers are computed from.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    queries: usize,
    at_1: usize,
    at_5: usize,
    at_10: usize,
    reciprocal: f64,
}

impl Sums {
    fn add(&mut self, rank: Option<usize>) {
        self.queries += 1;
        if let Some(rank) = rank {
            self.at_1 += usize::from(rank == 0);
            self.at_5 += usize::from(rank < 5);
            self.at_10 += usize::from(rank < 10);
            self.reciprocal += 1.0 / (rank + 1) as f64;
        }
    }

    fn ranking(&self) -> Ranking {
        Ranking {
            queries: self.queries,
            success_at_1: share(self.at_1, self.queries),
            success_at_5: share(self.at_5, self.queries),
            success_at_10: share(self.at_10, self.queries),
            mrr_at_10: if self.queries == 0 {
                0.0
            } else {
                self.reciprocal / self.queries as f64
            },
        }
    }
}

/// Runs every query against the index. `around` is called with the work of one query and
/// must do it once; it may take its time.
pub fn lookup(
    index: &ClaimIndex,
    queries: &[LabelledQuery<'_>],
    mut around: impl FnMut(&mut dyn FnMut()),
) -> Evaluation {
    let mut scratch = Scratch::default();
    let answered: Vec<Answered> = queries
        .iter()
        .map(|query| {
            let mut out = None;
            around(&mut || out = Some(answer(index, query.text, &mut scratch)));
            out.unwrap_or(Answered {
                answer: Answer::NotYetChecked,
                probability: 0.0,
                results: Vec::new(),
            })
        })
        .collect();
    evaluate(queries, &answered)
}

/// The numbers of given answers, one for each query.
pub fn evaluate(queries: &[LabelledQuery<'_>], answered: &[Answered]) -> Evaluation {
    let mut all = Sums::default();
    let mut buckets: Vec<(String, Sums)> = Vec::new();
    let (mut matches, mut right_matches) = (0, 0);
    let (mut unanswerable, mut abstained, mut not_matched) = (0, 0, 0);
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for (query, answered) in queries.iter().zip(answered) {
        let rank = answered
            .results
            .iter()
            .take(10)
            .position(|r| query.relevant.contains(&r.doc));
        let is_match = answered.answer == Answer::Match;
        matches += usize::from(is_match);
        right_matches += usize::from(is_match && rank == Some(0));
        if query.relevant.is_empty() {
            unanswerable += 1;
            abstained += usize::from(answered.answer == Answer::NotYetChecked);
            not_matched += usize::from(!is_match);
            without.push(answered.probability);
            continue;
        }
        with.push(answered.probability);
        all.add(rank);
        if let Some(name) = query.bucket {
            let at = buckets
                .iter()
                .position(|(known, _)| known == name)
                .unwrap_or_else(|| {
                    buckets.push((name.to_owned(), Sums::default()));
                    buckets.len() - 1
                });
            buckets[at].1.add(rank);
        }
    }
    Evaluation {
        ranking: all.ranking(),
        by_bucket: buckets
            .into_iter()
            .map(|(name, sums)| (name, sums.ranking()))
            .collect(),
        answers: Answers {
            match_precision: share(right_matches, matches),
            match_recall: share(right_matches, all.queries),
            true_negative_rate: share(abstained, unanswerable),
            no_false_match_rate: share(not_matched, unanswerable),
            auc: area_under_curve(&with, &without),
        },
    }
}

/// The chance that a value of the first list exceeds one of the second; ties count half.
pub fn area_under_curve(above: &[f32], below: &[f32]) -> f64 {
    if above.is_empty() || below.is_empty() {
        return 0.0;
    }
    let mut sorted = below.to_vec();
    sorted.sort_by(f32::total_cmp);
    let mut sum = 0.0;
    for value in above {
        let less = sorted.partition_point(|other| other < value);
        let not_more = sorted.partition_point(|other| other <= value);
        sum += less as f64 + (not_more - less) as f64 / 2.0;
    }
    sum / (above.len() as f64 * below.len() as f64)
}

/// Quality of copy detection on labelled pairs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CopiesEvaluation {
    /// Pairs judged.
    pub pairs: usize,
    /// Of the pairs called copies, the share that are.
    pub precision: f64,
    /// Of the copies, the share that were called so.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
}

/// Judges pairs of texts, each labelled whether they are copies.
pub fn copies<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str, bool)>) -> CopiesEvaluation {
    let (mut count, mut right, mut called, mut same) = (0, 0, 0, 0);
    for (a, b, are_copies) in pairs {
        let called_copy = is_copy(a, b);
        count += 1;
        called += usize::from(called_copy);
        same += usize::from(are_copies);
        right += usize::from(called_copy && are_copies);
    }
    let (precision, recall) = (share(right, called), share(right, same));
    let sum = precision + recall;
    let f1 = if sum > 0.0 {
        2.0 * precision * recall / sum
    } else {
        0.0
    };
    CopiesEvaluation {
        pairs: count,
        precision,
        recall,
        f1,
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Found;

    fn answered(answer: Answer, probability: f32, docs: &[DocId]) -> Answered {
        let found = |doc: &DocId| Found {
            doc: *doc,
            probability,
            score: 0.0,
            shared: Vec::new(),
            shared_words: Vec::new(),
            contradictions: Vec::new(),
            contributions: Vec::new(),
        };
        Answered {
            answer,
            probability,
            results: docs.iter().map(found).collect(),
        }
    }

    #[test]
    fn numbers_of_a_small_run() {
        let query = |relevant: &[DocId], bucket| LabelledQuery {
            text: "",
            relevant: relevant.to_vec(),
            bucket,
        };
        let queries = [
            query(&[1], Some("easy")),
            query(&[2], Some("hard")),
            query(&[3], Some("hard")),
            query(&[], None),
        ];
        let answers = [
            answered(Answer::Match, 0.9, &[1, 5]),
            answered(Answer::Match, 0.8, &[5, 2]),
            answered(Answer::NotYetChecked, 0.1, &[9]),
            answered(Answer::Probable, 0.5, &[7]),
        ];
        let run = evaluate(&queries, &answers);
        assert_eq!(run.ranking.queries, 3);
        assert!((run.ranking.success_at_1 - 1.0 / 3.0).abs() < 1e-9);
        assert!((run.ranking.success_at_5 - 2.0 / 3.0).abs() < 1e-9);
        assert!((run.ranking.mrr_at_10 - 0.5).abs() < 1e-9);
        assert!((run.answers.match_precision - 0.5).abs() < 1e-9);
        assert!((run.answers.match_recall - 1.0 / 3.0).abs() < 1e-9);
        assert!(run.answers.true_negative_rate.abs() < 1e-9);
        assert!((run.answers.no_false_match_rate - 1.0).abs() < 1e-9);
        assert!((run.answers.auc - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!(run.by_bucket[1].1.queries, 2);
    }

    #[test]
    fn copies_are_counted() {
        let a = "KPU menetapkan hasil pemilu hari ini di Jakarta";
        let run = copies([
            (a, "kpu menetapkan hasil pemilu hari ini di jakarta!!", true),
            (a, "harga beras naik lagi di pasar induk", false),
            (a, "beda sama sekali ini teksnya tapi dilabeli sama", true),
        ]);
        assert_eq!((run.pairs, run.precision, run.recall), (3, 1.0, 0.5));
    }
}
