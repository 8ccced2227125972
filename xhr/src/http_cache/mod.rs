//! The HTTP cache: a private cache, partitioned by top-level site, in memory and, if the embedder gives a
//! [`CacheStorage`], beyond it.
//!
//! What may be stored and what is fresh is decided by `http-cache-semantics`; which response is chosen, kept, merged and
//! thrown away is decided here, and what the cache modes mean by
//! [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#http-network-or-cache-fetch).
//!
//! Standard: <https://httpwg.org/specs/rfc9111.html>, <https://fetch.spec.whatwg.org/#http-cache-partitions>

mod recorder;
mod serialized;
mod stored_response;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use url::Url;

use crate::environment::AddressPolicy;
use crate::http::HeaderList;
use crate::origin::Origin;

pub(crate) use recorder::Recorder;
pub(crate) use stored_response::StoredResponse;

/// Stored responses. Bytes are counted, and those unused for longest go first.
///
/// Only GET requests are answered from it and only their responses stored; those with neither a lifetime nor a validator are
/// not, for they could never be used again but by `force-cache`. Responses of requests with credentials are kept apart from those without, and each
/// top-level site sees only what was stored for it. A response may take up an eighth of the limit.
///
/// ```
/// use readystate_xhr::http_cache::HttpCache;
/// let cache = HttpCache::new(HttpCache::DEFAULT_MAX_BYTES);
/// assert_eq!(cache.bytes(), 0);
/// ```
pub struct HttpCache {
    max_bytes: u64,
    storage: Option<Arc<dyn CacheStorage>>,
    state: Mutex<State>,
}

/// Where stored responses outlive the process. Called on the threads of fetches.
///
/// It bounds its own size, and may forget what it likes; what it gives back is checked.
pub trait CacheStorage: Send + Sync {
    /// The bytes last written for `key`; `None` if there are none.
    fn read(&self, key: &str) -> Option<Vec<u8>>;
    /// Keeps `bytes` for `key` in place of what was there.
    fn write(&self, key: &str, bytes: &[u8]);
    /// Forgets what was written for `key`.
    fn remove(&self, key: &str);
    /// Forgets everything.
    fn clear(&self);
}

/// What responses are stored under: partition, whether credentials went along, URL.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct CacheKey(String);

/// A stored response that fits a request.
pub(crate) struct Selected {
    pub(crate) response: Arc<StoredResponse>,
    pub(crate) is_fresh: bool,
}

impl HttpCache {
    /// 64 MiB.
    pub const DEFAULT_MAX_BYTES: u64 = 64 << 20;

    /// Responses of one URL that differ by what `Vary` names.
    const MAX_VARIANTS: usize = 8;

    /// An empty cache in memory that holds at most `max_bytes` bytes.
    #[must_use]
    pub fn new(max_bytes: u64) -> Self {
        Self {
            max_bytes,
            storage: None,
            state: Mutex::default(),
        }
    }

    /// A cache that holds at most `max_bytes` bytes in memory, and keeps and finds responses in `storage` too.
    #[must_use]
    pub fn with_storage(max_bytes: u64, storage: Arc<dyn CacheStorage>) -> Self {
        Self {
            storage: Some(storage),
            ..Self::new(max_bytes)
        }
    }

