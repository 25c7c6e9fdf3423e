//! From tokens to an embedding: the layers of BERT.

use crate::arithmetic::{Norm, Row, gelu};
use crate::attention::{Head, PROJECTED, attend};
use crate::error::ModelError;
use crate::format::{Header, Tensors};
use crate::kernels::Kernel;
use crate::limits::{DIMENSIONS, TOKENS_MAX};
use crate::quantised::{Q4_BLOCK, Q4_BLOCK_BYTES, Rows, Tokens, unpack};

/// The weights.
pub(crate) struct Network {
    /// The table of words stays in four bits: a text reads few of its rows.
    words: Vec<[u8; Q4_BLOCK_BYTES]>,
    /// Positions, the first segment kind added.
    positions: Vec<Row>,
    norm: Norm,
    layers: Vec<Layer>,
    inner: usize,
}

struct Layer {
    projection: Rows,
    attended: Rows,
    attention_norm: Norm,
    widen: Rows,
    narrow: Rows,
    output_norm: Norm,
}

/// The memory of one forward pass.
#[derive(Default)]
pub(crate) struct Activations {
    hidden: Vec<Row>,
    projected: Vec<f32>,
    context: Vec<f32>,
    change: Vec<f32>,
    inner: Vec<f32>,
    tokens: Tokens,
    head: Head,
}

impl Network {
    pub(crate) fn new(header: &Header, tensors: &Tensors<'_>) -> Result<Self, ModelError> {
        let kinds = tensors.floats("emb.type", header.kinds * DIMENSIONS)?;
        let positions = tensors.floats("emb.pos", header.positions * DIMENSIONS)?;
        let (rows, _) = positions.as_chunks::<DIMENSIONS>();
        let mut positions: Vec<Row> = rows.iter().take(TOKENS_MAX).copied().collect();
        for row in &mut positions {
            for (value, kind) in row.iter_mut().zip(&kinds) {
                *value += kind;
            }
        }
        Ok(Self {
            words: tensors
                .blocks("emb.word", header.words, DIMENSIONS)?
                .to_vec(),
            positions,
            norm: norm(header, tensors, "emb.ln")?,
            layers: (0..header.layers)
                .map(|index| Layer::new(header, tensors, index))
                .collect::<Result<_, _>>()?,
            inner: header.inner,
        })
    }

    /// Tokens a text may have.
    pub(crate) fn tokens_max(&self) -> usize {
        self.positions.len()
    }

    /// The embedding of `tokens`, of unit length.
    #[inline(always)]
    pub(crate) fn forward<K: Kernel>(
        &self,
        kernel: K,
        tokens: &[u32],
        memory: &mut Activations,
    ) -> Row {
        self.look_up(tokens, &mut memory.hidden);
        let count = memory.hidden.len();
        memory.projected.resize(count * PROJECTED, 0.0);
        memory.context.resize(count * DIMENSIONS, 0.0);
        memory.change.resize(count * DIMENSIONS, 0.0);
        memory.inner.resize(count * self.inner, 0.0);
        for layer in &self.layers {
            layer.forward(kernel, memory);
        }
        mean_direction(&memory.hidden)
    }

    #[inline(always)]
    fn look_up(&self, tokens: &[u32], hidden: &mut Vec<Row>) {
        const BLOCKS: usize = DIMENSIONS / Q4_BLOCK;
        hidden.clear();
        for (token, position) in tokens.iter().zip(&self.positions) {
            let mut row = [0.0; DIMENSIONS];
            let first = *token as usize * BLOCKS;
            unpack(&self.words[first..first + BLOCKS], &mut row);
            for (value, position) in row.iter_mut().zip(position) {
                *value += position;
            }
            self.norm.apply(&mut row);
            hidden.push(row);
        }
    }
}

