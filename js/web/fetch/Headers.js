// Headers. <https://fetch.spec.whatwg.org/#headers-class>
(realm) => {
  "use strict";
  const { TypeError, Symbol } = realm.primordials;
  const { webidl } = realm;
  const ops = realm.ops;

  const KIND = "Headers";
  const token = {};
  const stateOf = (value) => realm.requireState(value, KIND);

  // HeadersInit as a list of pairs.
  realm.convertHeadersInit = (init, context) => {
    if (!webidl.isObject(init)) throw new TypeError(`${context}: the headers are not an object`);
    const method = init[Symbol.iterator];
    if (method === undefined || method === null) return webidl.record(init, webidl.ByteString, webidl.ByteString, context);
    return webidl.sequence(init, (pair) => webidl.sequence(pair, webidl.ByteString, context), context);
  };
  // <https://fetch.spec.whatwg.org/#concept-headers-fill>
  const fill = (id, list) => {
    for (const pair of list) {
      // 1.1. Pairs only.
      if (pair.length !== 2) throw new TypeError("Headers: each header must be a name and a value");
      // 1.2, 2. Append.
      realm.check(ops.op_headers_append(id, pair[0], pair[1]));
    }
  };

  class Headers {
    constructor(init = undefined) {
      let id;
      if (init === token) {
        id = arguments[1];
      } else {
        const list = init === undefined ? [] : realm.convertHeadersInit(init, "Headers constructor");
        id = ops.op_headers_new(0);
        fill(id, list);
      }
      realm.setObjectState(this, KIND, { id });
      realm.freeWith(this, "Headers", id);
    }
    append(name, value) {
      const { id } = stateOf(this);
      webidl.requireArguments(arguments.length, 2, "'append' on 'Headers'");
      realm.check(ops.op_headers_append(id, webidl.ByteString(name), webidl.ByteString(value)));
    }
    delete(name) {
      const { id } = stateOf(this);
      webidl.requireArguments(arguments.length, 1, "'delete' on 'Headers'");
      realm.check(ops.op_headers_delete(id, webidl.ByteString(name)));
    }
    get(name) {
      const { id } = stateOf(this);
      webidl.requireArguments(arguments.length, 1, "'get' on 'Headers'");
      const typed = webidl.ByteString(name);
      return realm.check(ops.op_headers_has(id, typed)) === 0 ? null : ops.op_headers_get(id, typed);
    }
    getSetCookie() {
      return ops.op_headers_get_set_cookie(stateOf(this).id);
    }
    has(name) {
      const { id } = stateOf(this);
      webidl.requireArguments(arguments.length, 1, "'has' on 'Headers'");
      return realm.check(ops.op_headers_has(id, webidl.ByteString(name))) === 1;
    }
    set(name, value) {
      const { id } = stateOf(this);
      webidl.requireArguments(arguments.length, 2, "'set' on 'Headers'");
      realm.check(ops.op_headers_set(id, webidl.ByteString(name), webidl.ByteString(value)));
    }
  }
  realm.expose({ Headers });
  realm.pairIterable(Headers, (headers) => {
    const flat = ops.op_headers_entries(stateOf(headers).id);
    const list = [];
    for (let i = 0; i < flat.length; i += 2) list.push([flat[i], flat[i + 1]]);
    return list;
  });

  // The guards, in the order of the enumeration in Rust.
  realm.headersGuard = { none: 0, request: 1, requestNoCors: 2, response: 3, immutable: 4 };
  realm.makeHeaders = (id) => new Headers(token, id);
  realm.headersId = (headers) => stateOf(headers).id;
  realm.fillHeaders = fill;
}
