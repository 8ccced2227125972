//! Options of a browser and of a page, with every limit and its default.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::authenticate::OnAuthenticate;
use crate::clock::PageTime;
use crate::events::PageEvent;
use crate::page_clock::since_1970;

/// What a page may use up before it is cut off.
///
/// Each limit ends the one thing that ran into it (a script, a response, a page), is reported as
/// [`PageEvent::Limit`] with its name, and never takes the process down.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Time one task may spend in script before the watchdog ends it. Defaults to 10 s.
    ///
    /// On Linux it is the time that the page's thread is on a processor, so that a busy machine ends no innocent script, and
    /// by the clock a task may last three times as long; elsewhere it is by the clock.
    /// The time a synchronous request waits is not counted; it is bounded by the time-out of the page's caller.
    pub script_time: Duration,
    /// Script heap in bytes. Defaults to 512 MiB.
    pub heap_bytes: usize,
    /// Nodes in all documents of a page, detached ones too. Defaults to 4,000,000.
    pub dom_nodes: usize,
    /// Bytes of one response body after content decoding. Defaults to 256 MiB.
    pub body_bytes: u64,
    /// How many times larger a decoded body may be than what came over the wire. Defaults to 1,000.
    pub decompression_ratio: u32,
    /// Bytes of one response's header section. Defaults to 256 KiB.
    pub header_bytes: u64,
    /// Redirects of one fetch. Defaults to 20, the Fetch Standard's number.
    pub redirects: u32,
    /// Requests of one page in flight at a time; more wait for their turn. Defaults to 512.
    pub requests_in_flight: usize,
    /// Connections of `WebSocket`s and `EventSource`s of one page at a time. Further ones fail. Defaults to 255, as in Chromium.
    pub open_connections: usize,
    /// Timers armed at a time by one page. Further ones are refused. Defaults to 100,000.
    pub timers: usize,
    /// Tasks of one page that wait at a time before script may queue no more: a further `postMessage()` throws QuotaExceededError. Defaults to
    /// 100,000.
    pub queued_tasks: usize,
    /// Navigations that a page may start by itself, one after the other. Defaults to 20.
    pub navigations: u32,
    /// Frames of one page at a time. Further ones stay without a window. Defaults to 1,000.
    pub frames: usize,
    /// Windows that one page may have open at a time beside its own. Further ones are not opened. Defaults to 100.
    pub windows: usize,
    /// Console lines and request records kept for [`Page::console`](crate::Page::console) and
    /// [`Page::requests`](crate::Page::requests); the oldest are dropped. Defaults to 1,000 each.
    pub log_entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            script_time: Duration::from_secs(10),
            heap_bytes: 512 << 20,
            dom_nodes: 4_000_000,
            body_bytes: 256 << 20,
            decompression_ratio: 1_000,
            header_bytes: 256 << 10,
            redirects: 20,
            requests_in_flight: 512,
            open_connections: 255,
            timers: 100_000,
            queued_tasks: 100_000,
            navigations: 20,
            frames: 1_000,
            windows: 100,
            log_entries: 1_000,
        }
    }
}

/// What becomes of a page whose task outran [`Limits::script_time`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OverrunPolicy {
    /// The task is ended and reported; the page goes on with its next task.
    #[default]
    Continue,
    /// The page runs no further script. Its document can still be read.
    Stop,
}

/// Which addresses pages may reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PrivateAddresses {
    /// A page that is itself local (loopback, a private or link-local literal address, the built-in server) may reach
    /// private addresses; a page from anywhere else may not. Checked after name resolution, when connecting.
    #[default]
    LocalPagesOnly,
    /// Every page may reach every address.
    Allow,
}

