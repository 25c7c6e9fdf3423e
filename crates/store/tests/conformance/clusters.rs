//! Clusters as the engine writes them, and people's words on their matches.

use domain::audit::{Actor, AuditKind};
use domain::claim_match::{Decision, MatchState};
use domain::cluster::{ClusterAnswer, ClusterState, heat};
use domain::fact_check::FactCheck;
use domain::{ClusterId, FactCheckId};
use store::limits::{EXAMPLE_TEXT_BYTES, EXAMPLES_PER_CLUSTER};
use store::{ClusterRow, Example, MatchOutcome, StoreError, StreamHour};
use uuid::Uuid;

use crate::engine::{Bench, each_engine};
use crate::network::{
    Newsroom, T0, at, by, cluster, event, fact_check, imported, labelling, newsroom, suggesting,
    suggestion,
};

async fn decide(
    bench: &Bench,
    desk: &Newsroom,
    row: &ClusterRow,
    check: &FactCheck,
    decision: Decision,
) -> Result<MatchOutcome, StoreError> {
    let kind = match decision {
        Decision::Confirm => AuditKind::MatchConfirmed,
        Decision::Reject => AuditKind::MatchRejected,
        Decision::Undo => AuditKind::MatchReopened,
    };
    bench
        .store
        .decide_match(
            row.id,
            check.id,
            decision,
            labelling(bench),
            &by(&desk.editor, kind, row.id.0),
        )
        .await
}

