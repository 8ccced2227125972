//! Which JavaScript engine a task uses: V8 if its static library can be had, else QuickJS.
//!
//! V8's library is a prebuilt archive. The `v8` crate's build script takes it from `RUSTY_V8_ARCHIVE`, from cargo's
//! home, or downloads it without a time-out; so this file looks in the same places first, and asks the download host
//! with a short one.

use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Failure;

/// Where the `v8` crate downloads from, unless `RUSTY_V8_MIRROR` says otherwise.
const DOWNLOAD_BASE: &str = "https://github.com/denoland/rusty_v8/releases/download";
/// How long the download host may take to answer.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

/// A JavaScript engine the workspace can be built with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Engine {
    /// V8, the engine.
    V8,
    /// QuickJS-ng behind V8's interface, the fallback.
    QuickJs,
}

impl Engine {
    /// The name of the cargo feature, of the build folder and of `READYSTATE_ENGINE`'s value.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::V8 => "v8",
            Self::QuickJs => "quickjs",
        }
    }
}

/// An engine and where it comes from.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Choice {
    /// The engine.
    pub(crate) engine: Engine,
    /// Why this one, as the end of a sentence.
    pub(crate) because: String,
}

/// What the choice depends on, gathered first so that the rule itself can be tested.
#[derive(Debug, Default)]
struct Surroundings {
    /// `READYSTATE_ENGINE`.
    wanted: Option<String>,
    /// `RUSTY_V8_ARCHIVE`.
    archive: Option<String>,
    /// Where the archive would be in cargo's home.
    cached: Option<PathBuf>,
    /// The address the `v8` crate would download.
    url: String,
}

/// Chooses the engine and says so in one line on stderr.
///
/// # Errors
/// If `READYSTATE_ENGINE` names no engine, or `RUSTY_V8_ARCHIVE` a file that is not there.
pub(crate) fn choose(root: &Path) -> Result<Choice, Failure> {
    let choice = decide(&Surroundings::read(root)?, &probe)?;
    let title = match choice.engine {
        Engine::V8 => "V8",
        Engine::QuickJs => "QuickJS",
    };
    eprintln!("xtask: JavaScript engine: {title} ({})", choice.because);
    Ok(choice)
}

impl Surroundings {
    fn read(root: &Path) -> Result<Self, Failure> {
        let version = locked_v8_version(root)?;
        let base = std::env::var("RUSTY_V8_MIRROR").unwrap_or_else(|_| DOWNLOAD_BASE.to_owned());
        let url = archive_url(&base, &version, &host_target()?);
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let cached = cargo_home().map(|home| home.join(".rusty_v8").join(cache_key(&url)));
        Ok(Self {
            wanted: variable("READYSTATE_ENGINE"),
            archive: variable("RUSTY_V8_ARCHIVE"),
            cached: cached.filter(|path| path.is_file()),
            url,
        })
    }
}

/// The rule. `probe` asks whether an address can be downloaded, and says what happened if not.
fn decide(
    surroundings: &Surroundings,
    probe: &dyn Fn(&str) -> Result<(), String>,
) -> Result<Choice, Failure> {
    let choice = |engine, because: String| Ok(Choice { engine, because });
    match surroundings.wanted.as_deref() {
        Some("v8") => return choice(Engine::V8, "READYSTATE_ENGINE=v8".to_owned()),
        Some("quickjs") => {
            return choice(Engine::QuickJs, "READYSTATE_ENGINE=quickjs".to_owned());
        }
        Some(other) => {
            return Err(format!(
                "READYSTATE_ENGINE is `{other}`; it must be v8 or quickjs"
            ));
        }
        None => {}
    }
    if let Some(archive) = &surroundings.archive {
        let is_address = archive.starts_with("http:") || archive.starts_with("https:");
        if !is_address && !Path::new(archive).is_file() {
            return Err(format!(
                "RUSTY_V8_ARCHIVE names {archive}, which is not a file"
            ));
        }
        return choice(Engine::V8, format!("RUSTY_V8_ARCHIVE={archive}"));
    }
    if let Some(cached) = &surroundings.cached {
        return choice(
            Engine::V8,
            format!("its archive is at {}", cached.display()),
        );
    }
    match probe(&surroundings.url) {
        Ok(()) => choice(
            Engine::V8,
            format!("its archive can be downloaded from {}", surroundings.url),
        ),
        Err(why) => choice(
            Engine::QuickJs,
            format!(
                "V8's archive is not in cargo's home and cannot be downloaded: {}: {why}",
                surroundings.url
            ),
        ),
    }
}

/// Asks the host of `url` for its head, with `curl` if there is one, else by a bare connection.
fn probe(url: &str) -> Result<(), String> {
    let seconds = PROBE_TIMEOUT.as_secs().to_string();
    let curl = Command::new("curl")
        .args(["--silent", "--show-error", "--fail", "--location", "--head"])
        .args(["--max-time", &seconds, "--output", "/dev/null", url])
        .stdin(Stdio::null())
        .output();
    match curl {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(said.trim().to_owned())
        }
        Err(_) => connect(url),
    }
}

