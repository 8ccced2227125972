//! The blob URL store.
//!
//! Standard: File API, <https://w3c.github.io/FileAPI/#url>, as of July 2026.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use url::Url;

use super::Blob;
use crate::environment::BlobUrlStore;
use crate::origin::Origin;

/// Blobs by their URLs, for one group of windows that may use each other's.
///
/// ```
/// use readystate_xhr::Origin;
/// use readystate_xhr::body::{Blob, BlobUrls};
/// use readystate_xhr::environment::BlobUrlStore;
///
/// let store = BlobUrls::default();
/// let origin = Origin::of(&"https://example.com/page".parse()?);
/// let url = store.add(1, &origin, [7; 16], Blob::new(b"hello".to_vec(), "text/plain"));
/// assert_eq!(url, "blob:https://example.com/07070707-0707-4707-8707-070707070707");
/// assert_eq!(store.resolve(&url.parse()?).map(|blob| blob.size()), Some(5));
/// # Ok::<(), url::ParseError>(())
/// ```
///
/// Standard: <https://w3c.github.io/FileAPI/#BlobURLStore>
#[derive(Default)]
pub struct BlobUrls(Mutex<HashMap<String, Entry>>);

struct Entry {
    /// Whose end is its end.
    owner: u64,
    blob: Blob,
}

impl BlobUrls {
    /// Adds an entry and gives its URL. It ends with [`Self::revoke`], or with its owner (a window's number) by
    /// [`Self::forget`]. `random` is 128 bits of which none repeat.
    ///
    /// Standard: <https://w3c.github.io/FileAPI/#add-an-entry>
    pub fn add(&self, owner: u64, origin: &Origin, random: [u8; 16], blob: Blob) -> String {
        // 2. A URL; 3. – 4. its entry.
        let url = generate_url(origin, random);
        self.lock().insert(url.clone(), Entry { owner, blob });
        url
    }

    /// Removes the entry of exactly this URL; without one, or with a fragment, nothing happens.
    ///
    /// Standard: <https://w3c.github.io/FileAPI/#dfn-revokeObjectURL>
    pub fn revoke(&self, url: &Url) {
        self.lock().remove(url.as_str());
    }

    /// Removes all entries of an owner that has ended.
    ///
    /// Standard: <https://w3c.github.io/FileAPI/#lifeTime>
    pub fn forget(&self, owner: u64) {
        self.lock().retain(|_, entry| entry.owner != owner);
    }

    /// Removes all entries.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BlobUrlStore for BlobUrls {
    /// Standard: <https://w3c.github.io/FileAPI/#blob-url-resolve>
    fn resolve(&self, url: &Url) -> Option<Blob> {
        let text = url.as_str();
        let without_fragment = text.split_once('#').map_or(text, |(before, _)| before);
        self.lock()
            .get(without_fragment)
            .map(|entry| entry.blob.clone())
    }
}

impl fmt::Debug for BlobUrls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("BlobUrls")
            .field("entries", &self.lock().len())
            .finish()
    }
}

/// `blob:`, the origin, and a version 4 UUID.
///
/// Standard: <https://w3c.github.io/FileAPI/#unicodeBlobURL>
fn generate_url(origin: &Origin, mut random: [u8; 16]) -> String {
    random[6] = random[6] & 0x0f | 0x40;
    random[8] = random[8] & 0x3f | 0x80;
    let mut url = format!("blob:{}/", origin.serialize());
    for (index, byte) in random.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            url.push('-');
        }
        url.push_str(&format!("{byte:02x}"));
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    fn add(store: &BlobUrls, owner: u64, random: u8) -> Url {
        let blob = Blob::new(vec![random], "");
        url(&store.add(owner, &Origin::Opaque(0), [random; 16], blob))
    }

    #[track_caller]
    fn check(store: &BlobUrls, url: &Url, expected: Option<u8>) {
        let found = store.resolve(url);
        assert_eq!(
            found.as_ref().map(Blob::bytes),
            expected.as_ref().map(std::slice::from_ref)
        );
    }

    #[test]
    fn a_fragment_is_ignored_when_reading_but_not_when_revoking() {
        let store = BlobUrls::default();
        let one = add(&store, 1, 1);
        assert!(one.as_str().starts_with("blob:null/"));
        let with_fragment = url(&format!("{one}#here"));
        check(&store, &with_fragment, Some(1));
        store.revoke(&with_fragment);
        check(&store, &one, Some(1));
        store.revoke(&one);
        check(&store, &one, None);
    }

    #[test]
    fn entries_end_with_their_owner() {
        let store = BlobUrls::default();
        let one = add(&store, 1, 1);
        let two = add(&store, 2, 2);
        store.forget(1);
        check(&store, &one, None);
        check(&store, &two, Some(2));
        check(&store, &url(&format!("{two}?query")), None);
    }
}
