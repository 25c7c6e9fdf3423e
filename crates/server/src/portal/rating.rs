//! How a rating and a category look and what they are called; colour never stands alone.

use std::borrow::Borrow;

use domain::fact_check::{Deception, Rating};

/// The look of a rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Face {
    /// The locale key of its word.
    pub key: &'static str,
    /// The class of its colours.
    pub class: &'static str,
    /// Its icon.
    pub icon: &'static str,
}

/// The look of `rating`.
pub fn face(rating: impl Borrow<Rating>) -> Face {
    let (key, class, icon) = match rating.borrow() {
        Rating::False => ("rating-false", "false", "circle-x"),
        Rating::Misleading => ("rating-misleading", "misleading", "triangle-alert"),
        Rating::PartlyTrue => ("rating-partly-true", "partly", "contrast"),
        Rating::True => ("rating-true", "true", "circle-check"),
        Rating::Unproven => ("rating-unproven", "unproven", "circle-question-mark"),
    };
    Face { key, class, icon }
}

/// The locale key of a category.
pub fn deception_key(deception: impl Borrow<Deception>) -> &'static str {
    match deception.borrow() {
        Deception::Satire => "deception-satire",
        Deception::Misleading => "deception-misleading",
        Deception::Impostor => "deception-impostor",
        Deception::Fabricated => "deception-fabricated",
        Deception::FalseConnection => "deception-false-connection",
        Deception::FalseContext => "deception-false-context",
        Deception::Manipulated => "deception-manipulated",
    }
}
