//! The repository's files as the tidy tests see them: every text file that is not built or fetched.

use std::path::{Path, PathBuf};

/// A text file of the repository.
pub(crate) struct SourceFile {
    /// The path from the root, with `/`.
    pub(crate) path: String,
    /// The whole text.
    pub(crate) text: String,
}

impl SourceFile {
    /// Whether the name ends in `.extension`.
    pub(crate) fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|e| e == extension)
    }

    /// The lines that hold code: from the line comment on, a line is cut. Good enough to look for a word that nobody
    /// writes in a string.
    pub(crate) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let cut = |line: &'_ str| line.find("//").unwrap_or(line.len());
        let numbered = self.text.lines().enumerate();
        numbered.map(move |(index, line)| (index + 1, &line[..cut(line)]))
    }
}

/// The repository's root, asked at run time: two checkouts may share a build folder.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
    let here = Path::new(&here);
    here.parent()
        .expect("xtask is a folder of the repository")
        .to_path_buf()
}

/// All text files, sorted by path.
pub(crate) fn all_files() -> Vec<SourceFile> {
    let root = root();
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("a folder of the repository can be read");
        for entry in entries {
            let path = entry.expect("a folder can be listed").path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            if path.is_dir() {
                if !is_built_or_fetched(name) {
                    folders.push(path);
                }
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let below = path.strip_prefix(&root).expect("found below the root");
                let path = below.to_string_lossy().replace('\\', "/");
                files.push(SourceFile { path, text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 20, "the repository has more files than that");
    files
}

fn is_built_or_fetched(folder: &str) -> bool {
    folder == ".git"
        || folder == "node_modules"
        || folder == "vendor-tests"
        || folder == "target"
        || folder.starts_with("target-")
}
