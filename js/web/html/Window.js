// Window: the global object. <https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object>
(realm) => {
  "use strict";
  const { Object, Reflect, Symbol } = realm.primordials;
  const { ops, global, webidl, shared, EventTarget } = realm;
  const { Stamp } = shared;

  class Window extends EventTarget {
    constructor() {
      throw realm.illegalConstructor();
    }
  }
  realm.expose({ Window });
  realm.constants(Window, { TEMPORARY: 0, PERSISTENT: 1 });
  Reflect.setPrototypeOf(global, Window.prototype);
  Object.defineProperty(global, Symbol.toStringTag, { value: "Window", configurable: true });
  new Stamp(global, 0, 0);

  realm.eventHandlers(global, realm.globalEventHandlers);
  realm.eventHandlers(global, realm.windowEventHandlers);

  // A closed window has neither.
  const parentRealm = () => (realm.closed ? null : (shared.realms[ops.op_window_parent(realm.windowId)] ?? realm));
  const topRealm = () => {
    let current = realm.closed ? null : realm;
    for (;;) {
      if (current === null) return null;
      const up = shared.realms[ops.op_window_parent(current.windowId)];
      if (up === undefined || up === current) return current;
      current = up;
    }
  };
  // The realm whose script the host has entered: what relative URLs and messages come from.
  // <https://html.spec.whatwg.org/multipage/webappapis.html#concept-entry-everything>
  realm.enteredRealm = () => shared.realms[ops.op_entered_window()] ?? realm;
  // Attributes are the global's without a this; with one that is no window they throw.
  const checkWindow = (value) => {
    if (value !== global && value !== undefined && value !== null && !shared.realms.some((other) => other?.global === value)) {
      throw new TypeError("Illegal invocation");
    }
  };
  const accessorsOf = (name, get) => {
    const attribute = {
      get [name]() {
        checkWindow(this);
        return get();
      },
      set [name](value) {
        checkWindow(this);
        Object.defineProperty(global, name, { value, writable: true, enumerable: true, configurable: true });
      },
    };
    return Object.getOwnPropertyDescriptor(attribute, name);
  };
  const readOnly = (name, get, { unforgeable = false } = {}) =>
    Object.defineProperty(global, name, { get: accessorsOf(name, get).get, enumerable: true, configurable: !unforgeable });
  // A [Replaceable] attribute: assigning makes an own data property of it.
  const replaceable = (name, get) => Object.defineProperty(global, name, accessorsOf(name, get));
  readOnly("window", () => global, { unforgeable: true });
  readOnly("document", () => realm.document, { unforgeable: true });
  readOnly("top", () => topRealm()?.global ?? null, { unforgeable: true });
  replaceable("self", () => global);
  replaceable("frames", () => global);
  replaceable("parent", () => parentRealm()?.global ?? null);
  replaceable("length", () => (realm.closed ? 0 : ops.op_window_frame_count(realm.windowId)));
  readOnly("frameElement", () => (realm.closed ? null : realm.wrapNode(ops.op_window_container(realm.windowId))));
  readOnly("closed", () => realm.closed);
  replaceable("event", () => realm.currentEvent);
  replaceable("origin", () => ops.op_window_origin(realm.windowId));
  replaceable("innerWidth", () => ops.op_window_viewport(realm.windowId, 0));
  replaceable("innerHeight", () => ops.op_window_viewport(realm.windowId, 1));
  replaceable("outerWidth", () => ops.op_window_viewport(realm.windowId, 0));
  replaceable("outerHeight", () => ops.op_window_viewport(realm.windowId, 1));
  replaceable("devicePixelRatio", () => 1);
  for (const name of ["scrollX", "scrollY", "pageXOffset", "pageYOffset", "screenX", "screenY", "screenLeft", "screenTop"]) {
    replaceable(name, () => 0);
  }
  readOnly("isSecureContext", () => ops.op_window_is_secure(realm.windowId));

  // A frame's name is its navigable's: it outlives the window.
  let name = "";
  const container = () => (realm.closed ? 0 : ops.op_window_container(realm.windowId));
  Object.defineProperty(global, "name", {
    get: () => {
      const frame = container();
      if (frame !== 0) return ops.op_frame_name(frame);
      return realm.closed ? "" : name;
    },
    set: (value) => {
      name = webidl.DOMString(value);
      const frame = container();
      if (frame !== 0) {
        ops.op_frame_set_name(frame, name);
        parentRealm().frameNamesChanged?.();
      }
    },
    enumerable: true,
    configurable: true,
  });
  let opener = null;
  Object.defineProperty(global, "opener", {
    get: () => opener,
    set: (value) => {
      if (value === null) opener = null;
      else Object.defineProperty(global, "opener", { value, writable: true, enumerable: true, configurable: true });
    },
    enumerable: true,
    configurable: true,
  });

  class Screen {
    constructor() {
      throw realm.illegalConstructor("Screen");
    }
    get availWidth() {
      return ops.op_window_viewport(realm.windowId, 0);
    }
    get availHeight() {
      return ops.op_window_viewport(realm.windowId, 1);
    }
    get width() {
      return ops.op_window_viewport(realm.windowId, 0);
    }
    get height() {
      return ops.op_window_viewport(realm.windowId, 1);
    }
    get colorDepth() {
      return 24;
    }
    get pixelDepth() {
      return 24;
    }
  }
  realm.expose({ Screen });
  const screen = Object.create(Screen.prototype);
  replaceable("screen", () => screen);

  const methods = {
    // <https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps>
    postMessage(message, targetOrigin = undefined, transfer = undefined) {
      webidl.requireArguments(arguments.length, 1, "'postMessage' on 'Window'");
      const options = webidl.isObject(targetOrigin) ? targetOrigin : { targetOrigin: targetOrigin ?? "/", transfer: transfer ?? [] };
      const data = realm.structuredClone(message, options.transfer === undefined ? [] : webidl.sequence(options.transfer, (item) => item, "postMessage"));
      const wanted = webidl.USVString(options.targetOrigin ?? "/");
      const source = realm.enteredRealm();
      const origin = ops.op_window_origin(source.windowId);
      let target = wanted;
      if (wanted !== "*" && wanted !== "/") {
        const parsed = ops.op_url_parse(wanted, "");
        if (parsed === null) throw new realm.DOMException(`'${wanted}' is not a valid origin`, "SyntaxError");
        target = ops.op_url_component(parsed, "origin");
      } else if (wanted === "/") target = origin;
      realm.queueTask(() => {
        if (target !== "*" && target !== ops.op_window_origin(realm.windowId)) return;
        realm.fire(global, "message", { interface: "MessageEvent", init: { data, origin, source: source.global } });
      }, 0);
    },
    // Dialogs have nobody to answer them: what a user who closes them would give.
    alert(message = "") {
      ops.op_console(realm.windowId, 2, `alert: ${webidl.DOMString(message)}`);
    },
    confirm(message = "") {
      ops.op_console(realm.windowId, 2, `confirm: ${webidl.DOMString(message)} (answered: false)`);
      return false;
    },
    prompt(message = "", preset = "") {
      webidl.DOMString(preset);
      ops.op_console(realm.windowId, 2, `prompt: ${webidl.DOMString(message)} (answered: null)`);
      return null;
    },
    focus() {},
    blur() {},
    // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-stop>: requests of script end; the parser goes on.
    stop() {
      for (let xhr = ops.op_xhr_stop(realm.windowId); xhr >= 0; xhr = ops.op_xhr_stop(realm.windowId)) {
        realm.queueTask(() => {
          ops.op_xhr_stopped(xhr);
          realm.entry.pumpXhr(xhr);
        }, 3);
      }
      realm.stopFetches();
    },
    // <https://html.spec.whatwg.org/multipage/webappapis.html#dom-reporterror>
    reportError(error) {
      webidl.requireArguments(arguments.length, 1, "'reportError' on 'Window'");
      realm.reportException(error);
    },
  };
  // What only a renderer or a user could do is absent, but focus() and blur() do nothing in a background window either.
  for (const key of Object.keys(methods)) {
    Object.defineProperty(global, key, { value: methods[key], writable: true, enumerable: true, configurable: true });
  }
  realm.arity(global, { alert: 0, confirm: 0, prompt: 0, postMessage: 1 });

  // <https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception>
  let reporting = false;
  realm.reportException = (error, muted = false, filename = "", lineno = 0, colno = 0) => {
    const info = ops.op_exception_info(error);
    const init = { message: info[0], filename: info[1], lineno: info[2], colno: info[3], error };
    if (init.filename === "") {
      init.filename = filename;
      init.lineno = lineno;
      init.colno = colno;
    }
    // 6. Muted: the page learns that there was an error, and no more.
    if (muted || info[5]) {
      init.message = "Script error.";
      init.filename = "";
      init.lineno = 0;
      init.colno = 0;
      init.error = null;
    }
    // An exception in an error handler is not reported to that handler again.
    let handled = false;
    if (!reporting) {
      reporting = true;
      try {
        handled = !realm.fire(global, "error", {
          cancelable: true,
          interface: "ErrorEvent",
          init,
        });
      } finally {
        reporting = false;
      }
    }
    if (!handled) ops.op_report_exception(realm.windowId, error, false);
  };
  realm.entry.reportException = realm.reportException;
  const isOwnPromise = Object.prototype.isPrototypeOf.bind(realm.primordials.Promise.prototype);
  realm.entry.isOwnPromise = (promise) => isOwnPromise(promise);
  realm.entry.unhandledRejection = realm.fromHost((promise, reason) => {
    const goOn = realm.fire(global, "unhandledrejection", {
      cancelable: true,
      interface: "PromiseRejectionEvent",
      init: { promise, reason },
    });
    if (goOn) ops.op_report_exception(realm.windowId, reason, true);
  });
}
