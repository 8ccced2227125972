//! A browser: what its pages share.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use readystate_js::storage::StorageShed;
use readystate_xhr::FetchEnvironment;
use readystate_xhr::cookies::CookieJar;
use readystate_xhr::driver::Pool;
use readystate_xhr::environment::{AddressPolicy, FetchObserver, RequestInfo, RequestOutcome};
use readystate_xhr::fetch::Authenticator;
use readystate_xhr::http::HeaderList;
use readystate_xhr::http_cache::HttpCache;
use readystate_xhr::interception::Interceptor;
use readystate_xhr::recording::RecordedExchange;
use readystate_xhr::transport::ClientIdentity;
use readystate_xhr::transport::host_map::{HostMapping, InvalidMapping};
use readystate_xhr::transport::ureq::{TransportOptions, UreqTransport};
use readystate_xhr::{NetworkError, Url};

use crate::cache_directory::CacheDirectory;
use crate::config::{BrowserOptions, Limits, PageOptions};
use crate::error::Error;
use crate::events::{EventSink, PageEvent, RequestRecord};
use crate::har::{HarRecorder, HarReplay};
use crate::interception::{Glob, OwnServer, PageHook, Route, RouteId, RouteList, RoutePattern};
use crate::local_storage_file;
use crate::page::Page;
use crate::proxy_environment::ProxyEnvironment;
use crate::watchdog::Watchdog;

/// Pages with a common cookie jar, connection pool and set of options.
///
/// Pages of one browser see each other's cookies, as tabs do; pages of different browsers share nothing.
///
/// ```no_run
/// use readystate::{Browser, BrowserOptions};
///
/// let browser = Browser::new(BrowserOptions::new())?;
/// let page = browser.new_page()?;
/// page.goto("https://example.com/")?;
/// println!("{}", page.title()?);
/// # Ok::<(), readystate::Error>(())
/// ```
#[derive(Debug)]
pub struct Browser {
    shared: Arc<BrowserShared>,
}

/// How long requests that are being aborted get before an archive is written.
const HAR_PATIENCE: Duration = Duration::from_secs(1);

/// What the threads of a browser's pages share.
pub(crate) struct BrowserShared {
    pub(crate) options: BrowserOptions,
    pub(crate) pool: Pool,
    pub(crate) watchdog: Arc<Watchdog>,
    pub(crate) local_storage: StorageShed,
    base: FetchEnvironment,
    routes: RouteList,
    block: Arc<[Glob]>,
    replay: Option<Arc<HarReplay>>,
    recorder: Option<Arc<HarRecorder>>,
    next_number: AtomicU32,
}

impl Browser {
    /// Makes a browser. Reads its cookie file if it has one; a file that does not exist yet is no error.
    ///
    /// Initialises the JavaScript engine of the process: make the first browser on the main thread.
    ///
    /// # Errors
    /// [`Error::Io`] if a file cannot be read, the cache's folder cannot be made or a thread cannot be started;
    /// [`Error::InvalidTarget`] if a proxy is not a proxy's URL, a certificate or key cannot be used, an extra header is not
    /// a header, a mapping none, or the archive to replay cannot be read; [`Error::InvalidPattern`] if a pattern of what to
    /// block is none.
    pub fn new(options: BrowserOptions) -> Result<Self, Error> {
        readystate_js::init_platform();
        let mut transport = transport_options(&options)?;
        transport.host_map = host_map(&options)?;
        let transport = UreqTransport::new(transport).map_err(|error| Error::InvalidTarget {
            target: "network settings".to_owned(),
            reason: error.to_string(),
        })?;
        let mut base = FetchEnvironment::new(Arc::new(transport));
        base.http_cache = http_cache(&options)?;
        base.authenticator = options
            .on_authenticate
            .clone()
            .map(|hook| Arc::new(hook) as Arc<dyn Authenticator>);
        if let Some(user_agent) = &options.user_agent {
            base.user_agent.clone_from(user_agent);
        }
        base.extra_headers = extra_headers(&options.extra_headers)?;
        base.cookie_jar = Arc::new(Mutex::new(load_cookies(&options)?));
        let local_storage = match &options.local_storage_file {
            Some(path) => local_storage_file::load(path)?,
            None => StorageShed::default(),
        };
        let watchdog = Watchdog::start().map_err(|source| Error::Io {
            what: "starting the watchdog's thread".to_owned(),
            source,
        })?;
        let block: Result<Arc<[Glob]>, _> = options
            .block
            .iter()
            .map(|pattern| Glob::parse(pattern))
            .collect();
        Ok(Self {
            shared: Arc::new(BrowserShared {
                routes: RouteList::default(),
                block: block?,
                replay: load_replay(&options)?,
                recorder: options.record_har.is_some().then(Arc::default),
                options,
                pool: Pool::default(),
                watchdog: Arc::new(watchdog),
                local_storage,
                base,
                next_number: AtomicU32::new(1),
            }),
        })
    }