/// Options of a [`Browser`](crate::Browser), shared by its pages.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct BrowserOptions {
    /// The `User-Agent` of requests, also `navigator.userAgent`. `None` is the engine's own.
    pub user_agent: Option<String>,
    /// Headers added to every request, unless script set the same name.
    pub extra_headers: Vec<(String, String)>,
    /// A proxy such as `http://host:8080` or `socks5://host:1080`, with user name and password if need be. Defaults to none.
    ///
    /// Behind a proxy only literal addresses can be filtered, for the proxy resolves the names.
    pub proxy: Option<String>,
    /// Hosts reached without the proxy: names (their subdomains included), addresses, networks such as `10.0.0.0/8`, or `*`.
    /// Defaults to none.
    pub no_proxy: Vec<String>,
    /// Without [`proxy`](Self::proxy), takes those that the environment variables `http_proxy`, `https_proxy` and `all_proxy`
    /// name, but for loopback addresses and the hosts in `no_proxy`. Defaults to false; the command sets it.
    pub proxy_from_environment: bool,
    /// Accepts any TLS certificate. Defaults to false.
    pub accept_invalid_certificates: bool,
    /// A file of certificates in PEM form whose authorities are trusted beside the bundled ones, which are Mozilla's. Defaults
    /// to none.
    pub ca_file: Option<PathBuf>,
    /// A file with a certificate in PEM form for servers that ask for one, and the certificates that lead to its root.
    /// Defaults to none.
    pub client_certificate: Option<PathBuf>,
    /// The file with the private key of [`client_certificate`](Self::client_certificate), in PEM form, not encrypted. Defaults
    /// to the same file.
    pub client_key: Option<PathBuf>,
    /// Answers where a server wants a user name and password. Defaults to none: pages get the 401 response.
    pub on_authenticate: Option<OnAuthenticate>,
    /// Bytes of the HTTP cache in memory, which all pages share and each top-level site has a part of its own of; 0 is no
    /// cache. Defaults to 64 MiB.
    pub http_cache_bytes: Option<u64>,
    /// A folder where cached responses are kept for the next process; made if it does not exist. Takes up to 256 MiB. Defaults
    /// to none.
    pub cache_dir: Option<PathBuf>,
    /// Which addresses pages may reach.
    pub private_addresses: PrivateAddresses,
    /// A cookie file: read when the browser is made, written by [`Browser::save_cookies`](crate::Browser::save_cookies), session
    /// cookies included. In Netscape format, or as JSON (Playwright's storage state) if its name ends in `.json`. Defaults to
    /// none.
    pub cookie_file: Option<PathBuf>,
    /// Where [`Browser::save_har`](crate::Browser::save_har) writes everything that pages request, as HAR 1.2. Bodies of 256 MiB
    /// together are kept; of later ones only the sizes. Defaults to none: nothing is recorded.
    pub record_har: Option<PathBuf>,
    /// An HTTP archive (HAR) to answer from instead of the network: by method, URL and request body, several such entries one after
    /// the other, the last of them for ever. What is not in it fails. Only the server behind
    /// [`Page::open_folder`](crate::Page::open_folder) is still asked. Defaults to none.
    pub replay_har: Option<PathBuf>,
    /// Requests whose URL matches one of these globs fail; see [`RoutePattern`](crate::RoutePattern). Defaults to none.
    pub block: Vec<String>,
    /// `HOST[:PORT]=ADDRESS[:PORT]`: requests to the host are connected to the address (or another host) instead, like curl's
    /// `--connect-to`. `*` is any host, `*.example.com` any below it. The URL, `Host` and the certificate's name stay. The address
    /// filter looks at the address that is connected to. Defaults to none.
    pub map_hosts: Vec<String>,
    /// A file for `localStorage`, in the form of Playwright's storage state (its `origins`): read when the browser is made, written by
    /// [`Browser::save_local_storage`](crate::Browser::save_local_storage). Defaults to none: it is kept in memory, as long as the
    /// browser lives.
    pub local_storage_file: Option<PathBuf>,
    /// Limits of every page, unless [`PageOptions::limits`] says otherwise.
    pub limits: Limits,
}

