//! Which posts were acknowledged: runs of numbers, kept in a file.

use std::io::Write;
use std::path::Path;

use anyhow::Context;

/// Posts `from` to `from + count`, all acknowledged in one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Acked {
    /// Seed of the run.
    pub seed: u64,
    /// The first.
    pub from: u64,
    /// How many.
    pub count: u64,
}

/// Adds them to the file; earlier runs stay.
pub(crate) fn append(path: &Path, acked: &[Acked]) -> anyhow::Result<()> {
    let file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path);
    let file = file.with_context(|| format!("{} cannot be written", path.display()))?;
    let mut out = std::io::BufWriter::new(file);
    for run in acked {
        writeln!(out, "{} {} {}", run.seed, run.from, run.count)?;
    }
    out.flush()?;
    Ok(())
}

/// Reads the file back.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Acked>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    text.lines()
        .map(|line| {
            let numbers: Vec<u64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
            match numbers[..] {
                [seed, from, count] => Ok(Acked { seed, from, count }),
                _ => anyhow::bail!("{line:?} is not `seed from count`"),
            }
        })
        .collect()
}

/// Distinct posts in runs that may overlap.
pub(crate) fn distinct(mut runs: Vec<Acked>) -> u64 {
    runs.sort_unstable();
    let mut posts = 0;
    let mut reached = (0, 0);
    for run in runs {
        let end = run.from + run.count;
        let from = if reached.0 == run.seed {
            run.from.max(reached.1)
        } else {
            run.from
        };
        posts += end.saturating_sub(from);
        reached = if reached.0 == run.seed {
            (run.seed, reached.1.max(end))
        } else {
            (run.seed, end)
        };
    }
    posts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_acknowledged_twice_is_one_post() {
        let run = |seed, from, count| Acked { seed, from, count };
        assert_eq!(
            distinct(vec![run(1, 0, 500), run(1, 500, 500), run(1, 0, 500)]),
            1_000
        );
        assert_eq!(
            distinct(vec![run(1, 0, 500), run(1, 250, 10), run(2, 0, 500)]),
            1_000
        );
        assert_eq!(distinct(vec![run(0, 10, 5), run(0, 12, 5)]), 7);
    }

    #[test]
    fn the_file_reads_back() {
        let folder = std::env::temp_dir().join(format!("hammer-acked-{}", std::process::id()));
        let runs = vec![Acked {
            seed: 1,
            from: 2,
            count: 3,
        }];
        append(&folder, &runs).expect("writes");
        append(&folder, &runs).expect("writes");
        let back = read(&folder).expect("reads");
        std::fs::remove_file(&folder).expect("removes");
        assert_eq!(back, [runs[0], runs[0]]);
    }
}
