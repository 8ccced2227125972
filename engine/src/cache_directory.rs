//! Cached responses on disk: one file for each URL of a partition, named by the digest of its key.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use readystate_xhr::http_cache::CacheStorage;
use ring::digest::{SHA256, digest};

/// A folder of cached responses. Files unused for longest are deleted when there is too much; a file that cannot be read or
/// written is as good as none. Several processes may share the folder.
pub(crate) struct CacheDirectory {
    path: PathBuf,
    max_bytes: u64,
    /// What the files take up, about: other processes are not asked.
    bytes: AtomicU64,
    next_number: AtomicU64,
}

impl CacheDirectory {
    /// Bytes that the files may take up.
    pub(crate) const MAX_BYTES: u64 = 256 << 20;

    const SUFFIX: &'static str = "response";

    /// Opens the folder, making it if need be.
    ///
    /// # Errors
    /// If there is no such folder and none can be made.
    pub(crate) fn open(path: &Path, max_bytes: u64) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        let directory = Self {
            path: path.to_owned(),
            max_bytes,
            bytes: AtomicU64::new(0),
            next_number: AtomicU64::new(0),
        };
        let bytes = directory.files()?.iter().map(|file| file.bytes).sum();
        directory.bytes.store(bytes, Ordering::Relaxed);
        Ok(directory)
    }

    fn file_of(&self, key: &str) -> PathBuf {
        let digest = digest(&SHA256, key.as_bytes());
        let name: String = digest
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.path.join(name).with_extension(Self::SUFFIX)
    }

    fn files(&self) -> io::Result<Vec<CachedFile>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let path = entry?.path();
            // NOTE: a file that another process has just deleted is no error.
            let Ok(metadata) = path.metadata() else {
                continue;
            };
            if path
                .extension()
                .is_some_and(|suffix| suffix == Self::SUFFIX)
            {
                files.push(CachedFile {
                    path,
                    bytes: metadata.len(),
                    used: metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
                });
            }
        }
        Ok(files)
    }

    /// Deletes files until nine tenths of the limit are left, those unused for longest first.
    fn evict(&self) {
        let Ok(mut files) = self.files() else {
            return;
        };
        files.sort_by_key(|file| file.used);
        let mut bytes: u64 = files.iter().map(|file| file.bytes).sum();
        for file in files {
            if bytes <= self.max_bytes / 10 * 9 {
                break;
            }
            if fs::remove_file(&file.path).is_ok() {
                bytes -= file.bytes;
            }
        }
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    fn try_write(&self, key: &str, bytes: &[u8]) -> io::Result<()> {
        // Written aside and moved: whoever reads sees the old file or the new one, whole.
        let number = self.next_number.fetch_add(1, Ordering::Relaxed);
        let aside = self
            .path
            .join(format!("{}-{number}.part", std::process::id()));
        let written = File::create(&aside)
            .and_then(|mut file| file.write_all(bytes))
            .and_then(|()| fs::rename(&aside, self.file_of(key)));
        if written.is_err() {
            drop(fs::remove_file(&aside));
        }
        written
    }
}

impl CacheStorage for CacheDirectory {
    fn read(&self, key: &str) -> Option<Vec<u8>> {
        let path = self.file_of(key);
        let bytes = fs::read(&path).ok()?;
        // Its time tells when it was last of use.
        if let Ok(file) = File::options().append(true).open(&path) {
            drop(file.set_modified(SystemTime::now()));
        }
        Some(bytes)
    }

    fn write(&self, key: &str, bytes: &[u8]) {
        if self.try_write(key, bytes).is_ok() {
            let length = bytes.len() as u64;
            let total = self.bytes.fetch_add(length, Ordering::Relaxed) + length;
            if total > self.max_bytes {
                self.evict();
            }
        }
    }

    fn remove(&self, key: &str) {
        drop(fs::remove_file(self.file_of(key)));
    }

    fn clear(&self) {
        for file in self.files().unwrap_or_default() {
            drop(fs::remove_file(file.path));
        }
        self.bytes.store(0, Ordering::Relaxed);
    }
}

impl fmt::Debug for CacheDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheDirectory")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

struct CachedFile {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
}
