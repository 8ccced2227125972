//! Random bytes for the formats of the network: what is read is written and read again as it was, and however it was cut. Seeds are fixed.

use std::io::{Cursor, Read};

use readystate_xhr::body::{Blob, File, FormData, FormDataEntryValue, encode_multipart_form_data};
use readystate_xhr::compression::{CompressionFormat, CompressionStream};
use readystate_xhr::fetch_api::{parse_form_data, parse_multipart_form_data};
use readystate_xhr::http::HeaderList;
use readystate_xhr::http::content_coding::decode;
use readystate_xhr::mime::MimeType;
use readystate_xhr::web_socket::{Framing, Message, Received};
use readystate_xhr::{Origin, Url};

use crate::fetch_random_bytes::{Random, rounds};

#[test]
fn mime_types_are_read_as_they_are_written() {
    let pieces: [&[u8]; 14] = [
        b"text/html",
        b"a",
        b"/",
        b";",
        b"=",
        b"\"",
        b"\\",
        b" ",
        b"\t",
        b"charset",
        b"utf-8",
        b"\xe9",
        b",",
        b"*",
    ];
    let mut random = Random::new(0x5eed_0001);
    let mut read = 0;
    for _ in rounds(30_000) {
        let bytes = random.bytes(&pieces, 14);
        if let Some(mime_type) = MimeType::parse_bytes(&bytes) {
            read += 1;
            let written = mime_type.to_string();
            assert_eq!(MimeType::parse(&written), Some(mime_type), "{written:?}");
        }
    }
    assert!(read > 200, "{read}");
}

#[test]
fn multipart_bodies_are_read_as_they_are_written() {
    let pieces: [&[u8]; 10] = [
        b"a",
        b"\"",
        b"--",
        b"--edge",
        b" ",
        b";",
        b"=",
        b"name",
        "\u{e9}".as_bytes(),
        b"\\",
    ];
    let mut random = Random::new(0x5eed_0002);
    let text = |random: &mut Random| {
        let bytes = random.bytes(&pieces, 6);
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        // NOTE: line ends are normalized and these escapes undone, so they are left out.
        text.retain(|character| !matches!(character, '\r' | '\n' | '%' | '\0'));
        text
    };
    for _ in rounds(2000) {
        let mut form_data = FormData::default();
        for _ in 0..random.below(4) {
            let name = text(&mut random);
            if random.below(2) == 0 {
                form_data.append(name, text(&mut random));
            } else {
                let bytes = random.bytes(&[b"\r\n", b"--edge", b"\0", b"x"], 8);
                let blob = Blob::new(bytes, "text/plain");
                form_data.append(
                    name,
                    File {
                        blob,
                        name: text(&mut random),
                    },
                );
            }
        }
        let written = encode_multipart_form_data(&form_data, "edge-7f3a");
        let read = parse_multipart_form_data(&written, "edge-7f3a");
        let shown = |form_data: &FormData| -> Vec<_> {
            let entries = form_data.entries().iter();
            entries
                .map(|entry| match &entry.value {
                    FormDataEntryValue::Text(text) => {
                        (entry.name.clone(), text.clone(), Vec::new())
                    }
                    FormDataEntryValue::File(file) => (
                        entry.name.clone(),
                        file.name.clone(),
                        file.blob.bytes().to_vec(),
                    ),
                })
                .collect()
        };
        if form_data.entries().is_empty() {
            continue;
        }
        assert_eq!(
            read.as_ref().map(shown),
            Some(shown(&form_data)),
            "{}",
            String::from_utf8_lossy(&written)
        );
    }
}

#[test]
fn random_bodies_of_forms_are_read_or_refused() {
    let pieces: [&[u8]; 12] = [
        b"--edge",
        b"\r\n",
        b"--",
        b"Content-Disposition: form-data; name=\"",
        b"\"",
        b"; filename=\"f\"",
        b"\r\n\r\n",
        b"Content-Type: text/plain\r\n",
        b"a=b",
        b"&",
        b"%zz",
        b"%22",
    ];
    let mut random = Random::new(0x5eed_0003);
    let types = [
        "multipart/form-data; boundary=edge",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
    ];
    for _ in rounds(20_000) {
        let bytes = random.bytes(&pieces, 16);
        let mime_type = MimeType::parse(types[random.below(types.len())]);
        if let Some(form_data) = parse_form_data(&bytes, mime_type.as_ref()) {
            assert!(form_data.entries().len() <= bytes.len());
        }
    }
}

