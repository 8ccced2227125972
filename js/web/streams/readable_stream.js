// Readable streams and their readers. A stream, a reader and a controller are plain objects here; the interfaces in ReadableStream.js are
// handles to them. <https://streams.spec.whatwg.org/#rs-abstract-ops>
(realm) => {
  "use strict";
  const { TypeError } = realm.primordials;
  const { streams } = realm;
  const { Deferred, Queue } = streams;

  // <https://streams.spec.whatwg.org/#rs-class>
  class Stream {
    // The object that script has, or null as long as it has none.
    object = null;
    state = "readable";
    reader = undefined;
    controller = undefined;
    storedError = undefined;
    disturbed = false;
    // Given to another window.
    isGone = false;
    // What script gets of a stream is of the stream's window, whoever asks.
    makeObject() {
      return realm.makeReadableStream(this);
    }
    makeControllerObject() {
      return realm.makeReadableControllerObject(this.controller);
    }
    makeResult(value, done) {
      return { value, done };
    }
  }
  streams.newReadableStream = () => new Stream();
  // The object of a stream.
  streams.objectOf = (stream) => (stream.object ??= stream.makeObject());
  streams.controllerObjectOf = (controller) => (controller.object ??= controller.stream.makeControllerObject());

  // <https://streams.spec.whatwg.org/#createreadablestream>
  streams.createReadableStream = (start, pull, cancel, highWaterMark = 1, size = () => 1) => {
    const stream = new Stream();
    streams.setUpDefaultController(stream, start, pull, cancel, highWaterMark, size);
    return stream;
  };
  // <https://streams.spec.whatwg.org/#abstract-opdef-createreadablebytestream>
  streams.createReadableByteStream = (start, pull, cancel, highWaterMark = 0) => {
    const stream = new Stream();
    streams.setUpByteController(stream, start, pull, cancel, highWaterMark, undefined);
    return stream;
  };

  // <https://streams.spec.whatwg.org/#is-readable-stream-locked>
  streams.isLocked = (stream) => stream.reader !== undefined;

  // <https://streams.spec.whatwg.org/#readable-stream-cancel>
  streams.cancel = (stream, reason) => {
    // 1 to 3. Disturbed; nothing to do if it is over.
    stream.disturbed = true;
    if (stream.state === "closed") return streams.resolvedWith(undefined);
    if (stream.state === "errored") return streams.rejectedWith(stream.storedError);
    // 4. Close.
    streams.close(stream);
    // 5, 6. Reads into buffers end without one.
    const { reader } = stream;
    if (reader !== undefined && reader.isByob) {
      reader.requests.drain((request) => request.close(undefined));
    }
    // 7, 8. The source.
    return streams.react(stream.controller.cancelSteps(reason), () => undefined);
  };
  // <https://streams.spec.whatwg.org/#readable-stream-close>
  streams.close = (stream) => {
    stream.state = "closed";
    const { reader } = stream;
    if (reader === undefined) return;
    reader.closed.resolve(undefined);
    if (!reader.isByob) reader.requests.drain((request) => request.close());
  };
  // <https://streams.spec.whatwg.org/#readable-stream-error>
  streams.error = (stream, error) => {
    stream.state = "errored";
    stream.storedError = error;
    const { reader } = stream;
    if (reader === undefined) return;
    reader.closed.reject(error);
    reader.closed.markHandled();
    failRequests(reader, error);
  };
  const failRequests = (reader, error) => reader.requests.drain((request) => request.error(error));
  // How many reads wait, of readers that read into buffers or of those that do not.
  streams.waitingReads = (stream) => {
    const { reader } = stream;
    return reader !== undefined && !reader.isByob ? reader.requests.length : 0;
  };
  streams.waitingReadIntos = (stream) => {
    const { reader } = stream;
    return reader !== undefined && reader.isByob ? reader.requests.length : 0;
  };
  // <https://streams.spec.whatwg.org/#readable-stream-fulfill-read-request>
  streams.fulfillRead = (stream, chunk) => stream.reader.requests.shift().chunk(chunk);

  // A reader. `requests` are read requests or read-into requests: { chunk, close, error }.
  // <https://streams.spec.whatwg.org/#readablestreamgenericreader-mixin>
  class Reader {
    constructor(stream, isByob) {
      this.isByob = isByob;
      this.requests = new Queue();
      // <https://streams.spec.whatwg.org/#readable-stream-reader-generic-initialize>
      this.stream = stream;
      stream.reader = this;
      if (stream.state === "readable") this.closed = new Deferred();
      else if (stream.state === "closed") this.closed = Deferred.resolved(undefined);
      else this.closed = Deferred.rejected(stream.storedError);
    }
  }
  const throwIfLocked = (stream) => {
    if (streams.isLocked(stream)) throw new TypeError("The stream is locked to a reader already");
  };
  // <https://streams.spec.whatwg.org/#acquire-readable-stream-reader>
  streams.acquireReader = (stream) => {
    throwIfLocked(stream);
    return new Reader(stream, false);
  };
  // <https://streams.spec.whatwg.org/#acquire-readable-stream-byob-reader>
  streams.acquireByobReader = (stream) => {
    throwIfLocked(stream);
    if (!stream.controller.isByteController) throw new TypeError("The stream is not a byte stream");
    return new Reader(stream, true);
  };
  // <https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaultreaderrelease>, the same for a BYOB reader
  streams.releaseReader = (reader) => {
    const { stream } = reader;
    const released = new TypeError("The reader was released");
    // 4 to 6. Its promise tells nothing of the stream any more.
    if (reader.closed.isPending) reader.closed.reject(released);
    else reader.closed = Deferred.rejected(released);
    reader.closed.markHandled();
    // 7 to 9.
    stream.controller.releaseSteps();
    stream.reader = undefined;
    reader.stream = undefined;
    failRequests(reader, new TypeError("The reader was released"));
  };
  // <https://streams.spec.whatwg.org/#readable-stream-default-reader-read>
  streams.read = (reader, request) => {
    const { stream } = reader;
    stream.disturbed = true;
    if (stream.state === "closed") request.close();
    else if (stream.state === "errored") request.error(stream.storedError);
    else stream.controller.pullSteps(request);
  };
  // <https://streams.spec.whatwg.org/#readable-stream-byob-reader-read>
  streams.readInto = (reader, view, min, request) => {
    const { stream } = reader;
    stream.disturbed = true;
    if (stream.state === "errored") request.error(stream.storedError);
    else streams.pullInto(stream.controller, view, min, request);
  };
}
