//! The writer: append, make durable, seal, forget what is old.

use std::any::Any;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::LogError;
use crate::disk::{AppendFile, Disk, LockError, RealDisk};
use crate::encoder::{FrameEncoder, FrameLabel};
use crate::format::{FRAME_HEADER_BYTES, SEGMENT_HEADER_BYTES, SegmentHeader, VERSION};
use crate::limits::{SEGMENT_DEFAULT_BYTES, SEGMENT_MAX_BYTES, WRITE_BUFFER_BYTES};
use crate::position::{DurableEnd, Position};
use crate::reader::Reader;
use crate::recovery::{KnownSegment, Recovered, Recovery, recover};
use crate::segment::{Segment, segment_path};

const LOCK_FILE: &str = "lock";

/// Whether [`SegmentLog::sync`] waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// `sync` returns when the disk has confirmed the bytes.
    Fsync,
    /// **Unsafe for real use**: `sync` only hands the bytes to the operating system, and a power
    /// cut loses frames that were acknowledged. It exists for the control experiment that shows
    /// that the power-cut test finds such loss.
    None,
}

/// How a log is written.
#[derive(Debug, Clone, Copy)]
pub struct LogOptions {
    /// Size in bytes at which a segment is sealed; 1 to [`SEGMENT_MAX_BYTES`].
    pub segment_bytes: u64,
    /// Whether acknowledged means durable.
    pub durability: Durability,
}

impl Default for LogOptions {
    fn default() -> LogOptions {
        LogOptions {
            segment_bytes: SEGMENT_DEFAULT_BYTES,
            durability: Durability::Fsync,
        }
    }
}

/// The log, open for appending by this process alone.
pub struct SegmentLog {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    options: LogOptions,
    segments: Vec<KnownSegment>,
    active: Option<ActiveSegment>,
    next_sequence: u64,
    newest_us: i64,
    durable: DurableEnd,
    encoder: FrameEncoder,
    poisoned: Option<String>,
    _lock: Box<dyn Any + Send>,
}

/// The segment that takes the next frame.
struct ActiveSegment {
    file: Box<dyn AppendFile>,
    path: PathBuf,
    first_sequence: u64,
    seed: u32,
    /// Bytes on disk and waiting.
    bytes: u64,
    /// Bytes known to be durable.
    synced_bytes: u64,
    waiting: Vec<u8>,
}

impl SegmentLog {
    /// Opens the log in `dir`, creates it when there is none, and repairs its end.
    pub fn open(dir: &Path, options: LogOptions) -> Result<(SegmentLog, Recovery), LogError> {
        SegmentLog::open_on(Arc::new(RealDisk), dir, options)
    }

    pub(crate) fn open_on(
        disk: Arc<dyn Disk>,
        dir: &Path,
        options: LogOptions,
    ) -> Result<(SegmentLog, Recovery), LogError> {
        if !(1..=SEGMENT_MAX_BYTES).contains(&options.segment_bytes) {
            return Err(LogError::SegmentSize {
                bytes: options.segment_bytes,
                limit_bytes: SEGMENT_MAX_BYTES,
            });
        }
        disk.create_folder(dir)
            .map_err(|e| LogError::io("create", dir, e))?;
        let lock_path = dir.join(LOCK_FILE);
        let lock = disk.lock(&lock_path).map_err(|error| match error {
            LockError::Held(holder) => LogError::InUse {
                path: lock_path.clone(),
                holder,
            },
            LockError::Io(error) => LogError::io("lock", &lock_path, error),
        })?;
        let recovered = recover(&*disk, dir, options.durability == Durability::Fsync)?;
        let report = recovered.report.clone();
        let active = reopen_last(&*disk, &recovered)?;
        let log = SegmentLog {
            disk,
            dir: dir.to_path_buf(),
            options,
            active,
            segments: recovered.segments,
            next_sequence: report.next.sequence,
            newest_us: recovered.newest_us,
            durable: DurableEnd::at(report.next.sequence),
            encoder: FrameEncoder::new().map_err(|e| LogError::io("compress for", dir, e))?,
            poisoned: None,
            _lock: lock,
        };
        Ok((log, report))
    }

