//! Numbers in few bits: the four-bit blocks of the file, the eight-bit rows
//! that a matrix becomes at load, and the eight-bit tokens that meet them.
//!
//! A row is scaled by its largest magnitude, and so is a token, anew at every
//! matrix. Products of the two are summed in `i32`, exactly, in any order.

use crate::arithmetic::largest;

/// Numbers of one four-bit block.
pub(crate) const Q4_BLOCK: usize = 32;
/// Bytes of one four-bit block: a half-precision scale and two numbers a byte.
pub(crate) const Q4_BLOCK_BYTES: usize = 18;

/// Rows that stand together.
pub(crate) const PANEL: usize = 16;
/// Rows that the widest kernel takes at once; every matrix has a multiple.
pub(crate) const PAIR_OF_PANELS: usize = 2 * PANEL;
/// Neighbouring columns that stand together.
pub(crate) const QUAD: usize = 4;

/// Largest magnitude of an eight-bit number. −128 is not used.
const LARGEST: f32 = 127.0;

/// Adding it makes the last bits of a small float the nearest integer.
const ROUNDER: f32 = 12_582_912.0;

/// The float that a half-precision number stands for.
pub(crate) fn half(low: u8, high: u8) -> f32 {
    let sign = u32::from(high & 0x80) << 24;
    let exponent = u32::from(high >> 2 & 0x1f);
    let fraction = u32::from(high & 3) << 8 | u32::from(low);
    let magnitude = match exponent {
        // Below the normal range the unit is 2⁻²⁴.
        0 => (fraction as f32 * f32::from_bits(103 << 23)).to_bits(),
        31 => 0xff << 23 | fraction << 13,
        _ => (exponent + 112) << 23 | fraction << 13,
    };
    f32::from_bits(sign | magnitude)
}

/// Writes the numbers of `blocks` into `row`.
pub(crate) fn unpack(blocks: &[[u8; Q4_BLOCK_BYTES]], row: &mut [f32]) {
    let (parts, _) = row.as_chunks_mut::<Q4_BLOCK>();
    for (block, part) in blocks.iter().zip(parts) {
        let scale = half(block[0], block[1]);
        let (low, high) = part.split_at_mut(Q4_BLOCK / 2);
        for ((byte, low), high) in block[2..].iter().zip(low).zip(high) {
            *low = (f32::from(byte & 15) - 8.0) * scale;
            *high = (f32::from(byte >> 4) - 8.0) * scale;
        }
    }
}

/// A matrix with a bias: eight-bit rows, packed for the kernels.
pub(crate) struct Rows {
    /// Panels of [`PANEL`] rows; in a panel quads of columns; in a quad the rows.
    pub(crate) packed: Vec<i8>,
    /// What one unit of each row is worth.
    pub(crate) scales: Vec<f32>,
    /// −128 times the sum of each row: takes back the shift of shifted tokens.
    pub(crate) shifts: Vec<i32>,
    pub(crate) bias: Vec<f32>,
    pub(crate) inputs: usize,
}

impl Rows {
    /// Packs `bias.len()` rows of `inputs` columns. The columns must be a
    /// multiple of [`QUAD`] and the rows of [`PAIR_OF_PANELS`].
    pub(crate) fn new(inputs: usize, bias: Vec<f32>, rows: impl Iterator<Item = Vec<f32>>) -> Self {
        let outputs = bias.len();
        let mut packed = vec![0; inputs * outputs];
        let mut scales = Vec::with_capacity(outputs);
        let mut shifts = Vec::with_capacity(outputs);
        for (index, row) in rows.take(outputs).enumerate() {
            let largest = row
                .iter()
                .fold(0.0_f32, |most, value| most.max(value.abs()));
            let inverse = inverse(largest);
            let mut sum = 0;
            for (column, value) in row.iter().enumerate() {
                let number = nearest(value * inverse);
                packed[Self::place(inputs, index, column)] = narrow(number);
                sum += i32::from(number);
            }
            scales.push(largest / LARGEST);
            shifts.push(-128 * sum);
        }
        Self {
            packed,
            scales,
            shifts,
            bias,
            inputs,
        }
    }

    pub(crate) fn outputs(&self) -> usize {
        self.bias.len()
    }

    fn place(inputs: usize, row: usize, column: usize) -> usize {
        let panel = row / PANEL * PANEL * inputs;
        let quad = column / QUAD * QUAD * PANEL;
        panel + quad + row % PANEL * QUAD + column % QUAD
    }
}

/// How many units one is, when `largest` has the most of them; none where all
/// is as good as zero, whose inverse would not be finite.
fn inverse(largest: f32) -> f32 {
    if largest > 1e-30 {
        LARGEST / largest
    } else {
        0.0
    }
}

/// The nearest integer of a float of magnitude at most [`LARGEST`], ties to even.
#[expect(
    clippy::cast_possible_truncation,
    reason = "at most seven bits and a sign"
)]
#[inline(always)]
fn nearest(value: f32) -> i16 {
    // Below the bits of the nearest integer stand the lowest of the rounder.
    (value + ROUNDER).to_bits() as u16 as i16
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "at most seven bits and a sign"
)]
fn narrow(number: i16) -> i8 {
    number as i8
}

/// 128 above the number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 1 to 255"
)]
#[inline(always)]
fn shifted(number: i16) -> u8 {
    number.wrapping_add(128) as u8
}

/// Tokens that stand together in [`Tokens`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tile {
    /// The first token.
    pub(crate) first: usize,
    /// How many.
    pub(crate) count: usize,
}

