// WebSocket and CloseEvent. Object and connection are in Rust; here are conversions and events.
// <https://websockets.spec.whatwg.org/#the-websocket-interface>
(realm) => {
  "use strict";
  const { Symbol, Uint8Array, ArrayBuffer, isView } = realm.primordials;
  const { webidl, Event, EventTarget } = realm;
  const ops = realm.ops;

  const unsignedShort = (value) => webidl.toInt(value, 16, false);
  realm.declareEvent("CloseEvent", Event, [
    ["wasClean", false, webidl.boolean],
    ["code", 0, unsignedShort],
    ["reason", "", webidl.USVString],
  ]);

  const KIND = "WebSocket";
  const idOf = (value) => realm.requireState(value, KIND).id;
  // Objects whose connection is not closed, by number: they are kept, for events may come.
  const connected = new realm.NumberTable();

  // DOMString or sequence<DOMString>.
  const convertProtocols = (value) => {
    if (webidl.isObject(value)) {
      const method = value[Symbol.iterator];
      if (method !== undefined && method !== null) return webidl.sequence(value, webidl.DOMString, "WebSocket constructor");
    }
    return [webidl.DOMString(value)];
  };
  const bytes = (id) => {
    const buffer = new ArrayBuffer(ops.op_web_socket_message_length(id));
    ops.op_web_socket_message_copy(id, new Uint8Array(buffer));
    return buffer;
  };
  const fireMessage = (socket, id, data) => {
    const origin = ops.op_url_component(ops.op_web_socket_url(id), "origin");
    realm.fire(socket, "message", { interface: "MessageEvent", init: { data, origin } });
  };
  // Fires what an event of the connection has led to.
  const pump = (socket, id) => {
    for (;;) {
      const step = ops.op_web_socket_next(id);
      switch (step) {
        case 0:
          return;
        case 1:
          realm.fire(socket, "open");
          break;
        case 2:
          fireMessage(socket, id, ops.op_web_socket_message_text(id));
          break;
        case 3:
          // As the type is now.
          fireMessage(socket, id, ops.op_web_socket_binary_type(id) ? bytes(id) : realm.makeBlob(ops.op_web_socket_message_blob(id)));
          break;
        case 4:
          realm.fire(socket, "error");
          break;
        default: {
          connected.delete(id);
          const code = ops.op_web_socket_close_code(id);
          const reason = ops.op_web_socket_close_reason(id);
          realm.fire(socket, "close", { interface: "CloseEvent", init: { wasClean: step === 5, code, reason } });
        }
      }
    }
  };
  realm.entry.pumpWebSocket = realm.fromHost((id) => {
    const socket = connected.get(id);
    if (socket !== undefined) pump(socket, id);
  });

  class WebSocket extends EventTarget {
    constructor(url, protocols = []) {
      webidl.requireArguments(arguments.length, 1, "'WebSocket' constructor");
      const typedUrl = webidl.USVString(url);
      const typedProtocols = convertProtocols(protocols);
      super();
      for (const protocol of typedProtocols) ops.op_web_socket_add_protocol(protocol.toWellFormed());
      const id = realm.check(ops.op_web_socket_new(realm.windowId, typedUrl));
      realm.setObjectState(this, KIND, { id });
      realm.freeWith(this, "WebSocket", id);
      connected.set(id, this);
    }
    get url() {
      return ops.op_web_socket_url(idOf(this));
    }
    get readyState() {
      return ops.op_web_socket_ready_state(idOf(this));
    }
    get bufferedAmount() {
      return ops.op_web_socket_buffered_amount(idOf(this));
    }
    get extensions() {
      return ops.op_web_socket_extensions(idOf(this));
    }
    get protocol() {
      return ops.op_web_socket_protocol(idOf(this));
    }
    close(code = undefined, reason = undefined) {
      const id = idOf(this);
      const typedCode = code === undefined ? -1 : webidl.toInt(code, 16, false, { clamp: true });
      const typedReason = reason === undefined ? "" : webidl.USVString(reason);
      realm.check(ops.op_web_socket_close(id, typedCode, typedReason));
    }
    get binaryType() {
      return ops.op_web_socket_binary_type(idOf(this)) ? "arraybuffer" : "blob";
    }
    set binaryType(value) {
      const id = idOf(this);
      const type = webidl.DOMString(value);
      // What is no value of the enumeration is ignored.
      if (type === "blob" || type === "arraybuffer") ops.op_web_socket_set_binary_type(id, type === "arraybuffer");
    }
    send(data) {
      const id = idOf(this);
      webidl.requireArguments(arguments.length, 1, "'send' on 'WebSocket'");
      const blob = realm.blobState(data);
      if (blob !== undefined) {
        realm.check(ops.op_web_socket_send_blob(id, blob.id));
      } else if (webidl.isBufferSource(data) || webidl.isSharedArrayBuffer(data)) {
        if (webidl.isSharedArrayBuffer(isView(data) ? data.buffer : data)) {
          throw new realm.primordials.TypeError("Failed to execute 'send' on 'WebSocket': the buffer is shared");
        }
        realm.check(ops.op_web_socket_send_bytes(id, webidl.bytesOf(data)));
      } else {
        realm.check(ops.op_web_socket_send_text(id, webidl.USVString(data)));
      }
    }
  }
  realm.expose({ WebSocket });
  realm.constants(WebSocket, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 });
  realm.arity(WebSocket.prototype, { close: 0 });
  realm.eventHandlers(WebSocket.prototype, ["onopen", "onerror", "onclose", "onmessage"]);
}
