//! A full disk: a small file system of its own, where this may be mounted.

use std::path::Path;
use std::process::Command;

use super::server::{Running, batch, key, pause, skipped};

/// A mounted file system; goes with its value.
struct Mounted<'a>(&'a Path);

impl<'a> Mounted<'a> {
    /// `None`, said aloud, where this user may not mount.
    fn of(path: &'a Path, options: &str) -> Option<Self> {
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "kentongan-uji"])
            .arg(path)
            .output();
        if done.is_ok_and(|output| output.status.success()) {
            return Some(Self(path));
        }
        skipped("a full disk needs the right to mount a file system (run as root)");
        None
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let done = Command::new("mount")
            .args(["-o", &options])
            .arg(self.0)
            .status()
            .expect("mount runs");
        assert!(done.success());
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        // A busy folder is let go as soon as its last user ends.
        let _done = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_stops_intake_with_a_clear_word_and_loses_nothing() {
    const POSTS: u64 = 400;
    let folder = tempfile::tempdir().expect("folder");
    let small = folder.path().join("small");
    std::fs::create_dir(&small).expect("makes");
    let Some(mounted) = Mounted::of(&small, "size=24m") else {
        return;
    };
    let data = small.join("data");
    let key = key(&data);
    let running = Running::with(super::server::kentongan(&data), &folder.path().join("data"));
    let mut acked = 0;
    let mut number = 0;
    assert_eq!(
        running.post(&key, batch(number, POSTS).as_bytes()).code,
        200
    );
    acked += POSTS;
    running.must_count(acked);
    // All but a few pages of what is left.
    let ballast = small.join("ballast");
    fill(&ballast);
    let refused = loop {
        number += 1;
        let answer = running.post(&key, batch(number, POSTS).as_bytes());
        match answer.code {
            200 => acked += POSTS,
            _ => break answer,
        }
        assert!(number < 5_000, "the disk never filled");
    };
    assert_eq!(refused.code, 503, "{refused:?}");
    assert!(refused.body.contains("no space left"), "{}", refused.body);
    assert!(refused.body.contains("restart"), "{}", refused.body);
    assert_eq!(
        running.post(&key, batch(number + 1, POSTS).as_bytes()).code,
        503,
        "until a restart"
    );
    running.kill();

    mounted.remount("size=96m");
    std::fs::remove_file(&ballast).expect("removes");
    let running = Running::with(super::server::kentongan(&data), &folder.path().join("data"));
    let mut kept = 0;
    for again in 0..=number {
        let answer = running.post(&key, batch(again, POSTS).as_bytes());
        assert_eq!(answer.code, 200, "{answer:?}");
        kept += answer.number("duplicates");
    }
    assert!(
        kept >= acked,
        "{acked} posts were acknowledged, {kept} are known"
    );
    running.must_count((number + 1) * POSTS);
    running.stop();
}

/// Writes until the disk is full, then gives back a little.
fn fill(path: &Path) {
    use std::io::Write;
    let mut file = std::fs::File::create(path).expect("makes");
    let block = [0x5a; 16 << 10];
    while file.write_all(&block).is_ok() {}
    let length = file.metadata().expect("metadata").len();
    file.set_len(length.saturating_sub(256 << 10))
        .expect("shrinks");
    pause(10);
}
