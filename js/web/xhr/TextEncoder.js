// TextEncoder. <https://encoding.spec.whatwg.org/#interface-textencoder>
(realm) => {
  "use strict";
  const { Uint8Array, Uint32Array, TypeError } = realm.primordials;
  const { webidl } = realm;
  const ops = realm.ops;

  const KIND = "TextEncoder";
  let counts = null;
  const write = (text, bytes) => {
    counts ??= new Uint32Array(2);
    ops.op_encode_into(text, bytes, counts);
    return { read: counts[0], written: counts[1] };
  };
  const encode = (text) => {
    const bytes = new Uint8Array(ops.op_encode_length(text));
    write(text, bytes);
    return bytes;
  };
  realm.encodeUtf8 = encode;

  class TextEncoder {
    constructor() {
      realm.setObjectState(this, KIND, null);
    }
    get encoding() {
      realm.requireState(this, KIND);
      return "utf-8";
    }
    encode(input = "") {
      realm.requireState(this, KIND);
      return encode(webidl.USVString(input));
    }
    encodeInto(source, destination) {
      realm.requireState(this, KIND);
      webidl.requireArguments(arguments.length, 2, "'encodeInto' on 'TextEncoder'");
      const text = webidl.USVString(source);
      if (!Uint8Array.prototype.isPrototypeOf(destination)) {
        throw new TypeError("Failed to execute 'encodeInto' on 'TextEncoder': parameter 2 is not of type 'Uint8Array'");
      }
      return write(text, destination);
    }
  }
  realm.expose({ TextEncoder });
}
