//! One entry of an archive, written from an exchange.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use readystate_xhr::Url;
use readystate_xhr::fetch::Destination;
use readystate_xhr::http::HeaderList;
use readystate_xhr::recording::RecordedExchange;
use serde_json::{Value, json};

use super::timestamp::{iso_8601, milliseconds};

/// The entry of `exchange`.
pub(super) fn entry(exchange: &RecordedExchange) -> Value {
    let mut entry = json!({
        "startedDateTime": iso_8601(exchange.started),
        "time": milliseconds(exchange.duration),
        "request": request(exchange),
        "response": response(exchange),
        "cache": {},
        "timings": timings(exchange),
        "_resourceType": resource_type(exchange),
    });
    if let Some(fields) = entry.as_object_mut() {
        if let Some(address) = exchange.remote_address {
            fields.insert(
                "serverIPAddress".to_owned(),
                json!(address.ip().to_string()),
            );
        }
        if exchange.is_intercepted {
            fields.insert("_wasFulfilled".to_owned(), json!(exchange.error.is_none()));
        }
        if exchange.is_from_cache {
            fields.insert("_fromCache".to_owned(), json!("memory"));
        }
        if let Some(error) = &exchange.error {
            fields.insert("_error".to_owned(), json!(error.to_string()));
        }
    }
    entry
}

fn request(exchange: &RecordedExchange) -> Value {
    let headers = &exchange.request_headers;
    let mut request = json!({
        "method": exchange.method.as_str(),
        "url": exchange.url.as_str(),
        "httpVersion": "HTTP/1.1",
        "cookies": request_cookies(headers),
        "headers": name_value_pairs(headers),
        "queryString": query_string(&exchange.url),
        "headersSize": -1,
        "bodySize": exchange.request_body.as_ref().map_or(0, |body| body.len()),
    });
    if let (Some(body), Some(fields)) = (&exchange.request_body, request.as_object_mut()) {
        let mut data = json!({ "mimeType": text_of(headers.get_first("content-type")) });
        put_text(&mut data, body.bytes(), "_encoding");
        fields.insert("postData".to_owned(), data);
    }
    request
}

fn response(exchange: &RecordedExchange) -> Value {
    let headers = &exchange.response_headers;
    let mut content = json!({
        "size": exchange.decoded_bytes,
        "mimeType": text_of(headers.get_first("content-type")),
    });
    if let Some(fields) = content.as_object_mut() {
        if headers.contains("content-encoding") {
            let saved = i128::from(exchange.decoded_bytes) - i128::from(exchange.received_bytes);
            let saved = i64::try_from(saved).unwrap_or_default();
            fields.insert("compression".to_owned(), json!(saved));
        }
        if exchange.is_body_cut {
            let comment = "the body is not whole: it did not fit into the recording";
            fields.insert("comment".to_owned(), json!(comment));
        }
    }
    put_text(&mut content, &exchange.response_body, "encoding");
    json!({
        "status": exchange.status,
        "statusText": String::from_utf8_lossy(&exchange.reason),
        "httpVersion": "HTTP/1.1",
        "cookies": response_cookies(headers),
        "headers": name_value_pairs(headers),
        "content": content,
        "redirectURL": text_of(headers.get_first("location")),
        "headersSize": -1,
        "bodySize": if exchange.status == 0 { json!(-1) } else { json!(exchange.received_bytes) },
    })
}

/// Puts bytes into `text`: as they are if they are UTF-8, else in base64, which the field `encoding` says.
fn put_text(object: &mut Value, bytes: &[u8], encoding: &str) {
    let Some(fields) = object.as_object_mut() else {
        return;
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => drop(fields.insert("text".to_owned(), json!(text))),
        Err(_) => {
            fields.insert("text".to_owned(), json!(BASE64_STANDARD.encode(bytes)));
            fields.insert(encoding.to_owned(), json!("base64"));
        }
    }
}

/// HAR wants -1 for what does not apply; `connect` includes `ssl`.
fn timings(exchange: &RecordedExchange) -> Value {
    let timings = &exchange.timings;
    let or_none = |duration: Option<_>| duration.map_or(-1.0, milliseconds);
    let connect = timings
        .connect
        .map(|connect| connect + timings.tls.unwrap_or_default());
    let known = [timings.blocked, timings.dns, connect, timings.send];
    let before: std::time::Duration = known.into_iter().flatten().sum();
    let rest = exchange
        .duration
        .saturating_sub(before)
        .saturating_sub(exchange.receive);
    json!({
        "blocked": or_none(timings.blocked),
        "dns": or_none(timings.dns),
        "connect": or_none(connect),
        "ssl": or_none(timings.tls),
        "send": milliseconds(timings.send.unwrap_or_default()),
        // What nobody else had.
        "wait": milliseconds(rest),
        "receive": milliseconds(exchange.receive),
    })
}

fn resource_type(exchange: &RecordedExchange) -> &'static str {
    use readystate_xhr::fetch::InitiatorType;
    match (exchange.destination, exchange.initiator_type) {
        (destination, _) if destination.is_navigation() => "document",
        (Destination::Script | Destination::Worker, _) => "script",
        (Destination::Style, _) => "stylesheet",
        (Destination::Image, _) => "image",
        (_, Some(InitiatorType::XmlHttpRequest)) => "xhr",
        (_, Some(InitiatorType::Fetch)) => "fetch",
        _ => "other",
    }
}

fn text_of(value: Option<&[u8]>) -> String {
    String::from_utf8_lossy(value.unwrap_or_default()).into_owned()
}

fn name_value_pairs(headers: &HeaderList) -> Vec<Value> {
    headers
        .iter()
        .map(|(name, value)| json!({ "name": text_of(Some(name)), "value": text_of(Some(value)) }))
        .collect()
}

fn query_string(url: &Url) -> Vec<Value> {
    url.query_pairs()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect()
}

fn request_cookies(headers: &HeaderList) -> Vec<Value> {
    headers
        .get_all("cookie")
        .map(|value| text_of(Some(value)))
        .flat_map(|line| {
            line.split(';')
                .map(|pair| pair.trim().split_once('=').unwrap_or((pair.trim(), "")))
                .map(|(name, value)| json!({ "name": name, "value": value }))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn response_cookies(headers: &HeaderList) -> Vec<Value> {
    headers
        .get_all("set-cookie")
        .map(|value| {
            let line = text_of(Some(value));
            let mut parts = line.split(';').map(str::trim);
            let (name, value) = parts
                .next()
                .and_then(|pair| pair.split_once('='))
                .unwrap_or_default();
            let mut cookie = json!({ "name": name, "value": value });
            if let Some(fields) = cookie.as_object_mut() {
                for part in parts {
                    let (name, value) = part.split_once('=').unwrap_or((part, ""));
                    match name.to_ascii_lowercase().as_str() {
                        "path" => fields.insert("path".to_owned(), json!(value)),
                        "domain" => fields.insert("domain".to_owned(), json!(value)),
                        "httponly" => fields.insert("httpOnly".to_owned(), json!(true)),
                        "secure" => fields.insert("secure".to_owned(), json!(true)),
                        _ => None,
                    };
                }
            }
            cookie
        })
        .collect()
}
