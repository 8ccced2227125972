//! Ops of `CompressionStream` and `DecompressionStream`.
//!
//! Standard: <https://compression.spec.whatwg.org/>

use deno_core::{OpDecl, op2};
use readystate_xhr::compression::{CompressionFormat, CompressionStream};

use super::body::{copy_bytes, with_table};
use crate::error::{Failure, fail};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_compression_new(),
        op_compression_write(),
        op_compression_next(),
        op_compression_take(),
    ]
}

/// A stream, and its output that script has not taken yet.
pub(crate) struct Entry {
    stream: CompressionStream,
    output: Vec<u8>,
}

/// `format`: 0 deflate, 1 deflate-raw, 2 gzip.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_compression_new(format: u32, decompresses: bool) -> u32 {
    let format = match format {
        0 => CompressionFormat::Deflate,
        1 => CompressionFormat::DeflateRaw,
        _ => CompressionFormat::Gzip,
    };
    let stream = if decompresses {
        CompressionStream::decompress(format)
    } else {
        CompressionStream::compress(format)
    };
    with_table(|table| {
        table.compressions.insert(Entry {
            stream,
            output: Vec::new(),
        })
    })
}

/// The next input.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_compression_write(id: u32, #[buffer] bytes: &[u8]) {
    with_table(|table| {
        if let Some(entry) = table.compressions.get_mut(id) {
            entry.stream.write(bytes);
        }
    });
}

/// How many bytes of output are to be taken now; 0 if there is none. `is_last`: no further input comes.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_compression_next(id: u32, is_last: bool) -> i32 {
    let outcome = with_table(|table| {
        let Some(entry) = table.compressions.get_mut(id) else {
            return Ok(0);
        };
        if is_last {
            entry.stream.end();
        }
        entry.output = entry.stream.next_chunk()?.unwrap_or_default();
        Ok::<_, readystate_xhr::compression::CompressionError>(entry.output.len())
    });
    match outcome {
        Ok(length) => i32::try_from(length)
            .unwrap_or_else(|_| fail(Failure::new("RangeError", "the output is too long"))),
        Err(error) => fail(Failure::new("TypeError", error.to_string())),
    }
}

/// Copies the output into a view of as many bytes.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_compression_take(id: u32, #[buffer] to: &mut [u8]) {
    with_table(|table| {
        if let Some(entry) = table.compressions.get_mut(id) {
            copy_bytes(&std::mem::take(&mut entry.output), to);
        }
    });
}

/// Its wrapper is gone.
pub(crate) fn free(id: u32) {
    with_table(|table| drop(table.compressions.remove(id)));
}
