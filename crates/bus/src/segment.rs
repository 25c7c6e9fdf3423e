//! Segment files in a log folder.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::LogError;
use crate::disk::{Disk, read_whole};
use crate::format::{SEGMENT_HEADER_BYTES, SegmentHeader, VERSION};
use crate::limits::SEGMENT_READ_MAX_BYTES;
use crate::scan::{Scan, recover_bytes, scan_header};

const EXTENSION: &str = ".log";
const NAME_DIGITS: usize = 20;

/// One segment file as the folder shows it.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    /// Number of its first frame, from the file name.
    pub(crate) first_sequence: u64,
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
}

pub(crate) fn segment_path(dir: &Path, first_sequence: u64) -> PathBuf {
    dir.join(format!("{first_sequence:020}{EXTENSION}"))
}

fn parse_name(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(EXTENSION)?;
    let well_formed = digits.len() == NAME_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
    well_formed.then(|| digits.parse().ok())?
}

/// All segments, oldest first.
pub(crate) fn list_segments(disk: &dyn Disk, dir: &Path) -> Result<Vec<Segment>, LogError> {
    let files = disk.list(dir).map_err(|e| LogError::io("list", dir, e))?;
    let mut segments: Vec<Segment> = files
        .into_iter()
        .filter_map(|(name, bytes)| {
            parse_name(&name).map(|first_sequence| Segment {
                first_sequence,
                path: dir.join(name),
                bytes,
            })
        })
        .collect();
    segments.sort_by_key(|segment| segment.first_sequence);
    Ok(segments)
}

impl Segment {
    /// The header, `None` when neither copy is intact. With the bytes it was read from.
    pub(crate) fn read_header(
        &self,
        disk: &dyn Disk,
    ) -> Result<(Option<SegmentHeader>, Vec<u8>), LogError> {
        let mut head = Vec::with_capacity(SEGMENT_HEADER_BYTES);
        disk.open_read(&self.path)
            .and_then(|file| {
                file.take(SEGMENT_HEADER_BYTES as u64)
                    .read_to_end(&mut head)
            })
            .map_err(|e| LogError::io("read", &self.path, e))?;
        let header = scan_header(&head).filter(|h| h.first_sequence == self.first_sequence);
        self.check_version(header.as_ref())?;
        Ok((header, head))
    }

    /// Reads and scans the whole file.
    pub(crate) fn read_and_scan(&self, disk: &dyn Disk) -> Result<(Scan, Vec<u8>), LogError> {
        let content = read_whole(disk, &self.path, SEGMENT_READ_MAX_BYTES)
            .map_err(|e| LogError::io("read", &self.path, e))?;
        let misnamed =
            scan_header(&content).is_some_and(|h| h.first_sequence != self.first_sequence);
        let mut scan = recover_bytes(if misnamed { &[] } else { &content });
        self.check_version(scan.header.as_ref())?;
        if scan.header.is_none()
            && let Some(tail) = &mut scan.tail
        {
            tail.first_sequence = self.first_sequence;
            tail.next_sequence = self.first_sequence;
            tail.bytes = content.len() as u64;
            scan.tail_is_whole_frame = content.len() > SEGMENT_HEADER_BYTES;
        }
        Ok((scan, content))
    }

    fn check_version(&self, header: Option<&SegmentHeader>) -> Result<(), LogError> {
        match header {
            Some(header) if header.version > VERSION => Err(LogError::UnsupportedVersion {
                path: self.path.clone(),
                version: header.version,
                known: VERSION,
            }),
            _ => Ok(()),
        }
    }
}
