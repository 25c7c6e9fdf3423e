//! The engine on disk: where the stream goes on after a restart without reading the whole log.
//!
//! Layout: magic, log position, identities of the fact-checks behind the numbers, engine fields,
//! groups, copy index, and a BLAKE3 digest of all of it at the end. Written beside the old one,
//! synced, then put in its place. A checkpoint of another version counts as none: the log has it all.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use bus::Position;
use domain::channel::ChannelKind;
use domain::cluster::ClusterAnswer;
use domain::{FactCheckId, Timestamp};
use matching::copies::CopyIndex;
use uuid::Uuid;

use super::engine::{Engine, HourTotals};
use super::fading::Fading;
use super::group::{Group, Rich, Sample, Suggested};
use super::growth::GrowthRings;
use super::note::Beginnings;

const MAGIC: &[u8; 16] = b"kentongan-cp-002";
/// What the magic of every version begins with.
const MAGIC_OF_ALL: &[u8] = b"kentongan-cp-";
/// Read, written and hashed at once, in bytes: BLAKE3 is several times faster on long pieces.
const PIECE_BYTES: usize = 1 << 20;
/// Longest text a checkpoint may hold in one field, in bytes: a guard against nonsense.
const FIELD_BYTES: usize = 1 << 20;

/// Why a checkpoint was not used. The log is read from its beginning instead.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// It cannot be read or written.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It is not whole.
    #[error("{0} is damaged; the stream is rebuilt from the log")]
    Damaged(PathBuf),
    /// Another version of this program wrote it.
    #[error("{0} was written by another version; the stream is rebuilt from the log")]
    OtherVersion(PathBuf),
}

/// What stands beside the engine in a checkpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Bookmark {
    /// The next frame to read.
    pub position: Position,
    /// The last revision of fact-checks that had run back over the clusters.
    pub revision: i64,
    /// The fact-checks by number, as the clusters know them.
    pub checks: Vec<FactCheckId>,
}

/// Writes the engine as of `bookmark`.
pub fn save(path: &Path, engine: &Engine, bookmark: &Bookmark) -> Result<(), CheckpointError> {
    let failed = |error| CheckpointError::Io {
        path: path.to_owned(),
        error,
    };
    let fresh = path.with_extension("new");
    let file = File::create(&fresh).map_err(failed)?;
    let digesting = Digesting {
        inner: file,
        hasher: blake3::Hasher::new(),
    };
    let mut out = BufWriter::with_capacity(PIECE_BYTES, digesting);
    write_all(&mut out, engine, bookmark).map_err(failed)?;
    let Digesting { inner, hasher } = out
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    let mut file = inner;
    file.write_all(hasher.finalize().as_bytes())
        .map_err(failed)?;
    file.sync_all().map_err(failed)?;
    std::fs::rename(&fresh, path).map_err(failed)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(failed)
}

/// Reads a checkpoint; `None` when there is none.
pub fn load(path: &Path) -> Result<Option<(Engine, Bookmark)>, CheckpointError> {
    let failed = |error| CheckpointError::Io {
        path: path.to_owned(),
        error,
    };
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(failed)?,
    };
    let damaged = || CheckpointError::Damaged(path.to_owned());
    let length = file.metadata().map_err(failed)?.len();
    let body = length
        .checked_sub(blake3::OUT_LEN as u64)
        .ok_or_else(damaged)?;
    let digesting = Digesting {
        inner: file.take(body),
        hasher: blake3::Hasher::new(),
    };
    let mut input = BufReader::with_capacity(PIECE_BYTES, digesting);
    let read = read_all(&mut input).map_err(|error| match error.kind() {
        io::ErrorKind::Unsupported => CheckpointError::OtherVersion(path.to_owned()),
        _ => damaged(),
    })?;
    let is_whole = input.fill_buf().map_err(failed)?.is_empty();
    let Digesting { inner, hasher } = input.into_inner();
    let mut kept = [0; blake3::OUT_LEN];
    let mut file = inner.into_inner();
    file.read_exact(&mut kept).map_err(|_| damaged())?;
    if !is_whole || hasher.finalize().as_bytes() != &kept {
        return Err(damaged());
    }
    Ok(Some(read))
}

struct Digesting<T> {
    inner: T,
    hasher: blake3::Hasher,
}

impl<T: Write> Write for Digesting<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Digesting<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(bytes)?;
        self.hasher.update(&bytes[..count]);
        Ok(count)
    }
}

