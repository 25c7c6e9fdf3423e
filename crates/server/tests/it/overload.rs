//! While the stream sends more than the log can take, tips and the work of the desk go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::channel::{Channel, ChannelKind};
use domain::member::Role;
use domain::post::Post;
use domain::tip::Tip;
use domain::{TipId, limits};
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use serde_json::Value;
use server::app::App;
use server::clock;
use server::intake::{IntakeError, Submitted};

use crate::desk::Desk;
use crate::harness::{Place, json_of, ndjson, post};

/// Senders that never pause: together they want half as much again as may wait.
const SENDERS: u64 = 24;
/// Posts of a batch; each as long as a post may be, so that a batch weighs about 4 MB.
const POSTS_PER_BATCH: u64 = 40;
/// How long anything may take before the test gives up; generous, since machines are shared.
const PATIENCE: Duration = Duration::from_mins(1);

/// Senders that submit as fast as they are answered, and try again at once when refused.
struct Flood {
    refused: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
    senders: Vec<tokio::task::JoinHandle<()>>,
}

impl Flood {
    fn begin(app: &App) -> Self {
        let refused = Arc::new(AtomicU64::new(0));
        let over = Arc::new(AtomicBool::new(false));
        let senders = (0..SENDERS).map(|sender| {
            let (app, refused, over) = (app.clone(), Arc::clone(&refused), Arc::clone(&over));
            tokio::spawn(async move {
                for batch in 0_u64.. {
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    match app.intake.submit(long_posts(sender, batch)).await {
                        Ok(_) => {}
                        Err(IntakeError::Overloaded { .. }) => {
                            refused.fetch_add(1, Ordering::Relaxed);
                            tokio::task::yield_now().await;
                        }
                        Err(fault) => panic!("intake stopped: {fault}"),
                    }
                }
            })
        });
        Self {
            refused: Arc::clone(&refused),
            over: Arc::clone(&over),
            senders: senders.collect(),
        }
    }

    /// Waits until senders are being refused now.
    async fn until_refused(&self) {
        let before = self.refused.load(Ordering::Relaxed);
        let begun = Instant::now();
        while self.refused.load(Ordering::Relaxed) == before {
            assert!(begun.elapsed() < PATIENCE, "intake was never full");
            tokio::task::yield_now().await;
        }
    }

    async fn end(self) {
        self.over.store(true, Ordering::Relaxed);
        for sender in self.senders {
            sender.await.expect("a sender ends well");
        }
    }
}

fn long_posts(sender: u64, batch: u64) -> Vec<Post> {
    let now = clock::now();
    let text = "antrean panjang di depan gudang ".repeat(limits::POST_TEXT_BYTES / 32);
    (0..POSTS_PER_BATCH)
        .map(|number| Post {
            channel: Channel {
                kind: ChannelKind::Facebook,
                account: "banjir".into(),
                url: None,
            },
            external_id: format!("{sender}-{batch}-{number}"),
            text: text.clone(),
            published_at: now,
            received_at: now,
            lang: None,
            region: None,
            reach: 0,
            media: Vec::new(),
            author: None,
            extra: None,
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tips_and_the_desk_go_on_while_the_stream_is_refused() {
    let place = Place::new();
    let desk = Desk::open(&place).await;
    let editor = desk.person(desk.home, Role::Editor, "Redaktur A").await;
    let app = desk.server.server.app.clone();
    let flood = Flood::begin(&app);
    refused_with_a_reason(&desk).await;

    for number in 0..5 {
        flood.until_refused().await;
        let tip = Tip {
            id: TipId(clock::fresh_id()),
            code: String::new(),
            text: format!("kiriman warga nomor {number}"),
            region: None,
            received_at: clock::now(),
        };
        let once = Submitted {
            accepted: 1,
            duplicates: 0,
        };
        assert_eq!(
            app.intake.tip(&tip).await,
            Ok(once),
            "the way of tips is their own"
        );
        flood.until_refused().await;
        let form = [
            ("teks", "Benarkah TPS di kampung kami dipindah?"),
            ("setuju", "ya"),
        ];
        let sent = desk.post(&editor, "/kirim", &form).await;
        assert_eq!(sent.status(), StatusCode::OK);
        let page = sent.text().await.expect("page");
        assert!(
            page.contains("href=\"/kiriman/"),
            "the sender gets a code: {page}"
        );
    }

    flood.until_refused().await;
    assert_eq!(desk.get(&editor, "/desk").await.status(), StatusCode::OK);
    flood.until_refused().await;
    let case = desk.take(&editor).await;
    flood.until_refused().await;
    let saved = desk.save(&editor, &case, "Kotak suara ditukar", "").await;
    assert_eq!(saved.status(), StatusCode::SEE_OTHER);

    flood.end().await;
    let tips = app
        .store
        .tips(store::Page {
            limit: 10,
            offset: 0,
        })
        .await
        .expect("tips");
    assert_eq!(tips.len(), 5, "every tip sent by form is kept");
    desk.server.stop().await;
}

/// A sender over HTTP is told that intake is full and how long to wait.
async fn refused_with_a_reason(desk: &Desk) {
    let text = "kabar panjang sekali ".repeat(limits::POST_TEXT_BYTES / 21);
    let lines: Vec<Value> = (0..60).map(|n| post(&format!("luar-{n}"), &text)).collect();
    let body = ndjson(&lines);
    let begun = Instant::now();
    loop {
        let answer = desk.server.send(body.clone()).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            assert!(answer.headers().contains_key(RETRY_AFTER));
            assert_eq!(json_of(answer).await["reference"], "intake_full");
            return;
        }
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(begun.elapsed() < PATIENCE, "no sender was refused");
    }
}
