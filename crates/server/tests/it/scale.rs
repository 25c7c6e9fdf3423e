//! The network at its planned size: 3,000 organisations and 20,000 people.
//!
//! Times are for the bench. What is held here is what makes them: how many statements each page
//! makes, how many rows it shows, and that a search finds the one among all.

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::directory::{Affiliation, Entry};
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::region::RegionCode;
use domain::term::Term;
use domain::{MemberId, OrganisationId};
use server::access::session;
use server::app::App;
use server::{clock, regions, router};
use store::ImportedEntry;
use tower::ServiceExt as _;

use crate::harness::{Place, TestServer, event};
use crate::walk::agreements::{in_force, proposal};

const ORGANISATIONS: usize = 3_000;
const PEOPLE: usize = 20_000;
/// Members stored at once.
const BATCH: usize = 2_000;
/// Agreements in force.
const AGREEMENTS: usize = 120;
/// Rows a list shows, at most.
const ROWS_MAX: usize = 60;
/// The signed-in member is looked up once for each request.
const OF_THE_SESSION: u64 = 1;

fn organisation(kind: OrganisationKind, name: String) -> Organisation {
    Organisation {
        id: OrganisationId(clock::fresh_id()),
        kind,
        name,
        region: None,
        homepage: None,
        parent: None,
        active: true,
    }
}

/// The people and bodies that the pages are looked at with.
struct Network {
    /// An association with most of the newsrooms.
    association: OrganisationId,
    newsroom: OrganisationId,
    agreement: domain::AgreementId,
    /// Signed in for the operator.
    operator: String,
    /// Signed in for the association.
    coordinator: String,
}

async fn fill(app: &App) -> Network {
    let codes: Vec<RegionCode> = regions::provinces()
        .filter_map(|province| RegionCode::parse(&province.code).ok())
        .collect();
    let association = organisation(OrganisationKind::MediaAssociation, "Asosiasi Besar".into());
    let operator = organisation(OrganisationKind::Operator, "Pengelola".into());
    let (association_id, operator_id) = (association.id, operator.id);
    let mut entries: Vec<ImportedEntry> = [association, operator]
        .into_iter()
        .map(|organisation| imported(organisation, None))
        .collect();
    for n in entries.len()..ORGANISATIONS {
        let kind = match n % 50 {
            0 => OrganisationKind::AssociationChapter,
            1 => OrganisationKind::Campus,
            2 => OrganisationKind::Kpu,
            _ => OrganisationKind::Newsroom,
        };
        let mut one = organisation(kind, format!("Lembaga Nomor {n:04}"));
        one.region = codes.get(n % codes.len()).cloned();
        if kind == OrganisationKind::AssociationChapter {
            one.parent = Some(association_id);
        }
        let member_of = (kind == OrganisationKind::Newsroom).then_some(association_id);
        entries.push(imported(one, member_of));
    }
    let act = event(AuditKind::OrganisationsImported);
    let kept = app.store.import_entries(&entries, &act);
    kept.await.expect("organisations");
    let ids: Vec<OrganisationId> = entries
        .iter()
        .map(|imported| imported.entry.organisation.id)
        .collect();
    for first in (0..PEOPLE).step_by(BATCH) {
        let people: Vec<Member> = (first..first + BATCH)
            .map(|n| person(ids[n % ids.len()], n, Role::Editor))
            .collect();
        let acts: Vec<AuditEvent> = people.iter().map(added).collect();
        let kept = app.store.insert_members(&people, "no password", &acts);
        kept.await.expect("people");
    }
    let newsrooms: Vec<OrganisationId> = entries
        .iter()
        .filter(|one| one.entry.organisation.kind == OrganisationKind::Newsroom)
        .map(|one| one.entry.organisation.id)
        .collect();
    let mut agreement = None;
    let by = MemberId(clock::fresh_id());
    for partner in newsrooms.iter().take(AGREEMENTS) {
        agreement = Some(
            in_force(app, proposal([association_id, *partner]), by)
                .await
                .id,
        );
    }
    app.agreed_access.renew(&app.store).await.expect("opened");
    Network {
        association: association_id,
        newsroom: newsrooms[0],
        agreement: agreement.expect("an agreement"),
        operator: signed_in(app, operator_id, Role::Administrator).await,
        coordinator: signed_in(app, association_id, Role::Coordinator).await,
    }
}

fn imported(organisation: Organisation, member_of: Option<OrganisationId>) -> ImportedEntry {
    let affiliation = member_of.map(|association| Affiliation {
        association,
        media: organisation.id,
        term: Term::default(),
        source: "uji".into(),
    });
    ImportedEntry {
        entry: Entry {
            organisation,
            short_name: String::new(),
            since_year: Some(2019),
            external_id: None,
        },
        fresh: true,
        affiliation,
    }
}

fn person(organisation: OrganisationId, n: usize, role: Role) -> Member {
    Member {
        id: MemberId(clock::fresh_id()),
        organisation,
        name: format!("Orang {n:05}"),
        email: format!("orang-{n}@lembaga.example"),
        role,
        zone: Zone::Wib,
        active: true,
    }
}

