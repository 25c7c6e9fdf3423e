//! The radar: order, filters, joins and the index that carries it.

use domain::audit::AuditKind;
use domain::channel::ChannelKind;
use domain::claim_match::Decision;
use domain::cluster::{ClusterAnswer, ClusterState};
use domain::limits::CASE_LOCK_IDLE_US;
use store::{ClusterRow, Facet, FacetKind, RadarFilter, RadarTotals};

use crate::cases::open_case;
use crate::engine::{Bench, each_engine};
use crate::network::{T0, at, by, cluster, fact_check, imported, newsroom, suggesting, suggestion};

fn page() -> RadarFilter {
    RadarFilter {
        limit: 50,
        ..RadarFilter::default()
    }
}

async fn texts(bench: &Bench, filter: RadarFilter) -> Vec<String> {
    let rows = bench.store.radar(&filter, T0).await.expect("radar");
    rows.into_iter().map(|row| row.text).collect()
}

fn seen_in(row: ClusterRow, channel: &str, region: &str) -> ClusterRow {
    let channel = Facet {
        kind: FacetKind::Channel,
        value: channel.to_owned(),
        posts: 1,
    };
    let region = Facet {
        kind: FacetKind::Region,
        value: region.to_owned(),
        posts: 1,
    };
    ClusterRow {
        facets: vec![channel, region],
        ..row
    }
}

