//! Compression and decompression of bytes that come in pieces, as [`CompressionStream`] of script does it.
//!
//! Written from the Compression standard, <https://compression.spec.whatwg.org/>, in its text of June 2026. For the content
//! codings of responses see [`crate::http::content_coding`], which follows other rules about what stands behind the data.

use std::collections::VecDeque;
use std::io::Write;

use flate2::write::{DeflateEncoder, GzDecoder, GzEncoder, ZlibEncoder};
use flate2::{Compression, Decompress, FlushDecompress, Status};
use thiserror::Error;

/// Input taken at a time; deflate makes at most 1,032 times as much of it.
const SLICE: usize = 4 << 10;

/// The formats.
///
/// Standard: <https://compression.spec.whatwg.org/#supported-formats>
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CompressionFormat {
    /// `deflate`: zlib, RFC 1950.
    Deflate,
    /// `deflate-raw`: RFC 1951.
    DeflateRaw,
    /// `gzip`: RFC 1952.
    Gzip,
}

/// Why a decompression failed.
#[derive(Clone, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum CompressionError {
    /// The input is not of the format, or a check value does not fit.
    #[error("the compressed data is not valid: {0}")]
    Malformed(String),
    /// The input ends inside of the data. Of gzip this, too, is [`Malformed`](Self::Malformed).
    #[error("the compressed data is cut off")]
    Truncated,
    /// Something follows the data.
    #[error("something follows the compressed data")]
    TrailingData,
}

/// Compresses or decompresses: [`write`](Self::write) input, then take output with [`next_chunk`](Self::next_chunk) until none is left.
///
/// ```
/// use readystate_xhr::compression::{CompressionFormat, CompressionStream};
///
/// fn run(mut stream: CompressionStream, input: &[u8]) -> Vec<u8> {
///     stream.write(input);
///     stream.end();
///     let mut output = Vec::new();
///     while let Some(chunk) = stream.next_chunk().expect("valid data") {
///         output.extend(chunk);
///     }
///     output
/// }
/// let small = run(CompressionStream::compress(CompressionFormat::Gzip), &[7; 1000]);
/// assert!(small.len() < 50);
/// let again = run(CompressionStream::decompress(CompressionFormat::Gzip), &small);
/// assert_eq!(again, [7; 1000]);
/// ```
#[derive(Debug)]
pub struct CompressionStream {
    coder: Coder,
    input: VecDeque<u8>,
    is_last: bool,
    is_finished: bool,
}

#[derive(Debug)]
enum Coder {
    Deflate(ZlibEncoder<Vec<u8>>),
    DeflateRaw(DeflateEncoder<Vec<u8>>),
    Gzip(GzEncoder<Vec<u8>>),
    Inflate {
        inflate: Decompress,
        has_ended: bool,
    },
    Gunzip(GzDecoder<Vec<u8>>),
}

impl CompressionStream {
    /// A compressor.
    #[must_use]
    pub fn compress(format: CompressionFormat) -> Self {
        let level = Compression::default();
        Self::new(match format {
            CompressionFormat::Deflate => Coder::Deflate(ZlibEncoder::new(Vec::new(), level)),
            CompressionFormat::DeflateRaw => {
                Coder::DeflateRaw(DeflateEncoder::new(Vec::new(), level))
            }
            CompressionFormat::Gzip => Coder::Gzip(GzEncoder::new(Vec::new(), level)),
        })
    }

    /// A decompressor.
    #[must_use]
    pub fn decompress(format: CompressionFormat) -> Self {
        let inflate = |has_header| Coder::Inflate {
            inflate: Decompress::new(has_header),
            has_ended: false,
        };
        Self::new(match format {
            CompressionFormat::Deflate => inflate(true),
            CompressionFormat::DeflateRaw => inflate(false),
            CompressionFormat::Gzip => Coder::Gunzip(GzDecoder::new(Vec::new())),
        })
    }

    const fn new(coder: Coder) -> Self {
        Self {
            coder,
            input: VecDeque::new(),
            is_last: false,
            is_finished: false,
        }
    }

    /// Adds input.
    pub fn write(&mut self, input: &[u8]) {
        self.input.extend(input);
    }

    /// No further input comes.
    pub const fn end(&mut self) {
        self.is_last = true;
    }

    /// The next output, some megabytes at most and never empty; `None` if that takes more input, or everything has come out.
    ///
    /// # Errors
    /// [`CompressionError`], of decompression only.
    pub fn next_chunk(&mut self) -> Result<Option<Vec<u8>>, CompressionError> {
        loop {
            let mut output = Vec::new();
            if self.input.is_empty() {
                if !self.is_last || self.is_finished {
                    return Ok(None);
                }
                self.is_finished = true;
                self.coder.finish(&mut output)?;
            } else {
                let count = self.input.len().min(SLICE);
                let slice: Vec<u8> = self.input.drain(..count).collect();
                self.coder.run(&slice, &mut output)?;
            }
            if !output.is_empty() {
                return Ok(Some(output));
            }
        }
    }
}

