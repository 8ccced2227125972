//! Authentication: challenges answered, and user names and passwords that servers accepted.
//!
//! Standard: <https://fetch.spec.whatwg.org/#authentication-entries>

use std::fmt;
use std::sync::PoisonError;

use ring::rand::{SecureRandom, SystemRandom};
use url::Url;

use super::FetchParams;
use crate::http::challenge::Challenge;
use crate::http::digest::{DigestChallenge, hex};
use crate::http::{HeaderList, Method, basic_authorization, percent_decode};
use crate::origin::Origin;

/// Asked for a user name and password, as a browser asks its user.
pub trait Authenticator: Send + Sync {
    /// The answer to `challenge`; `None` to let the page have the 401 response.
    ///
    /// Called on the thread of the fetch, and again if the server does not accept the answer, up to three times.
    fn credentials(&self, challenge: &AuthenticationChallenge<'_>) -> Option<Credentials>;
}

/// Who wants a user name and password.
#[derive(Clone, Copy, Debug)]
pub struct AuthenticationChallenge<'a> {
    /// The URL asked for. It may be one of another origin than the page's.
    pub url: &'a Url,
    /// `basic` or `digest`.
    pub scheme: &'a str,
    /// The name that the server gives to what it protects; may be empty.
    pub realm: &'a str,
    /// How many answers the server has refused already.
    pub refused: u32,
}

/// A user name and a password.
#[derive(Clone, Eq, PartialEq)]
pub struct Credentials {
    /// The user name. Must not hold a colon for the Basic scheme.
    pub username: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The password does not go into logs.
        formatter
            .debug_struct("Credentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// How often the [`Authenticator`] is asked for one request.
const MAX_PROMPTS: u32 = 3;

/// Requests made for one fetch in all because of challenges; beyond it the 401 is the response.
const MAX_ATTEMPTS: u32 = 5;

/// Authentication entries. Holds at most 200; the oldest go first.
#[derive(Debug, Default)]
pub struct AuthenticationEntries {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    origin: Origin,
    /// The path up to its last slash: what lies below is the same protection space. `/` for Digest.
    directory: String,
    scheme: Scheme,
    credentials: Credentials,
    /// How often the nonce has been used.
    count: u32,
}

/// A challenge that can be answered.
#[derive(Clone, Debug)]
enum Scheme {
    Basic { realm: String },
    Digest(DigestChallenge),
}

/// An answer to a challenge.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    scheme: Scheme,
    credentials: Credentials,
    /// How many answers of the authenticator have been tried, this one included.
    prompts: u32,
    number: u32,
}

impl AuthenticationEntries {
    const MAX_ENTRIES: usize = 200;

    /// Forgets all.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// The `Authorization` value for a request of `url`, of the longest path that covers it, if its user name and password
    /// are those `wanted`.
    pub(super) fn authorization(
        &mut self,
        method: &Method,
        url: &Url,
        wanted: Option<&Credentials>,
    ) -> Option<String> {
        let entry = self.find(url)?;
        if wanted.is_some_and(|wanted| *wanted != entry.credentials) {
            return None;
        }
        entry.count = entry.count.saturating_add(1);
        let (scheme, credentials) = (&entry.scheme, &entry.credentials);
        Some(scheme.authorization(credentials, method, url, entry.count))
    }

    /// Remembers that the server accepted `attempt` for `url`.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#authentication-entry>, <https://www.rfc-editor.org/rfc/rfc7617#section-2.2>,
    /// <https://www.rfc-editor.org/rfc/rfc7616#section-3.3>
    pub(super) fn create(&mut self, url: &Url, attempt: Attempt) {
        // NOTE: a Digest challenge's domain parameter is not looked at: the space is the whole server, as without one.
        let directory = match (&attempt.scheme, url.path().rfind('/')) {
            (Scheme::Basic { .. }, Some(at)) => url.path().get(..=at).unwrap_or("/"),
            _ => "/",
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
            scheme: attempt.scheme,
            credentials: attempt.credentials,
            count: 1,
        });
    }

    /// Forgets the entry for `url`: the server does not accept it any more.
    pub(super) fn forget(&mut self, url: &Url) {
        let Some(entry) = self.find(url) else {
            return;
        };
        let (origin, directory) = (entry.origin.clone(), entry.directory.clone());
        self.entries
            .retain(|entry| entry.origin != origin || entry.directory != directory);
    }

    fn find(&mut self, url: &Url) -> Option<&mut Entry> {
        let origin = Origin::of(url);
        self.entries
            .iter_mut()
            .filter(|entry| entry.origin == origin && url.path().starts_with(&entry.directory))
            .max_by_key(|entry| entry.directory.len())
    }
}

