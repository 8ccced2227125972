// ReadableStreamDefaultReader and ReadableStreamBYOBReader. <https://streams.spec.whatwg.org/#default-reader-class>,
// <https://streams.spec.whatwg.org/#byob-reader-class>
(realm) => {
  "use strict";
  const { TypeError, RangeError } = realm.primordials;
  const { webidl, promising } = realm;

  const token = {};
  const DEFAULT = "ReadableStreamDefaultReader";
  const BYOB = "ReadableStreamBYOBReader";

  const requireStream = (reader) => {
    if (reader.stream === undefined) throw new TypeError("The reader was released");
    return reader;
  };
  const convertStream = (stream, given, name) => {
    webidl.requireArguments(given, 1, `'${name}' constructor`);
    const state = realm.readableStreamState(stream);
    if (state === undefined) throw new TypeError(`Failed to construct '${name}': parameter 1 is not a ReadableStream`);
    return state;
  };
  // The members of ReadableStreamGenericReader.
  const closedOf = (object, kind) => promising(() => realm.requireState(object, kind).closed.promise);
  const cancel = (object, kind, reason) => promising((streams) => streams.cancel(requireStream(realm.requireState(object, kind)).stream, reason));
  const release = (object, kind) => {
    const reader = realm.requireState(object, kind);
    if (reader.stream !== undefined) realm.streams.releaseReader(reader);
  };
  // <https://streams.spec.whatwg.org/#dictdef-readablestreambyobreaderreadoptions>
  const minOf = (options) => {
    const { min } = webidl.dictionary(options, "ReadableStreamBYOBReader.read");
    return min === undefined ? 1 : webidl.toInt(min, 64, false, { enforceRange: true });
  };

  class ReadableStreamDefaultReader {
    constructor(stream) {
      const reader = stream === token ? arguments[1] : realm.streams.acquireReader(convertStream(stream, arguments.length, DEFAULT));
      realm.setObjectState(this, DEFAULT, reader);
    }
    get closed() {
      return closedOf(this, DEFAULT);
    }
    cancel(reason = undefined) {
      return cancel(this, DEFAULT, reason);
    }
    read() {
      return promising((streams) => {
        const reader = requireStream(realm.requireState(this, DEFAULT));
        const { stream } = reader;
        const result = new streams.Deferred();
        streams.read(reader, {
          chunk: (chunk) => result.resolve(stream.makeResult(chunk, false)),
          close: () => result.resolve(stream.makeResult(undefined, true)),
          error: (error) => result.reject(error),
        });
        return result.promise;
      });
    }
    releaseLock() {
      release(this, DEFAULT);
    }
  }
  class ReadableStreamBYOBReader {
    constructor(stream) {
      const reader = stream === token ? arguments[1] : realm.streams.acquireByobReader(convertStream(stream, arguments.length, BYOB));
      realm.setObjectState(this, BYOB, reader);
    }
    get closed() {
      return closedOf(this, BYOB);
    }
    cancel(reason = undefined) {
      return cancel(this, BYOB, reason);
    }
    // <https://streams.spec.whatwg.org/#byob-reader-read>
    read(view, options = undefined) {
      return promising((streams) => {
        const reader = realm.requireState(this, BYOB);
        const context = "Failed to execute 'read' on 'ReadableStreamBYOBReader'";
        webidl.requireArguments(arguments.length, 1, "'read' on 'ReadableStreamBYOBReader'");
        webidl.arrayBufferView(view, context);
        const min = minOf(options);
        // 1 to 3. Something to be filled.
        const { buffer, byteLength, length } = webidl.viewOf(view);
        if (byteLength === 0) throw new TypeError(`${context}: the view is empty`);
        if (webidl.bufferByteLength(buffer) === 0) throw new TypeError(`${context}: the buffer is empty`);
        if (streams.isDetached(buffer)) throw new TypeError(`${context}: the buffer is detached`);
        // 4 to 6. How much.
        if (min === 0) throw new TypeError(`${context}: 'min' must not be 0`);
        if (min > length) throw new RangeError(`${context}: 'min' is more than the view has room for`);
        // 7 to 10. Read.
        const { stream } = requireStream(reader);
        const result = new streams.Deferred();
        streams.readInto(reader, view, min, {
          chunk: (chunk) => result.resolve(stream.makeResult(chunk, false)),
          close: (chunk) => result.resolve(stream.makeResult(chunk, true)),
          error: (error) => result.reject(error),
        });
        return result.promise;
      });
    }
    releaseLock() {
      release(this, BYOB);
    }
  }
  realm.expose({ ReadableStreamDefaultReader, ReadableStreamBYOBReader });
  realm.arity(ReadableStreamBYOBReader.prototype, { read: 1 });

  realm.makeReader = (reader) => (reader.isByob ? new ReadableStreamBYOBReader(token, reader) : new ReadableStreamDefaultReader(token, reader));
}
