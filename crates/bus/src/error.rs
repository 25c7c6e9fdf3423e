//! What can go wrong with the log: what, where, and how to mend it.

use std::io;
use std::path::{Path, PathBuf};

use crate::quarantine::Quarantined;

/// An error of the intake log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// No space, quota or permitted file size left.
    #[error(
        "cannot {doing} {}: no space left; free or add disk space (or raise the quota), then restart",
        path.display()
    )]
    DiskFull {
        /// The attempted act, as a verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The file system refuses every write.
    #[error(
        "cannot {doing} {}: the file system is read-only; remount it writable or choose another \
         data folder, then restart",
        path.display()
    )]
    ReadOnly {
        /// The attempted act, as a verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The user of this process may not do this.
    #[error(
        "cannot {doing} {}: permission denied; give the user that runs this service read and \
         write access to the folder, then restart",
        path.display()
    )]
    Permission {
        /// The attempted act, as a verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// Any other answer of the system.
    #[error(
        "cannot {doing} {}: input/output error; check the disk and the system journal, then restart",
        path.display()
    )]
    Io {
        /// The attempted act, as a verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// An earlier write or sync failed; what the disk holds is unknown until the log is reopened.
    #[error("the log takes no more frames because an earlier write failed ({first}); restart")]
    Poisoned {
        /// The failure that stopped the log.
        first: String,
    },
    /// Another process has this log open.
    #[error(
        "{} is in use by another process ({holder}); stop it or choose another data folder",
        path.display()
    )]
    InUse {
        /// The lock file.
        path: PathBuf,
        /// What the holder wrote about itself.
        holder: String,
    },
    /// The payload is over the limit of one frame.
    #[error(
        "a frame of {bytes} bytes is over the limit of {limit_bytes} bytes; send smaller batches"
    )]
    PayloadTooLarge {
        /// Size of the refused payload.
        bytes: usize,
        /// [`crate::limits::PAYLOAD_MAX_BYTES`].
        limit_bytes: usize,
    },
    /// The configured segment size is outside the limits.
    #[error(
        "a segment size of {bytes} bytes is outside 1..={limit_bytes} bytes; change the setting"
    )]
    SegmentSize {
        /// The configured size.
        bytes: u64,
        /// [`crate::limits::SEGMENT_MAX_BYTES`].
        limit_bytes: u64,
    },
    /// The segment was written by a later version of this program.
    #[error(
        "{} has format version {version}, this program reads up to version {known}; \
         run the version that wrote it",
        path.display()
    )]
    UnsupportedVersion {
        /// The segment file.
        path: PathBuf,
        /// The version found in it.
        version: u16,
        /// The newest version known here.
        known: u16,
    },
    /// A reader asked for a frame that the log never held: the log is older than its reader.
    #[error(
        "frame {wanted} was asked for in {}, but the log ends before frame {end}; \
         the log was restored from an older copy or lost its end: compare it with the backup",
        dir.display()
    )]
    BeyondEnd {
        /// Folder of the log.
        dir: PathBuf,
        /// The frame asked for.
        wanted: u64,
        /// The first frame number that does not exist yet.
        end: u64,
    },
    /// Damage in the middle of the log. The reader stays here until told to go on.
    #[error("{0}")]
    Damaged(Box<Quarantined>),
}

impl LogError {
    pub(crate) fn io(doing: &'static str, path: &Path, source: io::Error) -> LogError {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => LogError::DiskFull {
                doing,
                path,
                source,
            },
            io::ErrorKind::ReadOnlyFilesystem => LogError::ReadOnly {
                doing,
                path,
                source,
            },
            io::ErrorKind::PermissionDenied => LogError::Permission {
                doing,
                path,
                source,
            },
            _ => LogError::Io {
                doing,
                path,
                source,
            },
        }
    }

    /// A stable word for logs, metrics and problem details.
    #[must_use]
    pub fn reference(&self) -> &'static str {
        match self {
            LogError::DiskFull { .. } => "log-disk-full",
            LogError::ReadOnly { .. } => "log-read-only",
            LogError::Permission { .. } => "log-permission",
            LogError::Io { .. } => "log-io",
            LogError::Poisoned { .. } => "log-stopped",
            LogError::InUse { .. } => "log-in-use",
            LogError::PayloadTooLarge { .. } => "log-payload-too-large",
            LogError::SegmentSize { .. } => "log-segment-size",
            LogError::UnsupportedVersion { .. } => "log-version",
            LogError::BeyondEnd { .. } => "log-beyond-end",
            LogError::Damaged(_) => "log-damaged",
        }
    }
}