impl Scheme {
    /// The strongest of the challenges that can be answered. Without the header Basic is assumed.
    fn choose(headers: &HeaderList) -> Option<Self> {
        if !headers.contains("www-authenticate") {
            let realm = String::new();
            return Some(Self::Basic { realm });
        }
        let challenges = Challenge::parse_all(headers, "www-authenticate");
        let digest = challenges
            .iter()
            .filter_map(DigestChallenge::of)
            .max_by_key(DigestChallenge::algorithm);
        if let Some(digest) = digest {
            return Some(Self::Digest(digest));
        }
        let basic = challenges.iter().find(|one| one.scheme == "basic")?;
        let realm = basic.parameter("realm").unwrap_or_default().to_owned();
        Some(Self::Basic { realm })
    }

    fn realm(&self) -> &str {
        match self {
            Self::Basic { realm } => realm,
            Self::Digest(challenge) => &challenge.realm,
        }
    }

    const fn is_stale(&self) -> bool {
        matches!(self, Self::Digest(challenge) if challenge.is_stale)
    }

    fn authorization(
        &self,
        credentials: &Credentials,
        method: &Method,
        url: &Url,
        count: u32,
    ) -> String {
        let Credentials { username, password } = credentials;
        match self {
            Self::Basic { .. } => basic_authorization(username, password),
            Self::Digest(challenge) => {
                let mut target = url.path().to_owned();
                if let Some(query) = url.query() {
                    target.push('?');
                    target.push_str(query);
                }
                challenge.authorization(
                    username,
                    password,
                    method.as_str(),
                    &target,
                    count,
                    &client_nonce(),
                )
            }
        }
    }
}

impl Attempt {
    /// The `Authorization` value for a request of `url`.
    pub(super) fn authorization(&self, method: &Method, url: &Url) -> String {
        self.scheme.authorization(&self.credentials, method, url, 1)
    }
}

/// The next answer to the challenge of a 401 with these headers; `None` if there is none to try.
///
/// Standard: step 15 of <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch>
pub(super) fn next_attempt(
    params: &FetchParams<'_>,
    headers: &HeaderList,
    last: Option<&Attempt>,
) -> Option<Attempt> {
    let request = &params.request;
    let url = request.current_url();
    let number = last.map_or(0, |last| last.number) + 1;
    if number > MAX_ATTEMPTS {
        return None;
    }
    let prompts = last.map_or(0, |last| last.prompts);
    let scheme = Scheme::choose(headers)?;
    let attempt = |credentials, prompts| Attempt {
        scheme: scheme.clone(),
        credentials,
        prompts,
        number,
    };
    // A nonce that was too old says nothing against who used it.
    if scheme.is_stale() {
        let used = match last {
            Some(last) => Some(last.credentials.clone()),
            None => {
                let mut entries = params
                    .environment
                    .authentication_entries
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                entries.find(url).map(|entry| entry.credentials.clone())
            }
        };
        if let Some(credentials) = used {
            return Some(attempt(credentials, prompts));
        }
    }
    // 15.3. The URL's own are tried once, then the user is asked.
    if last.is_none() && includes_credentials(url) {
        return Some(attempt(url_credentials(url), prompts));
    }
    if prompts >= MAX_PROMPTS {
        return None;
    }
    let credentials =
        params
            .environment
            .authenticator
            .as_ref()?
            .credentials(&AuthenticationChallenge {
                url,
                scheme: match scheme {
                    Scheme::Basic { .. } => "basic",
                    Scheme::Digest(_) => "digest",
                },
                realm: scheme.realm(),
                refused: last.map_or(0, |last| last.number),
            })?;
    // 15.4. Again, with them.
    Some(attempt(credentials, prompts + 1))
}

/// Whether `url` includes credentials.
///
/// Standard: <https://url.spec.whatwg.org/#include-credentials>
pub(super) fn includes_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some_and(|password| !password.is_empty())
}

/// User name and password of `url`.
pub(super) fn url_credentials(url: &Url) -> Credentials {
    Credentials {
        username: percent_decode(url.username()),
        password: percent_decode(url.password().unwrap_or_default()),
    }
}

/// A nonce of our own for one request.
fn client_nonce() -> String {
    let mut bytes = [0; 16];
    // NOTE: without randomness the server's nonce still protects; that nobody can guess ours is an addition.
    let _ = SystemRandom::new().fill(&mut bytes);
    hex(&bytes)
}
