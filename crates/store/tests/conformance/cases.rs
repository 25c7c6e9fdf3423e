//! Cases: one live case for each newsroom and cluster, no lost update, publication as one.

use domain::audit::AuditKind;
use domain::case::{Case, CaseState};
use domain::cluster::ClusterAnswer;
use domain::fact_check::{Draft, FactCheck, Origin, Rating};
use domain::{CaseId, ClusterId, FactCheckId};
use store::{CaseFilter, Page, StoreError};
use uuid::Uuid;

use crate::engine::{Bench, each_engine};
use crate::network::{Newsroom, at, by, cluster, fact_check, newsroom};

/// A fresh case of a newsroom.
fn fresh(bench: &Bench, desk: &Newsroom, cluster: ClusterId) -> Case {
    let title = "Surat suara tercoblos".to_owned();
    Case::open(
        CaseId(bench.id()),
        cluster,
        desk.organisation.id,
        title,
        desk.editor.id,
        at(0),
    )
}

/// A stored case of a newsroom.
pub(crate) async fn open_case(bench: &Bench, desk: &Newsroom, cluster: ClusterId) -> Case {
    let case = fresh(bench, desk, cluster);
    let opened = by(&desk.editor, AuditKind::CaseOpened, case.id.0);
    bench
        .store
        .insert_case(&case, &opened)
        .await
        .expect("insert");
    case
}

pub(crate) async fn stored_cluster(bench: &Bench) -> ClusterId {
    let row = cluster(bench, "teks");
    bench
        .store
        .upsert_clusters(std::slice::from_ref(&row))
        .await
        .expect("upsert");
    row.id
}

async fn update(bench: &Bench, desk: &Newsroom, case: &Case) -> Result<(), StoreError> {
    bench
        .store
        .update_case(case, &by(&desk.editor, AuditKind::DraftSaved, case.id.0))
        .await
}

fn draft() -> Draft {
    Draft {
        claim: "Surat suara sudah tercoblos".to_owned(),
        rating: Some(Rating::False),
        label: "HOAKS".to_owned(),
        deception: None,
        explanation: "Tidak ada bukti.".to_owned(),
        evidence: vec!["https://kpu.example".to_owned()],
    }
}

/// A stored case that waits for review.
async fn in_review(bench: &Bench, desk: &Newsroom, cluster: ClusterId) -> Case {
    let case = open_case(bench, desk, cluster).await;
    let held = case.take(desk.editor.id, at(1)).expect("take");
    update(bench, desk, &held).await.expect("update");
    let saved = held.save(draft(), desk.editor.id, at(2)).expect("save");
    update(bench, desk, &saved).await.expect("update");
    let submitted = saved.submit(desk.editor.id, at(3)).expect("submit");
    update(bench, desk, &submitted).await.expect("update");
    submitted
}

/// The approved case with the check it becomes.
fn approved(bench: &Bench, desk: &Newsroom, case: Case) -> (Case, FactCheck) {
    let id = FactCheckId(bench.id());
    let (case, complete) = case.approve(desk.reviewer.id, id, at(4)).expect("approve");
    let check = FactCheck {
        id,
        publisher: desk.organisation.name.clone(),
        origin: Origin::Desk {
            organisation: desk.organisation.id,
            author: desk.editor.id,
            reviewer: desk.reviewer.id,
        },
        claim: complete.claim,
        narrative: None,
        url: None,
        deception: None,
        ..fact_check(bench, &id.to_string())
    };
    (case, check)
}

