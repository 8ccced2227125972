//! Lying lengths, broken chunks, and bodies where there must be none.

use readystate_xhr::transport::scripted::Answer;

use super::{Case, Expected, Kind, case, check, cut, sends, whole};

fn chunked(name: &'static str, body: impl AsRef<[u8]>, expected: Expected) -> Case {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    sends(name, [&head[..], body.as_ref()].concat(), expected)
}

fn with(name: &'static str, headers: &str, body: &str, expected: Expected) -> Case {
    sends(
        name,
        format!("HTTP/1.1 200 OK\r\n{headers}\r\n{body}"),
        expected,
    )
}

#[test]
fn lengths() {
    let bad = || Expected::Error(Kind::Malformed);
    check(vec![
        with(
            "shorter than promised",
            "Content-Length: 9\r\n",
            "four",
            cut(200, "four", Kind::Truncated),
        ),
        with(
            "nothing of what was promised",
            "Content-Length: 9\r\n",
            "",
            cut(200, "", Kind::Truncated),
        ),
        with(
            "longer than promised",
            "Content-Length: 4\r\n",
            "four and more",
            whole(200, "four"),
        ),
        with(
            "a length of 0 and a body",
            "Content-Length: 0\r\n",
            "body",
            whole(200, ""),
        ),
        with(
            "another response behind the body",
            "Content-Length: 1\r\n",
            "xHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ny",
            whole(200, "x"),
        ),
        with(
            "the same length twice",
            "Content-Length: 4\r\nContent-Length: 4\r\n",
            "body",
            whole(200, "body"),
        ),
        with(
            "the same length in one line",
            "Content-Length: 4, 4\r\n",
            "body",
            whole(200, "body"),
        ),
        with(
            "two lengths",
            "Content-Length: 4\r\nContent-Length: 2\r\n",
            "body",
            bad(),
        ),
        with(
            "two lengths in one line",
            "Content-Length: 4, 2\r\n",
            "body",
            bad(),
        ),
        with(
            "two spellings of a length",
            "Content-Length: 4\r\nContent-Length: 04\r\n",
            "body",
            bad(),
        ),
        with(
            "a length and nothing",
            "Content-Length: 4,\r\n",
            "body",
            bad(),
        ),
        with(
            "leading zeros",
            "Content-Length: 0004\r\n",
            "body!",
            whole(200, "body"),
        ),
        with(
            "a negative length",
            "Content-Length: -1\r\n",
            "body",
            whole(200, "body"),
        ),
        with(
            "a signed length",
            "Content-Length: +4\r\n",
            "body!",
            whole(200, "body!"),
        ),
        with(
            "a hexadecimal length",
            "Content-Length: 0x4\r\n",
            "body!",
            whole(200, "body!"),
        ),
        with(
            "a word for a length",
            "Content-Length: four\r\n",
            "body!",
            whole(200, "body!"),
        ),
        with(
            "an empty length",
            "Content-Length:\r\n",
            "body!",
            whole(200, "body!"),
        ),
        with(
            "a length beyond 64 bits",
            "Content-Length: 99999999999999999999999\r\n",
            "body",
            bad(),
        ),
        with(
            "the largest length",
            "Content-Length: 18446744073709551615\r\n",
            "body",
            cut(200, "body", Kind::Truncated),
        ),
        with("no length", "", "body", whole(200, "body")),
        with(
            "HTTP/1.0 that keeps alive",
            "Connection: keep-alive\r\nContent-Length: 4\r\n",
            "body",
            whole(200, "body"),
        ),
        case(
            "a reset without a length",
            Answer::bytes("HTTP/1.1 200 OK\r\n\r\nbody").then_reset(),
            cut(200, "body", Kind::Truncated),
        ),
        case(
            "a reset within a length",
            Answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbody").then_reset(),
            cut(200, "body", Kind::Truncated),
        ),
        case(
            "a body that stops coming",
            Answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbody").then_hang(),
            cut(200, "body", Kind::Timeout),
        ),
        case(
            "HTTP/1.0 kept alive",
            Answer::bytes(
                "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx",
            ),
            whole(200, "x"),
        ),
    ]);
}

