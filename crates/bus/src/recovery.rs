//! Start-up: cut what was torn, name what is damaged, make what is left durable.

use std::path::{Path, PathBuf};

use crate::LogError;
use crate::disk::{Disk, folder_above};
use crate::format::{HEADER_COPY_BYTES, SEGMENT_HEADER_BYTES, SegmentHeader};
use crate::position::Position;
use crate::quarantine::{
    DamageReason, QUARANTINE_FOLDER, Quarantined, keep_copy, quarantine_region,
};
use crate::scan::Scan;
use crate::segment::{Segment, list_segments};

/// What start-up found and did.
#[derive(Debug, Clone)]
pub struct Recovery {
    /// Bytes of unfinished writes cut off the end of the log. No acknowledged frame was in them
    /// unless the disk damaged the very last one (then [`Recovery::torn_kept_as`] has it).
    pub torn_bytes_cut: u64,
    /// Copy of the bytes that were cut, made when they were as long as a whole frame.
    pub torn_kept_as: Option<PathBuf>,
    /// Damage with intact frames after it, missing segments, unreadable headers. Sealed segments
    /// are verified by the reader; start-up reads only their headers.
    pub quarantined: Vec<Quarantined>,
    /// Frame numbers from the oldest segment to the end.
    pub frames: u64,
    /// Where the next frame goes.
    pub next: Position,
}

/// A segment with what start-up learnt about it.
#[derive(Debug, Clone)]
pub(crate) struct KnownSegment {
    pub(crate) segment: Segment,
    /// Not before the newest frame of the segment before it; `None` when the header is unreadable.
    pub(crate) created_at_us: Option<i64>,
}

pub(crate) struct Recovered {
    pub(crate) report: Recovery,
    pub(crate) segments: Vec<KnownSegment>,
    /// Checksum seed of the last segment, when frames may still be appended to it.
    pub(crate) append_seed: Option<u32>,
    pub(crate) newest_us: i64,
}

struct Repair<'a> {
    disk: &'a dyn Disk,
    dir: &'a Path,
    durable: bool,
    report: Recovery,
}

/// Repairs the log in `dir`. With `durable`, nothing is returned that a power cut could still
/// take back: a reader may act on every frame that start-up has kept.
pub(crate) fn recover(disk: &dyn Disk, dir: &Path, durable: bool) -> Result<Recovered, LogError> {
    let mut repair = Repair {
        disk,
        dir,
        durable,
        report: Recovery {
            torn_bytes_cut: 0,
            torn_kept_as: None,
            quarantined: Vec::new(),
            frames: 0,
            next: Position {
                sequence: 1,
                segment: 1,
                offset: SEGMENT_HEADER_BYTES as u64,
            },
        },
    };
    let mut segments = list_segments(disk, dir)?;
    let last = repair.repair_end(&mut segments)?;
    let known = repair.check_headers(&segments)?;
    if durable {
        disk.sync_folder(dir)
            .map_err(|e| LogError::io("sync", dir, e))?;
        let above = folder_above(dir);
        disk.sync_folder(&above)
            .map_err(|e| LogError::io("sync", &above, e))?;
    }
    let mut report = repair.report;
    let oldest = segments
        .first()
        .map_or(report.next.sequence, |s| s.first_sequence);
    report.frames = report.next.sequence.saturating_sub(oldest);
    let created = known
        .last()
        .and_then(|k| k.created_at_us)
        .unwrap_or(i64::MIN);
    let newest_us = last.as_ref().map_or(i64::MIN, newest_frame_us).max(created);
    let append_seed = last
        .and_then(|scan| scan.header)
        .map(|header| header.seed());
    Ok(Recovered {
        report,
        segments: known,
        append_seed,
        newest_us,
    })
}

fn newest_frame_us(scan: &Scan) -> i64 {
    scan.frames
        .iter()
        .map(|frame| frame.appended_at_us)
        .max()
        .unwrap_or(i64::MIN)
}

