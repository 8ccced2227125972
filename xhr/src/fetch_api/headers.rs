//! `Headers`: a header list and who guards it.
//!
//! Standard: <https://fetch.spec.whatwg.org/#headers-class>

use super::FetchApiError;
use crate::http::HeaderList;
use crate::http::cors_safelist::is_cors_safelisted_request_header;
use crate::http::forbidden_headers::{
    is_forbidden_request_header, is_forbidden_response_header_name,
};
use crate::http::header_list::{is_header_name, is_header_value, normalize_value};

/// What may be changed of a list.
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-headers-guard>
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Guard {
    /// Anything.
    #[default]
    None,
    /// All but forbidden request headers.
    Request,
    /// What a request without CORS may carry.
    RequestNoCors,
    /// All but forbidden response headers.
    Response,
    /// Nothing.
    Immutable,
}

/// A `Headers` object.
///
/// ```
/// use readystate_xhr::fetch_api::{Guard, Headers};
///
/// let mut headers = Headers::new(Guard::Request);
/// headers.append(b"Accept", b" text/html ")?;
/// headers.append(b"Cookie", b"a=b")?;
/// assert_eq!(headers.get(b"accept")?.as_deref(), Some(&b"text/html"[..]));
/// assert!(!headers.has(b"cookie")?);
/// # Ok::<(), readystate_xhr::fetch_api::FetchApiError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Headers {
    list: HeaderList,
    guard: Guard,
}

const BAD_NAME: FetchApiError = FetchApiError::Type("the header name is not an HTTP token");

impl Headers {
    /// An empty list.
    #[must_use]
    pub const fn new(guard: Guard) -> Self {
        Self {
            list: HeaderList::new(),
            guard,
        }
    }

    /// This list under a guard, which does not look at what is in it.
    #[must_use]
    pub const fn with_list(list: HeaderList, guard: Guard) -> Self {
        Self { list, guard }
    }

    /// The list.
    #[must_use]
    pub const fn list(&self) -> &HeaderList {
        &self.list
    }

    /// Adds a header; one that the guard does not let in is ignored.
    ///
    /// # Errors
    /// [`FetchApiError::Type`] if name or value is malformed, or the list immutable.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-headers-append>
    pub fn append(&mut self, name: &[u8], value: &[u8]) -> Result<(), FetchApiError> {
        // 1. Without white space around it.
        let value = normalize_value(value);
        // 2. Validate.
        if !self.validate(name, value)? {
            return Ok(());
        }
        // 3. Without CORS the combined value counts.
        if self.guard == Guard::RequestNoCors {
            let combined = match self.list.get(name) {
                Some(mut present) => {
                    present.extend_from_slice(b", ");
                    present.extend_from_slice(value);
                    present
                }
                None => value.to_vec(),
            };
            if !is_no_cors_safelisted(name, &combined) {
                return Ok(());
            }
        }
        // 4. Append.
        self.list.append(name, value);
        // 5.
        self.remove_privileged();
        Ok(())
    }

