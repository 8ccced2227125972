//! Which files are tests: read from the manifest that the checkout's own `wpt manifest` makes.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Failure;

/// A test as a browser loads it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct TestFile {
    /// The path on the test server, with its query if it is a variant.
    pub(crate) path: String,
    /// Whether its time-out is the long one (60 s instead of 10 s).
    pub(crate) is_long: bool,
}

/// The directory of a test's path, without a slash at its end.
pub(crate) fn directory(path: &str) -> &str {
    let without_query = path.split(['?', '#']).next().unwrap_or(path);
    without_query
        .rsplit_once('/')
        .map_or("", |(directory, _)| directory)
}

/// Which tests a run is about, by the scheme of their pages.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Scheme {
    /// Those that may be loaded over plain HTTP.
    Http,
    /// Those whose name has `.https.` or the flag `https`, and no others.
    Https,
}

/// All testharness tests for a window of this scheme, sorted.
///
/// The manifest of a whole checkout takes minutes to make, so it is kept in `cache` until `rebuild`.
pub(crate) fn load(
    root: &Path,
    cache: &Path,
    rebuild: bool,
    scheme: Scheme,
) -> Result<Vec<TestFile>, Failure> {
    let path = cache.join("manifest.json");
    if rebuild || !path.is_file() {
        make(root, cache, &path)?;
    }
    let text = std::fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let manifest: Value = serde_json::from_str(&text)
        .map_err(|error| format!("{} is not a manifest: {error}", path.display()))?;
    let mut tests = Vec::new();
    let tree = &manifest["items"]["testharness"];
    collect(tree, scheme, &mut String::new(), &mut tests);
    tests.sort();
    Ok(tests)
}

/// The tests at or below any of `paths` (`xhr`, `/dom/nodes/`, a file, or a file with its query).
pub(crate) fn select(all: &[TestFile], paths: &[String]) -> Result<Vec<TestFile>, Failure> {
    let mut selected = Vec::new();
    for wanted in paths {
        let wanted = format!("/{}", wanted.trim_matches('/'));
        let is_wanted = |test: &&TestFile| {
            let rest = test.path.strip_prefix(&wanted);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        };
        let before = selected.len();
        selected.extend(all.iter().filter(is_wanted).cloned());
        if selected.len() == before {
            return Err(format!("the manifest has no test at {wanted}"));
        }
    }
    selected.sort();
    selected.dedup();
    Ok(selected)
}

fn make(root: &Path, cache: &Path, path: &Path) -> Result<(), Failure> {
    eprintln!(
        "wpt: making the manifest of {} (minutes, once)",
        root.display()
    );
    let target = std::path::absolute(path).map_err(|error| error.to_string())?;
    std::fs::create_dir_all(cache)
        .map_err(|error| format!("cannot make {}: {error}", cache.display()))?;
    let status = Command::new("python3")
        .current_dir(root)
        .args(["wpt", "manifest", "--no-download", "-p"])
        .arg(target)
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("cannot run python3 in {}: {error}", root.display()))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!(
            "`python3 wpt manifest` failed in {} ({status})",
            root.display()
        ))
    }
}

/// Walks the manifest's tree of folders; a leaf is `[hash, [address or null, {metadata}], …]`.
fn collect(tree: &Value, scheme: Scheme, path: &mut String, tests: &mut Vec<TestFile>) {
    let Some(entries) = tree.as_object() else {
        return;
    };
    for (name, entry) in entries {
        let length = path.len();
        path.push('/');
        path.push_str(name);
        match entry.as_array() {
            Some(leaf) => {
                let files = leaf.iter().skip(1);
                tests.extend(files.filter_map(|item| test_file(item, scheme, path)));
            }
            None => collect(entry, scheme, path, tests),
        }
        path.truncate(length);
    }
}

fn test_file(item: &Value, scheme: Scheme, file: &str) -> Option<TestFile> {
    let path = match item[0].as_str() {
        Some(address) => format!("/{}", address.trim_start_matches('/')),
        None => file.to_owned(),
    };
    let is_named = |parts: [&str; 2]| parts.iter().any(|part| path.contains(part));
    let is_https = is_named([".https.", "wpt_flags=https"]);
    let is_elsewhere = path.contains("worker")
        || is_named([".h2.", "wpt_flags=h2"])
        || is_https != (scheme == Scheme::Https);
    // Variants for shells without a window are bare scripts.
    let is_for_a_shell = path.ends_with(".js");
    (!is_elsewhere && !is_for_a_shell).then(|| TestFile {
        path,
        is_long: item[1]["timeout"] == "long",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(scheme: Scheme) -> Vec<TestFile> {
        let tree = serde_json::json!({
            "xhr": {
                "a.any.js": ["hash", ["xhr/a.any.html", {}], ["xhr/a.any.worker.html", {}], ["xhr/a.any.js", {"jsshell": true}]],
                "b.htm": ["hash", [null, {"timeout": "long"}]],
                "c.https.htm": ["hash", [null, {}]],
                "formdata": {"d.html": ["hash", ["xhr/formdata/d.html?x", {}]]}
            },
            "xhrother": {"e.html": ["hash", [null, {}]]}
        });
        let mut tests = Vec::new();
        collect(&tree, scheme, &mut String::new(), &mut tests);
        tests.sort();
        tests
    }

    #[test]
    fn window_tests_over_http_are_collected_with_their_time_out() {
        let found: Vec<_> = sample(Scheme::Http)
            .into_iter()
            .map(|test| (test.path, test.is_long))
            .collect();
        let expected = [
            ("/xhr/a.any.html", false),
            ("/xhr/b.htm", true),
            ("/xhr/formdata/d.html?x", false),
            ("/xhrother/e.html", false),
        ];
        assert_eq!(found, expected.map(|(path, long)| (path.to_owned(), long)));
        let secure = sample(Scheme::Https);
        assert_eq!(secure.len(), 1);
        assert_eq!(secure[0].path, "/xhr/c.https.htm");
    }

    #[test]
    fn a_path_selects_a_folder_or_a_file_but_not_a_prefix_of_a_name() {
        let select_one =
            |path: &str| select(&sample(Scheme::Http), &[path.to_owned()]).map(|tests| tests.len());
        assert_eq!(select_one("xhr/"), Ok(3));
        assert_eq!(select_one("xhr/b.htm"), Ok(1));
        assert_eq!(select_one("xhr/formdata/d.html"), Ok(1));
        assert!(select_one("xh").is_err());
    }

    #[test]
    fn the_directory_of_a_variant_ignores_the_query() {
        assert_eq!(directory("/xhr/formdata/d.html?a/b"), "/xhr/formdata");
    }
}