impl Coder {
    fn run(&mut self, input: &[u8], output: &mut Vec<u8>) -> Result<(), CompressionError> {
        match self {
            Self::Deflate(encoder) => {
                encoder.write_all(input).map_err(malformed)?;
                output.append(encoder.get_mut());
            }
            Self::DeflateRaw(encoder) => {
                encoder.write_all(input).map_err(malformed)?;
                output.append(encoder.get_mut());
            }
            Self::Gzip(encoder) => {
                encoder.write_all(input).map_err(malformed)?;
                output.append(encoder.get_mut());
            }
            Self::Gunzip(decoder) => {
                let mut rest = input;
                while !rest.is_empty() {
                    let count = decoder.write(rest).map_err(malformed)?;
                    if count == 0 {
                        return Err(CompressionError::TrailingData);
                    }
                    rest = rest.get(count..).unwrap_or_default();
                }
                // What the decoder holds back comes out with the next write, even of nothing.
                loop {
                    let before = decoder.get_ref().len();
                    let taken = decoder.write(&[]).map_err(malformed)?;
                    if taken == 0 && decoder.get_ref().len() == before {
                        break;
                    }
                }
                output.append(decoder.get_mut());
            }
            Self::Inflate { inflate, has_ended } => {
                let mut rest = input;
                while !*has_ended {
                    output.reserve(SLICE);
                    let before = inflate.total_in();
                    let status = inflate
                        .decompress_vec(rest, output, FlushDecompress::None)
                        .map_err(malformed)?;
                    let count = usize::try_from(inflate.total_in() - before).unwrap_or(0);
                    rest = rest.get(count..).unwrap_or_default();
                    *has_ended = status == Status::StreamEnd;
                    let has_room = output.len() < output.capacity();
                    if rest.is_empty() && has_room {
                        break;
                    }
                }
                if !rest.is_empty() {
                    return Err(CompressionError::TrailingData);
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self, output: &mut Vec<u8>) -> Result<(), CompressionError> {
        match self {
            Self::Deflate(encoder) => {
                encoder.try_finish().map_err(malformed)?;
                output.append(encoder.get_mut());
            }
            Self::DeflateRaw(encoder) => {
                encoder.try_finish().map_err(malformed)?;
                output.append(encoder.get_mut());
            }
            Self::Gzip(encoder) => {
                encoder.try_finish().map_err(malformed)?;
                output.append(encoder.get_mut());
            }
            Self::Gunzip(decoder) => {
                decoder.try_finish().map_err(malformed)?;
                output.append(decoder.get_mut());
            }
            Self::Inflate { has_ended, .. } => {
                if !*has_ended {
                    return Err(CompressionError::Truncated);
                }
            }
        }
        Ok(())
    }
}

fn malformed(error: impl std::fmt::Display) -> CompressionError {
    CompressionError::Malformed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMATS: [CompressionFormat; 3] = [
        CompressionFormat::Deflate,
        CompressionFormat::DeflateRaw,
        CompressionFormat::Gzip,
    ];

    fn run(mut stream: CompressionStream, pieces: &[&[u8]]) -> Result<Vec<u8>, CompressionError> {
        let mut output = Vec::new();
        for piece in pieces {
            stream.write(piece);
            while let Some(chunk) = stream.next_chunk()? {
                output.extend(chunk);
            }
        }
        stream.end();
        while let Some(chunk) = stream.next_chunk()? {
            output.extend(chunk);
        }
        Ok(output)
    }

    fn sample() -> Vec<u8> {
        (0..100_000_u32)
            .flat_map(|i| i.wrapping_mul(i).to_le_bytes())
            .collect()
    }

    #[test]
    fn what_is_compressed_comes_back_whatever_the_pieces() {
        for format in FORMATS {
            let compressed =
                run(CompressionStream::compress(format), &[&sample()]).expect("no failure");
            let bytewise: Vec<&[u8]> = compressed.chunks(1).collect();
            for pieces in [vec![compressed.as_slice()], bytewise] {
                let output = run(CompressionStream::decompress(format), &pieces);
                assert_eq!(output.as_ref(), Ok(&sample()), "{format:?}");
            }
        }
    }

    #[test]
    fn nothing_compresses_to_something() {
        for format in FORMATS {
            let empty = run(CompressionStream::compress(format), &[]).expect("no failure");
            assert!(!empty.is_empty());
            let output = run(CompressionStream::decompress(format), &[&empty]);
            assert_eq!(output, Ok(Vec::new()));
        }
    }

    #[test]
    fn data_that_is_cut_off_or_goes_on_is_an_error() {
        for format in FORMATS {
            let whole = run(CompressionStream::compress(format), &[b"some text"]).expect("output");
            for length in 0..whole.len() {
                let cut = whole.get(..length).unwrap_or_default();
                let output = run(CompressionStream::decompress(format), &[cut]);
                assert!(output.is_err(), "{format:?} {length}");
            }
            let longer = [whole.as_slice(), b"x"].concat();
            let output = run(CompressionStream::decompress(format), &[&longer]);
            assert_eq!(output, Err(CompressionError::TrailingData), "{format:?}");
            let output = run(CompressionStream::decompress(format), &[&whole, b"x"]);
            assert_eq!(output, Err(CompressionError::TrailingData), "{format:?}");
        }
    }

    #[test]
    fn a_wrong_byte_is_an_error() {
        for (format, at) in [
            (CompressionFormat::Deflate, 0),
            (CompressionFormat::Gzip, 0),
        ] {
            let mut bytes =
                run(CompressionStream::compress(format), &[b"some text"]).expect("output");
            let last = bytes.len() - 1;
            for at in [at, last] {
                let byte = bytes.get_mut(at).expect("there are some");
                *byte ^= 0x55;
                let output = run(CompressionStream::decompress(format), &[&bytes]);
                assert!(output.is_err(), "{format:?} {at}");
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 0x55;
                }
            }
        }
    }

    #[test]
    fn a_bomb_comes_out_in_pieces() {
        let bomb = run(
            CompressionStream::compress(CompressionFormat::Gzip),
            &[&vec![0; 16 << 20]],
        )
        .expect("output");
        let mut stream = CompressionStream::decompress(CompressionFormat::Gzip);
        stream.write(&bomb);
        let mut total = 0;
        while let Some(chunk) = stream.next_chunk().expect("valid") {
            assert!(chunk.len() <= 8 << 20);
            total += chunk.len();
        }
        assert_eq!(total, 16 << 20);
    }
}
