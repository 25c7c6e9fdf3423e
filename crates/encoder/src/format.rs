//! The file format `E5S1`: a header, the tokenizer, a directory of tensors and
//! the tensors, all little-endian.
//!
//! Nothing is believed: every length is checked against what is left before it
//! is used, and every number that something depends on against its limit.

use std::collections::HashMap;

use crate::error::ModelError;
use crate::limits::{
    DIMENSIONS, HEAD_DIMENSIONS, INNER_MAX, LAYERS_MAX, PIECE_MAX_BYTES, TABLE_ROWS_MAX,
    TENSOR_NAME_MAX_BYTES, TENSORS_MAX, WEIGHT_MAX,
};
use crate::quantised::{PAIR_OF_PANELS, Q4_BLOCK, Q4_BLOCK_BYTES, half};

const MAGIC: &[u8; 4] = b"E5S1";
const VERSION: u32 = 1;

/// The sizes a file declares, checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header {
    pub(crate) layers: usize,
    /// Width of the inner layer.
    pub(crate) inner: usize,
    /// Rows of the table of words.
    pub(crate) words: usize,
    /// Rows of the table of positions.
    pub(crate) positions: usize,
    /// Rows of the table of segment kinds, of which only the first is used.
    pub(crate) kinds: usize,
    pub(crate) epsilon: f32,
}

/// The vocabulary and the normalisation map as they stand in the file.
pub(crate) struct Vocabulary<'a> {
    pub(crate) pieces: Vec<&'a [u8]>,
    pub(crate) scores: Vec<f32>,
    pub(crate) begin: u32,
    pub(crate) end: u32,
    pub(crate) unknown: u32,
    /// `(character, what it becomes)`, in ascending order.
    pub(crate) replacements: Vec<(u32, String)>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    quantised: bool,
    numbers: u64,
    at: u64,
    bytes: u64,
}

/// The directory of tensors together with the file they stand in.
pub(crate) struct Tensors<'a> {
    file: &'a [u8],
    entries: HashMap<String, Entry>,
}

/// Takes a whole file apart; the tensors are read when asked for.
pub(crate) fn read(file: &[u8]) -> Result<(Header, Vocabulary<'_>, Tensors<'_>), ModelError> {
    if !file.starts_with(MAGIC) {
        return Err(ModelError::NotAModel {
            found: file.iter().take(MAGIC.len()).copied().collect(),
        });
    }
    let mut reader = Reader {
        file,
        at: MAGIC.len(),
    };
    let header = header(&mut reader)?;
    let vocabulary = vocabulary(&mut reader, header.words)?;
    let entries = directory(&mut reader)?;
    Ok((header, vocabulary, Tensors { file, entries }))
}

fn header(reader: &mut Reader<'_>) -> Result<Header, ModelError> {
    reader.number("version", VERSION as usize..=VERSION as usize)?;
    reader.number("hidden size", DIMENSIONS..=DIMENSIONS)?;
    let layers = reader.number("number of layers", 1..=LAYERS_MAX)?;
    let heads = DIMENSIONS / HEAD_DIMENSIONS;
    reader.number("number of heads", heads..=heads)?;
    let inner_at = reader.at;
    let inner = reader.number("inner size", 1..=INNER_MAX)?;
    if !inner.is_multiple_of(PAIR_OF_PANELS) {
        let problem = format!("{inner} is not a multiple of {PAIR_OF_PANELS}");
        return Err(ModelError::damaged("inner size", inner_at, problem));
    }
    let words = reader.number("number of words", 1..=TABLE_ROWS_MAX)?;
    let positions = reader.number("number of positions", 2..=TABLE_ROWS_MAX)?;
    let kinds = reader.number("number of segment kinds", 1..=TABLE_ROWS_MAX)?;
    let epsilon_at = reader.at;
    let epsilon = reader.float("epsilon")?;
    if !(epsilon > 0.0 && epsilon <= 1.0) {
        let problem = format!("{epsilon} is not in (0, 1]");
        return Err(ModelError::damaged("epsilon", epsilon_at, problem));
    }
    reader.number("block size", Q4_BLOCK..=Q4_BLOCK)?;
    Ok(Header {
        layers,
        inner,
        words,
        positions,
        kinds,
        epsilon,
    })
}

