//! "Periksa pesan": a message in, one of three answers out. The message is not kept.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::answer_card::{Card, Temper};
use super::home::HomePage;
use super::limits;
use crate::answers::LookupError;
use crate::app::App;
use crate::error::Failure;
use crate::regions::{self, Region};
use crate::web::{Cache, Fields, Frame, Html, Page, address};

/// The page of one answer.
#[derive(Debug, Template)]
#[template(path = "portal/answer.html")]
pub(super) struct AnswerPage {
    pub(super) frame: Frame,
    pub(super) text: String,
    pub(super) card: Card,
}

impl AnswerPage {
    fn provinces(&self) -> impl Iterator<Item = &'static Region> {
        regions::provinces()
    }

    /// A link that asks the same again, for a message short enough.
    fn link(&self) -> Option<String> {
        let short = self.text.chars().count() <= limits::LINKED_MESSAGE_CHARS;
        short.then(|| {
            self.frame.absolute(&format!(
                "/periksa?teks={}",
                address::query_value(&self.text)
            ))
        })
    }
}

impl Page for AnswerPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What was asked.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    teks: String,
    /// Set when the reader says that the best check is not about their message.
    #[serde(default)]
    bukan: Option<String>,
}

/// Answers the form.
pub async fn submitted(
    State(app): State<App>,
    frame: Frame,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Failure> {
    answer(&app, frame, asked).await
}

/// Answers a link.
pub async fn shared(
    State(app): State<App>,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    if asked.teks.is_empty() {
        return Ok(Redirect::to("/").into_response());
    }
    answer(&app, frame, asked).await
}

async fn answer(app: &App, mut frame: Frame, asked: Asked) -> Result<Response, Failure> {
    // A message never travels in a link to the other language or zone.
    "/".clone_into(&mut frame.path);
    let chars = asked.teks.chars().count();
    let result = if chars > limits::MESSAGE_CHARS {
        Err(LookupError::TooLong {
            limit: limits::MESSAGE_CHARS,
        })
    } else {
        app.answers.look_up(&asked.teks).await
    };
    match result {
        Ok(result) => {
            let card = Card::new(&frame, &asked.teks, result, asked.bukan.is_some());
            Ok(Html(AnswerPage {
                frame,
                text: asked.teks,
                card,
            })
            .into_response())
        }
        Err(LookupError::Empty) => {
            let fault = frame.t("ask-empty");
            Ok(Html(HomePage::with_fault(app, frame, String::new(), fault).await?).into_response())
        }
        Err(LookupError::TooLong { .. }) => {
            let limit = frame.whole(i64::try_from(limits::MESSAGE_CHARS).unwrap_or(i64::MAX));
            let fault = frame.t1("ask-too-long", "limit", limit);
            let kept = asked.teks.chars().take(limits::MESSAGE_CHARS).collect();
            Ok(Html(HomePage::with_fault(app, frame, kept, fault).await?).into_response())
        }
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a message could not be looked up"
            );
            Err(Failure::Unavailable)
        }
    }
}
