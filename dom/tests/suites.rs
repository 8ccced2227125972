//! Where the public conformance suites lie, which are not part of the repository.
//!
//! The folder is named by `READYSTATE_SUITES`; without it, it is `target/suites` of the workspace. It holds `xmlconf/`
//! (the W3C XML conformance suite, with its `xmlconf.xml`) and `html5lib-tests/` (with its `tree-construction/`). Where
//! one is missing, its tests say so on the standard error output and pass.

use std::io::Write;
use std::path::PathBuf;

/// The folder of the suite `name`; `None`, with a message, if it is not there.
pub(crate) fn suite(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("READYSTATE_SUITES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/suites")),
        PathBuf::from,
    );
    let folder = root.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    say(&format!(
        "SKIPPED: the suite {name} is not in {} (READYSTATE_SUITES names another folder)",
        root.display()
    ));
    None
}

/// Writes a line that the test harness does not hold back.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
