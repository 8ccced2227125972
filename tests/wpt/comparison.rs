//! Results against expectations: whatever differs, for better or for worse, is unexpected.

use std::collections::BTreeMap;

use crate::expectations::{Entry, Expectations, Subject, matches};
use crate::job::{FileResult, FileStatus};

/// A result that the expectation file does not have.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Unexpected {
    /// The test file, or the pattern of files of an entry.
    pub(crate) path: String,
    /// What happened instead of what.
    pub(crate) what: String,
}

/// How the results of one directory stand to its expectations.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Comparison {
    /// What differs.
    pub(crate) unexpected: Vec<Unexpected>,
    /// The subtests that fail as foreseen because the standard has changed since: file, name, and a link to the change.
    pub(crate) moved_on: BTreeMap<(String, String), String>,
}

/// Compares the results of one directory with its expectations on `engine`.
///
/// With `is_complete` false only some files of the directory ran, and entries about patterns of files are left out.
pub(crate) fn compare(
    expectations: &Expectations,
    results: &BTreeMap<&str, &FileResult>,
    engine: &str,
    is_complete: bool,
) -> Comparison {
    let mut unexpected = Vec::new();
    let mut moved_on = BTreeMap::new();
    let applying: Vec<&Entry> = expectations
        .entries
        .iter()
        .filter(|entry| entry.applies_to(engine))
        .collect();
    let mut used = vec![0_usize; applying.len()];
    for (path, result) in results {
        let mut report = |what: String| {
            unexpected.push(Unexpected {
                path: (*path).to_owned(),
                what,
            });
        };
        let mut find = |status: &str, name: Option<&str>| {
            let found = find_entry(&applying, path, status, name);
            if let Some(uses) = found.and_then(|index| used.get_mut(index)) {
                *uses += 1;
            }
            let entry = found.and_then(|index| applying.get(index));
            if let (Some(link), Some(name)) = (entry.and_then(|entry| entry.moved_on.clone()), name)
            {
                moved_on.insert(((*path).to_owned(), name.to_owned()), link);
            }
            found.is_some()
        };
        if result.status != FileStatus::Ok && !find(result.status.name(), None) {
            report(format!(
                "{}: {}",
                result.status.name(),
                first_line(&result.message)
            ));
        }
        for subtest in &result.subtests {
            if subtest.status != "PASS" && !find(subtest.status, Some(&subtest.name)) {
                let why = first_line(&subtest.message);
                report(format!("{} \"{}\": {why}", subtest.status, subtest.name));
            }
        }
    }
    for (entry, uses) in applying.iter().zip(used) {
        let is_pattern_of_files = entry.path.contains('*');
        let ran = results.keys().any(|path| entry.is_about(path));
        if !ran || (is_pattern_of_files && !is_complete) {
            continue;
        }
        if let Some(what) = difference(entry, uses, results) {
            unexpected.push(Unexpected {
                path: entry.path.clone(),
                what,
            });
        }
    }
    Comparison {
        unexpected,
        moved_on,
    }
}

/// The entry that foresees a status: one that names the subtest rather than one with a pattern.
fn find_entry(entries: &[&Entry], path: &str, status: &str, name: Option<&str>) -> Option<usize> {
    let foresees = |entry: &Entry, exactly: bool| {
        entry.status == status
            && entry.is_about(path)
            && match (&entry.subject, name) {
                (Subject::File | Subject::Files(_), None) => {
                    exactly == (entry.subject == Subject::File)
                }
                (Subject::Subtest(expected), Some(name)) => exactly && expected == name,
                (Subject::Pattern { pattern, .. }, Some(name)) => {
                    !exactly && matches(pattern, name)
                }
                _ => false,
            }
    };
    let exact = entries.iter().position(|entry| foresees(entry, true));
    exact.or_else(|| entries.iter().position(|entry| foresees(entry, false)))
}

