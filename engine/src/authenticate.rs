//! Who is asked for user names and passwords.

use std::fmt;
use std::sync::Arc;

use readystate_xhr::fetch::{AuthenticationChallenge, Authenticator, Credentials};

/// A function that answers where a server wants a user name and password and the URL has none, as a browser's user does.
///
/// It is called on the thread of the request, which waits for it. What the server accepts is remembered for its origin; what it
/// refuses is asked for again, up to three times ([`AuthenticationChallenge::refused`] counts). `None` gives the page the
/// 401 response. The URL may be one of any origin: look at it before giving a password away.
///
/// ```
/// use readystate::OnAuthenticate;
/// use readystate::xhr::fetch::Credentials;
///
/// let mut options = readystate::BrowserOptions::new();
/// options.on_authenticate = Some(OnAuthenticate::new(|challenge| {
///     let is_ours = challenge.url.host_str() == Some("intranet.example");
///     (is_ours && challenge.refused == 0).then(|| Credentials {
///         username: "ada".to_owned(),
///         password: "lovelace".to_owned(),
///     })
/// }));
/// ```
#[derive(Clone)]
pub struct OnAuthenticate(Arc<Answer>);

type Answer = dyn Fn(&AuthenticationChallenge<'_>) -> Option<Credentials> + Send + Sync;

impl OnAuthenticate {
    /// Asks `answer`.
    pub fn new(
        answer: impl Fn(&AuthenticationChallenge<'_>) -> Option<Credentials> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(answer))
    }
}

impl fmt::Debug for OnAuthenticate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OnAuthenticate").finish_non_exhaustive()
    }
}

impl Authenticator for OnAuthenticate {
    fn credentials(&self, challenge: &AuthenticationChallenge<'_>) -> Option<Credentials> {
        (self.0)(challenge)
    }
}
