// Transform streams of other standards: TextEncoderStream and TextDecoderStream, CompressionStream and DecompressionStream.
// <https://streams.spec.whatwg.org/#generictransformstream>
(realm) => {
  "use strict";
  const { TypeError, RangeError, Object, Uint8Array, isView } = realm.primordials;
  const { webidl, ops } = realm;

  // State of an object of `kind`; `stream` is the transform stream.
  const init = (object, kind, state, transform, flush) => {
    state.stream = realm.streams.makeTransformStream(transform, flush);
    realm.setObjectState(object, kind, state);
  };
  const mixin = (Class, kind) => {
    const members = {
      get readable() {
        return realm.streams.objectOf(realm.requireState(this, kind).stream.readable);
      },
      get writable() {
        return realm.streams.objectOfWritable(realm.requireState(this, kind).stream.writable);
      },
    };
    for (const name of Object.keys(members)) {
      Object.defineProperty(Class.prototype, name, Object.getOwnPropertyDescriptor(members, name));
    }
  };
  const enqueue = (controller, chunk) => realm.streams.transformEnqueue(controller, chunk);
  const isShared = (chunk) => webidl.isSharedArrayBuffer(isView(chunk) ? webidl.viewOf(chunk).buffer : chunk);
  // The bytes of a BufferSource, which is shared only where it may be.
  const toBytes = (chunk, allowShared) => {
    const fits = isShared(chunk) ? allowShared : webidl.isBufferSource(chunk);
    if (!fits) throw new TypeError("The chunk is not a buffer");
    return webidl.bytesOf(chunk);
  };

  const isHighSurrogate = (text) => {
    const unit = text.charCodeAt(text.length - 1);
    return unit >= 0xd800 && unit <= 0xdbff;
  };
  // <https://encoding.spec.whatwg.org/#interface-textencoderstream>
  class TextEncoderStream {
    constructor() {
      // What stands between two chunks: half of a character.
      let pending = "";
      // <https://encoding.spec.whatwg.org/#encode-and-enqueue-a-chunk>
      const transform = (chunk, controller) => {
        let text = pending + webidl.DOMString(chunk);
        pending = "";
        if (isHighSurrogate(text)) {
          pending = text.at(-1);
          text = text.slice(0, -1);
        }
        if (text !== "") enqueue(controller, realm.encodeUtf8(text.toWellFormed()));
      };
      // <https://encoding.spec.whatwg.org/#encode-and-flush>
      const flush = (controller) => {
        if (pending !== "") enqueue(controller, Uint8Array.of(0xef, 0xbf, 0xbd));
      };
      init(this, "TextEncoderStream", {}, transform, flush);
    }
    get encoding() {
      realm.requireState(this, "TextEncoderStream");
      return "utf-8";
    }
  }
  mixin(TextEncoderStream, "TextEncoderStream");

  // <https://encoding.spec.whatwg.org/#interface-textdecoderstream>
  class TextDecoderStream {
    constructor(label = "utf-8", options = undefined) {
      const typed = webidl.DOMString(label).toWellFormed();
      const { fatal, ignoreBOM } = webidl.dictionary(options, "TextDecoderStream constructor");
      const encoding = ops.op_encoding_name(typed);
      if (encoding === null) throw new RangeError(`Failed to construct 'TextDecoderStream': '${typed}' is not an encoding`);
      const id = ops.op_decoder_new(encoding, !!fatal, !!ignoreBOM);
      const decode = (bytes, goesOn, controller) => {
        const text = ops.op_decoder_decode(id, bytes, goesOn);
        if (text === null) throw new TypeError("The encoded data was not valid");
        if (text !== "") enqueue(controller, text);
      };
      // <https://encoding.spec.whatwg.org/#decode-and-enqueue-a-chunk>
      const transform = (chunk, controller) => decode(toBytes(chunk, true), true, controller);
      // <https://encoding.spec.whatwg.org/#flush-and-enqueue>
      const flush = (controller) => decode(new Uint8Array(0), false, controller);
      const state = { encoding, fatal: !!fatal, ignoreBOM: !!ignoreBOM };
      init(this, "TextDecoderStream", state, transform, flush);
      // The two sides may outlive the object.
      realm.freeWith(state.stream.controller, "TextDecoder", id);
    }
    get encoding() {
      return realm.requireState(this, "TextDecoderStream").encoding;
    }
    get fatal() {
      return realm.requireState(this, "TextDecoderStream").fatal;
    }
    get ignoreBOM() {
      return realm.requireState(this, "TextDecoderStream").ignoreBOM;
    }
  }
  mixin(TextDecoderStream, "TextDecoderStream");

  // In the order of the numbers that the op takes.
  const formats = ["deflate", "deflate-raw", "gzip"];
  const initCompression = (object, kind, format, decompresses) => {
    const typed = webidl.enumeration(formats, `Failed to construct '${kind}'`)(format);
    const id = ops.op_compression_new(formats.indexOf(typed), decompresses);
    const run = (isLast, controller) => {
      for (;;) {
        const length = realm.check(ops.op_compression_next(id, isLast));
        if (length === 0) return;
        const chunk = new Uint8Array(length);
        ops.op_compression_take(id, chunk);
        enqueue(controller, chunk);
      }
    };
    const transform = (chunk, controller) => {
      ops.op_compression_write(id, toBytes(chunk, false));
      run(false, controller);
    };
    const state = {};
    init(object, kind, state, transform, (controller) => run(true, controller));
    // The two sides may outlive the object.
    realm.freeWith(state.stream.controller, "Compression", id);
  };
  // <https://compression.spec.whatwg.org/#compression-stream>
  class CompressionStream {
    constructor(format) {
      webidl.requireArguments(arguments.length, 1, "'CompressionStream' constructor");
      initCompression(this, "CompressionStream", format, false);
    }
  }
  mixin(CompressionStream, "CompressionStream");
  // <https://compression.spec.whatwg.org/#decompression-stream>
  class DecompressionStream {
    constructor(format) {
      webidl.requireArguments(arguments.length, 1, "'DecompressionStream' constructor");
      initCompression(this, "DecompressionStream", format, true);
    }
  }
  mixin(DecompressionStream, "DecompressionStream");
  realm.expose({ TextEncoderStream, TextDecoderStream, CompressionStream, DecompressionStream });
}