fn write_all<W: Write>(out: &mut W, engine: &Engine, bookmark: &Bookmark) -> io::Result<()> {
    out.write_all(MAGIC)?;
    out.write_all(&bookmark.position.to_bytes())?;
    put(out, bookmark.revision)?;
    put_list(out, &bookmark.checks, |out, id| {
        out.write_all(id.0.as_bytes())
    })?;
    put(out, engine.now.0)?;
    put(out, engine.swept as i64)?;
    put(out, engine.regions.len() as i64)?;
    for region in &engine.regions {
        put_text(out, region)?;
    }
    put_list(out, engine.beginnings.texts(), |out, text| {
        put_text(out, text)
    })?;
    put(out, engine.hours.len() as i64)?;
    for (hour, totals) in &engine.hours {
        for value in [
            *hour,
            totals.posts.cast_signed(),
            totals.copies.cast_signed(),
            totals.matched.cast_signed(),
        ] {
            put(out, value)?;
        }
    }
    put(out, engine.free.len() as i64)?;
    for number in &engine.free {
        put(out, i64::from(*number))?;
    }
    put(out, engine.groups.len() as i64)?;
    for group in &engine.groups {
        match group {
            None => out.write_all(&[0])?,
            Some(group) => {
                out.write_all(&[1])?;
                write_group(out, group)?;
            }
        }
    }
    engine.copies.save(out)
}

fn read_all<R: Read>(input: &mut R) -> io::Result<(Engine, Bookmark)> {
    let mut magic = [0; 16];
    input.read_exact(&mut magic)?;
    if &magic != MAGIC {
        let is_ours = magic.starts_with(MAGIC_OF_ALL);
        return Err(if is_ours {
            io::ErrorKind::Unsupported.into()
        } else {
            wrong()
        });
    }
    let mut position = [0; Position::BYTES];
    input.read_exact(&mut position)?;
    let revision = take(input)?;
    let checks = take_list(input, take_id)?;
    let now = Timestamp(take(input)?);
    let swept = take_count(input)?;
    let regions = take_list(input, take_text)?;
    let region_numbers = numbers_of(&regions);
    let beginnings = Beginnings::from_texts(take_list(input, take_text)?);
    let hours: BTreeMap<i64, HourTotals> = take_list(input, take_hour)?.into_iter().collect();
    let free = take_list(input, |input| {
        u32::try_from(take(input)?).map_err(|_| wrong())
    })?;
    let mut groups = take_list(input, |input| match take_byte(input)? {
        0 => Ok(None),
        _ => read_group(input).map(Some),
    })?;
    let copies = CopyIndex::load(input).map_err(|_| wrong())?;
    let live = groups.iter().flatten().count();
    let (dirty, fading) = waiting(&mut groups);
    let engine = Engine {
        copies,
        groups,
        free,
        regions,
        region_numbers,
        beginnings,
        fading,
        hours,
        now,
        swept,
        dirty,
        ended: Vec::new(),
        live,
        answered: HashSet::new(),
    };
    Ok((
        engine,
        Bookmark {
            position: Position::from_bytes(position),
            revision,
            checks,
        },
    ))
}

/// Clusters that wait to be written onto the radar, and those that wait for their rate to fall:
/// whether it has is seen at the first look.
fn waiting(groups: &mut [Option<Group>]) -> (VecDeque<u32>, Fading) {
    let (mut dirty, mut fading) = (VecDeque::new(), Fading::default());
    for (number, group) in (0_u32..).zip(groups) {
        let Some(rich) = group.as_mut().and_then(|group| group.rich.as_mut()) else {
            continue;
        };
        if rich.dirty {
            dirty.push_back(number);
        }
        if rich.shown_rate > 0 {
            rich.fades_at = Some(0);
            fading.queue(number, 0);
        }
    }
    (dirty, fading)
}

fn take_id(input: &mut impl Read) -> io::Result<FactCheckId> {
    let mut id = [0; 16];
    input.read_exact(&mut id)?;
    Ok(FactCheckId(Uuid::from_bytes(id)))
}

fn numbers_of(regions: &[String]) -> HashMap<String, u16> {
    (0_u16..)
        .zip(regions)
        .skip(1)
        .map(|(number, code)| (code.clone(), number))
        .collect()
}

fn take_hour(input: &mut impl Read) -> io::Result<(i64, HourTotals)> {
    let hour = take(input)?;
    let mut value = || take(&mut *input).map(i64::cast_unsigned);
    Ok((
        hour,
        HourTotals {
            posts: value()?,
            copies: value()?,
            matched: value()?,
        },
    ))
}

/// A group's fixed part: origin, birth, last touch, head, region, channel, answer, and whether
/// more follows.
const GROUP_BYTES: usize = 3 * 8 + 4 + 2 + 3;

