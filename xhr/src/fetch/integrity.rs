//! Subresource integrity.
//!
//! Standard: <https://w3c.github.io/webappsec-subresource-integrity/>

use std::io::Read;

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ring::digest::{Algorithm, SHA256, SHA384, SHA512, digest};

use super::internal_response::ResponseBody;
use super::{FetchParams, FetchResult, ResponseTainting};
use crate::error::NetworkError;
use crate::fetch::internal_response::InternalResponse;
use crate::transport::network_error_of;

/// Step 23 of main fetch: a response whose body has to match metadata is read whole first.
///
/// Standard: <https://fetch.spec.whatwg.org/#main-fetch>
pub(super) fn check_integrity(
    params: &FetchParams<'_>,
    mut response: InternalResponse,
) -> FetchResult {
    let request = &params.request;
    if request.integrity_metadata.is_empty() {
        return Ok(response);
    }
    // 23.2. What cannot be read, and what has no body, matches nothing.
    if request.response_tainting == ResponseTainting::Opaque {
        return Err(NetworkError::Integrity);
    }
    let bytes = match std::mem::replace(&mut response.body, ResponseBody::None) {
        ResponseBody::None => return Err(NetworkError::Integrity),
        ResponseBody::Bytes(bytes) => bytes,
        ResponseBody::Stream(reader) => {
            let limit = request
                .max_body_bytes
                .unwrap_or(params.environment.limits.max_body_bytes);
            let mut bytes = Vec::new();
            reader
                .take(limit.saturating_add(1))
                .read_to_end(&mut bytes)
                .map_err(|error| network_error_of(&error))?;
            if bytes.len() as u64 > limit {
                return Err(NetworkError::BodyTooLarge(limit));
            }
            bytes
        }
    };
    // 23.3. – 23.4. The bytes match, or it is a network error.
    if !do_bytes_match(&bytes, &request.integrity_metadata) {
        return Err(NetworkError::Integrity);
    }
    response.body = ResponseBody::Bytes(bytes);
    Ok(response)
}

/// Whether one of the hashes of the strongest kind is that of `bytes`; without any hash of a known kind it is true.
///
/// Standard: <https://w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist>
fn do_bytes_match(bytes: &[u8], metadata: &str) -> bool {
    // 1. – 3. The hashes of known kinds; what follows a question mark is reserved.
    let hashes: Vec<(usize, &str)> = metadata
        .split_ascii_whitespace()
        .filter_map(|item| {
            let (name, hash) = item.split_once('-')?;
            let strength = STRENGTHS.iter().position(|(other, _)| *other == name)?;
            Some((strength, hash.split('?').next().unwrap_or(hash)))
        })
        .collect();
    // 4. The strongest kind.
    let Some(strongest) = hashes.iter().map(|(strength, _)| *strength).max() else {
        return true;
    };
    let Some((_, algorithm)) = STRENGTHS.get(strongest) else {
        return false;
    };
    // 5. – 6. Any of them.
    let actual = digest(algorithm, bytes);
    hashes
        .iter()
        .filter(|(strength, _)| *strength == strongest)
        .any(|(_, hash)| {
            let hash = hash.replace('-', "+").replace('_', "/");
            BASE64
                .decode(hash)
                .is_ok_and(|hash| hash == actual.as_ref())
        })
}

/// From weak to strong.
static STRENGTHS: [(&str, &Algorithm); 3] = [
    ("sha256", &SHA256),
    ("sha384", &SHA384),
    ("sha512", &SHA512),
];

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[cfg(test)]
mod tests {
    use super::*;

    const SHA256_OF_HELLO: &str = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
    const SHA512_OF_NOTHING: &str = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==";

    #[track_caller]
    fn check(metadata: &str, expected: bool) {
        assert_eq!(do_bytes_match(b"hello", metadata), expected, "{metadata}");
    }

    #[test]
    fn one_hash_of_the_strongest_kind_has_to_match() {
        check(&format!("sha256-{SHA256_OF_HELLO}"), true);
        check(&format!("sha256-AAAA sha256-{SHA256_OF_HELLO}?x"), true);
        check(
            &format!("{SHA512_OF_NOTHING} sha256-{SHA256_OF_HELLO}"),
            false,
        );
        check("sha256-", false);
        assert!(do_bytes_match(b"", SHA512_OF_NOTHING));
    }

    #[test]
    fn unknown_kinds_ask_for_nothing() {
        for metadata in ["", " ", "md5-x", "sha256", "SHA256-x"] {
            check(metadata, true);
        }
    }
}
