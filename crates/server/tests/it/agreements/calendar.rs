//! What time does to an agreement: it ends, reminds, is renewed and can be subscribed to.

use super::house::{House, PAIR, terms};
use crate::harness::Place;
use domain::agreement::Opening;
use domain::audit::AuditKind;
use domain::date::Date;
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use server::clock;
use server::network::agreements::calendar;
use store::AgreementFilter;

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn the_calendar_lapses_reminds_once_and_can_be_subscribed_to() {
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
    let reminded = async || {
        let trail = app.store.audit_page(None, 200).await.expect("trail");
        trail
            .iter()
            .filter(|row| row.event.kind == AuditKind::ReminderSent)
            .count()
    };
    for _ in 0..2 {
        calendar::look(app, today).await.expect("looks");
    }
    assert_eq!(
        reminded().await,
        1,
        "once for thirty days, and not for those that had passed"
    );
    calendar::look(app, today.plus_days(14).expect("day"))
        .await
        .expect("looks");
    assert_eq!(reminded().await, 2, "and once for seven");

    let feed = house
        .get("", "/kesepakatan.ics")
        .await
        .text()
        .await
        .expect("calendar");
    assert!(feed.starts_with("BEGIN:VCALENDAR\r\n"), "{feed}");
    let day = Date::parse(&last)
        .expect("day")
        .to_string()
        .replace('-', "");
    assert!(
        feed.contains(&format!("DTSTART;VALUE=DATE:{day}\r\n")),
        "{feed}"
    );
    assert_eq!(
        feed.matches("BEGIN:VEVENT").count(),
        5,
        "the last day and four reminders"
    );

    calendar::look(app, today.plus_days(21).expect("day"))
        .await
        .expect("looks");
    let rows = app
        .store
        .agreements(AgreementFilter::All, store::Page::first(5))
        .await
        .expect("list");
    assert_eq!(rows[0].agreement.state.as_str(), "lapsed");
    assert!(!house.opened(&one, &two, Opening::SeeCases, "15"));

    let renewed = house.post(&two.one, &format!("{path}/renew"), &[]).await;
    assert_eq!(renewed.status(), StatusCode::SEE_OTHER);
    let next = renewed.headers()[LOCATION]
        .to_str()
        .expect("text")
        .to_owned();
    let again = house.post(&one.one, &format!("{path}/renew"), &[]).await;
    assert_eq!(
        again.headers()[LOCATION].to_str().expect("text"),
        next,
        "one renewal, not two"
    );
    house.server.stop().await;
}
