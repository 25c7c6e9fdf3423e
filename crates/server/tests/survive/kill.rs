//! `kill -9` at random moments under load, again and again on one data folder.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::server::{Running, batch, key, pause, totals, try_post};

const ROUNDS: &str = "KENTONGAN_TEST_KILL_ROUNDS";
const ROUNDS_DEFAULT: u64 = 3;
const SENDERS: u64 = 3;
const POSTS: u64 = 150;

/// What was sent over all rounds.
#[derive(Default)]
struct Sent {
    next: AtomicU64,
    acked: Mutex<BTreeSet<u64>>,
    cut_off: Mutex<BTreeSet<u64>>,
}

fn sender(
    address: SocketAddr,
    key: String,
    sent: Arc<Sent>,
    over: Arc<AtomicBool>,
) -> JoinHandle<()> {
    std::thread::spawn(move || {
        while !over.load(Ordering::Acquire) {
            let number = sent.next.fetch_add(1, Ordering::Relaxed);
            match try_post(address, &key, batch(number, POSTS).as_bytes()) {
                Ok(answer) if answer.code == 200 => {
                    assert_eq!(answer.number("accepted"), POSTS);
                    sent.acked.lock().expect("lock").insert(number);
                }
                Ok(answer) => panic!("{answer:?}"),
                Err(_) => {
                    sent.cut_off.lock().expect("lock").insert(number);
                    return;
                }
            }
        }
    })
}

/// Some milliseconds below `bound`, different each time.
fn some_ms(round: u64, bound: u64) -> u64 {
    let mixed = (round + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33) % bound.max(1)
}

/// One life: load, and a sudden end. Every third time the end comes while the server is ending
/// in good order, so that writing a checkpoint is cut off too.
fn one_round(round: u64, data: &std::path::Path, key: &str, sent: &Arc<Sent>) -> Duration {
    let running = Running::on(data);
    let started_in = running.started_in;
    let over = Arc::new(AtomicBool::new(false));
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| {
            sender(
                running.address,
                key.to_owned(),
                Arc::clone(sent),
                Arc::clone(&over),
            )
        })
        .collect();
    pause(80 + some_ms(round, 900));
    if round % 3 == 2 {
        running.ask_to_end();
        pause(some_ms(round, 250));
    }
    over.store(round % 3 == 2, Ordering::Release);
    running.kill();
    for sender in senders {
        sender.join().expect("a sender saw what it may not see");
    }
    started_in
}

#[test]
fn no_acknowledged_post_is_lost_and_none_counted_twice() {
    let rounds =
        std::env::var(ROUNDS).map_or(ROUNDS_DEFAULT, |word| word.parse().expect("a number"));
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let key = key(&data);
    let sent = Arc::new(Sent::default());
    let mut longest = Duration::ZERO;
    for round in 0..rounds {
        longest = longest.max(one_round(round, &data, &key, &sent));
    }

    let running = Running::on(&data);
    longest = longest.max(running.started_in);
    let acked = std::mem::take(&mut *sent.acked.lock().expect("lock"));
    let cut_off = std::mem::take(&mut *sent.cut_off.lock().expect("lock"));
    assert!(
        !acked.is_empty() && !cut_off.is_empty(),
        "the rounds were too short to say anything"
    );
    for number in &acked {
        let answer = running.post(&key, batch(*number, POSTS).as_bytes());
        assert_eq!(
            (answer.number("accepted"), answer.number("duplicates")),
            (0, POSTS),
            "batch {number}"
        );
    }
    let mut kept = 0;
    for number in &cut_off {
        let answer = running.post(&key, batch(*number, POSTS).as_bytes());
        assert_eq!(
            answer.number("accepted") + answer.number("duplicates"),
            POSTS
        );
        kept += answer.number("duplicates");
    }
    let all = (acked.len() + cut_off.len()) as u64 * POSTS;
    running.must_count(all);
    running.stop();
    assert_eq!(
        totals(&data),
        (all, all),
        "posts by hour, posts on the radar"
    );
    println!(
        "{rounds} rounds of kill -9: {} posts acknowledged, none lost, none counted twice; {} were \
         cut off unanswered, {kept} of them kept; longest start {} ms",
        acked.len() as u64 * POSTS,
        cut_off.len() as u64 * POSTS,
        longest.as_millis()
    );
}
