//! Import maps as pure code: parsing, resolving, merging.

use readystate::modules::import_map::{ImportMap, ImportMapError, ResolvedModules};
use url::Url;

use crate::support::trials;

trials!("engine::import_maps":
    bare_specifiers_lead_where_the_map_says,
    the_longest_folder_wins,
    a_null_entry_blocks,
    an_address_does_not_leave_its_folder,
    scopes_are_looked_at_by_the_importing_script,
    urls_of_schemes_that_are_not_special_match_whole_only,
    what_is_no_object_is_a_type_error,
    what_is_no_json_is_a_syntax_error,
    entries_that_cannot_be_used_block_and_warn,
    a_later_map_adds_and_never_changes,
    integrity_is_by_url,
);

const BASE: &str = "https://example.com/app/index.html";

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL of the test")
}

#[track_caller]
fn map(text: &str) -> ImportMap {
    ImportMap::parse(text, &url(BASE)).expect("a map").0
}

/// Checks where specifiers lead, "none" for those that lead nowhere.
#[track_caller]
fn check(map: &ImportMap, importer: &str, expected: &[(&str, &str)]) {
    let mut resolved = ResolvedModules::default();
    for (specifier, address) in expected {
        let found = map.resolve(specifier, &url(importer), &mut resolved);
        let found = found.map_or_else(|_| "none".to_owned(), String::from);
        assert_eq!(found, *address, "{specifier} from {importer}");
    }
}

fn bare_specifiers_lead_where_the_map_says() {
    let map = map(
        r#"{"imports": {"a": "./a.mjs", "b": "/b.mjs", "c": "https://other.example/c.mjs",
        "https://example.com/app/d.mjs": "./e.mjs"}}"#,
    );
    check(
        &map,
        "https://example.com/deep/er.mjs",
        &[
            ("a", "https://example.com/app/a.mjs"),
            ("b", "https://example.com/b.mjs"),
            ("c", "https://other.example/c.mjs"),
            ("../app/d.mjs", "https://example.com/app/e.mjs"),
            ("./x.mjs", "https://example.com/deep/x.mjs"),
            ("unknown", "none"),
            ("a/b", "none"),
            ("", "none"),
        ],
    );
}