each_engine! {
    async fn a_cluster_has_one_live_case_in_each_newsroom(bench) {
        let (desk, other) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let cluster = stored_cluster(&bench).await;
        let first = open_case(&bench, &desk, cluster).await;
        let opened = by(&desk.editor, AuditKind::CaseOpened, first.id.0);
        let refused = bench.store.insert_case(&fresh(&bench, &desk, cluster), &opened).await;
        assert!(matches!(refused, Err(StoreError::CaseExists(id)) if id == first.id), "{refused:?}");
        open_case(&bench, &other, cluster).await;
        let live = bench.store.case_of_cluster(cluster, desk.organisation.id).await.expect("read");
        assert_eq!(live, Some(first.clone()));

        let closed = first.close(desk.editor.id, "bukan pemilu", at(5)).expect("close");
        update(&bench, &desk, &closed).await.expect("update");
        assert_eq!(bench.store.case_of_cluster(cluster, desk.organisation.id).await.expect("read"), None);
        open_case(&bench, &desk, cluster).await;

        let nowhere = fresh(&bench, &desk, ClusterId(Uuid::from_u128(4_711)));
        let refused = bench.store.insert_case(&nowhere, &opened).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    }

    async fn of_two_people_opening_at_once_one_gets_the_case(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let cluster = stored_cluster(&bench).await;
        let attempts = (0..6).map(|_| {
            let (store, case) = (bench.store.clone(), fresh(&bench, &desk, cluster));
            let opened = by(&desk.editor, AuditKind::CaseOpened, case.id.0);
            tokio::spawn(async move { store.insert_case(&case, &opened).await })
        });
        let mut won = 0;
        for attempt in attempts.collect::<Vec<_>>() {
            match attempt.await.expect("task") {
                Ok(()) => won += 1,
                Err(error) => assert!(matches!(error, StoreError::CaseExists(_)), "{error:?}"),
            }
        }
        assert_eq!(won, 1);
    }

    async fn of_two_writers_the_second_is_told(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let cluster = stored_cluster(&bench).await;
        let case = open_case(&bench, &desk, cluster).await;
        let one = case.clone().take(desk.editor.id, at(1)).expect("take");
        let two = case.take(desk.reviewer.id, at(1)).expect("take");
        update(&bench, &desk, &one).await.expect("the first writer");
        let before = bench.store.case_history(one.id).await.expect("history").len();
        let refused = update(&bench, &desk, &two).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        let repeated = update(&bench, &desk, &one).await;
        assert!(matches!(repeated, Err(StoreError::Conflict)), "{repeated:?}");
        assert_eq!(bench.store.case(one.id).await.expect("read"), one);
        assert_eq!(bench.store.case_history(one.id).await.expect("history").len(), before);
        let nobody = Case { id: CaseId(Uuid::from_u128(4_711)), ..one };
        assert!(matches!(update(&bench, &desk, &nobody).await, Err(StoreError::NotFound)));
        assert!(matches!(bench.store.case(nobody.id).await, Err(StoreError::NotFound)));
    }

    async fn every_state_reads_back(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let cluster = stored_cluster(&bench).await;
        let mut states = Vec::new();
        let submitted = in_review(&bench, &desk, cluster).await;
        let returned = submitted.return_with_note(desk.reviewer.id, "Kurang bukti", at(4)).expect("return");
        update(&bench, &desk, &returned).await.expect("update");
        for case in [
            returned.clone(),
            returned.clone().take(desk.reviewer.id, at(5)).expect("take"),
        ] {
            if case.version > returned.version {
                update(&bench, &desk, &case).await.expect("update");
            }
            assert_eq!(bench.store.case(case.id).await.expect("read"), case);
            states.push(case.state.as_str());
        }
        let held = bench.store.case(returned.id).await.expect("read");
        let released = held.release(desk.reviewer.id).expect("release");
        update(&bench, &desk, &released).await.expect("update");
        assert_eq!(bench.store.case(released.id).await.expect("read"), released);
        assert_eq!(released.authors, [desk.editor.id]);
        let closed = released.close(desk.editor.id, "selesai", at(9)).expect("close");
        update(&bench, &desk, &closed).await.expect("update");
        assert_eq!(bench.store.case(closed.id).await.expect("read"), closed);
        assert_eq!(states, ["returned", "held"]);
    }

    async fn a_publication_is_one(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let cluster = stored_cluster(&bench).await;
        let (case, check) = { let submitted = in_review(&bench, &desk, cluster).await; approved(&bench, &desk, submitted) };
        let published = by(&desk.reviewer, AuditKind::CasePublished, case.id.0);
        let revision = bench.store.publish_case(&case, &check, &published).await.expect("publish");
        assert_eq!(revision, 1);
        assert_eq!(bench.store.case(case.id).await.expect("read"), case);
        assert_eq!(bench.store.fact_check(check.id).await.expect("read"), FactCheck { revision, ..check.clone() });
        assert_eq!(bench.store.cluster(cluster).await.expect("read").answer, ClusterAnswer::Answered);
        assert_eq!(bench.store.confirmed_matches().await.expect("read"), [(cluster, check.id)]);
        let kinds: Vec<AuditKind> =
            bench.store.case_history(case.id).await.expect("history").iter().map(|row| row.event.kind).collect();
        assert_eq!(kinds.first(), Some(&AuditKind::CasePublished));
        assert_eq!(kinds.last(), Some(&AuditKind::CaseOpened));

        let import = FactCheck { origin: Origin::Imported, label: "LAIN".to_owned(), ..check.clone() };
        let count = bench.store.import_fact_checks(&[import], &published).await.expect("import");
        assert_eq!((count.updated, count.unchanged), (0, 1), "an import changed the desk's own check");
    }

    async fn a_publication_that_comes_second_leaves_nothing_behind(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let cluster = stored_cluster(&bench).await;
        let waiting = in_review(&bench, &desk, cluster).await;
        let returned = waiting.clone().return_with_note(desk.reviewer.id, "Kurang", at(4)).expect("return");
        update(&bench, &desk, &returned).await.expect("update");
        let (case, check) = approved(&bench, &desk, waiting);
        let published = by(&desk.reviewer, AuditKind::CasePublished, case.id.0);
        let refused = bench.store.publish_case(&case, &check, &published).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        assert_eq!(bench.store.fact_check_count().await.expect("count"), 0);
        assert_eq!(bench.store.last_revision().await.expect("revision"), 0);
        assert_eq!(bench.store.confirmed_matches().await.expect("read"), []);
        assert_eq!(bench.store.case(case.id).await.expect("read"), returned);
    }

    async fn a_check_by_one_person_alone_is_refused_by_the_database(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let cluster = stored_cluster(&bench).await;
        let waiting = in_review(&bench, &desk, cluster).await;
        let (case, check) = approved(&bench, &desk, waiting);
        let alone = Origin::Desk {
            organisation: desk.organisation.id,
            author: desk.editor.id,
            reviewer: desk.editor.id,
        };
        let published = by(&desk.editor, AuditKind::CasePublished, case.id.0);
        let refused = bench.store.publish_case(&case, &FactCheck { origin: alone, ..check }, &published).await;
        assert!(matches!(refused, Err(StoreError::Db(_))), "{refused:?}");
    }

    async fn lists_show_whose_turn_it_is(bench) {
        let (desk, other) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let store = &bench.store;
        let waiting = in_review(&bench, &desk, stored_cluster(&bench).await).await;
        let held = open_case(&bench, &desk, stored_cluster(&bench).await).await;
        let held = held.take(desk.reviewer.id, at(50)).expect("take");
        update(&bench, &desk, &held).await.expect("update");
        open_case(&bench, &other, stored_cluster(&bench).await).await;
        let ended = open_case(&bench, &desk, stored_cluster(&bench).await).await;
        let ended = ended.close(desk.editor.id, "selesai", at(60)).expect("close");
        update(&bench, &desk, &ended).await.expect("update");

        let ids = |rows: Vec<store::CaseRow>| rows.iter().map(|row| row.case.id).collect::<Vec<_>>();
        let live = store.cases(CaseFilter::Live(desk.organisation.id), Page::first(10)).await.expect("list");
        assert_eq!(live[0].holder_name.as_deref(), Some("Redaktur Dua"));
        assert_eq!((live[0].posts, live[0].posts_per_hour), (40, 30));
        assert_eq!(live[1].author_name.as_deref(), Some("Redaktur Satu"));
        assert_eq!(ids(live), [held.id, waiting.id]);
        let second = store.cases(CaseFilter::Live(desk.organisation.id), Page { limit: 1, offset: 1 }).await;
        assert_eq!(ids(second.expect("list")), [waiting.id]);
        let review = store.cases(CaseFilter::Waiting(desk.organisation.id), Page::first(10)).await;
        assert_eq!(ids(review.expect("list")), [waiting.id]);
        let mine = store.cases(CaseFilter::Mine(desk.editor.id), Page::first(10)).await;
        assert_eq!(ids(mine.expect("list")), [waiting.id]);
        let theirs = store.cases(CaseFilter::Mine(desk.reviewer.id), Page::first(10)).await;
        assert_eq!(ids(theirs.expect("list")), [held.id]);
        assert!(matches!(waiting.state, CaseState::InReview { .. }));
    }
}
