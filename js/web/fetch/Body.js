// The Body mixin. The bytes are in Rust, under a number, until somebody asks for `body`: then a stream reads them from there.
// <https://fetch.spec.whatwg.org/#body-mixin>
(realm) => {
  "use strict";
  const { TypeError, Object, JSON, Promise, Uint8Array } = realm.primordials;
  const { webidl } = realm;
  const ops = realm.ops;

  // Bodies that are still loading, by number.
  const loading = new realm.NumberTable();

  // Bytes in Rust: their number; how many bodies may still read them; while they load, who waits for the end or for more; what
  // reading them throws; what ends the fetch.
  class Bytes {
    constructor(id, isLoading) {
      this.id = id;
      this.readers = 1;
      this.waiting = isLoading ? [] : null;
      this.failure = null;
      // { advance, fail } of each stream that reads them.
      this.streams = [];
      this.abort = null;
      realm.freeWith(this, "Body", id);
      if (isLoading) loading.set(id, this);
    }
  }
  // A body: its bytes, or its stream alone, or both; `used` is what became of the bytes while there was no stream.
  // <https://fetch.spec.whatwg.org/#concept-body>
  class Body {
    constructor(bytes, stream) {
      this.bytes = bytes;
      this.stream = stream;
      this.used = false;
    }
  }
  const settle = (bytes) => {
    const { waiting } = bytes;
    bytes.waiting = null;
    loading.delete(bytes.id);
    if (waiting !== null) for (const finish of waiting) finish();
    for (const stream of bytes.streams) stream.advance();
  };
  // The body of a response: `abort` ends its fetch.
  realm.makeBody = (id, abort) => {
    const bytes = new Bytes(id, true);
    bytes.abort = abort;
    return new Body(bytes, null);
  };
  realm.bytesOfBody = (body) => body.bytes;
  // Takes the body that was handed over; its type goes to the headers that have none. A stream stays what it is.
  // <https://fetch.spec.whatwg.org/#concept-bodyinit-extract>
  realm.extractBody = (init, headersId) => {
    const stream = realm.streamOfBodyInit(init);
    if (stream === undefined) {
      init();
      return new Body(new Bytes(realm.check(ops.op_fetch_body_new(headersId)), false), null);
    }
    if (stream.disturbed || realm.streams.isLocked(stream)) throw new TypeError("The stream is locked, or has been read");
    return new Body(null, stream);
  };
  // <https://fetch.spec.whatwg.org/#concept-body-clone>
  realm.cloneBody = (body) => {
    if (body === null) return null;
    const { bytes } = body;
    if (body.stream === null) {
      // OPTIMIZATION: as long as there is no stream, the bytes are shared instead of read twice.
      bytes.readers++;
      if (bytes.streams.length > 0) ops.op_fetch_body_pace(bytes.id, false);
      return new Body(bytes, null);
    }
    const branches = realm.streams.tee(body.stream, true);
    body.stream = branches[0];
    // The bytes of a request are what is sent; whoever reads a stream to its end does not free them.
    const isSource = bytes !== null && bytes.abort === null;
    if (isSource) bytes.readers += 2;
    return new Body(isSource ? bytes : null, branches[1]);
  };
  // Another body with what this one had, which counts as read. <https://fetch.spec.whatwg.org/#body-create-a-proxy>
  realm.proxyBody = (body) => {
    const { bytes, stream } = body;
    const { streams } = realm;
    if (bytes !== null) {
      body.used = true;
      if (stream !== null) {
        stream.disturbed = true;
        streams.acquireReader(stream);
      }
      return new Body(bytes, null);
    }
    const identity = streams.makeTransformStream(
      (chunk, controller) => streams.transformEnqueue(controller, chunk),
      () => undefined,
    );
    streams.markHandled(streams.pipeTo(stream, identity.writable, false, false, false, undefined));
    return new Body(null, identity.readable);
  };
  // Cancels the stream of a request's body.
  realm.cancelBody = (body, reason) => {
    const { stream } = body;
    if (stream !== null && stream.state === "readable") realm.streams.markHandled(realm.streams.cancel(stream, reason));
  };
  // Whether the body is a stream that script made.
  realm.isStreamedBody = (body) => body !== null && body.bytes === null;

  realm.chunkOfBody = (id) => {
    const bytes = loading.get(id);
    if (bytes !== undefined) for (const stream of bytes.streams) stream.advance();
  };
  realm.completeBody = (id) => {
    const bytes = loading.get(id);
    if (bytes !== undefined) settle(bytes);
  };
  // Reading throws from now on, unless there is nothing to read.
  realm.failBytes = (bytes, reason) => {
    if (bytes.waiting === null && ops.op_fetch_body_available(bytes.id, 0) === 0) return;
    bytes.failure ??= { reason };
    for (const stream of bytes.streams) stream.fail(bytes.failure.reason);
    settle(bytes);
  };
  realm.failLoadingBody = (id, reason) => {
    const bytes = loading.get(id);
    if (bytes !== undefined) realm.failBytes(bytes, reason);
  };

  // <https://fetch.spec.whatwg.org/#body-unusable>
  const isUnusable = ({ body }) => {
    if (body === null) return false;
    return body.stream === null ? body.used : body.stream.disturbed || realm.streams.isLocked(body.stream);
  };
  realm.isBodyUnusable = isUnusable;

  const release = (bytes) => {
    bytes.readers--;
    if (bytes.readers === 0) ops.op_fetch_body_release(bytes.id);
  };
  // A promise of what `convert` makes of the body. <https://fetch.spec.whatwg.org/#concept-body-consume-body>
  const consume = (object, kind, convert) =>
    new Promise((resolve, reject) => {
      const state = realm.requireState(object, kind);
      // 1. Read before.
      if (isUnusable(state)) throw new TypeError("The body is locked, or has been read");
      const { body } = state;
      // 5. Without a body: of no bytes.
      if (body === null) {
        resolve(convert(0, state));
        return;
      }
      const { bytes } = body;
      // 6. All bytes, once they are there.
      if (body.stream !== null) {
        consumeStream(body.stream, (id) => resolve(convert(id, state)), reject);
        return;
      }
      body.used = true;
      const finish = () => {
        try {
          if (bytes.failure !== null) throw bytes.failure.reason;
          // 3. As what was asked for.
          resolve(convert(bytes.id, state));
        } catch (error) {
          reject(error);
        } finally {
          release(bytes);
        }
      };
      if (bytes.waiting === null) finish();
      else bytes.waiting.push(finish);
    });
  // Reads a stream to its end; `finish` gets the number of its bytes. <https://fetch.spec.whatwg.org/#body-fully-read>
  const consumeStream = (stream, finish, reject) => {
    const { streams } = realm;
    const reader = streams.acquireReader(stream);
    const id = realm.check(ops.op_fetch_body_collect());
    let isReading = false;
    let goesOn = false;
    const end = (steps) => {
      try {
        steps();
      } catch (error) {
        reject(error);
      } finally {
        realm.freeObject("Body", id);
      }
    };
    const request = {
      chunk(chunk) {
        if (!webidl.isUint8Array(chunk)) {
          const error = new TypeError("A chunk of the body is not a Uint8Array");
          streams.markHandled(streams.cancel(stream, error));
          end(() => reject(error));
          return;
        }
        ops.op_fetch_body_append(id, chunk);
        readOn();
      },
      close: () => end(() => finish(id)),
      error: (error) => end(() => reject(error)),
    };
    // A chunk that is there comes at once: a loop, for the stack is not that deep.
    const readOn = () => {
      goesOn = true;
      if (isReading) return;
      isReading = true;
      while (goesOn) {
        goesOn = false;
        streams.read(reader, request);
      }
      isReading = false;
    };
    readOn();
  };

  // The stream of a body, made when asked for.
  const streamOf = (body) => {
    if (body.stream === null) {
      const { bytes, used } = body;
      body.stream = readBytes(bytes);
      if (used) {
        // It was read by other means.
        body.stream.disturbed = true;
        realm.streams.acquireReader(body.stream);
      }
    }
    return body.stream;
  };
  // The most that a chunk holds.
  const CHUNK = 1 << 18;
  // A byte stream of bytes in Rust, which asks for them as it is read.
  const readBytes = (bytes) => {
    const { streams } = realm;
    const { id } = bytes;
    let position = 0;
    let waiting = null;
    let stream;
    const read = (view) => {
      ops.op_fetch_body_read(id, position, view, bytes.readers === 1);
      position += view.length;
    };
    // Whether there was something to tell.
    const provide = () => {
      const { controller } = stream;
      if (!streams.canCloseOrEnqueue(controller)) return true;
      const available = ops.op_fetch_body_available(id, position);
      if (available > 0) {
        const request = streams.byobRequestOf(controller);
        if (request === null) {
          const view = new Uint8Array(available < CHUNK ? available : CHUNK);
          read(view);
          streams.byteEnqueue(controller, view);
        } else {
          const { buffer, byteOffset, byteLength } = webidl.viewOf(request.view);
          const count = available < byteLength ? available : byteLength;
          read(new Uint8Array(buffer, byteOffset, count));
          streams.respond(controller, count);
        }
        closeAtEnd();
        return true;
      }
      if (bytes.waiting !== null) return false;
      closeAtEnd();
      return true;
    };
    const closeAtEnd = () => {
      const { controller } = stream;
      if (bytes.waiting !== null || !streams.canCloseOrEnqueue(controller) || ops.op_fetch_body_available(id, position) > 0) return;
      streams.byteClose(controller);
      if (controller.pendingPullIntos.length > 0) streams.respond(controller, 0);
      release(bytes);
    };
    const watcher = {
      advance() {
        if (waiting === null) {
          if (bytes.failure === null) closeAtEnd();
        } else if (provide()) {
          const done = waiting;
          waiting = null;
          done.resolve(undefined);
        } else {
          ops.op_fetch_body_watch(id);
        }
      },
      fail(reason) {
        if (stream.state === "readable") streams.byteError(stream.controller, reason);
      },
    };
    const pull = () => {
      if (provide()) return streams.resolvedWith(undefined);
      waiting = new streams.Deferred();
      ops.op_fetch_body_watch(id);
      return waiting.promise;
    };
    const cancel = () => {
      bytes.streams = bytes.streams.filter((other) => other !== watcher);
      release(bytes);
      if (bytes.readers === 0) bytes.abort?.();
      return streams.resolvedWith(undefined);
    };
    stream = streams.createReadableByteStream(() => undefined, pull, cancel);
    if (bytes.failure !== null) {
      watcher.fail(bytes.failure.reason);
    } else {
      bytes.streams.push(watcher);
      if (bytes.waiting !== null) ops.op_fetch_body_pace(id, bytes.readers === 1);
      closeAtEnd();
    }
    return stream;
  };
  // The stream of a blob. <https://w3c.github.io/FileAPI/#blob-get-stream>
  realm.streamOfBlob = (blob) => realm.streams.objectOf(readBytes(new Bytes(realm.check(ops.op_blob_body(blob)), false)));

  const bytesFrom = (id) => {
    const bytes = new Uint8Array(ops.op_fetch_body_length(id));
    ops.op_fetch_body_copy(id, bytes);
    return bytes;
  };
  // <https://fetch.spec.whatwg.org/#dom-body-formdata>
  const formDataOf = (id, { headers }) => {
    const flat = ops.op_fetch_body_form_data(id, realm.headersId(headers));
    if (flat === null) throw new TypeError("The body is not form data");
    const entries = [];
    for (let i = 0; i < flat.length; i += 3) {
      const blob = flat[i + 2];
      entries.push([flat[i], blob === 0 ? flat[i + 1] : realm.makeFile(realm.makeBlob(blob), flat[i + 1])]);
    }
    return realm.makeFormData(entries);
  };

  // Adds the members to a class whose objects have state of this kind: `body` (a Body or null), `headers`.
  realm.bodyMixin = (Class, kind) => {
    const members = {
      get body() {
        const { body } = realm.requireState(this, kind);
        return body === null ? null : realm.streams.objectOf(streamOf(body));
      },
      get bodyUsed() {
        const { body } = realm.requireState(this, kind);
        if (body === null) return false;
        return body.stream === null ? body.used : body.stream.disturbed;
      },
      arrayBuffer() {
        return consume(this, kind, (id) => bytesFrom(id).buffer);
      },
      blob() {
        return consume(this, kind, (id, { headers }) => realm.makeBlob(ops.op_fetch_body_blob(id, realm.headersId(headers))));
      },
      bytes() {
        return consume(this, kind, bytesFrom);
      },
      formData() {
        return consume(this, kind, formDataOf);
      },
      json() {
        return consume(this, kind, (id) => JSON.parse(ops.op_fetch_body_text(id)));
      },
      text() {
        return consume(this, kind, (id) => ops.op_fetch_body_text(id));
      },
    };
    for (const name of Object.keys(members)) {
      Object.defineProperty(Class.prototype, name, Object.getOwnPropertyDescriptor(members, name));
    }
  };
}
