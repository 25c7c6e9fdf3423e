//! The ledger as others read it: tiles, proofs and roots against the definition; witnesses.

use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::{MemberId, Timestamp, WitnessId};
use ledger::{Hash, TilePlace, leaf_hash, node_hash, verify_consistency, verify_inclusion};
use store::{AuditFilter, Cosignature, Store, StoreError, WitnessRow};

use crate::engine::{Bench, each_engine};
use crate::network::event;

/// RFC 6962 §2.1 over leaf hashes.
fn oracle(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => ledger::empty_root(),
        [leaf] => *leaf,
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            node_hash(&oracle(&leaves[..half]), &oracle(&leaves[half..]))
        }
    }
}

fn acts(bench: &Bench, count: u32) -> Vec<AuditEvent> {
    (0..count)
        .map(|n| {
            let mut act = event(AuditKind::CaseOpened, Actor::Machine, bench.id());
            act.note = format!("catatan {n}");
            act
        })
        .collect()
}

async fn leaves(store: &Store) -> Vec<Hash> {
    let mut all = Vec::new();
    loop {
        let more = store
            .audit_entry_bytes(all.len() as u64, 256)
            .await
            .expect("entries");
        if more.is_empty() {
            return all;
        }
        all.extend(more.iter().map(|entry| leaf_hash(entry)));
    }
}

async fn first_bad(store: &Store) -> Option<i64> {
    let found = store.verify_audit().await.expect("verify");
    found.first_bad.map(|bad| bad.sequence)
}

