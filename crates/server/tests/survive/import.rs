//! `import posts --server`: a file goes to a running server over HTTP, line by line accounted for.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::server::{Running, kentongan, key, key_with, must_end_well, must_fail, pause};

/// A JSON Lines export of this many posts.
fn export(folder: &Path, posts: u64) -> PathBuf {
    let mut text = String::new();
    for number in 0..posts {
        writeln!(
            text,
            r#"{{"id":"{number}","isi":"pesan berantai nomor {number} tentang surat suara","tanggal":"2026-01-01T00:00:00Z","kanal":"telegram"}}"#
        )
        .expect("writes");
    }
    let file = folder.join("ekspor.jsonl");
    std::fs::write(&file, text).expect("writes");
    file
}

/// The import as a person types it on another machine: its own data folder stays empty.
fn import(file: &Path, server: &str, key: &str) -> Command {
    let elsewhere = file.with_file_name("elsewhere");
    let mut command = kentongan(&elsewhere);
    command.args(["import", "posts", "--yes", "--server", server, "--key", key]);
    command.arg(file);
    command
}

fn started() -> (tempfile::TempDir, Running, String) {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let key = key(&data);
    let running = Running::on(&data);
    (folder, running, key)
}

fn address(running: &Running) -> String {
    format!("http://{}/", running.address)
}

#[test]
fn a_file_goes_in_over_http_once_and_its_bad_lines_are_kept() {
    let (folder, running, key) = started();
    let file = folder.path().join("ekspor.csv");
    let long = "kata ".repeat(30_000);
    let text = format!(
        "id;isi;tanggal;kanal\n\
         1;surat suara tercoblos;14/02/2024 08:30;x\n\
         2;tanpa tanggal;kemarin;x\n\
         3;{long};14/02/2024 08:30;x\n\
         4;\"dua\nbaris\";14/02/2024 08:30;fb\n\
         5;akhir;14/02/2024 08:30;x\n"
    );
    std::fs::write(&file, text).expect("writes");
    let said = must_end_well(import(&file, &address(&running), &key));
    assert!(
        said.contains("5 lines · 3 taken · 0 known before · 2 rejected"),
        "{said}"
    );
    let kept = std::fs::read_to_string(folder.path().join("ekspor.csv.rejected.jsonl"));
    let kept = kept.expect("rejected lines");
    let kept: Vec<serde_json::Value> = kept
        .lines()
        .map(|line| serde_json::from_str(line).expect("json"))
        .collect();
    let numbers: Vec<_> = kept.iter().map(|line| line["line"].as_u64()).collect();
    assert_eq!(numbers, [Some(3), Some(4)], "one by us, one by the server");
    assert_eq!(kept[1]["reference"], "post_text_too_long");
    running.must_count(3);
    let said = must_end_well(import(&file, &address(&running), &key));
    assert!(
        said.contains("5 lines · 0 taken · 3 known before · 2 rejected"),
        "{said}"
    );
    running.must_count(3);
    assert!(
        !folder.path().join("elsewhere").exists(),
        "it wrote a data folder of its own"
    );
}

#[test]
fn more_than_one_request_goes_in_whole_and_a_slow_key_is_waited_for() {
    const POSTS: u64 = 11_500;
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    // A full bucket is 10,000 posts, so the last ones have to wait.
    let key = key_with(&data, &["--posts-per-second", "1000"]);
    let running = Running::on(&data);
    let file = export(folder.path(), POSTS);
    let said = must_end_well(import(&file, &address(&running), &key));
    assert!(
        said.contains(&format!("{POSTS} lines · {POSTS} taken · 0 known before")),
        "{said}"
    );
    running.must_count(POSTS);
}

#[test]
fn a_used_up_day_ends_the_import_with_a_word_and_the_next_one_goes_on() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let small = key_with(&data, &["--posts-per-day", "2500"]);
    let large = key(&data);
    let running = Running::on(&data);
    let file = export(folder.path(), 4_000);
    let said = must_fail(import(&file, &address(&running), &small));
    assert!(said.contains("2500 posts"), "{said}");
    running.must_count(2_000);
    let said = must_end_well(import(&file, &address(&running), &large));
    assert!(
        said.contains("4000 lines · 2000 taken · 2000 known before"),
        "{said}"
    );
    running.must_count(4_000);
}

#[test]
fn a_wrong_key_and_a_wrong_address_are_named_and_the_key_is_not() {
    let (folder, running, _key) = started();
    let file = export(folder.path(), 3);
    let wrong = "kt_rahasia-yang-salah";
    let said = must_fail(import(&file, &address(&running), wrong));
    assert!(
        said.contains("401") && said.contains("key_unknown"),
        "{said}"
    );
    assert!(!said.contains(wrong), "the key is shown: {said}");
    let said = must_fail(import(&file, "127.0.0.1:8080", wrong));
    assert!(said.contains("not an http or https address"), "{said}");
    running.must_count(0);
    let gone = address(&running);
    running.stop();
    let said = must_fail(import(&file, &gone, wrong));
    assert!(said.contains("does not answer"), "{said}");
}

#[test]
fn a_server_that_dies_meanwhile_gets_the_rest_the_next_time() {
    const POSTS: u64 = 30_000;
    let (folder, running, key) = started();
    let data = folder.path().join("data");
    let file = export(folder.path(), POSTS);
    let command = import(&file, &address(&running), &key);
    let importing = std::thread::spawn(move || must_fail(command));
    while running.counted().unwrap_or(0) == 0 {
        pause(1);
    }
    running.kill();
    let said = importing.join().expect("it fails by itself");
    assert!(said.contains("does not answer"), "{said}");
    let running = Running::on(&data);
    let said = must_end_well(import(&file, &address(&running), &key));
    assert!(said.contains(&format!("{POSTS} lines")), "{said}");
    running.must_count(POSTS);
}

#[test]
fn while_a_server_runs_the_folder_is_refused_and_the_way_out_is_named() {
    let (folder, running, _key) = started();
    let file = export(folder.path(), 3);
    let mut command = kentongan(&folder.path().join("data"));
    command.args(["import", "posts", "--yes"]).arg(&file);
    let said = must_fail(command);
    assert!(
        said.contains("--server") && said.contains("--key"),
        "{said}"
    );
    running.must_count(0);
}
