//! Bad, odd and endless heads.

use readystate_xhr::transport::scripted::Answer;

use super::{Case, Expected, Kind, case, check, cut, sends, whole};

const HEAD: &str = "HTTP/1.1 200 OK\r\n";

fn malformed(name: &'static str, bytes: impl AsRef<[u8]>) -> Case {
    sends(name, bytes, Expected::Error(Kind::Malformed))
}

fn with_headers(name: &'static str, headers: &[u8], expected: Expected) -> Case {
    let bytes = [HEAD.as_bytes(), headers, b"\r\nbody"].concat();
    sends(name, bytes, expected)
}

#[test]
fn what_is_no_http_is_refused() {
    let closed = Expected::Error(Kind::Closed);
    check(vec![
        sends("nothing at all", "", closed.clone()),
        malformed("HTTP/0.9: a body without a head", "<html>hello</html>"),
        malformed("another protocol", "SSH-2.0-OpenSSH_9.2\r\n"),
        malformed("a mail server", "220 mail.test ESMTP\r\n\r\n"),
        malformed("NULs", [0; 64]),
        malformed("blank lines only", "\r\n\r\n\r\n"),
        malformed(
            "a blank line before the status line",
            "\r\nHTTP/1.1 200 OK\r\n\r\n",
        ),
        malformed(
            "TLS where plain text is spoken",
            b"\x15\x03\x01\0\x02\x02\x46",
        ),
        malformed("HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        malformed(
            "frames of HTTP/2",
            b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64",
        ),
        sends("half a protocol name", "HTT", closed.clone()),
        sends("half a status line", "HTTP/1.1 20", closed.clone()),
        sends(
            "half a header line",
            "HTTP/1.1 200 OK\r\nContent-Ty",
            closed,
        ),
        malformed("a request", "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"),
    ]);
}

#[test]
fn status_lines() {
    let status = |name, line: &str, status| {
        sends(
            name,
            format!("{line}\r\nContent-Length: 1\r\n\r\nx"),
            whole(status, "x"),
        )
    };
    let bad = |name, line: &str| malformed(name, format!("{line}\r\nContent-Length: 1\r\n\r\nx"));
    check(vec![
        status("no reason phrase", "HTTP/1.1 200", 200),
        status("an empty reason phrase", "HTTP/1.1 200 ", 200),
        status(
            "a reason phrase of any bytes",
            "HTTP/1.1 200 \u{fc}\u{1}\"\\",
            200,
        ),
        status("lower case", "http/1.1 200 ok", 200),
        status("two spaces", "HTTP/1.1  200 OK", 200),
        status("version 1.0", "HTTP/1.0 200 OK", 200),
        status("version 1.9", "HTTP/1.9 200 OK", 200),
        status("an unknown status", "HTTP/1.1 299 Odd", 299),
        status("the largest status", "HTTP/1.1 999 Odd", 999),
        bad("no status", "HTTP/1.1"),
        bad("a space for a status", "HTTP/1.1 "),
        bad("a word for a status", "HTTP/1.1 OK"),
        bad("four digits", "HTTP/1.1 2000 OK"),
        bad("a sign", "HTTP/1.1 +200 OK"),
        bad("a negative status", "HTTP/1.1 -200 OK"),
        bad("a hexadecimal status", "HTTP/1.1 0xC8 OK"),
        bad("digits and a letter", "HTTP/1.1 200OK"),
        bad("no version", "HTTP/ 200 OK"),
        bad("version 2", "HTTP/2.0 200 OK"),
        bad("version 9", "HTTP/9.9 200 OK"),
        bad("a version without a point", "HTTP/11 200 OK"),
        bad("a lone CR in the status line", "HTTP/1.1 200\rOK"),
        bad("a NUL in the reason phrase", "HTTP/1.1 200 O\0K"),
    ]);
}

