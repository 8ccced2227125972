// The last file: what the host calls to bring a window to life and to end it.
(realm) => {
  "use strict";
  const { Error, JSON, Object, Reflect } = realm.primordials;
  const { shared, global, agent } = realm;

  realm.document = null;
  realm.documentId = 0;
  realm.closed = false;
  // A document that is no longer shown does not keep its realm: its wrapper does.
  const release = () => {
    if (realm.documentId === 0) return;
    shared.documentRealms.delete(realm.documentId);
    delete agent.documentRealms[realm.documentId];
    realm.slots(realm.document).home = realm;
  };
  const setDocument = (id, readyState = "loading") => {
    release();
    shared.documentRealms.set(id, realm);
    agent.documentRealms[id] = realm;
    realm.documentId = id;
    realm.document = realm.wrapNode(id);
    realm.adoptRegistry(id);
    realm.readyState = readyState;
    realm.resetWindowNames?.();
  };
  // The realm of the window that shows a document now, or undefined.
  realm.homeOf = (documentId) => {
    const home = shared.documentRealms.get(documentId);
    return home !== undefined && home.documentId === documentId && !home.closed ? home : undefined;
  };
  realm.entry.openWindow = (windowId, documentId, readyState, navigable, originKey, sandbox) => {
    realm.windowId = windowId;
    realm.originKey = originKey;
    realm.sandbox = sandbox;
    realm.enterNavigable(navigable);
    // What the backend has put on the global goes; not earlier, for a snapshot is made with its help.
    for (const name of Object.getOwnPropertyNames(global)) {
      if (name.startsWith("__v8x") || name === "gc") Reflect.deleteProperty(global, name);
    }
    // NOTE: from a snapshot, QuickJS makes some native errors without their parent class.
    if (realm.engine === "quickjs") {
      for (const name of ["TypeError", "InternalError"]) Reflect.setPrototypeOf(global[name], Error);
    }
    shared.realms[windowId] = realm;
    shared.windows = (shared.windows ?? 0) + 1;
    agent.realms[windowId] = realm;
    agent.groups[originKey] = shared;
    shared.key = originKey;
    setDocument(documentId, readyState);
    if (realm.ops.op_window_is_secure(windowId)) realm.exposeToSecureContext();
    if (!Number.isNaN(realm.ops.op_wall_time())) realm.loadGlue("html/page_clock.js");
  };
  realm.entry.setDocument = (id) => setDocument(id);
  realm.entry.closeWindow = () => {
    realm.closed = true;
    release();
    realm.forgetTasks();
    shared.realms[realm.windowId] = undefined;
    shared.windows--;
    delete agent.realms[realm.windowId];
    realm.leaveNavigable();
  };
  // <https://html.spec.whatwg.org/multipage/dom.html#update-the-current-document-readiness>
  realm.entry.setReadyState = realm.fromHost((state) => {
    if (realm.readyState === state) return;
    realm.readyState = state;
    realm.fire(realm.document, "readystatechange");
    if (state === "interactive") realm.queueTask(() => realm.flushAutofocusCandidates?.());
  });
  // `document.open()` and `document.close()`, called by script.
  realm.entry.openedDocument = () => realm.entry.becomeNested("loading");
  realm.entry.becomeNested = (state) => {
    if (realm.readyState === state) return;
    realm.readyState = state;
    const { hostCalls } = shared;
    shared.hostCalls = false;
    try {
      realm.fire(realm.document, "readystatechange");
    } finally {
      shared.hostCalls = hostCalls;
    }
  };
  // While script is running: no checkpoint follows its listeners.
  realm.entry.fireNested = (nodeId, type) => {
    const { hostCalls } = shared;
    shared.hostCalls = false;
    try {
      realm.fire(nodeId === 0 ? global : realm.wrapNode(nodeId), type);
    } finally {
      shared.hostCalls = hostCalls;
    }
  };
  // For Agent::evaluate: a tag and the text.
  realm.entry.toJson = (value) => {
    if (typeof value === "string") return `s${value}`;
    const text = JSON.stringify(value);
    return text === undefined ? "u" : `j${text}`;
  };
}