#[test]
fn chunks() {
    let bad = |body: &'static str| cut(200, body, Kind::Malformed);
    let gone = |body: &'static str| cut(200, body, Kind::Truncated);
    check(vec![
        chunked("good chunks", "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n", whole(200, "abcde")),
        chunked("upper-case sizes", "A\r\n0123456789\r\n0\r\n\r\n", whole(200, "0123456789")),
        chunked("leading zeros", "0002\r\nab\r\n000\r\n\r\n", whole(200, "ab")),
        chunked("extensions", "2;a=b;c=\"d\"\r\nab\r\n0;x\r\n\r\n", whole(200, "ab")),
        chunked("trailers", "2\r\nab\r\n0\r\nX: a\r\nY: b\r\n\r\n", whole(200, "ab")),
        chunked("bytes behind the last chunk", "2\r\nab\r\n0\r\n\r\nmore", whole(200, "ab")),
        chunked("a word for a size", "zz\r\nab\r\n0\r\n\r\n", bad("")),
        chunked("a bad size later", "2\r\nab\r\n?\r\n", bad("ab")),
        chunked("a negative size", "-2\r\nab\r\n0\r\n\r\n", bad("")),
        chunked("a prefixed size", "0x2\r\nab\r\n0\r\n\r\n", bad("")),
        chunked("a size beyond 64 bits", "fffffffffffffffff\r\nab\r\n", bad("")),
        chunked("an enormous size", "7fffffffffffffff\r\nab", gone("ab")),
        chunked("no line end after a chunk", "2\r\nabcd\r\n0\r\n\r\n", bad("ab")),
        chunked("the last chunk missing", "2\r\nab\r\n", gone("ab")),
        chunked("a chunk cut short", "9\r\nab", gone("ab")),
        chunked("a size cut short", "2\r\nab\r\n1", gone("ab")),
        chunked("no chunks", "", gone("")),
        chunked("an extension without end", format!("2;{}", "x".repeat(300_000)), bad("")),
        chunked("a size without end", "0".repeat(300_000), bad("")),
        chunked("tiny chunks without end", "1\r\nx\r\n".repeat(100_000), gone("x")),
        with("chunked and a length", "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "4\r\nbody\r\n0\r\n\r\n", whole(200, "body")),
        with("chunked and two lengths", "Transfer-Encoding: chunked\r\nContent-Length: 2\r\nContent-Length: 3\r\n", "4\r\nbody\r\n0\r\n\r\n", whole(200, "body")),
        with("an unknown transfer coding", "Transfer-Encoding: gzip\r\n", "body", Expected::Error(Kind::Malformed)),
        with("chunked twice", "Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n", Expected::Error(Kind::Malformed)),
        with("chunked before another coding", "Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n", Expected::Error(Kind::Malformed)),
        with("identity", "Transfer-Encoding: identity\r\nContent-Length: 4\r\n", "body and more", whole(200, "body")),
        with("chunked in any case", "Transfer-Encoding: ChunKed\r\n", "4\r\nbody\r\n0\r\n\r\n", whole(200, "body")),
        case(
            "a reset between chunks",
            Answer::bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n").then_reset(),
            gone("ab"),
        ),
        case(
            "chunks that stop coming",
            Answer::bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n").then_hang(),
            cut(200, "ab", Kind::Timeout),
        ),
        case(
            "chunks cut at every byte",
            Answer::chunks(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX: y\r\n\r\n"
                    .map(|byte| [byte]),
            ),
            whole(200, "ab"),
        ),
    ]);
}

#[test]
fn bodies_where_there_must_be_none() {
    let none = |name, status: u16| {
        let head = format!("HTTP/1.1 {status} x\r\nContent-Length: 4\r\n\r\nbody");
        sends(name, head, whole(status, ""))
    };
    check(vec![
        none("204 with a body", 204),
        none("304 with a body", 304),
        none("205 with a body", 205),
        sends(
            "204 that is chunked",
            "HTTP/1.1 204 x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
            whole(204, ""),
        ),
        sends(
            "HEAD with a body",
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody",
            whole(200, ""),
        )
        .method("HEAD"),
        sends(
            "HEAD with a length and no body",
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n",
            whole(200, ""),
        )
        .method("HEAD"),
    ]);
}

#[test]
fn uploads() {
    let early = "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno";
    check(vec![
        case(
            "an answer before the upload's end",
            Answer::bytes(early).cutting_upload_after(1000).then_close(),
            whole(413, "no"),
        )
        .uploading(1 << 20),
        case(
            "a close within the upload",
            Answer::bytes("").cutting_upload_after(1000).then_close(),
            Expected::Error(Kind::Closed),
        )
        .uploading(1 << 20),
        case(
            "a reset within the upload",
            Answer::bytes("").cutting_upload_after(1000).then_reset(),
            Expected::Error(Kind::Closed),
        )
        .uploading(1 << 20),
        case(
            "a reset after the upload",
            Answer::bytes("").then_reset(),
            Expected::Error(Kind::Closed),
        )
        .uploading(1 << 20),
        case(
            "half an answer before the upload's end",
            Answer::bytes("HTTP/1.1 413 To")
                .cutting_upload_after(1000)
                .then_close(),
            Expected::Error(Kind::Closed),
        )
        .uploading(1 << 20),
        case(
            "silence after the upload",
            Answer::bytes("").then_hang(),
            Expected::Error(Kind::Timeout),
        )
        .uploading(1000),
    ]);
}
