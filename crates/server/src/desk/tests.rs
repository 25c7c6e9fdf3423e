//! The pages of the desk, drawn from sample rows in both languages.

use std::sync::Arc;

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use domain::case::{Case, CaseRefused};
use domain::channel::ChannelKind;
use domain::claim_match::MatchState;
use domain::cluster::{ClusterAnswer, ClusterState};
use domain::fact_check::{Draft, FactCheck, Origin, Rating};
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::region::RegionCode;
use domain::{CaseId, ClusterId, FactCheckId, MemberId, OrganisationId, Timestamp};
use store::{
    BestCheck, CaseMark, ClusterRow, Example, Facet, FacetKind, Growth, MatchRow, RadarRow,
    Suggestion,
};
use uuid::Uuid;

use super::case_page::{Besides, CasePage};
use super::cluster::ClusterPage;
use super::filter::Filter;
use super::radar::RadarPage;
use super::shell::Shell;
use super::summary::Summary;
use crate::web::{Frame, Visitor};

pub(super) const NOW: Timestamp = Timestamp(1_795_312_800_000_000);

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// A frame of `role` in a newsroom, in `language`, at a fixed moment.
pub(super) fn frame(language: &'static str, role: Role) -> Frame {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(language));
    let organisation = Organisation {
        id: OrganisationId(id(1)),
        kind: OrganisationKind::Newsroom,
        name: "Kabar Muara (peraga)".to_owned(),
        region: None,
        homepage: None,
        parent: None,
        active: true,
    };
    let member = Member {
        id: MemberId(id(2)),
        organisation: organisation.id,
        name: "Redaktur Satu".to_owned(),
        email: "redaktur@media.example".to_owned(),
        role,
        zone: Zone::Wib,
        active: true,
    };
    let visitor = Visitor {
        member,
        organisation,
        session: [0; 32],
    };
    let mut frame = Frame::new(
        &headers,
        &Uri::from_static("/desk"),
        Some(Arc::new(visitor)),
        true,
    );
    frame.now = NOW;
    frame
}

fn growth() -> Growth {
    let bucket_us = 5 * Timestamp::MINUTE_US;
    Growth {
        bucket_us,
        start: NOW.plus_us(-12 * bucket_us),
        counts: vec![1, 1, 2, 2, 3, 5, 8, 13, 21, 30, 44, 60],
    }
}

fn radar_row() -> RadarRow {
    RadarRow {
        id: ClusterId(id(10)),
        state: ClusterState::Growing,
        born_at: NOW.plus_us(-12 * Timestamp::MINUTE_US),
        last_seen_at: NOW,
        text: "Kotak suara kardus ditukar malam hari <script>alert(1)</script>".to_owned(),
        posts: 1_284,
        texts: 182,
        reach: 96_000,
        posts_per_hour: 312,
        heat: 9.0,
        answer: ClusterAnswer::None,
        region: RegionCode::parse("15.05").ok(),
        lang: Some("id".to_owned()),
        growth: growth(),
        facets: Vec::new(),
        best: None,
        cases: Vec::new(),
    }
}

fn answered_row() -> RadarRow {
    RadarRow {
        id: ClusterId(id(11)),
        text: "KPU menghapus 2 juta pemilih tanpa pemberitahuan".to_owned(),
        answer: ClusterAnswer::Answered,
        best: Some(BestCheck {
            fact_check: FactCheckId(id(30)),
            claim: "KPU menghapus 2 juta pemilih".to_owned(),
            rating: Rating::False,
            label: "Hoaks".to_owned(),
            publisher: "Cek Fakta Muara".to_owned(),
            published_at: NOW.plus_us(-Timestamp::DAY_US),
            probability: 0.93,
        }),
        cases: vec![CaseMark {
            id: CaseId(id(20)),
            organisation: OrganisationId(id(1)),
            organisation_name: "Kabar Muara (peraga)".to_owned(),
            state: "held".to_owned(),
            holder: Some((MemberId(id(2)), "Redaktur Satu".to_owned())),
        }],
        region: None,
        ..radar_row()
    }
}

