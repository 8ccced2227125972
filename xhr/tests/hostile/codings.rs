//! Content codings: broken, cut short, stacked, and bombs.

use std::io::Write;

use flate2::Compression;

use super::{Case, Expected, Kind, check, cut, sends, whole};

fn coded(name: &'static str, coding: &str, body: &[u8], expected: Expected) -> Case {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    sends(name, [head.as_bytes(), body].concat(), expected)
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// "hello hello hello hello hello" in brotli.
const BROTLI: &[u8] =
    b"\x1b\x1c\x00\xf8\x8d\x94\x6e\xde\x44\x55\x86\x96\x6c\x20\x6f\x41\x4f\x1c\x20\x71";

/// 32 MiB of zeros in brotli.
pub(super) const BROTLI_BOMB: &[u8] =
    b"\xcf\xff\xff\x7f\xf8\x27\x00\xe2\xb1\x40\x20\xf7\xfe\x9f\xff\xff\xff\xf0\x4f\x00\xc4\x61\x01\x80\xee\xfd\xff";

/// A zstd frame of one raw block.
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd\x20\x05\x29\x00\x00hello";

/// A zstd frame of `count` blocks that each say "128 KiB of zeros", without the size of the whole.
pub(super) fn zstd_bomb(count: usize) -> Vec<u8> {
    // Window of 1 MiB; block headers: last, type 1 (RLE), size.
    let mut frame = b"\x28\xb5\x2f\xfd\x00\x50".to_vec();
    for at in 1..=count {
        let header = u32::from(at == count) | 1 << 1 | (128 << 10) << 3;
        frame.extend_from_slice(&header.to_le_bytes()[..3]);
        frame.push(0);
    }
    frame
}

#[test]
fn broken_codings() {
    let broken = || cut(200, "", Kind::Coding);
    let text = b"hello hello hello hello hello".as_slice();
    let (zip, deflated) = (gzip(text), zlib(text));
    let mut checksum = zip.clone();
    if let Some(byte) = checksum.iter_mut().rev().nth(5) {
        *byte ^= 1;
    }
    check(vec![
        coded("good gzip", "gzip", &zip, whole(200, text)),
        coded("good deflate", "deflate", &deflated, whole(200, text)),
        coded(
            "deflate without its header",
            "deflate",
            &deflated[2..deflated.len() - 4],
            whole(200, text),
        ),
        coded("good brotli", "br", BROTLI, whole(200, text)),
        coded("good zstd", "zstd", ZSTD, whole(200, "hello")),
        coded("gzip that is none", "gzip", b"not gzip at all", broken()),
        coded(
            "deflate that is none",
            "deflate",
            b"\xff\xff\xff not deflate",
            broken(),
        ),
        coded(
            "brotli that is none",
            "br",
            b"\xff\xff\xff\xff not brotli",
            broken(),
        ),
        coded("zstd that is none", "zstd", b"not zstd at all", broken()),
        coded("gzip with a bad checksum", "gzip", &checksum, broken()),
        coded(
            "gzip with a bad flag",
            "gzip",
            b"\x1f\x8b\x08\xff\0\0\0\0\0\x03",
            broken(),
        ),
        coded(
            "gzip with a name without end",
            "gzip",
            &[
                b"\x1f\x8b\x08\x08\0\0\0\0\0\x03",
                [b'x'; 100_000].as_slice(),
            ]
            .concat(),
            broken(),
        ),
        coded("truncated gzip", "gzip", &zip[..zip.len() - 9], broken()),
        coded(
            "gzip without its trailer",
            "gzip",
            &zip[..zip.len() - 8],
            broken(),
        ),
        coded("only gzip's header", "gzip", &zip[..10], broken()),
        coded(
            "truncated deflate",
            "deflate",
            &deflated[..deflated.len() - 6],
            broken(),
        ),
        coded(
            "truncated brotli",
            "br",
            &BROTLI[..BROTLI.len() - 4],
            broken(),
        ),
        coded("truncated zstd", "zstd", &ZSTD[..ZSTD.len() - 2], broken()),
        coded("only zstd's magic number", "zstd", &ZSTD[..4], broken()),
        coded("gzip twice", "gzip, gzip", &gzip(&zip), whole(200, text)),
        coded(
            "gzip said twice and done once",
            "gzip, gzip",
            &zip,
            broken(),
        ),
        coded(
            "five codings",
            "gzip, gzip, gzip, gzip, gzip",
            &gzip(&gzip(&gzip(&gzip(&zip)))),
            whole(200, text),
        ),
        coded(
            "a hundred codings",
            &["gzip"; 100].join(","),
            &zip,
            Expected::Error(Kind::Coding),
        ),
        coded("an unknown coding", "rot13", b"uryyb", whole(200, "uryyb")),
        coded("gzip by its old name", "X-GZIP", &zip, whole(200, text)),
        coded("an empty body", "gzip", b"", whole(200, "")),
        coded(
            "bytes behind gzip",
            "gzip",
            &[&zip, b"junk".as_slice()].concat(),
            whole(200, text),
        ),
        sends(
            "gzip cut off by the connection",
            [
                b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 999\r\n\r\n",
                zip.as_slice(),
            ]
            .concat(),
            cut(200, "hello", Kind::Truncated),
        ),
    ]);
}

#[test]
fn bombs() {
    let zeros = vec![0; 32 << 20];
    check(vec![
        coded(
            "a gzip bomb",
            "gzip",
            &gzip(&zeros),
            cut(200, [0; 1000], Kind::BodyTooLarge),
        ),
        coded(
            "a deflate bomb",
            "deflate",
            &zlib(&zeros),
            cut(200, [0; 1000], Kind::BodyTooLarge),
        ),
        coded(
            "a brotli bomb",
            "br",
            BROTLI_BOMB,
            cut(200, [0; 1000], Kind::Ratio),
        ),
        coded(
            "a zstd bomb",
            "zstd",
            &zstd_bomb(256),
            cut(200, [0; 1000], Kind::Ratio),
        ),
        coded(
            "a bomb within a bomb",
            "gzip, gzip",
            &gzip(&gzip(&zeros)),
            cut(200, [0; 1000], Kind::Ratio),
        ),
        sends(
            "more than the limit, uncoded",
            [b"HTTP/1.1 200 OK\r\n\r\n", vec![b'x'; 17 << 20].as_slice()].concat(),
            cut(200, "xxxx", Kind::BodyTooLarge),
        ),
    ]);
}
