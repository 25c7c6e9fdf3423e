//! Quality of answers and of copy detection on the evaluation folder:
//! `cargo run --release --example eval -- FOLDER [train|dev]`.

#![expect(clippy::print_stdout, reason = "an example prints what it found")]

#[path = "shared/files.rs"]
mod files;

use std::path::PathBuf;
use std::time::Instant;

use matching::evaluate::{LabelledQuery, Ranking, copies, lookup};

fn main() -> Result<(), files::Failure> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name the folder")?);
    let part = arguments.next().unwrap_or_else(|| "dev".to_owned());
    let started = Instant::now();
    let (index, numbers, _) = files::corpus(&folder)?;
    println!(
        "index\t{} checks\t{} bytes\t{:.2} s",
        index.len(),
        index.bytes(),
        started.elapsed().as_secs_f32()
    );
    let lines = files::queries(&folder, &part, &numbers)?;
    let answerable = |line: &&files::QueryLine| !line.is_nomatch && !line.relevant.is_empty();
    let told = lines
        .iter()
        .filter(answerable)
        .filter(|l| l.bucket.as_deref() != Some("no_overlap"));
    report(
        "without no_overlap, with nomatch",
        &index,
        told.chain(lines.iter().filter(|l| l.is_nomatch)),
    );
    report("everything", &index, lines.iter());
    let posts = lines
        .iter()
        .filter(|l| l.source == "clef25_task2" && !l.is_nomatch);
    report(
        "AFP posts without no_overlap",
        &index,
        posts.filter(|l| l.bucket.as_deref() != Some("no_overlap")),
    );
    contradicted(&index, &lines);
    if part == "dev" {
        report_copies(&std::fs::read_to_string(folder.join("copies-dev.tsv"))?);
    }
    Ok(())
}

fn report<'a>(
    name: &str,
    index: &matching::claims::ClaimIndex,
    lines: impl Iterator<Item = &'a files::QueryLine>,
) {
    let queries: Vec<LabelledQuery<'_>> = lines
        .map(|line| LabelledQuery {
            text: &line.text,
            relevant: if line.is_nomatch {
                Vec::new()
            } else {
                line.relevant.clone()
            },
            bucket: line.bucket.as_deref(),
        })
        .collect();
    let mut times = Vec::with_capacity(queries.len());
    let run = lookup(index, &queries, |work| {
        let started = Instant::now();
        work();
        times.push(started.elapsed().as_micros());
    });
    times.sort_unstable();
    println!("\n{name}");
    line("all", &run.ranking);
    for (bucket, ranking) in &run.by_bucket {
        line(bucket, ranking);
    }
    let a = run.answers;
    println!(
        "match precision {:.3} recall {:.3}; true negatives {:.3}, no false match {:.3}; auc {:.3}",
        a.match_precision, a.match_recall, a.true_negative_rate, a.no_false_match_rate, a.auc
    );
    if let (Some(half), Some(late)) = (
        times.get(times.len() / 2),
        times.get(times.len() * 99 / 100),
    ) {
        println!("latency p50 {half} µs, p99 {late} µs");
    }
}

/// How often a right first result is said to contradict, by kind.
fn contradicted(index: &matching::claims::ClaimIndex, lines: &[files::QueryLine]) {
    let mut scratch = matching::claims::Scratch::default();
    let mut kinds = std::collections::BTreeMap::new();
    let (mut right, mut any) = (0, 0);
    for line in lines.iter().filter(|line| !line.is_nomatch) {
        let answered = matching::answer::answer(index, &line.text, &mut scratch);
        let first = answered
            .results
            .first()
            .filter(|first| line.relevant.contains(&first.doc));
        let Some(first) = first else { continue };
        right += 1;
        any += usize::from(!first.contradictions.is_empty());
        for one in &first.contradictions {
            let name = format!("{one:?}");
            let kind = name.split([' ', '{']).next().unwrap_or_default().to_owned();
            *kinds.entry(kind).or_insert(0) += 1;
        }
    }
    println!("\nright first results that are contradicted: {any} of {right} {kinds:?}");
}

fn line(name: &str, r: &Ranking) {
    println!(
        "{name:12} n {:5}  s@1 {:.3}  s@5 {:.3}  s@10 {:.3}  mrr@10 {:.3}",
        r.queries, r.success_at_1, r.success_at_5, r.success_at_10, r.mrr_at_10
    );
}

fn report_copies(table: &str) {
    let rows = || {
        table.lines().skip(1).filter_map(|line| {
            let f: Vec<&str> = line.split('\t').collect();
            (f.len() >= 5).then(|| (f[1], f[2], f[3] == "1", f[4]))
        })
    };
    let all = copies(rows().map(|(a, b, same, _)| (a, b, same)));
    println!(
        "\ncopies: {} pairs, precision {:.4} recall {:.4} f1 {:.4}",
        all.pairs, all.precision, all.recall, all.f1
    );
    let mut kinds: Vec<&str> = rows().map(|row| row.3).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        let part = copies(
            rows()
                .filter(|row| row.3 == kind)
                .map(|(a, b, same, _)| (a, b, same)),
        );
        println!(
            "  {kind:16} {} pairs, precision {:.3} recall {:.3}",
            part.pairs, part.precision, part.recall
        );
    }
}
