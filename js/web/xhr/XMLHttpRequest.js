// XMLHttpRequest. The state machine is in Rust; here are conversions, events and the objects that responses become.
// <https://xhr.spec.whatwg.org/#interface-xmlhttprequest>
(realm) => {
  "use strict";
  const { JSON, ArrayBuffer, Uint8Array } = realm.primordials;
  const { webidl, shared, XMLHttpRequestEventTarget, XMLHttpRequestUpload, xhrToken } = realm;
  const { Stamp } = shared;
  const ops = realm.ops;

  const KIND = "XMLHttpRequest";
  // { id, upload, object, text, timer }: the object's number; the response object (undefined: not made yet, null: there is none); the
  // text of a response that is done, or null; the timer of its time-out, or 0.
  const stateOf = (value) => realm.requireState(value, KIND);
  // Requests under way by number: they are kept until they are done, whoever else has let go of them.
  const inFlight = new realm.NumberTable();

  // In the order of EVENTS in js/src/ops/xml_http_request/pump.rs.
  const events = ["readystatechange", "loadstart", "progress", "abort", "error", "load", "timeout", "loadend"];
  // Takes the steps of the algorithm that began last, firing its events, until it is at its end. A listener may begin another one: that
  // is pumped by the call that began it, and then this one goes on.
  const pump = (xhr, state) => {
    const { id } = state;
    for (;;) {
      state.text = null;
      const step = ops.op_xhr_next(id);
      if (step <= 0) {
        const error = step < 0 ? realm.lastError() : undefined;
        settle(xhr, state);
        if (step < 0) throw error;
        return;
      }
      const target = step > 16 ? state.upload : xhr;
      const type = events[(step & 15) - 1];
      // OPTIMIZATION: most of the eight events of a request are heard by nobody; nothing lies above the object.
      if (!hears(target, type)) continue;
      if (type === "readystatechange") {
        realm.fire(target, type);
      } else {
        const loaded = ops.op_xhr_event_loaded(id);
        const total = ops.op_xhr_event_total(id);
        realm.fire(target, type, { interface: "ProgressEvent", init: { lengthComputable: total !== 0, loaded, total } });
      }
    }
  };
  // Keeps what is under way, and its time-out.
  const settle = (xhr, state) => {
    if (ops.op_xhr_in_flight(state.id)) {
      inFlight.set(state.id, xhr);
      if (state.timer === 0) startTimer(xhr, state);
    } else {
      inFlight.delete(state.id);
      stopTimer(state);
    }
  };
  const startTimer = (xhr, state) => {
    const delay = ops.op_xhr_time_left(state.id);
    if (delay < 0) return;
    state.timer = realm.setInternalTimer(() => {
      state.timer = 0;
      if (ops.op_xhr_on_timeout(state.id)) pump(xhr, state);
      else settle(xhr, state);
    }, delay);
  };
  const stopTimer = (state) => {
    if (state.timer !== 0) realm.clearInternalTimer(state.timer);
    state.timer = 0;
  };
  realm.entry.pumpXhr = realm.fromHost((id) => {
    const xhr = inFlight.get(id);
    if (xhr !== undefined) pump(xhr, stateOf(xhr));
  });

  // (Document or XMLHttpRequestBodyInit)?, as a function that hands it over to Rust, or null. Conversions happen now.
  const convertBody = (body) => {
    if (body === null || body === undefined) return null;
    if (realm.isStamped(body)) {
      const id = Stamp.id(body);
      if (id !== 0 && ops.op_node_type(id) === 9) return () => realm.check(ops.op_body_document(id));
    }
    return realm.convertBodyInit(body, "'send' on 'XMLHttpRequest'");
  };
  const hears = (target, type) => {
    const listeners = Stamp.state(target);
    if (listeners === null) return false;
    const { list } = listeners;
    for (let i = 0; i < list.length; i++) if (list[i].type === type) return true;
    return false;
  };
  const hasListeners = (target) => {
    const listeners = Stamp.state(target);
    return listeners !== null && listeners.list.length > 0;
  };

  // Steps 5 to 9 of the response getter, by the numbers of op_xhr_response_object. Null if there is no object.
  const makeResponse = (kind, id) => {
    switch (kind) {
      case 2:
        try {
          const buffer = new ArrayBuffer(ops.op_xhr_response_length(id));
          ops.op_xhr_response_copy(id, new Uint8Array(buffer));
          return buffer;
        } catch {
          return null;
        }
      case 3:
        return realm.makeBlob(ops.op_xhr_response_blob(id));
      case 4:
        return makeDocument(id);
      default: {
        const text = ops.op_xhr_response_json(id);
        if (text === null) return null;
        try {
          return JSON.parse(text);
        } catch {
          return null;
        }
      }
    }
  };
  const makeDocument = (id) => {
    const document = realm.check(ops.op_xhr_response_document(id));
    return document === 0 ? null : realm.wrapNode(document);
  };
  const responseText = (state) => {
    if (state.text !== null) return state.text;
    const text = ops.op_xhr_response_text(state.id);
    if (text === null) realm.throwLastError();
    if (ops.op_xhr_ready_state(state.id) === 4) state.text = text;
    return text;
  };

  class XMLHttpRequest extends XMLHttpRequestEventTarget {
    constructor() {
      super(xhrToken);
      const id = ops.op_xhr_new(realm.windowId);
      realm.setObjectState(this, KIND, { id, upload: new XMLHttpRequestUpload(xhrToken), object: undefined, text: null, timer: 0 });
      realm.freeWith(this, "XMLHttpRequest", id);
    }
    get readyState() {
      return ops.op_xhr_ready_state(stateOf(this).id);
    }
    open(method, url) {
      const state = stateOf(this);
      webidl.requireArguments(arguments.length, 2, "'open' on 'XMLHttpRequest'");
      const typedMethod = webidl.ByteString(method);
      const typedUrl = webidl.USVString(url);
      // Step 7: an argument that is undefined is not one that is omitted.
      let isAsync = true;
      if (arguments.length > 2) {
        isAsync = !!arguments[2];
        const username = webidl.nullableUSVString(arguments[3]);
        const password = webidl.nullableUSVString(arguments[4]);
        const given = (username === null ? 0 : 1) | (password === null ? 0 : 2);
        ops.op_xhr_credentials(state.id, given, username ?? "", password ?? "");
      } else {
        ops.op_xhr_credentials(state.id, 0, "", "");
      }
      realm.check(ops.op_xhr_open(state.id, typedMethod, typedUrl, isAsync));
      state.object = undefined;
      pump(this, state);
    }
    setRequestHeader(name, value) {
      const { id } = stateOf(this);
      webidl.requireArguments(arguments.length, 2, "'setRequestHeader' on 'XMLHttpRequest'");
      realm.check(ops.op_xhr_set_request_header(id, webidl.ByteString(name), webidl.ByteString(value)));
    }
    get timeout() {
      return ops.op_xhr_timeout(stateOf(this).id);
    }
    set timeout(value) {
      const state = stateOf(this);
      realm.check(ops.op_xhr_set_timeout(state.id, webidl.unsignedLong(value)));
      stopTimer(state);
      settle(this, state);
    }
    get withCredentials() {
      return ops.op_xhr_with_credentials(stateOf(this).id);
    }
    set withCredentials(value) {
      realm.check(ops.op_xhr_set_with_credentials(stateOf(this).id, !!value));
    }
    get upload() {
      return stateOf(this).upload;
    }
    send(body = null) {
      const state = stateOf(this);
      const handOver = convertBody(body);
      if (handOver !== null && ops.op_xhr_takes_body(state.id)) handOver();
      realm.check(ops.op_xhr_send(state.id, hasListeners(state.upload)));
      pump(this, state);
    }
    abort() {
      const state = stateOf(this);
      ops.op_xhr_abort(state.id);
      pump(this, state);
    }
    get responseURL() {
      return ops.op_xhr_response_url(stateOf(this).id);
    }
    get status() {
      return ops.op_xhr_status(stateOf(this).id);
    }
    get statusText() {
      return ops.op_xhr_status_text(stateOf(this).id);
    }
    getResponseHeader(name) {
      const { id } = stateOf(this);
      webidl.requireArguments(arguments.length, 1, "'getResponseHeader' on 'XMLHttpRequest'");
      return ops.op_xhr_response_header(id, webidl.ByteString(name));
    }
    getAllResponseHeaders() {
      return ops.op_xhr_all_response_headers(stateOf(this).id);
    }
    overrideMimeType(mime) {
      const { id } = stateOf(this);
      webidl.requireArguments(arguments.length, 1, "'overrideMimeType' on 'XMLHttpRequest'");
      realm.check(ops.op_xhr_override_mime_type(id, webidl.DOMString(mime).toWellFormed()));
    }
    get responseType() {
      return ops.op_xhr_response_type(stateOf(this).id);
    }
    set responseType(value) {
      realm.check(ops.op_xhr_set_response_type(stateOf(this).id, webidl.DOMString(value).toWellFormed()));
    }
    // <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-response>
    get response() {
      const state = stateOf(this);
      const kind = ops.op_xhr_response_object(state.id);
      // 2. Null until done.
      if (kind === 0) return null;
      // 1. Text.
      if (kind === 1) return responseText(state);
      // 3-9. Made once.
      if (state.object === undefined) state.object = makeResponse(kind, state.id);
      return state.object;
    }
    get responseText() {
      return responseText(stateOf(this));
    }
    // <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responsexml>
    get responseXML() {
      const state = stateOf(this);
      // 1, 2. Of another type, or not done.
      if (realm.check(ops.op_xhr_check_response_xml(state.id)) === 0) return null;
      // 4-6. Made once.
      if (state.object === undefined) state.object = makeDocument(state.id);
      return state.object;
    }
  }
  realm.expose({ XMLHttpRequest });
  realm.constants(XMLHttpRequest, { UNSENT: 0, OPENED: 1, HEADERS_RECEIVED: 2, LOADING: 3, DONE: 4 });
  realm.eventHandlers(XMLHttpRequest.prototype, ["onreadystatechange"]);
}
