//! The trail: append only, in one transaction with the change, and every tampering is found.

use domain::audit::{Actor, AuditKind};
use store::BadEntry;

use crate::engine::{Bench, each_engine};
use crate::network::event;

async fn ten_events(bench: &Bench) {
    for n in 0..10 {
        let actor = if n % 2 == 0 {
            Actor::Public
        } else {
            Actor::Machine
        };
        let mut act = event(AuditKind::SignInFailed, actor, bench.id());
        act.note = format!("catatan {n}");
        bench.store.record_audit(&act).await.expect("record");
    }
}

/// What somebody with the database password would do first.
async fn lift_the_guard(bench: &Bench) {
    let sql = if bench.is_sqlite() {
        "DROP TRIGGER audit_event_no_update; DROP TRIGGER audit_event_no_delete"
    } else {
        "ALTER TABLE audit_event DISABLE TRIGGER ALL"
    };
    bench.raw(sql).await.expect("raw");
}

async fn first_bad(bench: &Bench) -> Option<BadEntry> {
    bench.store.verify_audit().await.expect("verify").first_bad
}

each_engine! {
    async fn events_read_back_in_order_and_the_ledger_verifies(bench) {
        let empty = bench.store.verify_audit().await.expect("verify");
        assert_eq!((empty.entries, empty.first_bad), (0, None));
        assert_eq!(empty.root, ledger::empty_root());
        ten_events(&bench).await;
        let page = bench.store.audit_page(None, 3).await.expect("page");
        assert_eq!(page.iter().map(|row| row.sequence).collect::<Vec<_>>(), [10, 9, 8]);
        let next = bench.store.audit_page(Some(8), 200).await.expect("page");
        assert_eq!(next.iter().map(|row| row.sequence).collect::<Vec<_>>(), [7, 6, 5, 4, 3, 2, 1]);
        assert_eq!(next[6].event.note, "catatan 0");
        assert_eq!(next[6].event.actor, Actor::Public);
        let report = bench.store.verify_audit().await.expect("verify");
        assert_eq!((report.entries, report.first_bad), (10, None));
    }

    async fn acts_at_the_same_time_take_their_turns(bench) {
        let acts = (0..20).map(|_| {
            let store = bench.store.clone();
            let act = event(AuditKind::SignedIn, Actor::Machine, bench.id());
            tokio::spawn(async move { store.record_audit(&act).await })
        });
        for act in acts.collect::<Vec<_>>() {
            act.await.expect("task").expect("record");
        }
        let report = bench.store.verify_audit().await.expect("verify");
        assert_eq!((report.entries, report.first_bad), (20, None));
    }

    async fn the_database_refuses_to_change_or_remove_an_event(bench) {
        ten_events(&bench).await;
        for sql in [
            "UPDATE audit_event SET note = 'lain' WHERE sequence = 3",
            "DELETE FROM audit_event WHERE sequence = 3",
        ] {
            let word = bench.raw(sql).await.expect_err("it went through");
            assert!(word.contains("append only"), "{word}");
        }
        if !bench.is_sqlite() {
            let word = bench.raw("TRUNCATE audit_event").await.expect_err("it went through");
            assert!(word.contains("append only"), "{word}");
        }
        assert_eq!(first_bad(&bench).await, None);
    }

    async fn a_changed_event_is_found_by_its_number(bench) {
        ten_events(&bench).await;
        lift_the_guard(&bench).await;
        for (column, value) in [
            ("note", "'lain'"),
            ("at", "at + 1"),
            ("kind", "'signed_in'"),
            // Word of no kind that this program knows: the entry is named all the same.
            ("kind", "'invented'"),
            ("actor_kind", "'member'"),
            ("leaf", "(SELECT k.leaf FROM kept k WHERE k.sequence = 5)"),
        ] {
            bench.raw("CREATE TABLE kept AS SELECT * FROM audit_event").await.expect("raw");
            bench.raw(&format!("UPDATE audit_event SET {column} = {value} WHERE sequence = 4")).await.expect("raw");
            let bad = first_bad(&bench).await.unwrap_or_else(|| panic!("a changed {column} was not found"));
            assert_eq!(bad.sequence, 4, "{column}: {}", bad.fault);
            let back = format!("UPDATE audit_event SET {column} = (SELECT k.{column} FROM kept k WHERE k.sequence = 4) WHERE sequence = 4");
            bench.raw(&back).await.expect("raw");
            bench.raw("DROP TABLE kept").await.expect("raw");
            assert_eq!(first_bad(&bench).await, None);
        }
    }

    async fn what_the_database_keeps_otherwise_is_recorded_as_it_will_stand(bench) {
        let mut act = event(AuditKind::KeyAdded, Actor::Machine, bench.id());
        act.note = "a\0b".into();
        bench.store.record_audit(&act).await.expect("record");
        bench.store.record_audits(&[act.clone(), act]).await.expect("record");
        assert_eq!(first_bad(&bench).await, None);
        let page = bench.store.audit_page(None, 1).await.expect("page");
        assert_eq!(page[0].event.note, "a\u{FFFD}b");
    }

    async fn the_public_made_a_member_is_found(bench) {
        // Only this engine takes six bytes for an identity.
        if !bench.is_sqlite() {
            return;
        }
        ten_events(&bench).await;
        lift_the_guard(&bench).await;
        let forged = "UPDATE audit_event SET actor_kind = 'member', actor = CAST(actor_kind AS BLOB) WHERE sequence = 1";
        bench.raw(forged).await.expect("raw");
        assert_eq!(first_bad(&bench).await.map(|bad| bad.sequence), Some(1));
    }

    async fn a_ledger_without_a_head_is_no_empty_one(bench) {
        ten_events(&bench).await;
        bench.raw("DELETE FROM ledger_head").await.expect("raw");
        assert_eq!(first_bad(&bench).await.map(|bad| bad.sequence), Some(1));
    }

    async fn an_event_the_ledger_does_not_have_is_found(bench) {
        ten_events(&bench).await;
        for sequence in [0, 12] {
            let copy = format!(
                "INSERT INTO audit_event SELECT {sequence}, at, actor_kind, actor, kind, subject, note, leaf \
                 FROM audit_event WHERE sequence = 3"
            );
            bench.raw(&copy).await.expect("raw");
            if sequence == 0 {
                assert_eq!(first_bad(&bench).await.map(|bad| bad.sequence), Some(0));
                lift_the_guard(&bench).await;
                bench.raw("DELETE FROM audit_event WHERE sequence = 0").await.expect("raw");
            }
        }
        let bad = first_bad(&bench).await.expect("found");
        assert_eq!((bad.sequence, bad.fault.as_str()), (12, "the ledger does not have this entry"));
    }

    async fn a_removed_event_is_found_wherever_it_stood(bench) {
        ten_events(&bench).await;
        lift_the_guard(&bench).await;
        bench.raw("DELETE FROM audit_event WHERE sequence = 10").await.expect("raw");
        assert_eq!(first_bad(&bench).await.expect("found").sequence, 10);
        bench.raw("DELETE FROM audit_event WHERE sequence = 5").await.expect("raw");
        assert_eq!(first_bad(&bench).await.expect("found").sequence, 5);
    }

    async fn a_changed_event_with_a_fitting_leaf_still_breaks_the_root(bench) {
        ten_events(&bench).await;
        lift_the_guard(&bench).await;
        // Entry 2 becomes a word for word copy of entry 1, leaf included.
        bench.raw("UPDATE audit_event SET leaf = (SELECT o.leaf FROM audit_event o WHERE o.sequence = 1) WHERE sequence = 2").await.expect("raw");
        assert_eq!(first_bad(&bench).await.expect("found").sequence, 2);
    }
}
