//! Word lists of what excludes what: opposites, shares of a whole, institutions and offices.

use hashbrown::HashMap;

use super::Phrases;
use crate::words::plain_words as words;

/// One side of a pair of opposites: the same subject, the other side says the opposite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Side {
    /// Number of the subject, "amount" or "access".
    pub(crate) subject: u16,
    pub(crate) is_second: bool,
}

/// How much of a whole a phrase speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    All,
    Most,
    Some,
    Few,
    None,
    Only,
    NotAll,
}

impl Share {
    /// Both cannot be true of one thing.
    pub(crate) fn excludes(self, other: Self) -> bool {
        use Share::{All, Few, Most, None, NotAll, Only, Some};
        let one_way = |a, b| {
            matches!(
                (a, b),
                (All, Some | Few | NotAll | Only) | (None, All | Most | Some | Few) | (Most, Few)
            )
        };
        one_way(self, other) || one_way(other, self)
    }
}

/// An institution or an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Office {
    /// What stands before a full stop holds what stands after it.
    pub(crate) code: Box<str>,
    pub(crate) kind: OfficeKind,
}

/// Only names of one kind exclude each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OfficeKind {
    /// An institution.
    Body,
    /// What a person holds.
    Office,
    /// A phrase that only sounds like one: "pemilihan presiden".
    Other,
}

/// Phrases that exclude one another.
#[derive(Debug, Clone)]
pub(crate) struct Contrasts {
    subjects: Vec<String>,
    sides: HashMap<String, Vec<Side>>,
    pub(crate) shares: Phrases<Share>,
    pub(crate) offices: Phrases<Office>,
}

impl Contrasts {
    pub(super) fn new() -> Self {
        Self {
            subjects: Vec::new(),
            sides: HashMap::new(),
            shares: Phrases::new(),
            offices: Phrases::new(),
        }
    }

    /// The sides that a word takes, by its stem or, for a stop word, as it stands.
    pub(crate) fn sides(&self, stem: &str) -> &[Side] {
        self.sides.get(stem).map_or(&[], Vec::as_slice)
    }

    /// `form`: as texts hold the word. A stop word is not stemmed there, so "sesudah" is
    /// not "sudah".
    pub(super) fn add_opposite(
        &mut self,
        form: String,
        subject: Option<&str>,
        side: Option<&str>,
    ) -> Result<(), &'static str> {
        let subject = subject.ok_or("the subject is missing")?;
        let is_second = match side {
            Some("a") => false,
            Some("b") => true,
            _ => return Err("the side is not a or b"),
        };
        let known = self.subjects.iter().position(|one| one == subject);
        let number = known.unwrap_or_else(|| {
            self.subjects.push(subject.to_owned());
            self.subjects.len() - 1
        });
        let side = Side {
            subject: u16::try_from(number).map_err(|_| "too many subjects")?,
            is_second,
        };
        let sides = self.sides.entry(form).or_default();
        if !sides.contains(&side) {
            sides.push(side);
        }
        Ok(())
    }

    pub(super) fn add_quantifier(
        &mut self,
        phrase: &str,
        share: Option<&str>,
    ) -> Result<(), &'static str> {
        let share = match share {
            Some("all") => Share::All,
            Some("most") => Share::Most,
            Some("some") => Share::Some,
            Some("few") => Share::Few,
            Some("none") => Share::None,
            Some("only") => Share::Only,
            Some("not_all") => Share::NotAll,
            _ => return Err("the share is not all, most, some, few, none, only or not_all"),
        };
        self.shares.add(words(phrase), share);
        Ok(())
    }

    pub(super) fn add_office(
        &mut self,
        name: &str,
        code: Option<&str>,
        kind: Option<&str>,
    ) -> Result<(), &'static str> {
        let code = code.ok_or("the code is missing")?.into();
        let kind = match kind {
            Some("body") => OfficeKind::Body,
            Some("office") => OfficeKind::Office,
            Some("other") => OfficeKind::Other,
            _ => return Err("the kind is not body, office or other"),
        };
        self.offices.add(words(name), Office { code, kind });
        Ok(())
    }
}
