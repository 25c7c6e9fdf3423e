//! The map of meaning: a linear map of sentence vectors by which what circulates comes
//! near the check of it. Contrastive: each text against its own check, against checks
//! that look like it, and against checks drawn from all.

use super::example::{Example, Examples};
use super::{FOLDS, Sentences, is_right};
use crate::claims::DocId;
use crate::meaning::{DIMENSIONS, Head, Sentence, unit};

/// Texts in one step.
const BATCH: usize = 256;
/// Checks drawn from all in one step.
const DRAWN: usize = 768;
/// Steps.
const STEPS: usize = 120;
/// Size of the first step; it falls to nothing.
const RATE: f32 = 6e-4;
/// Softness of the comparison: the smaller, the more the nearest wrong check counts.
const TEMPERATURE: f32 = 0.04;
/// The wrong checks of these ranks are set against a text; nearer ones are often unlabelled
/// right ones.
const HARD_RANK: usize = 3;

type Map = Vec<Sentence>;

/// One head for each fold from the other folds, and a last one from all.
pub(super) fn train_folds(examples: &Examples, sentences: Sentences<'_>) -> Vec<Head> {
    let mean = mean(sentences.checks);
    let bare = Head::unturned(&mean);
    let checks: Vec<Sentence> = sentences.checks.iter().map(|s| bare.centred(s)).collect();
    let texts: Vec<Sentence> = sentences.texts.iter().map(|s| bare.centred(s)).collect();
    let told = examples.all.iter().filter(|e| e.is_told);
    let lessons: Vec<Lesson> = told.map(|e| Lesson::new(e, &texts, &checks)).collect();
    let (checks, texts, lessons) = (&checks, &texts, &lessons);
    let maps: Vec<Map> = std::thread::scope(|scope| {
        let learn = |fold: Option<usize>| {
            let kept: Vec<&Lesson> = lessons.iter().filter(|l| Some(l.fold) != fold).collect();
            scope.spawn(move || learn(&kept, checks, texts))
        };
        let folds = (0..FOLDS).map(Some).chain([None]);
        let works: Vec<_> = folds.map(learn).collect();
        works
            .into_iter()
            .map(|work| work.join().unwrap_or_default())
            .collect()
    });
    maps.iter().map(|map| Head::new(&mean, map)).collect()
}

/// A text, its checks, and two wrong ones that look like it.
struct Lesson {
    at: usize,
    fold: usize,
    right: Vec<DocId>,
    hard: Vec<DocId>,
}

impl Lesson {
    fn new(example: &Example, texts: &[Sentence], checks: &[Sentence]) -> Self {
        let wrong = example.with.iter().map(|s| s.candidate.doc);
        let by_words = wrong.filter(|doc| !is_right(example, *doc)).nth(HARD_RANK);
        let text = &texts[example.at];
        let mut near: Vec<(f32, DocId)> = checks
            .iter()
            .zip(0_u32..)
            .filter(|(_, doc)| !is_right(example, *doc))
            .map(|(check, doc)| (product(text, check), doc))
            .collect();
        let order = |a: &(f32, DocId), b: &(f32, DocId)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        let by_meaning =
            (near.len() > HARD_RANK).then(|| near.select_nth_unstable_by(HARD_RANK, order).1.1);
        Self {
            at: example.at,
            fold: example.fold,
            right: example.relevant.clone(),
            hard: by_words.into_iter().chain(by_meaning).collect(),
        }
    }
}

fn mean(sentences: &[Sentence]) -> Sentence {
    let mut sum = [0.0_f64; DIMENSIONS];
    for sentence in sentences {
        for (s, x) in sum.iter_mut().zip(sentence) {
            *s += f64::from(*x);
        }
    }
    sum.map(|s| (s / sentences.len().max(1) as f64) as f32)
}

/// A fixed sequence of numbers that look drawn.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % limit.max(1) as u64) as usize
    }
}

