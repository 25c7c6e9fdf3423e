//! A clock that is set back an hour between two lives of the server.

use std::path::Path;

use super::server::{Running, batch, kentongan, key, skipped, totals};

/// Where Debian puts the library.
const LIBRARIES: [&str; 3] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/faketime/libfaketime.so.1",
];

#[test]
fn a_clock_set_back_an_hour_loses_nothing_and_counts_nothing_twice() {
    let Some(library) = LIBRARIES.iter().find(|path| Path::new(path).exists()) else {
        skipped("setting the clock back needs libfaketime (apt-get install libfaketime)");
        return;
    };
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let key = key(&data);
    let running = Running::on(&data);
    running.post(&key, batch(0, 300).as_bytes());
    running.must_count(300);
    running.kill();

    let mut earlier = kentongan(&data);
    earlier
        .env("LD_PRELOAD", library)
        .env("FAKETIME", "-1h")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let running = Running::with(earlier, &data);
    running.must_count(300);
    assert_eq!(
        running
            .post(&key, batch(0, 300).as_bytes())
            .number("duplicates"),
        300
    );
    assert_eq!(
        running
            .post(&key, batch(1, 300).as_bytes())
            .number("accepted"),
        300
    );
    running.must_count(600);
    running.stop();

    let running = Running::on(&data);
    running.must_count(600);
    assert_eq!(
        running
            .post(&key, batch(1, 300).as_bytes())
            .number("duplicates"),
        300
    );
    assert_eq!(
        running
            .post(&key, batch(2, 300).as_bytes())
            .number("accepted"),
        300
    );
    running.must_count(900);
    running.stop();
    assert_eq!(totals(&data), (900, 900));
}