each_engine! {
    async fn the_same_upsert_twice_changes_nothing(bench) {
        let checks = imported(&bench, &[fact_check(&bench, "a"), fact_check(&bench, "b")]).await;
        let row = cluster(&bench, "Surat suara \"tercoblos\"\n'; DROP TABLE cluster; --");
        let row = suggesting(row, vec![suggestion(&checks[0], 0.9), suggestion(&checks[1], 0.4)]);
        for _ in 0..2 {
            bench.store.upsert_clusters(std::slice::from_ref(&row)).await.expect("upsert");
            assert_eq!(bench.store.cluster(row.id).await.expect("read"), row);
            assert_eq!(bench.store.cluster_matches(row.id).await.expect("matches").len(), 2);
        }
        bench.store.upsert_clusters(&[]).await.expect("nothing to write");
    }

    async fn later_values_replace_earlier_ones_and_the_last_of_a_batch_counts(bench) {
        let checks = imported(&bench, &[fact_check(&bench, "a"), fact_check(&bench, "b")]).await;
        let early = suggesting(cluster(&bench, "awal"), vec![suggestion(&checks[0], 0.9)]);
        bench.store.upsert_clusters(std::slice::from_ref(&early)).await.expect("upsert");
        let middle = ClusterRow { posts: 50, ..early.clone() };
        let late = ClusterRow {
            posts: 60,
            state: ClusterState::Dormant,
            region: None,
            lang: None,
            facets: vec![],
            examples: vec![],
            suggestions: vec![suggestion(&checks[1], 0.5)],
            ..early.clone()
        };
        bench.store.upsert_clusters(&[middle, late.clone()]).await.expect("upsert");
        assert_eq!(bench.store.cluster(early.id).await.expect("read"), late);
        let nobody = ClusterId(Uuid::from_u128(4_711));
        assert!(matches!(bench.store.cluster(nobody).await, Err(StoreError::NotFound)));
    }

    async fn a_batch_of_several_statements_goes_in_whole(bench) {
        let check = imported(&bench, &[fact_check(&bench, "a")]).await.remove(0);
        let rows: Vec<ClusterRow> = (0..2_600)
            .map(|n| suggesting(cluster(&bench, &format!("teks {n}")), vec![suggestion(&check, 0.9)]))
            .collect();
        bench.store.upsert_clusters(&rows).await.expect("upsert");
        for row in [&rows[0], &rows[999], &rows[1_000], &rows[2_599]] {
            assert_eq!(bench.store.cluster(row.id).await.expect("read"), *row);
        }
        assert_eq!(bench.store.radar_totals(at(-999_999)).await.expect("totals").active_clusters, 2_600);
    }

    async fn a_row_is_bounded_and_a_nul_character_is_no_obstacle(bench) {
        let mut row = cluster(&bench, &"é".repeat(EXAMPLE_TEXT_BYTES));
        let example = Example { text: "ada \0 nol".to_owned(), ..row.examples[0].clone() };
        row.examples = vec![example; EXAMPLES_PER_CLUSTER + 5];
        row.lang = Some("i\0d".to_owned());
        bench.store.upsert_clusters(std::slice::from_ref(&row)).await.expect("upsert");
        let stored = bench.store.cluster(row.id).await.expect("read");
        assert_eq!(stored.text, "é".repeat(EXAMPLE_TEXT_BYTES / 2));
        assert_eq!(stored.examples.len(), EXAMPLES_PER_CLUSTER);
        assert_eq!(stored.lang.as_deref(), Some("i\u{FFFD}d"));
    }

    async fn a_confirmed_match_is_never_overridden_by_the_engine(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let checks = imported(&bench, &[fact_check(&bench, "a"), fact_check(&bench, "b")]).await;
        let row = suggesting(cluster(&bench, "teks"), vec![suggestion(&checks[0], 0.9)]);
        bench.store.upsert_clusters(std::slice::from_ref(&row)).await.expect("upsert");
        let outcome = decide(&bench, &desk, &row, &checks[0], Decision::Confirm).await.expect("decide");
        assert_eq!(outcome, MatchOutcome { answer: ClusterAnswer::Answered, fact_check: Some(checks[0].id) });
        let answered_heat = heat(30, 12_000, ClusterAnswer::Answered);
        let changed_minds = [
            row.clone(),
            suggesting(row.clone(), vec![suggestion(&checks[1], 0.99)]),
            ClusterRow { answer: ClusterAnswer::None, suggestions: vec![], ..row.clone() },
        ];
        for engine in changed_minds {
            bench.store.upsert_clusters(std::slice::from_ref(&engine)).await.expect("upsert");
            let stored = bench.store.cluster(row.id).await.expect("read");
            assert_eq!(stored.answer, ClusterAnswer::Answered);
            assert!((stored.heat - answered_heat).abs() < 1e-9, "{}", stored.heat);
            let matches = bench.store.cluster_matches(row.id).await.expect("matches");
            let kept = matches.iter().find(|found| found.fact_check.id == checks[0].id).expect("kept");
            assert_eq!(kept.state, MatchState::Confirmed { by: desk.editor.id, at: T0 });
        }
        assert_eq!(bench.store.confirmed_matches().await.expect("read"), [(row.id, checks[0].id)]);
    }

    async fn a_rejected_suggestion_gives_no_answer_however_often_it_comes_back(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let checks = imported(&bench, &[fact_check(&bench, "a"), fact_check(&bench, "b")]).await;
        let row = suggesting(cluster(&bench, "teks"), vec![suggestion(&checks[0], 0.9)]);
        bench.store.upsert_clusters(std::slice::from_ref(&row)).await.expect("upsert");
        let outcome = decide(&bench, &desk, &row, &checks[0], Decision::Reject).await.expect("decide");
        assert_eq!(outcome, MatchOutcome { answer: ClusterAnswer::None, fact_check: None });
        bench.store.upsert_clusters(std::slice::from_ref(&row)).await.expect("upsert");
        let stored = bench.store.cluster(row.id).await.expect("read");
        assert_eq!(stored.answer, ClusterAnswer::None);
        assert!((stored.heat - heat(30, 12_000, ClusterAnswer::None)).abs() < 1e-9);
        let both = suggesting(row.clone(), vec![suggestion(&checks[0], 0.9), suggestion(&checks[1], 0.5)]);
        bench.store.upsert_clusters(std::slice::from_ref(&both)).await.expect("upsert");
        assert_eq!(bench.store.cluster(row.id).await.expect("read").answer, ClusterAnswer::Suggested);
        let undone = decide(&bench, &desk, &row, &checks[0], Decision::Undo).await.expect("undo");
        assert_eq!(undone, MatchOutcome { answer: ClusterAnswer::Suggested, fact_check: Some(checks[0].id) });
    }

    async fn an_editor_adds_a_check_the_machine_did_not_see_and_takes_it_back(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let check = imported(&bench, &[fact_check(&bench, "a")]).await.remove(0);
        let row = cluster(&bench, "teks");
        bench.store.upsert_clusters(std::slice::from_ref(&row)).await.expect("upsert");
        decide(&bench, &desk, &row, &check, Decision::Confirm).await.expect("confirm");
        let matches = bench.store.cluster_matches(row.id).await.expect("matches");
        assert!(!matches[0].suggested);
        assert_eq!(bench.store.cluster(row.id).await.expect("read").suggestions, []);
        let undone = decide(&bench, &desk, &row, &check, Decision::Undo).await.expect("undo");
        assert_eq!(undone, MatchOutcome { answer: ClusterAnswer::None, fact_check: None });
        assert_eq!(bench.store.cluster_matches(row.id).await.expect("matches"), []);
    }

    async fn a_decision_on_nothing_is_not_found_and_leaves_no_trace(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let check = imported(&bench, &[fact_check(&bench, "a")]).await.remove(0);
        let row = cluster(&bench, "teks");
        bench.store.upsert_clusters(std::slice::from_ref(&row)).await.expect("upsert");
        let before = bench.store.audit_page(None, 200).await.expect("audit").len();
        for decision in [Decision::Reject, Decision::Undo] {
            let refused = decide(&bench, &desk, &row, &check, decision).await;
            assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
        }
        let nobody = ClusterRow { id: ClusterId(Uuid::from_u128(4_711)), ..row.clone() };
        let refused = decide(&bench, &desk, &nobody, &check, Decision::Confirm).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
        let unknown = FactCheck { id: FactCheckId(Uuid::from_u128(4_711)), ..check.clone() };
        let refused = decide(&bench, &desk, &row, &unknown, Decision::Confirm).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
        let machine = event(AuditKind::MatchConfirmed, Actor::Machine, row.id.0);
        let refused = bench.store.decide_match(row.id, check.id, Decision::Confirm, labelling(&bench), &machine).await;
        assert!(matches!(refused, Err(StoreError::NotAPerson)), "{refused:?}");
        assert_eq!(bench.store.audit_page(None, 200).await.expect("audit").len(), before);
    }

    async fn a_decision_survives_an_upsert_at_the_same_moment(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let check = imported(&bench, &[fact_check(&bench, "a")]).await.remove(0);
        let rows: Vec<ClusterRow> = (0..40)
            .map(|n| suggesting(cluster(&bench, &format!("teks {n}")), vec![suggestion(&check, 0.9)]))
            .collect();
        bench.store.upsert_clusters(&rows).await.expect("upsert");
        let engine = tokio::spawn({
            let (store, rows) = (bench.store.clone(), rows.clone());
            async move {
                for _ in 0..20 {
                    store.upsert_clusters(&rows).await.expect("upsert");
                }
            }
        });
        for row in &rows {
            decide(&bench, &desk, row, &check, Decision::Confirm).await.expect("decide");
        }
        engine.await.expect("engine");
        for row in &rows {
            assert_eq!(bench.store.cluster(row.id).await.expect("read").answer, ClusterAnswer::Answered);
        }
    }

    async fn only_closed_clusters_that_nobody_needs_are_forgotten(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let check = imported(&bench, &[fact_check(&bench, "a")]).await.remove(0);
        let closed = |text: &str| ClusterRow { state: ClusterState::Closed, ..cluster(&bench, text) };
        let decided = suggesting(closed("diputuskan"), vec![suggestion(&check, 0.9)]);
        let gone = suggesting(closed("boleh hilang"), vec![suggestion(&check, 0.9)]);
        let recent = ClusterRow { last_seen_at: at(100), ..closed("baru") };
        let live = cluster(&bench, "hidup");
        let tipped = closed("kiriman warga");
        let worked = closed("dikerjakan");
        let all = [&decided, &gone, &recent, &live, &tipped, &worked].map(Clone::clone);
        bench.store.upsert_clusters(&all).await.expect("upsert");
        decide(&bench, &desk, &decided, &check, Decision::Reject).await.expect("decide");
        crate::cases::open_case(&bench, &desk, worked.id).await;
        crate::tips_and_feeds::linked_tip(&bench, "KODE-1", tipped.id).await;
        assert_eq!(bench.store.forget_clusters(at(0)).await.expect("forget"), 1);
        assert!(matches!(bench.store.cluster(gone.id).await, Err(StoreError::NotFound)));
        assert_eq!(bench.store.cluster_matches(gone.id).await.expect("matches"), []);
        for kept in [decided.id, recent.id, live.id, tipped.id, worked.id] {
            bench.store.cluster(kept).await.expect("kept");
        }
    }

    async fn hours_are_absolute(bench) {
        let hour = |hour: i64, posts: i64| StreamHour { hour, posts, copies: posts - 1, matched: 2 };
        bench.store.upsert_stream_hours(&[hour(5, 10), hour(6, 20)]).await.expect("upsert");
        bench.store.upsert_stream_hours(&[hour(6, 25), hour(7, 1), hour(7, 30)]).await.expect("upsert");
        let stored = bench.store.stream_hours(6).await.expect("read");
        assert_eq!(stored, [hour(6, 25), hour(7, 30)]);
    }
}
