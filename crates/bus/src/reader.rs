//! The reader: every durable frame once, in order, and never a damaged one.

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zstd::bulk::Decompressor;

use crate::LogError;
use crate::disk::{Disk, ReadSeek, RealDisk};
use crate::format::{FLAG_ZSTD, FRAME_HEADER_BYTES, FrameHeader, SEGMENT_HEADER_BYTES};
use crate::limits::{PAYLOAD_MAX_BYTES, READ_BUFFER_BYTES};
use crate::position::{DurableEnd, Position};
use crate::quarantine::{DamageReason, Quarantined, quarantine_region};
use crate::recovery::end_of_log;
use crate::scan::{DamagedRegion, Scan};
use crate::segment::{Segment, list_segments};

/// One frame, verified and decompressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Where it lies.
    pub position: Position,
    /// Where the one after it lies: what a consumer keeps once it has dealt with this frame.
    pub next: Position,
    /// Records in the payload, as the writer said.
    pub records: u32,
    /// Microseconds since 1970, UTC, as the writer said.
    pub appended_at_us: i64,
    /// At most [`PAYLOAD_MAX_BYTES`].
    pub payload: Vec<u8>,
}

/// Reads frames in order up to the durable end.
pub struct Reader {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    durable: DurableEnd,
    next: Position,
    cursor: Option<Cursor>,
    damage: Option<Quarantined>,
    /// Where the frame behind the damage lies, when that is known.
    behind: Option<Position>,
    decompressor: Decompressor<'static>,
    stored: Vec<u8>,
}

/// An open segment, at the offset of the next frame.
struct Cursor {
    file: BufReader<Box<dyn ReadSeek>>,
    segment: Segment,
    seed: u32,
    offset: u64,
}

/// What lies at the cursor.
enum AtCursor {
    Frame(FrameHeader),
    EndOfSegment,
    Damage,
}

impl Reader {
    /// Reads a log that no writer is extending, up to the end that is on disk now.
    /// Beside a writer use [`crate::SegmentLog::reader`] or [`Reader::follow`], which stop at what
    /// is durable.
    pub fn open(dir: &Path, from: Position) -> Result<Reader, LogError> {
        let disk = Arc::new(RealDisk);
        let end = end_of_log(&*disk, dir)?;
        Reader::open_on(disk, dir, from, DurableEnd::at(end))
    }

    /// Reads beside the writer that `durable` came from (see [`crate::SegmentLog::durable`]).
    pub fn follow(dir: &Path, from: Position, durable: DurableEnd) -> Result<Reader, LogError> {
        Reader::open_on(Arc::new(RealDisk), dir, from, durable)
    }

    pub(crate) fn open_on(
        disk: Arc<dyn Disk>,
        dir: &Path,
        from: Position,
        durable: DurableEnd,
    ) -> Result<Reader, LogError> {
        let end = durable.sequence();
        if from.sequence > end {
            let dir = dir.to_path_buf();
            return Err(LogError::BeyondEnd {
                dir,
                wanted: from.sequence,
                end,
            });
        }
        Ok(Reader {
            disk,
            dir: dir.to_path_buf(),
            durable,
            next: from,
            cursor: None,
            damage: None,
            behind: None,
            decompressor: Decompressor::new().map_err(|e| LogError::io("decompress", dir, e))?,
            stored: Vec::new(),
        })
    }

    /// The frame that [`Reader::next`] returns next.
    pub fn position(&self) -> Position {
        self.next
    }

