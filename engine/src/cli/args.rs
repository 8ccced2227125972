//! The command line, as data.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use lexopt::prelude::*;
use readystate_xhr::Origin;
use readystate_xhr::transport::host_map::HostMapping;
use time::format_description::well_known::Rfc3339;
use url::Url;

use crate::config::Limits;
use crate::interception::RoutePattern;
use crate::proxy_environment::no_proxy_list;

/// What was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Invocation {
    /// `readystate --help`.
    Help,
    /// `readystate run --help`.
    RunHelp,
    /// `readystate --version`.
    Version,
    /// `readystate run TARGET …`.
    Run(Box<RunOptions>),
}

/// Where the page comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A URL.
    Url(Url),
    /// A file or a folder, to be served.
    Path(PathBuf),
    /// HTML on standard input.
    Stdin,
}

/// What is printed of the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dump {
    /// Its markup.
    #[default]
    Html,
    /// Its text.
    Text,
    /// Nothing.
    None,
}

/// The options of `run`.
#[derive(Clone, Debug, PartialEq)]
pub struct RunOptions {
    /// Where the page comes from.
    pub target: Target,
    /// `--base-url`.
    pub base_url: Option<Url>,
    /// `--dump`.
    pub dump: Dump,
    /// `--eval`, in order.
    pub eval: Vec<String>,
    /// `--wait-for`.
    pub wait_for: Option<String>,
    /// `--timeout`, for everything together.
    pub timeout: Duration,
    /// `--settle-ms`.
    pub settle: Option<Duration>,
    /// `--virtual-time`.
    pub virtual_time: bool,
    /// `--now`.
    pub now: Option<SystemTime>,
    /// `--user-agent`.
    pub user_agent: Option<String>,
    /// `--header`, in order.
    pub headers: Vec<(String, String)>,
    /// `--cookie-file`.
    pub cookie_file: Option<PathBuf>,
    /// `--storage-file`.
    pub storage_file: Option<PathBuf>,
    /// `--proxy`.
    pub proxy: Option<String>,
    /// `--noproxy`.
    pub no_proxy: Vec<String>,
    /// `--user`, name and password.
    pub user: Option<(String, String)>,
    /// `--cacert`.
    pub ca_file: Option<PathBuf>,
    /// `--cert`.
    pub client_certificate: Option<PathBuf>,
    /// `--key`.
    pub client_key: Option<PathBuf>,
    /// `--cache-dir`.
    pub cache_dir: Option<PathBuf>,
    /// `--insecure`.
    pub insecure: bool,
    /// `--allow-private`.
    pub allow_private: bool,
    /// `--har`.
    pub har: Option<PathBuf>,
    /// `--replay`.
    pub replay: Option<PathBuf>,
    /// `--block`, in order.
    pub block: Vec<String>,
    /// `--map`, in order.
    pub map: Vec<String>,
    /// `--quiet`.
    pub quiet: bool,
    /// `--log-requests`.
    pub log_requests: bool,
    /// `--strict`.
    pub strict: bool,
    /// The `--max-…` options.
    pub limits: Limits,
}

