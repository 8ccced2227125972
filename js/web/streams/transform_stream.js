// Transform streams: what is written comes out of the readable side, changed. <https://streams.spec.whatwg.org/#ts-abstract-ops>
(realm) => {
  "use strict";
  const { TypeError } = realm.primordials;
  const { streams } = realm;
  const { Deferred, react, resolvedWith } = streams;

  // <https://streams.spec.whatwg.org/#ts-default-controller-class>
  class Controller {
    object = null;
    // The end of the stream, once it has begun: by close, abort or cancel, whichever came first.
    finished = undefined;
    constructor(stream, transform, flush, cancel) {
      this.stream = stream;
      this.transformAlgorithm = transform;
      this.flushAlgorithm = flush;
      this.cancelAlgorithm = cancel;
    }
  }
  const clearAlgorithms = (controller) => {
    controller.transformAlgorithm = undefined;
    controller.flushAlgorithm = undefined;
    controller.cancelAlgorithm = undefined;
  };

  // A stream that begins when `startPromise` is fulfilled. <https://streams.spec.whatwg.org/#initialize-transform-stream>
  streams.createTransformStream = (startPromise, writableHighWaterMark, writableSize, readableHighWaterMark, readableSize) => {
    const stream = { object: null, readable: null, writable: null, controller: undefined, backpressure: undefined, backpressureChange: undefined, isGone: false };
    const start = () => startPromise;
    stream.writable = streams.createWritableStream(
      start,
      (chunk) => write(stream, chunk),
      () => close(stream),
      (reason) => abort(stream, reason),
      writableHighWaterMark,
      writableSize,
    );
    stream.readable = streams.createReadableStream(
      start,
      () => pull(stream),
      (reason) => cancel(stream, reason),
      readableHighWaterMark,
      readableSize,
    );
    setBackpressure(stream, true);
    return stream;
  };
  // The algorithms give promises. <https://streams.spec.whatwg.org/#set-up-transform-stream-default-controller>
  streams.setUpTransformController = (stream, transform, flush, doCancel) => {
    stream.controller = new Controller(stream, transform, flush, doCancel);
    return stream.controller;
  };
  // A stream for another standard, whose algorithms may throw. <https://streams.spec.whatwg.org/#transformstream-set-up>
  streams.makeTransformStream = (transform, flush) => {
    const started = resolvedWith(undefined);
    const stream = streams.createTransformStream(started, 1, () => 1, 0, () => 1);
    const controller = streams.setUpTransformController(
      stream,
      (chunk) => streams.callForPromise(transform, undefined, [chunk, controller]),
      () => streams.callForPromise(flush, undefined, [controller]),
      () => resolvedWith(undefined),
    );
    return stream;
  };

  // <https://streams.spec.whatwg.org/#transform-stream-error>
  const fail = (stream, error) => {
    streams.controllerError(stream.readable.controller, error);
    errorWritableAndUnblockWrite(stream, error);
  };
  // <https://streams.spec.whatwg.org/#transform-stream-error-writable-and-unblock-write>
  const errorWritableAndUnblockWrite = (stream, error) => {
    clearAlgorithms(stream.controller);
    streams.writableControllerErrorIfNeeded(stream.writable.controller, error);
    unblockWrite(stream);
  };
  const unblockWrite = (stream) => {
    if (stream.backpressure) setBackpressure(stream, false);
  };
  // <https://streams.spec.whatwg.org/#transform-stream-set-backpressure>
  const setBackpressure = (stream, backpressure) => {
    stream.backpressureChange?.resolve(undefined);
    stream.backpressureChange = new Deferred();
    stream.backpressure = backpressure;
  };

  // <https://streams.spec.whatwg.org/#transform-stream-default-controller-enqueue>
  streams.transformEnqueue = ({ stream }, chunk) => {
    const { controller } = stream.readable;
    if (!streams.canCloseOrEnqueue(controller)) throw new TypeError("The readable side takes no more chunks");
    try {
      streams.controllerEnqueue(controller, chunk);
    } catch (error) {
      errorWritableAndUnblockWrite(stream, error);
      throw stream.readable.storedError;
    }
    if (streams.hasBackpressure(controller) !== stream.backpressure) setBackpressure(stream, true);
  };
  // <https://streams.spec.whatwg.org/#transform-stream-default-controller-error>
  streams.transformError = ({ stream }, error) => fail(stream, error);
  // <https://streams.spec.whatwg.org/#transform-stream-default-controller-terminate>
  streams.transformTerminate = ({ stream }) => {
    streams.controllerClose(stream.readable.controller);
    errorWritableAndUnblockWrite(stream, new TypeError("The transform stream was terminated"));
  };

  // <https://streams.spec.whatwg.org/#transform-stream-default-controller-perform-transform>
  const performTransform = (stream, chunk) =>
    react(stream.controller.transformAlgorithm(chunk), undefined, (error) => {
      fail(stream, error);
      throw error;
    });
  // <https://streams.spec.whatwg.org/#transform-stream-default-sink-write-algorithm>
  const write = (stream, chunk) => {
    if (!stream.backpressure) return performTransform(stream, chunk);
    return react(stream.backpressureChange.promise, () => {
      const { writable } = stream;
      if (writable.state === "erroring") throw writable.storedError;
      return performTransform(stream, chunk);
    });
  };
  // The end: `run` gives the promise of what script does about it; then `then` or `failed`.
  const finish = ({ controller }, run, then, failed) => {
    if (controller.finished !== undefined) return controller.finished.promise;
    const finished = new Deferred();
    controller.finished = finished;
    const result = run(controller);
    clearAlgorithms(controller);
    react(
      result,
      () => then(finished),
      (error) => {
        failed(error);
        finished.reject(error);
      },
    );
    return finished.promise;
  };
  // <https://streams.spec.whatwg.org/#transform-stream-default-sink-abort-algorithm>
  const abort = (stream, reason) => {
    const { readable } = stream;
    return finish(
      stream,
      (controller) => controller.cancelAlgorithm(reason),
      (finished) => {
        if (readable.state === "errored") {
          finished.reject(readable.storedError);
        } else {
          streams.controllerError(readable.controller, reason);
          finished.resolve(undefined);
        }
      },
      (error) => streams.controllerError(readable.controller, error),
    );
  };
  // <https://streams.spec.whatwg.org/#transform-stream-default-sink-close-algorithm>
  const close = (stream) => {
    const { readable } = stream;
    return finish(
      stream,
      (controller) => controller.flushAlgorithm(),
      (finished) => {
        if (readable.state === "errored") {
          finished.reject(readable.storedError);
        } else {
          streams.controllerClose(readable.controller);
          finished.resolve(undefined);
        }
      },
      (error) => streams.controllerError(readable.controller, error),
    );
  };
  // <https://streams.spec.whatwg.org/#transform-stream-default-source-cancel>
  const cancel = (stream, reason) => {
    const { writable } = stream;
    const end = (error) => {
      streams.writableControllerErrorIfNeeded(writable.controller, error);
      unblockWrite(stream);
    };
    return finish(
      stream,
      (controller) => controller.cancelAlgorithm(reason),
      (finished) => {
        if (writable.state === "errored") {
          finished.reject(writable.storedError);
        } else {
          end(reason);
          finished.resolve(undefined);
        }
      },
      end,
    );
  };
  // <https://streams.spec.whatwg.org/#transform-stream-default-source-pull-algorithm>
  const pull = (stream) => {
    setBackpressure(stream, false);
    return stream.backpressureChange.promise;
  };
}