fn cluster() -> ClusterRow {
    ClusterRow {
        id: ClusterId(id(10)),
        state: ClusterState::Growing,
        born_at: NOW.plus_us(-Timestamp::HOUR_US),
        last_seen_at: NOW,
        text: "Kotak suara ditukar malam di gudang".to_owned(),
        posts: 1_284,
        texts: 182,
        reach: 96_000,
        posts_per_hour: 312,
        heat: 9.0,
        answer: ClusterAnswer::Suggested,
        suggestions: Vec::new(),
        growth: growth(),
        facets: vec![
            Facet {
                kind: FacetKind::Channel,
                value: "x".to_owned(),
                posts: 29,
            },
            Facet {
                kind: FacetKind::Channel,
                value: "tiktok".to_owned(),
                posts: 71,
            },
            Facet {
                kind: FacetKind::Region,
                value: "15.05".to_owned(),
                posts: 100,
            },
        ],
        examples: vec![Example {
            text: "Kotak suara dibakar malam di gudang <b>".to_owned(),
            channel_kind: ChannelKind::TikTok,
            account: "contoh".to_owned(),
            url: Some("javascript:alert(1)".to_owned()),
            published_at: NOW.plus_us(-Timestamp::HOUR_US),
            received_at: NOW,
            region: None,
            reach: 5,
            resemblance: 0.81,
            posts: 4,
        }],
        region: RegionCode::parse("15.05").ok(),
        lang: None,
    }
}

fn suggested() -> MatchRow {
    let reason = r#"{"shared_words":["kotak","suara","gudang"],"spans":[],"contradictions":[{"kind":"number","query":"2","claim":"7"},{"kind":"negation","query":"","claim":""}]}"#;
    MatchRow {
        suggestion: Suggestion {
            fact_check: FactCheckId(id(30)),
            probability: 0.58,
            answer_word: "probable",
            reason: reason.to_owned(),
        },
        suggested: true,
        state: MatchState::Suggested,
        fact_check: FactCheck {
            id: FactCheckId(id(30)),
            external_id: "1".to_owned(),
            publisher: "Cek Fakta Muara".to_owned(),
            origin: Origin::Imported,
            claim: "Kotak suara di gudang dibuka paksa".to_owned(),
            rating: Rating::Misleading,
            label: "Menyesatkan".to_owned(),
            deception: None,
            explanation: String::new(),
            narrative: None,
            evidence: Vec::new(),
            url: None,
            published_at: NOW.plus_us(-20 * Timestamp::DAY_US),
            revision: 1,
        },
    }
}

fn radar(language: &'static str, role: Role, rows: &[RadarRow]) -> String {
    let frame = frame(language, role);
    let filter = Filter {
        page: 1,
        chosen: Some(ClusterId(id(10))),
        ..Filter::default()
    };
    let summary = Summary::new(&frame, &cluster(), &[suggested()], None);
    RadarPage::drawn(frame, Shell::default(), &filter, rows, Some(summary))
        .render()
        .unwrap()
}

