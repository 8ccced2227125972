//! `crypto`: known answers of its algorithms, and what is refused by name.

use readystate::Page;

use crate::support::page::page;
use crate::support::trials;

trials!("engine::crypto":
    digests_are_those_of_the_standards,
    message_authentication_codes_are_signed_and_verified,
    what_was_encrypted_can_be_decrypted_and_not_be_changed,
    passwords_give_keys,
    keys_are_read_and_written,
    random_values_fill_arrays_of_integers,
    what_is_missing_is_refused_by_name,
    only_secure_contexts_have_more_than_random_values,
);

/// What follows in each script.
const TOOLS: &str = "const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join(''); \
    const text = (string) => new TextEncoder().encode(string); const { subtle } = crypto; \
    const key = (algorithm, usages, bytes = text('key'), format = 'raw') => subtle.importKey(format, bytes, algorithm, true, usages); \
    const failure = (promise) => promise.then(() => 'none', (error) => error.name);";

fn at(url: &str) -> Page {
    let page = page();
    page.set_content("<!doctype html>", Some(url))
        .expect("the page loads");
    page
}

#[track_caller]
fn check(body: &str, expected: &str) {
    let page = at("https://a.test/");
    let value: String = page
        .evaluate(&format!(
            "(async () => {{ {TOOLS} return ({body}) + '' }})()"
        ))
        .expect("the script runs");
    assert_eq!(value, expected, "{body}");
}

fn digests_are_those_of_the_standards() {
    check(
        "hex(await subtle.digest('sha-1', text('abc')))",
        "a9993e364706816aba3e25717850c26c9cd0d89d",
    );
    check(
        "hex(await subtle.digest({ name: 'SHA-256' }, text('abc')))",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    check(
        "hex(await subtle.digest('SHA-384', text('abc').buffer)).slice(0, 32)",
        "cb00753f45a35e8bb5a03d699ac65007",
    );
    check(
        "hex(await subtle.digest('SHA-512', text('abc'))).slice(0, 32)",
        "ddaf35a193617abacc417349ae204131",
    );
}

fn message_authentication_codes_are_signed_and_verified() {
    // RFC 4231, test case 2.
    check(
        "hex(await subtle.sign('HMAC', await key({ name: 'HMAC', hash: 'SHA-256' }, ['sign'], text('Jefe')), text('what do ya want for nothing?')))",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
    check(
        "await (async () => { const k = await key({ name: 'HMAC', hash: 'SHA-1' }, ['sign', 'verify']); const code = await subtle.sign('HMAC', k, text('a')); \
         return [await subtle.verify('HMAC', k, code, text('a')), await subtle.verify('HMAC', k, code, text('b'))] })()",
        "true,false",
    );
    check(
        "await failure(subtle.sign('HMAC', await key({ name: 'HMAC', hash: 'SHA-1' }, ['verify']), text('a')))",
        "InvalidAccessError",
    );
}

fn what_was_encrypted_can_be_decrypted_and_not_be_changed() {
    // The Galois/Counter Mode of Operation, test case 2.
    check(
        "hex(await subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, await key('AES-GCM', ['encrypt'], new Uint8Array(16)), new Uint8Array(16)))",
        "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf",
    );
    check(
        "await (async () => { const k = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']); \
         const how = { name: 'AES-GCM', iv: crypto.getRandomValues(new Uint8Array(12)), additionalData: text('who') }; \
         const hidden = new Uint8Array(await subtle.encrypt(how, k, text('hello'))); \
         const plain = new TextDecoder().decode(await subtle.decrypt(how, k, hidden)); hidden[0] ^= 1; \
         return [plain, await failure(subtle.decrypt(how, k, hidden)), await failure(subtle.exportKey('raw', k))] })()",
        "hello,OperationError,InvalidAccessError",
    );
}

fn passwords_give_keys() {
    // RFC 6070, test case 2.
    check(
        "hex(await subtle.deriveBits({ name: 'PBKDF2', salt: text('salt'), iterations: 2, hash: 'SHA-1' }, await subtle.importKey('raw', text('password'), \
         'PBKDF2', false, ['deriveBits']), 160))",
        "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957",
    );
    check(
        "(await subtle.deriveKey({ name: 'PBKDF2', salt: text('salt'), iterations: 2, hash: 'SHA-256' }, await subtle.importKey('raw', text('password'), \
         'PBKDF2', false, ['deriveKey']), { name: 'AES-GCM', length: 128 }, true, ['encrypt'])).algorithm.length",
        "128",
    );
    // A page may not keep its thread busy.
    check(
        "await failure(subtle.deriveBits({ name: 'PBKDF2', salt: text('salt'), iterations: 4294967295, hash: 'SHA-1' }, await subtle.importKey('raw', \
         text('password'), 'PBKDF2', false, ['deriveBits']), 160))",
        "OperationError",
    );
}

fn keys_are_read_and_written() {
    check(
        "await (async () => { const k = await key({ name: 'HMAC', hash: 'SHA-256' }, ['verify', 'sign']); \
         const { kty, k: bytes, alg, key_ops, ext } = await subtle.exportKey('jwk', k); \
         const again = await key({ name: 'HMAC', hash: 'SHA-256' }, ['sign'], { kty, k: bytes, alg }, 'jwk'); \
         return [kty, bytes, alg, key_ops.join('+'), ext, hex(await subtle.exportKey('raw', again)), again.type, again.usages] })()",
        "oct,a2V5,HS256,sign+verify,true,6b6579,secret,sign",
    );
    check(
        "await failure(key({ name: 'HMAC', hash: 'SHA-256' }, ['encrypt']))",
        "SyntaxError",
    );
    check(
        "await failure(key('AES-GCM', ['encrypt'], new Uint8Array(5)))",
        "DataError",
    );
}

fn random_values_fill_arrays_of_integers() {
    check(
        "(() => { const bytes = new Uint32Array(64); return [crypto.getRandomValues(bytes) === bytes, new Set(bytes).size > 32] })()",
        "true,true",
    );
    check(
        "[new Float32Array(1), new DataView(new ArrayBuffer(1)), new Uint8Array(65537), {}].map((array) => { try { crypto.getRandomValues(array) } \
         catch (error) { return error.name } })",
        "TypeMismatchError,TypeMismatchError,QuotaExceededError,TypeError",
    );
    check(
        "/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())",
        "true",
    );
}

fn what_is_missing_is_refused_by_name() {
    check(
        "[await failure(subtle.generateKey('RSA-PSS', true, ['sign'])), await failure(subtle.digest('MD5', text(''))), \
         await failure(key('AES-GCM', ['encrypt'], new Uint8Array(24))), typeof subtle.wrapKey]",
        "NotSupportedError,NotSupportedError,NotSupportedError,undefined",
    );
}

fn only_secure_contexts_have_more_than_random_values() {
    let script = "[isSecureContext, typeof crypto.getRandomValues, typeof crypto.subtle, typeof crypto.randomUUID, typeof SubtleCrypto] + ''";
    let secure = "true,function,object,function,function";
    for (url, expected) in [
        ("https://a.test/", secure),
        ("http://localhost:8000/", secure),
        ("http://x.localhost/", secure),
        ("http://127.0.0.1/", secure),
        (
            "http://a.test/",
            "false,function,undefined,undefined,undefined",
        ),
    ] {
        let value: String = at(url).evaluate(script).expect("the script runs");
        assert_eq!(value, expected, "{url}");
    }
}
