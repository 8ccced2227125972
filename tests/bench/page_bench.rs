//! `page-bench`: whole pages in this engine, and with `--peers` the same pages in jsdom and Chromium, side by side.
//!
//! Started by `cargo xtask bench`. Each page is a process of its own that measures itself with `performance.now()` and
//! posts what it found; meanwhile the runner looks at the memory of the process and its children.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool speaks on its own stdout and stderr"
)]

mod engines;
mod memory;
mod server;
mod table;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use engines::Engine;
use memory::Memory;
use server::Server;
use table::Table;

/// What goes wrong in the runner itself, as one sentence.
type Failure = String;

/// The pages, in the order of the table.
const PAGES: [&str; 8] = [
    "hello", "dom", "parse", "react", "xhr", "network", "requests", "memory",
];
/// How long a page may take to report. jsdom needs minutes for the DOM's operations.
const PATIENCE: Duration = Duration::from_secs(900);
/// An engine that took longer over a page is asked once only.
const LONG: Duration = Duration::from_secs(120);
/// How often the cold start is measured; the best counts.
const COLD_STARTS: usize = 7;
/// How often each engine runs the pages of DOM operations, of React and of the network, in turn with the others; the least counts.
const DOM_ROUNDS: usize = 3;

struct Options {
    binary: PathBuf,
    engine: String,
    pages_from: PathBuf,
    cache: PathBuf,
    peers: bool,
    names: Vec<String>,
}

