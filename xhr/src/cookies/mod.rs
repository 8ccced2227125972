//! Cookies by RFC 6265bis.
