//! What is learnt in use: how many labels there are, whether scores drift, and the gold set.

use std::io::Write as _;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use domain::audit::AuditKind;
use flate2::Compression;
use flate2::write::GzEncoder;
use matching::calibration::SPREAD_BINS;
use serde::Deserialize;
use store::LabelTotals;
use uuid::Uuid;

use crate::access::{May, SignedIn, permission::TuneAnswers};
use crate::answers::{ScoreSource, model_digest};
use crate::app::App;
use crate::desk::{Shell, event};
use crate::error::Failure;
use crate::learning::drift::{self, Baseline, Drift};
use crate::learning::gold::{self, GoldFault, Month};
use crate::learning::tar;
use crate::web::{Cache, Fields, Frame, Html, Page};

/// Height of a bar of the spread, in units of the picture.
const BAR_HEIGHT: u32 = 60;

/// A count of labels.
#[derive(Debug)]
struct Total {
    name: String,
    count: String,
}

/// One bin of a spread, now and before.
#[derive(Debug)]
struct BinView {
    name: String,
    x: usize,
    now: String,
    before: String,
    now_height: u32,
    before_height: u32,
}

/// How one source drifts.
#[derive(Debug)]
struct DriftView {
    name: String,
    alarms: bool,
    sentence: String,
    baseline: String,
    bins: Vec<BinView>,
}

#[derive(Debug, Template)]
#[template(path = "admin/learning.html")]
pub(crate) struct LearningPage {
    frame: Frame,
    shell: Shell,
    totals: Vec<Total>,
    drifts: Vec<DriftView>,
    month: String,
    model: &'static str,
    fault: Option<String>,
}

impl Page for LearningPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        if self.fault.is_some() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}

/// The month whose labels are wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    bulan: String,
}

/// `GET /admin/learning`
pub(super) async fn show(
    who: May<TuneAnswers>,
    frame: Frame,
    State(app): State<App>,
) -> Result<Html<LearningPage>, Failure> {
    let month = Month::of(frame.now).map_or_else(String::new, |month| month.to_string());
    page(&app, frame, &who, month, None).await
}

/// `POST /admin/learning/gold`: the gold set of a month, as one compressed archive.
pub(super) async fn export(
    who: May<TuneAnswers>,
    frame: Frame,
    State(app): State<App>,
    Fields(wanted): Fields<Wanted>,
) -> Result<Response, Failure> {
    let Some(month) = Month::parse(wanted.bulan.trim()) else {
        let fault = frame.t("learning-month-bad");
        let page = page(&app, frame, &who, wanted.bulan, Some(fault)).await?;
        return Ok(page.into_response());
    };
    match gold::collect(&app.store, month).await {
        Ok(gold) => {
            let note = format!("{month}, {} texts", gold.summary.texts);
            let kind = AuditKind::GoldExported;
            let act = event(&who, kind, Uuid::nil(), frame.now, &note);
            let archive = packed(gold.files, frame.now).await?;
            app.store.record_audit(&act).await?;
            download(archive, month)
        }
        Err(GoldFault::Empty(_)) => {
            let fault = frame.t("learning-month-empty");
            let page = page(&app, frame, &who, month.to_string(), Some(fault)).await?;
            Ok(page.into_response())
        }
        Err(GoldFault::Store(error)) => Err(error.into()),
    }
}

/// Packs off the threads that answer requests: a large archive takes a second.
async fn packed(files: Vec<(&'static str, Vec<u8>)>, now: Timestamp) -> Result<Vec<u8>, Failure> {
    let packing = tokio::task::spawn_blocking(move || {
        let whole = tar::archive(&files, now.0 / Timestamp::SECOND_US);
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&whole)?;
        packed.finish()
    });
    match packing.await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) | Err(_) => Err(Failure::Internal),
    }
}

fn download(archive: Vec<u8>, month: Month) -> Result<Response, Failure> {
    let name = format!("attachment; filename=\"kentongan-gold-{month}.tar.gz\"");
    let name = HeaderValue::try_from(name).map_err(|_| Failure::Internal)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/gzip"),
        ),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, Cache::PrivateNoStore.header()),
    ];
    Ok((headers, archive).into_response())
}

async fn page(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    month: String,
    fault: Option<String>,
) -> Result<Html<LearningPage>, Failure> {
    let shell = Shell::load(app, &frame, who, "/admin/learning").await?;
    let totals = totals(&frame, app.store.label_totals().await?);
    let drifts = drift::look(app, frame.now).await?;
    Ok(Html(LearningPage {
        drifts: drifts
            .iter()
            .map(|one| DriftView::new(&frame, one))
            .collect(),
        totals,
        frame,
        shell,
        month,
        model: model_digest(),
        fault,
    }))
}

fn totals(frame: &Frame, totals: LabelTotals) -> Vec<Total> {
    let total = |key: &str, count: i64| Total {
        name: frame.t(key),
        count: frame.whole(count),
    };
    vec![
        total("label-confirmed", totals.confirmed),
        total("label-rejected", totals.rejected),
        total("label-taken_back", totals.taken_back),
        total("label-not_meant", totals.not_meant),
    ]
}

impl DriftView {
    fn new(frame: &Frame, drift: &Drift) -> Self {
        let texts = |counts: &[u64; SPREAD_BINS]| counts.iter().sum::<u64>();
        let (now, before) = (texts(&drift.recent), texts(&drift.before));
        let sentence = match drift.index {
            Some(index) if drift.alarms() => {
                frame.t1("learning-drift-alert", "index", frame.ratio(index))
            }
            Some(index) => frame.t1("learning-drift-calm", "index", frame.ratio(index)),
            None => frame.t("learning-drift-few"),
        };
        let bins = (0..SPREAD_BINS).map(|bin| BinView {
            name: format!("{}–{} %", bin * 5, bin * 5 + 5),
            x: bin * 16,
            now: share(frame, drift.recent[bin], now),
            before: share(frame, drift.before[bin], before),
            now_height: height(drift.recent[bin], now),
            before_height: height(drift.before[bin], before),
        });
        Self {
            name: frame.t(match drift.source {
                ScoreSource::Stream => "learning-source-stream",
                ScoreSource::LookUp => "learning-source-lookup",
            }),
            alarms: drift.alarms(),
            sentence,
            baseline: frame.t(match drift.baseline {
                Baseline::History => "learning-baseline-history",
                Baseline::Shipped => "learning-baseline-shipped",
                Baseline::Nothing => "learning-baseline-nothing",
            }),
            bins: bins.collect(),
        }
    }
}

fn share(frame: &Frame, part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    frame.percent(part as f64 / whole as f64)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of one, in units of the picture"
)]
fn height(part: u64, whole: u64) -> u32 {
    let share = part as f64 / whole.max(1) as f64;
    (share * f64::from(BAR_HEIGHT)).round() as u32
}
