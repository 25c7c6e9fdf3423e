//! The network once more: `f64`, no quantised activations, one loop for each
//! sum sign of the formulas.

use crate::model_file::{HEADS, HIDDEN, ModelFile};

type Matrix = Vec<Vec<f64>>;

/// The embedding of tokens.
pub(crate) fn embed(model: &ModelFile, tokens: &[usize]) -> Vec<f64> {
    let mut hidden: Matrix = tokens
        .iter()
        .enumerate()
        .map(|(position, token)| {
            (0..HIDDEN)
                .map(|column| {
                    model.values("emb.word")[token * HIDDEN + column]
                        + model.values("emb.pos")[position * HIDDEN + column]
                        + model.values("emb.type")[column]
                })
                .collect()
        })
        .collect();
    hidden = norm(model, "emb.ln", &hidden);
    for layer in 0..model.layers {
        let name = |suffix: &str| format!("l{layer}.{suffix}");
        let query = linear(model, &name("q"), &hidden);
        let key = linear(model, &name("k"), &hidden);
        let value = linear(model, &name("v"), &hidden);
        let context = attention(&query, &key, &value);
        let change = linear(model, &name("ao"), &context);
        hidden = norm(model, &name("aln"), &plus(&hidden, &change));
        let wide: Matrix = linear(model, &name("fi"), &hidden)
            .into_iter()
            .map(|row| row.into_iter().map(gelu).collect())
            .collect();
        let change = linear(model, &name("fo"), &wide);
        hidden = norm(model, &name("oln"), &plus(&hidden, &change));
    }
    let sums: Vec<f64> = (0..HIDDEN)
        .map(|column| hidden.iter().map(|row| row[column]).sum())
        .collect();
    let length = sums.iter().map(|sum| sum * sum).sum::<f64>().sqrt();
    sums.into_iter().map(|sum| sum / length).collect()
}

fn linear(model: &ModelFile, name: &str, rows: &Matrix) -> Matrix {
    let weights = model.values(&format!("{name}.w"));
    let bias = model.values(&format!("{name}.b"));
    rows.iter()
        .map(|row| {
            let products = |output: usize| {
                let weights = &weights[output * row.len()..(output + 1) * row.len()];
                weights
                    .iter()
                    .zip(row)
                    .map(|(weight, value)| weight * value)
                    .sum::<f64>()
            };
            (0..bias.len())
                .map(|output| products(output) + bias[output])
                .collect()
        })
        .collect()
}

fn attention(query: &Matrix, key: &Matrix, value: &Matrix) -> Matrix {
    let width = HIDDEN / HEADS;
    let mut context = vec![vec![0.0; HIDDEN]; query.len()];
    for head in 0..HEADS {
        let columns = head * width..(head + 1) * width;
        for (row, context) in query.iter().zip(&mut context) {
            let exponentials: Vec<f64> = key
                .iter()
                .map(|key| {
                    columns
                        .clone()
                        .map(|column| row[column] * key[column])
                        .sum::<f64>()
                })
                .map(|product| (product / (width as f64).sqrt()).exp())
                .collect();
            let whole: f64 = exponentials.iter().sum();
            for column in columns.clone() {
                let taken = exponentials
                    .iter()
                    .zip(value)
                    .map(|(part, value)| part * value[column]);
                context[column] = taken.sum::<f64>() / whole;
            }
        }
    }
    context
}

fn plus(one: &Matrix, other: &Matrix) -> Matrix {
    let sums = one.iter().zip(other);
    sums.map(|(one, other)| one.iter().zip(other).map(|(a, b)| a + b).collect())
        .collect()
}

fn norm(model: &ModelFile, name: &str, rows: &Matrix) -> Matrix {
    let weight = model.values(&format!("{name}.w"));
    let bias = model.values(&format!("{name}.b"));
    rows.iter()
        .map(|row| {
            let mean = row.iter().sum::<f64>() / HIDDEN as f64;
            let variance =
                row.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / HIDDEN as f64;
            let scale = 1.0 / (variance + 1e-12).sqrt();
            (0..HIDDEN)
                .map(|column| (row[column] - mean) * scale * weight[column] + bias[column])
                .collect()
        })
        .collect()
}

fn gelu(x: f64) -> f64 {
    x * (1.0 + error_function(x / 2_f64.sqrt())) / 2.0
}

/// Its Taylor series, which converges everywhere.
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