fn main() -> ExitCode {
    match Options::parse(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Failure> {
    let mut engines = vec![Engine::ours(&options.binary, &options.engine)];
    if options.peers {
        let peers = [
            engines::jsdom(&options.pages_from, &options.cache),
            engines::chromium(&options.cache),
        ];
        for peer in peers {
            match peer {
                Ok(engine) => engines.push(engine),
                Err(why) => eprintln!("bench: {why}"),
            }
        }
    }
    let is_wanted = |page: &str| {
        let names = &options.names;
        names.is_empty() || names.iter().any(|name| page.contains(name.as_str()))
    };
    let react = is_wanted("react").then(|| engines::react(&options.cache));
    let react = react.and_then(|found| found.inspect_err(|why| eprintln!("bench: {why}")).ok());
    let has_react = react.is_some();
    let server = Server::start(&options.pages_from, react)?;
    let mut table = Table::new(engines.iter().map(|engine| engine.name.clone()).collect());
    for page in PAGES {
        if !is_wanted(page) || (page == "react" && !has_react) {
            continue;
        }
        // The engines take turns, so that what else the machine does falls on all.
        let rounds = match page {
            "dom" | "react" | "network" => DOM_ROUNDS,
            _ => 1,
        };
        let mut is_slow = vec![false; engines.len()];
        for _ in 0..rounds {
            for (column, (engine, is_slow)) in engines.iter().zip(&mut is_slow).enumerate() {
                if *is_slow {
                    continue;
                }
                eprintln!("bench: {page} in {}", engine.name);
                let started = Instant::now();
                if let Err(why) = measure(engine, column, page, &server, &mut table) {
                    eprintln!("bench: {page} in {}: {why}", engine.name);
                }
                *is_slow = started.elapsed() > LONG;
            }
        }
    }
    print!("{table}");
    Ok(())
}

fn measure(
    engine: &Engine,
    column: usize,
    page: &str,
    server: &Server,
    table: &mut Table,
) -> Result<(), Failure> {
    let url = server.url(&format!("/{page}.html"));
    if page == "memory" {
        // What the engine takes anyway: the same page with a hundredth of the work.
        let little = run_page(engine, &format!("{url}?share=1"), server)?;
        table.set(
            "memory: private memory after a hundredth of the work, MB",
            column,
            megabytes(little.memory.private),
        );
    }
    if page == "requests" {
        let little = run_page(engine, &format!("{url}?share=10"), server)?;
        table.set(
            "requests: private memory after 1,000 of them, MB",
            column,
            megabytes(little.memory.private),
        );
    }
    let url = match engine.without {
        Some(name) => format!("{url}?without={}", name.replace(' ', "+")),
        None => url,
    };
    let mut first = run_page(engine, &url, server)?;
    if page == "hello" {
        let mut to_report = first.to_report;
        let mut to_exit = first.to_exit;
        for _ in 1..COLD_STARTS {
            let again = run_page(engine, &url, server)?;
            to_report = to_report.min(again.to_report);
            to_exit = to_exit.min(again.to_exit);
        }
        table.set(
            "process start to the page's report, ms",
            column,
            milliseconds(to_report),
        );
        if let Some(to_exit) = to_exit {
            table.set(
                "process start to its end, ms",
                column,
                milliseconds(to_exit),
            );
        }
    }
    if let Some(error) = first.report.remove("error") {
        return Err(format!("wrong results: {error}"));
    }
    for (name, value) in &first.report {
        if let Some(value) = value.as_f64() {
            table.set_least(&format!("{name}, ms"), column, value);
        }
    }
    for (name, bytes) in [
        ("private memory", first.memory.private),
        ("peak memory", first.memory.peak),
        ("PSS", first.memory.pss),
    ] {
        table.set(&format!("{page}: {name}, MB"), column, megabytes(bytes));
    }
    Ok(())
}

/// What one process gave.
struct Run {
    report: serde_json::Map<String, serde_json::Value>,
    memory: Memory,
    to_report: Duration,
    /// `None` for an engine that does not end by itself.
    to_exit: Option<Duration>,
}

fn run_page(engine: &Engine, url: &str, server: &Server) -> Result<Run, Failure> {
    let started = Instant::now();
    let mut child = Command::new(&engine.program)
        .args(&engine.arguments)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot run {}: {error}", engine.program.display()))?;
    let report = wait_for_report(&mut child, server, started);
    let to_report = started.elapsed();
    let memory = Memory::of_tree(child.id());
    let looked = Instant::now();
    server.release();
    let mut to_exit = None;
    if engine.ends_by_itself && report.is_some() {
        drop(child.wait());
        // The time it was held to look at its memory is not its own.
        to_exit = Some(to_report + looked.elapsed());
    } else {
        memory::kill_tree(&mut child);
    }
    let report = report.ok_or("no report in time")?;
    let report = serde_json::from_slice(&report).map_err(|error| format!("the report: {error}"))?;
    Ok(Run {
        report,
        memory,
        to_report,
        to_exit,
    })
}

/// The report of a page, unless its process ends without one or patience does.
fn wait_for_report(child: &mut Child, server: &Server, started: Instant) -> Option<Vec<u8>> {
    while started.elapsed() < PATIENCE {
        if let Some(report) = server.wait_for_report(Duration::from_millis(100)) {
            return Some(report);
        }
        if matches!(child.try_wait(), Ok(Some(_))) {
            return None;
        }
    }
    None
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

#[allow(
    clippy::cast_precision_loss,
    reason = "memory sizes are far below 2^52 bytes"
)]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let (mut binary, mut engine, mut pages_from, mut cache) = (None, None, None, None);
        let mut peers = false;
        let mut names = Vec::new();
        while let Some(argument) = arguments.next() {
            let slot = match argument.as_str() {
                "--peers" => {
                    peers = true;
                    continue;
                }
                "--binary" => &mut binary,
                "--engine" => &mut engine,
                "--pages-from" => &mut pages_from,
                "--cache" => &mut cache,
                option if option.starts_with('-') => {
                    return Err(format!("unknown option {option}"));
                }
                _ => {
                    names.push(argument);
                    continue;
                }
            };
            *slot = Some(
                arguments
                    .next()
                    .ok_or(format!("{argument} needs a value"))?,
            );
        }
        let given = |value: Option<String>, name: &str| value.ok_or(format!("{name} is missing"));
        let absolute = |path: String| {
            std::path::absolute(Path::new(&path)).map_err(|error| format!("{path}: {error}"))
        };
        Ok(Self {
            binary: absolute(given(binary, "--binary")?)?,
            engine: given(engine, "--engine")?,
            pages_from: absolute(given(pages_from, "--pages-from")?)?,
            cache: absolute(given(cache, "--cache")?)?,
            peers,
            names,
        })
    }
}