fn write_group(out: &mut impl Write, group: &Group) -> io::Result<()> {
    let mut fixed = [0; GROUP_BYTES];
    fixed[..8].copy_from_slice(&group.origin.to_le_bytes());
    fixed[8..16].copy_from_slice(&group.born_at.0.to_le_bytes());
    fixed[16..24].copy_from_slice(&group.touched_at.0.to_le_bytes());
    fixed[24..28].copy_from_slice(&group.head.to_le_bytes());
    fixed[28..30].copy_from_slice(&group.region.to_le_bytes());
    fixed[30] = group.channel as u8;
    fixed[31] = group.answer as u8;
    fixed[32] = u8::from(group.rich.is_some());
    out.write_all(&fixed)?;
    match &group.rich {
        Some(rich) => write_rich(out, rich),
        None => Ok(()),
    }
}

fn read_group(input: &mut impl Read) -> io::Result<Group> {
    let mut fixed = [0; GROUP_BYTES];
    input.read_exact(&mut fixed)?;
    let answers = [
        ClusterAnswer::None,
        ClusterAnswer::Suggested,
        ClusterAnswer::Answered,
    ];
    let answer = answers.get(usize::from(fixed[31])).copied();
    let rich = if fixed[32] != 0 {
        Some(Box::new(read_rich(input)?))
    } else {
        None
    };
    Ok(Group {
        origin: u64::from_le_bytes(part(&fixed, 0)),
        born_at: Timestamp(i64::from_le_bytes(part(&fixed, 8))),
        touched_at: Timestamp(i64::from_le_bytes(part(&fixed, 16))),
        head: u32::from_le_bytes(part(&fixed, 24)),
        region: u16::from_le_bytes(part(&fixed, 28)),
        channel: channel_of(fixed[30])?,
        answer: answer.ok_or_else(wrong)?,
        rich,
    })
}

/// `N` bytes of a group's fixed part.
fn part<const N: usize>(fixed: &[u8; GROUP_BYTES], at: usize) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&fixed[at..at + N]);
    bytes
}

fn write_rich(out: &mut impl Write, rich: &Rich) -> io::Result<()> {
    let (doc, probability) = rich.best.map_or((u32::MAX, 0.0), |best| best);
    for value in [
        i64::from(rich.posts) | (i64::from(rich.texts) << 32),
        rich.reach.cast_signed(),
        rich.last_seen_at.0,
        i64::from(doc) | (i64::from(probability.to_bits()) << 32),
        i64::from(rich.dirty),
    ] {
        put(out, value)?;
    }
    put_list(out, &rich.exemplars, |out, slot| put(out, i64::from(*slot)))?;
    let words = rich.growth.to_words();
    put_list(out, &words, |out, word| put(out, *word))?;
    put_list(out, &rich.channels, |out, (kind, posts)| {
        put(out, i64::from(*kind as u8) | (i64::from(*posts) << 32))
    })?;
    put_list(out, &rich.regions, |out, (number, posts)| {
        put(out, i64::from(*number) | (i64::from(*posts) << 32))
    })?;
    put_list(out, &rich.seen_texts, |out, hash| {
        put(out, i64::from(*hash))
    })?;
    put_list(out, &rich.examples, write_sample)?;
    put(out, rich.shown_rate.cast_signed())?;
    let suggestions = rich.suggestions.as_deref();
    out.write_all(&[u8::from(suggestions.is_some())])?;
    put_list(out, suggestions.unwrap_or_default(), write_suggested)
}

fn read_rich(input: &mut impl Read) -> io::Result<Rich> {
    let counts = take(input)?;
    let reach = take(input)?.cast_unsigned();
    let last_seen_at = Timestamp(take(input)?);
    let best = take(input)?;
    let dirty = take(input)? != 0;
    let exemplars = take_list(input, |input| Ok(low(take(input)?)))?;
    let words = take_list(input, take)?;
    let growth = GrowthRings::from_words(&words).ok_or_else(wrong)?;
    let channels = take_list(input, |input| {
        let value = take(input)?;
        let kind = u8::try_from(low(value)).map_err(|_| wrong())?;
        Ok((channel_of(kind)?, high(value)))
    })?;
    let regions = take_list(input, |input| {
        let value = take(input)?;
        Ok((u16::try_from(low(value)).map_err(|_| wrong())?, high(value)))
    })?;
    let seen_texts = take_list(input, |input| Ok(low(take(input)?)))?;
    let examples = take_list(input, read_sample)?;
    let shown_rate = take(input)?.cast_unsigned();
    let known = take_byte(input)? != 0;
    let suggestions = take_list(input, read_suggested)?;
    Ok(Rich {
        posts: low(counts),
        texts: high(counts),
        reach,
        last_seen_at,
        best: (low(best) != u32::MAX).then(|| (low(best), f32::from_bits(high(best)))),
        dirty,
        exemplars,
        fades_at: None,
        growth,
        channels,
        regions,
        examples,
        suggestions: known.then_some(suggestions),
        shown_rate,
        seen_texts,
    })
}