/// What is wrong with a command line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UsageError {
    /// An option is unknown, lacks its value or has one too many.
    #[error("{0}")]
    Option(#[from] lexopt::Error),
    /// No command was given.
    #[error("no command: try \"readystate run TARGET\"")]
    NoCommand,
    /// The command does not exist.
    #[error("unknown command {0:?}")]
    UnknownCommand(String),
    /// `run` has no target.
    #[error("run needs a TARGET: a URL, a .html file, a folder, or - for standard input")]
    NoTarget,
    /// Two options, or an option and the target, do not go together.
    #[error("{0}")]
    Conflict(&'static str),
    /// A value is not what its option wants.
    #[error("{option}: {value:?} is not {expected}")]
    Value {
        /// The option.
        option: &'static str,
        /// What was given.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
}

/// Reads a command line, the program's name first.
///
/// # Errors
/// [`UsageError`], to be shown together with a hint at `--help`.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Invocation, UsageError> {
    let mut parser = lexopt::Parser::from_iter(arguments);
    match parser.next()? {
        None => Err(UsageError::NoCommand),
        Some(Short('h') | Long("help")) => Ok(Invocation::Help),
        Some(Short('V') | Long("version")) => Ok(Invocation::Version),
        Some(Value(command)) => match command.to_str() {
            Some("run") => parse_run(parser),
            Some("help") => Ok(match parser.next()? {
                Some(Value(of)) if of == "run" => Invocation::RunHelp,
                _ => Invocation::Help,
            }),
            _ => Err(UsageError::UnknownCommand(
                command.to_string_lossy().into_owned(),
            )),
        },
        Some(other) => Err(other.unexpected().into()),
    }
}

fn parse_run(mut parser: lexopt::Parser) -> Result<Invocation, UsageError> {
    let mut target = None;
    let mut options = RunOptions::new(Target::Stdin);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Invocation::RunHelp),
            Value(value) if target.is_none() => target = Some(self::target(value)),
            Value(value) => return Err(Value(value).unexpected().into()),
            Long("base-url") => {
                options.base_url = Some(url("--base-url", &parser.value()?.string()?)?);
            }
            Long("dump") => options.dump = dump(&parser.value()?.string()?)?,
            Short('e') | Long("eval") => options.eval.push(parser.value()?.string()?),
            Long("wait-for") => options.wait_for = Some(parser.value()?.string()?),
            Long("timeout") => options.timeout = milliseconds("--timeout", &mut parser)?,
            Long("settle-ms") => {
                options.settle = Some(milliseconds("--settle-ms", &mut parser)?);
            }
            Long("virtual-time") => options.virtual_time = true,
            Long("now") => options.now = Some(time_of_day(parser.value()?.string()?)?),
            Short('A') | Long("user-agent") => {
                options.user_agent = Some(parser.value()?.string()?);
            }
            Short('H') | Long("header") => {
                options.headers.push(header(&parser.value()?.string()?)?)
            }
            Short('b') | Long("cookie-file") => options.cookie_file = Some(parser.value()?.into()),
            Long("storage-file") => options.storage_file = Some(parser.value()?.into()),
            Short('x') | Long("proxy") => options.proxy = Some(proxy(parser.value()?.string()?)?),
            Long("noproxy") => options.no_proxy = no_proxy_list(&parser.value()?.string()?),
            Short('u') | Long("user") => options.user = Some(user(&parser.value()?.string()?)?),
            Long("cacert") => options.ca_file = Some(parser.value()?.into()),
            Short('E') | Long("cert") => options.client_certificate = Some(parser.value()?.into()),
            Long("key") => options.client_key = Some(parser.value()?.into()),
            Long("cache-dir") => options.cache_dir = Some(parser.value()?.into()),
            Short('k') | Long("insecure") => options.insecure = true,
            Long("allow-private") => options.allow_private = true,
            Long("har") => options.har = Some(parser.value()?.into()),
            Long("replay") => options.replay = Some(parser.value()?.into()),
            Long("block") => options.block.push(block(parser.value()?.string()?)?),
            Long("map") => options.map.push(mapping(parser.value()?.string()?)?),
            Short('q') | Long("quiet") => options.quiet = true,
            Long("log-requests") => options.log_requests = true,
            Long("strict") => options.strict = true,
            Long(name) => {
                let name = name.to_owned();
                if !limit(&name, &mut options.limits, &mut parser)? {
                    return Err(Long(&name).unexpected().into());
                }
            }
            other => return Err(other.unexpected().into()),
        }
    }
    options.target = target.ok_or(UsageError::NoTarget)?;
    if options.base_url.is_some() && options.target != Target::Stdin {
        return Err(UsageError::Conflict(
            "--base-url goes with the target - only: any other page has a URL of its own",
        ));
    }
    if options.client_key.is_some() && options.client_certificate.is_none() {
        return Err(UsageError::Conflict(
            "--key is the key of the certificate that --cert names",
        ));
    }
    if options.user.is_some() && options.origin_of_target().is_none() {
        return Err(UsageError::Conflict(
            "--user goes with a URL: its name and password are given to that server only",
        ));
    }
    Ok(Invocation::Run(Box::new(options)))
}

impl RunOptions {
    /// The defaults.
    #[must_use]
    pub fn new(target: Target) -> Self {
        Self {
            target,
            base_url: None,
            dump: Dump::default(),
            eval: Vec::new(),
            wait_for: None,
            timeout: Duration::from_secs(30),
            settle: None,
            virtual_time: false,
            now: None,
            user_agent: None,
            headers: Vec::new(),
            cookie_file: None,
            storage_file: None,
            proxy: None,
            no_proxy: Vec::new(),
            user: None,
            ca_file: None,
            client_certificate: None,
            client_key: None,
            cache_dir: None,
            insecure: false,
            allow_private: false,
            har: None,
            replay: None,
            block: Vec::new(),
            map: Vec::new(),
            quiet: false,
            log_requests: false,
            strict: false,
            limits: Limits::default(),
        }
    }
}

impl RunOptions {
    /// The origin of the page; `None` if the page has no URL of its own.
    #[must_use]
    pub fn origin_of_target(&self) -> Option<Origin> {
        match (&self.target, &self.base_url) {
            (Target::Url(url), _) | (Target::Stdin, Some(url)) => {
                Some(Origin::of(url)).filter(|origin| !origin.is_opaque())
            }
            _ => None,
        }
    }
}

fn user(value: &str) -> Result<(String, String), UsageError> {
    match value.split_once(':') {
        Some((name, password)) => Ok((name.to_owned(), password.to_owned())),
        None => Err(UsageError::Value {
            option: "--user",
            value: value.to_owned(),
            expected: "of the form NAME:PASSWORD",
        }),
    }
}