    /// Writes `localStorage` of all origins to the browser's storage file. Does nothing without one.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be written.
    pub fn save_local_storage(&self) -> Result<(), Error> {
        match &self.shared.options.local_storage_file {
            Some(path) => local_storage_file::save(path, &self.shared.local_storage),
            None => Ok(()),
        }
    }

    /// Opens a page with the default [`PageOptions`]. It shows `about:blank`.
    ///
    /// # Errors
    /// [`Error::Io`] if the system gives no thread.
    pub fn new_page(&self) -> Result<Page, Error> {
        self.new_page_with(PageOptions::default())
    }

    /// Opens a page. It shows `about:blank`.
    ///
    /// # Errors
    /// [`Error::Io`] if the system gives no thread.
    pub fn new_page_with(&self, options: PageOptions) -> Result<Page, Error> {
        Page::open(Arc::clone(&self.shared), options)
    }

    /// Has `handler` asked about requests of all pages that match `pattern`, after the pages' own routes; see
    /// [`Page::route`].
    ///
    /// # Errors
    /// [`Error::InvalidPattern`] if the pattern is none.
    pub fn route<P>(
        &self,
        pattern: P,
        handler: impl Fn(Route) + Send + Sync + 'static,
    ) -> Result<RouteId, Error>
    where
        P: TryInto<RoutePattern>,
        Error: From<P::Error>,
    {
        Ok(self.shared.routes.add(pattern.try_into()?, handler))
    }

    /// Takes a route of the browser away; `false` if it is not there any more. Requests that wait for its decision go on waiting.
    #[allow(
        clippy::must_use_candidate,
        reason = "whether the route was there is of little interest"
    )]
    pub fn unroute(&self, route: RouteId) -> bool {
        self.shared.routes.remove(route)
    }

    /// Writes what pages have requested so far to the file of [`BrowserOptions::record_har`]. Does nothing without one.
    ///
    /// A request is in it when it is over. Drop the pages first if those that are still under way shall be there too, as aborted
    /// ones: they get a second to end.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be written.
    pub fn save_har(&self) -> Result<(), Error> {
        let (Some(path), Some(recorder)) = (&self.shared.options.record_har, &self.shared.recorder)
        else {
            return Ok(());
        };
        recorder
            .write(path, HAR_PATIENCE)
            .map_err(|source| Error::Io {
                what: format!("writing {}", path.display()),
                source,
            })
    }

    /// Writes the cookies to the browser's cookie file. Does nothing without one.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be written.
    pub fn save_cookies(&self) -> Result<(), Error> {
        let Some(path) = &self.shared.options.cookie_file else {
            return Ok(());
        };
        let now = SystemTime::now();
        let mut jar = self
            .shared
            .base
            .cookie_jar
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let text = if is_json(path) {
            jar.save_json(now)
        } else {
            jar.save_netscape(now)
        };
        drop(jar);
        fs::write(path, text).map_err(|source| Error::Io {
            what: format!("writing {}", path.display()),
            source,
        })
    }
}

