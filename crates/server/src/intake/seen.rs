//! Which posts have been counted: keyed 64-bit digests of (channel, external id), kept across
//! restarts in a side file beside the log.
//!
//! A digest of 64 bits under a secret key: with 50 million remembered posts a fresh one is taken
//! for a repetition with probability 3 in 10¹². Two generations bound the memory; a post older
//! than both may be counted again.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use domain::post::Post;

use super::digests::Digests;
use super::limits::SEEN_IDS_PER_GENERATION;

/// The digest under which a post is remembered.
pub fn digest(post: &Post, key: &[u8; 32]) -> u64 {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(post.channel.kind.as_str().as_bytes());
    hasher.update(&[0]);
    hasher.update(post.channel.account.as_bytes());
    hasher.update(&[0]);
    hasher.update(post.external_id.as_bytes());
    let mut word = [0; 8];
    word.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(word)
}

/// The identities of counted posts.
pub struct SeenIds {
    current: Digests,
    previous: Digests,
    folder: PathBuf,
    generation: u64,
    file: File,
}

/// One entry of the side file: frame sequence, count, checksum, then the digests.
const ENTRY_HEAD_BYTES: usize = 16;

impl SeenIds {
    /// Reads the side files in `folder`. Entries of frames at or after `log_end` never became
    /// durable and are dropped. Yields the identities and the first frame they do not cover.
    pub fn open(folder: &Path, log_end: u64) -> io::Result<(Self, u64)> {
        std::fs::create_dir_all(folder)?;
        let mut generations = generations_in(folder)?;
        generations.sort_unstable();
        for old in generations.iter().rev().skip(2) {
            std::fs::remove_file(path_of(folder, *old))?;
        }
        let recent: Vec<u64> = generations.iter().rev().take(2).rev().copied().collect();
        let mut covered = 0;
        let mut sets = Vec::new();
        for generation in &recent {
            let (digests, through) = read_generation(&path_of(folder, *generation), log_end)?;
            covered = covered.max(through);
            sets.push(digests);
        }
        let generation = recent.last().copied().unwrap_or(1);
        let current = sets.pop().unwrap_or_default();
        let previous = sets.pop().unwrap_or_default();
        let file = open_append(&path_of(folder, generation))?;
        let seen = Self {
            current,
            previous,
            folder: folder.to_owned(),
            generation,
            file,
        };
        Ok((seen, covered))
    }

    /// Whether this post has been counted.
    pub fn contains(&self, digest: u64) -> bool {
        self.current.contains(digest) || self.previous.contains(digest)
    }

    /// Remembers the posts of one frame, once that frame is durable.
    pub fn record(&mut self, sequence: u64, digests: &[u64]) -> io::Result<()> {
        if digests.is_empty() {
            return Ok(());
        }
        let mut entry = Vec::with_capacity(ENTRY_HEAD_BYTES + digests.len() * 8);
        let count = u32::try_from(digests.len()).map_err(io::Error::other)?;
        entry.extend_from_slice(&sequence.to_le_bytes());
        entry.extend_from_slice(&count.to_le_bytes());
        entry.extend_from_slice(&[0; 4]);
        for digest in digests {
            entry.extend_from_slice(&digest.to_le_bytes());
        }
        let sum = checksum(&entry);
        entry[12..16].copy_from_slice(&sum.to_le_bytes());
        self.file.write_all(&entry)?;
        self.current.extend(digests.iter().copied());
        if self.current.len() >= SEEN_IDS_PER_GENERATION {
            self.turn()?;
        }
        Ok(())
    }

    /// Memory of the identities, in bytes.
    pub fn bytes(&self) -> usize {
        self.current.bytes() + self.previous.bytes()
    }

    /// Identities remembered now.
    pub fn len(&self) -> usize {
        self.current.len() + self.previous.len()
    }

    /// True when nothing has been counted yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn turn(&mut self) -> io::Result<()> {
        let oldest = self.generation.saturating_sub(1);
        self.generation += 1;
        self.file = open_append(&path_of(&self.folder, self.generation))?;
        self.previous = std::mem::take(&mut self.current);
        match std::fs::remove_file(path_of(&self.folder, oldest)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn path_of(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("{generation:012}.seen"))
}

fn generations_in(folder: &Path) -> io::Result<Vec<u64>> {
    let mut generations = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".seen"));
        generations.extend(number.and_then(|number| number.parse::<u64>().ok()));
    }
    Ok(generations)
}

