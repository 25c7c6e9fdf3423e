//! Checkpoints (C2SP tlog-checkpoint): how large a log is and what its root is, as a signed note.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::LedgerError;
use crate::hash::Hash;
use crate::key::{SigningKey, VerifyingKey};
use crate::limits::LEDGER_MAX_LEAVES;
use crate::note::{Note, check_name};

/// The head of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// Entries in it.
    pub size: u64,
    /// Its root at that size.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed: origin, size and root, a line each.
    #[must_use]
    pub fn to_text(&self) -> String {
        let root = STANDARD.encode(self.root);
        format!("{}\n{}\n{root}\n", self.origin, self.size)
    }

    /// Reads the text of a note; lines behind the third one are extensions and left alone.
    pub fn parse(text: &str) -> Result<Checkpoint, LedgerError> {
        let bad = |reason| LedgerError::BadCheckpoint { reason };
        let mut lines = text.split_inclusive('\n');
        let mut line = || {
            let line = lines.next().and_then(|line| line.strip_suffix('\n'));
            line.ok_or(bad("it has fewer than three lines"))
        };
        let (origin, size, root) = (line()?, line()?, line()?);
        if check_name(origin).is_err() {
            return Err(bad("its origin is empty or has a space or a plus in it"));
        }
        let size_read: u64 = size.parse().map_err(|_| bad("its size is no number"))?;
        if size_read.to_string() != size || size_read > LEDGER_MAX_LEAVES {
            return Err(bad("its size is no plain number, or too large"));
        }
        let root = STANDARD
            .decode(root)
            .ok()
            .and_then(|root| Hash::try_from(root).ok())
            .ok_or(bad("its root is not 32 bytes in base64"))?;
        Ok(Checkpoint {
            origin: origin.to_owned(),
            size: size_read,
            root,
        })
    }

    /// The checkpoint as a note with the log's own signature.
    pub fn signed(&self, key: &SigningKey) -> Result<Note, LedgerError> {
        let mut note = Note::unsigned(self.to_text())?;
        let signature = key.sign(note.text(), 0);
        note.add(signature);
        Ok(note)
    }

    /// Reads a note that the log's `key` signed for its own origin.
    pub fn verified(note: &Note, key: &VerifyingKey) -> Result<Checkpoint, LedgerError> {
        key.verify(note)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        if checkpoint.origin != key.name() {
            return Err(LedgerError::OtherOrigin {
                found: checkpoint.origin,
                wanted: key.name().to_owned(),
            });
        }
        Ok(checkpoint)
    }
}
