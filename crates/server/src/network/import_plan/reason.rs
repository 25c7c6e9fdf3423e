//! Why a line of a file cannot be taken.

use crate::network::entry_form::{NAME_CHARS_MAX, SHORT_NAME_CHARS_MAX};
use crate::web::Frame;

/// Why a line cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Reason {
    #[error("the line cannot be read: {0}")]
    Unreadable(String),
    #[error("the name is empty or longer than {NAME_CHARS_MAX} characters")]
    Name,
    #[error("the short name is longer than {SHORT_NAME_CHARS_MAX} characters")]
    ShortName,
    #[error("{0:?} is no kind of organisation")]
    Kind(String),
    #[error("{0:?} is no region we know")]
    Region(String),
    #[error("the region may be one of these: {0}")]
    Regions(String),
    #[error("{0:?} is no address of a home page")]
    Homepage(String),
    #[error("no organisation is called {0:?}; put it on an earlier line or add it first")]
    Organisation(String),
    #[error("{0:?} is not a day; write 2024-10-01 or 1/10/2024")]
    Date(String),
    #[error("{0:?} is not a year")]
    Year(String),
    #[error("the same organisation stands on line {0}")]
    Repeated(String),
    #[error("the organisation is there and others keep its entry; only its membership may be new")]
    NotYours,
}

impl Reason {
    /// A stable word for it, and the end of its key in the locale files.
    pub(crate) fn reference(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Name => "name",
            Self::ShortName => "short-name",
            Self::Kind(_) => "kind",
            Self::Region(_) => "region",
            Self::Regions(_) => "regions",
            Self::Homepage(_) => "homepage",
            Self::Organisation(_) => "organisation",
            Self::Date(_) => "day",
            Self::Year(_) => "year",
            Self::Repeated(_) => "repeated",
            Self::NotYours => "not-yours",
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Unreadable(text)
            | Self::Kind(text)
            | Self::Region(text)
            | Self::Regions(text)
            | Self::Homepage(text)
            | Self::Organisation(text)
            | Self::Date(text)
            | Self::Year(text)
            | Self::Repeated(text) => text,
            Self::Name | Self::ShortName | Self::NotYours => "",
        }
    }
}

/// The sentence about a reason.
pub(crate) fn reason_text(frame: &Frame, reason: &Reason) -> String {
    let key = format!("network-refused-{}", reason.reference());
    frame.t1(&key, "text", reason.text())
}
