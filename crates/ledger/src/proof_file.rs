//! One entry with everything that shows it is in the log (C2SP tlog-proof).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Checkpoint;
use crate::LedgerError;
use crate::hash::{Hash, leaf_hash};
use crate::key::VerifyingKey;
use crate::limits::PROOF_MAX_HASHES;
use crate::note::Note;
use crate::proof::verify_inclusion;

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// A proof as it is handed on; the entry itself travels as the extra data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFile {
    /// The canonical bytes of the entry.
    pub entry: Vec<u8>,
    /// Its index, from 0.
    pub index: u64,
    /// The audit path, nearest sibling first.
    pub path: Vec<Hash>,
    /// The checkpoint it leads to, with its signatures.
    pub note: Note,
}

impl ProofFile {
    /// Reads the file.
    pub fn parse(text: &str) -> Result<ProofFile, LedgerError> {
        let bad = |reason| LedgerError::BadProofFile { reason };
        let (head, note) = text
            .split_once("\n\n")
            .ok_or(bad("no empty line is in it"))?;
        let mut lines = head.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(bad("its first line is another"));
        }
        let entry = lines
            .next()
            .and_then(|line| line.strip_prefix("extra "))
            .and_then(|entry| STANDARD.decode(entry).ok())
            .ok_or(bad("it carries no entry"))?;
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(|index| Some((index, index.parse::<u64>().ok()?)))
            .filter(|(text, index)| index.to_string() == **text)
            .map(|(_, index)| index)
            .ok_or(bad("it says no index"))?;
        let hash = |line: &str| {
            let bytes = STANDARD.decode(line).ok();
            bytes.and_then(|bytes| Hash::try_from(bytes).ok())
        };
        let path: Option<Vec<Hash>> = lines.map(hash).collect();
        let path = path
            .filter(|path| path.len() <= PROOF_MAX_HASHES)
            .ok_or(bad("a line is no hash, or there are too many"))?;
        Ok(ProofFile {
            entry,
            index,
            path,
            note: Note::parse(note)?,
        })
    }

    /// Checks that the log of `key` has the entry: the path leads to the root it signed.
    pub fn verify(&self, key: &VerifyingKey) -> Result<Checkpoint, LedgerError> {
        let checkpoint = Checkpoint::verified(&self.note, key)?;
        verify_inclusion(
            &leaf_hash(&self.entry),
            self.index,
            checkpoint.size,
            &self.path,
            &checkpoint.root,
        )?;
        Ok(checkpoint)
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{FIRST_LINE}")?;
        writeln!(out, "extra {}", STANDARD.encode(&self.entry))?;
        writeln!(out, "index {}", self.index)?;
        for hash in &self.path {
            writeln!(out, "{}", STANDARD.encode(hash))?;
        }
        write!(out, "\n{}", self.note)
    }
}
