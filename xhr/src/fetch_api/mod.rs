//! What stands behind the objects `Headers`, `Request` and `Response` of script, without JavaScript.
//!
//! The request that goes out is made by [`RequestObject::request`]; [`fetch()`](crate::fetch::fetch) then does the work.
//!
//! Written from the Fetch standard, <https://fetch.spec.whatwg.org/#fetch-api>, in its text of June 2026. Streams
//! call script, so they are none of this crate's: here a body is bytes, or known to be streamed.

mod enumerations;
mod form_data;
mod headers;
mod request;
mod response;

pub use form_data::{parse_form_data, parse_multipart_form_data};
pub use headers::{Guard, Headers};
pub use request::{RequestInit, RequestInput, RequestObject, RequestReferrer};
pub use response::{ResponseObject, is_null_body_status};

use thiserror::Error;

/// What the methods of these objects throw.
#[derive(Clone, Debug, Eq, PartialEq, Error)]
#[non_exhaustive]
pub enum FetchApiError {
    /// A `TypeError`.
    #[error("{0}")]
    Type(&'static str),
    /// A `RangeError`.
    #[error("{0}")]
    Range(&'static str),
}