#[test]
fn header_lines() {
    let ok = |name, headers: &[u8]| with_headers(name, headers, whole(200, "body"));
    let bad = |name, headers: &[u8]| with_headers(name, headers, Expected::Error(Kind::Malformed));
    check(vec![
        ok("a folded line", b"X: a\r\n b\r\n"),
        ok("a folded first line", b" b\r\nX: a\r\n"),
        ok("a folded Content-Length", b"Content-Length:\r\n 4\r\n"),
        ok("bare line feeds", b"X: a\nY: b\n"),
        ok("a line without a colon", b"junk\r\nX: a\r\n"),
        ok("a line without a name", b": a\r\n"),
        ok("a space before the colon", b"X : a\r\n"),
        ok("a name with spaces", b"X Y: a\r\n"),
        ok("bytes beyond ASCII", b"X\xff: \xfe\r\n"),
        ok("control characters in a value", b"X: \x01\x7f\r\n"),
        ok("an empty value", b"X:\r\n"),
        bad("a NUL in a name", b"X\0: a\r\n"),
        bad("a NUL in a value", b"X: a\0b\r\n"),
        bad("a lone CR in a value", b"X: a\rY: b\r\n"),
        bad("a lone CR before a name", b"\rX: a\r\n"),
        bad("two CRs at the end of a line", b"X: a\r\r\n"),
        ok("a thousand headers", "X: a\r\n".repeat(1000).as_bytes()),
        ok(
            "a long name",
            format!("{}: a\r\n", "X".repeat(20_000)).as_bytes(),
        ),
        sends(
            "a head cut off between two lines",
            "HTTP/1.1 200 OK\r\nX: a\r\n",
            whole(200, ""),
        ),
        case(
            "a head byte by byte",
            Answer::chunks(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx".map(|byte| [byte])),
            whole(200, "x"),
        ),
    ]);
}

#[test]
fn heads_without_end() {
    let too_large = || Expected::Error(Kind::HeadTooLarge);
    let interim = "HTTP/1.1 100 Continue\r\n\r\n";
    let line = format!("X: {}\r\n", "y".repeat(1000));
    check(vec![
        sends(
            "headers without end",
            format!("{HEAD}{}", line.repeat(200)),
            too_large(),
        ),
        sends(
            "one line without end",
            format!("{HEAD}X: {}", "y".repeat(200_000)),
            too_large(),
        ),
        sends(
            "a reason phrase without end",
            format!("HTTP/1.1 200 {}", "y".repeat(200_000)),
            too_large(),
        ),
        sends(
            "a status line without end",
            "HTTP/1.1 ".repeat(20_000),
            too_large(),
        ),
        sends(
            "folded lines without end",
            format!("{HEAD}X: a\r\n{}", " b\r\n".repeat(50_000)),
            too_large(),
        ),
        sends(
            "interim responses without end",
            interim.repeat(10_000),
            too_large(),
        ),
        sends(
            "early hints without end",
            format!("HTTP/1.1 103 Hints\r\n{line}\r\n").repeat(200),
            too_large(),
        ),
        case(
            "a head that stops coming",
            Answer::bytes("HTTP/1.1 200 OK\r\nX: ").then_hang(),
            Expected::Error(Kind::Timeout),
        ),
        case(
            "no answer",
            Answer::bytes("").then_hang(),
            Expected::Error(Kind::Timeout),
        ),
        case(
            "a reset instead of a head",
            Answer::bytes("").then_reset(),
            Expected::Error(Kind::Closed),
        ),
        case(
            "a reset within the head",
            Answer::bytes("HTTP/1.1 200 OK\r\nX").then_reset(),
            Expected::Error(Kind::Closed),
        ),
        case(
            "no connection",
            Answer::refuse(),
            Expected::Error(Kind::Connect),
        ),
    ]);
}

#[test]
fn interim_responses() {
    check(vec![
        sends(
            "100, 102 and 103 before the answer",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
            whole(200, "x"),
        ),
        sends(
            "an interim response with a length",
            "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
            whole(200, "x"),
        ),
        sends(
            "only an interim response",
            "HTTP/1.1 100 Continue\r\n\r\n",
            Expected::Error(Kind::Closed),
        ),
        malformed(
            "garbage after an interim response",
            "HTTP/1.1 100 Continue\r\n\r\nhello",
        ),
        sends(
            "101 that nobody asked for",
            "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nbytes",
            whole(101, ""),
        ),
        case(
            "100 after the body was sent",
            Answer::bytes(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
            ),
            whole(200, "x"),
        )
        .uploading(100_000),
        cut_case(),
    ]);
}

fn cut_case() -> Case {
    sends(
        "an interim response in place of the body",
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
        cut(200, "HTTP/1.1 100", Kind::Truncated),
    )
}
