//! The directory: entries, dated facts, memberships, chapters, pledges, track record.

use domain::audit::{Actor, AuditKind};
use domain::date::Date;
use domain::directory::{
    Affiliation, ChapterRegion, CoverageClaim, DatedFact, Entry, FactKind, Pledge,
};
use domain::member::Role;
use domain::organisation::{Organisation, OrganisationKind};
use domain::region::RegionCode;
use domain::term::Term;
use domain::{DatedFactId, OrganisationId, Timestamp};
use store::{DirectoryFilter, ImportedEntry, Page, SessionRow, StoreError, YearRecord};
use uuid::Uuid;

use crate::engine::{Bench, each_engine};
use crate::network::{at, by, event, fact_check, imported, member, newsroom};

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn today() -> Date {
    day("2026-11-26")
}

fn since(text: &str) -> Term {
    Term::new(Some(day(text)), None).expect("a term")
}

fn region(code: &str) -> RegionCode {
    RegionCode::parse(code).expect("a code")
}

fn entry(bench: &Bench, kind: OrganisationKind, name: &str, code: Option<&str>) -> Entry {
    Entry {
        organisation: Organisation {
            id: OrganisationId(bench.id()),
            kind,
            name: name.to_owned(),
            region: code.map(region),
            homepage: None,
            parent: None,
            active: true,
        },
        short_name: String::new(),
        since_year: None,
        external_id: None,
    }
}

async fn add(bench: &Bench, entry: &Entry) {
    let added = event(
        AuditKind::OrganisationAdded,
        Actor::Machine,
        entry.organisation.id.0,
    );
    bench
        .store
        .insert_entry(entry, &added)
        .await
        .expect("added");
}

async fn names(bench: &Bench, filter: &DirectoryFilter) -> (Vec<String>, i64) {
    let page = Page::first(10);
    let (rows, total) = bench
        .store
        .directory(filter, today(), page)
        .await
        .expect("listed");
    let name = |row: store::DirectoryRow| row.entry.organisation.name;
    (rows.into_iter().map(name).collect(), total)
}

/// An association with a chapter and a newsroom.
async fn association(bench: &Bench) -> (Entry, Entry, Entry) {
    let mut whole = entry(
        bench,
        OrganisationKind::MediaAssociation,
        "Asosiasi Contoh",
        None,
    );
    whole.short_name = "ASCON".to_owned();
    let mut chapter = entry(
        bench,
        OrganisationKind::AssociationChapter,
        "Asosiasi Contoh Jambi",
        Some("15"),
    );
    chapter.organisation.parent = Some(whole.organisation.id);
    let media = entry(
        bench,
        OrganisationKind::Newsroom,
        "Kabar Muara",
        Some("15.05"),
    );
    for one in [&whole, &chapter, &media] {
        add(bench, one).await;
    }
    (whole, chapter, media)
}

