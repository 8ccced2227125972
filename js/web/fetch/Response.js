// Response. <https://fetch.spec.whatwg.org/#response-class>
(realm) => {
  "use strict";
  const { TypeError, JSON } = realm.primordials;
  const { webidl, headersGuard } = realm;
  const ops = realm.ops;

  const KIND = "Response";
  const token = {};
  // { id, headers, body }
  const stateOf = (value) => realm.requireState(value, KIND);

  // Members in the order of their conversion. <https://fetch.spec.whatwg.org/#responseinit>
  const convertInit = (value) => {
    const { headers, status, statusText } = webidl.dictionary(value, "Response constructor");
    return {
      headers: headers === undefined ? [] : realm.convertHeadersInit(headers, "Response constructor"),
      status: status === undefined ? 200 : webidl.toInt(status, 16, false),
      statusText: statusText === undefined ? "" : webidl.ByteString(statusText),
    };
  };
  // `handOver` gives the body, or is null; `type` is the Content-Type that it has unless the headers say so.
  // <https://fetch.spec.whatwg.org/#initialize-a-response>
  const initialize = (handOver, init, type = null) => {
    // 1 to 5. Status and status text.
    const id = realm.check(ops.op_response_new(init.status, init.statusText));
    // 6. Headers.
    const headers = realm.makeHeaders(ops.op_headers_new(headersGuard.response));
    const headersId = realm.headersId(headers);
    realm.fillHeaders(headersId, init.headers);
    // 7. The body.
    if (handOver === null) return { id, headers, body: null };
    if (ops.op_response_has_null_body_status(id)) throw new TypeError("Response: a response of this status has no body");
    if (type !== null && ops.op_headers_has(headersId, "Content-Type") === 0) realm.check(ops.op_headers_append(headersId, "Content-Type", type));
    return { id, headers, body: realm.extractBody(handOver, headersId) };
  };
  const make = (id, headersId, body) => new Response(token, { id, headers: realm.makeHeaders(headersId), body });

  class Response {
    static error() {
      return make(ops.op_response_error(), ops.op_headers_new(headersGuard.immutable), null);
    }
    static redirect(url, status = 302) {
      webidl.requireArguments(arguments.length, 1, "'redirect' on 'Response'");
      const typedUrl = webidl.USVString(url);
      const typedStatus = webidl.toInt(status, 16, false);
      const headersId = ops.op_headers_new(headersGuard.immutable);
      return make(realm.check(ops.op_response_redirect(realm.windowId, typedUrl, typedStatus, headersId)), headersId, null);
    }
    // <https://fetch.spec.whatwg.org/#dom-response-json>
    static json(data, init = undefined) {
      webidl.requireArguments(arguments.length, 1, "'json' on 'Response'");
      const typedInit = convertInit(init);
      // 1. The text.
      const text = JSON.stringify(data);
      if (text === undefined) throw new TypeError("Failed to execute 'json' on 'Response': the value is not JSON serializable");
      // 2 to 5. A response of it.
      const bytes = text.toWellFormed();
      return new Response(token, initialize(realm.convertBodyInit(bytes, "'json'"), typedInit, "application/json"));
    }
    constructor(body = null, init = undefined) {
      let state;
      if (body === token) {
        state = init;
      } else {
        const handOver = body === null ? null : realm.convertFetchBody(body, "'Response'");
        state = initialize(handOver, convertInit(init));
      }
      realm.setObjectState(this, KIND, state);
      realm.freeWith(this, "Response", state.id);
    }
    get type() {
      return ops.op_response_type(stateOf(this).id);
    }
    get url() {
      return ops.op_response_url(stateOf(this).id);
    }
    get redirected() {
      return ops.op_response_redirected(stateOf(this).id);
    }
    get status() {
      return ops.op_response_status(stateOf(this).id);
    }
    get ok() {
      const status = ops.op_response_status(stateOf(this).id);
      return status >= 200 && status <= 299;
    }
    get statusText() {
      return ops.op_response_status_text(stateOf(this).id);
    }
    get headers() {
      return stateOf(this).headers;
    }
    // <https://fetch.spec.whatwg.org/#dom-response-clone>
    clone() {
      const state = stateOf(this);
      // 1. Not once it is read.
      if (realm.isBodyUnusable(state)) throw new TypeError("Failed to execute 'clone' on 'Response': the body has been read");
      // 2, 3. The same response, its headers copied under the same guard.
      const id = realm.check(ops.op_response_clone(state.id));
      const headersId = ops.op_headers_clone(realm.headersId(state.headers));
      return make(id, headersId, realm.cloneBody(state.body));
    }
  }
  realm.bodyMixin(Response, KIND);
  realm.expose({ Response });

  // What fetch() gives.
  realm.makeResponse = make;
}
