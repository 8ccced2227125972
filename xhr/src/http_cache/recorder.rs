//! A response's body on its way into the cache.

use std::io::{self, Read};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;

use super::stored_response::Head;
use super::{CacheKey, HttpCache, StoredResponse};
use crate::http::HeaderList;

/// Where the response to one request is stored, if it may be.
pub(crate) struct Recorder {
    cache: Arc<HttpCache>,
    key: CacheKey,
    request_headers: HeaderList,
}

impl Recorder {
    /// A recorder of the response to a GET with these headers.
    pub(crate) const fn new(
        cache: Arc<HttpCache>,
        key: CacheKey,
        request_headers: HeaderList,
    ) -> Self {
        Self {
            cache,
            key,
            request_headers,
        }
    }

    /// A reader of `body` that stores the response once it has been read whole, or `body` itself if it is not to be stored.
    pub(crate) fn record(
        self,
        status: u16,
        reason: &[u8],
        headers: &HeaderList,
        remote_address: Option<SocketAddr>,
        now: SystemTime,
        body: Box<dyn Read + Send>,
    ) -> Box<dyn Read + Send> {
        let limit = self.cache.max_body_bytes();
        let is_too_long = headers
            .get_first("content-length")
            .and_then(|value| std::str::from_utf8(value).ok())
            .and_then(|value| value.parse::<u64>().ok())
            .is_some_and(|length| length > limit);
        if is_too_long {
            return body;
        }
        let Some(mut head) =
            StoredResponse::begin(&self.request_headers, status, reason, headers, now)
        else {
            return body;
        };
        head.remote_address = remote_address;
        Box::new(RecordedBody {
            inner: body,
            recording: Some(Recording {
                cache: self.cache,
                key: self.key,
                head,
                bytes: Vec::new(),
            }),
        })
    }
}

/// A body that is stored when its end has been read. Dropped before that, or larger than the cache takes, it is not.
struct RecordedBody {
    inner: Box<dyn Read + Send>,
    recording: Option<Recording>,
}

struct Recording {
    cache: Arc<HttpCache>,
    key: CacheKey,
    head: Head,
    bytes: Vec<u8>,
}

impl Read for RecordedBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.inner.read(buffer);
        match (&result, &mut self.recording) {
            (Ok(0), Some(_)) if !buffer.is_empty() => {
                if let Some(recording) = self.recording.take() {
                    let response = recording.head.with_body(recording.bytes);
                    recording.cache.store(&recording.key, Arc::new(response));
                }
            }
            (Ok(count), Some(recording)) => {
                let bytes = buffer.get(..*count).unwrap_or_default();
                recording.bytes.extend_from_slice(bytes);
                if recording.bytes.len() as u64 > recording.cache.max_body_bytes() {
                    self.recording = None;
                }
            }
            (Err(error), _) if error.kind() != io::ErrorKind::Interrupted => self.recording = None,
            _ => {}
        }
        result
    }
}