impl BrowserOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// A function that sees what happens in a page, on the page's thread.
pub type EventCallback = Arc<dyn Fn(&PageEvent) + Send + Sync>;

/// A function that is asked whether to leave a document with this URL.
pub type OnBeforeUnload = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// Options of one [`Page`](crate::Page).
#[derive(Clone)]
#[non_exhaustive]
pub struct PageOptions {
    /// How long a call such as [`Page::goto`](crate::Page::goto) may take. Defaults to 30 s.
    pub timeout: Duration,
    /// A page counts as settled when no timer is due within this time (see
    /// [`Page::wait_until_settled`](crate::Page::wait_until_settled)). Defaults to 500 ms.
    pub settle_horizon: Duration,
    /// Whether timers cost no time: while a call waits for the page, no task waits and no request is in flight, the page's clock
    /// jumps to the next timer that the call would wait for; it stands otherwise. Pages become quick and behave alike in every run.
    /// [`Page::clock`](crate::Page::clock) can change that later. With it goes a [`Self::settle_horizon`] of seconds: waiting
    /// for late timers is free. Defaults to false.
    pub virtual_time: bool,
    /// The time of day at which the page's clock starts. Defaults to `None`, the machine's.
    pub start_time: Option<SystemTime>,
    /// Inner size of the window in CSS pixels. There is no layout, but pages ask. Defaults to 1280 x 720.
    pub viewport: (u32, u32),
    /// Limits of this page; `None` takes the browser's.
    pub limits: Option<Limits>,
    /// What becomes of a page whose script runs too long. Defaults to [`OverrunPolicy::Continue`].
    pub on_overrun: OverrunPolicy,
    /// Whether errors are reported at their place in the sources that a script names by a source map, which is fetched for that.
    /// Pages see what runs. Defaults to false; the command turns it on.
    pub source_maps: bool,
    /// Whether script may make synchronous requests, which block it; without, they throw NetworkError. Pages can forbid it too, by the
    /// `sync-xhr` feature of Permissions Policy. Defaults to true.
    pub sync_xhr: bool,
    /// Asked with the document's URL whether to leave a page that wants to be kept, by a listener of `beforeunload`; `false` keeps it, and
    /// whoever navigates gets [`LoadFailure::Kept`](crate::LoadFailure::Kept). Called on the page's thread: it must not call the page.
    /// Defaults to none: pages are left.
    pub on_before_unload: Option<OnBeforeUnload>,
    /// Called for every event of the page, on its thread: it must be quick and must not call the page. Defaults to none.
    pub on_event: Option<EventCallback>,
}

impl Default for PageOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            settle_horizon: Duration::from_millis(500),
            virtual_time: false,
            start_time: None,
            viewport: (1280, 720),
            limits: None,
            on_overrun: OverrunPolicy::default(),
            source_maps: false,
            sync_xhr: true,
            on_before_unload: None,
            on_event: None,
        }
    }
}

impl PageOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl PageOptions {
    /// The clock that a page begins with.
    pub(crate) fn page_time(&self) -> PageTime {
        let time = PageTime::new();
        if self.virtual_time || self.start_time.is_some() {
            time.set_wall_time(self.start_time.map(since_1970));
        }
        if self.virtual_time {
            time.stop();
            time.set_jumps();
        }
        time
    }
}

impl fmt::Debug for PageOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageOptions")
            .field("timeout", &self.timeout)
            .field("settle_horizon", &self.settle_horizon)
            .field("virtual_time", &self.virtual_time)
            .field("start_time", &self.start_time)
            .field("viewport", &self.viewport)
            .field("limits", &self.limits)
            .field("on_overrun", &self.on_overrun)
            .field("source_maps", &self.source_maps)
            .field("on_before_unload", &self.on_before_unload.is_some())
            .field("on_event", &self.on_event.is_some())
            .finish()
    }
}
