//! Cookies by RFC 6265bis (draft 20), with what Fetch asks of them.
//!
//! Standard: <https://datatracker.ietf.org/doc/draft-ietf-httpbis-rfc6265bis/>,
//! <https://fetch.spec.whatwg.org/#cookies>

mod date;
mod jar;
mod netscape;
mod same_site;
mod set_cookie;

pub use jar::{Cookie, CookieJar};
pub use netscape::NetscapeError;
pub use same_site::{SameSite, SameSiteMode, same_site_mode};
