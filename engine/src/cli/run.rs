//! `readystate run`.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use readystate_xhr::fetch::Credentials;

use super::args::{Dump, RunOptions, Target};
use super::progress::{Counts, Progress};
use super::report::{Messages, Output, exception_text};
use super::{EXIT_DONE, EXIT_LIMIT, EXIT_NOT_LOADED, EXIT_SCRIPT, EXIT_USAGE};
use crate::authenticate::OnAuthenticate;
use crate::browser::Browser;
use crate::clock::VIRTUAL_HORIZON;
use crate::config::{BrowserOptions, PageOptions, PrivateAddresses};
use crate::error::Error;
use crate::page::Page;

/// More HTML than this is not read from standard input.
const MAX_STDIN_BYTES: u64 = 256 << 20;

/// Loads the page, waits, prints; returns the exit status.
pub(super) fn run(options: &RunOptions) -> u8 {
    let messages = Messages::new(options.quiet, options.log_requests);
    let browser = match Browser::new(browser_options(options)) {
        Ok(browser) => browser,
        Err(error) => {
            Output::complain(&error.to_string());
            return EXIT_USAGE;
        }
    };
    let mut run = match Run::start(&browser, options, messages) {
        Ok(run) => run,
        Err(error) => {
            Output::complain(&error.to_string());
            return EXIT_NOT_LOADED;
        }
    };
    let code = run.all();
    let ends_quietly = run.ends_quietly();
    if ends_quietly {
        std::mem::forget(run);
    } else {
        drop(run);
    }
    for saved in [
        browser.save_har(),
        browser.save_cookies(),
        browser.save_local_storage(),
    ] {
        if let Err(error) = saved {
            Output::complain(&error.to_string());
        }
    }
    if ends_quietly {
        // OPTIMIZATION: the process is about to end; taking the engine apart first takes a tenth of a short run.
        std::mem::forget(browser);
    }
    code
}

struct Run<'a> {
    options: &'a RunOptions,
    page: Page,
    messages: Messages,
    progress: Option<Progress>,
    end: Instant,
    code: u8,
}

impl<'a> Run<'a> {
    fn start(
        browser: &Browser,
        options: &'a RunOptions,
        messages: Messages,
    ) -> Result<Self, Error> {
        let counts = Counts::default();
        let progress = Progress::start(messages.clone(), counts.clone());
        let listener = messages.clone();
        let mut page_options = PageOptions::new();
        page_options.source_maps = true;
        page_options.timeout = options.timeout;
        page_options.settle_horizon = settle_horizon(options);
        page_options.virtual_time = options.virtual_time;
        page_options.start_time = options.now;
        page_options.on_event = Some(Arc::new(move |event| {
            counts.on_event(event);
            listener.on_event(event);
        }));
        let page = browser.new_page_with(page_options)?;
        Ok(Self {
            options,
            page,
            messages,
            progress: Some(progress),
            end: Instant::now() + options.timeout,
            code: EXIT_DONE,
        })
    }

    /// Whether nobody would hear of the page's end: no recording, no open connection, nothing under way.
    fn ends_quietly(&self) -> bool {
        self.options.har.is_none()
            && !matches!(self.code, EXIT_LIMIT)
            && self
                .page
                .pending()
                .is_ok_and(|pending| pending.connections.is_empty() && pending.requests.is_empty())
    }

    fn all(&mut self) -> u8 {
        if let Err(error) = self.load() {
            let ends = !error.is_limit() || matches!(error, Error::Unresponsive { .. });
            self.fail(&error);
            if ends {
                return self.code;
            }
        } else if let Err(error) = self.wait() {
            self.fail(&error);
            if self.code == EXIT_USAGE || matches!(error, Error::Unresponsive { .. }) {
                return self.code;
            }
        }
        // What there is is printed, also when the time is over.
        self.progress = None;
        self.print();
        if self.code == EXIT_DONE && !self.page.limits_hit().is_empty() {
            self.code = EXIT_LIMIT;
        }
        if self.code == EXIT_DONE && self.options.strict && self.messages.exception_seen() {
            self.code = EXIT_SCRIPT;
        }
        self.code
    }

    fn load(&self) -> Result<(), Error> {
        let left = self.left();
        match &self.options.target {
            Target::Url(url) => self.page.goto_within(url.as_str(), left),
            Target::Path(path) => self
                .page
                .open_folder_within(path, left)
                .map_err(|error| hint_at_scheme(error, path)),
            Target::Stdin => {
                let html = read_stdin()?;
                let base_url = self.options.base_url.as_ref().map(url::Url::as_str);
                self.page.set_content_within(&html, base_url, left)
            }
        }
    }

    fn wait(&self) -> Result<(), Error> {
        if let Some(selector) = &self.options.wait_for {
            self.page.wait_for_selector_within(selector, self.left())?;
        }
        self.page
            .wait_until_settled_within(settle_horizon(self.options), self.left())
    }

