//! The intake log under damage: a segment written by the book, cut, flipped, torn and shuffled.
//!
//! Oracles: the segment is written and read by [`crate::segment`], which knows the page that
//! describes the format and nothing of the code; and whatever was damaged, what the log names as
//! frames and as damage must cover the file without a gap.

use std::collections::HashMap;
use std::path::Path;

use bus::{DamageReason, LogError, LogOptions, Position, Reader, Recovery, Scan, SegmentLog};

use crate::bytes::Bytes;
use crate::segment::{HEAD_BYTES, Head, Intact, Planned, Stored, head_of, intact_frames};

const FRAMES_MAX: u8 = 12;
const EDITS_MAX: u8 = 8;
const PAYLOAD_MAX_BYTES: usize = 300;
/// What is appended after the repair.
const NEW: &[u8] = b"a batch that came after the damage";

/// Payloads by the bytes of the frame that carries them; `None` where none comes out.
type Payloads = HashMap<Vec<u8>, Option<Vec<u8>>>;

/// Builds a segment, damages it, and holds the log to the book.
pub fn check(data: &[u8]) {
    let mut data = Bytes(data);
    let (head, frames) = plan(&mut data);
    let mut segment = head.encode();
    let mut payloads = Payloads::new();
    for frame in &frames {
        let bytes = frame.encode(head.salt);
        let payload = (frame.stored != Stored::Broken).then(|| frame.payload.clone());
        payloads.insert(bytes.clone(), payload);
        segment.extend(bytes);
    }
    damage(&mut segment, &mut data);
    let scan = bus::recover_bytes(&segment);
    let intact = intact_frames(&segment);
    same_frames(&scan, &intact);
    no_gap(&scan, &segment);
    repaired(&head, &segment, &scan, &intact, &payloads);
}

fn plan(data: &mut Bytes) -> (Head, Vec<Planned>) {
    let head = Head {
        first_sequence: 1 + data.number(2),
        previous: 0,
        created_at_us: data.number(4).cast_signed(),
        salt: data.number(8),
    };
    let count = data.byte() % (FRAMES_MAX + 1);
    let mut sequence = head.first_sequence;
    let frames = (0..count).map(|_| {
        let shape = data.byte();
        let length = usize::from(data.byte()) * usize::from(shape >> 6);
        let fill = data.take(length.min(PAYLOAD_MAX_BYTES));
        let planned = Planned {
            sequence,
            records: u32::from(shape),
            appended_at_us: head.created_at_us + i64::from(shape),
            durable_before: sequence.saturating_sub(u64::from(shape & 3)),
            payload: fill.to_vec(),
            stored: match shape >> 2 & 7 {
                0..=2 => Stored::Plain,
                3..=6 => Stored::Packed,
                _ => Stored::Broken,
            },
        };
        // Now and then a number is left out, as after a lost frame.
        sequence += 1 + u64::from(shape >> 5 & 1);
        planned
    });
    let frames = frames.collect();
    (head, frames)
}

/// What a disk, a power cut or a careless hand does to a file.
fn damage(segment: &mut Vec<u8>, data: &mut Bytes) {
    for _ in 0..data.byte() % (EDITS_MAX + 1) {
        let kind = data.byte();
        let length = segment.len();
        if length == 0 {
            return;
        }
        let place = |wanted: u64| usize::try_from(wanted).unwrap_or(0) % length;
        let at = place(data.number(2));
        let until = (at + 1 + usize::from(data.byte())).min(length);
        match kind % 7 {
            0 => segment[at] ^= 1 << (kind >> 5),
            1 => segment.truncate(at),
            2 => segment[at..until].fill(0),
            3 => drop(segment.drain(at..until)),
            4 => {
                let copied = segment[at..until].to_vec();
                let to = place(data.number(2));
                segment.splice(to..to, copied);
            }
            5 => segment.extend_from_within(at..until),
            _ => {
                let noise = data.take(until - at).to_vec();
                let until = at + noise.len();
                segment[at..until].copy_from_slice(&noise);
            }
        }
    }
}

fn same_frames(scan: &Scan, intact: &[Intact]) {
    let found: Vec<Intact> = scan
        .frames
        .iter()
        .map(|frame| Intact {
            offset: usize::try_from(frame.offset).expect("small"),
            bytes: usize::try_from(frame.bytes).expect("small"),
            sequence: frame.sequence,
        })
        .collect();
    assert_eq!(found, intact, "frames found, and frames by the book");
}

