//! Entry bundles of C2SP tlog-tiles: entries in a row, each after its length as big-endian `u16`.

use crate::LedgerError;
use crate::hash::{Hash, leaf_hash};

/// Writes entries as one bundle.
pub fn entry_bundle<'a>(
    entries: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<u8>, LedgerError> {
    let mut out = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).map_err(|_| LedgerError::BadEntries)?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(entry);
    }
    Ok(out)
}

/// The entries of a bundle, in order; ends after the first that is cut off.
pub fn read_entries(bundle: &[u8]) -> impl Iterator<Item = Result<&[u8], LedgerError>> {
    let mut rest = bundle;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let split = rest.split_first_chunk::<2>().and_then(|(length, behind)| {
            behind.split_at_checked(usize::from(u16::from_be_bytes(*length)))
        });
        let Some((entry, behind)) = split else {
            rest = &[];
            return Some(Err(LedgerError::BadEntries));
        };
        rest = behind;
        Some(Ok(entry))
    })
}

/// Place in the bundle of the first entry that is not the one whose hash stands in `leaves`; the
/// end of the shorter one where either has more.
#[must_use]
pub fn first_bad_entry(bundle: &[u8], leaves: &[Hash]) -> Option<usize> {
    let mut entries = read_entries(bundle);
    for (place, leaf) in leaves.iter().enumerate() {
        match entries.next() {
            Some(Ok(entry)) if leaf_hash(entry) == *leaf => {}
            _ => return Some(place),
        }
    }
    entries.next().map(|_| leaves.len())
}
