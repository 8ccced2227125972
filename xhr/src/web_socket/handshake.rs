//! The opening handshake: a fetch whose connection is kept.
//!
//! Standard: <https://websockets.spec.whatwg.org/#websocket-opening-handshake>, <https://www.rfc-editor.org/rfc/rfc6455#section-4.1>

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use ring::rand::{SecureRandom, SystemRandom};
use url::Url;

use crate::environment::FetchEnvironment;
use crate::error::NetworkError;
use crate::fetch::{
    CacheMode, CredentialsMode, FetchController, FetchEvent, InitiatorType, Mode, RedirectMode,
    Request, Response, fetch,
};
use crate::http::{HeaderList, trim_http_tab_or_space};
use crate::origin::Origin;
use crate::transport::Upgraded;

/// What a connection is made from.
#[derive(Clone, Debug)]
pub struct WebSocketRequest {
    /// ws or wss, without a fragment.
    pub url: Url,
    /// The subprotocols, the most wanted first.
    pub protocols: Vec<String>,
    /// Who asks.
    pub origin: Origin,
    /// The top-level site, for `SameSite` cookies; `None` means that of `origin`.
    pub site_for_cookies: Option<Origin>,
}

/// A connection after its handshake.
#[derive(Debug)]
pub struct Established {
    /// The subprotocol that the server chose; empty for none.
    pub protocol: String,
    /// The bytes.
    pub connection: Upgraded,
}

/// Establishes a WebSocket connection. `controller` is to be one [`FetchController::for_upgrade`].
///
/// # Errors
/// What made the connection fail.
///
/// Standard: <https://websockets.spec.whatwg.org/#concept-websocket-establish>
pub fn establish(
    request: &WebSocketRequest,
    environment: &FetchEnvironment,
    controller: &FetchController,
) -> Result<Established, NetworkError> {
    // 1. – 4., 6. – 8. The request.
    let key = key()?;
    let http_request = http_request(request, &key)?;
    // 11. Fetch it. The sink is told of the response alone, for there is no body.
    let mut response = None;
    fetch(http_request, environment, controller, &mut |event| {
        if let FetchEvent::Response(received) = event {
            response = Some(received);
        }
    });
    let connection = controller.take_upgraded();
    let response = response.ok_or(NetworkError::Aborted)?;
    let result = check_response(response, request, &key).and_then(|protocol| {
        // An answer of the embedder's in place of the network's has no connection behind it.
        let connection = connection
            .ok_or_else(|| refused("there is no connection behind the response".to_owned()))?;
        Ok(Established {
            protocol,
            connection,
        })
    });
    if let Err(error) = &result
        && let Some(observer) = &environment.observer
        && matches!(error, NetworkError::WebSocketHandshake(_))
    {
        observer.fetch_failed(&request.url, error);
    }
    result
}

/// Steps 1 to 9: the request of the handshake.
fn http_request(request: &WebSocketRequest, key: &str) -> Result<Request, NetworkError> {
    // 1. and 2. The URL as HTTP has it.
    let mut url = request.url.clone();
    let scheme = if url.scheme() == "wss" {
        "https"
    } else {
        "http"
    };
    if url.set_scheme(scheme).is_err() {
        return Err(NetworkError::InvalidUrl(request.url.to_string()));
    }
    // NOTE: mixed content is fetch's to refuse, but it knows no request of a WebSocket by its URL.
    let is_secure = matches!(&request.origin, Origin::Tuple { scheme, .. } if scheme == "https");
    if is_secure && !Origin::of(&request.url).is_potentially_trustworthy() {
        return Err(refused(format!(
            "{} is not secure and the page is",
            request.url
        )));
    }
    let mut http = Request::new(url, request.origin.clone());
    // 3. Credentials always, no cache, no redirect.
    http.mode = Mode::WebSocket;
    http.credentials_mode = CredentialsMode::Include;
    http.cache_mode = CacheMode::NoStore;
    http.redirect_mode = RedirectMode::Error;
    http.initiator_type = Some(InitiatorType::WebSocket);
    http.site_for_cookies.clone_from(&request.site_for_cookies);
    // 4. – 8. The headers.
    let headers = &mut http.header_list;
    headers.append("Upgrade", "websocket");
    headers.append("Connection", "Upgrade");
    headers.append("Sec-WebSocket-Key", key);
    headers.append("Sec-WebSocket-Version", "13");
    // NOTE: in one line, as browsers have it.
    if !request.protocols.is_empty() {
        headers.append("Sec-WebSocket-Protocol", request.protocols.join(", "));
    }
    // 9. and 10. permessage-deflate is not offered.
    Ok(http)
}

