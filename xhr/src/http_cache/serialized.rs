//! Stored responses as bytes, for a [`CacheStorage`](super::CacheStorage).
//!
//! A magic line with the version, then fields, each with its length in front. The key stands in it, so that a storage may
//! name things by a digest of theirs. Whatever does not read back whole is as good as nothing.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::StoredResponse;
use crate::http::HeaderList;

const MAGIC: &[u8] = b"readystate http cache 1\n";

/// The responses stored for `key`, as bytes.
pub(super) fn write(key: &str, variants: &[Arc<StoredResponse>]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    put(&mut bytes, key.as_bytes());
    for response in variants {
        let time = response
            .response_time
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        put(&mut bytes, &time.to_le_bytes());
        put(&mut bytes, &response.status.to_le_bytes());
        put(&mut bytes, &response.reason);
        let address = response
            .remote_address
            .map(|address| address.to_string())
            .unwrap_or_default();
        put(&mut bytes, address.as_bytes());
        put_headers(&mut bytes, &response.request_headers);
        put_headers(&mut bytes, &response.headers);
        put(&mut bytes, &response.body);
    }
    bytes
}

/// The responses that [`write`] made these bytes of; `None` if they are of another key, or damaged.
pub(super) fn read(key: &str, bytes: &[u8]) -> Option<Vec<Arc<StoredResponse>>> {
    let mut rest = bytes.strip_prefix(MAGIC)?;
    if take(&mut rest)? != key.as_bytes() {
        return None;
    }
    let mut variants = Vec::new();
    while !rest.is_empty() {
        let time = u64::from_le_bytes(take(&mut rest)?.try_into().ok()?);
        let status = u16::from_le_bytes(take(&mut rest)?.try_into().ok()?);
        let reason = take(&mut rest)?.to_vec();
        let address = std::str::from_utf8(take(&mut rest)?).ok()?;
        let remote_address = match address {
            "" => None,
            text => Some(text.parse().ok()?),
        };
        let request_headers = take_headers(&mut rest)?;
        let headers = take_headers(&mut rest)?;
        let body = take(&mut rest)?.to_vec();
        let response_time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(time))?;
        variants.push(Arc::new(StoredResponse::restore(
            status,
            reason,
            headers,
            body,
            remote_address,
            request_headers,
            response_time,
        )?));
    }
    Some(variants)
}

fn put(bytes: &mut Vec<u8>, field: &[u8]) {
    bytes.extend_from_slice(&(field.len() as u64).to_le_bytes());
    bytes.extend_from_slice(field);
}

fn put_headers(bytes: &mut Vec<u8>, headers: &HeaderList) {
    let mut inner = Vec::new();
    for (name, value) in headers.iter() {
        put(&mut inner, name);
        put(&mut inner, value);
    }
    put(bytes, &inner);
}

fn take<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (field, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(field)
}

fn take_headers(rest: &mut &[u8]) -> Option<HeaderList> {
    let mut inner = take(rest)?;
    let mut headers = HeaderList::new();
    while !inner.is_empty() {
        let name = take(&mut inner)?.to_vec();
        let value = take(&mut inner)?.to_vec();
        headers.push_raw(name, value);
    }
    Some(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_read_back_as_they_were_and_damage_is_noticed() {
        let headers = [("ETag", "\"x\""), ("Vary", "A"), ("X", "1"), ("X", "2")];
        let headers: HeaderList = headers.into_iter().collect();
        let request = [("A", "b"), ("Cookie", "secret")].into_iter().collect();
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_234_567);
        let response = StoredResponse::begin(&request, 203, b"Why \xff", &headers, now)
            .expect("storable")
            .with_body(b"body".to_vec());
        let bytes = write("key", &[Arc::new(response)]);
        let read_back = read("key", &bytes).expect("whole");
        let [response] = read_back.as_slice() else {
            panic!("one response was written");
        };
        assert_eq!(response.headers, headers);
        assert_eq!(response.request_headers, [("A", "b")].into_iter().collect());
        assert_eq!(
            (response.status, response.reason.as_slice()),
            (203, &b"Why \xff"[..])
        );
        assert_eq!(
            (response.response_time, response.body.as_slice()),
            (now, &b"body"[..])
        );
        assert!(read("other", &bytes).is_none());
        for end in 0..bytes.len() {
            let cut = read("key", &bytes[..end]);
            assert!(cut.is_none_or(|variants| variants.is_empty()), "{end}");
        }
    }
}
