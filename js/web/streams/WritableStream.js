// WritableStream, its writer and its controller. The algorithms are in writable_stream.js and its neighbour.
// <https://streams.spec.whatwg.org/#ws-class>
(realm) => {
  "use strict";
  const { TypeError, RangeError, Reflect } = realm.primordials;
  const { webidl, promising } = realm;

  const KIND = "WritableStream";
  const WRITER = "WritableStreamDefaultWriter";
  const CONTROLLER = "WritableStreamDefaultController";
  const token = {};
  const stateOf = (value) => realm.requireState(value, KIND);

  // <https://streams.spec.whatwg.org/#dictdef-underlyingsink>
  const convertSink = (sink) => {
    const { abort, close, start, type, write } = webidl.dictionary(sink, "UnderlyingSink");
    const callback = (value) => (value === undefined ? undefined : webidl.callbackFunction(value, "UnderlyingSink"));
    return { abort: callback(abort), close: callback(close), start: callback(start), type, write: callback(write) };
  };
  // <https://streams.spec.whatwg.org/#ws-constructor>
  const setUp = (stream, sink, strategy) => {
    const { streams } = realm;
    // 2, 3. The sink's members.
    const { abort, close, start, type, write } = convertSink(sink);
    if (type !== undefined) throw new RangeError("WritableStream constructor: 'type' must be undefined");
    // 5 to 7.
    const size = realm.sizeAlgorithmOf(strategy);
    const highWaterMark = realm.highWaterMarkOf(strategy, 1);
    const call = (callback, args) => (callback === undefined ? streams.resolvedWith(undefined) : streams.callForPromise(callback, sink, args));
    streams.setUpWritableController(
      stream,
      (controller) => (start === undefined ? undefined : Reflect.apply(start, sink, [controllerObject(controller)])),
      (chunk, controller) => (write === undefined ? streams.resolvedWith(undefined) : call(write, [chunk, controllerObject(controller)])),
      () => call(close, []),
      (reason) => call(abort, [reason]),
      highWaterMark,
      size,
    );
  };

  class WritableStream {
    constructor(underlyingSink = undefined, strategy = undefined) {
      if (underlyingSink === token) {
        realm.setObjectState(this, KIND, strategy);
        return;
      }
      const streams = realm.streams;
      if (underlyingSink !== undefined && !webidl.isObject(underlyingSink)) {
        throw new TypeError("WritableStream constructor: the underlying sink is not an object");
      }
      const typedStrategy = realm.convertQueuingStrategy(strategy, "WritableStream constructor");
      const stream = streams.newWritableStream();
      stream.object = this;
      setUp(stream, underlyingSink, typedStrategy);
      realm.setObjectState(this, KIND, stream);
    }
    get locked() {
      return stateOf(this).writer !== undefined;
    }
    abort(reason = undefined) {
      return promising((streams) => {
        const stream = stateOf(this);
        if (streams.isWritableLocked(stream)) throw new TypeError("Failed to execute 'abort' on 'WritableStream': the stream is locked to a writer");
        return streams.abortWritable(stream, reason);
      });
    }
    close() {
      return promising((streams) => {
        const stream = stateOf(this);
        if (streams.isWritableLocked(stream)) throw new TypeError("Failed to execute 'close' on 'WritableStream': the stream is locked to a writer");
        return closeOnce(stream, "WritableStream");
      });
    }
    getWriter() {
      return new WritableStreamDefaultWriter(token, realm.streams.acquireWriter(stateOf(this)));
    }
  }
  const closeOnce = (stream, name) => {
    if (realm.streams.closeQueuedOrInFlight(stream)) throw new TypeError(`Failed to execute 'close' on '${name}': the stream is closing already`);
    return realm.streams.closeWritable(stream);
  };
  const requireStream = (writer) => {
    if (writer.stream === undefined) throw new TypeError("The writer was released");
    return writer.stream;
  };
  class WritableStreamDefaultWriter {
    constructor(stream) {
      let writer;
      if (stream === token) {
        writer = arguments[1];
      } else {
        webidl.requireArguments(arguments.length, 1, "'WritableStreamDefaultWriter' constructor");
        const state = realm.objectState(stream, KIND);
        if (state === undefined) throw new TypeError("Failed to construct 'WritableStreamDefaultWriter': parameter 1 is not a WritableStream");
        writer = realm.streams.acquireWriter(state);
      }
      realm.setObjectState(this, WRITER, writer);
    }
    get closed() {
      return promising(() => realm.requireState(this, WRITER).closed.promise);
    }
    get desiredSize() {
      const writer = realm.requireState(this, WRITER);
      requireStream(writer);
      return realm.streams.writerDesiredSize(writer);
    }
    get ready() {
      return promising(() => realm.requireState(this, WRITER).ready.promise);
    }
    abort(reason = undefined) {
      return promising((streams) => streams.abortWritable(requireStream(realm.requireState(this, WRITER)), reason));
    }
    close() {
      return promising(() => closeOnce(requireStream(realm.requireState(this, WRITER)), WRITER));
    }
    releaseLock() {
      const writer = realm.requireState(this, WRITER);
      if (writer.stream !== undefined) realm.streams.releaseWriter(writer);
    }
    write(chunk = undefined) {
      return promising((streams) => {
        const writer = realm.requireState(this, WRITER);
        requireStream(writer);
        return streams.write(writer, chunk);
      });
    }
  }
  class WritableStreamDefaultController {
    constructor() {
      if (arguments[0] !== token) throw realm.illegalConstructor(CONTROLLER);
      realm.setObjectState(this, CONTROLLER, arguments[1]);
    }
    get signal() {
      return realm.streams.signalOf(realm.requireState(this, CONTROLLER));
    }
    error(e = undefined) {
      realm.streams.writableControllerErrorIfNeeded(realm.requireState(this, CONTROLLER), e);
    }
  }
  const controllerObject = (controller) => (controller.object ??= new WritableStreamDefaultController(token, controller));
  realm.expose({ WritableStream, WritableStreamDefaultWriter, WritableStreamDefaultController });

  realm.makeWritableStream = (stream) => new WritableStream(token, stream);
  realm.writableStreamState = (value) => realm.objectState(value, KIND);
  // <https://streams.spec.whatwg.org/#ws-transfer>
  realm.transferables.WritableStream = {
    test: (value) => realm.objectState(value, KIND) !== undefined,
    isDetached: (value) => {
      const { isGone, writer } = realm.objectState(value, KIND);
      return isGone || writer !== undefined;
    },
    transfer: (value) => {
      const stream = realm.objectState(value, KIND);
      stream.isGone = true;
      return realm.streams.sendWritable(stream);
    },
    receive: (end) => realm.streams.objectOfWritable(realm.streams.crossRealmWritable(end)),
  };
}
