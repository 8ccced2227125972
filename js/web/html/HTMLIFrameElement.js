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

  // The frame that a target name means, seen from this window: inside of it first, then anywhere in the page. 0 for none.
  // <https://html.spec.whatwg.org/multipage/document-sequences.html#find-a-navigable-by-target-name>
  const frameNamed = (name) => {
    const seen = [realm.windowId];
    const search = (windowId) => {
      for (const id of ops.op_window_frames(windowId)) {
        if (ops.op_frame_name(id) === name) return id;
        const inside = ops.op_frame_window(id);
        if (inside >= 0 && !seen.includes(inside)) {
          seen.push(inside);
          const found = search(inside);
          if (found !== 0) return found;
        }
      }
      return 0;
    };
    let found = search(realm.windowId);
    for (let up = realm.windowId; found === 0; ) {
      const parent = ops.op_window_parent(up);
      if (parent < 0 || parent === up) break;
      up = parent;
      seen.push(up);
      found = search(up);
    }
    return found;
  };
  // What a target name means, as { key, window, navigate(url, kind) }; null if it means none. A window of its own is never opened: that is
  // what a browser does that blocks pop-ups.
  // <https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable>
  realm.chooseNavigable = (target) => {
    const name = target.toLowerCase();
    let to = null;
    if (name === "" || name === "_self") to = realm.global;
    else if (name === "_parent") to = realm.global.parent;
    else if (name === "_top") to = realm.global.top;
    else if (name !== "_blank") {
      const frame = frameNamed(target);
      if (frame !== 0) {
        const element = realm.wrapNode(frame);
        return {
          key: frame,
          get window() {
            return realm.frameWindow(nodeId(element));
          },
          navigate: (url, kind) => ops.op_frame_navigate(realm.windowId, nodeId(element), url, kind),
        };
      }
      if (target === realm.global.top?.name) to = realm.global.top;
    }
    const home = shared.realms.find((other) => other !== undefined && other.global === to);
    if (home === undefined) return null;
    return { key: ops.op_window_container(home.windowId), window: to, navigate: (url, kind) => home.navigate(url, kind, realm) };
  };
  // Navigates what a target name means, unless `url` is null; gives its window, null if there is none.
  realm.navigateNamed = (target, url) => {
    const navigable = realm.chooseNavigable(target);
    if (navigable === null) return null;
    if (url !== null) navigable.navigate(url, 0);
    return navigable.window;
  };
  // The target name of a link or form, or of a form's button. <https://html.spec.whatwg.org/multipage/semantics.html#get-an-element's-target>
  realm.targetOf = (element, own = ops.op_element_get_attribute(nodeId(element), "target")) => {
    // 1. Its own, or that of the first base element with one.
    let target = own;
    if (target === null) {
      const base = Reflect.apply(realm.interfaces.Document.prototype.querySelector, element.ownerDocument, ["base[target]"]);
      target = base === null ? "" : ops.op_element_get_attribute(nodeId(base), "target");
    }
    // 2. What looks like markup left open means a new window.
    return /[\t\n\r]/.test(target) && target.includes("<") ? "_blank" : target;
  };
  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-open>
  const methods = {
    open(url = "", target = "_blank") {
      const address = webidl.USVString(url);
      const name = webidl.DOMString(target);
      webidl.DOMString(arguments[2] ?? "");
      let parsed = null;
      if (address !== "") {
        parsed = ops.op_url_parse(address, realm.enteredRealm().document.baseURI);
        if (parsed === null) throw new realm.DOMException(`'${address}' is not a valid URL`, "SyntaxError");
      }
      return realm.navigateNamed(name, parsed);
    },
  };
  Object.defineProperty(realm.global, "open", { value: methods.open, writable: true, enumerable: true, configurable: true });

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
