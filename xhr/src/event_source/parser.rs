//! The event stream format, cut anywhere.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation>

use std::time::Duration;

/// An event of a stream.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StreamEvent {
    /// Its type; `message` unless the stream says otherwise.
    pub event_type: String,
    /// Its data, without the last line break.
    pub data: String,
    /// The last event ID as of this event.
    pub last_event_id: String,
}

/// What a stream's bytes come to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Parsed {
    /// An event is whole.
    Event(StreamEvent),
    /// The last event ID has changed, without an event.
    LastEventId(String),
    /// The reconnection time is set.
    ReconnectionTime(Duration),
}

/// An event or a line of the stream is larger than allowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct EventTooLarge;

/// Parses one connection's stream.
#[derive(Debug)]
pub struct EventStreamParser {
    /// Bytes of the line that is not whole yet.
    line: Vec<u8>,
    is_first_line: bool,
    /// Whether the last byte was a CR: an LF after it belongs to the same line end.
    after_cr: bool,
    data: String,
    has_data: bool,
    event_type: String,
    id: String,
    known_id: String,
    max_event_bytes: usize,
}

impl EventStreamParser {
    /// A parser at a stream's start. `last_event_id` is what the connections before have left.
    ///
    /// NOTE: the standard starts each stream with an empty ID; browsers keep the last one, as authors expect.
    #[must_use]
    pub fn new(last_event_id: String, max_event_bytes: usize) -> Self {
        Self {
            line: Vec::new(),
            is_first_line: true,
            after_cr: false,
            data: String::new(),
            has_data: false,
            event_type: String::new(),
            id: last_event_id.clone(),
            known_id: last_event_id,
            max_event_bytes,
        }
    }

    /// Takes the next bytes and adds what they complete to `parsed`. An event that is not whole at the stream's end is dropped with the
    /// parser.
    ///
    /// # Errors
    /// [`EventTooLarge`]; the parser is of no more use then.
    pub fn push(&mut self, bytes: &[u8], parsed: &mut Vec<Parsed>) -> Result<(), EventTooLarge> {
        let mut rest = bytes;
        if self.after_cr && !rest.is_empty() {
            self.after_cr = false;
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
            let (line, end) = rest.split_at_checked(at).unwrap_or((rest, b""));
            self.extend_line(line)?;
            rest = if let Some(after) = end.strip_prefix(b"\r") {
                // The LF may come with the next bytes.
                self.after_cr = after.is_empty();
                after.strip_prefix(b"\n").unwrap_or(after)
            } else {
                end.get(1..).unwrap_or_default()
            };
            let line = std::mem::take(&mut self.line);
            self.end_line(&line, parsed)?;
            self.line = line;
            self.line.clear();
        }
        self.extend_line(rest)
    }

