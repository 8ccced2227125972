// History. The session history itself is the host's. <https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-history-interface>
(realm) => {
  "use strict";
  const { Object } = realm.primordials;
  const { ops, webidl, global } = realm;
  const { Stamp } = realm.shared;

  // Of a document that is not fully active nothing can be had.
  const check = (self) => {
    if (self !== history && !(self instanceof History && Stamp.has(self))) throw new realm.primordials.TypeError("Illegal invocation");
    if (self !== history || realm.closed) throw new realm.DOMException("The document is not fully active", "SecurityError");
  };
  class History {
    constructor() {
      throw realm.illegalConstructor();
    }
    get length() {
      check(this);
      return ops.op_history_length(realm.windowId);
    }
    get scrollRestoration() {
      check(this);
      return ops.op_history_scrolling(realm.windowId, 2) ? "manual" : "auto";
    }
    set scrollRestoration(value) {
      check(this);
      const mode = webidl.DOMString(value);
      if (mode === "auto" || mode === "manual") ops.op_history_scrolling(realm.windowId, mode === "manual" ? 1 : 0);
    }
    get state() {
      check(this);
      return current();
    }
    go(delta = 0) {
      check(this);
      traverse(webidl.long(delta));
    }
    back() {
      check(this);
      traverse(-1);
    }
    forward() {
      check(this);
      traverse(1);
    }
    pushState(data, unused, url = null) {
      check(this);
      webidl.requireArguments(arguments.length, 2, "'pushState' on 'History'");
      update(data, webidl.DOMString(unused), url, PUSH);
    }
    replaceState(data, unused, url = null) {
      check(this);
      webidl.requireArguments(arguments.length, 2, "'replaceState' on 'History'");
      update(data, webidl.DOMString(unused), url, REPLACE);
    }
  }
  realm.expose({ History });
  realm.arity(History.prototype, { pushState: 2, replaceState: 2, go: 0 });

  // Kinds of changes, see op_history_update.
  const [PUSH, REPLACE, FRAGMENT] = [0, 1, 2];
  // The state of the present entry, and the document for which it was asked.
  let state = null;
  let stateOf = -1;
  const url = () => ops.op_window_url(realm.windowId);
  const codec = () => {
    if (realm.encodeState === undefined) realm.loadGlue("html/history_state.js");
    return realm;
  };
  const decode = (text) => (text === "" ? null : codec().decodeState(text));
  const remember = (value) => {
    state = value;
    stateOf = realm.documentId;
  };
  // What is kept of another realm's document, or of this one's before, is read when it is asked for.
  const current = () => {
    if (stateOf !== realm.documentId) remember(decode(ops.op_history_state(realm.windowId)));
    return state;
  };

  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#can-have-its-url-rewritten>
  const mayBecome = (target, now) => {
    const same = (...names) => names.every((name) => ops.op_url_component(target, name) === ops.op_url_component(now, name));
    if (!same("protocol", "username", "password", "hostname", "port")) return false;
    const scheme = ops.op_url_component(target, "protocol");
    if (scheme === "http:" || scheme === "https:") return true;
    if (scheme === "file:") return same("pathname");
    return same("pathname", "search");
  };
  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#shared-history-push/replace-state-steps>
  const update = (data, title, target, kind) => {
    const serialized = data === null ? "" : codec().encodeState(data);
    const now = url();
    let next = now;
    if (target !== null && target !== undefined) {
      const text = webidl.USVString(target);
      if (text !== "") {
        const parsed = ops.op_url_parse(text, realm.document.baseURI);
        if (parsed === null || !mayBecome(parsed, now)) {
          throw new realm.DOMException("The URL may not differ from the document's in its origin", "SecurityError");
        }
        next = parsed;
      }
    }
    if (!ops.op_history_update(realm.windowId, next, serialized, kind)) {
      throw new realm.DOMException("The session history was changed too often", "SecurityError");
    }
    ops.op_url_changed(realm.windowId, next);
    remember(decode(serialized));
  };
  // The document shows another entry. <https://html.spec.whatwg.org/multipage/browsing-the-web.html#update-document-for-history-step-application>
  const show = (target, newState) => {
    const oldURL = url();
    ops.op_url_changed(realm.windowId, target);
    remember(newState);
    realm.fire(global, "popstate", { interface: "PopStateEvent", init: { state: newState, hasUAVisualTransition: false } });
    if (ops.op_url_component(oldURL, "hash") === ops.op_url_component(target, "hash") && oldURL.includes("#") === target.includes("#")) return;
    realm.queueTask(() => realm.fire(global, "hashchange", { interface: "HashChangeEvent", init: { oldURL, newURL: target } }));
  };
  realm.entry.showEntry = realm.fromHost((target) => show(target, decode(ops.op_history_state(realm.windowId))));
  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#delta-traverse>
  const traverse = (delta) => {
    if (delta === 0) ops.op_navigate(realm.windowId, url(), 2, realm.windowId);
    else ops.op_history_traverse(realm.windowId, delta);
  };
  // <https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-fragid>
  realm.navigateToFragment = (target, kind) => {
    if (ops.op_history_update(realm.windowId, target, "", kind === 1 ? REPLACE : FRAGMENT)) show(target, null);
  };
  realm.entry.navigateToFragment = realm.fromHost((target, replaces) => realm.navigateToFragment(target, replaces ? 1 : 0));

  const history = Object.create(History.prototype);
  new Stamp(history, 0, 0);
  Object.defineProperty(global, "history", { get: () => history, enumerable: true, configurable: true });
}
