// The controller of readable byte streams. <https://streams.spec.whatwg.org/#rbs-controller-abstract-ops>
(realm) => {
  "use strict";
  const { TypeError, RangeError, Uint8Array, ArrayBuffer, Math } = realm.primordials;
  const { streams, webidl } = realm;
  const { Queue, transferBuffer } = streams;

  // A read into a buffer that waits for its bytes. <https://streams.spec.whatwg.org/#pull-into-descriptor>
  class PullInto {
    bytesFilled = 0;
    // "default", "byob" or "none".
    readerType = "byob";
    elementSize = 1;
    minimumFill = 1;
    constructor(buffer, byteOffset, byteLength, viewConstructor) {
      this.buffer = buffer;
      this.bufferByteLength = webidl.bufferByteLength(buffer);
      this.byteOffset = byteOffset;
      this.byteLength = byteLength;
      this.viewConstructor = viewConstructor;
    }
  }

  // <https://streams.spec.whatwg.org/#rbs-controller-class>
  class ByteController {
    object = null;
    isByteController = true;
    started = false;
    closeRequested = false;
    pulling = false;
    pullAgain = false;
    // { object, controller, view } of the request that script may fill, or null.
    byobRequest = null;
    pendingPullIntos = new Queue();
    constructor(stream, pull, cancel, highWaterMark, autoAllocateChunkSize) {
      this.stream = stream;
      this.pullAlgorithm = pull;
      this.cancelAlgorithm = cancel;
      this.strategyHWM = highWaterMark;
      this.autoAllocateChunkSize = autoAllocateChunkSize;
      // Entries are { buffer, byteOffset, byteLength }.
      streams.resetQueue(this);
    }
    // <https://streams.spec.whatwg.org/#rbs-controller-private-cancel>
    cancelSteps(reason) {
      clearPendingPullIntos(this);
      streams.resetQueue(this);
      const result = this.cancelAlgorithm(reason);
      streams.clearAlgorithms(this);
      return result;
    }
    // <https://streams.spec.whatwg.org/#rbs-controller-private-pull>
    pullSteps(request) {
      // 3. From the queue.
      if (this.queueTotalSize > 0) {
        fillReadRequestFromQueue(this, request);
        return;
      }
      // 5. Into a buffer of our own.
      if (this.autoAllocateChunkSize !== undefined) {
        let buffer;
        try {
          buffer = new ArrayBuffer(this.autoAllocateChunkSize);
        } catch (error) {
          request.error(error);
          return;
        }
        const pullInto = new PullInto(buffer, 0, this.autoAllocateChunkSize, Uint8Array);
        pullInto.readerType = "default";
        this.pendingPullIntos.push(pullInto);
      }
      // 6, 7.
      this.stream.reader.requests.push(request);
      streams.callPullIfNeeded(this);
    }
    // <https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontroller-releasesteps>
    releaseSteps() {
      if (this.pendingPullIntos.length === 0) return;
      const first = this.pendingPullIntos.peek();
      first.readerType = "none";
      this.pendingPullIntos = new Queue();
      this.pendingPullIntos.push(first);
    }
    // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-should-call-pull>
    shouldCallPull() {
      if (!streams.canCloseOrEnqueue(this) || !this.started) return false;
      const { stream } = this;
      return streams.waitingReads(stream) > 0 || streams.waitingReadIntos(stream) > 0 || streams.desiredSize(this) > 0;
    }
    fail(error) {
      streams.byteError(this, error);
    }
  }

  // <https://streams.spec.whatwg.org/#set-up-readable-byte-stream-controller>
  streams.setUpByteController = (stream, start, pull, cancel, highWaterMark, autoAllocateChunkSize) => {
    const controller = new ByteController(stream, pull, cancel, highWaterMark, autoAllocateChunkSize);
    stream.controller = controller;
    streams.startController(controller, start);
  };

  // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-invalidate-byob-request>
  const invalidateByobRequest = (controller) => {
    const request = controller.byobRequest;
    if (request === null) return;
    request.controller = undefined;
    request.view = null;
    controller.byobRequest = null;
  };
  // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-clear-pending-pull-intos>
  const clearPendingPullIntos = (controller) => {
    invalidateByobRequest(controller);
    controller.pendingPullIntos = new Queue();
  };
  // <https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollergetbyobrequest>
  streams.byobRequestOf = (controller) => {
    if (controller.byobRequest === null && controller.pendingPullIntos.length > 0) {
      const { buffer, byteOffset, byteLength, bytesFilled } = controller.pendingPullIntos.peek();
      const view = new Uint8Array(buffer, byteOffset + bytesFilled, byteLength - bytesFilled);
      controller.byobRequest = { object: null, controller, view };
    }
    return controller.byobRequest;
  };

  // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-close>
  streams.byteClose = (controller) => {
    if (!streams.canCloseOrEnqueue(controller)) return;
    // 3. What is queued is read first.
    if (controller.queueTotalSize > 0) {
      controller.closeRequested = true;
      return;
    }
    // 4. A read that has got part of an element.
    if (controller.pendingPullIntos.length > 0) {
      const first = controller.pendingPullIntos.peek();
      if (first.bytesFilled % first.elementSize !== 0) {
        const error = new TypeError("The stream ends inside an element of the view to be filled");
        streams.byteError(controller, error);
        throw error;
      }
    }
    // 5, 6.
    streams.clearAlgorithms(controller);
    streams.close(controller.stream);
  };
  // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-error>
  streams.byteError = (controller, error) => {
    const { stream } = controller;
    if (stream.state !== "readable") return;
    clearPendingPullIntos(controller);
    streams.resetQueue(controller);
    streams.clearAlgorithms(controller);
    streams.error(stream, error);
  };

  // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-enqueue>
  streams.byteEnqueue = (controller, chunk) => {
    if (!streams.canCloseOrEnqueue(controller)) return;
    const { stream } = controller;
    // 3 to 7. The chunk's buffer becomes ours.
    const { buffer, byteOffset, byteLength } = webidl.viewOf(chunk);
    const ours = transferBuffer(buffer);
    // 8. The buffer that script might have filled instead is taken from it.
    if (controller.pendingPullIntos.length > 0) {
      const first = controller.pendingPullIntos.peek();
      if (streams.isDetached(first.buffer)) throw new TypeError("The buffer of the pending read is detached");
      invalidateByobRequest(controller);
      first.buffer = transferBuffer(first.buffer);
      if (first.readerType === "none") enqueueDetachedPullInto(controller, first);
    }
    const { reader } = stream;
    if (reader !== undefined && !reader.isByob) {
      // 9. To who reads, or else to the queue.
      while (reader.requests.length > 0 && controller.queueTotalSize > 0) fillReadRequestFromQueue(controller, reader.requests.shift());
      if (reader.requests.length === 0) {
        enqueueChunk(controller, ours, byteOffset, byteLength);
      } else {
        if (controller.pendingPullIntos.length > 0) controller.pendingPullIntos.shift();
        streams.fulfillRead(stream, new Uint8Array(ours, byteOffset, byteLength));
      }
    } else {
      // 10, 11. To the queue, and from there into the buffers that wait.
      enqueueChunk(controller, ours, byteOffset, byteLength);
      if (reader !== undefined) commitAll(controller, fillPullIntosFromQueue(controller));
    }
    // 12.
    streams.callPullIfNeeded(controller);
  };
  const enqueueChunk = (controller, buffer, byteOffset, byteLength) => {
    controller.queue.push({ buffer, byteOffset, byteLength });
    controller.queueTotalSize += byteLength;
  };
  // <https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerenqueueclonedchunktoqueue>
  const enqueueClonedChunk = (controller, buffer, byteOffset, byteLength) => {
    let copy;
    try {
      copy = streams.cloneBuffer(buffer, byteOffset, byteLength);
    } catch (error) {
      streams.byteError(controller, error);
      throw error;
    }
    enqueueChunk(controller, copy, 0, byteLength);
  };
  // <https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerenqueuedetachedpullintotoqueue>
  const enqueueDetachedPullInto = (controller, pullInto) => {
    if (pullInto.bytesFilled > 0) enqueueClonedChunk(controller, pullInto.buffer, pullInto.byteOffset, pullInto.bytesFilled);
    controller.pendingPullIntos.shift();
  };

  // <https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerfillreadrequestfromqueue>
  const fillReadRequestFromQueue = (controller, request) => {
    const { buffer, byteOffset, byteLength } = controller.queue.shift();
    controller.queueTotalSize -= byteLength;
    handleQueueDrain(controller);
    request.chunk(new Uint8Array(buffer, byteOffset, byteLength));
  };
  // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-handle-queue-drain>
  const handleQueueDrain = (controller) => {
    if (controller.queueTotalSize === 0 && controller.closeRequested) {
      streams.clearAlgorithms(controller);
      streams.close(controller.stream);
    } else {
      streams.callPullIfNeeded(controller);
    }
  };
  // Whether it has enough. <https://streams.spec.whatwg.org/#readable-byte-stream-controller-fill-pull-into-descriptor-from-queue>
  const fillPullIntoFromQueue = (controller, pullInto) => {
    // 1 to 8. How much: whole elements if that is enough, or else all there is.
    const most = Math.min(controller.queueTotalSize, pullInto.byteLength - pullInto.bytesFilled);
    const filled = pullInto.bytesFilled + most;
    const aligned = filled - (filled % pullInto.elementSize);
    const isReady = aligned >= pullInto.minimumFill;
    let remaining = isReady ? aligned - pullInto.bytesFilled : most;
    // 9, 10. Copy.
    const { queue } = controller;
    while (remaining > 0) {
      const head = queue.peek();
      const count = Math.min(remaining, head.byteLength);
      streams.copyBytes(pullInto.buffer, pullInto.byteOffset + pullInto.bytesFilled, head.buffer, head.byteOffset, count);
      if (head.byteLength === count) {
        queue.shift();
      } else {
        head.byteOffset += count;
        head.byteLength -= count;
      }
      controller.queueTotalSize -= count;
      pullInto.bytesFilled += count;
      remaining -= count;
    }
    return isReady;
  };
  // Those that have enough now. <https://streams.spec.whatwg.org/#readable-byte-stream-controller-process-pull-into-descriptors-using-queue>
  const fillPullIntosFromQueue = (controller) => {
    const filled = [];
    while (controller.pendingPullIntos.length > 0 && controller.queueTotalSize > 0) {
      if (!fillPullIntoFromQueue(controller, controller.pendingPullIntos.peek())) break;
      filled[filled.length] = controller.pendingPullIntos.shift();
    }
    return filled;
  };

  // The view that a read gets. <https://streams.spec.whatwg.org/#readable-byte-stream-controller-convert-pull-into-descriptor>
  const convert = ({ buffer, byteOffset, bytesFilled, elementSize, viewConstructor }) =>
    streams.makeView(viewConstructor, transferBuffer(buffer), byteOffset, bytesFilled / elementSize);
  // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-commit-pull-into-descriptor>
  const commit = (controller, pullInto) => {
    const { stream } = controller;
    const view = convert(pullInto);
    const request = stream.reader.requests.shift();
    if (stream.state === "closed") request.close(view);
    else request.chunk(view);
  };
  const commitAll = (controller, pullIntos) => {
    for (let i = 0; i < pullIntos.length; i++) commit(controller, pullIntos[i]);
  };

  // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-pull-into>
  streams.pullInto = (controller, view, min, request) => {
    const { stream } = controller;
    // 2 to 12. The view's buffer becomes ours.
    const { buffer, byteOffset, byteLength, elementSize, viewConstructor } = webidl.viewOf(view);
    let ours;
    try {
      ours = transferBuffer(buffer);
    } catch (error) {
      request.error(error);
      return;
    }
    const pullInto = new PullInto(ours, byteOffset, byteLength, viewConstructor);
    pullInto.elementSize = elementSize;
    pullInto.minimumFill = min * elementSize;
    // 13. Behind others.
    if (controller.pendingPullIntos.length > 0) {
      controller.pendingPullIntos.push(pullInto);
      stream.reader.requests.push(request);
      return;
    }
    // 14. Nothing more comes.
    if (stream.state === "closed") {
      request.close(streams.makeView(viewConstructor, ours, byteOffset, 0));
      return;
    }
    // 15. From the queue.
    if (controller.queueTotalSize > 0) {
      if (fillPullIntoFromQueue(controller, pullInto)) {
        const filled = convert(pullInto);
        handleQueueDrain(controller);
        request.chunk(filled);
        return;
      }
      if (controller.closeRequested) {
        const error = new TypeError("The stream ends before the view is filled");
        streams.byteError(controller, error);
        request.error(error);
        return;
      }
    }
    // 16 to 18. Wait.
    controller.pendingPullIntos.push(pullInto);
    stream.reader.requests.push(request);
    streams.callPullIfNeeded(controller);
  };

  // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond>
  streams.respond = (controller, bytesWritten) => {
    const first = controller.pendingPullIntos.peek();
    if (controller.stream.state === "closed") {
      if (bytesWritten !== 0) throw new TypeError("A closed stream takes no bytes");
    } else {
      if (bytesWritten === 0) throw new TypeError("There must be some bytes");
      if (first.bytesFilled + bytesWritten > first.byteLength) throw new RangeError("More bytes than the view has room for");
    }
    first.buffer = transferBuffer(first.buffer);
    respondInternal(controller, first, bytesWritten);
  };
  // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-with-new-view>
  streams.respondWithNewView = (controller, view) => {
    const first = controller.pendingPullIntos.peek();
    const { buffer, byteOffset, byteLength } = webidl.viewOf(view);
    // 4, 5. As above.
    if (controller.stream.state === "closed") {
      if (byteLength !== 0) throw new TypeError("A closed stream takes no bytes");
    } else if (byteLength === 0) {
      throw new TypeError("There must be some bytes");
    }
    // 6 to 8. It stands where the one of the request stood.
    if (first.byteOffset + first.bytesFilled !== byteOffset) throw new RangeError("The view starts at another offset");
    if (first.bufferByteLength !== webidl.bufferByteLength(buffer)) throw new RangeError("The view is of a buffer of another length");
    if (first.bytesFilled + byteLength > first.byteLength) throw new RangeError("The view is longer than what was asked for");
    first.buffer = transferBuffer(buffer);
    respondInternal(controller, first, byteLength);
  };
  // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-internal>
  const respondInternal = (controller, first, bytesWritten) => {
    invalidateByobRequest(controller);
    if (controller.stream.state === "closed") respondInClosedState(controller, first);
    else respondInReadableState(controller, first, bytesWritten);
    streams.callPullIfNeeded(controller);
  };
  // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-in-closed-state>
  const respondInClosedState = (controller, first) => {
    if (first.readerType === "none") controller.pendingPullIntos.shift();
    const filled = [];
    for (let left = streams.waitingReadIntos(controller.stream); left > 0; left--) filled[filled.length] = controller.pendingPullIntos.shift();
    commitAll(controller, filled);
  };
  // <https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-in-readable-state>
  const respondInReadableState = (controller, first, bytesWritten) => {
    // 2. Fill.
    first.bytesFilled += bytesWritten;
    // 3. Its reader has gone: the next one gets the bytes.
    if (first.readerType === "none") {
      enqueueDetachedPullInto(controller, first);
      commitAll(controller, fillPullIntosFromQueue(controller));
      return;
    }
    // 4. Not enough yet.
    if (first.bytesFilled < first.minimumFill) return;
    // 5 to 8. Part of an element stays in the queue.
    controller.pendingPullIntos.shift();
    const remainder = first.bytesFilled % first.elementSize;
    if (remainder > 0) {
      const end = first.byteOffset + first.bytesFilled;
      enqueueClonedChunk(controller, first.buffer, end - remainder, remainder);
      first.bytesFilled -= remainder;
    }
    // 9 to 11.
    const filled = fillPullIntosFromQueue(controller);
    commit(controller, first);
    commitAll(controller, filled);
  };
}
