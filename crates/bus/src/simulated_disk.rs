//! A disk that forgets: it keeps what the operating system has been told apart from what would
//! survive a power cut, page by page and name by name, and fails on demand.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::disk::{AppendFile, Disk, LockError, ReadSeek};

/// Small, so that a short run has many pages to lose.
const PAGE_BYTES: usize = 64;

/// Deterministic random numbers (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub(crate) fn coin(&mut self) -> bool {
        self.next() & 1 == 1
    }
}

#[derive(Debug, Default, Clone)]
struct Inode {
    cached: Vec<u8>,
    durable: Vec<u8>,
    dirty_pages: BTreeSet<usize>,
}

#[derive(Debug)]
struct State {
    inodes: Vec<Inode>,
    /// Names as processes see them, and as they are on the medium.
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    dice: Dice,
    faults: Faults,
    /// Writes, syncs and name changes so far.
    acts: u64,
    /// Folder syncs cover renames; a power cut otherwise keeps a random part of the changes.
    dead: bool,
}

/// What goes wrong.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    /// The power goes at this act.
    pub(crate) cut_at_act: Option<u64>,
    /// All files together may not exceed this many bytes.
    pub(crate) capacity_bytes: Option<usize>,
    /// The next file sync answers EIO, and the kernel calls the pages clean all the same.
    pub(crate) fail_next_sync: bool,
    /// Every write answers EROFS.
    pub(crate) read_only: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct SimulatedDisk(Arc<Mutex<State>>);

