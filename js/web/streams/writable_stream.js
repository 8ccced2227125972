// Writable streams and their writers: plain objects, to which the interfaces in WritableStream.js are handles.
// <https://streams.spec.whatwg.org/#ws-abstract-ops>
(realm) => {
  "use strict";
  const { TypeError } = realm.primordials;
  const { streams } = realm;
  const { Deferred, Queue, react, resolvedWith, rejectedWith } = streams;

  // <https://streams.spec.whatwg.org/#ws-class>
  class Stream {
    object = null;
    // "writable", "erroring", "errored" or "closed".
    state = "writable";
    storedError = undefined;
    writer = undefined;
    controller = undefined;
    backpressure = false;
    // Promises of writes that wait, of the one under way, and of the close.
    writeRequests = new Queue();
    inFlightWrite = undefined;
    closeRequest = undefined;
    inFlightClose = undefined;
    // { deferred, reason, wasAlreadyErroring }
    pendingAbort = undefined;
    // Given to another window.
    isGone = false;
    makeObject() {
      return realm.makeWritableStream(this);
    }
  }
  streams.newWritableStream = () => new Stream();
  streams.objectOfWritable = (stream) => (stream.object ??= stream.makeObject());

  // <https://streams.spec.whatwg.org/#create-writable-stream>
  streams.createWritableStream = (start, write, close, abort, highWaterMark = 1, size = () => 1) => {
    const stream = new Stream();
    streams.setUpWritableController(stream, start, write, close, abort, highWaterMark, size);
    return stream;
  };

  streams.isWritableLocked = (stream) => stream.writer !== undefined;
  // <https://streams.spec.whatwg.org/#writable-stream-close-queued-or-in-flight>
  streams.closeQueuedOrInFlight = (stream) => stream.closeRequest !== undefined || stream.inFlightClose !== undefined;
  const { closeQueuedOrInFlight } = streams;
  const isOver = ({ state }) => state === "closed" || state === "errored";

  // <https://streams.spec.whatwg.org/#writable-stream-abort>
  streams.abortWritable = (stream, reason) => {
    // 1 to 3. The signal, whose listeners may change the state.
    if (isOver(stream)) return resolvedWith(undefined);
    streams.signalAbort(stream.controller, reason);
    if (isOver(stream)) return resolvedWith(undefined);
    // 5 to 9. One abort for all.
    if (stream.pendingAbort !== undefined) return stream.pendingAbort.deferred.promise;
    const wasAlreadyErroring = stream.state === "erroring";
    const deferred = new Deferred();
    stream.pendingAbort = { deferred, reason: wasAlreadyErroring ? undefined : reason, wasAlreadyErroring };
    // 10, 11.
    if (!wasAlreadyErroring) streams.startErroring(stream, reason);
    return deferred.promise;
  };
  // <https://streams.spec.whatwg.org/#writable-stream-close>
  streams.closeWritable = (stream) => {
    if (isOver(stream)) return rejectedWith(new TypeError(`The stream is ${stream.state} already`));
    const deferred = new Deferred();
    stream.closeRequest = deferred;
    const { writer } = stream;
    if (writer !== undefined && stream.backpressure && stream.state === "writable") writer.ready.resolve(undefined);
    streams.writableControllerClose(stream.controller);
    return deferred.promise;
  };
  // <https://streams.spec.whatwg.org/#writable-stream-deal-with-rejection>
  streams.dealWithRejection = (stream, error) => {
    if (stream.state === "writable") streams.startErroring(stream, error);
    else streams.finishErroring(stream);
  };
  // <https://streams.spec.whatwg.org/#writable-stream-start-erroring>
  streams.startErroring = (stream, reason) => {
    stream.state = "erroring";
    stream.storedError = reason;
    if (stream.writer !== undefined) rejectReady(stream.writer, reason);
    const isBusy = stream.inFlightWrite !== undefined || stream.inFlightClose !== undefined;
    if (!isBusy && stream.controller.started) streams.finishErroring(stream);
  };
  // <https://streams.spec.whatwg.org/#writable-stream-finish-erroring>
  streams.finishErroring = (stream) => {
    // 3 to 7. No write happens any more.
    stream.state = "errored";
    stream.controller.errorSteps();
    const { storedError, pendingAbort } = stream;
    stream.writeRequests.drain((request) => request.reject(storedError));
    // 8 to 11. No abort, or one that came after the error.
    stream.pendingAbort = undefined;
    if (pendingAbort === undefined || pendingAbort.wasAlreadyErroring) {
      pendingAbort?.deferred.reject(storedError);
      rejectCloseAndClosed(stream);
      return;
    }
    // 12 to 14. The sink is told of the abort.
    react(
      stream.controller.abortSteps(pendingAbort.reason),
      () => {
        pendingAbort.deferred.resolve(undefined);
        rejectCloseAndClosed(stream);
      },
      (error) => {
        pendingAbort.deferred.reject(error);
        rejectCloseAndClosed(stream);
      },
    );
  };
  // <https://streams.spec.whatwg.org/#writable-stream-reject-close-and-closed-promise-if-needed>
  const rejectCloseAndClosed = (stream) => {
    if (stream.closeRequest !== undefined) {
      stream.closeRequest.reject(stream.storedError);
      stream.closeRequest = undefined;
    }
    if (stream.writer !== undefined) {
      stream.writer.closed.reject(stream.storedError);
      stream.writer.closed.markHandled();
    }
  };
  // <https://streams.spec.whatwg.org/#writable-stream-finish-in-flight-write>
  streams.finishInFlightWrite = (stream) => {
    stream.inFlightWrite.resolve(undefined);
    stream.inFlightWrite = undefined;
  };
  // <https://streams.spec.whatwg.org/#writable-stream-finish-in-flight-write-with-error>
  streams.finishInFlightWriteWithError = (stream, error) => {
    stream.inFlightWrite.reject(error);
    stream.inFlightWrite = undefined;
    streams.dealWithRejection(stream, error);
  };
  // <https://streams.spec.whatwg.org/#writable-stream-finish-in-flight-close>
  streams.finishInFlightClose = (stream) => {
    stream.inFlightClose.resolve(undefined);
    stream.inFlightClose = undefined;
    // 6. The close came before the error took hold.
    if (stream.state === "erroring") {
      stream.storedError = undefined;
      stream.pendingAbort?.deferred.resolve(undefined);
      stream.pendingAbort = undefined;
    }
    // 7 to 9.
    stream.state = "closed";
    stream.writer?.closed.resolve(undefined);
  };
  // <https://streams.spec.whatwg.org/#writable-stream-finish-in-flight-close-with-error>
  streams.finishInFlightCloseWithError = (stream, error) => {
    stream.inFlightClose.reject(error);
    stream.inFlightClose = undefined;
    stream.pendingAbort?.deferred.reject(error);
    stream.pendingAbort = undefined;
    streams.dealWithRejection(stream, error);
  };
  // <https://streams.spec.whatwg.org/#writable-stream-update-backpressure>
  streams.updateBackpressure = (stream, backpressure) => {
    const { writer } = stream;
    if (writer !== undefined && backpressure !== stream.backpressure) {
      if (backpressure) writer.ready = new Deferred();
      else writer.ready.resolve(undefined);
    }
    stream.backpressure = backpressure;
  };

  // <https://streams.spec.whatwg.org/#default-writer-class>
  class Writer {
    // <https://streams.spec.whatwg.org/#set-up-writable-stream-default-writer>
    constructor(stream) {
      this.stream = stream;
      stream.writer = this;
      const { state, storedError } = stream;
      if (state === "writable") {
        this.ready = !closeQueuedOrInFlight(stream) && stream.backpressure ? new Deferred() : Deferred.resolved(undefined);
        this.closed = new Deferred();
      } else if (state === "erroring") {
        this.ready = Deferred.rejected(storedError);
        this.closed = new Deferred();
      } else if (state === "closed") {
        this.ready = Deferred.resolved(undefined);
        this.closed = Deferred.resolved(undefined);
      } else {
        this.ready = Deferred.rejected(storedError);
        this.closed = Deferred.rejected(storedError);
      }
    }
  }
  // <https://streams.spec.whatwg.org/#acquire-writable-stream-default-writer>
  streams.acquireWriter = (stream) => {
    if (streams.isWritableLocked(stream)) throw new TypeError("The stream is locked to a writer already");
    return new Writer(stream);
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-writer-ensure-ready-promise-rejected>
  const rejectReady = (writer, error) => {
    if (writer.ready.isPending) writer.ready.reject(error);
    else writer.ready = Deferred.rejected(error);
    writer.ready.markHandled();
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-writer-ensure-closed-promise-rejected>
  const rejectClosed = (writer, error) => {
    if (writer.closed.isPending) writer.closed.reject(error);
    else writer.closed = Deferred.rejected(error);
    writer.closed.markHandled();
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-writer-release>
  streams.releaseWriter = (writer) => {
    const { stream } = writer;
    const released = new TypeError("The writer was released");
    rejectReady(writer, released);
    rejectClosed(writer, released);
    stream.writer = undefined;
    writer.stream = undefined;
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-writer-close-with-error-propagation>
  streams.closeWriterWithErrorPropagation = ({ stream }) => {
    if (closeQueuedOrInFlight(stream) || stream.state === "closed") return resolvedWith(undefined);
    if (stream.state === "errored") return rejectedWith(stream.storedError);
    return streams.closeWritable(stream);
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-writer-get-desired-size>
  streams.writerDesiredSize = ({ stream }) => {
    if (stream.state === "errored" || stream.state === "erroring") return null;
    return stream.state === "closed" ? 0 : streams.writableDesiredSize(stream.controller);
  };
  // <https://streams.spec.whatwg.org/#writable-stream-default-writer-write>
  streams.write = (writer, chunk) => {
    const { stream } = writer;
    const { controller } = stream;
    // 4, 5. The size, which script may tell, having done other things.
    const size = streams.chunkSizeOf(controller, chunk);
    if (stream !== writer.stream) return rejectedWith(new TypeError("The writer was released"));
    // 6 to 9. A stream that takes no more.
    if (stream.state === "errored") return rejectedWith(stream.storedError);
    if (closeQueuedOrInFlight(stream) || stream.state === "closed") return rejectedWith(new TypeError("The stream is closed, or closing"));
    if (stream.state === "erroring") return rejectedWith(stream.storedError);
    // 11 to 13.
    const deferred = new Deferred();
    stream.writeRequests.push(deferred);
    streams.writableControllerWrite(controller, chunk, size);
    return deferred.promise;
  };
}
