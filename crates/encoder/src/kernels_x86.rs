//! The products with AVX2 and with AVX-512.

use std::arch::x86_64::{
    __m256i, __m512i, _MM_HINT_T0, _mm_loadu_si128, _mm_prefetch, _mm256_add_epi32, _mm256_add_ps,
    _mm256_cvtepi8_epi16, _mm256_cvtepi32_ps, _mm256_hadd_epi32, _mm256_loadu_ps,
    _mm256_madd_epi16, _mm256_mul_ps, _mm256_permute4x64_epi64, _mm256_set1_epi64x, _mm256_set1_ps,
    _mm256_setzero_si256, _mm256_storeu_ps, _mm512_add_ps, _mm512_cvtepi32_ps, _mm512_dpbusd_epi32,
    _mm512_loadu_ps, _mm512_loadu_si512, _mm512_mul_ps, _mm512_set1_epi32, _mm512_set1_ps,
    _mm512_storeu_ps,
};

use super::Kernel;
use crate::arithmetic::Row;
use crate::forward::{Activations, Network};
use crate::quantised::{PAIR_OF_PANELS, PANEL, QUAD, Rows, Tile, Tokens, Width};

/// Bytes of one quad of columns of a panel.
const QUAD_BYTES: usize = PANEL * QUAD;

/// Proof that this processor has AVX2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Avx2(());

impl Avx2 {
    pub(super) fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(()))
    }

    pub(super) fn forward(
        self,
        network: &Network,
        tokens: &[u32],
        memory: &mut Activations,
    ) -> Row {
        // SAFETY: `self` exists only where the processor has AVX2.
        unsafe { self.forward_here(network, tokens, memory) }
    }

    #[target_feature(enable = "avx2")]
    fn forward_here(self, network: &Network, tokens: &[u32], memory: &mut Activations) -> Row {
        network.forward(self, tokens, memory)
    }

    /// Half a panel with the tokens of one tile, `N` of them.
    ///
    /// Four rows of a quad fill a vector of sixteen words; a sum of products of
    /// neighbours leaves two partial sums a row, added at the end.
    #[target_feature(enable = "avx2")]
    fn half<const N: usize>(
        rows: &Rows,
        half: usize,
        tile: Tile,
        tokens: &Tokens,
        out: &mut [f32],
    ) {
        const HALF: usize = PANEL / 2;
        let packed = &rows.packed[half / 2 * PANEL * rows.inputs..][..PANEL * rows.inputs];
        let (weights, _) = packed.as_chunks::<QUAD_BYTES>();
        let words = &tokens.words[tile.first * rows.inputs..][..N * rows.inputs];
        let (quads, _) = words.as_chunks::<QUAD>().0.as_chunks::<N>();
        let mut sums = [[_mm256_setzero_si256(); 2]; N];
        for (weights, quads) in weights.iter().zip(quads) {
            let (parts, _) = weights.as_chunks::<{ QUAD_BYTES / 4 }>();
            let low = widened(&parts[half % 2 * 2]);
            let high = widened(&parts[half % 2 * 2 + 1]);
            for (sum, quad) in sums.iter_mut().zip(quads) {
                let quad = _mm256_set1_epi64x(quad_bits(*quad));
                sum[0] = _mm256_add_epi32(sum[0], _mm256_madd_epi16(low, quad));
                sum[1] = _mm256_add_epi32(sum[1], _mm256_madd_epi16(high, quad));
            }
        }
        let first = half * HALF;
        for (index, sum) in sums.iter().enumerate() {
            // Row pairs 0, 2, 1, 3 after the addition within lanes.
            let sum = _mm256_hadd_epi32(sum[0], sum[1]);
            let sum = _mm256_permute4x64_epi64::<0b11_01_10_00>(sum);
            let token = tile.first + index;
            let place = token * rows.outputs() + first;
            finish_8(rows, first, tokens.scales[token], sum, &mut out[place..]);
        }
    }
}

impl Kernel for Avx2 {
    const WIDTH: Width = Width::Words;
    const TILE_MAX: usize = 6;

