//! Vectors kept on disk, so that a restart does not read every check's meaning again.
//!
//! `sentences.bin` in the data folder: a head of 16 bytes, then records of 408 bytes: a digest of
//! the text (16), the scale (4), the vector in eight bits a number (384), a digest of all that (4).
//! A record that was cut off or damaged is left out; its text is read again.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use matching::meaning::{DIMENSIONS, Sentence};

/// Name of the file in the data folder.
const FILE: &str = "sentences.bin";
/// Beginning of the file; another model or another layout has another one.
const HEAD: &[u8; 16] = b"kentongan-e5-q41";
/// Bytes of a text's digest.
const KEY: usize = 16;
/// Bytes of a record's own digest.
const SEAL: usize = 4;
/// Bytes of one record.
const RECORD: usize = KEY + 4 + DIMENSIONS + SEAL;
/// Largest value of a packed number.
const PACKED_MAX: f32 = 127.0;

/// The vectors that were read before.
#[derive(Debug)]
pub struct Kept {
    path: PathBuf,
    file: File,
    packed: HashMap<[u8; KEY], Box<[u8]>>,
}

impl Kept {
    /// Opens the file in the data folder, or begins one. A file of another kind is begun anew.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        let path = data.join(FILE);
        let told = || format!("the kept vectors {} cannot be read", path.display());
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(told)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).with_context(told)?;
        let records = bytes.strip_prefix(HEAD.as_slice());
        let whole = match records {
            Some(records) => HEAD.len() + records.len() / RECORD * RECORD,
            None => {
                file.set_len(0).with_context(told)?;
                file.seek(SeekFrom::Start(0)).with_context(told)?;
                file.write_all(HEAD).with_context(told)?;
                HEAD.len()
            }
        };
        // What follows the last whole record was cut off while it was written.
        file.set_len(whole as u64).with_context(told)?;
        file.seek(SeekFrom::End(0)).with_context(told)?;
        let mut packed = HashMap::new();
        for record in records.unwrap_or_default().chunks_exact(RECORD) {
            let (body, sealed) = record.split_at(RECORD - SEAL);
            if seal(body) == sealed
                && let Some((key, vector)) = body.split_first_chunk::<KEY>()
            {
                packed.insert(*key, vector.into());
            }
        }
        Ok(Self { path, file, packed })
    }

    /// The vector of a text that was read before.
    pub fn get(&self, text: &str) -> Option<Sentence> {
        let packed = self.packed.get(&key(text))?;
        let (scale, numbers) = packed.split_first_chunk::<4>()?;
        let scale = f32::from_le_bytes(*scale);
        let mut sentence = [0.0; DIMENSIONS];
        for (place, byte) in sentence.iter_mut().zip(numbers) {
            *place = f32::from(i8::from_le_bytes([*byte])) * scale;
        }
        Some(sentence)
    }

    /// Keeps vectors that were read now. They can be read again, so nothing waits for the disk.
    pub fn add(&mut self, read: &[(&str, Sentence)]) -> anyhow::Result<()> {
        let mut bytes = Vec::with_capacity(read.len() * RECORD);
        for (text, sentence) in read {
            let begin = bytes.len();
            bytes.extend(key(text));
            bytes.extend(packed(sentence));
            let seal = seal(&bytes[begin..]);
            bytes.extend(seal);
        }
        self.file
            .write_all(&bytes)
            .with_context(|| format!("the vectors {} cannot be kept", self.path.display()))
    }

    /// Vectors held in memory.
    pub fn len(&self) -> usize {
        self.packed.len()
    }

    /// True where nothing was kept.
    pub fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }

    /// Lets go of what was read from the file; the file stays.
    pub fn forget(&mut self) {
        self.packed = HashMap::new();
    }
}

fn key(text: &str) -> [u8; KEY] {
    let mut key = [0; KEY];
    key.copy_from_slice(&blake3::hash(text.as_bytes()).as_bytes()[..KEY]);
    key
}

fn seal(body: &[u8]) -> [u8; SEAL] {
    let mut seal = [0; SEAL];
    seal.copy_from_slice(&blake3::hash(body).as_bytes()[..SEAL]);
    seal
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "numbers are at most 127 after division by the scale"
)]
fn packed(sentence: &Sentence) -> Vec<u8> {
    let largest = sentence.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    let scale = largest.max(f32::MIN_POSITIVE) / PACKED_MAX;
    let mut bytes = scale.to_le_bytes().to_vec();
    bytes.extend(
        sentence
            .map(|x| (x / scale).round() as i8)
            .map(|x| x.to_le_bytes()[0]),
    );
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_up(seed: usize) -> Sentence {
        std::array::from_fn(|at| ((at * 7 + seed * 13) % 97) as f32 / 97.0 - 0.5)
    }

    fn near(a: &Sentence, b: &Sentence) -> bool {
        a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.005)
    }

    #[test]
    fn vectors_come_back_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let mut kept = Kept::open(folder.path()).unwrap();
        assert!(kept.is_empty());
        let read = [("satu", made_up(1)), ("dua", made_up(2))];
        kept.add(&read).unwrap();
        drop(kept);
        let kept = Kept::open(folder.path()).unwrap();
        assert_eq!(kept.len(), 2);
        assert!(near(&kept.get("satu").unwrap(), &made_up(1)));
        assert!(kept.get("tiga").is_none());
    }

    #[test]
    fn a_cut_or_damaged_record_is_read_again_and_the_rest_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mut kept = Kept::open(folder.path()).unwrap();
        kept.add(&[
            ("satu", made_up(1)),
            ("dua", made_up(2)),
            ("tiga", made_up(3)),
        ])
        .unwrap();
        drop(kept);
        let path = folder.path().join(FILE);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.truncate(bytes.len() - 5);
        bytes[HEAD.len() + 40] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let mut kept = Kept::open(folder.path()).unwrap();
        assert!(kept.get("satu").is_none());
        assert!(near(&kept.get("dua").unwrap(), &made_up(2)));
        assert!(kept.get("tiga").is_none());
        kept.add(&[("tiga", made_up(3))]).unwrap();
        drop(kept);
        let kept = Kept::open(folder.path()).unwrap();
        assert!(near(&kept.get("tiga").unwrap(), &made_up(3)));
    }

    #[test]
    fn a_file_of_another_kind_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "something else altogether").unwrap();
        let mut kept = Kept::open(folder.path()).unwrap();
        kept.add(&[("satu", made_up(1))]).unwrap();
        drop(kept);
        assert_eq!(Kept::open(folder.path()).unwrap().len(), 1);
    }
}