    /// Bytes in memory: bodies, headers, and what keeping them costs.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.lock().bytes
    }

    /// Forgets everything, in the storage too.
    pub fn clear(&self) {
        *self.lock() = State::default();
        if let Some(storage) = &self.storage {
            storage.clear();
        }
    }

    /// Bytes of the largest body that is kept.
    pub(crate) const fn max_body_bytes(&self) -> u64 {
        self.max_bytes / 8
    }

    /// The stored response that a GET with these headers selects, fresh or not.
    ///
    /// Standard: <https://httpwg.org/specs/rfc9111.html#constructing.responses.from.caches>
    pub(crate) fn select(
        &self,
        key: &CacheKey,
        headers: &HeaderList,
        policy: AddressPolicy,
        now: SystemTime,
    ) -> Option<Selected> {
        let mut state = self.lock();
        if !state.entries.contains_key(key) {
            // Read without the lock: others need not wait for a disk.
            drop(state);
            let bytes = self.storage.as_ref()?.read(&key.0)?;
            let variants = serialized::read(&key.0, &bytes)?;
            state = self.lock();
            if !state.entries.contains_key(key) {
                state.insert(key, variants, self.max_bytes);
            }
        }
        state.touch(key);
        let entry = state.entries.get(key)?;
        entry.variants.iter().find_map(|response| {
            let address = response.remote_address;
            // NOTE: a page that may not reach an address may not read what came from there earlier.
            if address.is_some_and(|address| !policy.allows(address.ip())) {
                return None;
            }
            let is_fresh = response.fits(headers, now)?;
            Some(Selected {
                response: Arc::clone(response),
                is_fresh,
            })
        })
    }

    /// Stores a response in place of those that the same request would have selected.
    ///
    /// Standard: <https://httpwg.org/specs/rfc9111.html#response.cacheability>
    pub(crate) fn store(&self, key: &CacheKey, response: Arc<StoredResponse>) {
        if response.bytes() > self.max_bytes {
            return;
        }
        let mut state = self.lock();
        let mut variants = state.take(key);
        variants.retain(|other| !other.has_same_selection(&response));
        variants.insert(0, response);
        variants.truncate(Self::MAX_VARIANTS);
        let bytes = self
            .storage
            .as_ref()
            .map(|_| serialized::write(&key.0, &variants));
        state.insert(key, variants, self.max_bytes);
        drop(state);
        if let (Some(storage), Some(bytes)) = (&self.storage, bytes) {
            storage.write(&key.0, &bytes);
        }
    }

    /// Forgets the responses stored for `key`.
    ///
    /// Standard: <https://httpwg.org/specs/rfc9111.html#invalidation>
    pub(crate) fn invalidate(&self, key: &CacheKey) {
        self.lock().take(key);
        if let Some(storage) = &self.storage {
            storage.remove(&key.0);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for HttpCache {
    /// A cache in memory of [`DEFAULT_MAX_BYTES`](Self::DEFAULT_MAX_BYTES).
    fn default() -> Self {
        Self::new(Self::DEFAULT_MAX_BYTES)
    }
}

impl fmt::Debug for HttpCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpCache")
            .field("max_bytes", &self.max_bytes)
            .field("bytes", &self.bytes())
            .finish_non_exhaustive()
    }
}

impl CacheKey {
    /// The key of `url` below the top-level origin; `None` if that is opaque, for then there is no partition to find again.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#determine-the-http-cache-partition>
    pub(crate) fn new(top_level: &Origin, with_credentials: bool, url: &Url) -> Option<Self> {
        let site = top_level.site()?;
        let credentials = if with_credentials { '+' } else { '-' };
        let mut key = format!("{site} {credentials} ");
        let url = url.as_str();
        key.push_str(url.split_once('#').map_or(url, |(before, _)| before));
        Some(Self(key))
    }
}

#[derive(Default)]
struct State {
    entries: HashMap<CacheKey, Entry>,
    /// Keys by last use, oldest first.
    order: BTreeMap<u64, CacheKey>,
    uses: u64,
    bytes: u64,
}

struct Entry {
    variants: Vec<Arc<StoredResponse>>,
    last_use: u64,
    bytes: u64,
}

impl State {
    fn touch(&mut self, key: &CacheKey) {
        if let Some(entry) = self.entries.get_mut(key) {
            self.order.remove(&entry.last_use);
            self.uses += 1;
            entry.last_use = self.uses;
            self.order.insert(self.uses, key.clone());
        }
    }

    fn take(&mut self, key: &CacheKey) -> Vec<Arc<StoredResponse>> {
        let Some(entry) = self.entries.remove(key) else {
            return Vec::new();
        };
        self.order.remove(&entry.last_use);
        self.bytes -= entry.bytes;
        entry.variants
    }

