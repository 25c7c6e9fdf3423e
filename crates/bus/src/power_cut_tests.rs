//! Thousands of power cuts, process deaths and failed syncs at every kind of moment.
//!
//! The oracle is kept outside the log: what was submitted, what was acknowledged, and what a
//! consumer was ever shown under which number.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::simulated_disk::{Dice, Faults, SimulatedDisk};
use crate::{
    DamageReason, Durability, LogError, LogOptions, Position, Quarantined, Reader, SegmentLog,
};

const DIR: &str = "/log";
const LIVES_PER_RUN: u64 = 4;

/// What must hold, kept outside the log.
#[derive(Default)]
struct Oracle {
    /// Every payload ever offered, by the number the log gave it (the last one for each number).
    submitted: BTreeMap<u64, Vec<u8>>,
    /// Numbers below this were acknowledged.
    acknowledged_end: u64,
    /// What consumers saw.
    delivered: BTreeMap<u64, Vec<u8>>,
    /// Numbers below this were given up by retention.
    expired_end: u64,
}

#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    runs: u64,
    cuts: u64,
    acknowledged: u64,
    lost: u64,
}

fn options(durability: Durability) -> LogOptions {
    LogOptions {
        segment_bytes: 700,
        durability,
    }
}

fn payload(dice: &mut Dice) -> Vec<u8> {
    let length = usize::try_from(dice.below(300)).unwrap();
    let wild = dice.coin();
    (0..length)
        .map(|_| {
            if wild {
                dice.next().to_le_bytes()[0]
            } else {
                b'a'
            }
        })
        .collect()
}

/// Appends, syncs and expires until the power goes or the work is done.
fn work(log: &mut SegmentLog, dice: &mut Dice, oracle: &mut Oracle) -> Result<(), LogError> {
    for now_us in 0..dice.below(30) {
        for _ in 0..=dice.below(3) {
            let payload = payload(dice);
            oracle
                .submitted
                .insert(log.next().sequence, payload.clone());
            log.append(&payload, 1, now_us.cast_signed())?;
        }
        log.sync()?;
        oracle.acknowledged_end = log.next().sequence;
        if dice.below(8) == 0 {
            let keep = oracle.delivered.keys().next_back().copied().unwrap_or(0);
            let keep_from = Position {
                sequence: keep,
                ..log.next()
            };
            oracle.expired_end = oracle.expired_end.max(keep);
            if log.expire(i64::MIN, 2000, keep_from).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Reads everything there is; returns how many acknowledged frames are gone.
fn audit(mut reader: Reader, oracle: &mut Oracle, context: &str) -> u64 {
    let mut seen = BTreeMap::new();
    let mut last = 0;
    loop {
        match reader.next() {
            Ok(Some(frame)) => {
                let sequence = frame.position.sequence;
                assert!(
                    sequence > last,
                    "frame {sequence} repeats or goes back ({context})"
                );
                last = sequence;
                seen.insert(sequence, frame.payload);
            }
            Ok(None) => break,
            Err(LogError::Damaged(_)) => {
                reader.skip_quarantined().unwrap();
            }
            Err(error) => panic!("{error} ({context})"),
        }
    }
    let lost = (oracle.expired_end.max(1)..oracle.acknowledged_end)
        .filter(|sequence| seen.get(sequence) != oracle.submitted.get(sequence))
        .count() as u64;
    let taken_back = oracle
        .delivered
        .iter()
        .filter(|(sequence, payload)| {
            **sequence >= oracle.expired_end && seen.get(sequence) != Some(payload)
        })
        .count() as u64;
    for (sequence, payload) in &seen {
        assert_eq!(
            Some(payload),
            oracle.submitted.get(sequence),
            "frame {sequence} is not what was submitted ({context})"
        );
    }
    oracle.delivered.extend(seen);
    lost + taken_back
}

/// Several lives of one log on one disk, each ended by a power cut, a process death or a failed
/// sync followed by either.
fn run(seed: u64, durability: Durability, tally: &mut Tally) {
    let disk = SimulatedDisk::new(seed);
    let mut dice = Dice(seed ^ 0x5eed);
    let mut oracle = Oracle::default();
    for life in 0..LIVES_PER_RUN {
        let context = format!("seed {seed}, life {life}, {durability:?}");
        disk.set_faults(Faults {
            cut_at_act: Some(disk.acts() + 1 + dice.below(60)),
            fail_next_sync: dice.below(6) == 0,
            ..Faults::default()
        });
        if let Ok((mut log, _)) =
            SegmentLog::open_on(Arc::new(disk.clone()), Path::new(DIR), options(durability))
            && work(&mut log, &mut dice, &mut oracle).is_err()
        {
            assert!(
                matches!(log.sync(), Err(LogError::Poisoned { .. })),
                "{context}"
            );
        }
        if dice.below(3) == 0 {
            disk.restart_process();
        } else {
            disk.power_cut();
            tally.cuts += 1;
        }
        let (log, recovery) =
            SegmentLog::open_on(Arc::new(disk.clone()), Path::new(DIR), options(durability))
                .unwrap();
        // A cut may tear the last write, which nobody was promised; it damages nothing else.
        let false_alarm =
            |q: &Quarantined| q.acknowledged || q.reason == DamageReason::SegmentHeader;
        assert!(
            durability == Durability::None || !recovery.quarantined.iter().any(false_alarm),
            "false alarm: {:?} ({context})",
            recovery.quarantined
        );
        match log.reader(Position::OLDEST) {
            Ok(reader) => tally.lost += audit(reader, &mut oracle, &context),
            Err(error) => panic!("{error} ({context})"),
        }
        if tally.lost > 0 {
            break;
        }
        // What did not survive was not acknowledged (or it was counted as lost just above); its
        // number may be given again, or stay a hole that the recovery named.
        let Oracle {
            submitted,
            delivered,
            ..
        } = &mut oracle;
        submitted.retain(|sequence, _| delivered.contains_key(sequence));
        oracle.acknowledged_end = recovery.next.sequence;
    }
    tally.runs += 1;
    tally.acknowledged += oracle.acknowledged_end;
}

#[test]
fn nothing_acknowledged_or_delivered_is_ever_lost() {
    let mut tally = Tally::default();
    for seed in 0..2500 {
        run(seed, Durability::Fsync, &mut tally);
        assert_eq!(tally.lost, 0, "seed {seed} lost frames");
    }
    assert!(
        tally.cuts > 5000 && tally.acknowledged > 20_000,
        "too little was tried: {tally:?}"
    );
}

/// The control: without fsync the same runs must lose acknowledged frames, or the test is blind.
#[test]
fn without_fsync_the_same_power_cuts_lose_frames() {
    let losing = (0..300)
        .filter(|seed| {
            let mut tally = Tally::default();
            run(*seed, Durability::None, &mut tally);
            tally.lost > 0
        })
        .count();
    assert!(
        losing > 150,
        "only {losing} of 300 runs without fsync lost frames"
    );
}
