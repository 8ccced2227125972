//! Cookie files in the Netscape format, as curl and wget read and write them.
//!
//! Seven fields separated by tabs: domain, whether subdomains get it, path, secure, expiry in seconds since 1970 (0 for a
//! session cookie), name, value. `#HttpOnly_` before the domain marks HttpOnly cookies; other lines that start with `#` are
//! comments. `SameSite` has no place in it and is lost.

use std::time::{Duration, SystemTime};

use thiserror::Error;

use super::jar::{Cookie, CookieJar};
use super::same_site::SameSite;

/// A cookie file that cannot be read.
#[derive(Clone, Debug, Eq, PartialEq, Error)]
#[error("line {line} is not a cookie: {detail}")]
pub struct NetscapeError {
    /// Line number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub detail: &'static str,
}

impl CookieJar {
    /// Adds the cookies of a file's text. Those expired at `now` are left out.
    ///
    /// # Errors
    /// [`NetscapeError`] for the first line that is neither a comment nor seven fields; the lines before it were added.
    pub fn load_netscape(&mut self, text: &str, now: SystemTime) -> Result<(), NetscapeError> {
        for (at, line) in text.lines().enumerate() {
            if let Some(cookie) = parse_line(line).map_err(|detail| NetscapeError {
                line: at + 1,
                detail,
            })? {
                self.add(cookie);
            }
        }
        self.remove_expired(now);
        Ok(())
    }

    /// The cookies as a file's text, session cookies included. Bytes that are not UTF-8 become U+FFFD.
    pub fn save_netscape(&mut self, now: SystemTime) -> String {
        self.remove_expired(now);
        let mut text = "# Netscape HTTP Cookie File\n".to_owned();
        for cookie in self.iter() {
            let http_only = if cookie.http_only { "#HttpOnly_" } else { "" };
            let (dot, subdomains) = if cookie.host_only {
                ("", "FALSE")
            } else {
                (".", "TRUE")
            };
            let secure = if cookie.secure { "TRUE" } else { "FALSE" };
            let expires = cookie
                .expires
                .and_then(|expires| expires.duration_since(SystemTime::UNIX_EPOCH).ok())
                .map_or(0, |since| since.as_secs());
            let fields = [
                format!("{http_only}{dot}{}", cookie.domain),
                subdomains.to_owned(),
                cookie.path.clone(),
                secure.to_owned(),
                expires.to_string(),
                String::from_utf8_lossy(&cookie.name).into_owned(),
                String::from_utf8_lossy(&cookie.value).into_owned(),
            ];
            text.push_str(&fields.join("\t"));
            text.push('\n');
        }
        text
    }
}

fn parse_line(line: &str) -> Result<Option<Cookie>, &'static str> {
    let line = line.trim_end_matches('\r');
    let (line, http_only) = match line.strip_prefix("#HttpOnly_") {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    if line.trim().is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let mut fields = line.splitn(7, '\t');
    let mut field = || fields.next().ok_or("fewer than seven fields");
    let (domain, subdomains, path, secure, expires, name) =
        (field()?, field()?, field()?, field()?, field()?, field()?);
    // A cookie without a value may have lost its last tab.
    let value = field().unwrap_or_default();
    let flag = |text: &str| match text.to_ascii_uppercase().as_str() {
        "TRUE" => Ok(true),
        "FALSE" => Ok(false),
        _ => Err("a flag is neither TRUE nor FALSE"),
    };
    let expires: u64 = expires.parse().map_err(|_| "the expiry is not a number")?;
    Ok(Some(Cookie {
        name: name.as_bytes().to_vec(),
        value: value.as_bytes().to_vec(),
        domain: domain.trim_start_matches('.').to_ascii_lowercase(),
        host_only: !flag(subdomains)?,
        path: path.to_owned(),
        expires: (expires > 0)
            .then(|| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(expires)))
            .flatten(),
        secure: flag(secure)?,
        http_only,
        same_site: SameSite::Unset,
        site: String::new(),
        creation: 0,
        last_access: 0,
    }))
}