fn write_sample(out: &mut impl Write, sample: &Sample) -> io::Result<()> {
    put(out, sample.exact.cast_signed())?;
    put_text(out, &sample.text)?;
    put_text(out, &sample.account)?;
    put_text(out, sample.url.as_deref().unwrap_or_default())?;
    for value in [
        sample.published_at.0,
        sample.received_at.0,
        sample.reach.cast_signed(),
        i64::from(sample.posts) | (i64::from(sample.resemblance.to_bits()) << 32),
        i64::from(sample.region) | (i64::from(sample.channel as u8) << 32),
    ] {
        put(out, value)?;
    }
    Ok(())
}

fn read_sample(input: &mut impl Read) -> io::Result<Sample> {
    let exact = take(input)?.cast_unsigned();
    let text = take_text(input)?.into();
    let account = take_text(input)?.into();
    let url = take_text(input)?;
    let published_at = Timestamp(take(input)?);
    let received_at = Timestamp(take(input)?);
    let reach = take(input)?.cast_unsigned();
    let counts = take(input)?;
    let place = take(input)?;
    Ok(Sample {
        exact,
        text,
        account,
        url: (!url.is_empty()).then(|| url.into()),
        published_at,
        received_at,
        reach,
        posts: low(counts),
        resemblance: f32::from_bits(high(counts)),
        region: u16::try_from(low(place)).map_err(|_| wrong())?,
        channel: channel_of(u8::try_from(high(place)).map_err(|_| wrong())?)?,
    })
}

fn write_suggested(out: &mut impl Write, suggested: &Suggested) -> io::Result<()> {
    out.write_all(suggested.fact_check.0.as_bytes())?;
    put(
        out,
        i64::from(suggested.probability.to_bits()) | (i64::from(suggested.is_match) << 32),
    )?;
    put_text(out, &suggested.reason)
}

fn read_suggested(input: &mut impl Read) -> io::Result<Suggested> {
    let fact_check = take_id(input)?;
    let value = take(input)?;
    Ok(Suggested {
        fact_check,
        probability: f32::from_bits(low(value)),
        is_match: high(value) != 0,
        reason: take_text(input)?.into(),
    })
}

fn channel_of(number: u8) -> io::Result<ChannelKind> {
    ChannelKind::ALL
        .get(usize::from(number))
        .copied()
        .ok_or_else(wrong)
}

fn low(value: i64) -> u32 {
    let bytes = value.to_le_bytes();
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

fn high(value: i64) -> u32 {
    low(value >> 32)
}

fn put(out: &mut impl Write, value: i64) -> io::Result<()> {
    out.write_all(&value.to_le_bytes())
}

fn put_text(out: &mut impl Write, text: &str) -> io::Result<()> {
    put(out, text.len() as i64)?;
    out.write_all(text.as_bytes())
}

fn put_list<T, W: Write>(
    out: &mut W,
    list: &[T],
    mut write: impl FnMut(&mut W, &T) -> io::Result<()>,
) -> io::Result<()> {
    put(out, list.len() as i64)?;
    list.iter().try_for_each(|item| write(out, item))
}

fn take(input: &mut impl Read) -> io::Result<i64> {
    let mut bytes = [0; 8];
    input.read_exact(&mut bytes)?;
    Ok(i64::from_le_bytes(bytes))
}

fn take_byte(input: &mut impl Read) -> io::Result<u8> {
    let mut byte = [0];
    input.read_exact(&mut byte)?;
    Ok(byte[0])
}

fn take_count(input: &mut impl Read) -> io::Result<usize> {
    usize::try_from(take(input)?).map_err(|_| wrong())
}

fn take_text(input: &mut impl Read) -> io::Result<String> {
    let length = take_count(input)?;
    if length > FIELD_BYTES {
        return Err(wrong());
    }
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes)?;
    String::from_utf8(bytes).map_err(|_| wrong())
}

fn take_list<T, R: Read>(
    input: &mut R,
    mut read: impl FnMut(&mut R) -> io::Result<T>,
) -> io::Result<Vec<T>> {
    let count = take_count(input)?;
    let mut list = Vec::with_capacity(count.min(FIELD_BYTES));
    for _ in 0..count {
        list.push(read(input)?);
    }
    Ok(list)
}

fn wrong() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not a checkpoint")
}
