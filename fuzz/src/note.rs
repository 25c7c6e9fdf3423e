//! What others send about the ledger: signed notes, checkpoints, keys, proof files, tile paths,
//! bundles and entries.
//!
//! Oracle: each of these texts and byte rows has one spelling. What is read must be written as the
//! very same bytes again, and a note must have as many signatures as it has lines with their mark
//! below its last empty line.

use ledger::{
    AuditLeaf, Checkpoint, Note, ProofFile, TilePath, VerifyingKey, entry_bundle, read_entries,
};

/// Reads `data` as each of them.
pub fn check(data: &[u8]) {
    if let Ok(leaf) = AuditLeaf::from_bytes(data) {
        let again = leaf.to_bytes().expect("what was read is within the limits");
        assert_eq!(again, data, "an entry");
    }
    let entries: Result<Vec<&[u8]>, _> = read_entries(data).collect();
    if let Ok(entries) = entries {
        let again = entry_bundle(entries).expect("what was read is within the limits");
        assert_eq!(again, data, "a bundle");
    }
    if let Ok(text) = std::str::from_utf8(data) {
        check_text(text);
    }
}

fn check_text(text: &str) {
    if let Ok(note) = Note::parse(text) {
        assert_eq!(note.to_string(), text, "a note");
        let below = text.rsplit("\n\n").next().unwrap_or_default();
        let lines = below.lines().filter(|line| line.starts_with("\u{2014} "));
        assert_eq!(note.signatures().len(), lines.count());
    }
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert!(text.starts_with(&checkpoint.to_text()), "a checkpoint");
    }
    if let Ok(proof) = ProofFile::parse(text) {
        assert_eq!(proof.to_string(), text, "a proof");
    }
    if let Ok(path) = TilePath::parse(text) {
        assert_eq!(path.to_string(), text, "a path");
    }
    if let Ok(key) = VerifyingKey::parse(text) {
        assert_eq!(key.to_string(), text, "a key");
    }
}
