//! Damage, named: where, how much, which frames, and where a copy was kept.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::Disk;
use crate::scan::DamagedRegion;

/// Folder inside the log folder that keeps copies of damaged bytes.
pub(crate) const QUARANTINE_FOLDER: &str = "quarantine";

/// What is wrong with a region of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DamageReason {
    /// Both copies of the segment header are damaged: no frame of the file can be verified.
    SegmentHeader,
    /// One of the two copies of the segment header is damaged; no frame is lost.
    HeaderCopy,
    /// The checksum of a frame header is wrong.
    FrameHeader,
    /// The checksum of a payload is wrong.
    Payload,
    /// The bytes end before the frame does, or are all zero.
    Incomplete,
    /// A frame stands where another number should be.
    Sequence,
    /// Frames are missing without a trace: a segment file or part of one is gone.
    Missing,
    /// The checksums are right but the payload does not decompress to its stated size.
    Compression,
}

impl fmt::Display for DamageReason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            DamageReason::SegmentHeader => "segment header unreadable",
            DamageReason::HeaderCopy => "one copy of the segment header unreadable",
            DamageReason::FrameHeader => "frame header checksum wrong",
            DamageReason::Payload => "payload checksum wrong",
            DamageReason::Incomplete => "frame incomplete",
            DamageReason::Sequence => "frame out of sequence",
            DamageReason::Missing => "frames missing",
            DamageReason::Compression => "payload does not decompress",
        })
    }
}

/// One damaged or missing region of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// The segment file, or the log folder when the file itself is missing.
    pub file: PathBuf,
    /// Byte offset in the file.
    pub offset: u64,
    /// Length in bytes; 0 when frames are missing without a trace.
    pub bytes: u64,
    /// What is wrong.
    pub reason: DamageReason,
    /// First frame number concerned.
    pub first_sequence: u64,
    /// First frame number after the damage; equal to `first_sequence` when no frame is lost.
    pub next_sequence: u64,
    /// `true`: these frames were certainly durable once. `false`: they may be the remains of a
    /// write that power loss cut short before anything was acknowledged.
    pub acknowledged: bool,
    /// The copy of the damaged bytes; `None` where there were none or the copy failed (the
    /// original stays in the segment, except for a whole unreadable last segment, which is moved).
    pub kept_as: Option<PathBuf>,
}

impl fmt::Display for Quarantined {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} at byte {} of {}, {} bytes, frames {} up to (not including) {}",
            self.reason,
            self.offset,
            self.file.display(),
            self.bytes,
            self.first_sequence,
            self.next_sequence,
        )?;
        match &self.kept_as {
            Some(copy) => write!(out, "; the bytes are kept as {}", copy.display())?,
            None => out.write_str("; no copy was kept")?,
        }
        out.write_str("; compare with a backup, then let the reader skip them")
    }
}

/// Copies the damaged bytes of `file` aside and returns the name of the damage.
pub(crate) fn quarantine_region(
    disk: &dyn Disk,
    dir: &Path,
    file: &Path,
    content: &[u8],
    region: &DamagedRegion,
    durable_before: u64,
) -> Quarantined {
    Quarantined {
        file: file.to_path_buf(),
        offset: region.offset,
        bytes: region.bytes,
        reason: region.reason,
        first_sequence: region.first_sequence,
        next_sequence: region.next_sequence,
        acknowledged: region.first_sequence < durable_before,
        kept_as: keep_copy(disk, dir, file, content, region),
    }
}

/// Keeps a copy under a name made of the place and checksum, so that the same damage seen twice
/// is kept once. A failure to copy is no failure of the log: the report says that none was kept.
pub(crate) fn keep_copy(
    disk: &dyn Disk,
    dir: &Path,
    file: &Path,
    content: &[u8],
    region: &DamagedRegion,
) -> Option<PathBuf> {
    let start = usize::try_from(region.offset).ok()?;
    let end = start.checked_add(usize::try_from(region.bytes).ok()?)?;
    let damaged = content.get(start..end).filter(|bytes| !bytes.is_empty())?;
    let stem = file.file_stem()?.to_string_lossy().into_owned();
    let name = format!("{stem}-at-{start}-{:08x}.bin", crc32c::crc32c(damaged));
    let folder = dir.join(QUARANTINE_FOLDER);
    let path = folder.join(name);
    match write_copy(disk, &folder, &path, damaged) {
        Ok(()) => Some(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Some(path),
        Err(_) => None,
    }
}

fn write_copy(disk: &dyn Disk, folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    disk.create_folder(folder)?;
    let mut copy = disk.create_new(path)?;
    copy.append(bytes)?;
    copy.sync()?;
    disk.sync_folder(folder)
}
