//! What is learnt in use: labels, how scores are spread, and thresholds changed by two people.

use domain::audit::{Actor, AuditKind};
use domain::claim_match::Decision;
use domain::label::{LabelSource, Verdict};
use domain::thresholds::{ChangeState, ThresholdChange, Thresholds};
use domain::{FactCheckId, LabelId, MemberId, ThresholdChangeId};
use store::{LabelRow, LabelTotals, NotMeant, ScoreCount, ScoreSum, StoreError};
use uuid::Uuid;

use crate::engine::{Bench, each_engine};
use crate::network::{
    Newsroom, T0, at, by, cluster, event, fact_check, imported, labelling, newsroom, suggesting,
    suggestion,
};

async fn all_labels(bench: &Bench) -> Vec<LabelRow> {
    let read = bench.store.labels_between(T0, at(1_000), None).await;
    read.expect("labels")
}

async fn audited(bench: &Bench) -> usize {
    bench
        .store
        .audit_page(None, 200)
        .await
        .expect("audit")
        .len()
}

fn said(bench: &Bench, fact_check: FactCheckId, digest: u8) -> NotMeant {
    NotMeant {
        id: LabelId(bench.id()),
        fact_check,
        text_digest: [digest; 32],
        probability: 0.75,
        answer: "probable",
        reason: "{}".to_owned(),
        model: "weights-1".to_owned(),
    }
}

fn change(bench: &Bench, desk: &Newsroom, seconds: i64) -> ThresholdChange {
    ThresholdChange {
        id: ThresholdChangeId(bench.id()),
        thresholds: Thresholds::new(0.9, 0.5).expect("thresholds"),
        model: "weights-1".to_owned(),
        proposed_by: desk.editor.id,
        proposed_at: at(seconds),
        state: ChangeState::Proposed,
    }
}

async fn propose(
    bench: &Bench,
    desk: &Newsroom,
    change: &ThresholdChange,
) -> Result<(), StoreError> {
    let act = by(&desk.editor, AuditKind::ThresholdsProposed, change.id.0);
    bench.store.insert_threshold_change(change, &act).await
}

