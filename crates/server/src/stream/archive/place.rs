//! Where the archive lies: a folder of this machine or a bucket of any S3-compatible store.

use std::path::PathBuf;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;

/// A folder or a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchivePlace {
    /// A folder; it is made when it is missing.
    Folder(PathBuf),
    /// A bucket. Keys, region and endpoint come from the usual environment: `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP`.
    Bucket {
        /// Its name.
        bucket: String,
        /// What the names of our objects begin with; may be empty.
        prefix: String,
    },
}

/// Why a place cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlaceRefused {
    /// The address has no bucket.
    #[error("archive {0:?} names no bucket; write s3://bucket or s3://bucket/prefix")]
    NoBucket(String),
    /// The address is of a kind we do not write to.
    #[error("archive {0:?} is neither a folder nor an s3:// address")]
    UnknownKind(String),
    /// The folder cannot be made or used.
    #[error("archive folder {path} cannot be used")]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store refuses the settings.
    #[error("the archive store refuses its settings")]
    Settings(#[from] object_store::Error),
}

impl ArchivePlace {
    /// Reads a folder's path or `s3://bucket/prefix`.
    pub fn parse(text: &str) -> Result<Self, PlaceRefused> {
        if let Some(rest) = text.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            if bucket.is_empty() {
                return Err(PlaceRefused::NoBucket(text.to_owned()));
            }
            let prefix = prefix.trim_matches('/').to_owned();
            return Ok(Self::Bucket {
                bucket: bucket.to_owned(),
                prefix,
            });
        }
        if text.is_empty() || text.contains("://") {
            return Err(PlaceRefused::UnknownKind(text.to_owned()));
        }
        Ok(Self::Folder(PathBuf::from(text)))
    }

    /// Opens the store. A folder's objects are synced to the disk before a write is answered.
    pub(super) fn open(&self) -> Result<Arc<dyn ObjectStore>, PlaceRefused> {
        match self {
            Self::Folder(path) => {
                let fault = |source| PlaceRefused::Folder {
                    path: path.clone(),
                    source,
                };
                std::fs::create_dir_all(path).map_err(fault)?;
                Ok(Arc::new(
                    LocalFileSystem::new_with_prefix(path)?.with_fsync(true),
                ))
            }
            Self::Bucket { bucket, prefix } => {
                // Already there when another client of this process came first.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let store = AmazonS3Builder::from_env()
                    .with_bucket_name(bucket)
                    .build()?;
                Ok(Arc::new(PrefixStore::new(store, prefix.as_str())))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_folders_and_buckets_and_refuses_the_rest() {
        let folder = ArchivePlace::parse("data/archive").expect("folder");
        assert_eq!(folder, ArchivePlace::Folder("data/archive".into()));
        let bucket = ArchivePlace::parse("s3://arsip/pemilu/2029/").expect("bucket");
        let wanted = ArchivePlace::Bucket {
            bucket: "arsip".into(),
            prefix: "pemilu/2029".into(),
        };
        assert_eq!(bucket, wanted);
        for bad in ["s3://", "s3:///x", "gs://bucket", "https://a.example/x", ""] {
            assert!(ArchivePlace::parse(bad).is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn a_folder_in_the_place_of_a_file_is_named() {
        let dir = tempfile::tempdir().expect("folder");
        let file = dir.path().join("file");
        std::fs::write(&file, "x").expect("written");
        let refused = ArchivePlace::Folder(file.clone())
            .open()
            .expect_err("refused");
        assert!(
            refused.to_string().contains(file.to_str().expect("path")),
            "{refused}"
        );
    }
}
