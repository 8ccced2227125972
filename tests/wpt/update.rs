//! `--update`: makes the expectations say what one engine did, and keeps the reasons.
//!
//! An entry without an engine holds on both. What only the engine at hand does not confirm is left to the other one,
//! so two runs of `--update`, one on each engine, give a file that is exact on both.

use std::collections::{BTreeMap, BTreeSet};

use crate::expectations::{Entry, Expectations, NO_REASON, Subject, matches};
use crate::job::{FileResult, FileStatus};

/// More failures of one status in one file than this become a pattern with a count.
const MOST_NAMES: usize = 25;
const ENGINES: [&str; 2] = ["v8", "quickjs"];

/// Rewrites the entries about the files in `results`.
pub(crate) fn update(
    expectations: &mut Expectations,
    results: &BTreeMap<&str, &FileResult>,
    engine: &str,
) {
    let (about_these, mut entries): (Vec<_>, Vec<_>) = std::mem::take(&mut expectations.entries)
        .into_iter()
        .partition(|entry| results.keys().any(|path| entry.is_about(path)));
    let observed = observe(results, &about_these);
    let reasons: BTreeMap<Key, (String, Option<String>)> = about_these
        .iter()
        .map(|entry| {
            let why = (entry.reason.clone(), entry.moved_on.clone());
            (Key::of(entry), why)
        })
        .collect();
    let here = |entry: &Entry| entry.engine.as_deref() == Some(engine);
    let other = ENGINES
        .iter()
        .find(|name| **name != engine)
        .map(|name| (*name).to_owned());
    let mut confirmed = BTreeSet::new();
    for mut entry in about_these {
        let key = Key::of(&entry);
        let is_seen = observed
            .iter()
            .any(|seen| Key::of(seen) == key && seen.subject == entry.subject);
        let is_new = || !confirmed.contains(&key);
        if is_seen && is_new() {
            // Seen here, and either known for both or only for the other engine so far: now it holds on both.
            if !here(&entry) {
                entry.engine = None;
            }
            confirmed.insert(key);
            entries.push(entry);
        } else if !is_seen && !here(&entry) {
            entry.engine.clone_from(&other);
            entries.push(entry);
        }
    }
    for mut entry in observed {
        let key = Key::of(&entry);
        if confirmed.insert(key) {
            if let Some((reason, moved_on)) = reasons.get(&Key::of(&entry)) {
                entry.reason.clone_from(reason);
                entry.moved_on.clone_from(moved_on);
            }
            entry.engine = Some(engine.to_owned());
            entries.push(entry);
        }
    }
    expectations.entries = entries;
}

/// What makes two entries the same but for engine, count and reason.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Key {
    path: String,
    status: String,
    is_file: bool,
    is_pattern: bool,
    text: String,
}

impl Key {
    fn of(entry: &Entry) -> Self {
        let (is_pattern, text) = match &entry.subject {
            Subject::File | Subject::Files(_) => (false, ""),
            Subject::Subtest(name) => (false, name.as_str()),
            Subject::Pattern { pattern, .. } => (true, pattern.as_str()),
        };
        Self {
            path: entry.path.clone(),
            status: entry.status.clone(),
            is_file: matches!(entry.subject, Subject::File | Subject::Files(_)),
            is_pattern,
            text: text.to_owned(),
        }
    }
}

/// The entries that would describe the results exactly, in terms of the patterns that `known` has.
fn observe(results: &BTreeMap<&str, &FileResult>, known: &[Entry]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (path, result) in results {
        let entry = |path: &str, status: &str, subject| Entry {
            path: path.to_owned(),
            engine: None,
            status: status.to_owned(),
            subject,
            moved_on: None,
            reason: NO_REASON.to_owned(),
        };
        if result.status != FileStatus::Ok {
            let about = known.iter().find(|old| {
                matches!(old.subject, Subject::File | Subject::Files(_))
                    && old.status == result.status.name()
                    && old.is_about(path)
            });
            let path = about.map_or(*path, |old| &old.path);
            match about.map(|old| &old.subject) {
                Some(Subject::Files(_)) => {
                    let one = entry(path, result.status.name(), Subject::Files(1));
                    count_one(&mut entries, one);
                }
                _ => {
                    let file = entry(path, result.status.name(), Subject::File);
                    if !entries.contains(&file) {
                        entries.push(file);
                    }
                }
            }
        }
        let mut unnamed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for subtest in result
            .subtests
            .iter()
            .filter(|subtest| subtest.status != "PASS")
        {
            match foreseen(known, path, subtest.status, &subtest.name) {
                Some(old) => match &old.subject {
                    Subject::Pattern { pattern, .. } => {
                        count_one(
                            &mut entries,
                            entry(&old.path, &old.status, pattern_of(pattern)),
                        );
                    }
                    subject => entries.push(entry(&old.path, &old.status, subject.clone())),
                },
                None => unnamed
                    .entry(subtest.status)
                    .or_default()
                    .push(&subtest.name),
            }
        }
        for (status, names) in unnamed {
            for name in &names {
                if names.len() > MOST_NAMES {
                    count_one(&mut entries, entry(path, status, pattern_of("*")));
                } else {
                    entries.push(entry(path, status, Subject::Subtest((*name).to_owned())));
                }
            }
        }
    }
    entries
}

