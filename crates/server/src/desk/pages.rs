//! Turning the pages of a long list.

use super::words::filled;
use crate::web::Frame;

/// Where a page of a list stands and what lies around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pages {
    /// "51–100".
    pub here: String,
    /// The address of the page before, when there is one.
    pub before: Option<String>,
    /// The address of the page after, when there is one.
    pub after: Option<String>,
}

impl Pages {
    /// Page `page` (from 1) of `rows` rows at most, showing `shown` of them; `more` when another
    /// follows; `address` gives the address of a page.
    pub(crate) fn new(
        frame: &Frame,
        page: u32,
        rows: u32,
        shown: usize,
        more: bool,
        address: impl Fn(u32) -> String,
    ) -> Self {
        let (first, last) = span(page, rows, shown);
        let parts = [("first", frame.whole(first)), ("last", frame.whole(last))];
        let parts: Vec<(&str, &str)> = parts
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        Self {
            here: filled(frame, "desk-page-of", &parts),
            before: (page > 1).then(|| address(page - 1)),
            after: more.then(|| address(page + 1)),
        }
    }
}

fn span(page: u32, rows: u32, shown: usize) -> (i64, i64) {
    let skipped = i64::from(page.saturating_sub(1)) * i64::from(rows);
    let shown = i64::try_from(shown).unwrap_or(i64::MAX);
    (skipped + shown.min(1), skipped + shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_span_counts_from_one_and_an_empty_page_spans_nothing() {
        assert_eq!(span(1, 50, 50), (1, 50));
        assert_eq!(span(3, 50, 7), (101, 107));
        assert_eq!(span(1, 50, 0), (0, 0));
    }
}