/// What is wrong with an entry that was used `uses` times.
fn difference(entry: &Entry, uses: usize, results: &BTreeMap<&str, &FileResult>) -> Option<String> {
    let status = &entry.status;
    match &entry.subject {
        Subject::Pattern { count, pattern } => (uses != *count)
            .then(|| format!("{status} {count} x \"{pattern}\" was expected, there are {uses}")),
        Subject::Files(count) => (uses != *count)
            .then(|| format!("{status} {count} files was expected, there are {uses}")),
        Subject::File => (uses == 0).then(|| format!("the file was expected to end in {status}")),
        Subject::Subtest(name) => (uses == 0).then(|| {
            let mut subtests = results.values().flat_map(|result| &result.subtests);
            match subtests.find(|subtest| subtest.name == *name) {
                Some(subtest) => {
                    format!("{} \"{name}\", where {status} was expected", subtest.status)
                }
                None => format!("\"{name}\" is not there any more, {status} was expected"),
            }
        }),
    }
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(200).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use super::*;
    use crate::job::Subtest;
    use crate::manifest::TestFile;

    pub(crate) fn result(status: FileStatus, subtests: &[(&str, &'static str)]) -> FileResult {
        let subtest = |(name, status): &(&str, &'static str)| Subtest {
            name: (*name).to_owned(),
            status,
            message: String::new(),
        };
        FileResult {
            test: TestFile {
                path: "/a/t.html".to_owned(),
                is_long: false,
            },
            status,
            message: String::new(),
            subtests: subtests.iter().map(subtest).collect(),
            duration: Duration::ZERO,
        }
    }

    #[track_caller]
    fn check(expectations: &str, file: &FileResult, expected: usize) {
        let expectations = Expectations::parse(expectations).expect("well-formed");
        let results = BTreeMap::from([("/a/t.html", file)]);
        let unexpected = compare(&expectations, &results, "v8", true).unexpected;
        assert_eq!(unexpected.len(), expected, "{unexpected:?}");
    }

    #[test]
    fn what_the_standard_has_left_behind_is_counted_apart() {
        let file = result(
            FileStatus::Ok,
            &[("a1", "FAIL"), ("a2", "FAIL"), ("b", "FAIL"), ("c", "PASS")],
        );
        let text = "/a/*\n moved-on(https://example.org/1) FAIL 2 x \"a*\"\n FAIL \"b\"\n";
        let expectations = Expectations::parse(text).expect("well-formed");
        let results = BTreeMap::from([("/a/t.html", &file)]);
        let comparison = compare(&expectations, &results, "v8", true);
        assert_eq!(comparison.unexpected, []);
        let names: Vec<_> = comparison.moved_on.keys().map(|(_, name)| name).collect();
        assert_eq!(names, ["a1", "a2"]);
    }

    #[test]
    fn a_subtest_that_passes_though_the_standard_has_moved_on_is_reported() {
        let file = result(FileStatus::Ok, &[("a", "PASS")]);
        check(
            "/a/t.html\n moved-on(https://example.org/1) FAIL \"a\"\n",
            &file,
            1,
        );
    }

    #[test]
    fn a_count_of_files_is_exact() {
        let file = result(FileStatus::Timeout, &[]);
        check("/a/*\n TIMEOUT 1 files\n", &file, 0);
        check("/a/*\n TIMEOUT 2 files\n", &file, 1);
        check("/a/*\n TIMEOUT 1 files\n/a/t.html\n TIMEOUT\n", &file, 1);
    }

    #[test]
    fn what_is_expected_is_not_reported() {
        let file = result(
            FileStatus::Timeout,
            &[("p", "PASS"), ("f", "FAIL"), ("n1", "NOTRUN")],
        );
        check(
            "/a/t.html\n TIMEOUT\n FAIL \"f\"\n NOTRUN 1 x \"n*\"\n",
            &file,
            0,
        );
        check("/a/*\n TIMEOUT\n FAIL \"f\"\n NOTRUN 1 x \"*\"\n", &file, 0);
    }

    #[test]
    fn a_new_failure_and_a_new_pass_are_both_reported() {
        check("", &result(FileStatus::Ok, &[("f", "FAIL")]), 1);
        check(
            "/a/t.html\n FAIL \"f\"\n",
            &result(FileStatus::Ok, &[("f", "PASS")]),
            1,
        );
        check(
            "/a/t.html\n FAIL \"gone\"\n",
            &result(FileStatus::Ok, &[]),
            1,
        );
        check("/a/t.html\n CRASH\n", &result(FileStatus::Ok, &[]), 1);
        check("", &result(FileStatus::Crash, &[]), 1);
    }

    #[test]
    fn a_count_is_exact() {
        let two = result(
            FileStatus::Ok,
            &[("i1", "FAIL"), ("i2", "FAIL"), ("i3", "PASS")],
        );
        check("/a/t.html\n FAIL 2 x \"i*\"\n", &two, 0);
        check("/a/t.html\n FAIL 3 x \"i*\"\n", &two, 1);
        check("/a/t.html\n FAIL 1 x \"i*\"\n", &two, 1);
    }

    #[test]
    fn an_entry_of_the_other_engine_says_nothing() {
        check(
            "/a/t.html\n @quickjs FAIL \"f\"\n",
            &result(FileStatus::Ok, &[("f", "PASS")]),
            0,
        );
        check(
            "/a/t.html\n @v8 FAIL \"f\"\n",
            &result(FileStatus::Ok, &[("f", "FAIL")]),
            0,
        );
    }
}
