//! How we work, in plain words.

use askama::Template;

use crate::web::{Cache, Frame, Html, Page};

/// The page that says how we work.
#[derive(Debug, Template)]
#[template(path = "portal/method.html")]
pub struct MethodPage {
    frame: Frame,
}

impl Page for MethodPage {
    const CACHE: Cache = Cache::PublicFiveMinutes;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn canonical(&self) -> Option<String> {
        Some("/cara-kami-bekerja".to_owned())
    }
}

/// Shows how we work.
pub async fn show(frame: Frame) -> Html<MethodPage> {
    Html(MethodPage { frame })
}
