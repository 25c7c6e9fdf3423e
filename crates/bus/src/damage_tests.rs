//! Every kind of rot is found, named, and never read as data.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;

use crate::format::{FLAG_ZSTD, FrameHeader, SegmentHeader, payload_crc};
use crate::limits::PAYLOAD_MAX_BYTES;
use crate::simulated_disk::SimulatedDisk;
use crate::{
    DamageReason, Durability, LogError, LogOptions, Position, Quarantined, SegmentLog,
    recover_bytes,
};

const DIR: &str = "/log";
const OPTIONS: LogOptions = LogOptions {
    segment_bytes: 600,
    durability: Durability::Fsync,
};

fn payload(number: u64) -> Vec<u8> {
    format!("batch {number}: ")
        .repeat(usize::try_from(number % 7).unwrap() + 1)
        .into_bytes()
}

fn open(disk: &SimulatedDisk) -> (SegmentLog, crate::Recovery) {
    SegmentLog::open_on(Arc::new(disk.clone()), Path::new(DIR), OPTIONS).unwrap()
}

/// A log of frames 1 to `frames`, each synced.
fn written(frames: u64) -> SimulatedDisk {
    let disk = SimulatedDisk::new(7);
    let (mut log, _) = open(&disk);
    for number in 1..=frames {
        log.append(&payload(number), 1, number.cast_signed())
            .unwrap();
        log.sync().unwrap();
    }
    disk
}

fn segments(disk: &SimulatedDisk) -> Vec<PathBuf> {
    let direct = |path: &PathBuf| path.parent() == Some(Path::new(DIR));
    disk.files().into_iter().filter(direct).collect()
}

