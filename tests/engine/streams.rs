//! Streams: bodies read as they come, and the streams that script makes of them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use readystate_xhr::compression::{CompressionFormat, CompressionStream};

use crate::support::page::settled;
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::streams":
    a_slow_body_is_read_chunk_by_chunk,
    an_abort_amid_a_body_fails_its_stream_and_closes_the_connection,
    a_cancelled_body_closes_the_connection,
    both_branches_of_a_tee_get_the_body,
    a_clone_shares_a_body_until_it_is_a_stream,
    a_body_is_piped_through_a_decompression,
    a_body_that_is_cut_off_fails_its_stream,
    a_server_waits_for_a_reader_that_does_not_read,
    a_body_that_was_read_as_a_whole_has_a_locked_stream,
    a_response_of_a_stream_reads_it_to_its_end,
    a_request_of_a_stream_needs_http_2,
    a_byte_stream_fills_the_buffers_of_its_reader,
    text_is_encoded_and_decoded_on_its_way,
    the_interfaces_look_alike_before_and_after_their_first_use,
    streams_of_another_window_are_streams,
    streams_are_given_away_and_go_on_where_they_went,
    what_cannot_be_given_away_ends_both_sides,
    platform_objects_are_cloned_as_such_or_not_at_all,
);

/// Loads a page from `server` and gives what `script`, the body of an async function, returns.
#[track_caller]
fn run(server: &Server, script: &str) -> String {
    let page = settled(&server.url("/"));
    page.evaluate(&wrapped(script)).expect("the script returns")
}

fn wrapped(script: &str) -> String {
    format!(
        "(async () => {{ const name = (f) => {{ try {{ f(); return 'none' }} catch (e) {{ return e.name }} }};
           const fate = (p) => p.then(() => 'fulfilled', (e) => e.name);
           const text = (bytes) => new TextDecoder().decode(bytes); {script} }})()"
    )
}

/// A server whose `/slow` sends `ab`, and `cde` once `/go` was asked for.
fn slow() -> Server {
    let (go_on, may_go_on) = channel();
    let (go_on, may_go_on) = (Mutex::new(go_on), Mutex::new(may_go_on));
    Server::with_page("<!DOCTYPE html>", move |request, connection| {
        if request.path == "/go" {
            connection.answer("text/plain", "");
            let _ = go_on.lock().expect("nobody panics with it").send(());
        } else {
            connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
            let may_go_on = may_go_on.lock().expect("nobody panics with it");
            may_go_on.recv().expect("the page has the first chunk");
            connection.raw("cde");
        }
    })
}

fn a_slow_body_is_read_chunk_by_chunk() {
    let answer = run(
        &slow(),
        "const r = await fetch('/slow'), reader = r.body.getReader(), before = r.bodyUsed;
         const first = await reader.read(), next = reader.read(); await fetch('/go');
         const second = await next, last = await reader.read(); await reader.closed;
         return [before, r.bodyUsed, r.body.locked, text(first.value), text(second.value), last.done, await fate(r.text())].join()",
    );
    assert_eq!(answer, "false,true,true,ab,cde,true,TypeError");
}

/// A server that begins a body and tells when its reader has left, before the test was over.
fn endless() -> (Server, std::sync::mpsc::Receiver<bool>) {
    let (left, has_left) = channel();
    let left = Mutex::new(left);
    let server = Server::with_page("<!DOCTYPE html>", move |_, connection| {
        connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab");
        connection.hang();
        let _ = left
            .lock()
            .expect("nobody panics with it")
            .send(connection.is_over());
    });
    (server, has_left)
}

fn an_abort_amid_a_body_fails_its_stream_and_closes_the_connection() {
    let (server, has_left) = endless();
    let answer = run(
        &server,
        "const c = new AbortController(), r = await fetch('/body', { signal: c.signal }), reader = r.body.getReader();
         const first = await reader.read(), next = reader.read(); c.abort(new RangeError('mine'));
         return [text(first.value), await fate(next), await fate(reader.closed), await fate(reader.read())].join()",
    );
    assert_eq!(answer, "ab,RangeError,RangeError,RangeError");
    let over = has_left.recv_timeout(Duration::from_secs(10));
    assert_eq!(over, Ok(false), "the client leaves before the test ends");
}

fn a_cancelled_body_closes_the_connection() {
    let (server, has_left) = endless();
    let answer = run(
        &server,
        "const r = await fetch('/body'); await r.body.cancel('enough');
         return [r.bodyUsed, await fate(r.text()), (await r.body.getReader().read()).done].join()",
    );
    assert_eq!(answer, "true,TypeError,true");
    let over = has_left.recv_timeout(Duration::from_secs(10));
    assert_eq!(over, Ok(false), "the client leaves before the test ends");
}