impl Repair<'_> {
    /// Drops segments from the end until one is readable, cuts its torn end, and names its damage.
    fn repair_end(&mut self, segments: &mut Vec<Segment>) -> Result<Option<Scan>, LogError> {
        while let Some(last) = segments.last_mut() {
            let (scan, content) = last.read_and_scan(self.disk)?;
            self.report.next.sequence = self
                .report
                .next
                .sequence
                .max(scan.next_sequence().unwrap_or(last.first_sequence));
            let never_begun = content.len() <= SEGMENT_HEADER_BYTES
                && (content.len() < SEGMENT_HEADER_BYTES || !scan.damaged.is_empty());
            if scan.header.is_none() || never_begun {
                self.set_aside(last, &content)?;
                segments.pop();
                continue;
            }
            self.cut_tail(last, &scan, &content)?;
            let durable_before = scan.durable_before();
            for region in &scan.damaged {
                self.report.quarantined.push(quarantine_region(
                    self.disk,
                    self.dir,
                    &last.path,
                    &content,
                    region,
                    durable_before,
                ));
            }
            self.report.next.segment = last.first_sequence;
            self.report.next.offset = last.bytes;
            return Ok(Some(scan));
        }
        self.report.next.segment = self.report.next.sequence;
        self.report.next.offset = SEGMENT_HEADER_BYTES as u64;
        Ok(None)
    }

    /// A segment without a whole header: never begun, or damaged. The header is synced before the first
    /// frame is written, so a file longer than its header was once whole: it is kept.
    fn set_aside(&mut self, segment: &Segment, content: &[u8]) -> Result<(), LogError> {
        let path = &segment.path;
        if content.len() <= SEGMENT_HEADER_BYTES {
            self.disk
                .remove(path)
                .map_err(|e| LogError::io("remove", path, e))?;
            self.report.torn_bytes_cut += content.len() as u64;
        } else {
            let folder = self.dir.join(QUARANTINE_FOLDER);
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let kept = folder.join(format!("{stem}-whole-{:08x}.log", crc32c::crc32c(content)));
            self.disk
                .create_folder(&folder)
                .and_then(|()| self.disk.rename(path, &kept))
                .and_then(|()| self.disk.sync_folder(&folder))
                .map_err(|e| LogError::io("move to quarantine", path, e))?;
            self.report.quarantined.push(Quarantined {
                file: path.clone(),
                offset: 0,
                bytes: content.len() as u64,
                reason: DamageReason::SegmentHeader,
                first_sequence: segment.first_sequence,
                next_sequence: segment.first_sequence,
                acknowledged: false,
                kept_as: Some(kept),
            });
        }
        self.disk
            .sync_folder(self.dir)
            .map_err(|e| LogError::io("sync", self.dir, e))
    }

    fn cut_tail(
        &mut self,
        segment: &mut Segment,
        scan: &Scan,
        content: &[u8],
    ) -> Result<(), LogError> {
        if let Some(tail) = &scan.tail {
            let path = &segment.path;
            if scan.tail_is_whole_frame {
                self.report.torn_kept_as = keep_copy(self.disk, self.dir, path, content, tail);
            }
            self.disk
                .open_append(path)
                .and_then(|mut file| file.set_len(scan.intact_end))
                .map_err(|e| LogError::io("cut", path, e))?;
            self.report.torn_bytes_cut += tail.bytes;
        }
        segment.bytes = scan.intact_end;
        if self.durable {
            self.confirm_end(segment, scan, content)?;
        }
        Ok(())
    }

    /// Writes in place, once more, what no later frame testifies to be durable. When the process
    /// before this one met a failed sync, the kernel may hold these pages as clean although the
    /// disk never took them: syncing again would be a lie, writing them again is not.
    fn confirm_end(&self, segment: &Segment, scan: &Scan, content: &[u8]) -> Result<(), LogError> {
        let proven = scan.durable_before();
        let unproven = scan.frames.iter().find(|frame| frame.sequence >= proven);
        let from = unproven.map_or(scan.intact_end, |frame| frame.offset);
        let range = |from: u64, to: u64| {
            let from = usize::try_from(from).unwrap_or(usize::MAX);
            content
                .get(from..usize::try_from(to).unwrap_or(usize::MAX))
                .unwrap_or(&[])
        };
        for (start, end) in [(0, SEGMENT_HEADER_BYTES as u64), (from, scan.intact_end)] {
            self.disk
                .overwrite(&segment.path, start, range(start, end))
                .map_err(|e| LogError::io("confirm", &segment.path, e))?;
        }
        Ok(())
    }

    /// Reads the header of every segment: names damaged ones, and segments that are missing.
    fn check_headers(&mut self, segments: &[Segment]) -> Result<Vec<KnownSegment>, LogError> {
        let mut known: Vec<KnownSegment> = Vec::with_capacity(segments.len());
        for (index, segment) in segments.iter().enumerate() {
            let (header, head) = segment.read_header(self.disk)?;
            let is_last = index + 1 == segments.len();
            let second = head.get(HEADER_COPY_BYTES..).unwrap_or(&[]);
            let copies_agree =
                SegmentHeader::decode_copy(&head) == SegmentHeader::decode_copy(second);
            if !is_last && (header.is_none() || !copies_agree) {
                self.note_header(segment, header.is_some());
            }
            let before = known.last().map(|k| k.segment.first_sequence);
            if let (Some(header), Some(before)) = (header, before)
                && header.previous_segment != before
            {
                self.note_missing(header.previous_segment, segment.first_sequence);
            }
            known.push(KnownSegment {
                segment: segment.clone(),
                created_at_us: header.map(|h| h.created_at_us),
            });
        }
        Ok(known)
    }

    fn note_header(&mut self, segment: &Segment, readable: bool) {
        self.report.quarantined.push(Quarantined {
            file: segment.path.clone(),
            offset: 0,
            bytes: if readable {
                SEGMENT_HEADER_BYTES as u64
            } else {
                segment.bytes
            },
            reason: if readable {
                DamageReason::HeaderCopy
            } else {
                DamageReason::SegmentHeader
            },
            first_sequence: segment.first_sequence,
            next_sequence: segment.first_sequence,
            acknowledged: true,
            kept_as: None,
        });
    }

    fn note_missing(&mut self, first_sequence: u64, next_sequence: u64) {
        self.report.quarantined.push(Quarantined {
            file: self.dir.to_path_buf(),
            offset: 0,
            bytes: 0,
            reason: DamageReason::Missing,
            first_sequence,
            next_sequence,
            acknowledged: true,
            kept_as: None,
        });
    }
}

/// The first frame number that the folder does not hold, without repairing anything.
pub(crate) fn end_of_log(disk: &dyn Disk, dir: &Path) -> Result<u64, LogError> {
    let mut end = 1;
    for segment in list_segments(disk, dir)?.iter().rev() {
        let (scan, _) = segment.read_and_scan(disk)?;
        end = end.max(scan.next_sequence().unwrap_or(segment.first_sequence));
        if scan.header.is_some() {
            break;
        }
    }
    Ok(end)
}
