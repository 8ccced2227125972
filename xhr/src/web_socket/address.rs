//! What the constructor is given: a URL and subprotocols.
//!
//! Standard: <https://websockets.spec.whatwg.org/#dom-websocket-websocket>

use url::Url;

use crate::error::XhrError;
use crate::http::header_list::is_header_name;

/// The URL record of `input`, its scheme ws or wss.
///
/// # Errors
/// [`XhrError::Syntax`] for what does not parse, has another scheme than http(s) and ws(s), or has a fragment.
///
/// Standard: <https://websockets.spec.whatwg.org/#dom-websocket-websocket>
pub fn web_socket_url(input: &str, base_url: &Url) -> Result<Url, XhrError> {
    // 2. and 3. Parse against the base URL.
    let mut url = base_url
        .join(input)
        .map_err(|_| XhrError::Syntax("the URL cannot be parsed"))?;
    // 4. and 5. http stands for ws, https for wss.
    let scheme = match url.scheme() {
        "http" | "ws" => "ws",
        "https" | "wss" => "wss",
        // 6. No other scheme.
        _ => {
            return Err(XhrError::Syntax(
                "the URL's scheme is not ws, wss, http or https",
            ));
        }
    };
    if url.set_scheme(scheme).is_err() {
        return Err(XhrError::Syntax("the URL's scheme cannot be changed"));
    }
    // 7. No fragment.
    if url.fragment().is_some() {
        return Err(XhrError::Syntax("the URL has a fragment"));
    }
    Ok(url)
}

/// Checks the subprotocols asked for.
///
/// # Errors
/// [`XhrError::Syntax`] if one is no HTTP token or is there twice.
///
/// Standard: steps 9 of <https://websockets.spec.whatwg.org/#dom-websocket-websocket>
pub fn check_protocols(protocols: &[String]) -> Result<(), XhrError> {
    let mut seen = std::collections::HashSet::new();
    for protocol in protocols {
        if !is_header_name(protocol.as_bytes()) {
            return Err(XhrError::Syntax("a subprotocol is not a token"));
        }
        // NOTE: whatever their case, as web-platform-tests have it.
        if !seen.insert(protocol.to_ascii_lowercase()) {
            return Err(XhrError::Syntax("a subprotocol is there twice"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_and_http_urls_become_those_of_web_sockets() {
        let base = Url::parse("https://a.test:8443/x/y").expect("a URL");
        let url = |input: &str| web_socket_url(input, &base).map(String::from);
        assert_eq!(url("../chat?q").as_deref(), Ok("wss://a.test:8443/chat?q"));
        assert_eq!(url("http://b.test").as_deref(), Ok("ws://b.test/"));
        assert_eq!(url("ws://b.test:80/").as_deref(), Ok("ws://b.test/"));
        assert_eq!(url("WSS://b.test:443/").as_deref(), Ok("wss://b.test/"));
        for bad in ["ftp://a.test/", "ws://a.test/#", "ws://:80/", "mailto:x"] {
            assert!(matches!(url(bad), Err(XhrError::Syntax(_))), "{bad}");
        }
    }

    #[test]
    fn protocols_are_tokens_and_differ() {
        let check = |protocols: &[&str]| {
            let protocols: Vec<_> = protocols.iter().map(|&name| name.to_owned()).collect();
            check_protocols(&protocols).is_ok()
        };
        assert!(check(&[]) && check(&["a", "chat.v1"]));
        for bad in [&[""][..], &["a b"], &["a,b"], &["é"], &["a", "b", "A"]] {
            assert!(!check(bad), "{bad:?}");
        }
    }
}
