//! Who may take part and what is open without an agreement, in plain words.

use askama::Template;

use crate::web::{Cache, Frame, Html, Page};

/// The page on taking part.
#[derive(Debug, Template)]
#[template(path = "portal/taking_part.html")]
pub struct TakingPartPage {
    frame: Frame,
}

impl Page for TakingPartPage {
    const CACHE: Cache = Cache::PublicFiveMinutes;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn canonical(&self) -> Option<String> {
        Some("/ikut-serta".to_owned())
    }
}

/// `GET /ikut-serta`
pub async fn show(frame: Frame) -> Html<TakingPartPage> {
    Html(TakingPartPage { frame })
}
