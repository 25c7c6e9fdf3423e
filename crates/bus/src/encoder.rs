//! Turns a payload into the bytes of a frame.

use std::io;

use zstd::bulk::Compressor;

use crate::LogError;
use crate::format::{FLAG_ZSTD, FrameHeader, payload_crc};
use crate::limits::{PAYLOAD_MAX_BYTES, ZSTD_LEVEL};

/// Everything of a frame but its payload and sizes.
pub(crate) struct FrameLabel {
    pub(crate) records: u32,
    pub(crate) sequence: u64,
    pub(crate) appended_at_us: i64,
    pub(crate) durable_before: u64,
    /// Checksum seed of the segment the frame goes to.
    pub(crate) seed: u32,
}

/// A compressed payload, not yet bound to a segment.
pub(crate) struct StoredPayload {
    flags: u8,
    raw_bytes: u32,
    stored_bytes: u32,
}

impl StoredPayload {
    pub(crate) fn stored_bytes(&self) -> u32 {
        self.stored_bytes
    }
}

/// Keeps one compression context and one scratch buffer for the life of the log.
pub(crate) struct FrameEncoder {
    compressor: Compressor<'static>,
    scratch: Vec<u8>,
}

impl FrameEncoder {
    pub(crate) fn new() -> io::Result<FrameEncoder> {
        Ok(FrameEncoder {
            compressor: Compressor::new(ZSTD_LEVEL)?,
            scratch: Vec::new(),
        })
    }

    /// Compresses into the scratch buffer, or leaves the payload as it is when that is shorter.
    pub(crate) fn compress(&mut self, payload: &[u8]) -> Result<StoredPayload, LogError> {
        let too_large = || LogError::PayloadTooLarge {
            bytes: payload.len(),
            limit_bytes: PAYLOAD_MAX_BYTES,
        };
        if payload.len() > PAYLOAD_MAX_BYTES {
            return Err(too_large());
        }
        self.scratch.clear();
        self.scratch
            .reserve(zstd::zstd_safe::compress_bound(payload.len()));
        let compressed = self
            .compressor
            .compress_to_buffer(payload, &mut self.scratch);
        let shrunk = compressed.is_ok_and(|bytes| bytes < payload.len());
        if !shrunk {
            self.scratch.clear();
            self.scratch.extend_from_slice(payload);
        }
        Ok(StoredPayload {
            flags: if shrunk { FLAG_ZSTD } else { 0 },
            raw_bytes: u32::try_from(payload.len()).map_err(|_| too_large())?,
            stored_bytes: u32::try_from(self.scratch.len()).map_err(|_| too_large())?,
        })
    }

    /// Appends header and the payload compressed last to `out`.
    pub(crate) fn write(&self, stored: &StoredPayload, label: &FrameLabel, out: &mut Vec<u8>) {
        let header = FrameHeader {
            flags: stored.flags,
            records: label.records,
            sequence: label.sequence,
            appended_at_us: label.appended_at_us,
            durable_before: label.durable_before,
            stored_bytes: stored.stored_bytes,
            raw_bytes: stored.raw_bytes,
            payload_crc: payload_crc(&self.scratch, label.seed),
        };
        out.extend_from_slice(&header.encode(label.seed));
        out.extend_from_slice(&self.scratch);
    }
}
