// Window: the global object. <https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object>
(realm) => {
  "use strict";
  const { Object, Reflect, Symbol } = realm.primordials;
  const { ops, global, webidl, shared, agent, EventTarget } = realm;
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

  // The realms of the parent and the top-level window, of whatever origin; the window's own if it has none above. A closed window has neither.
  const above = (other) => agent.realms[ops.op_window_parent(other.windowId)] ?? other;
  realm.parentOf = (other) => (other.closed ? undefined : above(other));
  realm.topOf = (other) => {
    if (other.closed) return undefined;
    for (let current = other; ; ) {
      const up = above(current);
      if (up === current) return current;
      current = up;
    }
  };
  const windowOrNull = (other) => (other === undefined ? null : realm.windowOfRealm(other));
  // The realm whose script the host has entered: what relative URLs and messages come from. One of another origin is not asked.
  // <https://html.spec.whatwg.org/multipage/webappapis.html#concept-entry-everything>
  realm.enteredRealm = () => {
    const entered = agent.realms[ops.op_entered_window()];
    return entered !== undefined && entered.shared === shared ? entered : realm;
  };
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
  readOnly("top", () => windowOrNull(realm.topOf(realm)), { unforgeable: true });
  replaceable("self", () => global);
  replaceable("frames", () => global);
  replaceable("parent", () => windowOrNull(realm.parentOf(realm)));
  replaceable("length", () => (realm.closed ? 0 : ops.op_window_frame_count(realm.windowId)));
  readOnly("frameElement", () => {
    // Only for script of the parent's origin.
    if (realm.closed || !realm.isSameOrigin(above(realm))) return null;
    return realm.wrapNode(ops.op_window_container(realm.windowId));
  });
  readOnly("closed", () => realm.closed || realm.navigable.isClosing);
  replaceable("event", () => realm.currentEvent);
  replaceable("origin", () => ops.op_window_origin(realm.windowId));
  readOnly("originAgentCluster", () => true);
  replaceable("innerWidth", () => ops.op_window_viewport(realm.windowId, 0));
  replaceable("innerHeight", () => ops.op_window_viewport(realm.windowId, 1));
  replaceable("outerWidth", () => ops.op_window_viewport(realm.windowId, 0));
  replaceable("outerHeight", () => ops.op_window_viewport(realm.windowId, 1));
  replaceable("devicePixelRatio", () => 1);
  for (const name of ["scrollX", "scrollY", "pageXOffset", "pageYOffset"]) replaceable(name, () => 0);
  for (const name of ["screenX", "screenLeft"]) replaceable(name, () => realm.navigable.left);
  for (const name of ["screenY", "screenTop"]) replaceable(name, () => realm.navigable.top);
  readOnly("isSecureContext", () => ops.op_window_is_secure(realm.windowId));

  // The name is the navigable's: it outlives the window.
  const container = () => (realm.closed ? 0 : ops.op_window_container(realm.windowId));
  Object.defineProperty(global, "name", {
    get: () => {
      const frame = container();
      if (frame !== 0) return ops.op_frame_name(frame);
      return realm.closed ? "" : realm.navigable.name;
    },
    set: (value) => {
      const name = webidl.DOMString(value);
      if (realm.closed) return;
      realm.navigable.name = name;
      const frame = container();
      if (frame === 0) {
        ops.op_window_set_name(realm.windowId, name);
        return;
      }
      ops.op_frame_set_name(frame, name);
      if (realm.isSameOrigin(above(realm))) above(realm).frameNamesChanged?.();
    },
    enumerable: true,
    configurable: true,
  });
  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-opener>
  Object.defineProperty(global, "opener", {
    get: () => {
      if (realm.closed) return null;
      const { opener } = realm.navigable;
      return opener === null || realm.isOver(opener) ? null : realm.windowOf(opener);
    },
    set: (value) => {
      if (value === null) {
        if (!realm.closed) realm.navigable.opener = null;
      } else {
        Object.defineProperty(global, "opener", { value, writable: true, enumerable: true, configurable: true });
      }
    },
    enumerable: true,
    configurable: true,
  });

  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#barprop>
  class BarProp {
    constructor() {
      throw realm.illegalConstructor("BarProp");
    }
    get visible() {
      if (!bars.has(this)) throw new TypeError("Illegal invocation");
      return !realm.closed && !realm.navigable.isPopup;
    }
  }
  realm.expose({ BarProp });
  const bars = new realm.global.WeakSet();
  for (const name of ["locationbar", "menubar", "personalbar", "scrollbars", "statusbar", "toolbar"]) {
    const bar = Object.create(BarProp.prototype);
    bars.add(bar);
    replaceable(name, () => bar);
  }
  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-status>
  let status = "";
  Object.defineProperty(global, "status", {
    get: () => status,
    set: (value) => {
      status = webidl.DOMString(value);
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

  // Flags of the sandbox, see js/src/sandbox.rs.
  const MODALS = 1 << 6;
  realm.isSandboxed = (flag) => (realm.sandbox & flag) !== 0;
  const methods = {
    // <https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps>
    postMessage(message, options = undefined, transfer = undefined) {
      webidl.requireArguments(arguments.length, 1, "'postMessage' on 'Window'");
      realm.postMessageTo(realm.enteredRealm(), realm.navigable, message, options, transfer);
    },
    // Dialogs have nobody to answer them: what a user who closes them would give.
    alert(message = "") {
      if (realm.isSandboxed(MODALS)) return;
      ops.op_console(realm.windowId, 2, `alert: ${webidl.DOMString(message)}`);
    },
    confirm(message = "") {
      if (realm.isSandboxed(MODALS)) return false;
      ops.op_console(realm.windowId, 2, `confirm: ${webidl.DOMString(message)} (answered: false)`);
      return false;
    },
    prompt(message = "", preset = "") {
      if (realm.isSandboxed(MODALS)) return null;
      webidl.DOMString(preset);
      ops.op_console(realm.windowId, 2, `prompt: ${webidl.DOMString(message)} (answered: null)`);
      return null;
    },
    // <https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#printing-steps>: there is no paper, and scripts of pages for print run.
    print() {
      if (realm.isSandboxed(MODALS)) return;
      if (realm.readyState !== "complete") return;
      realm.fire(global, "beforeprint");
      ops.op_console(realm.windowId, 2, "print: there is no printer");
      realm.fire(global, "afterprint");
    },
    focus() {},
    blur() {},
    // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-close>
    close() {
      if (!realm.closed) realm.closeNavigable(realm.navigable);
    },
    // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-stop>: requests of script end; the parser goes on.
    stop() {
      for (let xhr = ops.op_xhr_stop(realm.windowId); xhr >= 0; xhr = ops.op_xhr_stop(realm.windowId)) {
        realm.queueTask(() => {
          ops.op_xhr_stopped(xhr);
          realm.entry.pumpXhr(xhr);
        }, 3);
      }
      realm.stopFetches();
      realm.stopEventSources();
      if (!realm.closed) ops.op_window_stop(realm.windowId);
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

  // A message for the window that a navigable shows, from script of the realm `source`. What goes wrong is of this realm.
  // <https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps>
  realm.postMessageTo = (source, navigable, message, options, transfer) => {
    // WindowPostMessageOptions, or a target origin and a list.
    const isDictionary = transfer === undefined && (options === undefined || options === null || webidl.isObject(options));
    const given = isDictionary ? webidl.dictionary(options, "postMessage") : { targetOrigin: options, transfer };
    let wanted = given.targetOrigin === undefined ? "/" : webidl.USVString(given.targetOrigin);
    const list = realm.transferList(given.transfer, "postMessage");
    // 3. to 5. Whose message it may be: "/" is this origin's.
    if (wanted !== "/" && wanted !== "*") {
      const url = ops.op_url_parse(wanted, "");
      if (url === null) throw new realm.DOMException(`'${wanted}' is not a valid origin`, "SyntaxError");
      wanted = ops.op_url_component(url, "origin");
    }
    // 6., 7. Serialized here.
    const serialized = realm.serialize(message, list);
    const target = agent.realms[navigable.window];
    if (target === undefined) return;
    // 8. In a task of the target's.
    const origin = ops.op_window_origin(source.windowId);
    realm.sendTo(target, { __proto__: null, kind: "window", serialized, wanted, origin, originKey: source.originKey, from: source.navigable });
  };
  // Leaves a message with the agent, for the other realm to take in a task of its own.
  const MESSAGE = 0x80000000;
  realm.sendTo = (target, message) => {
    agent.messageCount = (agent.messageCount + 1) % 0x7fffffff;
    agent.messages[agent.messageCount] = message;
    message.target = target.windowId;
    if (ops.op_queue_task(target.windowId, 0, MESSAGE + agent.messageCount)) return;
    delete agent.messages[agent.messageCount];
    throw new realm.DOMException("Too many messages wait", "QuotaExceededError");
  };
  realm.takeMessage = (number) => {
    const message = agent.messages[number - MESSAGE];
    delete agent.messages[number - MESSAGE];
    if (message !== undefined) receivers[message.kind](message);
  };
  const receivers = { __proto__: null };
  realm.messageReceivers = receivers;
  receivers.window = ({ serialized, wanted, origin, originKey, from }) => {
    // 8.1 Meant for another origin: an opaque one cannot be named.
    if (wanted === "/" ? realm.originKey !== originKey : wanted !== "*" && (wanted === "null" || ops.op_window_origin(realm.windowId) !== wanted)) return;
    // 8.2, 8.3 Where it comes from.
    const source = realm.isOver(from) ? null : realm.windowOf(from);
    // 8.4 to 8.6 Deserialized here.
    let received;
    try {
      received = realm.deserialize(serialized);
    } catch {
      realm.fire(global, "messageerror", { interface: "MessageEvent", init: { origin, source } });
      return;
    }
    const ports = received.transferred.filter((item) => realm.isMessagePort(item));
    // 8.7 message.
    realm.fire(global, "message", { interface: "MessageEvent", init: { data: realm.messageData(received.value), origin, source, ports } });
  };

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
  // Promises that the page was told of and that have no handler yet, with their reasons.
  const outstanding = new realm.primordials.WeakMap();
  // `list` has promises and reasons in turn. <https://html.spec.whatwg.org/multipage/webappapis.html#notify-about-rejected-promises>
  realm.entry.queueRejections = (list) => {
    // 4. A task for all of them.
    realm.queueTask(() => {
      for (let i = 0; i < list.length; i += 2) {
        const promise = list[i];
        const reason = list[i + 1];
        // 4.1.1. Handled meanwhile.
        if (ops.op_promise_has_handler(promise)) continue;
        // 4.1.2, 4.1.3. Nobody took care: it is reported.
        const goOn = realm.fire(global, "unhandledrejection", { cancelable: true, interface: "PromiseRejectionEvent", init: { promise, reason } });
        const handled = ops.op_promise_has_handler(promise);
        if (goOn && !handled) ops.op_report_exception(realm.windowId, reason, true);
        // 4.1.4. It may be handled late.
        if (!handled) outstanding.set(promise, reason);
        ops.op_rejection_told(promise);
      }
    });
  };
  // <https://html.spec.whatwg.org/multipage/webappapis.html#the-hostpromiserejectiontracker-implementation> step 6
  const rejectionHandled = (promise) => {
    const reason = outstanding.get(promise);
    outstanding.delete(promise);
    realm.fire(global, "rejectionhandled", { interface: "PromiseRejectionEvent", init: { promise, reason } });
  };
  realm.rejections = { __proto__: null, has: (promise) => outstanding.has(promise), queue: (promise) => realm.queueTask(() => rejectionHandled(promise)) };
  // The task of step 6.
  realm.takeHandledRejections = () => {
    for (let promise = ops.op_rejection_handled(); promise !== undefined; promise = ops.op_rejection_handled()) {
      if (outstanding.has(promise)) {
        rejectionHandled(promise);
        continue;
      }
      // Where the engine could not tell whose it is.
      for (const id in agent.realms) if (agent.realms[id].rejections.has(promise)) agent.realms[id].rejections.queue(promise);
    }
  };
}
