//! The small forms of an organisation's page: one line of facts each.

use serde::Deserialize;

/// Characters of one field.
const FIELD_CHARS_MAX: usize = 300;

/// What any of the small forms sends; each uses some of the fields.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Posted {
    /// Kind of a dated fact.
    pub(crate) kind: String,
    /// Office, purpose, or which address.
    pub(crate) title: String,
    /// Holder, contact, address.
    pub(crate) text: String,
    /// A region by name or code.
    pub(crate) region: String,
    /// An organisation by name, short name or id.
    pub(crate) organisation: String,
    /// A number.
    pub(crate) count: String,
    /// The first day.
    pub(crate) from: String,
    /// The last day, or the day of an act.
    pub(crate) until: String,
    /// Where it is written.
    pub(crate) source: String,
}

impl Posted {
    /// Whether every field is short enough to keep.
    pub(crate) fn fits(&self) -> bool {
        let fields = [
            &self.title,
            &self.text,
            &self.region,
            &self.organisation,
            &self.count,
            &self.from,
            &self.until,
            &self.source,
        ];
        fields
            .into_iter()
            .all(|field| field.chars().count() <= FIELD_CHARS_MAX)
    }
}

/// Which form was sent, what is wrong with it, and what stood in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Refused {
    /// The form's name on the page.
    pub(crate) form: &'static str,
    /// What is wrong, as a sentence.
    pub(crate) fault: String,
    /// What was typed.
    pub(crate) kept: Posted,
}
