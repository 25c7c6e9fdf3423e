//! What a text means beyond its words: sentence vectors, made elsewhere, compared here.
//!
//! A vector of the encoder is centred, then turned by a trained [`Head`] so that what
//! circulates and the check of it lie close. Both forms are kept in eight bits a number.

use std::sync::OnceLock;

/// Numbers of a sentence vector.
pub const DIMENSIONS: usize = 384;

/// A sentence vector as the encoder gives it, of unit length.
pub type Sentence = [f32; DIMENSIONS];

/// Largest value of a packed number.
const PACKED_MAX: f32 = 127.0;
/// Trained numbers of a head are kept as multiples of one in so many.
const HEAD_UNITS: f32 = 10_000.0;

/// A vector of unit length, eight bits a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Packed {
    values: [i8; DIMENSIONS],
    scale: f32,
}

impl Packed {
    fn new(vector: &Sentence) -> Self {
        let largest = vector.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        if largest <= 0.0 || !largest.is_finite() {
            return Self::nothing();
        }
        let scale = largest / PACKED_MAX;
        Self {
            values: vector.map(|x| (x / scale).round() as i8),
            scale,
        }
    }

    /// A vector of no text.
    pub(crate) fn nothing() -> Self {
        Self {
            values: [0; DIMENSIONS],
            scale: 0.0,
        }
    }

    /// Whether this is the vector of some text.
    pub(crate) fn is_something(&self) -> bool {
        self.scale > 0.0
    }

    /// How near two vectors are: the cosine of their angle, −1 to 1.
    pub fn likeness(&self, other: &Self) -> f32 {
        // Added without a check for overflow, which cannot happen (384 products below 2^15) and
        // would forbid to multiply and add several at a time.
        let sum = self
            .values
            .iter()
            .zip(&other.values)
            .fold(0_i32, |sum, (a, b)| {
                sum.wrapping_add(i32::from(*a) * i32::from(*b))
            });
        sum as f32 * self.scale * other.scale
    }
}

/// The meaning of one text in both forms.
#[derive(Debug, Clone, PartialEq)]
pub struct Meaning {
    /// As the encoder sees it, centred.
    pub(crate) plain: Packed,
    /// As the head turns it.
    pub(crate) learned: Packed,
}

impl Meaning {
    /// The meaning of a sentence vector, with the head that ships with the program.
    pub fn new(sentence: &Sentence) -> Self {
        Head::built_in().meaning(sentence)
    }
}

/// The centre of the language's sentence vectors and a trained linear map.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    mean: Box<Sentence>,
    /// Row by row: what one number of a centred vector adds to each learned one.
    map: Box<[Sentence]>,
}

/// A file of a head that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// A line does not hold 384 whole numbers.
    #[error("line {0} of the head does not hold {DIMENSIONS} whole numbers")]
    Line(usize),
    /// Not one line for the centre and one for each number of a vector.
    #[error("the head has {0} lines of numbers, not {lines}", lines = DIMENSIONS + 1)]
    Lines(usize),
}

impl Head {
    /// The head that ships with the program, made by `kentongan train`.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Head> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            let read = Self::parse(include_str!("../head.tsv"));
            debug_assert!(read.is_ok(), "{:?}", read.as_ref().err());
            // The shipped file is read by a test; an unreadable one turns nothing.
            read.unwrap_or_else(|_| Self::unturned(&[0.0; DIMENSIONS]))
        })
    }

    /// A head that only centres.
    pub fn unturned(mean: &Sentence) -> Self {
        let row = |at: usize| {
            let mut row = [0.0; DIMENSIONS];
            row[at] = 1.0;
            row
        };
        Self {
            mean: Box::new(*mean),
            map: (0..DIMENSIONS).map(row).collect(),
        }
    }

    /// A head of a centre and a map, rounded as the text form keeps them.
    pub fn new(mean: &Sentence, map: &[Sentence]) -> Self {
        let rounded = |x: f32| (x * HEAD_UNITS).round() / HEAD_UNITS;
        Self {
            mean: Box::new(mean.map(rounded)),
            map: map.iter().map(|row| row.map(rounded)).collect(),
        }
    }

    /// Reads the text form: the centre, then the map row by row, in ten-thousandths.
    pub fn parse(text: &str) -> Result<Self, HeadError> {
        let mut rows = Vec::with_capacity(DIMENSIONS + 1);
        for (index, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            rows.push(read_row(line).ok_or(HeadError::Line(index + 1))?);
        }
        if rows.len() != DIMENSIONS + 1 {
            return Err(HeadError::Lines(rows.len()));
        }
        let map = rows.split_off(1);
        Ok(Self {
            mean: Box::new(rows[0]),
            map: map.into_boxed_slice(),
        })
    }

    /// The text form.
    pub fn to_text(&self) -> String {
        let mut out = String::from(
            "# Ten-thousandths, tab-separated: the centre of the sentence vectors, then the trained map row by row.\n",
        );
        for row in std::iter::once(&*self.mean).chain(self.map.iter()) {
            let numbers = row.map(|x| ((x * HEAD_UNITS).round() as i32).to_string());
            out.push_str(&numbers.join("\t"));
            out.push('\n');
        }
        out
    }

    /// The vector with the centre taken off, of unit length.
    pub fn centred(&self, sentence: &Sentence) -> Sentence {
        let mut out = [0.0; DIMENSIONS];
        for ((o, x), m) in out.iter_mut().zip(sentence).zip(&*self.mean) {
            *o = x - m;
        }
        unit(out)
    }

    /// Both forms of a sentence vector.
    pub fn meaning(&self, sentence: &Sentence) -> Meaning {
        let centred = self.centred(sentence);
        let mut turned = [0.0; DIMENSIONS];
        for (x, row) in centred.iter().zip(&self.map) {
            for (o, w) in turned.iter_mut().zip(row) {
                *o += x * w;
            }
        }
        Meaning {
            plain: Packed::new(&centred),
            learned: Packed::new(&unit(turned)),
        }
    }
}

