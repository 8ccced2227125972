// URL. Its state is the serialized URL; each part is asked of Rust. <https://url.spec.whatwg.org/#url-class>
(realm) => {
  "use strict";
  const { TypeError, Object } = realm.primordials;
  const { webidl } = realm;
  const ops = realm.ops;

  const KIND = "URL";
  // { href, query: what realm.makeQueryObject gave, or null until it is asked for }
  const stateOf = (value) => realm.requireState(value, KIND);
  const token = {};

  // <https://url.spec.whatwg.org/#api-url-parser>
  const parse = (url, base) => {
    const typed = webidl.USVString(url);
    if (base === undefined) return ops.op_url_parse(typed, "");
    const typedBase = webidl.USVString(base);
    // An empty base does not parse; to the op it would mean none.
    return typedBase === "" ? null : ops.op_url_parse(typed, typedBase);
  };

  class URL {
    constructor(url, base = undefined) {
      let href = base;
      if (url !== token) {
        webidl.requireArguments(arguments.length, 1, "'URL' constructor");
        href = parse(url, base);
        if (href === null) throw new TypeError("Failed to construct 'URL': Invalid URL");
      }
      realm.setObjectState(this, KIND, { href, query: null });
    }
    static parse(url, base = undefined) {
      webidl.requireArguments(arguments.length, 1, "'parse' on 'URL'");
      const href = parse(url, base);
      return href === null ? null : new URL(token, href);
    }
    static canParse(url, base = undefined) {
      webidl.requireArguments(arguments.length, 1, "'canParse' on 'URL'");
      return parse(url, base) !== null;
    }
    // <https://w3c.github.io/FileAPI/#dfn-createObjectURL>
    static createObjectURL(object) {
      webidl.requireArguments(arguments.length, 1, "'createObjectURL' on 'URL'");
      const blob = realm.blobState(object);
      if (blob === undefined) throw new TypeError("Failed to execute 'createObjectURL' on 'URL': parameter 1 is not of type 'Blob'");
      return ops.op_blob_url_create(realm.windowId, blob.id);
    }
    // <https://w3c.github.io/FileAPI/#dfn-revokeObjectURL>
    static revokeObjectURL(url) {
      webidl.requireArguments(arguments.length, 1, "'revokeObjectURL' on 'URL'");
      ops.op_blob_url_revoke(realm.windowId, webidl.USVString(url));
    }
    get searchParams() {
      const state = stateOf(this);
      state.query ??= realm.makeQueryObject(ops.op_url_component(state.href, "search"), (query) => {
        state.href = ops.op_url_set_component(state.href, "search", query);
      });
      return state.query.params;
    }
    toJSON() {
      return stateOf(this).href;
    }
    toString() {
      return stateOf(this).href;
    }
  }
  const attribute = (name, change) => {
    const accessors = {
      get [name]() {
        const { href } = stateOf(this);
        return name === "href" ? href : ops.op_url_component(href, name);
      },
      set [name](value) {
        change(stateOf(this), webidl.USVString(value));
      },
    };
    const descriptor = Object.getOwnPropertyDescriptor(accessors, name);
    if (change === undefined) descriptor.set = undefined;
    Object.defineProperty(URL.prototype, name, descriptor);
  };
  const requery = (state) => state.query?.reset(ops.op_url_component(state.href, "search"));
  attribute("href", (state, value) => {
    const href = ops.op_url_set_component(state.href, "href", value);
    if (href === null) throw new TypeError("Failed to set the 'href' property on 'URL': Invalid URL");
    state.href = href;
    requery(state);
  });
  attribute("origin", undefined);
  for (const name of ["protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"]) {
    attribute(name, (state, value) => {
      state.href = ops.op_url_set_component(state.href, name, value);
      if (name === "search") requery(state);
    });
  }
  realm.expose({ URL });
  realm.arity(URL, { parse: 1, canParse: 1, createObjectURL: 1, revokeObjectURL: 1 });
  Object.defineProperty(realm.global, "webkitURL", { value: URL, writable: true, enumerable: false, configurable: true });
}