fn both_branches_of_a_tee_get_the_body() {
    let answer = run(
        &slow(),
        "const r = await fetch('/slow'), [a, b] = r.body.tee(), go = fetch('/go');
         const all = async (s) => { let t = ''; for await (const chunk of s) t += text(chunk); return t };
         return [r.body.locked, await all(a), await new Response(b).text(), r.bodyUsed].join()",
    );
    assert_eq!(answer, "true,abcde,abcde,true");
}

fn a_clone_shares_a_body_until_it_is_a_stream() {
    let answer = run(
        &slow(),
        "const r = await fetch('/slow'), a = r.clone(), stream = r.body, b = r.clone(), go = fetch('/go');
         return [stream.locked, r.body === stream, await r.text(), await a.text(), text(await b.bytes()), a.bodyUsed, name(() => a.clone())].join()",
    );
    assert_eq!(answer, "true,false,abcde,abcde,abcde,true,TypeError");
}

fn a_body_is_piped_through_a_decompression() {
    let mut stream = CompressionStream::compress(CompressionFormat::Gzip);
    stream.write("é".repeat(100_000).as_bytes());
    stream.end();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next_chunk().expect("compression does not fail") {
        bytes.extend(chunk);
    }
    let server = Server::with_page("<!DOCTYPE html>", move |request, connection| {
        let length = bytes.len() - usize::from(request.path == "/cut");
        connection.answer("application/gzip", bytes.get(..length).unwrap_or_default());
    });
    let answer = run(
        &server,
        "const unzip = async (path) => (await fetch(path)).body.pipeThrough(new DecompressionStream('gzip')).pipeThrough(new TextDecoderStream());
         let length = 0; for await (const chunk of await unzip('/whole')) length += chunk.replace(/[^é]/g, '').length;
         const wrong = new Response((await unzip('/cut')).pipeThrough(new TextEncoderStream()));
         const round = new Blob(['again']).stream().pipeThrough(new CompressionStream('deflate-raw')).pipeThrough(new DecompressionStream('deflate-raw'));
         return [length, await fate(wrong.text()), await new Response(round).text(), name(() => new CompressionStream('zip'))].join()",
    );
    assert_eq!(answer, "100000,TypeError,again,TypeError");
}

fn a_body_that_is_cut_off_fails_its_stream() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| {
        connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nab");
    });
    let answer = run(
        &server,
        "const r = await fetch('/cut'), reader = r.body.getReader(), outcomes = [];
         for (;;) { const outcome = await reader.read().then(({ value }) => text(value), (e) => e.name); outcomes.push(outcome); if (outcome !== 'ab') break }
         const written = [], other = await fetch('/cut');
         const pipe = fate(other.body.pipeTo(new WritableStream({ write(chunk) { written.push(text(chunk)) }, abort(e) { written.push(e.name) } })));
         return [outcomes.at(-1), await fate(reader.closed), await pipe, written.at(-1)].join()",
    );
    assert_eq!(answer, "TypeError,TypeError,TypeError,TypeError");
}

fn a_server_waits_for_a_reader_that_does_not_read() {
    const MIB: usize = 1 << 20;
    const TOTAL: usize = 64;
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent);
    let server = Server::with_page("<!DOCTYPE html>", move |_, connection| {
        let length = TOTAL * MIB;
        connection.raw(format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        ));
        let piece = vec![b'x'; MIB];
        for _ in 0..TOTAL {
            if !connection.raw(&piece) {
                return;
            }
            counter.fetch_add(MIB, Ordering::SeqCst);
        }
    });
    let page = settled(&server.url("/"));
    let first: bool = page
        .evaluate(&wrapped(
            "self.reader = (await fetch('/big')).body.getReader(); self.length = (await reader.read()).value.length; return length > 0",
        ))
        .expect("the first chunk");
    assert!(first);
    page.wait_until_settled()
        .expect("what waits for script does not keep the page busy");
    assert!(
        sent.load(Ordering::SeqCst) < TOTAL * MIB / 2,
        "the server has sent nearly everything"
    );
    let length: usize = page
        .evaluate(&wrapped(
            "for (;;) { const { value, done } = await reader.read(); if (done) return length; length += value.length }",
        ))
        .expect("the rest");
    assert_eq!(length, TOTAL * MIB);
}

fn a_body_that_was_read_as_a_whole_has_a_locked_stream() {
    let answer = run(
        &slow(),
        "const r = await fetch('/slow'), whole = r.text(), { body } = r, during = [body.locked, r.bodyUsed]; await fetch('/go');
         return [...during, await whole, r.body === body, name(() => body.getReader()), new Response(null).body,
                 new Response('x').body === null, new Request('/').body].join()",
    );
    assert_eq!(answer, "true,true,abcde,true,TypeError,,false,");
}

