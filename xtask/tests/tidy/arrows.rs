//! The arrows between the crates go one way: engine → js → dom, xhr. The manifests are read as they stand.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::root;

/// What each crate may depend on besides itself, in the folder's name.
const ARROWS: [(&str, &[&str]); 6] = [
    ("dom", &[]),
    ("xhr", &[]),
    ("js", &["dom", "xhr"]),
    ("engine", &["dom", "js", "xhr"]),
    ("tests", &["dom", "engine", "js", "xhr"]),
    ("xtask", &[]),
];

#[test]
fn crates_depend_on_each_other_only_along_the_arrows() {
    for (folder, allowed) in ARROWS {
        let allowed: BTreeSet<_> = allowed.iter().copied().collect();
        for (section, names) in dependencies(folder) {
            for name in names {
                let Some(target) = workspace_folder(&name) else {
                    continue;
                };
                assert!(
                    allowed.contains(target),
                    "{folder}/Cargo.toml [{section}]: the arrow {folder} -> {target} is an architecture change; \
                     say why in README § Architecture and here"
                );
            }
        }
    }
}

#[test]
fn only_js_names_a_javascript_engine() {
    for (folder, _) in ARROWS {
        for (section, names) in dependencies(folder) {
            for name in names.iter().filter(|name| is_engine_crate(name)) {
                assert_eq!(
                    folder, "js",
                    "{folder}/Cargo.toml [{section}] names {name}; only js may"
                );
            }
        }
    }
}

#[test]
fn xtask_has_no_dependencies() {
    assert_eq!(dependencies("xtask"), BTreeMap::new());
}

#[test]
fn every_member_has_its_arrows_declared() {
    let manifest = read_manifest("");
    let members = manifest
        .lines()
        .find_map(|line| line.strip_prefix("members = ["))
        .expect("the workspace lists its members on one line");
    let members: BTreeSet<_> = members.split('"').skip(1).step_by(2).collect();
    let declared: BTreeSet<_> = ARROWS.iter().map(|(folder, _)| *folder).collect();
    assert_eq!(members, declared);
}

fn workspace_folder(package: &str) -> Option<&'static str> {
    Some(match package {
        "readystate" => "engine",
        "readystate-dom" => "dom",
        "readystate-xhr" => "xhr",
        "readystate-js" => "js",
        "readystate-tests" => "tests",
        "xtask" => "xtask",
        _ => return None,
    })
}

fn is_engine_crate(package: &str) -> bool {
    package == "v8" || package == "v8x" || package.starts_with("deno_") || package == "serde_v8"
}

fn read_manifest(folder: &str) -> String {
    let path = root().join(folder).join("Cargo.toml");
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// The dependency sections of a manifest with the names in them.
fn dependencies(folder: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut section = String::new();
    for line in read_manifest(folder).lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']').to_owned();
            // `[dependencies.name]` is a section of its own.
            if let Some((before, name)) = section.rsplit_once('.')
                && before.ends_with("dependencies")
            {
                let names = found.entry(before.to_owned()).or_default();
                names.insert(name.trim_matches('"').to_owned());
            }
        } else if section.ends_with("dependencies")
            && let Some(name) = line.split(['.', '=', ' ']).next()
            && !name.is_empty()
            && !name.starts_with('#')
        {
            let names = found.entry(section.clone()).or_default();
            names.insert(name.trim_matches('"').to_owned());
        }
    }
    found
}
