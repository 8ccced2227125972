//! Which cookies a request may carry, by who started it.
//!
//! Standard: <https://fetch.spec.whatwg.org/#determine-the-same-site-mode>

use crate::fetch::{Destination, Mode, Request};
use crate::origin::Origin;

/// A cookie's `SameSite` attribute.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum SameSite {
    /// Only with requests of its own site.
    Strict,
    /// Also with top-level navigations by a safe method.
    Lax,
    /// With all. Needs `Secure`.
    None,
    /// Not given: as [`Lax`](Self::Lax).
    #[default]
    Unset,
}

/// What a request may carry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SameSiteMode {
    /// All cookies ("strict-or-less").
    SameSite,
    /// All but strict ones ("lax-or-less"): a top-level navigation from another site.
    Navigation,
    /// Only those that say `SameSite=None` ("unset-or-less").
    CrossSite,
}

impl SameSiteMode {
    /// Whether a cookie with `same_site` goes along.
    pub(super) const fn sends(self, same_site: SameSite) -> bool {
        match same_site {
            SameSite::None => true,
            SameSite::Lax | SameSite::Unset => !matches!(self, Self::CrossSite),
            SameSite::Strict => matches!(self, Self::SameSite),
        }
    }
}

/// What `request` may carry.
///
/// Standard: <https://fetch.spec.whatwg.org/#determine-the-same-site-mode>
#[must_use]
pub fn same_site_mode(request: &Request) -> SameSiteMode {
    let is_top_level =
        request.mode == Mode::Navigate && request.destination == Destination::Document;
    // The user's own navigation belongs to no other site.
    if is_top_level && request.user_initiated {
        return SameSiteMode::SameSite;
    }
    let site = request.site_for_cookies.as_ref().unwrap_or(&request.origin);
    // Each URL on the way counts: a redirect over another site taints.
    let is_same_site = |origin: &Origin| {
        request
            .url_list()
            .all(|url| Origin::of(url).same_site(origin))
    };
    if is_top_level {
        return if is_same_site(&request.origin) {
            SameSiteMode::SameSite
        } else if matches!(request.method.as_str(), "GET" | "HEAD") {
            SameSiteMode::Navigation
        } else {
            SameSiteMode::CrossSite
        };
    }
    if is_same_site(site) && request.origin.same_site(site) {
        SameSiteMode::SameSite
    } else {
        SameSiteMode::CrossSite
    }
}