fn a_response_of_a_stream_reads_it_to_its_end() {
    let answer = run(
        &slow(),
        "const of = (...chunks) => ReadableStream.from(chunks), bytes = (t) => new TextEncoder().encode(t);
         const stream = of(bytes('{\"a\":'), bytes('1}')), r = new Response(stream), same = r.body === stream;
         const many = new ReadableStream({ pull(c) { this.n = (this.n ?? 0) + 1; if (this.n > 20000) c.close(); else c.enqueue(bytes('x')) } }, { highWaterMark: 30000 });
         const locked = of(); locked.getReader();
         const failing = new ReadableStream({ pull() { throw new RangeError('mine') } });
         return [same, (await r.json()).a, (await new Response(many).text()).length, name(() => new Response(locked)), await fate(new Response(of('x')).text()),
                 await fate(new Response(failing).blob())].join()",
    );
    assert_eq!(answer, "true,1,20000,TypeError,TypeError,RangeError");
}

fn a_request_of_a_stream_needs_http_2() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| {
        connection.answer("text/plain", "");
    });
    let answer = run(
        &server,
        "const body = () => new ReadableStream({ start(c) { c.enqueue(new Uint8Array([65])); c.close() } }), post = { method: 'POST', duplex: 'half' };
         const request = new Request('/up', { ...post, body: body() }), copy = request.clone();
         return [name(() => new Request('/up', { method: 'POST', body: body() })), name(() => new Request('/up', { ...post, mode: 'no-cors', body: body() })),
                 name(() => new Request('/up', { ...post, keepalive: true, body: body() })), await copy.text(), await fate(fetch(request)), request.bodyUsed].join()",
    );
    assert_eq!(answer, "TypeError,TypeError,TypeError,A,TypeError,true");
    let asked = server
        .requests()
        .iter()
        .any(|request| request.path == "/up");
    assert!(!asked, "nothing was sent");
}

fn a_byte_stream_fills_the_buffers_of_its_reader() {
    let answer = run(
        &slow(),
        "const reader = (await fetch('/slow')).body.getReader({ mode: 'byob' }), buffer = new ArrayBuffer(4);
         const first = await reader.read(new Uint8Array(buffer, 1)), go = fetch('/go');
         const whole = await reader.read(new Uint8Array(3), { min: 3 }), end = await reader.read(new Uint8Array(8));
         const s = new ReadableStream({ type: 'bytes', autoAllocateChunkSize: 4, pull(c) { const { byobRequest } = c; byobRequest.view[0] = 7; byobRequest.respond(1) } });
         const { value } = await s.getReader().read();
         return [buffer.detached, text(first.value), first.value.byteOffset, first.value.buffer.byteLength, text(whole.value), end.done, end.value.length, value.join()].join()",
    );
    assert_eq!(answer, "true,ab,1,4,cde,true,0,7");
}

fn text_is_encoded_and_decoded_on_its_way() {
    let answer = run(
        &slow(),
        "const collect = async (s) => { const all = []; for await (const chunk of s) all.push(chunk); return all };
         const bytes = await collect(ReadableStream.from(['a\\ud83d', '\\ude00', '\\ud800']).pipeThrough(new TextEncoderStream()));
         const back = await collect(ReadableStream.from(bytes.flatMap((chunk) => [...chunk].map((byte) => Uint8Array.of(byte)))).pipeThrough(new TextDecoderStream()));
         const fatal = collect(ReadableStream.from([Uint8Array.of(255)]).pipeThrough(new TextDecoderStream('utf-8', { fatal: true })));
         return [bytes.length, back.join('') === 'a\\u{1f600}\\ufffd', await fate(fatal), new TextDecoderStream('sjis').encoding].join()",
    );
    assert_eq!(answer, "3,true,TypeError,shift_jis");
}

fn the_interfaces_look_alike_before_and_after_their_first_use() {
    let answer = run(
        &slow(),
        "const names = ['ReadableStream', 'WritableStream', 'TransformStream', 'CountQueuingStrategy', 'DecompressionStream'];
         const look = () => names.map((n) => { const d = Object.getOwnPropertyDescriptor(self, n);
           return [d.value === self[n], d.writable, d.enumerable, d.configurable, d.value.name === n, d.value.length].join(' ') }).join();
         Promise.prototype.then = () => { throw new Error('of the page') };
         const before = look(), c = new TransformStream(); c.readable.getReader().read(); delete Promise.prototype.then;
         return [before === look(), before, String(ReadableStream.prototype.getReader).includes('native')].join()",
    );
    assert_eq!(
        answer,
        "true,true true false true true 0,true true false true true 0,true true false true true 0,true true false true true 1,\
         true true false true true 1,true"
    );
}