fn the_longest_folder_wins() {
    let map = map(r#"{"imports": {"a": "/1", "a/": "/2/", "a/b": "/3", "a/b/": "/4/"}}"#);
    check(
        &map,
        BASE,
        &[
            ("a", "https://example.com/1"),
            ("a/x", "https://example.com/2/x"),
            ("a/b", "https://example.com/3"),
            ("a/b/c/d", "https://example.com/4/c/d"),
        ],
    );
}

fn a_null_entry_blocks() {
    let map = map(r#"{"imports": {"a": null, "b/": "/b/", "b/secret/": null, "/c.mjs": null}}"#);
    check(
        &map,
        BASE,
        &[
            ("a", "none"),
            ("b/x", "https://example.com/b/x"),
            ("b/secret/x", "none"),
            ("/c.mjs", "none"),
        ],
    );
}

fn an_address_does_not_leave_its_folder() {
    let map = map(r#"{"imports": {"a/": "/deep/er/"}}"#);
    check(
        &map,
        BASE,
        &[
            ("a/../er/x", "https://example.com/deep/er/x"),
            ("a/../x", "none"),
            ("a//other.example/x", "none"),
        ],
    );
}

fn scopes_are_looked_at_by_the_importing_script() {
    let map = map(r#"{"imports": {"a": "/top", "b": "/b"},
        "scopes": {"/x/": {"a": "/of-x"}, "/x/y/": {"a": "/of-y"}, "/only.mjs": {"a": "/of-only"}}}"#);
    check(
        &map,
        "https://example.com/1.mjs",
        &[("a", "https://example.com/top")],
    );
    check(
        &map,
        "https://example.com/x/1.mjs",
        &[
            ("a", "https://example.com/of-x"),
            ("b", "https://example.com/b"),
        ],
    );
    check(
        &map,
        "https://example.com/x/y/z/1.mjs",
        &[("a", "https://example.com/of-y")],
    );
    check(
        &map,
        "https://example.com/only.mjs",
        &[("a", "https://example.com/of-only")],
    );
    check(
        &map,
        "https://example.com/only.mjs.x",
        &[("a", "https://example.com/top")],
    );
}

fn urls_of_schemes_that_are_not_special_match_whole_only() {
    let map = map(r#"{"imports": {"data:text/": "/data/", "data:text/javascript,1": "/one"}}"#);
    check(
        &map,
        BASE,
        &[
            ("data:text/javascript,1", "https://example.com/one"),
            ("data:text/javascript,2", "data:text/javascript,2"),
        ],
    );
}

fn what_is_no_object_is_a_type_error() {
    for text in [
        "[]",
        "1",
        r#"{"imports": []}"#,
        r#"{"scopes": 1}"#,
        r#"{"scopes": {"/": 1}}"#,
        r#"{"integrity": "x"}"#,
    ] {
        let outcome = ImportMap::parse(text, &url(BASE));
        assert!(
            matches!(outcome, Err(ImportMapError::Type(_))),
            "{text}: {outcome:?}"
        );
    }
}

fn what_is_no_json_is_a_syntax_error() {
    for text in ["", "{", "{'imports': {}}", "// nothing"] {
        let outcome = ImportMap::parse(text, &url(BASE));
        assert!(
            matches!(outcome, Err(ImportMapError::Syntax(_))),
            "{text}: {outcome:?}"
        );
    }
}

fn entries_that_cannot_be_used_block_and_warn() {
    let (map, warnings) = ImportMap::parse(
        r#"{"imports": {"a": 1, "b": "bare", "c/": "/no-slash", "": "/x"}, "other": 1}"#,
        &url(BASE),
    )
    .expect("a map");
    assert_eq!(warnings.len(), 5, "{warnings:?}");
    check(&map, BASE, &[("a", "none"), ("b", "none"), ("c/x", "none")]);
}

fn a_later_map_adds_and_never_changes() {
    let mut first = map(r#"{"imports": {"a": "/a1"}, "scopes": {"/s/": {"a": "/s1"}}}"#);
    let mut resolved = ResolvedModules::default();
    for specifier in ["a", "./seen.mjs"] {
        first
            .resolve(specifier, &url(BASE), &mut resolved)
            .expect("it resolves");
    }
    first.merge(
        map(
            r#"{"imports": {"a": "/a2", "a/": "/a3/", "b": "/b2", "./seen.mjs": "/no", "./new.mjs": "/yes"},
                "scopes": {"/s/": {"a": "/s2", "c": "/c2"}, "/app/": {"a": "/a4", "d": "/d4"}}}"#,
        ),
        &resolved,
    );
    check(
        &first,
        BASE,
        &[
            ("a", "https://example.com/a1"),
            // It begins as what was resolved.
            ("a/x", "none"),
            ("b", "https://example.com/b2"),
            ("./seen.mjs", "https://example.com/app/seen.mjs"),
            ("./new.mjs", "https://example.com/yes"),
            ("d", "https://example.com/d4"),
        ],
    );
    check(
        &first,
        "https://example.com/s/x.mjs",
        &[
            ("a", "https://example.com/s1"),
            ("c", "https://example.com/c2"),
        ],
    );
}

fn integrity_is_by_url() {
    let mut map = map(r#"{"integrity": {"./a.mjs": "sha256-x", "bare": "sha256-y"}}"#);
    let at = |map: &ImportMap, path: &str| {
        map.integrity_of(&url(&format!("https://example.com/app/{path}")))
            .map(str::to_owned)
    };
    assert_eq!(at(&map, "a.mjs").as_deref(), Some("sha256-x"));
    assert_eq!(at(&map, "bare"), None);
    let later = ImportMap::parse(
        r#"{"integrity": {"./a.mjs": "sha256-later", "./b.mjs": "sha256-b"}}"#,
        &url(BASE),
    );
    map.merge(later.expect("a map").0, &ResolvedModules::default());
    assert_eq!(at(&map, "a.mjs").as_deref(), Some("sha256-x"));
    assert_eq!(at(&map, "b.mjs").as_deref(), Some("sha256-b"));
}