/// Sixteen random bytes in base64.
fn key() -> Result<String, NetworkError> {
    let mut nonce = [0; 16];
    SystemRandom::new()
        .fill(&mut nonce)
        .map_err(|_| NetworkError::Io("the system gives no random bytes".to_owned()))?;
    Ok(STANDARD.encode(nonce))
}

/// What a server answers to `Sec-WebSocket-Key: key` in `Sec-WebSocket-Accept`.
#[must_use]
pub fn accept_value(key: &str) -> String {
    let text = format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()))
}

/// Steps 11.2 to 11.5: whether the response opens the connection, and with which subprotocol.
fn check_response(
    response: Response,
    request: &WebSocketRequest,
    key: &str,
) -> Result<String, NetworkError> {
    // 11.2. A network error, or another status.
    if let Some(error) = response.error() {
        return Err(error.clone());
    }
    if response.status != 101 {
        let reason = String::from_utf8_lossy(&response.status_message).into_owned();
        return Err(refused(format!("answered {} {reason}", response.status)));
    }
    let headers = &response.header_list;
    // 11.5. RFC 6455, section 4.1: Upgrade.
    if !single(headers, "upgrade").is_some_and(|value| value.eq_ignore_ascii_case(b"websocket")) {
        return Err(refused("the Upgrade header is not websocket".to_owned()));
    }
    // Connection.
    let has_upgrade = headers
        .get_all("connection")
        .flat_map(|value| value.split(|byte| *byte == b','))
        .any(|token| trim_http_tab_or_space(token).eq_ignore_ascii_case(b"upgrade"));
    if !has_upgrade {
        return Err(refused("the Connection header has no upgrade".to_owned()));
    }
    // Sec-WebSocket-Accept.
    if single(headers, "sec-websocket-accept") != Some(accept_value(key).as_bytes()) {
        return Err(refused(
            "Sec-WebSocket-Accept is not that of the key".to_owned(),
        ));
    }
    // Sec-WebSocket-Extensions: none was offered.
    if headers
        .get_all("sec-websocket-extensions")
        .any(|value| !value.is_empty())
    {
        return Err(refused(
            "the server uses an extension that was not offered".to_owned(),
        ));
    }
    // 11.3. and 11.4. Sec-WebSocket-Protocol: one of those asked for, and there if any was.
    let protocol = match headers.get_all("sec-websocket-protocol").count() {
        0 => None,
        1 => single(headers, "sec-websocket-protocol").map(String::from_utf8_lossy),
        _ => return Err(refused("several Sec-WebSocket-Protocol headers".to_owned())),
    };
    match protocol {
        None if request.protocols.is_empty() => Ok(String::new()),
        None => Err(refused(
            "the server chose none of the subprotocols".to_owned(),
        )),
        Some(protocol) if request.protocols.iter().any(|own| *own == protocol) => {
            Ok(protocol.into_owned())
        }
        Some(protocol) => Err(refused(format!(
            "the server chose subprotocol {protocol:?}, which was not asked for"
        ))),
    }
}

/// The only value of a header.
fn single<'a>(headers: &'a HeaderList, name: &str) -> Option<&'a [u8]> {
    let mut values = headers.get_all(name);
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

fn refused(detail: String) -> NetworkError {
    NetworkError::WebSocketHandshake(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accept_value_is_that_of_the_rfc() {
        assert_eq!(
            accept_value("dGhlIHNhbXBsZSBub25jZQ=="),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
        let (one, other) = (key(), key());
        assert_eq!(one.as_ref().map(String::len), Ok(24));
        assert_ne!(one, other);
    }

    #[test]
    fn a_secure_page_opens_no_insecure_connection() {
        let request = |url: &str, origin: &str| WebSocketRequest {
            url: Url::parse(url).expect("a URL"),
            protocols: Vec::new(),
            origin: Origin::of(&Url::parse(origin).expect("a URL")),
            site_for_cookies: None,
        };
        let opens = |url: &str, origin: &str| http_request(&request(url, origin), "k").is_ok();
        assert!(!opens("ws://a.test/", "https://a.test/"));
        assert!(opens("wss://a.test/", "https://a.test/"));
        assert!(opens("ws://localhost/", "https://a.test/"));
        assert!(opens("ws://a.test/", "http://a.test/"));
    }
}
