//! Content codings: gzip, deflate, br, zstd, undone while streaming.
//!
//! Standard: <https://fetch.spec.whatwg.org/#handle-content-codings>

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::HeaderList;
use crate::error::NetworkError;

/// What goes into `Accept-Encoding`.
pub const ACCEPT_ENCODING: &str = "gzip, deflate, br, zstd";

/// Expansion is not looked at below this many bytes of output.
const RATIO_FLOOR: u64 = 8 << 20;

/// Codings on top of each other that are undone; more are an error.
const MAX_LAYERS: usize = 5;

/// Bytes behind the coded ones that are read and dropped; with more the connection is not kept.
const MAX_TRAILING: u64 = 64 << 10;

type Source = Box<dyn Read + Send>;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }
}

/// A reader of `body` with the codings that `headers` name undone.
///
/// An unknown coding leaves the body as it is, as browsers do. Read errors carry a [`NetworkError`], see
/// [`network_error_of`](crate::transport::network_error_of).
///
/// # Errors
/// [`NetworkError::ContentCoding`] for more than five codings on top of each other.
pub fn decode(body: Source, headers: &HeaderList, max_ratio: u64) -> Result<Source, NetworkError> {
    let codings = match codings(headers) {
        Some(codings) if !codings.is_empty() => codings,
        _ => return Ok(body),
    };
    if codings.len() > MAX_LAYERS {
        return Err(NetworkError::ContentCoding {
            coding: "gzip",
            detail: format!("more than {MAX_LAYERS} codings on top of each other"),
        });
    }
    let encoded = Arc::new(AtomicU64::new(0));
    let mut reader: Source = Box::new(Counted {
        inner: body,
        count: Arc::clone(&encoded),
    });
    // The coding applied last is named last and undone first.
    for coding in codings.into_iter().rev() {
        reader = Box::new(Decoder {
            coding,
            state: State::Start(reader),
        });
    }
    Ok(Box::new(RatioLimit {
        inner: reader,
        encoded,
        decoded: 0,
        max_ratio,
    }))
}

/// The codings in the order they were applied; `None` if one is unknown.
fn codings(headers: &HeaderList) -> Option<Vec<Coding>> {
    let mut codings = Vec::new();
    for name in headers.get_decode_split("content-encoding")? {
        match name.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => codings.push(Coding::Gzip),
            "deflate" => codings.push(Coding::Deflate),
            "br" => codings.push(Coding::Brotli),
            "zstd" => codings.push(Coding::Zstd),
            "" | "identity" => {}
            _ => return None,
        }
    }
    Some(codings)
}

struct Counted {
    inner: Source,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

struct RatioLimit {
    inner: Source,
    encoded: Arc<AtomicU64>,
    decoded: u64,
    max_ratio: u64,
}

impl Read for RatioLimit {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.decoded += count as u64;
        let encoded = self.encoded.load(Ordering::Relaxed).max(1);
        if self.decoded > RATIO_FLOOR && self.decoded / encoded > self.max_ratio {
            return Err(io::Error::other(NetworkError::DecompressionRatio(
                self.max_ratio,
            )));
        }
        Ok(count)
    }
}

struct Decoder {
    coding: Coding,
    state: State,
}

enum State {
    /// The first bytes are still to be seen: an empty body has no coding, and deflate comes in two forms.
    Start(Source),
    Running(Box<dyn Drain>),
    Ended,
}

/// A decoder that can be asked for what follows the coded bytes.
trait Drain: Read + Send {
    /// Reads and drops the rest of the source, so that errors in it show and the connection can be kept.
    fn drain(&mut self) -> io::Result<()>;
}

impl Read for Decoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if let State::Start(_) = self.state {
            let State::Start(source) = std::mem::replace(&mut self.state, State::Ended) else {
                return Ok(0);
            };
            match start(self.coding, source)? {
                Some(running) => self.state = State::Running(running),
                None => return Ok(0),
            }
        }
        let State::Running(decoder) = &mut self.state else {
            return Ok(0);
        };
        match decoder.read(buffer) {
            Ok(0) => {
                let drained = decoder.drain();
                self.state = State::Ended;
                drained.map(|()| 0)
            }
            Ok(count) => Ok(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.state = State::Ended;
                Err(name(self.coding, error))
            }
        }
    }
}

/// A decoder's own error as a content coding error; one of the source stays what it is.
fn name(coding: Coding, error: io::Error) -> io::Error {
    let mut inner: Option<&(dyn std::error::Error + 'static)> =
        error.get_ref().map(|inner| inner as _);
    while let Some(cause) = inner {
        if let Some(named) = cause.downcast_ref::<NetworkError>() {
            return io::Error::other(named.clone());
        }
        inner = match cause.downcast_ref::<io::Error>() {
            Some(wrapped) => wrapped.get_ref().map(|inner| inner as _),
            None => cause.source(),
        };
    }
    io::Error::other(NetworkError::ContentCoding {
        coding: coding.name(),
        detail: error.to_string(),
    })
}

fn start(coding: Coding, source: Source) -> io::Result<Option<Box<dyn Drain>>> {
    let mut source = BufReader::with_capacity(32 << 10, source);
    let first = source.fill_buf()?;
    let Some(&first_byte) = first.first() else {
        return Ok(None);
    };
    Ok(Some(match coding {
        Coding::Gzip => Box::new(Gzip(flate2::bufread::GzDecoder::new(source))),
        Coding::Deflate => {
            let second_byte = match first.get(1) {
                Some(&byte) => Some(byte),
                None => {
                    // One byte came alone: take it, look at the next, and put it back in front.
                    source.consume(1);
                    let second = source.fill_buf()?.first().copied();
                    let front = Cursor::new([first_byte]);
                    let joined: Source = Box::new(front.chain(source));
                    source = BufReader::with_capacity(32 << 10, joined);
                    second
                }
            };
            if is_zlib(first_byte, second_byte) {
                Box::new(Zlib(flate2::bufread::ZlibDecoder::new(source)))
            } else {
                Box::new(Raw(flate2::bufread::DeflateDecoder::new(source)))
            }
        }
        Coding::Brotli => {
            let source = Shared(Arc::new(Mutex::new(source)));
            let decoder = brotli_decompressor::Decompressor::new(source.clone(), 16 << 10);
            Box::new(Brotli(decoder, source))
        }
        Coding::Zstd => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(source)
                .map_err(|error| name(coding, io::Error::other(error.to_string())))?;
            Box::new(Zstd(decoder))
        }
    }))
}

