// Location, and DOMStringList for its ancestorOrigins. <https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-location-interface>
(realm) => {
  "use strict";
  const { Object, Proxy, Reflect, Symbol, TypeError } = realm.primordials;
  const { ops, webidl, global, agent } = realm;
  const { Stamp } = realm.shared;

  class Location {
    constructor() {
      throw realm.illegalConstructor();
    }
  }
  // <https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#domstringlist>
  class DOMStringList {
    constructor() {
      throw realm.illegalConstructor();
    }
    get length() {
      return items(this).length;
    }
    item(index) {
      webidl.requireArguments(arguments.length, 1, "'item' on 'DOMStringList'");
      return items(this)[webidl.unsignedLong(index)] ?? null;
    }
    contains(string) {
      webidl.requireArguments(arguments.length, 1, "'contains' on 'DOMStringList'");
      return items(this).includes(webidl.DOMString(string));
    }
  }
  Object.defineProperty(DOMStringList.prototype, Symbol.iterator, {
    value: realm.global.Array.prototype.values,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  realm.expose({ Location, DOMStringList });
  const lists = new realm.primordials.WeakMap();
  const items = (list) => {
    const found = lists.get(list);
    if (found === undefined) throw new TypeError("Illegal invocation");
    return found;
  };
  const stringList = (strings) => {
    const list = Object.create(DOMStringList.prototype);
    for (let i = 0; i < strings.length; i++) {
      Object.defineProperty(list, i, { value: strings[i], writable: false, enumerable: true, configurable: true });
    }
    lists.set(list, strings);
    return list;
  };

  // Its prototype is immutable, and properties may always be added.
  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-setprototypeof>
  const target = Object.create(Location.prototype);
  const location = new Proxy(target, {
    setPrototypeOf: (inner, prototype) => prototype === Reflect.getPrototypeOf(inner),
    preventExtensions: () => false,
  });
  new Stamp(location, 0, 0);
  const check = (self) => {
    if (self !== location) throw new TypeError("Illegal invocation");
  };
  // Without a document that is shown it is about:blank, and leads nowhere.
  const url = () => (realm.closed ? "about:blank" : ops.op_window_url(realm.windowId));
  const part = (name) => {
    const value = ops.op_url_component(url(), name);
    return name === "origin" && value === "" ? "null" : value;
  };

  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-object-navigate>
  const navigate = (to, kind) => {
    const text = webidl.USVString(to);
    if (realm.closed) return;
    const source = realm.enteredRealm();
    const parsed = ops.op_url_parse(text, source.document?.baseURI ?? url());
    if (parsed === null) throw new realm.DOMException(`'${text}' is not a valid URL`, "SyntaxError");
    realm.navigateNavigable(realm.navigable, parsed, replacing(kind), source);
  };
  // 2. Before the document is loaded, another one takes its place.
  const REPLACE = 16;
  const replacing = (kind) => (kind === 0 && !ops.op_window_is_loaded(realm.windowId) ? REPLACE : kind);
  // Fragments change in place; anything else is the host's. `kind`: see op_navigate. `source` is the realm that asks.
  realm.navigate = (to, kind, source = realm) => {
    const [here] = url().split("#", 1);
    const way = kind & 7;
    if (way < 2 && to.includes("#") && to.split("#", 1)[0] === here) {
      realm.navigateToFragment(to, (kind & REPLACE) !== 0 ? 1 : way);
      return;
    }
    realm.shared.plannedNavigations.delete(ops.op_window_container(realm.windowId) || -realm.navigable.number);
    ops.op_navigate(realm.windowId, to, kind, source.windowId);
  };
  const changed = (name, value) => {
    const text = webidl.USVString(value);
    if (realm.closed) return;
    const next = ops.op_url_set_component(url(), name, text);
    if (next !== null) realm.navigateNavigable(realm.navigable, next, replacing(0), realm.enteredRealm());
  };
  const accessors = {
    get href() {
      check(this);
      return url();
    },
    set href(value) {
      check(this);
      navigate(value, 0);
    },
    get origin() {
      check(this);
      return part("origin");
    },
    get protocol() {
      check(this);
      return part("protocol");
    },
    set protocol(value) {
      check(this);
      const text = webidl.USVString(value);
      if (realm.closed) return;
      // What stands before the first colon is a scheme, or nothing is.
      const [scheme] = text.split(":", 1);
      if (!/^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme.replace(/[\t\n\r]/g, ""))) {
        throw new realm.DOMException(`'${text}' is not a scheme`, "SyntaxError");
      }
      const next = ops.op_url_set_component(url(), "protocol", scheme);
      // Only to HTTP, from whatever it may be changed.
      if (next === null || !/^https?:/.test(next)) return;
      realm.navigateNavigable(realm.navigable, next, replacing(0), realm.enteredRealm());
    },
    get host() {
      check(this);
      return part("host");
    },
    set host(value) {
      check(this);
      changed("host", value);
    },
    get hostname() {
      check(this);
      return part("hostname");
    },
    set hostname(value) {
      check(this);
      changed("hostname", value);
    },
    get port() {
      check(this);
      return part("port");
    },
    set port(value) {
      check(this);
      changed("port", value);
    },
    get pathname() {
      check(this);
      return part("pathname");
    },
    set pathname(value) {
      check(this);
      changed("pathname", value);
    },
    get search() {
      check(this);
      return part("search");
    },
    set search(value) {
      check(this);
      changed("search", value);
    },
    get hash() {
      check(this);
      return part("hash");
    },
    // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-hash>
    set hash(value) {
      check(this);
      const text = webidl.USVString(value);
      if (realm.closed) return;
      const next = ops.op_url_set_component(url(), "hash", text);
      // An empty fragment is not the same as none, and one that does not change leads nowhere.
      if (next === null || ops.op_url_component(next, "hash") === part("hash")) return;
      realm.navigateNavigable(realm.navigable, next.includes("#") ? next : `${next}#`, replacing(0), realm.enteredRealm());
    },
    assign(to) {
      check(this);
      webidl.requireArguments(arguments.length, 1, "'assign' on 'Location'");
      navigate(to, 0);
    },
    replace(to) {
      check(this);
      webidl.requireArguments(arguments.length, 1, "'replace' on 'Location'");
      navigate(to, 1);
    },
    reload() {
      check(this);
      if (!realm.closed) realm.navigateNavigable(realm.navigable, url(), 2, realm.enteredRealm());
    },
    toString() {
      check(this);
      return url();
    },
    // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-ancestororigins>
    get ancestorOrigins() {
      check(this);
      if (realm.closed) return none ??= stringList([]);
      if (origins === null) {
        const found = [];
        for (let windowId = realm.windowId; ; ) {
          const up = ops.op_window_parent(windowId);
          if (up < 0 || up === windowId || agent.realms[up] === undefined) break;
          found[found.length] = ops.op_window_origin(up);
          windowId = up;
        }
        origins = stringList(found);
      }
      return origins;
    },
  };
  let origins = null;
  let none = null;
  // [LegacyUnforgeable]: own, non-configurable.
  for (const name of Object.keys(accessors)) {
    const descriptor = Object.getOwnPropertyDescriptor(accessors, name);
    descriptor.configurable = false;
    if ("value" in descriptor) descriptor.writable = false;
    Object.defineProperty(target, name, descriptor);
  }
  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#location>
  const fixed = (value) => ({ value, writable: false, enumerable: false, configurable: false });
  Object.defineProperty(target, "valueOf", fixed(Object.prototype.valueOf));
  Object.defineProperty(target, Symbol.toPrimitive, fixed(undefined));
  realm.location = location;
  Object.defineProperty(global, "location", {
    get: () => location,
    set: (value) => navigate(value, 0),
    enumerable: true,
    configurable: false,
  });
}
