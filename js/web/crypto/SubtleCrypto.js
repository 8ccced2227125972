// SubtleCrypto: digests, HMAC, AES-GCM and PBKDF2; other algorithms are NotSupportedErrors. The work is done at once and its promise
// settled. <https://w3c.github.io/webcrypto/#subtlecrypto-interface>
(realm) => {
  "use strict";
  const { Object, Math, TypeError, Uint8Array, Uint32Array } = realm.primordials;
  const { ops, webidl, global } = realm;
  const { atob, btoa } = global;

  const KIND = "SubtleCrypto";
  const HASHES = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"];
  const DIGEST_BYTES = [20, 32, 48, 64];
  const BLOCK_BYTES = [64, 64, 128, 128];
  const USAGES = ["encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey"];
  // A page could keep its thread busy for hours: what PBKDF2 is asked for has a bound, in iterations of all blocks.
  const MOST_ITERATIONS = 20_000_000;
  const MOST_BYTES = 1 << 20;

  const fail = (name, message) => {
    throw new realm.DOMException(message, name);
  };
  const bufferOf = (value, context) => {
    if (!webidl.isBufferSource(value)) throw new TypeError(`${context}: the value is not a buffer source`);
    return webidl.bytesOf(value);
  };
  const usagesOf = (value, context) => {
    const convert = webidl.enumeration(USAGES, "KeyUsage");
    const given = webidl.sequence(value, convert, context);
    return USAGES.filter((usage) => given.includes(usage));
  };
  const octets = (value, bits, context) => {
    if (value === undefined) throw new TypeError(`${context} is required`);
    return webidl.toInt(value, bits, false, { enforceRange: true });
  };

  // <https://w3c.github.io/webcrypto/#algorithm-normalization>: names are known in any case.
  const known = ["HMAC", "AES-GCM", "PBKDF2"];
  const nameOf = (algorithm) => {
    const text = webidl.isObject(algorithm) ? algorithm.name : algorithm;
    if (webidl.isObject(algorithm) && text === undefined) throw new TypeError("The algorithm has no name");
    return webidl.DOMString(text);
  };
  const normalize = (algorithm, names) => {
    const name = nameOf(algorithm);
    const found = names.find((one) => one.toLowerCase() === name.toLowerCase());
    if (found === undefined) fail("NotSupportedError", `The algorithm '${name}' is not supported here`);
    return { name: found, given: webidl.isObject(algorithm) ? algorithm : {} };
  };
  const hashOf = (algorithm) => {
    if (algorithm === undefined) throw new TypeError("hash is required");
    return HASHES.indexOf(normalize(algorithm, HASHES).name);
  };
  const checkUsages = (usages, allowed, type = "secret") => {
    if (!usages.every((usage) => allowed.includes(usage))) fail("SyntaxError", "The key cannot be used so");
    if (usages.length === 0 && type === "secret") fail("SyntaxError", "The key could be used for nothing");
  };
  const ALLOWED = {
    __proto__: null,
    HMAC: ["sign", "verify"],
    "AES-GCM": ["encrypt", "decrypt", "wrapKey", "unwrapKey"],
    PBKDF2: ["deriveKey", "deriveBits"],
  };
  const makeKey = (bytes, algorithm, extractable, usages) =>
    realm.makeCryptoKey({ bytes, type: "secret", extractable, algorithm: Object.freeze(algorithm), usages: Object.freeze([...usages]) });
  const keyFor = (key, algorithm, usage) => {
    const state = realm.cryptoKeyState(key);
    if (state === undefined) throw new TypeError("The value is not of type 'CryptoKey'");
    if (state.algorithm.name !== algorithm) fail("InvalidAccessError", "The key is of another algorithm");
    if (!state.usages.includes(usage)) fail("InvalidAccessError", `The key may not be used to ${usage}`);
    return state;
  };
  const aesLength = (bits) => {
    if (bits === 192) fail("NotSupportedError", "AES keys of 192 bits are not supported here");
    if (bits !== 128 && bits !== 256) fail("OperationError", "An AES key has 128, 192 or 256 bits");
    return bits;
  };

  const fromBase64Url = (text) => {
    if (!/^[\w-]*$/.test(text)) fail("DataError", "The key is not in base64url");
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  };
  const toBase64Url = (bytes) => {
    let binary = "";
    for (let i = 0; i < bytes.length; i++) binary += global.String.fromCharCode(bytes[i]);
    return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  const jwkName = ({ algorithm, bytes }) =>
    algorithm.name === "HMAC" ? `HS${algorithm.hash.name === "SHA-1" ? "1" : algorithm.hash.name.slice(4)}` : `A${bytes.length * 8}GCM`;

  // <https://w3c.github.io/webcrypto/#hmac-operations>, <https://w3c.github.io/webcrypto/#aes-gcm-operations>: import key.
  const importBytes = (format, data, { name }, extractable, usages) => {
    if (format === "raw") return bufferOf(data, "importKey");
    if (format !== "jwk" || name === "PBKDF2") fail("NotSupportedError", `Keys of ${name} are not read from '${format}' here`);
    if (!webidl.isObject(data) || webidl.isBufferSource(data)) throw new TypeError("The key is not a JsonWebKey");
    if (data.kty !== "oct" || typeof data.k !== "string") fail("DataError", "The key is not one of octets");
    if (data.ext === false && extractable) fail("DataError", "The key is not to be extracted");
    if (data.key_ops !== undefined) {
      const allowed = webidl.sequence(data.key_ops, webidl.DOMString, "key_ops");
      if (!usages.every((usage) => allowed.includes(usage))) fail("DataError", "The key is not to be used so");
    }
    const want = name === "HMAC" ? "sig" : "enc";
    if (usages.length > 0 && data.use !== undefined && data.use !== want) fail("DataError", "The key is for another use");
    return fromBase64Url(data.k);
  };
  const importKey = (format, data, algorithm, extractable, usages) => {
    const normalized = normalize(algorithm, known);
    const { name, given } = normalized;
    const hash = name === "HMAC" ? hashOf(given.hash) : -1;
    checkUsages(usages, ALLOWED[name]);
    if (name === "PBKDF2" && extractable) fail("SyntaxError", "A password cannot be extracted");
    const bytes = importBytes(format, data, normalized, extractable, usages);
    let made;
    if (name === "HMAC") {
      if (bytes.length === 0) fail("DataError", "The key is empty");
      const length = given.length === undefined ? bytes.length * 8 : octets(given.length, 32, "length");
      if (length > bytes.length * 8 || length <= bytes.length * 8 - 8) fail("DataError", "The key is of another length");
      if (length % 8 !== 0) fail("NotSupportedError", "Keys of broken octets are not supported here");
      made = { name, hash: Object.freeze({ name: HASHES[hash] }), length };
    } else if (name === "AES-GCM") {
      if (![16, 24, 32].includes(bytes.length)) fail("DataError", "An AES key has 128, 192 or 256 bits");
      made = { name, length: aesLength(bytes.length * 8) };
    } else made = { name };
    const key = makeKey(bytes, made, extractable, usages);
    if (format === "jwk" && data.alg !== undefined && data.alg !== jwkName(realm.cryptoKeyState(key))) {
      fail("DataError", "The key is for another algorithm");
    }
    return key;
  };
  const derive = (algorithm, key, length, usage) => {
    const { given } = normalize(algorithm, ["PBKDF2"]);
    if (given.salt === undefined) throw new TypeError("salt is required");
    const salt = bufferOf(given.salt, "salt");
    const iterations = octets(given.iterations, 32, "iterations");
    const hash = hashOf(given.hash);
    const { bytes } = keyFor(key, "PBKDF2", usage);
    if (length === null || length % 8 !== 0) fail("OperationError", "The length is not one of whole octets");
    if (iterations === 0) fail("OperationError", "There must be an iteration");
    const size = length / 8;
    const blocks = Math.ceil(size / DIGEST_BYTES[hash]);
    if (size > MOST_BYTES || blocks * iterations > MOST_ITERATIONS) fail("OperationError", "That is more work than a page may ask for");
    const out = new Uint8Array(size);
    ops.op_crypto_pbkdf2(new Uint32Array([hash, iterations]), bytes, salt, out);
    return out;
  };
  const gcm = (algorithm) => {
    const { given } = normalize(algorithm, ["AES-GCM"]);
    if (given.iv === undefined) throw new TypeError("iv is required");
    const iv = bufferOf(given.iv, "iv");
    const additional = given.additionalData === undefined ? new Uint8Array(0) : bufferOf(given.additionalData, "additionalData");
    const tagLength = given.tagLength === undefined ? 128 : webidl.toInt(given.tagLength, 8, false, { enforceRange: true });
    if (![32, 64, 96, 104, 112, 120, 128].includes(tagLength)) fail("OperationError", "A tag has no such length");
    if (tagLength !== 128) fail("NotSupportedError", "Only tags of 128 bits are supported here");
    if (iv.length !== 12) fail("NotSupportedError", "Only initialization vectors of 96 bits are supported here");
    return { iv, additional };
  };

  const methods = {
    digest(algorithm, data) {
      const hash = HASHES.indexOf(normalize(algorithm, HASHES).name);
      const bytes = bufferOf(data, "digest");
      const out = new Uint8Array(DIGEST_BYTES[hash]);
      ops.op_crypto_digest(hash, bytes, out);
      return out.buffer;
    },
    sign(algorithm, key, data) {
      normalize(algorithm, ["HMAC"]);
      const bytes = bufferOf(data, "sign");
      const state = keyFor(key, "HMAC", "sign");
      const hash = HASHES.indexOf(state.algorithm.hash.name);
      const out = new Uint8Array(DIGEST_BYTES[hash]);
      ops.op_crypto_hmac(hash, state.bytes, bytes, out);
      return out.buffer;
    },
    verify(algorithm, key, signature, data) {
      normalize(algorithm, ["HMAC"]);
      const code = bufferOf(signature, "verify");
      const bytes = bufferOf(data, "verify");
      const state = keyFor(key, "HMAC", "verify");
      return ops.op_crypto_hmac_verify(HASHES.indexOf(state.algorithm.hash.name), state.bytes, bytes, code);
    },
    encrypt(algorithm, key, data) {
      const { iv, additional } = gcm(algorithm);
      const bytes = bufferOf(data, "encrypt");
      const state = keyFor(key, "AES-GCM", "encrypt");
      const out = new Uint8Array(bytes.length + 16);
      out.set(bytes);
      if (!ops.op_crypto_aes_gcm_seal(state.bytes, iv, additional, out)) fail("OperationError", "The data cannot be encrypted");
      return out.buffer;
    },
    decrypt(algorithm, key, data) {
      const { iv, additional } = gcm(algorithm);
      const bytes = bufferOf(data, "decrypt");
      const state = keyFor(key, "AES-GCM", "decrypt");
      if (bytes.length < 16 || !ops.op_crypto_aes_gcm_open(state.bytes, iv, additional, bytes)) {
        fail("OperationError", "The data is not genuine");
      }
      return bytes.slice(0, bytes.length - 16).buffer;
    },
    generateKey(algorithm, extractable, keyUsages) {
      const { name, given } = normalize(algorithm, ["HMAC", "AES-GCM"]);
      const usages = usagesOf(keyUsages, "generateKey");
      if (name === "AES-GCM") {
        const length = octets(given.length, 16, "length");
        checkUsages(usages, ALLOWED[name]);
        return makeKey(realm.randomBytes(aesLength(length) / 8), { name, length }, !!extractable, usages);
      }
      const hash = hashOf(given.hash);
      const length = given.length === undefined ? BLOCK_BYTES[hash] * 8 : octets(given.length, 32, "length");
      checkUsages(usages, ALLOWED[name]);
      if (length === 0) fail("OperationError", "A key has bits");
      if (length % 8 !== 0 || length / 8 > MOST_BYTES) fail("NotSupportedError", "Keys of that length are not supported here");
      return makeKey(realm.randomBytes(length / 8), { name, hash: Object.freeze({ name: HASHES[hash] }), length }, !!extractable, usages);
    },
    importKey(format, keyData, algorithm, extractable, keyUsages) {
      const typed = webidl.enumeration(["raw", "spki", "pkcs8", "jwk"], "KeyFormat")(format);
      return importKey(typed, keyData, algorithm, !!extractable, usagesOf(keyUsages, "importKey"));
    },
    exportKey(format, key) {
      const typed = webidl.enumeration(["raw", "spki", "pkcs8", "jwk"], "KeyFormat")(format);
      const state = realm.cryptoKeyState(key);
      if (state === undefined) throw new TypeError("The value is not of type 'CryptoKey'");
      if (state.algorithm.name === "PBKDF2") fail("NotSupportedError", "A password cannot be exported");
      if (!state.extractable) fail("InvalidAccessError", "The key cannot be extracted");
      if (typed === "raw") return state.bytes.slice().buffer;
      if (typed !== "jwk") fail("NotSupportedError", `Keys are not written as '${typed}' here`);
      return { kty: "oct", k: toBase64Url(state.bytes), alg: jwkName(state), key_ops: [...state.usages], ext: state.extractable };
    },
    deriveBits(algorithm, baseKey, length = null) {
      const bits = length === null ? null : webidl.unsignedLong(length);
      return derive(algorithm, baseKey, bits, "deriveBits").buffer;
    },
    deriveKey(algorithm, baseKey, derivedKeyType, extractable, keyUsages) {
      const usages = usagesOf(keyUsages, "deriveKey");
      const { name, given } = normalize(derivedKeyType, ["HMAC", "AES-GCM"]);
      let length;
      if (name === "AES-GCM") length = aesLength(octets(given.length, 16, "length"));
      else if (given.length === undefined) length = BLOCK_BYTES[hashOf(given.hash)] * 8;
      else length = octets(given.length, 32, "length");
      const bytes = derive(algorithm, baseKey, length, "deriveKey");
      return importKey("raw", bytes, derivedKeyType, !!extractable, usages);
    },
  };
  const required = { digest: 2, sign: 3, verify: 4, encrypt: 3, decrypt: 3, generateKey: 3, importKey: 5, exportKey: 2, deriveBits: 2, deriveKey: 5 };

  class SubtleCrypto {
    constructor() {
      throw realm.illegalConstructor("SubtleCrypto");
    }
  }
  // Operations that return a promise throw nothing. wrapKey() and unwrapKey() are absent.
  for (const name of Object.keys(methods)) {
    const method = {
      async [name](...args) {
        realm.requireState(this, KIND);
        webidl.requireArguments(args.length, required[name], `'${name}' on 'SubtleCrypto'`);
        return methods[name](...args);
      },
    }[name];
    Object.defineProperty(SubtleCrypto.prototype, name, { value: method, writable: true, enumerable: true, configurable: true });
  }
  realm.expose({ SubtleCrypto }, { global: false });
  realm.arity(SubtleCrypto.prototype, required);
  const subtle = Object.create(SubtleCrypto.prototype);
  realm.setObjectState(subtle, KIND, { subtle });
  realm.subtleCrypto = subtle;
}