/// Reads all; asserts that what is read is what was written; returns numbers and damage.
fn read_all(disk: &SimulatedDisk, log: &SegmentLog) -> (Vec<u64>, Vec<Quarantined>) {
    let mut reader = log.reader(Position::OLDEST).unwrap();
    let (mut numbers, mut damage) = (Vec::new(), Vec::new());
    loop {
        match reader.next() {
            Ok(None) => return (numbers, damage),
            Ok(Some(frame)) => {
                let number = frame.position.sequence;
                assert_eq!(frame.payload, payload(number), "wrong data returned");
                numbers.push(number);
            }
            Err(LogError::Damaged(found)) => {
                assert!(reader.next().is_err(), "damage must not be skipped unasked");
                assert_eq!(reader.skip_quarantined().as_ref(), Some(&*found));
                if let Some(copy) = &found.kept_as {
                    assert_eq!(disk.content(copy).len() as u64, found.bytes);
                }
                damage.push(*found);
                assert!(damage.len() < 100, "the reader goes round: {damage:?}");
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// Frames 1 and 2 of the log's first segment, as they lie in the file.
fn first_two(content: &[u8]) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let found = recover_bytes(content).frames;
    let range = |index: usize| {
        let start = usize::try_from(found[index].offset).unwrap();
        start..start + usize::try_from(found[index].bytes).unwrap()
    };
    (range(0), range(1))
}

#[test]
fn bytes_between_two_frames_are_named_and_cost_no_frame() {
    let frames = 12;
    let path = segments(&written(frames)).remove(0);
    let original = written(frames).content(&path);
    let (first, second) = first_two(&original);
    let repeated = original[first].to_vec();
    for junk in [vec![0x5a; 7], vec![0; 200], repeated] {
        let disk = written(frames);
        let mut content = original.clone();
        content.splice(second.start..second.start, junk.iter().copied());
        disk.set_content(&path, &content);
        let (log, _) = open(&disk);
        let (numbers, damage) = read_all(&disk, &log);
        assert_eq!(numbers, (1..=frames).collect::<Vec<_>>());
        assert_eq!(damage.len(), 1, "{damage:?}");
        assert_eq!(damage[0].offset, second.start as u64);
        assert_eq!(damage[0].bytes, junk.len() as u64);
        assert_eq!(damage[0].first_sequence, damage[0].next_sequence);
    }
}

#[test]
fn a_broken_frame_with_an_intact_copy_behind_it_is_named_once() {
    let frames = 12;
    let path = segments(&written(frames)).remove(0);
    let original = written(frames).content(&path);
    let (first, second) = first_two(&original);
    for broken in [first, second] {
        let disk = written(frames);
        let mut content = original.clone();
        content.splice(broken.end..broken.end, original[broken.clone()].to_vec());
        // The last byte of the payload: the frame's header stays what it was.
        content[broken.end - 1] ^= 0xff;
        disk.set_content(&path, &content);
        let (log, _) = open(&disk);
        let (numbers, damage) = read_all(&disk, &log);
        assert_eq!(numbers, (1..=frames).collect::<Vec<_>>());
        assert_eq!(damage.len(), 1, "{damage:?}");
        assert_eq!(damage[0].offset, broken.start as u64);
        assert_eq!(damage[0].bytes, broken.len() as u64);
    }
}

#[test]
fn every_flipped_byte_is_detected_and_costs_at_most_its_frame() {
    let frames = 12;
    for path in segments(&written(frames)) {
        let length = written(frames).content(&path).len();
        for (at, mask) in (0..length).flat_map(|at| [(at, 0x01), (at, 0x80), (at, 0xff)]) {
            let disk = written(frames);
            let mut content = disk.content(&path);
            content[at] ^= mask;
            disk.set_content(&path, &content);
            let (log, recovery) = open(&disk);
            let (numbers, damage) = read_all(&disk, &log);
            let found = recovery.torn_bytes_cut > 0
                || !recovery.quarantined.is_empty()
                || !damage.is_empty();
            assert!(
                found,
                "flip {mask:#x} at {at} of {} went unseen",
                path.display()
            );
            let missing = (1..=frames)
                .filter(|number| !numbers.contains(number))
                .count();
            assert!(
                missing <= 1,
                "flip {mask:#x} at {at} of {} cost {missing}",
                path.display()
            );
            let kept = recovery
                .torn_kept_as
                .map(|copy| disk.content(&copy).len() as u64);
            assert_eq!(
                kept.unwrap_or(0),
                recovery.torn_bytes_cut,
                "a whole frame was cut unkept"
            );
        }
    }
}

#[test]
fn damage_in_the_middle_is_named_kept_and_survived() {
    let disk = written(12);
    let path = segments(&disk).pop().unwrap();
    let mut content = disk.content(&path);
    let victim = recover_bytes(&content).frames[0];
    let at = usize::try_from(victim.offset).unwrap() + 60;
    content[at] ^= 1;
    disk.set_content(&path, &content);

    let (mut log, recovery) = open(&disk);
    let [named] = recovery.quarantined.as_slice() else {
        panic!("{recovery:?}")
    };
    assert_eq!(
        (&named.file, named.offset, named.bytes),
        (&path, victim.offset, victim.bytes)
    );
    assert_eq!(named.reason, DamageReason::Payload);
    assert!(
        named.acknowledged,
        "later frames testify that it was durable"
    );
    let (start, end) = (named.offset, named.offset + named.bytes);
    let range = usize::try_from(start).unwrap()..usize::try_from(end).unwrap();
    assert_eq!(
        disk.content(named.kept_as.as_ref().unwrap()),
        content[range]
    );

    log.append(&payload(13), 1, 13).unwrap();
    log.sync().unwrap();
    let (numbers, damage) = read_all(&disk, &log);
    let expected: Vec<u64> = (1..=13)
        .filter(|number| *number != victim.sequence)
        .collect();
    assert_eq!((numbers, damage), (expected, vec![named.clone()]));
}

#[test]
fn a_missing_segment_is_named_by_start_up_and_by_the_reader() {
    let disk = written(30);
    let paths = segments(&disk);
    assert!(paths.len() >= 4, "the test needs several segments");
    crate::disk::Disk::remove(&disk, &paths[1]).unwrap();
    let (log, recovery) = open(&disk);
    let first: u64 = paths[1]
        .file_stem()
        .unwrap()
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let next: u64 = paths[2]
        .file_stem()
        .unwrap()
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let span = |q: &Quarantined| (q.reason, q.first_sequence, q.next_sequence);
    let missing = (DamageReason::Missing, first, next);
    assert_eq!(
        recovery.quarantined.iter().map(span).collect::<Vec<_>>(),
        [missing]
    );
    let (numbers, damage) = read_all(&disk, &log);
    assert_eq!(damage.iter().map(span).collect::<Vec<_>>(), [missing]);
    assert_eq!(numbers.len() as u64, 30 - (next - first));
}

/// The last frame of a sealed segment has no later frame beside it; the next segment testifies.
#[test]
fn damage_at_the_end_of_a_sealed_segment_was_acknowledged() {
    let disk = written(12);
    let path = segments(&disk).remove(0);
    let mut content = disk.content(&path);
    let last = *recover_bytes(&content).frames.last().unwrap();
    *content.last_mut().unwrap() ^= 1;
    disk.set_content(&path, &content);
    let (log, recovery) = open(&disk);
    assert!(
        recovery.quarantined.is_empty(),
        "sealed segments are verified by the reader"
    );
    let (numbers, damage) = read_all(&disk, &log);
    let [named] = damage.as_slice() else {
        panic!("{damage:?}")
    };
    assert_eq!(
        (&named.file, named.offset, named.bytes),
        (&path, last.offset, last.bytes)
    );
    assert!(named.acknowledged && !numbers.contains(&last.sequence) && numbers.len() == 11);
}

/// A frame with right checksums and wrong claims: a faulty writer, or a forger who knows the salt.
fn crafted(raw_bytes: u32, stored: &[u8]) -> SimulatedDisk {
    let head = SegmentHeader {
        version: 1,
        first_sequence: 1,
        previous_segment: 0,
        created_at_us: 0,
        salt: 5,
    };
    let frame = FrameHeader {
        flags: FLAG_ZSTD,
        records: 1,
        sequence: 1,
        appended_at_us: 0,
        durable_before: 1,
        stored_bytes: u32::try_from(stored.len()).unwrap(),
        raw_bytes,
        payload_crc: payload_crc(stored, head.seed()),
    };
    let second = FrameHeader {
        sequence: 2,
        ..frame
    };
    let seed = head.seed();
    let content = [
        &head.encode(),
        frame.encode(seed).as_slice(),
        stored,
        &second.encode(seed),
        stored,
    ]
    .concat();
    let disk = written(1);
    disk.set_content(&segments(&disk)[0], &content);
    disk
}

#[test]
fn a_payload_that_claims_or_unpacks_to_more_than_it_should_is_refused() {
    let bomb = zstd::bulk::compress(&vec![0; 1 << 20], 1).unwrap();
    let reason = |raw_bytes| {
        let (log, _) = open(&crafted(raw_bytes, &bomb));
        match log.reader(Position::OLDEST).unwrap().next() {
            Err(LogError::Damaged(damage)) => Some(damage.reason),
            _ => None,
        }
    };
    assert_eq!(reason(1 << 20), None);
    assert_eq!(reason(1000), Some(DamageReason::Compression));
    assert_eq!(reason((1 << 20) + 1), Some(DamageReason::Compression));
}

#[test]
fn a_frame_that_claims_more_than_the_limit_is_no_frame() {
    let disk = crafted(u32::MAX, b"small");
    let scan = recover_bytes(&disk.content(&segments(&disk)[0]));
    assert!(scan.frames.is_empty() && scan.tail.is_some(), "{scan:?}");
}

/// Retention may leave nothing but a segment that was just begun: its number must not be lost.
#[test]
fn frame_numbers_go_on_after_everything_before_has_expired() {
    let disk = written(12);
    let paths = segments(&disk);
    let header_only = disk.content(&paths[1])[..96].to_vec();
    disk.set_content(&paths[1], &header_only);
    for path in paths.iter().filter(|path| **path != paths[1]) {
        crate::disk::Disk::remove(&disk, path).unwrap();
    }
    let first = open(&disk).1.next.sequence;
    assert!(first > 1);
    assert_eq!(open(&disk).1.next.sequence, first);
    assert_eq!(segments(&disk), [paths[1].clone()]);
}

#[test]
fn a_position_survives_a_checkpoint() {
    let position = Position {
        sequence: 1 << 40,
        segment: 7,
        offset: u64::MAX,
    };
    let back = Position::from_bytes(position.to_bytes());
    assert_eq!(format!("{back:?}"), format!("{position:?}"));
}

#[test]
fn a_frame_header_counts_only_in_its_own_segment() {
    let header = FrameHeader {
        flags: 0,
        records: 1,
        sequence: 2,
        appended_at_us: 3,
        durable_before: 4,
        stored_bytes: 5,
        raw_bytes: 6,
        payload_crc: 7,
    };
    assert_eq!(FrameHeader::decode(&header.encode(8), 8), Some(header));
    assert_eq!(FrameHeader::decode(&header.encode(8), 9), None);
}

#[test]
fn a_reader_ahead_of_the_log_is_told_so() {
    let disk = written(5);
    let (log, _) = open(&disk);
    let ahead = Position {
        sequence: 7,
        segment: 1,
        offset: 0,
    };
    let refused = log.reader(ahead).err().unwrap();
    assert!(
        matches!(
            refused,
            LogError::BeyondEnd {
                wanted: 7,
                end: 6,
                ..
            }
        ),
        "{refused}"
    );
}

#[test]
fn a_frame_planted_in_a_payload_is_never_taken_for_one() {
    let donor = written(1);
    let foreign = donor.content(&segments(&donor)[0])[96..].to_vec();
    let disk = SimulatedDisk::new(1);
    let options = LogOptions {
        segment_bytes: 1 << 20,
        durability: Durability::Fsync,
    };
    let (mut log, _) =
        SegmentLog::open_on(Arc::new(disk.clone()), Path::new(DIR), options).unwrap();
    let noise: Vec<u8> = (0..200_u32)
        .flat_map(|n| n.wrapping_mul(0x9e37_79b9).to_le_bytes())
        .collect();
    log.append(&[noise.as_slice(), foreign.as_slice()].concat(), 1, 1)
        .unwrap();
    log.append(b"second", 1, 2).unwrap();
    log.sync().unwrap();
    drop(log);
    let path = segments(&disk).remove(0);
    let mut content = disk.content(&path);
    content[96 + 56 + 3] ^= 1;
    disk.set_content(&path, &content);
    let scan = recover_bytes(&content);
    assert_eq!(
        scan.frames.iter().map(|f| f.sequence).collect::<Vec<_>>(),
        [2]
    );
    assert_eq!(scan.damaged.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..4096)) {
        let scan = recover_bytes(&bytes);
        prop_assert!(scan.frames.len() <= bytes.len() / 56);
    }

    /// A real segment, spliced, cut and overwritten: what is still called a frame was written.
    #[test]
    fn mangled_segments_yield_only_true_frames(
        start in 0_usize..2000, length in 0_usize..400, fill in any::<u8>(), cut in 0_usize..2000,
    ) {
        let disk = SimulatedDisk::new(3);
        let options = LogOptions { segment_bytes: 1 << 20, durability: Durability::Fsync };
        let (mut log, _) =
            SegmentLog::open_on(Arc::new(disk.clone()), Path::new(DIR), options).unwrap();
        for number in 1..=14 {
            log.append(&payload(number), 1, 0).unwrap();
        }
        log.sync().unwrap();
        let path = segments(&disk).remove(0);
        let whole = disk.content(&path);
        let truth = recover_bytes(&whole).frames;
        let mut bytes = whole.clone();
        let end = (start + length).min(bytes.len());
        let from = start.min(bytes.len());
        bytes[from..end].fill(fill);
        bytes.truncate(bytes.len().saturating_sub(cut / 4));
        let scan = recover_bytes(&bytes);
        prop_assert!(scan.frames.iter().all(|frame| truth.contains(frame)));
        disk.set_content(&path, &bytes);
        drop(log);
        let (log, _) =
            SegmentLog::open_on(Arc::new(disk.clone()), Path::new(DIR), options).unwrap();
        let (numbers, _) = read_all(&disk, &log);
        prop_assert_eq!(numbers.len(), scan.frames.len());
    }

    #[test]
    fn what_goes_in_comes_out(
        batches in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..2000), 1..20),
        segment_bytes in 1_u64..5000,
    ) {
        let disk = SimulatedDisk::new(5);
        let options = LogOptions { segment_bytes, durability: Durability::Fsync };
        let (mut log, _) =
            SegmentLog::open_on(Arc::new(disk.clone()), Path::new(DIR), options).unwrap();
        let mut positions = Vec::new();
        for batch in &batches {
            positions.push(log.append(batch, 3, -5).unwrap());
        }
        prop_assert!(log.reader(Position::OLDEST).unwrap().next().unwrap().is_none()
            || segment_bytes < 5000, "nothing is shown before it is durable");
        log.sync().unwrap();
        for (at, from) in positions.iter().enumerate() {
            let from = Position::from_bytes(from.to_bytes());
            let mut reader = log.reader(from).unwrap();
            for batch in &batches[at..] {
                let frame = reader.next().unwrap().unwrap();
                prop_assert_eq!(&frame.payload, batch);
                prop_assert_eq!((frame.records, frame.appended_at_us), (3, -5));
            }
            prop_assert!(reader.next().unwrap().is_none());
        }
    }
}

#[test]
fn a_payload_over_the_limit_is_refused_and_the_log_goes_on() {
    let disk = written(1);
    let (mut log, _) = open(&disk);
    let refused = log
        .append(&vec![0; PAYLOAD_MAX_BYTES + 1], 1, 0)
        .unwrap_err();
    assert!(matches!(refused, LogError::PayloadTooLarge { .. }));
    log.append(&vec![0; PAYLOAD_MAX_BYTES], 1, 0).unwrap();
    log.sync().unwrap();
    let mut reader = log
        .reader(Position {
            sequence: 2,
            segment: 0,
            offset: 0,
        })
        .unwrap();
    assert_eq!(
        reader.next().unwrap().unwrap().payload.len(),
        PAYLOAD_MAX_BYTES
    );
}
