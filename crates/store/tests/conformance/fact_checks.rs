//! Fact-checks: imported once, paged without gaps, followed by revision.

use domain::fact_check::{FactCheck, Origin, Rating};
use domain::{FactCheckId, Timestamp};
use store::{ImportCount, StoreError};
use uuid::Uuid;

use crate::engine::each_engine;
use crate::network::{T0, at, by_machine, fact_check, imported};

each_engine! {
    async fn a_second_import_changes_nothing(bench) {
        let store = &bench.store;
        let checks: Vec<FactCheck> = (0..5).map(|n| fact_check(&bench, &format!("a{n}"))).collect();
        let count = store.import_fact_checks(&checks, &by_machine()).await.expect("import");
        assert_eq!(count, ImportCount { inserted: 5, updated: 0, unchanged: 0 });
        assert_eq!(store.last_revision().await.expect("revision"), 5);
        // The importer draws fresh ids every time; the stored ones stay.
        let again: Vec<FactCheck> = checks
            .iter()
            .map(|check| FactCheck { id: FactCheckId(bench.id()), ..check.clone() })
            .collect();
        let count = store.import_fact_checks(&again, &by_machine()).await.expect("import");
        assert_eq!(count, ImportCount { inserted: 0, updated: 0, unchanged: 5 });
        assert_eq!(store.last_revision().await.expect("revision"), 5);
        assert_eq!(store.fact_check_count().await.expect("count"), 5);
        let stored = store.fact_check(checks[3].id).await.expect("read");
        assert_eq!(stored, FactCheck { revision: 4, ..checks[3].clone() });
    }

    async fn a_changed_check_keeps_its_id_and_takes_the_next_revision(bench) {
        let store = &bench.store;
        let stored = imported(&bench, &[fact_check(&bench, "a"), fact_check(&bench, "b")]).await;
        let changed = FactCheck {
            id: FactCheckId(bench.id()),
            rating: Rating::Misleading,
            deception: None,
            narrative: None,
            ..stored[0].clone()
        };
        let count = store.import_fact_checks(&[stored[1].clone(), changed.clone()], &by_machine()).await.expect("import");
        assert_eq!(count, ImportCount { inserted: 0, updated: 1, unchanged: 1 });
        let now = store.fact_check(stored[0].id).await.expect("read");
        assert_eq!(now, FactCheck { id: stored[0].id, revision: 3, ..changed });
        let news = store.fact_checks_after(2, 100).await.expect("changes");
        assert_eq!(news, [now]);
        assert_eq!(store.fact_checks_after(3, 100).await.expect("changes"), []);
    }

    async fn of_the_same_check_twice_in_one_import_the_last_counts(bench) {
        let first = fact_check(&bench, "a");
        let second = FactCheck { id: FactCheckId(bench.id()), label: "SALAH".to_owned(), ..first.clone() };
        let count = bench.store.import_fact_checks(&[first, second.clone()], &by_machine()).await.expect("import");
        assert_eq!(count, ImportCount { inserted: 1, updated: 0, unchanged: 1 });
        assert_eq!(bench.store.fact_check(second.id).await.expect("read").label, "SALAH");
    }

    async fn an_id_that_is_taken_by_another_check_is_a_conflict_and_nothing_goes_in(bench) {
        let stored = imported(&bench, &[fact_check(&bench, "a")]).await;
        let clash = FactCheck { id: stored[0].id, ..fact_check(&bench, "c") };
        let refused = bench.store.import_fact_checks(&[fact_check(&bench, "b"), clash], &by_machine()).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        assert_eq!(bench.store.fact_check_count().await.expect("count"), 1);
        assert_eq!(bench.store.last_revision().await.expect("revision"), 1, "a revision was lost");
    }

    async fn a_large_import_goes_in_whole(bench) {
        let checks: Vec<FactCheck> = (0..2_500)
            .map(|n| FactCheck {
                publisher: format!("Arsip {}", n % 3),
                published_at: at(n),
                ..fact_check(&bench, &format!("n{n}"))
            })
            .collect();
        let count = bench.store.import_fact_checks(&checks, &by_machine()).await.expect("import");
        assert_eq!(count.inserted, 2_500);
        let count = bench.store.import_fact_checks(&checks, &by_machine()).await.expect("import");
        assert_eq!(count, ImportCount { inserted: 0, updated: 0, unchanged: 2_500 });
        let all = bench.store.fact_checks_after(0, 10_000).await.expect("changes");
        assert!(all.iter().map(|check| check.revision).eq(1..=2_500));
    }

    async fn pages_follow_one_another_without_gap_or_repetition(bench) {
        // Many share a moment, so that only the id tells them apart.
        let checks: Vec<FactCheck> = (0..53)
            .map(|n| FactCheck {
                published_at: at(n / 10),
                rating: if n % 2 == 0 { Rating::False } else { Rating::True },
                ..fact_check(&bench, &format!("p{n}"))
            })
            .collect();
        imported(&bench, &checks).await;
        for (rating, total) in [(None, 53), (Some(Rating::False), 27), (Some(Rating::Unproven), 0)] {
            let mut seen: Vec<FactCheck> = Vec::new();
            let mut before: Option<(Timestamp, FactCheckId)> = None;
            loop {
                let page = bench.store.latest_fact_checks(before, 7, rating).await.expect("page");
                let Some(last) = page.last() else { break };
                before = Some((last.published_at, last.id));
                seen.extend(page);
            }
            assert_eq!(seen.len(), total, "{rating:?}");
            assert!(seen.windows(2).all(|two| (two[0].published_at, two[0].id) > (two[1].published_at, two[1].id)));
            assert!(seen.iter().all(|check| rating.is_none_or(|rating| check.rating == rating)));
        }
    }

    async fn checks_come_in_the_order_of_the_ids_asked_for(bench) {
        let stored = imported(&bench, &[fact_check(&bench, "a"), fact_check(&bench, "b"), fact_check(&bench, "c")]).await;
        let unknown = FactCheckId(Uuid::from_u128(4_711));
        let asked = [stored[2].id, unknown, stored[0].id, stored[2].id];
        let got = bench.store.fact_checks_by_ids(&asked).await.expect("read");
        assert_eq!(got, [stored[2].clone(), stored[0].clone()]);
        assert_eq!(bench.store.fact_checks_by_ids(&[]).await.expect("read"), []);
        assert!(matches!(bench.store.fact_check(unknown).await, Err(StoreError::NotFound)));
        assert_eq!(stored[0].origin, Origin::Imported);
        assert_eq!(stored[0].published_at, T0);
    }
}