#[test]
fn coded_bodies_are_decoded_or_refused_within_their_bound() {
    let mut random = Random::new(0x5eed_0004);
    let codings = ["gzip", "deflate", "br", "zstd", "gzip, gzip", "x-gzip"];
    let mut whole = 0;
    for _ in rounds(3000) {
        let plain = random.bytes(&[b"abcabcabc", b"\0\0\0\0\0\0\0\0", b"\x1f\x8b"], 40);
        let coding = codings[random.below(codings.len())];
        let format = match coding {
            "deflate" => CompressionFormat::Deflate,
            _ => CompressionFormat::Gzip,
        };
        let mut stream = CompressionStream::compress(format);
        stream.write(&plain);
        stream.end();
        let mut coded = Vec::new();
        while let Ok(Some(chunk)) = stream.next_chunk() {
            coded.extend(chunk);
        }
        let is_broken = random.below(3) != 0 && !coded.is_empty();
        if is_broken {
            for _ in 0..=random.below(3) {
                let at = random.below(coded.len());
                coded[at] = u8::try_from(random.below(256)).unwrap_or(0);
            }
            coded.truncate(random.below(coded.len()) + 1);
        }
        let headers: HeaderList = [("Content-Encoding", coding)].into_iter().collect();
        let length = coded.len();
        let reader = decode(Box::new(Cursor::new(coded)), &headers, 1000).expect("few codings");
        let mut decoded = Vec::new();
        let result = reader.take(64 << 20).read_to_end(&mut decoded);
        assert!(
            decoded.len() <= (1 << 20) + 1000 * length,
            "{coding}: {length}"
        );
        if !is_broken && matches!(coding, "gzip" | "deflate" | "x-gzip") {
            assert!(result.is_ok(), "{coding}: {result:?}");
            assert_eq!(decoded, plain);
            whole += 1;
        }
    }
    assert!(whole > 200, "{whole}");
}

#[test]
fn frames_are_taken_alike_in_all_pieces() {
    let pieces: [&[u8]; 16] = [
        b"\x81\x02hi",
        b"\x01\x01a",
        b"\x80\x01b",
        b"\x00\x00",
        b"\x82\x03\0\xff\x01",
        b"\x89\x00",
        b"\x8a\x01x",
        b"\x88\x02\x03\xe8",
        b"\x88\x00",
        b"\x81\x7e\x00\x02ok",
        b"\x81\x7f\0\0\0\0\0\0\0\x01z",
        b"\xc1\x00",
        b"\x83\x00",
        b"\x81\x82\0\0\0\0hi",
        b"\x82\x7e\xff\xff",
        b"\x81\x02\xc3\x28",
    ];
    /// What bytes in pieces of at most so many come to, and the error's code.
    fn take(bytes: &[u8], most: usize, random: &mut Random) -> (Vec<Received>, Option<u16>) {
        let mut framing = Framing::new(4096);
        let mut received = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(random.below(most.min(rest.len())) + 1);
            rest = more;
            if let Err(error) = framing.receive(piece, &mut received) {
                return (received, Some(error.code));
            }
            drop(framing.take_output());
        }
        (received, None)
    }
    let mut random = Random::new(0x5eed_0005);
    for _ in rounds(5000) {
        let bytes = random.bytes(&pieces, 10);
        let whole = take(&bytes, usize::MAX, &mut random);
        for most in [1, 3] {
            assert_eq!(take(&bytes, most, &mut random), whole, "{bytes:?}");
        }
        let held: usize = whole
            .0
            .iter()
            .map(|item| match item {
                Received::Message(Message::Text(text)) => text.len(),
                Received::Message(Message::Binary(bytes)) => bytes.len(),
                Received::Close(_) => 0,
            })
            .sum();
        assert!(held <= bytes.len());
    }
}

#[test]
fn origins_are_equal_to_what_they_are_written_as() {
    let pieces: [&[u8]; 18] = [
        b"http",
        b"https",
        b"ws",
        b"file",
        b"blob:",
        b"://",
        b":",
        b"/",
        b"@",
        b"a.test",
        b"A.TEST",
        b"127.0.0.1",
        b"[::1]",
        b":80",
        b":443",
        b":8080",
        b"xn--",
        b"?#",
    ];
    let mut random = Random::new(0x5eed_0006);
    let mut last: Option<Origin> = None;
    let mut tuples = 0;
    for _ in rounds(30_000) {
        let bytes = random.bytes(&pieces, 8);
        let Ok(url) = Url::parse(&String::from_utf8_lossy(&bytes)) else {
            continue;
        };
        let origin = Origin::of(&url);
        let written = origin.serialize();
        if origin.is_opaque() {
            assert_eq!(written, "null");
        } else {
            tuples += 1;
            let again = Origin::of(&Url::parse(&written).expect("an origin is a URL"));
            assert!(origin.same_origin(&again), "{url} {written}");
            assert!(origin.same_site(&again), "{url} {written}");
        }
        if let Some(last) = &last {
            assert_eq!(last.same_origin(&origin), origin.same_origin(last));
            assert!(!last.same_origin(&origin) || last.same_site(&origin));
            assert!(
                origin.is_opaque() || last.same_origin(&origin) == (last.serialize() == written)
            );
        }
        last = Some(origin);
    }
    assert!(tuples > 100, "{tuples}");
}
