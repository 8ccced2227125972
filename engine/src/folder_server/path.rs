//! From a request's path to a file that is surely below the root.

use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// This file.
    File(PathBuf),
    /// A folder named without its slash: redirect there, or relative URLs of its index would go astray.
    AddSlash,
    /// Nothing that may be served.
    NotFound,
}

/// Finds the file for `request_path` (percent-encoded, without query) below `root`, which is canonical.
///
/// Names that are no plain file names (`..`, a drive, a NUL, an encoded slash), hidden files, and links that lead out of
/// the root are not found.
#[must_use]
pub fn resolve(root: &Path, request_path: &str) -> Resolved {
    let Some(found) = locate(root, request_path) else {
        return Resolved::NotFound;
    };
    if found.is_dir() {
        if !request_path.ends_with('/') {
            return Resolved::AddSlash;
        }
        return match canonical_below(root, &found.join("index.html")) {
            Some(index) if index.is_file() => Resolved::File(index),
            _ => Resolved::NotFound,
        };
    }
    if found.is_file() && !request_path.ends_with('/') {
        Resolved::File(found)
    } else {
        Resolved::NotFound
    }
}

fn locate(root: &Path, request_path: &str) -> Option<PathBuf> {
    let mut path = root.to_path_buf();
    for segment in request_path
        .split('/')
        .filter(|segment| !segment.is_empty())
    {
        let name = percent_decode_str(segment).decode_utf8().ok()?;
        if name.starts_with('.') || name.contains(['/', '\\', '\0']) {
            return None;
        }
        let mut components = Path::new(name.as_ref()).components();
        if !matches!(
            (components.next(), components.next()),
            (Some(Component::Normal(_)), None)
        ) {
            return None;
        }
        path.push(name.as_ref());
    }
    canonical_below(root, &path)
}

fn canonical_below(root: &Path, path: &Path) -> Option<PathBuf> {
    let real = path.canonicalize().ok()?;
    real.starts_with(root).then_some(real)
}