    fn print(&mut self) {
        if self.options.eval.is_empty() {
            let text = match self.options.dump {
                Dump::Html => self.page.content(),
                Dump::Text => self.page.text(),
                Dump::None => return,
            };
            match text {
                Ok(text) => Output::print_line(&text),
                Err(error) => self.fail(&error),
            }
            return;
        }
        for script in &self.options.eval {
            // Even when the time is over a script that needs none may have its say.
            let left = self.left().max(Duration::from_millis(500));
            match self.page.evaluate_to_text(script, left) {
                Ok(text) => Output::print_line(&text),
                Err(error) => self.fail(&error),
            }
        }
    }

    /// Says what went wrong and keeps the first exit status that is not "done".
    fn fail(&mut self, error: &Error) {
        self.progress = None;
        match error {
            // The time left at that point is of no interest to who gave the time for everything.
            Error::Timeout {
                waiting_for,
                pending,
                ..
            } => {
                let after = self.options.timeout.as_millis();
                let lines = pending.lines();
                let what = if lines.is_empty() {
                    "nothing is pending"
                } else {
                    "still pending:"
                };
                Output::complain(&format!("timed out after {after} ms: {waiting_for}{what}"));
                for line in lines {
                    Output::complain(&format!("  {line}"));
                }
            }
            Error::Script(report) => self
                .messages
                .line(&format!("--eval: {}", exception_text(report))),
            _ => Output::complain(&error.to_string()),
        }
        if self.code == EXIT_DONE {
            self.code = exit_status(error);
        }
    }

    fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }
}

/// Timers due within this time are waited for.
fn settle_horizon(options: &RunOptions) -> Duration {
    options.settle.unwrap_or(if options.virtual_time {
        VIRTUAL_HORIZON
    } else {
        Duration::from_millis(500)
    })
}

fn exit_status(error: &Error) -> u8 {
    match error {
        Error::Limit { .. } | Error::Timeout { .. } | Error::Unresponsive { .. } => EXIT_LIMIT,
        Error::Load {
            source: crate::error::LoadFailure::Network(error),
            ..
        } if error.is_limit() => EXIT_LIMIT,
        Error::Script(_) => EXIT_SCRIPT,
        Error::InvalidSelector(_) => EXIT_USAGE,
        _ => EXIT_NOT_LOADED,
    }
}

fn browser_options(options: &RunOptions) -> BrowserOptions {
    let mut browser = BrowserOptions::new();
    browser.user_agent.clone_from(&options.user_agent);
    browser.extra_headers.clone_from(&options.headers);
    browser.proxy.clone_from(&options.proxy);
    browser.proxy_from_environment = true;
    browser.no_proxy.clone_from(&options.no_proxy);
    browser.accept_invalid_certificates = options.insecure;
    browser.ca_file.clone_from(&options.ca_file);
    browser
        .client_certificate
        .clone_from(&options.client_certificate);
    browser.client_key.clone_from(&options.client_key);
    browser.cache_dir.clone_from(&options.cache_dir);
    browser.on_authenticate = on_authenticate(options);
    browser.cookie_file.clone_from(&options.cookie_file);
    browser.record_har.clone_from(&options.har);
    browser.replay_har.clone_from(&options.replay);
    browser.block.clone_from(&options.block);
    browser.map_hosts.clone_from(&options.map);
    browser.local_storage_file.clone_from(&options.storage_file);
    browser.limits = options.limits.clone();
    if options.allow_private {
        browser.private_addresses = PrivateAddresses::Allow;
    }
    browser
}

/// Gives the name and password of `--user` to the server of the page, once.
fn on_authenticate(options: &RunOptions) -> Option<OnAuthenticate> {
    let (username, password) = options.user.clone()?;
    let origin = options.origin_of_target()?;
    Some(OnAuthenticate::new(move |challenge| {
        let is_meant = origin.same_origin_url(challenge.url) && challenge.refused == 0;
        is_meant.then(|| Credentials {
            username: username.clone(),
            password: password.clone(),
        })
    }))
}

fn read_stdin() -> Result<String, Error> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(MAX_STDIN_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|source| Error::Io {
            what: "reading standard input".to_owned(),
            source,
        })?;
    let encoding = readystate_dom::parsing::encoding::sniff(
        &bytes,
        None,
        readystate_dom::parsing::encoding::SniffKind::Html,
    );
    // A page in a file of one's own is UTF-8 unless it says otherwise.
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text
            .strip_prefix('\u{feff}')
            .map(str::to_owned)
            .unwrap_or(text),
        Err(error) => {
            readystate_dom::parsing::encoding::decode(error.as_bytes(), encoding).into_owned()
        }
    })
}

/// Someone who types `example.com` means the web.
fn hint_at_scheme(error: Error, path: &Path) -> Error {
    match error {
        Error::InvalidTarget { target, reason }
            if !path.exists() && target.contains('.') && !target.starts_with(['.', '/']) =>
        {
            Error::InvalidTarget {
                reason: format!("{reason}. A page on the web needs its scheme: https://{target}"),
                target,
            }
        }
        other => other,
    }
}