each_engine! {
    async fn the_hottest_live_cluster_stands_first_and_pages_do_not_overlap(bench) {
        let rows: Vec<ClusterRow> = (0..9_i32)
            .map(|n| ClusterRow { heat: f64::from(n / 2), ..cluster(&bench, &format!("{n}")) })
            .collect();
        let closed = ClusterRow { state: ClusterState::Closed, heat: 99.0, ..cluster(&bench, "tutup") };
        bench.store.upsert_clusters(&rows).await.expect("upsert");
        bench.store.upsert_clusters(&[closed]).await.expect("upsert");
        let whole = texts(&bench, page()).await;
        assert_eq!(whole, ["8", "7", "6", "5", "4", "3", "2", "1", "0"]);
        let mut pieces = texts(&bench, RadarFilter { limit: 4, ..page() }).await;
        pieces.extend(texts(&bench, RadarFilter { limit: 4, offset: 4, ..page() }).await);
        pieces.extend(texts(&bench, RadarFilter { limit: 4, offset: 8, ..page() }).await);
        assert_eq!(pieces, whole);
    }

    async fn each_filter_keeps_what_it_names(bench) {
        let check = imported(&bench, &[fact_check(&bench, "a")]).await.remove(0);
        let jambi = seen_in(cluster(&bench, "Jambi"), "whatsapp", "15.05");
        let papua = seen_in(cluster(&bench, "Papua"), "x", "91");
        let papua = suggesting(papua, vec![suggestion(&check, 0.9)]);
        let late = ClusterRow { last_seen_at: at(500), ..seen_in(cluster(&bench, "Aceh"), "tiktok", "11.15") };
        bench.store.upsert_clusters(&[jambi, papua, late]).await.expect("upsert");
        let channel = |kind| RadarFilter { channel: Some(kind), ..page() };
        let region = |code: &str| RadarFilter { region: Some(code.to_owned()), ..page() };
        assert_eq!(texts(&bench, channel(ChannelKind::WhatsApp)).await, ["Jambi"]);
        assert_eq!(texts(&bench, channel(ChannelKind::X)).await, ["Papua"]);
        assert!(texts(&bench, channel(ChannelKind::News)).await.is_empty());
        assert_eq!(texts(&bench, region("15")).await, ["Jambi"]);
        assert_eq!(texts(&bench, region("15.05")).await, ["Jambi"]);
        assert!(texts(&bench, region("15.06")).await.is_empty());
        assert!(texts(&bench, region("05")).await.is_empty());
        assert!(texts(&bench, region("1_.05")).await.is_empty(), "a region is no pattern");
        let suggested = RadarFilter { answer: Some(ClusterAnswer::Suggested), ..page() };
        assert_eq!(texts(&bench, suggested).await, ["Papua"]);
        let recent = RadarFilter { seen_after: Some(at(500)), ..page() };
        assert_eq!(texts(&bench, recent).await, ["Aceh"]);
        let all_at_once = RadarFilter {
            answer: Some(ClusterAnswer::None),
            channel: Some(ChannelKind::TikTok),
            region: Some("11".to_owned()),
            seen_after: Some(at(0)),
            text: Some("ace".to_owned()),
            ..page()
        };
        assert_eq!(texts(&bench, all_at_once).await, ["Aceh"]);
    }

    async fn a_searched_text_is_taken_as_it_stands(bench) {
        let rows = ["naik 100% pasti", "naik 100 persen", "nama_akun", "namaXakun", r"garis \ miring", "o'clock"];
        let rows = rows.map(|text| cluster(&bench, text));
        bench.store.upsert_clusters(&rows).await.expect("upsert");
        let search = |text: &str| RadarFilter { text: Some(text.to_owned()), ..page() };
        for (needle, found) in [
            ("100%", vec!["naik 100% pasti"]),
            ("a_a", vec!["nama_akun"]),
            (r"\", vec![r"garis \ miring"]),
            ("O'CLOCK", vec!["o'clock"]),
            ("%", vec!["naik 100% pasti"]),
        ] {
            assert_eq!(texts(&bench, search(needle)).await, found, "{needle}");
        }
        assert_eq!(texts(&bench, search("  ")).await.len(), 6, "white space filters nothing");
    }

    async fn a_search_by_text_looks_no_deeper_than_it_is_told(bench) {
        let rows: Vec<ClusterRow> = (0..40_i32)
            .map(|n| ClusterRow { heat: f64::from(n / 4), ..cluster(&bench, &format!("kotak {}", n % 2)) })
            .collect();
        bench.store.upsert_clusters(&rows).await.expect("upsert");
        let among = |search_among| RadarFilter { search_among, limit: 200, text: Some("kotak".to_owned()), ..page() };
        for (asked, found) in [(1, 1), (10, 10), (13, 13), (40, 40), (41, 40), (0, 40), (u32::MAX, 40)] {
            let shown = bench.store.radar(&among(asked), at(20)).await.expect("radar");
            assert_eq!(shown.len(), found, "among {asked}");
        }
        let whole = bench.store.radar(&RadarFilter { limit: 200, ..page() }, at(20)).await.expect("radar");
        let shown = bench.store.radar(&among(13), at(20)).await.expect("radar");
        assert_eq!(shown, whole[..13], "the hottest are looked through");
        let plan = bench.store.explain_radar(&among(13)).await.expect("plan");
        assert!(!bench.is_sqlite() || !plan.contains("TEMP B-TREE"), "the radar is sorted by hand:\n{plan}");
    }

    async fn a_row_brings_its_best_check_and_the_live_cases(bench) {
        let desk = newsroom(&bench, "Warta Satu").await;
        let other = newsroom(&bench, "Warta Dua").await;
        let checks = imported(&bench, &[fact_check(&bench, "a"), fact_check(&bench, "b")]).await;
        let row = suggesting(cluster(&bench, "teks"), vec![suggestion(&checks[0], 0.9), suggestion(&checks[1], 0.5)]);
        bench.store.upsert_clusters(std::slice::from_ref(&row)).await.expect("upsert");
        let rejected = by(&desk.editor, AuditKind::MatchRejected, row.id.0);
        bench.store.decide_match(row.id, checks[0].id, Decision::Reject, crate::network::labelling(&bench), &rejected).await.expect("decide");
        let case = open_case(&bench, &desk, row.id).await;
        let taken = case.take(desk.editor.id, at(10)).expect("take");
        bench.store.update_case(&taken, &by(&desk.editor, AuditKind::CaseTaken, taken.id.0)).await.expect("update");
        open_case(&bench, &other, row.id).await;

        let shown = bench.store.radar(&page(), at(20)).await.expect("radar").remove(0);
        let best = shown.best.clone().expect("best check");
        assert_eq!((best.fact_check, best.claim, best.rating), (checks[1].id, checks[1].claim.clone(), checks[1].rating));
        assert!((best.probability - 0.5).abs() < f32::EPSILON);
        assert_eq!(shown.growth, row.growth);
        assert_eq!(shown.facets, row.facets);
        assert_eq!(shown.cases.len(), 2);
        let mine = shown.case_of(desk.organisation.id).expect("case");
        assert_eq!((mine.id, mine.state.as_str()), (taken.id, "held"));
        assert_eq!(mine.holder, Some((desk.editor.id, "Redaktur Satu".to_owned())));
        assert_eq!(mine.organisation_name, "Warta Satu");
        assert_eq!(shown.case_of(other.organisation.id).expect("case").holder, None);

        let later = at(10).plus_us(CASE_LOCK_IDLE_US);
        let lapsed = bench.store.radar(&page(), later).await.expect("radar").remove(0);
        assert_eq!(lapsed.case_of(desk.organisation.id).expect("case").holder, None);
    }

    async fn totals_count_posts_claims_and_what_waits(bench) {
        let none = bench.store.radar_totals(at(-999)).await.expect("totals");
        assert_eq!(none, RadarTotals::default());
        let check = imported(&bench, &[fact_check(&bench, "a")]).await.remove(0);
        let waiting = ClusterRow { born_at: at(-7_000), ..cluster(&bench, "lama") };
        let rows = [
            waiting,
            cluster(&bench, "baru"),
            ClusterRow { state: ClusterState::Dormant, born_at: at(-9_000), ..cluster(&bench, "tidur") },
            suggesting(cluster(&bench, "a1"), vec![suggestion(&check, 0.9)]),
            suggesting(cluster(&bench, "a2"), vec![suggestion(&check, 0.8)]),
            ClusterRow { last_seen_at: at(-5_000), ..cluster(&bench, "di luar jendela") },
            ClusterRow { state: ClusterState::Closed, ..cluster(&bench, "tutup") },
        ];
        bench.store.upsert_clusters(&rows).await.expect("upsert");
        let totals = bench.store.radar_totals(at(-999)).await.expect("totals");
        let expected = RadarTotals {
            active_clusters: 5,
            distinct_claims: 4,
            unanswered_rising: 2,
            oldest_unanswered_at: Some(at(-7_000)),
        };
        assert_eq!(totals, expected);
    }

    async fn the_radar_walks_its_index(bench) {
        if bench.is_sqlite() {
            let filters = [
                page(),
                RadarFilter { answer: Some(ClusterAnswer::None), seen_after: Some(T0), ..page() },
                RadarFilter { channel: Some(ChannelKind::X), region: Some("15".to_owned()), ..page() },
            ];
            for filter in filters {
                let plan = bench.store.explain_radar(&filter).await.expect("plan");
                assert!(plan.contains("cluster_radar"), "{plan}");
                assert!(!plan.contains("TEMP B-TREE"), "the radar is sorted by hand:\n{plan}");
            }
        } else {
            // PostgreSQL prefers the index once the table is worth it.
            let rows: Vec<ClusterRow> = (0..3_000_i32)
                .map(|n| ClusterRow { heat: f64::from(n), ..cluster(&bench, &format!("{n}")) })
                .collect();
            bench.store.upsert_clusters(&rows).await.expect("upsert");
            bench.raw("ANALYZE").await.expect("raw");
            let plan = bench.store.explain_radar(&page()).await.expect("plan");
            assert!(plan.contains("cluster_radar"), "{plan}");
        }
    }
}
