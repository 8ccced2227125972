// ReadableStream. The algorithms are in readable_stream.js and its neighbours, which are run when the first stream is made.
// <https://streams.spec.whatwg.org/#rs-class>
(realm) => {
  "use strict";
  const { TypeError, RangeError, Object, Reflect, Symbol } = realm.primordials;
  const { webidl } = realm;

  const KIND = "ReadableStream";
  const token = {};
  const stateOf = (value) => realm.requireState(value, KIND);
  const toMode = webidl.enumeration(["byob"], "ReadableStream.getReader");
  const toType = webidl.enumeration(["bytes"], "UnderlyingSource");

  // <https://streams.spec.whatwg.org/#dictdef-underlyingsource>
  const convertSource = (source) => {
    const { autoAllocateChunkSize, cancel, pull, start, type } = webidl.dictionary(source, "UnderlyingSource");
    const callback = (value) => (value === undefined ? undefined : webidl.callbackFunction(value, "UnderlyingSource"));
    return {
      autoAllocateChunkSize:
        autoAllocateChunkSize === undefined ? undefined : webidl.toInt(autoAllocateChunkSize, 64, false, { enforceRange: true }),
      cancel: callback(cancel),
      pull: callback(pull),
      start: callback(start),
      type: type === undefined ? undefined : toType(type),
    };
  };
  // <https://streams.spec.whatwg.org/#rs-constructor>
  const setUp = (stream, source, strategy) => {
    const streams = realm.streams;
    // 2. The source's members.
    const { autoAllocateChunkSize, cancel, pull, start, type } = convertSource(source);
    const doStart = (controller) => (start === undefined ? undefined : Reflect.apply(start, source, [streams.controllerObjectOf(controller)]));
    const doPull = (controller) =>
      pull === undefined ? streams.resolvedWith(undefined) : streams.callForPromise(pull, source, [streams.controllerObjectOf(controller)]);
    const doCancel = (reason) => (cancel === undefined ? streams.resolvedWith(undefined) : streams.callForPromise(cancel, source, [reason]));
    if (type === "bytes") {
      // 4. A byte stream.
      if (strategy.size !== undefined) throw new RangeError("ReadableStream constructor: the strategy of a byte stream has no 'size'");
      const highWaterMark = realm.highWaterMarkOf(strategy, 0);
      if (autoAllocateChunkSize === 0) throw new TypeError("ReadableStream constructor: 'autoAllocateChunkSize' must not be 0");
      streams.setUpByteController(stream, doStart, doPull, doCancel, highWaterMark, autoAllocateChunkSize);
    } else {
      // 5. One of any chunks.
      const size = realm.sizeAlgorithmOf(strategy);
      const highWaterMark = realm.highWaterMarkOf(strategy, 1);
      streams.setUpDefaultController(stream, doStart, doPull, doCancel, highWaterMark, size);
    }
  };
  // <https://streams.spec.whatwg.org/#dictdef-streampipeoptions>
  const convertPipeOptions = (options, context) => {
    const { preventAbort, preventCancel, preventClose, signal } = webidl.dictionary(options, context);
    if (signal !== undefined && !realm.isAbortSignal(signal)) throw new TypeError(`${context}: the signal is not an AbortSignal`);
    return { preventAbort: !!preventAbort, preventCancel: !!preventCancel, preventClose: !!preventClose, signal };
  };
  const pipe = (source, destination, { preventClose, preventAbort, preventCancel, signal }) =>
    realm.streams.pipeTo(source, destination, preventClose, preventAbort, preventCancel, signal);
  // The method steps of what gives a promise.
  const promising = (steps) => {
    const streams = realm.streams;
    try {
      return steps(streams);
    } catch (error) {
      return streams.rejectedWith(error);
    }
  };
  realm.promising = promising;

  class ReadableStream {
    constructor(underlyingSource = undefined, strategy = undefined) {
      if (underlyingSource === token) {
        realm.setObjectState(this, KIND, strategy);
        return;
      }
      const streams = realm.streams;
      if (underlyingSource !== undefined && !webidl.isObject(underlyingSource)) {
        throw new TypeError("ReadableStream constructor: the underlying source is not an object");
      }
      const typedStrategy = realm.convertQueuingStrategy(strategy, "ReadableStream constructor");
      const stream = streams.newReadableStream();
      stream.object = this;
      setUp(stream, underlyingSource, typedStrategy);
      realm.setObjectState(this, KIND, stream);
    }
    static from(asyncIterable) {
      webidl.requireArguments(arguments.length, 1, "'from' on 'ReadableStream'");
      const streams = realm.streams;
      return streams.objectOf(streams.from(asyncIterable));
    }
    get locked() {
      return stateOf(this).reader !== undefined;
    }
    cancel(reason = undefined) {
      return promising((streams) => {
        const stream = stateOf(this);
        if (streams.isLocked(stream)) throw new TypeError("Failed to execute 'cancel' on 'ReadableStream': the stream is locked to a reader");
        return streams.cancel(stream, reason);
      });
    }
    getReader(options = undefined) {
      const stream = stateOf(this);
      const { mode } = webidl.dictionary(options, "ReadableStream.getReader");
      const typedMode = mode === undefined ? undefined : toMode(mode);
      return realm.makeReader(typedMode === undefined ? realm.streams.acquireReader(stream) : realm.streams.acquireByobReader(stream));
    }
    pipeThrough(transform, options = undefined) {
      const stream = stateOf(this);
      const context = "Failed to execute 'pipeThrough' on 'ReadableStream'";
      webidl.requireArguments(arguments.length, 1, "'pipeThrough' on 'ReadableStream'");
      // <https://streams.spec.whatwg.org/#dictdef-readablewritablepair>
      const pair = webidl.dictionary(transform, context);
      const { readable } = pair;
      if (!realm.isReadableStream(readable)) throw new TypeError(`${context}: 'readable' is not a ReadableStream`);
      const destination = realm.writableStreamState(pair.writable);
      if (destination === undefined) throw new TypeError(`${context}: 'writable' is not a WritableStream`);
      const typedOptions = convertPipeOptions(options, context);
      const { streams } = realm;
      if (streams.isLocked(stream)) throw new TypeError(`${context}: the stream is locked to a reader`);
      if (streams.isWritableLocked(destination)) throw new TypeError(`${context}: the writable side is locked to a writer`);
      streams.markHandled(pipe(stream, destination, typedOptions));
      return readable;
    }
    pipeTo(destination, options = undefined) {
      return promising((streams) => {
        const stream = stateOf(this);
        const context = "Failed to execute 'pipeTo' on 'ReadableStream'";
        webidl.requireArguments(arguments.length, 1, "'pipeTo' on 'ReadableStream'");
        const typedDestination = realm.writableStreamState(destination);
        if (typedDestination === undefined) throw new TypeError(`${context}: the destination is not a WritableStream`);
        const typedOptions = convertPipeOptions(options, context);
        if (streams.isLocked(stream)) throw new TypeError(`${context}: the stream is locked to a reader`);
        if (streams.isWritableLocked(typedDestination)) throw new TypeError(`${context}: the destination is locked to a writer`);
        return pipe(stream, typedDestination, typedOptions);
      });
    }
    tee() {
      const stream = stateOf(this);
      const { streams } = realm;
      const branches = streams.tee(stream, false);
      return [streams.objectOf(branches[0]), streams.objectOf(branches[1])];
    }
    values(options = undefined) {
      const stream = stateOf(this);
      const { preventCancel } = webidl.dictionary(options, "ReadableStream.values");
      return makeIterator(realm.streams.newIterator(stream, !!preventCancel));
    }
  }
  realm.expose({ ReadableStream });
  realm.arity(ReadableStream.prototype, { pipeThrough: 1, pipeTo: 1 });
  Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, {
    value: ReadableStream.prototype.values,
    writable: true,
    enumerable: false,
    configurable: true,
  });

  // <https://webidl.spec.whatwg.org/#js-asynchronous-iterator-prototype-object>
  const ITERATOR = "ReadableStream AsyncIterator";
  const members = {
    next() {
      return promising(() => realm.requireState(this, ITERATOR).next());
    },
    return(value) {
      return promising(() => realm.requireState(this, ITERATOR).return(value));
    },
  };
  const asyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {}).prototype));
  const iteratorPrototype = Object.create(asyncIteratorPrototype, {
    next: { value: members.next, writable: true, enumerable: true, configurable: true },
    return: { value: members.return, writable: true, enumerable: true, configurable: true },
    [Symbol.toStringTag]: { value: ITERATOR, configurable: true },
  });
  const makeIterator = (iterator) => {
    const object = Object.create(iteratorPrototype);
    realm.setObjectState(object, ITERATOR, iterator);
    return object;
  };

  realm.makeReadableStream = (stream) => new ReadableStream(token, stream);
  realm.readableStreamState = (value) => realm.objectState(value, KIND);
  realm.isReadableStream = (value) => realm.objectState(value, KIND) !== undefined;
  // One that is locked cannot be given away, nor one that was. <https://streams.spec.whatwg.org/#rs-transfer>
  realm.transferables.ReadableStream = {
    test: realm.isReadableStream,
    isDetached: (value) => {
      const { isGone, reader } = realm.objectState(value, KIND);
      return isGone || reader !== undefined;
    },
    transfer: (value) => {
      const stream = realm.objectState(value, KIND);
      stream.isGone = true;
      return realm.streams.sendReadable(stream);
    },
    receive: (end) => realm.streams.objectOf(realm.streams.crossRealmReadable(end)),
  };
}
