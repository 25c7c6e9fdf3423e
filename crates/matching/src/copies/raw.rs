//! Little-endian numbers to and from a stream; a length is never trusted with memory
//! before its bytes have come.

use std::io::{self, Read, Write};

use super::LoadError;

const STEP_BYTES: usize = 1 << 14;

pub(super) fn write_u32(out: &mut impl Write, value: u32) -> io::Result<()> {
    out.write_all(&value.to_le_bytes())
}

pub(super) fn write_u32s(out: &mut impl Write, values: &[u32]) -> io::Result<()> {
    out.write_all(&(values.len() as u64).to_le_bytes())?;
    let mut step = Vec::with_capacity(STEP_BYTES);
    for part in values.chunks(STEP_BYTES / 4) {
        step.clear();
        for value in part {
            step.extend_from_slice(&value.to_le_bytes());
        }
        out.write_all(&step)?;
    }
    Ok(())
}

pub(super) fn write_bytes(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(&(bytes.len() as u64).to_le_bytes())?;
    out.write_all(bytes)
}

pub(super) fn read_u32(input: &mut impl Read) -> Result<u32, LoadError> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

pub(super) fn read_bytes(input: &mut impl Read) -> Result<Vec<u8>, LoadError> {
    let mut length = [0; 8];
    input.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    let mut bytes = Vec::with_capacity(length.min(STEP_BYTES as u64) as usize);
    let got = input.take(length).read_to_end(&mut bytes)?;
    if got as u64 != length {
        return Err(LoadError::Broken("the stream ends early"));
    }
    bytes.shrink_to_fit();
    Ok(bytes)
}

pub(super) fn read_u32s(input: &mut impl Read) -> Result<Vec<u32>, LoadError> {
    let mut length = [0; 8];
    input.read_exact(&mut length)?;
    let mut left = u64::from_le_bytes(length);
    let mut values = Vec::with_capacity(left.min(STEP_BYTES as u64) as usize);
    let mut step = [0_u8; STEP_BYTES];
    while left > 0 {
        let count = left.min((STEP_BYTES / 4) as u64) as usize;
        let part = &mut step[..count * 4];
        input.read_exact(part)?;
        values.reserve_exact(if values.capacity() - values.len() < count {
            (values.len() / 2).max(count).min(left as usize)
        } else {
            0
        });
        values.extend(
            part.as_chunks::<4>()
                .0
                .iter()
                .map(|bytes| u32::from_le_bytes(*bytes)),
        );
        left -= count as u64;
    }
    values.shrink_to_fit();
    Ok(values)
}
