//! Ops of `TextEncoder` and `TextDecoder`.
//!
//! Standard: <https://encoding.spec.whatwg.org/#api>

use deno_core::{OpDecl, op2, v8};
use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding, REPLACEMENT};

use super::body::with_table;
use super::node::opt_str_to;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_encoding_name(),
        op_decoder_new(),
        op_decoder_decode(),
        op_encode_length(),
        op_encode_into(),
    ]
}

/// The state of a `TextDecoder`.
pub(crate) struct TextDecoder {
    encoding: &'static Encoding,
    fatal: bool,
    ignore_bom: bool,
    /// The decoder of a stream that goes on ("do not flush").
    stream: Option<Decoder>,
}

impl TextDecoder {
    /// Decodes the next bytes; `None` for a malformed sequence of a fatal decoder.
    ///
    /// Standard: <https://encoding.spec.whatwg.org/#dom-textdecoder-decode>
    fn decode(&mut self, mut bytes: &[u8], goes_on: bool) -> Option<String> {
        // 1. A new decoder, unless the call before left one.
        let mut decoder = self.stream.take().unwrap_or_else(|| {
            if self.ignore_bom {
                self.encoding.new_decoder_without_bom_handling()
            } else {
                self.encoding.new_decoder_with_bom_removal()
            }
        });
        // 3. – 5. Decode.
        let mut text = String::new();
        loop {
            text.reserve(
                decoder
                    .max_utf8_buffer_length(bytes.len())
                    .unwrap_or(bytes.len()),
            );
            let (finished, read) = if self.fatal {
                let (result, read) =
                    decoder.decode_to_string_without_replacement(bytes, &mut text, !goes_on);
                if let DecoderResult::Malformed(..) = result {
                    return None;
                }
                (result == DecoderResult::InputEmpty, read)
            } else {
                let (result, read, _) = decoder.decode_to_string(bytes, &mut text, !goes_on);
                (result == CoderResult::InputEmpty, read)
            };
            bytes = bytes.get(read..).unwrap_or_default();
            if finished {
                break;
            }
        }
        // 2. Keep it for the next call.
        if goes_on {
            self.stream = Some(decoder);
        }
        Some(text)
    }
}

/// The name, in lower case, of the encoding that `label` means; null if there is none or it is `replacement`.
#[op2]
fn op_encoding_name<'s>(
    scope: &v8::PinScope<'s, '_>,
    #[string] label: &str,
) -> v8::Local<'s, v8::Value> {
    let encoding =
        Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != REPLACEMENT);
    opt_str_to(
        scope,
        encoding
            .map(|encoding| encoding.name().to_ascii_lowercase())
            .as_deref(),
    )
}

/// A decoder of a name that `op_encoding_name` gave.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_decoder_new(#[string] name: &str, fatal: bool, ignore_bom: bool) -> u32 {
    let encoding = Encoding::for_label(name.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    with_table(|table| {
        table.decoders.insert(TextDecoder {
            encoding,
            fatal,
            ignore_bom,
            stream: None,
        })
    })
}

/// Decodes bytes; null for a malformed sequence of a fatal decoder.
#[op2]
fn op_decoder_decode<'s>(
    scope: &v8::PinScope<'s, '_>,
    decoder: u32,
    #[buffer] bytes: &[u8],
    goes_on: bool,
) -> v8::Local<'s, v8::Value> {
    let text = with_table(|table| table.decoders.get_mut(decoder)?.decode(bytes, goes_on));
    opt_str_to(scope, text.as_deref())
}

/// Its wrapper is gone.
pub(crate) fn free(decoder: u32) {
    with_table(|table| table.decoders.remove(decoder));
}

/// How many bytes `text` has in UTF-8.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_encode_length(#[string] text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// Writes as many whole characters of `text` as fit; `counts` becomes code units read and bytes written.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_encode_into(#[string] text: &str, #[buffer] to: &mut [u8], #[buffer] counts: &mut [u32]) {
    let end = text.floor_char_boundary(to.len().min(text.len()));
    let written = text.get(..end).unwrap_or_default();
    super::body::copy_bytes(written.as_bytes(), to);
    let units = written.chars().map(char::len_utf16).sum::<usize>();
    for (slot, count) in counts.iter_mut().zip([units, written.len()]) {
        *slot = u32::try_from(count).unwrap_or(u32::MAX);
    }
}
