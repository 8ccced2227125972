// History, within one document: pushState, replaceState, fragments and traversal among their entries.
// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-history-interface>
(realm) => {
  "use strict";
  const { Object } = realm.primordials;
  const { ops, webidl, global } = realm;
  const { Stamp } = realm.shared;

  class History {
    constructor() {
      throw realm.illegalConstructor();
    }
    get length() {
      return entries.length;
    }
    get scrollRestoration() {
      return restoration;
    }
    set scrollRestoration(value) {
      if (value === "auto" || value === "manual") restoration = value;
    }
    get state() {
      return current().state;
    }
    go(delta = 0) {
      traverse(webidl.long(delta));
    }
    back() {
      traverse(-1);
    }
    forward() {
      traverse(1);
    }
    pushState(data, unused, url = null) {
      webidl.requireArguments(arguments.length, 2, "'pushState' on 'History'");
      update(data, url, true);
    }
    replaceState(data, unused, url = null) {
      webidl.requireArguments(arguments.length, 2, "'replaceState' on 'History'");
      update(data, url, false);
    }
  }
  realm.expose({ History });
  realm.arity(History.prototype, { pushState: 2, replaceState: 2, go: 0 });

  const entries = [{ url: null, state: null }];
  let index = 0;
  let restoration = "auto";
  const url = () => ops.op_window_url(realm.windowId);
  const current = () => entries[index];
  const settle = (entry, push) => {
    current().url ??= url();
    if (push) {
      entries.length = index + 1;
      entries.push(entry);
      index++;
    } else {
      entries[index] = entry;
    }
  };

  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#shared-history-push/replace-state-steps>
  const update = (data, target, push) => {
    const state = realm.structuredClone(data);
    let next = url();
    if (target !== null && target !== undefined) {
      const text = webidl.USVString(target);
      if (text !== "") {
        const parsed = ops.op_url_parse(text, realm.document.baseURI);
        const rewritable =
          parsed !== null &&
          ["protocol", "username", "password", "hostname", "port"].every(
            (name) => ops.op_url_component(parsed, name) === ops.op_url_component(next, name),
          );
        if (!rewritable) throw new realm.DOMException("The URL may not differ from the document's in its origin", "SecurityError");
        next = parsed;
      }
    }
    settle({ url: next, state }, push);
    ops.op_url_changed(realm.windowId, next);
  };
  const show = (oldURL) => {
    const entry = current();
    ops.op_url_changed(realm.windowId, entry.url);
    realm.fire(global, "popstate", { interface: "PopStateEvent", init: { state: entry.state } });
    const [before, oldHash = ""] = oldURL.split("#");
    const [after, newHash = ""] = entry.url.split("#");
    if (before === after && oldHash !== newHash) {
      realm.fire(global, "hashchange", { interface: "HashChangeEvent", init: { oldURL, newURL: entry.url } });
    }
  };
  const traverse = (delta) => {
    if (delta === 0) {
      ops.op_navigate(realm.windowId, url(), 2, realm.windowId);
      return;
    }
    realm.queueTask(() => {
      const next = index + delta;
      if (next < 0 || next >= entries.length) return;
      const oldURL = url();
      current().url ??= oldURL;
      index = next;
      show(oldURL);
    });
  };
  // <https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-fragid>
  realm.navigateToFragment = (target, kind) => {
    const oldURL = url();
    if (target === oldURL) return;
    settle({ url: target, state: null }, kind === 0);
    ops.op_url_changed(realm.windowId, target);
    realm.queueTask(() => realm.fire(global, "hashchange", { interface: "HashChangeEvent", init: { oldURL, newURL: target } }));
  };

  realm.entry.navigateToFragment = realm.fromHost((target) => realm.navigateToFragment(target, 1));

  const history = Object.create(History.prototype);
  new Stamp(history, 0, 0);
  Object.defineProperty(global, "history", { get: () => history, enumerable: true, configurable: true });
}
