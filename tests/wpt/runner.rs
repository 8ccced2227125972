//! `wpt-runner`: web-platform-tests in child processes, compared with the expectations beside this file.
//!
//! Started by `cargo xtask wpt`. One test is one process of `readystate run`, so that a crash or a hang of one never
//! stops the run. Which files are tests, and with which time-out, is read from the manifest that `wpt manifest`
//! makes; tests for workers and HTTP/2 are left out. Those over HTTPS are a run of their own, `--https`, with expectations of their own
//! in `expectations/https`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool speaks on its own stdout and stderr"
)]

mod comparison;
mod expectations;
mod job;
mod manifest;
mod report;
mod server;
mod update;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

use comparison::Comparison;
use expectations::Expectations;
use job::{Browser, FileResult};
use manifest::{Scheme, TestFile};

/// What goes wrong in the runner itself, as one sentence.
type Failure = String;

/// The command line.
#[derive(Debug)]
struct Options {
    binary: PathBuf,
    engine: String,
    expectations: PathBuf,
    cache: PathBuf,
    root: PathBuf,
    server: Option<String>,
    authority: Option<PathBuf>,
    scheme: Scheme,
    json: Option<PathBuf>,
    jobs: usize,
    update: bool,
    rebuild_manifest: bool,
    paths: Vec<String>,
}

