//! The network at its planned size: 3,000 organisations and 20,000 people.
//!
//! Times are for the bench. What is held here is what makes them: how many statements each page
//! makes, as the table of docs/performance.md says and no more than in a small network, how many
//! rows it shows, and that a search finds the one among all.

mod network;
mod promises;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use server::app::App;
use server::router;
use tower::ServiceExt as _;

use self::Who::{Coordinator, Nobody, Operator};
use self::network::{Network, PLANNED, SMALL, Size, fill};
use crate::harness::{Place, TestServer};

/// Rows of tables and lists a page shows, at most.
const ROWS_MAX: usize = 110;
/// The signed-in member is looked up once for each request.
const OF_THE_SESSION: u64 = 1;

/// The page at `path` and how many statements it took besides those of the session.
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
    let of_the_session = if cookie.is_empty() { 0 } else { OF_THE_SESSION };
    let statements = statements.checked_sub(of_the_session);
    let statements = statements.expect("who is signed in was not looked up");
    assert!(statements > 0, "{path} asks the store nothing");
    (text, statements)
}

/// A page, who looks at it, how many statements it takes, and a text that has to be there.
struct Look {
    address: String,
    who: Who,
    statements: u64,
    wanted: &'static str,
}

#[derive(Clone, Copy)]
enum Who {
    Nobody,
    Operator,
    Coordinator,
}

fn look(who: Who, address: &str, statements: u64, wanted: &'static str) -> Look {
    Look {
        address: address.to_owned(),
        who,
        statements,
        wanted,
    }
}

/// Pages that a network of any size has.
fn everywhere(network: &Network) -> Vec<Look> {
    let mut looks = directory(network);
    looks.extend(agreements(network));
    looks.extend(administration());
    looks
}

fn directory(network: &Network) -> Vec<Look> {
    let association = format!("/network/organisations/{}", network.association);
    let newsroom = format!("/network/organisations/{}", network.newsroom);
    let members_of = format!("/network?lembaga={}&jenis=newsroom", network.association);
    vec![
        look(Operator, "/network", 1, "Lembaga Nomor 0002"),
        look(Operator, "/network?jenis=newsroom", 1, "Lembaga Nomor"),
        look(Operator, &members_of, 2, "Lembaga Nomor 0003"),
        look(Operator, &association, 8, "Lembaga Nomor"),
        look(Coordinator, &association, 9, "Lembaga Nomor"),
        look(Operator, &newsroom, 7, "Asosiasi Besar"),
    ]
}

fn agreements(network: &Network) -> Vec<Look> {
    let agreement = format!("/network/agreements/{}", network.agreement);
    let register = format!("/kesepakatan/{}", network.agreement);
    let board = "/network/obligations";
    let of_another = "/network/access?lembaga=Asosiasi+Besar";
    vec![
        look(Coordinator, "/network/access", 1, "Lembaga Nomor"),
        look(Operator, of_another, 2, "Untuk Asosiasi Besar"),
        look(Operator, "/network/agreements", 2, "Kesepahaman"),
        look(Coordinator, &agreement, 10, "Kesepahaman"),
        look(Operator, board, 1, "class=\"empty\""),
        look(Coordinator, board, 1, "Menerbitkan cek fakta"),
        look(Nobody, "/kesepakatan", 2, "Kesepahaman"),
        look(Nobody, &register, 3, "Kesepahaman"),
    ]
}

fn administration() -> Vec<Look> {
    let person = "/admin/members?cari=orang+00019";
    let of_body = "/admin/members?cari=nomor+0018";
    let of_a_kind = "/admin/audit?tindakan=member_added";
    vec![
        look(Operator, "/admin/members", 3, "Orang 0"),
        look(Operator, person, 3, "orang-19@"),
        look(Operator, of_body, 3, "Lembaga Nomor 0018"),
        look(Operator, "/admin/access", 1, "melihat meja kerja"),
        look(Operator, "/admin/audit", 6, "Lembaga"),
        look(Operator, of_a_kind, 6, "Orang"),
        look(Operator, "/admin/keys", 4, "pengumpul"),
        look(Operator, "/admin/feeds", 1, "RSS"),
    ]
}

/// Pages and searches that a small network does not have.
fn far_within() -> Vec<Look> {
    let one_body = "/network?cari=nomor+2718";
    let of_a_region = "/network?wilayah=Jambi&jenis=newsroom";
    let one_person = "/admin/members?cari=orang+19999";
    vec![
        look(Operator, "/network?hal=60", 1, "Lembaga Nomor 2999"),
        look(Operator, one_body, 1, "Lembaga Nomor 2718"),
        look(Operator, of_a_region, 1, "Lembaga Nomor"),
        look(Operator, "/admin/members?hal=300", 3, "Orang"),
        look(Operator, one_person, 3, "orang-19999@"),
        look(Operator, "/admin/keys?hal=3", 4, "pengumpul 0<"),
        look(Coordinator, "/network/agreements?hal=2", 2, "Kesepahaman"),
    ]
}

/// What is wrong with these pages.
async fn faults_of(app: &App, network: &Network, looks: &[Look]) -> Vec<String> {
    let mut faults = Vec::new();
    for look in looks {
        let cookie = match look.who {
            Nobody => "",
            Operator => network.operator.as_str(),
            Coordinator => network.coordinator.as_str(),
        };
        let path = &look.address;
        let (text, statements) = page(app, cookie, path).await;
        let (rows, items) = (text.matches("<tr>").count(), text.matches("<li").count());
        println!(
            "{statements:>3} statements, {rows:>3} rows, {items:>3} items, {:>6} bytes  {path}",
            text.len()
        );
        if statements != look.statements {
            let table = look.statements;
            faults.push(format!("{path} took {statements} statements, not {table}"));
        }
        if rows + items > ROWS_MAX {
            faults.push(format!("{path} shows {rows} rows and {items} items"));
        }
        if !text.contains(look.wanted) {
            faults.push(format!("{path} does not show {:?}", look.wanted));
        }
    }
    faults
}

async fn opened(size: &Size) -> (Place, TestServer, Network) {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let network = fill(&server.server.app, size).await;
    (place, server, network)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_network_is_read_in_as_many_statements() {
    let (_place, server, network) = opened(&SMALL).await;
    let looks = everywhere(&network);
    let faults = faults_of(&server.server.app, &network, &looks).await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_at_its_planned_size_is_paged_searched_and_read_in_few_statements() {
    let (_place, server, network) = opened(&PLANNED).await;
    let app = &server.server.app;
    let mut looks = everywhere(&network);
    looks.extend(far_within());
    let faults = faults_of(app, &network, &looks).await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let searched = "/admin/members?cari=orang+19999";
    let (one, _) = page(app, &network.operator, searched).await;
    assert!(
        !one.contains("orang-19998@"),
        "a search shows the others too"
    );
    server.stop().await;
}