each_engine! {
    async fn an_entry_is_kept_changed_and_searched(bench) {
        let (whole, chapter, media) = association(&bench).await;
        let row = bench.store.entry(chapter.organisation.id).await.expect("read");
        assert_eq!((&row.entry, row.parent_name.as_deref()), (&chapter, Some("Asosiasi Contoh")));
        assert_eq!(bench.store.organisation(media.organisation.id).await.expect("read"), media.organisation);

        let all = names(&bench, &DirectoryFilter::default()).await;
        assert_eq!(all, (vec!["Asosiasi Contoh".into(), "Asosiasi Contoh Jambi".into(), "Kabar Muara".into()], 3));
        let text = |text: &str| DirectoryFilter { text: text.to_owned(), ..DirectoryFilter::default() };
        assert_eq!(names(&bench, &text(" ASCON ")).await.0, ["Asosiasi Contoh"]);
        assert_eq!(names(&bench, &text("MUARA")).await.0, ["Kabar Muara"]);
        assert_eq!(names(&bench, &text("%")).await.1, 0, "a sign is a sign");
        let kind = DirectoryFilter { kind: Some(OrganisationKind::Newsroom), ..DirectoryFilter::default() };
        assert_eq!(names(&bench, &kind).await.0, ["Kabar Muara"]);
        let jambi = DirectoryFilter { region: Some(region("15")), ..DirectoryFilter::default() };
        assert_eq!(names(&bench, &jambi).await.1, 2);

        let mut other = media.clone();
        other.organisation.name = "Kabar Hilir".to_owned();
        other.organisation.region = Some(region("15.71"));
        other.since_year = Some(2017);
        other.external_id = Some("M-7".to_owned());
        let changed = event(AuditKind::OrganisationChanged, Actor::Machine, media.organisation.id.0);
        bench.store.update_entry(&other, 1, &changed).await.expect("changed");
        let late = bench.store.update_entry(&media, 1, &changed).await;
        assert!(matches!(late, Err(StoreError::Conflict)), "who saw the first version is told: {late:?}");
        assert_eq!(bench.store.entry(media.organisation.id).await.expect("read").version, 2);
        assert_eq!(bench.store.entry(media.organisation.id).await.expect("read").entry, other);
        assert_eq!(names(&bench, &text("hilir")).await.1, 1);
        assert_eq!(bench.store.audit_of(media.organisation.id.0).await.expect("history").len(), 2);

        let mut twin = entry(&bench, OrganisationKind::Newsroom, "Kembaran", None);
        twin.external_id = Some("M-7".to_owned());
        let refused = bench.store.insert_entry(&twin, &changed).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        let nobody = entry(&bench, OrganisationKind::Newsroom, "Tidak ada", None);
        let refused = bench.store.update_entry(&nobody, 1, &changed).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        assert_eq!(bench.store.entries_named("ascon", 5).await.expect("read"), [whole]);
    }

    async fn who_left_is_listed_apart_and_signed_out(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let id = desk.organisation.id;
        let session = SessionRow {
            digest: [7; 32],
            member: desk.editor.id,
            created_at: at(0),
            expires_at: at(1_000),
            last_seen_at: at(0),
            proof: domain::proof::Proof::Password,
            device: String::new(),
            network: String::new(),
            new_device: false,
        };
        let signed = by(&desk.editor, AuditKind::SignedIn, desk.editor.id.0);
        bench.store.insert_session(&session, None, &signed).await.expect("signed in");
        assert!(bench.store.session(&[7; 32], at(1)).await.expect("read").is_some());

        let left = event(AuditKind::OrganisationDeactivated, Actor::Machine, id.0);
        bench.store.set_organisation_active(id, false, &left).await.expect("left");
        assert!(bench.store.session(&[7; 32], at(1)).await.expect("read").is_none());
        let again = bench.store.set_organisation_active(id, false, &left).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
        assert_eq!(names(&bench, &DirectoryFilter::default()).await.1, 0);
        let gone = DirectoryFilter { left: true, ..DirectoryFilter::default() };
        assert_eq!(names(&bench, &gone).await.1, 1);
        let back = event(AuditKind::OrganisationReactivated, Actor::Machine, id.0);
        bench.store.set_organisation_active(id, true, &back).await.expect("back");
        assert!(bench.store.session(&[7; 32], at(1)).await.expect("read").is_none(), "the session stays ended");
    }

    async fn facts_hold_for_a_while_and_end_once(bench) {
        let (whole, ..) = association(&bench).await;
        let id = whole.organisation.id;
        let fact = DatedFact {
            id: DatedFactId(bench.id()),
            organisation: id,
            kind: FactKind::Address,
            title: "Kantor".to_owned(),
            text: "Jalan Contoh 7".to_owned(),
            source: "laman sendiri".to_owned(),
            term: since("2020-01-01"),
        };
        let added = event(AuditKind::DatedFactAdded, Actor::Machine, id.0);
        bench.store.insert_dated_fact(&fact, &added).await.expect("added");
        assert_eq!(bench.store.dated_fact(fact.id).await.expect("read"), fact);
        let ended = event(AuditKind::DatedFactEnded, Actor::Machine, id.0);
        bench.store.end_dated_fact(fact.id, today(), &ended).await.expect("ended");
        let again = bench.store.end_dated_fact(fact.id, today(), &ended).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
        let facts = bench.store.dated_facts(id).await.expect("read");
        assert_eq!(facts, [DatedFact { term: fact.term.ended(today()).expect("term"), ..fact }]);
        let refused = bench.raw("UPDATE dated_fact SET until_day = '1999-01-01'").await;
        assert!(refused.is_err(), "a term that ends before it begins was stored");
    }

    async fn media_join_and_leave_an_association(bench) {
        let (whole, _, media) = association(&bench).await;
        let (association, media) = (whole.organisation.id, media.organisation.id);
        let membership = Affiliation {
            association,
            media,
            term: since("2023-06-15"),
            source: "daftar anggota".to_owned(),
        };
        let begun = event(AuditKind::AffiliationBegun, Actor::Machine, media.0);
        bench.store.begin_affiliation(&membership, &begun).await.expect("begun");
        let twice = bench.store.begin_affiliation(&membership, &begun).await;
        assert!(matches!(twice, Err(StoreError::Conflict)), "{twice:?}");
        let parts = DirectoryFilter { part_of: Some(association), ..DirectoryFilter::default() };
        assert_eq!(names(&bench, &parts).await.0, ["Asosiasi Contoh Jambi", "Kabar Muara"]);

        let ended = event(AuditKind::AffiliationEnded, Actor::Machine, media.0);
        bench.store.end_affiliation(association, media, day("2025-12-31"), &ended).await.expect("ended");
        assert_eq!(names(&bench, &parts).await.0, ["Asosiasi Contoh Jambi"]);
        for (when, count) in [("2023-06-14", 0), ("2023-06-15", 1), ("2025-12-31", 1), ("2026-01-01", 0)] {
            assert_eq!(bench.store.affiliated_on(association, [day(when), day("1900-01-01")]).await.expect("count")[0], count, "{when}");
        }
        assert!(!bench.store.is_affiliated(association, media, today()).await.expect("read"));
        let again = Affiliation { term: since("2026-02-01"), ..membership };
        bench.store.begin_affiliation(&again, &begun).await.expect("came back");
        assert!(bench.store.is_affiliated(association, media, today()).await.expect("read"));
        let kept = bench.store.affiliations(media).await.expect("read");
        assert_eq!(kept.len(), 2, "what was stays written down");
        assert_eq!((&kept[0].affiliation, kept[0].association_name.as_str()), (&again, "Asosiasi Contoh"));
    }

    async fn chapters_cover_regions_and_a_stated_number_is_kept(bench) {
        let (whole, chapter, _) = association(&bench).await;
        let covers = ChapterRegion {
            chapter: chapter.organisation.id,
            region: region("15.05"),
            term: since("2017-01-01"),
            source: String::new(),
        };
        let added = event(AuditKind::ChapterRegionAdded, Actor::Machine, covers.chapter.0);
        bench.store.add_chapter_region(&covers, &added).await.expect("added");
        let twice = bench.store.add_chapter_region(&covers, &added).await;
        assert!(matches!(twice, Err(StoreError::Conflict)), "{twice:?}");
        let claim = CoverageClaim {
            association: whole.organisation.id,
            region: region("15"),
            count: 8,
            on: day("2024-10-01"),
            source: "berita".to_owned(),
        };
        let stated = event(AuditKind::CoverageStated, Actor::Machine, claim.association.0);
        bench.store.state_coverage(&claim, &stated).await.expect("stated");
        let reach = bench.store.association_reach(whole.organisation.id).await.expect("read");
        assert_eq!((reach.chapters.len(), reach.chapters[0].seat.as_ref()), (1, Some(&region("15"))));
        assert_eq!((reach.regions.as_slice(), reach.claims.as_slice()), ([covers.clone()].as_slice(), [claim].as_slice()));

        let ended = event(AuditKind::ChapterRegionEnded, Actor::Machine, covers.chapter.0);
        let store = &bench.store;
        store.end_chapter_region(covers.chapter, &covers.region, today(), &ended).await.expect("ended");
        let again = store.end_chapter_region(covers.chapter, &covers.region, today(), &ended).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
        let kept = store.chapter_regions(covers.chapter).await.expect("read");
        assert_eq!(kept[0].term.until(), Some(today()));
    }

    async fn a_pledge_is_signed_once_and_may_be_withdrawn(bench) {
        let (.., media) = association(&bench).await;
        let id = media.organisation.id;
        let pledge = Pledge {
            organisation: id,
            signed_on: day("2022-12-19"),
            withdrawn_on: None,
            source: "piagam".to_owned(),
        };
        let signed = event(AuditKind::PledgeSigned, Actor::Machine, id.0);
        bench.store.sign_pledge(&pledge, &signed).await.expect("signed");
        let twice = bench.store.sign_pledge(&pledge, &signed).await;
        assert!(matches!(twice, Err(StoreError::Conflict)), "{twice:?}");
        let taken = event(AuditKind::PledgeWithdrawn, Actor::Machine, id.0);
        bench.store.withdraw_pledge(id, today(), &taken).await.expect("withdrawn");
        let again = bench.store.withdraw_pledge(id, today(), &taken).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
        let kept = bench.store.pledges(id).await.expect("read");
        assert_eq!(kept, [Pledge { withdrawn_on: Some(today()), ..pledge }]);
    }

    async fn an_import_is_stored_whole_or_not_at_all(bench) {
        let (whole, _, media) = association(&bench).await;
        let fresh = |name: &str, external: &str| {
            let mut one = entry(&bench, OrganisationKind::Newsroom, name, None);
            one.external_id = Some(external.to_owned());
            let affiliation = Affiliation {
                association: whole.organisation.id,
                media: one.organisation.id,
                term: Term::default(),
                source: "berkas".to_owned(),
            };
            ImportedEntry { entry: one, fresh: true, affiliation: Some(affiliation) }
        };
        let mut changed = media.clone();
        changed.short_name = "KM".to_owned();
        let changed = ImportedEntry { entry: changed, fresh: false, affiliation: None };
        let audit = event(AuditKind::OrganisationsImported, Actor::Machine, Uuid::nil());
        let bad = [fresh("Satu", "S-1"), fresh("Dua", "S-1")];
        let refused = bench.store.import_entries(&bad, &audit).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        assert_eq!(bench.store.all_entries().await.expect("read").len(), 3);
        let good = [fresh("Satu", "S-1"), fresh("Dua", "S-2"), changed];
        bench.store.import_entries(&good, &audit).await.expect("imported");
        assert_eq!(bench.store.all_entries().await.expect("read").len(), 5);
        // A membership without a first day counts from the day on which it was written down.
        let entered = Date::of(audit.at, domain::member::Zone::Wib);
        let before = entered.plus_days(-1).expect("a day");
        let counts = bench.store.affiliated_on(whole.organisation.id, [before, entered]).await;
        assert_eq!(counts.expect("count"), [0, 2]);
        let named = bench.store.entries_named("Satu", 1).await.expect("read");
        let one = named[0].organisation.id;
        for (when, holds) in [(before, false), (entered, true)] {
            let member = bench.store.is_affiliated(whole.organisation.id, one, when).await;
            assert_eq!(member.expect("read"), holds, "{when}");
        }
        let memberships = bench.store.memberships().await.expect("read");
        let branch = memberships.iter().find(|(_, branch)| branch.organisation == one);
        assert_eq!(branch.expect("a membership").1.from, Some(entered));
        assert_eq!(bench.store.entry(media.organisation.id).await.expect("read").entry.short_name, "KM");
    }

    async fn a_track_record_counts_by_the_year_of_jakarta(bench) {
        let archive = entry(&bench, OrganisationKind::FactCheckBody, "Arsip Contoh", None);
        add(&bench, &archive).await;
        // 2024-12-31 16:59:59 and 17:00:00 UTC: the last second of a year in Jakarta and the first.
        let new_year = 1_735_664_400_000_000;
        let mut checks = Vec::new();
        for (number, at) in [new_year - 1_000_000, new_year, new_year + 5].into_iter().enumerate() {
            let mut check = fact_check(&bench, &format!("c-{number}"));
            check.published_at = Timestamp(at);
            checks.push(check);
        }
        imported(&bench, &checks).await;
        let years = bench.store.track_record(&archive).await.expect("counted");
        let wanted = [(2024, YearRecord { checks: 1, cases: 0 }), (2025, YearRecord { checks: 2, cases: 0 })];
        assert_eq!(years.into_iter().collect::<Vec<_>>(), wanted);
    }

    async fn people_are_listed_by_organisation(bench) {
        let (one, other) = (newsroom(&bench, "Warta Satu").await, newsroom(&bench, "Warta Dua").await);
        let extra = member(&bench, one.organisation.id, "Aku", Role::Coordinator);
        let added = event(AuditKind::MemberAdded, Actor::Machine, extra.id.0);
        bench.store.insert_member(&extra, "x", &added).await.expect("added");
        let (staff, total) = bench.store.staff(one.organisation.id, Page::first(2)).await.expect("read");
        assert_eq!((staff[0].name.as_str(), staff.len(), total), ("Aku", 2, 3));
        let named = bench.store.members_of(other.organisation.id, Page::first(9)).await.expect("read");
        assert_eq!((named.len(), named[0].1.as_str()), (2, "Warta Dua"));
    }
}
