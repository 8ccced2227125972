// What iframe and frame elements show, and which navigable a target name means. <https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-iframe-element>
(realm) => {
  "use strict";
  const { Object, Reflect, Math, Number } = realm.primordials;
  const { ops, shared, agent, nodeId, webidl } = realm;
  const { navigables } = agent;

  // The navigable that a target name means, seen from this window: inside of it first, then anywhere in the page, then the windows that
  // belong with it. undefined for none.
  // <https://html.spec.whatwg.org/multipage/document-sequences.html#find-a-navigable-by-target-name>
  const navigableNamed = (name) => {
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
    if (found !== 0) return navigables[ops.op_frame_navigable(found)];
    // Then the other windows of the group.
    const top = realm.topOf(realm);
    if (top === undefined) return undefined;
    for (const number in navigables) {
      const other = navigables[number];
      if (other.container !== 0 || other.isClosing || other.window === -1 || other.group !== top.navigable.group) continue;
      if (other.name === name) {
        if (realm.isFamiliar(realm, other)) return other;
        continue;
      }
      const inside = other === top.navigable ? 0 : search(other.window);
      const found = navigables[ops.op_frame_navigable(inside)];
      if (found !== undefined && realm.isFamiliar(realm, found)) return found;
    }
    return undefined;
  };
  const POPUPS = 1 << 1;
  const [NO_OPENER, NO_REFERRER] = [1, 2];
  // A new window at about:blank; null if there may be none. `features`: { popup, width, height }.
  const openWindow = (name, url, noopener, noreferrer, features = undefined) => {
    // A sandbox forbids it; and while a document is told to go nothing is opened.
    if (realm.isSandboxed(POPUPS) || realm.closed) return null;
    const flags = (noopener ? NO_OPENER : 0) | (noreferrer ? NO_REFERRER : 0);
    const number = ops.op_window_open(realm.windowId, url ?? "", flags, features?.width ?? 0, features?.height ?? 0);
    const navigable = navigables[number];
    if (navigable === undefined) return null;
    navigable.name = /^_blank$/i.test(name) ? "" : name;
    ops.op_window_set_name(navigable.window, navigable.name);
    navigable.isPopup = features?.isPopup ?? false;
    navigable.left = features?.left ?? 0;
    navigable.top = features?.top ?? 0;
    if (!noopener) {
      navigable.isAuxiliary = true;
      navigable.opener = realm.navigable;
      navigable.group = realm.topOf(realm).navigable.group;
    }
    return navigable;
  };
  // What a target name means, as { key, navigable, isNew, window, navigate(url, kind) }; null if it means none.
  // <https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable>
  realm.chooseNavigable = (target, { noopener = false, noreferrer = false, url = null, features = undefined } = {}) => {
    const name = target.toLowerCase();
    let navigable;
    let isNew = false;
    if (name === "" || name === "_self") navigable = realm.navigable;
    else if (name === "_parent") navigable = realm.parentOf(realm)?.navigable;
    else if (name === "_top") navigable = realm.topOf(realm)?.navigable;
    else {
      if (name !== "_blank") {
        const top = realm.topOf(realm);
        navigable = realm.navigable.container === 0 && realm.navigable.name === target ? realm.navigable : navigableNamed(target);
        if (navigable === undefined && top !== undefined && top.navigable.name === target) navigable = top.navigable;
      }
      if (navigable === undefined) {
        navigable = openWindow(target, url, noopener, noreferrer, features);
        isNew = true;
      }
    }
    if (navigable === undefined || navigable === null) return null;
    const { number } = navigable;
    return {
      key: navigable.container !== 0 ? navigable.container : -number,
      navigable,
      isNew,
      get window() {
        return realm.windowOf(navigable);
      },
      // `kind`: see op_navigate.
      navigate: (to, kind) => {
        if (navigables[number] === navigable) realm.navigateNavigable(navigable, to, noreferrer ? kind | 8 : kind, realm, false);
      },
    };
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
  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#window-open-steps>
  const methods = {
    open(url = "", target = "_blank", features = "") {
      const address = webidl.USVString(url);
      // NOTE: an empty name is a new window in browsers, not the own one.
      const name = webidl.DOMString(target) || "_blank";
      const given = webidl.DOMString(features ?? "");
      if (realm.closed) return null;
      const source = realm.enteredRealm();
      // 3., 4. The address.
      let parsed = null;
      if (address !== "") {
        parsed = ops.op_url_parse(address, source.document.baseURI);
        if (parsed === null) throw new realm.DOMException(`'${address}' is not a valid URL`, "SyntaxError");
      }
      // 5. to 11. The features.
      const { noopener, noreferrer, window: wanted } = featuresOf(given);
      // 12., 13. Which one.
      const chosen = realm.chooseNavigable(name, { noopener, noreferrer, url: parsed, features: wanted });
      if (chosen === null) return null;
      const { navigable, isNew } = chosen;
      if (isNew) {
        if (noopener) return null;
        return chosen.window;
      }
      // 16. An old one.
      if (parsed !== null) {
        realm.navigateNavigable(navigable, parsed, noreferrer ? 8 : 0, source);
      }
      // NOTE: as in browsers, what is around the window keeps the opener that it has.
      const isAround = /^_(self|parent|top)$/i.test(name);
      if (!noopener && !isAround) navigable.opener = realm.navigable;
      return noopener && !isAround ? null : chosen.window;
    },
  };
  // What a feature string asks for. <https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-window-open-features-tokenize>
  const featuresOf = (text) => {
    const found = { __proto__: null };
    const isSeparator = (c) => /[\t\n\f\r =,]/.test(c);
    let at = 0;
    while (at < text.length) {
      let name = "";
      let value = "";
      while (at < text.length && isSeparator(text[at])) at++;
      while (at < text.length && !isSeparator(text[at])) name += text[at++].toLowerCase();
      name = { __proto__: null, screenx: "left", screeny: "top", innerwidth: "width", innerheight: "height" }[name] ?? name;
      while (at < text.length && text[at] !== "=") {
        if (text[at] === "," || !isSeparator(text[at])) break;
        at++;
      }
      if (at < text.length && isSeparator(text[at])) {
        while (at < text.length && isSeparator(text[at])) {
          if (text[at] === ",") break;
          at++;
        }
        while (at < text.length && !isSeparator(text[at])) value += text[at++].toLowerCase();
      }
      if (name !== "") found[name] = value;
    }
    const integer = (value) => {
      const match = /^[\t\n\f\r ]*([+-]?[0-9]+)/.exec(value);
      return match === null ? 0 : Number(match[1]);
    };
    const isSet = (name, preset = false) => {
      const value = found[name];
      if (value === undefined) return preset;
      return value === "" || value === "yes" || value === "true" || integer(value) !== 0;
    };
    const noreferrer = isSet("noreferrer");
    const noopener = noreferrer || isSet("noopener");
    delete found.noopener;
    delete found.noreferrer;
    // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#window-feature-is-set>: whether a pop-up is asked for.
    let isPopup = false;
    if (found.popup !== undefined) isPopup = isSet("popup");
    else if (Object.keys(found).length > 0) {
      isPopup = !(isSet("location") || isSet("toolbar")) || !isSet("menubar") || !isSet("resizable", true) || !isSet("scrollbars") || !isSet("status");
    }
    const number = (name) => (found[name] === undefined ? 0 : Math.max(-0x7fff, Math.min(integer(found[name]), 0x7fff)));
    const [width, height] = [number("width"), number("height")];
    // 0 is none; a window is 100 pixels wide and high at least.
    const atLeast = (length, other, preset) => (length !== 0 ? Math.max(length, 100) : other !== 0 ? preset : 0);
    return {
      noopener,
      noreferrer,
      window: {
        isPopup,
        // No further than the screen's edge.
        left: Math.max(number("left"), 0) || 0,
        top: Math.max(number("top"), 0) || 0,
        width: atLeast(width, height, ops.op_window_viewport(realm.windowId, 0)),
        height: atLeast(height, width, ops.op_window_viewport(realm.windowId, 1)),
      },
    };
  };
  realm.openWindow = methods.open;
  Object.defineProperty(realm.global, "open", { value: methods.open, writable: true, enumerable: true, configurable: true });
  realm.arity(realm.global, { open: 0 });

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
  realm.extend("HTMLObjectElement", members);
  const contentDocumentOf = Object.getOwnPropertyDescriptor(members, "contentDocument").get;
  for (const name of ["HTMLIFrameElement", "HTMLObjectElement", "HTMLEmbedElement"]) {
    realm.extend(name, {
      getSVGDocument() {
        const document = Reflect.apply(contentDocumentOf, this, []);
        return document?.contentType === "image/svg+xml" ? document : null;
      },
    });
  }
}
