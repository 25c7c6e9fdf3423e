//! The log on real files: killed processes, held locks, permissions, and limits of the system.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use bus::{LogError, LogOptions, Position, Reader, SegmentLog};

const CHILD_FOLDER: &str = "BUS_TEST_WRITER_FOLDER";
const ROUNDS: &str = "BUS_KILL_ROUNDS";
const ROUNDS_DEFAULT: u64 = 20;
const OPTIONS: LogOptions = LogOptions {
    segment_bytes: 64 * 1024,
    durability: bus::Durability::Fsync,
};

fn payload(sequence: u64) -> Vec<u8> {
    let length = 200 + usize::try_from(sequence * 7919 % 3000).unwrap();
    (0..length as u64)
        .map(|at| (sequence.wrapping_mul(at | 1) >> 3).to_le_bytes()[0])
        .collect()
}

/// Not a test of its own: the writing process of the tests below, which start this binary again.
/// Without the folder in its environment it has nothing to do.
/// It prints `ack N` when every frame below N is durable.
#[test]
fn writer() {
    let Some(folder) = std::env::var_os(CHILD_FOLDER) else {
        return;
    };
    let mut out = std::io::stdout().lock();
    let (mut log, recovery) = SegmentLog::open(Path::new(&folder), OPTIONS).unwrap();
    assert!(recovery.quarantined.is_empty(), "{recovery:?}");
    writeln!(out, "\nack {}", log.next().sequence).unwrap();
    loop {
        for _ in 0..=log.next().sequence % 3 {
            let sequence = log.next().sequence;
            if let Err(error) = log.append(&payload(sequence), 1, 0) {
                writeln!(out, "error {}", error.reference()).unwrap();
                return;
            }
        }
        match log.sync() {
            Ok(()) => writeln!(out, "ack {}", log.next().sequence).unwrap(),
            Err(error) => {
                writeln!(out, "error {}", error.reference()).unwrap();
                assert!(matches!(log.sync(), Err(LogError::Poisoned { .. })));
                return;
            }
        }
    }
}

fn start_writer(shell_prefix: &str, folder: &Path) -> Child {
    let binary = std::env::current_exe().unwrap();
    let line = format!("{shell_prefix} exec \"$0\" --exact writer --nocapture");
    Command::new("sh")
        .args(["-c", &line])
        .arg(binary)
        .env(CHILD_FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Reads what the writer prints until it ends: the last acknowledged end, and its error if any.
fn listen(child: &mut Child) -> (u64, Option<String>) {
    let (mut acknowledged, mut error) = (0, None);
    for line in BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
    {
        if let Some(end) = line.strip_prefix("ack ") {
            // A line cut short by the kill is a smaller number, never a larger one.
            acknowledged = acknowledged.max(end.parse().unwrap_or(0));
        } else if let Some(reference) = line.strip_prefix("error ") {
            error = Some(reference.to_owned());
        }
    }
    (acknowledged, error)
}

/// Every frame from the start is there once, in order, as written; returns the end.
fn audit(folder: &Path) -> u64 {
    let mut reader = Reader::open(folder, Position::OLDEST).unwrap();
    let mut expected = 1;
    while let Some(frame) = reader.next().unwrap() {
        assert_eq!(
            frame.position.sequence, expected,
            "a frame is lost or twice"
        );
        assert!(
            frame.payload == payload(expected),
            "frame {expected} is not what was written"
        );
        expected += 1;
    }
    expected
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a kill at a random moment needs a moment"
)]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let rounds = std::env::var(ROUNDS).map_or(ROUNDS_DEFAULT, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut total = 0;
    for round in 0..rounds {
        if total > 20_000 {
            fs::remove_dir_all(folder.path()).unwrap();
        }
        let mut child = start_writer("", folder.path());
        let listener = thread::scope(|scope| {
            let id = child.id();
            let handle = scope.spawn(|| listen(&mut child));
            thread::sleep(Duration::from_millis(30 + round * 7919 % 120));
            let killed = Command::new("kill")
                .args(["-9", &id.to_string()])
                .status()
                .unwrap();
            assert!(killed.success(), "the writer ended before it was killed");
            handle.join().unwrap()
        });
        child.wait().unwrap();
        let (acknowledged, error) = listener;
        assert_eq!(error, None);
        let (log, recovery) = SegmentLog::open(folder.path(), OPTIONS).unwrap();
        assert!(
            recovery.quarantined.is_empty(),
            "round {round}: {recovery:?}"
        );
        drop(log);
        total = audit(folder.path());
        assert!(
            total >= acknowledged,
            "round {round}: {acknowledged} acknowledged, {total} kept"
        );
        assert!(
            acknowledged > 0 || round < 3,
            "the writer never came to acknowledge anything"
        );
    }
    assert!(total > 1, "no frame was ever written");
}

/// The kernel's own limit on file size: a real short write in the middle of a frame.
#[test]
fn a_write_cut_short_by_the_system_stops_the_log_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = start_writer("trap '' XFSZ; ulimit -f 40;", folder.path());
    let (acknowledged, error) = listen(&mut child);
    child.wait().unwrap();
    assert_eq!(error.as_deref(), Some("log-disk-full"));
    assert!(acknowledged > 3, "{acknowledged}");
    let (log, _) = SegmentLog::open(folder.path(), OPTIONS).unwrap();
    drop(log);
    assert_eq!(audit(folder.path()), acknowledged);
}