    /// Adds all headers of another list, as [`Self::append`] does.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn append_all(&mut self, other: &HeaderList) -> Result<(), FetchApiError> {
        for (name, value) in other.iter() {
            self.append(name, value)?;
        }
        Ok(())
    }

    /// Removes a header, unless the guard keeps it.
    ///
    /// # Errors
    /// [`FetchApiError::Type`] if the name is malformed, or the list immutable.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#dom-headers-delete>
    pub fn delete(&mut self, name: &[u8]) -> Result<(), FetchApiError> {
        // 1. Validate, the value being of no matter.
        if !self.validate(name, b"")? {
            return Ok(());
        }
        // 2. Without CORS only what could have been set, or is privileged.
        if self.guard == Guard::RequestNoCors
            && !is_no_cors_safelisted_name(name)
            && !is_privileged(name)
        {
            return Ok(());
        }
        // 3. – 4. Delete, if it is there.
        self.list.delete(name);
        // 5.
        self.remove_privileged();
        Ok(())
    }

    /// The values of a header, combined.
    ///
    /// # Errors
    /// [`FetchApiError::Type`] if the name is malformed.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#dom-headers-get>
    pub fn get(&self, name: &[u8]) -> Result<Option<Vec<u8>>, FetchApiError> {
        // 1. A malformed name.
        if !is_header_name(name) {
            return Err(BAD_NAME);
        }
        // 2.
        Ok(self.list.get(name))
    }

    /// Whether there is a header of this name.
    ///
    /// # Errors
    /// [`FetchApiError::Type`] if the name is malformed.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#dom-headers-has>
    pub fn has(&self, name: &[u8]) -> Result<bool, FetchApiError> {
        // 1. A malformed name.
        if !is_header_name(name) {
            return Err(BAD_NAME);
        }
        // 2.
        Ok(self.list.contains(name))
    }

    /// Replaces a header; one that the guard does not let in is ignored.
    ///
    /// # Errors
    /// As [`Self::append`].
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#dom-headers-set>
    pub fn set(&mut self, name: &[u8], value: &[u8]) -> Result<(), FetchApiError> {
        // 1. Without white space around it.
        let value = normalize_value(value);
        // 2. Validate.
        if !self.validate(name, value)? {
            return Ok(());
        }
        // 3. Without CORS only the safelist.
        if self.guard == Guard::RequestNoCors && !is_no_cors_safelisted(name, value) {
            return Ok(());
        }
        // 4. Set.
        self.list.set(name, value);
        // 5.
        self.remove_privileged();
        Ok(())
    }

    /// Whether a change may happen.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#headers-validate>
    fn validate(&self, name: &[u8], value: &[u8]) -> Result<bool, FetchApiError> {
        // 1. Malformed.
        if !is_header_name(name) {
            return Err(BAD_NAME);
        }
        if !is_header_value(value) {
            return Err(FetchApiError::Type(
                "the header value has a NUL or a line break in it",
            ));
        }
        match self.guard {
            // 2. Immutable.
            Guard::Immutable => Err(FetchApiError::Type("the headers are immutable")),
            // 3. Forbidden on a request.
            Guard::Request => Ok(!is_forbidden_request_header(name, value)),
            // 4. Forbidden on a response.
            Guard::Response => Ok(!is_forbidden_response_header_name(name)),
            // 5.
            Guard::None | Guard::RequestNoCors => Ok(true),
        }
    }

    /// Standard: <https://fetch.spec.whatwg.org/#concept-headers-remove-privileged-no-cors-request-headers>
    fn remove_privileged(&mut self) {
        if self.guard == Guard::RequestNoCors {
            self.list.retain(|name, _| !is_privileged(name));
        }
    }
}

/// Standard: <https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name>
fn is_no_cors_safelisted_name(name: &[u8]) -> bool {
    [
        "accept",
        "accept-language",
        "content-language",
        "content-type",
    ]
    .iter()
    .any(|other| name.eq_ignore_ascii_case(other.as_bytes()))
}

/// Standard: <https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header>
fn is_no_cors_safelisted(name: &[u8], value: &[u8]) -> bool {
    is_no_cors_safelisted_name(name) && is_cors_safelisted_request_header(name, value)
}

/// Standard: <https://fetch.spec.whatwg.org/#privileged-no-cors-request-header-name>
const fn is_privileged(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"range")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_headers_and_immutable_lists_throw() {
        let mut headers = Headers::new(Guard::None);
        for (name, value) in [(&b"a b"[..], &b"x"[..]), (b"", b"x"), (b"a", b"x\ny")] {
            assert!(matches!(
                headers.append(name, value),
                Err(FetchApiError::Type(_))
            ));
        }
        assert!(headers.get(b"a b").is_err() && headers.has(b"").is_err());
        assert!(headers.list().is_empty());
        let mut immutable = Headers::new(Guard::Immutable);
        assert!(immutable.set(b"a", b"b").is_err() && immutable.delete(b"a").is_err());
    }

    #[test]
    fn without_cors_only_the_safelist_gets_in_and_combined_values_count() {
        let mut headers = Headers::new(Guard::RequestNoCors);
        for (name, value) in [
            (&b"X-Own"[..], &b"1"[..]),
            (b"Range", b"bytes=0-"),
            (b"Content-Type", b"application/json"),
            (b"Accept", b"text/html"),
        ] {
            headers.append(name, value).expect("well-formed");
        }
        assert_eq!(headers.list().len(), 1);
        headers
            .append(b"Accept", &[b'x'; 125])
            .expect("well-formed");
        assert_eq!(headers.list().len(), 1, "more than 128 bytes together");
    }

    #[test]
    fn a_response_keeps_no_set_cookie_from_script() {
        let mut headers = Headers::new(Guard::Response);
        headers.append(b"Set-Cookie", b"a=b").expect("well-formed");
        headers.append(b"Cookie", b"a=b").expect("well-formed");
        assert_eq!(headers.list().len(), 1);
    }
}
