// Request. The request itself is in Rust. <https://fetch.spec.whatwg.org/#request-class>
(realm) => {
  "use strict";
  const { TypeError } = realm.primordials;
  const { webidl, headersGuard } = realm;
  const ops = realm.ops;

  const KIND = "Request";
  const CONTEXT = "Request constructor";
  const token = {};
  const anySignal = realm.AbortSignal.any;
  // { id, headers, body, source, signal }: `source` is the signal that this one's follows, or null; `signal` is made when asked for.
  const stateOf = (value) => realm.requireState(value, KIND);

  const enumeration = (...values) => webidl.enumeration(values, CONTEXT);
  const toCache = enumeration("default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached");
  const toCredentials = enumeration("omit", "same-origin", "include");
  const toDuplex = enumeration("half");
  const toMode = enumeration("navigate", "same-origin", "no-cors", "cors");
  const toPriority = enumeration("high", "low", "auto");
  const toRedirect = enumeration("follow", "error", "manual");
  const toReferrerPolicy = enumeration(
    "",
    "no-referrer",
    "no-referrer-when-downgrade",
    "same-origin",
    "origin",
    "strict-origin",
    "origin-when-cross-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
  );
  const toSignal = (value) => {
    if (value !== null && !realm.isAbortSignal(value)) throw new TypeError(`${CONTEXT}: the signal is not an AbortSignal`);
    return value;
  };
  // Members in the order of their conversion. <https://fetch.spec.whatwg.org/#requestinit>
  const members = [
    ["body", (value) => (value === null ? null : realm.convertFetchBody(value, "'Request'"))],
    ["cache", toCache],
    ["credentials", toCredentials],
    ["duplex", toDuplex],
    ["headers", (value) => realm.convertHeadersInit(value, CONTEXT)],
    ["integrity", webidl.DOMString],
    ["keepalive", webidl.boolean],
    ["method", webidl.ByteString],
    ["mode", toMode],
    ["priority", toPriority],
    ["redirect", toRedirect],
    ["referrer", webidl.USVString],
    ["referrerPolicy", toReferrerPolicy],
    ["signal", toSignal],
    ["window", (value) => value],
  ];
  const convertInit = (init) => {
    const dictionary = webidl.dictionary(init, CONTEXT);
    const result = { __proto__: null, isEmpty: true };
    for (const [name, convert] of members) {
      const value = dictionary[name];
      if (value === undefined) continue;
      result.isEmpty = false;
      result[name] = convert(value);
    }
    return result;
  };
  const textsOf = (init) => {
    if (init.isEmpty) return [];
    const { method, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive } = init;
    const text = (value) => (value === undefined ? null : value);
    return [
      text(method),
      text(mode),
      text(credentials),
      text(cache),
      text(redirect),
      text(referrer),
      text(referrerPolicy),
      integrity === undefined ? null : integrity.toWellFormed(),
      keepalive === undefined ? null : keepalive ? "true" : "false",
    ];
  };
  const text = (request, which) => ops.op_request_text(stateOf(request).id, which);

  // <https://fetch.spec.whatwg.org/#dom-request>
  const create = (input, initValue) => {
    const source = realm.objectState(input, KIND);
    const url = source === undefined ? webidl.USVString(input) : "";
    const init = convertInit(initValue);
    // 10. A window other than null.
    if (init.window !== undefined && init.window !== null) throw new TypeError(`${CONTEXT}: 'window' can only be null`);
    // 1 to 9, 11 to 25. The request.
    const id = realm.check(ops.op_request_new(realm.windowId, source === undefined ? 0 : source.id, url, textsOf(init)));
    // 26. The signal to follow.
    const signal = init.signal !== undefined ? init.signal : source === undefined ? null : followed(source);
    // 31, 32. Headers and their guard.
    const guard = ops.op_request_text(id, 4) === "no-cors" ? headersGuard.requestNoCors : headersGuard.request;
    const headers = realm.makeHeaders(ops.op_headers_new(guard));
    const headersId = realm.headersId(headers);
    // 33. Those given, or else those of the input.
    if (init.headers !== undefined) realm.fillHeaders(headersId, init.headers);
    else if (source !== undefined) realm.check(ops.op_headers_append_all(headersId, realm.headersId(source.headers)));
    // 34, 35. No body with GET and HEAD.
    const inputBody = source === undefined ? null : source.body;
    const given = init.body ?? null;
    if ((given !== null || inputBody !== null) && !ops.op_request_takes_body(id)) {
      throw new TypeError(`${CONTEXT}: a GET or HEAD request has no body`);
    }
    // 36, 37. The body given.
    let body = null;
    if (given !== null) {
      if (realm.streamOfBodyInit(given) !== undefined && ops.op_request_keepalive(id)) {
        throw new TypeError(`${CONTEXT}: a request that is kept alive takes no stream`);
      }
      body = realm.extractBody(given, headersId);
    }
    // 39. One that is streamed: half duplex, and never without CORS.
    if (realm.isStreamedBody(body ?? inputBody)) {
      if (body !== null && init.duplex === undefined) throw new TypeError(`${CONTEXT}: a stream as body needs 'duplex: "half"'`);
      const mode = ops.op_request_text(id, 4);
      if (mode !== "same-origin" && mode !== "cors") throw new TypeError(`${CONTEXT}: a stream as body needs the mode same-origin or cors`);
    }
    // 40, 41. Or the input's is taken from it.
    if (body === null && inputBody !== null) {
      if (realm.isBodyUnusable(source)) throw new TypeError(`${CONTEXT}: the body of the input is locked, or has been read`);
      body = realm.proxyBody(inputBody);
    }
    return { id, headers, body, source: signal, signal: null };
  };
  // The signal that a request's signal follows, or it itself if script has it.
  const followed = (state) => state.signal ?? state.source;

  class Request {
    constructor(input, init = undefined) {
      let state;
      if (input === token) {
        state = init;
      } else {
        webidl.requireArguments(arguments.length, 1, "'Request' constructor");
        state = create(input, init);
      }
      realm.setObjectState(this, KIND, state);
      realm.freeWith(this, "Request", state.id);
    }
    get method() {
      return text(this, 0);
    }
    get url() {
      return text(this, 1);
    }
    get headers() {
      return stateOf(this).headers;
    }
    get destination() {
      stateOf(this);
      return "";
    }
    get referrer() {
      return text(this, 2);
    }
    get referrerPolicy() {
      return text(this, 3);
    }
    get mode() {
      return text(this, 4);
    }
    get credentials() {
      return text(this, 5);
    }
    get cache() {
      return text(this, 6);
    }
    get redirect() {
      return text(this, 7);
    }
    get integrity() {
      return text(this, 8);
    }
    get keepalive() {
      return ops.op_request_keepalive(stateOf(this).id);
    }
    get isReloadNavigation() {
      stateOf(this);
      return false;
    }
    get isHistoryNavigation() {
      stateOf(this);
      return false;
    }
    get signal() {
      const state = stateOf(this);
      // OPTIMIZATION: most requests are never asked for it.
      state.signal ??= anySignal(state.source === null ? [] : [state.source]);
      return state.signal;
    }
    get duplex() {
      stateOf(this);
      return "half";
    }
    // <https://fetch.spec.whatwg.org/#dom-request-clone>
    clone() {
      const state = stateOf(this);
      // 1. Not once it is read.
      if (realm.isBodyUnusable(state)) throw new TypeError("Failed to execute 'clone' on 'Request': the body has been read");
      // 2. The same request; 3, 4. a signal that follows this one's.
      const id = realm.check(ops.op_request_clone(state.id));
      const headers = realm.makeHeaders(ops.op_headers_clone(realm.headersId(state.headers)));
      return new Request(token, { id, headers, body: realm.cloneBody(state.body), source: followed(state), signal: null });
    }
  }
  realm.bodyMixin(Request, KIND);
  realm.expose({ Request });

  // For fetch(): the state of a new request, and the signal that ends it, or null.
  realm.makeRequest = (input, init) => stateOf(new Request(input, init));
  realm.signalOfRequest = followed;
}
