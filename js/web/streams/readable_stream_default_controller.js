// The controller of readable streams of any chunks. <https://streams.spec.whatwg.org/#rs-default-controller-abstract-ops>
(realm) => {
  "use strict";
  const { streams } = realm;

  // <https://streams.spec.whatwg.org/#rs-default-controller-class>
  class DefaultController {
    object = null;
    isByteController = false;
    started = false;
    closeRequested = false;
    pulling = false;
    pullAgain = false;
    constructor(stream, pull, cancel, highWaterMark, size) {
      this.stream = stream;
      this.pullAlgorithm = pull;
      this.cancelAlgorithm = cancel;
      this.strategyHWM = highWaterMark;
      this.strategySizeAlgorithm = size;
      streams.resetQueue(this);
    }
    // <https://streams.spec.whatwg.org/#rs-default-controller-private-cancel>
    cancelSteps(reason) {
      streams.resetQueue(this);
      const result = this.cancelAlgorithm(reason);
      clearAlgorithms(this);
      return result;
    }
    // <https://streams.spec.whatwg.org/#rs-default-controller-private-pull>
    pullSteps(request) {
      const { stream } = this;
      if (this.queue.length > 0) {
        const chunk = streams.dequeueValue(this);
        if (this.closeRequested && this.queue.length === 0) {
          clearAlgorithms(this);
          streams.close(stream);
        } else {
          streams.callPullIfNeeded(this);
        }
        request.chunk(chunk);
      } else {
        stream.reader.requests.push(request);
        streams.callPullIfNeeded(this);
      }
    }
    releaseSteps() {}
    shouldCallPull() {
      if (!canCloseOrEnqueue(this) || !this.started) return false;
      return streams.waitingReads(this.stream) > 0 || streams.desiredSize(this) > 0;
    }
    fail(error) {
      streams.controllerError(this, error);
    }
  }

  // <https://streams.spec.whatwg.org/#set-up-readable-stream-default-controller>. `start` is given the controller.
  streams.setUpDefaultController = (stream, start, pull, cancel, highWaterMark, size) => {
    const controller = new DefaultController(stream, pull, cancel, highWaterMark, size);
    stream.controller = controller;
    streams.startController(controller, start);
  };
  // What both kinds of controllers do with the result of `start`.
  streams.startController = (controller, start) => {
    streams.react(
      streams.resolvedWith(start(controller)),
      () => {
        controller.started = true;
        streams.callPullIfNeeded(controller);
      },
      (error) => controller.fail(error),
    );
  };
  // Of both kinds. <https://streams.spec.whatwg.org/#readable-stream-default-controller-call-pull-if-needed>
  streams.callPullIfNeeded = (controller) => {
    if (!controller.shouldCallPull()) return;
    if (controller.pulling) {
      controller.pullAgain = true;
      return;
    }
    controller.pulling = true;
    streams.react(
      controller.pullAlgorithm(controller),
      () => {
        controller.pulling = false;
        if (controller.pullAgain) {
          controller.pullAgain = false;
          streams.callPullIfNeeded(controller);
        }
      },
      (error) => controller.fail(error),
    );
  };
  // Of both kinds: what the source was made of may go.
  const clearAlgorithms = (controller) => {
    controller.pullAlgorithm = undefined;
    controller.cancelAlgorithm = undefined;
    controller.strategySizeAlgorithm = undefined;
  };
  streams.clearAlgorithms = clearAlgorithms;
  // Of both kinds. <https://streams.spec.whatwg.org/#readable-stream-default-controller-get-desired-size>
  streams.desiredSize = (controller) => {
    const { state } = controller.stream;
    if (state === "errored") return null;
    if (state === "closed") return 0;
    return controller.strategyHWM - controller.queueTotalSize;
  };
  // Of both kinds. <https://streams.spec.whatwg.org/#readable-stream-default-controller-can-close-or-enqueue>
  const canCloseOrEnqueue = (controller) => !controller.closeRequested && controller.stream.state === "readable";
  streams.canCloseOrEnqueue = canCloseOrEnqueue;
  // <https://streams.spec.whatwg.org/#rs-default-controller-has-backpressure>
  streams.hasBackpressure = (controller) => !controller.shouldCallPull();

  // <https://streams.spec.whatwg.org/#readable-stream-default-controller-close>
  streams.controllerClose = (controller) => {
    if (!canCloseOrEnqueue(controller)) return;
    controller.closeRequested = true;
    if (controller.queue.length > 0) return;
    clearAlgorithms(controller);
    streams.close(controller.stream);
  };
  // <https://streams.spec.whatwg.org/#readable-stream-default-controller-enqueue>
  streams.controllerEnqueue = (controller, chunk) => {
    if (!canCloseOrEnqueue(controller)) return;
    const { stream } = controller;
    if (streams.waitingReads(stream) > 0) {
      streams.fulfillRead(stream, chunk);
    } else {
      try {
        const size = controller.strategySizeAlgorithm(chunk);
        streams.enqueueValueWithSize(controller, chunk, size);
      } catch (error) {
        streams.controllerError(controller, error);
        throw error;
      }
    }
    streams.callPullIfNeeded(controller);
  };
  // <https://streams.spec.whatwg.org/#readable-stream-default-controller-error>
  streams.controllerError = (controller, error) => {
    const { stream } = controller;
    if (stream.state !== "readable") return;
    streams.resetQueue(controller);
    clearAlgorithms(controller);
    streams.error(stream, error);
  };
}
