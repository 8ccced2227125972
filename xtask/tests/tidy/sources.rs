//! Habits that a reader would have to police by hand: size, heads, words that must not appear.

use crate::tree::{SourceFile, all_files};

/// Lines a source file may have.
const HARD_LIMIT: usize = 800;
/// Files that may be longer, each with the reason.
const LONGER_FILES: [(&str, &str); 0] = [];

/// The one file that may hold `unsafe`.
const UNSAFE_FILE: &str = "js/src/backend.rs";

/// Macros for code that is not there; a missing feature is an error value.
const PLACEHOLDERS: [&str; 3] = [
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("d", "bg!("),
];

/// Attributes that make a test pass by not being one.
const EXCUSES: [&str; 2] = [concat!("#[ig", "nore"), concat!("#[should", "_panic")];

/// The folder beside the checkout that only the CI script may know of.
const SHARED_FOLDER: [&str; 2] = [concat!("work/", "shared"), concat!("../", "shared")];

/// Hosts of package registries: cargo and npm know where to fetch from, the project does not.
const REGISTRY_HOSTS: [&str; 4] = [
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("registry.", "npmjs"),
    concat!("deb.", "debian.org"),
];

fn rust_files() -> Vec<SourceFile> {
    all_files()
        .into_iter()
        .filter(|file| file.has_extension("rs"))
        .collect()
}

#[track_caller]
fn assert_none(findings: &[String], rule: &str) {
    assert!(findings.is_empty(), "{rule}:\n  {}", findings.join("\n  "));
}

#[test]
fn files_stay_below_the_hard_limit() {
    let mut findings = Vec::new();
    for file in all_files() {
        let is_source = file.has_extension("rs") || file.has_extension("js");
        let is_allowed = LONGER_FILES.iter().any(|(path, _)| *path == file.path);
        let lines = file.text.lines().count();
        if is_source && !is_allowed && lines > HARD_LIMIT {
            findings.push(format!("{} has {lines} lines", file.path));
        }
    }
    assert_none(&findings, "a file of more than 800 lines is two files");
}

#[test]
fn unsafe_code_is_in_the_backend_only() {
    let mut findings = Vec::new();
    for file in rust_files().iter().filter(|file| file.path != UNSAFE_FILE) {
        for (number, code) in file.code_lines() {
            let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
            let in_string = code.contains('"');
            if words.any(|word| word == concat!("un", "safe")) && !in_string {
                findings.push(format!("{}:{number}: {}", file.path, code.trim()));
            }
        }
    }
    assert_none(&findings, "all unsafe code lives in js/src/backend.rs");
}

#[test]
fn every_rust_file_says_what_it_is() {
    let findings: Vec<_> = rust_files()
        .into_iter()
        .filter(|file| !file.text.starts_with("//!"))
        .map(|file| file.path)
        .collect();
    assert_none(&findings, "the first line of a Rust file is a `//!` head");
}

#[test]
fn nothing_is_left_to_a_placeholder() {
    assert_none(
        &occurrences(&rust_files(), &PLACEHOLDERS),
        "a missing feature is an error value with a FIXME, never a panic",
    );
}

#[test]
fn no_test_is_excused() {
    assert_none(
        &occurrences(&rust_files(), &EXCUSES),
        "assert today's wrong answer with a FIXME instead",
    );
}

#[test]
fn only_the_ci_script_knows_the_folder_beside_the_checkout() {
    let files: Vec<_> = all_files()
        .into_iter()
        .filter(|file| file.path != ".ci/run")
        .collect();
    assert_none(
        &occurrences(&files, &SHARED_FOLDER),
        "the project must build from a clone alone",
    );
}

#[test]
fn no_file_names_a_registry_host() {
    assert_none(
        &occurrences(&all_files(), &REGISTRY_HOSTS),
        "registries are reached through their clients",
    );
}

#[test]
fn no_file_is_a_drawer() {
    let findings: Vec<_> = rust_files()
        .into_iter()
        .map(|file| file.path)
        .filter(|path| {
            let mut parts = path.split('/');
            parts.any(|part| {
                matches!(
                    part.trim_end_matches(".rs"),
                    "util" | "utils" | "helper" | "helpers" | "common" | "misc"
                )
            })
        })
        .collect();
    assert_none(&findings, "a function lives with the concept it serves");
}

#[test]
fn scripts_and_texts_have_no_trailing_blanks() {
    let mut findings = Vec::new();
    for file in all_files() {
        let is_ours = ["js", "md", "toml", "rs"]
            .iter()
            .any(|e| file.has_extension(e));
        for (index, line) in file.text.lines().enumerate() {
            if is_ours && line.ends_with([' ', '\t']) {
                findings.push(format!("{}:{}", file.path, index + 1));
            }
        }
    }
    assert_none(&findings, "no blanks at the end of a line");
}

fn occurrences(files: &[SourceFile], words: &[&str]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                findings.push(format!("{}:{}: {word}", file.path, index + 1));
            }
        }
    }
    findings
}