impl SimulatedDisk {
    pub(crate) fn new(seed: u64) -> SimulatedDisk {
        SimulatedDisk(Arc::new(Mutex::new(State {
            inodes: Vec::new(),
            names: BTreeMap::new(),
            durable_names: BTreeMap::new(),
            dice: Dice(seed),
            faults: Faults::default(),
            acts: 0,
            dead: false,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
    }

    pub(crate) fn acts(&self) -> u64 {
        self.state().acts
    }

    /// Ends the outage: what had not been synced survives in random part.
    pub(crate) fn power_cut(&self) {
        let mut state = self.state();
        let State {
            inodes,
            names,
            durable_names,
            dice,
            ..
        } = &mut *state;
        let changed: BTreeSet<PathBuf> =
            names.keys().chain(durable_names.keys()).cloned().collect();
        for name in changed {
            if names.get(&name) != durable_names.get(&name) && dice.coin() {
                match names.get(&name) {
                    Some(inode) => durable_names.insert(name, *inode),
                    None => durable_names.remove(&name),
                };
            }
        }
        *names = durable_names.clone();
        for inode in inodes {
            inode.lose_power(dice);
        }
        state.dead = false;
        state.faults = Faults::default();
    }

    /// Ends a process: everything the kernel was told stays.
    pub(crate) fn restart_process(&self) {
        let mut state = self.state();
        state.dead = false;
        state.faults = Faults::default();
    }

    pub(crate) fn files(&self) -> Vec<PathBuf> {
        self.state().names.keys().cloned().collect()
    }

    pub(crate) fn content(&self, path: &Path) -> Vec<u8> {
        let state = self.state();
        state.inodes[state.names[path]].cached.clone()
    }

    pub(crate) fn set_content(&self, path: &Path, content: &[u8]) {
        let mut state = self.state();
        let inode = state.names[path];
        state.inodes[inode].cached = content.to_vec();
        state.inodes[inode].durable = content.to_vec();
        state.inodes[inode].dirty_pages.clear();
    }
}

impl Inode {
    fn lose_power(&mut self, dice: &mut Dice) {
        let (low, high) = (
            self.durable.len().min(self.cached.len()),
            self.durable.len().max(self.cached.len()),
        );
        if !self.dirty_pages.is_empty() {
            let span = (high - low) as u64 + 1;
            let length = low + usize::try_from(dice.below(span)).unwrap();
            self.durable.resize(length, 0);
        }
        for page in std::mem::take(&mut self.dirty_pages) {
            if dice.coin() {
                // Half of the surviving pages are torn at a random byte.
                let kept = if dice.coin() {
                    PAGE_BYTES as u64
                } else {
                    dice.below(64)
                };
                let start = page * PAGE_BYTES;
                let end = start + usize::try_from(kept).unwrap();
                for at in start..end.min(self.durable.len()).min(self.cached.len()) {
                    self.durable[at] = self.cached[at];
                }
            }
        }
        self.cached = self.durable.clone();
    }

    fn append(&mut self, bytes: &[u8]) {
        let start = self.cached.len();
        self.cached.extend_from_slice(bytes);
        for page in start / PAGE_BYTES..=self.cached.len().saturating_sub(1) / PAGE_BYTES {
            self.dirty_pages.insert(page);
        }
    }

    fn set_len(&mut self, bytes: usize) {
        self.dirty_pages
            .insert(bytes.min(self.cached.len()) / PAGE_BYTES);
        self.cached.resize(bytes, 0);
    }

    fn sync(&mut self) {
        self.durable.resize(self.cached.len(), 0);
        for page in std::mem::take(&mut self.dirty_pages) {
            let start = page * PAGE_BYTES;
            for at in start..(start + PAGE_BYTES).min(self.cached.len()) {
                self.durable[at] = self.cached[at];
            }
        }
    }
}

fn power_lost() -> io::Error {
    io::Error::other("power lost")
}

impl State {
    /// Counts one act; `Err` once the power is gone.
    fn act(&mut self) -> io::Result<()> {
        self.acts += 1;
        if self.faults.cut_at_act.is_some_and(|at| self.acts >= at) {
            self.dead = true;
        }
        if self.dead {
            return Err(power_lost());
        }
        if self.faults.read_only {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        Ok(())
    }

    fn find(&self, path: &Path) -> io::Result<usize> {
        self.names
            .get(path)
            .copied()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Disk for SimulatedDisk {
    fn create_folder(&self, _folder: &Path) -> io::Result<()> {
        Ok(())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<(String, u64)>> {
        let state = self.state();
        let direct = state
            .names
            .iter()
            .filter(|(path, _)| path.parent() == Some(folder));
        let entry = |(path, inode): (&PathBuf, &usize)| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, state.inodes[*inode].cached.len() as u64)
        };
        Ok(direct.map(entry).collect())
    }

    fn create_new(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        let mut state = self.state();
        state.act()?;
        if state.names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.inodes.push(Inode::default());
        let inode = state.inodes.len() - 1;
        state.names.insert(path.to_path_buf(), inode);
        Ok(Box::new(SimulatedFile {
            disk: self.clone(),
            inode,
        }))
    }

    fn open_append(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        let inode = self.state().find(path)?;
        Ok(Box::new(SimulatedFile {
            disk: self.clone(),
            inode,
        }))
    }

    fn open_read(&self, path: &Path) -> io::Result<Box<dyn ReadSeek>> {
        let state = self.state();
        let inode = state.find(path)?;
        Ok(Box::new(Cursor::new(state.inodes[inode].cached.clone())))
    }

    fn overwrite(&self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let inode = {
            let mut state = self.state();
            state.act()?;
            let inode = state.find(path)?;
            let start = usize::try_from(offset).unwrap();
            state.inodes[inode].cached[start..start + bytes.len()].copy_from_slice(bytes);
            let pages = start / PAGE_BYTES..=(start + bytes.len()) / PAGE_BYTES;
            state.inodes[inode].dirty_pages.extend(pages);
            inode
        };
        SimulatedFile {
            disk: self.clone(),
            inode,
        }
        .sync()
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.act()?;
        state
            .names
            .remove(path)
            .map(|_| ())
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.act()?;
        let inode = state.find(from)?;
        state.names.remove(from);
        state.names.insert(to.to_path_buf(), inode);
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.act()?;
        let State {
            names,
            durable_names,
            ..
        } = &mut *state;
        durable_names.retain(|path, _| path.parent() != Some(folder));
        let direct = names
            .iter()
            .filter(|(path, _)| path.parent() == Some(folder));
        durable_names.extend(direct.map(|(path, inode)| (path.clone(), *inode)));
        Ok(())
    }

    fn lock(&self, _path: &Path) -> Result<Box<dyn Any + Send>, LockError> {
        Ok(Box::new(()))
    }
}

struct SimulatedFile {
    disk: SimulatedDisk,
    inode: usize,
}

impl AppendFile for SimulatedFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        let alive = state.act();
        if state.dead && state.faults.cut_at_act == Some(state.acts) {
            // The cut falls inside this write: any prefix may have reached the kernel.
            let kept = usize::try_from(state.dice.below(bytes.len() as u64 + 1)).unwrap();
            state.inodes[self.inode].append(&bytes[..kept]);
        }
        alive?;
        let used: usize = state.inodes.iter().map(|inode| inode.cached.len()).sum();
        let room = state
            .faults
            .capacity_bytes
            .map_or(usize::MAX, |c| c.saturating_sub(used));
        state.inodes[self.inode].append(&bytes[..bytes.len().min(room)]);
        if room < bytes.len() {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            Ok(())
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.disk.state();
        state.act()?;
        if std::mem::take(&mut state.faults.fail_next_sync) {
            state.inodes[self.inode].dirty_pages.clear();
            return Err(io::Error::other("EIO"));
        }
        state.inodes[self.inode].sync();
        Ok(())
    }

    fn set_len(&mut self, bytes: u64) -> io::Result<()> {
        let mut state = self.disk.state();
        state.act()?;
        state.inodes[self.inode].set_len(usize::try_from(bytes).unwrap());
        Ok(())
    }
}
