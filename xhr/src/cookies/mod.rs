//! Cookies by RFC 6265bis (draft 20), with what Fetch asks of them.
//!
//! Session cookies live as long as the jar: a browser of ours is one session. The two file forms keep them too, as curl's `-c`
//! does, so that a login survives from one run to the next; who wants them gone leaves out the file.
//!
//! Standard: <https://datatracker.ietf.org/doc/draft-ietf-httpbis-rfc6265bis/>,
//! <https://fetch.spec.whatwg.org/#cookies>

mod date;
mod jar;
mod json;
mod netscape;
mod same_site;
mod set_cookie;

pub use jar::{Cookie, CookieJar};
pub use json::CookieJsonError;
pub use netscape::NetscapeError;
pub use same_site::{SameSite, SameSiteMode, same_site_mode};
