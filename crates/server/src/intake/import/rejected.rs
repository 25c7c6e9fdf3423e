//! Lines that were not taken: the first ones on the screen, all of them beside the file.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::reader::Line;
use super::records::rejected_line;
use super::screen::Screen;

/// Rejected lines named on the screen.
const NAMED_ON_SCREEN: u64 = 20;

/// The rejected lines of one import.
pub(super) struct Rejected {
    place: PathBuf,
    file: Option<BufWriter<File>>,
    count: u64,
}

/// `FILE.rejected.jsonl`.
pub(super) fn place_of(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".rejected.jsonl");
    PathBuf::from(name)
}

impl Rejected {
    pub(super) fn beside(file: &Path) -> Self {
        Self {
            place: place_of(file),
            file: None,
            count: 0,
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Where the lines stand; `None` when there are none.
    pub(super) fn place(&self) -> Option<&Path> {
        (self.count > 0).then_some(&*self.place)
    }

    pub(super) fn add(
        &mut self,
        line: &Line,
        reference: &str,
        message: &str,
        screen: &mut Screen,
    ) -> anyhow::Result<()> {
        self.count += 1;
        if self.count <= NAMED_ON_SCREEN {
            screen.say(&format!("line {}: {message} ({reference})\n", line.number));
        } else if self.count == NAMED_ON_SCREEN + 1 {
            screen.say(&format!(
                "more rejected lines stand in {}\n",
                self.place.display()
            ));
        }
        let fault = || format!("{} cannot be written", self.place.display());
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufWriter::new(
                File::create(&self.place).with_context(fault)?,
            )),
        };
        writeln!(
            file,
            "{}",
            rejected_line(line.number, reference, message, &line.raw)
        )
        .with_context(fault)
    }

    /// Writes what is waiting; without rejected lines, those of an earlier run go.
    pub(super) fn finish(&mut self) -> anyhow::Result<()> {
        let done = match self.file.take() {
            Some(mut file) => file.flush(),
            None if self.place.exists() => std::fs::remove_file(&self.place),
            None => Ok(()),
        };
        done.with_context(|| format!("{} cannot be written", self.place.display()))
    }
}