fn open_append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// Reads entries until the first that is torn, wrong or not durable, and cuts the file there.
fn read_generation(path: &Path, log_end: u64) -> io::Result<(Digests, u64)> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let mut input = BufReader::with_capacity(1 << 20, &mut file);
    let mut digests = Digests::default();
    let mut good: u64 = 0;
    let mut covered = 0;
    while let Some((sequence, entry)) = read_entry(&mut input)? {
        if sequence >= log_end {
            break;
        }
        good += entry.len() as u64;
        covered = sequence + 1;
        digests.extend(entry[ENTRY_HEAD_BYTES..].chunks_exact(8).map(|bytes| {
            let mut word = [0; 8];
            word.copy_from_slice(bytes);
            u64::from_le_bytes(word)
        }));
    }
    drop(input);
    file.set_len(good)?;
    file.seek(SeekFrom::End(0))?;
    Ok((digests, covered))
}

fn read_entry(input: &mut impl Read) -> io::Result<Option<(u64, Vec<u8>)>> {
    let mut entry = vec![0; ENTRY_HEAD_BYTES];
    if !fill(input, &mut entry)? {
        return Ok(None);
    }
    let word =
        |at: usize| u32::from_le_bytes([entry[at], entry[at + 1], entry[at + 2], entry[at + 3]]);
    let sequence = u64::from(word(0)) | (u64::from(word(4)) << 32);
    let (count, sum) = (word(8) as usize, word(12));
    if count > super::limits::GROUP_COMMIT_BYTES {
        return Ok(None);
    }
    entry.resize(ENTRY_HEAD_BYTES + count * 8, 0);
    if !fill(input, &mut entry[ENTRY_HEAD_BYTES..])? {
        return Ok(None);
    }
    entry[12..16].fill(0);
    Ok((checksum(&entry) == sum).then_some((sequence, entry)))
}

fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match input.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

fn checksum(entry: &[u8]) -> u32 {
    let hash = blake3::hash(entry);
    let bytes = hash.as_bytes();
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_across_a_restart_and_forgets_what_was_never_durable() {
        let folder = tempfile::tempdir().expect("folder");
        let (mut seen, covered) = SeenIds::open(folder.path(), 0).expect("opens");
        assert_eq!(covered, 0);
        seen.record(1, &[10, 11]).expect("records");
        seen.record(2, &[12]).expect("records");
        seen.record(3, &[13]).expect("records");
        drop(seen);
        let (mut seen, covered) = SeenIds::open(folder.path(), 3).expect("opens");
        assert_eq!(covered, 3);
        assert!(seen.contains(10) && seen.contains(12) && !seen.contains(13));
        seen.record(3, &[14]).expect("records");
        drop(seen);
        let (seen, covered) = SeenIds::open(folder.path(), 9).expect("opens");
        assert_eq!((seen.len(), covered), (4, 4));
        assert!(seen.contains(14) && !seen.contains(13));
    }

    #[test]
    fn a_torn_entry_is_cut_and_the_rest_stays() {
        let folder = tempfile::tempdir().expect("folder");
        let (mut seen, _) = SeenIds::open(folder.path(), 0).expect("opens");
        seen.record(1, &[1, 2, 3]).expect("records");
        seen.record(2, &[4, 5, 6]).expect("records");
        drop(seen);
        let path = path_of(folder.path(), 1);
        let whole = std::fs::read(&path).expect("reads");
        for cut in 0..whole.len() {
            std::fs::write(&path, &whole[..cut]).expect("writes");
            let (seen, covered) = SeenIds::open(folder.path(), 9).expect("opens");
            let entries = cut / (ENTRY_HEAD_BYTES + 24);
            assert_eq!(seen.len(), entries * 3, "cut at {cut}");
            assert_eq!(covered, if entries == 0 { 0 } else { entries as u64 + 1 });
        }
    }
}
