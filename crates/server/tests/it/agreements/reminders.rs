//! Mail before an agreement ends: to every party, once a person and mark, across restarts.

use domain::audit::AuditKind;
use domain::directory::{DatedFact, FactKind};
use domain::member::Role;
use domain::organisation::OrganisationKind;
use domain::term::Term;
use domain::{DatedFactId, OrganisationId};
use server::clock;
use server::network::agreements::calendar;

use super::house::{Body, House, PAIR, terms};
use crate::harness::{Place, TestServer, event};
use crate::identity::visitor::{entries, mail_to, mails};

/// Addresses of the coordinators of a body.
async fn coordinators(server: &TestServer, body: OrganisationId) -> Vec<String> {
    let store = &server.server.app.store;
    let found = store.recipients(&[body], &[Role::Coordinator]).await;
    let found = found.expect("recipients").into_iter();
    found.map(|one| one.member.email).collect()
}

async fn liaison(house: &House, body: &Body, text: &str) {
    let fact = DatedFact {
        id: DatedFactId(clock::fresh_id()),
        organisation: body.id,
        kind: FactKind::Liaison,
        title: "Kerja sama".into(),
        text: text.to_owned(),
        source: "surat tugas".into(),
        term: Term::default(),
    };
    let store = &house.server.server.app.store;
    let act = event(AuditKind::DatedFactAdded);
    store.insert_dated_fact(&fact, &act).await.expect("kept");
}

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn everybody_of_the_parties_is_written_to_once_a_mark() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (one, two) = house.pair().await;
    let gone = house
        .body("Redaksi Pergi", OrganisationKind::Newsroom, None, None)
        .await;
    house.person(one.id, Role::Reviewer).await;
    liaison(&house, &two, "Sekretariat <sekretariat@asosiasi.example>").await;
    let server = &house.server;
    let (ours, theirs) = (
        coordinators(server, one.id).await,
        coordinators(server, two.id).await,
    );
    let english = house
        .get(&one.two, "/lang/en?kembali=/network/agreements")
        .await;
    assert!(english.status().is_redirection());

    let today = server::access::agreed_access::today(clock::now());
    let last = today.plus_days(20).expect("day").to_string();
    let ends = [("tahun", ""), ("sampai", last.as_str())];
    // The same address twice, once in capitals: one person.
    let parties = format!(
        "KPU Contoh | 1 | Ketua | Humas, HUMAS@kpu.example\n\
         Asosiasi Contoh | 2 | Ketua | humas@kpu.example\n\
         Redaksi Pergi | 3 | Pemimpin | {}",
        "pergi@redaksi.example"
    );
    let path = house
        .signed(&[&one, &two, &gone], &terms(&parties, "2024-01-17", &ends))
        .await;
    let day = today.to_string();
    house
        .does(&gone.one, &path, "leave", &[("tanggal", day.as_str())])
        .await;

    let app = &server.server.app;
    for _ in 0..2 {
        calendar::look(app, today).await.expect("looks");
    }
    let everybody = [
        ours.as_slice(),
        theirs.as_slice(),
        &[
            "humas@kpu.example".to_owned(),
            "sekretariat@asosiasi.example".to_owned(),
        ],
    ]
    .concat();
    assert_eq!(
        entries(server, AuditKind::ReminderSent).await,
        ["30 days, 6 mails"],
        "once for thirty days, and not for those that had passed"
    );
    for address in &everybody {
        mail_to(&place, address, "Asosiasi Contoh").await;
    }
    let about = || {
        mails(&place)
            .iter()
            .filter(|mail| mail.contains(&path))
            .count()
    };
    assert_eq!(about(), everybody.len(), "nobody else, nobody twice");
    let in_english = async |address: &String| {
        mail_to(&place, address, &path)
            .await
            .contains("20 days left")
    };
    let mut english = 0;
    for address in &ours {
        english += usize::from(in_english(address).await);
    }
    assert_eq!(english, 1, "each in the language they read in");
    let indonesian = mail_to(&place, &theirs[0], "20 hari lagi").await;
    assert!(
        indonesian.contains("ajukan perpanjangannya"),
        "{indonesian}"
    );

    house.server.stop().await;
    let house = House::open(&place).await;
    let app = &house.server.server.app;
    calendar::look(app, today).await.expect("looks");
    assert_eq!(
        entries(&house.server, AuditKind::ReminderSent).await.len(),
        1,
        "a restart reminds nobody again"
    );
    let renewed = house.post(&two.one, &format!("{path}/renew"), &[]).await;
    assert!(renewed.status().is_redirection());
    let later = today.plus_days(13).expect("day");
    calendar::look(app, later).await.expect("looks");
    assert_eq!(
        entries(&house.server, AuditKind::ReminderSent).await,
        ["7 days, 6 mails", "30 days, 6 mails"]
    );
    let next = mail_to(&place, &theirs[0], "7 hari lagi").await;
    assert!(next.contains("Perpanjangannya sudah diajukan"), "{next}");
    house.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parties_with_nobody_are_reminded_through_the_operator() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (one, two) = house.pair().await;
    let app = &house.server.server.app;
    let today = server::access::agreed_access::today(clock::now());
    let last = today.plus_days(20).expect("day").to_string();
    let ends = [("tahun", ""), ("sampai", last.as_str())];
    let path = house
        .signed(&[&one, &two], &terms(PAIR, "2024-01-17", &ends))
        .await;
    let both = app
        .store
        .recipients(&[one.id, two.id], &[Role::Coordinator])
        .await;
    for gone in both.expect("coordinators") {
        let act = event(AuditKind::MemberClosed);
        let closed = app.store.set_active(gone.member.id, false, &act).await;
        closed.expect("closed");
    }
    calendar::look(app, today).await.expect("looks");
    let reminded = async || entries(&house.server, AuditKind::ReminderSent).await;
    assert!(reminded().await.is_empty(), "nobody is there to read it");

    let kind = OrganisationKind::Operator;
    let operator = house.body("Pengelola", kind, None, None).await;
    let runs = house.person(operator.id, Role::Administrator).await;
    for _ in 0..2 {
        calendar::look(app, today).await.expect("looks");
    }
    assert_eq!(reminded().await, ["30 days, 1 mails"]);
    let told = app.store.operators().await.expect("operators");
    let mail = mail_to(&place, &told[0].member.email, "sebagai pengelola jaringan").await;
    assert!(mail.contains(&path), "{mail}");
    assert!(house.get(&runs, &path).await.status().is_success());
    house.server.stop().await;
}