    #[inline(always)]
    fn multiply(self, rows: &Rows, tokens: &Tokens, out: &mut [f32]) {
        for half in 0..2 * rows.outputs() / PANEL {
            for tile in tokens.tiles() {
                // SAFETY: `self` exists only where the processor has AVX2.
                unsafe {
                    match tile.count {
                        1 => Self::half::<1>(rows, half, tile, tokens, out),
                        2 => Self::half::<2>(rows, half, tile, tokens, out),
                        3 => Self::half::<3>(rows, half, tile, tokens, out),
                        4 => Self::half::<4>(rows, half, tile, tokens, out),
                        5 => Self::half::<5>(rows, half, tile, tokens, out),
                        _ => Self::half::<6>(rows, half, tile, tokens, out),
                    }
                }
            }
        }
    }
}

/// Sixteen weights as words.
#[inline]
#[target_feature(enable = "avx2")]
fn widened(weights: &[i8; QUAD_BYTES / 4]) -> __m256i {
    // SAFETY: reads the sixteen bytes borrowed; they need no alignment.
    _mm256_cvtepi8_epi16(unsafe { _mm_loadu_si128(weights.as_ptr().cast()) })
}

#[inline]
fn quad_bits(quad: [i16; QUAD]) -> i64 {
    let words = quad.map(|number| i64::from(number.cast_unsigned()));
    words[0] | words[1] << 16 | words[2] << 32 | words[3] << 48
}

/// Scales eight sums, adds the bias and stores them.
#[inline]
#[target_feature(enable = "avx2")]
fn finish_8(rows: &Rows, first: usize, scale: f32, sums: __m256i, out: &mut [f32]) {
    let scales = &rows.scales[first..first + PANEL / 2];
    let bias = &rows.bias[first..first + PANEL / 2];
    let out = &mut out[..PANEL / 2];
    // SAFETY: the three slices have eight numbers each; they need no alignment.
    unsafe {
        let worth = _mm256_mul_ps(_mm256_loadu_ps(scales.as_ptr()), _mm256_set1_ps(scale));
        let product = _mm256_mul_ps(_mm256_cvtepi32_ps(sums), worth);
        let sum = _mm256_add_ps(product, _mm256_loadu_ps(bias.as_ptr()));
        _mm256_storeu_ps(out.as_mut_ptr(), sum);
    }
}

/// Proof that this processor has AVX-512 with integer dot products.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Avx512(());

impl Avx512 {
    pub(super) fn detect() -> Option<Self> {
        let all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vnni");
        all.then_some(Self(()))
    }

    pub(super) fn forward(
        self,
        network: &Network,
        tokens: &[u32],
        memory: &mut Activations,
    ) -> Row {
        // SAFETY: `self` exists only where the processor has all of these.
        unsafe { self.forward_here(network, tokens, memory) }
    }

    #[target_feature(enable = "avx2,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
    fn forward_here(self, network: &Network, tokens: &[u32], memory: &mut Activations) -> Row {
        network.forward(self, tokens, memory)
    }

    /// A pair of panels with the tokens of one tile, `N` of them.
    ///
    /// The instruction multiplies unsigned with signed, so tokens are shifted
    /// up by 128 and the sums begin with what takes the shift back.
    #[target_feature(enable = "avx512f,avx512vnni")]
    fn pair<const N: usize>(
        rows: &Rows,
        pair: usize,
        tile: Tile,
        tokens: &Tokens,
        out: &mut [f32],
    ) {
        let first = pair * PAIR_OF_PANELS;
        let packed = &rows.packed[first * rows.inputs..][..PAIR_OF_PANELS * rows.inputs];
        let (low, high) = packed.split_at(PANEL * rows.inputs);
        let (low, high) = (low.as_chunks::<QUAD_BYTES>().0, high.as_chunks().0);
        let bytes = &tokens.bytes[tile.first * rows.inputs..][..N * rows.inputs];
        let (quads, _) = bytes.as_chunks::<QUAD>().0.as_chunks::<N>();
        let mut sums = [[
            load_16(&rows.shifts, first),
            load_16(&rows.shifts, first + PANEL),
        ]; N];
        for ((low, high), quads) in low.iter().zip(high).zip(quads) {
            prefetch(low, PAIR_OF_PANELS * rows.inputs);
            prefetch(high, PAIR_OF_PANELS * rows.inputs);
            let (low, high) = (load_64(low), load_64(high));
            for (sum, quad) in sums.iter_mut().zip(quads) {
                let quad = _mm512_set1_epi32(i32::from_le_bytes(*quad));
                sum[0] = _mm512_dpbusd_epi32(sum[0], quad, low);
                sum[1] = _mm512_dpbusd_epi32(sum[1], quad, high);
            }
        }
        for (index, sum) in sums.iter().enumerate() {
            let token = tile.first + index;
            let scale = tokens.scales[token];
            let place = token * rows.outputs() + first;
            finish_16(rows, first, scale, sum[0], &mut out[place..]);
            finish_16(
                rows,
                first + PANEL,
                scale,
                sum[1],
                &mut out[place + PANEL..],
            );
        }
    }
}