    fn insert(&mut self, key: &CacheKey, variants: Vec<Arc<StoredResponse>>, max_bytes: u64) {
        self.take(key);
        let bytes = variants
            .iter()
            .map(|response| response.bytes())
            .sum::<u64>()
            + key.0.len() as u64;
        self.uses += 1;
        self.bytes += bytes;
        self.order.insert(self.uses, key.clone());
        self.entries.insert(
            key.clone(),
            Entry {
                variants,
                last_use: self.uses,
                bytes,
            },
        );
        while self.bytes > max_bytes {
            let Some((_, oldest)) = self.order.pop_first() else {
                return;
            };
            self.take(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(path: &str) -> CacheKey {
        let url = Url::parse("https://a.test/")
            .and_then(|base| base.join(path))
            .expect("a URL");
        CacheKey::new(&Origin::of(&url), true, &url).expect("not opaque")
    }

    fn response(vary: &str, language: &str, body: usize) -> Arc<StoredResponse> {
        let request = [("Accept-Language", language)].into_iter().collect();
        let headers = [("Cache-Control", "max-age=9"), ("Vary", vary)]
            .into_iter()
            .collect();
        let recorder = StoredResponse::begin(&request, 200, b"OK", &headers, SystemTime::now())
            .expect("storable");
        Arc::new(recorder.with_body(vec![b'x'; body]))
    }

    fn body(cache: &HttpCache, path: &str, language: &str) -> Option<usize> {
        let headers = [("Accept-Language", language)].into_iter().collect();
        let selected = cache.select(
            &key(path),
            &headers,
            AddressPolicy::AllowAll,
            SystemTime::now(),
        )?;
        Some(selected.response.body.len())
    }

    #[test]
    fn the_least_recently_used_goes_first_and_bytes_are_counted() {
        let cache = HttpCache::new(4000);
        for path in ["1", "2"] {
            cache.store(&key(path), response("", "", 1000));
        }
        assert!(body(&cache, "1", "").is_some());
        cache.store(&key("3"), response("", "", 1000));
        assert!(cache.bytes() <= 4000);
        assert_eq!(body(&cache, "2", ""), None);
        assert_eq!(body(&cache, "1", ""), Some(1000));
        cache.store(&key("4"), response("", "", 5000));
        assert_eq!(body(&cache, "4", ""), None, "larger than the cache");
        cache.clear();
        assert_eq!(cache.bytes(), 0);
    }

    #[test]
    fn vary_keeps_responses_apart_and_star_fits_nothing() {
        let cache = HttpCache::default();
        cache.store(&key("x"), response("accept-language", "de", 1));
        cache.store(&key("x"), response("accept-language", "fr", 2));
        cache.store(&key("x"), response("accept-language", "de", 3));
        assert_eq!(body(&cache, "x", "de"), Some(3));
        assert_eq!(body(&cache, "x", "fr"), Some(2));
        assert_eq!(body(&cache, "x", "en"), None);
        let vary = [("Cache-Control", "max-age=9"), ("Vary", "*")];
        let headers: HeaderList = vary.into_iter().collect();
        let none = HeaderList::new();
        assert!(StoredResponse::begin(&none, 200, b"", &headers, SystemTime::now()).is_none());
    }

    #[test]
    fn sites_and_credentials_are_parts_of_the_key() {
        let url = Url::parse("https://cdn.test/a#b").expect("a URL");
        let top = |text: &str| Origin::of(&Url::parse(text).expect("a URL"));
        let key = |top_level: &str, credentials| {
            CacheKey::new(&top(top_level), credentials, &url).map(|key| key.0)
        };
        let expected = "https://a.test + https://cdn.test/a";
        assert_eq!(
            key("https://www.a.test:99/x", true).as_deref(),
            Some(expected)
        );
        assert_ne!(key("https://a.test", true), key("https://a.test", false));
        assert_ne!(key("https://a.test", true), key("http://a.test", true));
        assert_eq!(key("data:,x", true), None);
    }
}