/// A file system of 256 KiB, where this user may mount one; elsewhere the simulated disk and the
/// test above stand for it.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        let mounted = mounted.is_ok_and(|status| status.success());
        if !mounted {
            println!("not run: this user may not mount a tmpfs");
        }
        mounted.then(|| SmallDisk(folder))
    }

    fn make_read_only(&self) {
        let remount = ["-o", "remount,ro"];
        assert!(
            Command::new("mount")
                .args(remount)
                .arg(self.0.path())
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_file_system_stops_the_log_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let data = disk.0.path().join("log");
    let mut child = start_writer("", &data);
    let (acknowledged, error) = listen(&mut child);
    child.wait().unwrap();
    let (log, _) = SegmentLog::open(&data, OPTIONS).unwrap();
    drop(log);
    assert_eq!(
        (error.as_deref(), audit(&data)),
        (Some("log-disk-full"), acknowledged)
    );
}

#[test]
fn a_read_only_file_system_is_named_and_can_still_be_read() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let data = disk.0.path().join("log");
    let (mut log, _) = SegmentLog::open(&data, OPTIONS).unwrap();
    log.append(&payload(1), 1, 0).unwrap();
    log.sync().unwrap();
    drop(log);
    disk.make_read_only();
    let refused = SegmentLog::open(&data, OPTIONS).err().unwrap();
    assert!(matches!(refused, LogError::ReadOnly { .. }), "{refused}");
    assert!(
        refused.to_string().contains("remount it writable"),
        "{refused}"
    );
    assert_eq!(audit(&data), 2);
}

#[test]
fn a_second_process_is_refused_and_told_who_holds_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let (log, _) = SegmentLog::open(folder.path(), OPTIONS).unwrap();
    let refused = SegmentLog::open(folder.path(), OPTIONS).err().unwrap();
    assert!(matches!(refused, LogError::InUse { .. }), "{refused}");
    assert!(
        refused
            .to_string()
            .contains(&std::process::id().to_string()),
        "{refused}"
    );
    drop(log);
    SegmentLog::open(folder.path(), OPTIONS).unwrap();
}

#[test]
fn a_path_that_cannot_be_a_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("taken");
    fs::write(&file, "a file").unwrap();
    let refused = SegmentLog::open(&file, OPTIONS).err().unwrap();
    assert!(refused.to_string().contains("taken"), "{refused}");
}

#[test]
fn a_log_of_a_later_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = SegmentLog::open(folder.path(), OPTIONS).unwrap();
    log.append(b"one", 1, 0).unwrap();
    log.sync().unwrap();
    let path = folder.path().join("00000000000000000001.log");
    let mut content = fs::read(&path).unwrap();
    drop(log);
    for copy in [0, 48] {
        content[copy + 8] = 9;
        let sum = crc32c::crc32c_append(
            crc32c::crc32c(&content[copy..copy + 12]),
            &content[copy + 16..copy + 48],
        );
        content[copy + 12..copy + 16].copy_from_slice(&sum.to_le_bytes());
    }
    fs::write(&path, &content).unwrap();
    let refused = SegmentLog::open(folder.path(), OPTIONS).err().unwrap();
    assert!(
        matches!(refused, LogError::UnsupportedVersion { version: 9, .. }),
        "{refused}"
    );
    assert_eq!(
        fs::read(&path).unwrap(),
        content,
        "the file must not be touched"
    );
}

#[test]
fn a_reader_follows_a_live_writer_across_segments() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = SegmentLog::open(folder.path(), OPTIONS).unwrap();
    let mut reader = Reader::follow(folder.path(), Position::OLDEST, log.durable()).unwrap();
    thread::scope(|scope| {
        let follower = scope.spawn(move || {
            let mut next = 1;
            while next <= 400 {
                match reader.next().unwrap() {
                    Some(frame) => {
                        assert_eq!(frame.position.sequence, next);
                        assert!(frame.payload == payload(next));
                        next += 1;
                    }
                    None => thread::yield_now(),
                }
            }
        });
        for sequence in 1..=400 {
            log.append(&payload(sequence), 1, 0).unwrap();
            if sequence % 5 == 0 {
                log.sync().unwrap();
            }
        }
        follower.join().unwrap();
    });
}