fn read_row(line: &str) -> Option<Sentence> {
    let mut row = [0.0; DIMENSIONS];
    let mut numbers = line.split('\t');
    for place in &mut row {
        let number: i32 = numbers.next()?.parse().ok()?;
        *place = number as f32 / HEAD_UNITS;
    }
    numbers.next().is_none().then_some(row)
}

/// The vector of unit length in the same direction; nothing stays nothing.
pub(crate) fn unit(mut vector: Sentence) -> Sentence {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        for x in &mut vector {
            *x /= length;
        }
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_up(seed: u32) -> Sentence {
        let mut state = seed;
        unit(std::array::from_fn(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32 - 0.5
        }))
    }

    #[test]
    fn the_shipped_head_can_be_read_and_written() {
        let shipped = Head::parse(include_str!("../head.tsv")).unwrap();
        assert_eq!(Head::parse(&shipped.to_text()).unwrap(), shipped);
    }

    #[test]
    fn packed_vectors_are_as_near_as_whole_ones() {
        for seed in 1..40 {
            let (a, b) = (made_up(seed), made_up(seed * 77));
            let mixed = unit(std::array::from_fn(|at| a[at] + b[at] * 0.5));
            let exact: f32 = a.iter().zip(&mixed).map(|(x, y)| x * y).sum();
            let packed = Packed::new(&a).likeness(&Packed::new(&mixed));
            assert!((exact - packed).abs() < 0.01, "{exact} {packed}");
        }
    }

    #[test]
    fn likeness_is_the_exact_sum_of_products() {
        let packed = |values: [i8; DIMENSIONS]| Packed { values, scale: 1.0 };
        let ends = [i8::MIN, -127, -1, 0, 1, i8::MAX];
        for first in 0..ends.len() {
            for second in 0..ends.len() {
                let a: [i8; DIMENSIONS] = std::array::from_fn(|at| ends[(first + at / 7) % 6]);
                let b: [i8; DIMENSIONS] = std::array::from_fn(|at| ends[(second + at / 64) % 6]);
                let pairs = a.iter().zip(&b);
                let exact: i64 = pairs.map(|(x, y)| i64::from(*x) * i64::from(*y)).sum();
                let near = packed(a).likeness(&packed(b));
                assert_eq!(near.to_bits(), (exact as f32).to_bits());
            }
        }
        let least = packed([i8::MIN; DIMENSIONS]);
        let most = (DIMENSIONS * 128 * 128) as f32;
        assert_eq!(least.likeness(&least).to_bits(), most.to_bits());
    }

    #[test]
    fn an_unturned_head_changes_nothing_but_the_centre() {
        let (mean, sentence) = (made_up(3), made_up(4));
        let head = Head::unturned(&mean);
        let meaning = head.meaning(&sentence);
        assert!(meaning.plain.likeness(&meaning.learned) > 0.999);
        let nothing = head.meaning(&mean);
        assert!(nothing.plain.likeness(&meaning.plain).abs() < 1e-6);
    }

    #[test]
    fn damaged_heads_are_named() {
        assert_eq!(Head::parse("1\t2"), Err(HeadError::Line(1)));
        assert_eq!(Head::parse("# nothing"), Err(HeadError::Lines(0)));
    }
}
