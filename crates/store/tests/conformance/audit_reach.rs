//! The trail as one body may read it.

use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::{FeedId, KeyId};
use store::{AuditFilter, FeedRow, KeyRow};
use uuid::Uuid;

use crate::engine::{Bench, each_engine};
use crate::network::{Newsroom, at, by, event, newsroom};

/// A key, a feed and an invitation of a newsroom; afterwards the machine acts on each.
async fn machine_acts_on_records_of(bench: &Bench, desk: &Newsroom) -> Vec<Uuid> {
    let store = &bench.store;
    let own = Some(desk.organisation.id);
    let key = KeyRow {
        id: KeyId(bench.id()),
        name: "pengumpul".to_owned(),
        digest: [7; 32],
        scopes: "posts:write".to_owned(),
        posts_per_second: 1,
        posts_per_day: 1,
        created_at: at(1),
        revoked_at: None,
        organisation: own,
        expires_at: None,
        last_used_at: None,
    };
    let feed = FeedRow {
        id: FeedId(bench.id()),
        organisation: own,
        name: "Warta".to_owned(),
        url: "https://redaksi.example/rss".to_owned(),
        active: true,
        etag: None,
        last_modified: None,
        next_poll_at: at(1),
        failures: 0,
        items: 0,
        last_error: None,
    };
    let invitation = crate::identity::invitation(bench, desk, "tiga@redaksi.example", at(0));
    let case = crate::cases::stored_cluster(bench).await;
    let case = crate::cases::open_case(bench, desk, case).await;
    let machine = |kind, subject| event(kind, Actor::Machine, subject);
    let added = machine(AuditKind::KeyAdded, key.id.0);
    store.insert_key(&key, &added).await.expect("key");
    let added = machine(AuditKind::FeedAdded, feed.id.0);
    let kept = store.insert_feed(&feed, &added);
    kept.await.expect("feed");
    let mail = crate::identity::mail(bench, &invitation.email);
    let sent = machine(AuditKind::InvitationSent, invitation.id.0);
    let kept = store.insert_invitation(&invitation, [1; 32], &mail, &sent);
    kept.await.expect("invitation");
    vec![key.id.0, feed.id.0, invitation.id.0, case.id.0]
}

async fn seen(bench: &Bench, desk: &Newsroom, act: &AuditEvent) -> bool {
    let store = &bench.store;
    let (within, kind) = (Some(desk.organisation.id), Some(act.kind));
    let filter = AuditFilter {
        within,
        kind,
        ..AuditFilter::default()
    };
    let listed = store
        .audit_search(&filter, None, 200)
        .await
        .expect("search");
    let listed = listed.iter().any(|row| row.event == *act);
    let all = store.audit_page(None, 200).await.expect("page");
    let found = all.iter().find(|row| row.event == *act).expect("recorded");
    let alone = store.audit_entry_within(found.sequence, within).await;
    assert_eq!(
        alone.is_ok(),
        listed,
        "{act:?}: the list and the entry do not agree"
    );
    assert!(store.audit_entry_within(found.sequence, None).await.is_ok());
    listed
}

each_engine! {
    async fn acts_are_seen_by_the_bodies_that_they_concern(bench) {
        let one = newsroom(&bench, "Warta Satu").await;
        let two = newsroom(&bench, "Warta Dua").await;
        let three = newsroom(&bench, "Warta Tiga").await;
        let agreement = crate::agreements::in_force(&bench, &one, &two).await.id.0;
        let records = machine_acts_on_records_of(&bench, &one).await;

        let [.., case] = records[..] else { panic!("no case") };
        let discussed = by(&two.editor, AuditKind::AgreementDiscussed, agreement);
        let read = by(&two.editor, AuditKind::DraftReadByPartner, case);
        let failed = event(AuditKind::SignInFailed, Actor::Public, one.editor.id.0);
        let changed = event(AuditKind::OrganisationChanged, Actor::Machine, one.organisation.id.0);
        let elsewhere = by(&one.reviewer, AuditKind::MatchConfirmed, bench.id());
        let nobody = event(AuditKind::TipReceived, Actor::Public, bench.id());
        let acts = [&read, &discussed, &failed, &changed, &elsewhere, &nobody].map(Clone::clone);
        bench.store.record_audits(&acts).await.expect("recorded");
        let wanted = [
            (&read, [true, true, false]),
            (&discussed, [true, true, false]),
            (&failed, [true, false, false]),
            (&changed, [true, false, false]),
            (&elsewhere, [true, false, false]),
            (&nobody, [false, false, false]),
        ];
        for (act, wanted) in wanted {
            let found = [seen(&bench, &one, act).await, seen(&bench, &two, act).await, seen(&bench, &three, act).await];
            assert_eq!(found, wanted, "{:?}", act.kind);
        }
        let all = bench.store.audit_page(None, 200).await.expect("page");
        for record in records {
            let act = &all.iter().rev().find(|row| row.event.subject == record).expect("recorded").event;
            assert!(seen(&bench, &one, act).await, "{:?}", act.kind);
            assert!(!seen(&bench, &two, act).await, "{:?}", act.kind);
        }
    }

    async fn people_of_the_trail_are_named_with_their_bodies(bench) {
        let (one, two) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let unknown = domain::MemberId(bench.id());
        let names = bench.store.audit_names(&[one.editor.id, two.editor.id, unknown]).await.expect("names");
        assert_eq!(names.len(), 2);
        let name = &names[&two.editor.id];
        assert_eq!(name.organisation, two.organisation.id);
        assert_eq!((name.organisation_name.as_str(), name.name.as_str()), ("Warta Dua", "Redaktur Satu"));
    }
}
