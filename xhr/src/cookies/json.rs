//! Cookies as JSON: the `cookies` of Playwright's storage state, an array of objects.
//!
//! Each has `name`, `value`, `domain` (with a leading dot if subdomains get it), `path`, `expires` in seconds since 1970 (-1 for a
//! session cookie), `httpOnly`, `secure` and `sameSite` (`Strict`, `Lax` or `None`; left out if the cookie does not say). Unlike
//! the Netscape form nothing is lost.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value, json};
use thiserror::Error;

use super::jar::{Cookie, CookieJar};
use super::same_site::SameSite;

/// A JSON text that holds no cookies.
#[derive(Clone, Debug, Eq, PartialEq, Error)]
#[error("not a list of cookies: {0}")]
pub struct CookieJsonError(String);

impl CookieJar {
    /// Adds the cookies of a JSON text: an array of them, or an object whose `cookies` is one. Those expired at `now` are left
    /// out.
    ///
    /// # Errors
    /// [`CookieJsonError`] for what is not JSON or not such an array; nothing is added then.
    pub fn load_json(&mut self, text: &str, now: SystemTime) -> Result<(), CookieJsonError> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| CookieJsonError(error.to_string()))?;
        let list = match &value {
            Value::Object(object) => object.get("cookies").and_then(Value::as_array),
            other => other.as_array(),
        };
        let list = list.ok_or_else(|| CookieJsonError("there is no array".to_owned()))?;
        let cookies: Result<Vec<_>, _> = list.iter().map(parse).collect();
        for cookie in cookies.map_err(|detail| CookieJsonError(detail.to_owned()))? {
            self.add(cookie);
        }
        self.remove_expired(now);
        Ok(())
    }

    /// The cookies as a JSON text, session cookies included. Bytes that are not UTF-8 become U+FFFD.
    pub fn save_json(&mut self, now: SystemTime) -> String {
        self.remove_expired(now);
        let cookies: Vec<Value> = self.iter().map(write).collect();
        format!("{:#}\n", json!({ "cookies": cookies }))
    }
}

fn write(cookie: &Cookie) -> Value {
    let dot = if cookie.host_only { "" } else { "." };
    let expires = cookie
        .expires
        .and_then(|expires| expires.duration_since(SystemTime::UNIX_EPOCH).ok())
        .map_or(json!(-1), |since| json!(since.as_secs()));
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("name", json!(String::from_utf8_lossy(&cookie.name)));
    put("value", json!(String::from_utf8_lossy(&cookie.value)));
    put("domain", json!(format!("{dot}{}", cookie.domain)));
    put("path", json!(cookie.path));
    put("expires", expires);
    put("httpOnly", json!(cookie.http_only));
    put("secure", json!(cookie.secure));
    match cookie.same_site {
        SameSite::Strict => drop(put("sameSite", json!("Strict"))),
        SameSite::Lax => drop(put("sameSite", json!("Lax"))),
        SameSite::None => drop(put("sameSite", json!("None"))),
        SameSite::Unset => {}
    }
    Value::Object(object)
}

fn parse(value: &Value) -> Result<Cookie, &'static str> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let flag = |name: &str| value.get(name).and_then(Value::as_bool).unwrap_or(false);
    let domain = text("domain").ok_or("a cookie has no domain")?;
    let expires = value.get("expires").and_then(Value::as_f64).unwrap_or(-1.0);
    let expires = Duration::try_from_secs_f64(expires)
        .ok()
        .filter(|since| !since.is_zero())
        .and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
    Ok(Cookie {
        name: text("name").ok_or("a cookie has no name")?.into(),
        value: text("value").ok_or("a cookie has no value")?.into(),
        domain: domain.trim_start_matches('.').to_ascii_lowercase(),
        host_only: !domain.starts_with('.'),
        path: text("path").unwrap_or("/").to_owned(),
        expires,
        secure: flag("secure"),
        http_only: flag("httpOnly"),
        same_site: match text("sameSite") {
            Some("Strict") => SameSite::Strict,
            Some("Lax") => SameSite::Lax,
            Some("None") => SameSite::None,
            _ => SameSite::Unset,
        },
        site: String::new(),
        creation: 0,
        last_access: 0,
    })
}
