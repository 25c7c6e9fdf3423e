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
