//! The text response: received bytes, decoded as they come.

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};

use super::{ReadyState, ResponseType, XmlHttpRequest};
use crate::mime::determine_xml_encoding;

/// What has been decoded so far. Decoding goes on where it was, so that each byte is decoded once.
#[derive(Default)]
pub(super) struct TextDecoding {
    decoder: Option<(&'static Encoding, Decoder)>,
    text: String,
    /// How many of the received bytes are in `text` or in the decoder.
    decoded: usize,
    /// Whether the decoder was told that no more bytes come.
    ended: bool,
}

impl XmlHttpRequest {
    /// Gets the text response.
    ///
    /// While the response is loading, the bytes of a character that is not whole yet are left out; the standard would
    /// give U+FFFD for them, and the character later.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#text-response>
    pub(super) fn text_response(&mut self) -> &str {
        // 1. No body, no text.
        if self.body_is_null() {
            return "";
        }
        let charset = self.text_encoding();
        let done = self.state == ReadyState::Done;
        let decoding = &mut self.text;
        // OPTIMIZATION: a change of mind (an XML declaration that was not whole at first) starts over.
        if decoding
            .decoder
            .as_ref()
            .is_some_and(|(encoding, _)| *encoding != charset)
        {
            *decoding = TextDecoding::default();
        }
        // 5. Decode: a byte order mark decides, else the charset.
        decoding.feed(charset, &self.received_bytes, done);
        &self.text.text
    }

    /// Steps 2 to 4 of "get a text response".
    fn text_encoding(&self) -> &'static Encoding {
        // 2. What the MIME types say.
        if let Some(encoding) = self.final_encoding() {
            return encoding;
        }
        // 3. With no response type, XML is asked for its own declaration.
        if self.response_type == ResponseType::Empty
            && self.final_mime_type().is_xml()
            && let Some(encoding) = determine_xml_encoding(&self.received_bytes)
        {
            return encoding;
        }
        // 4.
        UTF_8
    }
}

impl TextDecoding {
    fn feed(&mut self, charset: &'static Encoding, bytes: &[u8], done: bool) {
        let mut rest = bytes.get(self.decoded..).unwrap_or_default();
        if self.ended || (rest.is_empty() && !done) {
            return;
        }
        let (_, decoder) = self
            .decoder
            .get_or_insert_with(|| (charset, charset.new_decoder()));
        loop {
            let room = decoder
                .max_utf8_buffer_length(rest.len())
                .unwrap_or(rest.len());
            self.text.reserve(room);
            let (result, read, _) = decoder.decode_to_string(rest, &mut self.text, done);
            self.decoded += read;
            rest = rest.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        self.ended = done;
    }
}

impl std::fmt::Debug for TextDecoding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("TextDecoding")
            .field(
                "encoding",
                &self.decoder.as_ref().map(|(encoding, _)| encoding.name()),
            )
            .field("decoded", &self.decoded)
            .finish_non_exhaustive()
    }
}
