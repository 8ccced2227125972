//! Content codings come to an end within their bound.
#![no_main]

use std::io::{Cursor, Read};

use libfuzzer_sys::fuzz_target;
use readystate_xhr::http::HeaderList;
use readystate_xhr::http::content_coding::decode;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, coded)) = bytes.split_first() else {
        return;
    };
    let coding = ["gzip", "deflate", "br", "zstd", "gzip, br"][usize::from(*choice) % 5];
    let headers: HeaderList = [("Content-Encoding", coding)].into_iter().collect();
    let length = coded.len();
    let reader =
        decode(Box::new(Cursor::new(coded.to_vec())), &headers, 1000).expect("few codings");
    let mut decoded = Vec::new();
    let _ = reader.take(64 << 20).read_to_end(&mut decoded);
    assert!(decoded.len() <= (1 << 20) + 1000 * length);
});
