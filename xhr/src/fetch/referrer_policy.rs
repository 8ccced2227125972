//! Referrers and their policies.
//!
//! Standard: <https://w3c.github.io/webappsec-referrer-policy/>

use url::Url;

use super::{Referrer, ReferrerPolicy, Request};
use crate::http::HeaderList;
use crate::origin::Origin;

/// The last known policy of the `Referrer-Policy` headers, if there is one.
///
/// Standard: <https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header>
#[must_use]
pub fn parse_referrer_policy(headers: &HeaderList) -> Option<ReferrerPolicy> {
    headers
        .get_decode_split("referrer-policy")?
        .iter()
        .rev()
        .find_map(|token| ReferrerPolicy::parse(token))
}

impl ReferrerPolicy {
    /// The policy of this name, in any ASCII case; `None` for unknown names and the empty string.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "no-referrer" => Self::NoReferrer,
            "no-referrer-when-downgrade" => Self::NoReferrerWhenDowngrade,
            "same-origin" => Self::SameOrigin,
            "origin" => Self::Origin,
            "strict-origin" => Self::StrictOrigin,
            "origin-when-cross-origin" => Self::OriginWhenCrossOrigin,
            "strict-origin-when-cross-origin" => Self::StrictOriginWhenCrossOrigin,
            "unsafe-url" => Self::UnsafeUrl,
            _ => return None,
        })
    }
}

/// The referrer to be sent.
///
/// Standard: <https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer>
pub(super) fn determine_referrer(request: &Request) -> Referrer {
    // 1. to 3. The source — the caller has put the client's URL in.
    let Referrer::Url(source) = &request.referrer else {
        return Referrer::NoReferrer;
    };
    // 4. and 5. As URL and as origin only.
    let Some(full) = strip_url(source, OriginOnly::No) else {
        return Referrer::NoReferrer;
    };
    let Some(origin_only) = strip_url(source, OriginOnly::Yes) else {
        return Referrer::NoReferrer;
    };
    // 6. A long URL is cut down to its origin.
    let full = if full.as_str().len() > 4096 {
        origin_only.clone()
    } else {
        full
    };
    // FIXME 7. The user agent has no setting that cuts referrers down further.
    let target = Origin::of(request.current_url());
    let is_same_origin = Origin::of(source).same_origin(&target);
    let is_downgrade =
        Origin::of(source).is_potentially_trustworthy() && !target.is_potentially_trustworthy();
    // 8. By policy:
    let referrer = match request.referrer_policy {
        ReferrerPolicy::NoReferrer => None,
        ReferrerPolicy::Origin => Some(origin_only),
        ReferrerPolicy::UnsafeUrl => Some(full),
        ReferrerPolicy::StrictOrigin => (!is_downgrade).then_some(origin_only),
        ReferrerPolicy::StrictOriginWhenCrossOrigin => match (is_same_origin, is_downgrade) {
            (true, _) => Some(full),
            (false, true) => None,
            (false, false) => Some(origin_only),
        },
        ReferrerPolicy::SameOrigin => is_same_origin.then_some(full),
        ReferrerPolicy::OriginWhenCrossOrigin => {
            Some(if is_same_origin { full } else { origin_only })
        }
        ReferrerPolicy::NoReferrerWhenDowngrade => (!is_downgrade).then_some(full),
    };
    referrer.map_or(Referrer::NoReferrer, Referrer::Url)
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum OriginOnly {
    Yes,
    No,
}

/// Standard: <https://w3c.github.io/webappsec-referrer-policy/#strip-url>
fn strip_url(url: &Url, origin_only: OriginOnly) -> Option<Url> {
    // 1. and 2. Local schemes, and all but http(s), have no referrer.
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let mut url = url.clone();
    // 3. to 5. Without user, password, fragment.
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_fragment(None);
    // 6. Without path and query.
    if origin_only == OriginOnly::Yes {
        url.set_path("");
        url.set_query(None);
    }
    // 7. Return it.
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(policy: &str, from: &str, to: &str, expected: Option<&str>) {
        let url = |text: &str| Url::parse(text).expect("the test gives a URL");
        let mut request = Request::new(url(to), Origin::of(&url(from)));
        request.referrer = Referrer::Url(url(from));
        request.referrer_policy = ReferrerPolicy::parse(policy).expect("a policy");
        let expected = expected.map_or(Referrer::NoReferrer, |text| Referrer::Url(url(text)));
        assert_eq!(determine_referrer(&request), expected);
    }

    #[test]
    fn each_policy_cuts_the_referrer_down_as_it_says() {
        let from = "https://u:p@a.test/p?q#f";
        let (full, origin) = (Some("https://a.test/p?q"), Some("https://a.test/"));
        let (same, cross, down) = ("https://a.test/x", "https://b.test/", "http://a.test/");
        check("no-referrer", from, same, None);
        check("unsafe-url", from, down, full);
        check("origin", from, down, origin);
        check("strict-origin", from, down, None);
        check("strict-origin", from, cross, origin);
        check("same-origin", from, same, full);
        check("same-origin", from, cross, None);
        check("origin-when-cross-origin", from, down, origin);
        check("strict-origin-when-cross-origin", from, same, full);
        check("strict-origin-when-cross-origin", from, cross, origin);
        check("strict-origin-when-cross-origin", from, down, None);
        check("no-referrer-when-downgrade", from, cross, full);
        check("no-referrer-when-downgrade", from, down, None);
        check("unsafe-url", "data:text/html,x", same, None);
    }

    #[test]
    fn the_last_known_token_of_the_header_counts() {
        let headers = [("Referrer-Policy", "origin, no-referrer, nonsense")];
        let policy = parse_referrer_policy(&headers.into_iter().collect());
        assert_eq!(policy, Some(ReferrerPolicy::NoReferrer));
    }
}
