//! Damaged files: named, set aside or left alone, and never passed over in silence.

use std::path::{Path, PathBuf};

use super::server::{Running, batch, kentongan, key, must_fail, pause};

/// The only segment of a small log.
fn segment(data: &Path) -> PathBuf {
    let files = std::fs::read_dir(data.join("log")).expect("reads");
    let paths: Vec<PathBuf> = files.map(|file| file.expect("entry").path()).collect();
    let largest = paths
        .into_iter()
        .max_by_key(|path| path.metadata().map_or(0, |meta| meta.len()));
    largest.expect("a segment")
}

#[test]
fn a_damaged_part_of_the_log_is_set_aside_and_the_rest_is_counted() {
    const FRAMES: u64 = 40;
    const POSTS: u64 = 25;
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let key = key(&data);
    let running = Running::on(&data);
    for number in 0..FRAMES {
        assert_eq!(
            running
                .post(&key, batch(number, POSTS).as_bytes())
                .number("accepted"),
            POSTS
        );
    }
    running.must_count(FRAMES * POSTS);
    running.kill();

    let path = segment(&data);
    let mut bytes = std::fs::read(&path).expect("reads");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40]
        .iter_mut()
        .for_each(|byte| *byte ^= 0x5a);
    std::fs::write(&path, &bytes).expect("writes");

    let running = Running::on(&data);
    let started = std::time::Instant::now();
    while running.counted().unwrap_or(0) < (FRAMES - 2) * POSTS && started.elapsed().as_secs() < 30
    {
        pause(50);
    }
    pause(900);
    let counted = running.counted().expect("a count");
    let lost = FRAMES * POSTS - counted;
    assert!(
        (POSTS..=2 * POSTS).contains(&lost),
        "{lost} posts lie in what was damaged\n{}",
        running.said()
    );
    let said = running.said();
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a name");
    assert!(said.contains(name), "the segment is not named: {said}");
    assert!(
        data.join("log/quarantine")
            .read_dir()
            .expect("quarantine")
            .next()
            .is_some(),
        "no copy was kept"
    );
    assert_eq!(
        running
            .post(&key, batch(FRAMES, POSTS).as_bytes())
            .number("accepted"),
        POSTS
    );
    running.must_count(counted + POSTS);
    running.stop();
    let running = Running::on(&data);
    running.must_count(counted + POSTS);
}

#[test]
fn a_damaged_checkpoint_is_named_and_the_stream_is_rebuilt() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let key = key(&data);
    let running = Running::on(&data);
    running.post(&key, batch(0, 200).as_bytes());
    running.must_count(200);
    running.stop();
    let path = data.join("stream/checkpoint.bin");
    let whole = std::fs::read(&path).expect("a checkpoint was written");
    for damaged in [
        &whole[..whole.len() / 2],
        b"",
        &[&whole[..90], b"?", &whole[91..]].concat(),
    ] {
        std::fs::write(&path, damaged).expect("writes");
        let running = Running::on(&data);
        running.must_count(200);
        assert!(
            running.said().contains("checkpoint.bin is damaged"),
            "{}",
            running.said()
        );
        running.kill();
        std::fs::write(data.with_extension("stderr"), "").expect("writes");
    }
}

#[test]
fn a_damaged_database_is_named_and_left_as_it_is() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let key = key(&data);
    let running = Running::on(&data);
    running.post(&key, batch(0, 20).as_bytes());
    running.must_count(20);
    running.stop();
    let path = data.join("kentongan.db");
    let mut bytes = std::fs::read(&path).expect("reads");
    bytes[..100].fill(0x5a);
    std::fs::write(&path, &bytes).expect("writes");
    let mut command = kentongan(&data);
    command.arg("serve");
    let said = must_fail(command);
    assert!(said.contains("database"), "{said}");
    assert_eq!(
        std::fs::read(&path).expect("reads"),
        bytes,
        "the damaged file was touched"
    );
}

#[test]
fn a_lost_list_of_counted_posts_is_made_again_from_the_log() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let key = key(&data);
    let running = Running::on(&data);
    running.post(&key, batch(0, 200).as_bytes());
    running.must_count(200);
    running.kill();
    std::fs::remove_dir_all(data.join("seen")).expect("removes");
    let running = Running::on(&data);
    assert_eq!(
        running
            .post(&key, batch(0, 200).as_bytes())
            .number("duplicates"),
        200
    );
    running.must_count(200);
}
