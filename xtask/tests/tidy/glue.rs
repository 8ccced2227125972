//! The two halves of the surface between glue and Rust fit: every op that is declared is called, and every op that is called is
//! declared. A debug build reads the glue from disk, so that no compiler would say so.

use std::collections::BTreeSet;

use crate::tree::{SourceFile, all_files};

/// The names of ops that follow `before` in the code of these files.
fn ops_after<'f>(files: impl Iterator<Item = &'f SourceFile>, before: &str) -> BTreeSet<String> {
    let key = format!("{before}op_");
    let mut found = BTreeSet::new();
    for file in files {
        for (_, line) in file.code_lines() {
            for (at, _) in line.match_indices(&key) {
                let name = line[at + before.len()..].chars();
                found.insert(
                    name.take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
                        .collect(),
                );
            }
        }
    }
    found
}

#[test]
fn ops_are_declared_and_called() {
    let files = all_files();
    let below = |folder: &'static str, extension: &'static str| {
        let all = files.iter();
        all.filter(move |file| file.path.starts_with(folder) && file.has_extension(extension))
    };
    let declared = ops_after(below("js/src/", "rs"), "fn ");
    // Macros declare some.
    let mentioned = ops_after(below("js/src/", "rs"), "");
    let called = ops_after(below("js/web/", "js"), "ops.");
    let named = ops_after(below("js/web/", "js"), "");
    assert!(declared.len() > 100, "the declarations are not found");
    let unknown: Vec<_> = called.difference(&mentioned).collect();
    assert!(
        unknown.is_empty(),
        "called by the glue, not declared: {unknown:?}"
    );
    let idle: Vec<_> = declared.difference(&named).collect();
    assert!(idle.is_empty(), "declared, called by nobody: {idle:?}");
}

#[test]
fn no_merge_is_left_half_done() {
    for file in all_files() {
        for (index, line) in file.text.lines().enumerate() {
            let is_mark = ["<<<<<<< ", ">>>>>>> "]
                .iter()
                .any(|mark| line.starts_with(mark));
            assert!(!is_mark, "{}:{}: the mark of a merge", file.path, index + 1);
        }
    }
}