fn target(value: OsString) -> Target {
    if value == "-" {
        return Target::Stdin;
    }
    match value.to_str().map(Url::parse) {
        // One letter is a drive on Windows, no scheme.
        Some(Ok(url)) if url.scheme().len() > 1 => Target::Url(url),
        _ => Target::Path(value.into()),
    }
}

/// Reads a `--max-…` option; `false` if there is none of that name.
fn limit(name: &str, limits: &mut Limits, parser: &mut lexopt::Parser) -> Result<bool, UsageError> {
    match name {
        "max-script-time" => {
            limits.script_time = milliseconds("--max-script-time", parser)?;
        }
        "max-heap" => limits.heap_bytes = mebibytes("--max-heap", parser)?,
        "max-body" => limits.body_bytes = mebibytes("--max-body", parser)? as u64,
        "max-nodes" => limits.dom_nodes = number("--max-nodes", parser)?,
        "max-redirects" => limits.redirects = number("--max-redirects", parser)?,
        "max-requests" => limits.requests_in_flight = number("--max-requests", parser)?,
        "max-connections" => limits.open_connections = number("--max-connections", parser)?,
        "max-windows" => limits.windows = number("--max-windows", parser)?,
        "max-frames" => limits.frames = number("--max-frames", parser)?,
        "max-tasks" => limits.queued_tasks = number("--max-tasks", parser)?,
        "max-timers" => limits.timers = number("--max-timers", parser)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn number<T: std::str::FromStr>(
    option: &'static str,
    parser: &mut lexopt::Parser,
) -> Result<T, UsageError> {
    let value = parser.value()?.string()?;
    value.parse().map_err(|_| UsageError::Value {
        option,
        value,
        expected: "a whole number",
    })
}

fn milliseconds(option: &'static str, parser: &mut lexopt::Parser) -> Result<Duration, UsageError> {
    number(option, parser).map(Duration::from_millis)
}

/// Reads the value of `--now`.
fn time_of_day(value: String) -> Result<SystemTime, UsageError> {
    let in_full = match value.len() {
        10 if value.contains('-') => format!("{value}T00:00:00Z"),
        _ => value.clone(),
    };
    let seconds = value.parse().ok().and_then(|seconds| {
        let since = Duration::try_from_secs_f64(seconds).ok()?;
        SystemTime::UNIX_EPOCH.checked_add(since)
    });
    let date = || {
        let date = time::OffsetDateTime::parse(&in_full, &Rfc3339).ok()?;
        Some(SystemTime::from(date)).filter(|time| *time >= SystemTime::UNIX_EPOCH)
    };
    seconds.or_else(date).ok_or(UsageError::Value {
        option: "--now",
        value,
        expected: "a time since 1970, such as 2026-01-31, 2026-01-31T12:00:00Z or seconds",
    })
}

fn mebibytes(option: &'static str, parser: &mut lexopt::Parser) -> Result<usize, UsageError> {
    let count: usize = number(option, parser)?;
    count
        .checked_mul(1 << 20)
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| UsageError::Value {
            option,
            value: count.to_string(),
            expected: "a number of MiB",
        })
}

fn dump(value: &str) -> Result<Dump, UsageError> {
    match value {
        "html" => Ok(Dump::Html),
        "text" => Ok(Dump::Text),
        "none" => Ok(Dump::None),
        _ => Err(UsageError::Value {
            option: "--dump",
            value: value.to_owned(),
            expected: "html, text or none",
        }),
    }
}

fn header(value: &str) -> Result<(String, String), UsageError> {
    match value.split_once(':') {
        Some((name, rest)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), rest.trim().to_owned()))
        }
        _ => Err(UsageError::Value {
            option: "--header",
            value: value.to_owned(),
            expected: "of the form 'Name: value'",
        }),
    }
}

fn block(value: String) -> Result<String, UsageError> {
    if RoutePattern::glob(&value).is_ok() {
        return Ok(value);
    }
    Err(UsageError::Value {
        option: "--block",
        value,
        expected: "a pattern for URLs, such as '**/ads/**'",
    })
}

fn mapping(value: String) -> Result<String, UsageError> {
    if value.parse::<HostMapping>().is_ok() {
        return Ok(value);
    }
    Err(UsageError::Value {
        option: "--map",
        value,
        expected: "of the form HOST[:PORT]=ADDRESS[:PORT]",
    })
}

fn proxy(value: String) -> Result<String, UsageError> {
    let is_proxy = Url::parse(&value).is_ok_and(|url| {
        url.has_host()
            && matches!(
                url.scheme(),
                "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h" | "socks"
            )
    });
    if is_proxy {
        Ok(value)
    } else {
        Err(UsageError::Value {
            option: "--proxy",
            value,
            expected: "a proxy's URL, such as http://host:8080 or socks5://host:1080",
        })
    }
}

fn url(option: &'static str, value: &str) -> Result<Url, UsageError> {
    Url::parse(value).map_err(|_| UsageError::Value {
        option,
        value: value.to_owned(),
        expected: "an absolute URL",
    })
}
