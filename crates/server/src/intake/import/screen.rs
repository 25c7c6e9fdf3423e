//! What a person sees while a file is imported: a bar where there is a terminal, plain lines
//! elsewhere; always on standard error.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::Tally;

/// Time between two drawings of the bar, in milliseconds.
const BAR_EVERY_MS: u64 = 100;
/// Time between two plain lines, in milliseconds.
const LINE_EVERY_MS: u64 = 5_000;
/// Width of the bar, in characters.
const BAR_CHARS: u64 = 24;

/// Standard error with a progress bar on its last line.
pub(super) struct Screen {
    terminal: bool,
    total_bytes: u64,
    read_bytes: Arc<AtomicU64>,
    started: Instant,
    drawn: Option<Instant>,
    bar_shown: bool,
}

impl Screen {
    pub(super) fn new(total_bytes: u64, read_bytes: Arc<AtomicU64>) -> Self {
        let terminal = io::stderr().is_terminal();
        Self {
            terminal,
            total_bytes,
            read_bytes,
            started: Instant::now(),
            drawn: None,
            bar_shown: false,
        }
    }

    /// Text that stays, above the bar.
    pub(super) fn say(&mut self, text: &str) {
        let clear = if self.bar_shown { "\r\x1b[2K" } else { "" };
        self.bar_shown = false;
        write_out(&format!("{clear}{text}"));
    }

    /// Asks whether the columns are right; only a clear yes is one.
    pub(super) fn confirm(&mut self) -> io::Result<bool> {
        self.say("Import with these columns? [y/N] ");
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        self.started = Instant::now();
        Ok(matches!(
            answer.trim().to_lowercase().as_str(),
            "y" | "yes" | "ya"
        ))
    }

    pub(super) fn progress(&mut self, tally: &Tally) {
        let every = Duration::from_millis(if self.terminal {
            BAR_EVERY_MS
        } else {
            LINE_EVERY_MS
        });
        if self.drawn.unwrap_or(self.started).elapsed() < every {
            return;
        }
        self.drawn = Some(Instant::now());
        let text = progress_line(tally, self.percent(), self.started.elapsed());
        if self.terminal {
            let full = usize::try_from(self.percent() * BAR_CHARS / 100).unwrap_or(0);
            let empty = usize::try_from(BAR_CHARS).unwrap_or(0).saturating_sub(full);
            write_out(&format!(
                "\r\x1b[2K[{}{}] {text}",
                "█".repeat(full),
                "·".repeat(empty)
            ));
            self.bar_shown = true;
        } else {
            write_out(&format!("{text}\n"));
        }
    }

    pub(super) fn finish(&mut self, tally: &Tally, rejected: Option<&Path>) {
        let mut text = format!("{}\n", progress_line(tally, 100, self.started.elapsed()));
        if let Some(path) = rejected {
            text = format!(
                "{text}Rejected lines with their reasons: {}\n",
                path.display()
            );
        }
        self.say(&text);
    }

    fn percent(&self) -> u64 {
        let read = self.read_bytes.load(Ordering::Relaxed);
        (read.saturating_mul(100))
            .checked_div(self.total_bytes)
            .unwrap_or(100)
            .min(100)
    }
}

fn progress_line(tally: &Tally, percent: u64, elapsed: Duration) -> String {
    let rate = tally.lines as f64 / elapsed.as_secs_f64().max(0.001);
    format!(
        "{percent:>3} % · {} lines · {} taken · {} known before · {} rejected · {rate:.0} lines/s",
        tally.lines, tally.taken, tally.known, tally.rejected
    )
}

/// A closed standard error is no reason to stop an import.
fn write_out(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_counts_everything() {
        let tally = Tally {
            lines: 2_000,
            taken: 1_500,
            known: 490,
            rejected: 10,
        };
        let line = progress_line(&tally, 42, Duration::from_secs(2));
        assert_eq!(
            line,
            " 42 % · 2000 lines · 1500 taken · 490 known before · 10 rejected · 1000 lines/s"
        );
    }

    #[test]
    fn the_share_never_passes_the_whole() {
        let at = |read, total| Screen::new(total, Arc::new(AtomicU64::new(read))).percent();
        assert_eq!(
            [at(0, 10), at(5, 10), at(20, 10), at(1, 0)],
            [0, 50, 100, 100]
        );
    }
}