    /// Adds one frame of `records` records, appended at `now_us` (microseconds since 1970, UTC).
    /// It is **not durable** until [`SegmentLog::sync`] returns; several frames may share one sync.
    pub fn append(
        &mut self,
        payload: &[u8],
        records: u32,
        now_us: i64,
    ) -> Result<Position, LogError> {
        self.refuse_when_poisoned()?;
        let stored = self.encoder.compress(payload)?;
        let frame_bytes = FRAME_HEADER_BYTES as u64 + u64::from(stored.stored_bytes());
        self.make_room(frame_bytes, now_us)?;
        let sequence = self.next_sequence;
        let durable_before = self.durable.sequence();
        let Some(active) = &mut self.active else {
            return Err(LogError::Poisoned {
                first: "no segment is open".to_owned(),
            });
        };
        let position = Position {
            sequence,
            segment: active.first_sequence,
            offset: active.bytes,
        };
        let label = FrameLabel {
            records,
            sequence,
            appended_at_us: now_us,
            durable_before,
            seed: active.seed,
        };
        self.encoder.write(&stored, &label, &mut active.waiting);
        active.bytes += frame_bytes;
        self.next_sequence += 1;
        self.newest_us = self.newest_us.max(now_us);
        if active.waiting.len() >= WRITE_BUFFER_BYTES {
            let written = active.hand_over();
            self.stop_on_error(written)?;
        }
        Ok(position)
    }

    /// Makes every appended frame durable. After an error nothing appended since the last
    /// successful call may be acknowledged, and the log answers [`LogError::Poisoned`] from then on.
    pub fn sync(&mut self) -> Result<(), LogError> {
        self.refuse_when_poisoned()?;
        let wait_for_disk = self.options.durability == Durability::Fsync;
        if let Some(active) = &mut self.active {
            let result = active
                .hand_over()
                .and_then(|()| active.confirm(wait_for_disk));
            self.stop_on_error(result)?;
        }
        self.durable.advance(self.next_sequence);
        Ok(())
    }

    /// Where the next frame goes.
    pub fn next(&self) -> Position {
        let sequence = self.next_sequence;
        match &self.active {
            Some(active) => Position {
                sequence,
                segment: active.first_sequence,
                offset: active.bytes,
            },
            None => Position {
                sequence,
                segment: sequence,
                offset: SEGMENT_HEADER_BYTES as u64,
            },
        }
    }

    /// A handle on how far the log is durable; cheap to clone, to be given to readers.
    pub fn durable(&self) -> DurableEnd {
        self.durable.clone()
    }

    /// A reader from `from` on that follows this writer and never sees what is not durable.
    pub fn reader(&self, from: Position) -> Result<Reader, LogError> {
        Reader::open_on(self.disk.clone(), &self.dir, from, self.durable.clone())
    }

    /// Bytes of all segments, including those waiting to be written.
    pub fn bytes(&self) -> u64 {
        let sealed: u64 = self.sealed().iter().map(|known| known.segment.bytes).sum();
        sealed + self.active.as_ref().map_or(0, |active| active.bytes)
    }

    /// Removes sealed segments, oldest first, whose newest frame is older than `older_than_us` or
    /// while the log is larger than `max_bytes`; never one that holds `keep_from` or a later frame.
    /// Returns the removed files.
    pub fn expire(
        &mut self,
        older_than_us: i64,
        max_bytes: u64,
        keep_from: Position,
    ) -> Result<Vec<PathBuf>, LogError> {
        self.refuse_when_poisoned()?;
        let mut removed = Vec::new();
        while let [oldest, next, ..] = self.segments.as_slice() {
            let unread = next.segment.first_sequence > keep_from.sequence;
            let old = next
                .created_at_us
                .is_some_and(|sealed_us| sealed_us < older_than_us);
            if unread || !(old || self.bytes() > max_bytes) {
                break;
            }
            let path = oldest.segment.path.clone();
            self.disk
                .remove(&path)
                .map_err(|e| LogError::io("remove", &path, e))?;
            self.segments.remove(0);
            // One by one, so that a power cut leaves no hole in the middle.
            self.disk
                .sync_folder(&self.dir)
                .map_err(|e| LogError::io("sync", &self.dir, e))?;
            removed.push(path);
        }
        Ok(removed)
    }

    fn sealed(&self) -> &[KnownSegment] {
        let active = usize::from(self.active.is_some());
        &self.segments[..self.segments.len().saturating_sub(active)]
    }

