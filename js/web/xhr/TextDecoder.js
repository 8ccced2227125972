// TextDecoder. <https://encoding.spec.whatwg.org/#interface-textdecoder>
(realm) => {
  "use strict";
  const { Uint8Array, TypeError, RangeError } = realm.primordials;
  const { webidl } = realm;
  const ops = realm.ops;

  const KIND = "TextDecoder";
  const stateOf = (value) => realm.requireState(value, KIND);

  class TextDecoder {
    constructor(label = "utf-8", options = undefined) {
      const typed = webidl.DOMString(label).toWellFormed();
      const { fatal, ignoreBOM } = webidl.dictionary(options, "TextDecoder constructor");
      const encoding = ops.op_encoding_name(typed);
      if (encoding === null) throw new RangeError(`Failed to construct 'TextDecoder': '${typed}' is not an encoding`);
      const id = ops.op_decoder_new(encoding, !!fatal, !!ignoreBOM);
      realm.setObjectState(this, KIND, { id, encoding, fatal: !!fatal, ignoreBOM: !!ignoreBOM });
      realm.freeWith(this, "TextDecoder", id);
    }
    get encoding() {
      return stateOf(this).encoding;
    }
    get fatal() {
      return stateOf(this).fatal;
    }
    get ignoreBOM() {
      return stateOf(this).ignoreBOM;
    }
    decode(input = undefined, options = undefined) {
      const { id } = stateOf(this);
      let bytes;
      if (input === undefined) {
        bytes = new Uint8Array(0);
      } else if (webidl.isBufferSource(input) || webidl.isSharedArrayBuffer(input)) {
        bytes = webidl.bytesOf(input);
      } else {
        throw new TypeError("Failed to execute 'decode' on 'TextDecoder': parameter 1 is not a buffer");
      }
      const { stream } = webidl.dictionary(options, "TextDecoder.decode");
      const text = ops.op_decoder_decode(id, bytes, !!stream);
      if (text === null) throw new TypeError("The encoded data was not valid");
      return text;
    }
  }
  realm.expose({ TextDecoder });
}