fn vocabulary<'a>(reader: &mut Reader<'a>, words: usize) -> Result<Vocabulary<'a>, ModelError> {
    let count = reader.number("number of pieces", 1..=words)?;
    let begin = reader.index("begin mark", count)?;
    let end = reader.index("end mark", count)?;
    reader.index("padding mark", count)?;
    let unknown = reader.index("unknown mark", count)?;
    let blob_bytes = reader.long("length of the pieces")?;
    let offsets_at = reader.at;
    let offsets = reader.words("offsets of the pieces", count.saturating_add(1))?;
    let scores_at = reader.at;
    let scores: Vec<f32> = reader
        .words("scores of the pieces", count)?
        .into_iter()
        .map(f32::from_bits)
        .collect();
    if let Some(index) = scores.iter().position(|score| !plausible(*score)) {
        let at = scores_at + 4 * index;
        return Err(ModelError::damaged(
            "score of a piece",
            at,
            "not a plausible number",
        ));
    }
    let blob = reader.take("pieces", blob_bytes)?;
    let pieces = pieces(blob, &offsets, offsets_at)?;
    Ok(Vocabulary {
        pieces,
        scores,
        begin,
        end,
        unknown,
        replacements: replacements(reader)?,
    })
}

fn pieces<'a>(blob: &'a [u8], offsets: &[u32], at: usize) -> Result<Vec<&'a [u8]>, ModelError> {
    let mut pieces = Vec::with_capacity(offsets.len());
    for (index, bounds) in offsets.windows(2).enumerate() {
        let damaged =
            |problem: &str| ModelError::damaged("offset of a piece", at + 4 * index, problem);
        let piece = blob
            .get(bounds[0] as usize..bounds[1] as usize)
            .ok_or_else(|| damaged("outside the pieces"))?;
        if piece.len() > PIECE_MAX_BYTES {
            return Err(damaged("the piece is too long"));
        }
        if std::str::from_utf8(piece).is_err() {
            return Err(damaged("the piece is not UTF-8"));
        }
        pieces.push(piece);
    }
    Ok(pieces)
}

/// The normalisation map: `count`, `bytes`, then for each character its code,
/// a count byte and that many codes.
fn replacements(reader: &mut Reader<'_>) -> Result<Vec<(u32, String)>, ModelError> {
    let count = reader.number("number of replacements", 0..=TABLE_ROWS_MAX)?;
    let length = reader.word("length of the replacements")?;
    let begin = reader.at;
    let bytes = reader.take("replacements", u64::from(length))?;
    let mut inside = Reader { file: bytes, at: 0 };
    let mut found: Vec<(u32, String)> = Vec::with_capacity(count.min(bytes.len() / 5));
    for _ in 0..count {
        let at = begin + inside.at;
        let damaged = |problem: &str| ModelError::damaged("replacement", at, problem);
        let from = inside.word("replacement")?;
        if found.last().is_some_and(|(before, _)| *before >= from) {
            return Err(damaged("not in ascending order"));
        }
        let length = inside.take("replacement", 1)?[0];
        let text = inside
            .words("replacement", usize::from(length))?
            .into_iter()
            .map(char::from_u32)
            .collect::<Option<String>>()
            .ok_or_else(|| damaged("not a character"))?;
        found.push((from, text));
    }
    Ok(found)
}

fn directory(reader: &mut Reader<'_>) -> Result<HashMap<String, Entry>, ModelError> {
    let count = reader.number("number of tensors", 0..=TENSORS_MAX)?;
    let mut entries = HashMap::with_capacity(count);
    for _ in 0..count {
        let at = reader.at;
        let length = reader.short("length of a tensor's name")?;
        if usize::from(length) > TENSOR_NAME_MAX_BYTES {
            return Err(ModelError::damaged("tensor's name", at, "too long"));
        }
        let name = reader.take("tensor's name", u64::from(length))?;
        let name = String::from_utf8(name.to_vec())
            .map_err(|_| ModelError::damaged("tensor's name", at, "not UTF-8"))?;
        let kind_at = reader.at;
        let quantised = match reader.take("tensor's kind", 1)?[0] {
            0 => false,
            1 => true,
            other => {
                let problem = format!("{other} is no kind of {name}");
                return Err(ModelError::damaged("tensor's kind", kind_at, problem));
            }
        };
        let entry = Entry {
            quantised,
            numbers: u64::from(reader.word("tensor's length")?),
            at: reader.long("tensor's place")?,
            bytes: reader.long("tensor's bytes")?,
        };
        if entries.insert(name, entry).is_some() {
            return Err(ModelError::damaged("tensor's name", at, "listed twice"));
        }
    }
    Ok(entries)
}

impl<'a> Tensors<'a> {
    /// The numbers of a plain tensor, of which there must be `numbers`.
    pub(crate) fn floats(&self, name: &str, numbers: usize) -> Result<Vec<f32>, ModelError> {
        let (at, bytes) = self.place(name, false, numbers, numbers as u64 * 4)?;
        let (words, _) = bytes.as_chunks::<4>();
        let values: Vec<f32> = words.iter().map(|word| f32::from_le_bytes(*word)).collect();
        match values.iter().position(|value| !plausible(*value)) {
            Some(index) => Err(ModelError::damaged(
                &format!("tensor {name}"),
                at + 4 * index,
                "not a plausible number",
            )),
            None => Ok(values),
        }
    }