impl BrowserShared {
    /// The environment of a page's requests. Until a document says otherwise, private addresses are closed.
    pub(crate) fn environment(
        &self,
        limits: &Limits,
        events: &Arc<EventSink>,
        hook: &Arc<PageHook>,
    ) -> FetchEnvironment {
        let mut environment = self.base.clone();
        environment.limits.max_body_bytes = limits.body_bytes;
        environment.limits.max_decompression_ratio = u64::from(limits.decompression_ratio);
        environment.limits.max_header_bytes = limits.header_bytes;
        environment.limits.max_redirects = limits.redirects;
        environment.address_policy = AddressPolicy::DenyPrivate;
        environment.observer = Some(Arc::new(Observer {
            events: Arc::clone(events),
            recorder: self.recorder.clone(),
        }));
        environment.interceptor = Some(Arc::clone(hook) as Arc<dyn Interceptor>);
        environment
    }

    /// What decides about the requests of a page with these routes.
    pub(crate) fn hook(&self, page: RouteList, own_server: OwnServer) -> PageHook {
        PageHook {
            page,
            browser: self.routes.clone(),
            block: Arc::clone(&self.block),
            replay: self.replay.clone(),
            own_server,
        }
    }

    /// A number that no navigation had before.
    pub(crate) fn next_number(&self) -> u32 {
        self.next_number.fetch_add(1, Ordering::Relaxed)
    }
}

impl std::fmt::Debug for BrowserShared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BrowserShared")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Turns what the network tells into events of the page, and records it if that is wanted.
struct Observer {
    events: Arc<EventSink>,
    recorder: Option<Arc<HarRecorder>>,
}

impl FetchObserver for Observer {
    fn request_started(&self, request: &RequestInfo<'_>) {
        if let Some(recorder) = &self.recorder {
            recorder.started();
        }
        self.events.emit(&PageEvent::RequestStarted {
            method: request.method.to_string(),
            url: request.url.to_string(),
        });
    }

    fn request_finished(&self, request: &RequestInfo<'_>, outcome: &RequestOutcome<'_>) {
        self.events.emit(&PageEvent::RequestFinished(RequestRecord {
            method: request.method.to_string(),
            url: request.url.to_string(),
            status: outcome.status.unwrap_or(0),
            bytes: outcome.received_bytes,
            duration: outcome.duration,
            error: outcome.error.map(ToString::to_string),
            from_cache: outcome.from_cache,
        }));
    }

    fn fetch_failed(&self, url: &Url, error: &NetworkError) {
        if is_refusal(error) {
            self.events.emit(&PageEvent::RequestRefused {
                url: url.to_string(),
                reason: error.to_string(),
            });
        }
    }

    fn recorded_body_bytes(&self) -> Option<u64> {
        self.recorder.as_ref().map(|recorder| recorder.room())
    }

    fn exchange_finished(&self, exchange: RecordedExchange) {
        if let Some(recorder) = &self.recorder {
            recorder.finished(exchange);
        }
    }
}

/// Whether the error is a decision of Fetch, which no request has been reported with: made before one was sent, or on a
/// response that was fine by itself.
const fn is_refusal(error: &NetworkError) -> bool {
    matches!(
        error,
        NetworkError::BlockedPort(_)
            | NetworkError::MixedContent(_)
            | NetworkError::Cors(_)
            | NetworkError::NotSameOrigin(_)
            | NetworkError::TooManyRedirects(_)
            | NetworkError::Redirect(_)
            | NetworkError::Integrity
            | NetworkError::UnsupportedScheme(_)
            | NetworkError::Nosniff(_)
            | NetworkError::MimeTypeBlocked(_)
    )
}

