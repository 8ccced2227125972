// Navigables, and what script of one origin sees of windows of another. No object of one origin is ever handed to script of another: it
// gets a proxy of its own realm, with the members that every origin may use.
// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#cross-origin-objects>
(realm) => {
  "use strict";
  const { Object, Proxy, Reflect, Symbol, WeakMap } = realm.primordials;
  const { ops, shared, agent, webidl } = realm;
  const { WeakSet } = realm.global;

  // Navigables by their number: { number, window, container, opener, name, group, isAuxiliary, isPopup, isClosing }. `window` is the number
  // of the window it shows, -1 for none, `container` the id of the frame element, 0 for a top-level one. Those of one `group` find each
  // other by name; an auxiliary one was opened by script of its group.
  const { navigables } = agent;
  realm.enterNavigable = (number) => {
    const container = ops.op_window_container(realm.windowId);
    navigables[number] ??= {
      __proto__: null,
      number,
      window: -1,
      container,
      opener: null,
      // Of the page's own window, what the document before has left.
      name: container === 0 ? ops.op_window_name(realm.windowId) : "",
      group: number,
      isAuxiliary: false,
      isPopup: false,
      isClosing: false,
      // Where on the screen its opener has asked for.
      left: 0,
      top: 0,
    };
    realm.navigable = navigables[number];
    realm.navigable.window = realm.windowId;
    // Whether script has got hold of the window's global object from outside.
    realm.isHeld = false;
  };
  const isOver = ({ number, window, container }) => (container === 0 ? window === -1 : ops.op_frame_navigable(container) !== number);
  realm.isOver = isOver;
  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-close>
  realm.closeNavigable = (navigable) => {
    // 1., 2. A top-level one, once.
    if (navigable.container !== 0 || navigable.isClosing || isOver(navigable)) return;
    // 4. One that script has opened, or in which nothing else was shown; of script that may send it elsewhere.
    const source = realm.enteredRealm();
    const isClosable = navigable.isAuxiliary || ops.op_history_length(navigable.window) === 1;
    if (!isClosable || !source.mayNavigate(navigable) || !isFamiliar(source, navigable)) return;
    // 4.1, 4.2. In a task. NOTE: the page's own window is its embedder's.
    if (navigable.number !== 1) navigable.isClosing = true;
    ops.op_window_close(navigable.number);
  };
  // <https://html.spec.whatwg.org/multipage/document-sequences.html#familiar-with>
  const isFamiliar = (source, navigable) => {
    for (let other = navigable; other !== null && other !== undefined; other = other.opener) {
      if (other === source.navigable || other === realm.topOf(source)?.navigable) return true;
      const shown = shownBy(other);
      // One of its origin, or with one above it.
      for (let up = shown; up !== undefined; ) {
        if (up.originKey === source.originKey) return true;
        const next = realm.parentOf(up);
        if (next === undefined || next === up) break;
        up = next;
      }
    }
    return false;
  };
  realm.isFamiliar = isFamiliar;
  realm.leaveNavigable = () => {
    const { navigable } = realm;
    if (navigable.window !== realm.windowId) return;
    navigable.window = -1;
    if (isOver(navigable)) delete navigables[navigable.number];
  };
  // Whether it is the proxy of a window of another origin, made by any realm.
  const made = (shared.crossOriginWindows ??= new WeakSet());
  realm.isCrossOriginWindow = (value) => made.has(value);
  const shownBy = (navigable) => agent.realms[navigable.window];
  realm.isSameOrigin = (other) => other.shared === shared;

  // The WindowProxy of a navigable for script of this realm.
  const proxies = new WeakMap();
  realm.windowOf = (navigable) => {
    const shown = shownBy(navigable);
    if (shown !== undefined && realm.isSameOrigin(shown)) {
      shown.isHeld = true;
      return shown.global;
    }
    const standIn = ops.op_navigable_stand_in(navigable.number, realm.originKey);
    if (standIn === undefined) return crossOriginWindow(navigable);
    made.add(standIn);
    return standIn;
  };
  realm.windowOfRealm = (other) => {
    if (!realm.isSameOrigin(other)) return realm.windowOf(other.navigable);
    other.isHeld = true;
    return other.global;
  };
  // A frame element's content navigable, undefined if it has none.
  realm.navigableOfFrame = (id) => navigables[ops.op_frame_navigable(id)];
  realm.frameWindow = (id) => {
    const navigable = realm.navigableOfFrame(id);
    return navigable === undefined ? null : realm.windowOf(navigable);
  };

  // Sends a navigable to a URL, for script of `source`. A sandbox may forbid it, which throws if script is to know.
  // <https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate>
  realm.navigateNavigable = (navigable, url, kind, source, throws = true) => {
    if (navigable === undefined) return;
    if (!source.mayNavigate(navigable)) {
      if (throws) throw new source.DOMException("The sandbox of this document forbids the navigation", "SecurityError");
      return;
    }
    const shown = shownBy(navigable);
    // Code of another origin's realm is never called from script: it could throw what is not ours to see.
    if (shown !== undefined && realm.isSameOrigin(shown)) shown.navigate(url, kind, source);
    else if (shown !== undefined) ops.op_navigate(shown.windowId, url, kind, source.windowId);
    else if (navigable.container !== 0) ops.op_frame_navigate(source.windowId, navigable.container, url, kind);
  };
  const NAVIGATION = 1;
  const TOP_NAVIGATION = 1 << 2;
  // <https://html.spec.whatwg.org/multipage/browsers.html#allowed-to-navigate>
  realm.mayNavigate = (navigable) => {
    if (realm.sandbox === 0 || navigable === realm.navigable) return true;
    // What it has opened itself.
    if (navigable.isAuxiliary && navigable.opener === realm.navigable) return true;
    // 2. One of its own descendants.
    for (let up = shownBy(navigable); up !== undefined; ) {
      const next = realm.parentOf(up);
      if (next === undefined || next === up) break;
      if (next.navigable === realm.navigable) return true;
      up = next;
    }
    // 3. The top one, if it is above. 4. Any other.
    return !realm.isSandboxed(navigable === realm.topOf(realm)?.navigable ? TOP_NAVIGATION : NAVIGATION);
  };

  // The realm of who asks: what has become a stand-in was made by a window that has gone.
  const asker = () => realm.enteredRealm();
  const refuse = () => {
    throw new (asker().DOMException)("Script of this origin may not touch a window of another", "SecurityError");
  };
  // Visible to every origin, as what it is not: so that a promise may be resolved with the object, for example.
  const blank = ["then", Symbol.toStringTag, Symbol.hasInstance, Symbol.isConcatSpreadable];
  const isBlank = (key) => blank.includes(key);

  // A proxy whose own properties are what `own(key)` gives, undefined for none, and `keys()`. Once the navigable shows a window of this
  // realm's origin, it is that window: `same()` gives the object, undefined otherwise.
  const guard = (own, keys, same) => {
    const descriptor = (key) => own(key) ?? (isBlank(key) ? { value: undefined, writable: false, enumerable: false, configurable: true } : refuse());
    const trap =
      (name, f) =>
      (target, ...args) => {
        const object = same();
        return object === undefined ? f(...args) : Reflect[name](object, ...args);
      };
    return new Proxy(
      { __proto__: null },
      {
        getPrototypeOf: trap("getPrototypeOf", () => null),
        setPrototypeOf: trap("setPrototypeOf", (prototype) => prototype === null),
        isExtensible: () => true,
        preventExtensions: () => false,
        getOwnPropertyDescriptor(target, key) {
          const object = same();
          if (object === undefined) return descriptor(key);
          const found = Reflect.getOwnPropertyDescriptor(object, key);
          if (found !== undefined) found.configurable = true;
          return found;
        },
        defineProperty: trap("defineProperty", refuse),
        deleteProperty: trap("deleteProperty", refuse),
        has: trap("has", (key) => descriptor(key) !== undefined),
        get(target, key, receiver) {
          const object = same();
          if (object !== undefined) return Reflect.get(object, key);
          const found = descriptor(key);
          if ("value" in found) return found.value;
          if (found.get === undefined) return refuse();
          return Reflect.apply(found.get, receiver, []);
        },
        set(target, key, value, receiver) {
          const object = same();
          if (object !== undefined) return Reflect.set(object, key, value);
          const found = descriptor(key);
          if (found.set === undefined) return refuse();
          Reflect.apply(found.set, receiver, [value]);
          return true;
        },
        ownKeys: trap("ownKeys", () => [...keys(), ...blank]),
      },
    );
  };
  // The descriptors of an object's members: not enumerable, methods not writable.
  const descriptorsOf = (members) => {
    const all = { __proto__: null };
    for (const key of Reflect.ownKeys(members)) {
      const found = Reflect.getOwnPropertyDescriptor(members, key);
      found.enumerable = false;
      found.configurable = true;
      if ("value" in found) found.writable = false;
      all[key] = found;
    }
    return all;
  };

  const crossOriginLocation = (navigable, go) => {
    const members = {
      set href(target) {
        go(target, 0);
      },
      replace(target) {
        webidl.requireArguments(arguments.length, 1, "'replace' on 'Location'");
        go(target, 1);
      },
    };
    const all = descriptorsOf(members);
    const same = () => {
      const shown = shownBy(navigable);
      return shown !== undefined && realm.isSameOrigin(shown) ? shown.location : undefined;
    };
    return guard(
      (key) => all[key],
      () => Reflect.ownKeys(all),
      same,
    );
  };

  const crossOriginWindow = (navigable) => {
    const known = proxies.get(navigable);
    if (known !== undefined) return known;
    // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-object-navigate>
    const go = (target, kind) => {
      const source = realm.enteredRealm();
      const url = ops.op_url_parse(webidl.USVString(target), source.document?.baseURI ?? "");
      if (url === null) throw new realm.DOMException(`'${target}' is not a valid URL`, "SyntaxError");
      const shown = shownBy(navigable);
      const isLoaded = shown === undefined || ops.op_window_is_loaded(shown.windowId);
      realm.navigateNavigable(navigable, url, kind === 0 && !isLoaded ? 16 : kind, source);
    };
    // The top-level or parent window: of a navigable that shows none, what its frame element says.
    const up = (find) => {
      const shown = shownBy(navigable);
      const found = shown === undefined ? undefined : find(shown);
      return found === undefined ? null : realm.windowOfRealm(found);
    };
    let location = null;
    const self = () => realm.windowOf(navigable);
    const members = {
      get window() {
        return self();
      },
      get self() {
        return self();
      },
      get location() {
        location ??= crossOriginLocation(navigable, go);
        return location;
      },
      set location(target) {
        go(target, 0);
      },
      close() {
        realm.closeNavigable(navigable);
      },
      get closed() {
        return isOver(navigable) || navigable.isClosing;
      },
      focus() {},
      blur() {},
      get frames() {
        return self();
      },
      get length() {
        const shown = shownBy(navigable);
        return shown === undefined ? 0 : ops.op_window_frame_count(shown.windowId);
      },
      get top() {
        return up(realm.topOf);
      },
      get opener() {
        return navigable.opener === null || isOver(navigable.opener) ? null : realm.windowOf(navigable.opener);
      },
      get parent() {
        return up(realm.parentOf);
      },
      // <https://html.spec.whatwg.org/multipage/web-messaging.html#dom-window-postmessage>
      postMessage(message, options = undefined, transfer = undefined) {
        webidl.requireArguments(arguments.length, 1, "'postMessage' on 'Window'");
        asker().postMessageTo(asker(), navigable, message, options, transfer);
      },
    };
    realm.arity(members, { postMessage: 1 });
    const all = descriptorsOf(members);
    // Frames by number and by name. <https://html.spec.whatwg.org/multipage/nav-history-apis.html#windowproxy-getownproperty>
    const framesOf = () => {
      const shown = shownBy(navigable);
      return shown === undefined ? [] : ops.op_window_frames(shown.windowId);
    };
    const frame = (id, enumerable) => ({ value: realm.frameWindow(id), writable: false, enumerable, configurable: true });
    const own = (key) => {
      if (typeof key === "symbol") return undefined;
      if (/^(0|[1-9][0-9]{0,9})$/.test(key)) {
        const id = framesOf()[key];
        return id === undefined ? undefined : frame(id, true);
      }
      if (key in all) return all[key];
      const id = framesOf().find((other) => ops.op_frame_name(other) === key && key !== "");
      return id === undefined ? undefined : frame(id, false);
    };
    const same = () => {
      const shown = shownBy(navigable);
      return shown !== undefined && realm.isSameOrigin(shown) ? shown.global : undefined;
    };
    const keys = () => [...framesOf().map((id, index) => `${index}`), ...Reflect.ownKeys(all)];
    const window = guard(own, keys, same);
    proxies.set(navigable, window);
    made.add(window);
    return window;
  };
  // What this window's WindowProxy is to hold on to when its navigable shows a window of another origin.
  realm.entry.crossOriginWindow = () => (realm.isHeld ? crossOriginWindow(realm.navigable) : null);
}
