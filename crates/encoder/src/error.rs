//! Why a model file cannot be used.

use thiserror::Error;

/// What is wrong with a model file, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelError {
    /// The first bytes are not those of the format.
    #[error("not a model file of format E5S1: it begins with {found:?}")]
    NotAModel {
        /// The bytes found instead, at most four.
        found: Vec<u8>,
    },
    /// The file ends too early.
    #[error("model file is cut: {what} needs {needed} bytes from byte {at}, {left} are left")]
    Cut {
        /// The part being read.
        what: String,
        /// Where it begins, in bytes from the start of the file.
        at: usize,
        /// Bytes it should have.
        needed: u64,
        /// Bytes that are there.
        left: usize,
    },
    /// A part holds something that cannot be.
    #[error("model file is damaged: {what} at byte {at}: {problem}")]
    Damaged {
        /// The part.
        what: String,
        /// Where it begins, in bytes from the start of the file.
        at: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// A tensor is not listed.
    #[error("model file has no tensor {name}")]
    Missing {
        /// Its name in the directory.
        name: String,
    },
}

impl ModelError {
    pub(crate) fn damaged(what: &str, at: usize, problem: impl Into<String>) -> Self {
        Self::Damaged {
            what: what.to_owned(),
            at,
            problem: problem.into(),
        }
    }
}
