//! The matrix product on this processor: in plain Rust, with AVX2, or with the
//! integer dot products of AVX-512.
//!
//! The only unsafe code of the project stands below, in `x86`. An `Avx2` or `Avx512`
//! exists only on a processor that has the instructions, so holding one is the
//! permission to run them. All sums are exact integers, and what follows them is
//! the same arithmetic in the same order: the results are equal bit for bit.

use crate::arithmetic::Row;
use crate::forward::{Activations, Network};
use crate::quantised::{PANEL, QUAD, Rows, Tokens, Width};

/// The instructions an encoder runs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instructions(Set);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2(x86::Avx2),
    #[cfg(target_arch = "x86_64")]
    Avx512(x86::Avx512),
}

impl Instructions {
    /// Those that every processor has.
    pub const PORTABLE: Self = Self(Set::Portable);

    /// All that this processor has, the fastest last.
    pub fn available() -> Vec<Self> {
        let mut found = vec![Self::PORTABLE];
        #[cfg(target_arch = "x86_64")]
        {
            found.extend(x86::Avx2::detect().map(|held| Self(Set::Avx2(held))));
            found.extend(x86::Avx512::detect().map(|held| Self(Set::Avx512(held))));
        }
        found
    }

    /// The fastest that this processor has.
    pub fn fastest() -> Self {
        Self::available().pop().unwrap_or(Self::PORTABLE)
    }

    /// A short name: `portable`, `avx2` or `avx512`.
    pub fn name(self) -> &'static str {
        match self.0 {
            Set::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(_) => "avx512",
        }
    }

    /// Runs the network with these instructions.
    pub(crate) fn forward(
        self,
        network: &Network,
        tokens: &[u32],
        memory: &mut Activations,
    ) -> Row {
        match self.0 {
            Set::Portable => network.forward(Portable, tokens, memory),
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(held) => held.forward(network, tokens, memory),
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(held) => held.forward(network, tokens, memory),
        }
    }
}

/// A way to multiply.
pub(crate) trait Kernel: Copy {
    /// How it wants the tokens.
    const WIDTH: Width;
    /// How many tokens it takes at once.
    const TILE_MAX: usize;

    /// Multiplies every token with every row and adds the bias; `out` takes
    /// `rows.outputs()` numbers a token.
    fn multiply(self, rows: &Rows, tokens: &Tokens, out: &mut [f32]);
}

/// Plain Rust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Portable;

impl Kernel for Portable {
    const WIDTH: Width = Width::Words;
    const TILE_MAX: usize = 1;

    fn multiply(self, rows: &Rows, tokens: &Tokens, out: &mut [f32]) {
        let inputs = rows.inputs;
        let mut spread = vec![0; PANEL * inputs];
        for panel in 0..rows.outputs() / PANEL {
            spread_panel(&rows.packed[panel * PANEL * inputs..], inputs, &mut spread);
            for (token, scale) in tokens.scales.iter().enumerate() {
                let words = &tokens.words[token * inputs..][..inputs];
                let mut sums = [0; PANEL];
                for (sum, row) in sums.iter_mut().zip(spread.chunks_exact(inputs)) {
                    *sum = dot(row, words);
                }
                let place = token * rows.outputs() + panel * PANEL;
                finish(rows, panel, *scale, &sums, &mut out[place..place + PANEL]);
            }
        }
    }
}

/// The rows of a panel one after the other, as words.
fn spread_panel(packed: &[i8], inputs: usize, spread: &mut [i16]) {
    let (quads, _) = packed.as_chunks::<QUAD>();
    for (index, row) in spread.chunks_exact_mut(inputs).enumerate() {
        let quads = quads[index..].iter().step_by(PANEL);
        for (place, quad) in row.as_chunks_mut::<QUAD>().0.iter_mut().zip(quads) {
            *place = quad.map(i16::from);
        }
    }
}

/// The sum of products, in the form that compilers know instructions for.
fn dot(row: &[i16], words: &[i16]) -> i32 {
    let products = row.iter().zip(words);
    products.fold(0, |sum: i32, (weight, number)| {
        sum.wrapping_add(i32::from(*weight).wrapping_mul(i32::from(*number)))
    })
}