fn host_map(options: &BrowserOptions) -> Result<Vec<HostMapping>, Error> {
    let parse = |text: &String| {
        text.parse()
            .map_err(|reason: InvalidMapping| Error::InvalidTarget {
                target: text.clone(),
                reason: reason.to_string(),
            })
    };
    options.map_hosts.iter().map(parse).collect()
}

fn load_replay(options: &BrowserOptions) -> Result<Option<Arc<HarReplay>>, Error> {
    let Some(path) = &options.replay_har else {
        return Ok(None);
    };
    let replay = HarReplay::load(path).map_err(|reason| Error::InvalidTarget {
        target: path.display().to_string(),
        reason,
    })?;
    Ok(Some(Arc::new(replay)))
}

fn transport_options(options: &BrowserOptions) -> Result<TransportOptions, Error> {
    let mut transport = TransportOptions {
        insecure: options.accept_invalid_certificates,
        proxy: options.proxy.clone(),
        no_proxy: options.no_proxy.clone(),
        ..TransportOptions::default()
    };
    if options.proxy.is_none() && options.proxy_from_environment {
        let environment = ProxyEnvironment::read()?;
        transport.proxy = environment.all;
        transport.http_proxy = environment.http;
        transport.https_proxy = environment.https;
        transport.no_proxy.extend(environment.no_proxy);
        // The built-in server, for one, is nowhere else.
        let loopback = ["localhost", "127.0.0.0/8", "::1"];
        transport.no_proxy.extend(loopback.map(str::to_owned));
    }
    transport.extra_roots = options.ca_file.as_deref().map(read).transpose()?;
    if let Some(certificate) = &options.client_certificate {
        let key = options.client_key.as_ref().unwrap_or(certificate);
        transport.client_identity = Some(ClientIdentity {
            certificates: read(certificate)?,
            key: read(key)?,
        });
    }
    Ok(transport)
}

fn http_cache(options: &BrowserOptions) -> Result<Option<Arc<HttpCache>>, Error> {
    let max_bytes = options
        .http_cache_bytes
        .unwrap_or(HttpCache::DEFAULT_MAX_BYTES);
    if max_bytes == 0 {
        return Ok(None);
    }
    let Some(path) = &options.cache_dir else {
        return Ok(Some(Arc::new(HttpCache::new(max_bytes))));
    };
    let directory =
        CacheDirectory::open(path, CacheDirectory::MAX_BYTES).map_err(|source| Error::Io {
            what: format!("opening the cache {}", path.display()),
            source,
        })?;
    let cache = HttpCache::with_storage(max_bytes, Arc::new(directory));
    Ok(Some(Arc::new(cache)))
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| Error::Io {
        what: format!("reading {}", path.display()),
        source,
    })
}

fn extra_headers(headers: &[(String, String)]) -> Result<HeaderList, Error> {
    let mut list = HeaderList::new();
    for (name, value) in headers {
        let is_token = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        if !is_token || value.contains(['\r', '\n', '\0']) {
            return Err(Error::InvalidTarget {
                target: format!("{name}: {value}"),
                reason: "not a header".to_owned(),
            });
        }
        list.append(name, value);
    }
    Ok(list)
}

fn is_json(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

fn load_cookies(options: &BrowserOptions) -> Result<CookieJar, Error> {
    let mut jar = CookieJar::default();
    let Some(path) = &options.cookie_file else {
        return Ok(jar);
    };
    match fs::read_to_string(path) {
        Ok(text) => {
            let now = SystemTime::now();
            let loaded = if is_json(path) {
                jar.load_json(&text, now).map_err(|error| error.to_string())
            } else {
                let loaded = jar.load_netscape(&text, now);
                loaded.map_err(|error| error.to_string())
            };
            loaded.map_err(|error| Error::Io {
                what: format!("reading {}", path.display()),
                source: std::io::Error::new(std::io::ErrorKind::InvalidData, error),
            })?;
            Ok(jar)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(jar),
        Err(source) => Err(Error::Io {
            what: format!("reading {}", path.display()),
            source,
        }),
    }
}