fn learn(lessons: &[&Lesson], checks: &[Sentence], texts: &[Sentence]) -> Map {
    let mut map: Map = (0..DIMENSIONS)
        .map(|at| std::array::from_fn(|other| f32::from(u8::from(at == other))))
        .collect();
    let nothing = || vec![[0.0_f32; DIMENSIONS]; DIMENSIONS];
    let (mut mean, mut square) = (nothing(), nothing());
    let mut dice = Dice(1);
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    for step in 0..STEPS {
        let batch = order.len().min(BATCH);
        for at in 0..batch {
            let other = at + dice.below(order.len() - at);
            order.swap(at, other);
        }
        let chosen: Vec<&Lesson> = order[..batch].iter().map(|at| lessons[*at]).collect();
        let gradient = Step::new(&chosen, checks, texts, &mut dice).gradient(&map);
        let past = step as i32 + 1;
        let rate = RATE * (1.0 - step as f32 / STEPS as f32);
        let (m, s) = (1.0 - 0.9_f32.powi(past), 1.0 - 0.98_f32.powi(past));
        for row in 0..DIMENSIONS {
            for at in 0..DIMENSIONS {
                let g = gradient[row][at];
                mean[row][at] = 0.9 * mean[row][at] + 0.1 * g;
                square[row][at] = 0.98 * square[row][at] + 0.02 * g * g;
                map[row][at] -= rate * (mean[row][at] / m) / ((square[row][at] / s).sqrt() + 1e-8);
            }
        }
    }
    map
}

/// The texts and checks of one step.
struct Step<'a> {
    texts: Vec<&'a Sentence>,
    checks: Vec<&'a Sentence>,
    /// Places in `checks` of each text's right ones.
    right: Vec<Vec<usize>>,
}

impl<'a> Step<'a> {
    fn new(
        lessons: &[&Lesson],
        checks: &'a [Sentence],
        texts: &'a [Sentence],
        dice: &mut Dice,
    ) -> Self {
        let mut docs: Vec<DocId> = Vec::new();
        for lesson in lessons {
            docs.push(lesson.right[dice.below(lesson.right.len())]);
            docs.extend(&lesson.hard);
        }
        docs.extend((0..DRAWN).map(|_| dice.below(checks.len()) as u32));
        docs.sort_unstable();
        docs.dedup();
        let places = |lesson: &&Lesson| -> Vec<usize> {
            let found = lesson.right.iter().map(|doc| docs.binary_search(doc));
            found.filter_map(Result::ok).collect()
        };
        Self {
            right: lessons.iter().map(places).collect(),
            texts: lessons.iter().map(|l| &texts[l.at]).collect(),
            checks: docs.iter().map(|doc| &checks[*doc as usize]).collect(),
        }
    }

    fn gradient(&self, map: &Map) -> Map {
        let texts: Vec<Turned> = self.texts.iter().map(|x| Turned::new(x, map)).collect();
        let checks: Vec<Turned> = self.checks.iter().map(|x| Turned::new(x, map)).collect();
        let mut check_pulls = vec![[0.0_f32; DIMENSIONS]; checks.len()];
        let mut gradient = vec![[0.0_f32; DIMENSIONS]; DIMENSIONS];
        for ((text, input), right) in texts.iter().zip(&self.texts).zip(&self.right) {
            let pulls = self.pulls(text, &checks, right);
            let mut text_pull = [0.0_f32; DIMENSIONS];
            for ((pull, check), check_pull) in pulls.iter().zip(&checks).zip(&mut check_pulls) {
                add(&mut text_pull, *pull, &check.unit);
                add(check_pull, *pull, &text.unit);
            }
            text.add_gradient(input, &text_pull, &mut gradient);
        }
        for ((check, input), pull) in checks.iter().zip(&self.checks).zip(&check_pulls) {
            check.add_gradient(input, pull, &mut gradient);
        }
        gradient
    }