#[inline(always)]
fn finish(rows: &Rows, panel: usize, scale: f32, sums: &[i32; PANEL], out: &mut [f32]) {
    let range = panel * PANEL..(panel + 1) * PANEL;
    let worth = rows.scales[range.clone()].iter().zip(&rows.bias[range]);
    for ((out, sum), (row_scale, bias)) in out.iter_mut().zip(sums).zip(worth) {
        *out = *sum as f32 * (row_scale * scale) + bias;
    }
}

#[cfg(target_arch = "x86_64")]
#[path = "kernels_x86.rs"]
#[expect(unsafe_code, reason = "vector instructions; see the module above")]
mod x86;

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "at most 127")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::quantised::PAIR_OF_PANELS;

    /// A product as its definition reads, from the numbers before they are packed.
    fn plain(rows: &[Vec<f32>], bias: &[f32], token: &[f32]) -> Vec<f32> {
        let in_bits = |values: &[f32]| {
            let most = values
                .iter()
                .fold(0.0_f32, |most, value| most.max(value.abs()));
            let numbers: Vec<i64> = values
                .iter()
                .map(|value| (value * (127.0 / most)).round_ties_even() as i64)
                .collect();
            (numbers, most / 127.0)
        };
        let (token, unit) = in_bits(token);
        rows.iter()
            .zip(bias)
            .map(|(row, bias)| {
                let (row, row_unit) = in_bits(row);
                let sum: i64 = row.iter().zip(&token).map(|(a, b)| a * b).sum();
                sum as f32 * (row_unit * unit) + bias
            })
            .collect()
    }

    fn multiplied<K: Kernel>(kernel: K, rows: &Rows, values: &[f32]) -> Vec<f32> {
        let mut tokens = Tokens::default();
        tokens.fill(K::WIDTH, K::TILE_MAX, values, rows.inputs);
        let mut out = vec![f32::NAN; tokens.scales.len() * rows.outputs()];
        kernel.multiply(rows, &tokens, &mut out);
        out
    }

    fn multiplied_by(instructions: Instructions, rows: &Rows, values: &[f32]) -> Vec<f32> {
        match instructions.0 {
            Set::Portable => multiplied(Portable, rows, values),
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(held) => multiplied(held, rows, values),
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(held) => multiplied(held, rows, values),
        }
    }

    fn check(seed: u64, tokens: usize, blocks: usize, pairs: usize, extreme: bool) {
        let mut bits = seed;
        let mut next = || {
            bits = bits
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let value = (bits >> 40) as f32 / 8_388_608.0 - 1.0;
            // Extremes reach the ends of the eight bits in every place.
            if extreme { value.signum() } else { value }
        };
        let inputs = blocks * 32;
        let bias: Vec<f32> = (0..pairs * PAIR_OF_PANELS).map(|_| next()).collect();
        let weights: Vec<Vec<f32>> = bias
            .iter()
            .map(|_| (0..inputs).map(|_| next()).collect())
            .collect();
        let rows = Rows::new(inputs, bias.clone(), weights.iter().cloned());
        let values: Vec<f32> = (0..tokens * inputs).map(|_| next()).collect();
        let expected: Vec<f32> = values
            .chunks(inputs)
            .flat_map(|token| plain(&weights, &bias, token))
            .collect();
        for instructions in Instructions::available() {
            let found = multiplied_by(instructions, &rows, &values);
            assert_eq!(found, expected, "{}", instructions.name());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_kernel_gives_the_plain_product(
            seed: u64, tokens in 1..40_usize, blocks in 1..5_usize, pairs in 1..3_usize, extreme: bool
        ) {
            check(seed, tokens, blocks, pairs, extreme);
        }
    }

    #[test]
    fn the_widest_sums_do_not_wrap() {
        check(7, 13, 8192 / 32, 1, true);
    }

    #[test]
    fn instructions_begin_with_what_every_processor_has() {
        let all = Instructions::available();
        assert_eq!(all[0], Instructions::PORTABLE);
        assert_eq!(all.last(), Some(&Instructions::fastest()));
        println!(
            "here: {:?}",
            all.iter().map(|one| one.name()).collect::<Vec<_>>()
        );
    }
}