    /// Seals the active segment when the frame does not fit, and begins one when there is none.
    fn make_room(&mut self, frame_bytes: u64, now_us: i64) -> Result<(), LogError> {
        if let Some(active) = &self.active {
            let has_frames = active.bytes > SEGMENT_HEADER_BYTES as u64;
            if !has_frames || active.bytes + frame_bytes <= self.options.segment_bytes {
                return Ok(());
            }
            self.sync()?;
            if let (Some(active), Some(known)) = (self.active.take(), self.segments.last_mut()) {
                known.segment.bytes = active.bytes;
            }
        }
        let begun = self.begin_segment(now_us);
        self.stop_on_error(begun)
    }

    /// Creates a segment and makes its header and name durable before any frame goes into it.
    fn begin_segment(&mut self, now_us: i64) -> Result<(), LogError> {
        let first_sequence = self.next_sequence;
        let path = segment_path(&self.dir, first_sequence);
        let header = SegmentHeader {
            version: VERSION,
            first_sequence,
            previous_segment: self.segments.last().map_or(0, |k| k.segment.first_sequence),
            created_at_us: now_us.max(self.newest_us),
            salt: RandomState::new().build_hasher().finish(),
        };
        let file = self
            .disk
            .create_new(&path)
            .map_err(|e| LogError::io("create", &path, e))?;
        let mut active = ActiveSegment {
            file,
            path: path.clone(),
            first_sequence,
            seed: header.seed(),
            bytes: SEGMENT_HEADER_BYTES as u64,
            synced_bytes: 0,
            waiting: header.encode().to_vec(),
        };
        active.hand_over()?;
        if self.options.durability == Durability::Fsync {
            active.confirm(true)?;
            self.disk
                .sync_folder(&self.dir)
                .map_err(|e| LogError::io("sync", &self.dir, e))?;
        }
        self.segments.push(KnownSegment {
            segment: Segment {
                first_sequence,
                path,
                bytes: SEGMENT_HEADER_BYTES as u64,
            },
            created_at_us: Some(header.created_at_us),
        });
        self.active = Some(active);
        Ok(())
    }

    fn refuse_when_poisoned(&self) -> Result<(), LogError> {
        match &self.poisoned {
            Some(first) => Err(LogError::Poisoned {
                first: first.clone(),
            }),
            None => Ok(()),
        }
    }

    /// After a failed write or sync the kernel may have dropped the bytes and call the pages clean,
    /// so trying again proves nothing. Stop, and take what was not confirmed off the end, so that
    /// a reopened log does not mistake it for durable.
    fn stop_on_error(&mut self, result: Result<(), LogError>) -> Result<(), LogError> {
        if let Err(error) = &result {
            self.poisoned = Some(error.to_string());
            if let Some(active) = &mut self.active {
                // Best effort: start-up verifies the end of the log in any case.
                let _ = active.file.set_len(active.synced_bytes);
            }
        }
        result
    }
}

impl ActiveSegment {
    /// Gives the waiting bytes to the operating system.
    fn hand_over(&mut self) -> Result<(), LogError> {
        if !self.waiting.is_empty() {
            let written = self.file.append(&self.waiting);
            written.map_err(|e| LogError::io("write", &self.path, e))?;
            self.waiting.clear();
        }
        Ok(())
    }

    fn confirm(&mut self, wait_for_disk: bool) -> Result<(), LogError> {
        if wait_for_disk && self.synced_bytes < self.bytes {
            self.file
                .sync()
                .map_err(|e| LogError::io("sync", &self.path, e))?;
        }
        self.synced_bytes = self.bytes;
        Ok(())
    }
}

fn reopen_last(disk: &dyn Disk, recovered: &Recovered) -> Result<Option<ActiveSegment>, LogError> {
    let (Some(last), Some(seed)) = (recovered.segments.last(), recovered.append_seed) else {
        return Ok(None);
    };
    let Segment {
        first_sequence,
        path,
        bytes,
    } = last.segment.clone();
    let file = disk
        .open_append(&path)
        .map_err(|e| LogError::io("open", &path, e))?;
    let waiting = Vec::new();
    Ok(Some(ActiveSegment {
        file,
        path,
        first_sequence,
        seed,
        bytes,
        synced_bytes: bytes,
        waiting,
    }))
}
