//! Who is counted as one visitor where attempts are limited, behind a proxy and without one.

use reqwest::StatusCode;

use crate::harness::{Place, TestServer};

/// More guesses at a tip's code than one address has at once.
const MANY: usize = 200;

/// One guess; `forwarded` is what the proxy in front passes on.
async fn guess(server: &TestServer, forwarded: &str) -> StatusCode {
    let request = server
        .client
        .get(format!("{}/kiriman/K7QM-3XPD", server.url))
        .header("x-forwarded-for", forwarded);
    request.send().await.expect("answers").status()
}

/// Guesses with one address after the other until the door closes; the last answer.
async fn guess_often(server: &TestServer, forwarded: impl Fn(usize) -> String) -> StatusCode {
    for number in 0..MANY {
        let code = guess(server, &forwarded(number)).await;
        if code == StatusCode::TOO_MANY_REQUESTS {
            return code;
        }
        assert_eq!(code, StatusCode::NOT_FOUND);
    }
    StatusCode::NOT_FOUND
}

fn some_address(number: usize) -> String {
    format!("198.51.{}.{}", number / 250, number % 250 + 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_each_visitor_has_their_own_attempts() {
    let place = Place::new().with("KENTONGAN_TRUSTED_PROXIES", "1");
    let server = TestServer::start(&place).await;
    let mine = "203.0.113.9";
    let closed = StatusCode::TOO_MANY_REQUESTS;
    assert_eq!(
        guess_often(&server, |_| mine.to_owned()).await,
        closed,
        "one visitor is slowed"
    );
    assert_eq!(
        guess(&server, "203.0.113.10").await,
        StatusCode::NOT_FOUND,
        "the next visitor is not"
    );
    assert_eq!(
        guess_often(&server, |number| format!(
            "{}, {mine}",
            some_address(number)
        ))
        .await,
        closed,
        "what a visitor writes in front buys no attempts"
    );
    assert_eq!(
        guess_often(&server, some_address).await,
        StatusCode::NOT_FOUND,
        "many visitors pass"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_trusted_proxy_the_header_buys_nothing() {
    for place in [
        Place::new(),
        Place::new().with("KENTONGAN_TRUSTED_PROXIES", "10.0.0.0/8"),
    ] {
        let server = TestServer::start(&place).await;
        assert_eq!(
            guess_often(&server, some_address).await,
            StatusCode::TOO_MANY_REQUESTS
        );
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_the_process_are_not_passed_on_to_the_world() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let address = format!("{}/metrics", server.url);
    let here = server.client.get(&address).send().await.expect("answers");
    assert_eq!(here.status(), StatusCode::OK);
    let passed_on = server
        .client
        .get(&address)
        .header("x-forwarded-for", "127.0.0.1");
    let passed_on = passed_on.send().await.expect("answers");
    assert_eq!(passed_on.status(), StatusCode::NOT_FOUND);
    server.stop().await;
}
