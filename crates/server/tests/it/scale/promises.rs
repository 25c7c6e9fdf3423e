//! The board of promises over more than two pages.

use domain::audit::AuditKind;
use domain::member::Role;
use domain::obligation::{Obligation, Tie};
use domain::organisation::OrganisationKind;
use domain::{AgreementId, MemberId, ObligationId, OrganisationId};
use server::access::agreed_access::today;
use server::app::App;
use server::clock;

use super::network::{organisation, signed_in};
use super::page;
use crate::harness::{Place, TestServer, event};
use crate::walk::agreements::{in_force, proposal};

/// Promises under one agreement: more than two pages of them.
const PROMISES: i64 = 120;

/// Promises whose names do not tell when they are due, and their names as the board shows them.
async fn promises(app: &App, agreement: AgreementId, organisation: OrganisationId) -> Vec<String> {
    let today = today(clock::now());
    let mut promises = Vec::new();
    for place in 0..PROMISES {
        let promise = Obligation {
            id: ObligationId(clock::fresh_id()),
            agreement,
            organisation,
            text: format!("janji ke-{place:03}"),
            due: today.plus_days(place * 37 % 80 - 40).expect("day"),
            tie: Tie::ByHand,
            done: (place % 5 == 0).then_some(today),
        };
        let act = event(AuditKind::ObligationAdded);
        let kept = app.store.insert_obligation(&promise, &act).await;
        kept.expect("kept");
        promises.push(promise);
    }
    promises.sort_by_key(|promise| {
        let group = if promise.done.is_some() {
            2
        } else {
            i32::from(promise.due >= today)
        };
        (group, promise.due, promise.id)
    });
    promises.into_iter().map(|promise| promise.text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_of_promises_is_paged_overdue_first_in_equally_many_statements() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let app = server.server.app.clone();
    let mut ids = Vec::new();
    for name in ["Asosiasi Contoh", "Redaksi Contoh"] {
        let body = organisation(OrganisationKind::MediaAssociation, name.into());
        let act = event(AuditKind::OrganisationAdded);
        let added = app.store.insert_organisation(&body, &act).await;
        added.expect("organisation");
        ids.push(body.id);
    }
    let by = MemberId(clock::fresh_id());
    let agreement = in_force(&app, proposal([ids[0], ids[1]]), by).await;
    let wanted = promises(&app, agreement.id, ids[1]).await;
    let cookie = signed_in(&app, ids[0], Role::Coordinator).await;

    let mut address = "/network/obligations".to_owned();
    let (mut shown, mut statements) = (Vec::new(), Vec::new());
    loop {
        let (text, count) = page(&app, &cookie, &address).await;
        let names = text.split("<td class=\"what\">").skip(1);
        let names = names.filter_map(|rest| rest.split("<br>").next().map(str::to_owned));
        shown.push(names.collect::<Vec<String>>());
        statements.push(count);
        let next = text.split("rel=\"next\" href=\"").nth(1);
        let Some(next) = next.and_then(|rest| rest.split('"').next()) else {
            break;
        };
        next.clone_into(&mut address);
    }
    let rows: Vec<usize> = shown.iter().map(Vec::len).collect();
    assert_eq!(rows, [50, 50, 20]);
    assert_eq!(shown.concat(), wanted, "each once, the overdue first");
    assert_eq!(statements, [statements[0]; 3]);
    server.stop().await;
}