/// Frames, damage and tail cover the file from the head to the end, one after the other.
fn no_gap(scan: &Scan, segment: &[u8]) {
    if head_of(segment).is_none() {
        let tail = scan.tail.expect("an unreadable segment is all tail");
        assert_eq!((tail.offset, tail.bytes), (0, segment.len() as u64));
        return;
    }
    let frames = scan.frames.iter().map(|frame| (frame.offset, frame.bytes));
    let damage = scan.damaged.iter().chain(&scan.tail);
    let damage = damage
        .filter(|region| region.reason != DamageReason::HeaderCopy)
        .map(|region| (region.offset, region.bytes));
    let mut pieces: Vec<(u64, u64)> = frames.chain(damage).collect();
    pieces.sort_unstable();
    let mut end = HEAD_BYTES.min(segment.len()) as u64;
    for (offset, bytes) in pieces {
        assert_eq!(offset, end, "a gap or an overlap: {scan:?}");
        end += bytes;
    }
    assert_eq!(
        end,
        segment.len() as u64,
        "the end is not covered: {scan:?}"
    );
}

/// Starts the real log on the damaged file, reads it, appends to it and starts it again.
fn repaired(head: &Head, segment: &[u8], scan: &Scan, intact: &[Intact], payloads: &Payloads) {
    let folder = folder();
    let name = format!("{:020}.log", head.first_sequence);
    std::fs::write(folder.path().join(name), segment).expect("written");
    let (mut log, recovery) = open(folder.path());
    named(&recovery, segment, scan);
    let planned =
        |frame: &Intact| payloads.contains_key(&segment[frame.offset..frame.offset + frame.bytes]);
    if !intact.iter().all(planned) {
        // libFuzzer saw the checksums being compared and forged one; what such a frame carries
        // nobody knows.
        return;
    }
    let mut wanted: Vec<(u64, Vec<u8>)> = intact
        .iter()
        .filter_map(|frame| {
            let bytes = &segment[frame.offset..frame.offset + frame.bytes];
            let payload = payloads.get(bytes).expect("no frame was made up");
            Some((frame.sequence, payload.clone()?))
        })
        .collect();
    assert_eq!(read(log.reader(Position::OLDEST)), wanted);

    let sequence = log.next().sequence;
    assert!(
        intact.iter().all(|frame| frame.sequence < sequence),
        "number {sequence} is given twice"
    );
    log.append(NEW, 1, 2_000_000_000_000_000).expect("appended");
    log.sync().expect("synced");
    drop(log);
    wanted.push((sequence, NEW.to_vec()));
    let (log, again) = open(folder.path());
    assert_eq!(again.torn_bytes_cut, 0, "what was repaired is torn again");
    assert_eq!(read(log.reader(Position::OLDEST)), wanted);
    drop(log);
    assert_eq!(read(Reader::open(folder.path(), Position::OLDEST)), wanted);
}

/// Everything that is no frame is reported, and what a person could still want is kept.
fn named(recovery: &Recovery, segment: &[u8], scan: &Scan) {
    for region in &recovery.quarantined {
        let start = usize::try_from(region.offset).expect("small");
        let bytes = usize::try_from(region.bytes).expect("small");
        if bytes > 0 {
            let kept = region.kept_as.as_ref().expect("a copy was kept");
            let kept = std::fs::read(kept).expect("the copy");
            assert_eq!(kept, segment[start..start + bytes], "{region}");
        }
    }
    let set_aside = segment.len() <= HEAD_BYTES || head_of(segment).is_none();
    if !set_aside {
        assert_eq!(recovery.quarantined.len(), scan.damaged.len());
    }
    if let Some(tail) = scan.tail.filter(|_| !set_aside) {
        assert_eq!(recovery.torn_bytes_cut, tail.bytes);
        assert_eq!(recovery.torn_kept_as.is_some(), scan.tail_is_whole_frame);
        if let Some(kept) = &recovery.torn_kept_as {
            let start = usize::try_from(tail.offset).expect("small");
            assert_eq!(std::fs::read(kept).expect("the copy"), segment[start..]);
        }
    }
}

fn open(folder: &Path) -> (SegmentLog, Recovery) {
    SegmentLog::open(folder, LogOptions::default()).expect("a damaged log opens")
}

/// All frames, over all damage that is named on the way.
fn read(reader: Result<Reader, LogError>) -> Vec<(u64, Vec<u8>)> {
    let mut reader = reader.expect("a reader");
    let (mut frames, mut named) = (Vec::new(), 0);
    loop {
        // Each edit tears a few places open; a reader that names more of them goes round.
        assert!(named < 1_000, "the reader goes round");
        match reader.next() {
            Ok(Some(frame)) => frames.push((frame.position.sequence, frame.payload)),
            Ok(None) => return frames,
            Err(LogError::Damaged(region)) => {
                let skipped = reader.skip_quarantined().expect("named before skipped");
                assert_eq!(*region, skipped);
                named += 1;
            }
            Err(error) => panic!("the log cannot be read: {error}"),
        }
    }
}

/// In memory where the system has such a place: a disk would be worn out.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    made.expect("a folder")
}