/// `tokens` cut into as few tiles of at most `most` as may be, as even as may be.
pub(crate) fn tiles(tokens: usize, most: usize) -> impl Iterator<Item = Tile> {
    let count = tokens.div_ceil(most).max(1);
    (0..count).map(move |index| {
        let first = tokens * index / count;
        Tile {
            first,
            count: tokens * (index + 1) / count - first,
        }
    })
}

/// In which width the tokens are written for a kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    /// Bytes, 128 above the number.
    Bytes,
    /// Sixteen-bit words.
    Words,
}

/// The eight-bit numbers of a text's tokens, packed for the kernels: tiles of
/// tokens; in a tile quads of columns; in a quad the tokens.
#[derive(Default)]
pub(crate) struct Tokens {
    pub(crate) bytes: Vec<u8>,
    pub(crate) words: Vec<i16>,
    /// What one unit of each token is worth.
    pub(crate) scales: Vec<f32>,
    byte_line: Vec<u8>,
    word_line: Vec<i16>,
    tile_max: usize,
}

impl Tokens {
    /// The tiles the tokens stand in.
    pub(crate) fn tiles(&self) -> impl Iterator<Item = Tile> + use<> {
        tiles(self.scales.len(), self.tile_max)
    }

    /// Takes the numbers of `values`, one token for each `inputs` of them.
    #[inline(always)]
    pub(crate) fn fill(&mut self, width: Width, tile_max: usize, values: &[f32], inputs: usize) {
        let count = values.len() / inputs;
        self.tile_max = tile_max;
        self.scales.resize(count, 0.0);
        match width {
            Width::Bytes => self.bytes.resize(values.len(), 0),
            Width::Words => self.words.resize(values.len(), 0),
        }
        for tile in tiles(count, tile_max) {
            let range = tile.first * inputs..(tile.first + tile.count) * inputs;
            for token in 0..tile.count {
                let at = tile.first + token;
                let row = &values[at * inputs..(at + 1) * inputs];
                let largest = largest(row);
                self.scales[at] = largest / LARGEST;
                let inverse = inverse(largest);
                match width {
                    Width::Bytes => {
                        let byte = |value| shifted(nearest(value * inverse));
                        let place = &mut self.bytes[range.clone()];
                        scatter(row, byte, &mut self.byte_line, place, tile.count, token);
                    }
                    Width::Words => {
                        let word = |value| nearest(value * inverse);
                        let place = &mut self.words[range.clone()];
                        scatter(row, word, &mut self.word_line, place, tile.count, token);
                    }
                }
            }
        }
    }
}

/// Writes `number` of a row's values into the quads of one token of a tile.
#[inline(always)]
fn scatter<N: Copy + Default>(
    row: &[f32],
    number: impl Fn(f32) -> N,
    line: &mut Vec<N>,
    tile: &mut [N],
    tokens: usize,
    token: usize,
) {
    line.resize(row.len(), N::default());
    for (number_place, value) in line.iter_mut().zip(row) {
        *number_place = number(*value);
    }
    let (quads, _) = tile.as_chunks_mut::<QUAD>();
    let places = quads[token..].iter_mut().step_by(tokens);
    for (place, quad) in places.zip(line.as_chunks::<QUAD>().0) {
        *place = *quad;
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "what is compared is exact")]
mod tests {
    use super::*;

    #[test]
    fn half_precision_is_read_as_it_is_defined() {
        for (bits, expected) in [
            (0x3c00_u16, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x7bff, 65_504.0),
            (0x0400, 6.103_515_6e-5),
            (0x0001, 5.960_464_5e-8),
            (0x83ff, -6.097_555e-5),
            (0x0000, 0.0),
            (0xfc00, f32::NEG_INFINITY),
        ] {
            let [low, high] = bits.to_le_bytes();
            assert_eq!(half(low, high), expected, "{bits:04x}");
        }
        assert!(half(1, 0x7c).is_nan());
    }

    #[test]
    fn a_block_holds_the_first_half_in_low_bits() {
        let mut block = [0x80; Q4_BLOCK_BYTES];
        block[..2].copy_from_slice(&0x4000_u16.to_le_bytes());
        block[2] = 0x1f;
        let mut row = [9.0; Q4_BLOCK];
        unpack(&[block], &mut row);
        assert_eq!((row[0], row[16]), (14.0, -14.0));
        assert_eq!((row[1], row[17]), (-16.0, 0.0));
    }

    #[test]
    fn the_nearest_integer_is_found_ties_to_even() {
        for (value, expected) in [
            (0.0, 0),
            (0.5, 0),
            (1.5, 2),
            (-0.5, 0),
            (-1.5, -2),
            (126.6, 127),
            (-127.0, -127),
            (-126.4, -126),
        ] {
            assert_eq!(nearest(value), expected, "{value}");
        }
    }

    #[test]
    fn tiles_cover_all_tokens_evenly() {
        for most in 1..13 {
            for tokens in 1..60 {
                let mut next = 0;
                let (mut least, mut largest) = (usize::MAX, 0);
                for tile in tiles(tokens, most) {
                    assert_eq!(tile.first, next);
                    next += tile.count;
                    least = least.min(tile.count);
                    largest = largest.max(tile.count);
                }
                assert_eq!(next, tokens);
                assert!(largest <= most && largest - least <= 1);
            }
        }
    }

    #[test]
    fn what_is_as_good_as_zero_becomes_zero() {
        let mut tokens = Tokens::default();
        tokens.fill(Width::Words, 1, &[1e-40; 16], 16);
        assert_eq!(tokens.words, [0; 16]);
        tokens.fill(Width::Bytes, 1, &[0.0; 16], 16);
        assert_eq!(tokens.bytes, [128; 16]);
    }
}
