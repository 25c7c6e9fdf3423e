//! Attention: what each token takes from every other.
//!
//! In three passes over a head, each with rows that do not wait for one
//! another: how well queries meet keys, shares out of that, values by shares.

use crate::arithmetic::{LANES, exp, fold, highest};
use crate::limits::{DIMENSIONS, HEAD_DIMENSIONS};

const HEADS: usize = DIMENSIONS / HEAD_DIMENSIONS;
/// Query, key and value of a token stand beside one another.
pub(crate) const PROJECTED: usize = 3 * DIMENSIONS;
/// Queries that go through the keys together.
const GROUP: usize = 4;

type Query = [f32; HEAD_DIMENSIONS];
type Lanes = [f32; LANES];

/// The memory of one head.
#[derive(Default)]
pub(crate) struct Head {
    queries: Vec<Query>,
    /// Blocks of tokens; in a block by dimension: lanes are tokens.
    keys: Vec<[Lanes; HEAD_DIMENSIONS]>,
    values: Vec<Query>,
    /// For each query its parts of each token, in blocks of lanes.
    parts: Vec<Lanes>,
    /// For each query what makes its parts sum to 1.
    units: Vec<f32>,
}

/// Attention of all heads over `projected`, a [`PROJECTED`] for each token;
/// `context` takes a row for each.
#[inline(always)]
pub(crate) fn attend(projected: &[f32], memory: &mut Head, context: &mut [f32]) {
    let (tokens, _) = projected.as_chunks::<PROJECTED>();
    let (contexts, _) = context.as_chunks_mut::<DIMENSIONS>();
    for head in 0..HEADS {
        let from = head * HEAD_DIMENSIONS;
        memory.gather(tokens, from);
        memory.meet(tokens.len());
        memory.share();
        memory.take(contexts, from);
    }
}

impl Head {
    /// Copies the head that begins at `from` out of every token.
    #[inline(always)]
    fn gather(&mut self, tokens: &[[f32; PROJECTED]], from: usize) {
        let blocks = tokens.len().div_ceil(LANES);
        self.keys.clear();
        self.keys.resize(blocks, [[0.0; LANES]; HEAD_DIMENSIONS]);
        self.queries.clear();
        self.values.clear();
        for (index, token) in tokens.iter().enumerate() {
            self.queries.push(slice(token, from));
            self.values.push(slice(token, 2 * DIMENSIONS + from));
            let key = slice(token, DIMENSIONS + from);
            for (column, value) in self.keys[index / LANES].iter_mut().zip(key) {
                column[index % LANES] = value;
            }
        }
        let groups = tokens.len().div_ceil(GROUP);
        self.queries.resize(groups * GROUP, [0.0; HEAD_DIMENSIONS]);
        self.parts.resize(groups * GROUP * blocks, [0.0; LANES]);
    }

    /// The scaled product of every query with every key; minus infinity where
    /// there is no token.
    #[inline(always)]
    fn meet(&mut self, tokens: usize) {
        let scale = 1.0 / (HEAD_DIMENSIONS as f32).sqrt();
        let blocks = self.keys.len();
        let (groups, _) = self.queries.as_chunks::<GROUP>();
        let rows = self.parts.chunks_exact_mut(GROUP * blocks);
        for (queries, rows) in groups.iter().zip(rows) {
            let [one, two, three, four] = queries;
            for (block, keys) in self.keys.iter().enumerate() {
                // Four names rather than one array: so they stay in registers.
                let [mut a, mut b, mut c, mut d] = [[0.0_f32; LANES]; GROUP];
                for (dimension, key) in keys.iter().enumerate() {
                    add(&mut a, one[dimension], key);
                    add(&mut b, two[dimension], key);
                    add(&mut c, three[dimension], key);
                    add(&mut d, four[dimension], key);
                }
                for (index, sums) in [a, b, c, d].into_iter().enumerate() {
                    rows[index * blocks + block] = sums.map(|sum| sum * scale);
                }
            }
        }
        let last = tokens - (blocks - 1) * LANES;
        for row in self.parts.chunks_exact_mut(blocks) {
            row[blocks - 1][last..].fill(f32::NEG_INFINITY);
        }
    }

    /// Turns each row into parts of a whole, which is not 1 yet.
    #[inline(always)]
    fn share(&mut self) {
        self.units.clear();
        for row in self.parts.chunks_exact_mut(self.keys.len()) {
            let most = highest(row.as_flattened());
            let mut sums = [0.0; LANES];
            for lanes in row.iter_mut() {
                for (part, sum) in lanes.iter_mut().zip(&mut sums) {
                    *part = exp(*part - most);
                    *sum += *part;
                }
            }
            self.units.push(1.0 / fold(sums));
        }
    }

    /// The values by their parts.
    #[inline(always)]
    fn take(&self, contexts: &mut [[f32; DIMENSIONS]], from: usize) {
        let blocks = self.keys.len();
        let rows = self.parts.chunks_exact(blocks * GROUP);
        let units = self.units.chunks_exact(GROUP);
        for ((rows, units), contexts) in rows.zip(units).zip(contexts.chunks_mut(GROUP)) {
            let [mut a, mut b, mut c, mut d] = [[0.0_f32; HEAD_DIMENSIONS]; GROUP];
            for (block, values) in self.values.chunks(LANES).enumerate() {
                let one = &rows[block];
                let two = &rows[blocks + block];
                let three = &rows[2 * blocks + block];
                let four = &rows[3 * blocks + block];
                for (lane, value) in values.iter().enumerate() {
                    add(&mut a, one[lane], value);
                    add(&mut b, two[lane], value);
                    add(&mut c, three[lane], value);
                    add(&mut d, four[lane], value);
                }
            }
            let whole = [a, b, c, d].into_iter().zip(units);
            for (context, (sums, unit)) in contexts.iter_mut().zip(whole) {
                let sums = sums.map(|sum| sum * unit);
                context[from..from + HEAD_DIMENSIONS].copy_from_slice(&sums);
            }
        }
    }
}

#[inline(always)]
fn add<const N: usize>(sums: &mut [f32; N], factor: f32, values: &[f32; N]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

#[inline(always)]
fn slice(token: &[f32; PROJECTED], from: usize) -> Query {
    let mut query = [0.0; HEAD_DIMENSIONS];
    query.copy_from_slice(&token[from..from + HEAD_DIMENSIONS]);
    query
}
