// TransformStream and its controller. The algorithms are in transform_stream.js. <https://streams.spec.whatwg.org/#ts-class>
(realm) => {
  "use strict";
  const { TypeError, RangeError, Reflect } = realm.primordials;
  const { webidl } = realm;

  const KIND = "TransformStream";
  const CONTROLLER = "TransformStreamDefaultController";
  const token = {};

  // <https://streams.spec.whatwg.org/#dictdef-transformer>
  const convertTransformer = (transformer) => {
    const { cancel, flush, readableType, start, transform, writableType } = webidl.dictionary(transformer, "Transformer");
    const callback = (value) => (value === undefined ? undefined : webidl.callbackFunction(value, "Transformer"));
    return {
      cancel: callback(cancel),
      flush: callback(flush),
      readableType,
      start: callback(start),
      transform: callback(transform),
      writableType,
    };
  };
  // <https://streams.spec.whatwg.org/#ts-constructor>
  const create = (transformer, writableStrategy, readableStrategy) => {
    const { streams } = realm;
    // 2 to 4. The transformer's members.
    const { cancel, flush, readableType, start, transform, writableType } = convertTransformer(transformer);
    if (readableType !== undefined) throw new RangeError("TransformStream constructor: 'readableType' must be undefined");
    if (writableType !== undefined) throw new RangeError("TransformStream constructor: 'writableType' must be undefined");
    // 5 to 8.
    const readableHighWaterMark = realm.highWaterMarkOf(readableStrategy, 0);
    const readableSize = realm.sizeAlgorithmOf(readableStrategy);
    const writableHighWaterMark = realm.highWaterMarkOf(writableStrategy, 1);
    const writableSize = realm.sizeAlgorithmOf(writableStrategy);
    // 9, 10.
    const started = new streams.Deferred();
    const stream = streams.createTransformStream(started.promise, writableHighWaterMark, writableSize, readableHighWaterMark, readableSize);
    // 11. <https://streams.spec.whatwg.org/#set-up-transform-stream-default-controller-from-transformer>
    const call = (callback, args) => (callback === undefined ? streams.resolvedWith(undefined) : streams.callForPromise(callback, transformer, args));
    const identity = (chunk) => {
      try {
        streams.transformEnqueue(controller, chunk);
        return streams.resolvedWith(undefined);
      } catch (error) {
        return streams.rejectedWith(error);
      }
    };
    const controller = streams.setUpTransformController(
      stream,
      transform === undefined ? identity : (chunk) => call(transform, [chunk, controllerObject(controller)]),
      () => (flush === undefined ? streams.resolvedWith(undefined) : call(flush, [controllerObject(controller)])),
      (reason) => call(cancel, [reason]),
    );
    // 12, 13.
    started.resolve(start === undefined ? undefined : Reflect.apply(start, transformer, [controllerObject(controller)]));
    return stream;
  };

  class TransformStream {
    constructor(transformer = undefined, writableStrategy = undefined, readableStrategy = undefined) {
      if (transformer === token) {
        realm.setObjectState(this, KIND, writableStrategy);
        return;
      }
      if (transformer !== undefined && !webidl.isObject(transformer)) throw new TypeError("TransformStream constructor: the transformer is not an object");
      const typedWritableStrategy = realm.convertQueuingStrategy(writableStrategy, "TransformStream constructor");
      const typedReadableStrategy = realm.convertQueuingStrategy(readableStrategy, "TransformStream constructor");
      realm.setObjectState(this, KIND, create(transformer, typedWritableStrategy, typedReadableStrategy));
    }
    get readable() {
      return realm.streams.objectOf(realm.requireState(this, KIND).readable);
    }
    get writable() {
      return realm.streams.objectOfWritable(realm.requireState(this, KIND).writable);
    }
  }
  class TransformStreamDefaultController {
    constructor() {
      if (arguments[0] !== token) throw realm.illegalConstructor(CONTROLLER);
      realm.setObjectState(this, CONTROLLER, arguments[1]);
    }
    get desiredSize() {
      return realm.streams.desiredSize(realm.requireState(this, CONTROLLER).stream.readable.controller);
    }
    enqueue(chunk = undefined) {
      realm.streams.transformEnqueue(realm.requireState(this, CONTROLLER), chunk);
    }
    error(reason = undefined) {
      realm.streams.transformError(realm.requireState(this, CONTROLLER), reason);
    }
    terminate() {
      realm.streams.transformTerminate(realm.requireState(this, CONTROLLER));
    }
  }
  const controllerObject = (controller) => (controller.object ??= new TransformStreamDefaultController(token, controller));
  realm.expose({ TransformStream, TransformStreamDefaultController });

  // <https://streams.spec.whatwg.org/#ts-transfer>
  realm.transferables.TransformStream = {
    test: (value) => realm.objectState(value, KIND) !== undefined,
    isDetached: (value) => {
      const { isGone, readable, writable } = realm.objectState(value, KIND);
      return isGone || readable.reader !== undefined || writable.writer !== undefined;
    },
    transfer: (value) => {
      const stream = realm.objectState(value, KIND);
      stream.isGone = true;
      return realm.streams.sendTransform(stream);
    },
    receive: (ends) => new TransformStream(token, realm.streams.receiveTransform(ends)),
  };
}