fn pattern_of(pattern: &str) -> Subject {
    Subject::Pattern {
        count: 1,
        pattern: pattern.to_owned(),
    }
}

fn count_one(entries: &mut Vec<Entry>, one: Entry) {
    let key = Key::of(&one);
    match entries.iter_mut().find(|entry| Key::of(entry) == key) {
        Some(Entry {
            subject: Subject::Pattern { count, .. } | Subject::Files(count),
            ..
        }) => *count += 1,
        _ => entries.push(one),
    }
}

fn foreseen<'a>(known: &'a [Entry], path: &str, status: &str, name: &str) -> Option<&'a Entry> {
    let about = |entry: &&Entry| entry.status == status && entry.is_about(path);
    let exact = known
        .iter()
        .filter(about)
        .find(|entry| match &entry.subject {
            Subject::Subtest(expected) => expected == name,
            _ => false,
        });
    exact.or_else(|| {
        known
            .iter()
            .filter(about)
            .find(|entry| match &entry.subject {
                Subject::Pattern { pattern, .. } => matches(pattern, name),
                _ => false,
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::tests::result;

    #[track_caller]
    fn check(before: &str, engine: &str, file: &FileResult, after: &str) -> String {
        let mut expectations = Expectations::parse(before).expect("well-formed");
        update(
            &mut expectations,
            &BTreeMap::from([("/a/t.html", file)]),
            engine,
        );
        let text = expectations.sorted_text();
        assert_eq!(text.trim(), after.trim());
        text
    }

    #[test]
    fn two_updates_give_a_file_that_holds_on_both_engines() {
        let on_v8 = result(FileStatus::Ok, &[("both", "FAIL"), ("one", "PASS")]);
        let on_quickjs = result(FileStatus::Ok, &[("both", "FAIL"), ("one", "FAIL")]);
        let first = check(
            "",
            "v8",
            &on_v8,
            "/a/t.html\n  @v8 FAIL \"both\"  # FIXME: not looked into",
        );
        let second = check(
            &first,
            "quickjs",
            &on_quickjs,
            "/a/t.html\n  FAIL \"both\"  # FIXME: not looked into\n  @quickjs FAIL \"one\"  # FIXME: not looked into",
        );
        check(&second, "v8", &on_v8, &second);
    }

    #[test]
    fn reasons_are_kept_and_passes_dropped() {
        let before = "/a/t.html\n  @v8 FAIL \"a\"  # why\n  @v8 FAIL \"b\"  # fixed now\n  FAIL \"c\"  # on the other still";
        let file = result(
            FileStatus::Ok,
            &[("a", "FAIL"), ("b", "PASS"), ("c", "PASS")],
        );
        let after =
            "/a/t.html\n  @v8 FAIL \"a\"  # why\n  @quickjs FAIL \"c\"  # on the other still";
        check(before, "v8", &file, after);
    }

    #[test]
    fn a_pattern_keeps_its_reason_when_its_count_changes() {
        let file = result(FileStatus::Ok, &[("i1", "FAIL"), ("i2", "FAIL")]);
        check(
            "/a/t.html\n  @v8 FAIL 3 x \"i*\"  # idl",
            "v8",
            &file,
            "/a/t.html\n  @v8 FAIL 2 x \"i*\"  # idl",
        );
        check(
            "/a/t.html\n  FAIL 3 x \"i*\"  # idl",
            "v8",
            &file,
            "/a/t.html\n  @quickjs FAIL 3 x \"i*\"  # idl\n  @v8 FAIL 2 x \"i*\"  # idl",
        );
    }

    #[test]
    fn a_pattern_count_merges_when_the_engines_agree_again() {
        let file = result(FileStatus::Ok, &[("i1", "FAIL"), ("i2", "FAIL")]);
        check(
            "/a/t.html\n  @quickjs FAIL 2 x \"i*\"  # idl\n  @v8 FAIL 3 x \"i*\"  # idl",
            "v8",
            &file,
            "/a/t.html\n  FAIL 2 x \"i*\"  # idl",
        );
    }

    #[test]
    fn a_change_of_the_standard_stays_noted_when_its_count_changes() {
        let file = result(FileStatus::Timeout, &[("i1", "FAIL"), ("i2", "FAIL")]);
        check(
            "/a/*\n  @v8 moved-on(https://example.org/1) FAIL 3 x \"i*\"  # new\n  @v8 TIMEOUT 4 files  # slow",
            "v8",
            &file,
            "/a/*\n  @v8 TIMEOUT 1 files  # slow\n  @v8 moved-on(https://example.org/1) FAIL 2 x \"i*\"  # new",
        );
    }

    #[test]
    fn many_failures_become_one_pattern() {
        let names: Vec<_> = (0..30).map(|n| format!("n{n}")).collect();
        let subtests: Vec<_> = names.iter().map(|name| (name.as_str(), "FAIL")).collect();
        check(
            "",
            "v8",
            &result(FileStatus::Timeout, &subtests),
            "/a/t.html\n  @v8 TIMEOUT  # FIXME: not looked into\n  @v8 FAIL 30 x \"*\"  # FIXME: not looked into",
        );
    }
}
