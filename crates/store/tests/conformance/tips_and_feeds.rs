//! Tips followed by their code, and feeds by when they are due.

use domain::audit::{Actor, AuditKind};
use domain::cluster::ClusterAnswer;
use domain::region::RegionCode;
use domain::tip::Tip;
use domain::{ClusterId, FeedId, TipId};
use store::{FeedRow, Page, PollResult, StoreError};
use uuid::Uuid;

use crate::engine::{Bench, each_engine};
use crate::network::{at, cluster, event, fact_check, imported, newsroom, suggesting, suggestion};

async fn tip(bench: &Bench, code: &str) -> Result<Tip, StoreError> {
    let id = TipId(bench.id());
    let tip = Tip {
        id,
        code: code.to_owned(),
        text: "Benarkah ini?".to_owned(),
        region: RegionCode::parse("32.73").ok(),
        received_at: at(i64::try_from(id.0.as_u128()).expect("small")),
    };
    let received = event(AuditKind::TipReceived, Actor::Public, id.0);
    bench.store.insert_tip(&tip, &received).await.map(|()| tip)
}

/// A stored tip that joined a cluster.
pub(crate) async fn linked_tip(bench: &Bench, code: &str, cluster: ClusterId) -> Tip {
    let tip = tip(bench, code).await.expect("insert");
    bench.store.link_tip(tip.id, cluster).await.expect("link");
    tip
}

each_engine! {
    async fn a_tip_is_followed_by_its_code(bench) {
        let store = &bench.store;
        let check = imported(&bench, &[fact_check(&bench, "a")]).await.remove(0);
        let row = suggesting(cluster(&bench, "teks"), vec![suggestion(&check, 0.9)]);
        let alone = tip(&bench, "AAAA").await.expect("insert");
        let early = linked_tip(&bench, "BBBB", row.id).await;
        let view = store.tip_by_code("BBBB").await.expect("read").expect("tip");
        assert_eq!((view.tip, view.cluster), (early.clone(), None), "the cluster is not written yet");

        store.upsert_clusters(std::slice::from_ref(&row)).await.expect("upsert");
        let view = store.tip_by_code("BBBB").await.expect("read").expect("tip");
        let joined = view.cluster.expect("cluster");
        assert_eq!((joined.id, joined.answer, joined.posts), (row.id, ClusterAnswer::Suggested, 40));
        assert_eq!(joined.fact_check, Some(check));
        assert_eq!(store.tip_by_code("aaaa").await.expect("read"), None);
        let list = store.tips(Page::first(10)).await.expect("tips");
        assert_eq!(list.iter().map(|view| view.tip.id).collect::<Vec<_>>(), [early.id, alone.id]);

        assert!(matches!(tip(&bench, "AAAA").await, Err(StoreError::Conflict)));
        let nobody = store.link_tip(TipId(Uuid::from_u128(4_711)), row.id).await;
        assert!(matches!(nobody, Err(StoreError::NotFound)), "{nobody:?}");
    }

    async fn feeds_are_due_in_turn_and_polls_are_noted(bench) {
        let store = &bench.store;
        let desk = newsroom(&bench, "Warta Satu").await;
        let feed = |n: i64, active: bool| FeedRow {
            id: FeedId(bench.id()),
            organisation: Some(desk.organisation.id),
            name: format!("Warta {n}"),
            url: format!("https://warta{n}.example/rss"),
            active,
            etag: None,
            last_modified: None,
            next_poll_at: at(n),
            failures: 0,
            last_error: None,
            items: 0,
        };
        let rows = [feed(3, true), feed(1, true), feed(2, false), feed(9, true)];
        let added = event(AuditKind::FeedAdded, Actor::Machine, Uuid::nil());
        for row in &rows {
            store.insert_feed(row, &added).await.expect("insert");
        }
        let twin = FeedRow { id: FeedId(bench.id()), ..rows[0].clone() };
        assert!(matches!(store.insert_feed(&twin, &added).await, Err(StoreError::Conflict)));
        let names = |feeds: &[FeedRow]| feeds.iter().map(|row| row.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&store.feeds(Page::first(10)).await.expect("feeds")), ["Warta 1", "Warta 2", "Warta 3", "Warta 9"]);
        let second = Page { limit: 2, offset: 2 };
        assert_eq!(names(&store.feeds(second).await.expect("feeds")), ["Warta 3", "Warta 9"]);
        assert_eq!(names(&store.due_feeds(at(3), 10).await.expect("due")), ["Warta 1", "Warta 3"]);
        assert_eq!(names(&store.due_feeds(at(3), 1).await.expect("due")), ["Warta 1"]);

        let poll = PollResult {
            etag: Some("\"v1\"".to_owned()),
            last_modified: Some("Sat, 21 Nov 2026 00:00:00 GMT".to_owned()),
            next_poll_at: at(100),
            failures: 2,
            last_error: Some("timeout".to_owned()),
            items: 5,
        };
        store.record_poll(rows[1].id, &poll).await.expect("poll");
        store.record_poll(rows[1].id, &PollResult { failures: 0, last_error: None, ..poll.clone() }).await.expect("poll");
        let polled = store.feeds(Page::first(10)).await.expect("feeds").remove(0);
        let expected = FeedRow {
            etag: poll.etag.clone(),
            last_modified: poll.last_modified.clone(),
            next_poll_at: at(100),
            items: 10,
            ..rows[1].clone()
        };
        assert_eq!(polled, expected);
        assert_eq!(names(&store.due_feeds(at(3), 10).await.expect("due")), ["Warta 3"]);
        let nobody = store.record_poll(FeedId(Uuid::from_u128(4_711)), &poll).await;
        assert!(matches!(nobody, Err(StoreError::NotFound)), "{nobody:?}");
    }
}
