//! Frames of a server are taken alike whole and byte by byte.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readystate_xhr::web_socket::{Framing, Received};

fn take(bytes: &[u8], size: usize) -> (Vec<Received>, Option<u16>) {
    let mut framing = Framing::new(4096);
    let mut received = Vec::new();
    for piece in bytes.chunks(size) {
        if let Err(error) = framing.receive(piece, &mut received) {
            return (received, Some(error.code));
        }
        drop(framing.take_output());
    }
    (received, None)
}

fuzz_target!(|bytes: &[u8]| {
    assert_eq!(take(bytes, usize::MAX), take(bytes, 1));
});
