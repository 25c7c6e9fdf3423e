//! The functions between the matrices, in `f32`.
//!
//! Each is written without branches and with its lanes spelled out, so that a
//! compiler may use vectors of any width and still sum in this order: every
//! kernel gives the same bits.

use crate::limits::DIMENSIONS;

/// Lanes in which a sum runs.
pub(crate) const LANES: usize = 16;

/// One token's numbers.
pub(crate) type Row = [f32; DIMENSIONS];

/// The sum of the lanes, by halves.
#[inline(always)]
pub(crate) fn fold(mut lanes: [f32; LANES]) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
        half /= 2;
    }
    lanes[0]
}

/// The highest of the values, whose number is a multiple of [`LANES`].
#[inline(always)]
pub(crate) fn highest(values: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in values.as_chunks::<LANES>().0 {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = higher(*lane, *value);
        }
    }
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] = higher(lanes[lane], lanes[lane + half]);
        }
        half /= 2;
    }
    lanes[0]
}

/// The higher of two numbers, in the form that is one instruction.
#[inline(always)]
fn higher(one: f32, other: f32) -> f32 {
    if one > other { one } else { other }
}

/// The largest magnitude of the values, whose number is a multiple of [`LANES`].
#[inline(always)]
pub(crate) fn largest(values: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    for chunk in values.as_chunks::<LANES>().0 {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = higher(*lane, value.abs());
        }
    }
    highest(&lanes)
}

#[inline(always)]
fn sum(row: &Row, of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0; LANES];
    for chunk in row.as_chunks::<LANES>().0 {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += of(*value);
        }
    }
    fold(lanes)
}

/// A layer norm: what it multiplies with and adds.
pub(crate) struct Norm {
    pub(crate) weight: Box<Row>,
    pub(crate) bias: Box<Row>,
    pub(crate) epsilon: f32,
}

impl Norm {
    /// Brings a row to mean 0 and variance 1, then to the weights and biases.
    #[inline(always)]
    pub(crate) fn apply(&self, row: &mut Row) {
        let mean = sum(row, |value| value) / DIMENSIONS as f32;
        for value in row.iter_mut() {
            *value -= mean;
        }
        let variance = sum(row, |value| value * value) / DIMENSIONS as f32;
        let inverse = 1.0 / (variance + self.epsilon).sqrt();
        let learnt = self.weight.iter().zip(self.bias.iter());
        for (value, (weight, bias)) in row.iter_mut().zip(learnt) {
            *value = *value * inverse * weight + bias;
        }
    }
}

/// `e` to the power of `x`, for `x` of at most 0; within 2e-6 of its size.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    const ROUNDER: f32 = 12_582_912.0;
    let x = if x > -87.0 { x } else { -87.0 };
    let shifted = x * std::f32::consts::LOG2_E + ROUNDER;
    let whole = shifted - ROUNDER;
    // The logarithm of 2 in two parts, the first with few bits.
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let mut sum = 1.0 / 720.0;
    for coefficient in [1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = sum * rest + coefficient;
    }
    let power = shifted.to_bits().wrapping_sub(ROUNDER.to_bits());
    f32::from_bits(power.wrapping_add(127) << 23) * sum
}

/// Gaussian error linear unit, by formula 7.1.26 of Abramowitz and Stegun;
/// within 1e-6 of the value.
#[inline(always)]
pub(crate) fn gelu(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (0.327_591_1 * z + 1.0);
    let mut sum = 1.061_405_4;
    for coefficient in [-1.453_152, 1.421_413_8, -0.284_496_75, 0.254_829_6] {
        sum = sum * t + coefficient;
    }
    let tail = 0.5 * sum * t * exp(-z * z);
    let share = if x > 0.0 { 1.0 - tail } else { tail };
    x * share
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "what is compared is exact")]
mod tests {
    use super::*;

    /// The error function by its Taylor series, far more exact than needed.
    fn error_function(x: f64) -> f64 {
        if x.abs() > 5.0 {
            return x.signum();
        }
        let mut power = x;
        let mut sum = x;
        for n in 1..120 {
            power *= -x * x / f64::from(n);
            sum += power / f64::from(2 * n + 1);
        }
        sum * 2.0 / std::f64::consts::PI.sqrt()
    }

    #[test]
    fn exp_is_near_the_exponential() {
        for step in 0..=87_000 {
            let x = -(step as f32) / 1000.0;
            let apart = f64::from(exp(x)) / f64::from(x).exp() - 1.0;
            assert!(apart.abs() < 2e-6, "{x}: {apart}");
        }
        assert_eq!(exp(f32::NEG_INFINITY), exp(-87.0));
        assert!(exp(-87.0) < 1e-37);
    }

    #[test]
    fn gelu_is_near_its_definition() {
        for step in -20_000..=20_000 {
            let x = step as f32 / 1000.0;
            let exact = f64::from(x) * (1.0 + error_function(f64::from(x) / 2_f64.sqrt())) / 2.0;
            let apart = f64::from(gelu(x)) - exact;
            assert!(apart.abs() < 1e-6 * exact.abs().max(1.0), "{x}: {apart}");
        }
        assert_eq!(gelu(1e20), 1e20);
        assert_eq!(gelu(-1e20), 0.0);
    }

    #[test]
    fn extremes_are_found_in_every_lane() {
        for place in 0..2 * LANES {
            let mut values = [-3.0; 2 * LANES];
            values[place] = 2.0;
            assert_eq!(highest(&values), 2.0);
            values[place] = -5.0;
            assert_eq!(largest(&values), 5.0);
            assert_eq!(highest(&values), -3.0);
        }
    }

    #[test]
    fn a_fold_takes_each_lane_once() {
        assert_eq!(
            fold(std::array::from_fn(|lane| (1 << lane) as f32)),
            65_535.0
        );
    }

    #[test]
    fn a_norm_leaves_mean_and_spread_of_its_weights() {
        let mut row: Row = std::array::from_fn(|index| (index % 7) as f32 * 3.0 + 100.0);
        let norm = Norm {
            weight: Box::new([2.0; DIMENSIONS]),
            bias: Box::new([0.5; DIMENSIONS]),
            epsilon: 1e-12,
        };
        norm.apply(&mut row);
        let mean = row.iter().sum::<f32>() / DIMENSIONS as f32;
        let spread =
            row.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / DIMENSIONS as f32;
        assert!((mean - 0.5).abs() < 1e-5, "{mean}");
        assert!((spread.sqrt() - 2.0).abs() < 1e-4, "{spread}");
    }
}