#[test]
fn the_radar_says_the_same_in_both_languages_and_escapes_what_people_wrote() {
    let rows = [radar_row(), answered_row()];
    for (language, words) in [
        (
            "id",
            [
                "+312/jam",
                "1.284",
                "1.102 salinan",
                "Belum ada jawaban",
                "Sudah dijawab: Salah",
                "Jambi, Kab. Muaro Jambi",
                "dipegang Redaktur Satu",
                "Ambil",
                "0,58, mungkin",
                "angka (2 / 7), pengingkaran",
            ],
        ),
        (
            "en",
            [
                "+312/h",
                "1,284",
                "1,102 copies",
                "No answer yet",
                "Answered: False",
                "Jambi, Kab. Muaro Jambi",
                "held by Redaktur Satu",
                "Take",
                "0.58, probable",
                "numbers (2 / 7), negation",
            ],
        ),
    ] {
        let page = radar(language, Role::Editor, &rows);
        for word in words {
            assert!(page.contains(word), "{language}: {word} is missing");
        }
        assert!(!page.contains("<script>alert"), "{language}");
        assert!(
            !page.contains("style="),
            "an inline style would be refused by the browser"
        );
        assert!(page.contains(r#"aria-selected="true""#));
    }
}

#[test]
fn a_reader_sees_the_radar_without_the_verbs() {
    let page = radar("id", Role::Reader, &[radar_row()]);
    assert!(page.contains("+312/jam"));
    assert!(!page.contains("<form method=\"post\" action=\"/desk/clusters"));
}

#[test]
fn an_empty_radar_says_what_will_appear() {
    let page = radar("id", Role::Editor, &[]);
    assert!(page.contains("Belum ada yang beredar"));
}

#[test]
fn a_cluster_page_marks_shared_words_and_differences_and_opens_web_addresses_only() {
    for language in ["id", "en"] {
        let frame = frame(language, Role::Editor);
        let page = ClusterPage::drawn(frame, Shell::default(), &cluster(), &[suggested()], None)
            .render()
            .unwrap();
        assert!(
            page.contains("<mark>Kotak</mark> <mark>suara</mark>"),
            "{page}"
        );
        assert!(page.contains("<ins>dibakar"), "{page}");
        assert!(page.contains("<del>ditukar"), "{page}");
        assert!(page.contains("&#60;b&#62;") || page.contains("&lt;b&gt;"));
        assert!(!page.contains("javascript:"));
        assert!(page.contains("71%"));
        assert!(page.contains(r#"value="sahkan""#));
        assert!(!page.contains("style="));
        assert!(page.contains("<polyline"));
    }
}

fn written() -> Draft {
    Draft {
        claim: "Kotak suara ditukar".to_owned(),
        rating: Some(Rating::False),
        label: "Hoaks".to_owned(),
        explanation: "**Tidak benar.** <script>alert(1)</script>".to_owned(),
        evidence: vec![
            "https://kpu.example/1".to_owned(),
            "javascript:alert(1)".to_owned(),
        ],
        ..Draft::default()
    }
}

fn case(author: MemberId) -> Case {
    let open = Case::open(
        CaseId(id(20)),
        ClusterId(id(10)),
        OrganisationId(id(1)),
        "Kotak suara".to_owned(),
        author,
        NOW,
    );
    open.take(author, NOW)
        .and_then(|case| case.save(written(), author, NOW))
        .unwrap()
}

fn case_page(role: Role, case: &Case, besides: Besides) -> String {
    CasePage::drawn(frame("id", role), Shell::default(), case, besides)
        .render()
        .unwrap()
}

#[test]
fn the_holder_writes_and_everybody_else_sees_who_holds_it() {
    let mine = case_page(Role::Editor, &case(MemberId(id(2))), Besides::default());
    assert!(mine.contains("data-autosave"));
    assert!(mine.contains("Anda memegang kasus ini"));
    let foreign = case_page(Role::Editor, &case(MemberId(id(3))), Besides::default());
    assert!(!foreign.contains("data-autosave"));
    assert!(foreign.contains("lepas otomatis setelah 15 menit tanpa kegiatan"));
    assert!(foreign.contains("<strong>Tidak benar.</strong>"));
    assert!(!foreign.contains("<script>alert"));
    assert!(!foreign.contains(r#"href="javascript"#));
}

#[test]
fn an_author_in_the_reviewers_role_is_told_about_four_eyes_and_gets_no_button() {
    let author = MemberId(id(2));
    let mut draft = written();
    draft.evidence.pop();
    let submitted = case(author)
        .save(draft.clone(), author, NOW)
        .and_then(|case| case.submit(author, NOW))
        .unwrap();
    let own = case_page(Role::Reviewer, &submitted, Besides::default());
    assert!(own.contains("aturan empat mata"));
    assert!(!own.contains("/approve"));
    let other = MemberId(id(3));
    let submitted = case(other)
        .save(draft, other, NOW)
        .and_then(|case| case.submit(other, NOW))
        .unwrap();
    assert!(case_page(Role::Reviewer, &submitted, Besides::default()).contains("/approve"));
    assert!(!case_page(Role::Editor, &submitted, Besides::default()).contains("/approve"));
}

#[test]
fn what_a_draft_lacks_is_named_at_its_field() {
    let author = MemberId(id(2));
    let refused = case(author)
        .save(Draft::default(), author, NOW)
        .and_then(|case| case.submit(author, NOW));
    let Err(CaseRefused::Incomplete(faults)) = refused else {
        panic!("an empty draft was submitted")
    };
    let besides = Besides {
        refused: Some(CaseRefused::Incomplete(faults)),
        ..Besides::default()
    };
    let page = case_page(Role::Editor, &case(author), besides);
    for word in [
        "Klaim masih kosong",
        "Pilih kesimpulan",
        "Penjelasan masih kosong",
        "paling sedikit satu tautan",
    ] {
        assert!(page.contains(word), "{word}");
    }
    assert_eq!(page.matches("field wrong").count(), 4);
}
