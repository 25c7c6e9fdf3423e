//! Agreements: every state reads back, two people cannot both be first, facts count themselves.

use domain::agreement::{
    Agreement, AgreementState, Form, Opening, Party, Purpose, Regions, Scope, Side, Stage, Stages,
    Surroundings, Term, Terms,
};
use domain::audit::{AuditEvent, AuditKind};
use domain::date::Date;
use domain::obligation::{AgreementEvent, EventKind, Fulfilment, Obligation, Tie};
use domain::organisation::OrganisationKind;
use domain::region::RegionCode;
use domain::{AgreementId, EventId, ObligationId};
use store::{AgreementFilter, Document, Mail, Minutes, Page, StoreError};

use crate::engine::{Bench, each_engine};
use crate::network::{Newsroom, at, by, newsroom};

fn date(text: &str) -> Date {
    Date::parse(text).expect("date")
}

fn terms(one: &Newsroom, two: &Newsroom) -> Terms {
    let party = |who: &Newsroom| Party {
        organisation: who.organisation.id,
        number: "03/MoU/2024".into(),
        signatory: "Ketua \"umum\"".into(),
        liaison: "Humas".into(),
        left: None,
    };
    let code = |text| RegionCode::parse(text).expect("code");
    Terms {
        form: Form::Mou,
        title: "Kerja sama 😀 cek fakta".into(),
        parent: None,
        place: "Jambi".into(),
        parties: vec![party(one), party(two)],
        starts: date("2024-01-17"),
        term: Term::Months(36),
        scopes: vec![
            Scope {
                gives: Side::One(one.organisation.id),
                takes: Side::Every,
                with_members: true,
                opens: Opening::ALL.iter().copied().collect(),
                regions: Regions::Only([code("15"), code("16.01")].into()),
                stages: Stages::Only([Stage::Campaign, Stage::Voting].into()),
                purpose: Purpose::Supervision,
            },
            Scope {
                gives: Side::Every,
                takes: Side::One(two.organisation.id),
                with_members: false,
                opens: [Opening::SeeFigures].into(),
                regions: Regions::Everywhere,
                stages: Stages::Always,
                purpose: Purpose::Research,
            },
        ],
        document: Some([7; 32]),
    }
}

async fn proposed(bench: &Bench, one: &Newsroom, two: &Newsroom) -> Agreement {
    let id = AgreementId(bench.id());
    let agreement = Agreement::propose(id, terms(one, two), one.organisation.id, at(1));
    let act = by(&one.editor, AuditKind::AgreementProposed, id.0);
    bench
        .store
        .insert_agreement(&agreement, &act)
        .await
        .expect("inserted");
    agreement
}

async fn keep(bench: &Bench, who: &Newsroom, agreement: &Agreement) -> Result<(), StoreError> {
    let act = by(&who.editor, AuditKind::AgreementAmended, agreement.id.0);
    bench.store.update_agreements(&[(agreement, act)]).await
}

async fn stored(bench: &Bench, id: AgreementId) -> Agreement {
    bench.store.agreement(id).await.expect("agreement")
}

const AROUND: Surroundings<'static> = Surroundings {
    kind: &|_| OrganisationKind::Newsroom,
    kin: &|one, other| one == other,
    parent: None,
    others: &[],
};

pub(crate) async fn in_force(bench: &Bench, one: &Newsroom, two: &Newsroom) -> Agreement {
    let mut agreement = proposed(bench, one, two)
        .await
        .agree(&AROUND)
        .expect("agreed");
    keep(bench, one, &agreement).await.expect("kept");
    let read = agreement.version;
    for who in [one, two] {
        let party = who.organisation.id;
        agreement = agreement
            .sign(party, who.editor.id, read, at(5))
            .expect("signs");
        keep(bench, who, &agreement).await.expect("kept");
        assert_eq!(stored(bench, agreement.id).await, agreement);
    }
    agreement
}

fn event(bench: &Bench, who: &Newsroom, agreement: AgreementId, kind: EventKind) -> AgreementEvent {
    AgreementEvent {
        id: EventId(bench.id()),
        agreement,
        kind,
        organisation: who.organisation.id,
        day: date("2024-10-02"),
        place: "Jambi".into(),
        subject: "poin ketiga".into(),
        attendance: "21 lembaga".into(),
        decision: "sepakat".into(),
        minutes: Some([3; 32]),
        by: who.editor.id,
        at: at(9),
    }
}

