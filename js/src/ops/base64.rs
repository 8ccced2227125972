//! `btoa` and `atob`. Binary strings cross as strings of Latin-1 code units.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#atob>, <https://infra.spec.whatwg.org/#forgiving-base64>

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use deno_core::{OpDecl, op2, v8};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![op_btoa(), op_atob()]
}

/// Base64 as `btoa` and `data:` URLs write it.
pub(crate) fn encode(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// The base64 of a binary string, or null if it has a code unit above 255.
#[op2]
#[string]
fn op_btoa(scope: &v8::PinScope<'_, '_>, data: v8::Local<'_, v8::String>) -> Option<String> {
    if !data.contains_only_onebyte() {
        return None;
    }
    let mut bytes = vec![0; data.length()];
    data.write_one_byte_v2(scope, 0, &mut bytes, v8::WriteFlags::empty());
    Some(encode(&bytes))
}

/// The binary string of a base64 text, or null if it is not one.
#[op2]
fn op_atob<'s>(scope: &v8::PinScope<'s, '_>, #[string] data: &str) -> v8::Local<'s, v8::Value> {
    forgiving_decode(data)
        .and_then(|bytes| v8::String::new_from_one_byte(scope, &bytes, v8::NewStringType::Normal))
        .map_or_else(|| v8::null(scope).into(), Into::into)
}

/// Standard: <https://infra.spec.whatwg.org/#forgiving-base64-decode>
fn forgiving_decode(data: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::RequireNone),
    );
    // 1. ASCII white space goes.
    let mut data: Vec<u8> = data
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    // 2. One or two signs of padding may stand at the end of a whole number of groups.
    if data.len().is_multiple_of(4) {
        for _ in 0..2 {
            if data.last() == Some(&b'=') {
                data.pop();
            }
        }
    }
    // 3. A rest of one character, or anything outside the alphabet: no.
    LENIENT.decode(data).ok()
}
