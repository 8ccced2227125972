// The controllers of readable streams, and the request of a byte stream. <https://streams.spec.whatwg.org/#rs-default-controller-class>,
// <https://streams.spec.whatwg.org/#rbs-controller-class>, <https://streams.spec.whatwg.org/#rs-byob-request-class>
(realm) => {
  "use strict";
  const { TypeError } = realm.primordials;
  const { webidl } = realm;

  const token = {};
  const DEFAULT = "ReadableStreamDefaultController";
  const BYTE = "ReadableByteStreamController";
  const REQUEST = "ReadableStreamBYOBRequest";

  const requireOpen = (controller, context) => {
    if (!realm.streams.canCloseOrEnqueue(controller)) throw new TypeError(`${context}: the stream is closed, errored, or closing`);
  };
  const init = (object, given, kind, state) => {
    if (given !== token) throw realm.illegalConstructor(kind);
    realm.setObjectState(object, kind, state);
  };

  class ReadableStreamDefaultController {
    constructor() {
      init(this, arguments[0], DEFAULT, arguments[1]);
    }
    get desiredSize() {
      return realm.streams.desiredSize(realm.requireState(this, DEFAULT));
    }
    close() {
      const controller = realm.requireState(this, DEFAULT);
      requireOpen(controller, "Failed to execute 'close' on 'ReadableStreamDefaultController'");
      realm.streams.controllerClose(controller);
    }
    enqueue(chunk = undefined) {
      const controller = realm.requireState(this, DEFAULT);
      requireOpen(controller, "Failed to execute 'enqueue' on 'ReadableStreamDefaultController'");
      realm.streams.controllerEnqueue(controller, chunk);
    }
    error(e = undefined) {
      realm.streams.controllerError(realm.requireState(this, DEFAULT), e);
    }
  }
  class ReadableByteStreamController {
    constructor() {
      init(this, arguments[0], BYTE, arguments[1]);
    }
    get byobRequest() {
      const request = realm.streams.byobRequestOf(realm.requireState(this, BYTE));
      return request === null ? null : (request.object ??= new ReadableStreamBYOBRequest(token, request));
    }
    get desiredSize() {
      return realm.streams.desiredSize(realm.requireState(this, BYTE));
    }
    close() {
      const controller = realm.requireState(this, BYTE);
      requireOpen(controller, "Failed to execute 'close' on 'ReadableByteStreamController'");
      realm.streams.byteClose(controller);
    }
    enqueue(chunk) {
      const controller = realm.requireState(this, BYTE);
      const context = "Failed to execute 'enqueue' on 'ReadableByteStreamController'";
      webidl.requireArguments(arguments.length, 1, "'enqueue' on 'ReadableByteStreamController'");
      webidl.arrayBufferView(chunk, context);
      const { buffer, byteLength } = webidl.viewOf(chunk);
      if (byteLength === 0) throw new TypeError(`${context}: the chunk is empty`);
      if (webidl.bufferByteLength(buffer) === 0) throw new TypeError(`${context}: the chunk's buffer is empty`);
      requireOpen(controller, context);
      realm.streams.byteEnqueue(controller, chunk);
    }
    error(e = undefined) {
      realm.streams.byteError(realm.requireState(this, BYTE), e);
    }
  }
  // The state is { object, controller, view }.
  const requireUsable = ({ controller, view }, context) => {
    if (controller === undefined) throw new TypeError(`${context}: the request is answered already`);
    return view;
  };
  class ReadableStreamBYOBRequest {
    constructor() {
      init(this, arguments[0], REQUEST, arguments[1]);
    }
    get view() {
      return realm.requireState(this, REQUEST).view;
    }
    respond(bytesWritten) {
      const request = realm.requireState(this, REQUEST);
      const context = "Failed to execute 'respond' on 'ReadableStreamBYOBRequest'";
      webidl.requireArguments(arguments.length, 1, "'respond' on 'ReadableStreamBYOBRequest'");
      const count = webidl.toInt(bytesWritten, 64, false, { enforceRange: true });
      const { buffer } = webidl.viewOf(requireUsable(request, context));
      if (realm.streams.isDetached(buffer)) throw new TypeError(`${context}: the buffer is detached`);
      realm.streams.respond(request.controller, count);
    }
    respondWithNewView(view) {
      const request = realm.requireState(this, REQUEST);
      const context = "Failed to execute 'respondWithNewView' on 'ReadableStreamBYOBRequest'";
      webidl.requireArguments(arguments.length, 1, "'respondWithNewView' on 'ReadableStreamBYOBRequest'");
      webidl.arrayBufferView(view, context);
      requireUsable(request, context);
      if (realm.streams.isDetached(webidl.viewOf(view).buffer)) throw new TypeError(`${context}: the buffer is detached`);
      realm.streams.respondWithNewView(request.controller, view);
    }
  }
  realm.expose({ ReadableStreamDefaultController, ReadableByteStreamController, ReadableStreamBYOBRequest });

  realm.makeReadableControllerObject = (controller) =>
    controller.isByteController ? new ReadableByteStreamController(token, controller) : new ReadableStreamDefaultController(token, controller);
}