each_engine! {
    async fn every_state_reads_back(bench) {
        let (one, two) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let fresh = proposed(&bench, &one, &two).await;
        assert_eq!(stored(&bench, fresh.id).await, fresh);
        let given_up = fresh.discuss().expect("discussed");
        keep(&bench, &one, &given_up).await.expect("kept");
        assert_eq!(stored(&bench, given_up.id).await, given_up);
        let given_up = given_up.withdraw(one.editor.id, "batal", at(3)).expect("withdrawn");
        keep(&bench, &one, &given_up).await.expect("kept");
        assert_eq!(stored(&bench, given_up.id).await, given_up);

        let signed = in_force(&bench, &one, &two).await;
        let ending = signed.clone().revoke(one.editor.id, "tidak jalan", at(6)).expect("wished");
        keep(&bench, &one, &ending).await.expect("kept");
        assert_eq!(stored(&bench, ending.id).await, ending);
        let revoked = ending.revoke(two.editor.id, "", at(7)).expect("revoked");
        keep(&bench, &two, &revoked).await.expect("kept");
        assert_eq!(stored(&bench, revoked.id).await, revoked);

        let signed = in_force(&bench, &one, &two).await;
        let lapsed = signed.lapse(date("2027-01-17"), at(8)).expect("lapsed");
        keep(&bench, &one, &lapsed).await.expect("kept");
        assert_eq!(stored(&bench, lapsed.id).await, lapsed);
    }

    async fn who_saw_an_older_version_is_told(bench) {
        let (one, two) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let agreed = proposed(&bench, &one, &two).await.agree(&AROUND).expect("agreed");
        keep(&bench, &one, &agreed).await.expect("kept");
        let read = agreed.version;
        let first = agreed.clone().sign(one.organisation.id, one.editor.id, read, at(2)).expect("signs");
        let second = agreed.sign(two.organisation.id, two.editor.id, read, at(2)).expect("signs");
        keep(&bench, &one, &first).await.expect("the first is kept");
        let late = keep(&bench, &two, &second).await;
        assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
        let again = stored(&bench, first.id).await;
        let both = again.sign(two.organisation.id, two.editor.id, read, at(3)).expect("signs");
        keep(&bench, &two, &both).await.expect("kept on the second try");
        assert!(matches!(stored(&bench, both.id).await.state, AgreementState::InForce { .. }));
    }

    async fn a_renewal_and_what_it_renews_change_together(bench) {
        let (one, two) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let old = in_force(&bench, &one, &two).await;
        let before = bench.store.access_version().await.expect("version");
        let next = old.next(AgreementId(bench.id()), one.organisation.id, at(9)).expect("next");
        let act = by(&one.editor, AuditKind::AgreementProposed, next.id.0);
        bench.store.insert_agreement(&next, &act).await.expect("inserted");
        assert_eq!(bench.store.renewal_of(old.id).await.expect("renewal"), Some(next.clone()));
        let mut next = next.agree(&AROUND).expect("agreed");
        keep(&bench, &one, &next).await.expect("kept");
        let read = next.version;
        next = next.sign(one.organisation.id, one.editor.id, read, at(10)).expect("signs");
        keep(&bench, &one, &next).await.expect("kept");
        let signed = next.clone().sign(two.organisation.id, two.editor.id, read, at(11)).expect("signs");
        let renewed = old.clone().renew(&signed, at(11)).expect("renewed");
        let stale = Agreement { version: renewed.version + 1, ..renewed.clone() };
        let act = |id: AgreementId| by(&two.editor, AuditKind::AgreementSigned, id.0);
        let together: [(&Agreement, AuditEvent); 2] = [(&signed, act(signed.id)), (&stale, act(stale.id))];
        let refused = bench.store.update_agreements(&together).await;
        assert!(matches!(refused, Err(StoreError::Conflict)));
        assert_eq!(stored(&bench, next.id).await, next, "nothing of it is kept");
        let together = [(&signed, act(signed.id)), (&renewed, act(renewed.id))];
        bench.store.update_agreements(&together).await.expect("both kept");
        assert_eq!(stored(&bench, old.id).await, renewed);
        assert!(bench.store.access_version().await.expect("version") > before);
        let settled = bench.store.settled_agreements().await.expect("settled");
        assert_eq!(settled.len(), 2);
    }

    async fn what_all_have_signed_stays_to_be_read_when_it_is_over(bench) {
        let (one, two) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let unsigned = proposed(&bench, &one, &two).await;
        let wished = in_force(&bench, &one, &two).await.revoke(one.editor.id, "selesai", at(20));
        let wished = wished.expect("wished");
        keep(&bench, &one, &wished).await.expect("kept");
        let ended = wished.revoke(two.editor.id, "selesai", at(21)).expect("ended");
        keep(&bench, &two, &ended).await.expect("kept");
        let holds = in_force(&bench, &one, &two).await;
        let ids = |all: Vec<Agreement>| all.into_iter().map(|one| one.id).collect::<Vec<_>>();
        let signed = ids(bench.store.signed_agreements().await.expect("signed"));
        assert_eq!(signed, [holds.id, ended.id], "those that hold come first, {unsigned:?} not at all");
        let settled = ids(bench.store.settled_agreements().await.expect("settled"));
        assert_eq!(settled, [holds.id], "a new one may overlap one that is over");
    }

    async fn lists_show_whose_they_are(bench) {
        let (one, two) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let three = newsroom(&bench, "Warta Tiga").await;
        let draft = proposed(&bench, &one, &three).await;
        let signed = in_force(&bench, &one, &two).await;
        let ids = async |filter| {
            let rows = bench.store.agreements(filter, Page::first(10)).await.expect("list");
            let mut ids: Vec<AgreementId> = rows.iter().map(|row| row.agreement.id).collect();
            ids.sort_unstable();
            ids
        };
        assert_eq!(ids(AgreementFilter::Public).await, [signed.id], "a draft is nobody's business");
        assert_eq!(ids(AgreementFilter::Of(two.organisation.id)).await, [signed.id]);
        assert_eq!(ids(AgreementFilter::Of(three.organisation.id)).await, [draft.id]);
        assert_eq!(ids(AgreementFilter::All).await.len(), 2);
        let rows = bench.store.agreements(AgreementFilter::Public, Page::first(10)).await.expect("list");
        assert_eq!(rows[0].parties, ["Warta Satu", "Warta Dua"]);
        let soon = bench.store.expiring_agreements(date("2026-11-26"), date("2027-05-25")).await;
        assert_eq!(soon.expect("soon").len(), 1);
        let over = bench.store.agreements_to_lapse(date("2027-01-16")).await.expect("over");
        assert!(over.is_empty(), "it holds on its last day");
        assert_eq!(bench.store.agreements_to_lapse(date("2027-01-17")).await.expect("over").len(), 1);
        let act = by(&one.editor, AuditKind::ReminderSent, signed.id.0);
        assert!(bench.store.note_reminder(signed.id, 90, &[], &act).await.expect("noted"));
        assert!(!bench.store.note_reminder(signed.id, 90, &[], &act).await.expect("noted"), "once");
        assert!(bench.store.note_reminder(signed.id, 30, &[], &act).await.expect("noted"));
    }

    async fn documents_are_kept_once_and_only_under_their_agreement(bench) {
        let (one, two) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let (mine, other) = (proposed(&bench, &one, &two).await, proposed(&bench, &one, &two).await);
        let document = Document {
            digest: [9; 32],
            agreement: mine.id,
            name: "naskah.pdf".into(),
            bytes: b"%PDF-1.7 \0".to_vec(),
        };
        let act = by(&one.editor, AuditKind::DocumentKept, mine.id.0);
        for _ in 0..2 {
            bench.store.keep_document(&document, &act).await.expect("kept");
        }
        let names = bench.store.documents(mine.id).await.expect("documents");
        assert_eq!((names.len(), names[0].bytes, names[0].name.as_str()), (1, 10, "naskah.pdf"));
        let read = bench.store.document(mine.id, [9; 32]).await.expect("document");
        assert_eq!(read, (document.name.clone(), document.bytes.clone()));
        let elsewhere = bench.store.document(other.id, [9; 32]).await;
        assert!(matches!(elsewhere, Err(StoreError::NotFound)), "{elsewhere:?}");
        let shared = Document { agreement: other.id, ..document.clone() };
        bench.store.keep_document(&shared, &act).await.expect("kept");
        assert!(bench.store.document(other.id, [9; 32]).await.is_ok(), "two agreements may share one text");
    }

    async fn minutes_replace_those_that_were_seen_and_both_stay(bench) {
        let (one, two) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let (agreement, other) = (in_force(&bench, &one, &two).await, proposed(&bench, &one, &two).await);
        let held = event(&bench, &two, agreement.id, EventKind::Training);
        let held = AgreementEvent { minutes: None, ..held };
        let entered = by(&two.editor, AuditKind::EventEntered, held.id.0);
        bench.store.insert_event(&held, &entered).await.expect("kept");
        let minutes = |byte: u8| Minutes {
            event: held.id,
            digest: [byte; 32],
            name: "notulen.pdf".into(),
            bytes: vec![byte; 4],
        };
        let act = by(&two.editor, AuditKind::MinutesKept, agreement.id.0);
        bench.store.keep_minutes(&minutes(1), None, &act).await.expect("kept");
        let late = bench.store.keep_minutes(&minutes(2), None, &act).await;
        assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
        assert_eq!(bench.store.minutes(agreement.id).await.expect("names").len(), 1, "nothing of it is kept");
        bench.store.keep_minutes(&minutes(2), Some([1; 32]), &act).await.expect("replaced");
        let now = bench.store.event(agreement.id, held.id).await.expect("event");
        assert_eq!(now.minutes, Some([2; 32]));
        assert_eq!(bench.store.minutes(agreement.id).await.expect("names").len(), 2);
        let earlier = bench.store.minutes_file(agreement.id, held.id, [1; 32]).await.expect("file");
        assert_eq!(earlier, ("notulen.pdf".to_owned(), vec![1; 4]));
        let elsewhere = bench.store.minutes_file(other.id, held.id, [1; 32]).await;
        assert!(matches!(elsewhere, Err(StoreError::NotFound)), "{elsewhere:?}");
        assert!(matches!(bench.store.event(other.id, held.id).await, Err(StoreError::NotFound)));
    }

    async fn a_reminder_and_its_mails_commit_together_and_once(bench) {
        let (one, two) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let agreement = in_force(&bench, &one, &two).await;
        let mail = || Mail {
            id: bench.id(),
            recipient: "humas@warta.example".into(),
            subject: "Berakhir".into(),
            body: "Halo".into(),
        };
        let act = by(&one.editor, AuditKind::ReminderSent, agreement.id.0);
        assert!(!bench.store.was_reminded(agreement.id, 30).await.expect("read"));
        assert!(bench.store.note_reminder(agreement.id, 30, &[mail(), mail()], &act).await.expect("noted"));
        assert!(bench.store.was_reminded(agreement.id, 30).await.expect("read"));
        assert!(!bench.store.note_reminder(agreement.id, 30, &[mail()], &act).await.expect("noted"));
        assert_eq!(bench.store.outbox().await.expect("outbox").waiting, 2);
    }

    async fn promises_count_what_happened_in_time(bench) {
        let (one, two) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let agreement = in_force(&bench, &one, &two).await;
        let promise = |tie, due: &str| Obligation {
            id: ObligationId(bench.id()),
            agreement: agreement.id,
            organisation: two.organisation.id,
            text: "dua pelatihan".into(),
            due: date(due),
            tie,
            done: None,
        };
        let training = Tie::Events { kind: EventKind::Training, count: 2 };
        let promises = [
            promise(training, "2024-10-02"),
            promise(training, "2024-10-01"),
            promise(Tie::ByHand, "2024-12-01"),
            promise(Tie::ChecksPublished { count: 1 }, "2026-12-31"),
        ];
        for promise in &promises {
            let act = by(&one.editor, AuditKind::ObligationAdded, promise.id.0);
            bench.store.insert_obligation(promise, &act).await.expect("kept");
            assert_eq!(bench.store.obligation(promise.id).await.expect("read"), *promise);
        }
        let mut last = None;
        for (who, kind) in [(&two, EventKind::Training), (&two, EventKind::Training), (&one, EventKind::Training), (&two, EventKind::Audience)] {
            let event = event(&bench, who, agreement.id, kind);
            let act = by(&who.editor, AuditKind::EventEntered, event.id.0);
            bench.store.insert_event(&event, &act).await.expect("kept");
            last = Some(event);
        }
        let events = bench.store.events(agreement.id, Page::first(10)).await.expect("events");
        assert_eq!(events.len(), 4);
        assert!(events.contains(&last.expect("event")));
        let counts = bench.store.event_counts(agreement.id).await.expect("counts");
        assert_eq!(counts.iter().map(|row| row.count).sum::<u32>(), 4);
        let rows = bench.store.obligations(agreement.id).await.expect("board");
        let counted: Vec<u32> = rows.iter().map(|row| row.counted).collect();
        assert_eq!(counted, [0, 2, 0, 0], "what came after the day it was due counts for nothing");
        let day = date("2024-11-01");
        let standing: Vec<Fulfilment> = rows.iter().map(|row| row.obligation.fulfilment(row.counted, day)).collect();
        assert_eq!(standing[..2], [Fulfilment::Overdue { days: 31 }, Fulfilment::Done]);
        let act = by(&two.editor, AuditKind::ObligationDone, promises[2].id.0);
        bench.store.obligation_done(promises[2].id, day, &act).await.expect("done");
        for again in [promises[2].id, promises[0].id] {
            let refused = bench.store.obligation_done(again, day, &act).await;
            assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        }
    }

    async fn the_board_pages_what_is_overdue_first_and_shows_each_promise_once(bench) {
        let (one, two) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let (three, day) = (newsroom(&bench, "Warta Tiga").await, date("2024-10-10"));
        let agreements = [in_force(&bench, &one, &two).await, in_force(&bench, &one, &three).await];
        let foreign = in_force(&bench, &two, &three).await;
        let ties = [Tie::ByHand, Tie::Events { kind: EventKind::Training, count: 1 }, Tie::ChecksPublished { count: 1 }];
        // Neighbours in time are strangers in the order of their making, and days repeat.
        for place in 0..45_i64 {
            let agreement = if place == 44 { &foreign } else { &agreements[usize::try_from(place % 2).expect("place")] };
            let due = day.plus_days((place * 7) % 15 - 8).expect("day");
            let tie = ties[usize::try_from(place % 3).expect("place")];
            let promise = Obligation {
                id: ObligationId(bench.id()),
                agreement: agreement.id,
                organisation: one.organisation.id,
                text: "janji".into(),
                due,
                tie,
                done: (tie == Tie::ByHand && place % 4 == 0).then_some(day),
            };
            let act = by(&one.editor, AuditKind::ObligationAdded, promise.id.0);
            bench.store.insert_obligation(&promise, &act).await.expect("kept");
        }
        let held = event(&bench, &one, agreements[0].id, EventKind::Training);
        let act = by(&one.editor, AuditKind::EventEntered, held.id.0);
        bench.store.insert_event(&held, &act).await.expect("kept");
        let mut wanted = Vec::new();
        for agreement in &agreements {
            wanted.extend(bench.store.obligations(agreement.id).await.expect("promises"));
        }
        let group = |fulfilment| match fulfilment {
            Fulfilment::Overdue { .. } => 0,
            Fulfilment::Open { .. } => 1,
            Fulfilment::Done => 2,
        };
        wanted.sort_by_key(|row| {
            let promise = &row.obligation;
            (group(promise.fulfilment(row.counted, day)), promise.due, promise.id)
        });
        for kind in 0..3 {
            let some = wanted.iter().filter(|row| group(row.obligation.fulfilment(row.counted, day)) == kind).count();
            assert!(some > 3, "{some} of the kind {kind}");
        }
        let mut found = Vec::new();
        for page in 0..7 {
            let part = Page { limit: 7, offset: 7 * page };
            found.extend(bench.store.obligations_around(one.organisation.id, part).await.expect("board"));
        }
        assert_eq!(found, wanted);
    }

    async fn the_tree_of_organisations_is_whole(bench) {
        let one = newsroom(&bench, "Warta Satu").await;
        let tree = bench.store.organisation_tree().await.expect("tree");
        assert_eq!(tree.len(), 1);
        assert_eq!((tree[0].organisation, tree[0].parent), (one.organisation.id, None));
    }
}
