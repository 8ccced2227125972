// What iframe and frame elements show, and the window of another origin. <https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-iframe-element>
(realm) => {
  "use strict";
  const { Object, Proxy, Reflect, Symbol } = realm.primordials;
  const { ops, shared, nodeId, webidl } = realm;

  const NONE = -1;
  const OUT_OF_REACH = -2;

  // Of a frame whose document is of another origin script sees this. NOTE: such a document has no window of its own here, so that
  // messages to it go nowhere.
  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#cross-origin-objects>
  const outOfReach = (id) => {
    const slots = realm.slots(realm.wrapNode(id));
    if (slots.windowOutOfReach !== undefined) return slots.windowOutOfReach;
    const refuse = () => {
      throw new realm.DOMException("A document of this origin may not touch a window of another", "SecurityError");
    };
    const parent = () => shared.realms[ops.op_frame_parent(id)]?.global ?? null;
    const go = (target, kind) => {
      const url = ops.op_url_parse(webidl.USVString(target), realm.enteredRealm().document.baseURI);
      if (url === null) throw new realm.DOMException(`'${target}' is not a valid URL`, "SyntaxError");
      ops.op_frame_navigate(realm.enteredRealm().windowId, id, url, kind);
    };
    // The members that every origin may use; methods are made once.
    const guard = (members, extra) => {
      for (const symbol of [Symbol.toStringTag, Symbol.hasInstance, Symbol.isConcatSpreadable]) {
        Object.defineProperty(members, symbol, { value: undefined, configurable: true });
      }
      if (!("then" in members)) Object.defineProperty(members, "then", { value: undefined, configurable: true });
      return new Proxy(members, {
        getPrototypeOf: () => null,
        setPrototypeOf: (_, prototype) => prototype === null,
        isExtensible: () => true,
        preventExtensions: () => false,
        getOwnPropertyDescriptor: (inner, key) => Reflect.getOwnPropertyDescriptor(inner, key) ?? refuse(),
        defineProperty: refuse,
        deleteProperty: refuse,
        has: (inner, key) => Reflect.has(inner, key) || refuse(),
        get: (inner, key, receiver) => (Reflect.has(inner, key) ? Reflect.get(inner, key, receiver) : refuse()),
        set: (inner, key, value) => (extra.includes(key) ? Reflect.set(inner, key, value) : refuse()),
        ownKeys: (inner) => Reflect.ownKeys(inner),
      });
    };
    const location = guard(
      {
        __proto__: null,
        get href() {
          return refuse();
        },
        set href(target) {
          go(target, 0);
        },
        replace(target) {
          go(target, 1);
        },
      },
      ["href"],
    );
    const window = guard(
      {
        __proto__: null,
        get window() {
          return window;
        },
        get self() {
          return window;
        },
        get frames() {
          return window;
        },
        get location() {
          return location;
        },
        set location(target) {
          go(target, 0);
        },
        get closed() {
          return ops.op_frame_window(id) === NONE;
        },
        get length() {
          return 0;
        },
        get top() {
          return parent()?.top ?? null;
        },
        get opener() {
          return null;
        },
        get parent() {
          return parent();
        },
        close() {},
        focus() {},
        blur() {},
        postMessage(message) {
          webidl.requireArguments(arguments.length, 1, "'postMessage' on 'Window'");
          realm.structuredClone(message);
        },
      },
      ["location"],
    );
    slots.windowOutOfReach = window;
    return window;
  };
  // The WindowProxy of a frame element's content navigable.
  realm.frameWindow = (id) => {
    const window = ops.op_frame_window(id);
    if (window === NONE) return null;
    if (window === OUT_OF_REACH) return outOfReach(id);
    return shared.realms[window]?.global ?? null;
  };

  const members = {
    get contentDocument() {
      const window = ops.op_frame_window(nodeId(this));
      return window < 0 ? null : (shared.realms[window]?.document ?? null);
    },
    get contentWindow() {
      return realm.frameWindow(nodeId(this));
    },
  };
  realm.extend("HTMLFrameElement", members);
  realm.extend("HTMLIFrameElement", members);
  realm.extend("HTMLIFrameElement", {
    getSVGDocument() {
      const { contentDocument } = this;
      return contentDocument?.contentType === "image/svg+xml" ? contentDocument : null;
    },
  });
}
