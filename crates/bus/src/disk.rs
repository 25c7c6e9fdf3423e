//! The few acts of a file system that the log relies on: real files, and in tests a simulated
//! disk that loses what was not synced.

use std::any::Any;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file system.
pub(crate) trait Disk: Send + Sync {
    /// Creates the folder and those above it; an existing one is fine.
    fn create_folder(&self, folder: &Path) -> io::Result<()>;
    /// Names and sizes in bytes of the files directly in the folder.
    fn list(&self, folder: &Path) -> io::Result<Vec<(String, u64)>>;
    /// Creates a file that must not exist, for appending.
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn AppendFile>>;
    /// Opens an existing file for appending.
    fn open_append(&self, path: &Path) -> io::Result<Box<dyn AppendFile>>;
    /// Opens an existing file for reading.
    fn open_read(&self, path: &Path) -> io::Result<Box<dyn ReadSeek>>;
    /// Writes bytes over those at `offset` of an existing file and makes them durable.
    fn overwrite(&self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Moves a file within the file system.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Makes created, removed and renamed names in the folder durable.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Takes the lock of the log; held until the value is dropped.
    fn lock(&self, path: &Path) -> Result<Box<dyn Any + Send>, LockError>;
}

/// A file that only grows, except where its end is cut off.
pub(crate) trait AppendFile: Send {
    /// Writes all bytes at the end.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Makes content and length durable.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the file.
    fn set_len(&mut self, bytes: u64) -> io::Result<()>;
}

/// A readable file.
pub(crate) trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// The lock file. It is unlocked by name when dropped: closing it is not enough while a child
/// process that is just being started still holds a copy of it.
struct HeldLock(File);

impl Drop for HeldLock {
    fn drop(&mut self) {
        // The end of the process unlocks what this could not.
        let _unlocked = self.0.unlock();
    }
}

/// Why the lock was not granted.
pub(crate) enum LockError {
    /// Held by another process, which says this about itself.
    Held(String),
    /// The lock file cannot be used.
    Io(io::Error),
}

/// Files of the operating system.
pub(crate) struct RealDisk;

impl Disk for RealDisk {
    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<(String, u64)>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let meta = entry.metadata()?;
            if let (true, Some(name)) = (meta.is_file(), entry.file_name().to_str()) {
                files.push((name.to_owned(), meta.len()));
            }
        }
        Ok(files)
    }

    fn create_new(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        Ok(Box::new(
            OpenOptions::new()
                .append(true)
                .create_new(true)
                .open(path)?,
        ))
    }

    fn open_append(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        Ok(Box::new(OpenOptions::new().append(true).open(path)?))
    }

    fn open_read(&self, path: &Path) -> io::Result<Box<dyn ReadSeek>> {
        Ok(Box::new(File::open(path)?))
    }

    fn overwrite(&self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    #[cfg(unix)]
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    /// Only Unix lets a folder be synced; elsewhere the file system journals names itself.
    #[cfg(not(unix))]
    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        Ok(())
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn Any + Send>, LockError> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(LockError::Io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held(holder(path))),
            Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
        }
        // The text only helps a person who meets a held lock; a full disk must not stop us here.
        let _ = file
            .set_len(0)
            .and_then(|()| writeln!(file, "process {}", std::process::id()));
        Ok(Box::new(HeldLock(file)))
    }
}

fn holder(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let text = text.trim();
    if text.is_empty() {
        "its number is not known".to_owned()
    } else {
        text.to_owned()
    }
}

impl AppendFile for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn set_len(&mut self, bytes: u64) -> io::Result<()> {
        File::set_len(self, bytes)
    }
}

/// Reads a file whole; refuses one over `limit_bytes`, which no log of ours can have written.
pub(crate) fn read_whole(disk: &dyn Disk, path: &Path, limit_bytes: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    let mut file = disk.open_read(path)?.take(limit_bytes.saturating_add(1));
    file.read_to_end(&mut content)?;
    if content.len() as u64 > limit_bytes {
        let text = format!("the file is over the limit of {limit_bytes} bytes for a segment");
        return Err(io::Error::new(io::ErrorKind::InvalidData, text));
    }
    Ok(content)
}

/// The folder above, or the current one.
pub(crate) fn folder_above(path: &Path) -> PathBuf {
    match path.parent() {
        Some(above) if !above.as_os_str().is_empty() => above.to_path_buf(),
        _ => PathBuf::from("."),
    }
}
