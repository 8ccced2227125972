//! Ops of `fetch()` and of the objects `Headers`, `Request` and `Response`, each held by number.
//!
//! Their algorithms are `readystate_xhr::fetch_api`; a fetch under way is in [`in_flight`], the bytes of bodies are in [`body`].
//!
//! Standard: <https://fetch.spec.whatwg.org/#fetch-api>

mod body;
mod headers;
mod in_flight;
mod request;
mod response;

use deno_core::OpDecl;
use readystate_xhr::fetch_api::{Headers, RequestObject, ResponseObject};

use super::body::ObjectTable;

pub(crate) use body::free as free_body;
pub(crate) use headers::free as free_headers;
pub(crate) use in_flight::deliver;
pub(crate) use request::free as free_request;
pub(crate) use response::free as free_response;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    [
        body::ops(),
        headers::ops(),
        in_flight::ops(),
        request::ops(),
        response::ops(),
    ]
    .concat()
}

/// The objects of this area.
#[derive(Default)]
pub(crate) struct FetchTable {
    headers: ObjectTable<Headers>,
    requests: ObjectTable<RequestObject>,
    responses: ObjectTable<ResponseObject>,
    bodies: ObjectTable<body::BodyEntry>,
    in_flight: ObjectTable<in_flight::Entry>,
}

impl FetchTable {
    /// How many objects are kept.
    pub(crate) const fn len(&self) -> usize {
        self.headers.len()
            + self.requests.len()
            + self.responses.len()
            + self.bodies.len()
            + self.in_flight.len()
    }
}