    /// The next frame, or `None` when the reader has caught up with what is durable.
    ///
    /// At damage it answers [`LogError::Damaged`], again and again, until
    /// [`Reader::skip_quarantined`] is called. Other errors may be tried again.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator cannot resume after an error"
    )]
    pub fn next(&mut self) -> Result<Option<Frame>, LogError> {
        loop {
            if let Some(damage) = &self.damage {
                return Err(LogError::Damaged(Box::new(damage.clone())));
            }
            if self.next.sequence >= self.durable.sequence() {
                return Ok(None);
            }
            if self.cursor.is_none() && !self.find_next()? {
                continue;
            }
            match self.read_header()? {
                AtCursor::Frame(header) => {
                    if let Some(frame) = self.take_frame(&header)? {
                        return Ok(Some(frame));
                    }
                    self.diagnose()?;
                }
                AtCursor::EndOfSegment => self.cursor = None,
                AtCursor::Damage => self.diagnose()?,
            }
        }
    }

    /// Goes on behind the damage that [`Reader::next`] reported, and returns it. `None` when there
    /// was none: nothing is skipped that was not reported first.
    pub fn skip_quarantined(&mut self) -> Option<Quarantined> {
        let damage = self.damage.take()?;
        self.next = self.behind.take().unwrap_or(Position {
            sequence: damage.next_sequence,
            segment: 0,
            offset: 0,
        });
        self.cursor = None;
        Some(damage)
    }

    /// Opens the segment of the next frame. `false` when the search ended in damage instead.
    fn find_next(&mut self) -> Result<bool, LogError> {
        let segments = list_segments(&*self.disk, &self.dir)?;
        if self.next.sequence == 0 {
            let end = self.durable.sequence();
            self.next.sequence = segments.first().map_or(end, |oldest| oldest.first_sequence);
            return Ok(false);
        }
        let wanted = self.next.sequence;
        let holder = segments
            .iter()
            .rev()
            .find(|segment| segment.first_sequence <= wanted);
        let Some(segment) = holder else {
            self.note_missing(&segments);
            return Ok(false);
        };
        let at_start = segment.first_sequence == wanted;
        // Known places come first: at the start of the segment may stand a broken frame of the same
        // number, which was named already.
        let known = self.next.segment == segment.first_sequence && self.next.offset > 0;
        let hint = if known {
            self.next.offset
        } else {
            SEGMENT_HEADER_BYTES as u64
        };
        if (known || at_start) && self.open_at(segment, hint)? {
            return Ok(true);
        }
        self.search(segment, &segments)
    }

    /// Opens `segment` at `offset` when the wanted frame's header is there.
    fn open_at(&mut self, segment: &Segment, offset: u64) -> Result<bool, LogError> {
        let (Some(header), _) = segment.read_header(&*self.disk)? else {
            return Ok(false);
        };
        let failed = |e| LogError::io("read", &segment.path, e);
        let mut file = self.disk.open_read(&segment.path).map_err(failed)?;
        file.seek(SeekFrom::Start(offset)).map_err(failed)?;
        let file = BufReader::with_capacity(READ_BUFFER_BYTES, file);
        let seed = header.seed();
        self.cursor = Some(Cursor {
            file,
            segment: segment.clone(),
            seed,
            offset,
        });
        let found = matches!(self.read_header()?, AtCursor::Frame(_));
        if found {
            self.rewind(offset)?;
        } else {
            self.cursor = None;
        }
        Ok(found)
    }

    fn rewind(&mut self, offset: u64) -> Result<(), LogError> {
        if let Some(cursor) = &mut self.cursor {
            cursor.offset = offset;
            cursor
                .file
                .seek(SeekFrom::Start(offset))
                .map_err(|e| LogError::io("read", &cursor.segment.path, e))?;
        }
        Ok(())
    }

    /// Looks through the whole segment for the wanted frame; what stands in its place is damage.
    fn search(&mut self, segment: &Segment, segments: &[Segment]) -> Result<bool, LogError> {
        let wanted = self.next.sequence;
        let (scan, content) = segment.read_and_scan(&*self.disk)?;
        if let Some(frame) = scan.frames.iter().find(|frame| frame.sequence == wanted) {
            return self.open_at(segment, frame.offset);
        }
        let region = missing_region(&scan, wanted, self.following(segments, wanted));
        let sealed = segments
            .iter()
            .any(|later| later.first_sequence > segment.first_sequence);
        let mut damage = quarantine_region(
            &*self.disk,
            &self.dir,
            &segment.path,
            &content,
            &region,
            scan.durable_before(),
        );
        damage.acknowledged |= sealed;
        self.damage = Some(damage);
        Ok(false)
    }

    /// The first number after `wanted` that another segment, or the future, holds.
    fn following(&self, segments: &[Segment], wanted: u64) -> u64 {
        let later = segments
            .iter()
            .map(|segment| segment.first_sequence)
            .find(|at| *at > wanted);
        later.unwrap_or_else(|| self.durable.sequence())
    }

    fn note_missing(&mut self, segments: &[Segment]) {
        self.damage = Some(Quarantined {
            file: self.dir.clone(),
            offset: 0,
            bytes: 0,
            reason: DamageReason::Missing,
            first_sequence: self.next.sequence,
            next_sequence: self.following(segments, self.next.sequence),
            acknowledged: true,
            kept_as: None,
        });
    }

    /// The bytes at the cursor are not the wanted frame: find out what they are.
    fn diagnose(&mut self) -> Result<(), LogError> {
        let Some(cursor) = self.cursor.take() else {
            return Ok(());
        };
        let segments = list_segments(&*self.disk, &self.dir)?;
        if self.search(&cursor.segment, &segments)? {
            let found = self.cursor.as_ref().map_or(0, |found| found.offset);
            if found == cursor.offset {
                self.note_undecodable();
            } else {
                self.note_between(&cursor, found)?;
            }
        }
        Ok(())
    }

    /// Bytes that are no frame stand before the wanted one, which is intact behind them.
    fn note_between(&mut self, cursor: &Cursor, frame_offset: u64) -> Result<(), LogError> {
        self.cursor = None;
        let (scan, content) = cursor.segment.read_and_scan(&*self.disk)?;
        let region = DamagedRegion {
            offset: cursor.offset,
            bytes: frame_offset.saturating_sub(cursor.offset),
            reason: DamageReason::Sequence,
            first_sequence: self.next.sequence,
            next_sequence: self.next.sequence,
        };
        self.behind = Some(Position {
            sequence: self.next.sequence,
            segment: cursor.segment.first_sequence,
            offset: frame_offset,
        });
        let named = scan.damaged.iter();
        let region = named
            .into_iter()
            .find(|named| named.offset == region.offset)
            .unwrap_or(&region);
        self.damage = Some(quarantine_region(
            &*self.disk,
            &self.dir,
            &cursor.segment.path,
            &content,
            region,
            scan.durable_before(),
        ));
        Ok(())
    }

    /// Checksums are right, yet the payload does not come out: a writer's fault, kept in place.
    fn note_undecodable(&mut self) {
        let Some(cursor) = self.cursor.take() else {
            return;
        };
        self.damage = Some(Quarantined {
            file: cursor.segment.path,
            offset: cursor.offset,
            bytes: 0,
            reason: DamageReason::Compression,
            first_sequence: self.next.sequence,
            next_sequence: self.next.sequence + 1,
            acknowledged: true,
            kept_as: None,
        });
    }

    fn read_header(&mut self) -> Result<AtCursor, LogError> {
        let wanted = self.next.sequence;
        let Some(cursor) = &mut self.cursor else {
            return Ok(AtCursor::EndOfSegment);
        };
        let mut head = [0; FRAME_HEADER_BYTES];
        let read = cursor.fill(&mut head)?;
        if read == 0 {
            return Ok(AtCursor::EndOfSegment);
        }
        Ok(match FrameHeader::decode(&head[..read], cursor.seed) {
            Some(header) if header.sequence == wanted => AtCursor::Frame(header),
            _ => AtCursor::Damage,
        })
    }

    /// Reads, verifies and decompresses the payload; `None` when any of it fails.
    fn take_frame(&mut self, header: &FrameHeader) -> Result<Option<Frame>, LogError> {
        let Some(cursor) = &mut self.cursor else {
            return Ok(None);
        };
        let stored_bytes = header.stored_bytes as usize;
        let raw_bytes = header.raw_bytes as usize;
        let bound = zstd::zstd_safe::compress_bound(PAYLOAD_MAX_BYTES);
        if raw_bytes > PAYLOAD_MAX_BYTES || stored_bytes > bound {
            return Ok(None);
        }
        self.stored.resize(stored_bytes, 0);
        let whole = cursor.fill(&mut self.stored)? == stored_bytes;
        if !whole || !header.payload_intact(&self.stored, cursor.seed) {
            return Ok(None);
        }
        let payload = if header.flags & FLAG_ZSTD == 0 {
            Some(self.stored.clone())
        } else {
            self.decompressor.decompress(&self.stored, raw_bytes).ok()
        };
        let Some(payload) = payload.filter(|payload| payload.len() == raw_bytes) else {
            return Ok(None);
        };
        let segment = cursor.segment.first_sequence;
        let end = cursor.offset + (FRAME_HEADER_BYTES + stored_bytes) as u64;
        let position = Position {
            sequence: header.sequence,
            segment,
            offset: cursor.offset,
        };
        cursor.offset = end;
        self.next = Position {
            sequence: header.sequence + 1,
            segment,
            offset: end,
        };
        Ok(Some(Frame {
            position,
            next: self.next,
            records: header.records,
            appended_at_us: header.appended_at_us,
            payload,
        }))
    }
}

impl Cursor {
    /// Reads until `buffer` is full or the file ends; returns how much was read.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, LogError> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.file.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(LogError::io("read", &self.segment.path, error)),
            }
        }
        Ok(filled)
    }
}

/// The damage that stands where frame `wanted` should be.
fn missing_region(scan: &Scan, wanted: u64, following: u64) -> DamagedRegion {
    let found = scan
        .damaged
        .iter()
        .find(|region| region.first_sequence <= wanted && wanted < region.next_sequence);
    if let Some(region) = found {
        return DamagedRegion {
            first_sequence: wanted,
            ..*region
        };
    }
    let (offset, bytes, reason) = match &scan.tail {
        Some(tail) => (tail.offset, tail.bytes, tail.reason),
        None => (scan.intact_end, 0, DamageReason::Missing),
    };
    let next_sequence = following.max(wanted);
    DamagedRegion {
        offset,
        bytes,
        reason,
        first_sequence: wanted,
        next_sequence,
    }
}
