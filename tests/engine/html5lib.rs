//! The tree construction tests of html5lib that run script; the others are tests of the crate `dom`.
//!
//! The suite lies in `html5lib-tests/` of the folder that `READYSTATE_SUITES` names, by default `target/suites`; where
//! it is not, the test says so and passes. Suite: <https://github.com/html5lib/html5lib-tests>

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use readystate::Page;

use crate::support::page::settled;
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::html5lib":
    scripts_that_run_while_the_tree_is_built,
);

/// The tree as the suite writes it.
const DUMP: &str = r##"(() => {
    const lines = [];
    const write = (node, indent) => {
        if (node.nodeType === 1) {
            lines.push(`${indent}<${node.localName}>`);
            for (const { name, value } of [...node.attributes].sort((a, b) => (a.name < b.name ? -1 : 1)))
                lines.push(`${indent}  ${name}="${value}"`);
        } else if (node.nodeType === 3) lines.push(`${indent}"${node.data}"`);
        for (const child of node.childNodes) write(child, indent + "  ");
    };
    for (const child of document.childNodes) write(child, "| ");
    return lines.join("\n");
})()"##;

fn folder() -> Option<PathBuf> {
    let root = std::env::var_os("READYSTATE_SUITES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/suites")),
        PathBuf::from,
    );
    let folder = root.join("html5lib-tests/tree-construction/scripted");
    if folder.is_dir() {
        return Some(folder);
    }
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED: the suite html5lib-tests is not in {}",
        root.display()
    );
    None
}

/// The cases of a file: input and tree.
fn cases(path: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(path).expect("the suite's files are text");
    text.split("#data\n")
        .filter_map(|case| {
            let (data, rest) = case.split_once("\n#errors")?;
            let (_, document) = rest.split_once("#document\n")?;
            Some((data.to_owned(), document.trim_end().to_owned()))
        })
        .collect()
}

fn scripts_that_run_while_the_tree_is_built() {
    let Some(folder) = folder() else {
        return;
    };
    let mut ran = 0;
    for name in ["adoption01.dat", "ark.dat", "webkit01.dat"] {
        for (data, expected) in cases(&folder.join(name)) {
            let html = data.clone();
            let server =
                Server::start(move |_, connection| connection.answer("text/html", html.clone()));
            let page: Page = settled(&server.url("/"));
            match page.evaluate_to_text(DUMP, Duration::from_secs(20)) {
                Ok(actual) => assert_eq!(actual, expected, "{name}: {data}"),
                Err(error) => panic!("{name}: {data}: {error}"),
            }
            ran += 1;
        }
    }
    assert_eq!(ran, 4);
}