/// Whether two bytes are a zlib header: method deflate and a good check value.
const fn is_zlib(first: u8, second: Option<u8>) -> bool {
    let Some(second) = second else {
        return false;
    };
    first & 0x0f == 8 && (first as u16 * 256 + second as u16).is_multiple_of(31)
}

type Buffered = BufReader<Source>;

struct Gzip(flate2::bufread::GzDecoder<Buffered>);
struct Zlib(flate2::bufread::ZlibDecoder<Buffered>);
struct Raw(flate2::bufread::DeflateDecoder<Buffered>);
struct Brotli(brotli_decompressor::Decompressor<Shared>, Shared);
struct Zstd(ruzstd::decoding::StreamingDecoder<Buffered, ruzstd::decoding::FrameDecoder>);

/// A source that two can read: the brotli decompressor does not give its own back.
#[derive(Clone)]
struct Shared(Arc<Mutex<Buffered>>);

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut source = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        source.read(buffer)
    }
}

fn drain_source(source: &mut impl Read) -> io::Result<()> {
    io::copy(&mut source.take(MAX_TRAILING), &mut io::sink()).map(|_| ())
}

macro_rules! draining {
    ($($name:ident: $source:expr;)*) => {$(
        impl Read for $name {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.0.read(buffer)
            }
        }

        impl Drain for $name {
            fn drain(&mut self) -> io::Result<()> {
                let source: fn(&mut Self) -> &mut Buffered = $source;
                drain_source(source(self))
            }
        }
    )*};
}

draining! {
    Gzip: |decoder| decoder.0.get_mut();
    Zlib: |decoder| decoder.0.get_mut();
    Raw: |decoder| decoder.0.get_mut();
    Zstd: |decoder| decoder.0.get_mut();
}

impl Read for Brotli {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Drain for Brotli {
    fn drain(&mut self) -> io::Result<()> {
        drain_source(&mut self.1)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    #[track_caller]
    fn read(coding: &str, bytes: &[u8]) -> Result<Vec<u8>, NetworkError> {
        let headers: HeaderList = [("Content-Encoding", coding)].into_iter().collect();
        let body: Source = Box::new(Cursor::new(bytes.to_vec()));
        let mut decoded = Vec::new();
        decode(body, &headers, 1000)?
            .read_to_end(&mut decoded)
            .map_err(|error| crate::transport::network_error_of(&error))?;
        Ok(decoded)
    }

    #[test]
    fn codings_are_undone_in_reverse_order() {
        let mut deflate = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        deflate.write_all(b"hello").expect("memory");
        let zlib = deflate.finish().expect("memory");
        assert_eq!(read("deflate", &zlib).as_deref(), Ok(&b"hello"[..]));
        assert_eq!(
            read("deflate, GZIP", &gzip(&zlib)).as_deref(),
            Ok(&b"hello"[..])
        );
        let raw = &zlib[2..zlib.len() - 4];
        assert_eq!(read("deflate", raw).as_deref(), Ok(&b"hello"[..]));
    }

    #[test]
    fn brotli_and_zstd_are_undone() {
        // An uncompressed meta-block, and a raw block in a frame without checksum, made by hand from the formats.
        assert_eq!(
            read("br", b"\x0b\x02\x80hello\x03").as_deref(),
            Ok(&b"hello"[..])
        );
        let zstd = b"\x28\xb5\x2f\xfd\x20\x05\x29\x00\x00hello";
        assert_eq!(read("zstd", zstd).as_deref(), Ok(&b"hello"[..]));
    }

    #[test]
    fn empty_bodies_and_unknown_codings_pass() {
        for coding in ["gzip", "deflate", "br", "zstd"] {
            assert_eq!(read(coding, b"").as_deref(), Ok(&b""[..]), "{coding}");
        }
        assert_eq!(read("rot13", b"uryyb").as_deref(), Ok(&b"uryyb"[..]));
    }

    #[test]
    fn garbage_is_an_error_and_bytes_after_gzip_are_not() {
        for coding in ["gzip", "br", "zstd"] {
            let result = read(coding, b"\xff\xffnot compressed at all");
            assert!(
                matches!(result, Err(NetworkError::ContentCoding { .. })),
                "{coding}"
            );
        }
        let mut bytes = gzip(b"hello");
        bytes.extend_from_slice(b"junk");
        assert_eq!(read("gzip", &bytes).as_deref(), Ok(&b"hello"[..]));
        let cut = &gzip(b"hello")[..12];
        assert!(read("gzip", cut).is_err());
    }

    #[test]
    fn a_bomb_is_stopped() {
        let bomb = gzip(&gzip(&vec![0; 64 << 20]));
        let result = read("gzip, gzip", &bomb);
        assert_eq!(result, Err(NetworkError::DecompressionRatio(1000)));
    }
}