    /// How each check's likeness to a text should change.
    fn pulls(&self, text: &Turned, checks: &[Turned], right: &[usize]) -> Vec<f32> {
        let scores: Vec<f32> = checks
            .iter()
            .map(|check| product(&text.unit, &check.unit) / TEMPERATURE)
            .collect();
        let most = scores.iter().copied().fold(f32::MIN, f32::max);
        let mut raised: Vec<f32> = scores.iter().map(|s| (s - most).exp()).collect();
        let all: f32 = raised.iter().sum();
        let good: f32 = right.iter().map(|at| raised[*at]).sum();
        let share = 1.0 / (TEMPERATURE * self.texts.len() as f32);
        let own: Vec<f32> = right
            .iter()
            .map(|at| raised[*at] / good.max(1e-30))
            .collect();
        for value in &mut raised {
            *value *= share / all;
        }
        for (at, own) in right.iter().zip(own) {
            raised[*at] -= share * own;
        }
        raised
    }
}

/// A vector after the map, of unit length.
struct Turned {
    unit: Sentence,
    length: f32,
}

impl Turned {
    fn new(input: &Sentence, map: &Map) -> Self {
        let mut turned = [0.0; DIMENSIONS];
        for (x, row) in input.iter().zip(map) {
            add(&mut turned, *x, row);
        }
        let length = product(&turned, &turned).sqrt().max(1e-9);
        Self {
            unit: unit(turned),
            length,
        }
    }

    fn add_gradient(&self, input: &Sentence, pull: &Sentence, gradient: &mut Map) {
        let along = product(pull, &self.unit);
        let across: Sentence =
            std::array::from_fn(|at| (pull[at] - self.unit[at] * along) / self.length);
        for (x, row) in input.iter().zip(gradient) {
            add(row, *x, &across);
        }
    }
}

fn add(to: &mut Sentence, times: f32, what: &Sentence) {
    for (t, w) in to.iter_mut().zip(what) {
        *t += times * w;
    }
}

/// Sum of products, in eight lanes: a fixed order that processors can add at once.
fn product(a: &Sentence, b: &Sentence) -> f32 {
    let mut lanes = [0.0_f32; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for ((lane, x), y) in lanes.iter_mut().zip(a).zip(b) {
            *lane += x * y;
        }
    }
    lanes.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_up(dice: &mut Dice) -> Sentence {
        unit(std::array::from_fn(|_| {
            dice.below(2001) as f32 / 1000.0 - 1.0
        }))
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        let mut dice = Dice(7);
        let checks: Vec<Sentence> = (0..12).map(|_| made_up(&mut dice)).collect();
        let texts: Vec<Sentence> = (0..4).map(|_| made_up(&mut dice)).collect();
        let step = Step {
            texts: texts.iter().collect(),
            checks: checks.iter().collect(),
            right: vec![vec![0], vec![1, 5], vec![2], vec![3]],
        };
        let map: Map = (0..DIMENSIONS).map(|_| made_up(&mut dice)).collect();
        let loss = |map: &Map| -> f64 {
            let turned = |x: &&Sentence| Turned::new(x, map).unit;
            let checks: Vec<Sentence> = step.checks.iter().map(turned).collect();
            let one = |(text, right): (&&Sentence, &Vec<usize>)| {
                let text = turned(text);
                let raised: Vec<f64> = checks
                    .iter()
                    .map(|check| {
                        let cosine: f64 = text
                            .iter()
                            .zip(check)
                            .map(|(a, b)| f64::from(*a) * f64::from(*b))
                            .sum();
                        (cosine / f64::from(TEMPERATURE)).exp()
                    })
                    .collect();
                let good: f64 = right.iter().map(|at| raised[*at]).sum();
                -(good / raised.iter().sum::<f64>()).ln()
            };
            let sum: f64 = step.texts.iter().zip(&step.right).map(one).sum();
            sum / step.texts.len() as f64
        };
        let gradient = step.gradient(&map);
        let (row, step_size) = (17, 0.02);
        // Along one whole row of the gradient the loss falls as the slope says.
        let length: f32 = product(&gradient[row], &gradient[row]).sqrt();
        let mut moved = map.clone();
        add(&mut moved[row], step_size / length, &gradient[row]);
        let mut back = map.clone();
        add(&mut back[row], -step_size / length, &gradient[row]);
        let slope = (loss(&moved) - loss(&back)) / (2.0 * f64::from(step_size));
        let told = f64::from(length);
        assert!((slope - told).abs() < 0.05 * told, "{slope} {told}");
    }
}
