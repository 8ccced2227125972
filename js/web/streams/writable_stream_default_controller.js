// The controller of writable streams. <https://streams.spec.whatwg.org/#ws-default-controller-abstract-ops>
(realm) => {
  "use strict";
  const { streams } = realm;
  const { react, resolvedWith } = streams;

  // In the queue, a close; one for all windows.
  const CLOSE = (realm.shared.closeSentinel ??= { __proto__: null });

  // <https://streams.spec.whatwg.org/#ws-default-controller-class>
  class Controller {
    object = null;
    started = false;
    // The signal that script has asked for, or null; and how it was aborted, or null.
    signal = null;
    aborted = null;
    constructor(stream, write, close, abort, highWaterMark, size) {
      this.stream = stream;
      this.writeAlgorithm = write;
      this.closeAlgorithm = close;
      this.abortAlgorithm = abort;
      this.strategyHWM = highWaterMark;
      this.strategySizeAlgorithm = size;
      streams.resetQueue(this);
    }
    // <https://streams.spec.whatwg.org/#ws-default-controller-private-abort>
    abortSteps(reason) {
      const result = this.abortAlgorithm(reason);
      clearAlgorithms(this);
      return result;
    }
    // <https://streams.spec.whatwg.org/#ws-default-controller-private-error>
    errorSteps() {
      streams.resetQueue(this);
    }
  }
  // OPTIMIZATION: signals are made when asked for, which is seldom.
  streams.signalOf = (controller) => {
    if (controller.signal === null) {
      controller.signal = realm.makeAbortSignal();
      if (controller.aborted !== null) realm.signalAbort(controller.signal, controller.aborted.reason);
    }
    return controller.signal;
  };
  streams.signalAbort = (controller, reason) => {
    controller.aborted ??= { reason };
    if (controller.signal !== null) realm.signalAbort(controller.signal, reason);
  };

  // <https://streams.spec.whatwg.org/#set-up-writable-stream-default-controller>. `start` is given the controller.
  streams.setUpWritableController = (stream, start, write, close, abort, highWaterMark, size) => {
    const controller = new Controller(stream, write, close, abort, highWaterMark, size);
    stream.controller = controller;
    streams.updateBackpressure(stream, hasBackpressure(controller));
    react(
      resolvedWith(start(controller)),
      () => {
        controller.started = true;
        advanceQueue(controller);
      },
      (error) => {
        controller.started = true;
        streams.dealWithRejection(stream, error);
      },
    );
  };
  const clearAlgorithms = (controller) => {
    controller.writeAlgorithm = undefined;
    controller.closeAlgorithm = undefined;
    controller.abortAlgorithm = undefined;
    controller.strategySizeAlgorithm = undefined;
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-controller-get-desired-size>
  streams.writableDesiredSize = (controller) => controller.strategyHWM - controller.queueTotalSize;
  const hasBackpressure = (controller) => streams.writableDesiredSize(controller) <= 0;

  // <https://streams.spec.whatwg.org/#writable-stream-default-controller-advance-queue-if-needed>
  const advanceQueue = (controller) => {
    const { stream } = controller;
    if (!controller.started || stream.inFlightWrite !== undefined) return;
    if (stream.state === "erroring") {
      streams.finishErroring(stream);
      return;
    }
    if (controller.queue.length === 0) return;
    const value = streams.peekQueueValue(controller);
    if (value === CLOSE) processClose(controller);
    else processWrite(controller, value);
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-controller-process-close>
  const processClose = (controller) => {
    const { stream } = controller;
    stream.inFlightClose = stream.closeRequest;
    stream.closeRequest = undefined;
    streams.dequeueValue(controller);
    const result = controller.closeAlgorithm();
    clearAlgorithms(controller);
    react(
      result,
      () => streams.finishInFlightClose(stream),
      (error) => streams.finishInFlightCloseWithError(stream, error),
    );
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-controller-process-write>
  const processWrite = (controller, chunk) => {
    const { stream } = controller;
    stream.inFlightWrite = stream.writeRequests.shift();
    react(
      controller.writeAlgorithm(chunk, controller),
      () => {
        streams.finishInFlightWrite(stream);
        const { state } = stream;
        streams.dequeueValue(controller);
        if (!streams.closeQueuedOrInFlight(stream) && state === "writable") streams.updateBackpressure(stream, hasBackpressure(controller));
        advanceQueue(controller);
      },
      (error) => {
        if (stream.state === "writable") clearAlgorithms(controller);
        streams.finishInFlightWriteWithError(stream, error);
      },
    );
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-controller-close>
  streams.writableControllerClose = (controller) => {
    streams.enqueueValueWithSize(controller, CLOSE, 0);
    advanceQueue(controller);
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-controller-error>
  streams.writableControllerError = (controller, error) => {
    clearAlgorithms(controller);
    streams.startErroring(controller.stream, error);
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-controller-error-if-needed>
  streams.writableControllerErrorIfNeeded = (controller, error) => {
    if (controller.stream.state === "writable") streams.writableControllerError(controller, error);
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-controller-get-chunk-size>
  streams.chunkSizeOf = (controller, chunk) => {
    if (controller.strategySizeAlgorithm === undefined) return 1;
    try {
      return controller.strategySizeAlgorithm(chunk);
    } catch (error) {
      streams.writableControllerErrorIfNeeded(controller, error);
      return 1;
    }
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-controller-write>
  streams.writableControllerWrite = (controller, chunk, size) => {
    try {
      streams.enqueueValueWithSize(controller, chunk, size);
    } catch (error) {
      streams.writableControllerErrorIfNeeded(controller, error);
      return;
    }
    const { stream } = controller;
    if (!streams.closeQueuedOrInFlight(stream) && stream.state === "writable") streams.updateBackpressure(stream, hasBackpressure(controller));
    advanceQueue(controller);
  };
}
