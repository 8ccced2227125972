// What iframe and frame elements show, and which navigable a target name means. <https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-iframe-element>
(realm) => {
  "use strict";
  const { Object, Reflect } = realm.primordials;
  const { ops, shared, nodeId, webidl } = realm;

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
    if (name === "" || name === "_self") to = realm;
    else if (name === "_parent") to = realm.parentOf(realm);
    else if (name === "_top") to = realm.topOf(realm);
    else if (name !== "_blank") {
      const frame = frameNamed(target);
      if (frame !== 0) {
        const element = shared.wrappers[frame];
        return {
          key: frame,
          get window() {
            return realm.frameWindow(frame);
          },
          navigate: (url, kind) => {
            if (shared.wrappers[frame] === element) realm.navigateNavigable(realm.navigableOfFrame(frame), url, kind, realm, false);
          },
        };
      }
      const top = realm.topOf(realm);
      if (top !== undefined && top.navigable.name === target) to = top;
    }
    if (to === null || to === undefined) return null;
    const { navigable } = to;
    return {
      key: ops.op_window_container(to.windowId),
      window: realm.windowOf(navigable),
      navigate: (url, kind) => realm.navigateNavigable(navigable, url, kind, realm, false),
    };
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
      const shown = window < 0 ? undefined : shared.realms[window];
      // Only of this origin.
      return shown !== undefined && realm.isSameOrigin(shown) ? shown.document : null;
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