impl Kernel for Avx512 {
    const WIDTH: Width = Width::Bytes;
    const TILE_MAX: usize = 12;

    #[inline(always)]
    fn multiply(self, rows: &Rows, tokens: &Tokens, out: &mut [f32]) {
        for pair in 0..rows.outputs() / PAIR_OF_PANELS {
            for tile in tokens.tiles() {
                // SAFETY: `self` exists only where the processor has AVX-512
                // with integer dot products.
                unsafe {
                    match tile.count {
                        1 => Self::pair::<1>(rows, pair, tile, tokens, out),
                        2 => Self::pair::<2>(rows, pair, tile, tokens, out),
                        3 => Self::pair::<3>(rows, pair, tile, tokens, out),
                        4 => Self::pair::<4>(rows, pair, tile, tokens, out),
                        5 => Self::pair::<5>(rows, pair, tile, tokens, out),
                        6 => Self::pair::<6>(rows, pair, tile, tokens, out),
                        7 => Self::pair::<7>(rows, pair, tile, tokens, out),
                        8 => Self::pair::<8>(rows, pair, tile, tokens, out),
                        9 => Self::pair::<9>(rows, pair, tile, tokens, out),
                        10 => Self::pair::<10>(rows, pair, tile, tokens, out),
                        11 => Self::pair::<11>(rows, pair, tile, tokens, out),
                        _ => Self::pair::<12>(rows, pair, tile, tokens, out),
                    }
                }
            }
        }
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_64(weights: &[i8; QUAD_BYTES]) -> __m512i {
    // SAFETY: reads the 64 bytes borrowed; they need no alignment.
    unsafe { _mm512_loadu_si512(weights.as_ptr().cast()) }
}

/// Asks for what stands `ahead` bytes after the weights: the network is larger
/// than the caches, and half the time of a product was waiting.
#[inline]
#[target_feature(enable = "avx512f")]
fn prefetch(weights: &[i8; QUAD_BYTES], ahead: usize) {
    _mm_prefetch::<_MM_HINT_T0>(weights.as_ptr().wrapping_add(ahead));
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_16(numbers: &[i32], first: usize) -> __m512i {
    let numbers = &numbers[first..first + PANEL];
    // SAFETY: reads the sixteen numbers borrowed; they need no alignment.
    unsafe { _mm512_loadu_si512(numbers.as_ptr().cast()) }
}

/// Scales sixteen sums, adds the bias and stores them.
#[inline]
#[target_feature(enable = "avx512f")]
fn finish_16(rows: &Rows, first: usize, scale: f32, sums: __m512i, out: &mut [f32]) {
    let scales = &rows.scales[first..first + PANEL];
    let bias = &rows.bias[first..first + PANEL];
    let out = &mut out[..PANEL];
    // SAFETY: the three slices have sixteen numbers each; they need no alignment.
    unsafe {
        let worth = _mm512_mul_ps(_mm512_loadu_ps(scales.as_ptr()), _mm512_set1_ps(scale));
        let product = _mm512_mul_ps(_mm512_cvtepi32_ps(sums), worth);
        let sum = _mm512_add_ps(product, _mm512_loadu_ps(bias.as_ptr()));
        _mm512_storeu_ps(out.as_mut_ptr(), sum);
    }
}