each_engine! {
    async fn batches_and_single_acts_make_the_tree_of_the_definition(bench) {
        let store = &bench.store;
        for batch in [1, 1, 253, 2, 600, 1, 0, 300] {
            store.record_audits(&acts(&bench, batch)).await.expect("recorded");
        }
        store.record_audit(&acts(&bench, 1)[0]).await.expect("recorded");
        let leaves = leaves(store).await;
        assert_eq!(leaves.len(), 1_159);
        let head = store.ledger_head().await.expect("head");
        assert_eq!((head.size, head.root), (1_159, oracle(&leaves)));
        assert!(store.checked_head().await.expect("check").1);
        assert_eq!(first_bad(store).await, None);
        for size in [0, 1, 255, 256, 257, 1_024, 1_159] {
            let root = store.ledger_root_at(size).await.expect("root");
            assert_eq!(root, oracle(&leaves[..usize::try_from(size).expect("size")]), "{size}");
        }
        for index in [0, 255, 256, 700, 1_158] {
            let path = store.prove_inclusion(index, 1_159).await.expect("proof");
            let leaf = leaves[usize::try_from(index).expect("index")];
            verify_inclusion(&leaf, index, 1_159, &path, &head.root).expect("included");
        }
        for old in [0, 1, 256, 300, 1_158, 1_159] {
            let path = store.prove_consistency(old, 1_159).await.expect("proof");
            let root = oracle(&leaves[..usize::try_from(old).expect("size")]);
            verify_consistency(old, &root, 1_159, &head.root, &path).expect("consistent");
        }
    }

    async fn tiles_are_those_of_any_size_so_far(bench) {
        let store = &bench.store;
        store.record_audits(&acts(&bench, 600)).await.expect("recorded");
        let leaves = leaves(store).await;
        let tile = |level, index, width| TilePlace { level, index, width };
        assert_eq!(store.ledger_tile(tile(0, 1, 256)).await.expect("tile"), leaves[256..512]);
        assert_eq!(store.ledger_tile(tile(0, 1, 9)).await.expect("tile"), leaves[256..265]);
        assert_eq!(store.ledger_tile(tile(0, 2, 88)).await.expect("tile"), leaves[512..]);
        let above = [oracle(&leaves[..256]), oracle(&leaves[256..512])];
        assert_eq!(store.ledger_tile(tile(1, 0, 2)).await.expect("tile"), above);
        for beyond in [tile(0, 2, 89), tile(0, 3, 1), tile(1, 0, 3), tile(2, 0, 1), tile(9, 0, 1), tile(0, u64::MAX, 1)] {
            let refused = store.ledger_tile(beyond).await;
            assert!(matches!(refused, Err(StoreError::NotFound)), "{beyond:?}: {refused:?}");
        }
        for (index, size) in [(600, 600), (0, 601), (u64::MAX, u64::MAX)] {
            let refused = store.prove_inclusion(index, size).await;
            assert!(matches!(refused, Err(StoreError::NotFound)), "{index} of {size}: {refused:?}");
        }
        assert!(matches!(store.prove_consistency(2, 1).await, Err(StoreError::NotFound)));
        assert!(matches!(store.audit_entry(601).await, Err(StoreError::NotFound)));
    }

    async fn acts_of_many_hands_at_once_lose_no_tile(bench) {
        let tasks = (0..40).map(|_| {
            let (store, batch) = (bench.store.clone(), acts(&bench, 30));
            tokio::spawn(async move { store.record_audits(&batch).await })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.expect("task").expect("recorded");
        }
        assert_eq!(bench.store.ledger_head().await.expect("head").size, 1_200);
        assert!(bench.store.checked_head().await.expect("check").1);
        assert_eq!(first_bad(&bench.store).await, None);
    }

    async fn two_programs_append_to_one_ledger(bench) {
        let other = Store::open(&bench.url).await.expect("open");
        // In turns, so that what each remembers of the edge is out of date every time.
        for turn in 0..200 {
            let store = if turn % 2 == 0 { &bench.store } else { &other };
            store.record_audit(&acts(&bench, 1)[0]).await.expect("recorded");
        }
        // And at once.
        let tasks = (0..20).map(|turn| {
            let (store, batch) = (if turn % 2 == 0 { bench.store.clone() } else { other.clone() }, acts(&bench, 1 + turn % 3));
            tokio::spawn(async move { store.record_audits(&batch).await })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.expect("task").expect("recorded");
        }
        assert_eq!(other.ledger_head().await.expect("head").size, 239);
        assert!(other.checked_head().await.expect("check").1);
        assert_eq!(first_bad(&other).await, None);
        other.close().await;
    }

    async fn a_database_put_back_under_a_running_program_goes_on_from_there(bench) {
        bench.store.record_audits(&acts(&bench, 5)).await.expect("recorded");
        let lift = if bench.is_sqlite() {
            "DROP TRIGGER audit_event_no_delete"
        } else {
            "ALTER TABLE audit_event DISABLE TRIGGER ALL"
        };
        bench.raw("CREATE TABLE kept AS SELECT * FROM ledger_head").await.expect("raw");
        bench.raw(lift).await.expect("raw");
        bench.store.record_audits(&acts(&bench, 3)).await.expect("recorded");
        bench.raw("DELETE FROM audit_event WHERE sequence > 5").await.expect("raw");
        bench.raw(
            "UPDATE ledger_head SET size = (SELECT size FROM kept), root = (SELECT root FROM kept), \
             frontier = (SELECT frontier FROM kept)",
        ).await.expect("raw");
        bench.store.record_audit(&acts(&bench, 1)[0]).await.expect("recorded");
        assert_eq!(bench.store.ledger_head().await.expect("head").size, 6);
        assert_eq!(first_bad(&bench.store).await, None);
    }

    async fn a_check_is_not_misled_by_what_is_recorded_meanwhile(bench) {
        bench.store.record_audits(&acts(&bench, 500)).await.expect("recorded");
        let (store, batches) = (bench.store.clone(), (0..60).map(|_| acts(&bench, 50)).collect::<Vec<_>>());
        let recording = tokio::spawn(async move {
            for batch in batches {
                store.record_audits(&batch).await.expect("recorded");
            }
        });
        while !recording.is_finished() {
            assert_eq!(first_bad(&bench.store).await, None);
        }
        recording.await.expect("task");
        assert_eq!(first_bad(&bench.store).await, None);
    }

    async fn entries_from_before_the_tiles_get_theirs_at_the_next_start(bench) {
        bench.store.record_audits(&acts(&bench, 600)).await.expect("recorded");
        let guard = if bench.is_sqlite() {
            "DROP TRIGGER ledger_tile_no_delete"
        } else {
            "ALTER TABLE ledger_tile DISABLE TRIGGER ALL"
        };
        bench.raw(guard).await.expect("raw");
        bench.raw("DELETE FROM ledger_tile").await.expect("raw");
        assert!(!bench.store.checked_head().await.expect("check").1);
        assert_eq!(first_bad(&bench.store).await, Some(1), "missing tiles are noticed");
        let again = Store::open(&bench.url).await.expect("open");
        assert!(again.checked_head().await.expect("check").1);
        assert_eq!(first_bad(&again).await, None);
        again.close().await;
    }

    async fn a_tile_only_grows_and_a_changed_one_is_found(bench) {
        bench.store.record_audits(&acts(&bench, 600)).await.expect("recorded");
        let (zeros, lift) = if bench.is_sqlite() {
            ("zeroblob(8192)", "DROP TRIGGER ledger_tile_only_grows; DROP TRIGGER ledger_tile_no_delete")
        } else {
            ("decode(repeat('00', 8192), 'hex')", "ALTER TABLE ledger_tile DISABLE TRIGGER ALL")
        };
        let change = format!("UPDATE ledger_tile SET hashes = {zeros} WHERE level = 0 AND position = 1");
        for sql in [change.as_str(), "DELETE FROM ledger_tile WHERE level = 1"] {
            let word = bench.raw(sql).await.expect_err("it went through");
            assert!(word.contains("append only"), "{word}");
        }
        bench.raw(lift).await.expect("raw");
        bench.raw(&change).await.expect("raw");
        assert_eq!(first_bad(&bench.store).await, Some(257));
    }

    async fn acts_are_found_by_what_who_record_and_time(bench) {
        let store = &bench.store;
        let mut batch = acts(&bench, 6);
        for (n, act) in (0..).zip(&mut batch) {
            act.at = Timestamp(1_000 * n);
        }
        batch[1].kind = AuditKind::SignedIn;
        batch[2].actor = Actor::Public;
        batch[3].actor = Actor::Member(MemberId(bench.id()));
        store.record_audits(&batch).await.expect("recorded");
        let find = async |filter: AuditFilter, before: Option<i64>| {
            let rows = store.audit_search(&filter, before, 50).await.expect("search");
            rows.iter().map(|row| row.sequence).collect::<Vec<_>>()
        };
        let all = AuditFilter::default();
        assert_eq!(find(all, None).await, [6, 5, 4, 3, 2, 1]);
        assert_eq!(find(AuditFilter { kind: Some(AuditKind::CaseOpened), ..all }, Some(6)).await, [5, 4, 3, 1]);
        assert_eq!(find(AuditFilter { actor: Some(Actor::Public), ..all }, None).await, [3]);
        assert_eq!(find(AuditFilter { actor: Some(batch[3].actor), ..all }, None).await, [4]);
        assert_eq!(find(AuditFilter { actor: Some(Actor::Machine), ..all }, None).await, [6, 5, 2, 1]);
        assert_eq!(find(AuditFilter { subject: Some(batch[4].subject), ..all }, None).await, [5]);
        let span = AuditFilter { from: Some(Timestamp(2_000)), until: Some(Timestamp(4_000)), ..all };
        assert_eq!(find(span, None).await, [4, 3]);
        assert_eq!(find(AuditFilter { kind: Some(AuditKind::SignedIn), ..span }, None).await, [0_i64; 0]);
    }

    async fn a_witness_signs_and_is_struck_off(bench) {
        let store = &bench.store;
        store.record_audits(&acts(&bench, 3)).await.expect("recorded");
        let witness = |name: &str, vkey: &str, id| WitnessRow {
            id: WitnessId(id),
            name: name.into(),
            vkey: vkey.into(),
            added_at: Timestamp(id.as_u128().try_into().expect("small")),
            removed_at: None,
            last: None,
        };
        let one = witness("Warta Satu", "warta+1", bench.id());
        let two = witness("Kabar Dua", "kabar+2", bench.id());
        let act = event(AuditKind::WitnessAdded, Actor::Machine, one.id.0);
        store.add_witness(&one, &act).await.expect("added");
        store.add_witness(&two, &act).await.expect("added");
        let again = witness("Lain", "warta+1", bench.id());
        assert!(matches!(store.add_witness(&again, &act).await, Err(StoreError::Conflict)));
        assert_eq!(store.ledger_head().await.expect("head").size, 5, "a refused witness is no act");
        assert_eq!(store.last_cosigned().await.expect("last"), None);
        let signed = |of: &WitnessRow, size, at, line: &str| Cosignature {
            witness: of.id,
            size,
            root: [7; 32],
            signed_at: Timestamp(at),
            received_at: Timestamp(at + 1),
            line: line.into(),
        };
        for cosignature in [
            signed(&one, 2, 10, "old"),
            signed(&one, 3, 20, "first"),
            signed(&one, 3, 30, "later"),
            signed(&one, 3, 25, "late mail"),
            signed(&two, 3, 22, "other"),
        ] {
            let act = event(AuditKind::CosignatureKept, Actor::Machine, cosignature.witness.0);
            store.keep_cosignature(&cosignature, &act).await.expect("kept");
        }
        assert_eq!(store.ledger_head().await.expect("head").size, 8, "each size once for each witness");
        let rounds = [signed(&one, 8, 40, "new"), signed(&two, 9, 41, "newer"), signed(&one, 10, 42, "newest")];
        for cosignature in &rounds {
            let act = event(AuditKind::CosignatureKept, Actor::Machine, cosignature.witness.0);
            store.keep_cosignature(cosignature, &act).await.expect("kept");
        }
        assert_eq!(store.ledger_head().await.expect("head").size, 10, "records of cosignatures call for no more");
        assert_eq!(store.cosignature_lines(3).await.expect("lines"), ["later", "other"]);
        let known = store.witnesses().await.expect("witnesses");
        assert_eq!(known[0].last, Some((10, Timestamp(42))));
        assert_eq!(store.last_cosigned().await.expect("last").map(|head| head.size), Some(10));
        let out = event(AuditKind::WitnessRemoved, Actor::Machine, two.id.0);
        store.remove_witness(two.id, Timestamp(40), &out).await.expect("removed");
        assert!(matches!(store.remove_witness(two.id, Timestamp(41), &out).await, Err(StoreError::NotFound)));
        assert_eq!(store.cosignature_lines(3).await.expect("lines"), ["later"]);
        assert_eq!(store.witnesses().await.expect("witnesses")[1].removed_at, Some(Timestamp(40)));
    }
}

#[tokio::test]
async fn a_copy_is_read_and_left_as_it_is() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("kentongan.db");
    let store = Store::open(&format!("sqlite:{}", path.display()))
        .await
        .expect("open");
    let act = event(AuditKind::CaseOpened, Actor::Machine, uuid::Uuid::nil());
    store
        .record_audits(&vec![act; 300])
        .await
        .expect("recorded");
    store.close().await;
    let before = std::fs::read(&path).expect("read");
    let copy = Store::open_copy(&path).await.expect("open");
    assert_eq!(copy.verify_audit().await.expect("verify").entries, 300);
    assert!(
        copy.record_audit(&event(
            AuditKind::CaseOpened,
            Actor::Machine,
            uuid::Uuid::nil()
        ))
        .await
        .is_err()
    );
    copy.close().await;
    assert_eq!(std::fs::read(&path).expect("read"), before);
    let companions = std::fs::read_dir(folder.path()).expect("folder").count();
    assert_eq!(companions, 1, "a file was left beside the copy");
    assert!(
        Store::open_copy(&folder.path().join("none.db"))
            .await
            .is_err()
    );
}
