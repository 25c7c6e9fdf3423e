//! A full disk, a read-only folder, a failed sync: a clear word, and nothing acknowledged is lost.

use std::path::Path;
use std::sync::Arc;

use crate::simulated_disk::{Faults, SimulatedDisk};
use crate::{Durability, LogError, LogOptions, Position, SegmentLog};

const DIR: &str = "/log";
const OPTIONS: LogOptions = LogOptions {
    segment_bytes: 4096,
    durability: Durability::Fsync,
};

fn open(disk: &SimulatedDisk) -> Result<SegmentLog, LogError> {
    SegmentLog::open_on(Arc::new(disk.clone()), Path::new(DIR), OPTIONS).map(|(log, _)| log)
}

fn count(log: &SegmentLog) -> u64 {
    let mut reader = log.reader(Position::OLDEST).unwrap();
    let mut frames = 0;
    while reader.next().unwrap().is_some() {
        frames += 1;
    }
    frames
}

/// Appends until the fault shows; returns how many frames were acknowledged, and the error.
fn fill(log: &mut SegmentLog) -> (u64, LogError) {
    for acknowledged in 0.. {
        let payload = [acknowledged.to_string().as_bytes(), &[b'x'; 90]].concat();
        if let Err(error) = log.append(&payload, 1, 0).and_then(|_| log.sync()) {
            return (acknowledged, error);
        }
    }
    unreachable!()
}

#[test]
fn a_full_disk_stops_intake_loses_nothing_and_ends_with_more_space() {
    for capacity_bytes in (0..9000).step_by(37) {
        let disk = SimulatedDisk::new(1);
        let mut log = open(&disk).unwrap();
        disk.set_faults(Faults {
            capacity_bytes: Some(capacity_bytes),
            ..Faults::default()
        });
        let (acknowledged, error) = fill(&mut log);
        assert!(matches!(error, LogError::DiskFull { .. }), "{error}");
        assert!(
            error.to_string().contains("free or add disk space"),
            "{error}"
        );
        assert!(matches!(
            log.append(b"", 0, 0),
            Err(LogError::Poisoned { .. })
        ));
        assert!(matches!(log.sync(), Err(LogError::Poisoned { .. })));
        drop(log);
        // Reopening works while the disk is still full, and intake once there is space.
        assert_eq!(
            count(&open(&disk).unwrap()),
            acknowledged,
            "at {capacity_bytes} bytes"
        );
        disk.set_faults(Faults::default());
        let mut log = open(&disk).unwrap();
        log.append(b"after", 1, 0).unwrap();
        log.sync().unwrap();
        assert_eq!(count(&log), acknowledged + 1);
    }
}

#[test]
fn a_failed_sync_acknowledges_nothing_and_is_not_tried_again() {
    let disk = SimulatedDisk::new(1);
    let mut log = open(&disk).unwrap();
    log.append(b"one", 1, 0).unwrap();
    log.sync().unwrap();
    disk.set_faults(Faults {
        fail_next_sync: true,
        ..Faults::default()
    });
    log.append(b"two", 1, 0).unwrap();
    assert!(matches!(log.sync(), Err(LogError::Io { .. })));
    let refused = log.sync().unwrap_err();
    assert!(refused.to_string().contains("restart"), "{refused}");
    assert_eq!(count(&log), 1, "the reader stays at what is durable");
    drop(log);
    // The kernel calls the lost pages clean, so a second sync would lie: the frame must be gone
    // from a reopened log, or its number could later mean something else.
    let log = open(&disk).unwrap();
    assert_eq!((count(&log), log.next().sequence), (1, 2));
    drop(log);
    disk.power_cut();
    assert_eq!(count(&open(&disk).unwrap()), 1);
}

#[test]
fn a_read_only_folder_is_named() {
    let disk = SimulatedDisk::new(1);
    disk.set_faults(Faults {
        read_only: true,
        ..Faults::default()
    });
    let refused = open(&disk).err().unwrap();
    assert!(matches!(refused, LogError::ReadOnly { .. }), "{refused}");
    assert!(refused.to_string().contains("/log"), "{refused}");
    assert_eq!(refused.reference(), "log-read-only");
}

#[test]
fn retention_by_age_and_size_spares_what_is_unread() {
    let disk = SimulatedDisk::new(1);
    let mut log = open(&disk).unwrap();
    for now_us in 0..400 {
        log.append(&[b'x'; 40], 1, now_us).unwrap();
        log.append(&now_us.to_le_bytes().repeat(9), 1, now_us)
            .unwrap();
    }
    log.sync().unwrap();
    let segments = disk.files().len();
    assert!(segments > 5);
    let unread = Position {
        sequence: 1,
        segment: 0,
        offset: 0,
    };
    assert!(
        log.expire(i64::MAX, 0, unread).unwrap().is_empty(),
        "nothing was read yet"
    );

    let all_read = log.next();
    let by_age = log.expire(200, u64::MAX, all_read).unwrap();
    assert!(!by_age.is_empty());
    let oldest = log
        .reader(Position::OLDEST)
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    assert!(
        oldest.appended_at_us <= 200,
        "a frame that is young enough was removed"
    );

    let max_bytes = 2 * 4096;
    log.expire(i64::MIN, max_bytes, all_read).unwrap();
    assert!(log.bytes() <= max_bytes, "{} bytes are left", log.bytes());
    log.expire(i64::MAX, 0, all_read).unwrap();
    assert_eq!(disk.files().len(), 1, "the segment in use stays");
    let expired = log.reader(unread).unwrap().next().unwrap_err();
    assert!(expired.to_string().contains("frames missing"), "{expired}");
}
