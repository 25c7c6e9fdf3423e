//! "Is this true?": look-up over all fact-checks.

/// Claim look-up over all fact-checks; cheap to clone.
#[derive(Clone)]
pub struct Answers;
