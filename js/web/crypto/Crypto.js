// Crypto: random values. <https://w3c.github.io/webcrypto/#crypto-interface>
(realm) => {
  "use strict";
  const { Object, Reflect, Symbol, Uint8Array, isView } = realm.primordials;
  const { ops, webidl, global } = realm;

  const KIND = "Crypto";
  const check = (value) => realm.requireState(value, KIND);
  const tagOf = Reflect.getOwnPropertyDescriptor(Reflect.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
  const MOST_BYTES = 65536;

  const fill = (bytes) => {
    if (!ops.op_crypto_random(bytes)) throw new realm.DOMException("The system gives no random values", "OperationError");
    return bytes;
  };
  realm.randomBytes = (count) => fill(new Uint8Array(count));

  class Crypto {
    constructor() {
      throw realm.illegalConstructor("Crypto");
    }
    getRandomValues(array) {
      check(this);
      webidl.requireArguments(arguments.length, 1, "'getRandomValues' on 'Crypto'");
      if (!isView(array)) {
        throw new realm.primordials.TypeError("Failed to execute 'getRandomValues' on 'Crypto': parameter 1 is not of type 'ArrayBufferView'");
      }
      // 1. Arrays of integers only.
      const type = Reflect.apply(tagOf, array, []);
      if (type === undefined || type.startsWith("Float")) {
        throw new realm.DOMException("The array is not one of integers", "TypeMismatchError");
      }
      // 2. Not too many at once.
      if (array.byteLength > MOST_BYTES) {
        throw new realm.DOMException(`At most ${MOST_BYTES} bytes can be had at once`, "QuotaExceededError");
      }
      // 3. to 4.
      fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
      return array;
    }
  }
  // [SecureContext]
  const secure = {
    // <https://w3c.github.io/webcrypto/#Crypto-method-randomUUID>
    randomUUID() {
      check(this);
      const bytes = realm.randomBytes(16);
      bytes[6] = (bytes[6] & 0x0f) | 0x40;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      let text = "";
      for (let i = 0; i < 16; i++) {
        if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
        text += (bytes[i] < 16 ? "0" : "") + bytes[i].toString(16);
      }
      return text;
    },
    get subtle() {
      check(this);
      return realm.subtleCrypto;
    },
  };
  realm.expose({ Crypto });
  const crypto = Object.create(Crypto.prototype);
  realm.setObjectState(crypto, KIND, { crypto });
  const accessors = {
    get crypto() {
      return crypto;
    },
  };
  Object.defineProperty(global, "crypto", Object.getOwnPropertyDescriptor(accessors, "crypto"));

  // Once it is known what window this is.
  realm.exposeToSecureContext = () => {
    for (const name of ["randomUUID", "subtle"]) {
      const descriptor = Object.getOwnPropertyDescriptor(secure, name);
      Object.defineProperty(Crypto.prototype, name, { ...descriptor, enumerable: true });
    }
    for (const name of ["CryptoKey", "SubtleCrypto"]) {
      Object.defineProperty(global, name, { value: realm[name], writable: true, enumerable: false, configurable: true });
    }
  };
}