    /// The blocks of a tensor of four-bit numbers, `rows` × `columns`, every
    /// scale finite.
    pub(crate) fn blocks(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<&'a [[u8; Q4_BLOCK_BYTES]], ModelError> {
        let numbers = rows.saturating_mul(columns);
        let length = (numbers / Q4_BLOCK) as u64 * Q4_BLOCK_BYTES as u64;
        let (at, bytes) = self.place(name, true, numbers, length)?;
        let (blocks, _) = bytes.as_chunks::<Q4_BLOCK_BYTES>();
        let implausible = |block: &[u8; Q4_BLOCK_BYTES]| !plausible(half(block[0], block[1]));
        match blocks.iter().position(implausible) {
            Some(index) => Err(ModelError::damaged(
                &format!("tensor {name}"),
                at + Q4_BLOCK_BYTES * index,
                "scale is not a plausible number",
            )),
            None => Ok(blocks),
        }
    }

    fn place(
        &self,
        name: &str,
        quantised: bool,
        numbers: usize,
        length: u64,
    ) -> Result<(usize, &'a [u8]), ModelError> {
        let entry = self.entries.get(name).ok_or_else(|| ModelError::Missing {
            name: name.to_owned(),
        })?;
        let what = format!("tensor {name}");
        let at = usize::try_from(entry.at).unwrap_or(usize::MAX);
        if (entry.quantised, entry.numbers, entry.bytes) != (quantised, numbers as u64, length) {
            let problem = format!(
                "{} numbers in {} bytes, expected {numbers} in {length}",
                entry.numbers, entry.bytes
            );
            return Err(ModelError::damaged(&what, at, problem));
        }
        let mut reader = Reader {
            file: self.file,
            at: at.min(self.file.len()),
        };
        if at > self.file.len() {
            return Err(reader.cut(&what, length));
        }
        Ok((at, reader.take(&what, length)?))
    }
}

/// Not NaN, and small enough.
fn plausible(value: f32) -> bool {
    value.abs() <= WEIGHT_MAX
}

/// A place in the file that only moves over bytes that are there.
struct Reader<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, what: &str, length: u64) -> Result<&'a [u8], ModelError> {
        let taken = usize::try_from(length)
            .ok()
            .and_then(|length| self.at.checked_add(length))
            .and_then(|end| self.file.get(self.at..end))
            .ok_or_else(|| self.cut(what, length))?;
        self.at += taken.len();
        Ok(taken)
    }

    fn cut(&self, what: &str, needed: u64) -> ModelError {
        ModelError::Cut {
            what: what.to_owned(),
            at: self.at,
            needed,
            left: self.file.len() - self.at,
        }
    }

    fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], ModelError> {
        let taken = self.take(what, N as u64)?;
        let mut array = [0; N];
        array.copy_from_slice(taken);
        Ok(array)
    }

    fn short(&mut self, what: &str) -> Result<u16, ModelError> {
        Ok(u16::from_le_bytes(self.array(what)?))
    }

    fn word(&mut self, what: &str) -> Result<u32, ModelError> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    fn long(&mut self, what: &str) -> Result<u64, ModelError> {
        Ok(u64::from_le_bytes(self.array(what)?))
    }

    fn float(&mut self, what: &str) -> Result<f32, ModelError> {
        Ok(f32::from_le_bytes(self.array(what)?))
    }

    fn words(&mut self, what: &str, count: usize) -> Result<Vec<u32>, ModelError> {
        let bytes = self.take(what, (count as u64).saturating_mul(4))?;
        let (words, _) = bytes.as_chunks::<4>();
        Ok(words.iter().map(|word| u32::from_le_bytes(*word)).collect())
    }

    /// A word that must lie in `allowed`.
    fn number(
        &mut self,
        what: &str,
        allowed: std::ops::RangeInclusive<usize>,
    ) -> Result<usize, ModelError> {
        let at = self.at;
        let number = self.word(what)? as usize;
        if allowed.contains(&number) {
            return Ok(number);
        }
        let problem = format!(
            "{number} is not from {} to {}",
            allowed.start(),
            allowed.end()
        );
        Err(ModelError::damaged(what, at, problem))
    }

    /// A word that numbers one of `count` things.
    fn index(&mut self, what: &str, count: usize) -> Result<u32, ModelError> {
        let at = self.at;
        let index = self.word(what)?;
        if (index as usize) < count {
            return Ok(index);
        }
        let problem = format!("{index} is not below {count}");
        Err(ModelError::damaged(what, at, problem))
    }
}
