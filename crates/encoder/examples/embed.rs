//! Embeds one field of a file of JSON lines.
//!
//!     cargo run --release -p encoder --example embed -- MODEL IN.jsonl FIELD OUT.f32
//!     cargo run --release -p encoder --example embed -- MODEL
//!
//! The first writes 384 little-endian floats a line, in order, with role query,
//! on every core (`THREADS` overrides), and prints the pace. The second prints
//! the pace of every set of instructions on texts of about forty tokens.

use std::error::Error;
use std::io::{BufWriter, Write};
use std::time::Instant;

use encoder::limits::DIMENSIONS;
use encoder::{Encoder, Instructions, Role, Scratch};

/// A text of forty tokens, of our own.
const FORTY: &str = "Kabar bahwa tempat pemungutan suara di desa kami dipindahkan ke balai kecamatan \
    sehari sebelum pemilihan itu tidak benar, kata petugas yang kami hubungi pagi tadi di sana.";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [model] => compare(model),
        [model, input, field, output] => embed_file(model, input, field, output),
        _ => Err("usage: embed MODEL [IN.jsonl FIELD OUT.f32]".into()),
    }
}

fn embed_file(model: &str, input: &str, field: &str, output: &str) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let encoder = Encoder::from_bytes(&std::fs::read(model)?)?;
    println!("model ready in {:.2} s", begun.elapsed().as_secs_f64());
    let texts = read_field(input, field)?;
    let threads = match std::env::var("THREADS") {
        Ok(number) => number.parse::<usize>()?.max(1),
        Err(_) => std::thread::available_parallelism()?.get(),
    };
    let begun = Instant::now();
    let before = processor_seconds();
    let share = texts.len().div_ceil(threads).max(1);
    let encoder = &encoder;
    let parts: Vec<(Vec<[f32; DIMENSIONS]>, usize)> = std::thread::scope(|scope| {
        let workers: Vec<_> = texts
            .chunks(share)
            .enumerate()
            .map(|(index, texts)| scope.spawn(move || embed_part(encoder, texts, index == 0)))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().map_err(|_| "a thread failed"))
            .collect::<Result<_, _>>()
    })?;
    let wall = begun.elapsed().as_secs_f64();
    let processor = match (before, processor_seconds()) {
        (Some(before), Some(after)) if after > before => after - before,
        _ => wall * threads as f64,
    };
    let mut out = BufWriter::new(std::fs::File::create(output)?);
    for number in parts.iter().flat_map(|(rows, _)| rows.as_flattened()) {
        out.write_all(&number.to_le_bytes())?;
    }
    out.flush()?;
    let count = texts.len() as f64;
    let tokens: usize = parts.iter().map(|(_, tokens)| tokens).sum();
    println!(
        "{count} texts of {:.1} tokens on average: {:.1} texts and {:.0} tokens a CPU-second, {wall:.1} s on {threads} threads",
        tokens as f64 / count,
        count / processor,
        tokens as f64 / processor,
    );
    Ok(())
}

fn embed_part(
    encoder: &Encoder,
    texts: &[String],
    speaks: bool,
) -> (Vec<[f32; DIMENSIONS]>, usize) {
    let mut scratch = Scratch::default();
    let mut tokens = 0;
    let mut rows = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        if speaks && index % 1000 == 999 {
            println!("{} of {} texts of the first thread", index + 1, texts.len());
        }
        rows.push(encoder.embed(text, Role::Query, &mut scratch));
        tokens += encoder.token_count(text, Role::Query, &mut scratch);
    }
    (rows, tokens)
}

fn read_field(input: &str, field: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let mut texts = Vec::new();
    for (index, line) in std::fs::read_to_string(input)?.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let value: serde_json::Value = serde_json::from_str(line)?;
        let text = value[field]
            .as_str()
            .ok_or_else(|| format!("line {}: no text in field {field}", index + 1))?;
        texts.push(text.to_owned());
    }
    Ok(texts)
}

fn compare(model: &str) -> Result<(), Box<dyn Error>> {
    let mut encoder = Encoder::from_bytes(&std::fs::read(model)?)?;
    let mut scratch = Scratch::default();
    let tokens = encoder.token_count(FORTY, Role::Query, &mut scratch);
    for instructions in Instructions::available() {
        encoder = encoder.with(instructions);
        encoder.embed(FORTY, Role::Query, &mut scratch);
        let before = processor_seconds();
        let begun = Instant::now();
        let mut count = 0;
        while begun.elapsed().as_secs() < 4 {
            encoder.embed(FORTY, Role::Query, &mut scratch);
            count += 1;
        }
        let seconds = match (before, processor_seconds()) {
            (Some(before), Some(after)) if after > before => after - before,
            _ => begun.elapsed().as_secs_f64(),
        };
        println!(
            "{:>8}: {:6.1} texts of {tokens} tokens a CPU-second",
            instructions.name(),
            f64::from(count) / seconds
        );
    }
    Ok(())
}

/// CPU time of this process so far, in seconds, where the system tells it.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let after_name = text.rsplit_once(')')?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}
