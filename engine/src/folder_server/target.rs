//! What a path on the command line means to the server: which folder is the root, and where to start.

use std::path::{Path, PathBuf};

use url::Url;

use super::FolderServer;
use crate::error::Error;

/// A file or folder to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetFile {
    /// The folder to serve.
    pub root: PathBuf,
    /// The file to start with; `None` is the folder's index.
    pub file: Option<String>,
}

impl TargetFile {
    /// Looks at `path`: a folder is served with its `index.html`, a file with the folder it lies in.
    ///
    /// # Errors
    /// [`Error::InvalidTarget`] if there is no such file or folder, or the folder has no `index.html`.
    pub fn find(path: &Path) -> Result<Self, Error> {
        let invalid = |reason: String| Error::InvalidTarget {
            target: path.display().to_string(),
            reason,
        };
        let real = path
            .canonicalize()
            .map_err(|error| invalid(error.to_string()))?;
        if real.is_dir() {
            if !real.join("index.html").is_file() {
                return Err(invalid("the folder has no index.html".to_owned()));
            }
            return Ok(Self {
                root: real,
                file: None,
            });
        }
        let (Some(root), Some(file)) = (real.parent(), real.file_name()) else {
            return Err(invalid("not a file".to_owned()));
        };
        let file = file
            .to_str()
            .ok_or_else(|| invalid("the file's name is not UTF-8".to_owned()))?;
        Ok(Self {
            root: root.to_path_buf(),
            file: Some(file.to_owned()),
        })
    }

    /// Its URL on `server`, which serves [`Self::root`].
    #[must_use]
    pub fn url(&self, server: &FolderServer) -> Url {
        let mut url = server.url();
        if let Some(file) = &self.file
            && let Ok(mut segments) = url.path_segments_mut()
        {
            segments.pop_if_empty().push(file);
        }
        url
    }
}
