//! The front page: one box and the latest checks.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::fact_check::FactCheck;

use super::limits;
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Page};

/// The front page.
#[derive(Debug, Template)]
#[template(path = "portal/home.html")]
pub struct HomePage {
    frame: Frame,
    /// What stands in the box.
    text: String,
    /// What is wrong with it, in words.
    fault: Option<String>,
    latest: Vec<FactCheck>,
}

impl HomePage {
    /// The page with what was written still in the box, and what is wrong with it.
    pub async fn with_fault(
        app: &App,
        frame: Frame,
        text: String,
        fault: String,
    ) -> Result<Self, Failure> {
        let latest = app
            .store
            .latest_fact_checks(None, limits::HOME_ROWS, None)
            .await?;
        Ok(Self {
            frame,
            text,
            fault: Some(fault),
            latest,
        })
    }
}

impl Page for HomePage {
    const CACHE: Cache = Cache::PublicMinute;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn canonical(&self) -> Option<String> {
        Some("/".to_owned())
    }

    fn code(&self) -> StatusCode {
        if self.fault.is_some() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}

/// Shows the front page.
pub async fn show(State(app): State<App>, frame: Frame) -> Result<Html<HomePage>, Failure> {
    let latest = app
        .store
        .latest_fact_checks(None, limits::HOME_ROWS, None)
        .await?;
    Ok(Html(HomePage {
        frame,
        text: String::new(),
        fault: None,
        latest,
    }))
}