each_engine! {
    async fn every_word_on_a_match_is_kept_as_a_label(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let checks = imported(&bench, &[fact_check(&bench, "a"), fact_check(&bench, "b")]).await;
        let row = suggesting(cluster(&bench, "teks wakil"), vec![suggestion(&checks[0], 0.75)]);
        bench.store.upsert_clusters(std::slice::from_ref(&row)).await.expect("upsert");
        let words = [
            (checks[0].id, Decision::Confirm, AuditKind::MatchConfirmed),
            (checks[0].id, Decision::Reject, AuditKind::MatchRejected),
            (checks[0].id, Decision::Undo, AuditKind::MatchReopened),
            (checks[1].id, Decision::Confirm, AuditKind::MatchConfirmed),
        ];
        for (check, decision, kind) in words {
            let act = by(&desk.editor, kind, row.id.0);
            bench.store.decide_match(row.id, check, decision, labelling(&bench), &act).await.expect("decide");
        }
        let labels = all_labels(&bench).await;
        let verdicts: Vec<Verdict> = labels.iter().map(|label| label.verdict).collect();
        assert_eq!(
            verdicts,
            [Verdict::Confirmed, Verdict::Rejected, Verdict::TakenBack, Verdict::Confirmed],
        );
        let first = &labels[0];
        assert_eq!(first.member, Some(desk.editor.id));
        assert_eq!(first.at, T0);
        assert_eq!((first.cluster, first.fact_check), (Some(row.id), checks[0].id));
        assert_eq!(first.text.as_deref(), Some("teks wakil"));
        assert_eq!(first.text_digest, ledger::sha256(b"teks wakil"));
        assert_eq!((first.probability, first.answer.as_str()), (Some(0.75), "probable"));
        assert_eq!((first.source, first.model.as_str()), (LabelSource::Suggestion, "weights-1"));
        assert_eq!(first.reason, row.suggestions[0].reason);
        let by_hand = &labels[3];
        assert_eq!((by_hand.source, by_hand.probability), (LabelSource::ByHand, None));
        assert_eq!(by_hand.answer, "not_yet_checked");
        let totals = bench.store.label_totals().await.expect("totals");
        assert_eq!(totals, LabelTotals { confirmed: 2, rejected: 1, taken_back: 1, not_meant: 0 });
        let newest = bench.store.newest_labels().await.expect("newest");
        assert_eq!(newest[0], labels[3]);
    }

    async fn a_refused_decision_leaves_no_label(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let check = imported(&bench, &[fact_check(&bench, "a")]).await.remove(0);
        let row = cluster(&bench, "teks");
        bench.store.upsert_clusters(std::slice::from_ref(&row)).await.expect("upsert");
        let act = by(&desk.editor, AuditKind::MatchRejected, row.id.0);
        let refused = bench.store
            .decide_match(row.id, check.id, Decision::Reject, labelling(&bench), &act).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
        assert_eq!(all_labels(&bench).await, []);
    }

    async fn a_label_is_never_changed(bench) {
        let check = imported(&bench, &[fact_check(&bench, "a")]).await.remove(0);
        let act = event(AuditKind::MatchNotMeant, Actor::Public, check.id.0);
        bench.store.label_not_meant(&said(&bench, check.id, 1), &act).await.expect("label");
        for sql in ["UPDATE match_label SET verdict = 'confirmed'", "DELETE FROM match_label"] {
            let refused = bench.raw(sql).await.expect_err("changed");
            assert!(refused.contains("append only"), "{refused}");
        }
    }

    async fn a_readers_word_names_nobody_and_is_kept_once(bench) {
        let check = imported(&bench, &[fact_check(&bench, "a")]).await.remove(0);
        let act = event(AuditKind::MatchNotMeant, Actor::Public, check.id.0);
        let before = audited(&bench).await;
        assert!(bench.store.label_not_meant(&said(&bench, check.id, 1), &act).await.expect("label"));
        assert!(!bench.store.label_not_meant(&said(&bench, check.id, 1), &act).await.expect("label"));
        assert!(bench.store.label_not_meant(&said(&bench, check.id, 2), &act).await.expect("label"));
        assert_eq!(audited(&bench).await, before + 2);
        let labels = all_labels(&bench).await;
        assert_eq!(labels.len(), 2);
        assert_eq!((labels[0].member, labels[0].text.clone(), labels[0].cluster), (None, None, None));
        assert_eq!((labels[0].verdict, labels[0].source), (Verdict::NotMeant, LabelSource::Reader));
        let unknown = said(&bench, FactCheckId(Uuid::from_u128(4_711)), 3);
        let refused = bench.store.label_not_meant(&unknown, &act).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    }

    async fn labels_come_page_by_page_within_their_span(bench) {
        let check = imported(&bench, &[fact_check(&bench, "a")]).await.remove(0);
        for second in 0..5_u8 {
            let mut act = event(AuditKind::MatchNotMeant, Actor::Public, check.id.0);
            act.at = at(i64::from(second / 2));
            bench.store.label_not_meant(&said(&bench, check.id, second), &act).await.expect("label");
        }
        let all = bench.store.labels_between(at(0), at(2), None).await.expect("labels");
        assert_eq!(all.iter().map(|label| label.text_digest[0]).collect::<Vec<_>>(), [0, 1, 2, 3]);
        let rest = bench.store
            .labels_between(at(0), at(2), Some((all[0].at, all[0].id))).await.expect("labels");
        assert_eq!(rest, all[1..]);
        assert_eq!(bench.store.labels_between(at(3), at(9), None).await.expect("labels"), []);
    }

    async fn score_counts_add_up_and_old_ones_go(bench) {
        let count = |hour, source, bin, count| ScoreCount { hour, source, bin, count };
        let store = &bench.store;
        store.add_score_counts(&[]).await.expect("nothing");
        store.add_score_counts(&[count(10, "stream", 0, 5), count(10, "lookup", 19, 1)]).await.expect("add");
        store.add_score_counts(&[count(10, "stream", 0, 2), count(12, "stream", 0, 4)]).await.expect("add");
        store.add_score_counts(&[count(13, "stream", 3, 9)]).await.expect("add");
        let sum = |source: &str, recent, bin, count| ScoreSum { source: source.to_owned(), recent, bin, count };
        assert_eq!(
            store.score_sums(10, 12, 13).await.expect("sums"),
            [sum("lookup", false, 19, 1), sum("stream", false, 0, 7), sum("stream", true, 0, 4)],
        );
        assert_eq!(store.forget_scores(12).await.expect("forget"), 2);
        assert_eq!(store.score_sums(0, 12, 13).await.expect("sums"), [sum("stream", true, 0, 4)]);
    }

    async fn a_change_waits_for_a_second_person(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let store = &bench.store;
        assert_eq!(store.thresholds_in_force().await.expect("none"), None);
        let first = change(&bench, &desk, 1);
        propose(&bench, &desk, &first).await.expect("propose");
        let second = propose(&bench, &desk, &change(&bench, &desk, 2)).await;
        assert!(matches!(second, Err(StoreError::Conflict)), "{second:?}");
        assert_eq!(store.thresholds_in_force().await.expect("none"), None);
        let applied = first.clone().apply(desk.reviewer.id, at(3), "weights-1").expect("apply");
        let act = by(&desk.reviewer, AuditKind::ThresholdsApplied, first.id.0);
        store.decide_threshold_change(&applied, &act).await.expect("apply");
        assert_eq!(store.thresholds_in_force().await.expect("one"), Some(applied.clone()));
        let late = first.withdraw(desk.editor.id, at(4)).expect("withdraw");
        let act = by(&desk.editor, AuditKind::ThresholdsWithdrawn, late.id.0);
        let refused = store.decide_threshold_change(&late, &act).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        let next = change(&bench, &desk, 5);
        propose(&bench, &desk, &next).await.expect("propose again");
        let gone = next.withdraw(desk.editor.id, at(6)).expect("withdraw");
        let act = by(&desk.editor, AuditKind::ThresholdsWithdrawn, gone.id.0);
        store.decide_threshold_change(&gone, &act).await.expect("withdraw");
        assert_eq!(store.threshold_changes(10).await.expect("list"), [gone, applied.clone()]);
        assert_eq!(store.threshold_change(applied.id).await.expect("one"), applied);
        let nothing = store.threshold_change(ThresholdChangeId(Uuid::from_u128(4_711))).await;
        assert!(matches!(nothing, Err(StoreError::NotFound)), "{nothing:?}");
    }

    async fn one_person_alone_is_refused_by_the_database(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let proposed = change(&bench, &desk, 1);
        propose(&bench, &desk, &proposed).await.expect("propose");
        let by_oneself = |by: MemberId| ThresholdChange {
            state: ChangeState::Applied { by, at: at(2) },
            ..proposed.clone()
        };
        let act = by(&desk.editor, AuditKind::ThresholdsApplied, proposed.id.0);
        let before = audited(&bench).await;
        let refused = bench.store.decide_threshold_change(&by_oneself(desk.editor.id), &act).await;
        assert!(matches!(refused, Err(StoreError::Db(_))), "{refused:?}");
        assert_eq!(audited(&bench).await, before);
        assert_eq!(bench.store.threshold_change(proposed.id).await.expect("read"), proposed);
    }
}
