//! A small network to work with, and rows with everything filled in.

use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::channel::ChannelKind;
use domain::cluster::{ClusterAnswer, ClusterState, heat};
use domain::fact_check::{Deception, FactCheck, Origin, Rating};
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::region::RegionCode;
use domain::{ClusterId, FactCheckId, LabelId, MemberId, OrganisationId, Timestamp};
use store::{ClusterRow, Example, Facet, FacetKind, Growth, Labelling, Suggestion};
use uuid::Uuid;

use crate::engine::Bench;

pub(crate) const T0: Timestamp = Timestamp(1_700_000_000_000_000);

pub(crate) fn at(seconds: i64) -> Timestamp {
    T0.plus_us(seconds * Timestamp::SECOND_US)
}

pub(crate) fn event(kind: AuditKind, actor: Actor, subject: Uuid) -> AuditEvent {
    AuditEvent {
        at: T0,
        actor,
        kind,
        subject,
        note: "catatan".to_owned(),
    }
}

pub(crate) fn by(member: &Member, kind: AuditKind, subject: Uuid) -> AuditEvent {
    event(kind, Actor::Member(member.id), subject)
}

pub(crate) fn by_machine() -> AuditEvent {
    event(AuditKind::FactChecksImported, Actor::Machine, Uuid::nil())
}

/// One newsroom with two people in it.
pub(crate) struct Newsroom {
    pub(crate) organisation: Organisation,
    pub(crate) editor: Member,
    pub(crate) reviewer: Member,
}

pub(crate) fn member(
    bench: &Bench,
    organisation: OrganisationId,
    name: &str,
    role: Role,
) -> Member {
    let id = bench.id();
    Member {
        id: MemberId(id),
        organisation,
        name: name.to_owned(),
        email: format!("{}@redaksi.example", id.simple()),
        role,
        zone: Zone::Wita,
        active: true,
    }
}

pub(crate) async fn newsroom(bench: &Bench, name: &str) -> Newsroom {
    let organisation = Organisation {
        id: OrganisationId(bench.id()),
        kind: OrganisationKind::Newsroom,
        name: name.to_owned(),
        region: RegionCode::parse("15.05").ok(),
        homepage: Some("https://redaksi.example".to_owned()),
        parent: None,
        active: true,
    };
    let added = event(
        AuditKind::OrganisationAdded,
        Actor::Machine,
        organisation.id.0,
    );
    bench
        .store
        .insert_organisation(&organisation, &added)
        .await
        .expect("organisation");
    let editor = member(bench, organisation.id, "Redaktur Satu", Role::Editor);
    let reviewer = member(bench, organisation.id, "Redaktur Dua", Role::Reviewer);
    for person in [&editor, &reviewer] {
        let added = event(AuditKind::MemberAdded, Actor::Machine, person.id.0);
        bench
            .store
            .insert_member(person, "$argon2id$…", &added)
            .await
            .expect("member");
    }
    Newsroom {
        organisation,
        editor,
        reviewer,
    }
}

pub(crate) fn fact_check(bench: &Bench, external_id: &str) -> FactCheck {
    FactCheck {
        id: FactCheckId(bench.id()),
        external_id: external_id.to_owned(),
        publisher: "Arsip Contoh".to_owned(),
        origin: Origin::Imported,
        claim: format!("Klaim {external_id}"),
        rating: Rating::False,
        label: "HOAKS".to_owned(),
        deception: Some(Deception::Fabricated),
        explanation: "Tidak ada **bukti**.".to_owned(),
        narrative: Some("Beredar \"pesan\"\nberantai".to_owned()),
        evidence: vec![
            "https://kpu.example/a".to_owned(),
            "https://kpu.example/b".to_owned(),
        ],
        url: Some(format!("https://arsip.example/{external_id}")),
        published_at: T0,
        revision: 0,
    }
}

/// Imports checks and yields them as stored.
pub(crate) async fn imported(bench: &Bench, checks: &[FactCheck]) -> Vec<FactCheck> {
    bench
        .store
        .import_fact_checks(checks, &by_machine())
        .await
        .expect("import");
    let ids: Vec<FactCheckId> = checks.iter().map(|check| check.id).collect();
    bench.store.fact_checks_by_ids(&ids).await.expect("checks")
}

pub(crate) fn suggestion(check: &FactCheck, probability: f32) -> Suggestion {
    Suggestion {
        fact_check: check.id,
        probability,
        answer_word: if probability >= 0.8 {
            "match"
        } else {
            "probable"
        },
        reason: r#"{"words":["surat","suara"]}"#.to_owned(),
    }
}

/// A growing cluster without suggestions.
pub(crate) fn cluster(bench: &Bench, text: &str) -> ClusterRow {
    ClusterRow {
        id: ClusterId(bench.id()),
        state: ClusterState::Growing,
        born_at: at(-3_600),
        last_seen_at: at(-60),
        text: text.to_owned(),
        posts: 40,
        texts: 7,
        reach: 12_000,
        posts_per_hour: 30,
        heat: heat(30, 12_000, ClusterAnswer::None),
        answer: ClusterAnswer::None,
        suggestions: vec![],
        growth: Growth {
            bucket_us: 60_000_000,
            start: at(-3_600),
            counts: vec![1, 0, u32::MAX, 7],
        },
        facets: vec![
            Facet {
                kind: FacetKind::Channel,
                value: "whatsapp".to_owned(),
                posts: 30,
            },
            Facet {
                kind: FacetKind::Region,
                value: "15.05".to_owned(),
                posts: 10,
            },
        ],
        examples: vec![Example {
            text: "surat suara \u{202e}tercoblos 😀".to_owned(),
            channel_kind: ChannelKind::WhatsApp,
            account: String::new(),
            url: None,
            published_at: at(-100),
            received_at: at(-90),
            region: RegionCode::parse("15.05").ok(),
            reach: 12,
            resemblance: 0.75,
            posts: 3,
        }],
        region: RegionCode::parse("15.05").ok(),
        lang: Some("id".to_owned()),
    }
}

/// The same cluster with suggestions, best first.
pub(crate) fn suggesting(row: ClusterRow, suggestions: Vec<Suggestion>) -> ClusterRow {
    ClusterRow {
        answer: ClusterAnswer::Suggested,
        heat: heat(30, 12_000, ClusterAnswer::Suggested),
        suggestions,
        ..row
    }
}

/// What a label of a member's word carries.
pub(crate) fn labelling(bench: &Bench) -> Labelling<'static> {
    Labelling {
        id: LabelId(bench.id()),
        model: "weights-1",
    }
}