fn main() -> ExitCode {
    match Options::parse(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("wpt: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Runs the selected tests; whether all came out as expected.
fn run(options: &Options) -> Result<bool, Failure> {
    let manifest = manifest::load(
        &options.root,
        &options.cache,
        options.rebuild_manifest,
        options.scheme,
    )?;
    let selected = manifest::select(&manifest, &options.paths)?;
    let own_server = match options.server {
        Some(_) => None,
        None => Some(server::Server::start(&options.root, &options.cache)?),
    };
    let base = options
        .server
        .as_deref()
        .unwrap_or(server::address(options.scheme));
    let made_for_the_run = own_server.as_ref().and_then(|server| server.authority());
    let browser = Browser {
        binary: options.binary.clone(),
        base: base.trim_end_matches('/').to_owned(),
        authority: options.authority.clone().or(made_for_the_run),
    };
    let mut results = job::run_all(&browser, &selected, options.jobs);
    let mut directories = load_expectations(options, &manifest, &selected)?;
    retry_unexpected(&browser, options, &directories, &mut results);
    if options.update {
        for directory in &mut directories {
            let here = in_directory(&results, &directory.name);
            update::update(&mut directory.expectations, &here, &options.engine);
            directory.expectations.write(&directory.path)?;
        }
    }
    drop(own_server);
    let comparison = compare_all(options, &directories, &results);
    report::print(&results, &comparison);
    if let Some(path) = &options.json {
        report::write_json(path, &options.engine, &results, &comparison)?;
    }
    Ok(comparison.unexpected.is_empty())
}

/// A directory of tests with its expectation file.
struct Directory {
    name: String,
    path: PathBuf,
    expectations: Expectations,
    /// Whether every test of the directory is part of this run, so that counts over name patterns mean something.
    is_complete: bool,
}

fn in_directory<'a>(
    results: &'a BTreeMap<String, FileResult>,
    name: &str,
) -> BTreeMap<&'a str, &'a FileResult> {
    let here = results
        .iter()
        .filter(|(path, _)| manifest::directory(path) == name);
    here.map(|(path, result)| (path.as_str(), result)).collect()
}

fn load_expectations(
    options: &Options,
    all: &[TestFile],
    selected: &[TestFile],
) -> Result<Vec<Directory>, Failure> {
    let count_in = |tests: &[TestFile], name: &str| {
        tests
            .iter()
            .filter(|test| manifest::directory(&test.path) == name)
            .count()
    };
    let names: BTreeSet<_> = selected
        .iter()
        .map(|test| manifest::directory(&test.path))
        .collect();
    let load = |name: &str| {
        let path = options
            .expectations
            .join(format!("{}.txt", name.trim_start_matches('/')));
        Ok(Directory {
            name: name.to_owned(),
            expectations: Expectations::read(&path, name)?,
            path,
            is_complete: count_in(all, name) == count_in(selected, name),
        })
    };
    names.into_iter().map(load).collect()
}

fn compare_all(
    options: &Options,
    directories: &[Directory],
    results: &BTreeMap<String, FileResult>,
) -> Comparison {
    let mut all = Comparison::default();
    for directory in directories {
        let results = in_directory(results, &directory.name);
        let mut one = comparison::compare(
            &directory.expectations,
            &results,
            &options.engine,
            directory.is_complete,
        );
        all.unexpected.append(&mut one.unexpected);
        all.moved_on.append(&mut one.moved_on);
    }
    all
}

/// Runs the files that unexpectedly ran out of time once more, fewer at a time: a machine under load makes time-outs.
fn retry_unexpected(
    browser: &Browser,
    options: &Options,
    directories: &[Directory],
    results: &mut BTreeMap<String, FileResult>,
) {
    let comparison = compare_all(options, directories, results);
    let paths: BTreeSet<_> = comparison
        .unexpected
        .iter()
        .map(|one| one.path.as_str())
        .collect();
    let suspects: Vec<_> = paths
        .iter()
        .filter_map(|path| results.get(*path))
        .filter(|result| result.ran_out_of_time())
        .map(|result| result.test.clone())
        .collect();
    let fewer = (options.jobs / 2).max(1);
    for (path, again) in job::run_all(browser, &suspects, fewer) {
        if results
            .get(&path)
            .is_some_and(|before| again.passes() >= before.passes())
        {
            results.insert(path, again);
        }
    }
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let (mut binary, mut engine, mut expectations, mut cache) = (None, None, None, None);
        let (mut root, mut server, mut json, mut jobs) = (None, None, None, None);
        let mut authority = None;
        let (mut update, mut rebuild_manifest) = (false, false);
        let mut scheme = Scheme::Http;
        let mut paths = Vec::new();
        while let Some(argument) = arguments.next() {
            let slot = match argument.as_str() {
                "--update" => {
                    update = true;
                    continue;
                }
                "--rebuild-manifest" => {
                    rebuild_manifest = true;
                    continue;
                }
                "--https" => {
                    scheme = Scheme::Https;
                    continue;
                }
                "--binary" => &mut binary,
                "--engine" => &mut engine,
                "--expectations" => &mut expectations,
                "--cache" => &mut cache,
                "--root" => &mut root,
                "--server" => &mut server,
                "--cacert" => &mut authority,
                "--json" => &mut json,
                "--jobs" => &mut jobs,
                option if option.starts_with('-') => {
                    return Err(format!("unknown option {option}"));
                }
                _ => {
                    paths.push(argument);
                    continue;
                }
            };
            *slot = Some(
                arguments
                    .next()
                    .ok_or(format!("{argument} needs a value"))?,
            );
        }
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let jobs = match jobs {
            Some(text) => text
                .parse()
                .map_err(|_| format!("--jobs {text} is not a number"))?,
            None => cores * 2,
        };
        if paths.is_empty() {
            return Err("name at least one PATH, such as xhr or dom/nodes".to_owned());
        }
        let given = |value: Option<String>, name: &str| value.ok_or(format!("{name} is missing"));
        let mut expectations = PathBuf::from(given(expectations, "--expectations")?);
        if scheme == Scheme::Https {
            expectations.push("https");
        }
        Ok(Self {
            binary: given(binary, "--binary")?.into(),
            engine: given(engine, "--engine")?,
            expectations,
            cache: given(cache, "--cache")?.into(),
            root: given(root, "--root DIR (a checkout of web-platform-tests)")?.into(),
            server,
            authority: authority.map(PathBuf::from),
            scheme,
            json: json.map(PathBuf::from),
            jobs: jobs.max(1),
            update,
            rebuild_manifest,
            paths,
        })
    }
}
