//! Command lines as data.

use std::ffi::OsString;
use std::time::Duration;

use readystate::cli::args::{Dump, Invocation, RunOptions, Target, parse};

use crate::support::trials;

trials!("engine::command_line":
    a_target_is_a_url_a_path_or_standard_input,
    options_may_stand_on_both_sides_of_the_target,
    repeated_options_keep_their_order,
    a_base_url_needs_standard_input,
    wrong_command_lines_are_refused,
    commands_that_do_not_exist_yet_are_unknown,
    network_options_are_named_as_in_curl,
);

fn run(arguments: &[&str]) -> Result<RunOptions, String> {
    let arguments = ["readystate", "run"]
        .iter()
        .chain(arguments)
        .map(OsString::from);
    match parse(arguments) {
        Ok(Invocation::Run(options)) => Ok(*options),
        Ok(other) => Err(format!("{other:?}")),
        Err(error) => Err(error.to_string()),
    }
}

#[track_caller]
fn accepted(arguments: &[&str]) -> RunOptions {
    run(arguments).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
}

fn a_target_is_a_url_a_path_or_standard_input() {
    assert!(matches!(
        accepted(&["https://example.com"]).target,
        Target::Url(_)
    ));
    assert!(matches!(
        accepted(&["data:text/html,x"]).target,
        Target::Url(_)
    ));
    assert!(matches!(
        accepted(&["site/index.html"]).target,
        Target::Path(_)
    ));
    assert!(matches!(accepted(&["C:\\site"]).target, Target::Path(_)));
    assert_eq!(accepted(&["-"]).target, Target::Stdin);
}

fn options_may_stand_on_both_sides_of_the_target() {
    let options = accepted(&[
        "--dump",
        "text",
        "site",
        "--timeout=250",
        "-q",
        "--max-heap",
        "64",
    ]);
    assert_eq!(options.dump, Dump::Text);
    assert_eq!(options.timeout, Duration::from_millis(250));
    assert_eq!(options.limits.heap_bytes, 64 << 20);
    assert!(options.quiet);
}

fn repeated_options_keep_their_order() {
    let options = accepted(&[
        "-", "-H", "B: 1", "--header", "A:2", "--eval", "1", "-e", "2",
    ]);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(options.headers, [pair("B", "1"), pair("A", "2")]);
    assert_eq!(options.eval, ["1", "2"]);
}

fn a_base_url_needs_standard_input() {
    accepted(&["-", "--base-url", "https://example.com/"]);
    assert!(run(&["site", "--base-url", "https://example.com/"]).is_err());
}

fn wrong_command_lines_are_refused() {
    for arguments in [
        &[][..],
        &["a", "b"],
        &["a", "--dump", "pdf"],
        &["a", "--timeout", "soon"],
        &["a", "--timeout", "-1"],
        &["a", "--header", "no colon"],
        &["a", "--max-heap", "0"],
        &["a", "--max-everything", "1"],
        &["a", "--eval"],
        &["a", "--quiet=yes"],
        &["-", "--base-url", "relative"],
    ] {
        assert!(run(arguments).is_err(), "{arguments:?}");
    }
}

fn commands_that_do_not_exist_yet_are_unknown() {
    for command in ["script", "test", ""] {
        let error = parse(["readystate", command].map(OsString::from)).expect_err(command);
        assert!(error.to_string().contains("unknown command"), "{error}");
    }
}

fn network_options_are_named_as_in_curl() {
    let options = accepted(&[
        "https://a.test/",
        "-u",
        "ada:love:lace",
        "--noproxy",
        "b.test, 10.0.0.0/8",
        "--cacert=ca.pem",
        "-E",
        "me.pem",
        "--key",
        "me.key",
        "--cache-dir",
        "cache",
    ]);
    let user = ("ada".to_owned(), "love:lace".to_owned());
    assert_eq!(options.user, Some(user));
    assert_eq!(options.no_proxy, ["b.test", "10.0.0.0/8"]);
    assert_eq!(options.ca_file, Some("ca.pem".into()));
    assert_eq!(options.client_certificate, Some("me.pem".into()));
    assert_eq!(options.client_key, Some("me.key".into()));
    assert_eq!(options.cache_dir, Some("cache".into()));
    for wrong in [
        &["https://a.test/", "--user", "ada"][..],
        &["site", "--user", "ada:x"],
        &["https://a.test/", "--key", "me.key"],
    ] {
        assert!(run(wrong).is_err(), "{wrong:?}");
    }
}