fn connect(url: &str) -> Result<(), String> {
    let (host, port) = host_and_port(url).ok_or("not an http address")?;
    let addresses = (host, port)
        .to_socket_addrs()
        .map_err(|error| format!("{host}: {error}"))?;
    let mut last = format!("{host} has no address");
    for address in addresses {
        match TcpStream::connect_timeout(&address, PROBE_TIMEOUT) {
            Ok(_) => return Ok(()),
            Err(error) => last = format!("{address}: {error}"),
        }
    }
    Err(last)
}

fn host_and_port(url: &str) -> Option<(&str, u16)> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?']).next()?;
    let default = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    match authority.rsplit_once(':') {
        Some((host, port)) => Some((host, port.parse().ok()?)),
        None => Some((authority, default)),
    }
}

fn archive_url(base: &str, version: &str, target: &str) -> String {
    let (prefix, suffix) = if target.contains("windows") {
        ("", "lib")
    } else {
        ("lib", "a")
    };
    format!("{base}/v{version}/{prefix}rusty_v8_simdutf_release_{target}.{suffix}.gz")
}

/// The name the `v8` crate gives a download in cargo's home: its address with every other character than ASCII
/// letters and digits replaced.
fn cache_key(url: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    url.chars().map(keep).collect()
}

/// The version of the `v8` crate in the lock file.
fn locked_v8_version(root: &Path) -> Result<String, Failure> {
    let path = root.join("Cargo.lock");
    let lock = std::fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    package_version(&lock, "v8").ok_or_else(|| format!("{} has no package v8", path.display()))
}

fn package_version(lock: &str, name: &str) -> Option<String> {
    let mut lines = lock.lines();
    let wanted = format!("name = \"{name}\"");
    lines.find(|line| *line == wanted)?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.strip_suffix('"')?.to_owned())
}

fn host_target() -> Result<String, Failure> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .arg("-vV")
        .output()
        .map_err(|error| format!("cannot run rustc: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .ok_or_else(|| "rustc -vV names no host".to_owned())
}

fn cargo_home() -> Option<PathBuf> {
    let from_home = || std::env::home_dir().map(|home| home.join(".cargo"));
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(from_home)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unreachable_host(_: &str) -> Result<(), String> {
        Err("connection refused".to_owned())
    }

    fn must_not_ask(url: &str) -> Result<(), String> {
        panic!("asked for {url}")
    }

    #[test]
    fn an_archive_in_cargo_home_means_v8_without_asking_the_network() {
        let surroundings = Surroundings {
            cached: Some(PathBuf::from("/home/.rusty_v8/key")),
            ..Surroundings::default()
        };
        let choice = decide(&surroundings, &must_not_ask).expect("a choice");
        assert_eq!(choice.engine, Engine::V8);
        assert!(choice.because.contains("/home/.rusty_v8/key"));
    }

    #[test]
    fn a_download_host_that_refuses_means_quickjs_and_is_named() {
        let surroundings = Surroundings {
            url: "http://127.0.0.1:1/v1/x.gz".to_owned(),
            ..Surroundings::default()
        };
        let choice = decide(&surroundings, &unreachable_host).expect("a choice");
        assert_eq!(choice.engine, Engine::QuickJs);
        assert!(choice.because.contains("127.0.0.1:1") && choice.because.contains("refused"));
    }

    #[test]
    fn the_environment_overrides_everything() {
        let surroundings = Surroundings {
            wanted: Some("quickjs".to_owned()),
            cached: Some(PathBuf::from("/somewhere")),
            ..Surroundings::default()
        };
        let choice = decide(&surroundings, &must_not_ask).expect("a choice");
        assert_eq!(choice.engine, Engine::QuickJs);
    }

    #[test]
    fn an_unknown_engine_and_a_missing_archive_are_errors() {
        let wanted = Surroundings {
            wanted: Some("spidermonkey".to_owned()),
            ..Surroundings::default()
        };
        assert!(decide(&wanted, &must_not_ask).is_err());
        let archive = Surroundings {
            archive: Some("/nowhere/librusty_v8.a.gz".to_owned()),
            ..Surroundings::default()
        };
        assert!(decide(&archive, &must_not_ask).is_err());
    }

    #[test]
    fn the_probe_reports_a_closed_port() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        assert!(connect(&format!("http://127.0.0.1:{port}/x")).is_err());
        assert!(probe(&format!("http://127.0.0.1:{port}/x")).is_err());
    }

    #[test]
    fn names_follow_the_v8_crate() {
        let url = archive_url("https://host/a", "1.2.3", "x86_64-unknown-linux-gnu");
        assert_eq!(
            url,
            "https://host/a/v1.2.3/librusty_v8_simdutf_release_x86_64-unknown-linux-gnu.a.gz"
        );
        assert_eq!(cache_key("https://h/v1.a"), "https___h_v1_a");
        assert_eq!(host_and_port("https://h/x"), Some(("h", 443)));
        assert_eq!(host_and_port("http://h:81/x"), Some(("h", 81)));
        let lock = "[[package]]\nname = \"v8\"\nversion = \"1.2.3\"\n";
        assert_eq!(package_version(lock, "v8").as_deref(), Some("1.2.3"));
    }
}
