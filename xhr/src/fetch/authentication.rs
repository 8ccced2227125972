//! User names and passwords that servers accepted.
//!
//! Standard: <https://fetch.spec.whatwg.org/#authentication-entries>

use url::Url;

use crate::http::{basic_authorization, percent_decode};
use crate::origin::Origin;

/// Authentication entries of the Basic scheme. Holds at most 200; the oldest go first.
#[derive(Debug, Default)]
pub struct AuthenticationEntries {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    origin: Origin,
    /// The path up to its last slash: what lies below is the same protection space.
    directory: String,
    authorization: String,
}

impl AuthenticationEntries {
    const MAX_ENTRIES: usize = 200;

    /// Forgets all.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// The `Authorization` value for `url`, of the longest path that covers it.
    pub(super) fn find(&self, url: &Url) -> Option<&str> {
        let origin = Origin::of(url);
        self.entries
            .iter()
            .filter(|entry| entry.origin == origin && url.path().starts_with(&entry.directory))
            .max_by_key(|entry| entry.directory.len())
            .map(|entry| entry.authorization.as_str())
    }

    /// Remembers that the server accepted `authorization` for `url`.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#authentication-entry>, <https://www.rfc-editor.org/rfc/rfc7617#section-2.2>
    pub(super) fn create(&mut self, url: &Url, authorization: String) {
        let directory = match url.path().rfind('/') {
            Some(at) => url.path().get(..=at).unwrap_or("/"),
            None => "/",
        };
        let origin = Origin::of(url);
        self.entries
            .retain(|entry| entry.origin != origin || entry.directory != directory);
        if self.entries.len() >= Self::MAX_ENTRIES {
            self.entries.remove(0);
        }
        self.entries.push(Entry {
            origin,
            directory: directory.to_owned(),
            authorization,
        });
    }
}

/// Whether `url` includes credentials.
///
/// Standard: <https://url.spec.whatwg.org/#include-credentials>
pub(super) fn includes_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some_and(|password| !password.is_empty())
}

/// User name and password of `url` as an `Authorization` value.
pub(super) fn authorization_of(url: &Url) -> String {
    basic_authorization(
        &percent_decode(url.username()),
        &percent_decode(url.password().unwrap_or_default()),
    )
}