impl Layer {
    fn new(header: &Header, tensors: &Tensors<'_>, index: usize) -> Result<Self, ModelError> {
        let inner = header.inner;
        let name = |suffix: &str| format!("l{index}.{suffix}");
        let one = |names: &str, outputs: usize, inputs: usize| {
            rows(tensors, &[name(names)], outputs, inputs)
        };
        Ok(Self {
            projection: rows(
                tensors,
                &[name("q"), name("k"), name("v")],
                DIMENSIONS,
                DIMENSIONS,
            )?,
            attended: one("ao", DIMENSIONS, DIMENSIONS)?,
            attention_norm: norm(header, tensors, &name("aln"))?,
            widen: one("fi", inner, DIMENSIONS)?,
            narrow: one("fo", DIMENSIONS, inner)?,
            output_norm: norm(header, tensors, &name("oln"))?,
        })
    }

    #[inline(always)]
    fn forward<K: Kernel>(&self, kernel: K, memory: &mut Activations) {
        let Activations {
            hidden,
            projected,
            context,
            change,
            inner,
            tokens,
            head,
        } = memory;
        tokens.fill(K::WIDTH, K::TILE_MAX, hidden.as_flattened(), DIMENSIONS);
        kernel.multiply(&self.projection, tokens, projected);
        attend(projected, head, context);
        tokens.fill(K::WIDTH, K::TILE_MAX, context, DIMENSIONS);
        kernel.multiply(&self.attended, tokens, change);
        add(hidden, change, &self.attention_norm);

        tokens.fill(K::WIDTH, K::TILE_MAX, hidden.as_flattened(), DIMENSIONS);
        kernel.multiply(&self.widen, tokens, inner);
        for value in inner.iter_mut() {
            *value = gelu(*value);
        }
        tokens.fill(K::WIDTH, K::TILE_MAX, inner, self.narrow.inputs);
        kernel.multiply(&self.narrow, tokens, change);
        add(hidden, change, &self.output_norm);
    }
}

/// The matrices of `names` below one another.
fn rows(
    tensors: &Tensors<'_>,
    names: &[String],
    outputs: usize,
    inputs: usize,
) -> Result<Rows, ModelError> {
    let mut bias = Vec::with_capacity(outputs * names.len());
    let mut blocks = Vec::with_capacity(names.len());
    for name in names {
        blocks.push(tensors.blocks(&format!("{name}.w"), outputs, inputs)?);
        bias.extend(tensors.floats(&format!("{name}.b"), outputs)?);
    }
    let unpacked = blocks
        .iter()
        .flat_map(|blocks| blocks.chunks_exact(inputs / Q4_BLOCK))
        .map(|blocks| {
            let mut row = vec![0.0; inputs];
            unpack(blocks, &mut row);
            row
        });
    Ok(Rows::new(inputs, bias, unpacked))
}

fn norm(header: &Header, tensors: &Tensors<'_>, name: &str) -> Result<Norm, ModelError> {
    let row = |suffix: &str| {
        let values = tensors.floats(&format!("{name}.{suffix}"), DIMENSIONS)?;
        let mut row = Box::new([0.0; DIMENSIONS]);
        row.copy_from_slice(&values);
        Ok(row)
    };
    Ok(Norm {
        weight: row("w")?,
        bias: row("b")?,
        epsilon: header.epsilon,
    })
}

#[inline(always)]
fn add(hidden: &mut [Row], change: &[f32], norm: &Norm) {
    for (row, change) in hidden.iter_mut().zip(change.as_chunks::<DIMENSIONS>().0) {
        for (value, change) in row.iter_mut().zip(change) {
            *value += change;
        }
        norm.apply(row);
    }
}

/// The mean of the rows, brought to unit length; zero where the mean is.
#[expect(
    clippy::cast_possible_truncation,
    reason = "numbers of at most 1, rounded"
)]
fn mean_direction(rows: &[Row]) -> Row {
    let mut mean = [0.0; DIMENSIONS];
    for row in rows {
        for (sum, value) in mean.iter_mut().zip(row) {
            *sum += value;
        }
    }
    let square: f64 = mean
        .iter()
        .map(|value| f64::from(*value) * f64::from(*value))
        .sum();
    let inverse = if square > 0.0 {
        1.0 / square.sqrt()
    } else {
        0.0
    };
    mean.map(|value| (f64::from(value) * inverse) as f32)
}
