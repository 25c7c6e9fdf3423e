//! What one audit entry contributes to the log: digests and identifiers, never content.

use crate::LedgerError;
use crate::hash::Hash;
use crate::limits::LEAF_FIELD_MAX_BYTES;

/// Identifies the layout; a later layout gets another name.
const LAYOUT: &[u8] = b"kentongan-audit-1";

/// One audit entry, ready to be hashed into the log.
///
/// The leaf holds no personal data: actors and subjects are opaque identifiers, the payload enters
/// only as its digest, so erasing the payload leaves the log intact. Salt the payload before
/// digesting it where its possible values could be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditLeaf<'a> {
    /// Index of the leaf in the log, from 0.
    pub sequence: u64,
    /// Microseconds since 1970, UTC.
    pub time_us: i64,
    /// What happened, such as `case.opened`; at most 255 bytes.
    pub kind: &'a str,
    /// Who did it; an opaque identifier of at most 255 bytes.
    pub actor_id: &'a [u8],
    /// What it was done to; an opaque identifier of at most 255 bytes.
    pub subject_id: &'a [u8],
    /// SHA-256 of the recorded payload.
    pub payload_digest: Hash,
}

impl<'a> AuditLeaf<'a> {
    /// Reads the canonical bytes back.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<AuditLeaf<'a>, LedgerError> {
        let mut rest = bytes;
        let mut field = || {
            let (length, behind) = rest.split_first_chunk::<4>()?;
            let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
            let (field, behind) = behind.split_at_checked(length)?;
            rest = behind;
            (length <= LEAF_FIELD_MAX_BYTES).then_some(field)
        };
        let mut read = || {
            if field()? != LAYOUT {
                return None;
            }
            Some(AuditLeaf {
                sequence: u64::from_be_bytes(field()?.try_into().ok()?),
                time_us: i64::from_be_bytes(field()?.try_into().ok()?),
                kind: std::str::from_utf8(field()?).ok()?,
                actor_id: field()?,
                subject_id: field()?,
                payload_digest: field()?.try_into().ok()?,
            })
        };
        let leaf = read().ok_or(LedgerError::BadLeaf)?;
        if rest.is_empty() {
            Ok(leaf)
        } else {
            Err(LedgerError::BadLeaf)
        }
    }

    /// The canonical bytes: each field, the layout name first, after its length as big-endian
    /// `u32`; numbers are 8 bytes, big-endian. Different entries never share their bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, LedgerError> {
        let sequence = self.sequence.to_be_bytes();
        let time_us = self.time_us.to_be_bytes();
        let fields: [(&'static str, &[u8]); 7] = [
            ("layout", LAYOUT),
            ("sequence", &sequence),
            ("time", &time_us),
            ("kind", self.kind.as_bytes()),
            ("actor", self.actor_id),
            ("subject", self.subject_id),
            ("payload digest", &self.payload_digest),
        ];
        let mut out = Vec::with_capacity(160);
        for (field, bytes) in fields {
            let too_long = LedgerError::FieldTooLong {
                field,
                bytes: bytes.len(),
                limit_bytes: LEAF_FIELD_MAX_BYTES,
            };
            let length = u8::try_from(bytes.len()).map_err(|_| too_long)?;
            out.extend_from_slice(&u32::from(length).to_be_bytes());
            out.extend_from_slice(bytes);
        }
        Ok(out)
    }
}
