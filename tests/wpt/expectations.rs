//! Expectation files: what is known to fail, in a text that people read and edit.
//!
//! One file per directory of tests. A line that starts with `/` names a test file (or a pattern of files, with `*`);
//! the indented lines below it say what does not pass there, each with its reason:
//!
//! ```text
//! /xhr/example.htm
//!   FAIL "exact name of a subtest"  # why
//!   FAIL 12 x "pattern of names*"  # why; exactly twelve, neither more nor fewer
//!   @quickjs TIMEOUT  # the file as a whole, on one engine only
//! /xhr/group-*
//!   TIMEOUT 3 files  # why; exactly three of the files that the pattern is about
//!   moved-on(https://github.com/…) FAIL 2 x "*"  # what the standard says today; counts towards the bar
//! ```

use std::path::Path;

use crate::Failure;

/// The reason that `--update` gives to a failure it has not seen before.
pub(crate) const NO_REASON: &str = "FIXME: not looked into";

/// What an entry is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Subject {
    /// The file as a whole.
    File,
    /// That many files of a pattern as a whole.
    Files(usize),
    /// The subtest of this name.
    Subtest(String),
    /// All subtests whose names match and that are not named otherwise.
    Pattern {
        /// How many there are.
        count: usize,
        /// `*` stands for any text.
        pattern: String,
    },
}

/// One thing that does not pass.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Entry {
    /// The file or pattern of files.
    pub(crate) path: String,
    /// The engine it is limited to.
    pub(crate) engine: Option<String>,
    /// The status it has instead of PASS or OK.
    pub(crate) status: String,
    /// What has that status.
    pub(crate) subject: Subject,
    /// Where the standard changed after the tests were written, if that is why: an address.
    pub(crate) moved_on: Option<String>,
    /// Why, in a few words.
    pub(crate) reason: String,
}

impl Entry {
    /// Whether the entry says anything about this engine.
    pub(crate) fn applies_to(&self, engine: &str) -> bool {
        self.engine.as_deref().is_none_or(|only| only == engine)
    }

    /// Whether the entry is about this test file.
    pub(crate) fn is_about(&self, path: &str) -> bool {
        matches(&self.path, path)
    }

    fn parse(path: &str, line: &str) -> Option<Self> {
        let (engine, line) = match line.strip_prefix('@') {
            Some(rest) => {
                let (engine, rest) = rest.split_once(' ')?;
                (Some(engine.to_owned()), rest.trim_start())
            }
            None => (None, line),
        };
        let (moved_on, line) = match line.strip_prefix("moved-on(") {
            Some(rest) => {
                let (link, rest) = rest.split_once(") ")?;
                link.starts_with("https://").then_some(())?;
                (Some(link.to_owned()), rest.trim_start())
            }
            None => (None, line),
        };
        let end = line.find([' ', '#']).unwrap_or(line.len());
        let (status, rest) = line.split_at(end);
        let rest = rest.trim_start();
        let (subject, rest) = if rest.starts_with('"') {
            let (name, rest) = quoted(rest)?;
            (Subject::Subtest(name), rest)
        } else if rest.starts_with(|c: char| c.is_ascii_digit()) {
            let (count, rest) = rest.split_once(' ')?;
            let count = count.parse().ok()?;
            match rest.strip_prefix("files") {
                Some(rest) => (Subject::Files(count), rest),
                None => {
                    let (pattern, rest) = quoted(rest.strip_prefix("x ")?.trim_start())?;
                    (Subject::Pattern { count, pattern }, rest)
                }
            }
        } else {
            (Subject::File, rest)
        };
        let rest = rest.trim();
        if !rest.is_empty() && !rest.starts_with('#') {
            return None;
        }
        let known = [
            "FAIL",
            "TIMEOUT",
            "NOTRUN",
            "PRECONDITION_FAILED",
            "ERROR",
            "CRASH",
        ];
        known.contains(&status).then(|| Self {
            path: path.to_owned(),
            engine,
            status: status.to_owned(),
            subject,
            moved_on,
            reason: rest.trim_start_matches('#').trim().to_owned(),
        })
    }

    fn write(&self, text: &mut String) {
        text.push_str("  ");
        if let Some(engine) = &self.engine {
            text.push_str(&format!("@{engine} "));
        }
        if let Some(link) = &self.moved_on {
            text.push_str(&format!("moved-on({link}) "));
        }
        text.push_str(&self.status);
        match &self.subject {
            Subject::File => {}
            Subject::Files(count) => text.push_str(&format!(" {count} files")),
            Subject::Subtest(name) => text.push_str(&format!(" {}", quote(name))),
            Subject::Pattern { count, pattern } => {
                text.push_str(&format!(" {count} x {}", quote(pattern)));
            }
        }
        if !self.reason.is_empty() {
            text.push_str(&format!("  # {}", self.reason));
        }
        text.push('\n');
    }
}