    fn extend_line(&mut self, bytes: &[u8]) -> Result<(), EventTooLarge> {
        if self.line.len() + bytes.len() > self.max_event_bytes {
            return Err(EventTooLarge);
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line(&mut self, line: &[u8], parsed: &mut Vec<Parsed>) -> Result<(), EventTooLarge> {
        let mut line = line;
        // UTF-8 decode: a byte order mark at the start is not part of the text.
        if std::mem::take(&mut self.is_first_line) {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        // Line ends are ASCII, so decoding line by line is as good as decoding the whole.
        let line = String::from_utf8_lossy(line);
        // Empty: dispatch.
        if line.is_empty() {
            self.dispatch(parsed);
            return Ok(());
        }
        match line.split_once(':') {
            // A comment.
            Some(("", _)) => Ok(()),
            // A field and its value, one space after the colon left out.
            Some((field, value)) => {
                self.process_field(field, value.strip_prefix(' ').unwrap_or(value), parsed)
            }
            // A field without a value.
            None => self.process_field(&line, "", parsed),
        }
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/server-sent-events.html#processField>
    fn process_field(
        &mut self,
        field: &str,
        value: &str,
        parsed: &mut Vec<Parsed>,
    ) -> Result<(), EventTooLarge> {
        match field {
            "event" => value.clone_into(&mut self.event_type),
            "data" => {
                if self.data.len() + value.len() >= self.max_event_bytes {
                    return Err(EventTooLarge);
                }
                self.data.push_str(value);
                self.data.push('\n');
                self.has_data = true;
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                // More milliseconds than fit are as good as never.
                let time = value.parse().unwrap_or(u64::MAX);
                parsed.push(Parsed::ReconnectionTime(Duration::from_millis(time)));
            }
            // Any other is ignored.
            _ => {}
        }
        Ok(())
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/server-sent-events.html#dispatchMessage>
    fn dispatch(&mut self, parsed: &mut Vec<Parsed>) {
        let event_type = std::mem::take(&mut self.event_type);
        // 2. No data: only the ID counts.
        if !std::mem::take(&mut self.has_data) {
            if self.id != self.known_id {
                self.known_id.clone_from(&self.id);
                parsed.push(Parsed::LastEventId(self.id.clone()));
            }
            return;
        }
        // 1. The ID.
        self.known_id.clone_from(&self.id);
        // 3. Without the last line break.
        let mut data = std::mem::take(&mut self.data);
        data.pop();
        // 4. – 8. The event.
        parsed.push(Parsed::Event(StreamEvent {
            event_type: if event_type.is_empty() {
                "message".to_owned()
            } else {
                event_type
            },
            data,
            last_event_id: self.id.clone(),
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(event_type: &str, data: &str, id: &str) -> Parsed {
        Parsed::Event(StreamEvent {
            event_type: event_type.to_owned(),
            data: data.to_owned(),
            last_event_id: id.to_owned(),
        })
    }

    fn parse_in(stream: &[u8], size: usize) -> Vec<Parsed> {
        let mut parser = EventStreamParser::new(String::new(), 1 << 20);
        let mut parsed = Vec::new();
        for piece in stream.chunks(size.max(1)) {
            parser.push(piece, &mut parsed).expect("small events");
        }
        parsed
    }

    #[track_caller]
    fn check(stream: &[u8], expected: &[Parsed]) {
        for size in 1..=stream.len() {
            assert_eq!(parse_in(stream, size), expected, "{size}");
        }
    }

    #[test]
    fn the_examples_of_the_standard() {
        check(
            b"data: YHOO\ndata: +2\ndata: 10\n\n",
            &[event("message", "YHOO\n+2\n10", "")],
        );
        check(
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            &[
                event("message", "first event", "1"),
                event("message", "second event", ""),
                event("message", " third event", ""),
            ],
        );
        check(
            b"data\n\ndata\ndata\n\ndata:",
            &[event("message", "", ""), event("message", "\n", "")],
        );
        check(
            b"data:test\n\ndata: test\n\n",
            &[event("message", "test", ""), event("message", "test", "")],
        );
    }

    #[test]
    fn every_line_end_counts_once() {
        check(
            b"data:a\r\ndata:b\rdata:c\n\r\ndata:d\r\r",
            &[event("message", "a\nb\nc", ""), event("message", "d", "")],
        );
    }

    #[test]
    fn one_byte_order_mark_is_dropped() {
        check(b"\xef\xbb\xbfdata:a\n\n", &[event("message", "a", "")]);
        check(
            b"\xef\xbb\xbf\xef\xbb\xbfdata:a\n\ndata:b\n\n",
            &[event("message", "b", "")],
        );
    }

    #[test]
    fn ids_with_nul_bad_retries_and_unknown_fields_are_ignored() {
        let retry = |time| Parsed::ReconnectionTime(Duration::from_millis(time));
        check(
            b"id:1\nid:2\0\nretry:1x\nretry:\nretry:+5\nretry:07\n data:x\nDATA:x\ndata:y\nevent:t\n\n",
            &[retry(7), event("t", "y", "1")],
        );
        check(
            b"id:9\nevent:x\n\ndata:z\n\n",
            &[
                Parsed::LastEventId("9".to_owned()),
                event("message", "z", "9"),
            ],
        );
        check(b"retry:99999999999999999999\n", &[retry(u64::MAX)]);
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_replaced() {
        check(
            b"data:\xf0\x9f\xf0\x9f\x98\x80\xc3\n\n",
            &[event("message", "\u{fffd}\u{1f600}\u{fffd}", "")],
        );
    }

    #[test]
    fn large_events_and_endless_lines_are_refused() {
        let mut parser = EventStreamParser::new(String::new(), 100);
        let mut parsed = Vec::new();
        assert_eq!(parser.push(&[b'x'; 101], &mut parsed), Err(EventTooLarge));
        let mut parser = EventStreamParser::new(String::new(), 100);
        let results: Vec<_> = (0..3)
            .map(|_| {
                parser.push(
                    b"data:0123456789012345678901234567890123456789\n",
                    &mut parsed,
                )
            })
            .collect();
        assert_eq!(results, [Ok(()), Ok(()), Err(EventTooLarge)]);
    }

    #[test]
    fn random_streams_are_parsed_alike_in_all_pieces() {
        let alphabet: [&[u8]; 14] = [
            b"data",
            b"id",
            b"event",
            b"retry",
            b":",
            b" ",
            b"\n",
            b"\r",
            b"\r\n",
            b"7",
            b"\0",
            b"\xef\xbb\xbf",
            b"\xc3",
            b"x",
        ];
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = move || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed >> 33).unwrap_or(0)
        };
        for _ in 0..2_000 {
            let length = next() % 40;
            let stream: Vec<u8> = (0..length)
                .flat_map(|_| alphabet[next() % alphabet.len()].to_vec())
                .collect();
            let whole = parse_in(&stream, usize::MAX);
            for size in [1, 2, 3, 5] {
                assert_eq!(parse_in(&stream, size), whole, "{stream:?}");
            }
        }
    }
}
