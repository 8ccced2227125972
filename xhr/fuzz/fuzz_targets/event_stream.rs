//! Event streams are parsed alike whole and byte by byte.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readystate_xhr::event_source::{EventStreamParser, Parsed};

fn parse(bytes: &[u8], size: usize) -> (Vec<Parsed>, bool) {
    let mut parser = EventStreamParser::new(String::new(), 4096);
    let mut parsed = Vec::new();
    let is_whole = bytes
        .chunks(size)
        .all(|piece| parser.push(piece, &mut parsed).is_ok());
    (parsed, is_whole)
}

fuzz_target!(|bytes: &[u8]| {
    let (whole, is_whole) = parse(bytes, usize::MAX);
    if is_whole {
        assert_eq!(parse(bytes, 1), (whole, true));
    }
});