/// What is known to fail in one directory.
#[derive(Debug, Default)]
pub(crate) struct Expectations {
    /// The comment lines at the head of the file, without their newlines.
    pub(crate) head: Vec<String>,
    /// All entries, in the order of the file.
    pub(crate) entries: Vec<Entry>,
}

impl Expectations {
    /// Reads the file at `path`; one that is not there expects everything to pass.
    pub(crate) fn read(path: &Path, directory: &str) -> Result<Self, Failure> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                Self::parse(&text).map_err(|line| format!("{}:{line}: not an entry", path.display()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self {
                head: vec![
                    format!("# What does not pass in {directory}/ of web-platform-tests, and why."),
                    "# Format: tests/wpt/expectations.rs. `cargo xtask wpt --update` rewrites this file and keeps the reasons."
                        .to_owned(),
                ],
                entries: Vec::new(),
            }),
            Err(error) => Err(format!("cannot read {}: {error}", path.display())),
        }
    }

    /// Parses a whole file; the error is the number of the line that is no entry.
    pub(crate) fn parse(text: &str) -> Result<Self, usize> {
        let mut expectations = Self::default();
        let mut path = None;
        for (index, line) in text.lines().enumerate() {
            let trimmed = line.trim();
            if trimmed.is_empty() {
                continue;
            }
            if trimmed.starts_with('#') && path.is_none() {
                expectations.head.push(trimmed.to_owned());
            } else if line.starts_with('/') {
                path = Some(trimmed.to_owned());
            } else {
                let entry = path.as_deref().and_then(|path| Entry::parse(path, trimmed));
                expectations.entries.push(entry.ok_or(index + 1)?);
            }
        }
        Ok(expectations)
    }

    /// Writes the file, sorted by test file; nothing expected to fail leaves no file.
    pub(crate) fn write(&mut self, path: &Path) -> Result<(), Failure> {
        let cannot = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
        if self.entries.is_empty() {
            return match std::fs::remove_file(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(cannot(error)),
                _ => Ok(()),
            };
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(cannot)?;
        }
        std::fs::write(path, self.sorted_text()).map_err(cannot)
    }

    /// The whole file as text.
    pub(crate) fn sorted_text(&mut self) -> String {
        // A stable sort: entries of one file keep their order.
        self.entries.sort_by(|a, b| a.path.cmp(&b.path));
        let mut text = String::new();
        for line in &self.head {
            text.push_str(line);
            text.push('\n');
        }
        let mut path = "";
        for entry in &self.entries {
            if entry.path != path {
                path = &entry.path;
                text.push_str(&format!("\n{path}\n"));
            }
            entry.write(&mut text);
        }
        text
    }
}

/// Whether `text` matches `pattern`, in which `*` stands for any text.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<_> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Reads a JSON string at the start of `text`; returns it and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let name = values.next()?.ok()?;
    let rest = text.get(values.byte_offset()..)?;
    Some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "# head\n\n/a/b.html\n  FAIL \"x # \\\"y\\\"\"  # why\n  @quickjs FAIL 12 x \"idl*\"  # many\n  TIMEOUT\n\n/c/*\n  moved-on(https://example.org/1) FAIL 2 x \"*\"  # new\n  TIMEOUT 3 files  # slow\n";

    #[test]
    fn a_file_is_written_as_it_was_read() {
        let mut expectations = Expectations::parse(SAMPLE).expect("well-formed");
        assert_eq!(expectations.entries.len(), 5);
        assert_eq!(
            expectations.entries[0].subject,
            Subject::Subtest("x # \"y\"".to_owned())
        );
        assert_eq!(expectations.sorted_text(), SAMPLE);
    }

    #[test]
    fn a_line_that_is_no_entry_is_named() {
        assert_eq!(Expectations::parse("/a\n  MAYBE \"x\"\n").err(), Some(2));
        assert_eq!(
            Expectations::parse("  FAIL \"before any file\"\n").err(),
            Some(1)
        );
        assert_eq!(Expectations::parse("/a\n  FAIL \"open\n").err(), Some(2));
        assert_eq!(
            Expectations::parse("/a\n  moved-on(no link) FAIL \"x\"\n").err(),
            Some(2)
        );
    }

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("*", "anything") && matches("a*c", "abc") && matches("a*b*c", "a b b c"));
        assert!(matches("same", "same") && !matches("same", "same more"));
        assert!(!matches("a*c", "ab") && !matches("ab*bc", "abc"));
    }
}
