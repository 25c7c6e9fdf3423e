//! A citizen's tip: sent with consent, followed by a code, without an account.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::cluster::ClusterAnswer;
use domain::fact_check::FactCheck;
use domain::region::RegionCode;
use domain::tip::{self, Tip, TipRefused};
use domain::{Timestamp, TipId};
use serde::Deserialize;
use store::{StoreError, TipView};

use super::limits;
use crate::access::attempts::Attempts;
use crate::app::App;
use crate::error::Failure;
use crate::regions;
use crate::web::{Cache, Client, Fields, Frame, Html, Page};

/// Slows down whoever floods us with tips or guesses codes.
#[derive(Debug)]
pub struct Gate {
    tips: Attempts,
    codes: Attempts,
}

impl Gate {
    /// With the limits of this folder.
    pub fn new() -> Self {
        let (tips, every) = (limits::TIPS_PER_ADDRESS, limits::TIP_PER_ADDRESS_EVERY_US);
        let (codes, code_every) = (limits::CODES_PER_ADDRESS, limits::CODE_PER_ADDRESS_EVERY_US);
        Self {
            tips: Attempts::new(tips, every, limits::GATE_KEYS),
            codes: Attempts::new(codes, code_every, limits::GATE_KEYS),
        }
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

pub(super) fn pass(gate: &Attempts, client: Client, now: Timestamp) -> Result<(), Failure> {
    gate.take(&client.network(), now)
        .map_err(|retry_after_s| Failure::TooMany { retry_after_s })
}

/// The form again, or the code.
#[derive(Debug, Template)]
#[template(path = "portal/tip_form.html")]
struct TipFormPage {
    frame: Frame,
    text: String,
    fault: String,
}

impl Page for TipFormPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

#[derive(Debug, Template)]
#[template(path = "portal/tip_sent.html")]
struct TipSentPage {
    frame: Frame,
    tip_code: String,
}

impl Page for TipSentPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// The fields of the tip form.
#[derive(Debug, Deserialize)]
pub struct TipFields {
    #[serde(default)]
    teks: String,
    #[serde(default)]
    wilayah: String,
    #[serde(default)]
    setuju: Option<String>,
}

/// Takes a tip.
pub async fn send(
    State(app): State<App>,
    Extension(gate): Extension<Arc<Gate>>,
    mut frame: Frame,
    client: Client,
    Fields(fields): Fields<TipFields>,
) -> Result<Response, Failure> {
    "/".clone_into(&mut frame.path);
    if let Err(refused) = tip::accept(&fields.teks, fields.setuju.is_some()) {
        let fault = match &refused {
            TipRefused::Empty => frame.t("tip-empty"),
            TipRefused::TooLong(_) => frame.t1(
                "ask-too-long",
                "limit",
                frame.whole(i64::try_from(domain::limits::TIP_TEXT_CHARS).unwrap_or(i64::MAX)),
            ),
            TipRefused::NoConsent => frame.t("tip-no-consent"),
        };
        return Ok(Html(TipFormPage {
            frame,
            text: fields.teks,
            fault,
        })
        .into_response());
    }
    pass(&gate.tips, client, frame.now)?;
    let region = RegionCode::parse(&fields.wilayah)
        .ok()
        .filter(regions::is_known);
    let tip = keep(&app, fields.teks, region, frame.now).await?;
    if let Err(error) = app.intake.tip(&tip).await {
        // It is stored, and the desk sees it; the stream counts it no more.
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a tip did not reach the stream"
        );
    }
    Ok(Html(TipSentPage {
        frame,
        tip_code: tip.code,
    })
    .into_response())
}

/// A code is drawn again this often when it is taken.
const CODE_DRAWS: usize = 4;

async fn keep(
    app: &App,
    text: String,
    region: Option<RegionCode>,
    now: Timestamp,
) -> Result<Tip, Failure> {
    let id = TipId(crate::clock::fresh_id());
    let mut tip = Tip {
        id,
        code: String::new(),
        text,
        region,
        received_at: now,
    };
    let event = AuditEvent {
        at: now,
        actor: Actor::Public,
        kind: AuditKind::TipReceived,
        subject: id.0,
        note: String::new(),
    };
    for _ in 0..CODE_DRAWS {
        tip.code = draw_code(rand::random());
        match app.store.insert_tip(&tip, &event).await {
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
            Ok(()) => return Ok(tip),
        }
    }
    tracing::error!("no free code was drawn for a tip");
    Err(Failure::Unavailable)
}

/// Letters and digits that nobody confuses on paper or on the telephone.
const CODE_LETTERS: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRTVWXYZ";

/// `K7QM-3XPD`: eight letters out of 29, about 39 bits.
fn draw_code(mut random: u64) -> String {
    let letters = u64::try_from(CODE_LETTERS.len()).unwrap_or(1);
    let mut code = String::with_capacity(9);
    for place in 0..8 {
        if place == 4 {
            code.push('-');
        }
        let letter = usize::try_from(random % letters).unwrap_or_default();
        code.push(char::from(CODE_LETTERS[letter]));
        random /= letters;
    }
    code
}

/// A code as we keep it, from what a person typed.
fn read_code(typed: &str) -> Option<String> {
    let letters: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let ours = letters.len() == 8 && letters.bytes().all(|byte| CODE_LETTERS.contains(&byte));
    ours.then(|| format!("{}-{}", &letters[..4], &letters[4..]))
}

/// What became of a tip.
#[derive(Debug, Template)]
#[template(path = "portal/tip.html")]
struct TipPage {
    frame: Frame,
    tip: Tip,
    answer: Option<FactCheck>,
    /// Posts like it, once the stream has counted them.
    posts: Option<i64>,
}

impl TipPage {
    fn new(frame: Frame, view: TipView) -> Self {
        let posts = view.cluster.as_ref().map(|cluster| cluster.posts);
        // A suggestion is not an answer until a person has confirmed it.
        let answered = view
            .cluster
            .filter(|cluster| cluster.answer == ClusterAnswer::Answered);
        Self {
            frame,
            tip: view.tip,
            answer: answered.and_then(|cluster| cluster.fact_check),
            posts,
        }
    }

    fn place(&self) -> Option<String> {
        self.tip
            .region
            .as_ref()
            .map(|region| regions::place(region.as_str()))
    }
}

impl Page for TipPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// Shows what became of a tip to whoever holds its code.
pub async fn show(
    State(app): State<App>,
    Extension(gate): Extension<Arc<Gate>>,
    frame: Frame,
    client: Client,
    Path(typed): Path<String>,
) -> Result<Html<impl Page>, Failure> {
    pass(&gate.codes, client, frame.now)?;
    let code = read_code(&typed).ok_or(Failure::NotFound)?;
    let view = app
        .store
        .tip_by_code(&code)
        .await?
        .ok_or(Failure::NotFound)?;
    Ok(Html(TipPage::new(frame, view)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_as_people_type_them() {
        let code = draw_code(0x1234_5678_9abc_def0);
        assert_eq!(code.len(), 9);
        assert_eq!(read_code(&code).as_deref(), Some(code.as_str()));
        let spoken = code.to_lowercase().replace('-', " ");
        assert_eq!(read_code(&spoken).as_deref(), Some(code.as_str()));
        for bad in ["", "K7QM", "K7QM-3XP0", "K7QM-3XPDD", "K7QM_3XP\u{1f600}"] {
            assert_eq!(read_code(bad), None, "{bad:?}");
        }
        assert_ne!(draw_code(1), draw_code(2));
    }
}