fn streams_of_another_window_are_streams() {
    let answer = run(
        &slow(),
        "const frame = document.body.appendChild(document.createElement('iframe')), other = frame.contentWindow;
         const theirs = new other.ReadableStream({ start(c) { c.enqueue(new Uint8Array([65])); c.close() } });
         const reader = ReadableStream.prototype.getReader.call(theirs); reader.releaseLock();
         const sink = new other.WritableStream({ write(chunk) { sink.got = chunk.length } });
         const body = await new Response(theirs.pipeThrough(new TransformStream())).text(); const w = WritableStream.prototype.getWriter.call(sink);
         w.write('xyz'); await w.close();
         return [theirs instanceof other.ReadableStream, theirs instanceof ReadableStream, body, sink.got].join()",
    );
    assert_eq!(answer, "true,false,A,3");
}

/// The page has a frame of another origin that pipes what it gets through a stream of its own.
fn streams_are_given_away_and_go_on_where_they_went() {
    let other = Server::start(|_, connection| {
        let script = "onmessage = ({ data: { readable, writable }, ports }) => {
            const upper = new TransformStream({ transform(chunk, c) { c.enqueue(`${chunk.text.toUpperCase()}${ports.length}`) } });
            readable.pipeTo(upper.writable); upper.readable.pipeTo(writable); };
            parent.postMessage('ready', '*')";
        connection.answer(
            "text/html",
            format!("<!doctype html><script>{script}</script>"),
        );
    });
    let script = "const frame = document.createElement('iframe'); frame.src = 'OTHER';
         await new Promise((r) => { onmessage = r; document.body.append(frame) });
         const got = [], { readable, writable } = new TransformStream(), source = ReadableStream.from([{ text: 'a' }, { text: 'bc' }]);
         frame.contentWindow.postMessage({ readable: source, writable }, '*', [source, writable]);
         const locked = [source.locked, writable.locked, name(() => structuredClone(source, { transfer: [source] }))];
         for await (const chunk of readable) got.push(chunk);
         const whole = new TransformStream({ transform(c, to) { to.enqueue(c * 2) } }), copy = structuredClone(whole, { transfer: [whole] });
         const w = copy.writable.getWriter(), r = copy.readable.getReader(); w.write(21);
         got.push((await r.read()).value, copy instanceof TransformStream);
         w.close(); got.push((await r.read()).done);
         return [got, locked].join(';')";
    let answer = run(&slow(), &script.replace("OTHER", &other.url("/")));
    assert_eq!(answer, "A0,BC0,42,true,true;true,true,DataCloneError");
}

fn what_cannot_be_given_away_ends_both_sides() {
    let answer = run(
        &slow(),
        "let ended; const source = new ReadableStream({ start(c) { c.enqueue(() => 1) }, cancel(e) { ended = e.name } });
         const refused = await fate(structuredClone(source, { transfer: [source] }).getReader().read());
         const sink = new WritableStream({ abort(e) { ended += ` ${e}` } }), copy = structuredClone(sink, { transfer: [sink] });
         await copy.abort('enough'); while (!ended.includes('enough')) await new Promise((r) => setTimeout(r));
         const held = new ReadableStream({ cancel(e) { ended += ` ${e.message}` } }), there = structuredClone(held, { transfer: [held] });
         await there.cancel(new RangeError('no more')); while (!ended.includes('more')) await new Promise((r) => setTimeout(r));
         return [refused, ended, held.locked, name(() => structuredClone(held, { transfer: [held] })), name(() => structuredClone(new TransformStream()))].join()",
    );
    assert_eq!(
        answer,
        "DataCloneError,DataCloneError enough no more,false,DataCloneError,DataCloneError"
    );
}

fn platform_objects_are_cloned_as_such_or_not_at_all() {
    let answer = run(
        &slow(),
        "const kinds = [new Headers(), new Event('x'), new AbortController(), new (class extends EventTarget {}), new URL('a:b'), document, self];
         const refused = kinds.map((kind) => name(() => structuredClone({ kind })));
         const rect = structuredClone(new DOMRect(1, 2, 3, 4)), fixed = structuredClone(new DOMRectReadOnly(5));
         class Mine { x = 1 }
         return [new Set(refused).size, refused[0], rect instanceof DOMRect, rect.bottom, fixed instanceof DOMRect, fixed.x, structuredClone(new Mine()).x,
           structuredClone(new (class extends Array {})(1, 2)).length].join()",
    );
    assert_eq!(answer, "1,DataCloneError,true,6,false,5,1,2");
}
