//! The live line: tells open pages when the radar moved.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::{self, Stream};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::shell::speed;
use crate::access::{May, SignedIn, epoch, permission::SeeDesk};
use crate::app::App;
use crate::stream::LiveFigures;
use crate::web::Frame;

/// A page hears of changes at most this often, in milliseconds.
const NEWS_GAP_MS: u64 = 1_000;
/// A silent line carries a sign of life this often, in seconds, so that proxies keep it open.
const SIGN_OF_LIFE_S: u64 = 15;
/// A line ends after so many pieces of news; the page opens a new one and is asked again whether
/// its member is still signed in.
const NEWS_PER_LINE: u32 = 600;

/// Whether only the present state is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Once {
    sekali: String,
}

/// One piece of news.
#[derive(Debug, Serialize)]
struct News {
    version: u64,
    speed: String,
}

/// `GET /desk/live`: server-sent events; one JSON object with `?sekali=1`.
pub(super) async fn show(
    who: May<SeeDesk>,
    frame: Frame,
    State(app): State<App>,
    Query(once): Query<Once>,
) -> Response {
    let live = app.live.clone();
    let mut response = if once.sekali.is_empty() {
        let alive = KeepAlive::new().interval(Duration::from_secs(SIGN_OF_LIFE_S));
        let lost = epoch::until_lost::<SeeDesk>(app.clone(), SignedIn::clone(&who));
        Sse::new(news(frame, live, app.closing.clone()).take_until(lost))
            .keep_alive(alive)
            .into_response()
    } else {
        let news = news_of(&frame, &live.borrow());
        Json(news).into_response()
    };
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    response
}

fn news_of(frame: &Frame, live: &LiveFigures) -> News {
    News {
        version: live.version,
        speed: speed(frame, live),
    }
}

fn news(
    frame: Frame,
    live: watch::Receiver<LiveFigures>,
    closing: CancellationToken,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let news = stream::unfold((frame, live, 0_u32), |(frame, mut live, told)| async move {
        if told >= NEWS_PER_LINE {
            return None;
        }
        if told > 0 {
            tokio::time::sleep(Duration::from_millis(NEWS_GAP_MS)).await;
            live.changed().await.ok()?;
        }
        let news = news_of(&frame, &live.borrow_and_update());
        let event = Event::default().json_data(&news).unwrap_or_default();
        Some((Ok(event), (frame, live, told + 1)))
    });
    // A server that ends waits for its open answers; this one never ends by itself.
    news.take_until(closing.cancelled_owned())
}
