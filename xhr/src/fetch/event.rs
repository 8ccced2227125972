//! What a fetch tells its caller.

use super::Response;
use crate::error::NetworkError;

/// One of the callbacks of Fetch ("process request body chunk length" and so on), as data.
///
/// The order is: any number of [`RequestBodyChunkLength`](Self::RequestBodyChunkLength), then
/// [`RequestEndOfBody`](Self::RequestEndOfBody) (both only if the request has a body and it was sent), then one
/// [`Response`](Self::Response), and, unless that is a network error, any number of [`BodyChunk`](Self::BodyChunk) and
/// one of [`EndOfBody`](Self::EndOfBody) or [`BodyError`](Self::BodyError). A server may answer before it has read
/// everything: then no `RequestEndOfBody` comes.
///
/// Standard: <https://fetch.spec.whatwg.org/#fetch-processresponse>
#[derive(Clone, Debug)]
pub enum FetchEvent {
    /// That many more bytes of the request's body were handed to the connection.
    RequestBodyChunkLength(u64),
    /// The request's body was sent whole.
    RequestEndOfBody,
    /// The response's head, filtered as its kind demands; or a network error, after which nothing follows.
    Response(Response),
    /// The next bytes of the body, content codings undone. Never empty.
    BodyChunk(Vec<u8>),
    /// The body is whole.
    EndOfBody,
    /// The body ended early. What came before was delivered.
    BodyError(NetworkError),
}