fn added(member: &Member) -> AuditEvent {
    // Each by another person, so that a page that looks every name up by itself is seen.
    AuditEvent {
        subject: member.id.0,
        actor: Actor::Member(member.id),
        ..event(AuditKind::MemberAdded)
    }
}

async fn signed_in(app: &App, organisation: OrganisationId, role: Role) -> String {
    let mut member = person(organisation, 0, role);
    member.email = format!("{}@lembaga.example", member.id);
    let act = added(&member);
    let kept = app.store.insert_member(&member, "no password", &act);
    kept.await.expect("member");
    let headers = HeaderMap::new();
    let set = session::open(app, &headers, member.id, clock::now(), "").await;
    let set = set.expect("session");
    let cookie = set.to_str().expect("text").split(';').next();
    cookie.unwrap_or_default().to_owned()
}

/// The page at `path` and how many statements it took, the session's own left out.
async fn page(app: &App, cookie: &str, path: &str) -> (String, u64) {
    let from = std::net::SocketAddr::from(([127, 0, 0, 1], 1));
    let request = Request::get(path)
        .header(header::COOKIE, cookie)
        .extension(ConnectInfo(from))
        .body(Body::empty())
        .expect("request");
    let asked = async {
        let answer = router::router(app.clone())
            .oneshot(request)
            .await
            .expect("answers");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
        String::from_utf8(body.expect("body").to_vec()).expect("text")
    };
    let (text, statements) = store::count_statements(asked).await;
    (text, statements.saturating_sub(OF_THE_SESSION))
}

/// Who looks, where, how many statements it may take, and a text that has to be there.
type Look<'a> = (&'a str, &'a str, u64, &'a str);

/// What is wrong with these pages.
async fn faults_of(app: &App, pages: &[Look<'_>]) -> Vec<String> {
    let mut faults = Vec::new();
    for (cookie, path, most, wanted) in pages {
        let (text, statements) = page(app, cookie, path).await;
        let rows = text.matches("<tr>").count();
        println!(
            "{statements:>3} statements, {rows:>3} rows, {:>6} bytes  {path}",
            text.len()
        );
        if statements > *most {
            faults.push(format!("{path} took {statements} statements"));
        }
        if rows > ROWS_MAX {
            faults.push(format!("{path} shows {rows} rows"));
        }
        if !text.contains(wanted) {
            faults.push(format!("{path} does not show {wanted:?}"));
        }
    }
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_at_its_planned_size_is_paged_searched_and_read_in_few_statements() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let app = server.server.app.clone();
    let network = fill(&app).await;
    let (operator, coordinator) = (network.operator.as_str(), network.coordinator.as_str());
    let association = format!("/network/organisations/{}", network.association);
    let newsroom = format!("/network/organisations/{}", network.newsroom);
    let members_of = format!("/network?lembaga={}&jenis=newsroom", network.association);
    let agreement = format!("/network/agreements/{}", network.agreement);
    let public = format!("/kesepakatan/{}", network.agreement);
    let pages: &[Look<'_>] = &[
        (operator, "/network", 1, "Lembaga Nomor 0002"),
        (operator, "/network?hal=60", 1, "Lembaga Nomor 2999"),
        (
            operator,
            "/network?cari=nomor+2718",
            1,
            "Lembaga Nomor 2718",
        ),
        (
            operator,
            "/network?wilayah=Jambi&jenis=newsroom",
            1,
            "Lembaga Nomor",
        ),
        (operator, &members_of, 2, "Lembaga Nomor 0003"),
        (operator, "/admin/members", 4, "Orang 0"),
        (operator, "/admin/members?hal=300", 4, "Orang"),
        (
            operator,
            "/admin/members?cari=orang+19999",
            4,
            "orang-19999@",
        ),
        (
            operator,
            "/admin/members?cari=nomor+2718",
            4,
            "Lembaga Nomor 2718",
        ),
        (coordinator, "/network/access", 4, "Lembaga Nomor"),
        (operator, "/network/agreements", 4, "Kesepahaman"),
        (coordinator, "/network/agreements?hal=2", 4, "Kesepahaman"),
        (operator, "/network/obligations", 4, ""),
        ("", "/kesepakatan", 4, "Kesepahaman"),
        ("", &public, 4, "Kesepahaman"),
        (operator, "/admin/audit", 6, "Orang"),
        (operator, "/admin/audit?tindakan=member_added", 6, ""),
        (operator, "/admin/keys", 4, ""),
        (operator, &association, 12, "Lembaga Nomor"),
        (coordinator, &association, 12, "Lembaga Nomor"),
        (operator, &newsroom, 9, "Asosiasi Besar"),
        (coordinator, &agreement, 12, "Kesepahaman"),
    ];
    let faults = faults_of(&app, pages).await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let (one, _) = page(&app, operator, "/admin/members?cari=orang+19999").await;
    assert!(
        !one.contains("orang-19998@"),
        "a search shows the others too"
    );
    server.stop().await;
}
