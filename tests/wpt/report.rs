//! What a run found: a table for people, JSON for programs.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::Failure;
use crate::comparison::Comparison;
use crate::job::{FileResult, FileStatus};
use crate::manifest::directory;

/// Counts over a set of files.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    files: usize,
    all_pass: usize,
    subtests: usize,
    passes: usize,
    /// Failures that today's standard asks for.
    moved_on: usize,
    timeouts: usize,
    crashes: usize,
}

impl Totals {
    fn add(&mut self, result: &FileResult, comparison: &Comparison) {
        self.files += 1;
        self.all_pass += usize::from(result.is_all_pass());
        self.subtests += result.subtests.len();
        self.passes += result.passes();
        self.moved_on += result
            .subtests
            .iter()
            .filter(|subtest| link(comparison, result, &subtest.name).is_some())
            .count();
        self.timeouts += usize::from(result.status == FileStatus::Timeout);
        self.crashes += usize::from(result.status == FileStatus::Crash);
    }

    fn row(&self, name: &str, width: usize) -> String {
        format!(
            "{name:width$}  {:>5}  {:>8}  {:>13}  {:>8}  {:>9}  {:>7}",
            self.files,
            self.all_pass,
            format!("{}/{}", self.passes, self.subtests),
            self.moved_on,
            self.timeouts,
            self.crashes
        )
    }

    fn to_json(self) -> Value {
        json!({
            "files": self.files, "files_all_pass": self.all_pass,
            "subtests": self.subtests, "subtests_pass": self.passes, "subtests_moved_on": self.moved_on,
            "timeouts": self.timeouts, "crashes": self.crashes,
        })
    }
}

/// Prints the unexpected results and a table with a row per directory.
///
/// "Moved on" are failures where the tests are older than the standard; they count towards a bar as passes do.
pub(crate) fn print(results: &BTreeMap<String, FileResult>, comparison: &Comparison) {
    for one in &comparison.unexpected {
        println!("unexpected: {}: {}", one.path, one.what);
    }
    let (by_directory, all) = totals(results, comparison);
    let width = by_directory
        .keys()
        .map(|name| name.len())
        .max()
        .unwrap_or(0)
        .max(9);
    println!(
        "{:width$}  {:>5}  {:>8}  {:>13}  {:>8}  {:>9}  {:>7}",
        "directory", "files", "all-pass", "subtests", "moved on", "time-outs", "crashes"
    );
    for (name, totals) in &by_directory {
        println!("{}", totals.row(name, width));
    }
    if by_directory.len() > 1 {
        println!("{}", all.row("all", width));
    }
    println!("{} unexpected", comparison.unexpected.len());
}

/// Writes everything to a file.
pub(crate) fn write_json(
    path: &Path,
    engine: &str,
    results: &BTreeMap<String, FileResult>,
    comparison: &Comparison,
) -> Result<(), Failure> {
    let (by_directory, all) = totals(results, comparison);
    let directories: BTreeMap<_, _> = by_directory
        .iter()
        .map(|(name, totals)| (*name, totals.to_json()))
        .collect();
    let report = json!({
        "engine": engine,
        "totals": all.to_json(),
        "directories": directories,
        "files": results.values().map(|result| file_to_json(result, comparison)).collect::<Vec<_>>(),
    });
    let text = serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?;
    std::fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn link<'a>(comparison: &'a Comparison, result: &FileResult, subtest: &str) -> Option<&'a String> {
    comparison
        .moved_on
        .get(&(result.test.path.clone(), subtest.to_owned()))
}

fn totals<'a>(
    results: &'a BTreeMap<String, FileResult>,
    comparison: &Comparison,
) -> (BTreeMap<&'a str, Totals>, Totals) {
    let mut by_directory: BTreeMap<&str, Totals> = BTreeMap::new();
    let mut all = Totals::default();
    for (path, result) in results {
        by_directory
            .entry(directory(path))
            .or_default()
            .add(result, comparison);
        all.add(result, comparison);
    }
    (by_directory, all)
}

fn file_to_json(result: &FileResult, comparison: &Comparison) -> Value {
    let subtests: Vec<_> = result
        .subtests
        .iter()
        .map(|subtest| {
            json!({
                "name": subtest.name, "status": subtest.status, "message": subtest.message,
                "moved_on": link(comparison, result, &subtest.name),
            })
        })
        .collect();
    json!({
        "path": result.test.path,
        "status": result.status.name(),
        "message": result.message,
        "milliseconds": u64::try_from(result.duration.as_millis()).unwrap_or(u64::MAX),
        "subtests": subtests,
    })
}
